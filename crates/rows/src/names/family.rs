//! Names made by one hand, as names and days alone tell.

use super::Kinship;
use crate::{Merge, Observed, Row};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Names kept of a family.
const NAMES: usize = 1000;

/// Names that are alike, or registered on one day: kept of evidence, and said of a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Family {
    /// What they have in common.
    pub kinship: Kinship,
    /// What that is: the text with `#` for numbers or `*` for the word that changes, one of the names, a day.
    pub pattern: String,
    /// How many registrable domains they are.
    pub count: u64,
    /// The domains, sorted; the first thousand.
    pub names: BTreeSet<String>,
    /// The first of their days of registration, where any is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// The last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

impl Row for Family {
    const NAME: &'static str = "names/family";
}

impl Observed for Family {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Family) {
        self.names.extend(later.names.iter().cloned());
        self.count = self.count.max(later.count).max(self.names.len() as u64);
        while self.names.len() > NAMES {
            self.names.pop_last();
        }
        self.from = self.from.into_iter().chain(later.from).min();
        self.to = self.to.max(later.to);
    }
}
