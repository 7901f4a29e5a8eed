//! Lines that are JSON: journald's export, and the logs of Nextcloud, PostgreSQL (`jsonlog`), Cowrie and Zeek.
//!
//! You may rely on: what an object is of is told by keys that only its program writes. Left out: fields that no login
//! needs; a password that a decoy wrote down is never read.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut};
use super::line::{Line, by_program, said};
use super::stamp::{self, Stamp};
use super::{database, ordinary, web_login};
use crate::unknown;
use serde::Deserialize;
use std::borrow::Cow;

/// Reads a line that begins as an object.
pub fn parse(line: &[u8]) -> Line<'_> {
    let has = |key: &[u8]| memchr::memmem::find(line, key).is_some();
    match () {
        _ if has(b"\"__REALTIME_TIMESTAMP\"") => journal(line),
        _ if has(b"\"eventid\"") && has(b"\"cowrie.") => object(line, cowrie),
        _ if has(b"\"remoteAddr\"") && has(b"\"reqId\"") => object(line, nextcloud),
        _ if has(b"\"error_severity\"") => object(line, postgres),
        _ if has(b"\"id.orig_h\"") && (has(b"\"auth_attempts\"") || has(b"\"auth_success\"")) => object(line, zeek),
        _ => Line::Bad("JSON line without a stamp"),
    }
}

/// Reads an object by what it may hold.
fn object<'a, T: Deserialize<'a>>(line: &'a [u8], read: fn(T) -> Option<Line<'a>>) -> Line<'a> {
    match serde_json::from_slice::<T>(line) {
        Ok(object) => read(object).unwrap_or(Line::Bad("JSON line without a stamp")),
        Err(_) => Line::Bad("JSON cannot be read"),
    }
}

fn time(text: &str) -> Option<Stamp> {
    stamp::iso(text.as_bytes()).map(|(stamp, _)| stamp)
}

/// An event whose name is the object's own.
fn event(service: Purpose, outcome: Outcome, user: Option<String>, source: Source) -> Event<'static> {
    let user = Cow::Owned(user.unwrap_or_default().into_bytes());
    Event { user, ..Event::new(service, outcome, b"", source) }
}

fn address(text: Option<&str>) -> Source {
    text.map_or(Source::Unknown, |text| Source::parse(text.as_bytes()))
}

#[derive(Deserialize)]
struct Nextcloud<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
}

fn nextcloud(entry: Nextcloud) -> Option<Line> {
    let message = entry.message.unwrap_or_default();
    Some(match web_login::nextcloud(message.as_bytes()) {
        Meaning::Nothing if !unknown::refuses(message.as_bytes()) => Line::Ordinary,
        what => said(time(&entry.time)?, Cow::Borrowed(b""), what, 1).into_owned(),
    })
}

#[derive(Deserialize)]
struct Cowrie<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    eventid: Cow<'a, str>,
    #[serde(borrow)]
    src_ip: Option<Cow<'a, str>>,
    username: Option<String>,
    #[serde(borrow)]
    sensor: Option<Cow<'a, str>>,
}

/// A decoy lets in whom it likes: that it did is no account's loss, and counts as a try.
fn cowrie(entry: Cowrie) -> Option<Line> {
    let outcome = match &*entry.eventid {
        "cowrie.login.failed" | "cowrie.login.success" => Outcome::Failed,
        "cowrie.session.connect" => Outcome::Probe,
        _ => return Some(Line::Ordinary),
    };
    let mut event = event(Purpose::Ssh, outcome, entry.username, address(entry.src_ip.as_deref())).by("password");
    if outcome == Outcome::Probe {
        event.method = "refused";
    }
    let host = Cow::Owned(entry.sensor.unwrap_or_default().into_owned().into_bytes());
    Some(said(time(&entry.timestamp)?, host, Meaning::Event(event), 1))
}

#[derive(Deserialize)]
struct Postgres<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    error_severity: Cow<'a, str>,
    #[serde(borrow)]
    remote_host: Option<Cow<'a, str>>,
    pid: Option<u32>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
}

