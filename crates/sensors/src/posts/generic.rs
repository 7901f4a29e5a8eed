//! Tables of posts that no platform's reader knows: separated values, JSON on lines, JSON documents with a list of posts
//! somewhere in them, pandas' forms of a table.
//!
//! You may rely on: a record becomes one post or one counted skip; its place is kept (of a table in one object, the whole
//! file is each record's). Memory is one chunk of records, and of one object at most [`WHOLE`]. A column that holds a link as its object is a link; anything else is what the post shares. Left out:
//! what a column is for; `shares/understand.rs` says.

use super::damage::{self, Damage};
use super::platforms::cut::{Piece, Shape, cut};
use super::platforms::{self, article};
use super::post::Post;
use super::shares::{Chunks, Fault, Format, Mapping, ROLES, Role, Stamp, Understood};
use super::shares::{cells_of, host, ids, items, keys_of, links, list, object, records, said};
use crate::input::Input;
use model::{Budget, Result, Span};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::Cursor;

/// Bytes of a table in one object, that is read whole.
pub const WHOLE: u64 = 64 << 20;
/// Lists of a document that are looked at.
const LISTS: usize = 16;
/// Records of a document's beginning that tell what it is.
const SAMPLE: usize = 200;

/// A table that was found.
pub struct Found {
    /// As it is understood.
    pub understood: Understood,
    kind: Kind,
}

enum Kind {
    /// Separated values, JSON on lines.
    Lines,
    /// A JSON document, with the keys that lead to its list of posts.
    Document(Vec<String>),
    /// One object that holds all columns, or all rows under their numbers.
    Object,
}

/// The table that begins like this, and how sure that is.
pub fn recognise(head: &[u8], mapping: &Mapping, texts: bool) -> Option<(Found, u8)> {
    let fit = |c: &super::shares::Columns| c.are_posts() || texts && c.get(Role::Text).is_some();
    let found = |understood: Understood, kind| {
        let sure = understood.sure;
        Some((Found { understood, kind }, sure))
    };
    if let Some(table) = Understood::of(head, mapping, fit) {
        return found(table, Kind::Lines);
    }
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !matches!(start.first(), Some(b'[' | b'{')) {
        return None;
    }
    for path in paths(start) {
        if let Some(table) = Understood::of_values(&sample(start, &path), mapping, fit) {
            return found(table, Kind::Document(path));
        }
    }
    let rows = object_rows(&serde_json::from_slice(start).ok().unwrap_or_else(|| beginning(start)));
    found(Understood::of_values(&rows, mapping, fit)?, Kind::Object)
}

/// Reads one file; gives back what it was taken for.
pub fn read(
    found: Found,
    input: &mut Input,
    mapping: &Mapping,
    damage: &mut Damage,
    each: &mut dyn FnMut(Post, Span),
) -> Result<Understood> {
    let Found { understood, kind } = found;
    let (bytes, more) = match kind {
        Kind::Object => {
            let whole = input.whole(WHOLE);
            whole.map_err(|e| model::Error::new("could not read on").because(e).hint("check the disk"))?
        }
        _ => Default::default(),
    };
    let everything = Span { start: 0, len: bytes.len() as u64, line: 1 };
    if more {
        damage.count(damage::TOO_LARGE, everything);
        return Ok(understood);
    }
    let mut reader = Reader::new(&understood, mapping, damage, each);
    match kind {
        Kind::Lines => reader.lines(input)?,
        Kind::Document(path) => {
            let entered: Vec<String> = (0..=path.len()).map(|n| path[..n].join("/")).collect();
            let is_list = input.head().trim_ascii_start().starts_with(b"[");
            let enter: Vec<&str> =
                if is_list { Vec::new() } else { entered[..path.len()].iter().map(String::as_str).collect() };
            let wanted = path.join("/");
            let mut scratch = Damage::default();
            cut(input, Shape { enter: &enter, lines: false }, &mut scratch, &mut |piece, _| {
                if let Piece::Record(at, bytes, place) = piece
                    && at == wanted
                {
                    match object(bytes) {
                        Some(value) => reader.value(&value, place),
                        None => reader.damage.count(damage::NO_JSON, place),
                    }
                }
            })?;
            damage.join(scratch);
        }
        Kind::Object => {
            let rows = serde_json::from_slice(&bytes).map(|v| object_rows(&v)).unwrap_or_default();
            if rows.is_empty() {
                reader.damage.count(damage::NO_JSON, everything);
            }
            rows.iter().for_each(|row| reader.value(row, everything));
        }
    }
    Ok(understood)
}

