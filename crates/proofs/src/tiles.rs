//! A Merkle tree cut into tiles of 256 hashes (c2sp.org/tlog-tiles).
//!
//! You may rely on: a tile is believed only once it hashes to the signed root, directly or through the tile above it.
//! A tree of a smaller size is computed from believed tiles alone, which proves consistency. Left out: fetching.

use crate::Fault;
use crate::merkle::{Hash, fold, node, sha256};
use std::collections::BTreeMap;
use std::ops::Range;

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;
/// Levels of tiles (static-ct-api: 0 to 5).
const LEVELS: u8 = 6;
/// Believed tiles that are remembered.
const REMEMBERED: usize = 64;

/// A tile in a tree of some size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The level: 0 over leaves.
    pub level: u8,
    /// The index within it.
    pub n: u64,
    /// Hashes it holds: 1 to 256.
    pub width: u64,
}

impl Place {
    /// The tile in a tree of `size` leaves; none if it is empty.
    pub fn in_tree(level: u8, n: u64, size: u64) -> Option<Place> {
        let hashes = size >> (8 * u32::from(level));
        let width = hashes.saturating_sub(n.saturating_mul(WIDTH)).min(WIDTH);
        (width > 0).then_some(Place { level, n, width })
    }

    /// Whether it will not grow.
    pub fn is_full(self) -> bool {
        self.width == WIDTH
    }
}

/// The index of a tile as its path (`x001/x234/067`), with the suffix of a partial one.
pub fn path(n: u64, width: u64) -> String {
    let mut groups = vec![format!("{:03}", n % 1000)];
    let mut rest = n / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    let suffix = if width < WIDTH { format!(".p/{width}") } else { String::new() };
    groups.join("/") + &suffix
}

/// Fetches the hashes of a tile: exactly as many as its width.
pub type Fetch<'f, E> = &'f dyn Fn(Place) -> Result<Vec<Hash>, E>;

/// The tree of one checkpoint, and what is believed of it.
pub struct Tree {
    size: u64,
    believed: BTreeMap<(u8, u64), Vec<Hash>>,
    /// The order in which they were asked for, full ones only.
    order: std::collections::VecDeque<(u8, u64)>,
}

impl Tree {
    /// The tree with this size and root: its right edge must hash to the root.
    pub fn open<E: From<Fault>>(size: u64, root: &Hash, fetch: Fetch<E>) -> Result<Tree, E> {
        let mut tree = Tree { size, believed: BTreeMap::new(), order: Default::default() };
        let mut folded = None;
        for level in 0..LEVELS {
            let hashes = size >> (8 * u32::from(level));
            let width = hashes % WIDTH;
            if width > 0 {
                let place = Place { level, n: hashes / WIDTH, width };
                let tile = fetch(place)?;
                folded = fold(&tile, folded);
                tree.believed.insert((level, place.n), tile);
            }
        }
        if size >> (8 * u32::from(LEVELS)) > 0 {
            return Err(Fault::Checkpoint("its size is beyond any log's".into()).into());
        }
        // The root of no leaves is the hash of nothing (RFC 6962 2.1).
        if folded.unwrap_or_else(|| sha256(&[])) != *root {
            return Err(Fault::Root("the tiles of the right edge do not hash to the signed root".into()).into());
        }
        Ok(tree)
    }

    /// A believed tile.
    pub fn tile<E: From<Fault>>(&mut self, level: u8, n: u64, fetch: Fetch<E>) -> Result<&[Hash], E> {
        let Some(place) = Place::in_tree(level, n, self.size) else {
            return Err(Fault::Root(format!("tile {level}/{n} is beyond the tree")).into());
        };
        if !self.believed.contains_key(&(level, n)) {
            // Full, for the partial ones are the right edge; so there is one above it that vouches for it.
            let tile = fetch(place)?;
            self.check(level, n, &tile, fetch)?;
            if self.order.len() == REMEMBERED
                && let Some(oldest) = self.order.pop_front()
            {
                self.believed.remove(&oldest);
            }
            self.order.push_back((level, n));
            self.believed.insert((level, n), tile);
        }
        Ok(self.believed.get(&(level, n)).map_or(&[], Vec::as_slice))
    }

    /// Whether these hashes are those of a tile of this tree (of as many as the tree has there).
    pub fn check<E: From<Fault>>(&mut self, level: u8, n: u64, hashes: &[Hash], fetch: Fetch<E>) -> Result<(), E> {
        let wrong = || Fault::Root(format!("tile {level}/{n} does not hash to the signed root")).into();
        if hashes.len() as u64 != WIDTH {
            return if self.tile(level, n, fetch)? == hashes { Ok(()) } else { Err(wrong()) };
        }
        let above = self.tile(level + 1, n / WIDTH, fetch)?;
        let signed = above.get((n % WIDTH) as usize).copied();
        if signed.is_some() && signed == fold(hashes, None) { Ok(()) } else { Err(wrong()) }
    }

    /// The root over the leaves of a range that begins at a multiple of each complete tree it is made of, as those
    /// beside the way up from a leaf do.
    fn over<E: From<Fault>>(&mut self, mut leaves: Range<u64>, fetch: Fetch<E>) -> Result<Option<Hash>, E> {
        let mut complete = Vec::new();
        while leaves.start < leaves.end {
            let height = (leaves.end - leaves.start).ilog2();
            let (level, within) = ((height / 8) as u8, height % 8);
            let first = leaves.start >> (8 * u32::from(level));
            let tile = self.tile(level, first / WIDTH, fetch)?;
            let start = (first % WIDTH) as usize;
            complete.push(tile.get(start..start + (1 << within)).and_then(|hashes| fold(hashes, None)));
            leaves.start += 1 << height;
        }
        Ok(complete.into_iter().rev().fold(None, |right, left| match (left, right) {
            (Some(left), Some(right)) => Some(node(&left, &right)),
            (left, None) => left,
            _ => None,
        }))
    }

