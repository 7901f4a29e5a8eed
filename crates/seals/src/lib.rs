//! The log of seals on disk. What may be published lies in the folder itself, as c2sp.org/tlog-tiles has it: `checkpoint`,
//! `tile/`, `heads/`, `verifier.key`. What may not lies in `private/`: the key that signs, and `salts.db`, which holds each
//! document's salts, hashes and name.
//!
//! You may rely on: the database is the truth and changes in one transaction a run; tiles, heads and the checkpoint are
//! written after it and made again from it, so that a log killed at any moment is as it was before or as it was to be. A
//! salt is 16 random bytes of the operating system, one for each part; what is forgotten is overwritten. Left out: reading
//! documents, the clock.

mod keys;
mod log;
mod prove;
mod schema;
mod tiles;

pub use keys::signer;
pub use log::{Document, Known, Log, Looked, Run};
pub use prove::{Archive, Found, sample};

use model::Error;
use std::path::Path;

/// A failure of the database in the house's words.
fn sql(e: rusqlite::Error) -> Error {
    let error = Error::new("the seals' database failed").because(e);
    error.hint("if the disk is full, free some space and run the same command again: nothing is lost")
}

/// A failure of the file system at a path.
fn io(what: &str, path: &Path, e: std::io::Error) -> Error {
    Error::new(format!("could not {what} `{}`", path.display())).because(e)
}

/// Random bytes of the operating system.
fn random(bytes: &mut [u8]) -> model::Result<()> {
    getrandom::fill(bytes).map_err(|e| Error::new("the machine gave no random bytes").because(e.to_string()))
}