struct Reader<'r> {
    understood: &'r Understood,
    keys: Vec<Vec<String>>,
    mapped_url: bool,
    damage: &'r mut Damage,
    each: &'r mut dyn FnMut(Post, Span),
    line: u64,
}

impl Found {
    /// Whether the fast reader of shares may read it.
    pub fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Lines) && self.understood.plain
    }
}

impl<'r> Reader<'r> {
    fn new(
        understood: &'r Understood,
        mapping: &Mapping,
        damage: &'r mut Damage,
        each: &'r mut dyn FnMut(Post, Span),
    ) -> Reader<'r> {
        let keys = Role::ALL.map(|role| keys_of(understood, mapping, role)).to_vec();
        Reader { understood, keys, mapped_url: mapping.names(Role::Url), damage, each, line: 1 }
    }

    fn body(&self) -> u64 {
        match self.understood.format {
            Format::Csv { body, .. } => body,
            Format::Json => 0,
        }
    }

    fn lines(&mut self, input: &mut Input) -> Result<()> {
        let separator = self.understood.format.separator();
        let mut chunks = Chunks::new(input, separator);
        let (body, mut header) = (self.body(), true);
        while let Some(chunk) = chunks.next()? {
            if chunk.broken {
                self.damage.count(damage::QUOTE, Span { start: chunk.start, len: 0, line: self.line });
                self.line += 1;
                continue;
            }
            let before = self.line;
            self.line += match separator {
                Some(separator) => records(&chunk.bytes, separator, |start, len, line, cells| {
                    let start = chunk.start + start as u64;
                    let is_header = if body == 0 { std::mem::take(&mut header) } else { start < body };
                    if !is_header {
                        // The record without its line end, so that neighbours are one range.
                        let len = (len as u64).saturating_sub(1).max(1);
                        self.cells(cells, Span { start, len, line: before + line });
                    }
                }),
                None => self.json(&chunk.bytes, chunk.start, before),
            };
        }
        Ok(())
    }

    fn json(&mut self, bytes: &[u8], at: u64, before: u64) -> u64 {
        let (mut start, mut line) = (0, 0);
        while start < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
            let text = bytes[start..end].trim_ascii();
            let len = ((end - start) as u64).saturating_sub(1).max(1);
            let span = Span { start: at + start as u64, len, line: before + line };
            if !text.is_empty() {
                match object(text) {
                    Some(value) => self.value(&value, span),
                    None => self.damage.count(damage::NO_JSON, span),
                }
            }
            (start, line) = (end, line + 1);
        }
        line
    }

    fn value(&mut self, value: &Value, span: Span) {
        let cells: Vec<String> =
            self.keys.iter().map(|keys| said(value, &keys.iter().map(String::as_str).collect::<Vec<_>>())).collect();
        let mut cells = cells.into_iter().map(Cow::Owned);
        let at = |column: Option<usize>| {
            let key = column.and_then(|at| self.understood.header.get(at));
            key.map(|key| said(value, &[key.as_str()])).unwrap_or_default()
        };
        let clock = at(self.understood.clock);
        self.post(std::array::from_fn(|_| cells.next().unwrap_or_default()), &clock, Vec::new(), span);
    }

    fn cells(&mut self, cells: &[Cow<[u8]>], span: Span) {
        let width = self.understood.header.len();
        if cells.len() > width && cells[width..].iter().any(|c| !c.is_empty()) {
            return self.damage.count(damage::RAGGED, span);
        }
        let cell = |at: usize| cells.get(at).map_or(Cow::Borrowed(""), |c| formats::charset::eight_bit(c));
        let clock = self.understood.clock.map(cell).unwrap_or_default();
        let more = self.understood.links.iter().map(|at| cell(*at).into_owned()).filter(|l| !l.is_empty()).collect();
        self.post(cells_of(self.understood, cell), &clock, more, span);
    }

    /// Takes a record's cells, in the order of the roles.
    fn post(&mut self, cells: [Cow<str>; ROLES], clock: &str, more: Vec<String>, span: Span) {
        let cell = |role: Role| &*cells[role as usize];
        let own = |role: Role| cell(role).to_string();
        let listed = |role: Role| items(&list(cell(role))).map(String::from).collect();
        let time = match clock {
            "" => Cow::Borrowed(cell(Role::Timestamp)),
            clock => Cow::Owned(format!("{} {clock}", cell(Role::Timestamp))),
        };
        let stamp = self.understood.dates.read(time.as_bytes());
        let said = !time.trim().is_empty();
        if self.understood.articles {
            let Some(article) = article(cell(Role::Url)).or_else(|| article(self.own(&cells))) else {
                return self.damage.count(damage::NO_LINK, span);
            };
            let post = Post { text: own(Role::Text), language: own(Role::Language), ..article };
            return self.take(post, stamp, said, span);
        }
        let account = who(cell(Role::Account));
        let content = cell(Role::Content);
        if let Err(fault) =
            ids(account.as_bytes(), content.as_bytes(), self.understood.columns.get(Role::Content).is_some())
        {
            return self.damage.count(Fault::reason(fault), span);
        }
        let url = cell(Role::Url);
        let mut urls: Vec<String> = links(&list(url), true).map(String::from).chain(more).collect();
        // A column that somebody says holds what is shared may hold its number.
        let numbered = self.mapped_url && !url.is_empty() && urls.iter().all(|u| host(u).is_none());
        let object = if numbered { url } else { cell(Role::Object) };
        if numbered {
            urls.clear();
        }
        let is_link = object.contains("://");
        urls.extend(is_link.then(|| object.to_string()));
        let none = |id: &String| !matches!(id.as_str(), "0" | "null" | "NA" | "nan" | "None");
        let id = |role: Role| Some(own(role)).filter(none).unwrap_or_default();
        let name = who(cell(Role::Name));
        let post = Post {
            platform: cell(Role::Platform).to_lowercase(),
            id: content.to_string(),
            account: account.into_owned(),
            account_name: name.into_owned(),
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
        self.take(post, stamp, said, span);
    }

    fn take(&mut self, post: Post, stamp: Option<Stamp>, said: bool, span: Span) {
        let post = platforms::finish_at(post, stamp, said, span, self.damage);
        post.into_iter().for_each(|post| (self.each)(post, span));
    }

    /// The post's own address, where the table has a column for it and no other of links.
    fn own<'c>(&self, cells: &'c [Cow<str>; ROLES]) -> &'c str {
        match self.understood.own {
            Some(at) if self.understood.columns.get(Role::Content) == Some(at) => &cells[Role::Content as usize],
            _ => "",
        }
    }
}

