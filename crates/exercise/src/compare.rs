//! What was found beside what is true, as two objects of one shape: attempts by country and month in each chapter of
//! the scenario, and its outages. Both are counted by the same code; only the source of the items differs.

use crate::mail::CountedMail;
use crate::posts::CountedDebate;
use crate::score::{Found, Names};
use crate::truth::Truth;
use crate::words::{Purpose, word};
use crate::{mail, posts};
use model::{Finding, Text, Time};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Found beside true.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comparison {
    /// What the findings say.
    pub found: Summary,
    /// What happened.
    pub truth: Summary,
}

/// Attempts and outages, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Summary {
    /// All attempts.
    pub attempts: u64,
    /// All outages.
    pub outages: u64,
    /// Decoy addresses.
    pub decoys: u64,
    /// Groups of names of one hand.
    pub hands: u64,
    /// Names among which decoys hide.
    pub ordinary_names: u64,
    /// Phishing mail, where the exercise has mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<CountedMail>,
    /// Accounts that act as one, where the exercise has a debate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<CountedDebate>,
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

/// Counts findings and truth in the same way.
pub fn compare(findings: impl Iterator<Item = Finding>, truth: &Truth) -> Comparison {
    let (mut items, mut outages) = (Vec::new(), Vec::new());
    let (mut names, mut mail, mut posts) =
        (Names::default(), mail::score::Calls::default(), posts::score::Calls::default());
    let told = |f: &Finding| {
        names.take(f);
        mail.take(f);
        posts.take(f);
    };
    for f in findings.inspect(told).filter_map(|f| Found::of(&f)) {
        let field = |key| f.field(key).to_string();
        if f.outage {
            outages.push(outage(f.first, f.last, field("kind")));
        } else {
            let (purpose, country, outcome) = (field("purpose"), field("country"), field("outcome"));
            items.push(Item { purpose, country, outcome, first: f.first });
        }
    }
    let mut found = summary(truth, &items, outages, [names.decoys.len() as u64, names.clusters]);
    found.mail = truth.mail.as_ref().map(|_| mail.counted());
    found.posts = truth.posts.as_ref().map(|t| posts.counted(t));
    let of = |a: &crate::TrueAttempt| Item {
        purpose: word(a.purpose),
        country: a.country.clone(),
        outcome: a.outcome.as_str().into(),
        first: a.first,
    };
    let items: Vec<Item> = truth.attempts.iter().map(of).collect();
    let outages = truth.outages.iter().map(|o| outage(o.first, o.last, word(o.kind))).collect();
    let hands: BTreeSet<&str> = truth.decoys.iter().map(|d| d.hand.as_str()).filter(|h| !h.is_empty()).collect();
    let names = [truth.decoys.len() as u64, hands.len() as u64];
    Comparison { found, truth: summary(truth, &items, outages, names) }
}

fn outage(first: Time, last: Time, kind: String) -> Outage {
    Outage { first, minutes: (last.since(first) + 30) / 60, kind }
}

fn summary(truth: &Truth, items: &[Item], mut outages: Vec<Outage>, [decoys, hands]: [u64; 2]) -> Summary {
    outages.sort_by(|a, b| (a.first, &a.kind).cmp(&(b.first, &b.kind)));
    let zone = jiff::tz::TimeZone::get(&truth.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let chapter = |c: &crate::TrueChapter| {
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
            *counted.by_month.entry(i.first.in_zone(&zone).strftime("%Y-%m").to_string()).or_default() += 1;
            *counted.by_outcome.entry(i.outcome.clone()).or_default() += 1;
        }
        if c.services.is_empty() || c.services.contains(&Purpose::Web) {
            counted.outages = outages.iter().filter(|o| within(o.first)).cloned().collect();
        }
        counted
    };
    Summary {
        attempts: items.len() as u64,
        outages: outages.len() as u64,
        decoys,
        hands,
        ordinary_names: truth.ordinary_names,
        mail: truth.mail.as_ref().map(CountedMail::of),
        posts: truth.posts.as_ref().map(CountedDebate::of),
        chapters: truth.chapters.iter().map(chapter).collect(),
    }
}
