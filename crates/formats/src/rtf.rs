//! RTF bodies of Outlook items: decompressed (MS-OXRTFCP), and the HTML or text in them taken out (MS-OXRTFEX).
//!
//! You may rely on: at most [`MOST`] bytes come out; nothing recurses; damage gives what came before it.

use crate::charset::{self, codepage};
use std::collections::HashMap;

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
    /// Heads and feet of pages.
    pub margins: String,
}

/// What holds within a group.
#[derive(Clone, Copy)]
struct State {
    /// Characters that stand for one of `\u` where it is not known.
    stands: usize,
    /// The code page of the font that is set, where it says one.
    charset: Option<&'static [u8]>,
    /// Text here is that of a head or a foot.
    margin: bool,
    /// Text here describes fonts.
    fonts: bool,
    /// Text here is not of the body.
    hidden: bool,
    /// Text here is HTML as it stands.
    tag: bool,
    /// Text here is RTF's own rendering of HTML.
    rendered: bool,
}

impl Default for State {
    fn default() -> State {
        State { stands: 1, charset: None, margin: false, fonts: false, hidden: false, tag: false, rendered: false }
    }
}

/// Fonts whose code page is kept.
const FONTS: usize = 4_000;

/// The code page of letters by their number (`\fcharset`); 0 is that of the document.
fn charset_of(number: i32) -> Option<&'static [u8]> {
    Some(match number {
        77 => b"macintosh",
        128 => codepage(932),
        129 => codepage(949),
        134 => codepage(936),
        136 => codepage(950),
        161 => codepage(1253),
        162 => codepage(1254),
        163 => codepage(1258),
        177 => codepage(1255),
        178 => codepage(1256),
        186 => codepage(1257),
        204 => codepage(1251),
        222 => codepage(874),
        238 => codepage(1250),
        _ => return None,
    })
}

/// Takes the HTML that RTF was made of out of it, or else its text.
pub fn body(rtf: &[u8]) -> Body {
    let html = memchr::memmem::find(rtf.get(..4096).unwrap_or(rtf), b"\\fromhtml1").is_some();
    let mut body = Body { html, ..Body::default() };
    let mut charset = codepage(1252);
    let mut fonts: HashMap<i32, &'static [u8]> = HashMap::new();
    let mut font = 0;
    let (mut state, mut stack): (State, Vec<State>) = (State::default(), Vec::new());
    // Bytes of the code page not yet decoded; characters that stand for one of `\u`; the first half of a pair.
    let (mut held, mut stands, mut half): (Vec<u8>, usize, Option<u16>) = (Vec::new(), 0, None);
    let mut rest = rtf;
    let shows = |state: &State| !state.hidden && (!html || !state.rendered || state.tag);
    let into = |body: &mut Body, state: &State, text: &str| {
        if state.margin { &mut body.margins } else { &mut body.text }.push_str(text);
    };
    while let [first, after @ ..] = rest {
        rest = after;
        if body.text.len() + body.margins.len() + held.len() > MOST {
            break;
        }
        let flush = |body: &mut Body, state: &State, held: &mut Vec<u8>| {
            into(body, state, &charset::decode(state.charset.unwrap_or(charset), held));
            held.clear();
        };
        match *first {
            b'{' => {
                stack.push(state);
                if stack.len() > 10_000 {
                    break;
                }
            }
            b'}' => {
                flush(&mut body, &state, &mut held);
                state = stack.pop().unwrap_or_default();
                // Behind the outermost group there is nothing that programs show.
                if stack.is_empty() {
                    break;
                }
            }
            b'\r' | b'\n' => {}
            b'\\' => {
                let Some((word, number, after)) = control(rest) else { break };
                rest = after;
                match word {
                    b"'" => {
                        if stands > 0 {
                            stands -= 1;
                        } else if shows(&state) {
                            held.extend(number.and_then(|n| u8::try_from(n).ok()));
                        }
                    }
                    b"u" if shows(&state) => {
                        flush(&mut body, &state, &mut held);
                        let n = number.unwrap_or(0);
                        let n = if n < 0 { (n + 65_536) as u32 } else { n as u32 };
                        match (u8::try_from(n), u16::try_from(n), half.take()) {
                            // Control characters of ISO 8859 are written for letters of Windows.
                            (Ok(b @ 0x80..=0x9f), ..) => {
                                into(&mut body, &state, &charset::decode(codepage(1252), &[b]))
                            }
                            (_, Ok(first @ 0xd800..=0xdbff), _) => half = Some(first),
                            (_, Ok(second @ 0xdc00..=0xdfff), Some(first)) => {
                                into(&mut body, &state, &String::from_utf16_lossy(&[first, second]));
                            }
                            _ => {
                                let c = char::from_u32(n).unwrap_or(char::REPLACEMENT_CHARACTER);
                                into(&mut body, &state, c.encode_utf8(&mut [0; 4]));
                            }
                        }
                        stands = state.stands;
                    }
                    b"uc" => state.stands = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(8),
                    b"ansicpg" => charset = codepage(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252)),
                    b"fonttbl" => (state.hidden, state.fonts) = (true, true),
                    b"f" if state.fonts => font = number.unwrap_or(0),
                    b"fcharset" if state.fonts && fonts.len() < FONTS => {
                        fonts.extend(charset_of(number.unwrap_or(1)).map(|c| (font, c)));
                    }
                    b"cpg" if state.fonts && fonts.len() < FONTS => {
                        fonts.insert(font, codepage(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252)));
                    }
                    b"f" | b"plain" => {
                        flush(&mut body, &state, &mut held);
                        state.charset = number.filter(|_| word == b"f").and_then(|n| fonts.get(&n)).copied();
                    }
                    // Numbers and points of lists are drawn anew by whoever shows them.
                    b"*" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"listtext" | b"pntext" => {
                        state.hidden = true
                    }
                    b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl" | b"footerr"
                    | b"footerf" => {
                        flush(&mut body, &state, &mut held);
                        state.margin = true;
                    }
                    b"htmltag" => (state.hidden, state.tag) = (false, true),
                    b"htmlrtf" => state.rendered = number != Some(0),
                    b"par" | b"line" if shows(&state) => held.extend_from_slice(b"\r\n"),
                    b"tab" | b"cell" if shows(&state) => held.push(b'\t'),
                    b"row" if shows(&state) => held.extend_from_slice(b"\r\n"),
                    b"{" | b"}" | b"\\" if shows(&state) => held.extend_from_slice(word),
                    b"~" if shows(&state) => held.push(b' '),
                    // Bytes of anything but text.
                    b"bin" => {
                        let count = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                        rest = rest.get(count..).unwrap_or_default();
                    }
                    _ if shows(&state) => {
                        if let Some(mark) = mark(word) {
                            flush(&mut body, &state, &mut held);
                            into(&mut body, &state, mark.encode_utf8(&mut [0; 4]));
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
    into(&mut body, &state, &charset::decode(state.charset.unwrap_or(charset), &held));
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
            assert_eq!(body(rtf.as_bytes()), Body { html, text: text.into(), ..Body::default() }, "{rtf}");
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
        check(
            r"{\rtf1{\fonttbl{\f1\fcharset204 Arial;}}\uc0\u65 B{\uc2\u66??C}\u-10179\u-8704 {\f1\'d3}\'e9}",
            false,
            "ABBC\u{1f600}У\u{e9}",
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
