//! Bytes → UTF-8 by a declared charset (WHATWG Encoding Standard), never failing.
//!
//! You may rely on: at most three bytes out for one in; a wrong declaration gives replacement characters, a missing
//! one UTF-8 or, where the bytes are none, windows-1252. UTF-7 (RFC 2152) is read, for those who hide behind it.

use crate::transfer;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// Decodes bytes declared to be in `charset`.
pub fn decode<'b>(charset: &[u8], bytes: &'b [u8]) -> Cow<'b, str> {
    let charset = charset.trim_ascii();
    if charset.eq_ignore_ascii_case(b"utf-7") || charset.eq_ignore_ascii_case(b"unicode-1-1-utf-7") {
        return Cow::Owned(utf7(bytes));
    }
    match Encoding::for_label(charset) {
        // Declared as ASCII or Latin 1 (the standard takes both for windows-1252), but valid UTF-8: it is UTF-8.
        Some(encoding) if encoding == UTF_8 || encoding == WINDOWS_1252 => eight_bit_or(bytes, encoding),
        Some(encoding) => encoding.decode(bytes).0,
        None => eight_bit(bytes),
    }
}

/// Decodes bytes without a declaration.
pub fn eight_bit(bytes: &[u8]) -> Cow<'_, str> {
    eight_bit_or(bytes, WINDOWS_1252)
}

/// Bytes by which an encoding is guessed, and how many letters there must be that another than windows-1252 reads otherwise.
const GUESSED: usize = 64 << 10;
const LETTERS: usize = 8;

/// Decodes a text that says nowhere what it is written in: UTF-8, else what its letters are most likely to be. Where there are too
/// few of them, or some would be none, it is windows-1252.
pub fn guessed(bytes: &[u8]) -> Cow<'_, str> {
    if std::str::from_utf8(bytes).is_ok() || bytes.iter().filter(|b| !b.is_ascii()).take(LETTERS).count() < LETTERS {
        return eight_bit(bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..GUESSED).unwrap_or(bytes), bytes.len() <= GUESSED);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let ((text, _, lost), western) = (encoding.decode(bytes), eight_bit(bytes));
    // Quotes and dashes are the same in most; a text of few letters beyond them tells nothing.
    let differ = || text.chars().zip(western.chars()).filter(|(a, b)| a != b).take(LETTERS).count();
    if lost || encoding.is_single_byte() && differ() < LETTERS { western } else { text }
}

/// Decodes a page, which says near its beginning what it is written in, or should.
pub fn page(bytes: &[u8]) -> Cow<'_, str> {
    let head = bytes.get(..1024).unwrap_or(bytes).to_ascii_lowercase();
    let said = memchr::memmem::find(&head, b"charset=").map(|at| &head[at + 8..]);
    let label = |said: &[u8]| -> Vec<u8> {
        let said = said.iter().skip_while(|b| matches!(b, b'"' | b'\'' | b' '));
        said.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.')).copied().collect()
    };
    match said.map(label).filter(|label| Encoding::for_label(label).is_some()) {
        Some(label) => decode(&label, bytes),
        None => guessed(bytes),
    }
}

/// The text of UTF-16 that says so by its mark, as UTF-8; none of anything else (the mark of UTF-32 begins like one).
pub fn utf16(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(UTF_8.decode(bytes).0.into_owned()),
        _ => None,
    }
}

/// A text in UTF-16, with its mark: what [`utf16`] was read from, unless half a pair stood in it.
pub fn to_utf16(text: &str, mark: [u8; 2]) -> Vec<u8> {
    let unit = |u: u16| if mark == [0xff, 0xfe] { u.to_le_bytes() } else { u.to_be_bytes() };
    mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect()
}

fn eight_bit_or<'b>(bytes: &'b [u8], other: &'static Encoding) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        // A byte order mark says what it is whatever was declared.
        Err(_) => other.decode(bytes).0,
    }
}

fn utf7(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        out.push_str(&eight_bit(&rest[..plus]));
        rest = &rest[plus + 1..];
        let end =
            rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))).unwrap_or(rest.len());
        if end == 0 && rest.first() == Some(&b'-') {
            out.push('+');
        } else {
            let units = transfer::base64(&rest[..end], usize::MAX).bytes;
            let units = units.chunks_exact(2).map(|u| u16::from_be_bytes([u[0], u[1]]));
            out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        }
        rest = &rest[end..];
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    out.push_str(&eight_bit(rest));
    out
}

