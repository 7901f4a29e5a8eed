//! `probe`: the way of somebody who votes or registers, walked again and again at one's own platform; a line of evidence for
//! each step.

use super::examine::{Asked, shown, taken_apart};
use super::{LIST, owner, read, resolved};
use crate::cli::Global;
use crate::commands::Outcome;
use crate::commands::collect::DnsOptions;
use crate::output::Out;
use clap::Args;
use collect::Online;
use collect::site::{Lost, Site};
use model::{Error, Result, escape};
use rows::Row;
use rows::reach::{Met, Step};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie probe https://vote.example.org/ https://vote.example.org/login --owner=secret.txt \\\n    \
         --expect \"Bureau de vote\" --from Lyon --every 60 --times 720 > lyon.jsonl\n  \
         vigie check lyon.jsonl access.log\n\n\
         One page after another, at your own platform only: that it is yours must be shown. Nobody votes and nothing is\n\
         sent. Exit 1: a step was not served."
)]
pub struct Probe {
    /// The pages, in the order in which somebody opens them
    #[arg(required = true, value_name = "URL")]
    pub urls: Vec<String>,
    /// A text that must stand on the page: the first for the first page, and so on (repeatable)
    #[arg(long, value_name = "TEXT")]
    pub expect: Vec<String>,
    /// Paths of a waiting room (repeatable)
    #[arg(long, value_name = "PATH")]
    pub waiting: Vec<String>,
    /// From where this is tried, as it shall stand in the evidence
    #[arg(long, value_name = "PLACE", default_value = "here")]
    pub from: String,
    /// Rounds
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub times: u64,
    /// Seconds from the beginning of one round to the next; at least 10, except on this machine
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub every: u64,
    /// Seconds after which an answer is none
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub timeout: u64,
    /// Take this address for a host, as curl does: HOST:PORT:ADDRESS (repeatable)
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub resolve: Vec<String>,
    /// Trust the authorities in this file too (PEM)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    #[command(flatten)]
    pub dns: DnsOptions,
    /// A secret of yours by which you show that the platform is yours; what to publish is said. Not needed on loopback
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub owner: Option<Option<PathBuf>>,
}

/// Redirections within one step.
const HOPS: usize = 5;
/// Between two rounds at a host that is not this machine, at least.
const LEAST: Duration = Duration::from_secs(10);

/// `vigie probe`.
pub fn probe(args: &Probe, global: &Global) -> Result<Outcome> {
    let lang = global.language(None);
    let online = Online::granted();
    let asked = Asked {
        resolve: args.resolve.iter().map(|r| resolved(r)).collect::<Result<_>>()?,
        roots: args.ca.as_deref().map(|path| read(path, LIST)).transpose()?,
        resolver: args.dns.resolver.as_ref().map(|_| crate::commands::collect::resolver(&args.dns)).transpose()?,
        owner: owner(&args.owner)?,
        records: Vec::new(),
        browser: false,
        origin: sensors::origin::Origin::default(),
        at: global.now(),
    };
    if args.expect.len() > args.urls.len() {
        return Err(Error::new("there are more texts to expect than addresses")
            .hint("the first --expect belongs to the first address, the second to the second"));
    }
    let urls: Vec<String> =
        args.urls.iter().map(|u| if u.contains("://") { u.clone() } else { format!("https://{u}") }).collect();
    // Whose it is must be shown of each host, before anything is asked again and again.
    let mut hosts: BTreeMap<String, &String> = BTreeMap::new();
    for url in &urls {
        hosts.entry(taken_apart(url)?.0).or_insert(url);
    }
    let mut local = true;
    for (host, url) in &hosts {
        let site = open(&online, url, &asked)?;
        let base = url.split('/').take(3).collect::<Vec<_>>().join("/");
        let extra = |method: &str, url: &str, headers: &[(&str, &str)]| {
            site.extra(method, url, headers, true).map(|raw| super::examine::answer(url, raw))
        };
        shown(&online, &asked, &site, host, &base, &extra)?;
        local &= site.address().is_loopback();
    }
    let every = Duration::from_secs(args.every);
    let every = if local { every } else { every.max(LEAST) };
    let patience = Duration::from_secs(args.timeout.clamp(1, 120));
    let mut out = Out::new();
    let mut failed = false;
    for round in 0..args.times {
        let begun = Instant::now();
        for (n, url) in urls.iter().enumerate() {
            let at = global.now();
            let step = step(&online, (n, url), args, &asked, patience);
            let (met, millis) = (step.met, step.millis[2]);
            let mut line = json!({ "vigie": "probe", "at": at });
            if let (Some(line), serde_json::Value::Object(fields)) = (line.as_object_mut(), json!(step.fields())) {
                line.extend(fields);
            }
            out.json(&line)?;
            out.flush()?;
            if !global.json {
                let words = met.text();
                let took = lang.of("ms", "ms");
                eprintln!("{at} {} {}: {} ({millis} {took})", n + 1, escape::visible(url), words.get(lang));
            }
            if met != Met::Served {
                failed = true;
                // Who cannot open a page does not come to the next.
                break;
            }
        }
        if round + 1 < args.times {
            std::thread::sleep(every.saturating_sub(begun.elapsed()));
        }
    }
    out.end()?;
    if !global.json && failed {
        eprintln!(
            "{}",
            lang.of(
                "not every step was served: add these lines to a case (`vigie add`)",
                "toutes les étapes n’ont pas été servies : ajoutez ces lignes à un dossier (« vigie add »)"
            )
        );
    }
    Ok(if failed { Outcome::No } else { Outcome::Done })
}

