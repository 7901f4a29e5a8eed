//! What the parts of one exercise share: the time it happens in, the campaign it happens to, and chance.
//!
//! A part that decides something on which others rest (the campaign's mail domain) sets it in [`Part::set`], before
//! anything is checked or written; all read it. Entities that must meet in several kinds of evidence (a decoy that is
//! registered and then mailed, accounts that are lured and then used) have their place here too, planned once.
//!
//! [`Part::set`]: crate::parts::Part::set

use crate::calendar::{Event, Period};
use crate::random::Random;
use crate::values::Size;

/// What all parts read.
#[derive(Clone, Debug)]
pub struct Stage {
    pub(crate) seed: u64,
    pub(crate) period: Period,
    /// Days that matter.
    pub(crate) events: Vec<Event>,
    /// Bytes wanted, where the scenario says so.
    pub(crate) size: Option<Size>,
    /// The domain of the campaign's addresses.
    pub(crate) mail_domain: String,
}

impl Stage {
    /// Chance for one purpose: a stream of its own, so that a part that is added or changed moves no other's bytes. The
    /// name begins with that of the part (`documents/leak`); the oldest parts' names do not, and stay as they are.
    pub(crate) fn random(&self, purpose: &str, number: u64) -> Random {
        Random::stream(self.seed, purpose, number)
    }
}
