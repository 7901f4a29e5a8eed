//! What is found in minutes and results.

use super::{Disagreement, Level};
use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where two figures that should be one are not.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Discrepancy {
    /// How.
    pub kind: Disagreement,
    /// Which election, race or round.
    pub contest: String,
    /// At which level.
    pub level: Level,
    /// The area's code, or its name where it has none.
    pub area: String,
    /// Its name.
    pub name: String,
    /// Figures and candidates, each with what is held to be right (the minutes, the sum of the parts, what stood there
    /// before), what is published, and the difference.
    pub figures: Vec<Differing>,
    /// Votes by which it moves the distance between the two candidates it moves most.
    pub swing: u64,
    /// Whether that reaches the margin.
    pub could_change_result: bool,
    /// The file or sheet it is in, and the line.
    pub source: String,
    /// The line there, from 1.
    pub line: u64,
    /// What it is held against.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub against: String,
    /// The earliest upload that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Upload>,
    /// Since when it is right again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Upload>,
    /// What makes up the difference, where it can be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// Totals above it that are wrong by the same votes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried_to: Vec<(Level, String)>,
    /// Totals above it that are right: they differ from the sum of their parts by just these votes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub right_in: Vec<(Level, String)>,
}

/// A figure that differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Differing {
    /// `registered` …, or the candidate.
    pub figure: String,
    /// What is held to be right; none where it is missing.
    pub expected: Option<u64>,
    /// What stands there.
    pub found: Option<u64>,
    /// The difference.
    pub difference: i64,
}

/// A snapshot: its file and time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Upload {
    /// The file.
    pub source: String,
    /// Of when it is.
    pub time: Option<Time>,
}

/// A part of a difference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// `overlap`, `missing`, `abroad`, `part`, `unexplained`.
    pub cause: String,
    /// Which area.
    pub area: String,
    /// By how much, figure by figure.
    pub differences: BTreeMap<String, i64>,
}

/// The distance between the last who is elected (or enters the run-off) and the first who is not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Margin {
    /// The one.
    pub winner: String,
    /// The other.
    pub loser: String,
    /// Votes.
    pub votes: u64,
}

/// How much of a result is confirmed by minutes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Which election.
    pub contest: String,
    /// Stations known.
    pub stations: u64,
    /// Those whose minutes are there.
    pub with_minutes: u64,
    /// Those whose minutes confirm what is published.
    pub confirmed: u64,
    /// Valid votes in all.
    pub votes: u64,
    /// Valid votes confirmed.
    pub votes_confirmed: u64,
    /// Stations by who collected them.
    pub by: BTreeMap<String, u64>,
    /// What to collect next, the largest effect first: station, name, votes.
    pub next: Vec<(String, String, u64)>,
    /// The margins that matter.
    pub margins: Vec<Margin>,
    /// Whether the result stands whatever is in the stations without minutes.
    pub settled: bool,
    /// Discrepancies, by kind.
    pub discrepancies: BTreeMap<Disagreement, u64>,
    /// The night: of each snapshot its file, time, stations, and votes by candidate.
    pub night: Vec<(Upload, u64, BTreeMap<String, u64>)>,
    /// Totals: level, area, figure or candidate, votes; of levels with few areas.
    pub totals: Vec<(Level, String, String, u64)>,
}

/// An audit of the paper by ballot polling, each round of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Audit {
    /// Which race.
    pub contest: String,
    /// `bravo` or `alpha`.
    pub method: String,
    /// Who won, as it is reported.
    pub winner: String,
    /// The largest chance of confirming a wrong outcome.
    pub risk_limit: f64,
    /// The risk after the last round.
    pub risk: f64,
    /// Whether the outcome is confirmed.
    pub stop: bool,
    /// The rounds.
    pub rounds: Vec<AuditRound>,
    /// Rounds that are told in two ways.
    #[serde(default)]
    pub conflicts: u64,
}

/// A round of an audit.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuditRound {
    /// Its number or name.
    pub round: String,
    /// The file that tells it.
    pub source: String,
    /// Ballots drawn, by candidate.
    pub ballots: BTreeMap<String, u64>,
    /// The risk after it.
    pub risk: f64,
    /// Whether one may stop.
    pub stop: bool,
}

impl Row for Audit {
    const NAME: &'static str = "station_minutes/audit";
}

impl Row for Discrepancy {
    const NAME: &'static str = "station_minutes/discrepancy";
}

impl Row for Coverage {
    const NAME: &'static str = "station_minutes/coverage";
}

impl Differing {
    /// Of two figures.
    pub fn new(figure: impl Into<String>, expected: Option<u64>, found: Option<u64>) -> Differing {
        let number = |n: Option<u64>| n.map_or(0, |n| i64::try_from(n).unwrap_or(i64::MAX));
        Differing { figure: figure.into(), expected, found, difference: number(found) - number(expected) }
    }
}
