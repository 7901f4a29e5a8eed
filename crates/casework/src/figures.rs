//! All figures of the brief, computed once: the page shows these, `brief.json` lists these, and nothing else is counted
//! anywhere.

use crate::baseline::{Baseline, REACH};
use crate::gather::Gathered;
use crate::ledger::{By, Count};
use crate::series::{self, Tested};
use crate::surge::{self, Surges};
use crate::{Options, show};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use model::{Context, Evidence, EvidenceId, Note, Result, Skip, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Countries told apart in the picture; the rest is `other`.
pub const LAYERS: usize = 5;

/// How wide a column of the picture is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
}

/// The figures.
#[derive(Debug)]
pub struct Figures {
    /// First and last day looked at: of attempts and of web traffic.
    pub period: Option<(Date, Date)>,
    /// Attempts per day of the period, none left out.
    pub days: Vec<(Date, u64)>,
    /// Attempts on days outside the period (stamps that cannot be true).
    pub outside: u64,
    /// Attempts in all.
    pub total: Count,
    /// Attempts without a time.
    pub undated: u64,
    /// By country, class, outcome, purpose.
    pub countries: Vec<(String, Count)>,
    /// By class.
    pub classes: Vec<(String, Count)>,
    /// By outcome.
    pub outcomes: Vec<(String, Count)>,
    /// By purpose.
    pub purposes: Vec<(String, Count)>,
    /// Columns of the picture: unit, their first days, and per layer (country, counts).
    pub columns: Columns,
    /// The ordinary week.
    pub baseline: Baseline,
    /// The change points, where the period is long enough.
    pub surges: Option<Surges>,
    /// The series tests, in the order given; none where nothing could be said.
    pub tests: Vec<(String, Option<Tested>)>,
    /// The evidence register.
    pub evidence: Vec<Evidence>,
    /// What could not be read.
    pub skips: Vec<(EvidenceId, Skip)>,
    /// What had to be stated.
    pub notes: Vec<(EvidenceId, Note)>,
}

/// Attempts over time by country.
#[derive(Debug)]
pub struct Columns {
    /// How wide a column is.
    pub unit: Unit,
    /// First day of each.
    pub starts: Vec<Date>,
    /// Counts per column of the most frequent countries, then of all others as `other`.
    pub layers: Vec<(String, Vec<u64>)>,
}

impl Columns {
    /// The column of a day.
    pub fn of(&self, day: Date) -> Option<usize> {
        self.starts.partition_point(|s| *s <= day).checked_sub(1)
    }

    /// Attempts in a column.
    pub fn total(&self, column: usize) -> u64 {
        self.layers.iter().map(|l| l.1[column]).sum()
    }
}

impl Figures {
    /// Counts everything.
    pub fn compute(
        view: &dyn View,
        context: &Context,
        zone: &TimeZone,
        options: &Options,
        gathered: &Gathered,
    ) -> Result<Figures> {
        let ledger = &gathered.ledger;
        let baseline = Baseline::read(view, zone, context.at)?;
        let mut per_day: BTreeMap<Date, u64> = BTreeMap::new();
        ledger.days(By::Country).into_iter().for_each(|(day, _, n)| *per_day.entry(day).or_default() += n);
        let today = context.at.in_zone(zone).date();
        let reach = today.saturating_sub(REACH.days())..=today.saturating_add(1.day());
        let within = per_day.keys().copied().filter(|d| reach.contains(d));
        let covered = baseline.covered.into_iter().flat_map(|(a, b)| [a, b]);
        let (first, last) = within.chain(covered).fold((None, None), |(first, last): (Option<Date>, _), day| {
            (Some(first.map_or(day, |f| f.min(day))), Some(last.map_or(day, |l: Date| l.max(day))))
        });
        let period = first.zip(last);
        let days: Vec<(Date, u64)> = period
            .into_iter()
            .flat_map(|(first, last)| first.series(1.day()).take_while(move |d| *d <= last))
            .map(|d| (d, per_day.get(&d).copied().unwrap_or(0)))
            .collect();
        let total = ledger.total();
        let undated = ledger.undated().attempts;
        let outside = total.attempts - undated - days.iter().map(|d| d.1).sum::<u64>();
        let countries = ledger.by(By::Country);
        let weights: Vec<f64> = days.iter().map(|d| baseline.day(d.0, zone)).collect();
        let any = days.iter().any(|d| d.1 > 0);
        let tests = options.series.iter().map(|s| (s.name.clone(), series::test(&days, s))).collect();
        Ok(Figures {
            columns: columns(&days, &countries, &ledger.days(By::Country)),
            surges: if any { surge::surges(&days, &weights) } else { None },
            period,
            days,
            outside,
            total,
            undated,
            countries,
            classes: ledger.by(By::Class),
            outcomes: ledger.by(By::Outcome),
            purposes: ledger.by(By::Purpose),
            baseline,
            tests,
            evidence: view.evidence()?,
            skips: view.skips()?,
            notes: view.notes()?,
        })
    }

