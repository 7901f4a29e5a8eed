//! A web address as browsers read it (WHATWG URL), which is not how people do: what stands before an `@`, backslashes,
//! hosts written as numbers, full-width dots.
//!
//! You may rely on: total and bounded. Left out: IDNA mapping beyond `names` (a name is judged there), relative
//! addresses.

use formats::transfer;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Longest address looked at; the rest is cut.
pub const LONGEST: usize = 8192;

/// An address taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Lower case: `http`, `mailto`, `data` …
    pub scheme: String,
    /// What stands before the `@` of the host.
    pub user: String,
    /// Lower case; a number is written as an address.
    pub host: String,
    /// Where it is not the scheme's.
    pub port: Option<u16>,
    /// From the slash.
    pub path: String,
    /// After the question mark.
    pub query: String,
    /// After the hash.
    pub fragment: String,
    /// The host is an address.
    pub is_ip: bool,
    /// The host was written in a way that hides what it is (hexadecimal, octal, one number).
    pub odd_ip: bool,
}

/// `%xx` undone; what is no such thing stays. Not UTF-8 is replaced.
pub fn percent(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let out = transfer::percent(text.as_bytes());
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

impl Url {
    /// Takes an address apart; none where it has neither scheme nor two slashes.
    pub fn parse(text: &str) -> Option<Url> {
        let text: String = text
            .trim_matches(|c: char| c.is_whitespace() || c.is_control())
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r' | '\u{200b}' | '\u{ad}'))
            .take(LONGEST)
            .collect();
        let (scheme, rest) = match text.split_once(':') {
            Some((s, rest)) if is_scheme(s) => (s.to_ascii_lowercase(), rest),
            _ if text.starts_with("//") => ("http".to_string(), text.as_str()),
            // Where no page gives it a base, as in mail, it is a file on another computer.
            _ if text.starts_with("\\\\") => {
                return Some(Url { scheme: "file".into(), path: text.replace('\\', "/"), ..Url::default() });
            }
            _ => return None,
        };
        if !matches!(scheme.as_str(), "http" | "https" | "ftp" | "hxxp" | "hxxps" | "ws" | "wss") {
            return Some(Url { scheme, path: rest.to_string(), ..Url::default() });
        }
        let rest = rest.trim_start_matches(['/', '\\']);
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (tail, fragment) = tail.split_once('#').unwrap_or((tail, ""));
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        let mut url = Url {
            scheme,
            user: user.to_string(),
            path: path.replace('\\', "/"),
            query: query.to_string(),
            fragment: fragment.to_string(),
            ..Url::default()
        };
        url.host(host);
        (!url.host.is_empty()).then_some(url)
    }

    fn host(&mut self, host: &str) {
        if let Some((inner, after)) = host.strip_prefix('[').and_then(|h| h.split_once(']')) {
            self.is_ip = inner.parse::<Ipv6Addr>().is_ok();
            self.port = after.strip_prefix(':').and_then(|p| p.parse().ok());
            self.host = inner.to_ascii_lowercase();
            return;
        }
        let (host, port) = match host.rsplit_once(':') {
            Some((h, p)) if p.bytes().all(|b| b.is_ascii_digit()) => (h, p.parse().ok()),
            _ => (host, None),
        };
        let default = if self.scheme.ends_with('s') { 443 } else { 80 };
        self.port = port.filter(|p| *p != default);
        let host: String = percent(host)
            .to_lowercase()
            .chars()
            .map(|c| if matches!(c, '。' | '．' | '｡') { '.' } else { c })
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .take(255)
            .collect();
        self.host = host.trim_end_matches('.').to_string();
        if let Some((address, odd)) = ipv4(&self.host) {
            (self.host, self.is_ip, self.odd_ip) = (address.to_string(), true, odd);
        }
    }

    /// Whether it is opened by a browser.
    pub fn is_web(&self) -> bool {
        !self.host.is_empty()
    }

    /// Values of the query, undone once.
    pub fn values(&self) -> impl Iterator<Item = (&str, String)> {
        self.query.split(['&', ';']).take(64).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or(("", pair));
            (key, percent(value))
        })
    }
}

fn is_scheme(text: &str) -> bool {
    text.len() < 20
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// A host of numbers as WHATWG reads it: one to four parts, each decimal, octal or hexadecimal. With whether it was
/// written otherwise than as four decimal numbers.
fn ipv4(host: &str) -> Option<(Ipv4Addr, bool)> {
    if host.is_empty() || !host.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = host.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let mut numbers = Vec::new();
    for part in &parts {
        let number = match part.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(if hex.is_empty() { "0" } else { hex }, 16),
            None if part.len() > 1 && part.starts_with('0') => u32::from_str_radix(part, 8),
            None => part.parse(),
        };
        numbers.push(number.ok()?);
    }
    let (last, first) = numbers.split_last()?;
    if first.iter().any(|n| *n > 255) || u64::from(*last) >= 1u64 << (8 * (5 - numbers.len())) {
        return None;
    }
    let high = first.iter().enumerate().fold(0u32, |sum, (i, n)| sum | n << (24 - 8 * i));
    let address = Ipv4Addr::from(high | last);
    Some((address, address.to_string() != host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_do() {
        let host = |text: &str| Url::parse(text).map(|u| u.host).unwrap_or_default();
        for (text, expected) in [
            ("https://bank.fr@evil.example/x", "evil.example"),
            ("http:\\\\evil.example\\a", "evil.example"),
            ("https:evil.example", "evil.example"),
            ("HTTPS://EVIL.example:443/", "evil.example"),
            ("//evil.example", "evil.example"),
            ("http://0x7f000001/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://0177.1/", "127.0.0.1"),
            ("http://[::1]:8080/", "::1"),
            ("http://evil。example/", "evil.example"),
            ("http://ev%69l.example/", "evil.example"),
            ("ht\ntp://evil.example", "evil.example"),
            ("http://300.1.1.1/", "300.1.1.1"),
            ("mailto:a@b.example", ""),
            ("nothing", ""),
            ("http://", ""),
        ] {
            assert_eq!(host(text), expected, "{text}");
        }
        let url = Url::parse("https://bank.fr:443@evil.example:8443/p?q=1#f").expect("an address");
        assert_eq!(
            (url.user.as_str(), url.port, url.query.as_str(), url.fragment.as_str()),
            ("bank.fr:443", Some(8443), "q=1", "f")
        );
    }
}
