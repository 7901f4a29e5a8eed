//! Transfer encodings undone: base64, quoted-printable (RFC 2045), uuencode, the Q of encoded words, percent (RFC 2231).
//!
//! You may rely on: no more bytes out than in, no more than asked for, whatever the input; what is no base64 is passed
//! over and counted.

use std::ops::Range;

/// What came of decoding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Characters that do not belong.
    pub strange: u64,
    /// Whether more was there than was asked for.
    pub cut: bool,
}

const NONE: u8 = 0xff;
const SPACE: u8 = 0xfe;
const PAD: u8 = 0xfd;

/// The value of each base64 character; the URL-safe alphabet is taken as well.
const SEXTETS: [u8; 256] = {
    let mut table = [NONE; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut n = 0;
    while n < 64 {
        table[alphabet[n] as usize] = n as u8;
        n += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b' ' as usize] = SPACE;
    table[b'\t' as usize] = SPACE;
    table[b'\r' as usize] = SPACE;
    table[b'\n' as usize] = SPACE;
    table[b'=' as usize] = PAD;
    table
};

/// Base64, at most `most` bytes of it. Padding within the text starts anew, for texts joined by careless programs.
pub fn base64(text: &[u8], most: usize) -> Decoded {
    let mut out =
        Decoded { bytes: Vec::with_capacity((text.len() / 4 * 3).min(most).saturating_add(3)), ..Decoded::default() };
    let (mut held, mut bits) = (0u32, 0u32);
    let mut rest = text;
    while !rest.is_empty() {
        if out.bytes.len() >= most {
            out.bytes.truncate(most);
            out.cut = true;
            return out;
        }
        // Four characters of the alphabet at once: the ordinary case.
        if bits == 0
            && let [a, b, c, d, after @ ..] = rest
        {
            let [a, b, c, d] = [a, b, c, d].map(|&x| SEXTETS[x as usize]);
            if (a | b | c | d) < 64 {
                let three = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
                out.bytes.extend_from_slice(&three.to_be_bytes()[1..]);
                rest = after;
                continue;
            }
        }
        let [first, after @ ..] = rest else { break };
        rest = after;
        match SEXTETS[*first as usize] {
            SPACE => {}
            PAD => (held, bits) = (0, 0),
            NONE => out.strange += 1,
            sextet => {
                held = held << 6 | u32::from(sextet);
                bits += 6;
                if bits >= 8 {
                    bits -= 8;
                    out.bytes.push((held >> bits) as u8);
                    held &= (1 << bits) - 1;
                }
            }
        }
    }
    out.cut = out.bytes.len() > most;
    out.bytes.truncate(most);
    out
}

fn hex(b: u8) -> Option<u8> {
    (b as char).to_digit(16).map(|d| d as u8)
}

/// Quoted-printable, at most `most` bytes of it.
pub fn quoted_printable(text: &[u8], most: usize) -> Decoded {
    let mut out = Decoded { bytes: Vec::with_capacity(text.len().min(most)), ..Decoded::default() };
    let mut rest = text;
    while let Some(equals) = memchr::memchr(b'=', rest) {
        out.bytes.extend_from_slice(&rest[..equals]);
        rest = &rest[equals + 1..];
        if out.bytes.len() >= most {
            break;
        }
        if let [a, b, after @ ..] = rest
            && let (Some(a), Some(b)) = (hex(*a), hex(*b))
        {
            out.bytes.push(a << 4 | b);
            rest = after;
            continue;
        }
        // A soft line break, white space before its end allowed.
        let spaces = rest.iter().take(64).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        match rest.get(spaces) {
            Some(b'\n') => rest = &rest[spaces + 1..],
            None => rest = &[],
            _ => {
                out.bytes.push(b'=');
                out.strange += 1;
            }
        }
    }
    out.bytes.extend_from_slice(rest);
    out.cut = out.bytes.len() > most;
    out.bytes.truncate(most);
    out
}

/// The Q encoding of encoded words (RFC 2047 4.2).
pub fn quoted_word(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    escaped(text, b'=', |b, bare| out.push(if bare && b == b'_' { b' ' } else { b }));
    out
}

/// Percent-encoding (RFC 2231 7).
pub fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    escaped(text, b'%', |b, _| out.push(b));
    out
}

fn escaped(text: &[u8], mark: u8, mut each: impl FnMut(u8, bool)) {
    let mut n = 0;
    while let Some(&b) = text.get(n) {
        let pair = text.get(n + 1).copied().and_then(hex).zip(text.get(n + 2).copied().and_then(hex));
        match pair.filter(|_| b == mark) {
            Some((a, b)) => {
                each(a << 4 | b, false);
                n += 3;
            }
            None => {
                each(b, true);
                n += 1;
            }
        }
    }
}

