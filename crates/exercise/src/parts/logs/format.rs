//! Web requests as lines of the five formats. On the path of every line: buffers are reused, stamps are cached by the
//! second, numbers are written by hand.

use super::vocabulary::Format;
use jiff::tz::TimeZone;
use model::{Address, Time};
use std::io::Write;

/// A request as the server saw it.
pub(crate) struct Hit<'a> {
    /// Milliseconds since the epoch.
    pub(crate) at: i64,
    pub(crate) source: Address,
    pub(crate) host: &'a str,
    pub(crate) request: &'a Request,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
}

/// A request as the client wrote it; buffers that are filled again and again.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// Path and query, or all bytes of something that is no request.
    pub(crate) target: Vec<u8>,
    pub(crate) version: &'static str,
    pub(crate) referer: Vec<u8>,
    pub(crate) agent: Vec<u8>,
}

impl Request {
    /// Starts over.
    pub(crate) fn begin(&mut self, method: &'static str, agent: &str) {
        (self.method, self.version) = (method, "HTTP/1.1");
        self.target.clear();
        self.referer.clear();
        self.agent.clear();
        self.agent.extend_from_slice(agent.as_bytes());
    }
}

/// Writes the lines of one log.
pub(crate) struct Writer {
    format: Format,
    zone: TimeZone,
    /// The second of `stamp`.
    second: i64,
    /// That second as the format writes it.
    stamp: Vec<u8>,
    scratch: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(format: Format, zone: &TimeZone) -> Writer {
        Writer { format, zone: zone.clone(), second: i64::MIN, stamp: Vec::new(), scratch: Vec::new() }
    }

    /// What stands before the first line of a file.
    pub(crate) fn header(&mut self, out: &mut Vec<u8>, at: i64) {
        if self.format == Format::W3c {
            self.stamp(at);
            out.extend_from_slice(
                b"#Software: Microsoft Internet Information Services 8.5\r\n#Version: 1.0\r\n#Date: ",
            );
            out.extend_from_slice(&self.stamp);
            out.extend_from_slice(b"\r\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes time-taken\r\n");
        }
    }

    pub(crate) fn line(&mut self, out: &mut Vec<u8>, hit: &Hit) {
        self.stamp(hit.at);
        match self.format {
            Format::Combined => self.combined(out, hit),
            Format::VhostCombined => {
                out.extend_from_slice(hit.host.as_bytes());
                out.extend_from_slice(b":443 ");
                self.combined(out, hit);
            }
            Format::NginxJson => self.nginx(out, hit),
            Format::CaddyJson => self.caddy(out, hit),
            Format::W3c => self.w3c(out, hit),
        }
        out.push(b'\n');
    }

    fn stamp(&mut self, at: i64) {
        let second = at.div_euclid(1000);
        if second == self.second {
            return;
        }
        let civil = Time::from_seconds(second).in_zone(&self.zone);
        self.second = second;
        self.stamp.clear();
        let text = match self.format {
            Format::Combined | Format::VhostCombined => civil.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
            Format::NginxJson => civil.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            Format::CaddyJson => second.to_string(),
            Format::W3c => Time::from_seconds(second).timestamp().strftime("%Y-%m-%d %H:%M:%S").to_string(),
        };
        self.stamp.extend_from_slice(text.as_bytes());
    }

    fn combined(&mut self, out: &mut Vec<u8>, hit: &Hit) {
        address(out, hit.source);
        out.extend_from_slice(b" - - [");
        out.extend_from_slice(&self.stamp);
        out.extend_from_slice(b"] \"");
        request_line(&mut self.scratch, hit.request);
        escaped(out, &self.scratch);
        out.extend_from_slice(b"\" ");
        number(out, u64::from(hit.status));
        out.push(b' ');
        if hit.bytes == 0 {
            out.push(b'-')
        } else {
            number(out, hit.bytes)
        }
        out.extend_from_slice(b" \"");
        or_dash(out, &hit.request.referer, escaped);
        out.extend_from_slice(b"\" \"");
        or_dash(out, &hit.request.agent, escaped);
        out.push(b'"');
    }

    fn nginx(&mut self, out: &mut Vec<u8>, hit: &Hit) {
        out.extend_from_slice(b"{\"time\":\"");
        out.extend_from_slice(&self.stamp);
        out.extend_from_slice(b"\",\"remote_addr\":\"");
        address(out, hit.source);
        out.extend_from_slice(b"\",\"host\":\"");
        out.extend_from_slice(hit.host.as_bytes());
        out.extend_from_slice(b"\",\"request_method\":\"");
        out.extend_from_slice(hit.request.method.as_bytes());
        out.extend_from_slice(b"\",\"request_uri\":\"");
        if !hit.request.method.is_empty() {
            json(out, &hit.request.target);
        }
        out.extend_from_slice(b"\",\"request\":\"");
        request_line(&mut self.scratch, hit.request);
        json(out, &self.scratch);
        out.extend_from_slice(b"\",\"status\":");
        number(out, u64::from(hit.status));
        out.extend_from_slice(b",\"body_bytes_sent\":");
        number(out, hit.bytes);
        out.extend_from_slice(b",\"http_referer\":\"");
        json(out, &hit.request.referer);
        out.extend_from_slice(b"\",\"http_user_agent\":\"");
        json(out, &hit.request.agent);
        out.extend_from_slice(b"\"}");
    }

