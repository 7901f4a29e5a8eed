//! Outages: what a finding says of one. Whoever finds one fills this row, and the chapter on attempts tells it beside what
//! preceded it.

use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// How a site was down.
    pub enum Down {
        /// It answered with server errors (5xx).
        Errors = "errors" ("server errors", "erreurs du serveur"),
        /// It wrote nothing, against its habit.
        Silence = "silence" ("silence", "silence"),
    }
}

/// A time in which a site was down or degraded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Outage {
    /// The virtual host; `-` where the log does not say.
    pub site: String,
    /// How long.
    pub minutes: u64,
    /// How it was down.
    pub kind: Down,
    /// Requests answered by an error, or expected and not come.
    pub lost: u64,
    /// Addresses from which hostile requests came shortly before it began; that is no proof of cause.
    pub preceded_by: Vec<String>,
}

/// Seconds before an outage in which an attempt is said to have preceded it.
pub const BEFORE: i64 = 900;

impl Outage {
    /// Whether an attempt on this site from these addresses, in this time, is one of those that preceded an outage of this
    /// time.
    pub fn follows<'a>(
        &self,
        (first, last): (Time, Time),
        site: &str,
        mut sources: impl Iterator<Item = &'a str>,
        (began, ended): (Time, Time),
    ) -> bool {
        site == self.site
            && began < last
            && first.since(ended) <= BEFORE
            && sources.any(|s| self.preceded_by.iter().any(|known| known == s))
    }
}

impl Row for Outage {
    const NAME: &'static str = "web_log/outage";
}
