//! `posts/outlet`, and who classifies an outlet.

use super::{Candidates, Curve};
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// As what an outlet is classified: `… is (a) …`.
    pub enum OutletClass {
        /// Media of a state.
        StateMedia = "state_media" ("a medium of a state", "un média d’État"),
        /// A site of an influence operation.
        Operation = "operation" ("a site of an influence operation", "un site d’une opération d’influence"),
        /// Carries copies of state media's articles.
        Mirror = "mirror" (
            "a site that copies articles of state media",
            "un site qui recopie des articles de médias d’État"
        ),
        /// Publishes leaked papers.
        LeakSite = "leak_site" ("a site that publishes leaked papers", "un site qui publie des documents ayant fuité"),
        /// Anybody publishes there without an account.
        AnonymousBoard = "anonymous_board" (
            "a place where anybody publishes without a name",
            "un lieu où chacun publie sans nom"
        ),
        /// Its name imitates that of an outlet.
        Lookalike = "lookalike" ("a name that imitates an outlet’s", "un nom qui imite celui d’un média"),
        /// On a list of the user's, under a word of its own.
        Listed = "listed" ("on a list", "sur une liste"),
        /// An ordinary outlet, says the user: takes back what a list says.
        Ordinary = "ordinary" ("an ordinary outlet", "un média ordinaire"),
    }
}

/// An outlet that somebody has classified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Classified {
    /// As what.
    pub class: OutletClass,
    /// In the words of who says so; what it imitates.
    pub name: String,
    /// Who says so.
    pub who: String,
    /// Where; empty where nobody told.
    pub reference: String,
}

/// A classified outlet that posts link to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Outlet {
    /// Its host.
    pub outlet: String,
    /// As what it is classified, and by whom.
    #[serde(flatten)]
    pub classified: Classified,
    /// Posts and articles that link to it.
    pub posts: u64,
    /// Accounts that shared it.
    pub accounts: u64,
    /// The first of them.
    pub first_account: Option<String>,
    /// Its addresses with their posts, the most shared first; 20 at most.
    pub urls: Vec<(String, u64)>,
    /// The posts over time.
    pub curve: Curve,
    /// Groups that act as one and share it.
    pub groups: Vec<Favour>,
    /// Whom the posts name, and in how many.
    pub candidates: Candidates,
}

/// A group that shares an outlet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Favour {
    /// The id of its finding.
    pub finding: String,
    /// Its members.
    pub members: u64,
    /// Those who share the outlet.
    pub sharers: u64,
}

/// An outlet that posts link to, classified or not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Shared {
    /// Its host.
    pub host: String,
    /// As what it is classified, and by whom.
    #[serde(flatten)]
    pub classified: Option<Classified>,
}

impl Row for Outlet {
    const NAME: &'static str = "posts/outlet";
}
