//! Header fields: cut from a block, unfolded, decoded (RFC 5322, 2047, 2231; RFC 6532 for eight bits).
//!
//! You may rely on: a field's bytes are kept as they stand for whoever checks signatures; decoding never fails and is
//! bounded by [`TEXT`]. Left out: what fields mean (`address`, `date`, `received`).

use formats::{charset, transfer};
use std::borrow::Cow;

/// Fields read of one header block, at most.
pub const FIELDS: usize = 1_000;
/// Fields read beyond that, at most, of those that mail programs go by: a thousand others must not hide them.
const ESSENTIAL: usize = 100;
/// Bytes looked at in one header block, at most.
pub const BLOCK: usize = 512 << 10;
/// Bytes of one field that are decoded, at most.
pub const TEXT: usize = 64 << 10;
/// Parameters read of one field, at most.
const PARAMS: usize = 64;

/// One header field as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header<'m> {
    /// The whole field with its folding and its last line end.
    pub raw: &'m [u8],
    /// Its name as written.
    pub name: &'m str,
    /// What follows the colon, folded, without the last line end.
    pub value: &'m [u8],
}

impl<'m> Header<'m> {
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value on one line: line ends taken out (RFC 5322 2.2.3), white space around it trimmed.
    pub fn unfolded(&self) -> Cow<'m, [u8]> {
        let value = self.value.get(..TEXT).unwrap_or(self.value).trim_ascii();
        if memchr::memchr2(b'\n', b'\r', value).is_none() {
            return Cow::Borrowed(value);
        }
        Cow::Owned(value.iter().copied().filter(|b| !matches!(b, b'\n' | b'\r')).collect())
    }

    /// The value as text, encoded words decoded.
    pub fn text(&self) -> String {
        decode(&self.unfolded())
    }

    /// The value as text, encoded words left as they are.
    pub fn plain(&self) -> String {
        charset::eight_bit(&self.unfolded()).into_owned()
    }
}

/// A header block and where its body begins.
#[derive(Debug, Default)]
pub struct Block<'m> {
    /// Its fields.
    pub fields: Vec<Header<'m>>,
    /// Where the body begins.
    pub body: usize,
    /// Lines that are no field.
    pub garbage: u64,
    /// No empty line stood between header and body.
    pub unended: bool,
    /// Fields beyond the bounds were passed over.
    pub cut: bool,
}

impl<'m> Block<'m> {
    /// Keeps the field that begins at `start`, if any.
    fn keep(&mut self, raw: &'m [u8], start: Option<usize>, end: usize) {
        let Some(field) = start.and_then(|start| raw.get(start..end)).and_then(field_of) else { return };
        match self.fields.len() {
            ..FIELDS => self.fields.push(field),
            n if n < FIELDS + ESSENTIAL && is_essential(field.name) => self.fields.push(field),
            _ => self.cut = true,
        }
    }
}

/// Whether a field says who wrote what to whom, or how the body is to be read.
fn is_essential(name: &str) -> bool {
    let shown = ["from", "to", "cc", "subject", "date", "sender", "reply-to", "message-id", "in-reply-to"];
    shown.iter().any(|n| name.eq_ignore_ascii_case(n))
        || name.get(..8).is_some_and(|n| n.eq_ignore_ascii_case("content-"))
}

/// Cuts the header block of a message: as [`block`], but a byte order mark and empty lines may stand before it.
pub fn message(raw: &[u8]) -> Block<'_> {
    let mark = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let empty = raw[mark..].iter().take(64).take_while(|b| b.is_ascii_whitespace()).count();
    let mut block = block(&raw[mark + empty..]);
    block.body += mark + empty;
    block
}

