//! Character references of HTML (WHATWG HTML 13.5): the numeric ones, Latin-1, and the few others mail uses.

/// Latin-1 from U+00A0.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
    eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
    ucirc uuml yacute thorn yuml";

const OTHERS: [(&str, char); 28] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("euro", '€'),
    ("trade", '™'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("rarr", '→'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("sol", '/'),
    ("colon", ':'),
    ("period", '.'),
];

/// Longest name with its digits that is looked for.
const LONGEST: usize = 12;

/// The text with its references resolved; what is none stays.
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match reference(rest) {
            Some((c, used)) => {
                out.push(c);
                rest = &rest[used..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// The character a reference stands for, and its bytes after the ampersand.
fn reference(text: &str) -> Option<(char, usize)> {
    let head = text.as_bytes();
    let end = head
        .iter()
        .take(LONGEST)
        .position(|b| !(b.is_ascii_alphanumeric() || *b == b'#'))
        .unwrap_or(head.len().min(LONGEST));
    let name = text.get(..end)?;
    let used = end + usize::from(head.get(end) == Some(&b';'));
    if let Some(number) = name.strip_prefix('#') {
        if !number.ends_with(|c: char| c.is_ascii_hexdigit()) {
            return None;
        }
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse::<u32>(),
        }
        .unwrap_or(u32::MAX);
        // Numbers of control characters are written for letters of Windows (13.2.5.80).
        if let Ok(b @ 0x80..=0x9f) = u8::try_from(code) {
            return crate::charset::decode(b"windows-1252", &[b]).chars().next().map(|c| (c, used));
        }
        return Some((char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}'), used));
    }
    if let Some((_, c)) = OTHERS.iter().find(|(n, _)| *n == name) {
        return Some((*c, used));
    }
    let place = LATIN.split_ascii_whitespace().position(|n| n == name)?;
    Some((char::from_u32(0xa0 + place as u32)?, used))
}

#[cfg(test)]
mod tests {
    #[test]
    fn references_are_resolved_and_what_is_none_stays() {
        assert_eq!(
            super::decode("a &amp; b &eacute;t&#233; &#x41;&#65; &unknown; &#146; & &#xffffffff; &"),
            "a & b été AA &unknown; ’ & \u{fffd} &"
        );
        assert_eq!(super::decode("?a=1&b=2&copy=3"), "?a=1&b=2©=3");
    }
}
