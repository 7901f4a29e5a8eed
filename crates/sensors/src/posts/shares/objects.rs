//! From cells to objects: what a post shares, in the spelling by which equal things are equal.
//!
//! You may rely on: every function here looks at one cell and gives at most [`super::OBJECTS_MAX`] objects or few more.
//! Left out: following short links (an offline map comes with the readers of platforms).

use super::columns::By;
use super::json::list;
use crate::domain::registrable;
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Appends the objects of a cell to `out` and their ranges in it to `ranges`. `listed` tells a column of its own from
/// running text.
pub fn objects(by: By, cell: &[u8], listed: bool, out: &mut Vec<u8>, ranges: &mut Vec<Range<usize>>) {
    let mut push = |object: &[u8]| {
        let start = out.len();
        out.extend_from_slice(object);
        ranges.push(start..out.len());
    };
    if matches!(by, By::Object | By::Repost | By::Reply | By::Image | By::Text) {
        if !cell.is_empty() {
            push(cell);
        }
        return;
    }
    let text = String::from_utf8_lossy(cell);
    let text = if listed { list(&text) } else { Cow::Borrowed(&*text) };
    let mut found: Vec<String> = Vec::new();
    match by {
        By::Url => found.extend(links(&text, listed).filter_map(url)),
        By::Domain => found.extend(links(&text, listed).filter_map(host).map(|h| registrable(&h).unwrap_or(h))),
        By::Hashtags => {
            let tags: Vec<String> = marked(&text, '#', listed);
            if tags.len() >= 2 {
                found.push(tags.join(" "));
            }
        }
        _ => {
            let mut names = marked(&text, '@', listed);
            names.sort_unstable();
            names.dedup();
            if !names.is_empty() {
                found.push(names.join(" "));
            }
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for object in &found {
        if !seen.contains(&object.as_str()) && seen.len() <= super::OBJECTS_MAX {
            seen.push(object);
            push(object.as_bytes());
        }
    }
}

/// The items of a list as exports write it: by blanks, commas or bars, in brackets and quotes perhaps.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '|' | '[' | ']' | '\'' | '"' | '{' | '}' | ';'))
        .flat_map(
            |part| if part.contains("://") { vec![part.trim_end_matches(',')] } else { part.split(',').collect() },
        )
        .filter(|item| !item.is_empty())
}

/// Links: the items of a list, or what begins with `http` in running text.
pub fn links(text: &str, listed: bool) -> impl Iterator<Item = &str> {
    let running = text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'));
    let found: Vec<&str> = match listed {
        true => items(text).collect(),
        false => running
            .filter_map(|word| ["https://", "http://"].iter().find_map(|s| word.find(s)).map(|at| &word[at..]))
            .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '…', '’']))
            .collect(),
    };
    found.into_iter()
}

/// Words behind a mark, lower case and composed (an accent typed apart is the same word): all items of a list, or those
/// that carry the mark in running text. A name's server (`@zoe@example.social`) belongs to it.
pub fn marked(text: &str, mark: char, listed: bool) -> Vec<String> {
    if !listed && !text.contains(mark) {
        return Vec::new();
    }
    let text: &str = &match is_nfc(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect::<String>()),
    };
    if listed {
        return items(text).map(|i| i.trim_start_matches(mark).to_lowercase()).filter(|i| !i.is_empty()).collect();
    }
    let mut found = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == mark && !before.is_alphanumeric() {
            let rest = &text[at + mark.len_utf8()..];
            let word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let server = rest[end..].strip_prefix('@').filter(|_| mark == '@' && end > 0).map_or(0, |server| {
                let whole =
                    server.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(server.len());
                let server = server[..whole].trim_end_matches(['.', '-']);
                if server.contains('.') { server.len() + 1 } else { 0 }
            });
            if end > 0 {
                found.push(rest[..end + server].to_lowercase());
            }
        }
        before = c;
    }
    found
}

