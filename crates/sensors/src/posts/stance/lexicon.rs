//! The lists of words, made ready to be looked up: by their first word, or by the beginning of it.

use super::tokens::Token;
use knowledge::stance::Stance;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What an entry says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sense {
    Good,
    Bad,
    For,
    Against,
    Better,
}

struct Entry {
    words: Vec<Word>,
    sense: Sense,
}

struct Word {
    text: String,
    stem: bool,
}

impl Word {
    fn new(text: &str) -> Word {
        // As words of a text are spelt: `й` too loses its mark.
        let plain = text.trim_end_matches('*').nfd().filter(|&c| !is_combining_mark(c));
        Word { text: plain.collect(), stem: text.ends_with('*') }
    }

    fn is(&self, word: &str) -> bool {
        if self.stem { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// All lists.
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    /// Entries by their first word without its `*`.
    first: HashMap<String, Vec<usize>>,
    negation: Vec<Word>,
    hedges: Vec<Word>,
    thanks: Vec<Word>,
    laughs: Vec<String>,
    breaks: HashSet<String>,
    tag_for: Vec<String>,
    tag_against: Vec<String>,
    leak: HashMap<String, Vec<Vec<Word>>>,
    /// The shortest and longest beginning of an entry on leaks, in bytes.
    leak_bytes: (usize, usize),
}

impl Lexicon {
    pub(super) fn new(data: &Stance) -> Lexicon {
        let lists = [
            (&data.good, Sense::Good),
            (&data.bad, Sense::Bad),
            (&data.side_for, Sense::For),
            (&data.side_against, Sense::Against),
            (&data.better_than, Sense::Better),
        ];
        let entry = |(text, sense): (&String, Sense)| Entry { words: text.split(' ').map(Word::new).collect(), sense };
        let entries: Vec<Entry> =
            lists.into_iter().flat_map(|(list, sense)| list.iter().map(move |t| (t, sense))).map(entry).collect();
        let mut first: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, entry) in entries.iter().enumerate() {
            first.entry(entry.words[0].text.clone()).or_default().push(n);
        }
        let negation = data.negation.iter().map(|w| Word::new(w)).collect();
        let hedges = data.hedges.iter().map(|w| Word::new(w)).collect();
        let thanks = data.thanks.iter().map(|w| Word::new(w)).collect();
        let laughs = data.laughs.clone();
        let breaks = data.breaks.iter().cloned().collect();
        let (tag_for, tag_against) = (data.tag_for.clone(), data.tag_against.clone());
        let mut leak: HashMap<String, Vec<Vec<Word>>> = HashMap::new();
        for entry in &data.leak {
            let words: Vec<Word> = entry.split(' ').map(Word::new).collect();
            leak.entry(words[0].text.clone()).or_default().push(words);
        }
        let bytes = |b: fn(usize, usize) -> usize| leak.keys().map(String::len).reduce(b).unwrap_or_default();
        let leak_bytes = (bytes(usize::min), bytes(usize::max));
        Lexicon { entries, first, negation, hedges, thanks, laughs, breaks, tag_for, tag_against, leak, leak_bytes }
    }

    /// The longest entry that stands at the beginning of some words, and how many words it has.
    pub(super) fn at(&self, words: &[Token]) -> Option<(Sense, usize)> {
        let word = words.first().filter(|w| !w.tag)?;
        let beginnings = word.text.char_indices().skip(1).map(|(at, _)| &word.text[..at]).chain([word.text.as_str()]);
        let here = beginnings.filter_map(|b| self.first.get(b)).flatten().map(|&n| &self.entries[n]);
        let stands = |e: &&Entry| {
            e.words.len() <= words.len()
                && e.words.iter().zip(words).all(|(e, w)| w.clause == word.clause && e.is(&w.text))
        };
        here.filter(stands).max_by_key(|e| e.words.len()).map(|e| (e.sense, e.words.len()))
    }

    /// Whether words say that papers were leaked.
    pub(super) fn leak(&self, words: &[Token]) -> bool {
        let (least, most) = self.leak_bytes;
        (0..words.len()).filter(|at| !words[*at].tag).any(|at| {
            let word = words[at].text.as_str();
            let beginnings = (least..=word.len().min(most)).filter_map(|end| word.get(..end));
            let mut here = beginnings.filter_map(|b| self.leak.get(b)).flatten();
            let stands = |entry: &&Vec<Word>| {
                at + entry.len() <= words.len() && entry.iter().zip(&words[at..]).all(|(e, w)| e.is(&w.text))
            };
            here.any(|entry| stands(&entry))
        })
    }

    pub(super) fn negates(&self, word: &str) -> bool {
        self.negation.iter().any(|n| n.is(word))
    }

    pub(super) fn hedges(&self, word: &str) -> bool {
        self.hedges.iter().any(|n| n.is(word))
    }

    pub(super) fn thanks(&self, word: &str) -> bool {
        self.thanks.iter().any(|n| n.is(word))
    }

    /// Whether a text laughs: by a word or a sign.
    pub(super) fn laughs(&self, text: &str, words: &[Token]) -> bool {
        self.laughs.iter().any(|l| match l.chars().any(char::is_alphabetic) {
            true => words.iter().any(|w| w.text == *l),
            false => text.contains(l.as_str()),
        })
    }

    pub(super) fn breaks(&self, word: &str) -> bool {
        self.breaks.contains(word)
    }

    /// Two points for or against by what stands before and after a name in a hashtag.
    pub(super) fn tag(&self, parts: [&str; 2]) -> Option<i32> {
        let says = |list: &[String]| list.iter().any(|call| parts.contains(&call.as_str()));
        if says(&self.tag_against) {
            return Some(-2);
        }
        says(&self.tag_for).then_some(2)
    }
}
