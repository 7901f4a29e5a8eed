//! Tag lists (`v=1; a=rsa-sha256; …`, RFC 6376 3.2), which DKIM signatures, keys, DMARC policies and ARC share, and the
//! base64 inside them. You may rely on: nothing repeated, every name well formed, at most [`MAX_TAGS`].

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};

/// Tags of one list; the standards define fewer than twenty.
pub const MAX_TAGS: usize = 64;

/// Bytes of one list. A signature by the longest key ring verifies, with three hundred names in `h=`, is a tenth of it.
pub const MAX_LIST: usize = 64 << 10;

/// A parsed list: names and values, white space around both removed.
#[derive(Debug)]
pub struct Tags<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Tags<'a> {
    /// Parses a list; an error says what is wrong with it.
    pub fn parse(list: &'a [u8]) -> Result<Tags<'a>, &'static str> {
        if list.len() > MAX_LIST {
            return Err("tag list is too long");
        }
        let mut tags: Vec<(&[u8], &[u8])> = Vec::with_capacity(12);
        let mut rest = list.trim_ascii();
        while !rest.is_empty() {
            let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
            let spec = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            let Some(equals) = memchr::memchr(b'=', spec) else { return Err("tag without `=`") };
            let (name, value) = (spec[..equals].trim_ascii(), spec[equals + 1..].trim_ascii());
            let well_formed = name.first().is_some_and(u8::is_ascii_alphabetic)
                && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
            if !well_formed {
                return Err("tag with a malformed name");
            }
            if tags.iter().any(|(n, _)| same(n, name)) {
                return Err("tag given twice");
            }
            if tags.len() == MAX_TAGS {
                return Err("too many tags");
            }
            tags.push((name, value));
        }
        Ok(Tags(tags))
    }

    /// A tag's value.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(n, _)| same(n, name.as_bytes())).map(|(_, v)| *v)
    }

    /// The first tag.
    pub fn first(&self) -> Option<(&'a [u8], &'a [u8])> {
        self.0.first().copied()
    }

    /// A tag that is a decimal number of at most 76 digits (RFC 6376 3.5); larger than 2⁶⁴ is all the same to us.
    pub fn number(&self, name: &str) -> Result<Option<u64>, &'static str> {
        let Some(digits) = self.get(name) else { return Ok(None) };
        if digits.is_empty() || digits.len() > 76 || !digits.iter().all(u8::is_ascii_digit) {
            return Err("tag that is no number");
        }
        Ok(Some(digits.iter().fold(0u64, |n, d| n.saturating_mul(10).saturating_add(u64::from(d - b'0')))))
    }
}

/// Whether two names are the same. Nearly all are of one or two letters, so that a comparison of memory costs more than
/// it saves.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.first() == b.first() && a.len() == b.len() && (a.len() == 1 || a == b)
}

/// The items of a list separated by colons, white space around them removed.
pub fn items(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|b| *b == b':').map(<[u8]>::trim_ascii)
}

/// Base64 whose padding may be left out and whose last bits may be anything, as signers write it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 (RFC 4648) with white space anywhere, padding where it belongs or left out. None where it is anything else or
/// longer than `most` bytes.
pub fn base64(text: &[u8], most: usize) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).collect();
    // Half a padding is damage.
    if !letters.len().is_multiple_of(4) && letters.ends_with(b"=") {
        return None;
    }
    BASE64.decode(letters).ok().filter(|bytes| bytes.len() <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_or_refused() {
        let tags = Tags::parse(b" v=1; a = rsa-sha256 ;\r\n\tt=12;").expect("a list");
        assert_eq!((tags.get("v"), tags.get("a")), (Some(&b"1"[..]), Some(&b"rsa-sha256"[..])));
        assert_eq!(
            (tags.number("t"), tags.number("x"), tags.number("a")),
            (Ok(Some(12)), Ok(None), Err("tag that is no number"))
        );
        for bad in ["v", "v=1;;a=2", "v=1; v=2", "=1", "1v=1", "v-a=1"] {
            assert!(Tags::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn base64_is_exact() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(base64(text.as_bytes(), 100).as_deref(), expected.map(str::as_bytes), "{text}");
        };
        check("", Some(""));
        check("Zg==", Some("f"));
        check("Zg", Some("f"));
        check("Zm 8\r\n =", Some("fo"));
        check("Zm9v", Some("foo"));
        check("Zm9vYg==", Some("foob"));
        for bad in ["Z", "Zg=", "Z===", "Zg==Zg==", "Zm9v=", "Z!", "Zm8=="] {
            check(bad, None);
        }
        assert_eq!(base64(b"Zm9vYg==", 3), None);
    }
}
