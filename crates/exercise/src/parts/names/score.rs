//! Holds findings on names against the truth: look-alikes at medium or above against the decoys, by registrable domain, and
//! pairs of names that a cluster joins against pairs of one hand.

use super::TrueNames;
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Severity};
use rows::Row as _;
use rows::names::{Cluster, Lookalike};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on names are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NamesScore {
    /// Decoy addresses: look-alikes at medium or above, by registrable domain.
    pub decoys: Rate,
    /// Pairs of names of one hand: those a cluster joins.
    pub hands: Rate,
    /// Decoys that were not found.
    pub decoys_missed: Vec<String>,
    /// Names held to be decoys that are none.
    pub decoys_false: Vec<String>,
}

/// Names, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedNames {
    /// Decoy addresses.
    pub decoys: u64,
    /// Groups of names of one hand.
    pub hands: u64,
    /// Names among which decoys hide.
    pub ordinary_names: u64,
}

impl NamesScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("decoy addresses", &self.decoys);
        sheet.rate("pairs of one hand", &self.hands);
        for (what, names) in [("missed", &self.decoys_missed), ("no decoy", &self.decoys_false)] {
            if !names.is_empty() {
                sheet.note(format!("  {what}: {}", names.join(", ")));
            }
        }
    }
}

/// What findings say of names.
#[derive(Default, Debug)]
pub struct FoundNames {
    /// Decoys, by registrable domain.
    pub(super) decoys: BTreeSet<String>,
    /// Pairs of names that a cluster joins, in order.
    pairs: BTreeSet<(String, String)>,
    /// Clusters.
    pub(super) clusters: u64,
}

impl FoundNames {
    pub(super) fn take(&mut self, f: &Finding) {
        if f.detector == Lookalike::NAME && f.severity >= Severity::Medium {
            self.decoys.insert(f.key.clone());
        } else if f.detector == Cluster::NAME {
            self.clusters += 1;
            // Of a row that cannot be read no pair was found.
            let mut domains = Cluster::of(&f.fields).map(|c| c.domains).unwrap_or_default();
            domains.truncate(1000);
            domains.sort();
            self.pairs.extend(pairs_of(&domains));
        }
    }

    pub(super) fn score(&self, truth: &TrueNames) -> NamesScore {
        let decoys: BTreeSet<&str> = truth.decoys.iter().map(|d| d.name.as_str()).collect();
        let found: BTreeSet<&str> = self.decoys.iter().map(String::as_str).collect();
        let hands: BTreeSet<_> = by_hand(truth).values().flat_map(|names| pairs_of(names)).collect();
        let example = |names: &mut dyn Iterator<Item = &&str>| names.take(EXAMPLES).map(|n| n.to_string()).collect();
        NamesScore {
            decoys: Rate::new(decoys.len(), found.len(), decoys.intersection(&found).count()),
            hands: Rate::new(hands.len(), self.pairs.len(), hands.intersection(&self.pairs).count()),
            decoys_missed: example(&mut decoys.difference(&found)),
            decoys_false: example(&mut found.difference(&decoys)),
        }
    }
}

/// All pairs of some names, in order.
fn pairs_of(sorted: &[String]) -> Vec<(String, String)> {
    let with = |(n, a): (usize, &String)| sorted[n + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>();
    sorted.iter().enumerate().flat_map(with).collect()
}

/// Decoys that are truly of one hand, by hand, sorted.
pub(super) fn by_hand(truth: &TrueNames) -> BTreeMap<&str, Vec<String>> {
    let mut hands: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for d in truth.decoys.iter().filter(|d| !d.hand.is_empty()) {
        hands.entry(&d.hand).or_default().push(d.name.clone());
    }
    hands.values_mut().for_each(|names| names.sort());
    hands
}
