//! From one line to what it says: the envelope (syslog of RFC 3164 and RFC 5424, rsyslog's RFC 3339 stamps, journald's
//! JSON, the databases' and vsftpd's own logs), then the program.
//!
//! You may rely on: a line of another program costs a few comparisons and nothing else. Left out: syslog's structured
//! data, and any trust in the host's or program's name, which whoever reaches the collector may choose.

use super::event::{Said, cut, leading_number};
use super::stamp::{self, Stamp};
use super::{database, ftp, mail, ordinary, other, pam, sshd};
use crate::unknown;
use std::borrow::Cow;

/// What became of a line.
pub enum Line<'a> {
    /// Understood, and not about logins.
    Ordinary,
    /// Well formed, and not understood; of this program, where that is known.
    Unknown(Option<Cow<'a, [u8]>>),
    /// Cannot be read, for this reason.
    Bad(&'static str),
    /// Says something.
    Said {
        /// When.
        stamp: Stamp,
        /// On which machine; empty where the log does not say.
        host: Cow<'a, [u8]>,
        /// What.
        said: Said<'a>,
        /// How often (`message repeated N times`).
        times: u32,
    },
}

impl Line<'_> {
    /// With texts of its own.
    fn into_owned(self) -> Line<'static> {
        let own = |text: Cow<[u8]>| Cow::Owned(text.into_owned());
        match self {
            Line::Ordinary => Line::Ordinary,
            Line::Unknown(program) => Line::Unknown(program.map(own)),
            Line::Bad(reason) => Line::Bad(reason),
            Line::Said { stamp, host, said, times } => {
                Line::Said { stamp, host: own(host), said: said.into_owned(), times }
            }
        }
    }
}

const NO_HEADER: &str = "not a line of a login log";
const UNCLEAR: &str = "login line cut short or unknown";

/// Reads a line without its end.
pub fn parse(line: &[u8]) -> Line<'_> {
    match line.first() {
        None => Line::Ordinary,
        // The line before goes on, or a comment.
        Some(b'\t' | b' ' | b'#') if !unknown::refuses(line) => Line::Ordinary,
        Some(b'\t' | b' ' | b'#') => Line::Unknown(None),
        Some(b'{') => journal(line),
        Some(b'<') => priority(line),
        Some(b'A'..=b'Z') => named_month(line),
        Some(b'0'..=b'9') => numbered(line),
        // A crash leaves blocks of NUL before the next line.
        Some(0) => match line.iter().position(|&b| b != 0) {
            Some(at) => parse(&line[at..]),
            None => Line::Bad("NUL bytes"),
        },
        _ => Line::Bad(NO_HEADER),
    }
}

fn said<'a>(stamp: Stamp, host: Cow<'a, [u8]>, said: Said<'a>, times: u32) -> Line<'a> {
    match said {
        Said::Nothing => Line::Unknown(None),
        Said::Ordinary => Line::Ordinary,
        Said::Unclear => Line::Bad(UNCLEAR),
        said => Line::Said { stamp, host, said, times },
    }
}

/// `<PRI>` and, after it, RFC 5424's version or an RFC 3164 stamp.
fn priority(line: &[u8]) -> Line<'_> {
    let Some((_, rest)) = leading_number(&line[1..]) else { return Line::Bad(NO_HEADER) };
    match rest.strip_prefix(b">") {
        Some([b'1', b' ', rest @ ..]) => rfc5424(rest),
        Some(rest) if !rest.starts_with(b"<") && !rest.starts_with(b"{") => parse(rest),
        _ => Line::Bad(NO_HEADER),
    }
}

/// RFC 5424 after the version: `STAMP HOST APP PROCID MSGID STRUCTURED-DATA MESSAGE`.
fn rfc5424(rest: &[u8]) -> Line<'_> {
    let Some((stamp, rest)) = stamp::iso(rest) else { return Line::Bad("stamp cannot be read") };
    let mut words = [&b""[..]; 4];
    let mut rest = rest;
    for word in &mut words {
        let Some(r) = rest.strip_prefix(b" ") else { return Line::Bad(NO_HEADER) };
        let end = memchr::memchr(b' ', r).unwrap_or(r.len());
        (*word, rest) = (&r[..end], &r[end..]);
    }
    let [host, program, ..] = words;
    if !speaks(program) {
        return unspoken(program, rest);
    }
    let Some(message) = structured(rest.strip_prefix(b" ").unwrap_or(rest)) else { return Line::Bad(UNCLEAR) };
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    by_program(stamp, Cow::Borrowed(host), program, Cow::Borrowed(message))
}

