//! Tables of posts that no platform's reader knows: CSV with usual column names or mapped ones, and JSON lines.
//!
//! You may rely on: a record becomes one post or one counted skip; its place is kept. Memory is one chunk of records.
//! Columns, times and lists are read as `network` reads them (`shares`). A column `object_id` that holds a link is a
//! link; anything else is what the post shares. Left out: what the cells hold as a way to know a column.

use super::block::Writer;
use super::damage::{self, Damage};
use super::platforms;
use super::post::Post;
use super::shares::{Chunks, Columns, Fault, Format, Mapping, ROLES, Role};
use super::shares::{ids, items, links, list, object, records, said, sniff};
use crate::input::Input;
use model::{Result, Span};
use std::borrow::Cow;

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
    let has_content = columns.get(Role::Content).is_some();
    let mut reader = Reader { writer, damage: Damage::default(), has_content, line: 1 };
    let separator = match &format {
        Format::Csv(separator, _) => Some(*separator),
        Format::Json => None,
    };
    let mut chunks = Chunks::new(input, separator);
    let mut header = true;
    while let Some(chunk) = chunks.next()? {
        if chunk.broken {
            reader.damage.count(damage::QUOTE, Span { start: chunk.start, len: 0, line: reader.line });
            reader.line += 1;
            continue;
        }
        reader.line += match &format {
            Format::Csv(separator, names) => {
                let places = Role::ALL.map(|role| columns.get(role));
                records(&chunk.bytes, *separator, |start, len, line, cells| {
                    if std::mem::take(&mut header) {
                        return;
                    }
                    let cell = |at: Option<usize>| {
                        at.and_then(|at| cells.get(at)).map_or(Cow::Borrowed(""), |c| String::from_utf8_lossy(c))
                    };
                    let span = Span { start: chunk.start + start as u64, len: len as u64, line: reader.line + line };
                    match cells.len() > names.len() && cells[names.len()..].iter().any(|c| !c.is_empty()) {
                        true => reader.damage.count(damage::RAGGED, span),
                        false => reader.post(places.map(cell), span),
                    }
                })
            }
            Format::Json => lines(&chunk.bytes, chunk.start, mapping, &mut reader),
        };
    }
    let damage = reader.damage;
    damage.into_skips().chain(input.damage().cloned()).for_each(|skip| writer.skip(skip));
    Ok(())
}

fn lines(bytes: &[u8], at: u64, mapping: &Mapping, reader: &mut Reader) -> u64 {
    let keys = Role::ALL.map(|role| mapping.keys(role));
    let (mut start, mut line) = (0, 0);
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
        let text = bytes[start..end].trim_ascii();
        let span = Span { start: at + start as u64, len: (end - start) as u64, line: reader.line + line };
        if !text.is_empty() {
            match object(text) {
                Some(value) => reader.post(keys.each_ref().map(|keys| Cow::Owned(said(&value, keys))), span),
                None => reader.damage.count(damage::NO_JSON, span),
            }
        }
        line += 1;
        start = end;
    }
    line
}

struct Reader<'w, 's> {
    writer: &'w mut Writer<'s>,
    damage: Damage,
    has_content: bool,
    line: u64,
}

impl Reader<'_, '_> {
    /// Takes a record's cells, in the order of the roles.
    fn post(&mut self, cells: [Cow<str>; ROLES], mut span: Span) {
        let cell = |role: Role| &*cells[role as usize];
        let own = |role: Role| cell(role).to_string();
        let listed = |role: Role| items(&list(cell(role))).map(String::from).collect();
        // The record without its line end, so that neighbours are one range.
        span.len = span.len.saturating_sub(1).max(1);
        let (account, content) = (cell(Role::Account), cell(Role::Content));
        if let Err(fault) = ids(account.as_bytes(), content.as_bytes(), self.has_content) {
            return self.damage.count(Fault::reason(fault), span);
        }
        let mut urls: Vec<String> = links(&list(cell(Role::Url)), true).map(String::from).collect();
        let object = cell(Role::Object);
        let is_link = object.contains("://");
        urls.extend(is_link.then(|| object.to_string()));
        let id = |role: Role| Some(own(role)).filter(|id| id != "0" && id != "null").unwrap_or_default();
        let post = Post {
            platform: cell(Role::Platform).to_lowercase(),
            id: content.to_string(),
            account: account.to_string(),
            account_name: own(Role::Name),
            account_created: platforms::time(cell(Role::Created)),
            about: own(Role::About),
            text: own(Role::Text),
            language: own(Role::Language),
            urls,
            hashtags: listed(Role::Hashtags),
            mentions: listed(Role::Mentions),
            repost_of: id(Role::Repost),
            reply_to: id(Role::Reply),
            images: listed(Role::Image),
            object: if is_link { String::new() } else { object.to_string() },
            ..Post::default()
        };
        let post = platforms::finish(post, cell(Role::Timestamp), span, &mut self.damage);
        post.into_iter().for_each(|post| self.writer.post(post, span));
    }
}
