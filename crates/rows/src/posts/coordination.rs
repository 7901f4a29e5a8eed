//! `posts/coordination`.

use super::{Candidates, CoAction};
use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

model::vocabulary! {
    /// Why accounts may do the same, other than in secret.
    pub enum Explanation {
        /// Nothing that was considered.
        None = "none" ("none that was looked for", "aucune de celles cherchées"),
        /// Chance, with every account's volume and every object's popularity kept.
        Chance = "chance" (
            "chance, or the same tastes at the same hours (fans of one show)",
            "le hasard, ou les mêmes goûts aux mêmes heures (les amateurs d’une même émission)"
        ),
        /// Accounts of one outlet that carry its own articles under its own name.
        Newsroom = "newsroom" ("a newsroom’s shared accounts", "les comptes partagés d’une rédaction"),
        /// Automatic feeds that say so and do nothing but link.
        Feed = "feed" ("automatic news feeds", "des fils d’actualité automatiques"),
        /// A campaign whose posts or profiles say that it is one.
        Planned = "planned" ("a planned campaign that says so", "une campagne annoncée comme telle"),
    }
}

model::vocabulary! {
    /// What came of looking for an explanation.
    pub enum Verdict {
        /// It explains the group.
        Holds = "holds" ("holds", "tient"),
        /// It does not.
        Fails = "does not hold" ("does not hold", "ne tient pas"),
    }
}

/// Accounts that act as one, or that act together and say why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Coordination {
    /// How many.
    pub accounts: u64,
    /// All of them, in order of their ids.
    pub members: Vec<Member>,
    /// What they do together.
    pub by: Vec<CoAction>,
    /// What they shared, by most accounts first; 20 at most.
    pub objects: Vec<Object>,
    /// Pairs that chance does not explain, the surest first; 300 at most, or each member's surest where that is more.
    pub edges: Vec<Edge>,
    /// The least probability of a pair, corrected for all pairs, kinds and windows.
    pub p: f64,
    /// Seconds: the narrowest window that shows the group; none where time plays no part.
    pub window: Option<i64>,
    /// The looks that show it.
    pub windows: Vec<Look>,
    /// Posts that members made together.
    pub posts: u64,
    /// These posts by hour of the day, UTC.
    pub hours: [u64; 24],
    /// The same, day by day (UTC).
    pub calendar: BTreeMap<String, [u64; 24]>,
    /// The same by language, as the platform names it.
    pub languages: BTreeMap<String, u64>,
    /// The account that was first with the most objects.
    pub first_mover: Option<String>,
    /// Members by the day (UTC) on which they were created, where that is known.
    pub created: BTreeMap<String, u64>,
    /// Of all pairs, the part that chance does not explain.
    pub density: f64,
    /// Kinds times windows that were tried.
    pub tries: u64,
    /// Whom the posts name, and in how many.
    pub candidates: Candidates,
    /// What explains the group.
    pub explanation: Explanation,
    /// What was considered.
    pub innocent: Vec<Tested>,
}

/// A pair that chance does not explain: two places among the members, how often they were together, and the corrected
/// probability.
pub type Edge = (usize, usize, u64, f64);

/// A member of a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// Its id.
    pub account: String,
    /// Its name, as its posts say; empty where they do not.
    pub name: String,
    /// Its posts that are part of what the group did together.
    pub posts: u64,
    /// All its posts.
    #[serde(rename = "of")]
    pub all: u64,
    /// When it was created.
    pub created: Option<Time>,
}

/// Something that several members shared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Object {
    /// What: a link, hashtags, the id of a post, the beginning of a text.
    pub object: String,
    /// Of which kind.
    pub kind: CoAction,
    /// By how many members.
    pub accounts: u64,
    /// In how many of their posts.
    pub posts: u64,
    /// When a member first shared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Time>,
    /// When a member last did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Time>,
}

/// One kind of trace in one window that shows a group.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Look {
    /// The kind.
    pub by: CoAction,
    /// Seconds; none where time plays no part.
    pub window: Option<i64>,
    /// Pairs of members that chance does not explain.
    pub pairs: u64,
    /// The least probability of one, corrected.
    pub p: f64,
}

/// An explanation that was considered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tested {
    /// Which.
    pub explanation: Explanation,
    /// What came of it.
    pub outcome: Verdict,
    /// The probability, of chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
}

impl Coordination {
    /// The member of an id.
    pub fn member(&self, account: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.account == account)
    }

    /// The edges, without those that a hand other than the detector's led nowhere.
    pub fn pairs(&self) -> impl Iterator<Item = Edge> {
        self.edges.iter().copied().filter(|(a, b, ..)| a != b && *a.max(b) < self.members.len())
    }
}

impl Member {
    /// What a reader calls it.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { &self.account } else { &self.name }
    }
}

impl Row for Coordination {
    const NAME: &'static str = "posts/coordination";
}
