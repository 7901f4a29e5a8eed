//! The network as a whole: has it more rows than chance gives, and how many of them are chance's? Pairs that each fail a
//! correction over thousands of tests may together be far more than chance explains.
//!
//! **Null model** (interval jitter, as in `chance`): time is cut into spans of [`SPANS`] windows, and every post falls
//! anywhere within its own. Who shared what in which span is kept. The network is made again so often; the part of networks
//! by chance that have as many rows is the probability, the mean of their rows over the rows found the share of false ones (the
//! false discovery rate, at each least weight).
//!
//! You may rely on: the same table gives the same figures (the draw is a hash of post and run). Nobody is accused by
//! it: it is said of the set. Left out: habits and audiences, which `chance` asks of pairs: fans who come in the first
//! minute of every show are more than this chance.

use super::{Index, Network, Options, sample::mix};
use crate::posts::chance::SPANS;
use rayon::prelude::*;

/// Shares that are moved in all runs together, about: what a person waits for.
const MOVED: usize = 8_000_000;
/// Runs, at least and at most.
const RUNS: (usize, usize) = (99, 199);
/// Shares above which it is not asked.
pub const MOST: usize = 100_000;
/// Weights that are told.
const WEIGHTS: u32 = 10;
/// The level at which the whole is said to be no chance.
pub const LEVEL: f64 = 0.01;
/// Fewer rows are no network.
const ROWS: usize = 4;

/// What is known of a whole network.
#[derive(Clone, PartialEq, Debug)]
pub struct Whole {
    /// Rows of the network: directed edges of the least weight or more.
    pub rows: usize,
    /// Rows by chance: the mean, and how far runs stray.
    pub expected: f64,
    /// The standard deviation of runs.
    pub sd: f64,
    /// The part of networks that have as many rows by chance.
    pub p: f64,
    /// How often chance was tried.
    pub runs: usize,
    /// By least weight: rows, expected by chance, and the share of false ones among them.
    pub by_weight: Vec<(u32, usize, f64, f64)>,
}

impl Whole {
    /// Whether it is more than chance explains.
    pub fn is_no_chance(&self) -> bool {
        self.p <= LEVEL && self.is_network()
    }

    /// Whether it has so many rows that one can speak of a network.
    pub fn is_network(&self) -> bool {
        self.rows >= ROWS
    }

    /// The share of rows that chance would have made.
    pub fn false_share(&self) -> f64 {
        (self.expected / self.rows.max(1) as f64).min(1.0)
    }
}

/// Asks of a network whether chance explains its rows; none where it is too large to be made again so often.
pub fn whole(index: &Index, options: Options) -> Option<Whole> {
    let options = Options { loops: false, ..options };
    let shares = index.moments.len();
    let runs = (MOVED / shares.max(1)).clamp(RUNS.0, RUNS.1);
    if shares > MOST || shares == 0 {
        return None;
    }
    let span = (options.window.max(0) / index.clock.unit).saturating_mul(SPANS).max(1);
    let weights = |index: &Index| -> Vec<u32> {
        let mut all: Vec<u32> = Network::new(index, options).edges().iter().map(|e| e.weight).collect();
        all.sort_unstable();
        all
    };
    let found = weights(index);
    // What nobody wrote down is not made up: whole minutes stay whole.
    let grain = index.grain.min(span);
    let one = |run: usize| {
        let seed = mix(run as u64 + 1);
        let to = |post: u32, tick: i64| {
            let within = (mix(seed ^ u64::from(post)) % span as u64) as i64 / grain * grain;
            tick.div_euclid(span).saturating_mul(span).saturating_add(within)
        };
        weights(&index.moved(to))
    };
    let chance: Vec<Vec<u32>> = (0..runs).into_par_iter().map(one).collect();
    let from = |all: &[u32], least: u32| all.len() - all.partition_point(|w| *w < least);
    let mean = |least: u32| chance.iter().map(|c| from(c, least) as f64).sum::<f64>() / runs as f64;
    let expected = mean(0);
    let spread = chance.iter().map(|c| (c.len() as f64 - expected).powi(2)).sum::<f64>();
    let as_many = chance.iter().filter(|c| c.len() >= found.len()).count();
    let least = options.min_weight.max(1);
    let by_weight = (least..least.saturating_add(WEIGHTS)).map(|w| {
        let (rows, by_chance) = (from(&found, w), mean(w));
        (w, rows, by_chance, (by_chance / rows.max(1) as f64).min(1.0))
    });
    Some(Whole {
        rows: found.len(),
        expected,
        sd: (spread / (runs.max(2) - 1) as f64).sqrt(),
        p: (as_many + 1) as f64 / (runs + 1) as f64,
        runs,
        by_weight: by_weight.take_while(|(_, rows, ..)| *rows > 0).collect(),
    })
}
