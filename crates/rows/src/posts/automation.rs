//! `posts/automation`.

use crate::Row;
use model::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// What stands out of an account.
    pub enum Sign {
        /// Posts in the time the case covers.
        Pace = "pace" ("pace", "cadence"),
        /// How even the intervals are: their standard deviation over their mean.
        Intervals = "intervals" ("regular intervals", "intervalles réguliers"),
        /// The longest pause, over what is usual for as many posts in the same time.
        Pauses = "pauses" ("no pauses", "sans pauses"),
        /// How much the second of the minute is always the same: chi-square over 60 seconds.
        Seconds = "seconds" ("the same second of the minute", "toujours la même seconde"),
        /// Of its own texts that say something, the part that it said before.
        Repetition = "repetition" ("repetition", "répétition"),
        /// Of its posts, the part that are reposts.
        Reposts = "reposts" ("mostly reposts", "surtout des reprises"),
        /// Its name is one that a platform proposes.
        DefaultHandle = "default_handle" ("a proposed name", "un nom proposé"),
        /// It was created on a day on which unusually many others were.
        CreationBurst = "creation_burst" ("created with many others", "créé avec beaucoup d’autres"),
    }
}

/// An account that posts as programs do.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Automation {
    /// Its id.
    pub account: String,
    /// Its name, as its posts say; empty where they do not.
    pub name: String,
    /// Its posts of known time.
    pub posts: u64,
    /// Hours from its first to its last post, rounded.
    pub hours: i64,
    /// What stands out.
    pub signs: Vec<Signed>,
    /// Whether its name or profile says that it is automatic.
    pub declared: bool,
}

/// A sign of an account.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Signed {
    /// Which.
    pub sign: Sign,
    /// What was measured, in the sign's unit; none where a sign is there or is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The median of its peers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<f64>,
    /// How far from it, in robust standard deviations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<f64>,
    /// In words.
    pub why: Text,
}

impl Row for Automation {
    const NAME: &'static str = "posts/automation";
}
