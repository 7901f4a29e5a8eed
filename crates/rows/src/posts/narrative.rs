//! `posts/narrative`.

use super::{Candidates, Curve, Shared};
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What many accounts carry together.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Narrative {
    /// Its most typical text, in one line.
    pub title: String,
    /// Posts and articles.
    pub posts: u64,
    /// Accounts that carry it.
    pub accounts: u64,
    /// Its place among the case's narratives, the widest first.
    pub rank: u64,
    /// How many the case has.
    pub of: u64,
    /// Accounts that are held to act together.
    pub coordinated: u64,
    /// Its links, 20 at most.
    pub urls: Vec<String>,
    /// The outlets they lead to, 20 at most.
    pub outlets: Vec<Shared>,
    /// The posts over time.
    pub curve: Curve,
    /// The posts by language, as the platform names it.
    pub languages: BTreeMap<String, u64>,
    /// Whom the posts name, and in how many.
    pub candidates: Candidates,
}

impl Row for Narrative {
    const NAME: &'static str = "posts/narrative";
}
