//! Posts: exports of what accounts wrote and shared; which of them act as one, and whether that is chance.
//!
//! You may rely on: `shares` is the one table (who shared what, when); `network`, `chance` and `groups` are kernels
//! over it without I/O. Of a file the reader keeps blocks of posts (`block`) from which `table` makes one table of the
//! case, the same whatever the files; detectors work on it. Left out: asking a platform or a short link for anything.

pub mod automation;
pub mod block;
pub mod burst;
pub mod chance;
pub mod claim;
mod command;
pub mod coordination;
pub mod copied;
pub mod copied_text;
pub(crate) mod damage;
pub mod dataset;
mod generic;
pub mod groups;
mod members;
pub mod naming;
pub mod narrative;
pub mod network;
pub mod outlet;
pub mod outlets;
pub mod platforms;
pub mod post;
mod reading;
pub mod road;
pub mod settings;
pub mod shares;
pub mod table;
pub mod text;

use crate::input::Input;
use crate::{Behind, Command, Detector, Sensor};
use damage::Damage;
use model::{Config, Context, Result, Settings as _, Sink, Table, View};
use reading::Kind;
use rows::posts::{Block, ShortLinks};
use rows::{Row, Shape};

/// What detectors work on.
const INPUTS: &[&str] = &[Block::NAME, ShortLinks::NAME];
/// Posts by day (`YYYY-MM-DD`, UTC).
pub const DAY_TALLY: &str = "posts/day";

/// Posts.
pub struct Posts;

impl Sensor for Posts {
    fn name(&self) -> &'static str {
        "posts"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "tables of posts or shares (CSV, JSON lines, arrays and documents, pandas' JSON, sheets of workbooks): CooRTweet's, the QUT toolkit's, any with usual column names in English, French and more",
            "X: its archive's tweets.js, statuses of the interface 1.1, pages of the interface 2 (JSON, JSON lines), twarc's CSV",
            "snscrape's posts of X and Telegram (JSON lines)",
            "Mastodon statuses, ActivityPub outboxes and activities (JSON, JSON lines)",
            "Telegram Desktop's export (result.json, messages.html), messages as Telethon writes them (JSON, JSON lines)",
            "TikTok (Zeeschuimer, research interface), YouTube (interface, yt-dlp's comments), Bluesky (feeds, search, Jetstream, a repository's CAR)",
            "Reddit (listings, Pushshift), 4chan, 4plebs, VK's walls, Discord (DiscordChatExporter), Threads, WhatsApp's chats, one's own posts of Facebook and Instagram",
            "Facebook and Instagram: CrowdTangle's CSV and JSON, the Meta Content Library's CSV",
            "media: RSS, Atom, RDF, JSON Feed, news sitemaps; GDELT's knowledge graph, events, mentions (tab-separated) and article lists (JSON)",
            "maps of short links (CSV: short,long)",
        ]
    }

    fn recognise(&self, head: &[u8], context: &Context) -> u8 {
        let mapping = settings::mapping(context.config).unwrap_or_default();
        reading::recognise(head, &mapping, false).map_or(0, |(_, sure)| sure)
    }

    fn surest(&self, head: &[u8]) -> u8 {
        platforms::surest(head)
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        let mapping = settings::mapping(context.config)?;
        match reading::recognise(input.head(), &mapping, false).map(|(kind, _)| kind) {
            Some(Kind::Platform(platforms::Format::Short(separator))) => platforms::short::read(input, separator, out)?,
            Some(kind) => {
                let mut writer = block::Writer::new(out).with(platforms::Short::told(context.config)?);
                let mut damage = Damage::default();
                let taken =
                    reading::read(kind, input, &mapping, &mut damage, &mut |post, place| writer.post(post, place))?;
                damage.into_skips().chain(input.damage().cloned()).for_each(|skip| writer.skip(skip));
                writer.finish(taken.map(|table| table.told()));
            }
            None => {}
        }
        out.progress(input.consumed());
        Ok(())
    }

    fn settings(&self) -> &'static Table {
        settings::Settings::TABLE
    }

    fn check(&self, config: &Config) -> Result<()> {
        claim::check(config)?;
        settings::mapping(config).map(drop)
    }

    fn commands(&self) -> &'static [Command] {
        &[command::NETWORK]
    }

    fn behind<'c>(&self, case: &'c dyn View) -> Option<Behind<'c>> {
        Some(members::behind(case))
    }

    fn shapes(&self) -> &'static [Shape] {
        &SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &DETECTORS
    }
}

static SHAPES: [Shape; 2] = [Shape::of::<Block>(), Shape::of::<ShortLinks>()];

/// Who acts as one and what is copied; then what that makes of narratives, outlets and the road into the media.
static DETECTORS: [&dyn Detector; 9] = [
    &coordination::CoordinationDetector,
    &network::detector::WholeNetworkDetector,
    &copied_text::CopiedTextDetector,
    &automation::AutomationDetector,
    &burst::BurstDetector,
    &narrative::NarrativeDetector,
    &outlet::OutletDetector,
    &claim::ClaimDetector,
    &road::RoadDetector,
];
