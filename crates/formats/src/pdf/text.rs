//! The text that pages show (9.4), in the order in which it is drawn: enough to know what a document says.
//!
//! You may rely on: at most [`TEXT`] bytes. Fonts are not resolved: letters that stand for glyphs are read by that of the
//! document's tables (`ToUnicode`, 9.10.3) which knows most of them. Left out: fonts with letters of their own and without
//! such a table, text in pictures.

use std::collections::BTreeMap;

/// Most text kept of a document.
pub const TEXT: usize = 64 << 10;
/// Most pages' drawings kept, in bytes, and most tables of letters.
const DRAWN: usize = 2 << 20;
const TABLES: usize = 64;
/// Most letters of one table.
const LETTERS: usize = 70_000;

/// Letters by code.
pub(super) type Table = BTreeMap<u32, String>;

/// What text is made of, gathered as streams come.
#[derive(Debug, Default)]
pub struct Pages {
    drawn: Vec<Vec<u8>>,
    held: usize,
    tables: Vec<Table>,
}

impl Pages {
    /// Takes a stream, where it is a page's drawing with text or a table of letters.
    pub fn take(&mut self, content: &[u8]) {
        let has = |what: &[u8]| memchr::memmem::find(content, what).is_some();
        if has(b"beginbfchar") || has(b"beginbfrange") {
            if self.tables.len() < TABLES {
                self.tables.push(table(content));
            }
        } else if self.held + content.len() <= DRAWN && (has(b"Tj") || has(b"TJ")) && has(b"BT") {
            self.held += content.len();
            self.drawn.push(content.to_vec());
        }
    }

    /// The text of all pages.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for content in &self.drawn {
            self.page(content, &mut out);
            if out.len() >= TEXT {
                break;
            }
        }
        out
    }

    fn page(&self, content: &[u8], out: &mut String) {
        let mut rest = content;
        let mut array = false;
        while let Some(&b) = rest.first() {
            if out.len() >= TEXT {
                return;
            }
            match b {
                b'(' => {
                    let (string, after) = literal(&rest[1..]);
                    self.show(&string, false, out);
                    rest = after;
                }
                b'<' if !rest.starts_with(b"<<") => {
                    let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                    self.show(&hexadecimal(&rest[1..end]), true, out);
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
                b'%' => rest = &rest[memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())..],
                b'[' | b']' => {
                    array = b == b'[';
                    rest = &rest[1..];
                }
                _ => {
                    let end = rest.iter().position(|b| !super::is_regular(*b)).unwrap_or(rest.len()).max(1);
                    let (word, after) = rest.split_at(end);
                    let number = || std::str::from_utf8(word).ok().and_then(|w| w.parse::<f32>().ok());
                    match word {
                        // A wide gap between letters is a blank; a move of the line begins a new one.
                        _ if array && number().is_some_and(|n| n < -180.0) => blank(out, ' '),
                        b"Td" | b"TD" | b"T*" | b"Tm" | b"ET" | b"'" | b"\"" => blank(out, '\n'),
                        _ => {}
                    }
                    rest = after;
                }
            }
        }
    }

    /// What a string shows.
    fn show(&self, string: &[u8], hexadecimal: bool, out: &mut String) {
        let codes = |wide: bool| -> Vec<u32> {
            match wide {
                true => string.chunks(2).map(|c| c.iter().fold(0, |n, b| n << 8 | u32::from(*b))).collect(),
                false => string.iter().map(|b| u32::from(*b)).collect(),
            }
        };
        let mut best: Option<(usize, String)> = None;
        for wide in [true, false] {
            let codes = codes(wide);
            for table in &self.tables {
                let known: Vec<&String> = codes.iter().filter_map(|c| table.get(c)).collect();
                let covered = known.len() * if wide { 2 } else { 1 };
                if known.len() * 10 >= codes.len() * 8 && best.as_ref().is_none_or(|(most, _)| covered > *most) {
                    best = Some((covered, known.into_iter().map(String::as_str).collect()));
                }
            }
        }
        let plain = string.iter().filter(|b| b.is_ascii_graphic() || **b == b' ' || **b >= 0xa0).count();
        match best {
            Some((_, text)) => out.push_str(&text),
            // Letters as they are; what is none of a document's tables shows no words.
            None if !hexadecimal && plain * 10 >= string.len() * 9 => {
                out.push_str(&crate::charset::decode(b"windows-1252", string));
            }
            None => {}
        }
    }
}

fn blank(out: &mut String, c: char) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(c);
    }
}

