//! What really happened in logs: one line of truth per attempt and outage.

use super::tables::Chapter;
use super::vocabulary::{Class, Down, Purpose, Shape};
use model::{Outcome, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The logs' keys of `truth.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueLogs {
    /// What found and truth are compared over.
    pub chapters: Vec<TrueChapter>,
    /// Outages, in time order.
    pub outages: Vec<TrueOutage>,
    /// Attempts, in time order.
    pub attempts: Vec<TrueAttempt>,
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
