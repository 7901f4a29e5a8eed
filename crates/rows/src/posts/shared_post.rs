//! `posts/shared_post`: what stands behind a group, for exports. No observation and no finding holds it.

use super::CoAction;
use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A post of a group's member.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SharedPost {
    /// Its id.
    pub id: String,
    /// Its account's, as findings name it.
    pub account: String,
    /// When.
    pub time: Option<Time>,
    /// What it says.
    pub text: String,
    /// What it shares: kind of trace, and thing.
    pub objects: Vec<(CoAction, String)>,
}

impl Row for SharedPost {
    const NAME: &'static str = "posts/shared_post";
}
