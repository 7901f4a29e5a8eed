//! Error logs of Apache and nginx: what they refused. A wrong password (basic authentication, and web applications that
//! log through their server), an access forbidden by rule, and what ModSecurity stopped are requests; all else (a missing
//! file, a program's warning) is ordinary.
//!
//! A refusal is a request with the answer that it got: 401 for a password, 403 for the rest. Of ModSecurity's lines the value
//! that it met is judged like any. Left out: the year where a server leaves it out; audit logs.

use super::json::Owned;
use super::line::address_with_port;
use super::pattern::stamp_length;
use super::record::{digits, instant};
use crate::month;
use model::{Address, Time};

/// What a line of an error log is.
pub enum Line {
    /// A request that was refused.
    Refused(Box<Owned>),
    /// Something else.
    Ordinary,
}

/// Reads one line; none where it is of no error log.
pub fn parse(line: &[u8]) -> Option<Line> {
    let (time, rest) = apache(line).or_else(|| nginx(line))?;
    let message = std::str::from_utf8(rest).ok()?;
    Some(refused(time, message).map_or(Line::Ordinary, |owned| Line::Refused(Box::new(owned))))
}

/// `[Tue Feb 14 09:12:00.054291 2017] [module:level] [pid 1] …`
fn apache(line: &[u8]) -> Option<(Time, &[u8])> {
    let text = line.strip_prefix(b"[")?;
    let close = memchr::memchr(b']', &text[..text.len().min(40)])?;
    let (stamp, rest) = (&text[..close], &text[close + 1..]);
    let words: Vec<&[u8]> = stamp.split(|&b| b == b' ').filter(|w| !w.is_empty()).collect();
    let [weekday, month, day, clock, year] = words[..] else { return None };
    if weekday.len() != 3 || !rest.starts_with(b" [") {
        return None;
    }
    let day = digits::<2>(day).or_else(|| digits::<1>(day))?;
    let date = [digits::<4>(year)?, month::named(month)?.into(), day];
    let part = |at: usize| digits::<2>(clock.get(at..)?);
    Some((instant(date, [part(0)?, part(3)?, part(6)?], 0, 0)?, rest))
}

/// `2017/02/14 09:12:00 [error] 12#12: *5 …`
fn nginx(line: &[u8]) -> Option<(Time, &[u8])> {
    let length = stamp_length(line).filter(|_| line.get(4) == Some(&b'/'))?;
    let rest = line[length..].strip_prefix(b" [")?;
    let close = memchr::memchr(b']', &rest[..rest.len().min(8)])?;
    let levels: [&[u8]; 8] = [b"emerg", b"alert", b"crit", b"error", b"warn", b"notice", b"info", b"debug"];
    let time = super::pattern::stamp(&line[..length])?;
    (levels.contains(&&rest[..close]) && rest[close + 1..].contains(&b'#')).then_some((time, &rest[close + 1..]))
}

/// What stands in quotes, or to the next comma, after a mark.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let rest = &text[text.find(mark)? + mark.len()..];
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([',', ']', ' ']).next(),
    }
}

fn refused(time: Time, message: &str) -> Option<Owned> {
    let client = after(message, "client: ").or_else(|| after(message, "[client "))?;
    let source: Address = address_with_port(client.as_bytes())?;
    // Nginx ends its lines with what was asked for; nothing of that is the server's word.
    let said = message.split(", client: ").next().unwrap_or(message);
    let said = said.split(", referer: ").next().unwrap_or(said);
    // Neither is what stands in quotes.
    let lower: String = said.split('"').step_by(2).collect::<Vec<_>>().join("\"").to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let modsecurity = said.contains("ModSecurity: ");
    let status = if modsecurity {
        after(said, "with code ").and_then(|c| c.parse().ok()).unwrap_or(0)
    } else if has(&PASSWORD) || lower.contains("user") && has(&["not found", "was not found"]) {
        401
    } else if has(&["forbidden by rule", "client denied by server configuration"]) {
        403
    } else {
        return None;
    };
    let mut owned = Owned { time: Some(time), source: Some(source), status, ..Owned::default() };
    owned.host = ["hostname ", "host: ", "server: "].iter().find_map(|m| after(message, m)).unwrap_or("").into();
    if modsecurity {
        let uri = after(said, "[uri ").unwrap_or("/");
        // `Matched Data: 1' or found within ARGS:q: 1' or 1=1`
        let value = said.split_once("[data \"").and_then(|(_, d)| Some(d.split_once("\"]")?.0)).unwrap_or("");
        let value = value.split_once("found within ").and_then(|(_, v)| Some(v.split_once(": ")?.1)).unwrap_or(value);
        match (value, after(message, "request: ")) {
            // The rule that adds up the others' points names no value; nginx gives what was asked for.
            ("", Some(request)) => owned.request = request.into(),
            ("", None) => owned.target = uri.into(),
            _ => owned.target = format!("{uri}?{value}"),
        }
    } else if let Some(request) = after(message, "request: ") {
        owned.request = request.into();
    } else {
        // Apache names what was asked for in its words, and a page's address behind them.
        let named = said.split(['"', ' ', ':']).rev().find(|w| w.starts_with('/'));
        let referer =
            after(message, "referer: ").and_then(|r| r.split_once("://")?.1.split_once('/')).map(|(_, path)| path);
        owned.target = match (named, referer) {
            (Some(path), _) => path.into(),
            (None, Some(path)) => format!("/{path}"),
            _ => "/".into(),
        };
    }
    Some(owned)
}

