//! Which protected texts a label may resemble: equal to one or one edit from it as a whole, as one token or two beside
//! each other, or beside a word of logging in; or holding one anywhere.
//!
//! You may rely on: no loop over what is protected; everything `technique::compare` accepts in those places is found.
//! Left out: whether what is found means anything (`kernel.rs`): hashes may collide, and shared variants are no proof.

use super::index::{Index, Sums};
use super::lexicon::Vocabulary;
use super::technique::{Folded, fold, look, looks};
use super::things::{Kind, Things};

/// Texts shorter than this are not looked for from one edit away.
const NEAR: usize = 3;
/// Texts this short within others are chance, unless hyphens set them off or words stand beside them.
pub const SHORT: usize = 4;
/// Characters by which a text is first looked for within others.
const GRAM: usize = 4;
/// Characters by which it is looked for next.
const PREFIX: usize = 8;

/// A protected text that a part of a folded label may resemble.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Which.
    pub alias: u32,
    /// Where the part begins.
    pub start: u8,
    /// Where it ends.
    pub end: u8,
}

/// Room that is used again from label to label.
#[derive(Clone, Debug, Default)]
pub struct Room {
    sums: Sums,
    plain: Vec<u8>,
    /// What was found.
    pub hits: Vec<Hit>,
}

/// All protected texts, ready to be found.
pub struct Finder {
    whole: Index,
    /// The alias of each key of `whole`.
    keys: Vec<u32>,
    inside: Inside,
    /// Words that open or close a decoy's label, folded.
    affixes: Index,
    opening: Bits,
    closing: Bits,
}

impl Finder {
    /// Of all aliases, in their order.
    pub fn new(all: &Things, vocabulary: &Vocabulary) -> Finder {
        let Things { aliases, things, .. } = all;
        let mut keys: Vec<(Vec<u8>, u32)> = Vec::new();
        let mut inner: Vec<(Vec<u8>, u32)> = Vec::new();
        for (n, alias) in aliases.iter().enumerate() {
            let mut forms = vec![alias.key.clone(), looks(&alias.plain), fold(&alias.written)];
            forms.dedup();
            let inside = alias.plain.len() > SHORT || alias.is_short_label(&things[alias.thing as usize]);
            if inside && !matches!(alias.kind, Kind::OwnLabel | Kind::Initial) {
                inner.extend(forms.iter().filter(|f| f.len() >= GRAM).map(|f| (f.clone(), n as u32)));
            }
            keys.extend(forms.into_iter().map(|f| (f, n as u32)));
        }
        let affixes: Vec<Vec<u8>> = vocabulary.affixes().into_iter().map(fold).filter(|a| a.len() >= 3).collect();
        Finder {
            whole: Index::new(keys.iter().map(|(k, _)| k.as_slice()), NEAR),
            keys: keys.into_iter().map(|(_, n)| n).collect(),
            inside: Inside::new(inner),
            opening: Bits::new(15, affixes.iter().map(|a| three(a, 0))),
            closing: Bits::new(15, affixes.iter().map(|a| three(a, a.len() - 3))),
            affixes: Index::new(affixes.iter().map(Vec::as_slice), usize::MAX),
        }
    }

    /// Finds them in a label; with typing errors where `edits`.
    pub fn find(&self, folded: &Folded, edits: bool, room: &mut Room) {
        let Room { sums, plain, hits } = room;
        hits.clear();
        let text = folded.folded();
        let n = text.len();
        if n < 2 {
            return;
        }
        sums.set(text);
        self.near(sums, 0, n, edits, |alias| hits.push(Hit { alias, start: 0, end: n as u8 }));
        self.inside.find(text, sums, |alias, start, end| {
            if start > 0 || end < n {
                hits.push(Hit { alias, start: start as u8, end: end as u8 });
            }
        });
        let mut near = |start: usize, end: usize| {
            self.near(sums, start, end, edits, |alias| hits.push(Hit { alias, start: start as u8, end: end as u8 }));
        };
        // One token, or two beside each other, of several.
        if let cuts @ [_, _, _, ..] = folded.cuts() {
            cuts.windows(2).for_each(|c| near(c[0] as usize, c[1] as usize));
            if cuts.len() > 3 {
                cuts.windows(3).for_each(|c| near(c[0] as usize, c[2] as usize));
            }
        }
        if !edits {
            return;
        }
        // A typing error beside a word of logging in.
        let longest = n.saturating_sub(NEAR).min(14);
        let is_affix = |start, end| {
            let mut known = false;
            self.affixes.get(sums.part(start, end), |_| known = true);
            known
        };
        if longest >= 3 && self.opening.has(three(text, 0)) {
            (3..longest).filter(|&cut| is_affix(0, cut)).for_each(|cut| near(cut, n));
        }
        if longest >= 3 && self.closing.has(three(text, n - 3)) {
            (3..longest).filter(|&cut| is_affix(n - cut, n)).for_each(|cut| near(0, n - cut));
        }
        // A typing error may have put two letters together that look like one, a second change: look at each by itself.
        if folded.is_merged() {
            plain.clear();
            plain.extend(folded.plain().iter().map(|&b| look(b)));
            sums.set(plain);
            let mut hit = |key: u32| hits.push(Hit { alias: self.keys[key as usize], start: 0, end: n as u8 });
            self.whole.get(sums.part(0, plain.len()), &mut hit);
            for out in folded.merged().flat_map(|at| at.saturating_sub(2)..(at + 2).min(plain.len())) {
                self.whole.get(sums.without(0, plain.len(), out), &mut hit);
            }
        }
    }

