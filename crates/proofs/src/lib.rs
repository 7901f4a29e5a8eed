//! Merkle trees and signed notes: that something is in a log, that a log only grew, that a head was signed, and when. For
//! certificate logs, seals and the vote alike.
//!
//! You may rely on: hashing is that of RFC 6962 and RFC 9162 over SHA-256, heads and proofs are those of C2SP (signed-note,
//! tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-policy); all of it is hostile and costs at most its
//! length. Left out: I/O, the clock, randomness.

pub mod merkle;
mod note;
pub mod policy;
mod proof;
pub mod seal;
pub mod stamp;
pub mod text;
pub mod tiles;
pub mod vkey;

pub use merkle::Hash;
pub use note::{Checkpoint, Key, LONGEST, Note};
pub use policy::Policy;
pub use proof::{HEADER, LONGEST_PROOF, Proof};
pub use vkey::{Signer, Vkey};

use std::fmt;

/// A verifier of seals in Python, for who has nothing but that; the same logic as [`seal::check`].
pub const PYTHON: &str = include_str!("../verifiers/verify.py");
/// A verifier of seals as a page that needs no network.
pub const PAGE: &str = include_str!("../verifiers/verify.html");

/// Why something is no proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A tree head is not signed with the key.
    Signature,
    /// Too few witnesses signed a tree head.
    Quorum,
    /// A tree head is not one, and why.
    Checkpoint(String),
    /// Something does not hash to the signed root.
    Root(String),
    /// A text has not the form it must have, and why.
    Form(String),
    /// The head is another one than was asked for: this one.
    Head(String),
    /// So many entries were forgotten, so that absence cannot be said.
    Forgotten(u64),
    /// A text of another version: nothing can be said of it.
    Version(String),
}

impl Fault {
    /// Whether this is no *no*: nothing can be said.
    pub fn cannot_say(&self) -> bool {
        matches!(self, Fault::Forgotten(_) | Fault::Version(_))
    }

    /// Two words that name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Fault::Signature => "bad signature",
            Fault::Quorum => "too few witnesses",
            Fault::Checkpoint(_) => "bad checkpoint",
            Fault::Root(_) => "root does not match",
            Fault::Form(_) => "bad form",
            Fault::Head(_) => "another head",
            Fault::Forgotten(_) => "entries were forgotten",
            Fault::Version(_) => "unknown version",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::Checkpoint(why) | Fault::Root(why) | Fault::Form(why) | Fault::Version(why) => write!(f, ": {why}"),
            Fault::Head(line) => {
                write!(f, ": the proof is of `{line}`; `vigie prove --head` makes one of another head")
            }
            Fault::Forgotten(n) => write!(f, ": {n}; what was asked about may be among them"),
            Fault::Quorum => f.write_str(": the policy asks for more cosignatures than are there"),
            Fault::Signature => f.write_str(": the log did not sign this, or the key is another's"),
        }
    }
}

impl std::error::Error for Fault {}
