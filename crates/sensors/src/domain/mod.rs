//! A name as it came → its canonical text (lower case, A-labels, no final dot), its labels, its public suffix, and
//! what the eye reads in it: a UTS #39 skeleton in ASCII.
//!
//! You may rely on: no allocation for plain names once the room has grown; every refusal has its reason ([`Damage`]).
//! Left out: judging. The public suffix list is `knowledge::suffixes`, private section included.

pub mod punycode;

use std::ops::Range;

/// Why a text is no name that can be judged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Damage {
    /// Nothing there.
    Empty,
    /// Longer than 253 bytes (RFC 1035 2.3.4).
    LongName,
    /// A label longer than 63 bytes.
    LongLabel,
    /// Two dots beside each other.
    EmptyLabel,
    /// A byte that stands in no name.
    Character,
    /// Not UTF-8.
    Encoding,
    /// An address, not a name.
    Address,
    /// One label only, or a public suffix itself.
    NoDomain,
}

impl Damage {
    /// The reason of the skip.
    pub fn reason(self) -> &'static str {
        match self {
            Damage::Empty => "empty name",
            Damage::LongName => "name longer than 253 bytes",
            Damage::LongLabel => "label longer than 63 bytes",
            Damage::EmptyLabel => "empty label",
            Damage::Character => "character that stands in no name",
            Damage::Encoding => "name is not UTF-8",
            Damage::Address => "an address, not a name",
            Damage::NoDomain => "no registrable domain",
        }
    }
}

/// Whether any first label would make a public suffix of this one.
fn below_wildcard(suffix: &[u8]) -> bool {
    let Some(dot) = memchr::memchr(b'.', suffix) else { return false };
    // No label begins so.
    let other = [b"-", &suffix[dot..]].concat();
    knowledge::suffixes::suffix(&other).is_some_and(|s| s.as_bytes().len() == other.len())
}

/// Labels a name can have.
const LABELS: usize = 127;

/// A name taken apart; its room is used again for the next one.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Canonical text.
    text: Vec<u8>,
    /// What the eye reads, label by label, as long as it is ASCII; `?` where it is not. Empty when it is `text`.
    seen: Vec<u8>,
    /// Ends of the labels in `text`.
    ends: [u8; LABELS],
    /// Ends of the labels in `seen`.
    seen_ends: [u8; LABELS],
    labels: usize,
    /// Labels of the public suffix.
    suffix: usize,
    /// The suffix is one of those that private parties give names under.
    pub private: bool,
    /// Some label is not ASCII.
    pub international: bool,
    /// Letters of several scripts within one label (UTS #39 5.1).
    pub mixed: bool,
    /// Characters without width or that turn the direction of writing stood in it.
    pub hidden: bool,
    /// A label begins with `xn--` and does not decode.
    pub invalid_punycode: bool,
}

impl Default for Parts {
    fn default() -> Parts {
        Parts {
            text: Vec::with_capacity(256),
            seen: Vec::new(),
            ends: [0; LABELS],
            seen_ends: [0; LABELS],
            labels: 0,
            suffix: 0,
            private: false,
            international: false,
            mixed: false,
            hidden: false,
            invalid_punycode: false,
        }
    }
}