/// The charset of a Windows code page.
pub fn codepage(page: u32) -> &'static [u8] {
    match page {
        874 => b"windows-874",
        932 => b"shift_jis",
        936 => b"gbk",
        949 => b"euc-kr",
        950 => b"big5",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1253 => b"windows-1253",
        1254 => b"windows-1254",
        1255 => b"windows-1255",
        1256 => b"windows-1256",
        1257 => b"windows-1257",
        1258 => b"windows-1258",
        20866 => b"koi8-r",
        21866 => b"koi8-u",
        28592 => b"iso-8859-2",
        28595 => b"iso-8859-5",
        50220..=50222 => b"iso-2022-jp",
        51932 => b"euc-jp",
        54936 => b"gb18030",
        65000 => b"utf-7",
        65001 => b"utf-8",
        _ => b"windows-1252",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_told_by_its_mark() {
        for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
            let bytes = to_utf16("a é 🗳", mark);
            assert_eq!(utf16(&bytes).as_deref(), Some("a é 🗳"));
        }
        assert_eq!(utf16(b"a\0"), None);
        assert_eq!(utf16(b"\xff\xfe\0\0a\0\0\0"), None);
    }

    #[test]
    fn any_charset_gives_text() {
        let check = |charset: &str, bytes: &[u8], expected: &str| {
            assert_eq!(decode(charset.as_bytes(), bytes), expected, "{charset}");
        };
        check("utf-8", "é".as_bytes(), "é");
        check("us-ascii", "é".as_bytes(), "é");
        check("iso-8859-15", b"\xa4", "€");
        check("koi8-r", b"\xf0", "П");
        check("utf-16", b"\xff\xfea\0", "a");
        check("utf-7", b"a+AOk-b +- c", "aéb + c");
        check("gb2312", b"\xc4\xe3", "你");
        check("x-unknown", b"caf\xe9", "café");
        check("", b"\xff", "ÿ");
    }

    #[test]
    fn what_a_text_is_written_in_is_guessed() {
        let check = |label: &str, text: &str| {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a known one");
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{label}");
            assert_eq!(guessed(&bytes), text, "{label}");
            let head = format!("<html><meta charset=\"{label}\">");
            let page = [head.as_bytes(), &bytes].concat();
            assert_eq!(super::page(&page), head + text, "{label}");
        };
        let russian = "Зал стоит 10 000 евро, сказал казначей.\nНикому не говорите об этом.\n";
        check("windows-1251", russian);
        check("koi8-r", russian);
        check(
            "windows-1250",
            "Sala kosztuje 10 000 euro, powiedział skarbnik wczoraj.\nProszę, żeby nikt się o tym nie dowiedział, bo będą kłopoty.\n",
        );
        check("windows-1253", "Η αίθουσα κοστίζει 10 000 ευρώ, είπε ο ταμίας.\nΜην το πείτε σε κανέναν.\n");
        check(
            "windows-1254",
            "Salonun kirası 10 000 avro, dedi muhasebeci.\nBunu kimseye söylemeyin, yoksa başımız ağrır, işimiz biter; çünkü yarışı kazanmış sayılmayız.\n",
        );
        check("shift_jis", "会場の費用は一万ユーロです。会計係が認めました。\n誰にも言わないでください。\n");
        check("gb18030", "大厅的费用是一万欧元，司库已经同意了。\n请不要告诉任何人。\n");
        check("euc-kr", "행사장 비용은 만 유로이고 회계 담당자가 동의했습니다.\n아무에게도 말하지 마세요.\n");
        for western in [
            "La salle coûte 10 000 euros, a dit le trésorier à l’assemblée générale; c’est déjà décidé, né à Évry.\n",
            "Der Saal kostet 10 000 Euro, sagt die Schatzmeisterin; für die Überweisung müssen wir später prüfen, ob das größer wird.\n",
            "La sala cuesta 10 000 euros, según el señor Núñez; mañana habrá elección, y después de la sesión, también reunión.\n",
            "Salen kostar 10 000 euro, säger kassören; för övrigt är allt på väg till Århus och Malmö på lördag.\n",
        ] {
            check("windows-1252", western);
        }
        check("windows-1252", "You can’t do “anything” – it’s “locked up” … “naïve”, they’d say: “don’t”.\n");
        assert_eq!(guessed(b"caf\xe9"), "café");
    }
}
