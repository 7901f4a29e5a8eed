//! Common and Combined Log Format and what people make of them: a virtual host with or without a port before the
//! client, proxy addresses before or after, an extra pair of quotes, further fields behind, a syslog header in front.
//!
//! What stands before the bracketed stamp is read as words: addresses among them are the chain of proxies, a name
//! before the first address is the virtual host. Quotes inside a quoted field may be escaped as Apache does (`\"`) or
//! not at all; the request ends where its status follows.

use super::record::{Record, clf_time, dash, digits, iso_time, named};
use model::{Address, Time};

/// What neighbouring lines mostly share, remembered from line to line: the minute and the visitor. Compared byte by
/// byte before it is used, so that nothing in a log can make one line read as another.
#[derive(Default)]
pub struct Last {
    /// `17/May/2015:10:05:03 +0000]` and the instant of its minute.
    minute: Option<([u8; 27], Time)>,
    /// A public address as it was written, its length, and itself.
    source: Option<([u8; 39], usize, Address)>,
}

/// Reads one line; none where it is not of this family.
pub fn parse<'l>(line: &'l [u8], last: &mut Last) -> Option<Record<'l>> {
    ordinary(line, last).or_else(|| any(line))
}

/// The form nearly every line has: `address - - [stamp] "request" 200 512`, then perhaps quoted fields, the address a
/// public one. None for every other line, also for those that only [`any`] can read; both agree on all others.
fn ordinary<'l>(line: &'l [u8], last: &mut Last) -> Option<Record<'l>> {
    let (source, rest) = last.source(line)?;
    let (stamp, rest) = rest.strip_prefix(b" - - [")?.split_first_chunk()?;
    let time = last.time(stamp)?;
    let body = rest.strip_prefix(b" \"").filter(|b| b.first() != Some(&b'"'))?;
    let close = memchr::memchr(b'"', body)?;
    let [b' ', a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', rest @ ..] = &body[close + 1..] else {
        return None;
    };
    let status = [a, b, c].iter().fold(0, |n, &b| n * 10 + u16::from(b - b'0'));
    let end = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    let (size, rest) = match rest {
        [b'-', rest @ ..] => (0, rest),
        // More digits than a number of 64 bits surely holds are left to the careful way.
        _ if (1..=18).contains(&end) => (rest[..end].iter().fold(0, |n, b| n * 10 + u64::from(b - b'0')), &rest[end..]),
        _ => return None,
    };
    if !matches!(rest, [] | [b' ', ..]) {
        return None;
    }
    let mut record = Record { time, source, status, size: Some(size), ..Record::default() };
    record.set_request(&body[..close]);
    if let Some((referer, rest)) = quoted_field(rest) {
        record.referer = dash(referer);
        record.user_agent = quoted_field(rest).map_or(b"", |(agent, _)| dash(agent));
    }
    Some(record)
}

impl Last {
    /// The public address a line begins with, up to a blank, and what follows it.
    fn source<'l>(&mut self, line: &'l [u8]) -> Option<(Address, &'l [u8])> {
        if let Some((text, len, source)) = self.source
            && line.get(len) == Some(&b' ')
            && line[..len] == text[..len]
        {
            return Some((source, &line[len..]));
        }
        let mut text = [0; 39];
        let end = line.iter().take(text.len() + 1).position(|&b| b == b' ')?;
        let source = Address::parse(&line[..end]).filter(|a| a.special().is_none())?;
        text[..end].copy_from_slice(&line[..end]);
        self.source = Some((text, end, source));
        Some((source, &line[end..]))
    }

    /// A stamp with its zone and closing bracket.
    fn time(&mut self, stamp: &[u8; 27]) -> Option<Time> {
        let minute = match &self.minute {
            Some((known, minute)) if known[..18] == stamp[..18] && known[20..] == stamp[20..] => *minute,
            _ => {
                let (text, b"]") = stamp.split_at(26) else { return None };
                let minute = clf_time(text).filter(|_| !text.contains(&b']'))?;
                let minute = Time(minute.0 - digits::<2>(&stamp[18..])? * 1_000_000);
                self.minute = Some((*stamp, minute));
                minute
            }
        };
        let seconds = digits::<2>(&stamp[18..]).filter(|s| *s <= 60)?;
        Some(Time(minute.0 + seconds * 1_000_000))
    }
}

