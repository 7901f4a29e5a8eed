//! Do two accounts have the same rare things by chance, whenever they had them? For what hardly anybody has by himself:
//! copied texts.
//!
//! **Null model** (bipartite configuration, conditional on one account; Saracco, Straka, Di Clemente, Gabrielli,
//! Caldarelli and Squartini, New J. Phys. 19, 2017, in its sparse limit): every account keeps how many things it has,
//! every thing how many accounts have it; who has which is drawn. Of a thing that `d` accounts have, another account
//! with `n` of all `s` holdings is a holder with probability 1 − (1 − n/s)^(d − 1). The number of account 1's things
//! that account 2 has is a sum of such tosses, whose tail is exact; both directions are tested, the larger probability
//! counts, and it is multiplied by the number of pairs that have anything in common (Bonferroni).
//!
//! You may rely on: no randomness; the time plays no part. Left out: tastes. Communities that like the same links break
//! this model; that is why it is for texts that were typed or pasted, not for links.

use super::at_least;
use rayon::prelude::*;
use std::collections::HashMap;

/// Things held by more accounts than this say little of any two of them, and are not walked.
pub const HOLDERS_MAX: usize = 5_000;
/// Fewer things in common are a coincidence of one occasion.
pub const LEAST: u32 = 3;

/// Two accounts with things in common.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Common {
    /// The account of the lower number.
    pub account_1: u32,
    /// The other.
    pub account_2: u32,
    /// Things that the one with fewer has.
    pub trials: u32,
    /// Things that both have.
    pub together: u32,
    /// By chance as many or more.
    pub p: f64,
    /// The same, corrected for all pairs; at most 1.
    pub corrected: f64,
}

/// Pairs of holders that are walked; of more, a part of the accounts stands for all, and the others join by themselves
/// ([`joining`]).
const WALKED: u64 = 100_000_000;