impl Parts {
    /// Takes a name apart.
    pub fn set(&mut self, raw: &[u8]) -> Result<(), Damage> {
        (self.international, self.mixed, self.hidden, self.invalid_punycode) = (false, false, false, false);
        self.seen.clear();
        self.text.clear();
        let mut raw = raw.trim_ascii();
        raw = raw.strip_prefix(b"*").unwrap_or(raw);
        raw = raw.strip_prefix(b".").unwrap_or(raw);
        raw = raw.strip_suffix(b".").unwrap_or(raw);
        if raw.is_empty() {
            return Err(Damage::Empty);
        }
        if raw.len() > 1024 {
            return Err(Damage::LongName);
        }
        // Bit 5 makes capital letters small and leaves digits, `-` and `.` as they are.
        let mut kinds = 0u8;
        self.text.extend(raw.iter().map(|&b| {
            let kind = KIND[b as usize];
            kinds |= kind;
            if kind & UPPER != 0 { b | 0x20 } else { b }
        }));
        if kinds & WIDE != 0 {
            let text = std::str::from_utf8(raw).map_err(|_| Damage::Encoding)?;
            let lower = text.to_lowercase();
            self.wide(&lower)?;
        } else if kinds & OTHER != 0 {
            // Reports write `example[.]com` so that nobody clicks.
            if memchr::memmem::find(raw, b"[.]").is_some() {
                let bare: Vec<u8> = raw.iter().copied().filter(|b| !matches!(b, b'[' | b']')).collect();
                return self.set(&bare);
            }
            return Err(if raw.contains(&b':') { Damage::Address } else { Damage::Character });
        }
        if self.cut()? {
            self.decode();
        }
        let Some(suffix) = knowledge::suffixes::suffix(&self.text) else { return Err(Damage::NoDomain) };
        self.private = suffix.is_known() && suffix.typ() == Some(knowledge::suffixes::Type::Private);
        let suffix = suffix.as_bytes();
        self.suffix = 1 + memchr::memchr_iter(b'.', suffix).count();
        if self.suffix >= self.labels && self.private && self.labels > 2 && below_wildcard(&self.text) {
            // A service gives every customer a suffix of his own (`*.r.appspot.com`): he is its first label.
            self.suffix = self.labels - 1;
        }
        if self.suffix >= self.labels {
            return Err(Damage::NoDomain);
        }
        if suffix.len() <= 3
            && suffix.iter().all(u8::is_ascii_digit)
            && self.text.iter().all(|b| matches!(b, b'0'..=b'9' | b'.'))
        {
            return Err(Damage::Address);
        }
        Ok(())
    }

    /// Takes a name apart that somebody protects. A public suffix of several labels (`gouv.fr`) has an owner as well and
    /// is taken for a domain; says whether it is one.
    pub fn set_protected(&mut self, raw: &[u8]) -> Result<bool, Damage> {
        match self.set(raw) {
            Ok(()) => Ok(false),
            Err(Damage::NoDomain) if self.labels > 1 => {
                self.suffix = self.labels - 1;
                Ok(true)
            }
            Err(damage) => Err(damage),
        }
    }

    /// Finds the labels' ends; says whether some label is an A-label.
    fn cut(&mut self) -> Result<bool, Damage> {
        if self.text.len() > 253 {
            return Err(Damage::LongName);
        }
        let (mut start, mut n, mut encoded) = (0, 0, false);
        for end in memchr::memchr_iter(b'.', &self.text).chain([self.text.len()]) {
            match end - start {
                0 => return Err(Damage::EmptyLabel),
                64.. => return Err(Damage::LongLabel),
                _ => {}
            }
            encoded |= self.text[start..end].starts_with(b"xn--");
            self.ends[n] = end as u8;
            (start, n) = (end + 1, n + 1);
        }
        self.labels = n;
        Ok(encoded)
    }

    /// Text with characters beyond ASCII: hidden ones leave, every label becomes its A-label.
    fn wide(&mut self, lower: &str) -> Result<(), Damage> {
        self.text.clear();
        let dots = ['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'];
        for (n, label) in lower.split(dots).enumerate() {
            if n >= LABELS {
                return Err(Damage::LongName);
            }
            if n > 0 {
                self.text.push(b'.');
            }
            let mut chars: Vec<char> = Vec::with_capacity(label.len());
            for c in label.chars() {
                match c {
                    '\u{ad}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{2069}'
                    | '\u{feff}' => self.hidden = true,
                    // Full-width forms are the same letter to every resolver (UTS #46).
                    '\u{ff01}'..='\u{ff5e}' => chars.push((c as u32 - 0xfee0) as u8 as char),
                    _ if c.is_control() || c.is_whitespace() => return Err(Damage::Character),
                    _ => chars.push(c),
                }
            }
            chars.iter_mut().for_each(|c| *c = c.to_ascii_lowercase());
            if chars.iter().all(char::is_ascii) {
                if !chars.iter().all(|&c| KIND[c as usize] & OTHER == 0) {
                    return Err(Damage::Character);
                }
                self.text.extend(chars.iter().map(|&c| c as u8));
            } else {
                let code = punycode::encode(&chars).ok_or(Damage::LongLabel)?;
                self.text.extend_from_slice(b"xn--");
                self.text.extend_from_slice(code.as_bytes());
            }
        }
        Ok(())
    }