/// How servers and web applications say that a password was wrong.
const PASSWORD: [&str; 10] = [
    "password mismatch",
    "authentication failure",
    "authentication failed",
    "failed login",
    "login failed",
    "failed to login",
    "failed to authenticate",
    "invalid password",
    "wrong password",
    "invalid credentials",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: [&str; 5]) {
        let Some(Line::Refused(owned)) = parse(line.as_bytes()) else { panic!("no refusal: {line}") };
        let r = owned.record();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        let got = [r.time.to_string(), r.source.to_string(), text(r.host), text(r.target), r.status.to_string()];
        assert_eq!(got, expected.map(String::from), "{line}");
    }

    #[test]
    fn refusals_are_requests() {
        let at = "2017-02-14T09:12:00Z";
        check(
            r#"2017/02/14 09:12:00 [error] 7#7: *5 user "bob": password mismatch, client: 8.8.8.8, server: www.example.org, request: "GET /admin HTTP/1.1", host: "www.example.org""#,
            [at, "8.8.8.8", "www.example.org", "/admin", "401"],
        );
        check(
            r#"[Tue Feb 14 09:12:00.054291 2017] [auth_basic:error] [pid 1:tid 2] [client 8.8.8.8:582] AH01618: user bob not found: /admin"#,
            [at, "8.8.8.8", "", "/admin", "401"],
        );
        check(
            r#"[Tue Feb 14 09:12:00 2017] [error] [client 8.8.8.8] user bob: authentication failure for "/admin": Password Mismatch"#,
            [at, "8.8.8.8", "", "/admin", "401"],
        );
        check(
            "[Tue Feb 14 09:12:00.054291 2017] [php:notice] [pid 4] [client 8.8.8.8:582] Failed login for a@example.org, referer: https://www.example.org/login",
            [at, "8.8.8.8", "", "/login", "401"],
        );
        check(
            r#"[Tue Feb 14 09:12:00.054291 2017] [:error] [pid 4] [client 8.8.8.8:582] [client 8.8.8.8] ModSecurity: Access denied with code 403 (phase 2). detected SQLi. [id "942100"] [data "Matched Data: s&1c found within ARGS:q: 1' or 1=1-- -"] [hostname "www.example.org"] [uri "/list"]"#,
            [at, "8.8.8.8", "www.example.org", "/list?1' or 1=1-- -", "403"],
        );
        check(
            r#"2017/02/14 09:12:00 [error] 7#7: *5 [client 8.8.8.8] ModSecurity: Access denied with code 403 (phase 2). Matched "Operator `Ge' with parameter `5' against variable `TX:ANOMALY_SCORE' (Value: `10' ) [id "949110"] [data ""] [hostname "www.example.org"] [uri "/list"], client: 8.8.8.8, server: x, request: "GET /list?f=/etc/passwd HTTP/1.1", host: "x""#,
            [at, "8.8.8.8", "www.example.org", "/list?f=/etc/passwd", "403"],
        );
    }

    #[test]
    fn the_rest_is_ordinary_or_of_no_error_log() {
        let ordinary = |l: &str| matches!(parse(l.as_bytes()), Some(Line::Ordinary));
        assert!(ordinary(
            r#"2017/02/14 09:12:00 [error] 7#7: *5 open() "/srv/login failed" failed (2: No such file), client: 8.8.8.8, request: "GET /x HTTP/1.1""#
        ));
        assert!(ordinary("[Tue Feb 14 09:12:00.054291 2017] [mpm_event:notice] [pid 1] AH00489: Apache configured"));
        // What was asked for is no word of the server's.
        assert!(ordinary(
            r#"2017/02/14 09:12:00 [error] 7#7: *5 open() "/srv/x" failed (2: No such file), client: 8.8.8.8, request: "GET /login failed HTTP/1.1""#
        ));
        assert!(parse(b"2017/02/14 09:12:00 hello").is_none());
        assert!(parse(b"[1479808800] unbound[123:0] info: 192.0.2.1 a.fr. A IN").is_none());
    }
}