/// Reads a line of any form of this family.
fn any(line: &[u8]) -> Option<Record<'_>> {
    let (prefix, stamp, rest) = stamp(line)?;
    let mut record = Record { time: stamp, ..Record::default() };
    let forwarded = prefix_fields(prefix, &mut record)?;
    let rest = rest.trim_ascii_start();
    let (request, rest) = request(rest)?;
    record.set_request(request);
    let mut rest = numbers(rest, &mut record)?;
    // Referer and agent are the first two quoted fields; a third is, in nginx's default format, X-Forwarded-For.
    let mut quoted = [&b""[..]; 3];
    for field in &mut quoted {
        let Some((value, after)) = quoted_field(rest) else { break };
        (*field, rest) = (dash(value), after);
    }
    [record.referer, record.user_agent] = [quoted[0], quoted[1]];
    if forwarded.is_none() && record.client.is_empty() && record.source.special().is_some() {
        // Only our own proxy may say for whom it asks: from a public peer this header is the client's invention.
        if let Some(client) = client_of(quoted[2].split(|&b| b == b',').filter_map(|a| Address::parse(a.trim_ascii())))
        {
            record.source = client;
        }
    }
    Some(record)
}

/// The bracketed stamp and what stands before and after it.
pub fn stamp(line: &[u8]) -> Option<(&[u8], model::Time, &[u8])> {
    // A user or host name may hold a bracket: try the first few.
    let mut from = 0;
    for _ in 0..4 {
        let open = from + memchr::memchr(b'[', line.get(from..)?)?;
        let tail = &line[open + 1..];
        let close = memchr::memchr(b']', &tail[..tail.len().min(48)]);
        if let Some(close) = close {
            let text = &tail[..close];
            if let Some(time) = clf_time(text).or_else(|| iso_time(text, 0)) {
                return Some((&line[..open], time, &tail[close + 1..]));
            }
        }
        from = open + 1;
    }
    None
}

/// Reads the words before the stamp: the source, and the virtual host where there is one. Returns whether a chain of
/// several addresses was met.
fn prefix_fields<'l>(prefix: &'l [u8], record: &mut Record<'l>) -> Option<Option<()>> {
    let mut before: &[u8] = b"";
    let mut first: Option<Address> = None;
    let mut client: Option<Address> = None;
    let mut n = 0;
    let mut words: Vec<&[u8]> = Vec::new();
    for word in prefix.split(|&b| matches!(b, b' ' | b',' | b'\t')).filter(|w| !w.is_empty()) {
        let bare = word.strip_prefix(b"\"").unwrap_or(word);
        let bare = bare.strip_suffix(b"\"").unwrap_or(bare);
        match address_with_port(bare) {
            Some(address) => {
                if first.is_none() {
                    record.host = host_name(before);
                    first = Some(address);
                }
                n += 1;
                if client.is_none() && address.special().is_none() {
                    client = Some(address);
                }
            }
            // Ident and user follow the addresses; a user that looks like an address is not one.
            None if first.is_some() => break,
            None => before = bare,
        }
        words.extend(Some(bare).filter(|_| words.len() < 5));
    }
    record.source = match client.or(first) {
        Some(source) => source,
        None => {
            // Apache with HostnameLookups: perhaps the virtual host, then the client's name, ident and user.
            let (host, name) = match words[..] {
                [name, _, _] => (&b""[..], name),
                [host, name, _, _] => (host_name(host), name),
                _ => return None,
            };
            let is_name =
                memchr::memchr(b'.', name).is_some() && !host_name(name).is_empty() && host_name(name) == name;
            (record.host, record.client) = (host, Some(name).filter(|_| is_name || name == b"localhost")?);
            named(name)
        }
    };
    Some((n > 1).then_some(()))
}

/// The client in a chain of addresses as proxies write it, client first: the first public one, else the first.
fn client_of(chain: impl Iterator<Item = Address> + Clone) -> Option<Address> {
    chain.clone().find(|a| a.special().is_none()).or_else(|| chain.clone().next())
}

/// An address, perhaps with a port behind it.
pub fn address_with_port(word: &[u8]) -> Option<Address> {
    Address::parse(word).or_else(|| {
        let colon = memchr::memrchr(b':', word)?;
        let (host, port) = (&word[..colon], &word[colon + 1..]);
        if port.is_empty() || port.len() > 5 || !port.iter().all(u8::is_ascii_digit) {
            return None;
        }
        Address::parse(host)
    })
}

