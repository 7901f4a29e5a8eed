//! A collection of texts made ready: each different text once, as its words and stems, and how much surprise each stem
//! and each gram carries in this very collection. Texts are in the order of their hashes, never of the files they came
//! from, so that whatever is done in this order does not depend on the files'.
//!
//! You may rely on: the words, 5 bytes a stem and 20 bytes more of each *different* text stay in memory, and 24 bytes
//! of every text; 8 MiB of weights beside them.
//! Left out: languages and dictionaries: what is rare is learnt from the collection and, where that is small, from
//! length and a short list of function words.

use super::normalise::{Scratch, normalise};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Places of a table of counts, for each text and at most. Two stems that share one count as one: their surprise is
/// told too low, never too high.
const COUNTS: usize = 1 << 10;
const COUNTS_MAX: usize = 1 << 22;
/// Letters of a word that make its stem.
const STEM: usize = 6;
/// German by its place in `words.txt`.
const GERMAN: u8 = 2;
/// Words of a text that are looked at.
const MAX_WORDS: usize = 400;
/// As many imagined texts stand beside those at hand: a collection of three teaches little.
const IMAGINED: f32 = 256.0;
/// What is rare is kept in sixteenths of a bit.
const BIT: f32 = 16.0;
/// Weights of a text's stems are kept in eighths of a bit, below the mark of a proper name.
const WEIGHT: f32 = 8.0;
const NAME: u8 = 0x80;
/// What a function word may be worth at most, in bits.
const FUNCTION_WORD: f32 = 2.5;
/// What a stem of so many bytes may be worth at most, in bits (Zipf's law of abbreviation: short words are common).
/// A number in words stands first: its stem has no length.
const MOST: [f32; 8] = [4.0, 1.5, 3.0, 5.0, 7.0, 9.0, 15.0, 15.0];

/// The part of what it may be worth that a stem is worth at least: where most of a collection is one campaign, its words
/// are rare all the same.
const LEAST: f32 = 0.2;

/// The number of a text among the different ones.
pub type Id = u32;

/// The collection.
pub struct Corpus {
    ids: Vec<Option<Id>>,
    words: String,
    word_ends: Vec<u64>,
    stems: Vec<u32>,
    weights: Vec<u8>,
    stem_ends: Vec<u64>,
    totals: Vec<f32>,
    languages: Vec<Option<u8>>,
    spoken: Vec<Option<u8>>,
    stem_weights: Vec<u8>,
    gram_weights: Vec<u8>,
}

fn digest(words: &str) -> u128 {
    let hash = Sha256::digest(words.as_bytes());
    u128::from_be_bytes(std::array::from_fn(|i| hash[i]))
}

/// Spreads a number over 64 bits.
pub(super) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 32)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    x = (x ^ (x >> 28)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    x ^ (x >> 31)
}

/// The stem of a word: its first letters, hashed. Its low three bits say how many bytes they were, the next one whether
/// it is a number.
fn stem(word: &str) -> u32 {
    let number = word.bytes().all(|b| b.is_ascii_digit());
    let mut end = if number { word.len() } else { STEM.min(word.len()) };
    while !word.is_char_boundary(end) {
        end += 1;
    }
    let hash = word.as_bytes()[..end].iter().fold(0u64, |h, b| mix(h ^ u64::from(*b) ^ 0x5bd1));
    (hash as u32) << 4 | u32::from(number) << 3 | end.min(7) as u32
}

/// The stem of a number in words: of its value, whatever the language.
fn stem_of_value(value: u32) -> u32 {
    (mix(u64::from(value) | 1 << 41) as u32) << 4
}

/// Whether a stem is a number in digits.
pub fn is_number(stem: u32) -> bool {
    stem & 8 != 0
}

/// Whether a stem is a number in words.
pub fn is_number_in_words(stem: u32) -> bool {
    stem & 15 == 0
}

/// The place of a key among so many, a power of two.
fn slot(key: u32, places: usize) -> usize {
    (mix(u64::from(key)) as usize) & (places - 1)
}

/// The grams of normalised words: every four bytes, with a space before and after; sorted, each once.
pub fn grams(words: &str, out: &mut Vec<u32>) {
    out.clear();
    let mut gram = u32::from(b' ');
    for (n, b) in words.bytes().chain([b' ']).enumerate() {
        gram = gram << 8 | u32::from(b);
        if n >= 2 {
            out.push(gram);
        }
    }
    out.sort_unstable();
    out.dedup();
}

