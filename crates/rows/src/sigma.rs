//! Rules that users bring: which events fired them, and what is found.

use crate::{Merge, Observed, Row};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One event that fired a rule: when (seconds since 1970), a hash of what tells it apart from others, its place (line or record,
/// and first byte), and the values that correlations want, in the order of [`Match::carried`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Record(pub i64, pub u64, #[serde(default)] pub Vec<Option<String>>);

/// Events of one machine, account or source that fired a rule on one day (UTC).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// The rule's id.
    pub rule: String,
    /// Whose events: a machine, an account or an address, by what the log tells.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// Fields that correlations want.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<String>,
    /// Fields of the first event, with their values: what the rule's author wants shown, or what it asks of.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, String>,
    /// The events, as often as they stand in the evidence.
    pub records: Vec<Record>,
}

impl Row for Match {
    const NAME: &'static str = "sigma/match";
}

impl Observed for Match {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Match) {
        self.records.extend(later.records.iter().cloned());
        self.records.sort();
    }
}

/// What a rule that somebody brought found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Fired {
    /// The rule's id, else its name, else its title.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its author: rules under the Detection Rule License may be used only where the author is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Its licence, as it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Its level, as it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// Its status, as it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// Whose events.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// Of a correlation: what the events have in common.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub group: BTreeMap<String, String>,
    /// Fields of the first event, with their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, String>,
    /// Events.
    pub events: u64,
    /// The first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Time>,
}

impl Row for Fired {
    const NAME: &'static str = "sigma/rule";
}
