//! Which messages are of one wave.
//!
//! You may rely on: the groups are the connected parts of a graph, so the order of messages changes nothing; memory
//! grows with the messages judged, never with the mailbox. Left out: a wave that shares nothing but its purpose.

use super::member::{Common, Member};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Values of two sketches that must be the same, of 16: texts whose runs of words agree by two thirds.
const ALIKE: usize = 10;
/// Texts that a text is held against, of those that share two neighbouring values with it.
const COMPARED: usize = 24;
/// Seconds between two messages that two weak things join: two weeks.
const APART: i64 = 14 * 86_400;

/// Texts met, findable by what they resemble.
#[derive(Default)]
pub struct Templates {
    /// Sketch and name of each.
    all: Vec<(Vec<u64>, String)>,
    bands: HashMap<(usize, u64, u64), Vec<usize>>,
}

impl Templates {
    /// The name of the first text that resembles this one.
    pub fn of(&self, sketch: &[u64]) -> Option<&str> {
        let mut near = BTreeSet::new();
        for (band, pair) in sketch.chunks_exact(2).enumerate() {
            near.extend(self.bands.get(&(band, pair[0], pair[1])).into_iter().flatten().take(COMPARED));
        }
        let same = |n: &&usize| self.all[**n].0.iter().zip(sketch).filter(|(a, b)| a == b).count() >= ALIKE;
        near.iter().find(same).map(|n| self.all[*n].1.as_str())
    }

    /// Adds a text; its name is that of one it resembles, or `key`.
    pub fn add(&mut self, sketch: &[u64], key: &str) -> Option<String> {
        if sketch.is_empty() {
            return None;
        }
        if let Some(known) = self.of(sketch) {
            return Some(known.to_string());
        }
        for (band, pair) in sketch.chunks_exact(2).enumerate() {
            let entry = self.bands.entry((band, pair[0], pair[1])).or_default();
            if entry.len() < COMPARED {
                entry.push(self.all.len());
            }
        }
        self.all.push((sketch.to_vec(), key.to_string()));
        Some(key.to_string())
    }
}

/// How often something was met in messages judged, and in ordinary ones.
#[derive(Clone, Copy, Default, Debug)]
pub struct Met {
    /// In messages judged low or above.
    pub judged: usize,
    /// In all others.
    pub ordinary: usize,
}

impl Met {
    /// Whether it is rarely met in ordinary mail: what is not, is a provider's, a list's or a habit, and joins nobody.
    pub fn is_rare(self) -> bool {
        self.ordinary <= (self.judged / 2).max(1)
    }
}

struct Union(Vec<usize>);

impl Union {
    fn root(&mut self, mut n: usize) -> usize {
        while self.0[n] != n {
            self.0[n] = self.0[self.0[n]];
            n = self.0[n];
        }
        n
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// The groups, each in order of time; `members` are in order of key.
pub fn groups(members: &[Member], met: &BTreeMap<Common, Met>) -> Vec<Vec<usize>> {
    let mut union = Union((0..members.len()).collect());
    let mut strong: BTreeMap<&Common, usize> = BTreeMap::new();
    let mut weak: BTreeMap<(&Common, &Common), Vec<usize>> = BTreeMap::new();
    for (n, member) in members.iter().enumerate() {
        let rare: Vec<&Common> =
            member.shared.iter().filter(|s| met.get(s).is_none_or(|m| m.is_rare())).take(64).collect();
        for shared in rare.iter().filter(|s| s.is_strong()) {
            let first = *strong.entry(shared).or_insert(n);
            union.join(first, n);
        }
        let slight: Vec<&Common> = rare.into_iter().filter(|s| !s.is_strong()).take(8).collect();
        for (i, a) in slight.iter().enumerate() {
            slight[i + 1..].iter().for_each(|b| weak.entry((a, b)).or_default().push(n));
        }
    }
    for mut all in weak.into_values() {
        all.sort_by_key(|&n| (members[n].time, n));
        for pair in all.windows(2) {
            if members[pair[1]].time.since(members[pair[0]].time) <= APART {
                union.join(pair[0], pair[1]);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for n in 0..members.len() {
        groups.entry(union.root(n)).or_default().push(n);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups
        .iter_mut()
        .for_each(|g| g.sort_by(|&a, &b| (members[a].time, &members[a].key).cmp(&(members[b].time, &members[b].key))));
    groups
}
