//! Posts: exports of what accounts wrote and shared; which of them act as one, and whether that is chance.
//!
//! You may rely on: `shares` is the one table (who shared what, when); `network`, `chance` and `groups` are kernels
//! over it without I/O. Of a file the reader keeps, so far, only how many posts each day has. Left out, so far: the
//! readers of platforms' own exports, detectors, the brief's chapter.

pub mod automation;
pub mod block;
pub mod chance;
pub mod coordination;
pub mod copied;
pub mod copied_text;
mod generic;
pub mod groups;
pub mod narrative;
pub mod network;
pub mod outlet;
pub mod outlets;
pub mod platforms;
pub mod post;
pub mod road;
pub mod shares;
pub mod stance;
pub mod table;
pub mod text;

use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Context, Result, Setting, Sink, Text};

/// A few thousand posts, column by column ([`block`]).
pub const BLOCK: &str = "posts/block";
/// Short links with what they lead to: field `pairs` of `[short, long]`, in [`shares::url`]'s spelling.
pub const SHORT: &str = "posts/short";
/// Posts by day (`YYYY-MM-DD`, UTC).
pub const DAY_TALLY: &str = "posts/day";

/// Posts.
pub struct Posts;

impl Sensor for Posts {
    fn name(&self) -> &'static str {
        "posts"
    }

    fn title(&self) -> Text {
        Text::new("Posts and shares", "Publications et partages")
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "tables of posts or shares (CSV, JSON lines): CooRTweet's, the QUT toolkit's, any with usual column names",
            "X: its archive's tweets.js, statuses of the interface 1.1, pages of the interface 2 (JSON, JSON lines)",
            "Mastodon statuses, ActivityPub outboxes and activities (JSON, JSON lines)",
            "Telegram Desktop's export (result.json)",
            "Facebook and Instagram: CrowdTangle's CSV",
            "media: RSS, Atom, RDF; GDELT's knowledge graph, events, mentions (tab-separated) and article lists (JSON)",
            "maps of short links (CSV: short,long)",
        ]
    }

    fn version(&self) -> u32 {
        2
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        platforms::sniff(head).map_or_else(|| generic::recognise(head), |(_, sure)| sure)
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        match platforms::sniff(input.head()) {
            Some((format, _)) => platforms::read(format, input, out)?,
            None => {
                let mut writer = block::Writer::new(out);
                generic::read(input, &mut writer)?;
                writer.finish();
            }
        }
        out.progress(input.consumed());
        Ok(())
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[
            &coordination::Coordination,
            &copied_text::CopiedText,
            &automation::Automation,
            &narrative::NarrativeDetector,
            &outlet::OutletDetector,
            &road::RoadDetector,
        ]
    }

    fn settings(&self) -> &'static [Setting] {
        &outlets::SETTINGS
    }
}
