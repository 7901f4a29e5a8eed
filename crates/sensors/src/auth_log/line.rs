//! From one line to what it says: the envelope (syslog of RFC 3164 and RFC 5424, rsyslog's RFC 3339 stamps, journalctl's
//! forms, BusyBox and OpenWrt, programs' own logs), then the program.
//!
//! You may rely on: a line that no program is known to write, and that is not known to be ordinary, is said to be not
//! understood. Left out: syslog's structured data, and any trust in the host's or program's name, which whoever reaches
//! the collector may choose; what is JSON ([`super::json`]).

use super::event::{Meaning, Purpose, cut, leading_number};
use super::stamp::{self, Stamp};
use super::{console, database, exim, ftp, json, mail, ordinary, other, own, pam, sshd, web_login};
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
    Meaning {
        /// When.
        stamp: Stamp,
        /// On which machine; empty where the log does not say.
        host: Cow<'a, [u8]>,
        /// What.
        said: Meaning<'a>,
        /// How often (`message repeated N times`).
        times: u32,
    },
}

impl Line<'_> {
    /// With texts of its own.
    pub fn into_owned(self) -> Line<'static> {
        let own = |text: Cow<[u8]>| Cow::Owned(text.into_owned());
        match self {
            Line::Ordinary => Line::Ordinary,
            Line::Unknown(program) => Line::Unknown(program.map(own)),
            Line::Bad(reason) => Line::Bad(reason),
            Line::Meaning { stamp, host, said, times } => {
                Line::Meaning { stamp, host: own(host), said: said.into_owned(), times }
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
        Some(b'{') => json::parse(line),
        Some(b'<') => priority(line),
        Some(b'0'..=b'9') => numbered(line),
        Some(b'[') => own::bracketed(line),
        Some(b'A'..=b'Z' | b'a'..=b'z' | 0x80..) => worded(line),
        // The line before goes on, a comment, or what `journalctl` says of itself.
        Some(b'\t' | b' ' | b'#') => continued(line),
        Some(b'-') if line.starts_with(b"-- ") => continued(line),
        // A crash leaves blocks of NUL before the next line.
        Some(0) => match line.iter().position(|&b| b != 0) {
            Some(at) => parse(&line[at..]),
            None => Line::Bad("NUL bytes"),
        },
        _ => Line::Bad(NO_HEADER),
    }
}

fn continued(line: &[u8]) -> Line<'_> {
    if line.trim_ascii_start().starts_with(b"Auth: [") {
        let read = other::samba_own(line).map(|(stamp, what)| said(stamp, Cow::Borrowed(b""), what, 1));
        return read.unwrap_or(Line::Unknown(Some(Cow::Borrowed(b"smbd"))));
    }
    match console::last(line) {
        Some(line) => line,
        None if unknown::refuses(line) => Line::Unknown(None),
        None => Line::Ordinary,
    }
}

/// The line that a message is; what the program does not know is not understood.
pub fn said<'a>(stamp: Stamp, host: Cow<'a, [u8]>, said: Meaning<'a>, times: u32) -> Line<'a> {
    match said {
        Meaning::Nothing => Line::Unknown(None),
        Meaning::Ordinary => Line::Ordinary,
        Meaning::Unclear => Line::Bad(UNCLEAR),
        said => Line::Meaning { stamp, host, said, times },
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
    let message = match structured(rest.strip_prefix(b" ").unwrap_or(rest)) {
        Some(message) => message,
        None if speaker(program).is_some() => return Line::Bad(UNCLEAR),
        None => b"",
    };
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

/// Lines that begin with a word: `Mar  7 13:06:56 HOST PROGRAM[PID]: MESSAGE`, the same with the month in another
/// language, `Tue 2026-09-01 10:00:10 CEST …` (journalctl's `short-full`), `Mon Mar  4 10:20:30 2024 …` (vsftpd,
/// OpenWrt), and the few programs' own logs that do.
fn worded(line: &[u8]) -> Line<'_> {
    let none = Cow::Borrowed(&b""[..]);
    if let Some((stamp, rest)) = stamp::rfc3164(line) {
        return after_stamp(stamp, rest);
    }
    if line.starts_with(b"type=") || line.starts_with(b"node=") {
        return own::audit(line);
    }
    if let Some((stamp, rest)) = stamp::asctime(line) {
        let rest = rest.trim_ascii_start();
        return match rest.first() {
            Some(b'[') => said(stamp, none, ftp::vsftpd(rest), 1),
            _ => tagged(stamp, b"", rest).unwrap_or(Line::Unknown(None)),
        };
    }
    let (_, rest) = match cut(line, b" ") {
        Some((word, rest)) if word.len() <= 24 => (word, rest),
        _ => return Line::Bad(NO_HEADER),
    };
    match stamp::iso(rest) {
        Some((stamp, rest)) => after_stamp(stamp, stamp::past_zone(rest)),
        None => console::last(line).unwrap_or(Line::Bad(NO_HEADER)),
    }
}

/// ` HOST PROGRAM[PID]: MESSAGE`, without the host where a program writes its own log; `last message repeated N times`.
fn after_stamp(stamp: Stamp, rest: &[u8]) -> Line<'_> {
    let Some(text) = rest.strip_prefix(b" ") else { return Line::Bad(NO_HEADER) };
    let known = match tag(text).filter(|_| !text.starts_with(b"[")) {
        Some((program, message)) => by_program(stamp, Cow::Borrowed(b""), program, Cow::Borrowed(message)),
        None => match cut(text, b" ") {
            Some((host, rest)) => tagged(stamp, host, rest).unwrap_or_else(|| again(stamp, host, rest)),
            None => Line::Unknown(None),
        },
    };
    match known {
        // Nobody's whose name stands there: a program in a container, or with a log of its own, writes no name.
        Line::Unknown(program) => match own::nameless(text) {
            Meaning::Nothing => Line::Unknown(program),
            what => said(stamp, Cow::Borrowed(b""), what, 1),
        },
        known => known,
    }
}