    /// Attempts of one outcome.
    pub fn outcome(&self, outcome: model::Outcome) -> u64 {
        self.outcomes.iter().find(|o| o.0 == outcome.as_str()).map_or(0, |o| o.1.attempts)
    }

    /// `brief.json`.
    pub fn json(&self, context: &Context, options: &Options, gathered: &Gathered) -> Value {
        let shares = |rows: &[(String, Count)], name: &str| -> Value {
            rows.iter().map(|(word, c)| json!({ name: word, "attempts": c.attempts, "requests": c.requests })).collect()
        };
        let classes: Value = self
            .classes
            .iter()
            .map(|(class, c)| {
                let techniques = gathered.techniques.get(class);
                json!({ "class": class, "techniques": techniques, "attempts": c.attempts, "requests": c.requests })
            })
            .collect();
        let columns: Value = (0..self.columns.starts.len())
            .map(|i| {
                let by: serde_json::Map<String, Value> =
                    self.columns.layers.iter().map(|(name, counts)| (name.clone(), counts[i].into())).collect();
                let start = self.columns.starts[i].to_string();
                json!({ "from": start, "attempts": self.columns.total(i), "countries": by })
            })
            .collect();
        let outages: Value = gathered
            .outages
            .0
            .iter()
            .map(|o| {
                let f = &o.finding;
                json!({ "id": f.id(), "first": f.first, "last": f.last, "fields": f.fields })
            })
            .collect();
        let succeeded: Vec<String> = gathered
            .attempts
            .iter()
            .filter(|a| a.outcome == Some(model::Outcome::PossiblySucceeded))
            .map(|a| a.finding.id())
            .collect();
        let tests: Value = self.tests.iter().map(|(name, test)| json!({ "series": name, "test": test })).collect();
        let skips: Value = self.skips.iter().map(|(id, skip)| json!({ "evidence": id, "skip": skip })).collect();
        let notes: Value = self.notes.iter().map(|(id, note)| json!({ "evidence": id, "text": note.text })).collect();
        let detectors: Value = gathered
            .detectors
            .iter()
            .map(|(id, (n, worst))| json!({ "detector": id, "findings": n, "gravest": worst }))
            .collect();
        json!({
            "format": "vigie-brief/1",
            "version": options.version,
            "case": context.config.name,
            "election": context.config.election.name,
            "zone": zone_name(context),
            "at": context.at,
            "period": self.period.map(|(a, b)| json!({ "from": a.to_string(), "to": b.to_string(), "days": self.days.len() })),
            "attempts": self.total.attempts,
            "requests": self.total.requests,
            "addresses": gathered.addresses.0,
            "addresses_at_least": gathered.addresses.1,
            "undated": self.undated,
            "outside_period": self.outside,
            "detailed": gathered.attempts.len(),
            "possibly_succeeded": succeeded,
            "outcomes": shares(&self.outcomes, "outcome"),
            "countries": shares(&self.countries, "country"),
            "classes": classes,
            "purposes": shares(&self.purposes, "purpose"),
            "columns": { "unit": format!("{:?}", self.columns.unit).to_lowercase(), "rows": columns },
            "outages": { "number": gathered.outages.1, "list": outages },
            "names": names(&gathered.names),
            "posts": posts(&gathered.posts),
            "mail": mail(&gathered.mail),
            "baseline": self.baseline,
            "surges": self.surges,
            "series": tests,
            "origin_source": options.origin_source,
            "detectors": detectors,
            "evidence": self.evidence,
            "skipped": skips,
            "notes": notes,
        })
    }
}