/// A string in parentheses (7.3.4.2), and what stands behind it.
pub(super) fn literal(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut out, mut depth, mut at) = (Vec::new(), 1u32, 0);
    while let Some(&b) = bytes.get(at) {
        at += 1;
        match b {
            b'\\' => {
                let Some(&e) = bytes.get(at) else { break };
                at += 1;
                match e {
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'b' | b'f' | b'\n' | b'\r' => {}
                    b'0'..=b'7' => {
                        let digits = bytes[at - 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                        let value =
                            bytes[at - 1..at - 1 + digits].iter().fold(0u32, |n, d| n * 8 + u32::from(d - b'0'));
                        out.push(value as u8);
                        at += digits - 1;
                    }
                    e => out.push(e),
                }
            }
            b'(' => {
                depth += 1;
                out.push(b);
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                out.push(b);
            }
            b => out.push(b),
        }
        if out.len() > TEXT {
            break;
        }
    }
    (out, &bytes[at..])
}

pub(super) fn hexadecimal(text: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = text.iter().filter_map(|b| char::from(*b).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

/// A table of letters: `<01> <0041>` one by one, `<01> <05> <0041>` and `<01> <02> [<0041> <0042>]` in a row.
pub(super) fn table(content: &[u8]) -> Table {
    let mut table = Table::new();
    let number = |b: &[u8]| b.iter().take(4).fold(0u32, |n, b| n << 8 | u32::from(*b));
    let letters = |b: &[u8]| crate::charset::decode(b"utf-16be", b).into_owned();
    for (begin, end, ranges) in
        [(&b"beginbfchar"[..], &b"endbfchar"[..], false), (b"beginbfrange", b"endbfrange", true)]
    {
        for at in memchr::memmem::find_iter(content, begin).take(400) {
            let rest = &content[at + begin.len()..];
            let rest = &rest[..memchr::memmem::find(rest, end).unwrap_or(rest.len())];
            // Strings, each with whether a list begins before it.
            let mut strings: Vec<(bool, Vec<u8>)> = Vec::new();
            let mut list = false;
            let mut left = rest;
            while let Some(n) = memchr::memchr3(b'<', b'[', b']', left) {
                let byte = left[n];
                left = &left[n + 1..];
                match byte {
                    b'<' => {
                        let close = memchr::memchr(b'>', left).unwrap_or(left.len());
                        strings.push((list, hexadecimal(&left[..close])));
                        left = left.get(close + 1..).unwrap_or_default();
                    }
                    b => list = b == b'[',
                }
                if strings.len() > LETTERS {
                    break;
                }
            }
            let mut all = strings.into_iter().peekable();
            while let (Some((_, first)), Some((_, second))) = (all.next(), all.next()) {
                if table.len() > LETTERS {
                    return table;
                }
                let first = number(&first);
                if !ranges {
                    table.insert(first, letters(&second));
                    continue;
                }
                let last = number(&second).min(first.saturating_add(0xffff));
                if all.peek().is_some_and(|(list, _)| *list) {
                    for code in first..=last {
                        match all.next_if(|(list, _)| *list) {
                            Some((_, text)) => drop(table.insert(code, letters(&text))),
                            None => break,
                        }
                    }
                } else if let Some((_, text)) = all.next() {
                    let (head, tail) = text.split_at(text.len().saturating_sub(2));
                    let base = number(tail);
                    for code in first..=last {
                        let unit = (base + (code - first)) as u16;
                        table.insert(code, letters(&[head, &unit.to_be_bytes()].concat()));
                    }
                }
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_by_letters_and_by_tables() {
        let mut pages = Pages::default();
        pages.take(b"BT /F1 12 Tf 50 700 Td (Your order \\(A\\)) Tj T* [(ca) -20 (ll) -300 (us)] TJ ET");
        assert_eq!(pages.text().trim(), "Your order (A)\ncall us");
        let mut pages = Pages::default();
        pages.take(
            b"2 beginbfchar <0003> <0020> <0024> <0041> endbfchar 1 beginbfrange <0044> <0046> <0061> endbfrange",
        );
        pages.take(b"1 beginbfrange <0050> <0051> [<00660069> <0078>] endbfrange");
        pages.take(b"BT <0024000300440045> Tj 1 0 0 1 0 0 Tm <00500051> Tj <ffff> Tj ET");
        assert_eq!(pages.text().trim(), "A ab\nfix");
        for hostile in
            [&b"BT Tj ((((("[..], b"BT Tj <", b"BT Tj (\\", b"beginbfrange <00000000> <ffffffff> <0041> endbfrange"]
        {
            let mut pages = Pages::default();
            pages.take(hostile);
            let _ = pages.text();
        }
    }
}
