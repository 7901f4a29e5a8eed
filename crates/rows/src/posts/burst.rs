//! `posts/burst`.

use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// What a burst is of.
    pub enum Theme {
        /// All posts of the case.
        All = "all" ("all posts", "toutes les publications"),
        /// Posts with a hashtag.
        Hashtag = "hashtag" ("a hashtag", "un mot-dièse"),
        /// Posts that link to a site.
        Domain = "domain" ("links to a site", "des liens vers un site"),
    }
}

/// Far more posts than usual.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Burst {
    /// Of what.
    pub theme: Theme,
    /// Which hashtag or site; of all posts empty.
    pub name: String,
    /// Seconds of a unit: a day, or an hour in a case of few days.
    pub unit: i64,
    /// When it began: a whole unit.
    pub from: Time,
    /// Whole units that it lasted.
    pub units: u64,
    /// Posts in its largest unit.
    pub most: u64,
    /// The median of all units of the case.
    pub usual: f64,
    /// Posts in all its units.
    pub posts: u64,
    /// Accounts that made them.
    pub accounts: u64,
    /// The fewest accounts that made half of them.
    pub half_by: u64,
    /// What most of it is made of; 10 at most.
    pub parts: Vec<BurstPart>,
}

/// What a burst is made of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BurstPart {
    /// A hashtag or a site.
    pub theme: Theme,
    /// Which.
    pub name: String,
    /// Posts in the burst.
    pub posts: u64,
}

impl Row for Burst {
    const NAME: &'static str = "posts/burst";
}