    /// Reads what A-labels show.
    fn decode(&mut self) {
        let mut seen = std::mem::take(&mut self.seen);
        for n in 0..self.labels {
            if n > 0 {
                seen.push(b'.');
            }
            let label = self.label(n);
            match label.strip_prefix(b"xn--").map(punycode::decode) {
                Some(Some(chars)) => {
                    let text: String = chars.iter().collect();
                    use unicode_security::MixedScript as _;
                    self.mixed |= !text.as_str().is_single_script();
                    self.international = true;
                    skeleton(&chars, &mut seen);
                }
                Some(None) => {
                    self.invalid_punycode = true;
                    seen.extend_from_slice(&self.text[self.range(n)]);
                }
                None => seen.extend_from_slice(&self.text[self.range(n)]),
            }
            seen.truncate(250);
            self.seen_ends[n] = seen.len() as u8;
        }
        self.seen = seen;
    }

    fn range(&self, n: usize) -> Range<usize> {
        let start = if n == 0 { 0 } else { self.ends[n - 1] as usize + 1 };
        start..self.ends[n] as usize
    }

    /// The canonical text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or("")
    }

    /// How many labels there are.
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// The place of the label that was registered.
    pub fn registered(&self) -> usize {
        self.labels - self.suffix - 1
    }

    /// One label of the canonical text.
    pub fn label(&self, n: usize) -> &[u8] {
        &self.text[self.range(n)]
    }

    /// One label as the eye reads it.
    pub fn seen(&self, n: usize) -> &[u8] {
        if self.seen.is_empty() {
            return self.label(n);
        }
        let end = self.seen_ends[n] as usize;
        let start = if n == 0 { 0 } else { self.seen_ends[n - 1] as usize + 1 };
        &self.seen[start.min(end)..end]
    }

    /// The public suffix.
    pub fn suffix(&self) -> &[u8] {
        &self.text[self.range(self.labels - self.suffix).start..]
    }

    /// The last label.
    pub fn last(&self) -> &[u8] {
        self.label(self.labels - 1)
    }

    /// The registrable domain.
    pub fn domain(&self) -> &str {
        self.text().get(self.range(self.registered()).start..).unwrap_or("")
    }

    /// The name as a browser may show it, where that differs.
    pub fn shown(&self) -> Option<String> {
        if !self.international {
            return None;
        }
        let show = |n| {
            let label = self.label(n);
            match label.strip_prefix(b"xn--").and_then(punycode::decode) {
                Some(chars) => chars.into_iter().collect(),
                None => String::from_utf8_lossy(label).into_owned(),
            }
        };
        Some((0..self.labels).map(show).collect::<Vec<String>>().join("."))
    }
}

/// The registrable domain of a name, in the form in which the name was written (A-labels or not); none for a public
/// suffix, a damaged name, or one that begins with a dot.
pub fn registrable(name: &str) -> Option<String> {
    thread_local! {
        static ROOM: std::cell::RefCell<Parts> = std::cell::RefCell::default();
    }
    ROOM.with_borrow_mut(|parts| {
        if name.starts_with('.') || parts.set(name.as_bytes()).is_err() {
            return None;
        }
        match parts.shown().filter(|_| !name.is_ascii()) {
            Some(shown) => Some(shown.split('.').skip(parts.registered()).collect::<Vec<_>>().join(".")),
            None => Some(parts.domain().into()),
        }
    })
}