/// A word that can be a virtual host, without its port; syslog's `program[pid]:` and a client's `-` cannot.
pub fn host_name(word: &[u8]) -> &[u8] {
    let name = match memchr::memrchr(b':', word) {
        Some(c) if word[c + 1..].iter().all(u8::is_ascii_digit) && c + 1 < word.len() => &word[..c],
        Some(_) => return b"",
        None => word,
    };
    let plausible = name.len() <= 253
        && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && name.iter().any(u8::is_ascii_alphabetic);
    if plausible { name } else { b"" }
}

/// The quoted request and what follows it. The closing quote is the one that a blank and a status (or `-`) follow, for
/// some servers do not escape quotes inside; failing that, the first unescaped one.
fn request(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = rest.strip_prefix(b"\"")?;
    let body = body.strip_prefix(b"\"").filter(|b| b.first().is_some_and(u8::is_ascii_uppercase)).unwrap_or(body);
    for close in memchr::memchr_iter(b'"', body) {
        let after = body[close + 1..].strip_prefix(b"\"").unwrap_or(&body[close + 1..]);
        let status = after.trim_ascii_start();
        let follows = after.len() > status.len()
            && match status {
                [a, b, c, rest @ ..] => {
                    a.is_ascii_digit()
                        && b.is_ascii_digit()
                        && c.is_ascii_digit()
                        && rest.first().is_none_or(|b| b.is_ascii_whitespace())
                        || (*a == b'-' && *b == b' ')
                }
                _ => false,
            };
        if follows {
            return Some((&body[..close], after));
        }
    }
    None
}

/// Status and size: the first two words; other numbers before the next quote (durations, upstreams) are passed over.
fn numbers<'l>(rest: &'l [u8], record: &mut Record<'l>) -> Option<&'l [u8]> {
    let rest = rest.trim_ascii_start();
    let end = rest.iter().position(|&b| b == b' ' || b == b'"').unwrap_or(rest.len());
    record.status = number(dash(&rest[..end]))? as u16;
    let rest = rest[end..].trim_ascii_start();
    let end = rest.iter().position(|&b| b == b' ' || b == b'"').unwrap_or(rest.len());
    record.size = Some(number(dash(&rest[..end])).unwrap_or(0));
    Some(&rest[end..])
}

/// A decimal number; nothing is 0.
pub fn number(text: &[u8]) -> Option<u64> {
    text.iter()
        .try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))))
}

