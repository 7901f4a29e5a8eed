//! Merkle trees and signed notes: that something is in a log, that a log only grew, that a head was signed. For
//! certificate logs, seals and the vote alike.
//!
//! You may rely on: hashing is that of RFC 6962 and RFC 9162 over SHA-256, heads are those of C2SP (signed-note,
//! tlog-checkpoint, tlog-tiles); proofs, tiles and notes are hostile and cost at most their length. Left out: I/O, the
//! clock, making keys and signatures, cosignatures of witnesses, time stamps.

pub mod merkle;
mod note;
pub mod tiles;

pub use merkle::Hash;
pub use note::{Checkpoint, Key, LONGEST};

use std::fmt;

/// Why something is no proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A tree head is not signed with the key.
    Signature,
    /// A tree head is not one, and why.
    Checkpoint(String),
    /// Something does not hash to the signed root.
    Root(String),
}

impl Fault {
    /// Two words that name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Fault::Signature => "bad signature",
            Fault::Checkpoint(_) => "bad checkpoint",
            Fault::Root(_) => "root does not match",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::Checkpoint(why) | Fault::Root(why) => write!(f, ": {why}"),
            Fault::Signature => f.write_str(": the log did not sign this, or the key is another's"),
        }
    }
}

impl std::error::Error for Fault {}