/// The ASCII letters the eye takes these characters for: each character's prototype (UTS #39 4), without accents.
pub fn skeleton(chars: &[char], out: &mut Vec<u8>) {
    for &c in chars {
        if c.is_ascii() {
            out.push(c as u8);
            continue;
        }
        let before = out.len();
        let mut text = [0; 4];
        for s in unicode_security::skeleton(c.encode_utf8(&mut text)) {
            match s {
                s if s.is_ascii() => out.push(s.to_ascii_lowercase() as u8),
                // Combining marks: accents over a letter.
                '\u{300}'..='\u{36f}' => {}
                'ı' | 'ɩ' | 'ι' => out.push(b'i'),
                'ɑ' | 'α' => out.push(b'a'),
                'ƅ' => out.push(b'b'),
                'к' | 'κ' | 'ĸ' => out.push(b'k'),
                'т' | 'τ' => out.push(b't'),
                'н' | 'ʜ' => out.push(b'h'),
                'м' => out.push(b'm'),
                'в' | 'ʙ' => out.push(b'b'),
                'п' | 'η' | 'ո' => out.push(b'n'),
                'и' => out.push(b'u'),
                'ɡ' | 'ɢ' => out.push(b'g'),
                'ſ' => out.push(b'f'),
                'ɛ' | 'є' | 'ε' => out.push(b'e'),
                'ʀ' | 'г' => out.push(b'r'),
                'ɴ' => out.push(b'n'),
                'ω' | 'ѡ' | 'ш' => out.push(b'w'),
                'λ' => {}
                _ => {}
            }
        }
        if out.len() == before {
            out.push(b'?');
        }
    }
}

/// A capital letter.
const UPPER: u8 = 1;
/// Beyond ASCII.
const WIDE: u8 = 2;
/// Stands in no name.
const OTHER: u8 = 4;

/// What each byte is.
const KIND: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        kinds[b] = match b as u8 {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => 0,
            0x80.. => WIDE,
            _ => OTHER,
        };
        b += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> Result<Parts, Damage> {
        let mut parts = Parts::default();
        parts.set(raw.as_bytes()).map(|()| parts)
    }

    #[test]
    fn names_are_taken_apart() {
        let p = parts("*.Login.En-Marche.FR.").expect("a name");
        assert_eq!((p.text(), p.domain(), p.registered()), ("login.en-marche.fr", "en-marche.fr", 1));
        assert_eq!(parts("kiosque[.]fr").expect("a name").domain(), "kiosque.fr");
        assert_eq!(parts("a.b.github.io").expect("a name").domain(), "b.github.io");
    }

    #[test]
    fn international_names_show_what_the_eye_reads() {
        for raw in ["еn-mаrche.fr", "xn--n-mrche-4fg5b.fr"] {
            let p = parts(raw).expect("a name");
            assert_eq!((p.domain(), p.seen(0)), ("xn--n-mrche-4fg5b.fr", b"en-marche".as_slice()), "{raw}");
            assert!(p.mixed && p.international);
        }
        assert_eq!(
            parts("en-marche\u{202e}.fr").map(|p| (p.domain().to_string(), p.hidden)),
            Ok(("en-marche.fr".into(), true))
        );
        assert!(parts("xn--99999999999.fr").expect("a name").invalid_punycode);
    }

    #[test]
    fn damage_has_its_reason() {
        let long = "a".repeat(64);
        let name = format!("{}.fr", "a.".repeat(130));
        for (raw, damage) in [
            ("", Damage::Empty),
            ("10.0.0.1", Damage::Address),
            ("2001:db8::1", Damage::Address),
            ("fr", Damage::NoDomain),
            ("co.uk", Damage::NoDomain),
            ("a..fr", Damage::EmptyLabel),
            ("a b.fr", Damage::Character),
            (&format!("{long}.fr"), Damage::LongLabel),
            (&name, Damage::LongName),
        ] {
            assert_eq!(parts(raw).err(), Some(damage), "{raw}");
        }
        assert_eq!(Parts::default().set(b"\xff.fr"), Err(Damage::Encoding));
    }
}
