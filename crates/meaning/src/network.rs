//! The network: pieces into their embeddings, three branches of convolutions over runs of two, three and five pieces, their
//! sum over the sentence, and a small residual network into the vector.
//!
//! You may rely on: a sentence's vector does not depend on those it is worked on with. Left out: learning.

use crate::matrix::{Archive, Matrix};
use model::{Error, Result};
use std::collections::HashMap;

/// Numbers of a vector.
pub const DIMENSIONS: usize = 512;
/// What a sentence means: of length one.
pub type Vector = [f32; DIMENSIONS];

/// The table of embeddings lies in so many parts of so many rows: piece `n` is row `n / PARTS` of part `n % PARTS`.
const PARTS: usize = 17;
const ROWS: usize = 7530;
/// Numbers of an embedding, of a piece in a branch, and of a piece in all branches behind its embedding.
const EMBEDDING: usize = 512;
const BRANCH: usize = 256;
const FEATURES: usize = EMBEDDING + BRANCH * BRANCHES.len();
/// Of each branch how many pieces its windows hold, and how many of these stand before the one that it is about.
const BRANCHES: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// All places of all windows.
const PLACES: usize = 10;
/// Rows of zeros between sentences: as far as any window looks.
const BETWEEN: usize = 2;
/// Numbers within the residual network.
const SMALL: usize = 320;

/// The weights.
pub struct Network {
    table: Vec<Vec<u8>>,
    least: Vec<f32>,
    scale: Vec<f32>,
    /// Brings the projections of all branches together to mean zero.
    projected: Norm,
    branches: Vec<Branch>,
    norm: Norm,
    sum: Matrix,
    sum_bias: Vec<f32>,
    /// First into the residual stream, then the two steps within it, then out of it.
    d0: Matrix,
    d1: Matrix,
    p1: Matrix,
    d2: Matrix,
    d3: Matrix,
    p3: Matrix,
    least_length: f32,
}

/// One branch of convolutions.
struct Branch {
    project: Matrix,
    bias: Vec<f32>,
    /// The first convolution, place by place of its window, so that what a piece adds can be kept.
    first: Vec<Matrix>,
    first_bias: Vec<f32>,
    second: Matrix,
    second_bias: Vec<f32>,
}

/// Numbers brought to mean zero and variance one, then scaled.
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
    least: f32,
}

impl Norm {
    fn apply(&self, row: &mut [f32]) {
        let count = row.len() as f32;
        let mean = sum(row, |x| x) / count;
        row.iter_mut().for_each(|x| *x -= mean);
        let scale = 1.0 / (sum(row, |x| x * x) / count + self.least).sqrt();
        for ((x, gain), bias) in row.iter_mut().zip(&self.gain).zip(&self.bias) {
            *x = *x * scale * gain + bias;
        }
    }
}

/// A sum in one order, of eight lanes.
fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; 8];
    for chunk in row.chunks_exact(8) {
        lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane += of(*x));
    }
    lanes.iter().sum()
}

/// What a piece has in the first layers whatever stands beside it: in each branch its projection, and what it adds at each
/// place of a window.
struct First {
    projected: [f32; BRANCH * BRANCHES.len()],
    adds: [f32; BRANCH * PLACES],
}

/// The first layers of pieces that stand there often.
pub struct FirstLayers(HashMap<u32, First, foldhash::fast::FixedState>);

impl Network {
    /// Of the bytes of `weights.npz`.
    pub fn read(bytes: &[u8]) -> Result<Network> {
        let archive = Archive::open(bytes)?;
        let least = archive.double("eps")? as f32;
        if !(least > 0.0 && least < 1.0) {
            return Err(Error::new("the array `eps` of the weights holds what is no weight"));
        }
        let norm = |name: &str, length: usize| -> Result<Norm> {
            let [gain, bias] = ["g", "b"].map(|part| archive.floats(&name.replace('*', part), &[length]));
            Ok(Norm { gain: gain?, bias: bias?, least })
        };
        let branch = |order: usize| -> Result<Branch> {
            let first = archive.floats(&format!("w1_{order}"), &[order * BRANCH, BRANCH])?;
            Ok(Branch {
                project: archive.matrix(&format!("proj{order}"), EMBEDDING, BRANCH)?,
                bias: archive.floats(&format!("proj_b{order}"), &[BRANCH])?,
                first: first.chunks_exact(BRANCH * BRANCH).map(|w| Matrix::new(w, BRANCH, BRANCH)).collect(),
                first_bias: archive.floats(&format!("b1_{order}"), &[BRANCH])?,
                second: archive.matrix(&format!("w2_{order}"), order * BRANCH, BRANCH)?,
                second_bias: archive.floats(&format!("b2_{order}"), &[BRANCH])?,
            })
        };
        let mut projected = Norm { gain: Vec::new(), bias: Vec::new(), least };
        for (order, _) in BRANCHES {
            let branch = norm(&format!("ln_*{order}"), BRANCH)?;
            projected.gain.extend(branch.gain);
            projected.bias.extend(branch.bias);
        }
        let part = |n: usize| archive.bytes(&format!("q{n}"), &[ROWS, EMBEDDING]);
        Ok(Network {
            table: (1..=PARTS).map(part).collect::<Result<_>>()?,
            least: archive.floats("lo", &[PARTS])?,
            scale: archive.floats("scale", &[PARTS])?,
            projected,
            branches: BRANCHES.iter().map(|(order, _)| branch(*order)).collect::<Result<_>>()?,
            norm: norm("ln_*", FEATURES)?,
            sum: archive.matrix("cnn_W", FEATURES, EMBEDDING)?,
            sum_bias: archive.floats("cnn_b", &[EMBEDDING])?,
            d0: archive.matrix("d0", EMBEDDING, SMALL)?,
            d1: archive.matrix("d1", SMALL, SMALL)?,
            p1: archive.matrix("p1", EMBEDDING, SMALL)?,
            d2: archive.matrix("d2", SMALL, EMBEDDING)?,
            d3: archive.matrix("d3", EMBEDDING, DIMENSIONS)?,
            p3: archive.matrix("p3", SMALL, DIMENSIONS)?,
            least_length: least,
        })
    }

