//! A text, a Markdown file or a page, cut into fields: what is shown, and what stands in tags, comments and code. Each
//! character knows the bytes it came from, so that what is found can be taken out again.
//!
//! You may rely on: one pass, nothing recursive, nothing dropped: every byte outside white space of tags is in some field.
//! Character references (HTML), `%41` and `\u0041` are read as what they stand for. Left out: what script would write,
//! data in base64.

use formats::entities::decode;
use std::ops::Range;

/// A character and the bytes it was written with.
#[derive(Clone, Copy, Debug)]
pub struct Ch {
    /// What is read.
    pub c: char,
    /// First byte.
    pub at: u32,
    /// Bytes; none where it only separates.
    pub len: u16,
}

/// What a field is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Where {
    /// What is shown.
    Shown,
    /// A tag: its name and attributes.
    Tag,
    /// A comment, script or style sheet.
    Code,
}

/// A part of a text that is read by itself.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is.
    pub place: Where,
    /// Its characters.
    pub chars: Vec<Ch>,
    /// All its bytes.
    pub bytes: Range<usize>,
}

/// Elements that end a line.
const BLOCKS: [&str; 46] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "title",
    "tr",
    "ul",
    "video",
];

/// Elements inside a line.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
];

/// Longest tag; what is longer is text.
const TAG: usize = 256 << 10;

/// Cuts a text into fields.
pub fn fields(source: &str) -> Vec<Field> {
    let bytes = source.as_bytes();
    let mut all = Vec::new();
    let mut shown: Vec<Ch> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest[0] == b'<' {
            if let Some((end, inner)) = comment(source, at) {
                all.push(Field { place: Where::Code, chars: chars(source, inner, true), bytes: at..end });
                at = end;
                continue;
            }
            if let Some(end) = tag(bytes, at) {
                let inner = at + 1..end - 1;
                let name: String = source[inner.clone()]
                    .trim_start_matches('/')
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric())
                    .collect::<String>()
                    .to_ascii_lowercase();
                if BLOCKS.contains(&name.as_str()) {
                    shown.push(Ch { c: '\n', at: at as u32, len: 0 });
                    shown.push(Ch { c: '\n', at: at as u32, len: 0 });
                }
                // A tag of HTML without an attribute says nothing; any other name may.
                if inner.len() > name.len() + 1 || !(BLOCKS.contains(&name.as_str()) || INLINE.contains(&name.as_str()))
                {
                    all.push(Field { place: Where::Tag, chars: chars(source, inner.clone(), true), bytes: at..end });
                }
                at = end;
                if matches!(name.as_str(), "script" | "style") && !source[inner].starts_with('/') {
                    let close = find_closing(&bytes[at..], &name).map_or(bytes.len(), |n| at + n);
                    all.push(Field { place: Where::Code, chars: chars(source, at..close, true), bytes: at..close });
                    at = close;
                }
                continue;
            }
        }
        at = next(source, at, false, &mut shown);
    }
    all.push(Field { place: Where::Shown, chars: shown, bytes: 0..bytes.len() });
    all
}

