//! Path traversal and file inclusion: leaving the directory, or naming a file, stream or server to include.
//!
//! You may rely on: a single plain `../` in a *path* (a crawler's mistake) is only a weak sign, as is a mention
//! of `C:\Users`; in a parameter, or in disguise, climbing is an attempt. Left out: whether the file exists.

use super::Engine::{
    HiddenOther, IncRemote, IncScheme, IncSensitive, SsrfLocal, TravClimb, TravDisguise, TravDots, TravHint, TravNull,
    TravTemplate, TravTruncate,
};
use super::value::{Found, Value, trim};

/// Stream wrappers and schemes that make an application open something (PHP manual, "Supported Protocols and
/// Wrappers"; Java's `jar:` and `netdoc:`).
const SCHEMES: [&[u8]; 22] = [
    b"php://",
    b"file:/",
    b"expect://",
    b"zip://",
    b"phar://",
    b"glob://",
    b"data://",
    b"compress.zlib://",
    b"compress.bzip2://",
    b"rar://",
    b"ogg://",
    b"ssh2.",
    b"gopher://",
    b"dict://",
    b"ldap://",
    b"ldaps://",
    b"jar:",
    b"netdoc:",
    b"tftp://",
    b"data:;base64",
    b"data:text/plain",
    b"local_file:",
];

/// Looks for climbing and inclusion in `value`.
pub fn scan(value: &Value<'_>, found: &mut Found) {
    if value.text.len() < 2 {
        return;
    }
    if value.any(b".") {
        climb(value, found);
        if value.any(b"%") && value.has(b"..%") {
            found.add(TravDisguise);
        }
    }
    if value.any(b"/\\") {
        runs(value, found);
    }
    if value.any(b"\0") {
        null(value, found);
    }
    if !value.path && value.any(b":") {
        schemes(value, found);
    }
    if value.any(b"{") {
        template(value, found);
    }
    if value.disguise.overlong {
        found.add(TravDisguise);
    }
}

