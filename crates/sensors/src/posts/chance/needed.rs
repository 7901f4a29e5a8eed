//! How many tests there are: a pair that shares too seldom to be significant, whatever it does, is none (Tarone, Biometrics
//! 46, 1990). How often is enough is told by the numbers of shares alone, never by when they fall.

use super::LEVEL;
use crate::posts::network::Index;

/// Trials more than this are never asked for.
const MOST: u32 = 64;

/// What a test takes.
pub(super) struct Needed {
    /// The least trials of a pair that is tested.
    pub least: u32,
    /// How many such pairs there are, at most.
    pub tests: u64,
    /// How many cells each account shares in with anybody.
    pub held: Vec<u32>,
}

/// How many trials a pair needs to be tested.
pub(super) fn needed(index: &Index, cells: &[(u32, u32)], even: f64) -> Needed {
    let mut held = vec![0u32; index.accounts.len()];
    let mut last = vec![u32::MAX; index.accounts.len()];
    for (place, &(from, to)) in cells.iter().enumerate() {
        let account = index.account[place] as usize;
        if to - from > 1 && last[account] != from {
            last[account] = from;
            held[account] += 1;
        }
    }
    for least in 1..=MOST {
        let tests = pairs(index, cells, &held, least);
        if even.powi(least as i32) * tests as f64 <= LEVEL {
            return Needed { least, tests, held };
        }
    }
    Needed { least: MOST, tests: pairs(index, cells, &held, MOST), held }
}

/// Pairs of accounts that both share in so many cells: all of them, or as many as meet in any cell.
fn pairs(index: &Index, cells: &[(u32, u32)], held: &[u32], least: u32) -> u64 {
    let two = |n: u64| n * n.saturating_sub(1) / 2;
    let able = |place: u32| held[index.account[place as usize] as usize] >= least;
    let (mut met, mut at) = (0u64, 0);
    while let Some(&(from, to)) = cells.get(at) {
        met = met.saturating_add(two((from..to).filter(|p| able(*p)).count() as u64));
        at = to as usize;
    }
    let accounts = held.iter().filter(|n| **n >= least).count() as u64;
    // A pair meets in `least` cells at least.
    (met / u64::from(least)).min(two(accounts)).max(1)
}
