//! Holds findings against the truth: precision and recall of attempts and outages, outcomes and classes apart.
//!
//! A found attempt is a true one if they share a source and the purpose and overlap in time within one window. Each
//! true attempt is found once and each finding finds one: an attempt split in two costs precision, two merged into one
//! cost recall. Left out: whether the words of a finding are good.

use crate::mail::{FoundWave, InboxScore};
use crate::plan::WINDOW;
use crate::posts::DebateScore;
use crate::truth::{TrueAttempt, TrueOutage, Truth};
use crate::words::word;
use crate::{mail, posts};
use model::{Finding, Severity, Time};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// How many examples of each kind of mistake are kept.
const EXAMPLES: usize = 20;

/// How good findings are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Score {
    /// Attempts.
    pub attempts: Rate,
    /// Outages.
    pub outages: Rate,
    /// Decoy addresses: look-alikes at medium or above, by registrable domain.
    pub decoys: Rate,
    /// Pairs of names of one hand: those a cluster joins.
    pub hands: Rate,
    /// Decoys that were not found, and found ones that are none.
    pub decoys_missed: Vec<String>,
    /// Names held to be decoys that are none.
    pub decoys_false: Vec<String>,
    /// Of the attempts found, those whose outcome is the true one.
    pub outcomes_right: u64,
    /// True outcome, then found outcome, then how many.
    pub outcomes: BTreeMap<String, BTreeMap<String, u64>>,
    /// Messages called phishing, where the exercise has mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<InboxScore>,
    /// Accounts called coordinated, where the exercise has a debate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<DebateScore>,
    /// By true class, services' classes with their service (`brute_force ssh`).
    pub classes: BTreeMap<String, ClassRate>,
    /// The first true attempts that were not found.
    pub missed: Vec<TrueAttempt>,
    /// The first found attempts that are not true: id, purpose, sources, first, last.
    pub false_alarms: Vec<String>,
}

/// True, found and both.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Rate {
    /// True ones.
    pub truth: u64,
    /// Found ones.
    pub found: u64,
    /// Found ones that are true.
    pub matched: u64,
    /// `matched / found`; 1 where nothing was found.
    pub precision: f64,
    /// `matched / truth`; 1 where nothing is true.
    pub recall: f64,
}

/// One class.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ClassRate {
    /// True attempts.
    pub truth: u64,
    /// Those found.
    pub matched: u64,
    /// Those found under this class.
    pub class_right: u64,
}

impl Rate {
    pub(crate) fn new(truth: usize, found: usize, matched: usize) -> Rate {
        let part = |of: usize| if of == 0 { 1.0 } else { matched as f64 / of as f64 };
        let (precision, recall) = (part(found), part(truth));
        Rate { truth: truth as u64, found: found as u64, matched: matched as u64, precision, recall }
    }
}

/// What matters of a finding here.
pub(crate) struct Found {
    id: String,
    pub(crate) outage: bool,
    sources: Vec<String>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    pub(crate) first: Time,
    pub(crate) last: Time,
}

impl Found {
    /// An attempt or an outage that is flagged and has its times; nothing else is scored.
    pub(crate) fn of(f: &Finding) -> Option<Found> {
        let outage = f.detector.ends_with("/outage");
        if f.severity < Severity::Low || !(outage || f.detector.ends_with("/attempt")) {
            return None;
        }
        let text = |key: &'static str| Some((key, f.fields.get(key)?.as_str()?.to_string()));
        let keys = ["purpose", "class", "outcome", "country", "site", "kind"];
        let is_address = |e: &&model::Entity| matches!(&*e.kind, "ipv4-addr" | "ipv6-addr");
        Some(Found {
            id: f.id(),
            outage,
            sources: f.entities.iter().filter(is_address).map(|e| e.value.clone()).collect(),
            fields: keys.into_iter().filter_map(text).collect(),
            first: f.first?,
            last: f.last.or(f.first)?,
        })
    }

    pub(crate) fn field(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", String::as_str)
    }
}