/// Who is meant by a cell: itself, or of a dictionary as Python prints it the name in it.
fn who(cell: &str) -> Cow<'_, str> {
    if !cell.starts_with('{') {
        return Cow::Borrowed(cell);
    }
    let value = |key: &str| {
        let after = [format!("'{key}': "), format!("\"{key}\": "), format!("\"{key}\":")]
            .iter()
            .find_map(|k| cell.find(k.as_str()).map(|at| &cell[at + k.len()..]))?;
        let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let found = match quote {
            Some(quote) => after[1..].split(quote).next(),
            None => after.split([',', '}']).next(),
        };
        found.map(str::trim).filter(|v| !v.is_empty() && *v != "None" && *v != "null")
    };
    let found = ["username", "screen_name", "handle", "uniqueId", "id", "name"].into_iter().find_map(value);
    found.map_or(Cow::Borrowed(cell), |v| Cow::Owned(v.to_string()))
}

/// The keys that lead to lists of objects in a document's beginning; of a document that is a list, none.
fn paths(head: &[u8]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut open: Vec<(u8, Option<String>)> = Vec::new();
    let (mut at, mut key, mut text) = (0, None::<String>, None::<String>);
    while let Some(&byte) = head.get(at) {
        match byte {
            b'"' => {
                let mut end = at + 1;
                while head.get(end).is_some_and(|b| *b != b'"') {
                    end += 1 + usize::from(head[end] == b'\\');
                }
                let inner = head.get(at + 1..end).unwrap_or_default();
                text = (inner.len() < 100).then(|| String::from_utf8_lossy(inner).into_owned());
                at = end;
            }
            b':' => key = text.take(),
            b'{' | b'[' => {
                if byte == b'{' && open.last().is_some_and(|(b, _)| *b == b'[') {
                    let path: Vec<String> = open.iter().filter_map(|(_, key)| key.clone()).collect();
                    // Lists in lists of posts are their links and tags.
                    let lists = open.iter().filter(|(b, _)| *b == b'[').count();
                    if lists == 1 && !found.contains(&path) && found.len() < LISTS {
                        found.push(path);
                    }
                }
                open.push((byte, key.take()));
                text = None;
            }
            b'}' | b']' => {
                open.pop();
                (key, text) = (None, None);
            }
            b',' => (key, text) = (None, None),
            _ => {}
        }
        at += 1;
    }
    found
}

