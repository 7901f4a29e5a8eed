//! Password spraying: many sources, each trying little, over the same names.
//!
//! Two parties are of one spray if they try one service of one site within the window of each other, and either share
//! a name that not every scanner tries, or tried the same two or more names. (Everybody's `root` proves nothing.)
//! Left out: sources that each try one name nobody else tries; nothing in a log ties them together.

use super::party::{Party, is_default};
use model::{Address, Time};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Tries of one member, at most.
pub const FEW: u64 = 5;
/// Sources, at least.
const SOURCES: usize = 5;
/// Parties looked at for one service of one site; later ones are judged alone.
const PARTIES: usize = 500_000;

/// One small party.
struct Small {
    first: Time,
    last: Time,
    source: Address,
    /// Hashes of what ties it to others.
    ties: Vec<u64>,
}

/// Which parties belong to which spray: (service and site, source, first event) → the spray's number.
#[derive(Default)]
pub struct Sprays {
    smalls: Vec<Small>,
    place: String,
    members: HashMap<(u64, Address, Time), usize>,
    found: usize,
}

fn hash(value: impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

impl Sprays {
    /// Looks at one party; they come place by place.
    pub fn see(&mut self, place: &str, party: &Party, window: i64) {
        if self.place != place {
            self.gather(window);
            self.place = place.to_string();
        }
        if !may_spray(party) || self.smalls.len() >= PARTIES {
            return;
        }
        let mut ties: Vec<u64> = party.names.keys().filter(|n| !is_default(n) && !n.is_empty()).map(hash).collect();
        if party.names.len() >= 2 {
            ties.push(hash(party.names.keys().collect::<Vec<_>>()));
        }
        if !ties.is_empty() {
            self.smalls.push(Small { first: party.first, last: party.last, source: party.source, ties });
        }
    }

    /// Ties the parties of one place.
    pub fn gather(&mut self, window: i64) {
        let mut smalls = std::mem::take(&mut self.smalls);
        smalls.sort_by_key(|s| (s.first, s.source));
        let mut of: Vec<usize> = (0..smalls.len()).collect();
        let mut latest: HashMap<u64, (usize, Time)> = HashMap::new();
        for (i, small) in smalls.iter().enumerate() {
            for &tie in &small.ties {
                let (other, until) = *latest.get(&tie).unwrap_or(&(i, small.last));
                if small.first.since(until) <= window {
                    unite(&mut of, i, other);
                }
                latest.insert(tie, (i, small.last.max(until)));
            }
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..smalls.len() {
            groups.entry(root(&mut of, i)).or_default().push(i);
        }
        let place = hash(&self.place);
        for group in groups.into_values() {
            let sources: HashSet<Address> = group.iter().map(|&i| smalls[i].source).collect();
            if sources.len() < SOURCES {
                continue;
            }
            for i in group {
                self.members.insert((place, smalls[i].source, smalls[i].first), self.found);
            }
            self.found += 1;
        }
    }

    /// The spray that a party belongs to.
    pub fn of(&self, place: &str, party: &Party) -> Option<usize> {
        self.members.get(&(hash(place), party.source, party.first)).copied()
    }
}

/// Few tries; and not a person who mistypes the own name once or twice and gets in.
fn may_spray(party: &Party) -> bool {
    let slip = |e: &super::party::Entry| party.names.len() == 1 && party.names.contains_key(&e.user);
    (1..=FEW).contains(&party.tries) && !party.entries.iter().any(slip)
}

fn root(of: &mut [usize], mut i: usize) -> usize {
    while of[i] != i {
        of[i] = of[of[i]];
        i = of[i];
    }
    i
}

fn unite(of: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(of, a), root(of, b));
    let (low, high) = (a.min(b), a.max(b));
    of[high] = low;
}