/// The surprise of a weight, in bits.
pub fn bits(weight: u8) -> f32 {
    f32::from(weight & !NAME) / WEIGHT
}

/// Whether a weight is a proper name's.
pub fn is_name(weight: u8) -> bool {
    weight & NAME != 0
}

fn span(ends: &[u64], id: Id) -> std::ops::Range<usize> {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    start..ends[id] as usize
}

impl Corpus {
    /// Makes a collection ready.
    pub fn new<T: AsRef<str> + Sync>(texts: &[T]) -> Corpus {
        let (ids, firsts) = different(texts);
        let numbers = Numbers::embedded();
        let parts: Vec<Part> = firsts.par_chunks(4096).map(|chunk| Part::new(chunk, texts, &numbers)).collect();
        let mut corpus = Corpus {
            ids,
            words: String::with_capacity(parts.iter().map(|p| p.words.len()).sum()),
            word_ends: Vec::with_capacity(firsts.len()),
            stems: Vec::with_capacity(parts.iter().map(|p| p.stems.len()).sum()),
            weights: Vec::with_capacity(parts.iter().map(|p| p.stems.len()).sum()),
            stem_ends: Vec::with_capacity(firsts.len()),
            totals: Vec::new(),
            languages: Vec::new(),
            spoken: Vec::new(),
            stem_weights: Vec::new(),
            gram_weights: Vec::new(),
        };
        for part in parts {
            let (w, s) = (corpus.words.len() as u64, corpus.stems.len() as u64);
            corpus.words.push_str(&part.words);
            corpus.stems.extend(part.stems);
            corpus.weights.extend(part.marks);
            corpus.word_ends.extend(part.word_ends.iter().map(|e| e + w));
            corpus.stem_ends.extend(part.stem_ends.iter().map(|e| e + s));
        }
        corpus.weigh();
        corpus
    }

    fn weigh(&mut self) {
        let places = (self.word_ends.len().max(1) * COUNTS).next_power_of_two().min(COUNTS_MAX);
        let slot = |key: u32| slot(key, places);
        let zero = || -> Vec<AtomicU32> { (0..places).map(|_| AtomicU32::new(0)).collect() };
        let (stems, names, gram_counts) = (zero(), zero(), zero());
        (0..self.len()).into_par_iter().for_each_init(Vec::new, |scratch, id| {
            for (&s, &weight) in self.stems(id).iter().zip(self.weights(id)) {
                stems[slot(s)].fetch_add(1, Relaxed);
                names[slot(s)].fetch_add(u32::from(is_name(weight)), Relaxed);
            }
            grams(self.words(id), scratch);
            for &g in scratch.iter() {
                gram_counts[slot(g)].fetch_add(1, Relaxed);
            }
        });
        let texts = self.len() as f32 + IMAGINED;
        // Zero says: in one text only, so that it can be shared with none.
        self.stem_weights = stems
            .par_iter()
            .map(|n| match n.load(Relaxed) {
                0 | 1 => 0,
                n => ((texts.log2() - (n as f32).log2()).clamp(0.1, MOST[7]) * BIT) as u8,
            })
            .collect();
        self.gram_weights = gram_counts
            .par_iter()
            .map(|n| ((texts.log2() - (n.load(Relaxed) as f32 + 1.0).log2()).clamp(0.5, 12.0) * BIT) as u8)
            .collect();
        let function_words = FunctionWords::embedded();
        let with_short = FunctionWords::with_short();
        let alone = (texts.log2() * BIT).min(MOST[7] * BIT) as u8;
        let weight = |(s, mark): (&u32, &u8)| {
            let most = if function_words.0.contains_key(s) { FUNCTION_WORD } else { MOST[(s & 7) as usize] };
            let most = if is_number(*s) { most.min(6.0) + 2.0 } else { most };
            let weight = self.stem_weights[slot(*s)];
            let share = if weight == 0 { alone } else { weight };
            // A short word is expected in one imagined text of 2^most.
            let imagined = ((f32::from(share) / -BIT).exp2() + IMAGINED / texts * (-most).exp2()).log2() * -BIT;
            // What is written like a name wherever capitals tell is one at the head of a sentence, too.
            let (all, named) = (stems[slot(*s)].load(Relaxed), names[slot(*s)].load(Relaxed));
            let name = if 2 * named > all { NAME } else { mark & NAME };
            name | (imagined.clamp((most * LEAST * BIT).max(2.0), most * BIT) * WEIGHT / BIT) as u8
        };
        self.weights = self.stems.par_iter().zip(&self.weights).map(weight).collect();
        self.languages = (0..self.len()).into_par_iter().map(|id| function_words.language(self.stems(id))).collect();
        self.spoken = (0..self.len()).into_par_iter().map(|id| with_short.likeliest(self.stems(id))).collect();
        // In German every noun has a capital.
        for id in (0..self.len()).filter(|id| self.languages[*id as usize] == Some(GERMAN)) {
            self.weights[span(&self.stem_ends, id)].iter_mut().for_each(|weight| *weight &= !NAME);
        }
        self.totals =
            (0..self.len()).into_par_iter().map(|id| self.weights(id).iter().map(|w| bits(*w)).sum()).collect();
    }