/// A comment, a CDATA section or a declaration: its end, and what stands in it.
fn comment(source: &str, at: usize) -> Option<(usize, Range<usize>)> {
    let rest = &source[at..];
    let (open, close) =
        [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")].into_iter().find(|p| rest.starts_with(p.0))?;
    let from = at + open.len();
    Some(match source[from..].find(close) {
        Some(n) => (from + n + close.len(), from..from + n),
        None => (source.len(), from..source.len()),
    })
}

/// Where the tag that begins here ends, if it is one.
fn tag(bytes: &[u8], at: usize) -> Option<usize> {
    let second = *bytes.get(at + 1)?;
    if !(second.is_ascii_alphabetic() || second == b'!' || (second == b'/' && bytes.get(at + 2)?.is_ascii_alphabetic()))
    {
        return None;
    }
    let (mut quote, mut equals, mut plain) = (0u8, false, None);
    for (i, &b) in bytes[at..].iter().enumerate().take(TAG) {
        match b {
            b'>' if quote == 0 => return Some(at + i + 1),
            b'>' => plain = plain.or(Some(at + i + 1)),
            b'"' | b'\'' if quote == 0 && equals => quote = b,
            _ if quote != 0 && b == quote => quote = 0,
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            equals = b == b'=';
        }
    }
    // A quote that never closes: what a browser makes of it ends at the first `>`.
    plain
}

fn find_closing(bytes: &[u8], name: &str) -> Option<usize> {
    let name = name.as_bytes();
    (0..bytes.len()).find(|&i| {
        bytes[i] == b'<'
            && bytes.get(i + 1) == Some(&b'/')
            && bytes.get(i + 2..i + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
    })
}

fn chars(source: &str, range: Range<usize>, code: bool) -> Vec<Ch> {
    let mut out = Vec::with_capacity(range.len());
    let mut at = range.start;
    while at < range.end {
        at = next(&source[..range.end], at, code, &mut out);
    }
    out
}

/// Reads one character, or what stands for one; gives where the next begins.
fn next(source: &str, at: usize, code: bool, out: &mut Vec<Ch>) -> usize {
    let bytes = source.as_bytes();
    let mut put = |c: char, len: usize| out.push(Ch { c, at: at as u32, len: len as u16 });
    match bytes[at] {
        b'&' => {
            if let Some((c, len)) = reference(&source[at..]) {
                put(c, len);
                return at + len;
            }
        }
        b'%' => {
            if let Some((c, len)) = percent(&bytes[at..]) {
                put(c, len);
                return at + len;
            }
        }
        b'\\' if code || matches!(bytes.get(at + 1), Some(b'u' | b'x')) => {
            if let Some((c, len)) = escape(&bytes[at..]) {
                put(c, len);
                return at + len;
            }
        }
        _ => {}
    }
    let c = source[at..].chars().next().unwrap_or('\u{fffd}');
    put(c, c.len_utf8());
    at + c.len_utf8()
}

/// `&eacute;`, `&#233;`, `&#xe9;`, also `&amp;eacute;`, and numbers without the semicolon.
fn reference(rest: &str) -> Option<(char, usize)> {
    let head = formats::clip(rest, 40);
    if let Some(twice) = head.strip_prefix("&amp;")
        && let Some((c, len)) = reference(&format!("&{twice}"))
        && c != '&'
        && twice.get(..len - 1).is_some_and(|t| t.ends_with(';'))
    {
        return Some((c, len + 4));
    }
    let end = match head.find(';') {
        Some(n) => n + 1,
        None => head.len(),
    };
    let digits =
        head.as_bytes().iter().skip(2).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X')).count();
    let end = if head.starts_with("&#") {
        end.min(2 + digits + usize::from(head.as_bytes().get(2 + digits) == Some(&b';')))
    } else {
        end
    };
    let name = head.get(..end)?;
    let closed = if name.ends_with(';') {
        name.to_string()
    } else if name.starts_with("&#") {
        format!("{name};")
    } else {
        return None;
    };
    let read = decode(&closed);
    let mut chars = read.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Some((c, end)),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |n, b| Some(n * 16 + char::from(*b).to_digit(16)?))
}

/// `%C3%A9`. A lone byte over 127 is none: «62 %de» is no address.
fn percent(bytes: &[u8]) -> Option<(char, usize)> {
    let byte = |i: usize| match bytes.get(i) {
        Some(b'%') => u8::try_from(hex(bytes.get(i + 1..i + 3)?)?).ok(),
        _ => None,
    };
    let first = byte(0)?;
    let count = match first {
        0x20..=0x7e => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let all: Vec<u8> = (0..count).map(|i| byte(i * 3)).collect::<Option<_>>()?;
    let c = std::str::from_utf8(&all).ok()?.chars().next()?;
    Some((c, count * 3))
}

/// `\u00e9`, `\x41`; a pair of surrogates is one character.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| match bytes.get(at + 1)? {
        b'u' if bytes.get(at) == Some(&b'\\') => hex(bytes.get(at + 2..at + 6)?),
        _ => None,
    };
    if bytes.get(1) == Some(&b'x') {
        return Some((char::from_u32(hex(bytes.get(2..4)?)?)?, 4));
    }
    let first = unit(0)?;
    if (0xd800..0xdc00).contains(&first) {
        let second = unit(6).filter(|u| (0xdc00..0xe000).contains(u))?;
        return Some((char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?, 12));
    }
    Some((char::from_u32(first)?, 6))
}