/// The first records of a document's list.
fn sample(head: &[u8], path: &[String]) -> Vec<Value> {
    let entered: Vec<String> = (0..path.len()).map(|n| path[..n].join("/")).collect();
    let enter: Vec<&str> = entered.iter().map(String::as_str).collect();
    let wanted = path.join("/");
    let mut found = Vec::new();
    let Ok(mut input) = Input::open(Box::new(Cursor::new(head.to_vec())), Budget::default()) else { return found };
    let done = cut(&mut input, Shape { enter: &enter, lines: false }, &mut Damage::default(), &mut |piece, _| {
        if let Piece::Record(at, bytes, _) = piece
            && at == wanted
            && found.len() < SAMPLE
        {
            found.extend(object(bytes));
        }
    });
    done.map_or_else(|_| Vec::new(), |()| found)
}

/// Rows of a table that is one object: pandas' `columns` (a column under its name, cells under their row's), `index` (a
/// row under its name), `split` (names apart from rows), and columns as lists.
fn object_rows(table: &Value) -> Vec<Value> {
    let Some(table) = table.as_object() else { return Vec::new() };
    if let (Some(names), Some(rows)) =
        (table.get("columns").and_then(Value::as_array), table.get("data").and_then(Value::as_array))
    {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let row = |row: &Value| {
            let cells = row.as_array()?.iter().cloned();
            Some(Value::Object(names.iter().map(|n| n.to_string()).zip(cells).collect()))
        };
        return rows.iter().filter_map(row).collect();
    }
    if table.len() > 1 && table.values().all(Value::is_array) {
        let most = table.values().filter_map(Value::as_array).map(Vec::len).max().unwrap_or_default();
        let row = |at: usize| {
            let cells = table.iter().filter_map(|(name, cells)| Some((name.clone(), cells.get(at)?.clone())));
            Value::Object(cells.collect())
        };
        return (0..most).map(row).collect();
    }
    let inner: Vec<(&String, &Map<String, Value>)> =
        table.iter().filter_map(|(name, inner)| Some((name, inner.as_object()?))).collect();
    if inner.len() < 2 || inner.len() != table.len() {
        return Vec::new();
    }
    // Of a table by rows the names of the outer keys are numbers; by columns those of the inner ones are.
    let number = |name: &String| name.bytes().all(|b| b.is_ascii_digit());
    if inner.iter().all(|(name, _)| number(name)) {
        return inner.into_iter().map(|(_, row)| Value::Object(row.clone())).collect();
    }
    let mut rows: Vec<(&String, Map<String, Value>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (name, cells) in inner {
        for (row, value) in cells {
            let at = *places.entry(row).or_insert_with(|| {
                rows.push((row, Map::new()));
                rows.len() - 1
            });
            rows[at].1.insert(name.clone(), value.clone());
        }
    }
    rows.into_iter().map(|(_, row)| Value::Object(row)).collect()
}

/// What can be seen of an object that is cut: the parser reads it once what is open is closed where its last member ends.
fn beginning(head: &[u8]) -> Value {
    let mut open: Vec<u8> = Vec::new();
    let (mut at, mut text, mut closes) = (0, false, None);
    while let Some(&byte) = head.get(at) {
        match (text, byte) {
            (true, b'\\') => at += 1,
            (_, b'"') => text = !text,
            (true, _) => {}
            (_, b'{') => open.push(b'}'),
            (_, b'[') => open.push(b']'),
            (_, b'}' | b']') => {
                open.pop();
            }
            (_, b',') => closes = Some((at, open.clone())),
            _ => {}
        }
        at += 1;
    }
    let Some((end, open)) = closes.filter(|(_, open)| open.len() < 8) else { return Value::Null };
    let mut whole = head[..end].to_vec();
    whole.extend(open.iter().rev());
    serde_json::from_slice(&whole).unwrap_or(Value::Null)
}
