//! What really happened, as `truth.json` says it: one line of truth per attempt and outage, outside the evidence.

use crate::scenario::Chapter;
use crate::words::{Class, Down, Purpose, Shape};
use model::{Error, Outcome, Result, Time};
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
    /// Where the logs begin.
    pub from: Time,
    /// Where they end.
    pub to: Time,
    /// Lines written, by log.
    pub lines: BTreeMap<String, u64>,
    /// Bytes written before compression.
    pub bytes: u64,
    /// Days that matter.
    pub events: Vec<TrueEvent>,
    /// What found and truth are compared over.
    pub chapters: Vec<TrueChapter>,
    /// Outages, in time order.
    pub outages: Vec<TrueOutage>,
    /// Attempts, in time order.
    pub attempts: Vec<TrueAttempt>,
    /// Decoy addresses, in time order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decoys: Vec<TrueDecoy>,
    /// Names among which they hide.
    #[serde(default)]
    pub ordinary_names: u64,
    /// The staff's mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<crate::mail::TrueInbox>,
    /// The debate on social networks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<crate::posts::TrueDebate>,
}

/// One decoy address.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueDecoy {
    /// Registrable domain.
    pub name: String,
    /// The name as it was shown.
    pub host: String,
    /// What it imitates.
    pub imitates: String,
    /// How.
    pub technique: String,
    /// Whose it is, where names of one hand share their registration.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hand: String,
    /// When it appeared.
    pub first: Time,
}

/// One attempt, by the definition: one source, one purpose, one site, events within the window; or slow, distributed,
/// or a spray.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueAttempt {
    /// The block's label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The class of most of its events.
    pub class: Class,
    /// Events by class.
    pub classes: BTreeMap<Class, u64>,
    /// What for.
    pub purpose: Purpose,
    /// Virtual host, or host of the service.
    pub site: String,
    /// How its events lie.
    pub shape: Shape,
    /// What came of it.
    pub outcome: Outcome,
    /// Country of its sources.
    pub country: String,
    /// Sources, sorted.
    pub sources: Vec<String>,
    /// Requests or tries.
    pub requests: u64,
    /// First event.
    pub first: Time,
    /// Last event.
    pub last: Time,
}

/// One outage.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueOutage {
    /// Virtual host.
    pub site: String,
    /// How the site was down.
    pub kind: Down,
    /// From when.
    pub first: Time,
    /// Until when.
    pub last: Time,
    /// Labels of the attempts before it, or of the one that caused it.
    pub preceded_by: Vec<String>,
}

/// A day that matters.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueEvent {
    /// When.
    pub at: Time,
    /// What.
    pub name: String,
}

/// A stretch of time over which found and truth are compared.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueChapter {
    /// Its name in JSON.
    pub name: String,
    /// For people.
    pub title: model::Text,
    /// From when.
    pub from: Time,
    /// Before when.
    pub to: Time,
    /// Only attempts on these services; all where empty.
    pub services: Vec<Purpose>,
}

impl TrueChapter {
    pub(crate) fn of(c: &Chapter, zone: &jiff::tz::TimeZone) -> TrueChapter {
        TrueChapter {
            name: c.name.clone(),
            title: c.title.clone(),
            from: Time::from_seconds(c.from.start(zone)),
            to: Time::from_seconds(c.to.end(zone)),
            services: c.services.clone(),
        }
    }
}

impl Truth {
    /// Reads a `truth.json`.
    pub fn read(path: &Path) -> Result<Truth> {
        let hint = "give the `truth.json` that `vigie exercise` wrote beside the evidence";
        let wrong = |what: &str| Error::new(format!("{what} `{}`", path.display())).hint(hint);
        let text = std::fs::read_to_string(path).map_err(|e| wrong("could not read").because(e))?;
        serde_json::from_str(&text).map_err(|e| wrong("this is no truth of an exercise:").because(e))
    }
}
