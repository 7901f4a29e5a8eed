//! DNS messages (RFC 1035, EDNS of RFC 6891): a question → bytes, bytes → the answer to that question.
//!
//! You may rely on: any bytes are read without panic, without recursion and in linear time (compression pointers must
//! point backwards); an answer to another question, or with another id, is none. Only records that answer the question,
//! through its aliases, are kept. Left out: sending.

use super::Kind;
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What we say we can receive by UDP: the size that passes everywhere (DNS flag day 2020).
pub const UDP_SIZE: u16 = 1232;
/// Aliases followed within one answer.
const ALIASES: usize = 16;
/// Records kept of one answer.
const MOST: usize = 512;

/// A name as labels with their lengths, and the final zero; none if it is no name.
pub fn wire(name: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(name.len() + 2);
    let name = name.strip_suffix('.').unwrap_or(name);
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|n| (1..=63).contains(n))?;
        if !label.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        out.push(length);
        out.extend(label.bytes().map(|b| b.to_ascii_lowercase()));
    }
    out.push(0);
    (out.len() <= 255).then_some(out)
}

/// A question to a resolver: recursion desired, and whether it has authenticated the answer wanted to be told (RFC
/// 6840 5.7).
pub fn query(id: u16, name: &[u8], kind: Kind, edns: bool, unchecked: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len() + 32);
    out.extend(id.to_be_bytes());
    out.extend([0x01, if unchecked { 0x10 } else { 0x20 }, 0, 1, 0, 0, 0, 0, 0, u8::from(edns)]);
    out.extend(name);
    out.extend(kind.code().to_be_bytes());
    out.extend([0, 1]);
    if edns {
        out.extend([0, 0, 41]);
        out.extend(UDP_SIZE.to_be_bytes());
        out.extend([0; 6]);
    }
    out
}

/// An answer to our question.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// It did not fit.
    pub truncated: bool,
    /// The resolver says that it verified it (DNSSEC).
    pub authentic: bool,
    /// The response code, with its extension.
    pub rcode: u16,
    /// Values of the kind asked for, sorted.
    pub answers: Vec<String>,
    /// The aliases on the way to them.
    pub aliases: Vec<String>,
    /// The shortest time to live among them, in seconds.
    pub ttl: Option<u32>,
}

struct Cursor<'m> {
    message: &'m [u8],
    at: usize,
}

impl<'m> Cursor<'m> {
    fn take(&mut self, n: usize) -> Option<&'m [u8]> {
        let bytes = self.message.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u16> {
        self.take(2).map(|b| u16::from_be_bytes([b[0], b[1]]))
    }

    /// A name as its labels with lengths, in small letters.
    fn name(&mut self) -> Option<Vec<u8>> {
        let (mut out, mut at, mut resume, mut before) = (Vec::new(), self.at, None, self.at);
        loop {
            let length = usize::from(*self.message.get(at)?);
            match length {
                0 => {
                    out.push(0);
                    self.at = resume.unwrap_or(at + 1);
                    return Some(out);
                }
                1..=63 => {
                    out.push(length as u8);
                    out.extend(self.message.get(at + 1..at + 1 + length)?.iter().map(u8::to_ascii_lowercase));
                    at += 1 + length;
                }
                192.. => {
                    resume = resume.or(Some(at + 2));
                    at = (length & 0x3f) << 8 | usize::from(*self.message.get(at + 1)?);
                    // Only ever backwards: so no pointer is followed twice.
                    if at >= before {
                        return None;
                    }
                    before = at;
                }
                _ => return None,
            }
            if out.len() > 255 {
                return None;
            }
        }
    }
}

/// Labels as text (RFC 1035 5.1), without the final dot.
fn text(name: &[u8]) -> String {
    let (mut out, mut rest) = (String::with_capacity(name.len()), name);
    while let [length, tail @ ..] = rest
        && *length > 0
    {
        let (label, after) = tail.split_at(usize::from(*length).min(tail.len()));
        if !out.is_empty() {
            out.push('.');
        }
        for &b in label {
            match b {
                b'.' | b'\\' => out.extend(['\\', char::from(b)]),
                0x21..=0x7e => out.push(char::from(b)),
                _ => write!(out, "\\{b:03}").unwrap_or_default(),
            }
        }
        rest = after;
    }
    if out.is_empty() { ".".into() } else { out }
}

/// The strings of a TXT record, joined as SPF, DKIM and DMARC join them (RFC 7208 3.3).
fn strings(mut data: &[u8]) -> Option<String> {
    let mut all = Vec::with_capacity(data.len());
    while let [length, tail @ ..] = data {
        all.extend(tail.get(..usize::from(*length))?);
        data = &tail[usize::from(*length)..];
    }
    Some(String::from_utf8_lossy(&all).into_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn value(kind: Kind, record: &mut Cursor, data: &[u8]) -> Option<String> {
    Some(match kind {
        Kind::A => Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).to_string(),
        Kind::Aaaa => Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).to_string(),
        Kind::Mx => {
            let preference = record.number()?;
            format!("{preference} {}", text(&record.name()?))
        }
        Kind::Ns => text(&record.name()?),
        Kind::Txt => strings(data)?,
        Kind::Caa => {
            let (&[flags, length], rest) = data.split_first_chunk::<2>()?;
            let (tag, value) = rest.split_at_checked(usize::from(length))?;
            let [tag, value] = [tag, value].map(String::from_utf8_lossy);
            format!("{flags} {} \"{value}\"", tag.to_ascii_lowercase())
        }
        Kind::Tlsa => {
            let (&[usage, selector, matching], rest) = data.split_first_chunk::<3>()?;
            format!("{usage} {selector} {matching} {}", hex(rest))
        }
        Kind::Ds => {
            let (&[t1, t2, algorithm, digest], rest) = data.split_first_chunk::<4>()?;
            format!("{} {algorithm} {digest} {}", u16::from_be_bytes([t1, t2]), hex(rest))
        }
    })
}

