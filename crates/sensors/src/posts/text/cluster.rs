//! Texts that are copies of one text, put together.
//!
//! Verified pairs are taken from the most alike to the least; the groups of both are joined when their members are
//! alike *on average* (group-average linkage; of large groups a fixed sample of members), so that a group does not
//! drift along a chain of neighbours. Every choice is by content: the order of files changes nothing.
//!
//! Left out: topics. Texts about one thing in their own words stay apart.

use super::candidates::Candidates;
use super::corpus::{Corpus, Id};
use super::verify::{Comparer, Least};
use rayon::prelude::*;
use std::collections::HashMap;

/// Two texts alone must be this alike to be one's copies. Of 20 million pairs of unrelated news, jokes and posts in six
/// languages one or two are (`copied_text accuracy`), of rewordings more than nine in ten.
pub const ALIKE: f32 = 0.31;
/// Groups must be this alike on average; also the least that a pair is kept for.
pub const ALIKE_ON_AVERAGE: f32 = 0.27;
/// Members of a group that stand for it.
const SAMPLE: usize = 8;
/// Two groups that were refused so often, each time with other members, are not tried again.
const MAX_REFUSALS: u8 = 64;

/// The surprise in bits that makes chance a bad explanation: among all pairs of so many texts, fewer than one pair in a
/// hundred is expected to share as much.
pub fn enough_bits(texts: usize) -> f32 {
    (2.0 * (texts.max(2) as f32).log2() + 6.0).max(30.0)
}

struct Edge {
    similarity: f32,
    a: Id,
    b: Id,
}

/// The group of each different text, named by its least member.
pub fn group(corpus: &Corpus) -> Vec<Id> {
    let enough = enough_bits(corpus.len() as usize);
    let candidates = Candidates::new(corpus);
    let mut edges: Vec<Edge> = Vec::new();
    for part in 0..candidates.parts() {
        let pairs = candidates.pairs(part);
        edges.par_extend(pairs.par_chunks(1024).flat_map_iter(|pairs| {
            let mut comparer = Comparer::default();
            pairs.iter().filter_map(move |&(a, b)| edge(corpus, &mut comparer, a, b, enough)).collect::<Vec<_>>()
        }));
    }
    drop(candidates);
    edges.par_sort_unstable_by(|x, y| y.similarity.total_cmp(&x.similarity).then((x.a, x.b).cmp(&(y.a, y.b))));
    edges.dedup_by_key(|e| (e.a, e.b));
    let mut groups = Groups::new(corpus);
    edges.iter().for_each(|e| groups.consider(e));
    (0..corpus.len()).map(|id| groups.find(id)).collect()
}

fn edge(corpus: &Corpus, comparer: &mut Comparer, a: Id, b: Id, enough: f32) -> Option<Edge> {
    let shared = comparer.shared_at_least(corpus, a, b, Least { bits: enough, similarity: ALIKE_ON_AVERAGE });
    let similarity = shared.similarity();
    (shared.bits >= enough && similarity >= ALIKE_ON_AVERAGE).then_some(Edge { similarity, a, b })
}

struct Groups<'a> {
    corpus: &'a Corpus,
    parent: Vec<Id>,
    sample: HashMap<Id, Vec<Id>>,
    /// Of each group how often it grew.
    grown: Vec<u32>,
    /// Of two groups, how often they were refused, and how often they had grown then.
    refusals: HashMap<(Id, Id), (u8, u32)>,
    comparer: Comparer,
}

impl Groups<'_> {
    fn new(corpus: &Corpus) -> Groups<'_> {
        Groups {
            corpus,
            parent: (0..corpus.len()).collect(),
            sample: Default::default(),
            grown: vec![0; corpus.len() as usize],
            refusals: Default::default(),
            comparer: Comparer::default(),
        }
    }

    fn find(&mut self, mut id: Id) -> Id {
        while self.parent[id as usize] != id {
            let up = self.parent[self.parent[id as usize] as usize];
            self.parent[id as usize] = up;
            id = up;
        }
        id
    }

    fn consider(&mut self, edge: &Edge) {
        let (a, b) = (self.find(edge.a), self.find(edge.b));
        let (a, b) = (a.min(b), a.max(b));
        if a == b {
            return;
        }
        // Groups that have not grown since would be refused again.
        let grown = self.grown[a as usize] + self.grown[b as usize];
        let (refused, then) = self.refusals.get(&(a, b)).copied().unwrap_or((0, u32::MAX));
        if refused >= MAX_REFUSALS || then == grown {
            return;
        }
        let left = self.sample.get(&a).cloned().unwrap_or_else(|| vec![a]);
        let right = self.sample.get(&b).cloned().unwrap_or_else(|| vec![b]);
        if !self.alike(edge, &left, &right) {
            self.refusals.insert((a, b), (refused + 1, grown));
            return;
        }
        self.parent[b as usize] = a;
        self.grown[a as usize] += 1;
        self.sample.remove(&b);
        // Halves of both, so that neither side's words are forgotten.
        let mut both: Vec<Id> = left;
        both.extend(right);
        both.sort_unstable();
        if both.len() > SAMPLE {
            let step = both.len() as f32 / SAMPLE as f32;
            both = (0..SAMPLE).map(|n| both[(n as f32 * step) as usize]).collect();
        }
        self.sample.insert(a, both);
    }

    fn alike(&mut self, edge: &Edge, left: &[Id], right: &[Id]) -> bool {
        let pairs = (left.len() * right.len()) as f32;
        if pairs == 1.0 {
            return edge.similarity >= ALIKE;
        }
        let (mut sum, mut left_over) = (0.0, pairs);
        for &a in left {
            for &b in right {
                sum += self.comparer.shared(self.corpus, a, b).similarity();
                left_over -= 1.0;
                if sum + left_over < ALIKE_ON_AVERAGE * pairs {
                    return false;
                }
            }
        }
        sum / pairs >= ALIKE_ON_AVERAGE
    }
}
