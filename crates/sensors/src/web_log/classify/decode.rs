//! Undoing the disguises of a request's text, with a bound.
//!
//! [`decode`] turns one part of a request into the lower-cased text a vulnerable application would act
//! on: percent escapes (nested up to [`LAYERS`] times), `%uXXXX`, log escapes (`\xHH`), JavaScript
//! `\uXXXX`, HTML entities, overlong UTF-8 and full-width forms all become the plain character.
//!
//! You may rely on: at most [`LIMIT`] bytes are read, the output is never longer than the input, the time
//! is linear, no input panics. Left out: base64 and compression (a value inside them is not looked at).

/// Bytes examined of each part of a request: as long as a line that a reader looks at.
pub const LIMIT: usize = crate::input::LINE_MAX;
/// How often an escaped text is unescaped again.
pub const LAYERS: usize = 3;

/// What unescaping met on the way; by itself already a sign of evasion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Disguise {
    /// Layers that changed something.
    pub layers: u8,
    /// Dots, slashes or markup written in overlong UTF-8 (never produced by a correct encoder; RFC 3629, 3).
    pub overlong: bool,
    /// A dot, slash or backslash was percent-encoded although it needs no encoding in a path.
    pub encoded_dots: bool,
    /// A percent sign that itself was encoded, before two hex digits.
    pub nested: bool,
}

/// Appends the decoded, lower-cased `raw` to `out` and says what was undone.
/// `plus_is_space` holds for a query (HTML forms), not for a path.
pub fn decode(raw: &[u8], plus_is_space: bool, out: &mut Vec<u8>, spare: &mut Vec<u8>) -> Disguise {
    let raw = &raw[..raw.len().min(LIMIT)];
    let start = out.len();
    let mut seen = Disguise::default();
    out.extend_from_slice(raw);
    if plus_is_space {
        for byte in &mut out[start..] {
            if *byte == b'+' {
                *byte = b' ';
            }
        }
    }
    for layer in 0..LAYERS {
        let Some(first) = memchr::memchr3(b'%', b'\\', b'&', &out[start..]) else {
            break;
        };
        spare.clear();
        spare.extend_from_slice(&out[start + first..]);
        out.truncate(start + first);
        if !unescape(spare, out, &mut seen) {
            break;
        }
        seen.nested |= layer > 0;
        seen.layers += 1;
    }
    // The lead bytes that `narrow` looks at; accented letters of Western languages have others.
    if out[start..].iter().any(|byte| matches!(byte, 0xC0 | 0xC1 | 0xE0 | 0xE2 | 0xEF | 0xF0)) {
        spare.clear();
        spare.extend_from_slice(&out[start..]);
        out.truncate(start);
        narrow(spare, out, &mut seen);
    }
    out[start..].make_ascii_lowercase();
    seen
}

/// One layer of escapes. Says whether anything changed.
fn unescape(text: &[u8], out: &mut Vec<u8>, seen: &mut Disguise) -> bool {
    let mut changed = false;
    let mut at = 0;
    while let Some(next) = text[at..].iter().position(|&byte| matches!(byte, b'%' | b'\\' | b'&')) {
        out.extend_from_slice(&text[at..at + next]);
        at += next;
        let rest = &text[at..];
        let step = match rest[0] {
            b'%' => percent(rest, out, seen),
            b'\\' => backslash(rest, out),
            _ => entity(rest, out),
        };
        if step == 0 {
            out.push(rest[0]);
            at += 1;
        } else {
            changed = true;
            at += step;
        }
    }
    out.extend_from_slice(&text[at..]);
    changed
}

fn percent(rest: &[u8], out: &mut Vec<u8>, seen: &mut Disguise) -> usize {
    if let Some(byte) = hex_pair(rest, 1) {
        if matches!(byte, b'.' | b'/' | b'\\') {
            seen.encoded_dots = true;
        }
        out.push(byte);
        return 3;
    }
    if rest.len() >= 6
        && rest[1] | 0x20 == b'u'
        && let (Some(high), Some(low)) = (hex_pair(rest, 2), hex_pair(rest, 4))
    {
        push_char(u32::from(high) << 8 | u32::from(low), out);
        return 6;
    }
    0
}

