//! Logs that are a program's own, without syslog's envelope: Roundcube, Vaultwarden, Jellyfin, Samba, auditd, Cowrie's text, Zeek, and
//! lines of programs that write no name of theirs (Exim, sshd and Dovecot in containers).

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, leading_number};
use super::line::{Line, said};
use super::{exim, other, sshd, stamp, web_login};
use crate::unknown;
use std::borrow::Cow;

/// `[01-Sep-2026 17:10:10 +0300]: …` (Roundcube), `[2026-09-01 20:37:10.887][TARGET][LEVEL] …` (Vaultwarden),
/// `[2026-09-01 20:37:10.887 +02:00] [INF] [16] TARGET: …` (Jellyfin), `[2026/09/01 20:37:10.887,  2] FILE(FUNCTION)` (Samba, the
/// heading of what follows).
pub fn bracketed(line: &[u8]) -> Line<'_> {
    const NO_STAMP: &str = "not a line of a login log";
    let Some((inside, rest)) = cut(&line[1..], b"]") else { return Line::Bad(NO_STAMP) };
    let none = Cow::Borrowed(&b""[..]);
    let ordinary = |what: Meaning<'_>| matches!(what, Meaning::Nothing) && !unknown::refuses(line);
    if let Some(stamp) = stamp::day_first(inside) {
        let what = web_login::roundcube(rest.strip_prefix(b": ").unwrap_or(rest));
        return if ordinary(what.clone()) { Line::Ordinary } else { said(stamp, none, what, 1) };
    }
    let stamped = stamp::iso(inside).filter(|(_, rest)| rest.is_empty());
    let message = rest.strip_prefix(b"[").and_then(|r| cut(r, b"][")).and_then(|(_, r)| cut(r, b"] "));
    match (stamped, message) {
        (Some((stamp, _)), Some((_, message))) => {
            let what = web_login::vaultwarden(message);
            if ordinary(what.clone()) { Line::Ordinary } else { said(stamp, none, what, 1) }
        }
        (Some((stamp, _)), None) if rest.starts_with(b" [") => match other::jellyfin(rest) {
            what if ordinary(what.clone()) => Line::Ordinary,
            what => said(stamp, none, what, 1),
        },
        (None, None) if is_heading(inside) => Line::Ordinary,
        _ => Line::Bad(NO_STAMP),
    }
}

/// `2026/09/01 20:37:10.887,  2`, and what Samba may add behind it.
fn is_heading(inside: &[u8]) -> bool {
    let digits = |at: &[usize]| at.iter().all(|&n| inside.get(n).is_some_and(u8::is_ascii_digit));
    digits(&[0, 3, 5, 6, 8, 9, 11, 12]) && inside[4] == b'/' && inside[7] == b'/' && cut(inside, b",  ").is_some()
}

/// What a message says whose program is not written.
pub fn nameless(text: &[u8]) -> Meaning<'_> {
    if text.starts_with(b"[") {
        return match cowrie(text) {
            Meaning::Nothing => exim::parse(text),
            said => said,
        };
    }
    match sshd::parse(text) {
        Meaning::Nothing | Meaning::Unclear => match exim::parse(text) {
            Meaning::Nothing if super::ordinary::begins(b"sshd", text) => Meaning::Ordinary,
            said => said,
        },
        said => said,
    }
}

/// Cowrie's text log: `[SESSION,N,ADDRESS] login attempt [b'NAME'/b'…'] failed`. A decoy lets in whom it likes; the
/// password is not read.
fn cowrie(text: &[u8]) -> Meaning<'_> {
    let Some((session, message)) = text.strip_prefix(b"[").and_then(|rest| cut(rest, b"] ")) else {
        return Meaning::Nothing;
    };
    let ours =
        [&b"HoneyPot"[..], b"Cowrie", b"cowrie"].iter().any(|name| memchr::memmem::find(session, name).is_some());
    if !ours {
        return Meaning::Nothing;
    }
    if let Some(rest) = message.strip_prefix(b"login attempt [") {
        let address = session.rsplit(|&b| b == b',').next().unwrap_or(session);
        let Some((user, _)) = cut(rest, b"/") else { return Meaning::Unclear };
        let user = user.strip_prefix(b"b'").and_then(|u| u.strip_suffix(b"'")).unwrap_or(user);
        return Meaning::Event(Event::new(Purpose::Ssh, Outcome::Failed, user, Source::parse(address)).by("password"));
    }
    if let Some(rest) = message.strip_prefix(b"New connection: ") {
        let place = rest.split(|&b| b == b' ').next().unwrap_or(rest);
        let address = super::event::cut_last(place, b":").map_or(place, |(address, _)| address);
        return Meaning::Event(Event::new(Purpose::Ssh, Outcome::Probe, b"", Source::parse(address)).by("refused"));
    }
    Meaning::Ordinary
}

/// A login that Zeek saw: whether it succeeded, if Zeek could tell, and after how many tries.
pub fn seen(source: Source, success: Option<bool>, tries: Option<u32>) -> Event<'static> {
    let outcome = match (success, tries) {
        (Some(true), _) => Outcome::Accepted,
        (Some(false), _) | (None, Some(1..)) => Outcome::Failed,
        (None, _) => Outcome::Probe,
    };
    let count = if outcome == Outcome::Failed { tries.unwrap_or(1).max(1) } else { 1 };
    Event::new(Purpose::Ssh, outcome, b"", source).times(count)
}