    /// How many pieces have an embedding.
    pub fn vocabulary(&self) -> usize {
        PARTS * ROWS
    }

    fn embedding(&self, token: u32, out: &mut [f32]) {
        let (part, row) = (token as usize % PARTS, token as usize / PARTS);
        let row = &self.table[part][row * EMBEDDING..(row + 1) * EMBEDDING];
        for (out, q) in out.iter_mut().zip(row) {
            *out = f32::from(*q) * self.scale[part] + self.least[part];
        }
    }

    fn first(&self, tokens: &[u32]) -> Vec<First> {
        const ALL: usize = BRANCH * BRANCHES.len();
        let mut embeddings = vec![0.0; tokens.len() * EMBEDDING];
        tokens.iter().zip(embeddings.chunks_exact_mut(EMBEDDING)).for_each(|(t, row)| self.embedding(*t, row));
        let mut firsts: Vec<First> =
            tokens.iter().map(|_| First { projected: [0.0; ALL], adds: [0.0; BRANCH * PLACES] }).collect();
        let mut out = Vec::new();
        for (n, branch) in self.branches.iter().enumerate() {
            out.clear();
            tokens.iter().for_each(|_| out.extend_from_slice(&branch.bias));
            branch.project.add_product(&embeddings, EMBEDDING, tokens.len(), &mut out);
            for (first, row) in firsts.iter_mut().zip(out.chunks_exact(BRANCH)) {
                first.projected[n * BRANCH..(n + 1) * BRANCH].copy_from_slice(row);
            }
        }
        firsts.iter_mut().for_each(|first| self.projected.apply(&mut first.projected));
        let projected: Vec<f32> = firsts.iter().flat_map(|first| first.projected).collect();
        let weights = self.branches.iter().enumerate().flat_map(|(n, b)| b.first.iter().map(move |w| (n, w)));
        for (place, (n, weights)) in weights.enumerate() {
            out.clear();
            out.resize(tokens.len() * BRANCH, 0.0);
            weights.add_product(projected.get(n * BRANCH..).unwrap_or_default(), ALL, tokens.len(), &mut out);
            for (first, row) in firsts.iter_mut().zip(out.chunks_exact(BRANCH)) {
                first.adds[place * BRANCH..(place + 1) * BRANCH].copy_from_slice(row);
            }
        }
        firsts
    }

    /// The first layers of these pieces.
    pub fn first_layers(&self, tokens: &[u32]) -> FirstLayers {
        use rayon::prelude::*;
        let chunks = tokens.par_chunks(64);
        FirstLayers(chunks.flat_map_iter(|chunk| chunk.iter().copied().zip(self.first(chunk))).collect())
    }

