//! Tables of posts that no platform's reader knows: CSV with usual column names, and JSON lines.
//!
//! You may rely on: a record becomes one post or one counted skip; its place is kept. Memory is one chunk of records.
//! A column `object_id` that holds a link is a link; anything else is what the post shares. Left out: columns mapped by
//! hand (the command `network` has them).

use super::block::Writer;
use super::post::Post;
use super::shares::{Chunks, Columns, Damage, Format, ID_MAX, Mapping, Role, Skips};
use super::shares::{items, links, marked, records, sniff, stamp};
use crate::input::Input;
use model::{Result, Span, Time};
use serde_json::Value;
use std::borrow::Cow;

/// What posts may have besides the roles of a table of shares, with the usual names of each.
const MORE: [&[&str]; 5] = [
    &[
        "account_name",
        "author_name",
        "user_name",
        "display_name",
        "screen_name",
        "user_screen_name",
        "username",
        "user.screen_name",
    ],
    &[
        "account_created",
        "account_created_at",
        "account_creation_date",
        "user_created_at",
        "author_created_at",
        "user.created_at",
    ],
    &[
        "account_description",
        "user_description",
        "user_profile_description",
        "author_description",
        "bio",
        "description",
        "user.description",
    ],
    &["language", "lang", "tweet_language"],
    &["platform", "source_platform", "network"],
];
/// Roles in the order in which a record's cells are looked up.
const ROLES: [Role; 11] = [
    Role::Account,
    Role::Content,
    Role::Timestamp,
    Role::Text,
    Role::Url,
    Role::Hashtags,
    Role::Repost,
    Role::Reply,
    Role::Mentions,
    Role::Image,
    Role::Object,
];

/// How sure a head is one of these tables.
pub fn recognise(head: &[u8], mapping: &Mapping) -> u8 {
    // An account, a time and something said or shared are columns of many a table; with a post's id, its text or a
    // mapping by hand it is ours.
    let sure = |columns: Columns| match (columns.get(Role::Content), columns.get(Role::Text)) {
        (Some(_), Some(_)) => 88,
        _ if !mapping.is_empty() => 88,
        (Some(_), None) => 80,
        _ => 40,
    };
    sniff(head, mapping).map_or(0, |(_, columns)| sure(columns))
}

/// Reads one file.
pub fn read(input: &mut Input, mapping: &Mapping, writer: &mut Writer) -> Result<()> {
    let Some((format, columns)) = sniff(input.head(), mapping) else {
        return Ok(());
    };
    let mut reader = Reader { skips: Skips::default(), has_content: columns.get(Role::Content).is_some(), line: 1 };
    let separator = match &format {
        Format::Csv(separator, _) => Some(*separator),
        Format::Json => None,
    };
    let mut chunks = Chunks::new(input, separator);
    let mut header = true;
    while let Some(chunk) = chunks.next()? {
        if chunk.broken {
            reader.skips.count(Damage::Quote, 1, chunk.start, reader.line);
            reader.line += 1;
            continue;
        }
        reader.line += match &format {
            Format::Csv(separator, names) => {
                let more = MORE.map(|wanted| place(names, wanted));
                let roles = ROLES.map(|r| columns.get(r));
                records(&chunk.bytes, *separator, |start, len, line, cells| {
                    if std::mem::take(&mut header) {
                        return;
                    }
                    let cell = |at: Option<usize>| {
                        at.and_then(|at| cells.get(at)).map_or(Cow::Borrowed(""), |c| String::from_utf8_lossy(c))
                    };
                    let span = Span { start: chunk.start + start as u64, len: len as u64, line: reader.line + line };
                    match cells.len() > names.len() && cells[names.len()..].iter().any(|c| !c.is_empty()) {
                        true => reader.skips.count(Damage::Ragged, 1, span.start, span.line),
                        false => reader.post(roles.map(cell), more.map(cell), span, writer),
                    }
                })
            }
            Format::Json => lines(&chunk.bytes, chunk.start, mapping, &mut reader, writer),
        };
    }
    reader.skips.into_vec().into_iter().for_each(|skip| writer.skip(skip));
    if let Some(skip) = input.damage() {
        writer.skip(skip.clone());
    }
    Ok(())
}

