//! What of a site weighs most, as the case's logs tell it: what a flood would ask for.
//!
//! You may rely on: sizes are counted at the lower end of their cell, so a page is at least as heavy as is said; numbers in
//! paths are alike. Left out: paths past what the reader remembers (it says so), answers other than 2xx.

use model::{Result, View};
use rows::web_log::Habit;
use std::ops::ControlFlow;

/// A path of a site.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Heavy {
    /// Bytes that it answered in all, at least.
    pub bytes: u64,
    /// The path, numbers as `0`.
    pub path: String,
    /// Answers.
    pub answers: u64,
}

impl Heavy {
    /// Bytes of one answer, on the average.
    #[must_use]
    pub fn each(&self) -> u64 {
        self.bytes / self.answers.max(1)
    }
}

/// An answer of so many bytes is worth a word.
const HEAVY: u64 = 512 << 10;
/// Paths that are told.
const TOLD: usize = 5;

/// The heaviest paths of a host, the heaviest answer first. Where a log does not say for which host it is, it may be for this
/// one: `true` says that such a log was counted.
pub fn heavy(view: &dyn View, host: &str) -> Result<(Vec<Heavy>, bool)> {
    let (mut all, mut unnamed): (Vec<Heavy>, bool) = (Vec::new(), false);
    view.tallies(Habit::NAME, &mut |key, counts| {
        let (site, path) = key.split_once('|').unwrap_or(("-", key));
        let site = site.split(':').next().unwrap_or(site);
        if site != "-" && !site.eq_ignore_ascii_case(host) {
            return Ok(ControlFlow::Continue(()));
        }
        let (answers, bytes) = Habit::of(counts).least();
        let one = Heavy { bytes, path: path.into(), answers };
        if one.each() >= HEAVY {
            unnamed |= site == "-";
            all.push(one);
        }
        // Only the heaviest are kept while the rest goes by.
        if all.len() > 4 * TOLD {
            keep(&mut all);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    keep(&mut all);
    Ok((all, unnamed))
}

fn keep(all: &mut Vec<Heavy>) {
    all.sort_by(|a, b| (b.each(), b.answers, &a.path).cmp(&(a.each(), a.answers, &b.path)));
    all.truncate(TOLD);
}
