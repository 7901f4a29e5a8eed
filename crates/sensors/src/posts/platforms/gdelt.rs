//! GDELT: the tab-separated files of the Global Knowledge Graph 2.1, of events (1.0 and 2.0) and of mentions, which have
//! no header and are known by their columns; and the article lists of the DOC 2.0 interface (`{"articles": […]}`).
//!
//! You may rely on: one line or list member is one article; the many events of one article are one post once the case's
//! table has joined them by id. Times are UTC, as the codebooks say; GDELT's is when it saw the article, not when it
//! was published. Left out: what GDELT thinks of the article (themes, tone, actors). Columns: the GKG 2.1, Event 2.0
//! and Event 1.0 codebooks, counted from 0.

use super::cut::Shape;
use super::html;
use super::value::{first, text};
use crate::posts::post::Post;
use crate::posts::shares::host;
use memchr::memmem;
use serde_json::Value;

/// The article list is entered.
pub const ARTICLES: Shape = Shape { enter: &[""], lines: false };

/// Which file, with its columns of time and address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tabs {
    /// Global Knowledge Graph 2.1: 27 columns.
    Graph,
    /// Events 2.0 (61 columns) and 1.0 (58): time, address.
    Events(usize, usize),
    /// Mentions 2.0: 16 columns.
    Mentions,
}

/// Which file a line is of.
pub fn tabs(line: &[u8]) -> Option<Tabs> {
    // One byte of another charset loses no file.
    let line = &*String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
    let cells: Vec<&str> = line.split('\t').collect();
    let digits = |at: usize, len: usize| {
        cells.get(at).is_some_and(|c: &&str| c.len() == len && c.bytes().all(|b| b.is_ascii_digit()))
    };
    let number = || !cells[0].is_empty() && cells[0].bytes().all(|b| b.is_ascii_digit());
    match cells.len() {
        27 if digits(1, 14) && cells[0].starts_with(&cells[1][..8]) => Some(Tabs::Graph),
        61 if number() && digits(1, 8) && digits(59, 14) => Some(Tabs::Events(59, 60)),
        58 if number() && digits(1, 8) && digits(56, 8) => Some(Tabs::Events(56, 57)),
        16 if number() && digits(1, 14) && digits(2, 14) => Some(Tabs::Mentions),
        _ => None,
    }
}

/// An article of a line, with its time as written; none where the line has no such columns or no web address.
pub fn line(tabs: Tabs, line: &str) -> Option<(Post, String)> {
    let cells: Vec<&str> = line.split('\t').take(64).collect();
    let (time, address) = match tabs {
        Tabs::Graph => (1, 4),
        Tabs::Events(time, address) => (time, address),
        Tabs::Mentions => (2, 5),
    };
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    let mut post = article(cell(address))?;
    if tabs == Tabs::Graph {
        post.text = title(cell(26));
        post.language = translated(cell(25));
    }
    if tabs == Tabs::Mentions {
        post.language = translated(cell(14));
    }
    let time = cell(time);
    // A day without a clock is its beginning.
    Some((post, if time.len() == 8 { format!("{time}000000") } else { time.to_string() }))
}

/// A member of the DOC interface's list, with its time as written.
pub fn document(value: &Value) -> Option<(Post, String)> {
    let mut post = article(&first(value, &["url", "url_mobile"]))?;
    post.text = text(value, "title");
    post.language = code(&text(value, "language"));
    Some((post, text(value, "seendate")))
}

/// The post of an article at an address; none if it is no web address.
pub fn article(address: &str) -> Option<Post> {
    let outlet = Some(address).filter(|a| a.starts_with("http"))?;
    let outlet = host(outlet)?;
    Some(Post {
        platform: "web".into(),
        id: crate::posts::shares::url(address)?,
        account_name: outlet.clone(),
        account: outlet,
        urls: vec![address.to_string()],
        article: true,
        ..Post::default()
    })
}

fn title(extras: &str) -> String {
    let inside = |open: &str, close: &str| {
        let from = memmem::find(extras.as_bytes(), open.as_bytes())? + open.len();
        let to = memmem::find(&extras.as_bytes()[from..], close.as_bytes())?;
        extras.get(from..from + to)
    };
    let mut out = String::new();
    html::unescape(inside("<PAGE_TITLE>", "</PAGE_TITLE>").unwrap_or_default(), &mut out);
    out
}

/// `srclc:fra;eng:…`; nothing where the article is in English.
fn translated(info: &str) -> String {
    match info.split(';').find_map(|part| part.trim().strip_prefix("srclc:")) {
        Some(language) => code(language),
        None => String::from("en"),
    }
}

/// A language's name or ISO 639-2 code as its BCP 47 tag, for those read here; else as it is written.
fn code(language: &str) -> String {
    let known: &[(&str, &[&str])] = &[
        ("fr", &["fra", "french"]),
        ("en", &["eng", "english"]),
        ("de", &["deu", "german"]),
        ("es", &["spa", "spanish"]),
        ("it", &["ita", "italian"]),
        ("pt", &["por", "portuguese"]),
        ("nl", &["nld", "dutch"]),
        ("pl", &["pol", "polish"]),
        ("ru", &["rus", "russian"]),
        ("uk", &["ukr", "ukrainian"]),
        ("ar", &["ara", "arabic"]),
    ];
    let lower = language.to_lowercase();
    known.iter().find(|(_, names)| names.contains(&lower.as_str())).map_or(lower, |(tag, _)| tag.to_string())
}
