//! What a proxy of one's own writes: who of the house asked for what outside. Squid's own format, and Squid's combined one.
//!
//! You may rely on: such lines are marked ([`Record::proxied`]), so that foreign sites are not taken for one's own: nothing is
//! judged or counted by site, names of note that somebody went to are told, and rules for proxies are shown the line. Left out:
//! proxies whose lines say no address of their clients.

use super::line::{address_with_port, host_name, number};
use super::record::Record;
use model::Time;

/// `1487059920.123  456 192.0.2.7 TCP_MISS/200 1234 GET http://login.example/a - HIER_DIRECT/198.51.100.7 text/html`
pub fn squid(line: &[u8]) -> Option<Record<'_>> {
    let mut words = line.split(|&b| b == b' ').filter(|w| !w.is_empty());
    let time = words.next()?;
    // A quick look first: most lines are no proxy's.
    if !time.first()?.is_ascii_digit() || memchr::memchr(b'.', time).is_none() {
        return None;
    }
    let (_taken, client, answer, bytes, method, target) =
        (number(words.next()?)?, words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let (_user, hierarchy) = (words.next()?, words.next()?);
    let slash = memchr::memchr(b'/', answer)?;
    if !is_answer(&answer[..slash]) || memchr::memchr(b'/', hierarchy).is_none() {
        return None;
    }
    let mut record =
        Record { time: instant(time)?, source: address_with_port(client)?, method, target, ..Record::default() };
    record.status = number(&answer[slash + 1..]).filter(|n| *n <= 999)? as u16;
    record.size = Some(number(bytes)?);
    outward(&mut record);
    Some(record)
}

/// Seconds since 1970, and thousandths.
fn instant(text: &[u8]) -> Option<Time> {
    let dot = memchr::memchr(b'.', text)?;
    let (seconds, thousandths) = (number(&text[..dot])?, number(text.get(dot + 1..)?)?);
    (seconds < 1 << 34 && text.len() == dot + 4).then_some(Time(seconds as i64 * 1_000_000 + thousandths as i64 * 1000))
}

/// Marks a record of the combined format whose line ends as Squid's do: `TCP_MISS:HIER_DIRECT`.
pub fn mark(record: &mut Record, line: &[u8]) {
    if record.method != b"CONNECT" && !record.target.starts_with(b"http") {
        return;
    }
    let last = line.rsplit(|&b| b == b' ').next().unwrap_or_default();
    if memchr::memchr(b':', last).is_some_and(|colon| is_answer(&last[..colon])) {
        outward(record);
    }
}

/// Squid's words for what became of a request.
fn is_answer(word: &[u8]) -> bool {
    let begins = [&b"TCP_"[..], b"UDP_", b"NONE"].iter().any(|b| word.starts_with(b));
    begins && word.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
}

fn outward(record: &mut Record) {
    record.proxied = true;
    match record.method == b"CONNECT" {
        true => record.host = host_name(record.target),
        false => record.split_absolute(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web_log::line;

    #[test]
    fn who_asked_for_what() {
        for (text, host, target, status) in [
            (
                "1487059920.123    456 192.0.2.7 TCP_MISS/200 1234 GET http://login.example/a?b - HIER_DIRECT/198.51.100.7 text/html",
                "login.example",
                "/a?b",
                200,
            ),
            (
                "1487059920.123  60456 192.0.2.7 TCP_TUNNEL/200 5678 CONNECT login.example:443 anne HIER_DIRECT/198.51.100.7 -",
                "login.example",
                "login.example:443",
                200,
            ),
            (
                "1487059920.123 0 192.0.2.7 TCP_DENIED/403 3900 GET http://login.example/ - HIER_NONE/- text/html",
                "login.example",
                "/",
                403,
            ),
        ] {
            let r = squid(text.as_bytes()).unwrap_or_else(|| panic!("not read: {text}"));
            assert_eq!((r.host, r.target, r.status), (host.as_bytes(), target.as_bytes(), status));
            assert_eq!((r.proxied, r.source.to_string().as_str()), (true, "192.0.2.7"));
            assert_eq!(r.time.to_string(), "2017-02-14T08:12:00.123Z");
        }
        let combined = br#"192.0.2.7 - anne [14/Feb/2017:09:12:00 +0100] "GET http://login.example/a HTTP/1.1" 200 12 "-" "ua" TCP_MISS:HIER_DIRECT"#;
        let mut r = line::parse(combined, &mut line::Last::default()).expect("reads");
        mark(&mut r, combined);
        assert_eq!((r.proxied, r.host, r.target), (true, &b"login.example"[..], &b"/a"[..]));
        // Whoever asks our server for a foreign page looks for an open proxy; his line is as it was.
        let probe =
            br#"192.0.2.7 - - [14/Feb/2017:09:12:00 +0100] "GET http://login.example/a HTTP/1.1" 200 12 "-" "ua""#;
        let mut r = line::parse(probe, &mut line::Last::default()).expect("reads");
        mark(&mut r, probe);
        assert!(!r.proxied && r.target == b"http://login.example/a");
        for no in ["", "1", "1.5 x", "1487059920.123 456 192.0.2.7 hello/200 1 GET http://a/ - b/c d"] {
            assert!(squid(no.as_bytes()).is_none(), "{no}");
        }
    }
}
