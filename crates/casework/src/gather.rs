//! One pass over the case's findings. Attempts (findings with an `outcome`) go to the ledger and to `attempts.csv` as
//! they stream by; only the most important are kept whole for the page. You may rely on: memory grows with the ledger's
//! rows, the number of distinct addresses (capped) and what the page shows, never with the number of findings.

use crate::ledger::{Entry, Ledger};
use crate::{Accounts, Line, Options, Wanted, Write, csv};
use jiff::{civil::Date, tz::TimeZone};
use model::{Address, Finding, Outcome, Result, Severity, SpanSet, Trace, View};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::ControlFlow;

/// Attempts told in full on the page.
pub const DETAILED: usize = 2000;
/// Outages, and other findings, told on the page.
pub const LISTED: usize = 200;
/// Distinct addresses counted; beyond, the figure says *at least*.
const ADDRESSES: usize = 1_000_000;
/// Entities and reasons of a finding kept for the page.
const ENTITIES: usize = 24;

/// A finding kept for the page.
#[derive(Debug)]
pub struct Detail {
    /// Its number on the page, in order of time; 0 for what is not an attempt.
    pub number: usize,
    /// The finding, its entities and traces cut to what the page shows.
    pub finding: Finding,
    /// What came of it; attempts only.
    pub outcome: Option<Outcome>,
    /// The day it began.
    pub day: Option<Date>,
    /// Its evidence lines, once read.
    pub lines: Vec<Line>,
}

impl Detail {
    /// A textual field, `-` where there is none.
    pub fn word(&self, name: &str) -> &str {
        word(&self.finding, name)
    }

    /// A field that counts.
    pub fn number(&self, name: &str) -> u64 {
        number(&self.finding, name)
    }
}

/// What the page is made from.
#[derive(Debug, Default)]
pub struct Gathered {
    /// All attempts, counted.
    pub ledger: Ledger,
    /// The attempts told in full, in order of time.
    pub attempts: Vec<Detail>,
    /// Outages, in order of time, and how many there are in all.
    pub outages: (Vec<Detail>, u64),
    /// Findings about names.
    pub names: Names,
    /// Findings on posts, with nobody named who must not be.
    pub posts: Posts,
    /// Findings about mail.
    pub mail: crate::mail::Mail,
    /// Other findings, most important first.
    pub others: Vec<Detail>,
    /// Findings per detector with the gravest severity.
    pub detectors: BTreeMap<String, (u64, Severity)>,
    /// Technique ids per class.
    pub techniques: BTreeMap<String, BTreeSet<String>>,
    /// Distinct addresses, and whether there are more.
    pub addresses: (u64, bool),
}

/// Findings about names, the gravest of each detector kept whole.
#[derive(Debug, Default)]
pub struct Names {
    /// Names that resemble something protected.
    pub lookalikes: Vec<Detail>,
    /// Names of one hand.
    pub clusters: Vec<Detail>,
    /// Names held to be bad that were met.
    pub sightings: Vec<Detail>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

impl Names {
    /// Findings of a detector at or above a severity.
    pub fn count(&self, detector: &str, least: Severity) -> u64 {
        self.counts.iter().filter(|((d, s), _)| d == detector && *s >= least).map(|(_, n)| n).sum()
    }

    /// Whether nothing is worth telling.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// All kept.
    pub fn all(&self) -> impl Iterator<Item = &Detail> {
        self.clusters.iter().chain(&self.lookalikes).chain(&self.sightings)
    }

