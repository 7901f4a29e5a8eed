//! The one path from evidence to findings, for temporary and lasting cases alike: read what has changed, then detect
//! over what that changed. Left out: the brief, which only a lasting case has.

mod detect;
pub mod keys;
mod read;
pub mod years;

pub use detect::withhold;

use crate::progress::Progress;
use crate::settings::Configured;
use model::Result;
use store::Case;

/// How a case is worked on.
pub struct Pipeline<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its configuration.
    pub configured: &'a Configured,
    /// Whether everything is read in workers.
    pub isolate: bool,
    /// Whether evidence is known by its hash. Not needed where there is one piece only and no trace of it is printed;
    /// a worker hashes all the same.
    pub hashed: bool,
    /// Told how far reading is.
    pub progress: &'a Progress,
}

/// What was done.
#[derive(Default, Debug)]
pub struct Done {
    /// Pieces of evidence read.
    pub read: u64,
    /// Pieces of evidence that had been read before, just so.
    pub kept: u64,
    /// Pieces of evidence that the machine refused to let be read, or that vanished.
    pub refused: u64,
    /// Names of files left out because another has the same bytes, with that other's name.
    pub same: Vec<(String, String)>,
}

impl Pipeline<'_> {
    /// Reads what has changed since it was last read.
    pub fn read(&self) -> Result<Done> {
        read::Reading::new(self).run()
    }

    /// Brings the findings up to date with what was read.
    pub fn detect(&self) -> Result<()> {
        detect::detect(self)
    }
}
