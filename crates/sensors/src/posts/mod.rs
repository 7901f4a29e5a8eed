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
pub mod network;
pub mod post;
pub mod shares;
pub mod table;
pub mod text;

use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Context, Result, Sink, Text};

/// A few thousand posts, column by column ([`block`]).
pub const BLOCK: &str = "posts/block";
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
        &["tables of posts or shares (CSV, JSON lines): CooRTweet's, the QUT toolkit's, any with usual column names"]
    }

    fn version(&self) -> u32 {
        2
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        generic::recognise(head)
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        let mut writer = block::Writer::new(out);
        generic::read(input, &mut writer)?;
        writer.finish();
        out.progress(input.consumed());
        Ok(())
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[&coordination::Coordination, &copied_text::CopiedText, &automation::Automation]
    }
}
