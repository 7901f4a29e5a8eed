//! Which of many vectors lie close to each other, and how close others lie by and large.
//!
//! Few vectors are compared all with all. Many are cut in halves again and again, each time by which of two of them they
//! are nearer to, and those are compared that end in one small part; several such trees find what one tears apart.
//!
//! You may rely on: time grows with the number of vectors and its logarithm, however they lie, for the halves are equal;
//! what is drawn depends on all vectors together, so that nobody who brings some of them knows the parts beforehand;
//! the same vectors in the same order give the same pairs. Left out: some pairs of many vectors (`bench/RESULTS.md`).

use crate::network::{DIMENSIONS, Vector};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// A vector is kept in whole numbers, so that sums are exact in any order: a number of one is this. The products of two
/// vectors of length one then fit 31 bits.
pub const ONE: f32 = 32_767.0;
/// Up to so many are compared all with all.
const FEW: usize = 4096;
/// How many trees there are, and how many vectors a part of one holds at most.
const TREES: u64 = 32;
const PART: usize = 64;
/// Neighbours of a vector that are kept.
const KEPT: usize = 16;
/// How close others lie is looked up among so many, drawn from all: the mean of these ranks, for the nearest may be
/// of one meaning and the farthest say nothing.
const SAMPLE: usize = 1024;
const RANKS: std::ops::Range<usize> = 10..41;
/// A rank that nobody takes is taken by one that lies so close.
const IMAGINED: f32 = 0.3;
/// The least and the most that the mean may be: a collection on one subject is judged by the subject, but not without end.
const LEAST: f32 = 0.2;
const MOST: f32 = 0.4;

/// Vectors of length one.
#[derive(Default)]
pub struct Vectors {
    numbers: Vec<[i16; DIMENSIONS]>,
}

/// A vector as it is kept.
pub fn kept(vector: &Vector) -> [i16; DIMENSIONS] {
    std::array::from_fn(|n| (vector[n] * ONE).round() as i16)
}

impl From<Vec<[i16; DIMENSIONS]>> for Vectors {
    fn from(numbers: Vec<[i16; DIMENSIONS]>) -> Vectors {
        Vectors { numbers }
    }
}

fn product(a: &[i16; DIMENSIONS], b: &[i16; DIMENSIONS]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

fn cosine(product: i32) -> f32 {
    product as f32 / (ONE * ONE)
}

/// Spreads a number over 64 bits.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 32)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    x = (x ^ (x >> 28)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    x ^ (x >> 31)
}

impl Vectors {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The cosine of two.
    pub fn cosine(&self, a: u32, b: u32) -> f32 {
        cosine(product(&self.numbers[a as usize], &self.numbers[b as usize]))
    }

    /// The numbers of one.
    pub fn numbers(&self, n: u32) -> &[i16; DIMENSIONS] {
        &self.numbers[n as usize]
    }

    /// A number that depends on all of them.
    fn seed(&self) -> u64 {
        let hashes = self.numbers.par_chunks(4096).map(|rows| {
            let mut hash = Sha256::new();
            rows.iter().flatten().for_each(|x| hash.update(x.to_le_bytes()));
            hash.finalize()
        });
        let hashes: Vec<_> = hashes.collect();
        let whole = Sha256::digest(hashes.concat());
        u64::from_le_bytes(std::array::from_fn(|n| whole[n]))
    }

    /// For each how close those lie that say something else.
    pub fn background(&self) -> Vec<f32> {
        let seed = self.seed();
        let mut drawn: Vec<u32> = (0..self.len() as u32).collect();
        drawn.sort_by_key(|n| mix(seed ^ u64::from(*n)));
        drawn.truncate(SAMPLE);
        let of = |n: u32| {
            let mut near: Vec<i32> =
                drawn.iter().filter(|d| **d != n).map(|d| product(self.numbers(n), self.numbers(*d))).collect();
            near.sort_unstable_by(|a, b| b.cmp(a));
            let rank = |r: usize| near.get(r).map_or(IMAGINED, |p| cosine(*p));
            (RANKS.map(rank).sum::<f32>() / RANKS.len() as f32).clamp(LEAST, MOST)
        };
        (0..self.len() as u32).into_par_iter().map(of).collect()
    }

