//! Tag lists (`v=1; a=rsa-sha256; …`, RFC 6376 3.2), which DKIM signatures, keys, DMARC policies and ARC share, and the
//! base64 inside them. You may rely on: nothing repeated, every name well formed, at most [`MAX_TAGS`].

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

/// What a byte stands for in base64: its six bits, or one of these.
const SPACE: u8 = 64;
const PADDING: u8 = 65;
const OTHER: u8 = 66;
static SIX: [u8; 256] = {
    let (mut table, mut i) = ([OTHER; 256], 0);
    while i < 64 {
        table[b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[i] as usize] = i as u8;
        i += 1;
    }
    table[b'=' as usize] = PADDING;
    (table[b' ' as usize], table[b'\t' as usize]) = (SPACE, SPACE);
    (table[b'\r' as usize], table[b'\n' as usize]) = (SPACE, SPACE);
    table
};

/// Base64 (RFC 4648) with white space anywhere, padding where it belongs or left out. None where it is anything else or
/// longer than `most` bytes.
pub fn base64(text: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity((text.len() / 4 * 3 + 3).min(most + 3));
    let (mut bits, mut have, mut padding, mut rest) = (0u32, 0, 0, text);
    while let [first, tail @ ..] = rest {
        // Four at a time where nothing is in between, which is nearly everywhere.
        if have == 0
            && let [a, b, c, d, tail @ ..] = rest
        {
            let six = |b: &u8| SIX[usize::from(*b)];
            let (a, b, c, d) = (six(a), six(b), six(c), six(d));
            if (a | b | c | d) < 64 && padding == 0 && out.len() < most {
                let all = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
                out.extend_from_slice(&all.to_be_bytes()[1..]);
                rest = tail;
                continue;
            }
        }
        rest = tail;
        match SIX[usize::from(*first)] {
            SPACE => {}
            PADDING => padding += 1,
            OTHER => return None,
            _ if padding > 0 || out.len() >= most => return None,
            six => {
                bits = bits << 6 | u32::from(six);
                have += 1;
                if have == 4 {
                    out.extend_from_slice(&bits.to_be_bytes()[1..]);
                    (bits, have) = (0, 0);
                }
            }
        }
    }
    match (have, padding) {
        (0, 0) => {}
        (2, 0 | 2) => out.push((bits >> 4) as u8),
        (3, 0 | 1) => out.extend_from_slice(&((bits >> 2) as u16).to_be_bytes()),
        _ => return None,
    }
    (out.len() <= most).then_some(out)
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
