//! Holds findings against the truth, part by part.
//!
//! What counts as found is said where a part scores. Left out: whether the words of a finding are good.

use crate::measure::Sheet;
use crate::parts::{Found, Score};
use crate::truth::Truth;
use model::Finding;
use std::fmt;

/// Scores findings: each part takes what is its own and passes the others over.
pub fn score(findings: impl Iterator<Item = Finding>, truth: &Truth) -> Score {
    Found::of(findings).score(&truth.parts)
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sheet = Sheet::default();
        self.show(&mut sheet);
        sheet.lines().try_for_each(|line| writeln!(f, "{line}"))
    }
}