/// The next quoted field, its escapes left as they are, and what follows it.
pub fn quoted_field(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = match rest {
        [b' ', b'"', body @ ..] => body,
        _ => &rest[memchr::memchr(b'"', rest)? + 1..],
    };
    for close in memchr::memchr_iter(b'"', body) {
        let escapes = body[..close].iter().rev().take_while(|&&b| b == b'\\').count();
        if escapes % 2 == 0 {
            return Some((&body[..close], &body[close + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: [&str; 7]) {
        let r = parse(line.as_bytes(), &mut Last::default()).unwrap_or_else(|| panic!("not read: {line}"));
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        assert_eq!(
            [
                r.source.to_string(),
                text(r.host),
                text(r.method),
                text(r.target),
                r.status.to_string(),
                text(r.referer),
                text(r.user_agent)
            ],
            expected.map(String::from),
            "{line}"
        );
    }

    #[test]
    fn the_family() {
        let at = "[14/Feb/2017:09:12:00 +0100]";
        let get = r#""GET /a?b=c HTTP/1.1" 200 512"#;
        let seen = |source, host, referer, agent| [source, host, "GET", "/a?b=c", "200", referer, agent];
        check(&format!("8.8.8.8 - - {at} {get}"), seen("8.8.8.8", "", "", ""));
        check(&format!(r#"8.8.8.8 - - {at} {get} "-" "curl/7""#), seen("8.8.8.8", "", "", "curl/7"));
        check(
            &format!(r#"www.example.org:443 8.8.8.8 - bob {at} {get} "http://r/" "ua""#),
            seen("8.8.8.8", "www.example.org", "http://r/", "ua"),
        );
        check(
            &format!(r#"www.example.org 2001:4860::1 - - {at} {get} "-" "ua""#),
            seen("2001:4860::1", "www.example.org", "", "ua"),
        );
        check(&format!(r#"10.0.0.1 8.8.8.8 - - {at} {get} "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#"8.8.8.8, 10.0.0.1 - - {at} {get} "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#""8.8.8.8" - - {at} {get} "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#"8.8.8.8:5678 - - {at} {get} "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#"10.0.0.1 - - {at} {get} "-" "ua" "8.8.8.8, 10.0.0.9""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#"9.9.9.9 - - {at} {get} "-" "ua" "8.8.8.8""#), seen("9.9.9.9", "", "", "ua"));
        check(
            &format!(r#"Feb 14 09:12:01 web1 nginx[28]: 8.8.8.8 - - {at} {get} "-" "ua""#),
            seen("8.8.8.8", "", "", "ua"),
        );
        check(&format!(r#"8.8.8.8 - - {at} ""GET /a?b=c HTTP/1.1"" 200 512 "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
        check(&format!(r#"::ffff:8.8.8.8 - - {at} {get} 0.003 "-" "ua""#), seen("8.8.8.8", "", "", "ua"));
    }

    #[test]
    fn clients_by_name() {
        let at = r#"[14/Feb/2017:09:12:00 +0100] "GET /a HTTP/1.1" 200 1 "-" "ua""#;
        for (line, host, client) in [
            (format!("Dial-7.example.net - bob {at}"), "", "Dial-7.example.net"),
            (format!("www.example.org:443 dial-7.example.net - - {at}"), "www.example.org", "dial-7.example.net"),
        ] {
            let r = parse(line.as_bytes(), &mut Last::default()).expect("read");
            assert_eq!(
                (r.host, r.client, r.source),
                (host.as_bytes(), client.as_bytes(), named(b"dial-7.example.net"))
            );
        }
    }

    #[test]
    fn quotes_inside_quotes() {
        check(
            r#"8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] "GET /?q="><script>alert("x")</script> HTTP/1.1" 404 1 "-" "a \"b\" c""#,
            ["8.8.8.8", "", "GET", r#"/?q="><script>alert("x")</script>"#, "404", "", r#"a \"b\" c"#],
        );
        check(r#"8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] "" 400 0 "-" "-""#, ["8.8.8.8", "", "", "", "400", "", ""]);
    }

    #[test]
    fn the_short_way_and_the_careful_way_agree() {
        let addresses = ["8.8.8.8", "10.0.0.1", "2001:4860::1", "::ffff:8.8.8.8", "[2001:4860::1]", "8.8.8.8:80", "x"];
        let stamps = [
            "[14/Feb/2017:09:12:00 +0100]",
            "[14/Feb/2017:09:12:60 +0100]",
            "[14/Feb/2017:09:12:61 +0100]",
            "[14/Feb/2017:09:13:07 +0100]",
            "[14/Feb/2017:09:13:x7 +0100]",
            "[14/Feb/2017:09:13:07 +0130]",
            "[14/Feb/2017:09:13:07]",
        ];
        let requests = [
            "GET / HTTP/1.1",
            "GET /a b HTTP/1.0",
            "GET /",
            "",
            "-",
            "\"GET /",
            "get\" 200 1",
            "M HTTP/1.1",
            "A HTTP/2 0",
        ];
        let rests = [
            " 200 512",
            " 200 -",
            " 200 512 \"-\" \"a\"",
            " 200 - \"r\\\"\" \"-\" \"9.9.9.9\"",
            "  200 512",
            " 20 5",
            " 200 ",
            " 200 12345678901234567890",
            " 200 5x \"r\"",
            " - -",
            " 200 -5 \"r\"",
            " 200 0.1 \"r\"",
            " 200 5 7 \"r\" \"u",
            " 200 5\"r\"",
        ];
        let mut last = Last::default();
        for stamp in stamps {
            for (address, request) in addresses.iter().flat_map(|a| requests.map(|r| (a, r))) {
                for rest in rests {
                    let line = format!("{address} - - {stamp} \"{request}\"{rest}");
                    let (short, careful) = (parse(line.as_bytes(), &mut last), any(line.as_bytes()));
                    assert_eq!(format!("{short:?}"), format!("{careful:?}"), "{line}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_access_line() {
        for line in [
            "",
            "[",
            "hello",
            "8.8.8.8 - - [14/Feb/2017:09:12:00 +0100]",
            "8.8.8.8 - - [x] \"GET / HTTP/1.1\" 200 1",
            "8.8.8.8 - - [14/Feb/2017:09:12:00 +0100] \"GET /trunc",
            "nobody - - [14/Feb/2017:09:12:00 +0100] \"GET / HTTP/1.1\" 200 1",
        ] {
            assert!(parse(line.as_bytes(), &mut Last::default()).is_none(), "{line}");
        }
    }
}
