//! One list: accounts that share nearly all of the same links, of several sites, hardly anything else, and whom nobody follows
//! half-way; whenever they do.
//!
//! Readers of one paper, of one letter or of one circle share a part of it, each with a zeal of his own: there are many who
//! share a little of it, some who share much. Accounts that are handed a list share it. So it is asked for what an audience
//! does not have: all who share more than a few of these links share nearly all of them ([`WHOLE`]); they share hardly
//! anything else ([`OWN`]); and no site has more than half of the links, or they would be the followers of that site.
//!
//! That they have them by no chance is known from their kin ([`super::company`]: volumes and popularities kept, no tastes).
//! What they are is not known: relays of one feed, a publisher's own pages and somebody's several accounts do the same.
//!
//! You may rely on: no time plays any part, no randomness. Left out: half a list; lists that others share as well; lists
//! of one site; what is drowned in other links.

use super::LEVEL;
use super::company::Kin;
use crate::posts::network::Index;
use std::collections::{BTreeMap, BTreeSet};

/// The part of a list that each shares.
pub const WHOLE: f64 = 0.75;
/// The part of what each shares that is of the list.
pub const OWN: f64 = 0.75;
/// Fewer links are no list, and fewer accounts no group.
const LINKS: usize = 20;
const ACCOUNTS: usize = 4;
/// One in so many of those who share more than a few of the links may share less than nearly all.
const PARTLY: usize = 10;
/// Few links.
const FEW: u32 = 3;
/// So many times as many shares are far more.
const MORE: usize = 4;

/// Accounts with one list.
#[derive(Clone, PartialEq, Debug)]
pub struct List {
    /// By rank, in order.
    pub accounts: Vec<u32>,
    /// The links, by number in the index.
    pub links: Vec<u32>,
    /// Sites that they are of.
    pub sites: usize,
    /// The least part of it that one of them shares, and the least part that it is of what one of them shares.
    pub least: (f64, f64),
    /// How improbable the surest of them is by volumes and popularities, corrected for all pairs.
    pub p: f64,
}

/// The lists of an index of links; `site` names the site of an object.
pub fn lists(index: &Index, kin: &Kin, site: impl Fn(u32) -> Option<String>) -> Vec<List> {
    let things = |account: u32| -> Vec<u32> {
        let mut all: Vec<u32> = index.of(account).iter().map(|place| index.object(*place)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut found: BTreeMap<Vec<u32>, List> = BTreeMap::new();
    for (account, (of, p)) in &kin.of {
        let own = things(*account);
        let is_theirs = |object: &u32| kin.is_theirs(*object, *account, of);
        if *p > LEVEL {
            continue;
        }
        // Who shares much else is drowned, and costs nothing more.
        let theirs = own.iter().filter(|object| is_theirs(object)).count();
        if theirs < LINKS / 2 || (theirs as f64) < OWN * own.len() as f64 {
            continue;
        }
        // Who shares far more has no list that is this one; his things would be gone through for each of those he is kin to.
        let most = MORE * index.of(*account).len();
        let members = of.iter().chain([account]).filter(|who| index.of(**who).len() <= most);
        let held: BTreeMap<u32, Vec<u32>> = members.map(|who| (*who, things(*who))).collect();
        let all: BTreeSet<u32> = held.values().flatten().copied().collect();
        let links: Vec<u32> = all.into_iter().filter(is_theirs).collect();
        if links.len() < LINKS {
            continue;
        }
        let mut shares: BTreeMap<u32, u32> = BTreeMap::new();
        links.iter().flat_map(|l| &kin.holders[*l as usize]).for_each(|who| *shares.entry(*who).or_default() += 1);
        let parts = |who: u32| {
            let listed = f64::from(shares.get(&who).copied().unwrap_or_default());
            let all = held.get(&who).map_or(usize::MAX, Vec::len);
            (listed / links.len() as f64, listed / all as f64)
        };
        let is_whole = |who: &u32| parts(*who).0 >= WHOLE && parts(*who).1 >= OWN;
        let accounts: Vec<u32> = held.keys().copied().filter(is_whole).collect();
        let partly = shares.values().filter(|n| **n >= FEW).count().saturating_sub(accounts.len());
        if accounts.len() < ACCOUNTS || partly * PARTLY > accounts.len() {
            continue;
        }
        let mut sites: BTreeMap<String, usize> = BTreeMap::new();
        links.iter().filter_map(|l| site(*l)).for_each(|name| *sites.entry(name).or_default() += 1);
        if sites.values().any(|n| 2 * n > links.len()) {
            continue;
        }
        let of_all = || accounts.iter().map(|who| parts(*who));
        let least = (of_all().map(|p| p.0).fold(1.0, f64::min), of_all().map(|p| p.1).fold(1.0, f64::min));
        let list = List { accounts: accounts.clone(), links, sites: sites.len(), least, p: *p };
        found.entry(accounts).or_insert(list);
    }
    found.into_values().collect()
}
