//! One answered request as any web log tells it. Fields borrow from the line; an empty slice means *not logged*.

use crate::month;
use model::{Address, Ear, Event, LogSource, Span, Time, Value};

/// One line of an access log.
#[derive(Clone, Debug, Default)]
pub struct Record<'l> {
    /// When the server logged it.
    pub time: Time,
    /// Who asked: the client, behind the site's own proxies where the line tells.
    pub source: Address,
    /// The client's name, where the log has that instead of an address; `source` then stands for it ([`named`]).
    pub client: &'l [u8],
    /// The virtual host, as the server or the client named it.
    pub host: &'l [u8],
    /// `GET` …; empty for a malformed request line.
    pub method: &'l [u8],
    /// The request target as sent, or the entire malformed request line.
    pub target: &'l [u8],
    /// `HTTP/1.1` …
    pub protocol: &'l [u8],
    /// The answer; 0 where none was logged.
    pub status: u16,
    /// Bytes of the answer's body; none where the log does not tell sizes.
    pub size: Option<u64>,
    /// The Referer header.
    pub referer: &'l [u8],
    /// The User-Agent header.
    pub user_agent: &'l [u8],
    /// Somebody of the house asked for it outside, through a proxy of one's own: `host` is no site of ours.
    pub proxied: bool,
}

impl<'l> Record<'l> {
    /// Splits a request line into method, target and protocol. A line that is none stays whole in `target`.
    pub fn set_request(&mut self, request: &'l [u8]) {
        match request.iter().take(21).position(|&b| b == b' ') {
            Some(m) if m > 0 && request[..m].iter().all(|b| b.is_ascii_alphabetic() || *b == b'_' || *b == b'-') => {
                self.method = &request[..m];
                let rest = &request[m + 1..];
                if let [target @ .., b' ', b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] = rest {
                    (self.target, self.protocol) = (target, &rest[target.len() + 1..]);
                    return;
                }
                // The protocol is the last word only if it looks like one: targets with blanks are common in attacks.
                match memchr::memrchr(b' ', rest) {
                    Some(p) if rest[p + 1..].starts_with(b"HTTP/") => {
                        (self.target, self.protocol) = (&rest[..p], &rest[p + 1..]);
                    }
                    _ => self.target = rest,
                }
            }
            _ => self.target = request,
        }
    }

    /// Takes the host out of a target that names it, as balancers and proxies write targets.
    pub fn split_absolute(&mut self) {
        let Some(rest) = self.target.strip_prefix(b"http").map(|r| r.strip_prefix(b"s").unwrap_or(r)) else { return };
        let Some(rest) = rest.strip_prefix(b"://") else { return };
        let end = rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let host = super::line::host_name(&rest[..end]);
        if !host.is_empty() {
            self.host = host;
        }
        self.target = if end == rest.len() { b"/" } else { &rest[end..] };
    }
}

/// What stands for a client that the log names: of one name always the same address, of a block that is nobody's (100::/8,
/// RFC 4291), each name in a network of its own. Names are compared without case.
pub fn named(name: &[u8]) -> Address {
    // FNV-1a: the same in every build, for observations are kept by it.
    let hash = name
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3));
    Address(0x0100 << 112 | u128::from(hash) << 48)
}

/// Sigma's category of proxies.
pub const PROXY: LogSource = LogSource { category: "proxy", product: "", service: "" };

/// Sigma's category of web servers.
pub const WEBSERVER: LogSource = LogSource { category: "webserver", product: "", service: "" };

impl Record<'_> {
    /// Shows it as an event of a web server, its fields named as in Sigma's taxonomy (W3C extended log format):
    /// `c-ip`, `cs-method`, `cs-uri` (the target as sent, or the entire malformed request), `cs-uri-stem`,
    /// `cs-uri-query`, `cs-version`, `cs-host`, `sc-status`, `sc-bytes`, `cs-user-agent`, `cs-referer`; of a proxy, whose
    /// fields the taxonomy begins with `c-` too, under both names.
    pub fn tell(&self, raw: &[u8], place: Span, ear: &mut dyn Ear) {
        let text = |text| Some(Value::Text(text)).filter(|_| !text.is_empty());
        let number = |number| Some(Value::Number(number)).filter(|_| number > 0);
        let (stem, query) = match memchr::memchr(b'?', self.target) {
            Some(at) => (&self.target[..at], &self.target[at + 1..]),
            None => (self.target, &b""[..]),
        };
        let proxied = |value| if self.proxied { value } else { None };
        ear.event(&Event {
            source: if self.proxied { PROXY } else { WEBSERVER },
            time: Some(self.time),
            count: 1,
            place,
            raw,
            fields: &[
                ("c-ip", Some(Value::Address(self.source))),
                ("cs-method", text(self.method)),
                ("cs-uri", text(self.target)),
                ("cs-uri-stem", text(stem)),
                ("cs-uri-query", text(query)),
                ("cs-version", text(self.protocol)),
                ("cs-host", text(self.host)),
                ("sc-status", number(self.status.into())),
                ("sc-bytes", self.size.and_then(number)),
                ("cs-user-agent", text(self.user_agent)),
                ("cs-referer", text(self.referer)),
                ("c-uri", proxied(text(self.target))),
                ("c-uri-stem", proxied(text(stem))),
                ("c-uri-query", proxied(text(query))),
                ("c-useragent", proxied(text(self.user_agent))),
                ("r-dns", proxied(text(self.host))),
                ("src_ip", proxied(Some(Value::Address(self.source)))),
            ],
        });
    }
}

