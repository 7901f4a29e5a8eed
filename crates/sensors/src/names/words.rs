//! The vocabulary: what a word does in a name, and taking a token apart into such words.
//!
//! You may rely on: a token is *covered* only when every letter of it belongs to a word. Left out: what the words
//! beside a protected name are worth (`score.rs`).

use knowledge::names::Names;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a: the words are ours and short, nobody can choose them to collide.
#[derive(Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    }
}

type Words<V> = HashMap<Vec<u8>, V, BuildHasherDefault<Fnv>>;

/// What a word does in a name; a set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Role(pub u16);

impl Role {
    /// What one logs into: `webmail`.
    pub const SERVICE: Role = Role(1);
    /// What one is asked to do: `verify`.
    pub const ACTION: Role = Role(2);
    /// What stands beside a party's or an outlet's name: `2017`, `news`.
    pub const CAMPAIGN: Role = Role(4);
    /// A place or a top-level label.
    pub const PLACE: Role = Role(8);
    /// Carries nothing.
    pub const GLUE: Role = Role(16);
    /// A service's own name.
    pub const BRAND: Role = Role(32);
    /// Digits.
    pub const NUMBER: Role = Role(64);
    /// In no list.
    pub const UNKNOWN: Role = Role(128);
    /// `www`, `http`, `com`, …: what stands around a name's dots.
    pub const DOTS: Role = Role(256);

    /// Both.
    pub fn with(self, other: Role) -> Role {
        Role(self.0 | other.0)
    }

    /// Whether any of these is among them.
    pub fn any(self, of: Role) -> bool {
        self.0 & of.0 != 0
    }
}

/// Longest word.
const MOST: usize = 24;

/// The words and what they do.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    roles: Words<Role>,
    common: Words<()>,
}

impl Vocabulary {
    /// Of the shipped knowledge.
    pub fn new(data: &Names) -> Vocabulary {
        let mut v = Vocabulary::default();
        let w = &data.words;
        for (list, role) in [
            (&w.service, Role::SERVICE),
            (&w.action, Role::ACTION),
            (&w.campaign, Role::CAMPAIGN),
            (&w.place, Role::PLACE),
            (&w.glue, Role::GLUE),
        ] {
            list.iter().for_each(|word| v.add(word, role));
        }
        for service in &data.service {
            service.words.iter().chain(&service.common).for_each(|word| v.add(word, Role::BRAND));
        }
        for word in ["www", "http", "https", "com"] {
            v.add(word, Role::DOTS);
        }
        v.common = w.common.iter().map(|word| (word.clone().into_bytes(), ())).collect();
        v
    }

    fn add(&mut self, word: &str, role: Role) {
        let old = self.roles.entry(word.as_bytes().to_vec()).or_default();
        *old = old.with(role);
    }

    /// Whether a word is one of every day.
    pub fn is_common(&self, word: &[u8]) -> bool {
        let role = self.roles.get(word).copied().unwrap_or_default();
        self.common.contains_key(word)
            || role.any(Role::SERVICE.with(Role::ACTION).with(Role::CAMPAIGN).with(Role::PLACE).with(Role::GLUE))
    }

    /// The words that open or close a decoy's label: what one logs into and what one is asked to do.
    pub fn affixes(&self) -> Vec<&[u8]> {
        let roles = Role::SERVICE.with(Role::ACTION).with(Role::BRAND).with(Role::DOTS);
        let mut words: Vec<&[u8]> =
            self.roles.iter().filter(|(w, r)| w.len() >= 3 && r.any(roles)).map(|(w, _)| w.as_slice()).collect();
        words.sort_unstable();
        words
    }

    /// What one word does.
    pub fn role(&self, word: &[u8]) -> Role {
        if let Some(&role) = self.roles.get(word) {
            return role;
        }
        if !word.is_empty() && word.iter().all(u8::is_ascii_digit) {
            return Role::NUMBER;
        }
        let single = word.strip_suffix(b"s").filter(|w| w.len() > 3).and_then(|w| self.roles.get(w));
        single.copied().unwrap_or(Role::UNKNOWN)
    }

    /// What a token's words do, when words cover all of it; else [`Role::UNKNOWN`]. Few words before many, so that
    /// `portail` is not `port` and `ail`.
    pub fn roles(&self, token: &[u8]) -> Role {
        if token.is_empty() {
            return Role::default();
        }
        let n = token.len().min(64);
        let mut best: [Option<(u8, Role)>; 65] = [None; 65];
        best[0] = Some((0, Role::default()));
        for end in 1..=n {
            for start in end.saturating_sub(MOST)..end {
                let Some((words, roles)) = best[start] else { continue };
                let role = self.role(&token[start..end]);
                // A single letter is a word only when it is the whole token.
                let whole = start == 0 && end == n;
                if role == Role::UNKNOWN || (end - start < 2 && !whole && role != Role::NUMBER) {
                    continue;
                }
                if best[end].is_none_or(|(w, _)| words + 1 < w) {
                    best[end] = Some((words + 1, roles.with(role)));
                }
            }
        }
        match best[n] {
            Some((_, roles)) if token.len() <= 64 => roles,
            _ => Role::UNKNOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_taken_apart() {
        let v = Vocabulary::new(&Names::embedded());
        assert!(v.roles(b"webmaillogin").any(Role::SERVICE));
        assert_eq!(v.roles(b"nordique"), Role::UNKNOWN);
        assert_eq!(v.roles(b"loginnordique"), Role::UNKNOWN);
        assert_eq!(v.roles(b"4711"), Role::NUMBER);
        assert!(v.roles(b"2017").any(Role::CAMPAIGN));
    }
}
