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

/// How many posts name somebody who is protected or a candidate, by name. On which side they are is not told: words alone told it
/// wrongly of two in three real posts.
pub type Candidates = BTreeMap<String, u64>;
