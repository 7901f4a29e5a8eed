//! Words that tell an object: used by many of those who say what they carry, and by few others.

use crate::posts::naming;
use crate::posts::table::Table;
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a word that can tell something.
const LETTERS: usize = 6;
/// Part of the telling texts that must use it.
const PART: f64 = 0.3;
/// Part of all texts that may use it.
const RARE: f64 = 0.01;

/// The words, in order, of those posts for which `says` holds.
pub(super) fn telling(table: &Table, posts: &[u32], says: impl Fn(u32) -> bool) -> Vec<String> {
    let texts: BTreeSet<u32> = posts.iter().filter(|p| says(**p)).map(|p| table.text_number(*p)).collect();
    let (mut counts, mut done): (BTreeMap<String, usize>, BTreeSet<u32>) = Default::default();
    for post in posts.iter().filter(|p| texts.contains(&table.text_number(**p))) {
        if done.insert(table.text_number(*post)) {
            let own: BTreeSet<String> = naming::words(table.text(*post)).collect();
            own.into_iter().filter(|w| w.chars().count() >= LETTERS).for_each(|w| *counts.entry(w).or_default() += 1);
        }
    }
    counts.retain(|_, n| *n as f64 >= PART * texts.len() as f64);
    let (mut usual, mut all, mut seen): (BTreeMap<&str, usize>, usize, BTreeSet<u32>) = Default::default();
    for post in (0..table.len() as u32).filter(|p| seen.insert(table.text_number(*p))) {
        all += 1;
        let text = table.text(post).to_lowercase();
        for word in counts.keys().filter(|w| text.contains(w.as_str())) {
            *usual.entry(word).or_default() += 1;
        }
    }
    let most = (RARE * all as f64).max(texts.len() as f64);
    counts.keys().filter(|w| usual.get(w.as_str()).copied().unwrap_or_default() as f64 <= most).cloned().collect()
}

/// The first of these words that a text uses.
pub(super) fn shared(text: &str, words: &[String]) -> Option<String> {
    naming::words(text).find(|w| words.contains(w))
}
