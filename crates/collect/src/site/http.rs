//! One request and its answer over HTTP/1.1, with bounds.

use super::{HEAD, Why};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// One answer, as it came: status, headers (names in lower case), body (cut).
pub type Raw = (u16, Vec<(String, String)>, Vec<u8>);

pub(super) enum Fault {
    /// Of a bad certificate; `nobody`: it leads to no authority that is known.
    Certificate {
        nobody: bool,
    },
    Other(Why),
}

impl From<io::Error> for Fault {
    fn from(e: io::Error) -> Fault {
        let tls = e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::InvalidCertificate(why)) => {
                Fault::Certificate { nobody: *why == rustls::CertificateError::UnknownIssuer }
            }
            _ => Fault::Other(Why::of(&e)),
        }
    }
}

impl Why {
    pub(super) fn of(e: &io::Error) -> Why {
        match e.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Why::Late,
            ErrorKind::ConnectionRefused => Why::Refused,
            _ => Why::Broken,
        }
    }
}

/// A connection whose reads and writes all end by one moment. A time for each of them would begin anew with every byte that
/// drips, and what ends a handshake reads until it is ended.
pub(super) struct Bounded {
    stream: TcpStream,
    end: Instant,
}

impl Bounded {
    pub(super) fn open(to: &SocketAddr, connect: Duration, end: Instant) -> io::Result<Bounded> {
        Ok(Bounded { stream: TcpStream::connect_timeout(to, connect)?, end })
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Scheme (is it HTTPS), host in lower case, port and path of an address.
pub(super) fn split(url: &str) -> Option<(bool, String, u16, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let https = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(cut);
    let path = path.split('#').next().unwrap_or("");
    let path = if path.starts_with('/') { path.to_string() } else { format!("/{path}") };
    if authority.contains('@') || path.bytes().any(|b| b.is_ascii_control() || b == b' ') {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
        _ => (authority, if https { 443 } else { 80 }),
    };
    (!host.is_empty()).then(|| (https, host.to_lowercase(), port, path))
}

/// Where a redirection leads, from where it was met.
pub fn resolve(from: &str, to: &str) -> String {
    let to = to.trim();
    if to.contains("://") {
        return to.to_string();
    }
    let (scheme, rest) = from.split_once("://").unwrap_or(("https", from));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    match to.strip_prefix("//") {
        Some(rest) => format!("{scheme}://{rest}"),
        None if to.starts_with('/') => format!("{scheme}://{authority}{to}"),
        None => format!("{scheme}://{authority}/{to}"),
    }
}

/// What came: the answer, its bytes, and why it is not all of it.
pub(super) type Came = (Raw, Vec<u8>, Option<Why>);

pub(super) fn exchange(
    mut stream: impl Read + Write,
    request: &str,
    method: &str,
    most: usize,
) -> std::result::Result<Came, Fault> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    let (mut head, mut cut) = (None, None);
    loop {
        let n = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            // Servers that close without TLS's goodbye, or never: what came is what there is.
            Err(e) if head.is_some() => {
                cut = Some(Why::of(&e)).filter(|w| *w == Why::Late);
                break;
            }
            Err(e) => return Err(e.into()),
        };
        bytes.extend_from_slice(&buffer[..n]);
        if head.is_none() {
            head = bytes.windows(4).position(|w| w == b"\r\n\r\n");
            if head.is_none() && bytes.len() > HEAD {
                return Err(Fault::Other(Why::Broken));
            }
        }
        if let Some(at) = head {
            if bytes.len() - at > most {
                cut = Some(Why::Long);
                break;
            }
            if whole(&bytes, at, method) {
                break;
            }
        }
    }
    let broken = || Fault::Other(Why::Broken);
    let at = head.ok_or_else(broken)?;
    let text: String = bytes[..at].iter().map(|b| *b as char).collect();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).ok_or_else(broken)?;
    let headers: Vec<(String, String)> = lines
        .take(400)
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_string()))
        .collect();
    bytes.truncate(at + 4 + most);
    let mut body = bytes[at + 4..].to_vec();
    if headers.iter().any(|(n, v)| n == "transfer-encoding" && v.to_ascii_lowercase().contains("chunked")) {
        body = unchunked(&body);
    }
    Ok(((status, headers, body), bytes, cut))
}

/// Whether all that was announced is there.
fn whole(bytes: &[u8], head: usize, method: &str) -> bool {
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let none = method == "HEAD" || text.split(' ').nth(1).is_some_and(|s| s == "204" || s == "304");
    none || length.is_some_and(|n| bytes.len() >= head.saturating_add(4).saturating_add(n))
        || text.contains("chunked") && bytes.ends_with(b"0\r\n\r\n")
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at])
            .ok()
            .and_then(|l| usize::from_str_radix(l.split(';').next()?.trim(), 16).ok());
        let Some(size) = size.filter(|s| *s > 0) else { break };
        let from = at + 2;
        let to = from.saturating_add(size).min(rest.len());
        out.extend_from_slice(&rest[from..to]);
        rest = rest.get(to.saturating_add(2)..).unwrap_or(&[]);
    }
    out
}
