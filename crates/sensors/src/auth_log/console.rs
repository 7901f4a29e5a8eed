//! Logins at consoles (`login`), and the records of utmp, wtmp and btmp: as the program unwraps them, and as `last` and
//! `lastb` print them.
//!
//! `btmp` has the tries that were refused. Its lines at a terminal without a name (`ssh:notty`) are how they are known in
//! what `lastb` prints.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last};
use super::line::Line;
use super::stamp;
use std::borrow::Cow;

/// `login`: PAM counts its refusals, these lines tell them again.
pub fn login(message: &[u8]) -> Meaning<'_> {
    let event = |outcome, user, source| Meaning::Event(Event::new(Purpose::Pam, outcome, user, source));
    if let Some(rest) = message.strip_prefix(b"FAILED LOGIN ") {
        let Some((left, why)) = cut_last(rest, b", ") else { return Meaning::Unclear };
        let Some((place, user)) = cut_last(left, b" FOR ").or_else(|| cut_last(left, b" for ")) else {
            return Meaning::Unclear;
        };
        let source = cut_last(place, b" FROM ").map_or(Source::Local, |(_, host)| Source::parse(bare(host)));
        let unknown = memchr::memmem::find(why, b"not known").is_some();
        let Meaning::Event(mut e) = event(Outcome::Echo, bare(user), source) else { return Meaning::Nothing };
        e.invalid = unknown;
        return Meaning::Event(e);
    }
    if let Some(rest) = message.strip_prefix(b"LOGIN ON ") {
        let Some((_, who)) = cut(rest, b" BY ") else { return Meaning::Unclear };
        let (user, source) = match cut(who, b" FROM ") {
            Some((user, host)) => (user, Source::parse(host)),
            None => (who, Source::Local),
        };
        return event(Outcome::Accepted, user, source);
    }
    if message.starts_with(b"ROOT LOGIN") {
        return event(Outcome::Accepted, b"root", Source::Local);
    }
    if message.starts_with(b"pam_") || message.starts_with(b"PAM ") {
        return super::pam::parse(message, None);
    }
    Meaning::Nothing
}

fn bare(text: &[u8]) -> &[u8] {
    text.trim_ascii().strip_prefix(b"'").and_then(|t| t.strip_suffix(b"'")).unwrap_or(text)
}

/// A record: `TYPE user="NAME" line="TERMINAL" host="HOST" addr=ADDRESS`, texts as JSON.
pub fn utmp(message: &[u8]) -> Meaning<'_> {
    let Some((kind, rest)) = cut(message, b" user=") else { return Meaning::Nothing };
    let Some((user, rest)) = quoted(rest) else { return Meaning::Unclear };
    let Some((terminal, rest)) = rest.strip_prefix(b" line=").and_then(quoted) else { return Meaning::Unclear };
    let Some((host, rest)) = rest.strip_prefix(b" host=").and_then(quoted) else { return Meaning::Unclear };
    // A terminal that waits for a name is no try (utmp(5): LOGIN_PROCESS, USER_PROCESS).
    let outcome = match kind {
        b"6" if user != "LOGIN" => Outcome::Failed,
        b"7" => Outcome::Accepted,
        _ => return Meaning::Ordinary,
    };
    let address = rest.strip_prefix(b" addr=").map_or(Source::Unknown, Source::parse);
    let source = match (address, host.as_str()) {
        (Source::Unknown, "" | ":0" | ":1") => Source::Local,
        (Source::Unknown, host) => Source::parse(host.as_bytes()),
        (address, _) => address,
    };
    let service = service(terminal.as_bytes(), source);
    Meaning::Event(Event { user: Cow::Owned(user.into_bytes()), ..Event::new(service, outcome, b"", source) })
}

/// A remote terminal is sshd's, where `ftp` is not written.
fn service(terminal: &[u8], source: Source) -> Purpose {
    match source {
        _ if terminal.starts_with(b"ssh") => Purpose::Ssh,
        _ if terminal.starts_with(b"ftp") => Purpose::Ftp,
        Source::Local => Purpose::Pam,
        _ => Purpose::Ssh,
    }
}

fn quoted(text: &[u8]) -> Option<(String, &[u8])> {
    let mut all = serde_json::Deserializer::from_slice(text).into_iter::<String>();
    let value = all.next()?.ok()?;
    let end = all.byte_offset();
    Some((value, &text[end..]))
}

/// A line of `last` or `lastb`: `NAME TERMINAL [HOST] Tue Sep  1 10:00[:10 2026] - …`; nothing where it is none.
pub fn last(line: &[u8]) -> Option<Line<'_>> {
    let words: Vec<&[u8]> = line.split(|&b| b == b' ').filter(|w| !w.is_empty()).take(12).collect();
    let day = |w: &&[u8]| matches!(*w, b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun");
    let at = words.iter().position(day)?;
    let stamp = stamp::of_last(words.get(at + 1..)?)?;
    let ends = words
        .get(at + 4..)
        .is_some_and(|rest| rest.contains(&&b"-"[..]) || rest.contains(&&b"still"[..]) || rest.contains(&&b"gone"[..]));
    let begins = words[0].ends_with(b"wtmp") || words[0].ends_with(b"btmp");
    if begins || matches!(words[0], b"reboot" | b"shutdown" | b"runlevel") {
        return Some(Line::Ordinary);
    }
    if !ends || !(1..=3).contains(&at) {
        return None;
    }
    // A refused try may have no name.
    let (user, rest) = if line.starts_with(b" ") { (&b""[..], &words[..at]) } else { (words[0], &words[1..at]) };
    let terminal = *rest.first()?;
    let source = rest.get(1).map_or(Source::Local, |host| Source::parse(host));
    let outcome = if terminal.ends_with(b":notty") { Outcome::Failed } else { Outcome::Accepted };
    let event = Event::new(service(terminal, source), outcome, user, source);
    Some(Line::Meaning { stamp, host: Cow::Borrowed(b""), said: Meaning::Event(event), times: 1 })
}
