//! Observations: something happened that is worth keeping; no judgement.

use crate::{Entity, Fields, SpanSet, Time};
use serde::{Deserialize, Serialize};

/// Something that happened, or a run of like things that happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Observation {
    /// What: `web_log/request`, `auth_log/login` …
    pub kind: String,
    /// Observations of one kind with equal key belong together; a detector meets them side by side, in time order.
    pub key: String,
    /// First event.
    pub first: Time,
    /// Last event (the same as `first` for a single one).
    pub last: Time,
    /// How many events this stands for.
    pub count: u64,
    /// What it shares with others.
    pub entities: Vec<Entity>,
    /// Its own fields.
    pub fields: Fields,
    /// The lines or byte ranges of its events.
    pub spans: SpanSet,
}
