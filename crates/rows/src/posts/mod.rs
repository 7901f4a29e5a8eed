//! Rows of posts: the words in them, and what several of them hold.

mod automation;
mod block;
mod burst;
mod claim;
mod coordination;
mod copied_text;
mod narrative;
mod outlet;
mod road;
mod shared_post;
mod whole_network;

pub use automation::{Automation, Sign, Signed};
pub use block::{Block, ShortLinks};
pub use burst::{Burst, BurstPart, Theme};
pub use claim::{Carrier, Claim, Denial, Support};
pub use coordination::{Coordination, Edge, Explanation, Look, Member, Object, Tested, Verdict};
pub use copied_text::{CopiedText, Copier, Copying};
pub use narrative::Narrative;
pub use outlet::{Classified, Favour, Outlet, OutletClass, Shared};
pub use road::{Road, RoadStep, StepKind};
pub use shared_post::SharedPost;
pub use whole_network::{ByWeight, WholeNetwork};

use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

model::vocabulary! {
    /// What accounts do together.
    pub enum CoAction {
        /// Links to pages of one site.
        Domain = "domain" ("links to the same sites", "des liens vers les mêmes sites"),
        /// All hashtags of a post, in their order.
        Hashtags = "hashtags" ("the same series of hashtags", "les mêmes suites de mots-dièse"),
        /// A picture.
        Image = "image" ("the same pictures", "les mêmes images"),
        /// All accounts that a post names.
        Mentions = "mentions" ("mentions of the same accounts", "des mentions des mêmes comptes"),
        /// Of every post the rarest of these that it shares with anybody.
        Mixed = "mixed" ("several of these at once", "plusieurs de ces choses à la fois"),
        /// What a table says is shared, as it is.
        Object = "object" ("the same objects", "les mêmes objets"),
        /// A post that is answered.
        Reply = "reply" ("replies to the same posts", "des réponses aux mêmes messages"),
        /// A post that is reposted.
        Repost = "repost" ("reposts of the same posts", "des reprises des mêmes messages"),
        /// A text, copied.
        Text = "text" ("copies of the same texts", "des copies des mêmes textes"),
        /// A link.
        Url = "url" ("the same links", "les mêmes liens"),
    }
}

/// Posts over time: the beginning of each bin and its posts; empty bins between the first and the last stand too.
pub type Curve = Vec<(Time, u64)>;

/// Posts that name somebody, by the side that their words take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Sides {
    /// For them.
    #[serde(rename = "for")]
    pub supports: u64,
    /// Against them.
    pub against: u64,
    /// Neither, or it cannot be told.
    pub unclear: u64,
}

/// The sides of posts by the name of who is protected or a candidate.
pub type Candidates = BTreeMap<String, Sides>;

/// The same over time, in the bins of the [`Curve`] that have any: beginning, posts for, against, unclear.
pub type SidesOverTime = BTreeMap<String, Vec<(Time, u64, u64, u64)>>;