    /// Visits the aliases that a part of a text is, or shares a variant with.
    #[inline]
    fn near(&self, sums: &Sums, start: usize, end: usize, edits: bool, mut each: impl FnMut(u32)) {
        let n = end.saturating_sub(start);
        if n < self.whole.lengths.0.max(2) || n > self.whole.lengths.1 {
            return;
        }
        let mut hit = |key: u32| each(self.keys[key as usize]);
        self.whole.get(sums.part(start, end), &mut hit);
        if edits && n >= NEAR {
            for out in start..end {
                self.whole.get(sums.without(start, end, out), &mut hit);
            }
        }
    }
}

/// A set of small numbers.
struct Bits {
    bits: Vec<u64>,
}

impl Bits {
    fn new(log: u32, all: impl Iterator<Item = u32>) -> Bits {
        let mut bits = vec![0; 1 << (log - 6)];
        all.for_each(|n| bits[n as usize / 64] |= 1 << (n % 64));
        Bits { bits }
    }

    #[inline]
    fn has(&self, n: u32) -> bool {
        self.bits[n as usize / 64] & (1 << (n % 64)) != 0
    }
}

/// Three characters in 15 bits; some share their number.
#[inline]
fn three(text: &[u8], at: usize) -> u32 {
    let bit = |i: usize| u32::from(text[at + i] & 31);
    bit(0) << 10 | bit(1) << 5 | bit(2)
}

/// Four characters in 18 bits; some share their number.
#[inline]
fn four(text: &[u8], at: usize) -> u32 {
    let gram = u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]);
    gram.wrapping_mul(0x9e37_79b1) >> 14
}

/// Finds keys anywhere in a text by what they begin with: four characters say no at nearly every place.
struct Inside {
    grams: Bits,
    /// The first [`PREFIX`] characters of each key, or all of it.
    prefixes: Index,
    /// Hash, length and alias of each key.
    keys: Vec<(u64, u8, u32)>,
    /// Bit n: some key is looked for by n characters.
    lengths: u16,
}

impl Inside {
    fn new(keys: Vec<(Vec<u8>, u32)>) -> Inside {
        let mut sums = Sums::default();
        let prefix = |key: &[u8]| key.len().min(PREFIX);
        Inside {
            grams: Bits::new(18, keys.iter().map(|(key, _)| four(key, 0))),
            prefixes: Index::new(keys.iter().map(|(key, _)| &key[..prefix(key)]), usize::MAX),
            lengths: keys.iter().fold(0, |all, (key, _)| all | 1 << prefix(key)),
            keys: keys
                .iter()
                .map(|(key, alias)| {
                    sums.set(key);
                    (sums.part(0, key.len()), key.len() as u8, *alias)
                })
                .collect(),
        }
    }

    #[inline]
    fn find(&self, text: &[u8], sums: &Sums, mut hit: impl FnMut(u32, usize, usize)) {
        for start in 0..(text.len() + 1).saturating_sub(GRAM) {
            if !self.grams.has(four(text, start)) {
                continue;
            }
            for n in (GRAM..=PREFIX).filter(|n| self.lengths >> n & 1 == 1 && start + n <= text.len()) {
                self.prefixes.get(sums.part(start, start + n), |key| {
                    let (hash, length, alias) = self.keys[key as usize];
                    let end = start + length as usize;
                    if end <= text.len() && sums.part(start, end) == hash {
                        hit(alias, start, end);
                    }
                });
            }
        }
    }
}
