//! Evidence text on a terminal: whatever could move a cursor, hide or reorder letters is shown as an escape instead.
//! JSON goes through here as well, for it is read on terminals too, and `\u` escapes mean the same to its readers.

use std::borrow::Cow;

/// Whether a character must not reach a terminal: controls (C0, C1), marks of direction, invisible and tag characters,
/// separators that end a line for some programs (Unicode TR 36, CVE-2021-42574).
pub fn dangerous(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Whether a text holds no such character; most text is plain ASCII, which is seen at a glance.
fn safe(text: &str) -> bool {
    text.bytes().fold(true, |plain, b| plain & (0x20..0x7f).contains(&b)) || !text.contains(dangerous)
}

/// Text that is safe on a terminal, in one line.
pub fn visible(text: &str) -> Cow<'_, str> {
    if safe(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if dangerous(c) => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Bytes of evidence that are safe on a terminal: as [`visible`], with `\x…` where they are no UTF-8.
pub fn visible_bytes(bytes: &[u8]) -> String {
    let chunk = |c: std::str::Utf8Chunk| {
        let invalid: String = c.invalid().iter().map(|b| format!("\\x{b:02x}")).collect();
        format!("{}{invalid}", visible(c.valid()))
    };
    bytes.utf8_chunks().map(chunk).collect()
}

/// One line of JSON that is safe on a terminal; it means the same.
pub fn json(line: &str) -> Cow<'_, str> {
    if safe(line) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if dangerous(c) {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|u| format!("\\u{u:04x}")));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        let check = |given: &[u8], expected: &str| assert_eq!(visible_bytes(given), expected);
        check(b"GET /", "GET /");
        check(b"\x1b[2Jx", "\\u{1b}[2Jx");
        check("a\u{202e}b\u{9b}".as_bytes(), "a\\u{202e}b\\u{9b}");
        check(b"\xff\n", "\\xff\\n");
        check("Île".as_bytes(), "Île");
    }

    #[test]
    fn json_means_the_same() {
        let given = serde_json::to_string("\u{9b}\u{e0041}é\u{202e}").expect("text is JSON");
        let safe = json(&given);
        assert_eq!(safe, "\"\\u009b\\udb40\\udc41é\\u202e\"");
        assert_eq!(serde_json::from_str::<String>(&safe).ok(), serde_json::from_str(&given).ok());
    }
}
