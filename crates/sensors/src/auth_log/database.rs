//! Databases' lines: PostgreSQL (standard error and CSV) and MySQL or MariaDB.
//!
//! A role's or user's name is the client's choice and may quote whole log lines. Where a line can be read in two ways
//! its source is unknown. PostgreSQL tells where a connection comes from in a line of its own, joined by the process
//! number; a piece of evidence that begins after that line does not know the source. In PostgreSQL's CSV a name may hold
//! a line break; lines are read one by one all the same, because names end at 63 bytes (NAMEDATALEN), too few to forge a
//! whole line.

use super::event::{Event, Meaning, Outcome, Purpose, Source, cut, cut_last, leading_number};
use model::Address;
use std::borrow::Cow;

/// PostgreSQL's standard error after the stamp: the prefix (`log_line_prefix`), a severity, the message.
pub fn postgres(line: &[u8]) -> Meaning<'_> {
    let found = [&b"FATAL:  "[..], b"LOG:  "].iter().filter_map(|level| cut(line, level)).min_by_key(|(p, _)| p.len());
    let Some((prefix, message)) = found else {
        // Of other severities, what is said is of statements.
        let levels = [
            &b"ERROR:  "[..],
            b"STATEMENT:  ",
            b"DETAIL:  ",
            b"HINT:  ",
            b"WARNING:  ",
            b"CONTEXT:  ",
            b"NOTICE:  ",
            b"PANIC:  ",
            b"QUERY:  ",
        ];
        let other = levels.iter().any(|level| memchr::memmem::find(line, level).is_some());
        return if other { Meaning::Ordinary } else { Meaning::Nothing };
    };
    let (process, mut source) = prefix_of(prefix);
    // A name in the prefix or in the message that quotes a line like this one.
    let twice = [&b"FATAL:  "[..], b"LOG:  "].iter().any(|l| memchr::memmem::find(message, l).is_some());
    if twice {
        source = Source::Unknown;
    } else if source == Source::Unknown {
        source = process.map_or(Source::Unknown, Source::Process);
    }
    let connection = |address| process.filter(|_| !twice).map_or(Meaning::Nothing, |p| Meaning::Connection(p, address));
    postgres_message(message, source, twice, connection)
}

fn postgres_message<'a>(
    message: &'a [u8],
    source: Source,
    twice: bool,
    connection: impl FnOnce(Address) -> Meaning<'a>,
) -> Meaning<'a> {
    let event = |outcome, user, source| Event::new(Purpose::Postgresql, outcome, user, source);
    if let Some(rest) = message.strip_prefix(b"connection received: host=") {
        let host = rest.split(|&b| b == b' ').next().unwrap_or(rest);
        return Address::parse(host).map_or(Meaning::Nothing, connection);
    }
    if let Some(rest) = message.strip_prefix(b"connection authorized: user=") {
        let user = cut(rest, b" database=").or_else(|| cut(rest, b" application_name=")).map_or(rest, |(user, _)| user);
        return Meaning::Event(event(Outcome::Accepted, user, source));
    }
    for start in [&b"no pg_hba.conf entry for host \""[..], b"pg_hba.conf rejects connection for host \""] {
        let Some(rest) = message.strip_prefix(start) else { continue };
        // The host stands before anything the client says.
        let Some((host, rest)) = cut(rest, b"\", user \"") else { return Meaning::Unclear };
        let user = cut_last(rest, b"\", database \"").map_or(rest, |(user, _)| user);
        let source = if twice { Source::Unknown } else { Source::parse(host) };
        return Meaning::Event(event(Outcome::Failed, user, source).by("not_allowed"));
    }
    if let Some(rest) = message.strip_prefix(b"role \"") {
        let Some(user) = rest.strip_suffix(b"\" does not exist") else { return Meaning::Nothing };
        return Meaning::Event(event(Outcome::InvalidUser, user, source));
    }
    let Some((how, rest)) = cut(message, b" authentication failed for user \"") else { return Meaning::Nothing };
    let Some(user) = rest.strip_suffix(b"\"") else { return Meaning::Unclear };
    let how = if how.eq_ignore_ascii_case(b"password") { "password" } else { "other" };
    Meaning::Event(event(Outcome::Failed, user, source).by(how))
}

/// The process number (the first number in brackets, or before a blank) and the client's address, if the prefix tells
/// exactly one.
fn prefix_of(prefix: &[u8]) -> (Option<u32>, Source) {
    let process = cut(prefix, b"[").and_then(|(_, rest)| leading_number(rest)).map(|(n, _)| n);
    let mut source = None;
    for word in prefix.split(|b| matches!(b, b' ' | b',' | b'=' | b'@' | b'"')) {
        let word = word.trim_ascii_end();
        let word = word.strip_prefix(b":").unwrap_or(word);
        let word = cut(word, b"(").map_or(word, |(address, _)| address);
        // `UTC:1.2.3.4(5678):`: what stands before the address ends with a colon.
        let bare = match Address::parse(word) {
            None if word.iter().filter(|&&b| b == b':').count() == 1 => cut(word, b":").map_or(word, |(_, a)| a),
            _ => word,
        };
        if bare.len() < 3 {
            continue;
        }
        if let Some(address) = Address::parse(bare) {
            if source.is_some_and(|s| s != address) {
                return (process, Source::Unknown);
            }
            source = Some(address);
        }
    }
    (process, source.map_or(Source::Unknown, Source::Address))
}