    /// The different text that a text given is; none where it has no words.
    pub fn id(&self, text: usize) -> Option<Id> {
        self.ids.get(text).copied().flatten()
    }

    /// How many different texts there are.
    pub fn len(&self) -> Id {
        self.word_ends.len() as Id
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.word_ends.is_empty()
    }

    /// The normalised words of a text.
    pub fn words(&self, id: Id) -> &str {
        &self.words[span(&self.word_ends, id)]
    }

    /// The stems of a text, sorted, each once.
    pub fn stems(&self, id: Id) -> &[u32] {
        &self.stems[span(&self.stem_ends, id)]
    }

    /// For each stem of a text the surprise of meeting it in a text ([`bits`]: minus the logarithm of the share of texts
    /// that have it, no more than a word of its length may be worth) and whether it is written like a name ([`is_name`]).
    pub fn weights(&self, id: Id) -> &[u8] {
        &self.weights[span(&self.stem_ends, id)]
    }

    /// The word of a text that has this stem.
    pub fn word(&self, id: Id, of: u32) -> Option<&str> {
        self.words(id).split(' ').find(|word| stem(word) == of)
    }

    /// Whether another text has this stem (now and then wrongly yes: counts share places).
    pub fn is_shared(&self, stem: u32) -> bool {
        self.stem_weights[slot(stem, self.stem_weights.len())] != 0
    }

    /// The surprise of meeting a gram in a text, in sixteenths of a bit.
    pub fn gram_weight(&self, gram: u32) -> u8 {
        self.gram_weights[slot(gram, self.gram_weights.len())]
    }

    /// Whether two texts are plainly in two languages.
    pub fn in_two_languages(&self, a: Id, b: Id) -> bool {
        match (self.languages[a as usize], self.languages[b as usize]) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        }
    }

    /// The likeliest language of a text, by its short words as well. Copies are not weighed by these: what that would
    /// change was not measured.
    pub fn spoken(&self, id: Id) -> Option<u8> {
        self.spoken[id as usize]
    }

    /// A number that depends on all texts together.
    pub fn seed(&self) -> u64 {
        digest(&self.words) as u64
    }

    /// The surprise of a whole text: of all its stems.
    pub fn total(&self, id: Id) -> f32 {
        self.totals[id as usize]
    }
}

/// Numbers the different texts by their hash; and where the first of each stands.
fn different<T: AsRef<str> + Sync>(texts: &[T]) -> (Vec<Option<Id>>, Vec<u32>) {
    let mut order: Vec<(u128, u32)> = texts
        .par_iter()
        .enumerate()
        .with_min_len(256)
        .map_init(Default::default, |(out, scratch): &mut (String, Scratch), (n, text)| {
            normalise(text.as_ref(), out, scratch);
            (if out.is_empty() { 0 } else { digest(out) }, n as u32)
        })
        .collect();
    order.par_sort_unstable();
    let mut ids = vec![None; texts.len()];
    let mut firsts: Vec<u32> = Vec::new();
    let mut last = 0;
    for (hash, n) in order.into_iter().filter(|(hash, _)| *hash != 0) {
        if hash != last {
            firsts.push(n);
            last = hash;
        }
        ids[n as usize] = Some(firsts.len() as Id - 1);
    }
    (ids, firsts)
}

/// The function words of each language, by stem.
#[derive(Default)]
struct FunctionWords(HashMap<u32, u16>);

