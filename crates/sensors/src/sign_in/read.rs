//! Bytes → records → events: tables with JSON in a column, JSON as lists, pages, lines or one object behind another, and
//! lines of text.
//!
//! You may rely on: memory is one record (at most 4 MiB) beside what [`Gather`] holds; a record that is damaged costs
//! itself, and what the columns beside it say of it is kept. Left out: what events mean.

use super::event::{Event, text};
use super::gather::Gather;
use super::{entra, google, microsoft, nextcloud, okta, shown, small, zimbra};
use crate::hearing::Hearing;
use crate::input::Input;
use crate::posts::damage::{Damage, NO_JSON, QUOTE, TOO_LARGE};
use crate::posts::platforms::cut::{self, Piece};
use crate::posts::shares::{Chunks, csv, object};
use jiff::tz::TimeZone;
use model::{Result, Sink, Span};
use serde_json::{Map, Value};

/// A record of the audit log whose JSON ends before its end.
const CUT_SHORT: &str = "record cut short: only what its columns say is kept";
/// A record of no provider that is known.
const STRANGE: &str = "record of no known audit log";

/// Keys under which a page of an interface has its records.
const LISTS: [&[u8]; 8] = [b"value", b"items", b"records", b"entries", b"result", b"results", b"data", b"activities"];

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A table.
    Csv(u8),
    /// JSON; whether objects at the top hold lists of records.
    Json(bool),
    /// Zimbra's lines.
    Lines,
}

/// How a file that begins so is written, and how sure it is one of these logs.
pub fn sniff(head: &[u8]) -> Option<(Form, u8)> {
    let head = head.strip_prefix(crate::input::MARK).unwrap_or(head);
    let begin = head.iter().position(|b| !b.is_ascii_whitespace())?;
    match head[begin] {
        b'{' | b'[' => json(&head[begin..]).map(|sure| (Form::Json(is_wrapper(&head[begin..])), sure)),
        _ => table(head).or_else(|| lines(head)),
    }
}

/// How sure a text is JSON of one of these logs: by keys that only its program writes.
fn json(head: &[u8]) -> Option<u8> {
    let has = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
    let all = |keys: &[&str]| keys.iter().all(|k| has(k));
    let any = |keys: &[&str]| keys.iter().any(|k| has(k));
    let sure = match () {
        () if all(&["\"AuditData\"", "Operation"]) || all(&["\"auditData\"", "\"operation\""]) => 97,
        () if all(&["\"Operation\"", "\"Workload\""]) && any(&["\"RecordType\"", "\"UserType\""]) => 97,
        () if all(&["rincipalName\"", "\"errorCode\""]) && any(&["\"appDisplayName\"", "\"clientAppUsed\""]) => 96,
        () if all(&["\"UserPrincipalName\"", "\"ResultType\""]) => 96,
        () if all(&["\"activityDisplayName\"", "\"initiatedBy\""]) => 96,
        () if all(&["\"ActivityDisplayName\"", "\"InitiatedBy\""]) => 96,
        () if has("admin#reports#activit") || all(&["\"uniqueQualifier\"", "\"events\"", "\"actor\""]) => 97,
        () if all(&["\"eventType\"", "\"published\"", "\"alternateId\""]) => 97,
        () if all(&["\"admin_audit\"", "\"remoteAddr\""]) => 97,
        () if all(&["\"date_create\"", "\"actor\"", "\"action\"", "\"entity\""]) => 96,
        () if has("\"action\"")
            && any(&["\"@timestamp\"", "\"created_at\""])
            && any(&["\"_document_id\"", "\"actor_ip\"", "\"actor_location\"", "\"actor_id\""]) =>
        {
            95
        }
        () if all(&["\"user_email\"", "\"app_domain\"", "\"allowed\""]) => 96,
        () if all(&["\"AppDomain\"", "\"Allowed\"", "\"Email\""]) => 96,
        () => return None,
    };
    Some(sure)
}

/// Whether the first object holds a list of records: a page of an interface.
fn is_wrapper(text: &[u8]) -> bool {
    let (mut depth, mut at) = (0u32, 0);
    while at < text.len() {
        match text[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let begin = at + 1;
                at = begin;
                while at < text.len() && text[at] != b'"' {
                    at += 1 + usize::from(text[at] == b'\\');
                }
                let key = text.get(begin..at).unwrap_or_default();
                let behind = text.get(at + 1..).unwrap_or_default().trim_ascii_start();
                let is_list =
                    behind.strip_prefix(b":").map(<[u8]>::trim_ascii_start).is_some_and(|b| b.first() == Some(&b'['));
                if depth == 1 && is_list && LISTS.contains(&key) {
                    return text.first() == Some(&b'{');
                }
            }
            _ => {}
        }
        if depth == 0 {
            return false;
        }
        at += 1;
    }
    false
}

