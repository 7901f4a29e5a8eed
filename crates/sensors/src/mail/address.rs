//! Lists of addresses (RFC 5322 3.4, obsolete forms and what deceivers write).
//!
//! You may rely on: never fails, at most [`MOST`] entries; whoever shows an author and whoever proves one read the field
//! here. Where it can be read in two ways, the address is what stands in the last angle brackets, as mail servers have it,
//! everything before them is the display name, as mail programs show it, and [`List::ambiguous`] says so: such a field
//! proves nobody. Left out: whether an address can exist.

use super::header;
use super::message::Mailbox;

/// Addresses read of one field, at most.
pub const MOST: usize = 500;

/// A field, read.
#[derive(Debug, Default)]
pub struct List {
    /// Its mailboxes.
    pub mailboxes: Vec<Mailbox>,
    /// It can be read in another way, by which others may be shown than these: a comment or quote without its end, two
    /// addresses in angle brackets for one name, more addresses than are read.
    pub ambiguous: bool,
}

/// The mailboxes of a field's value on one line.
pub fn list(value: &[u8]) -> Vec<Mailbox> {
    parse(value).mailboxes
}

/// Reads a field's value on one line.
pub fn parse(value: &[u8]) -> List {
    let (mut out, mut entry) = (Vec::new(), Entry::default());
    let mut ambiguous = false;
    let (mut quoted, mut comments, mut escaped, mut angle) = (false, 0u32, false, false);
    for &b in value {
        if out.len() >= MOST {
            return List { mailboxes: out, ambiguous: true };
        }
        match b {
            _ if escaped => {
                entry.put(b, angle, comments > 0);
                escaped = false;
            }
            b'\\' if quoted || comments > 0 => escaped = true,
            b'"' if comments == 0 && !angle => quoted = !quoted,
            _ if quoted => entry.put(b, angle, false),
            b'(' if !angle => comments += 1,
            b')' if comments > 0 => {
                comments -= 1;
                entry.comment.push(b' ');
            }
            _ if comments > 0 => entry.put(b, angle, true),
            b'<' => {
                // A second `<`: what stood in the first was part of the display name.
                if let Some(earlier) = entry.angle.replace(Vec::new()).filter(|e| !e.is_empty()) {
                    ambiguous |= earlier.contains(&b'@');
                    entry.outside.extend([b"<", &earlier[..], b">"].concat());
                }
                angle = true;
            }
            b'>' if angle => angle = false,
            b',' | b';' if !angle => out.extend(std::mem::take(&mut entry).finish()),
            // `undisclosed-recipients:;` and other groups: their name is none of an address.
            b':' if !angle && entry.angle.is_none() && !entry.outside.contains(&b'@') => entry = Entry::default(),
            _ => entry.put(b, angle, false),
        }
    }
    let unclosed = quoted || comments > 0;
    // An unclosed quote or comment must not swallow an address behind it.
    if unclosed && entry.angle.is_none() {
        let all = if quoted { &entry.outside } else { &entry.comment };
        if let (Some(open), Some(close)) = (memchr::memrchr(b'<', all), memchr::memrchr(b'>', all))
            && open < close
        {
            entry.angle = Some(all[open + 1..close].to_vec());
            entry.outside = all[..open].to_vec();
        }
    }
    out.extend(entry.finish());
    List { mailboxes: joined(out), ambiguous: ambiguous || unclosed }
}

/// A name with a bare comma in it (`Le Courrier, la lettre <lettre@b.fr>`) is one name.
fn joined(all: Vec<Mailbox>) -> Vec<Mailbox> {
    let mut out: Vec<Mailbox> = Vec::with_capacity(all.len());
    for mut mailbox in all {
        let before = out.last().is_some_and(|m| m.address.is_empty() && !m.name.is_empty());
        if before && !mailbox.name.is_empty() {
            let name = out.pop().unwrap_or_default().name;
            mailbox.name = format!("{name}, {}", mailbox.name);
        }
        out.push(mailbox);
    }
    out
}

#[derive(Default)]
struct Entry {
    outside: Vec<u8>,
    comment: Vec<u8>,
    angle: Option<Vec<u8>>,
}

impl Entry {
    fn put(&mut self, b: u8, angle: bool, comment: bool) {
        match &mut self.angle {
            Some(inside) if angle => inside.push(b),
            _ if comment => self.comment.push(b),
            _ => self.outside.push(b),
        }
    }

