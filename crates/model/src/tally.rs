//! Tallies: mergeable counts of the ordinary. Merging is addition, so any split of the evidence and any order give
//! the same sums. Where the adversary chooses the keys (paths, hosts), [`BottomK`] bounds them by a fair sample.

use serde::{Deserialize, Serialize};
use std::collections::{BinaryHeap, HashMap};

/// The kind of tallies by which a reader says that its evidence writes no year, whatever evidence it is: under the year
/// that it took the last line to be of. Other evidence of the case may tell better.
pub const UNDATED: &str = "undated";

/// Counts under a key. Tallies of equal kind and key merge by adding count to count.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tally {
    /// What is counted: `web_log/hour`, `web_log/path` …; the sensor that owns it documents its counts.
    pub kind: String,
    /// Of what.
    pub key: String,
    /// The counts, in the order the kind documents.
    pub counts: Vec<u64>,
}

impl Tally {
    /// Adds `other` to `counts`, growing it where needed.
    pub fn merge(counts: &mut Vec<u64>, other: &[u64]) {
        if counts.len() < other.len() {
            counts.resize(other.len(), 0);
        }
        for (a, b) in counts.iter_mut().zip(other) {
            *a = a.saturating_add(*b);
        }
    }
}

/// The `k` keys of smallest hash, each with its exact counts: a uniform sample of the distinct keys, bounded in memory
/// whatever the adversary writes. A key among the `k` smallest of the whole is among the `k` smallest of every part,
/// so its counts are complete and merging is associative and commutative (bottom-k sketch, Cohen and Kaplan 2007).
#[derive(Clone, Debug)]
pub struct BottomK {
    k: usize,
    kept: HashMap<u64, (String, Vec<u64>), foldhash::fast::RandomState>,
    /// The hashes kept, the largest on top.
    largest: BinaryHeap<u64>,
    /// Whether any key was ever left out.
    pub sampled: bool,
}

impl BottomK {
    /// Room for `k` keys.
    pub fn new(k: usize) -> BottomK {
        BottomK { k: k.max(1), kept: HashMap::default(), largest: BinaryHeap::new(), sampled: false }
    }

    /// Whether a key of this hash would be kept now; lets a hot loop leave before it makes the key's text.
    pub fn takes(&self, hash: u64) -> bool {
        hash <= self.limit()
    }

    /// No hash above this can be kept any more. Only ever falls.
    pub fn limit(&self) -> u64 {
        match self.largest.peek() {
            Some(&last) if self.kept.len() >= self.k => last,
            _ => u64::MAX,
        }
    }

    /// Adds counts under a key with its hash. Two keys of one 64-bit hash would share a row; the first text stays.
    pub fn add(&mut self, hash: u64, key: impl FnOnce() -> String, counts: &[u64]) {
        if !self.takes(hash) {
            self.sampled = true;
            return;
        }
        let row = self.kept.entry(hash).or_insert_with(|| {
            self.largest.push(hash);
            (key(), Vec::new())
        });
        Tally::merge(&mut row.1, counts);
        if self.kept.len() > self.k {
            self.largest.pop().and_then(|last| self.kept.remove(&last));
            self.sampled = true;
        }
    }

    /// Merges another sample of the same `k`.
    pub fn merge(&mut self, other: BottomK) {
        self.sampled |= other.sampled;
        for (hash, (key, counts)) in other.kept {
            self.add(hash, || key, &counts);
        }
    }

    /// The rows in order of their keys.
    pub fn rows(self) -> Vec<(String, Vec<u64>)> {
        let mut rows: Vec<_> = self.kept.into_values().collect();
        rows.sort();
        rows
    }
}