/// Passes over the structured data (RFC 5424 6.3): `-` or elements in brackets, where `\]` and quotes hide brackets.
fn structured(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = text.strip_prefix(b"-") {
        return Some(rest.strip_prefix(b" ").unwrap_or(rest));
    }
    let (mut quoted, mut escaped, mut inside) = (false, false, false);
    for (i, &b) in text.iter().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' if !quoted => inside = true,
            b']' if !quoted => inside = false,
            b' ' if !quoted && !inside => return Some(&text[i + 1..]),
            // What does not begin as structured data is the message (some relays leave the field out).
            _ if !inside => return Some(text),
            _ => {}
        }
    }
    None
}

/// `Mar  7 13:06:56 HOST PROGRAM[PID]: MESSAGE`, or vsftpd's own `Mon Mar  4 10:20:30 2024 [pid 7] …`.
fn named_month(line: &[u8]) -> Line<'_> {
    if let Some((stamp, rest)) = stamp::rfc3164(line) {
        return after_stamp(stamp, rest);
    }
    match stamp::asctime(line) {
        Some((stamp, rest)) => said(stamp, Cow::Borrowed(b""), ftp::vsftpd(rest.trim_ascii_start()), 1),
        None => Line::Bad(NO_HEADER),
    }
}

/// ` HOST PROGRAM[PID]: MESSAGE`; `message repeated N times: [ MESSAGE]` and `last message repeated N times`.
fn after_stamp(stamp: Stamp, rest: &[u8]) -> Line<'_> {
    let Some(rest) = rest.strip_prefix(b" ") else { return Line::Bad(NO_HEADER) };
    let Some(end) = memchr::memchr(b' ', rest) else { return Line::Bad(NO_HEADER) };
    let (host, rest) = (&rest[..end], &rest[end + 1..]);
    if let Some((tag, message)) = tag(rest) {
        return match speaks(tag) || message.starts_with(b"pam_") {
            true => by_program(stamp, Cow::Borrowed(host), tag, Cow::Borrowed(message)),
            false => unspoken(tag, message),
        };
    }
    let again = rest.strip_prefix(b"last message repeated ").and_then(leading_number);
    match again.filter(|(_, rest)| rest.starts_with(b" time")) {
        Some((times, _)) => said(stamp, Cow::Borrowed(host), Said::Again(times), 1),
        None if rest.starts_with(b"--- last message repeated") || rest.starts_with(b"-- MARK --") => Line::Ordinary,
        None => Line::Unknown(None),
    }
}

/// A line of a program whose words we do not know.
fn unspoken<'a>(program: &'a [u8], message: &[u8]) -> Line<'a> {
    match ordinary::is_ordinary(program, message) {
        true => Line::Ordinary,
        false => Line::Unknown(Some(Cow::Borrowed(program))),
    }
}

/// The program's name and its message.
fn tag(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = rest.iter().take(128).position(|b| matches!(b, b'[' | b':' | b' '))?;
    let (name, after) = (&rest[..end], &rest[end..]);
    let message = match after[0] {
        b'[' => {
            let close = memchr::memchr(b']', &after[..after.len().min(32)])?;
            after[close + 1..].strip_prefix(b":")?
        }
        b':' => &after[1..],
        _ => return None,
    };
    Some((name, message.strip_prefix(b" ").unwrap_or(message)))
}

/// Whether we know a program's words.
pub fn speaks(program: &[u8]) -> bool {
    match program.first() {
        Some(b's') => {
            matches!(program, b"sshd" | b"sshd-session" | b"sshd-auth" | b"sudo" | b"su" | b"su-l" | b"smb" | b"smbd")
        }
        Some(b'p') => program.starts_with(b"postfix") || program.starts_with(b"postgres") || program == b"php-fpm",
        Some(b'd') => program == b"dovecot",
        Some(b'v') => program == b"vsftpd",
        Some(b'j') => program == b"jellyfin",
        Some(b'e') => program == b"endlessh",
        Some(b'm') => matches!(program, b"mysqld" | b"mariadbd"),
        _ => false,
    }
}