/// Whether a text is a table of one of these logs.
fn table(head: &[u8]) -> Option<(Form, u8)> {
    csv::SEPARATORS.iter().find_map(|&separator| {
        let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
        let cells = csv::first(line, separator);
        let has = |name: &str| cells.iter().any(|c| c.trim() == name);
        let any = |names: &[&str]| names.iter().any(|n| has(n));
        let sure = match () {
            () if has("AuditData") => 97,
            () if has("Sign-in error code") && any(&["Username", "User"]) => 96,
            () if has("Activity") && has("ActorUserPrincipalName") => 96,
            // Log Analytics and Sentinel.
            () if has("UserPrincipalName") && has("ResultType") => 96,
            () if any(&["ActivityDisplayName", "OperationName"]) && has("InitiatedBy") => 96,
            () if has("eventType") && has("actor.alternateId") => 96,
            () if has("action")
                && has("actor")
                && any(&["created_at", "@timestamp"])
                && any(&["actor_ip", "actor_id", "org"]) =>
            {
                94
            }
            () if any(&["Event", "Event name", "Event Name"])
                && any(&["Actor", "User", "User email", "Actor email"])
                && any(&["IP address", "IP Address"]) =>
            {
                90
            }
            () => return None,
        };
        Some((Form::Csv(separator), sure))
    })
}

/// Whether most lines are Zimbra's, and some of its security.
fn lines(head: &[u8]) -> Option<(Form, u8)> {
    let whole = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let text = String::from_utf8_lossy(whole);
    let all: Vec<&str> = text.lines().take(200).filter(|l| !l.is_empty()).collect();
    let own = all.iter().filter(|l| zimbra::is(l)).count();
    let security = text.contains(" security - cmd=") || text.contains("security [] - cmd=");
    (own * 2 > all.len() && security).then_some((Form::Lines, 97))
}

/// Reads evidence.
pub fn read(input: &mut Input, zone: &TimeZone, caps: super::Caps, out: &mut dyn Sink) -> Result<()> {
    let Some((form, _)) = sniff(input.head()) else { return Ok(()) };
    let mut reader = Reader {
        hearing: Hearing::of(out),
        gather: Gather::new(caps),
        damage: Damage::default(),
        whole: None,
        aside: false,
    };
    match form {
        Form::Csv(separator) => reader.table(input, separator, out)?,
        Form::Json(wrapped) => {
            let enter: &[&str] = if wrapped { &[""] } else { &[] };
            let mut damage = Damage::default();
            cut::cut(input, cut::Shape { enter, lines: false }, &mut damage, &mut |piece, _| {
                if let Piece::Record(path, bytes, place) = piece {
                    reader.aside = wrapped && !LISTS.contains(&path.as_bytes());
                    reader.json(bytes, place, out);
                }
            })?;
            reader.damage.join(damage);
        }
        Form::Lines => reader.lines(input, zone, out)?,
    }
    let Reader { hearing, mut gather, damage, .. } = reader;
    // A file of which nothing could be read is no log in which nothing happened.
    crate::unknown::nothing_but(&mut gather.lines, damage.each());
    damage.into_skips().chain(input.damage().cloned()).for_each(|skip| out.skip(skip));
    gather.finish(out);
    hearing.end(out);
    out.progress(input.consumed());
    Ok(())
}

/// What a cell holds: JSON where it is an object or a list, else its text.
fn held(cell: String) -> Value {
    let nested = cell.starts_with(['{', '[']).then(|| serde_json::from_str(&cell).ok()).flatten();
    nested.unwrap_or_else(|| cell.into())
}

struct Reader {
    hearing: Hearing,
    gather: Gather,
    damage: Damage,
    /// What the record that is being read is wrapped in.
    whole: Option<Value>,
    /// Whether it stands beside a page's list of records: how to get the next page.
    aside: bool,
}

impl Reader {
    fn table(&mut self, input: &mut Input, separator: u8, out: &mut dyn Sink) -> Result<()> {
        let mut chunks = Chunks::new(input, Some(separator));
        let mut head: Option<Vec<String>> = None;
        let mut line = 1;
        while let Some(chunk) = chunks.next()? {
            if chunk.broken {
                self.damage.count(QUOTE, Span { start: chunk.start, len: 0, line });
                line += 1;
                continue;
            }
            line += csv::records(&chunk.bytes, separator, |at, len, n, cells| {
                let place = Span { start: chunk.start + at as u64, len: len as u64, line: line + n };
                let cell = |n: usize| cells.get(n).map(|c| String::from_utf8_lossy(c)).unwrap_or_default();
                let Some(head) = &head else {
                    let name = |n: usize| cell(n).trim().trim_end_matches(" [UTC]").to_string();
                    head = Some((0..cells.len()).map(name).collect());
                    return;
                };
                let columns = || {
                    let cells = head.iter().enumerate().map(|(n, name)| (name.clone(), held(cell(n).into_owned())));
                    Value::Object(cells.collect::<Map<_, _>>())
                };
                match head.iter().position(|h| h == "AuditData") {
                    Some(audit) => match object(cell(audit).trim().as_bytes()) {
                        Some(record) => self.record(&record, cell(audit).as_bytes(), place, out),
                        None => self.cut_short(&columns(), place, out),
                    },
                    None => self.record(&columns(), &chunk.bytes[at..at + len], place, out),
                }
            });
        }
        Ok(())
    }