/// Reads an answer to the question with this id, name and kind; none if it is no answer to it.
pub fn reply(message: &[u8], id: u16, name: &[u8], kind: Kind) -> Option<Reply> {
    let mut c = Cursor { message, at: 0 };
    let header = c.take(12)?;
    let count = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
    let (flags, questions) = (count(2), count(4));
    if count(0) != id || flags & 0x8000 == 0 || flags & 0x7800 != 0 || questions != 1 {
        return None;
    }
    if c.name()? != name || c.number()? != kind.code() || c.number()? != 1 {
        return None;
    }
    let mut reply = Reply {
        truncated: flags & 0x0200 != 0,
        authentic: flags & 0x0020 != 0,
        rcode: flags & 0x000f,
        answers: Vec::new(),
        aliases: Vec::new(),
        ttl: None,
    };
    if reply.truncated {
        return Some(reply);
    }
    let mut owner = name.to_vec();
    let (answers, others) = (count(6), usize::from(count(8)) + usize::from(count(10)));
    for n in 0..usize::from(answers) + others {
        let at = c.name()?;
        let (code, class) = (c.number()?, c.number()?);
        let ttl = c.take(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))?;
        let length = usize::from(c.number()?);
        let mut record = Cursor { message: message.get(..c.at + length)?, at: c.at };
        let data = c.take(length)?;
        if code == 41 {
            reply.rcode |= (ttl >> 24) as u16 * 16;
        }
        // Answers stand in the order of their aliases (RFC 1034 3.6.2 leads there; every resolver does it).
        if n >= usize::from(answers) || class != 1 || at != owner {
            continue;
        }
        if code == 5 && reply.aliases.len() < ALIASES {
            owner = record.name()?;
            reply.aliases.push(text(&owner));
        } else if code == kind.code() && reply.answers.len() < MOST {
            reply.answers.push(value(kind, &mut record, data)?);
        } else {
            continue;
        }
        reply.ttl = Some(reply.ttl.map_or(ttl, |t| t.min(ttl)));
    }
    reply.answers.sort();
    reply.answers.dedup();
    Some(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(answers: &[(&[u8], u16, &[u8])]) -> Vec<u8> {
        let name = wire("a.example").expect("a name");
        let mut m = query(7, &name, Kind::A, false, false);
        (m[2], m[3], m[7]) = (0x81, 0x80, answers.len() as u8);
        for (owner, code, data) in answers {
            m.extend(*owner);
            m.extend(code.to_be_bytes());
            m.extend([0, 1, 0, 0, 0, 60]);
            m.extend((data.len() as u16).to_be_bytes());
            m.extend(*data);
        }
        m
    }

    fn read(m: &[u8]) -> Option<Reply> {
        reply(m, 7, &wire("A.Example").expect("a name"), Kind::A)
    }

    #[test]
    fn answers_are_read_through_their_aliases() {
        // The alias is written as `b` and a pointer to `example` in the question.
        let m = message(&[(&[0xc0, 12], 5, &[1, b'b', 0xc0, 14]), (&[1, b'b', 0xc0, 14], 1, &[192, 0, 2, 9])]);
        let r = read(&m).expect("an answer");
        assert_eq!((r.answers, r.aliases, r.ttl), (vec!["192.0.2.9".to_string()], vec!["b.example".into()], Some(60)));
        // Of another owner: not an answer.
        let m = message(&[(&[1, b'c', 0], 1, &[192, 0, 2, 9])]);
        assert_eq!(read(&m).map(|r| r.answers), Some(vec![]));
    }

    #[test]
    fn another_question_or_id_is_no_answer() {
        let m = message(&[]);
        assert!(read(&m).is_some());
        assert!(reply(&m, 8, &wire("a.example").expect("a name"), Kind::A).is_none());
        assert!(reply(&m, 7, &wire("b.example").expect("a name"), Kind::A).is_none());
        assert!(reply(&m, 7, &wire("a.example").expect("a name"), Kind::Mx).is_none());
    }

    #[test]
    fn damage_is_no_answer_and_no_panic() {
        // A pointer to itself, one forwards, a record cut off.
        for damaged in [&message(&[(&[0xc0, 27], 1, &[1, 2, 3, 4])])[..], &message(&[(&[0xc0, 99], 1, &[1])])] {
            assert_eq!(read(damaged), None);
        }
        let whole = message(&[(&[0xc0, 12], 5, &[1, b'b', 0xc0, 14]), (&[0xc0, 12], 16, &[3, b'a'])]);
        let mut seed = 1u64;
        for _ in 0..100_000 {
            let mut m = whole.clone();
            for _ in 0..3 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (seed >> 33) as usize % m.len();
                m[at] = (seed >> 20) as u8;
            }
            m.truncate((seed >> 40) as usize % (m.len() + 1));
            let _ = read(&m);
        }
    }

    #[test]
    fn names_have_their_bounds() {
        assert!(wire(&format!("{}.example", "a".repeat(63))).is_some());
        for bad in ["", ".", "a..b", &format!("{}.example", "a".repeat(64)), &"a.".repeat(128), "a b.example", "é.fr"]
        {
            assert_eq!(wire(bad), None, "{bad}");
        }
    }
}
