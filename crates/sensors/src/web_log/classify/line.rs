//! The request line itself: method, protocol, absolute addresses, and bytes that are no HTTP at all.
//!
//! You may rely on: a TLS greeting on a plain port and an unknown word are weak signs (a visitor's mistake);
//! a known tool's greeting is strong. A `CONNECT` is always an attempt to use the server as a proxy.
//! Left out: what the server answered, except 401 for a login.

use super::Engine::{
    LineGarbage, LineTls, LineTool, LineVersion, MethodOdd, MethodUpload, ProxyAbsolute, ProxyConnect, ProxyForeign,
};
use super::Request;
use super::value::{Found, has};

/// Methods of RFC 9110, WebDAV (RFC 4918) and its kin: no sign by themselves.
const METHODS: [&[u8]; 20] = [
    b"GET",
    b"POST",
    b"HEAD",
    b"OPTIONS",
    b"PUT",
    b"DELETE",
    b"PATCH",
    b"PROPFIND",
    b"PROPPATCH",
    b"REPORT",
    b"MKCOL",
    b"COPY",
    b"MOVE",
    b"LOCK",
    b"UNLOCK",
    b"SEARCH",
    b"PURGE",
    b"QUERY",
    b"MKCALENDAR",
    b"PRI",
];

/// First bytes of other protocols and of tools' greetings.
const GREETINGS: [&[u8]; 16] = [
    b"MGLNDD_",
    b"Gh0st",
    b"SSH-",
    b"\x03\x00\x00",
    b"\\x03\\x00\\x00",
    b"\\x00\\x00\\x00",
    b"mstshash",
    b"w00tw00t",
    b"JRMI",
    b"\\x04\\x01",
    b"\\x05\\x01",
    b"\\x05\\x02",
    b"EHLO",
    b"*1\\x0D",
    b"SMB",
    b"\\xFFSMB",
];

/// Judges the line; the common case costs a few comparisons.
#[inline]
pub fn scan(request: &Request<'_>, found: &mut Found) {
    let ordinary_method = matches!(request.method, b"GET" | b"POST" | b"HEAD" | b"OPTIONS");
    let ordinary_protocol =
        matches!(request.protocol, b"HTTP/1.1" | b"HTTP/2.0" | b"HTTP/1.0" | b"HTTP/2" | b"HTTP/3.0" | b"HTTP/3" | b"");
    let ordinary_target = matches!(request.target.first(), Some(b'/') | None);
    if !(ordinary_method && ordinary_protocol && ordinary_target) {
        odd(request, ordinary_method, ordinary_protocol, found);
    }
}

#[cold]
fn odd(request: &Request<'_>, ordinary_method: bool, ordinary_protocol: bool, found: &mut Found) {
    let target = request.target;
    if request.method == b"CONNECT" {
        found.add(ProxyConnect);
        return;
    }
    if !ordinary_protocol {
        if request.protocol.starts_with(b"HTTP/") { found.add(LineVersion) } else { found.add(LineGarbage) }
    }
    if request.method.is_empty() {
        // The whole line may be in the target.
        if target.is_empty() || target == b"-" {
            return;
        }
        // IIS and some JSON logs have no method only when the field is not logged: then the target is a path.
        if target.starts_with(b"/") && request.protocol.is_empty() {
            return;
        }
    } else if !ordinary_method && request.method != b"-" {
        match request.method {
            b"TRACE" | b"TRACK" | b"DEBUG" | b"INDEX" => found.add(MethodOdd),
            method if METHODS.contains(&method) => {}
            method if !method.is_empty() && method.len() <= 20 && method.iter().all(u8::is_ascii_uppercase) => {
                found.add(MethodOdd)
            }
            _ => found.add(LineGarbage),
        }
        if request.method == b"PUT" || request.method == b"MOVE" {
            upload(target, found);
        }
    }
    let line = if request.method.is_empty() { target } else { request.method };
    let head = &line[..line.len().min(400)];
    if line.first() == Some(&0x16) || head.starts_with(b"\\x16\\x03") || head.starts_with(b"\\x80") {
        found.add(LineTls);
        return;
    }
    if GREETINGS.iter().any(|greeting| head.starts_with(greeting)) || has(head, b"mstshash=") || has(head, b"|'|'|") {
        found.add(LineTool);
        return;
    }
    absolute(request, found);
    if request.method.is_empty() && !found.has(ProxyForeign) && !found.has(ProxyAbsolute) && !target.starts_with(b"/") {
        found.add(LineGarbage);
    }
}

fn upload(target: &[u8], found: &mut Found) {
    let path = target.split(|&byte| byte == b'?').next().unwrap_or(target).to_ascii_lowercase();
    if [&b".php"[..], b".jsp", b".jspx", b".asp", b".aspx", b".jsp/", b".jsp%20", b".phtml"]
        .iter()
        .any(|end| path.ends_with(end))
    {
        found.add(MethodUpload);
    }
}

/// The part of an absolute address before its path, if it is one: (host without port, path).
pub fn split_absolute(target: &[u8]) -> Option<(&[u8], &[u8])> {
    let scheme = memchr::memmem::find(&target[..target.len().min(10)], b"://")?;
    if !target[..scheme].iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let rest = &target[scheme + 3..];
    let end = rest.iter().position(|&byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let authority = rest[..end].rsplit(|&byte| byte == b'@').next().unwrap_or(&[]);
    Some((without_port(authority), &rest[end..]))
}

/// A host without its port.
pub fn without_port(authority: &[u8]) -> &[u8] {
    match memchr::memrchr(b':', authority) {
        Some(colon) if authority[colon + 1..].iter().all(u8::is_ascii_digit) => &authority[..colon],
        _ => authority,
    }
}

fn absolute(request: &Request<'_>, found: &mut Found) {
    let Some((host, _)) = split_absolute(request.target) else {
        return;
    };
    if request.host.is_empty() || request.host == b"-" || request.host == b"_" {
        found.add(ProxyAbsolute);
    } else if !without_port(request.host).eq_ignore_ascii_case(host) {
        found.add(ProxyForeign);
    }
}
