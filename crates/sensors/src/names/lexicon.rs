//! The vocabulary: what a word does in a name, and taking a token apart into such words.
//!
//! You may rely on: a token is *covered* only when every letter of it belongs to a word. Left out: what the words
//! beside a protected name are worth (`score.rs`).

use super::index::{Index, MOST, Sums};
use super::technique::fold;
use knowledge::names::Names;
use std::collections::BTreeMap;

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
    /// A word of every day, whatever else it does.
    pub const COMMON: Role = Role(512);
    /// A service's own name that is no other word.
    pub const ALONE: Role = Role(1024);

    /// Both.
    pub fn with(self, other: Role) -> Role {
        Role(self.0 | other.0)
    }

    /// These without those.
    pub fn without(self, other: Role) -> Role {
        Role(self.0 & !other.0)
    }

    /// Whether any of these is among them.
    pub fn any(self, of: Role) -> bool {
        self.0 & of.0 != 0
    }
}

/// Longest word.
const LONGEST: usize = 24;
/// Words this short are met by chance within others: they count at the ends of a label only.
const SHORT: usize = 3;

/// The words and what they do.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: Vec<(Vec<u8>, Role)>,
    index: Index,
    /// Words of logging in as the eye reads them, found from one edit away too.
    misspelt: Index,
}

impl Vocabulary {
    /// Of the shipped knowledge.
    pub fn new(data: &Names) -> Vocabulary {
        let mut all: BTreeMap<Vec<u8>, Role> = BTreeMap::new();
        let mut add = |list: &[String], role: Role| {
            for word in list {
                let old = all.entry(word.as_bytes().to_vec()).or_default();
                *old = old.with(role);
            }
        };
        let w = &data.words;
        add(&w.service, Role::SERVICE);
        add(&w.action, Role::ACTION);
        add(&w.campaign, Role::CAMPAIGN);
        add(&w.place, Role::PLACE);
        add(&w.glue, Role::GLUE);
        add(&w.common, Role::COMMON);
        for service in &data.service {
            add(&service.words, Role::BRAND.with(Role::ALONE));
            add(&service.common, Role::BRAND);
        }
        add(&["www", "http", "https", "com"].map(String::from), Role::DOTS);
        let plurals: Vec<(Vec<u8>, Role)> = all
            .iter()
            .filter(|(word, _)| word.len() > SHORT && !word.ends_with(b"s"))
            .map(|(word, role)| ([word.as_slice(), b"s"].concat(), role.without(Role::ALONE.with(Role::COMMON))))
            .filter(|(_, role)| *role != Role::default())
            .collect();
        let mut v = Vocabulary { words: all.into_iter().collect(), ..Vocabulary::default() };
        let misspelt: Vec<Vec<u8>> = v.affixes().into_iter().map(fold).collect();
        v.misspelt = Index::new(misspelt.iter().map(Vec::as_slice), 6);
        for (word, role) in plurals {
            if v.role(&word) == Role::default() {
                v.words.push((word, role));
            }
        }
        v.words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        v.index = Index::new(v.words.iter().map(|(word, _)| word.as_slice()), usize::MAX);
        v
    }

    /// What one word does; nothing where it is in no list.
    fn role(&self, word: &[u8]) -> Role {
        self.words.iter().find(|(w, _)| w == word).map_or(Role::default(), |(_, role)| *role)
    }

    /// What the word of this hash does.
    fn of(&self, hash: u64) -> Role {
        let mut role = Role::default();
        self.index.get(hash, |n| role = role.with(self.words[n as usize].1));
        role
    }

    /// What one whole word does.
    fn whole(&self, word: &[u8]) -> Role {
        let mut sums = Sums::default();
        sums.set(word);
        self.of(sums.part(0, word.len().min(MOST)))
    }

    /// Whether a word is one of every day.
    pub fn is_common(&self, word: &[u8]) -> bool {
        self.whole(word).without(Role::BRAND.with(Role::ALONE).with(Role::DOTS)) != Role::default()
    }

    /// The words that open or close a decoy's label: what one logs into and what one is asked to do.
    pub fn affixes(&self) -> Vec<&[u8]> {
        let roles = Role::SERVICE.with(Role::ACTION).with(Role::BRAND).with(Role::DOTS);
        self.words.iter().filter(|(w, r)| w.len() >= 3 && r.any(roles)).map(|(w, _)| w.as_slice()).collect()
    }

    /// Whether a token is one edit away from a word of logging in: decoys misspell those as well.
    pub fn is_misspelt(&self, token: &[u8]) -> bool {
        let folded = fold(token);
        let n = folded.len();
        if !(5..=20).contains(&n) {
            return false;
        }
        let mut sums = Sums::default();
        sums.set(&folded);
        let mut found = false;
        self.misspelt.get(sums.part(0, n), |_| found = true);
        (0..n).for_each(|out| self.misspelt.get(sums.without(0, n, out), |_| found = true));
        found
    }

    /// What a token's words do, when words cover all of it; else [`Role::UNKNOWN`]. Few words before many, so that
    /// `portail` is not `port` and `ail`.
    pub fn roles(&self, token: &[u8]) -> Role {
        let n = token.len();
        if n > MOST {
            return Role::UNKNOWN;
        }
        let mut sums = Sums::default();
        sums.set(token);
        let mut best: [Option<(u8, Role)>; MOST + 1] = [None; MOST + 1];
        best[0] = Some((0, Role::default()));
        for start in 0..n {
            let Some((words, roles)) = best[start] else { continue };
            let digits = token[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            for length in 1..=LONGEST.max(digits).min(n - start) {
                let end = start + length;
                let mut role = self.of(sums.part(start, end)).without(Role::COMMON.with(Role::ALONE));
                // A single letter is a word only when it is the whole token.
                if length < 2 && length < n {
                    role = Role::default();
                }
                if role == Role::default() && length <= digits {
                    role = Role::NUMBER;
                }
                if role != Role::default() && best[end].is_none_or(|(w, _)| words + 1 < w) {
                    best[end] = Some((words + 1, roles.with(role)));
                }
            }
        }
        best[n].map_or(Role::UNKNOWN, |(_, roles)| roles)
    }

    /// How many letters of a label belong to no word: what makes it its owner's alone. None of `enmarche`, all of a
    /// made-up name. Digits are nobody's.
    pub fn own_letters(&self, label: &[u8]) -> usize {
        let n = label.len().min(MOST);
        let mut sums = Sums::default();
        sums.set(label);
        if self.of(sums.part(0, n)).any(Role::ALONE) {
            return n;
        }
        let mut least = [usize::MAX; MOST + 1];
        least[0] = 0;
        for start in 0..n {
            let so_far = least[start];
            let letter = usize::from(!label[start].is_ascii_digit());
            least[start + 1] = least[start + 1].min(so_far + letter);
            for length in 2..=LONGEST.min(n - start) {
                let end = start + length;
                if (length > SHORT || start == 0 || end == n) && self.of(sums.part(start, end)) != Role::default() {
                    least[end] = least[end].min(so_far);
                }
            }
        }
        least[n]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nobodys_word_is_the_owners() {
        let v = Vocabulary::new(&Names::embedded());
        for (label, own) in [("enmarche", 0), ("lemonde", 0), ("france24", 0), ("kervoldan", 9), ("microsoft", 9)] {
            assert_eq!(v.own_letters(label.as_bytes()), own, "{label}");
        }
        assert!(v.is_common(b"monde") && !v.is_common(b"kervoldan"));
    }

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
