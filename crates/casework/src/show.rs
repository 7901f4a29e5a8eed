//! Evidence text made fit to be shown. Control characters, characters that reorder or hide text, and bytes that are not
//! UTF-8 are written out in a frame (`U+202E`, `\xFF`); everything is escaped by `maud` and cut to a length. No text of
//! evidence reaches the page by another way.

use maud::{Markup, html};

/// A piece of shown text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Char(char),
    Byte(u8),
    Cut,
}

/// Text of evidence, at most `limit` characters of it.
pub fn text(text: &str, limit: usize) -> Markup {
    bytes(text.as_bytes(), limit)
}

/// Bytes of evidence, at most `limit` characters of them.
pub fn bytes(bytes: &[u8], limit: usize) -> Markup {
    html! {
        @for piece in pieces(bytes, limit) {
            @match piece {
                Piece::Plain(t) => (t),
                Piece::Char(c) => b.raw { (format!("U+{:04X}", c as u32)) },
                Piece::Byte(b) => b.raw { (format!("\\x{b:02X}")) },
                Piece::Cut => b.raw { "…" },
            }
        }
    }
}

/// A sentence of ours about evidence, at most `limit` characters of it: what stands between back-quotes is a literal.
pub fn prose(sentence: &str, limit: usize) -> Markup {
    let cut: usize = sentence.char_indices().nth(limit).map_or(sentence.len(), |(at, _)| at);
    let mut parts: Vec<&str> = sentence[..cut].split('`').collect();
    // A quote that does not close is a character like any other.
    let open = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
    html! {
        @for (i, part) in parts.iter().enumerate() {
            @if i % 2 == 1 { code { (text(part, limit)) } } @else { (text(part, limit)) }
        }
        @if let Some(rest) = open { "`" (text(rest, limit)) }
        @if cut < sentence.len() { b.raw { "…" } }
    }
}

/// The same as plain text, for titles and descriptions of pictures.
pub fn plain(text: &str, limit: usize) -> String {
    pieces(text.as_bytes(), limit)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(t) => t.to_string(),
            Piece::Char(c) => format!("[U+{:04X}]", c as u32),
            Piece::Byte(b) => format!("[\\x{b:02X}]"),
            Piece::Cut => "…".into(),
        })
        .collect()
}

/// Whether a character would be invisible, move others, or act on a terminal.
fn treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{e000}'..='\u{f8ff}')
}

fn pieces(bytes: &[u8], limit: usize) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut left = limit;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        let mut start = 0;
        for (at, c) in valid.char_indices() {
            if left == 0 || treacherous(c) {
                if start < at {
                    out.push(Piece::Plain(&valid[start..at]));
                }
                if left == 0 {
                    out.push(Piece::Cut);
                    return out;
                }
                out.push(Piece::Char(c));
                start = at + c.len_utf8();
            }
            left -= 1;
        }
        if start < valid.len() {
            out.push(Piece::Plain(&valid[start..]));
        }
        for &b in chunk.invalid() {
            if left == 0 {
                out.push(Piece::Cut);
                return out;
            }
            out.push(Piece::Byte(b));
            left -= 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(evidence: &[u8], expected: &str) {
        assert_eq!(bytes(evidence, 20).into_string(), expected);
    }

    #[test]
    fn hostile_text_is_shown_not_obeyed() {
        check(b"<script>alert(1)", "&lt;script&gt;alert(1)");
        check(b"a\x1b[31mb", "a<b class=\"raw\">U+001B</b>[31mb");
        check("x\u{202e}txt".as_bytes(), "x<b class=\"raw\">U+202E</b>txt");
        check(b"\xff\x00", "<b class=\"raw\">\\xFF</b><b class=\"raw\">U+0000</b>");
        check(&b"a".repeat(21), &format!("{}<b class=\"raw\">…</b>", "a".repeat(20)));
        check(&b"a".repeat(20), &"a".repeat(20));
        assert_eq!(plain("a\u{200b}b", 9), "a[U+200B]b");
    }

    #[test]
    fn literals_are_set_apart() {
        let check = |sentence: &str, expected: &str| assert_eq!(prose(sentence, 20).into_string(), expected);
        check("`a<b` exists", "<code>a&lt;b</code> exists");
        check("it`s", "it`s");
        check("``", "<code></code>");
        check("`a` and `b", "<code>a</code> and `b");
        check(&"a".repeat(21), &format!("{}<b class=\"raw\">…</b>", "a".repeat(20)));
        check("", "");
    }
}