/// Parameters that only say where a reader came from; two links that differ in these lead to the same page.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "yclid",
    "twclid",
    "ref_src",
    "ref_url",
    "xtor",
    "_ga",
    "at_medium",
    "at_campaign",
    "s_cid",
    "cmpid",
    "spm",
];

/// A link in its canonical spelling (RFC 3986 section 6): lower-case host without `www.` and default port, no scheme,
/// no fragment, no parameters that only track, the rest in order.
pub fn url(link: &str) -> Option<String> {
    let host = host(link)?;
    let rest = after_scheme(link);
    let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let port =
        rest[..at].rsplit_once(':').map(|(_, p)| p).filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let page = rest[at..].split('#').next().unwrap_or_default();
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let tracks = |p: &&str| {
        let name = p.split('=').next().unwrap_or_default().to_ascii_lowercase();
        !p.is_empty() && !name.starts_with("utm_") && !TRACKING.contains(&name.as_str())
    };
    let mut query: Vec<&str> = query.split('&').filter(tracks).collect();
    query.sort_unstable();
    let mut out = host;
    if let Some(port) = port.filter(|p| !matches!(*p, "80" | "443")) {
        out = format!("{out}:{port}");
    }
    out += &decoded(path.trim_end_matches('/'));
    if !query.is_empty() {
        out = format!("{out}?{}", decoded(&query.join("&")));
    }
    Some(out)
}

/// Percent-encoded letters, digits, `-`, `.`, `_` and `~` as themselves, other codes in capitals (RFC 3986 6.2.2).
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let hex = rest.get(..2).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(b) if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            Some(b) => out += &format!("%{b:02X}"),
            None => out.push('%'),
        }
        rest = if hex.is_some() { &rest[2..] } else { rest };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn after_scheme(link: &str) -> &str {
    link.split_once("://").map_or(link, |(_, rest)| rest)
}

/// The host of a link, lower case, without `www.`.
pub fn host(link: &str) -> Option<String> {
    let rest = after_scheme(link);
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_string();
    (host.contains('.') && host.len() <= 253).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(by: By, cell: &str, listed: bool, expected: &[&str]) {
        let (mut out, mut ranges) = (Vec::new(), Vec::new());
        objects(by, cell.as_bytes(), listed, &mut out, &mut ranges);
        let found: Vec<String> = ranges.into_iter().map(|r| String::from_utf8_lossy(&out[r]).into_owned()).collect();
        assert_eq!(found, expected, "{cell}");
    }

    #[test]
    fn links_are_one_page() {
        for same in [
            "http://www.Kiosque.fr/une?b=2&a=1",
            "https://kiosque.fr/une/?utm_source=x&a=1&b=2&fbclid=9#top",
            "https://user@kiosque.fr:443/une?a=1&b=2",
        ] {
            check(By::Url, same, true, &["kiosque.fr/une?a=1&b=2"]);
        }
        check(By::Url, "['http://a.fr/4', 'http://a.fr/6']", true, &["a.fr/4", "a.fr/6"]);
        check(By::Url, "voir (https://a.fr/4). et http://a.fr/4", false, &["a.fr/4"]);
        check(By::Domain, "http://blog.kiosque.co.uk:8080/x", true, &["kiosque.co.uk"]);
        check(By::Url, "no link", false, &[]);
        check(By::Url, "http://a.fr/%7ex/%e9%2f%zz%", true, &["a.fr/~x/%E9%2F%zz%"]);
    }

    #[test]
    fn tags_are_a_sequence_and_names_a_set() {
        check(By::Hashtags, "Go #Vote now #Été2017, a#b", false, &["vote été2017"]);
        check(By::Hashtags, "only #one", false, &[]);
        check(By::Hashtags, "b,a", true, &["b a"]);
        check(By::Hashtags, "#e\u{301}te\u{301} #हिन्दी", false, &["été हिन्दी"]);
        check(By::Mentions, "@Zoe@example.social. @anna@ @b@c", false, &["anna b zoe@example.social"]);
        check(By::Mentions, "@Zoe and @anna, me@x.fr @zoe", false, &["anna zoe"]);
    }
}
