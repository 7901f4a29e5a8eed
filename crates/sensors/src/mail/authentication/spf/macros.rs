//! Macro strings (RFC 7208 7): `%{ir}.%{v}._spf.%{d2}` and their expansion. You may rely on: a parsed string is valid
//! throughout; an expansion keeps at most [`MAX_EXPANSION`] bytes, its last ones, which are all that a name of the DNS
//! can use.

use model::{Address, Time};
use std::net::IpAddr;

/// Bytes kept of an expansion.
pub const MAX_EXPANSION: usize = 4096;

/// A parsed macro string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MacroString(Vec<Piece>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Literal(String),
    Macro {
        letter: u8,
        /// Written as a capital: the value is escaped as in a URL.
        escape: bool,
        /// Right-hand parts kept; all where 0.
        keep: usize,
        reverse: bool,
        delimiters: Vec<u8>,
    },
}

/// What macros stand for.
#[derive(Debug)]
pub struct Values<'a> {
    /// `l`: the sender's local part.
    pub local: &'a str,
    /// `o`: the sender's domain.
    pub origin: &'a str,
    /// `d`: the domain being asked.
    pub domain: &'a str,
    /// `i`, `c` and `v`: the address that sends.
    pub ip: Address,
    /// `h`: the name it greeted with.
    pub helo: &'a str,
    /// `p`: its validated name.
    pub name: &'a str,
    /// `r`: who received.
    pub receiver: &'a str,
    /// `t`: when.
    pub at: Option<Time>,
}

impl MacroString {
    /// Parses a string; `explanation` allows the letters and spaces that only explanations may have.
    pub fn parse(text: &str, explanation: bool) -> Result<MacroString, ()> {
        let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), text);
        while let Some(c) = rest.chars().next() {
            let tail = &rest[c.len_utf8()..];
            rest = tail;
            match c {
                '%' => match tail.chars().next().ok_or(())? {
                    '%' => literal.push('%'),
                    '_' => literal.push(' '),
                    '-' => literal.push_str("%20"),
                    '{' => {
                        let (inside, after) = tail[1..].split_once('}').ok_or(())?;
                        if !literal.is_empty() {
                            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                        }
                        pieces.push(expansion(inside.as_bytes(), explanation)?);
                        rest = after;
                        continue;
                    }
                    _ => return Err(()),
                },
                '\x21'..='\x7e' => {
                    literal.push(c);
                    continue;
                }
                ' ' if explanation => {
                    literal.push(c);
                    continue;
                }
                _ => return Err(()),
            }
            rest = &tail[1..];
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(MacroString(pieces))
    }

    /// A domain-spec: a macro string that ends in a macro or in a label that may stand at the top (RFC 7208 7.1).
    pub fn domain(text: &str) -> Result<MacroString, ()> {
        let parsed = MacroString::parse(text, false)?;
        match parsed.0.last() {
            Some(Piece::Macro { .. }) => Ok(parsed),
            Some(Piece::Literal(_)) => {
                // The text, not the literal: `%%` at the end is no label.
                let name = text.strip_suffix('.').unwrap_or(text);
                let (_, top) = name.rsplit_once('.').ok_or(())?;
                let alphanumeric = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
                let bytes = top.as_bytes();
                let sound = alphanumeric(bytes.first())
                    && alphanumeric(bytes.last())
                    && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
                    && !bytes.iter().all(u8::is_ascii_digit);
                if sound { Ok(parsed) } else { Err(()) }
            }
            None => Err(()),
        }
    }

    /// Whether it asks for the validated name (`p`), which costs look-ups.
    pub fn needs_name(&self) -> bool {
        self.0.iter().any(|p| matches!(p, Piece::Macro { letter: b'p', .. }))
    }

    /// The expansion.
    pub fn expand(&self, values: &Values) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Macro { letter, escape, keep, reverse, delimiters } => {
                    let value = transform(&value(*letter, values), *keep, *reverse, delimiters);
                    if *escape { push_escaped(&mut out, &value) } else { out.push_str(&value) }
                }
            }
            if out.len() > 2 * MAX_EXPANSION {
                keep_last(&mut out, MAX_EXPANSION);
            }
        }
        keep_last(&mut out, MAX_EXPANSION);
        out
    }

    /// The expansion as a name: labels are taken away from the left until it fits (RFC 7208 7.3).
    pub fn name(&self, values: &Values) -> String {
        let mut name = self.expand(values);
        while name.strip_suffix('.').unwrap_or(&name).len() > 253 {
            match name.split_once('.') {
                Some((_, rest)) => name = rest.to_owned(),
                None => break,
            }
        }
        name
    }
}

fn keep_last(text: &mut String, bytes: usize) {
    if let Some(mut from) = text.len().checked_sub(bytes) {
        while !text.is_char_boundary(from) {
            from += 1;
        }
        text.drain(..from);
    }
}