/// Scores findings. Only flagged attempts and outages count; all others may be given too.
pub fn score(findings: impl Iterator<Item = Finding>, truth: &Truth) -> Score {
    let mut names = Names::default();
    let (mut mail, mut posts) = (mail::score::Calls::default(), posts::score::Calls::default());
    let told = |f: &Finding| {
        mail.take(f);
        posts.take(f);
        names.take(f);
    };
    let (outages, attempts): (Vec<Found>, Vec<Found>) =
        findings.inspect(told).filter_map(|f| Found::of(&f)).partition(|found| found.outage);
    let true_names: BTreeSet<&str> = truth.decoys.iter().map(|d| d.name.as_str()).collect();
    let found_names: BTreeSet<&str> = names.decoys.iter().map(String::as_str).collect();
    let both = true_names.intersection(&found_names).count();
    let hands = hands(truth);
    let example = |names: &mut dyn Iterator<Item = &&str>| names.take(EXAMPLES).map(|n| n.to_string()).collect();
    let pairs = matched(attempt_pairs(&attempts, &truth.attempts));
    let outage_pairs = matched(outage_pairs(&outages, &truth.outages));
    let mut score = Score {
        attempts: Rate::new(truth.attempts.len(), attempts.len(), pairs.len()),
        outages: Rate::new(truth.outages.len(), outages.len(), outage_pairs.len()),
        decoys: Rate::new(true_names.len(), found_names.len(), both),
        hands: Rate::new(hands.len(), names.pairs.len(), hands.intersection(&names.pairs).count()),
        decoys_missed: example(&mut true_names.difference(&found_names)),
        decoys_false: example(&mut found_names.difference(&true_names)),
        posts: truth.posts.as_ref().map(|t| posts.score(t)),
        mail: truth.mail.as_ref().map(|t| mail.score(t)),
        outcomes_right: 0,
        outcomes: BTreeMap::new(),
        classes: BTreeMap::new(),
        missed: Vec::new(),
        false_alarms: Vec::new(),
    };
    let by_truth: HashMap<usize, usize> = pairs.iter().copied().collect();
    for (i, attempt) in truth.attempts.iter().enumerate() {
        let class = word(attempt.class);
        let purpose = word(attempt.purpose);
        let name = if purpose == "web" { class.clone() } else { format!("{class} {purpose}") };
        let row = score.classes.entry(name).or_default();
        row.truth += 1;
        let Some(found) = by_truth.get(&i).map(|&f| &attempts[f]) else {
            if score.missed.len() < EXAMPLES {
                score.missed.push(attempt.clone());
            }
            continue;
        };
        row.matched += 1;
        row.class_right += u64::from(found.field("class") == class);
        let (wanted, got) = (attempt.outcome.as_str(), found.field("outcome"));
        score.outcomes_right += u64::from(wanted == got);
        *score.outcomes.entry(wanted.into()).or_default().entry(got.into()).or_default() += 1;
    }
    let found: std::collections::HashSet<usize> = pairs.iter().map(|p| p.1).collect();
    let wrong = attempts.iter().enumerate().filter(|(i, _)| !found.contains(i)).take(EXAMPLES);
    score.false_alarms = wrong.map(|(_, f)| describe(f)).collect();
    score
}

/// What findings say of names.
#[derive(Default)]
pub(crate) struct Names {
    /// Decoys, by registrable domain.
    pub(crate) decoys: BTreeSet<String>,
    /// Pairs of names that a cluster joins, in order.
    pairs: BTreeSet<(String, String)>,
    /// Clusters.
    pub(crate) clusters: u64,
}

impl Names {
    pub(crate) fn take(&mut self, f: &Finding) {
        if f.detector == "names/lookalike" && f.severity >= Severity::Medium {
            self.decoys.insert(f.key.clone());
        } else if f.detector == "names/cluster" {
            self.clusters += 1;
            let all = f.fields.get("domains").and_then(|d| d.as_array()).into_iter().flatten();
            let mut all: Vec<String> = all.filter_map(|d| d.as_str()).map(String::from).take(1000).collect();
            all.sort();
            self.pairs.extend(pairs_of(&all));
        }
    }
}

fn pairs_of(sorted: &[String]) -> Vec<(String, String)> {
    let with = |(n, a): (usize, &String)| sorted[n + 1..].iter().map(|b| (a.clone(), b.clone())).collect::<Vec<_>>();
    sorted.iter().enumerate().flat_map(with).collect()
}

/// Pairs of decoys that are truly of one hand.
fn hands(truth: &Truth) -> BTreeSet<(String, String)> {
    let mut hands: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for d in truth.decoys.iter().filter(|d| !d.hand.is_empty()) {
        hands.entry(&d.hand).or_default().push(d.name.clone());
    }
    hands.values_mut().for_each(|names| names.sort());
    hands.values().flat_map(|names| pairs_of(names)).collect()
}

fn describe(f: &Found) -> String {
    let sources: Vec<&str> = f.sources.iter().take(3).map(String::as_str).collect();
    format!("{} {} {} {} {}..{}", f.id, f.field("purpose"), f.field("class"), sources.join(","), f.first, f.last)
}

/// A true thing, a found thing, how much they share, how far apart they begin.
type Pair = (usize, usize, usize, i64);

fn attempt_pairs(found: &[Found], truth: &[TrueAttempt]) -> Vec<Pair> {
    let mut by_source: HashMap<(String, &str), Vec<usize>> = HashMap::new();
    for (t, attempt) in truth.iter().enumerate() {
        for source in &attempt.sources {
            by_source.entry((word(attempt.purpose), source)).or_default().push(t);
        }
    }
    let mut pairs = Vec::new();
    for (f, finding) in found.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for source in &finding.sources {
            let Some(candidates) = by_source.get(&(finding.field("purpose").to_string(), source)) else { continue };
            let near = |t: &&usize| overlap((finding.first, finding.last), (truth[**t].first, truth[**t].last));
            candidates.iter().filter(near).for_each(|&t| *shared.entry(t).or_default() += 1);
        }
        pairs.extend(shared.into_iter().map(|(t, n)| (t, f, n, finding.first.since(truth[t].first).abs())));
    }
    pairs
}