    fn caddy(&mut self, out: &mut Vec<u8>, hit: &Hit) {
        out.extend_from_slice(b"{\"level\":\"info\",\"ts\":");
        out.extend_from_slice(&self.stamp);
        let _ = write!(out, ".{:03}", hit.at.rem_euclid(1000));
        out.extend_from_slice(
            b",\"logger\":\"http.log.access.log0\",\"msg\":\"handled request\",\"request\":{\"remote_ip\":\"",
        );
        address(out, hit.source);
        let _ = write!(out, "\",\"remote_port\":\"{}\",\"client_ip\":\"", 32_768 + hit.at.rem_euclid(28_000));
        address(out, hit.source);
        out.extend_from_slice(b"\",\"proto\":\"");
        out.extend_from_slice(hit.request.version.as_bytes());
        out.extend_from_slice(b"\",\"method\":\"");
        out.extend_from_slice(hit.request.method.as_bytes());
        out.extend_from_slice(b"\",\"host\":\"");
        out.extend_from_slice(hit.host.as_bytes());
        out.extend_from_slice(b"\",\"uri\":\"");
        json(out, &hit.request.target);
        out.extend_from_slice(b"\",\"headers\":{\"User-Agent\":[\"");
        json(out, &hit.request.agent);
        if !hit.request.referer.is_empty() {
            out.extend_from_slice(b"\"],\"Referer\":[\"");
            json(out, &hit.request.referer);
        }
        out.extend_from_slice(b"\"]}},\"bytes_read\":0,\"user_id\":\"\",\"duration\":0.004,\"size\":");
        number(out, hit.bytes);
        out.extend_from_slice(b",\"status\":");
        number(out, u64::from(hit.status));
        out.extend_from_slice(b"}");
    }

    fn w3c(&mut self, out: &mut Vec<u8>, hit: &Hit) {
        out.extend_from_slice(&self.stamp);
        out.extend_from_slice(b" 10.0.0.10 ");
        let target = &hit.request.target;
        let cut = target.iter().position(|&b| b == b'?');
        let (stem, query) = cut.map_or((&target[..], &[][..]), |i| (&target[..i], &target[i + 1..]));
        out.extend_from_slice(if hit.request.method.is_empty() { b"-" } else { hit.request.method.as_bytes() });
        for part in [stem, query] {
            out.push(b' ');
            or_dash(out, part, plussed);
        }
        out.extend_from_slice(b" 443 - ");
        address(out, hit.source);
        for part in [&hit.request.agent, &hit.request.referer] {
            out.push(b' ');
            or_dash(out, part, plussed);
        }
        out.push(b' ');
        out.extend_from_slice(hit.host.as_bytes());
        out.push(b' ');
        number(out, u64::from(hit.status));
        out.extend_from_slice(b" 0 0 ");
        number(out, hit.bytes);
        let _ = write!(out, " {}\r", hit.at.rem_euclid(300));
    }
}

fn request_line(out: &mut Vec<u8>, request: &Request) {
    out.clear();
    if !request.method.is_empty() {
        out.extend_from_slice(request.method.as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(&request.target);
    if !request.version.is_empty() {
        out.push(b' ');
        out.extend_from_slice(request.version.as_bytes());
    }
}

fn or_dash(out: &mut Vec<u8>, text: &[u8], write: fn(&mut Vec<u8>, &[u8])) {
    if text.is_empty() { out.push(b'-') } else { write(out, text) }
}

/// As Apache logs it: quotes and backslashes escaped, what cannot be printed as `\xhh`.
fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    if text.iter().all(|&b| b.is_ascii_graphic() && b != b'"' && b != b'\\' || b == b' ') {
        return out.extend_from_slice(text);
    }
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            b' '..=b'~' => out.push(b),
            _ => _ = write!(out, "\\x{b:02x}"),
        }
    }
}

/// As a JSON string; bytes that are not ASCII as the code point of their value, which is what nginx and Caddy's readers
/// get to see of malformed requests.
fn json(out: &mut Vec<u8>, text: &[u8]) {
    if text.iter().all(|&b| b.is_ascii_graphic() && b != b'"' && b != b'\\' || b == b' ') {
        return out.extend_from_slice(text);
    }
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            b' '..=b'~' => out.push(b),
            _ => _ = write!(out, "\\u{b:04x}"),
        }
    }
}

/// As IIS logs it: spaces as `+`, nothing unprintable.
fn plussed(out: &mut Vec<u8>, text: &[u8]) {
    out.extend(text.iter().map(|&b| match b {
        b' ' => b'+',
        b'!'..=b'~' => b,
        _ => b'?',
    }));
}

pub(crate) fn number(out: &mut Vec<u8>, n: u64) {
    let (mut digits, mut at, mut n) = ([0u8; 20], 20, n);
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

pub(crate) fn address(out: &mut Vec<u8>, a: Address) {
    if a.is_v4() {
        for (i, octet) in (a.0 as u32).to_be_bytes().into_iter().enumerate() {
            if i > 0 {
                out.push(b'.');
            }
            number(out, u64::from(octet));
        }
    } else {
        let _ = write!(out, "{a}");
    }
}