/// `\xHH` (how Apache and nginx write unprintable bytes into their logs), `\uHHHH` (JavaScript) and
/// `\"`, `\\` (Apache).
fn backslash(rest: &[u8], out: &mut Vec<u8>) -> usize {
    match rest.get(1) {
        Some(b'x') => {
            if let Some(byte) = hex_pair(rest, 2) {
                out.push(byte);
                return 4;
            }
            0
        }
        Some(b'u') => {
            if let (Some(high), Some(low)) = (hex_pair(rest, 2), hex_pair(rest, 4)) {
                push_char(u32::from(high) << 8 | u32::from(low), out);
                return 6;
            }
            0
        }
        Some(&quote @ (b'"' | b'\\')) => {
            out.push(quote);
            2
        }
        _ => 0,
    }
}

/// Named entities that hide markup (HTML Living Standard, 13.5); the numeric ones are read in full.
const ENTITIES: [(&[u8], u8); 14] = [
    (b"lt;", b'<'),
    (b"gt;", b'>'),
    (b"quot;", b'"'),
    (b"apos;", b'\''),
    (b"amp;", b'&'),
    (b"lpar;", b'('),
    (b"rpar;", b')'),
    (b"colon;", b':'),
    (b"sol;", b'/'),
    (b"bsol;", b'\\'),
    (b"equals;", b'='),
    (b"tab;", b'\t'),
    (b"newline;", b'\n'),
    (b"period;", b'.'),
];

fn entity(rest: &[u8], out: &mut Vec<u8>) -> usize {
    if rest.get(1) == Some(&b'#') {
        let hexadecimal = rest.get(2).is_some_and(|byte| byte | 0x20 == b'x');
        let from = if hexadecimal { 3 } else { 2 };
        let mut code = 0_u32;
        let mut at = from;
        // Leading zeros are a known evasion, so up to ten digits are read.
        while at < rest.len() && at < from + 10 {
            let digit = match rest[at] {
                byte @ b'0'..=b'9' => u32::from(byte - b'0'),
                byte if hexadecimal && byte.is_ascii_hexdigit() => u32::from((byte | 0x20) - b'a' + 10),
                _ => break,
            };
            code = code.saturating_mul(if hexadecimal { 16 } else { 10 }).saturating_add(digit);
            at += 1;
        }
        if at == from || code == 0 || code > 0x0010_FFFF {
            return 0;
        }
        // The output must not outgrow the input: the shortest escape of a 3-byte character is longer.
        push_char(code, out);
        return at + usize::from(rest.get(at) == Some(&b';'));
    }
    for (name, byte) in ENTITIES {
        if rest.len() > name.len() && rest[1..=name.len()].eq_ignore_ascii_case(name) {
            out.push(byte);
            return 1 + name.len();
        }
    }
    0
}

fn hex_pair(text: &[u8], at: usize) -> Option<u8> {
    let high = (*text.get(at)? as char).to_digit(16)?;
    let low = (*text.get(at + 1)? as char).to_digit(16)?;
    u8::try_from(high << 4 | low).ok()
}

fn push_char(code: u32, out: &mut Vec<u8>) {
    let code = if (0xFF01..=0xFF5E).contains(&code) { code - 0xFEE0 } else { code };
    if let Some(character) = char::from_u32(code) {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.push(b'?');
    }
}

