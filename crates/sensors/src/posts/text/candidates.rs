//! Which pairs of texts are worth comparing: those that have two rare stems in common, or a run of rare grams.
//!
//! Two sketches of each text give keys; texts with one key in common meet in a bucket. The stems' keys are all pairs of
//! its rarest stems (order and endings may change, a few words may be replaced); the grams' are bands of a one-permutation
//! MinHash (Li, Owen, Zhang 2012) over its rarer grams (words may be mistyped). In a large bucket each text meets only
//! the first ones: a bucket of a million templates costs a few million comparisons, not 10^12.
//!
//! You may rely on: each pair once, in order; memory is bounded by parts of the key space that are worked on in turn.
//! Left out: a copy that shares fewer than two rare stems and no band is not found.

use super::corpus::{Corpus, Id, bits, grams, mix};
use rayon::prelude::*;

/// Stems a text is known by: in a collection of this size and above the fewer.
const LARGE: usize = 60_000;
const RAREST: [usize; 2] = [12, 7];
/// Bins of the MinHash, and how many make a band.
const BINS: usize = 16;
const ROWS: usize = 2;
/// A gram that stands in more than one of 2^6 texts says nothing; in sixteenths of a bit.
const RARE_GRAM: u8 = 6 * 16;
/// A bucket up to this size is compared all with all.
const SMALL: usize = 8;
/// In a larger one, each text with so many first ones.
const LEADERS: usize = 3;
/// Keys that are worked on at a time.
const KEYS_AT_ONCE: usize = 1 << 24;

/// The keys of every text.
pub struct Candidates {
    keys: Vec<u32>,
    ends: Vec<u64>,
    parts: u32,
}

impl Candidates {
    /// Sketches a collection.
    pub fn new(corpus: &Corpus) -> Candidates {
        let rarest = RAREST[usize::from(corpus.len() as usize >= LARGE)];
        let chunks: Vec<(Vec<u32>, Vec<u64>)> = (0..corpus.len())
            .into_par_iter()
            .chunks(4096)
            .map(|ids| {
                let mut sketch = Sketch::default();
                let (mut keys, mut ends) = (Vec::new(), Vec::with_capacity(ids.len()));
                for id in ids {
                    sketch.keys(corpus, id, rarest, &mut keys);
                    ends.push(keys.len() as u64);
                }
                (keys, ends)
            })
            .collect();
        let total: usize = chunks.iter().map(|(k, _)| k.len()).sum();
        let mut all = Candidates {
            keys: Vec::with_capacity(total),
            ends: Vec::with_capacity(corpus.len() as usize),
            parts: (total / KEYS_AT_ONCE + 1) as u32,
        };
        for (keys, ends) in chunks {
            let base = all.keys.len() as u64;
            all.keys.extend(keys);
            all.ends.extend(ends.iter().map(|e| e + base));
        }
        all
    }

    /// How many parts the pairs come in.
    pub fn parts(&self) -> u32 {
        self.parts
    }

    /// The pairs of one part, the lesser id first, sorted, each once.
    pub fn pairs(&self, part: u32) -> Vec<(Id, Id)> {
        let mut entries: Vec<u64> = (0..self.ends.len())
            .into_par_iter()
            .flat_map_iter(|id| {
                let start = if id == 0 { 0 } else { self.ends[id - 1] as usize };
                let keys = &self.keys[start..self.ends[id] as usize];
                keys.iter().filter(move |k| *k % self.parts == part).map(move |k| u64::from(*k) << 32 | id as u64)
            })
            .collect();
        entries.par_sort_unstable();
        let mut pairs = Vec::new();
        for bucket in entries.chunk_by(|a, b| a >> 32 == b >> 32).filter(|b| b.len() > 1) {
            meet(bucket, &mut pairs);
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        pairs
    }
}

fn meet(bucket: &[u64], pairs: &mut Vec<(Id, Id)>) {
    for (n, &b) in bucket.iter().enumerate() {
        let with = if bucket.len() <= SMALL { n } else { n.min(LEADERS) };
        pairs.extend(bucket[..with].iter().map(|&a| (a as Id, b as Id)).filter(|(a, b)| a != b));
    }
}

#[derive(Default)]
struct Sketch {
    stems: Vec<(u32, u32)>,
    grams: Vec<u32>,
}

impl Sketch {
    fn keys(&mut self, corpus: &Corpus, id: Id, rarest: usize, keys: &mut Vec<u32>) {
        self.stems.clear();
        let weighted = corpus.stems(id).iter().zip(corpus.weights(id));
        let known = weighted.filter(|(s, _)| corpus.is_shared(**s));
        self.stems.extend(known.map(|(s, weight)| (u32::MAX - (bits(*weight) * 8.0) as u32, *s)));
        // By weight, then by the stem itself: two texts choose alike.
        self.stems.sort_unstable();
        self.stems.truncate(rarest);
        for (n, &(_, a)) in self.stems.iter().enumerate() {
            keys.extend(
                self.stems[..n].iter().map(|&(_, b)| mix(u64::from(a.min(b)) << 32 | u64::from(a.max(b))) as u32),
            );
        }
        grams(corpus.words(id), &mut self.grams);
        let mut bins = [u32::MAX; BINS];
        for &gram in self.grams.iter().filter(|g| corpus.gram_weight(**g) >= RARE_GRAM) {
            let hash = mix(u64::from(gram) | 1 << 40);
            let bin = &mut bins[hash as usize % BINS];
            *bin = (*bin).min((hash >> 32) as u32);
        }
        for (n, rows) in bins.chunks(ROWS).enumerate().filter(|(_, rows)| !rows.contains(&u32::MAX)) {
            keys.push(rows.iter().fold(n as u64 + 1, |h, r| mix(h ^ u64::from(*r))) as u32);
        }
    }
}