    /// Takes a finding about names; gives back any other.
    fn take(&mut self, finding: Finding, day: Option<Date>) -> Option<Finding> {
        let list = match &*finding.detector {
            "names/lookalike" => &mut self.lookalikes,
            "names/cluster" => &mut self.clusters,
            "names/indicator" => &mut self.sightings,
            _ => return Some(finding),
        };
        *self.counts.entry((finding.detector.to_string(), finding.severity)).or_default() += 1;
        if list.len() < LISTED && finding.severity > Severity::Info {
            list.push(detail(finding, None, day));
        }
        None
    }
}

/// Findings on posts, the gravest of each detector kept whole.
#[derive(Debug, Default)]
pub struct Posts {
    /// Accounts that act as one.
    pub groups: Vec<Detail>,
    /// Texts that many accounts posted.
    pub copied: Vec<Detail>,
    /// Accounts that look automatic.
    pub automation: Vec<Detail>,
    /// What is told, by whom, over time.
    pub narratives: Vec<Detail>,
    /// Media and channels.
    pub outlets: Vec<Detail>,
    /// The road of a leak into the media.
    pub roads: Vec<Detail>,
    /// Groups that act together and say why (an outlet's accounts, feeds, an announced campaign).
    pub explained: u64,
    /// How many, by detector.
    counts: BTreeMap<String, u64>,
}

impl Posts {
    /// Findings of a detector at or above `low`.
    pub fn count(&self, detector: &str) -> u64 {
        self.counts.get(detector).copied().unwrap_or(0)
    }

    /// Whether nothing is worth telling.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// All kept.
    pub fn all(&self) -> impl Iterator<Item = &Detail> {
        let lists = [&self.groups, &self.copied, &self.automation, &self.narratives, &self.outlets, &self.roads];
        lists.into_iter().flatten()
    }

    /// Takes a finding on posts; gives back any other.
    fn take(&mut self, finding: Finding, day: Option<Date>) -> Option<Finding> {
        let list = match &*finding.detector {
            "posts/coordination" => &mut self.groups,
            "posts/copied_text" => &mut self.copied,
            "posts/automation" => &mut self.automation,
            "posts/narrative" => &mut self.narratives,
            "posts/outlet" => &mut self.outlets,
            "posts/road" => &mut self.roads,
            _ => return Some(finding),
        };
        // Those that accuse nobody are told at any severity; what is below the threshold of the others stays unsaid.
        let tells =
            matches!(&*finding.detector, "posts/copied_text" | "posts/narrative" | "posts/outlet" | "posts/road");
        self.explained += u64::from(finding.severity == Severity::Info && finding.detector == "posts/coordination");
        if tells || finding.severity > Severity::Info {
            *self.counts.entry(finding.detector.to_string()).or_default() += 1;
            if list.len() < LISTED {
                list.push(detail(finding, None, day));
            }
        }
        None
    }