fn place(names: &[String], wanted: &[&str]) -> Option<usize> {
    wanted.iter().find_map(|w| names.iter().position(|n| n.trim().eq_ignore_ascii_case(w)))
}

fn lines(bytes: &[u8], at: u64, mapping: &Mapping, reader: &mut Reader, writer: &mut Writer) -> u64 {
    let (mut start, mut line) = (0, 0);
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
        let text = bytes[start..end].trim_ascii();
        let span = Span { start: at + start as u64, len: (end - start) as u64, line: reader.line + line };
        if !text.is_empty() {
            match serde_json::from_slice::<Value>(text) {
                Ok(value @ Value::Object(_)) => {
                    let said = |keys: &[&str]| Cow::Owned(super::shares::said(&value, keys));
                    let roles = ROLES.map(|r| said(&mapping.keys(r)));
                    reader.post(roles, MORE.map(said), span, writer);
                }
                _ => reader.skips.count(Damage::Json, 1, span.start, span.line),
            }
        }
        line += 1;
        start = end;
    }
    line
}

struct Reader {
    skips: Skips,
    has_content: bool,
    line: u64,
}

impl Reader {
    fn post(&mut self, cells: [Cow<str>; 11], more: [Cow<str>; 5], mut span: Span, writer: &mut Writer) {
        let [account, content, time, text, url, tags, repost, reply, mentions, image, object] = cells;
        let [name, created, about, language, platform] = more;
        // The record without its line end, so that neighbours are one range.
        span.len = span.len.saturating_sub(1).max(1);
        let stamp = stamp(time.as_bytes());
        let damage = match () {
            () if account.is_empty() => Some(Damage::NoAccount),
            () if content.is_empty() && self.has_content => Some(Damage::NoContent),
            () if account.len() > ID_MAX || content.len() > ID_MAX => Some(Damage::LongId),
            () if stamp.is_none() && !time.trim().is_empty() => Some(Damage::BadTime),
            () => None,
        };
        if let Some(damage) = damage {
            self.skips.count(damage, 1, span.start, span.line);
            return;
        }
        match stamp {
            Some(s) if s.zoneless => self.skips.count(Damage::Zoneless, 1, span.start, span.line),
            None => self.skips.count(Damage::NoTime, 1, span.start, span.line),
            _ => {}
        }
        let listed = |own: &str, mark: char| match own.is_empty() {
            true => marked(&text, mark, false),
            false => marked(own, mark, true),
        };
        let mut urls: Vec<String> = match url.is_empty() {
            true => links(&text, false).map(String::from).collect(),
            false => links(&url, true).map(String::from).collect(),
        };
        let object = match object.contains("://") {
            true => {
                urls.push(object.into_owned());
                String::new()
            }
            false => object.into_owned(),
        };
        let id = |cell: Cow<str>| if cell == "0" || cell == "null" { String::new() } else { cell.into_owned() };
        writer.post(
            Post {
                platform: platform.to_lowercase(),
                id: content.into_owned(),
                account: account.into_owned(),
                account_name: name.into_owned(),
                account_created: stamp_of(&created),
                about: about.into_owned(),
                time: stamp.map(|s| s.time),
                offset: offset(&time),
                hashtags: listed(&tags, '#'),
                mentions: listed(&mentions, '@'),
                language: language.into_owned(),
                urls,
                repost_of: id(repost),
                reply_to: id(reply),
                images: items(&image).map(String::from).collect(),
                object,
                article: false,
                text: text.into_owned(),
            },
            span,
        );
    }
}

fn stamp_of(cell: &str) -> Option<Time> {
    stamp(cell.as_bytes()).map(|s| s.time)
}

/// Minutes east of UTC that a stamp ends with (`+02:00`, `-0500`).
fn offset(time: &str) -> Option<i16> {
    let time = time.trim();
    let at = time.len().checked_sub(6).filter(|at| time.is_char_boundary(*at))?;
    let tail = time[at..].trim_start_matches(|c: char| !matches!(c, '+' | '-'));
    let sign = if tail.starts_with('-') { -1 } else { 1 };
    let digits: String = tail.get(1..)?.chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !time.contains(':') || time.len() < 16 {
        return None;
    }
    Some(sign * (digits[..2].parse::<i16>().ok()? * 60 + digits[2..].parse::<i16>().ok()?))
}