/// A uuencoded file in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uuencoded {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub decoded: Decoded,
    /// Where it stands in the text.
    pub place: Range<usize>,
}

/// The first uuencoded file in a text, at most so many bytes of it: for `Content-Transfer-Encoding: x-uuencode` and bare
/// in bodies. The words `begin 644 …` alone are none.
pub fn uuencoded(text: &[u8], most: usize) -> Option<Uuencoded> {
    let mut from = 0;
    loop {
        let begin = match text.get(from..)? {
            rest if from == 0 && rest.starts_with(b"begin ") => 0,
            rest => from + memchr::memmem::find(rest, b"\nbegin ")? + 1,
        };
        from = begin + 1;
        let mut at = begin;
        let mut line = || {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            at += end;
            Some((ended(&rest[..end]), at))
        };
        let Some(name) = line().and_then(|(head, _)| named(head)) else { continue };
        let mut decoded = Decoded::default();
        let mut end = from;
        while let Some((line, after)) = line() {
            end = after;
            let Some((&length, data)) = line.split_first().filter(|(first, _)| **first != b'`') else { continue };
            if line == b"end" {
                break;
            }
            let bytes = usize::from(length.wrapping_sub(b' ')) & 63;
            if line.len() > 128 || !line.iter().all(|b| (b' '..=b'`').contains(b)) {
                decoded.strange += 1;
                break;
            }
            let start = decoded.bytes.len();
            for four in data.chunks(4) {
                let mut held = 0u32;
                for n in 0..4 {
                    held = held << 6 | u32::from(four.get(n).map_or(0, |b| b.wrapping_sub(b' ') & 63));
                }
                decoded.bytes.extend_from_slice(&held.to_be_bytes()[1..]);
            }
            decoded.bytes.truncate(start + bytes);
            if decoded.bytes.len() >= most {
                decoded.bytes.truncate(most);
                decoded.cut = true;
                break;
            }
        }
        if !decoded.bytes.is_empty() {
            return Some(Uuencoded { name, decoded, place: begin..end });
        }
    }
}

/// A line without its end.
fn ended(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The name on the line `begin MODE NAME`.
fn named(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"begin ")?;
    let (mode, name) = head.split_at(memchr::memchr(b' ', head)?);
    let is_mode = (3..=4).contains(&mode.len()) && mode.iter().all(|b| matches!(b, b'0'..=b'7'));
    is_mode.then(|| crate::charset::eight_bit(name.trim_ascii()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_any_shape() {
        let check = |text: &str, expected: &str, strange: u64| {
            let got = base64(text.as_bytes(), 100);
            assert_eq!((String::from_utf8_lossy(&got.bytes).as_ref(), got.strange), (expected, strange), "{text:?}");
        };
        check("aGVsbG8=", "hello", 0);
        check("aGVs\r\nbG8=", "hello", 0);
        check("a G V s b G 8", "hello", 0);
        check("aGVsbG8=aGVsbG8=", "hellohello", 0);
        check("aG!Vs*bG8=", "hello", 2);
        check("", "", 0);
        check("=", "", 0);
        check("a", "", 0);
        assert_eq!(base64(b"aGVsbG8h", 4), Decoded { bytes: b"hell".to_vec(), strange: 0, cut: true });
    }

    #[test]
    fn quoted_printable_of_any_shape() {
        let check = |text: &str, expected: &str| {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(text.as_bytes(), 100).bytes), expected, "{text:?}");
        };
        check("caf=C3=A9", "café");
        check("caf=c3=a9", "café");
        check("so=\r\nft=\nbreak= \n.", "softbreak.");
        check("1=1=", "1=1");
        check("=ZZ", "=ZZ");
    }

    #[test]
    fn uuencode_is_undone() {
        for text in
            ["text\nbegin 644 a b.txt\n#0V%T\n`\nend\nmore", "begin 644 words\nno\nbegin 644 a b.txt\r\n#0V%T\r\n"]
        {
            let found = uuencoded(text.as_bytes(), 100).unwrap();
            assert_eq!((found.name.as_str(), &found.decoded.bytes[..]), ("a b.txt", &b"Cat"[..]));
            assert!(text[found.place].starts_with("begin 644 a"));
        }
        assert_eq!(uuencoded(b"begin the day\nwell", 100), None);
        assert_eq!(uuencoded("begin 644 a\n".repeat(100_000).as_bytes(), 100), None);
    }
}