    /// The hashes beside the way up from a leaf: the proof that it is in the tree (RFC 9162 2.1.3.1).
    pub fn inclusion<E: From<Fault>>(&mut self, index: u64, fetch: Fetch<E>) -> Result<Vec<Hash>, E> {
        let (mut around, mut proof) = (0..self.size, Vec::new());
        if index >= self.size {
            return Err(Fault::Root(format!("leaf {index} is beyond the tree")).into());
        }
        while around.end - around.start > 1 {
            let middle = around.start + (around.end - around.start).next_power_of_two() / 2;
            let beside = if index < middle { middle..around.end } else { around.start..middle };
            proof.extend(self.over(beside, fetch)?);
            around = if index < middle { around.start..middle } else { middle..around.end };
        }
        proof.reverse();
        Ok(proof)
    }

    /// The proof that the tree grew out of the one it was with `old` leaves (RFC 9162 2.1.4.1).
    pub fn consistency<E: From<Fault>>(&mut self, old: u64, fetch: Fetch<E>) -> Result<Vec<Hash>, E> {
        let (mut around, mut proof) = (0..self.size, Vec::new());
        if old > self.size {
            return Err(Fault::Root(format!("{old} leaves are more than the tree has")).into());
        }
        while old > around.start && old < around.end {
            let middle = around.start + (around.end - around.start).next_power_of_two() / 2;
            let beside = if old <= middle { middle..around.end } else { around.start..middle };
            proof.extend(self.over(beside, fetch)?);
            around = if old <= middle { around.start..middle } else { middle..around.end };
        }
        // The old tree as a whole needs no hash of itself.
        if around.start > 0 {
            proof.extend(self.over(around, fetch)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// The root this tree had when it had `size` leaves.
    pub fn root_at<E: From<Fault>>(&mut self, size: u64, fetch: Fetch<E>) -> Result<Hash, E> {
        let mut folded = None;
        for level in 0..LEVELS {
            let hashes = size >> (8 * u32::from(level));
            let width = (hashes % WIDTH) as usize;
            if width > 0 {
                let tile = self.tile(level, hashes / WIDTH, fetch)?;
                folded = fold(tile.get(..width).unwrap_or(&[]), folded);
            }
        }
        Ok(folded.unwrap_or_else(|| sha256(&[])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{grew, includes, leaf};

    /// RFC 6962 2.1, word for word.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            all => {
                let k = all.len().next_power_of_two() / 2;
                node(&root(&all[..k]), &root(&all[k..]))
            }
        }
    }

    fn tile(leaves: &[Hash], place: Place) -> Vec<Hash> {
        let span = 1usize << (8 * u32::from(place.level));
        let start = (place.n * WIDTH) as usize * span;
        (0..place.width as usize).map(|i| root(&leaves[start + i * span..start + (i + 1) * span])).collect()
    }

    #[test]
    fn tiles_give_the_roots_of_the_rfc() {
        let leaves: Vec<Hash> = (0..66_000u32).map(|i| leaf(&[&i.to_be_bytes()])).collect();
        for size in [0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000] {
            let fetch = |p: Place| -> Result<_, Fault> { Ok(tile(&leaves[..size], p)) };
            let mut tree = Tree::open(size as u64, &root(&leaves[..size]), &fetch).expect("the root holds");
            for old in [0, 1, 2, 100, 255, 256, 257, 700, 65_536].into_iter().filter(|o| *o <= size) {
                assert_eq!(tree.root_at(old as u64, &fetch).ok(), Some(root(&leaves[..old])), "{old} of {size}");
                let (before, now, n) = (root(&leaves[..old]), root(&leaves[..size]), size as u64);
                if old > 0 {
                    let proof = tree.consistency(old as u64, &fetch).expect("tiles are there");
                    assert!(grew(0..old as u64, &before, n, &now, &proof), "{old} to {size}");
                    let proof = tree.inclusion(old as u64 - 1, &fetch).expect("tiles are there");
                    assert!(includes(0..n, &now, old as u64 - 1, &leaves[old - 1], &proof), "{old} in {size}");
                }
            }
            assert!(Tree::open(size as u64, &[7; 32], &fetch).is_err());
        }
        let fetch = |p: Place| -> Result<_, Fault> { Ok(tile(&leaves, p)) };
        let mut tree = Tree::open(66_000, &root(&leaves), &fetch).expect("the root holds");
        assert!(tree.check(0, 3, &leaves[768..1024], &fetch).is_ok());
        assert!(tree.check(0, 4, &leaves[768..1024], &fetch).is_err());
        assert!(tree.check(0, 257, &leaves[65_792..66_000], &fetch).is_ok());
        assert!(tree.check(0, 257, &leaves[65_792..65_999], &fetch).is_err());
    }

    #[test]
    fn paths_are_those_of_the_specification() {
        for (n, width, expected) in
            [(0, 256, "000"), (67, 12, "067.p/12"), (1_234_067, 256, "x001/x234/067"), (1000, 255, "x001/000.p/255")]
        {
            assert_eq!(path(n, width), expected);
        }
        assert_eq!(Place::in_tree(0, 273, 70_000).map(|p| p.width), Some(112));
        assert_eq!(Place::in_tree(1, 1, 70_000).map(|p| p.width), Some(17));
        assert_eq!(Place::in_tree(2, 0, 70_000).map(|p| p.width), Some(1));
        assert_eq!(Place::in_tree(0, 274, 70_000), None);
    }
}