    fn finish(self) -> Option<Mailbox> {
        let outside = header::decode(self.outside.trim_ascii());
        let comment = header::decode(self.comment.trim_ascii());
        let (name, address) = match self.angle {
            Some(address) => (named(outside, comment), header::decode(&address)),
            None if outside.contains('@') => (comment, outside),
            None => (outside, String::new()),
        };
        let mailbox = Mailbox { name: clean(&name), address: canonical(&address) };
        (mailbox != Mailbox::default()).then_some(mailbox)
    }
}

/// The name of an address in angle brackets: mail programs show a comment where there is nothing else, and many show it
/// beside the name, which matters where it holds an address.
fn named(outside: String, comment: String) -> String {
    match (outside.trim().is_empty(), comment.contains('@')) {
        (true, _) => comment,
        (false, true) => format!("{outside} ({comment})"),
        (false, false) => outside,
    }
}

/// White space runs become one space.
fn clean(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address without the white space and route (RFC 5322 4.4) it may carry, its domain in lower case.
pub fn canonical(address: &str) -> String {
    let address: String = address.chars().filter(|c| !c.is_whitespace()).collect();
    let address = address.trim_start_matches('<').trim_end_matches('>');
    let address = match address.strip_prefix('@').and_then(|routed| routed.split_once(':')) {
        Some((_, address)) => address,
        None => address,
    };
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.trim_end_matches('.').to_lowercase()),
        None => address.to_string(),
    }
}

/// Whether a name stands under a suffix that exists (public suffix list) or is reserved for examples (RFC 2606).
pub fn exists(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or("");
    matches!(last, "example" | "test" | "invalid" | "localhost")
        || knowledge::suffixes::suffix(name.as_bytes()).is_some_and(|s| s.is_known())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_shapes() {
        let check = |given: &str, expected: &[(&str, &str)]| {
            let got = list(given.as_bytes());
            let got: Vec<_> = got.iter().map(|m| (m.name.as_str(), m.address.as_str())).collect();
            assert_eq!(got, expected, "{given}");
        };
        check("a@b.FR", &[("", "a@b.fr")]);
        check("Anne <Anne@b.fr>, \"B, C\" <c@d.fr>", &[("Anne", "Anne@b.fr"), ("B, C", "c@d.fr")]);
        check("a@b.fr (Anne \\) (x))", &[("Anne ) x", "a@b.fr")]);
        check("Boss (boss@known.fr) <x@evil.fr>", &[("Boss (boss@known.fr)", "x@evil.fr")]);
        check("\"boss@known.fr\" <x@evil.fr>", &[("boss@known.fr", "x@evil.fr")]);
        check("<boss@known.fr> <x@evil.fr>", &[("<boss@known.fr>", "x@evil.fr")]);
        check("=?utf-8?q?Andr=C3=A9?= <a@b.fr>", &[("André", "a@b.fr")]);
        check("\"=?utf-8?q?Andr=C3=A9?=\" <a@b.fr>", &[("André", "a@b.fr")]);
        check("undisclosed-recipients:;", &[]);
        check("team: a@b.fr, c@d.fr; e@f.fr", &[("", "a@b.fr"), ("", "c@d.fr"), ("", "e@f.fr")]);
        check("<>", &[]);
        check("\"unclosed <a@b.fr>", &[("unclosed", "a@b.fr")]);
        check("<@route.fr:a@b.fr>", &[("", "a@b.fr")]);
        check("Just a name", &[("Just a name", "")]);
        check("Le Courrier, la lettre <a@b.fr>, c@d.fr", &[("Le Courrier, la lettre", "a@b.fr"), ("", "c@d.fr")]);
        check(" , ,", &[]);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_told() {
        for (value, ambiguous) in [
            ("x@evil.example ( <marie@parti-bleu.fr>", true),
            ("x@evil.example \" <marie@parti-bleu.fr>", true),
            ("<x@evil.example> <marie@parti-bleu.fr>", true),
            ("\"x@evil.example\" <marie@parti-bleu.fr>", false),
            ("Marie <3 <marie@parti-bleu.fr>", false),
            ("marie@parti-bleu.fr, anna@parti-bleu.fr (Anna)", false),
        ] {
            assert_eq!(parse(value.as_bytes()).ambiguous, ambiguous, "{value}");
        }
        assert!(parse("a@b.fr,".repeat(MOST + 1).as_bytes()).ambiguous);
    }
}