fn postgres(entry: Postgres) -> Option<Line> {
    let message = entry.message.unwrap_or_default();
    let source = address(entry.remote_host.as_deref());
    let what = match &*entry.error_severity {
        "FATAL" | "LOG" => database::postgres_said(message.as_bytes(), source, entry.pid).into_owned(),
        _ => Meaning::Ordinary,
    };
    Some(match what {
        Meaning::Nothing if ordinary::is_ordinary(b"postgres", message.as_bytes()) => Line::Ordinary,
        Meaning::Nothing => Line::Unknown(Some(Cow::Borrowed(b"postgres"))),
        what => said(time(&entry.timestamp)?, Cow::Borrowed(b""), what, 1).into_owned(),
    })
}

#[derive(Deserialize)]
struct Zeek<'a> {
    ts: serde_json::Value,
    #[serde(rename = "id.orig_h", borrow)]
    source: Cow<'a, str>,
    auth_success: Option<bool>,
    auth_attempts: Option<u32>,
}

fn zeek(entry: Zeek) -> Option<Line> {
    let stamp = match &entry.ts {
        serde_json::Value::Number(n) => stamp::epoch(n.to_string().as_bytes())?,
        serde_json::Value::String(text) => time(text).or_else(|| stamp::epoch(text.as_bytes()))?,
        _ => return None,
    };
    let event = super::own::seen(Source::parse(entry.source.as_bytes()), entry.auth_success, entry.auth_attempts);
    Some(said(stamp, Cow::Borrowed(b""), Meaning::Event(event), 1))
}

/// journald's JSON export, one object a line (`journalctl -o json`).
fn journal(line: &[u8]) -> Line<'_> {
    // Inside a string every quote is escaped, so this cannot be met within a message.
    const NAME: &[u8] = b"\"SYSLOG_IDENTIFIER\":\"";
    if let Some((_, rest)) = cut(line, NAME)
        && let Some((program, _)) = cut(rest, b"\"")
        && ordinary::is_silent(program)
        && !unknown::refuses(line)
    {
        return Line::Ordinary;
    }
    let Ok(entry) = serde_json::from_slice::<Entry>(line) else { return Line::Bad("JSON cannot be read") };
    let Some(micros) = entry.stamp.and_then(|s| s.parse::<i64>().ok()) else {
        return Line::Bad("JSON line without a stamp");
    };
    let message = match entry.message {
        Some(Message::Text(text)) => match text {
            Cow::Borrowed(t) => Cow::Borrowed(t.as_bytes()),
            Cow::Owned(t) => Cow::Owned(t.into_bytes()),
        },
        Some(Message::Bytes(bytes)) => Cow::Owned(bytes),
        _ => return Line::Ordinary,
    };
    let host = match entry.host {
        Some(Cow::Borrowed(h)) => Cow::Borrowed(h.as_bytes()),
        Some(Cow::Owned(h)) => Cow::Owned(h.into_bytes()),
        None => Cow::Borrowed(&b""[..]),
    };
    let stamp = Stamp::Instant(model::Time(micros));
    match entry.program.unwrap_or_default() {
        Cow::Borrowed(program) => by_program(stamp, host, program.as_bytes(), message),
        Cow::Owned(program) => by_program(stamp, host, program.as_bytes(), message).into_owned(),
    }
}

#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(rename = "__REALTIME_TIMESTAMP", borrow)]
    stamp: Option<Cow<'a, str>>,
    #[serde(rename = "_HOSTNAME", borrow)]
    host: Option<Cow<'a, str>>,
    #[serde(rename = "SYSLOG_IDENTIFIER", borrow)]
    program: Option<Cow<'a, str>>,
    #[serde(rename = "MESSAGE", borrow)]
    message: Option<Message<'a>>,
}

/// A message that is not UTF-8 comes as an array of its bytes.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Message<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
    Else(serde::de::IgnoredAny),
}
