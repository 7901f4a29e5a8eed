//! A night of counting with known truth: minutes of made-up stations, what is published of them in snapshots, and the alterations
//! in it. Innocents stand among it: stations that come late, names written otherwise in another table, thousands set apart.
//!
//! You may rely on: where nothing is altered, what is published in the end is what the minutes say. Left out: real areas and
//! candidates.

mod night;
mod score;

pub use score::{CountScore, CountedCount, FoundCount};

use super::Part;
use crate::check::{label, number};
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::When;
use jiff::tz::TimeZone;
use model::{Error, Finding, Result, Text, Time};
use serde::{Deserialize, Serialize};

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[count]`.
    pub count: Option<Night>,
}

/// A night of counting.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Night {
    /// When the first snapshot is published.
    pub at: When,
    /// Stations.
    pub stations: u64,
    /// Candidates; the first leads.
    pub candidates: Vec<String>,
    /// Snapshots, a quarter of an hour apart.
    #[serde(default = "six")]
    pub snapshots: u64,
    /// Share of the stations whose minutes somebody collected.
    #[serde(default = "all")]
    pub minutes: f64,
    /// What is altered in what is published.
    #[serde(default)]
    pub altered: Vec<Altered>,
}

fn six() -> u64 {
    6
}

fn all() -> f64 {
    1.0
}

/// Alterations of one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Altered {
    /// How.
    pub kind: Alteration,
    /// In how many stations.
    pub stations: u64,
}

/// How a station's figures are altered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alteration {
    /// Votes of one candidate given to another.
    Differs,
    /// The votes of two candidates, exchanged.
    Swapped,
    /// Two digits of one figure, exchanged.
    Transposed,
    /// Votes in the column beside their own.
    Shifted,
    /// Not published.
    Missing,
    /// Published twice.
    Twice,
}

/// The count's keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueCount {
    /// What was altered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alterations: Vec<TrueAlteration>,
    /// Stations among which they hide.
    #[serde(default, skip_serializing_if = "is_none")]
    pub counted_stations: u64,
}

fn is_none(n: &u64) -> bool {
    *n == 0
}

/// One altered station.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueAlteration {
    /// The station: its commune's code and its own.
    pub station: String,
    /// How.
    pub kind: Alteration,
    /// Votes by which it moves two candidates apart; 0 where they were counted twice or not at all.
    pub swing: u64,
    /// The earliest wrong upload.
    pub since: Time,
    /// Whether its minutes are there: without them it may stay unseen.
    pub with_minutes: bool,
}

/// The part.
pub struct Count;

impl Part for Count {
    type Tables = Tables;
    type Truth = TrueCount;
    type Found = FoundCount;
    type Score = CountScore;
    type Counts = CountedCount;

    fn check(tables: &Tables, _: &Stage, _: &str) -> Result<()> {
        tables.count.iter().try_for_each(check)
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueCount> {
        match &tables.count {
            Some(night) => night::write(night, stage, evidence),
            None => Ok(TrueCount::default()),
        }
    }

    fn hidden(truth: &TrueCount) -> Vec<Hidden> {
        let what = Text::new("altered stations", "bureaux altérés");
        let count = truth.alterations.len() as u64;
        if truth.counted_stations == 0 { Vec::new() } else { vec![Hidden { key: "alterations", count, what }] }
    }

    fn take(found: &mut FoundCount, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundCount, truth: &TrueCount) -> CountScore {
        found.score(truth)
    }

    fn show(score: &CountScore, sheet: &mut Sheet) {
        score.show(sheet);
    }

    fn found(found: &FoundCount, truth: &TrueCount, _: &TimeZone) -> CountedCount {
        CountedCount { altered_stations: found.stations.len() as u64, counted_stations: truth.counted_stations }
    }

    fn truth(truth: &TrueCount, _: &TimeZone) -> CountedCount {
        let seen = truth.alterations.iter().filter(|a| a.with_minutes).count() as u64;
        CountedCount { altered_stations: seen, counted_stations: truth.counted_stations }
    }

    fn rows(found: &CountedCount, truth: &CountedCount) -> Vec<Row> {
        if truth.counted_stations == 0 {
            return Vec::new();
        }
        let n = truth.counted_stations;
        vec![
            Row::head(format!("A count of {n} stations"), format!("Un dépouillement de {n} bureaux")),
            Row::count("  altered stations", "  bureaux altérés", [found.altered_stations, truth.altered_stations]),
        ]
    }
}

/// Checks `[count]`.
fn check(n: &Night) -> Result<()> {
    number("`stations` of `[count]`", n.stations as f64, 1.0, 1e5)?;
    number("`snapshots` of `[count]`", n.snapshots as f64, 1.0, 96.0)?;
    number("`minutes` of `[count]`", n.minutes, 0.0, 1.0)?;
    n.candidates.iter().try_for_each(|c| label(c))?;
    let mut names = n.candidates.clone();
    names.sort();
    names.dedup();
    if names.len() < 2 || names.len() != n.candidates.len() || names.len() > 40 || names.iter().any(String::is_empty) {
        return Err(Error::new("`candidates` of `[count]` must be two to forty different names")
            .hint("write `candidates = [\"Brandt\", \"Costa\", \"Dumas\"]`"));
    }
    let altered: u64 = n.altered.iter().map(|a| a.stations.min(1 << 20)).sum();
    if altered * 2 > n.stations {
        return Err(Error::new("`[[count.altered]]` alters more than half of the stations")
            .hint("alter fewer, or count more `stations`"));
    }
    Ok(())
}