/// `[FACILITY.LEVEL ]PROGRAM[PID]: MESSAGE`; BusyBox writes the first word.
fn tagged<'a>(stamp: Stamp, host: &'a [u8], rest: &'a [u8]) -> Option<Line<'a>> {
    let facility = |word: &[u8]| {
        let level = cut(word, b".").map(|(_, level)| level);
        level.is_some_and(|l| {
            matches!(l, b"emerg" | b"alert" | b"crit" | b"err" | b"warn" | b"notice" | b"info" | b"debug")
        })
    };
    let rest = match cut(rest, b" ") {
        Some((word, rest)) if facility(word) => rest,
        _ => rest,
    };
    let (program, message) = tag(rest)?;
    Some(by_program(stamp, Cow::Borrowed(host), program, Cow::Borrowed(message)))
}

fn again<'a>(stamp: Stamp, host: &'a [u8], rest: &[u8]) -> Line<'a> {
    let again = rest.strip_prefix(b"last message repeated ").and_then(leading_number);
    match again.filter(|(_, rest)| rest.starts_with(b" time")) {
        Some((times, _)) => said(stamp, Cow::Borrowed(host), Meaning::Again(times), 1),
        None if rest.starts_with(b"-- MARK --") || rest.starts_with(b"--- last message") => Line::Ordinary,
        None => Line::Unknown(None),
    }
}

/// The program's name and its message: `NAME[PID]: …`, `NAME: …`, and ProFTPD's `NAME[PID] HOST (CLIENT): …`.
fn tag(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = rest.iter().take(128).position(|b| matches!(b, b'[' | b':' | b' '))?;
    let (name, after) = (&rest[..end], &rest[end..]);
    let message = match after[0] {
        b'[' => {
            let close = memchr::memchr(b']', &after[..after.len().min(32)])?;
            let message = &after[close + 1..];
            message.strip_prefix(b":").or_else(|| message.strip_prefix(b" ").filter(|_| name == b"proftpd"))?
        }
        // What goes on without a blank is an address.
        b':' if matches!(after.get(1), None | Some(b' ' | b'\t')) => &after[1..],
        _ => return None,
    };
    Some((name, message.strip_prefix(b" ").unwrap_or(message)))
}

/// Says what a program's message says.
type Speaker = for<'a> fn(&'a [u8]) -> Meaning<'a>;

/// The program of a unit, which `journalctl -o with-unit` gives instead: `ssh.service`, `postgresql@15-main.service`.
fn of_unit(name: &[u8]) -> &[u8] {
    match name.strip_suffix(b".service") {
        Some(b"ssh") => b"sshd",
        Some(b"mysql" | b"mariadb") => b"mysqld",
        Some(unit) => cut(unit, b"@").map_or(unit, |(program, _)| program),
        None => name,
    }
}