/// Cuts a header block from the beginning of `raw`.
pub fn block(raw: &[u8]) -> Block<'_> {
    let mut block = Block::default();
    let mut at = 0;
    let mut field: Option<usize> = None;
    loop {
        let Some(line) = raw.get(at..).filter(|rest| !rest.is_empty()) else {
            block.keep(raw, field, at);
            block.body = raw.len();
            return block;
        };
        if at > BLOCK {
            block.cut = true;
            block.body = end_of_block(raw, at);
            return block;
        }
        let end = memchr::memchr(b'\n', line).map_or(line.len(), |n| n + 1);
        let line = &line[..end];
        let kind = kind(line);
        if matches!(kind, Kind::Continued) && field.is_some() {
            at += end;
            continue;
        }
        block.keep(raw, field.take(), at);
        match kind {
            Kind::Empty => {
                block.body = at + end;
                return block;
            }
            Kind::Field => field = Some(at),
            Kind::Separator if block.fields.is_empty() => {}
            Kind::Continued | Kind::Separator | Kind::Garbage => {
                let next = raw.get(at + end..).unwrap_or_default();
                let next = &next[..memchr::memchr(b'\n', next).map_or(next.len(), |n| n + 1)];
                if !matches!(self::kind(next), Kind::Field) {
                    block.unended = true;
                    block.body = at;
                    return block;
                }
                block.garbage += 1;
            }
        }
        at += end;
    }
}

/// Where the body begins after a header block that is not read to its end.
fn end_of_block(raw: &[u8], from: usize) -> usize {
    let rest = &raw[from..];
    let lf = memchr::memmem::find(rest, b"\n\n").map(|n| n + 2);
    let crlf = memchr::memmem::find(rest, b"\n\r\n").map(|n| n + 3);
    match (lf, crlf) {
        (Some(a), Some(b)) => from + a.min(b),
        (one, other) => one.or(other).map_or(raw.len(), |n| from + n),
    }
}

enum Kind {
    Empty,
    Field,
    Continued,
    Separator,
    Garbage,
}

fn kind(line: &[u8]) -> Kind {
    match line {
        [] | [b'\n'] | [b'\r', b'\n'] | [b'\r'] => Kind::Empty,
        [b' ' | b'\t', ..] => Kind::Continued,
        _ if line.starts_with(b"From ") || line.starts_with(b">From ") => Kind::Separator,
        _ if colon(line).is_some() => Kind::Field,
        _ => Kind::Garbage,
    }
}

/// Where the colon after a field's name stands.
fn colon(line: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', line.get(..128).unwrap_or(line))?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| b.is_ascii_graphic())).then_some(colon)
}

fn field_of(raw: &[u8]) -> Option<Header<'_>> {
    let colon = colon(raw)?;
    let name = std::str::from_utf8(raw[..colon].trim_ascii_end()).ok()?;
    let value = &raw[colon + 1..];
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    Some(Header { raw, name, value: value.strip_suffix(b"\r").unwrap_or(value) })
}

/// Decodes encoded words (RFC 2047) in a value on one line; other bytes are UTF-8 or, failing that, windows-1252.
/// Encoded words in quotes are decoded as well: mail programs do, and so do those who deceive by it.
pub fn decode(value: &[u8]) -> String {
    let Some(mut at) = memchr::memmem::find(value, b"=?") else { return charset::eight_bit(value).into_owned() };
    let mut out = String::new();
    let mut done = 0;
    // Bytes of neighbouring words in one charset, joined before they are decoded: characters are cut apart by many.
    let mut held: Option<(&[u8], Vec<u8>)> = None;
    loop {
        let word = encoded_word(&value[at..]);
        let between = &value[done..at];
        if held.is_some() && word.is_some() && between.iter().all(u8::is_ascii_whitespace) {
            done = at;
        } else if let Some((charset, bytes)) = held.take() {
            out.push_str(&charset::decode(charset, &bytes));
        }
        match word {
            Some((length, charset, bytes)) => {
                out.push_str(&charset::eight_bit(&value[done..at]));
                match &mut held {
                    Some((same, joined)) if same.eq_ignore_ascii_case(charset) => joined.extend(bytes),
                    other => {
                        if let Some((charset, bytes)) = other.replace((charset, bytes)) {
                            out.push_str(&charset::decode(charset, &bytes));
                        }
                    }
                }
                at += length;
                done = at;
            }
            None => at += 2,
        }
        match memchr::memmem::find(&value[at..], b"=?") {
            Some(next) if out.len() < TEXT => at += next,
            _ => break,
        }
    }
    if let Some((charset, bytes)) = held {
        out.push_str(&charset::decode(charset, &bytes));
    }
    out.push_str(&charset::eight_bit(&value[done..]));
    out
}

