//! One request and its answer over HTTP/1.1, with bounds.

use super::{BODY, HEAD};
use std::io::{Read, Write};
use std::time::Instant;

/// One answer, as it came: status, headers (names in lower case), body (cut).
pub type Raw = (u16, Vec<(String, String)>, Vec<u8>);

pub(super) enum Fault {
    Certificate,
    Other,
}

impl From<std::io::Error> for Fault {
    fn from(e: std::io::Error) -> Fault {
        let tls = e.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::InvalidCertificate(_)) => Fault::Certificate,
            _ => Fault::Other,
        }
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

pub(super) fn exchange(
    mut stream: impl Read + Write,
    request: &str,
    method: &str,
    end: Instant,
) -> std::result::Result<(Raw, Vec<u8>), Fault> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    let mut head = None;
    loop {
        // One byte a second is an answer that never ends.
        if Instant::now() > end {
            if head.is_some() {
                break;
            }
            return Err(Fault::Other);
        }
        let n = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            // Servers that close without TLS's goodbye, or never: what came is what there is.
            Err(e) if head.is_some() => {
                let _ = e;
                break;
            }
            Err(e) => return Err(e.into()),
        };
        bytes.extend_from_slice(&buffer[..n]);
        if head.is_none() {
            head = bytes.windows(4).position(|w| w == b"\r\n\r\n");
            if head.is_none() && bytes.len() > HEAD {
                return Err(Fault::Other);
            }
        }
        if let Some(at) = head
            && (bytes.len() - at > BODY || whole(&bytes, at, method))
        {
            break;
        }
    }
    let at = head.ok_or(Fault::Other)?;
    let text: String = bytes[..at].iter().map(|b| *b as char).collect();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).ok_or(Fault::Other)?;
    let headers: Vec<(String, String)> = lines
        .take(400)
        .filter_map(|l| l.split_once(':'))
        .map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_string()))
        .collect();
    bytes.truncate(at + 4 + BODY);
    let mut body = bytes[at + 4..].to_vec();
    if headers.iter().any(|(n, v)| n == "transfer-encoding" && v.to_ascii_lowercase().contains("chunked")) {
        body = unchunked(&body);
    }
    Ok(((status, headers, body), bytes))
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
