//! Tags of a page with their attributes; what stands in comments, scripts and styles is no tag.

use formats::entities::decode;

/// A tag.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Its name, lower case; of an end tag with `/` before it.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Most characters of a tag.
const LONGEST: usize = 1 << 16;
/// Most tags read.
const TAGS: usize = 100_000;

/// The tags of a page.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut all = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |n| &comment[n + 3..]);
            continue;
        }
        if all.len() >= TAGS {
            break;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            rest = &rest[1..];
            continue;
        }
        let Some(end) = end(rest) else {
            // What was looked through for an end in vain is not looked through again.
            rest = rest.char_indices().nth(LONGEST).map_or("", |(i, _)| &rest[i..]);
            continue;
        };
        let tag = tag(&rest[1..end]);
        rest = &rest[end + 1..];
        if matches!(tag.name.as_str(), "script" | "style" | "textarea" | "title") {
            let close = format!("</{}", tag.name);
            let lower = rest.as_bytes().windows(close.len()).position(|w| w.eq_ignore_ascii_case(close.as_bytes()));
            rest = lower.map_or("", |n| &rest[n..]);
        }
        all.push(tag);
    }
    all
}

/// What a page shows: without tags, comments, scripts and styles.
pub fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&decode(&rest[..at]));
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |n| &comment[n + 3..]);
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        out.push(' ');
        let Some(end) = end(rest) else {
            rest = rest.char_indices().nth(LONGEST).map_or("", |(i, _)| &rest[i..]);
            continue;
        };
        let name = tag(&rest[1..end]).name;
        rest = &rest[end + 1..];
        if matches!(name.as_str(), "script" | "style") {
            let close = format!("</{name}");
            let at = rest.as_bytes().windows(close.len()).position(|w| w.eq_ignore_ascii_case(close.as_bytes()));
            rest = at.map_or("", |n| &rest[n..]);
        }
    }
    out.push_str(&decode(rest));
    out
}

/// The place of the `>` that ends a tag.
fn end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (i, c) in text.char_indices().take(LONGEST) {
        match (c, quote) {
            ('>', None) => return Some(i),
            ('"' | '\'', None) if text[..i].ends_with('=') => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            _ => {}
        }
    }
    None
}

fn tag(inner: &str) -> Tag {
    let name_end = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    let name = inner[..name_end].trim_end_matches('/').to_ascii_lowercase();
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut rest = inner[name_end..].trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    while !rest.is_empty() && attributes.len() < 64 {
        let stop = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len()).max(1);
        let stop = (stop..=rest.len()).find(|i| rest.is_char_boundary(*i)).unwrap_or(rest.len());
        let key = rest[..stop].to_ascii_lowercase();
        rest = rest[stop..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, left) = match quote {
                Some(q) => after[1..].split_once(q).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = decode(raw).to_string();
            rest = left;
        }
        if !attributes.iter().any(|(k, _)| *k == key) {
            attributes.push((key, value));
        }
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
    }
    Tag { name, attributes }
}