/// `letter *DIGIT ["r"] *delimiter`.
fn expansion(inside: &[u8], explanation: bool) -> Result<Piece, ()> {
    let (&letter, rest) = inside.split_first().ok_or(())?;
    let allowed: &[u8] = if explanation { b"slodiphvcrt" } else { b"slodiphv" };
    if !allowed.contains(&letter.to_ascii_lowercase()) {
        return Err(());
    }
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let keep = rest[..digits].iter().fold(0usize, |n, d| n.saturating_mul(10).saturating_add(usize::from(d - b'0')));
    if digits > 0 && keep == 0 {
        return Err(());
    }
    let rest = &rest[digits..];
    let (reverse, delimiters) = match rest {
        [b'r' | b'R', tail @ ..] => (true, tail),
        _ => (false, rest),
    };
    if !delimiters.iter().all(|b| b".-+,/_=".contains(b)) {
        return Err(());
    }
    let delimiters = if delimiters.is_empty() { b"." } else { delimiters };
    Ok(Piece::Macro {
        letter: letter.to_ascii_lowercase(),
        escape: letter.is_ascii_uppercase(),
        keep,
        reverse,
        delimiters: delimiters.to_vec(),
    })
}

fn value(letter: u8, values: &Values) -> String {
    match letter {
        b's' => format!("{}@{}", values.local, values.origin),
        b'l' => values.local.to_owned(),
        b'o' => values.origin.to_owned(),
        b'd' => values.domain.to_owned(),
        b'h' => values.helo.to_owned(),
        b'p' => values.name.to_owned(),
        b'r' => values.receiver.to_owned(),
        b'c' => values.ip.to_string(),
        b't' => values.at.map_or_else(|| "0".into(), |t| t.seconds().to_string()),
        b'v' => if values.ip.is_v4() { "in-addr" } else { "ip6" }.to_owned(),
        _ => dotted(values.ip),
    }
}

/// An address in parts separated by dots: octets, or hexadecimal digits of IPv6.
pub fn dotted(ip: Address) -> String {
    match ip.ip() {
        IpAddr::V4(a) => a.to_string(),
        IpAddr::V6(a) => {
            let digits = format!("{:032x}", u128::from(a));
            digits.chars().flat_map(|c| [c, '.']).take(63).collect()
        }
    }
}

fn transform(value: &str, keep: usize, reverse: bool, delimiters: &[u8]) -> String {
    if keep == 0 && !reverse && delimiters == b"." {
        return value.to_owned();
    }
    let mut parts: Vec<&str> = value.split(|c: char| u8::try_from(c).is_ok_and(|b| delimiters.contains(&b))).collect();
    if reverse {
        parts.reverse();
    }
    if keep > 0 {
        parts.drain(..parts.len().saturating_sub(keep));
    }
    parts.join(".")
}

/// Everything but unreserved characters as `%XX` (RFC 3986 2.3).
fn push_escaped(out: &mut String, value: &str) {
    for b in value.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7208 7.4's examples, and what its text says besides.
    #[test]
    fn macros_expand() {
        let check = |text: &str, ip: &str, expected: &str| {
            let values = Values {
                local: "strong-bad",
                origin: "email.example.com",
                domain: "email.example.com",
                ip: Address::parse(ip.as_bytes()).expect("an address"),
                helo: "mx.example.org",
                name: "mx.example.org",
                receiver: "here",
                at: None,
            };
            let parsed = MacroString::parse(text, false).expect("a macro string");
            assert_eq!(parsed.expand(&values), expected, "{text}");
        };
        check("%{s}", "192.0.2.3", "strong-bad@email.example.com");
        check("%{d4}.%{d1}", "192.0.2.3", "email.example.com.com");
        check("%{dr} %{d2r}".replace(' ', "%_").as_str(), "192.0.2.3", "com.example.email example.email");
        check("%{l-} %{lr-}".replace(' ', "%_").as_str(), "192.0.2.3", "strong.bad bad.strong");
        check("%{ir}.%{v}._spf.%{d2}", "192.0.2.3", "3.2.0.192.in-addr._spf.example.com");
        check("%{S}%%", "192.0.2.3", "strong-bad%40email.example.com%");
        let six = "2001:db8::cb01";
        check("%{ir}", six, "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2");
        for bad in ["%", "%a", "%{", "%{}", "%{x}", "%{d0}", "%{d}%", "%{c}", "a b", "%{d*}"] {
            assert!(MacroString::parse(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn expansions_are_bounded() {
        let values = Values {
            local: &"x.".repeat(500),
            origin: "example.org",
            domain: "example.org",
            ip: Address::v4([192, 0, 2, 1]),
            helo: "",
            name: "",
            receiver: "",
            at: None,
        };
        let parsed = MacroString::parse(&"%{S}".repeat(15_000), false).expect("a macro string");
        assert_eq!(parsed.expand(&values).len(), MAX_EXPANSION);
        assert!(parsed.name(&values).len() <= 254);
    }
}
