//! Outages: what a finding says of one. Whoever finds one fills this row, and the chapter on attempts tells it beside what
//! preceded it.

use crate::Row;
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

impl Row for Outage {
    const NAME: &'static str = "web_log/outage";
}