    /// The vectors of sentences, each at least one token.
    pub fn encode(&self, sentences: &[Vec<u32>], known: &FirstLayers) -> Vec<Vector> {
        // Pieces stand in rows, sentences apart by rows of zeros, so that a window is a run of rows.
        let mut rows: Vec<Option<u32>> = vec![None; BETWEEN];
        for sentence in sentences {
            rows.extend(sentence.iter().copied().map(Some));
            rows.extend([None; BETWEEN]);
        }
        let mut rare: Vec<u32> = rows.iter().flatten().filter(|t| !known.0.contains_key(t)).copied().collect();
        rare.sort_unstable();
        rare.dedup();
        let rare: HashMap<u32, First> = rare.iter().copied().zip(self.first(&rare)).collect();
        let first = |token: &Option<u32>| token.as_ref().and_then(|t| known.0.get(t).or_else(|| rare.get(t)));
        let firsts: Vec<Option<&First>> = rows.iter().map(first).collect();
        let mut features = vec![0.0; rows.len() * FEATURES];
        for (token, features) in rows.iter().zip(features.chunks_exact_mut(FEATURES)) {
            token.iter().for_each(|token| self.embedding(*token, &mut features[..EMBEDDING]));
        }
        let mut places = 0;
        let mut hidden = vec![0.0; rows.len() * BRANCH];
        let mut out = vec![0.0; rows.len() * BRANCH];
        for (n, (branch, (order, before))) in self.branches.iter().zip(BRANCHES).enumerate() {
            for (at, hidden) in hidden.chunks_exact_mut(BRANCH).enumerate() {
                let Some(own) = firsts[at] else {
                    hidden.fill(0.0);
                    continue;
                };
                hidden.copy_from_slice(&branch.first_bias);
                for place in 0..order {
                    if let Some(other) = firsts[at + place - before] {
                        let adds = &other.adds[(places + place) * BRANCH..(places + place + 1) * BRANCH];
                        hidden.iter_mut().zip(adds).for_each(|(x, add)| *x += add);
                    }
                }
                let own = &own.projected[n * BRANCH..(n + 1) * BRANCH];
                hidden.iter_mut().zip(own).for_each(|(x, own)| *x = x.max(0.0) + own);
            }
            places += order;
            let inside = rows.len() - 2 * BETWEEN;
            let (first, last) = (BETWEEN * BRANCH, (BETWEEN + inside) * BRANCH);
            out[first..last].chunks_exact_mut(BRANCH).for_each(|row| row.copy_from_slice(&branch.second_bias));
            let windows = &hidden[(BETWEEN - before) * BRANCH..];
            branch.second.add_product(windows, BRANCH, inside, &mut out[first..last]);
            for (at, features) in
                features.chunks_exact_mut(FEATURES).enumerate().filter(|(at, _)| firsts[*at].is_some())
            {
                let row = at * BRANCH..(at + 1) * BRANCH;
                let features = &mut features[EMBEDDING + n * BRANCH..EMBEDDING + (n + 1) * BRANCH];
                for ((feature, x), own) in features.iter_mut().zip(&out[row.clone()]).zip(&hidden[row]) {
                    *feature = x.max(0.0) + own;
                }
            }
        }
        let mut sums = vec![0.0; sentences.len() * FEATURES];
        let mut at = BETWEEN;
        for (sentence, sum) in sentences.iter().zip(sums.chunks_exact_mut(FEATURES)) {
            for row in features[at * FEATURES..(at + sentence.len()) * FEATURES].chunks_exact_mut(FEATURES) {
                self.norm.apply(row);
                sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += *x);
            }
            at += sentence.len() + BETWEEN;
        }
        self.head(sentences, &sums)
    }

    /// From the sums over sentences to their vectors.
    fn head(&self, sentences: &[Vec<u32>], sums: &[f32]) -> Vec<Vector> {
        let count = sentences.len();
        let product = |left: &[f32], weights: &Matrix, out: &mut Vec<f32>| {
            out.resize(count * weights.columns(), 0.0);
            weights.add_product(left, left.len() / count.max(1), count, out);
        };
        let positive = |numbers: &mut Vec<f32>| numbers.iter_mut().for_each(|x| *x = x.max(0.0));
        let mut mean = Vec::new();
        product(sums, &self.sum, &mut mean);
        for (row, sentence) in mean.chunks_exact_mut(EMBEDDING).zip(sentences) {
            let length = sentence.len() as f32;
            let scale = 1.0 / length.sqrt();
            row.iter_mut().zip(&self.sum_bias).for_each(|(x, bias)| *x = (*x + length * bias) * scale);
        }
        let (mut inner, mut stream, mut out) = (Vec::new(), Vec::new(), Vec::new());
        product(&mean, &self.d0, &mut inner);
        positive(&mut inner);
        product(&mean, &self.p1, &mut stream);
        product(&inner, &self.d1, &mut stream);
        positive(&mut stream);
        inner.clear();
        product(&stream, &self.d2, &mut inner);
        positive(&mut inner);
        product(&stream, &self.p3, &mut out);
        product(&inner, &self.d3, &mut out);
        let vectors = out.chunks_exact(DIMENSIONS).map(|row| {
            let mut vector: Vector = std::array::from_fn(|n| tanh(row[n]));
            let scale = 1.0 / sum(&vector, |x| x * x).max(self.least_length).sqrt();
            vector.iter_mut().for_each(|x| *x *= scale);
            vector
        });
        vectors.collect()
    }
}

/// The hyperbolic tangent, of additions, products and one division alone: the library's may differ from machine to machine.
fn tanh(x: f32) -> f32 {
    let x = f64::from(x).clamp(-20.0, 20.0);
    // e^2x as 2^n times e^r with r near zero.
    let n = (x * (2.0 * std::f64::consts::LOG2_E)).round();
    let r = 2.0 * x - n * std::f64::consts::LN_2;
    let exp = (1..=12).rev().fold(1.0, |sum, k| 1.0 + r / f64::from(k) * sum);
    let exp = exp * f64::from_bits(((n as i64 + 1023) as u64) << 52);
    (1.0 - 2.0 / (exp + 1.0)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tangent_is_the_librarys() {
        for n in -4000..=4000 {
            let x = n as f32 / 200.0;
            assert!((tanh(x) - x.tanh()).abs() < 2e-7, "{x}");
        }
        assert_eq!((tanh(1e9), tanh(-1e9)), (1.0, -1.0));
    }
}
