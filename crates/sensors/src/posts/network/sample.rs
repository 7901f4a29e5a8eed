//! What is too dense to be walked pair by pair: of an object that thousands share within minutes there are millions of
//! pairs. Then a part of the accounts stands for all: among them pairs are tested as ever, and whoever else acts with a
//! group that they show is found by itself (`joining`), which costs its shares and no pairs.
//!
//! You may rely on: the part is drawn by a hash over names and all moments of the table, which whoever writes one account
//! cannot choose; the same table gives the same part. Objects that few share are walked whole. Left out: groups of a few
//! accounts that meet nowhere but in such crowds: they are found as often as the part is large.

use super::Index;

/// Pairs of shares that are walked in one look.
const WALKED: u64 = 20_000_000;
/// Shares of one object within a span from which it is a crowd.
const CROWD: u64 = 300;
/// Accounts that stand for all, at least.
const LEAST: f64 = 64.0;

/// Which accounts stand for all in crowds.
#[derive(Clone, Debug)]
pub struct Sample {
    /// By rank.
    kept: Vec<bool>,
    /// How many of all accounts: 1 where nothing is left out.
    pub part: f64,
}

impl Sample {
    /// Of an index with these cells: from, to (exclusive) by place.
    pub fn of(index: &Index, cells: &[(u32, u32)]) -> Sample {
        let (mut whole, mut crowds, mut largest, mut at) = (0u64, 0u64, 0u64, 0usize);
        while let Some(&(from, to)) = cells.get(at) {
            let n = u64::from(to - from);
            match n {
                CROWD.. => (crowds, largest) = (crowds.saturating_add(n * n), largest.max(n)),
                _ => whole = whole.saturating_add(n * n),
            }
            at = to as usize;
        }
        if whole.saturating_add(crowds) <= WALKED || crowds == 0 {
            return Sample { kept: Vec::new(), part: 1.0 };
        }
        let room = WALKED.saturating_sub(whole).max(WALKED / 4);
        let part = (room as f64 / crowds as f64).max(LEAST / largest as f64).min(1.0);
        // Every moment of the table takes part in the draw.
        let seed = index.moments.iter().fold(0x9e37_79b9_7f4a_7c15u64, |seed, (tick, _)| mix(seed ^ *tick as u64));
        let drawn = |rank: u32| {
            let name = index.name(rank).iter().fold(seed, |hash, byte| mix(hash ^ u64::from(*byte)));
            (name >> 11) as f64 / (1u64 << 53) as f64
        };
        Sample { kept: (0..index.accounts.len() as u32).map(|rank| drawn(rank) < part).collect(), part }
    }

    /// Whether nothing is left out.
    pub fn is_whole(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether an account stands for all.
    pub fn has(&self, rank: u32) -> bool {
        self.kept.get(rank as usize).copied().unwrap_or(true)
    }

    /// Whether a cell with so many shares is a crowd.
    pub fn is_crowd(&self, shares: u32) -> bool {
        !self.is_whole() && u64::from(shares) >= CROWD
    }
}

/// One step of a hash (the finaliser of SplitMix64).
pub fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
