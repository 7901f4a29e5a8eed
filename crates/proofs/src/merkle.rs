//! The Merkle tree of RFC 6962 2.1 over SHA-256, and the proofs of RFC 9162 2.1.3 and 2.1.4: that a leaf is in a tree,
//! that a tree grew out of a smaller one. Both also hold for a *subtree*, leaves `start..end` of a tree, as Merkle tree
//! certificates define it (draft-ietf-plants-merkle-tree-certs); a whole tree is the subtree that starts at 0.
//!
//! You may rely on: a proof is taken only if it has neither a hash too few nor one too many. A tree of another kind hashes
//! its nodes in its own way ([`climb`], [`Whole`]). Left out: proofs out of trees too large to be held (`tiles`).

use ring::digest::{Context, SHA256, digest};
use std::ops::Range;

/// A SHA-256.
pub type Hash = [u8; 32];

/// SHA-256; of nothing, it is the root of no leaves.
pub fn sha256(bytes: &[u8]) -> Hash {
    digest(&SHA256, bytes).as_ref().try_into().unwrap_or_default()
}

fn finish(context: Context) -> Hash {
    context.finish().as_ref().try_into().unwrap_or_default()
}

/// The hash of a leaf whose bytes are `parts`, one after another.
pub fn leaf(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    parts.iter().for_each(|p| context.update(p));
    finish(context)
}

/// The hash over two others.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[1]);
    context.update(left);
    context.update(right);
    finish(context)
}

/// The hash over these and, right of them, what is folded already. `hashes` are roots of complete trees of one size,
/// `right` is that of a smaller one.
pub fn fold(hashes: &[Hash], right: Option<Hash>) -> Option<Hash> {
    let mut peaks = Vec::new();
    let mut rest = hashes;
    while !rest.is_empty() {
        let complete = 1 << rest.len().ilog2();
        let (left, tail) = rest.split_at(complete);
        let mut level = left.to_vec();
        while level.len() > 1 {
            level = level.chunks_exact(2).map(|pair| node(&pair[0], &pair[1])).collect();
        }
        peaks.extend(level);
        rest = tail;
    }
    peaks.into_iter().rev().fold(right, |right, left| Some(right.map_or(left, |r| node(&left, &r))))
}

/// Whether these leaves are a subtree: they start at a multiple of the smallest power of two that holds them.
fn is_subtree(leaves: &Range<u64>) -> bool {
    let holds = |n: u64| n.checked_next_power_of_two().is_some_and(|n| leaves.start.is_multiple_of(n));
    leaves.end.checked_sub(leaves.start).is_some_and(holds)
}

/// The root over a leaf at `index` of `size`, as `proof` gives the hashes beside the way up; none where these are too few
/// or too many.
pub fn climb(index: u64, size: u64, leaf: &Hash, proof: &[Hash], node: impl Fn(&Hash, &Hash) -> Hash) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            // At the right edge, levels where it has no sibling are passed over. `at` is not 0 here.
            let alone = at.trailing_zeros();
            (at, last) = (at >> alone >> 1, last >> alone >> 1);
        } else {
            hash = node(&hash, sibling);
            (at, last) = (at >> 1, last >> 1);
        }
    }
    (last == 0).then_some(hash)
}

/// Whether `proof` shows that `leaf` stands at `index` in the subtree of these leaves that has this root.
pub fn includes(leaves: Range<u64>, root: &Hash, index: u64, leaf: &Hash, proof: &[Hash]) -> bool {
    is_subtree(&leaves)
        && leaves.contains(&index)
        && climb(index - leaves.start, leaves.end - leaves.start, leaf, proof, node) == Some(*root)
}

/// A tree that is held whole: each level of it, a node without a sibling standing in the level above as it is.
#[derive(Clone, Debug)]
pub struct Whole(Vec<Vec<Hash>>);

impl Whole {
    /// The tree over these leaves.
    pub fn new(leaves: Vec<Hash>, node: impl Fn(&Hash, &Hash) -> Hash) -> Whole {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|l| l.len() > 1) {
            let pair = |pair: &[Hash]| pair.get(1).map_or(pair[0], |right| node(&pair[0], right));
            levels.push(below.chunks(2).map(pair).collect());
        }
        Whole(levels)
    }

    /// Its root; of no leaves, the hash of nothing.
    pub fn root(&self) -> Hash {
        self.0.last().and_then(|top| top.first().copied()).unwrap_or_else(|| sha256(&[]))
    }

    /// The hashes beside the way up from a leaf.
    pub fn path(&self, index: u64) -> Vec<Hash> {
        let Ok(index) = usize::try_from(index) else { return Vec::new() };
        let beside = |(level, hashes): (usize, &Vec<Hash>)| hashes.get(index >> level ^ 1).copied();
        self.0.iter().enumerate().take(self.0.len().saturating_sub(1)).filter_map(beside).collect()
    }
}

/// Whether `proof` shows that the tree of `size` leaves with root `new` begins with the tree of `old.end` leaves that
/// has root `old_root`; or has that subtree, where it starts later. Nothing is shown of a tree without leaves; the
/// empty subtree is in any.
pub fn grew(old: Range<u64>, old_root: &Hash, size: u64, new: &Hash, proof: &[Hash]) -> bool {
    if !is_subtree(&old) || old.end > size {
        return false;
    }
    if old.is_empty() {
        return proof.is_empty() && *old_root == sha256(&[]);
    }
    let (mut first, mut last, mut end) = (old.start, old.end - 1, size - 1);
    while first != last && (last & 1 == 1 || last == end) {
        (first, last, end) = (first >> 1, last >> 1, end >> 1);
    }
    // A complete subtree is a node of the larger tree itself; else its largest right part begins the proof.
    let (from, rest) = match proof.split_first() {
        _ if first == last => (*old_root, proof),
        Some((from, rest)) => (*from, rest),
        None => return false,
    };
    let (mut left, mut whole) = (from, from);
    for hash in rest {
        if end == 0 {
            return false;
        }
        if last & 1 == 1 || last == end {
            if first < last {
                left = node(hash, &left);
            }
            whole = node(hash, &whole);
            let alone = last.trailing_zeros();
            (first, last, end) = (first >> alone, last >> alone, end >> alone);
        } else {
            whole = node(&whole, hash);
        }
        (first, last, end) = (first >> 1, last >> 1, end >> 1);
    }
    end == 0 && left == *old_root && whole == *new
}
