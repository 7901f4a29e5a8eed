//! `posts/claim`.

use super::{Curve, Favour};
use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A claim that the case follows, and what became of it in evidence.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// Posts and articles that carry it; those that link to a denial are counted there.
    pub posts: u64,
    /// Accounts that do.
    pub accounts: u64,
    /// Whoever said it first in evidence.
    pub first_account: Option<String>,
    /// Where: platform and id of the post.
    pub first_post: Option<String>,
    /// Outlets whose articles carry it, the earliest first; 20 at most.
    pub outlets: Vec<Carrier>,
    /// How many outlets there are.
    #[serde(default)]
    pub outlets_count: u64,
    /// Groups that act as one and carry it.
    pub groups: Vec<Favour>,
    /// Who denied it, as the case says.
    pub denials: Vec<Denial>,
    /// What is brought forward for it, as the case says.
    pub supports: Vec<Support>,
    /// The posts over time.
    pub curve: Curve,
}

/// An outlet that carries a claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Carrier {
    /// Its host.
    pub host: String,
    /// Its first article that does.
    pub first: Option<Time>,
    /// Its articles.
    pub articles: u64,
}

/// A denial, and how far it went.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Denial {
    /// Who denies.
    pub who: String,
    /// When, as the case says; empty where it does not.
    pub when: String,
    /// Where.
    pub reference: String,
    /// Posts that link to it.
    pub posts: u64,
    /// Accounts that do.
    pub accounts: u64,
    /// The first of them.
    pub first: Option<Time>,
}

/// Something brought forward for a claim.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Support {
    /// What.
    pub what: String,
    /// Where it stands.
    pub reference: String,
}

impl Row for Claim {
    const NAME: &'static str = "posts/claim";
}