/// The site of an address, found anew each time: names that lead nowhere are part of what a probe looks for.
fn open(online: &Online, url: &str, asked: &Asked) -> Result<Site<'static>> {
    let (host, ports) = taken_apart(url)?;
    let at = asked.at;
    let address: Option<IpAddr> = match (asked.resolve.get(&host), &asked.resolver) {
        (Some(given), _) => Some(*given),
        (None, Some(resolver)) => collect::site::resolve_by(online, resolver, &host, &move || at)?,
        (None, None) => None,
    };
    Site::new(online, &host, ports, address, asked.roots.as_deref(), &NO_CLOCK)
}

/// Exchanges of a probe are not kept by their time: each line has its own.
static NO_CLOCK: fn() -> model::Time = model::Time::default;

fn step(online: &Online, (n, url): (usize, &str), args: &Probe, asked: &Asked, patience: Duration) -> Step {
    let site = open(online, url, asked);
    let host = taken_apart(url).map(|(host, _)| host).unwrap_or_default();
    let mut step = Step {
        site: host,
        from: args.from.clone(),
        step: n as u32 + 1,
        url: url.to_string(),
        met: Met::Unresolved,
        status: 0,
        millis: [0; 3],
    };
    let Ok(site) = site else { return step };
    let expected = args.expect.get(n).map(String::as_str).unwrap_or_default();
    let (mut url, mut seen) = (url.to_string(), BTreeSet::new());
    loop {
        let timed = site.timed(&url, patience);
        let sum = |a: u64, b: u64| a.saturating_add(b);
        step.millis = std::array::from_fn(|i| sum(step.millis[i], timed.millis[i]));
        let (status, headers, body) = match timed.answer {
            Ok(answer) => answer,
            Err(lost) => {
                step.met = match lost {
                    Lost::Unreachable => Met::Unreachable,
                    Lost::Timeout => Met::Timeout,
                    Lost::Certificate => Met::Certificate,
                    Lost::Broken => Met::Unexpected,
                };
                return step;
            }
        };
        step.status = status;
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        if args.waiting.iter().any(|w| path.starts_with(w.trim_start_matches('/'))) {
            step.met = Met::Busy;
            return step;
        }
        let to = headers.iter().find(|(name, _)| name == "location").map(|(_, to)| to.as_str());
        if let (300..=399, Some(to)) = (status, to) {
            let next = collect::site::led(&url, to);
            let same = taken_apart(&next).is_ok_and(|(host, _)| host == step.site);
            if same && seen.len() < HOPS && seen.insert(next.clone()) {
                url = next;
                continue;
            }
        }
        let there = expected.is_empty() || stands_in(&body, expected.as_bytes());
        step.met = match status {
            429 | 503 => Met::Busy,
            401 | 403 | 451 => Met::Refused,
            500.. => Met::Error,
            200..=299 if there => Met::Served,
            300..=399 if expected.is_empty() => Met::Served,
            _ => Met::Unexpected,
        };
        return step;
    }
}

/// Whether a text stands in a body.
fn stands_in(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len().max(1)).any(|w| w == text)
}
