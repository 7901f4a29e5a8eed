//! Plain text out of HTML that somebody else wrote: Mastodon's content, a feed's summary.
//!
//! You may rely on: nothing is interpreted or fetched; any bytes give text; scripts, styles and comments are left out
//! whole; one pass, no recursion. Left out: everything about layout but line ends.

use memchr::{memchr, memmem};

/// The text, and the addresses its links lead to.
pub fn text(html: &str) -> (String, Vec<String>) {
    let (mut out, mut links) = (String::with_capacity(html.len()), Vec::new());
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        unescape(&rest[..at], &mut out);
        rest = &rest[at..];
        let Some(skip) = tag(rest, &mut out, &mut links) else {
            // No tag: a sign of its own.
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = rest.get(skip..).unwrap_or_default();
    }
    unescape(rest, &mut out);
    (out.trim().to_string(), links)
}

/// How far the tag at the beginning of `rest` reaches, with what must not be shown; none if it is none.
fn tag(rest: &str, out: &mut String, links: &mut Vec<String>) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |n| n + 3));
    }
    let first = rest[1..].chars().next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    let end = close(rest.as_bytes());
    // A tag without end has no bracket to leave out, and may end in the middle of nowhere but never of a character.
    let inside = rest[1..end].strip_suffix('>').unwrap_or(&rest[1..end]);
    let name: String = inside
        .chars()
        .take(16)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
        .collect::<String>()
        .to_lowercase();
    match name.as_str() {
        "br" | "br/" | "/p" | "/div" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" | "/blockquote"
            if !out.ends_with('\n') =>
        {
            out.push('\n');
        }
        "a" => links.extend(attribute(inside, "href").filter(|href| href.starts_with("http"))),
        "script" | "style" => {
            let stop = format!("</{name}");
            let body = rest.get(end..).unwrap_or_default();
            let found = body.as_bytes().windows(stop.len()).position(|w| w.eq_ignore_ascii_case(stop.as_bytes()));
            return Some(found.map_or(rest.len(), |n| end + n));
        }
        _ => {}
    }
    Some(end)
}

/// The end of a tag: the first `>` outside of quotes, or, where a quote is never closed, the first at all.
fn close(tag: &[u8]) -> usize {
    let mut quote = None;
    for (at, &byte) in tag.iter().enumerate().take(8192) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    memchr(b'>', tag).map_or(tag.len(), |n| n + 1)
}

/// An attribute's value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(found) = tag.get(from..)?.find(name) {
        let at = from + found;
        from = at + name.len();
        let before = tag[..at].chars().next_back();
        let value = tag[from..].trim_start().strip_prefix('=').map(str::trim_start);
        let (Some(value), true) = (value, before.is_some_and(char::is_whitespace)) else { continue };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
            None => value.split(char::is_whitespace).next().unwrap_or_default(),
        };
        let mut out = String::new();
        unescape(value, &mut out);
        return Some(out);
    }
    None
}

/// Characters written as references (HTML 13.5; those that feeds and posts use).
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ecirc", 'ê'),
    ("ccedil", 'ç'),
    ("ocirc", 'ô'),
    ("ugrave", 'ù'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("euro", '€'),
];

/// Appends text with its references read; what is no reference stays as it is written.
pub fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let number = |digits: &str, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    let c = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(hex) => number(hex, 16)?,
            None => number(digits, 10)?,
        },
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    // A reference writes no control character into anybody's terminal or brief.
    Some((if c.is_control() && c != '\n' { ' ' } else { c }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_interpreted() {
        let check = |html: &str, expected: &str, links: &[&str]| {
            let (said, found) = text(html);
            assert_eq!((said.as_str(), found), (expected, links.iter().map(|l| l.to_string()).collect()), "{html}");
        };
        check("<p>Votez&nbsp;!<br>Demain</p><p>a &lt; b</p>", "Votez !\nDemain\na < b", &[]);
        check("<a href=\"https://a.fr/x?a=1&amp;b=2\" rel=x>ici</a>", "ici", &["https://a.fr/x?a=1&b=2"]);
        check("<a data-href='http://no' href='javascript:x'>z</a>", "z", &[]);
        check("un<script>alert('</b>')</SCRIPT>e<style>p{}</style><!-- <b> -->s", "unes", &[]);
        check("1 < 2 <3 &bogus; &#27; &#xe9;", "1 < 2 <3 &bogus;   é", &[]);
        check("<a href=\"never closed>text", "text", &[]);
        check("cut <script>x", "cut", &[]);
        check("<", "<", &[]);
        check("un<coé", "un", &[]);
    }
}