/// Decoy addresses: how many, and those told on the page.
fn names(names: &crate::gather::Names) -> Value {
    use model::Severity::{High, Low};
    let list: Value = names
        .all()
        .map(|d| {
            let f = &d.finding;
            json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "score": f.confidence,
                "first": f.first, "fields": f.fields })
        })
        .collect();
    json!({
        "lookalikes": names.count("names/lookalike", Low),
        "lookalikes_high": names.count("names/lookalike", High),
        "clusters": names.count("names/cluster", Low),
        "sightings": names.count("names/indicator", Low),
        "list": list,
    })
}

/// Findings on posts: how many, and those told on the page.
fn posts(posts: &crate::gather::Posts) -> Value {
    let list: Value = posts
        .all()
        .map(|d| {
            let f = &d.finding;
            json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "confidence": f.confidence,
                "level": f.level, "first": f.first, "last": f.last, "fields": f.fields })
        })
        .collect();
    json!({
        "groups": posts.count("posts/coordination"),
        "copied_texts": posts.count("posts/copied_text"),
        "automatic": posts.count("posts/automation"),
        "narratives": posts.count("posts/narrative"),
        "list": list,
    })
}

/// Phishing mail: how much, and the waves and reports told on the page.
fn mail(mail: &crate::mail::Mail) -> Value {
    use model::Severity::{High, Low, Medium};
    let told = mail.waves.iter().chain(&mail.reports).map(|d| {
        let f = &d.finding;
        json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "first": f.first, "last": f.last,
            "fields": f.fields })
    });
    json!({
        "phishing": mail.count("mail/phishing", Medium),
        "phishing_high": mail.count("mail/phishing", High),
        "waves": mail.count("mail/wave", Low),
        "list": told.collect::<Value>(),
    })
}

/// The campaign's zone as it is written on the brief.
pub fn zone_name(context: &Context) -> String {
    let zone = &context.config.election.zone;
    if zone.is_empty() { "UTC".into() } else { show::plain(zone, 64) }
}

fn columns(days: &[(Date, u64)], countries: &[(String, Count)], per: &[(Date, &str, u64)]) -> Columns {
    let unit = match days.len() {
        0..=150 => Unit::Day,
        151..=1100 => Unit::Week,
        _ => Unit::Month,
    };
    let start = |day: Date| match unit {
        Unit::Day => day,
        Unit::Week => day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()),
        Unit::Month => day.first_of_month(),
    };
    let mut starts: Vec<Date> = days.iter().map(|d| start(d.0)).collect();
    starts.dedup();
    let mut named: Vec<&str> = countries.iter().map(|c| c.0.as_str()).filter(|c| *c != "other").collect();
    // A single rest is shown by its name.
    if countries.len() > LAYERS + 1 {
        named.truncate(LAYERS);
    }
    let mut layers: Vec<(String, Vec<u64>)> =
        named.iter().copied().chain(["other"]).map(|name| (name.to_string(), vec![0; starts.len()])).collect();
    for (day, country, n) in per {
        if let Ok(column) = starts.binary_search(&start(*day)) {
            let layer = named.iter().position(|c| c == country).unwrap_or(named.len());
            layers[layer].1[column] += n;
        }
    }
    layers.retain(|l| l.1.iter().any(|n| *n > 0));
    Columns { unit, starts, layers }
}
