//! RTF bodies of Outlook items: decompressed (MS-OXRTFCP), and the HTML or text in them taken out (MS-OXRTFEX).
//!
//! You may rely on: at most [`MOST`] bytes come out; nothing recurses; damage gives what came before it.

use crate::charset::{self, codepage};

/// Bytes of RTF, and of text, at most.
const MOST: usize = 8 << 20;

/// What the dictionary holds at first (MS-OXRTFCP 2.1.3.1.1).
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\
\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Decompresses a body.
pub fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (size, kind) = (word(4)? as usize, word(8)?);
    let data = bytes.get(16..)?;
    match kind {
        0x414c_454d => return Some(data.get(..size.min(MOST)).unwrap_or(data).to_vec()),
        0x7546_5a4c => {}
        _ => return None,
    }
    let mut window = [b' '; 4096];
    window[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    let mut out = Vec::new();
    let mut rest = data.iter().copied();
    while let Some(control) = rest.next() {
        for bit in 0..8 {
            if out.len() >= size.min(MOST) {
                return Some(out);
            }
            if control >> bit & 1 == 0 {
                let Some(b) = rest.next() else { return Some(out) };
                out.push(b);
                window[at] = b;
                at = (at + 1) % window.len();
                continue;
            }
            let (Some(a), Some(b)) = (rest.next(), rest.next()) else { return Some(out) };
            let reference = usize::from(u16::from_be_bytes([a, b]));
            let (offset, length) = (reference >> 4, (reference & 15) + 2);
            if offset == at {
                return Some(out);
            }
            for n in 0..length {
                let b = window[(offset + n) % window.len()];
                out.push(b);
                window[at] = b;
                at = (at + 1) % window.len();
            }
        }
    }
    Some(out)
}

/// The body that RTF holds.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Body {
    /// Whether it is HTML.
    pub html: bool,
    /// It, as UTF-8.
    pub text: String,
}

/// What holds within a group.
#[derive(Clone, Copy, Default)]
struct State {
    /// Text here is not of the body.
    hidden: bool,
    /// Text here is HTML as it stands.
    tag: bool,
    /// Text here is RTF's own rendering of HTML.
    rendered: bool,
}

/// Takes the HTML that RTF was made of out of it, or else its text.
pub fn body(rtf: &[u8]) -> Body {
    let html = memchr::memmem::find(rtf.get(..4096).unwrap_or(rtf), b"\\fromhtml1").is_some();
    let mut body = Body { html, ..Body::default() };
    let mut charset = codepage(1252);
    let (mut state, mut stack): (State, Vec<State>) = (State::default(), Vec::new());
    // Bytes of the code page not yet decoded; characters of `\u` that stand for others follow it.
    let (mut held, mut stands): (Vec<u8>, usize) = (Vec::new(), 0);
    let mut rest = rtf;
    let shows = |state: &State| !state.hidden && (!html || !state.rendered || state.tag);
    while let [first, after @ ..] = rest {
        rest = after;
        if body.text.len() + held.len() > MOST {
            break;
        }
        match *first {
            b'{' => {
                stack.push(state);
                if stack.len() > 10_000 {
                    break;
                }
            }
            b'}' => state = stack.pop().unwrap_or_default(),
            b'\r' | b'\n' => {}
            b'\\' => {
                let Some((word, number, after)) = control(rest) else { break };
                rest = after;
                let flush = |body: &mut Body, held: &mut Vec<u8>| {
                    body.text.push_str(&charset::decode(charset, held));
                    held.clear();
                };
                match word {
                    b"'" => {
                        if stands > 0 {
                            stands -= 1;
                        } else if shows(&state) {
                            held.extend(number.and_then(|n| u8::try_from(n).ok()));
                        }
                    }
                    b"u" if shows(&state) => {
                        flush(&mut body, &mut held);
                        let n = number.unwrap_or(0);
                        let n = if n < 0 { (n + 65_536) as u32 } else { n as u32 };
                        match u8::try_from(n) {
                            // Control characters of ISO 8859 are written for letters of Windows.
                            Ok(b @ 0x80..=0x9f) => body.text.push_str(&charset::decode(codepage(1252), &[b])),
                            _ => body.text.push(char::from_u32(n).unwrap_or(char::REPLACEMENT_CHARACTER)),
                        }
                        stands = 1;
                    }
                    b"ansicpg" => charset = codepage(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252)),
                    b"*" | b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" => state.hidden = true,
                    b"htmltag" => (state.hidden, state.tag) = (false, true),
                    b"htmlrtf" => state.rendered = number != Some(0),
                    b"par" | b"line" if shows(&state) => held.extend_from_slice(b"\r\n"),
                    b"tab" if shows(&state) => held.push(b'\t'),
                    b"{" | b"}" | b"\\" if shows(&state) => held.extend_from_slice(word),
                    b"~" if shows(&state) => held.push(b' '),
                    // Bytes of anything but text.
                    b"bin" => {
                        let count = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                        rest = rest.get(count..).unwrap_or_default();
                    }
                    _ if shows(&state) => {
                        if let Some(mark) = mark(word) {
                            flush(&mut body, &mut held);
                            body.text.push(mark);
                        }
                    }
                    _ => {}
                }
            }
            _ if stands > 0 => stands -= 1,
            b if shows(&state) => held.push(b),
            _ => {}
        }
    }
    body.text.push_str(&charset::decode(charset, &held));
    body
}

