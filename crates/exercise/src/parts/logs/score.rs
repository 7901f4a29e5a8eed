//! Holds findings on logs against the truth: precision and recall of attempts and outages, outcomes and classes apart.
//!
//! A found attempt is a true one if they share a source and the purpose and overlap in time within one window. Each
//! true attempt is found once and each finding finds one: an attempt split in two costs precision, two merged into one
//! cost recall.

use super::plan::WINDOW;
use super::truth::{TrueAttempt, TrueLogs, TrueOutage};
use crate::measure::{EXAMPLES, Rate, Sheet};
use crate::values::word;
use model::{Finding, Severity, Time};
use rows::Row;
use rows::attempt::Attempt;
use rows::outage::Outage;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How good findings on logs are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LogsScore {
    /// Attempts.
    pub attempts: Rate,
    /// Outages.
    pub outages: Rate,
    /// Of the attempts found, those whose outcome is the true one.
    pub outcomes_right: u64,
    /// True outcome, then found outcome, then how many.
    pub outcomes: BTreeMap<String, BTreeMap<String, u64>>,
    /// By true class, services' classes with their service (`brute_force ssh`).
    pub classes: BTreeMap<String, ClassRate>,
    /// The first true attempts that were not found.
    pub missed: Vec<TrueAttempt>,
    /// The first found attempts that are not true: id, purpose, sources, first, last.
    pub false_alarms: Vec<String>,
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

impl LogsScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("attempts", &self.attempts);
        sheet.rate("outages", &self.outages);
        sheet.table(format!("\n{:<32}{:>8}{:>9}{:>9}{:>13}", "class", "true", "matched", "recall", "class right"));
        for (name, c) in &self.classes {
            let recall = c.matched as f64 / c.truth.max(1) as f64;
            sheet.table(format!("{name:<32}{:>8}{:>9}{recall:>9.4}{:>13}", c.truth, c.matched, c.class_right));
        }
        sheet.table(format!("\noutcome right: {} of {} matched", self.outcomes_right, self.attempts.matched));
        for (wanted, got) in &self.outcomes {
            for (outcome, n) in got.iter().filter(|(outcome, _)| *outcome != wanted) {
                sheet.table(format!("  {n} × {wanted}, found as {outcome}"));
            }
        }
    }
}

/// What finds attempts in the logs that are written here; other logs' are scored with those.
const ATTEMPTS: [&str; 2] = [rows::web_log::Attempt::NAME, rows::auth_log::Attempt::NAME];

/// A finding that is flagged and has its times; nothing else is scored.
#[derive(Debug)]
pub(super) struct Found<R> {
    id: String,
    sources: Vec<String>,
    pub(super) row: R,
    pub(super) first: Time,
    pub(super) last: Time,
}

/// What findings say of logs.
#[derive(Default, Debug)]
pub struct FoundLogs {
    pub(super) attempts: Vec<Found<Attempt>>,
    pub(super) outages: Vec<Found<Outage>>,
}

impl FoundLogs {
    pub(super) fn take(&mut self, f: &Finding) {
        let Some(first) = f.first.filter(|_| f.severity >= Severity::Low) else { return };
        let last = f.last.unwrap_or(first);
        if let Ok(row) = Outage::of(&f.fields) {
            self.outages.push(Found { id: f.id(), sources: Vec::new(), row, first, last });
        } else if let Some(row) = Attempt::of(&f.fields).filter(|_| ATTEMPTS.contains(&&*f.detector)) {
            let sources = f.entities.iter().filter(|e| e.is_source()).map(|e| e.value.clone()).collect();
            self.attempts.push(Found { id: f.id(), sources, row, first, last });
        }
    }
}

/// Scores attempts and outages.
pub(super) fn score(found: &FoundLogs, truth: &TrueLogs) -> LogsScore {
    let FoundLogs { attempts, outages } = found;
    let pairs = matched(attempt_pairs(attempts, &truth.attempts));
    let outage_pairs = matched(outage_pairs(outages, &truth.outages));
    let mut score = LogsScore {
        attempts: Rate::new(truth.attempts.len(), attempts.len(), pairs.len()),
        outages: Rate::new(truth.outages.len(), outages.len(), outage_pairs.len()),
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
        row.class_right += u64::from(found.row.class() == class);
        let (wanted, got) = (attempt.outcome.as_str(), found.row.outcome.as_str());
        score.outcomes_right += u64::from(wanted == got);
        *score.outcomes.entry(wanted.into()).or_default().entry(got.into()).or_default() += 1;
    }
    let found: HashSet<usize> = pairs.iter().map(|p| p.1).collect();
    let wrong = attempts.iter().enumerate().filter(|(i, _)| !found.contains(i)).take(EXAMPLES);
    score.false_alarms = wrong.map(|(_, f)| describe(f)).collect();
    score
}

fn describe(f: &Found<Attempt>) -> String {
    let sources: Vec<&str> = f.sources.iter().take(3).map(String::as_str).collect();
    format!("{} {} {} {} {}..{}", f.id, f.row.purpose, f.row.class(), sources.join(","), f.first, f.last)
}

/// A true thing, a found thing, how much they share, how far apart they begin.
type Pair = (usize, usize, usize, i64);

fn attempt_pairs(found: &[Found<Attempt>], truth: &[TrueAttempt]) -> Vec<Pair> {
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
            let Some(candidates) = by_source.get(&(finding.row.purpose.to_string(), source)) else { continue };
            let near = |t: &&usize| overlap((finding.first, finding.last), (truth[**t].first, truth[**t].last));
            candidates.iter().filter(near).for_each(|&t| *shared.entry(t).or_default() += 1);
        }
        pairs.extend(shared.into_iter().map(|(t, n)| (t, f, n, finding.first.since(truth[t].first).abs())));
    }
    pairs
}

fn outage_pairs(found: &[Found<Outage>], truth: &[TrueOutage]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (t, outage) in truth.iter().enumerate() {
        for (f, finding) in found.iter().enumerate() {
            // Logs without a virtual host cannot name the site.
            let same_site = finding.row.site == "-" || finding.row.site == outage.site;
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
    let (mut truths, mut founds) = (HashSet::new(), HashSet::new());
    let mut out = Vec::new();
    for (t, f, ..) in pairs {
        if !truths.contains(&t) && founds.insert(f) {
            truths.insert(t);
            out.push((t, f));
        }
    }
    out
}