/// What a program's message says.
fn by_program<'a>(stamp: Stamp, host: Cow<'a, [u8]>, program: &'a [u8], message: Cow<'a, [u8]>) -> Line<'a> {
    let message = match message {
        Cow::Borrowed(m) => m,
        // Only messages in JSON are ever escaped; they are read from a copy and their names copied out of it.
        Cow::Owned(m) => return by_program(stamp, Cow::Borrowed(&host), program, Cow::Borrowed(&m)).into_owned(),
    };
    let (message, times) = repeated(message);
    let what = match program.first() {
        Some(b's') if program.starts_with(b"sshd") => sshd::parse(message),
        Some(b's') if program == b"sudo" => pam::sudo(message),
        Some(b's') if program.starts_with(b"smb") => other::samba(message),
        Some(b'p') if program == b"php-fpm" => other::pfsense(message),
        Some(b'j') if program == b"jellyfin" => other::jellyfin(message),
        Some(b'e') if program == b"endlessh" => other::endlessh(message),
        Some(b's') if program.starts_with(b"su") => pam::su(message),
        Some(b'p') if program.starts_with(b"postfix") => match program.ends_with(b"smtpd") {
            true => mail::postfix(message),
            false => Said::Nothing,
        },
        Some(b'p') if program.starts_with(b"postgres") => database::postgres(message),
        Some(b'd') if program == b"dovecot" => mail::dovecot(message),
        Some(b'v') if program == b"vsftpd" => ftp::vsftpd(message),
        Some(b'm') if matches!(program, b"mysqld" | b"mariadbd") => database::mysql(message),
        _ => pam::parse(message, None),
    };
    match what {
        Said::Nothing => unspoken(program, message),
        what => said(stamp, host, what, times),
    }
}

/// `message repeated 5 times: [ MESSAGE]`, as rsyslog writes.
fn repeated(message: &[u8]) -> (&[u8], u32) {
    let told = message.strip_prefix(b"message repeated ").and_then(leading_number);
    let inner = told.and_then(|(n, rest)| Some((n, rest.strip_prefix(b" times: [")?)));
    match inner {
        Some((times, inner)) => (inner.strip_suffix(b"]").unwrap_or(inner).trim_ascii_start(), times),
        None => (message, 1),
    }
}

/// Lines that begin with a number: rsyslog's RFC 3339, PostgreSQL, MySQL and MariaDB.
fn numbered(line: &[u8]) -> Line<'_> {
    let none = Cow::Borrowed(&b""[..]);
    let Some((stamp, rest)) = stamp::iso(line) else {
        return match stamp::mysql_short(line) {
            Some((stamp, rest)) => said(stamp, none, database::mysql(rest), 1),
            None => Line::Bad(NO_HEADER),
        };
    };
    if rest.starts_with(b",") {
        return said(stamp, none, database::postgres_csv(rest), 1);
    }
    // MySQL 5.7 and later, MariaDB: `STAMP THREAD [Level] …`.
    let thread = rest.trim_ascii_start();
    if let Some((_, after)) = leading_number(thread)
        && after.trim_ascii_start().starts_with(b"[")
    {
        return said(stamp, none, database::mysql(after), 1);
    }
    if line[10] == b'T' {
        return after_stamp(stamp, rest);
    }
    if cut(rest, b":  ").is_some() {
        return said(stamp, none, database::postgres(rest), 1);
    }
    after_stamp(stamp, rest)
}

/// journald's JSON export, one object a line (`journalctl -o json`).
fn journal(line: &[u8]) -> Line<'_> {
    // Inside a string every quote is escaped, so this cannot be met within a message.
    const NAME: &[u8] = b"\"SYSLOG_IDENTIFIER\":\"";
    if let Some((_, rest)) = cut(line, NAME)
        && let Some((program, _)) = cut(rest, b"\"")
        && !speaks(program)
        && memchr::memmem::find(line, b"\"MESSAGE\":\"pam_").is_none()
    {
        return unspoken(program, line);
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
