//! Posts: exports of what accounts wrote and shared; which of them act as one, and whether that is chance.
//!
//! You may rely on: `shares` is the one table (who shared what, when); `network`, `chance` and `groups` are kernels
//! over it without I/O. Of a file the reader keeps, so far, only how many posts each day has. Left out, so far: the
//! readers of platforms' own exports, detectors, the brief's chapter.

pub mod chance;
pub mod groups;
pub mod network;
pub mod shares;
pub mod stance;
pub mod text;

use crate::input::Input;
use crate::{Detector, Sensor};
use model::{Context, Result, Sink, Tally, Text};
use shares::{Mapping, Shares};
use std::collections::BTreeMap;

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
        1
    }

    fn recognise(&self, head: &[u8], _context: &Context) -> u8 {
        // An account, a time and something said or shared are columns of many a table; with a post's id it is ours.
        let posts = |columns: shares::Columns| columns.get(shares::Role::Content).is_some();
        shares::sniff(head, &Mapping::default()).map_or(0, |(_, columns)| if posts(columns) { 80 } else { 40 })
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        let mut posts = Shares::new(false);
        let options = shares::Options { by: shares::By::Text, texts: true, ..shares::Options::default() };
        let outcome = shares::read(input, "", &options, &mut posts)?;
        outcome.skips.into_iter().for_each(|skip| out.skip(skip));
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        for post in 0..posts.len() as u32 {
            *days.entry(posts.time(post).seconds().div_euclid(86_400)).or_default() += 1;
        }
        for (day, count) in days {
            let day =
                model::Time::from_seconds(day.saturating_mul(86_400)).timestamp().strftime("%Y-%m-%d").to_string();
            out.tally(Tally { kind: DAY_TALLY.into(), key: day, counts: vec![count] });
        }
        out.progress(input.consumed());
        Ok(())
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[]
    }
}