fn outage_pairs(found: &[Found], truth: &[TrueOutage]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (t, outage) in truth.iter().enumerate() {
        for (f, finding) in found.iter().enumerate() {
            // Logs without a virtual host cannot name the site.
            let same_site = matches!(finding.field("site"), "-" | "") || finding.field("site") == outage.site;
            if same_site && overlap((finding.first, finding.last), (outage.first, outage.last)) {
                pairs.push((t, f, 1, finding.first.since(outage.first).abs()));
            }
        }
    }
    pairs
}

fn overlap(a: (Time, Time), b: (Time, Time)) -> bool {
    a.0.since(b.1) <= WINDOW && b.0.since(a.1) <= WINDOW
}

/// One for one, the closest first.
fn matched(mut pairs: Vec<Pair>) -> Vec<(usize, usize)> {
    pairs.sort_by_key(|&(t, f, shared, apart)| (std::cmp::Reverse(shared), apart, t, f));
    let (mut truths, mut founds) = (std::collections::HashSet::new(), std::collections::HashSet::new());
    let mut out = Vec::new();
    for (t, f, ..) in pairs {
        if !truths.contains(&t) && founds.insert(f) {
            truths.insert(t);
            out.push((t, f));
        }
    }
    out
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<32}{:>8}{:>8}{:>9}{:>11}{:>9}", "", "true", "found", "matched", "precision", "recall")?;
        let messages = self.mail.as_ref().map(|m| ("phishing messages", &m.messages));
        let accounts = self.posts.as_ref().map(|p| ("coordinated accounts", &p.accounts));
        let reports = self.mail.as_ref().and_then(|m| m.reports.as_ref());
        for (name, r) in [
            ("attempts", &self.attempts),
            ("outages", &self.outages),
            ("decoy addresses", &self.decoys),
            ("pairs of one hand", &self.hands),
        ]
        .into_iter()
        .chain(messages)
        .chain(reports.map(|r| ("forgers of our name", &r.sources)))
        .chain(accounts)
        {
            let Rate { truth, found, matched, precision, recall } = r;
            writeln!(f, "{name:<32}{truth:>8}{found:>8}{matched:>9}{precision:>11.4}{recall:>9.4}")?;
        }
        for (what, names) in [("missed", &self.decoys_missed), ("no decoy", &self.decoys_false)] {
            if !names.is_empty() {
                writeln!(f, "  {what}: {}", names.join(", "))?;
            }
        }
        for (name, w) in self.mail.iter().flat_map(|m| &m.waves) {
            let FoundWave { messages, matched, strange, clicked, clicked_found } = w;
            writeln!(
                f,
                "  {:<30}{messages:>8}{:>8}{matched:>9}   clicked {clicked_found} of {clicked}",
                format!("wave {name}"),
                matched + strange
            )?;
        }
        if let Some(r) = reports {
            writeln!(
                f,
                "  {:<30}{:>8}{:>8}   since when right: {}, forgotten service named: {}",
                "messages forged", r.forged, r.forged_found, r.since, r.service
            )?;
        }
        if let Some(road) = self.posts.as_ref().and_then(|p| p.road.as_ref()) {
            writeln!(
                f,
                "road  {} of {} steps in order (told: {}), level right: {}, time right: {}",
                road.in_order, road.truth, road.told, road.levels, road.times
            )?;
        }
        for (kind, groups) in self.posts.iter().flat_map(|p| [("group", &p.groups), ("innocent", &p.innocents)]) {
            for (name, c) in groups {
                writeln!(f, "  {:<30}{:>8}{:>8}", format!("{kind} {name}"), c.members, c.called)?;
            }
        }
        writeln!(f, "\n{:<32}{:>8}{:>9}{:>9}{:>13}", "class", "true", "matched", "recall", "class right")?;
        for (name, c) in &self.classes {
            let recall = c.matched as f64 / c.truth.max(1) as f64;
            writeln!(f, "{name:<32}{:>8}{:>9}{recall:>9.4}{:>13}", c.truth, c.matched, c.class_right)?;
        }
        writeln!(f, "\noutcome right: {} of {} matched", self.outcomes_right, self.attempts.matched)?;
        for (wanted, got) in &self.outcomes {
            for (outcome, n) in got.iter().filter(|(outcome, _)| *outcome != wanted) {
                writeln!(f, "  {n} × {wanted}, found as {outcome}")?;
            }
        }
        Ok(())
    }
}