/// Who knows a program's words.
fn speaker(program: &[u8]) -> Option<Speaker> {
    Some(match program {
        b"sshd" | b"sshd-session" | b"sshd-auth" => sshd::parse,
        b"dropbear" => other::dropbear,
        b"sudo" | b"sudo-rs" => pam::sudo,
        b"su" | b"su-l" => pam::su,
        b"login" => console::login,
        b"utmp" => console::utmp,
        b"smb" | b"smbd" => other::samba,
        b"php-fpm" => other::pfsense,
        b"jellyfin" => other::jellyfin,
        b"endlessh" => other::endlessh,
        b"dovecot" => mail::dovecot,
        b"imapd" | b"imapd-ssl" | b"imaplogin" => |m| mail::courier(Purpose::Imap, m),
        b"pop3d" | b"pop3d-ssl" | b"pop3login" | b"courierpop3login" => |m| mail::courier(Purpose::Pop3, m),
        b"courieresmtpd" | b"esmtpd" => |m| mail::courier(Purpose::Smtp, m),
        b"exim" | b"exim4" => exim::logged,
        b"vsftpd" => ftp::vsftpd,
        b"proftpd" => ftp::proftpd,
        b"pure-ftpd" => ftp::pure,
        b"mysqld" | b"mariadbd" | b"mysqld_safe" => database::mysql,
        b"phpMyAdmin" => web_login::phpmyadmin,
        b"roundcube" => web_login::roundcube,
        b"vaultwarden" | b"bitwarden_rs" => web_login::vaultwarden,
        b"Nextcloud" | b"nextcloud" | b"ownCloud" => web_login::nextcloud,
        _ if program.starts_with(b"postfix") && program.ends_with(b"smtpd") => mail::postfix,
        _ if program.starts_with(b"postgres") => database::postgres,
        _ if program.starts_with(b"wordpress(") || program.starts_with(b"wp(") => web_login::wordpress,
        _ => return None,
    })
}

/// What a program's message says.
pub fn by_program<'a>(stamp: Stamp, host: Cow<'a, [u8]>, program: &'a [u8], message: Cow<'a, [u8]>) -> Line<'a> {
    let message = match message {
        Cow::Borrowed(m) => m,
        // Only messages in JSON are ever escaped; they are read from a copy and their names copied out of it.
        Cow::Owned(m) => return by_program(stamp, Cow::Borrowed(&host), program, Cow::Borrowed(&m)).into_owned(),
    };
    let program = of_unit(program);
    let (message, times) = repeated(message);
    let what = match speaker(program) {
        Some(speak) => speak(message),
        None if message.starts_with(b"pam_") => pam::parse(message, None),
        None => mail::process(program, message),
    };
    match what {
        Meaning::Nothing if ordinary::is_ordinary(program, message) => Line::Ordinary,
        Meaning::Nothing => Line::Unknown(Some(Cow::Borrowed(program))),
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

/// Lines that begin with a number: rsyslog's RFC 3339, PostgreSQL, MySQL and MariaDB, Exim, Joomla, Cowrie, Zeek.
fn numbered(line: &[u8]) -> Line<'_> {
    let none = Cow::Borrowed(&b""[..]);
    let Some((stamp, rest)) = stamp::iso(line) else {
        return match stamp::mysql_short(line) {
            Some((stamp, rest)) => said(stamp, none, database::mysql(rest), 1),
            None => own::zeek(line).unwrap_or(Line::Bad(NO_HEADER)),
        };
    };
    match rest.first() {
        Some(b',') => return said(stamp, none, database::postgres_csv(rest), 1),
        Some(b'\t') if memchr::memchr(b'\t', &rest[1..]).is_some() => {
            return said(stamp, none, web_login::joomla(rest), 1);
        }
        _ => {}
    }
    // MySQL 5.7 and later, MariaDB: `STAMP THREAD [Level] …`.
    let thread = rest.trim_ascii_start();
    let digits = thread.iter().take_while(|b| b.is_ascii_digit()).count();
    let after = thread[digits..].trim_ascii_start();
    if digits > 0 && after.starts_with(b"[") {
        return said(stamp, none, database::mysql(after), 1);
    }
    if line[10] != b'T' && cut(rest, b":  ").is_some() {
        return match database::postgres(rest) {
            Meaning::Nothing if ordinary::is_ordinary(b"postgres", database::message(rest)) => Line::Ordinary,
            Meaning::Nothing => Line::Unknown(Some(Cow::Borrowed(b"postgres"))),
            what => said(stamp, none, what, 1),
        };
    }
    after_stamp(stamp, rest)
}