/// The character that a control word stands for.
fn mark(word: &[u8]) -> Option<char> {
    Some(match word {
        b"emdash" => '\u{2014}',
        b"endash" => '\u{2013}',
        b"lquote" => '\u{2018}',
        b"rquote" => '\u{2019}',
        b"ldblquote" => '\u{201c}',
        b"rdblquote" => '\u{201d}',
        b"bullet" => '\u{2022}',
        b"emspace" | b"enspace" | b"qmspace" => ' ',
        b"_" => '\u{2011}',
        _ => return None,
    })
}

/// A control word or symbol: name, number, what follows.
pub(crate) fn control(text: &[u8]) -> Option<(&[u8], Option<i32>, &[u8])> {
    let first = *text.first()?;
    if first == b'\'' {
        let number =
            text.get(1..3).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| i32::from_str_radix(h, 16).ok());
        return Some((&text[..1], number, text.get(3..).unwrap_or_default()));
    }
    let letters = text.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
    if letters == 0 {
        return Some((&text[..1], None, &text[1..]));
    }
    let (word, rest) = text.split_at(letters);
    let sign = usize::from(rest.first() == Some(&b'-'));
    let digits = sign + rest[sign..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let number = std::str::from_utf8(&rest[..digits]).ok().and_then(|n| n.parse().ok());
    let digits = if number.is_some() { digits } else { 0 };
    let rest = &rest[digits..];
    Some((word, number, rest.strip_prefix(b" ").unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_html_are_taken_out() {
        let check = |rtf: &str, html: bool, text: &str| {
            assert_eq!(body(rtf.as_bytes()), Body { html, text: text.into() }, "{rtf}");
        };
        check(r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}caf\'e9\par \u233?t\'e9 \{x\}}", false, "café\r\nété {x}");
        check(
            r"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <b>}\htmlrtf {\b \htmlrtf0 hi\htmlrtf }\htmlrtf0{\*\htmltag72 </b>}}",
            true,
            "<b>hi</b>",
        );
        check(
            r"{\rtf1 a\emdash b\lquote c\rquote  \u153? {\bin3 x}}d\_e}",
            false,
            "a\u{2014}b\u{2018}c\u{2019} ™ d\u{2011}e",
        );
        check("{{{", false, "");
        check("\\", false, "");
        check("", false, "");
    }

    #[test]
    fn plain_storage_and_damage_are_read() {
        let head = |kind: u32, size: u32| [&[0; 4][..], &size.to_le_bytes(), &kind.to_le_bytes(), &[0; 4]].concat();
        let stored = [&head(0x414c_454d, 3)[..], b"abcdef"].concat();
        assert_eq!(decompress(&stored), Some(b"abc".to_vec()));
        assert_eq!(decompress(b"short"), None);
        assert_eq!(DICTIONARY.len(), 207);
        // One reference into the dictionary: `{\rtf1`.
        let packed = [&head(0x7546_5a4c, 6)[..], &[1, 0, 4]].concat();
        assert_eq!(decompress(&packed), Some(b"{\\rtf1".to_vec()));
    }
}
