//! Web server logs: Common and Combined format in their many dialects, JSON lines, W3C extended, formats named in
//! `case.toml` or learned from the lines themselves, and what error logs say was refused.
//!
//! A line yields at most one request. Ordinary requests are only counted (by site and five minutes; by site, path,
//! status and size); hostile ones, logins and answers *not found* are kept as runs of one source. An unreadable line
//! is counted, never an error: attackers write these lines. Does not resolve names.

mod attempt;
pub mod classify;
mod error;
pub mod habit;
mod heavy;
mod json;
mod line;
mod outage;
mod pattern;
mod proxy;
mod read;
mod record;
mod runs;
mod served;
mod shape;
mod sights;
mod sites;
mod w3c;

use crate::input::Input;
use crate::names::setup::setup;
use crate::{Detector, Sensor};
use classify::Classifier;
use model::{Config, Context, Result, Seconds, Settings as _, Sink, Table};
use pattern::Pattern;
pub(crate) use read::Caps;
use rows::Shape;
use rows::web_log::{Heavy, Request};
#[cfg(test)]
pub(crate) use runs::fold;
pub use sites::OTHERS;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Counts by site and path, key `site|path`: see [`habit::SIZE_CELLS`].
pub const PATH_TALLY: &str = rows::web_log::Habit::NAME;
/// Requests read in all.
pub const LINES_TALLY: &str = "web_log/lines";

/// Where a piece of evidence begins and ends for a site, key `site|first slot|last slot`: in between, silence is silence.
pub const STRETCH_TALLY: &str = "web_log/stretch";

static CLASSIFIER: LazyLock<Classifier> =
    LazyLock::new(|| Classifier::new(&knowledge::web_attacks::WebAttacks::embedded()));

model::settings! {
    /// What a case says of web server logs.
    pub struct Settings in "web_log", "Web server logs", "Journaux de serveur web" {
        window: Seconds = "\"30m\"",
            "longest gap between events of one attempt",
            "plus long silence entre deux évènements d’une même tentative";
        patterns: BTreeMap<String, String> = "{}",
            "named log formats, as in Apache's LogFormat or nginx's log_format",
            "formats de journal nommés, comme le LogFormat d’Apache ou le log_format de nginx";
    }
}

fn patterns(settings: &Settings) -> Result<Vec<Pattern>> {
    settings.patterns.iter().map(|(name, text)| Pattern::new(name, text)).collect()
}

/// Reads one log, its tables no larger than `caps`.
pub(crate) fn read_with(input: &mut Input, context: &Context, caps: Caps, out: &mut dyn Sink) -> Result<()> {
    let own = context.config.protect.domains.iter().map(|d| d.to_lowercase()).collect();
    let settings: Settings = context.config.settings()?;
    let (patterns, window) = (patterns(&settings)?, settings.window.0);
    let setup = setup(context)?;
    let watch = crate::reach::Watch::of(context)?;
    let (setup, watch) = (Some(&*setup), watch.as_ref());
    let reader =
        read::Reader { classifier: &CLASSIFIER, patterns, learned: Vec::new(), window, own, setup, watch, caps };
    reader.learn(input.head()).read(input, out)
}

/// Web server logs.
pub struct WebLog;

impl Sensor for WebLog {
    fn name(&self) -> &'static str {
        "web_log"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "Common and Combined Log Format (Apache, nginx, …), with virtual host, port, proxy address or extra quotes",
            "JSON lines (nginx, Caddy, Traefik, Zeek, DShield, Cloudflare, Fastly, Azure Front Door), Caddy's console",
            "W3C extended log format (IIS, CloudFront), Zeek's http.log",
            "load balancers: AWS ALB and ELB, HAProxy's HTTP log",
            "proxies of one's own (Squid, W3C with `cs-uri-scheme`): who went to names of note; nothing is judged by site",
            "formats of one's own, learned from their lines (Nginx Proxy Manager, HAProxy, fields between …) or named under [web_log.patterns]",
            "error logs of Apache and nginx: wrong passwords, what rules and ModSecurity refused",
        ]
    }

    fn recognise(&self, head: &[u8], context: &Context) -> u8 {
        let settings: Settings = context.config.settings().unwrap_or_default();
        let patterns = patterns(&settings).unwrap_or_default();
        let (share, lines) = read::share(head, patterns, &CLASSIFIER);
        if lines == 0 && read::is_w3c(head) {
            return 90;
        }
        if share >= 20 { (60 + share * 35 / 100) as u8 } else { 0 }
    }

    fn read(&self, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
        read_with(input, context, Caps::default(), out)
    }

    fn settings(&self) -> &'static Table {
        Settings::TABLE
    }

    fn check(&self, config: &Config) -> Result<()> {
        patterns(&config.settings()?).map(drop)
    }

    fn shapes(&self) -> &'static [Shape] {
        static SHAPES: [Shape; 2] = [Shape::observed::<Request>(), Shape::observed::<Heavy>()];
        &SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[&attempt::AttemptDetector, &outage::OutageDetector]
    }
}
