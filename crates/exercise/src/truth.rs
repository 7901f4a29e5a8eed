//! What really happened, as `truth.json` says it, outside the evidence: what all parts share, then each part's keys.

use crate::parts::Truths;
use model::{Error, Result, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that is known of an exercise.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Truth {
    /// The scenario's name.
    pub scenario: String,
    /// The seed: scenario and seed give the same bytes again.
    pub seed: u64,
    /// The zone in which days are counted.
    pub zone: String,
    /// Where the evidence begins.
    pub from: Time,
    /// Where it ends.
    pub to: Time,
    /// Lines written, by log.
    pub lines: BTreeMap<String, u64>,
    /// Bytes of logs before compression.
    pub bytes: u64,
    /// Days that matter.
    pub events: Vec<TrueEvent>,
    /// What each part hides.
    #[serde(flatten)]
    pub parts: Truths,
}

/// A day that matters.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueEvent {
    /// When.
    pub at: Time,
    /// What.
    pub name: String,
}

impl Truth {
    /// Reads a `truth.json`.
    pub fn read(path: &Path) -> Result<Truth> {
        let hint = "give the `truth.json` that `vigie exercise` wrote beside the evidence";
        let wrong = |what: &str| Error::new(format!("{what} `{}`", path.display())).hint(hint);
        let text = std::fs::read_to_string(path).map_err(|e| wrong("could not read").because(e))?;
        serde_json::from_str(&text).map_err(|e| wrong("this is no truth of an exercise:").because(e))
    }

    /// The zone in which days and months are counted.
    pub(crate) fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}