/// Zeek's `ssh.log` by tabs: `ts uid id.orig_h id.orig_p id.resp_h id.resp_p version auth_success auth_attempts …`.
pub fn zeek(line: &[u8]) -> Option<Line<'_>> {
    let words: Vec<&[u8]> = line.split(|&b| b == b'\t').take(10).collect();
    let &[ts, _, source, port, _, _, version, success, tries, ..] = &words[..] else { return None };
    let sound = matches!(version, b"1" | b"2" | b"-") && port.iter().all(u8::is_ascii_digit);
    let success = match success {
        b"T" => Some(true),
        b"F" => Some(false),
        b"-" => None,
        _ => return None,
    };
    let tries = leading_number(tries).map(|(n, _)| n);
    let stamp = stamp::epoch(ts).filter(|_| sound)?;
    let event = seen(Source::parse(source), success, tries);
    Some(said(stamp, Cow::Borrowed(b""), Meaning::Event(event), 1))
}

/// auditd: `type=USER_AUTH msg=audit(SECONDS:SERIAL): … acct="NAME" exe="PROGRAM" hostname=… addr=ADDRESS … res=failed`.
/// PAM's authentication is the count of refusals, the login that follows it that of acceptances; what else is written
/// of the same try is an echo.
pub fn audit(line: &[u8]) -> Line<'_> {
    let (host, text) = match line.strip_prefix(b"node=").and_then(|rest| cut(rest, b" ")) {
        Some((host, rest)) => (host, rest),
        None => (&b""[..], line),
    };
    let Some((kind, rest)) = text.strip_prefix(b"type=").and_then(|rest| cut(rest, b" msg=audit(")) else {
        return Line::Bad("not a line of a login log");
    };
    let Some((stamp, rest)) = cut(rest, b"): ").and_then(|(at, rest)| Some((stamp::epoch(cut(at, b":")?.0)?, rest)))
    else {
        return Line::Bad("stamp cannot be read");
    };
    // What the kernel and its rules tell is of files and calls.
    if !matches!(kind, b"USER_AUTH" | b"USER_LOGIN" | b"USER_ERR") {
        return Line::Ordinary;
    }
    let failed = field(rest, b" res=").is_some_and(|r| r.starts_with(b"failed"));
    let of_pam = memchr::memmem::find(rest, b"op=PAM:authentication").is_some();
    let outcome = match (kind, failed) {
        (b"USER_AUTH", true) if of_pam => Outcome::Failed,
        (b"USER_LOGIN", false) => Outcome::Accepted,
        (_, true) => Outcome::Echo,
        _ => return Line::Ordinary,
    };
    let program = field(rest, b" exe=").unwrap_or_default();
    let program = program.rsplit(|b| matches!(b, b'/')).next().unwrap_or_default();
    let source = match field(rest, b" addr=") {
        Some(b"?") | None => match field(rest, b" hostname=") {
            Some(b"?") | None => Source::Local,
            Some(host) => Source::parse(host),
        },
        Some(address) => Source::parse(address),
    };
    let service = match program {
        b"sshd" | b"sshd-session" | b"sshd-auth" => Purpose::Ssh,
        b"sudo" => Purpose::Sudo,
        b"su" => Purpose::Su,
        b"vsftpd" | b"proftpd" | b"pure-ftpd" => Purpose::Ftp,
        b"auth" | b"dovecot" => Purpose::Imap,
        b"saslauthd" | b"smtpd" => Purpose::Smtp,
        _ => Purpose::Pam,
    };
    // Who is not known by name is not named.
    let user = match field(rest, b" acct=").unwrap_or_default() {
        b"(unknown)" | b"?" => Cow::Borrowed(&b""[..]),
        name if field_is_hex(rest, name) => Cow::Owned(hex(name)),
        name => Cow::Borrowed(name),
    };
    let event = Event { user, ..Event::new(service, outcome, b"", source) };
    said(stamp, Cow::Borrowed(host), Meaning::Event(event), 1)
}

/// A field's value, without its quotes. auditd quotes what holds no blank, quote or control and writes the rest as
/// hexadecimal digits, so that no value can hold a field.
fn field<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (_, rest) = cut(text, name)?;
    match rest.strip_prefix(b"\"") {
        Some(rest) => cut(rest, b"\"").map(|(value, _)| value),
        None => rest.split(|b| matches!(b, b' ' | b'\'' | 0x1d)).next(),
    }
}

fn field_is_hex(text: &[u8], value: &[u8]) -> bool {
    let quoted = [b" acct=\"", value].concat();
    value.len() >= 2
        && value.len().is_multiple_of(2)
        && value.iter().all(u8::is_ascii_hexdigit)
        && cut(text, &quoted).is_none()
}

fn hex(value: &[u8]) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).unwrap_or(0) as u8;
    value.chunks_exact(2).map(|c| digit(c[0]) << 4 | digit(c[1])).collect()
}