impl FunctionWords {
    fn embedded() -> FunctionWords {
        let mut all = FunctionWords::default();
        all.add(include_str!("words.txt"));
        all
    }

    fn with_short() -> FunctionWords {
        let mut all = FunctionWords::embedded();
        all.add(include_str!("short_words.txt"));
        all
    }

    fn add(&mut self, words: &str) {
        let (mut out, mut scratch) = (String::new(), Scratch::default());
        for (n, line) in words.lines().filter(|l| !l.starts_with('#')).enumerate() {
            normalise(line, &mut out, &mut scratch);
            for word in out.split(' ') {
                *self.0.entry(stem(word)).or_default() |= 1 << n;
            }
        }
    }

    /// The language whose function words a text has most of; none where that is unclear.
    fn language(&self, stems: &[u32]) -> Option<u8> {
        let [(best, n), (_, second)] = self.two(stems);
        (n >= 120 && 2 * n >= 3 * second).then_some(best)
    }

    /// The language that is likelier than all others, by one word of its own at least.
    fn likeliest(&self, stems: &[u32]) -> Option<u8> {
        let [(best, n), (_, second)] = self.two(stems);
        (n >= 60 && 5 * n >= 6 * second).then_some(best)
    }

    /// The two languages whose function words a text has most of, each with their weight.
    fn two(&self, stems: &[u32]) -> [(u8, u32); 2] {
        let mut counts = [0u32; 16];
        for mask in stems.iter().filter_map(|s| self.0.get(s)) {
            for (n, count) in counts.iter_mut().enumerate() {
                *count += 60 / mask.count_ones() * u32::from(mask >> n & 1);
            }
        }
        // Of equally many the later, as ever.
        let most = |but: Option<u8>| {
            let all = (0..16).filter(|n| Some(*n) != but).map(|n| (n, counts[usize::from(n)]));
            all.max_by_key(|(_, count)| *count).unwrap_or_default()
        };
        let best = most(None);
        [best, most(Some(best.0))]
    }
}

/// Numbers in words, by stem.
struct Numbers(HashMap<u32, u32>);

impl Numbers {
    fn embedded() -> Numbers {
        let mut all = HashMap::new();
        let (mut out, mut scratch) = (String::new(), Scratch::default());
        for line in include_str!("numbers.txt").lines().filter(|l| !l.starts_with('#')) {
            let (value, words) = line.split_once(' ').unwrap_or_default();
            let value = stem_of_value(value.parse().unwrap_or_default());
            for word in words.split(' ') {
                normalise(word, &mut out, &mut scratch);
                all.insert(stem(&out), value);
            }
        }
        Numbers(all)
    }

    fn stem(&self, word: &str) -> u32 {
        let stem = stem(word);
        self.0.get(&stem).copied().unwrap_or(stem)
    }
}

/// A run of different texts, worked on by one core.
struct Part {
    words: String,
    word_ends: Vec<u64>,
    stems: Vec<u32>,
    /// Whether a stem's word is written like a name: [`NAME`] or nothing.
    marks: Vec<u8>,
    stem_ends: Vec<u64>,
}

impl Part {
    fn new<T: AsRef<str>>(chunk: &[u32], texts: &[T], numbers: &Numbers) -> Part {
        let mut part = Part {
            words: String::new(),
            word_ends: Vec::new(),
            stems: Vec::new(),
            marks: Vec::new(),
            stem_ends: Vec::new(),
        };
        let (mut out, mut scratch, mut stems) = (String::new(), Scratch::default(), Vec::new());
        for &n in chunk {
            normalise(texts[n as usize].as_ref(), &mut out, &mut scratch);
            stems.clear();
            let names = scratch.names().iter().copied().chain(std::iter::repeat(false));
            stems.extend(out.split(' ').take(MAX_WORDS).zip(names).map(|(word, name)| (numbers.stem(word), !name)));
            // A word that stands there as a name and otherwise is a name: `true` sorts after, and the second goes.
            stems.sort_unstable();
            stems.dedup_by_key(|s| s.0);
            part.words.push_str(&out);
            part.word_ends.push(part.words.len() as u64);
            part.stems.extend(stems.iter().map(|(stem, _)| *stem));
            part.marks.extend(stems.iter().map(|(_, other)| if *other { 0 } else { NAME }));
            part.stem_ends.push(part.stems.len() as u64);
        }
        part
    }
}