    /// Pairs, the lesser first, whose cosine is at least what is asked of the two; in order, each once. Of a vector with
    /// very many neighbours the nearest are told.
    pub fn pairs(&self, least: &(dyn Fn(u32, u32) -> f32 + Sync)) -> Vec<(u32, u32, f32)> {
        let all: Vec<u32> = (0..self.len() as u32).collect();
        let mut near: Vec<Vec<(i32, u32)>> = vec![Vec::new(); self.len()];
        if self.len() <= FEW {
            let found: Vec<Vec<(i32, u32)>> =
                all.par_iter().map(|a| self.among(*a, &all[*a as usize + 1..], least)).collect();
            for (a, found) in found.into_iter().enumerate() {
                for (product, b) in found {
                    near[a].push((product, b));
                    near[b as usize].push((product, a as u32));
                }
            }
            near.par_iter_mut().for_each(nearest);
        } else {
            let seed = self.seed();
            for tree in 0..TREES {
                let parts = self.tree(mix(seed ^ tree));
                let found: Vec<(u32, Vec<(i32, u32)>)> = parts
                    .par_iter()
                    .flat_map_iter(|part| {
                        let mut of: Vec<Vec<(i32, u32)>> = vec![Vec::new(); part.len()];
                        for (i, a) in part.iter().enumerate() {
                            for (j, b) in part.iter().enumerate().skip(i + 1) {
                                let product = product(self.numbers(*a), self.numbers(*b));
                                if cosine(product) >= least(*a, *b) {
                                    of[i].push((product, *b));
                                    of[j].push((product, *a));
                                }
                            }
                        }
                        part.iter().copied().zip(of).filter(|(_, of)| !of.is_empty()).collect::<Vec<_>>()
                    })
                    .collect();
                for (a, found) in found {
                    near[a as usize].extend(found);
                }
                near.par_iter_mut().for_each(nearest);
            }
        }
        let mut pairs: Vec<(u32, u32, f32)> = near
            .iter()
            .enumerate()
            .flat_map(|(a, near)| near.iter().map(move |(p, b)| ((a as u32).min(*b), (a as u32).max(*b), cosine(*p))))
            .collect();
        pairs.par_sort_unstable_by_key(|(a, b, _)| (*a, *b));
        pairs.dedup_by_key(|(a, b, _)| (*a, *b));
        pairs
    }

    fn among(&self, a: u32, others: &[u32], least: &(dyn Fn(u32, u32) -> f32 + Sync)) -> Vec<(i32, u32)> {
        let all = others.iter().map(|b| (product(self.numbers(a), self.numbers(*b)), *b));
        all.filter(|(p, b)| cosine(*p) >= least(a, *b)).collect()
    }

    /// All vectors in small parts, of those that lie on one side of every cut.
    fn tree(&self, seed: u64) -> Vec<Vec<u32>> {
        let mut parts = vec![(0..self.len() as u32).collect::<Vec<u32>>()];
        let mut depth = 0;
        while parts.iter().any(|part| part.len() > PART) {
            depth += 1;
            let cut = |(n, part): (usize, Vec<u32>)| {
                if part.len() <= PART {
                    return vec![part];
                }
                let draw =
                    |k: u64| part[(mix(seed ^ mix(depth << 48 ^ (n as u64) << 2 ^ k)) % part.len() as u64) as usize];
                let (left, right) = (self.numbers(draw(0)), self.numbers(draw(1)));
                // Equals part by their numbers, so that halves are halves whatever is in them.
                let side = |n: &u32| (product(self.numbers(*n), left) - product(self.numbers(*n), right), *n);
                let mut sides: Vec<(i32, u32)> = part.iter().map(side).collect();
                let middle = sides.len() / 2;
                sides.select_nth_unstable(middle);
                let mut halves: Vec<Vec<u32>> =
                    [&sides[..middle], &sides[middle..]].map(|half| half.iter().map(|s| s.1).collect()).into();
                // A selection leaves its parts in no order that may be relied on.
                halves.iter_mut().for_each(|half| half.sort_unstable());
                halves
            };
            parts = parts.into_par_iter().enumerate().flat_map_iter(cut).collect();
        }
        parts
    }
}

/// Leaves the nearest neighbours, each once.
fn nearest(near: &mut Vec<(i32, u32)>) {
    near.sort_unstable_by_key(|(p, n)| (std::cmp::Reverse(*p), *n));
    near.dedup();
    near.truncate(KEPT);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors that are pairs of near ones, each pair by itself.
    fn made(pairs: usize) -> Vectors {
        let number = |n: u64, k: u64| (mix(n << 16 ^ k) % 2001) as f32 - 1000.0;
        let one = |n: u64| -> Vector {
            let raw: Vec<f32> =
                (0..DIMENSIONS as u64).map(|k| number(n / 2, k) + 0.6 * number(n | 1 << 40, k)).collect();
            let length = raw.iter().map(|x| x * x).sum::<f32>().sqrt();
            std::array::from_fn(|k| raw[k] / length)
        };
        Vectors::from((0..2 * pairs as u64).map(|n| kept(&one(n))).collect::<Vec<_>>())
    }

    #[test]
    fn few_are_compared_all_with_all() {
        let vectors = made(40);
        let pairs = vectors.pairs(&|_, _| 0.5);
        assert_eq!(pairs.len(), 40);
        assert!(
            pairs.iter().enumerate().all(|(n, (a, b, c))| (*a, *b) == (2 * n as u32, 2 * n as u32 + 1) && *c < 0.9)
        );
        assert!(vectors.background().iter().all(|b| *b == LEAST));
        assert!(Vectors::default().pairs(&|_, _| 0.5).is_empty() && Vectors::default().background().is_empty());
    }

    #[test]
    fn of_many_most_are_found_and_nothing_else() {
        let vectors = made(FEW / 2 + 500);
        let pairs = vectors.pairs(&|_, _| 0.5);
        assert!(pairs.iter().all(|(a, b, _)| a / 2 == b / 2));
        assert!(pairs.len() * 10 > 9 * vectors.len() / 2, "{} of {}", pairs.len(), vectors.len() / 2);
        // All equal: halves all the same.
        let equal = Vectors::from(vec![*vectors.numbers(0); FEW + 1]);
        assert!(equal.tree(1).iter().all(|part| part.len() <= PART));
        assert!(equal.pairs(&|_, _| 0.5).len() <= equal.len() * KEPT);
    }
}