    /// Takes the names of those out who must not be named.
    fn hide(&mut self, accounts: &Accounts) {
        for list in [
            &mut self.groups,
            &mut self.copied,
            &mut self.automation,
            &mut self.narratives,
            &mut self.outlets,
            &mut self.roads,
        ] {
            *list = std::mem::take(list)
                .into_iter()
                .map(|d| Detail { finding: accounts.finding(d.finding), ..d })
                .collect();
        }
    }
}

/// Reads the findings, writes `attempts.csv`, then asks once for all evidence lines the page shows.
pub fn gather(view: &dyn View, zone: &TimeZone, options: &Options, write: &mut Write) -> Result<Gathered> {
    let mut all = Gathered::default();
    let mut accounts = Accounts::shown();
    let mut kept: BTreeMap<(u8, u64), Detail> = BTreeMap::new();
    let mut addresses: HashSet<Address> = HashSet::new();
    let mut before_outages: BTreeSet<String> = BTreeSet::new();
    let mut sequence = 0u64;
    let mut table = String::new();
    csv::row(&mut table, &COLUMNS);
    view.findings(&mut |finding| {
        sequence += 1;
        let seen = all.detectors.entry(finding.detector.to_string()).or_insert((0, finding.severity));
        *seen = (seen.0 + 1, seen.1.max(finding.severity));
        let day = finding.first.map(|t| t.in_zone(zone).date());
        let Some(outcome) = outcome(&finding) else {
            let Some(finding) = all.names.take(finding, day) else { return Ok(ControlFlow::Continue(())) };
            accounts.learn(&finding);
            let Some(finding) = all.posts.take(finding, day) else { return Ok(ControlFlow::Continue(())) };
            let Some(finding) = all.mail.take(finding, day) else { return Ok(ControlFlow::Continue(())) };
            let outage = finding.detector.ends_with("/outage");
            if outage {
                all.outages.1 += 1;
                before_outages.extend(strings(&finding, "preceded_by"));
            }
            let list = if outage { &mut all.outages.0 } else { &mut all.others };
            if list.len() < LISTED && (outage || finding.severity > Severity::Info) {
                list.push(detail(finding, None, day));
            }
            return Ok(ControlFlow::Continue(()));
        };
        let class = word(&finding, "class");
        all.ledger.add(Entry {
            day,
            country: word(&finding, "country"),
            class,
            outcome,
            purpose: word(&finding, "purpose"),
            requests: number(&finding, "requests").max(1),
        });
        if all.techniques.len() < 256 || all.techniques.contains_key(class) {
            let known = all.techniques.entry(class.to_string()).or_default();
            known.extend(finding.techniques.iter().take(16).filter(|_| known.len() < 16).cloned().collect::<Vec<_>>());
        }
        for entity in finding.entities.iter().filter(|e| e.kind == "ipv4-addr" || e.kind == "ipv6-addr") {
            if addresses.len() < ADDRESSES {
                addresses.extend(Address::parse(entity.value.as_bytes()));
            } else {
                all.addresses.1 = true;
            }
        }
        attempt_row(&mut table, &finding, outcome, day);
        if table.len() > 1 << 16 {
            write("attempts.csv", table.as_bytes())?;
            table.clear();
        }
        // Findings come gravest first, so that an outage is usually known before the attempts that led to it.
        let rank = match outcome {
            Outcome::PossiblySucceeded => 0,
            _ if before_outages.contains(&finding.key) || before_outages.contains(&finding.id()) => 1,
            Outcome::MadeUnavailable => 1,
            _ => 2,
        };
        if kept.len() < DETAILED || kept.last_key_value().is_some_and(|(worst, _)| (rank, sequence) < *worst) {
            kept.insert((rank, sequence), detail(finding, Some(outcome), day));
            if kept.len() > DETAILED {
                kept.pop_last();
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    write("attempts.csv", table.as_bytes())?;
    all.posts.hide(&accounts);
    all.addresses.0 = addresses.len() as u64;
    all.attempts = kept.into_values().collect();
    all.attempts.sort_by(|a, b| (a.finding.first, &a.finding.key).cmp(&(b.finding.first, &b.finding.key)));
    all.attempts.iter_mut().zip(1..).for_each(|(detail, number)| detail.number = number);
    all.outages.0.sort_by(|a, b| (a.finding.first, &a.finding.key).cmp(&(b.finding.first, &b.finding.key)));
    read_lines(&mut all, options)?;
    Ok(all)
}

/// Asks for the lines of everything kept, in one call: each piece of evidence need be decompressed only once. Those of
/// posts and mail are told by their places only: a line of an export speaks of whoever is mentioned in it, and the first
/// lines of a message are the transport's.
fn read_lines(all: &mut Gathered, options: &Options) -> Result<()> {
    let mut details: Vec<&mut Detail> =
        all.attempts.iter_mut().chain(&mut all.outages.0).chain(&mut all.others).collect();
    let names = &mut all.names;
    details.extend(names.lookalikes.iter_mut().chain(&mut names.clusters).chain(&mut names.sightings));
    let wanted: Vec<Wanted> = details
        .iter_mut()
        .map(|d| {
            let (first, last) = lines_shown(d.outcome);
            Wanted { traces: std::mem::take(&mut d.finding.traces), first, last }
        })
        .collect();
    let mut lines = (options.lines)(&wanted)?;
    lines.resize_with(details.len(), Vec::new);
    for ((detail, wanted), lines) in details.into_iter().zip(wanted).zip(lines) {
        detail.finding.traces = wanted.traces;
        detail.lines = lines;
    }
    Ok(())
}

/// How many lines of a finding the page shows, from its beginning and from its end.
pub fn lines_shown(outcome: Option<Outcome>) -> (usize, usize) {
    match outcome {
        Some(Outcome::PossiblySucceeded | Outcome::MadeUnavailable) | None => (5, 5),
        Some(_) => (2, 1),
    }
}

/// A finding as the page keeps it.
pub fn detail(mut finding: Finding, outcome: Option<Outcome>, day: Option<Date>) -> Detail {
    finding.entities.truncate(ENTITIES);
    finding.entities.shrink_to_fit();
    finding.reasons.truncate(ENTITIES);
    finding.techniques.truncate(ENTITIES);
    let (first, last) = lines_shown(outcome);
    finding.traces = ends(std::mem::take(&mut finding.traces), first, last);
    Detail { number: 0, finding, outcome, day, lines: Vec::new() }
}

/// The traces' first and last ranges: the first `first` lines lie in the first `first` ranges, and so at the end.
fn ends(traces: Vec<Trace>, first: usize, last: usize) -> Vec<Trace> {
    let total: u64 = traces.iter().map(|t| t.spans.len()).sum();
    let (first, last_from) = (first as u64, total.saturating_sub(last as u64));
    let mut at = 0;
    let mut out = Vec::new();
    for trace in traces {
        let mut spans = SpanSet::new();
        for span in trace.spans.iter() {
            if at < first || at >= last_from {
                spans.push(span);
            }
            at += 1;
        }
        if !spans.is_empty() {
            out.push(Trace { spans, ..trace });
        }
    }
    out
}

const COLUMNS: [&str; 19] = [
    "id",
    "first",
    "last",
    "day",
    "country",
    "class",
    "outcome",
    "purpose",
    "site",
    "network",
    "shape",
    "sources",
    "requests",
    "severity",
    "confidence",
    "detector",
    "addresses",
    "evidence",
    "lines",
];

fn attempt_row(table: &mut String, finding: &Finding, outcome: Outcome, day: Option<Date>) {
    let time = |t: Option<model::Time>| t.map_or_else(String::new, |t| t.to_string());
    let addresses: Vec<&str> =
        finding.entities.iter().filter(|e| e.kind.ends_with("-addr")).take(3).map(|e| e.value.as_str()).collect();
    let mut evidence: Vec<String> = finding.traces.iter().map(|t| t.evidence.to_string()).collect();
    evidence.dedup();
    evidence.truncate(3);
    let lines: Vec<String> =
        finding.traces.iter().flat_map(|t| t.spans.iter()).take(5).map(|s| s.line.to_string()).collect();
    let field = |name| word(finding, name).to_string();
    csv::row(
        table,
        &[
            finding.id(),
            time(finding.first),
            time(finding.last),
            day.map_or_else(String::new, |d| d.to_string()),
            field("country"),
            field("class"),
            outcome.as_str().to_string(),
            field("purpose"),
            field("site"),
            field("network"),
            field("shape"),
            number(finding, "sources").to_string(),
            number(finding, "requests").max(1).to_string(),
            finding.severity.as_str().to_string(),
            finding.confidence.to_string(),
            finding.detector.to_string(),
            addresses.join(" "),
            evidence.join(" "),
            lines.join(" "),
        ],
    );
}

fn outcome(finding: &Finding) -> Option<Outcome> {
    let word = finding.fields.get("outcome")?.as_str()?;
    Outcome::ALL.into_iter().find(|o| o.as_str() == word)
}

fn word<'a>(finding: &'a Finding, name: &str) -> &'a str {
    finding.fields.get(name).and_then(|v| v.as_str()).filter(|w| !w.is_empty()).unwrap_or(match name {
        "country" => "unknown",
        _ => "-",
    })
}

fn number(finding: &Finding, name: &str) -> u64 {
    finding.fields.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0)
}

/// A field that lists strings.
pub fn strings(finding: &Finding, name: &str) -> Vec<String> {
    let list = finding.fields.get(name).and_then(|v| v.as_array());
    list.into_iter().flatten().take(64).filter_map(|v| v.as_str()).map(str::to_string).collect()
}
