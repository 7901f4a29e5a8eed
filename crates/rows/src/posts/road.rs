//! `posts/road`.

use super::OutletClass;
use crate::Row;
use model::{Level, Text, Time, Trace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// Who takes a step of a road.
    pub enum StepKind {
        /// An account.
        Account = "account" ("account", "compte"),
        /// A channel that many subscribe to.
        Channel = "channel" ("channel", "canal"),
        /// An outlet.
        Outlet = "outlet" ("outlet", "média"),
    }
}

/// The road of leaked papers, or of a page, into the media.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Road {
    /// The first text that carries it, in one line.
    pub title: String,
    /// Whether those who carry it say that it was leaked.
    pub leak: bool,
    /// Its addresses.
    pub urls: Vec<String>,
    /// Hashtags carried with it and few others.
    pub hashtags: Vec<String>,
    /// Posts with one of its addresses.
    pub posts: u64,
    /// Outlets that took it up.
    pub outlets: u64,
    /// Those of them that nobody classifies.
    pub press: u64,
    /// Who published it, in order of time.
    pub steps: Vec<RoadStep>,
    /// How many roads the case has, told or not.
    pub of: u64,
}

/// One step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RoadStep {
    /// When.
    pub time: Time,
    /// The name of the account or channel, or its id where it has none; the outlet's host.
    pub who: String,
    /// What they are.
    pub kind: StepKind,
    /// Where publishing it stands towards the law.
    pub level: Level,
    /// The address published.
    pub url: String,
    /// Posts that carried it on: copies of an account's, links to an article.
    pub posts: u64,
    /// Seconds since the step before; none for the first.
    pub delay: Option<i64>,
    /// Seconds since the first step.
    pub since_first: Option<i64>,
    /// Why it belongs here.
    pub how: Text,
    /// Whether that is inferred: by a hashtag, a copied text or words, not by an address.
    pub inferred: bool,
    /// What it says, in one line.
    pub text: String,
    /// The post or article that shows it.
    pub trace: Vec<Trace>,
    /// The id, of an account or channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// As what the outlet is classified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<OutletClass>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified_by: Option<String>,
    /// The class in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_text: Option<Text>,
}

impl Row for Road {
    const NAME: &'static str = "posts/road";
}
