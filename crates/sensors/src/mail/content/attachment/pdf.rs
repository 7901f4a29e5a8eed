//! PDF (ISO 32000): links, actions and files, wherever they stand. Objects are not resolved: streams are decompressed
//! where they stand and their names looked for, which also reads what a broken cross-reference hides.

use super::super::sign::Kind as Sign;
use super::{Look, picture};

/// Most streams decompressed.
const STREAMS: usize = 400;

/// Looks into a document.
pub fn look(bytes: &[u8], name: &str, look: &mut Look, _depth: u32) {
    let bytes = look.room.take(bytes);
    let mut urls = Vec::new();
    let mut seen = Seen::default();
    scan(bytes, &mut urls, &mut seen);
    let mut at = 0;
    for _ in 0..STREAMS {
        let Some(start) = bytes.get(at..).and_then(|b| memchr::memmem::find(b, b"stream")).map(|n| at + n + 6) else {
            break;
        };
        let from = start + usize::from(bytes.get(start) == Some(&b'\r'));
        let from = from + usize::from(bytes.get(from) == Some(&b'\n'));
        let end =
            bytes.get(from..).and_then(|b| memchr::memmem::find(b, b"endstream")).map_or(bytes.len(), |n| from + n);
        let dictionary = bytes.get(start.saturating_sub(606)..start - 6).unwrap_or_default();
        let dictionary = memchr::memmem::rfind(dictionary, b" obj").map_or(dictionary, |n| &dictionary[n..]);
        let body = bytes.get(from..end).unwrap_or_default();
        at = (end + 9).min(bytes.len());
        let has = |what: &[u8]| memchr::memmem::find(dictionary, what).is_some();
        if has(b"/Image") {
            image(dictionary, body, look);
        } else if has(b"/FlateDecode") || has(b"/Fl ") {
            let inner = look.room.expand(flate2::read::ZlibDecoder::new(body));
            scan(&inner, &mut urls, &mut seen);
            drawing(&inner, look);
        } else {
            drawing(body, look);
        }
        if look.room.bytes == 0 {
            break;
        }
    }
    if seen.runs {
        look.sign(Sign::ActiveDocument, name);
    }
    urls.sort();
    urls.dedup();
    urls.iter().take(100).for_each(|url| look.link(url, ""));
    let hosts: std::collections::BTreeSet<String> = urls
        .iter()
        .filter_map(|u| super::super::url::Url::parse(u))
        .map(|u| u.host)
        .filter(|h| !h.is_empty())
        .collect();
    if let [one] = hosts.iter().collect::<Vec<_>>().as_slice() {
        look.sign(Sign::DocumentLink, one);
    }
}

#[derive(Default)]
struct Seen {
    /// It starts a program, or runs script by itself.
    runs: bool,
}

fn scan(bytes: &[u8], urls: &mut Vec<String>, seen: &mut Seen) {
    let has = |what: &[u8]| memchr::memmem::find(bytes, what).is_some();
    seen.runs |= has(b"/Launch")
        || (has(b"/JavaScript") || has(b"/JS ") || has(b"/JS(")) && (has(b"/OpenAction") || has(b"/AA"));
    for at in memchr::memmem::find_iter(bytes, b"/URI").take(400) {
        let rest = bytes.get(at + 4..(at + 4 + 4096).min(bytes.len())).unwrap_or_default().trim_ascii_start();
        if let Some(url) = string(rest).filter(|u| u.len() > 6) {
            urls.push(url);
        }
    }
}

/// A string object: in parentheses or hexadecimal.
fn string(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::new();
    match bytes.first()? {
        b'(' => {
            let (mut i, mut depth) = (1, 0);
            while let Some(&b) = bytes.get(i) {
                match b {
                    b'\\' => {
                        i += 1;
                        out.push(*bytes.get(i)?);
                    }
                    b'(' => {
                        depth += 1;
                        out.push(b);
                    }
                    b')' if depth == 0 => break,
                    b')' => {
                        depth -= 1;
                        out.push(b);
                    }
                    _ => out.push(b),
                }
                i += 1;
            }
        }
        b'<' => {
            let digits: Vec<u8> = bytes[1..]
                .iter()
                .take_while(|b| **b != b'>')
                .filter_map(|b| (*b as char).to_digit(16))
                .map(|d| d as u8)
                .collect();
            out.extend(digits.chunks_exact(2).map(|p| p[0] * 16 + p[1]));
        }
        _ => return None,
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// A page's drawing, where it holds as many rectangles or lines as a QR code.
fn drawing(content: &[u8], look: &mut Look) {
    let shapes = |what: &[u8]| memchr::memmem::find_iter(content, what).take(100).count();
    if look.room.images > 0 && (shapes(b" re") >= 100 || shapes(b" l") >= 100) {
        look.room.images -= 1;
        picture::drawn(content).iter().for_each(|text| look.code(text));
    }
}

/// A picture, for its QR code.
fn image(dictionary: &[u8], body: &[u8], look: &mut Look) {
    if look.room.images > 0 {
        look.room.images -= 1;
        picture::codes(dictionary, body, look.room).iter().for_each(|text| look.code(text));
    }
}
