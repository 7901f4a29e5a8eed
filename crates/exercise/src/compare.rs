//! What was found beside what is true, as two objects of one shape, counted by the same code part by part.

use crate::measure::Row;
use crate::parts::{Counts, Found};
use crate::truth::Truth;
use model::Finding;
use serde::Serialize;

/// Found beside true.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comparison {
    /// What the findings say.
    pub found: Counts,
    /// What happened.
    pub truth: Counts,
}

/// Counts findings and truth in the same way.
pub fn compare(findings: impl Iterator<Item = Finding>, truth: &Truth) -> Comparison {
    let zone = truth.zone();
    Comparison { found: Found::of(findings).counts(&truth.parts, &zone), truth: truth.parts.counts(&zone) }
}

impl Comparison {
    /// Found beside true, for people.
    pub fn rows(&self) -> Vec<Row> {
        self.found.rows(&self.truth)
    }
}
