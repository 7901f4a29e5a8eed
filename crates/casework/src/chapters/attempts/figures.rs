//! All figures of attempts, computed once: the page shows these, `brief.json` lists these.

use super::baseline::{Baseline, REACH};
use super::ledger::{By, Count, Ledger};
use super::series::{self, Tested};
use super::surge::{self, Surges};
use crate::Brief;
use jiff::{ToSpan, civil::Date};
use model::{Outcome, Result};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Countries told apart in the picture; the rest is `other`.
pub const LAYERS: usize = 5;

/// How wide a column of the picture is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unit {
    /// A day.
    #[default]
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
}

/// The figures.
#[derive(Debug, Default)]
pub struct Figures {
    /// First and last day looked at: of attempts and of web traffic.
    pub period: Option<(Date, Date)>,
    /// The periods into which these days fall, where they lie years apart ([`periods`]).
    pub periods: Vec<(Date, Date)>,
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
}

/// Attempts over time by country.
#[derive(Debug, Default)]
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
    pub fn compute(brief: &Brief, ledger: &Ledger) -> Result<Figures> {
        let Brief { view, context, options, zone, .. } = brief;
        let baseline = Baseline::read(*view, zone, context.at)?;
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
        let within = per_day.keys().copied().filter(|d| reach.contains(d));
        let periods = periods(within.chain(baseline.days.iter().copied()).collect());
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
            periods,
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
        })
    }

    /// Attempts of one outcome.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes.iter().find(|o| o.0 == outcome.as_str()).map_or(0, |o| o.1.attempts)
    }
}

/// Days without anything that part two periods.
const APART: i32 = 365;

/// The periods into which days fall that nothing joins for more than a year.
pub fn periods(days: BTreeSet<Date>) -> Vec<(Date, Date)> {
    let mut periods: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match periods.last_mut() {
            Some((_, last)) if (day - *last).get_days() <= APART => *last = day,
            _ => periods.push((day, day)),
        }
    }
    periods
}

impl super::Gathered {
    /// For `brief.json`.
    pub fn json(&self) -> Map<String, Value> {
        let figures = &self.figures;
        let shares = |rows: &[(String, Count)], name: &str| -> Value {
            rows.iter().map(|(word, c)| json!({ name: word, "attempts": c.attempts, "requests": c.requests })).collect()
        };
        let classes: Value = figures
            .classes
            .iter()
            .map(|(class, c)| {
                let techniques = self.techniques.get(class);
                json!({ "class": class, "techniques": techniques, "attempts": c.attempts, "requests": c.requests })
            })
            .collect();
        let columns: Value = (0..figures.columns.starts.len())
            .map(|i| {
                let by: Map<String, Value> =
                    figures.columns.layers.iter().map(|(name, counts)| (name.clone(), counts[i].into())).collect();
                let start = figures.columns.starts[i].to_string();
                json!({ "from": start, "attempts": figures.columns.total(i), "countries": by })
            })
            .collect();
        let outages: Value = self
            .outages
            .iter()
            .map(|(_, o)| {
                let f = &o.finding;
                json!({ "id": f.id(), "first": f.first, "last": f.last, "fields": f.fields })
            })
            .collect();
        let succeeded: Vec<String> = self
            .attempts
            .iter()
            .filter(|a| a.row.outcome == Outcome::PossiblySucceeded)
            .map(|a| a.detail.finding.id())
            .collect();
        let tests: Value = figures.tests.iter().map(|(name, test)| json!({ "series": name, "test": test })).collect();
        let period = figures
            .period
            .map(|(a, b)| json!({ "from": a.to_string(), "to": b.to_string(), "days": figures.days.len() }));
        let all = [
            ("period", json!(period)),
            (
                "periods",
                figures.periods.iter().map(|(a, b)| json!({ "from": a.to_string(), "to": b.to_string() })).collect(),
            ),
            ("attempts", json!(figures.total.attempts)),
            ("requests", json!(figures.total.requests)),
            ("addresses", json!(self.addresses.len())),
            ("addresses_at_least", json!(self.more_addresses)),
            ("undated", json!(figures.undated)),
            ("outside_period", json!(figures.outside)),
            ("detailed", json!(self.attempts.len())),
            ("possibly_succeeded", json!(succeeded)),
            ("outcomes", shares(&figures.outcomes, "outcome")),
            ("countries", shares(&figures.countries, "country")),
            ("classes", classes),
            ("purposes", shares(&figures.purposes, "purpose")),
            ("columns", json!({ "unit": format!("{:?}", figures.columns.unit).to_lowercase(), "rows": columns })),
            ("outages", json!({ "number": self.all_outages, "list": outages })),
            ("baseline", json!(figures.baseline)),
            ("surges", json!(figures.surges)),
            ("series", tests),
        ];
        all.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_lie_more_than_a_year_apart() {
        let check = |days: &[&str], expected: usize| {
            let days = days.iter().map(|d| d.parse().expect("a day")).collect();
            assert_eq!(periods(days).len(), expected);
        };
        check(&[], 0);
        check(&["2017-02-14", "2017-04-24", "2018-04-24"], 1);
        check(&["2017-02-14", "2017-04-24", "2018-04-25", "2026-11-28"], 3);
    }
}