    fn lines(&mut self, input: &mut Input, zone: &TimeZone, out: &mut dyn Sink) -> Result<()> {
        let mut chunks = Chunks::new(input, None);
        let mut number = 1;
        while let Some(chunk) = chunks.next()? {
            if chunk.broken {
                self.damage.count(TOO_LARGE, Span { start: chunk.start, len: 0, line: number });
            }
            let mut start = chunk.start;
            for bytes in chunk.bytes.split_inclusive(|b| *b == b'\n') {
                let text = String::from_utf8_lossy(bytes);
                let text = text.trim_end();
                let place = Span { start, len: text.len() as u64, line: number };
                match zimbra::read(text, zone) {
                    Some(event) => self.event(event, &Value::Null, bytes, place, out),
                    None if text.is_empty() => {}
                    None if zimbra::is(text) => self.gather.lines.pass(),
                    // What an error says runs over lines of its own.
                    None => self.gather.lines.pass(),
                }
                start += bytes.len() as u64;
                number += 1;
            }
        }
        Ok(())
    }

    fn json(&mut self, bytes: &[u8], place: Span, out: &mut dyn Sink) {
        let Some(mut record) = object(bytes) else {
            self.damage.count(NO_JSON, place);
            return;
        };
        let inner = ["AuditData", "auditData"].iter().find_map(|key| record.get(*key));
        match inner {
            Some(Value::String(text)) => match object(text.trim().as_bytes()) {
                Some(inner) => self.record(&inner, bytes, place, out),
                None => self.cut_short(&record, place, out),
            },
            Some(inner @ Value::Object(_)) => self.record(inner, bytes, place, out),
            _ => {
                let wraps = record.get("properties").is_some_and(Value::is_object) && record.get("category").is_some();
                let inner = record.as_object_mut().filter(|_| wraps).and_then(|members| members.remove("properties"));
                match inner {
                    // What Azure Monitor sends: the record lies within.
                    Some(inner) => {
                        self.whole = Some(record);
                        self.record(&inner, bytes, place, out);
                        self.whole = None;
                    }
                    None => self.record(&record, bytes, place, out),
                }
            }
        }
    }

    fn cut_short(&mut self, columns: &Value, place: Span, out: &mut dyn Sink) {
        self.damage.count(CUT_SHORT, place);
        if let Some(event) = microsoft::cut(columns) {
            self.event(event, columns, b"", place, out);
        }
    }

    fn record(&mut self, v: &Value, raw: &[u8], place: Span, out: &mut dyn Sink) {
        let event = match () {
            () if microsoft::is(v) => microsoft::audit(v),
            () if google::is(v) => {
                let mut all = Vec::new();
                google::activity(v, &mut |event| all.push(event));
                all.into_iter().for_each(|event| self.event(event, v, raw, place, out));
                return;
            }
            () if okta::is(v) => okta::read(v),
            () if entra::is_audit(v) => entra::audit(v),
            () if entra::is_sign_in(v) => entra::sign_in(v),
            () if nextcloud::is(v) => nextcloud::read(v),
            () if small::is_slack(v) => small::slack(v),
            () if small::is_cloudflare(v) => small::cloudflare(v),
            () if small::is_github(v) => small::github(v),
            () if google::is_row(v) => google::row(v),
            () if self.aside => return self.gather.lines.pass(),
            () => {
                let operation = text(v, &["operation", "Operation", "operationName", "action", "eventType", "message"]);
                let program = formats::clip(operation, 80);
                let program = if program.is_empty() { STRANGE } else { program };
                crate::unknown::miss(
                    &mut self.gather.lines,
                    Some(program.as_bytes()),
                    raw,
                    place.start as usize,
                    place.line.saturating_sub(1),
                );
                return;
            }
        };
        self.event(event, v, raw, place, out);
    }

    fn event(&mut self, mut event: Event, record: &Value, raw: &[u8], place: Span, out: &mut dyn Sink) {
        if let Some(ear) = self.hearing.next(out) {
            shown::show(&event, record, self.whole.as_ref(), raw, place, ear);
        }
        if event.id.is_empty() {
            // The record itself tells whether it is the same; of a table, its cells.
            let whole = if raw.is_empty() { record.to_string() } else { String::new() };
            event.id = format!("{:016x}", crate::activity::hash((raw, whole)));
        }
        self.gather.add(event, raw, place, out);
    }
}