/// `=?charset?B?…?=` at the beginning: its length, charset and bytes.
fn encoded_word(value: &[u8]) -> Option<(usize, &[u8], Vec<u8>)> {
    let value = value.get(..4096).unwrap_or(value);
    let rest = value.strip_prefix(b"=?")?;
    let charset_end = memchr::memchr(b'?', rest)?;
    let charset = &rest[..charset_end];
    let method = *rest.get(charset_end + 1)?;
    let rest = rest.get(charset_end + 2..)?.strip_prefix(b"?")?;
    let end = memchr::memmem::find(rest, b"?=")?;
    let text = &rest[..end];
    let bytes = match method {
        b'b' | b'B' => transfer::base64(text, TEXT).bytes,
        b'q' | b'Q' => transfer::quoted_word(text),
        _ => return None,
    };
    // A language may follow the charset after `*` (RFC 2231 5).
    let charset = charset.split(|&b| b == b'*').next().unwrap_or(charset);
    Some((2 + charset_end + 3 + end + 2, charset, bytes))
}

/// A piece of a parameter (RFC 2231 3): its number, whether it is percent-encoded, its text.
type Continued = (u32, bool, Vec<u8>);

/// A value with parameters (RFC 2045 5.1, RFC 2231): what stands before the first `;` in lower case, then names in
/// lower case with decoded values.
pub fn parameters(value: &[u8]) -> (String, Vec<(String, String)>) {
    let mut pieces = split(value).into_iter();
    let main = pieces.next().map(|p| charset::eight_bit(p.trim_ascii()).to_lowercase()).unwrap_or_default();
    let main = main.split(char::is_whitespace).next().unwrap_or_default().to_string();
    let mut params: Vec<(String, String)> = Vec::new();
    let mut continued: Vec<(String, Vec<Continued>)> = Vec::new();
    for piece in pieces.take(PARAMS) {
        let Some(equals) = memchr::memchr(b'=', piece) else { continue };
        let name = charset::eight_bit(piece[..equals].trim_ascii()).to_lowercase();
        let value = unquote(piece[equals + 1..].trim_ascii());
        let Some((base, rest)) = name.split_once('*') else {
            params.push((name, decode(&value)));
            continue;
        };
        let (number, percent) = match rest.strip_suffix('*') {
            Some(number) => (number.parse().unwrap_or(0), true),
            None if rest.is_empty() => (0, true),
            None => (rest.parse().unwrap_or(0), false),
        };
        match continued.iter_mut().find(|(n, _)| n == base) {
            Some((_, pieces)) => pieces.push((number, percent, value)),
            None => continued.push((base.to_string(), vec![(number, percent, value)])),
        }
    }
    for (name, mut pieces) in continued {
        pieces.sort_by_key(|p| p.0);
        let mut charset: Vec<u8> = b"utf-8".to_vec();
        let mut bytes = Vec::new();
        for (n, (_, percent, value)) in pieces.into_iter().enumerate() {
            let mut value = &value[..];
            if percent && n == 0 {
                let mut quotes = memchr::memchr_iter(b'\'', value);
                if let (Some(a), Some(b)) = (quotes.next(), quotes.next()) {
                    charset = value[..a].to_vec();
                    value = &value[b + 1..];
                }
            }
            if percent { bytes.extend(transfer::percent(value)) } else { bytes.extend_from_slice(value) }
        }
        params.retain(|(n, _)| *n != name);
        params.push((name, charset::decode(&charset, &bytes).into_owned()));
    }
    (main, params)
}

