//! Certificate-transparency logs that serve tiles (c2sp.org/static-ct-api): every entry read is proven to be under the
//! head the log signed, and every head to have grown out of the one before.
//!
//! You may rely on: a log that lies is told from one that cannot be reached ([`Trouble`]). Left out: logs that only
//! speak RFC 6962 (they are being closed), and comparing heads with other observers.

mod certificate;
mod entry;
mod follow;

pub use certificate::{Certificate, Issuer, certificate};
pub use entry::{Entry, entries};
pub use follow::{Bounds, Brought, Log, State};
pub use proofs::{Checkpoint, Key};

use model::Error;
use std::fmt;

/// What a log did that a log must not do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// What it showed does not prove what it says.
    Proof(proofs::Fault),
    /// Its tree is smaller than it was; both heads, as signed. (A cache may also have handed out an old one.)
    Rollback(Box<[String; 2]>),
    /// It showed two trees of which neither grew out of the other; both heads, as signed.
    Fork(Box<[String; 2]>),
    /// A tile ends within an entry or hash.
    Truncated,
    /// A tile holds more than it may.
    Oversized,
    /// A tile holds another number of entries than its name says.
    Width {
        /// As named.
        due: u64,
        /// As found.
        held: u64,
    },
    /// An entry says that it stands elsewhere.
    Index {
        /// Where it stands.
        due: u64,
        /// Where it says it does.
        said: u64,
    },
    /// Something its tree head implies is not served.
    Missing(String),
}

impl Fault {
    /// One word, or two, that name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Fault::Proof(fault) => fault.kind(),
            Fault::Rollback(_) => "rollback",
            Fault::Fork(_) => "fork",
            Fault::Truncated => "truncated tile",
            Fault::Oversized => "oversized tile",
            Fault::Width { .. } => "wrong width",
            Fault::Index { .. } => "wrong index",
            Fault::Missing(_) => "missing",
        }
    }

    /// The two tree heads that prove it, where two do.
    pub fn heads(&self) -> Option<&[String; 2]> {
        match self {
            Fault::Rollback(heads) | Fault::Fork(heads) => Some(heads),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Fault::Proof(fault) = self {
            return fault.fmt(f);
        }
        f.write_str(self.kind())?;
        match self {
            Fault::Missing(why) => write!(f, ": {why}"),
            Fault::Width { due, held } => write!(f, ": {held} where {due} are due"),
            Fault::Index { due, said } => write!(f, ": entry {due} says it is {said}"),
            Fault::Rollback(_) => f.write_str(": the log is smaller than it was, or a cache handed out an old head"),
            Fault::Fork(_) => f.write_str(": the log is not the one it was"),
            Fault::Proof(_) | Fault::Truncated | Fault::Oversized => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

/// Why a look at a log came to nothing.
#[derive(Debug)]
pub enum Trouble {
    /// It could not be reached, or its answer not be kept: try again.
    Network(Error),
    /// It does not keep its promises.
    Log(Fault),
}

impl From<proofs::Fault> for Fault {
    fn from(fault: proofs::Fault) -> Fault {
        Fault::Proof(fault)
    }
}

impl From<proofs::Fault> for Trouble {
    fn from(fault: proofs::Fault) -> Trouble {
        Trouble::Log(Fault::Proof(fault))
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Log(fault)
    }
}