/// PostgreSQL's CSV after the stamp: `,"user","db",pid,"host:port",session,line,"tag",start,…,severity,state,message,…`.
pub fn postgres_csv(line: &[u8]) -> Meaning<'_> {
    let mut columns: [Cow<[u8]>; 14] = Default::default();
    let mut rest = line;
    for column in columns.iter_mut().skip(1) {
        let Some(r) = rest.strip_prefix(b",") else { return Meaning::Nothing };
        let Some((value, r)) = csv_value(r) else { return Meaning::Unclear };
        (*column, rest) = (value, r);
    }
    let (host, level, message) = (&columns[4], &columns[11], &columns[13]);
    if !matches!(&**level, b"FATAL" | b"LOG") {
        return Meaning::Ordinary;
    }
    let process = leading_number(&columns[3]).map(|(n, _)| n);
    let address = cut_last(host, b":").map_or(&host[..], |(address, _)| address);
    let source = Source::parse(address);
    match postgres_message(message, source, false, |a| process.map_or(Meaning::Nothing, |p| Meaning::Connection(p, a)))
    {
        Meaning::Connection(..) => Meaning::Ordinary,
        Meaning::Nothing if crate::auth_log::ordinary::begins(b"postgres", message) => Meaning::Ordinary,
        said => said.into_owned(),
    }
}

/// One value of a CSV line (RFC 4180) and what follows it.
fn csv_value(text: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = memchr::memchr(b',', text).unwrap_or(text.len());
        return Some((Cow::Borrowed(&text[..end]), &text[end..]));
    };
    let end = quotes(quoted)?;
    let value = &quoted[..end];
    let value = match memchr::memchr(b'"', value) {
        None => Cow::Borrowed(value),
        Some(_) => {
            let mut plain = Vec::with_capacity(value.len());
            let mut doubled = false;
            for &b in value {
                doubled = b == b'"' && !doubled;
                if !doubled {
                    plain.push(b);
                }
            }
            Cow::Owned(plain)
        }
    };
    Some((value, &quoted[end + 1..]))
}

/// Where a quoted value ends: at the first quote that is not doubled.
fn quotes(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr(b'"', &text[at..])?;
        if text.get(found + 1) != Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

/// MySQL and MariaDB: `… Access denied for user 'NAME'@'HOST' (using password: YES)`, read from the right; some plug-ins
/// leave the end out, and a refused database stands in its place.
pub fn mysql(line: &[u8]) -> Meaning<'_> {
    if let Some((_, rest)) = cut(line, b"Access denied for user '") {
        return denied(rest.trim_ascii_end());
    }
    // `Host 'ADDRESS' is not allowed to connect …`, `Host 'ADDRESS' is blocked because …`: turned away at the door.
    if let Some((_, rest)) = cut(line, b"Host '")
        && let Some((host, why)) = cut(rest, b"' is ")
        && (why.starts_with(b"not allowed") || why.starts_with(b"blocked"))
    {
        return Meaning::Event(Event::new(Purpose::Mysql, Outcome::Probe, b"", Source::parse(host)).by("refused"));
    }
    // `Aborted connection 7 to db: 'unconnected' user: 'unauthenticated' host: 'ADDRESS' (…)`.
    if let Some((_, rest)) = cut(line, b"user: 'unauthenticated' host: '")
        && let Some((host, _)) = cut(rest, b"'")
    {
        return Meaning::Event(Event::new(Purpose::Mysql, Outcome::Probe, b"", Source::parse(host)));
    }
    match line.trim_ascii_start().starts_with(b"[") && !crate::unknown::refuses(line) {
        true => Meaning::Ordinary,
        false => Meaning::Nothing,
    }
}

/// `NAME'@'HOST'[ (using password: YES|NO)| to database 'NAME']`.
fn denied(rest: &[u8]) -> Meaning<'_> {
    let (who, how) = match cut_last(rest, b"' (using password: ") {
        Some((who, b"YES)")) => (who, "password"),
        Some((who, b"NO)")) => (who, "none"),
        Some(_) => return Meaning::Unclear,
        None => match cut_last(rest, b"' to database '") {
            Some((who, _)) => (who, "not_allowed"),
            None => match rest.strip_suffix(b"'") {
                Some(who) => (who, ""),
                None => return Meaning::Unclear,
            },
        },
    };
    let Some((user, host)) = cut_last(who, b"'@'") else { return Meaning::Unclear };
    let source = if host == b"localhost" { Source::Local } else { Source::parse(host) };
    Meaning::Event(Event::new(Purpose::Mysql, Outcome::Failed, user, source).by(how))
}

/// What PostgreSQL's `jsonlog` says, where message, address and process stand in fields of their own.
pub fn postgres_said(message: &[u8], source: Source, process: Option<u32>) -> Meaning<'_> {
    let source = match (source, process) {
        (Source::Unknown, Some(process)) => Source::Process(process),
        (source, _) => source,
    };
    postgres_message(message, source, false, |a| process.map_or(Meaning::Ordinary, |p| Meaning::Connection(p, a)))
}

/// The message of a line of PostgreSQL, behind its severity.
pub fn message(line: &[u8]) -> &[u8] {
    cut(line, b":  ").map_or(line, |(_, message)| message)
}