/// Cuts at semicolons outside of quotes.
fn split(value: &[u8]) -> Vec<&[u8]> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (n, &b) in value.iter().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                pieces.push(&value[start..n]);
                start = n + 1;
            }
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        return value.to_vec();
    };
    let (mut out, mut escaped) = (Vec::with_capacity(inner.len()), false);
    for &b in inner {
        match b {
            _ if escaped => {
                // File names of careless programs hold bare backslashes: `C:\report`.
                if !matches!(b, b'"' | b'\\') {
                    out.push(b'\\');
                }
                out.push(b);
                escaped = false;
            }
            b'\\' => escaped = true,
            b'"' => break,
            _ => out.push(b),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_fields_hide_no_sender() {
        let text = format!("{}From: a@b.fr\nX: 1\nContent-Type: text/html\n\nx", "X: y\n".repeat(FIELDS));
        let block = block(text.as_bytes());
        let last: Vec<&str> = block.fields[FIELDS..].iter().map(|f| f.name).collect();
        assert_eq!((last, block.cut), (vec!["From", "Content-Type"], true));
    }

    #[test]
    fn encoded_words_are_decoded_and_joined() {
        for (given, expected) in [
            ("plain", "plain"),
            ("=?utf-8?q?caf=C3=A9_noir?=", "café noir"),
            ("=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
            ("=?utf-8?b?w6k=?= =?utf-8?b?w6g=?=", "éè"),
            ("=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "é"),
            ("a =?utf-8?q?b?= c", "a b c"),
            ("=?utf-8?x?b?= c", "=?utf-8?x?b?= c"),
            ("=?utf-8*fr?q?b?=", "b"),
            ("=?", "=?"),
            ("=?utf-8?q?unended", "=?utf-8?q?unended"),
            ("=?nonsense?q?b=E9?=", "bé"),
        ] {
            assert_eq!(decode(given.as_bytes()), expected, "{given}");
        }
        assert_eq!(decode(b"caf\xe9"), "café");
        assert_eq!(decode("café".as_bytes()), "café");
    }

    #[test]
    fn parameters_are_put_together() {
        let check = |given: &str, main: &str, expected: &[(&str, &str)]| {
            let (m, params) = parameters(given.as_bytes());
            let params: Vec<_> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!((m.as_str(), &params[..]), (main, expected), "{given}");
        };
        check("text/HTML; charset=utf-8", "text/html", &[("charset", "utf-8")]);
        check("a/b; name=\"x;y\\\"z\"; q=", "a/b", &[("name", "x;y\"z"), ("q", "")]);
        check("a/b; name*=utf-8''%e2%82%ac%20rate", "a/b", &[("name", "€ rate")]);
        check("a/b; name*1=\"b.exe\"; name*0*=iso-8859-1'fr'%e9a", "a/b", &[("name", "éab.exe")]);
        check("a/b; name=\"=?utf-8?q?=C3=A9?=\"", "a/b", &[("name", "é")]);
        check("", "", &[]);
    }

    #[test]
    fn blocks_end_where_bodies_begin() {
        let check = |given: &str, names: &[&str], body: &str| {
            let b = block(given.as_bytes());
            assert_eq!(b.fields.iter().map(|h| h.name).collect::<Vec<_>>(), names, "{given:?}");
            assert_eq!(&given[b.body..], body, "{given:?}");
        };
        check("A: 1\r\nB: 2\r\n 3\r\n\r\nbody", &["A", "B"], "body");
        check("A: 1\nB: 2\n\nbody", &["A", "B"], "body");
        check("From x Mon\nA: 1\n\nbody", &["A"], "body");
        check("A: 1\nno field here\nB: 2\n\nbody", &["A", "B"], "body");
        check("A: 1\nno field here\nnor here", &["A"], "no field here\nnor here");
        check("A: 1\n", &["A"], "");
        check("", &[], "");
        check("\nbody", &[], "body");
        assert_eq!(message(b"\xef\xbb\xbf\n\nA : 1\n\nbody").fields[0].name, "A");
    }
}