/// `-` and nothing mean the same.
pub fn dash(field: &[u8]) -> &[u8] {
    if field == b"-" { b"" } else { field }
}

/// Days from 1970-01-01 to a civil date (Hinnant's algorithm); any year an `i64` can hold in days.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// An instant from civil parts and an offset in seconds; none where a part is out of range.
pub fn instant(date: [i64; 3], clock: [i64; 3], micros: i64, offset: i64) -> Option<Time> {
    let ([year, month, day], [h, m, s]) = (date, clock);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    // 60: a leap second as logged.
    if !(1..=longest).contains(&day) || h > 23 || m > 59 || s > 60 || !(1970..=9999).contains(&year) {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + h * 3600 + m * 60 + s - offset;
    Some(Time(seconds * 1_000_000 + micros))
}

/// A number of exactly `N` digits at the start.
pub fn digits<const N: usize>(text: &[u8]) -> Option<i64> {
    let text = text.first_chunk::<N>()?;
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// `+0200`, `+02:00`, `-0330`, `Z`: seconds east of UTC.
pub fn offset(text: &[u8]) -> Option<i64> {
    let (&sign, rest) = text.split_first()?;
    if sign == b'Z' || sign == b'z' {
        return Some(0);
    }
    let hours = digits::<2>(rest)?;
    let minutes = digits::<2>(rest.get(2..)?.strip_prefix(b":").unwrap_or(&rest[2..]))?;
    let seconds = hours * 3600 + minutes * 60;
    match sign {
        b'+' if hours < 24 && minutes < 60 => Some(seconds),
        b'-' if hours < 24 && minutes < 60 => Some(-seconds),
        _ => None,
    }
}

/// A fraction of a second that a text begins with, in microseconds, and what follows it.
fn fraction(text: &[u8]) -> (i64, &[u8]) {
    let Some((b'.' | b',', fraction)) = text.split_first() else { return (0, text) };
    let n = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    let (mut micros, mut scale) = (0, 100_000);
    for b in &fraction[..n.min(6)] {
        micros += i64::from(b - b'0') * scale;
        scale /= 10;
    }
    (micros, &fraction[n..])
}

/// The stamp of Common Log Format, `17/May/2015:10:05:03 +0000`. Without a zone it is UTC, as servers that leave it
/// out are set to.
pub fn clf_time(t: &[u8]) -> Option<Time> {
    if t.len() < 20 || t[2] != b'/' || t[6] != b'/' || t[11] != b':' || t[14] != b':' || t[17] != b':' {
        return None;
    }
    let date = [digits::<4>(&t[7..])?, month::named(&t[3..6])?.into(), digits::<2>(t)?];
    let clock = [digits::<2>(&t[12..])?, digits::<2>(&t[15..])?, digits::<2>(&t[18..])?];
    let (micros, rest) = fraction(&t[20..]);
    let zone = match rest.trim_ascii_start() {
        [] => 0,
        rest => offset(rest)?,
    };
    instant(date, clock, micros, zone)
}

/// RFC 3339 and its looser kin: `2017-02-14T09:05:00.123+01:00`, a blank for the `T`, no zone (then `default_offset`).
pub fn iso_time(t: &[u8], default_offset: i64) -> Option<Time> {
    if t.len() < 19 || t[4] != b'-' || t[7] != b'-' || t[13] != b':' || t[16] != b':' {
        return None;
    }
    let date = [digits::<4>(t)?, digits::<2>(&t[5..])?, digits::<2>(&t[8..])?];
    let clock = [digits::<2>(&t[11..])?, digits::<2>(&t[14..])?, digits::<2>(&t[17..])?];
    let (micros, rest) = fraction(&t[19..]);
    let zone = match rest.trim_ascii() {
        [] => default_offset,
        zone => offset(zone)?,
    };
    instant(date, clock, micros, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_every_kind_and_zone() {
        let check = |got: Option<Time>, expected: &str| {
            assert_eq!(got.map(|t| t.to_string()).as_deref(), Some(expected));
        };
        check(clf_time(b"17/May/2015:10:05:03 +0000"), "2015-05-17T10:05:03Z");
        check(clf_time(b"14/Feb/2017:09:12:00 +0100"), "2017-02-14T08:12:00Z");
        check(clf_time(b"01/Jan/2017:00:30:00 -0330"), "2017-01-01T04:00:00Z");
        check(iso_time(b"2016-02-29T23:59:60.5Z", 0), "2016-03-01T00:00:00.5Z");
        check(iso_time(b"2017-02-14 09:12:00", 3600), "2017-02-14T08:12:00Z");
        for bad in [
            "",
            "32/Jan/2017:00:00:00 +0000",
            "29/Feb/2017:00:00:00 +0000",
            "01/Foo/2017:00:00:00 +0000",
            "01/Jan/2017:24:00:00 +0000",
            "01/Jan/2017:00:00:00 +9900",
        ] {
            assert_eq!(clf_time(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn request_lines_however_malformed() {
        let check = |line: &str, expected: [&str; 3]| {
            let mut r = Record::default();
            r.set_request(line.as_bytes());
            assert_eq!([r.method, r.target, r.protocol], expected.map(str::as_bytes));
        };
        check("GET /a HTTP/1.1", ["GET", "/a", "HTTP/1.1"]);
        check("GET /a b' or 1=1 HTTP/1.0", ["GET", "/a b' or 1=1", "HTTP/1.0"]);
        check("GET /old", ["GET", "/old", ""]);
        check("\\x16\\x03\\x01", ["", "\\x16\\x03\\x01", ""]);
        check("", ["", "", ""]);
    }
}
