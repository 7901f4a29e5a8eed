//! Logs counted, found and true alike: attempts by country and month in each chapter of the scenario, and its outages.

use super::score::FoundLogs;
use super::truth::{TrueAttempt, TrueChapter, TrueLogs};
use super::vocabulary::Purpose;
use crate::measure::Row;
use crate::values::word;
use jiff::tz::TimeZone;
use model::{Text, Time};
use serde::Serialize;
use std::collections::BTreeMap;

/// Attempts and outages, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedLogs {
    /// All attempts.
    pub attempts: u64,
    /// All outages.
    pub outages: u64,
    /// By chapter, in the scenario's order.
    pub chapters: Vec<Counted>,
}

/// One chapter.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Counted {
    /// Its name.
    pub name: String,
    /// For people.
    pub title: Text,
    /// Attempts that began in it.
    pub attempts: u64,
    /// By country.
    pub by_country: BTreeMap<String, u64>,
    /// By month (`2016-11`), in the scenario's zone.
    pub by_month: BTreeMap<String, u64>,
    /// By outcome.
    pub by_outcome: BTreeMap<String, u64>,
    /// Outages that began in it.
    pub outages: Vec<Outage>,
}

/// An outage, in brief.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Outage {
    /// When it began.
    pub first: Time,
    /// How long.
    pub minutes: i64,
    /// How the site was down.
    pub kind: String,
}

struct Item {
    purpose: String,
    country: String,
    outcome: String,
    first: Time,
}

/// What the findings say.
pub(super) fn found(found: &FoundLogs, truth: &TrueLogs, zone: &TimeZone) -> CountedLogs {
    let items = found.attempts.iter().map(|f| Item {
        purpose: f.row.purpose.to_string(),
        country: f.row.country().to_string(),
        outcome: f.row.outcome.to_string(),
        first: f.first,
    });
    let outages = found.outages.iter().map(|f| outage(f.first, f.last, f.row.kind.to_string()));
    counted(&truth.chapters, items.collect(), outages.collect(), zone)
}

/// What happened.
pub(super) fn truth(truth: &TrueLogs, zone: &TimeZone) -> CountedLogs {
    let item = |a: &TrueAttempt| Item {
        purpose: word(a.purpose),
        country: a.country.clone(),
        outcome: a.outcome.as_str().into(),
        first: a.first,
    };
    let items = truth.attempts.iter().map(item).collect();
    let outages = truth.outages.iter().map(|o| outage(o.first, o.last, word(o.kind))).collect();
    counted(&truth.chapters, items, outages, zone)
}

/// Found beside true, chapter by chapter.
pub(super) fn rows(found: &CountedLogs, truth: &CountedLogs) -> Vec<Row> {
    let mut rows = Vec::new();
    for (found, chapter) in found.chapters.iter().zip(&truth.chapters) {
        rows.push(Row::Head(chapter.title.clone()));
        rows.push(Row::count("  attempts", "  tentatives", [found.attempts, chapter.attempts]));
        let mut countries: Vec<(&String, &u64)> = chapter.by_country.iter().collect();
        countries.sort_by_key(|(country, n)| (std::cmp::Reverse(**n), country.as_str()));
        for (country, &n) in countries.into_iter().take(3) {
            let seen = found.by_country.get(country).copied().unwrap_or(0);
            rows.push(Row::count(&format!("    from {country}"), &format!("    depuis {country}"), [seen, n]));
        }
        if chapter.by_month.len() > 1 {
            for (month, &n) in &chapter.by_month {
                let seen = found.by_month.get(month).copied().unwrap_or(0);
                rows.push(Row::count(&format!("    {month}"), &format!("    {month}"), [seen, n]));
            }
        }
        if !chapter.outages.is_empty() {
            let outages = [found.outages.len() as u64, chapter.outages.len() as u64];
            rows.push(Row::count("  outages", "  pannes", outages));
        }
    }
    rows.push(Row::count("all attempts", "toutes les tentatives", [found.attempts, truth.attempts]));
    rows.push(Row::count("all outages", "toutes les pannes", [found.outages, truth.outages]));
    rows
}

fn outage(first: Time, last: Time, kind: String) -> Outage {
    Outage { first, minutes: (last.since(first) + 30) / 60, kind }
}

fn counted(chapters: &[TrueChapter], items: Vec<Item>, mut outages: Vec<Outage>, zone: &TimeZone) -> CountedLogs {
    outages.sort_by(|a, b| (a.first, &a.kind).cmp(&(b.first, &b.kind)));
    let chapter = |c: &TrueChapter| {
        let within = |at: Time| c.from <= at && at < c.to;
        let services: Vec<String> = c.services.iter().map(word).collect();
        let mut counted = Counted {
            name: c.name.clone(),
            title: c.title.clone(),
            attempts: 0,
            by_country: BTreeMap::new(),
            by_month: BTreeMap::new(),
            by_outcome: BTreeMap::new(),
            outages: Vec::new(),
        };
        for i in items.iter().filter(|i| within(i.first) && (services.is_empty() || services.contains(&i.purpose))) {
            counted.attempts += 1;
            *counted.by_country.entry(i.country.clone()).or_default() += 1;
            *counted.by_month.entry(i.first.in_zone(zone).strftime("%Y-%m").to_string()).or_default() += 1;
            *counted.by_outcome.entry(i.outcome.clone()).or_default() += 1;
        }
        if c.services.is_empty() || c.services.contains(&Purpose::Web) {
            counted.outages = outages.iter().filter(|o| within(o.first)).cloned().collect();
        }
        counted
    };
    CountedLogs {
        attempts: items.len() as u64,
        outages: outages.len() as u64,
        chapters: chapters.iter().map(chapter).collect(),
    }
}