/// Overlong UTF-8, full-width forms and slash look-alikes become ASCII; other bytes stay.
fn narrow(text: &[u8], out: &mut Vec<u8>, seen: &mut Disguise) {
    let mut at = 0;
    let tail = |index: usize| text.get(index).copied().filter(|byte| (0x80..0xC0).contains(byte));
    // `%c0%2e`: a lead byte before a plain character, as some lists have it; once may be Latin-1 text.
    let broken = text.iter().filter(|&&byte| byte == 0xC0).count() >= 2;
    while at < text.len() {
        let lead = text[at];
        let found = match lead {
            0xC0 if broken && matches!(text.get(at + 1), Some(b'.' | b'/' | b'\\')) => Some((text[at + 1], 2, true)),
            0xC0 | 0xC1 => tail(at + 1).map(|second| ((lead & 1) << 6 | (second & 0x3F), 2, true)),
            0xE0 => match (tail(at + 1), tail(at + 2)) {
                (Some(second @ 0x80..=0x81), Some(third)) => Some(((second & 1) << 6 | (third & 0x3F), 3, true)),
                _ => None,
            },
            0xF0 => match (tail(at + 1), tail(at + 2), tail(at + 3)) {
                (Some(0x80), Some(third @ 0x80..=0x81), Some(fourth)) => {
                    Some(((third & 1) << 6 | (fourth & 0x3F), 4, true))
                }
                _ => None,
            },
            0xEF => match (tail(at + 1), tail(at + 2)) {
                // U+FF01..U+FF5E
                (Some(0xBC), Some(third @ 0x81..)) => Some((third - 0x60, 3, false)),
                (Some(0xBD), Some(third @ 0x80..=0x9E)) => Some((third - 0x20, 3, false)),
                _ => None,
            },
            // U+2044 fraction slash, U+2215 division slash
            0xE2 if text[at..].starts_with(b"\xE2\x81\x84") || text[at..].starts_with(b"\xE2\x88\x95") => {
                Some((b'/', 3, false))
            }
            _ => None,
        };
        match found {
            Some((byte, length, overlong)) => {
                seen.overlong |= overlong && matches!(byte, b'.' | b'/' | b'\\' | b'<' | b'>' | b'\'' | b'"');
                out.push(byte);
                at += length;
            }
            None => {
                out.push(lead);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(raw: &str) -> String {
        let mut out = Vec::new();
        decode(raw.as_bytes(), true, &mut out, &mut Vec::new());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn every_disguise_becomes_plain_text() {
        for (raw, want) in [
            ("%2e%2E/x", "../x"),
            ("%252e%25252e", ".."),
            ("..%c0%af..%c1%9c", "../..\\"),
            ("%e0%80%af", "/"),
            ("%f0%80%80%af", "/"),
            ("%uff1cscript%uFF1E", "<script>"),
            ("%EF%BC%87%ef%bd%81", "'a"),
            ("&lt;SVG&gt;&#60;&#x3C;&#0000060", "<svg><<<"),
            ("\\x3cscript\\u003e", "<script>"),
            ("a+b%20c", "a b c"),
            ("100%", "100%"),
            ("%zz%2", "%zz%2"),
            ("%u12", "%u12"),
            ("l%27%C3%89lection", "l'Élection"),
            ("&", "&"),
            ("&#", "&#"),
            ("\\", "\\"),
            ("%c0", "\u{fffd}"),
        ] {
            assert_eq!(plain(raw), want, "{raw}");
        }
    }

    #[test]
    fn the_fourth_layer_stays_and_the_bound_holds() {
        assert_eq!(plain("%25252527"), "%27");
        assert_eq!(plain(&"%41".repeat(LIMIT / 2)).len(), LIMIT / 3 + LIMIT % 3);
    }

    #[test]
    fn disguises_are_told() {
        let tell = |raw: &str| decode(raw.as_bytes(), false, &mut Vec::new(), &mut Vec::new());
        assert!(tell("%c0%af").overlong);
        assert!(tell("%252e").nested);
        assert!(tell("%2e").encoded_dots);
        assert_eq!(tell("caf%C3%A9+x"), Disguise { layers: 1, ..Disguise::default() });
    }
}