/// Tests all pairs with at least [`LEAST`] things in common: `holdings` are pairs of account and thing.
pub fn test(mut holdings: Vec<(u32, u32)>) -> Vec<Common> {
    holdings.sort_unstable();
    holdings.dedup();
    let mut holders: HashMap<u32, Vec<u32>> = HashMap::new();
    holdings.iter().for_each(|(account, thing)| holders.entry(*thing).or_default().push(*account));
    // What one account alone has is no holding that could be shared.
    holdings.retain(|(_, thing)| holders[thing].len() > 1);
    let all = holdings.len() as f64;
    let pairs = |n: usize| n as f64 * (n as f64 - 1.0) / 2.0;
    let accounts: Vec<&[(u32, u32)]> = holdings.chunk_by(|a, b| a.0 == b.0).collect();
    let volume: HashMap<u32, u32> = accounts.iter().map(|own| (own[0].0, own.len() as u32)).collect();
    // Who holds fewer than [`LEAST`] things is in no pair that is tested.
    let able = |account: &u32| volume.get(account).is_some_and(|n| *n >= LEAST);
    let met = holders.values().map(|h| pairs(h.iter().filter(|a| able(a)).count())).sum::<f64>();
    let tests = met.min(pairs(accounts.iter().filter(|own| able(&own[0].0)).count())).max(1.0);
    let work: u64 = holders.values().map(Vec::len).filter(|n| *n <= HOLDERS_MAX).map(|n| (n * n) as u64).sum();
    // Every holding takes part in the draw, so that whoever writes one account cannot choose.
    let seed = holdings.iter().fold(work, |seed, (account, thing)| {
        seed.rotate_left(5)
            .wrapping_add(u64::from(*account) << 32 | u64::from(*thing))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    let one_in = work.div_ceil(WALKED).min(accounts.len() as u64 / 64).max(1);
    let drawn = |account: u32| {
        let mixed = (seed ^ u64::from(account)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) % one_in == 0
    };
    let one = |own: &&[(u32, u32)]| -> Vec<Common> {
        let account = own[0].0;
        if !drawn(account) {
            return Vec::new();
        }
        let mut met: HashMap<u32, u32> = HashMap::new();
        for holders in own.iter().map(|(_, thing)| &holders[thing]).filter(|h| h.len() <= HOLDERS_MAX) {
            holders
                .iter()
                .filter(|other| **other != account && drawn(**other))
                .for_each(|o| *met.entry(*o).or_default() += 1);
        }
        let mut found = Vec::new();
        for (other, together) in met.into_iter().filter(|(_, n)| *n >= LEAST) {
            let part = f64::from(volume[&other]) / (all - own.len() as f64).max(1.0);
            let chances: Vec<f64> = own
                .iter()
                .map(|(_, thing)| holders[thing].len())
                .filter(|d| *d <= HOLDERS_MAX)
                .map(|d| 1.0 - (1.0 - part.min(1.0)).powf(d as f64 - 1.0))
                .collect();
            let p = at_least(together as usize, &chances);
            let (account_1, account_2) = (account.min(other), account.max(other));
            let trials = (own.len() as u32).min(volume[&other]);
            found.push(Common { account_1, account_2, trials, together, p, corrected: (p * tests).min(1.0) });
        }
        found
    };
    let mut found: Vec<Common> = accounts.par_iter().flat_map_iter(one).collect();
    let order = |c: &Common| (c.account_1, c.account_2);
    found.par_sort_unstable_by(|a, b| order(a).cmp(&order(b)).then(b.p.total_cmp(&a.p)));
    // Both directions lie side by side, the less improbable first.
    found.dedup_by_key(|c| order(c));
    found
}

/// The accounts outside a band that hold its things by no chance, with the corrected probability. The band's things
/// are those that at least `LEAST` members hold; of what another account holds, each is one of them with the part that
/// holdings of the band's things are of all holdings (the members' own counted in, so that it is told too large).
pub fn joining(holdings: &[(u32, u32)], members: &std::collections::BTreeSet<u32>) -> Vec<(u32, f64)> {
    let mut holders: HashMap<u32, (u32, u32)> = HashMap::new();
    for (account, thing) in holdings {
        let (all, ours) = holders.entry(*thing).or_default();
        *all += 1;
        *ours += u32::from(members.contains(account));
    }
    // What is mostly others' is not the band's.
    let its = |thing: &u32| holders.get(thing).is_some_and(|(all, ours)| *ours >= LEAST && 2 * ours >= *all);
    let shared = |own: &[(u32, u32)]| own.iter().filter(|(_, t)| holders[t].0 > 1).count();
    let all: u32 = holders.values().map(|(all, _)| *all).filter(|all| *all > 1).sum();
    let part = holders.keys().filter(|t| its(t)).map(|t| holders[t].0).sum::<u32>();
    let part = f64::from(part) / f64::from(all.max(1));
    let others = holdings.chunk_by(|a, b| a.0 == b.0).filter(|own| !members.contains(&own[0].0));
    let met: Vec<(u32, usize, usize)> = others
        .map(|own| (own[0].0, own.iter().filter(|(_, t)| its(t)).count(), shared(own)))
        .filter(|(_, common, _)| *common > 0)
        .collect();
    let tests = met.len().max(1) as f64;
    met.into_iter()
        .filter(|(_, common, _)| *common >= LEAST as usize)
        .map(|(account, common, of)| (account, (at_least(common, &vec![part; of]) * tests).min(1.0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_things_in_common_are_no_chance_and_popular_ones_are() {
        let mut holdings = Vec::new();
        // Two hundred accounts with three things of a hundred popular ones each; two of them with five rare ones more.
        for account in 0..200u32 {
            holdings.extend((0..3).map(|n| (account, (account * 7 + n * 31) % 100)));
        }
        for thing in 1000..1005 {
            holdings.extend([(3, thing), (150, thing)]);
        }
        let found = test(holdings);
        let sure: Vec<(u32, u32)> =
            found.iter().filter(|c| c.corrected <= 0.01).map(|c| (c.account_1, c.account_2)).collect();
        assert_eq!(sure, [(3, 150)]);
    }
}