fn slash(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

/// Counts `..` segments, and dots that stand where only slashes and dots should.
fn climb(value: &Value<'_>, found: &mut Found) {
    let text = value.text;
    let (mut climbs, mut depth, mut below, mut mixed, mut disguised) = (0_u32, 0_i32, false, false, false);
    let mut hidden = false;
    for segment in text.split(|&byte| slash(byte)) {
        match segment {
            b".." => {
                climbs += 1;
                depth -= 1;
                below |= depth < 0;
            }
            b"" | b"." => {}
            // Tomcat and Spring cut a segment at `;`; NUL and spaces are dropped by others.
            [b'.', b'.', b';', ..] => disguised = true,
            [b'.', b'.', rest @ ..] if rest.iter().all(|byte| matches!(byte, b' ' | 0 | b'.')) && rest.len() < 3 => {
                mixed |= rest[0] == b'.';
                disguised |= rest[0] != b'.';
            }
            [b'.', b'a'..=b'z', rest @ ..] => {
                hidden |= !rest.starts_with(b"ell-known");
                depth += 1;
            }
            _ => depth += 1,
        }
    }
    if disguised {
        found.add(TravDisguise);
    }
    if hidden && value.path {
        found.add(HiddenOther);
    }
    if climbs > 0 {
        let last = text.ends_with(b"..") && climbs == 1;
        let first_plain = text.iter().position(|&byte| slash(byte));
        if value.disguise.nested || (value.path && value.disguise.encoded_dots) {
            found.add(TravDisguise);
        }
        if value.path {
            if climbs >= 2 && below { found.add(TravClimb) } else { found.add(TravHint) }
        } else if climbs == 1
            && text.starts_with(b"../")
            && text.len() > 3
            && value.disguise.layers < 2
            && !value.any(b"\0;")
        {
            // ../images/a.png: a relative address, one step up.
            found.add(TravHint);
        } else if !(last && first_plain.is_none_or(|at| at + 3 < text.len()))
            && (text.contains(&b'/') || text.contains(&b'\\'))
        {
            // In a parameter: `..` must be next to a slash, at the start, or repeated; "and so on ../.." is no text.
            found.add(TravClimb);
        } else {
            found.add(TravHint);
        }
    } else if text.starts_with(b"/..") || text.starts_with(b"\\..") {
        // /..{file}, /......etc
        if !value.path { found.add(TravDots) } else { found.add(TravHint) }
    }
    if mixed && !value.path {
        // `....//` turns into `../` when `../` is taken out once; `.../` climbs on old Windows.
        let repeated =
            memchr::memmem::find_iter(text, b"../").chain(memchr::memmem::find_iter(text, b"..\\")).take(2).count()
                >= 2;
        if repeated || slash(text[0]) || (text[0] == b'.' && value.any(b"/\\")) {
            found.add(TravDots);
        }
    }
    if text.len() >= 8
        && text.iter().take_while(|&&byte| byte == b'.').count() >= 8
        && text.iter().any(|byte| byte.is_ascii_alphabetic())
        && !text.contains(&b' ')
    {
        found.add(TravDots);
    }
}

/// Runs that cut off what the application appends, or that overflow a buffer.
fn runs(value: &Value<'_>, found: &mut Found) {
    let text = value.text;
    if value.path && (value.disguise.layers > 0 || value.any(b"\\")) && value.has(b"/././.") {
        found.add(TravHint);
    }
    if text.len() >= 150 {
        let (mut run, mut longest, mut last) = (0_usize, 0, 0_u8);
        for &byte in text {
            run = if byte == last { run + 1 } else { 1 };
            last = byte;
            longest = longest.max(run);
        }
        if longest >= 100 && text[0] == b'/' {
            found.add(TravTruncate);
        }
    }
    if !value.path && text.len() >= 6 && text.iter().take_while(|&&byte| byte == b'/').count() >= 5 {
        found.add(TravDots);
    }
}

/// A NUL ends a file name early in C.
fn null(value: &Value<'_>, found: &mut Found) {
    let at = memchr::memchr(0, value.text).unwrap_or(0);
    let rest = &value.text[at..];
    if rest.len() == 1 || rest.get(1) == Some(&b'.') || value.any(b"/\\") {
        found.add(TravNull);
    } else {
        found.add(TravHint);
    }
}

fn schemes(value: &Value<'_>, found: &mut Found) {
    let text = trim(value.text);
    for scheme in SCHEMES {
        if text.starts_with(scheme) {
            found.add(IncScheme);
            return;
        }
    }
    if text.starts_with(b"=") || !(text.starts_with(b"http") || text.starts_with(b"ftp://")) {
        // c:\…, c|/…: a drive and a file that no web page asks for is a literal rule; a bare drive root is a hint.
        if let [b'a'..=b'z', b':', b'/' | b'\\', rest @ ..] = text
            && (rest.starts_with(b"windows/")
                || rest.starts_with(b"windows\\")
                || rest.starts_with(b"winnt")
                || rest.starts_with(b"inetpub")
                || rest.starts_with(b"boot.ini")
                || rest.starts_with(b"win.ini"))
        {
            found.add(IncSensitive);
        }
        return;
    }
    let Some(start) = memchr::memmem::find(text, b"://") else {
        return;
    };
    if text.contains(&b' ') {
        return; // a sentence that begins with an address
    }
    let rest = &text[start + 3..];
    let end = rest.iter().position(|&byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = authority.rsplit(|&byte| byte == b'@').next().unwrap_or(authority);
    if inside(host) {
        found.add(SsrfLocal);
    }
    let path = &rest[end..];
    let bare = path.split(|&byte| byte == b'?').next().unwrap_or(path);
    // `http://host/shell.txt?`: the question mark turns the appended extension into a query.
    if path.ends_with(b"?") && path.len() > 2
        || path.ends_with(b"%00")
        || [&b".txt"[..], b".php", b".gif", b".jpg"].iter().any(|end| bare.ends_with(end))
            && (path.contains(&b'?') && !path.contains(&b'='))
    {
        found.add(IncRemote);
    }
}

/// Names that lead into a server's own network or to its cloud's metadata, and services that turn any name into an address.
const INSIDE: [&[u8]; 7] = [
    b"localhost",
    b"metadata.google.internal",
    b"metadata.goog",
    b"rancher-metadata",
    b"instance-data",
    b"localtest.me",
    b"host.docker.internal",
];
const ANY_ADDRESS: [&[u8]; 3] = [b".nip.io", b".sslip.io", b".xip.io"];

/// Whether a host lies inside the server's own machine, link or cloud; or is an address written so that it is not seen.
fn inside(host: &[u8]) -> bool {
    let host = super::line::without_port(host);
    let host = host.strip_suffix(b".").unwrap_or(host);
    if INSIDE
        .iter()
        .any(|name| host.strip_suffix(*name).is_some_and(|before| before.is_empty() || before.ends_with(b".")))
        || ANY_ADDRESS.iter().any(|end| host.ends_with(end))
    {
        return true;
    }
    if let Some(address) = host.strip_prefix(b"[") {
        let address = address.split(|&byte| byte == b']').next().unwrap_or(address);
        let address = std::str::from_utf8(address).ok().and_then(|text| text.parse::<std::net::Ipv6Addr>().ok());
        return address.is_some_and(|a| {
            a.is_loopback()
                || a.is_unspecified()
                || (a.segments()[0] & 0xffc0) == 0xfe80
                || a.to_ipv4_mapped().is_some_and(|v4| own_v4(v4.into()))
        });
    }
    numeric(host).is_some_and(|(address, disguised)| disguised || own_v4(address))
}

/// Loopback, link-local, unspecified, and the addresses at which clouds tell a machine about itself.
fn own_v4(address: u32) -> bool {
    let [a, b, ..] = address.to_be_bytes();
    a == 127
        || a == 0
        || (a, b) == (169, 254)
        || matches!(address.to_be_bytes(), [100, 100, 100, 200] | [192, 0, 0, 192])
}

/// An IPv4 address as C's `inet_aton` reads it: one to four numbers, each decimal, octal or hexadecimal; and whether it is
/// written otherwise than people write addresses.
fn numeric(host: &[u8]) -> Option<(u32, bool)> {
    let (mut numbers, mut disguised) = ([0_u64; 4], false);
    let mut count = 0;
    for part in host.split(|&byte| byte == b'.') {
        let number = numbers.get_mut(count)?;
        let (digits, radix) = match part {
            [b'0', b'x', hex @ ..] if !hex.is_empty() => (hex, 16),
            [b'0', octal @ ..] if !octal.is_empty() => (octal, 8),
            decimal => (decimal, 10),
        };
        disguised |= radix != 10;
        *number = u64::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
        count += 1;
    }
    let last = numbers[count - 1];
    let room = 8 * (5 - count as u32);
    if last >= 1 << room || numbers[..count - 1].iter().any(|&number| number > 255) {
        return None;
    }
    let lead = numbers[..count - 1].iter().enumerate().map(|(n, number)| number << (24 - 8 * n)).sum::<u64>();
    Some(((lead + last) as u32, disguised || count < 4 && (count > 1 || last > 255)))
}

/// A fuzzing list's placeholder, left unfilled after something that only a traversal list holds.
fn template(value: &Value<'_>, found: &mut Found) {
    let text = trim(value.text);
    let Some(at) = memchr::memmem::find(text, b"{file}") else {
        return;
    };
    let lead = &text[..at];
    if !lead.is_empty()
        && at + 6 == text.len()
        && (lead.iter().all(|byte| !byte.is_ascii_alphanumeric())
            || lead.windows(4).any(|four| four.iter().all(|&byte| byte == four[0])))
    {
        found.add(TravTemplate);
    }
}
