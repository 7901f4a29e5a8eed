//! `station_minutes/table`: rows of a table of counts, column by column.

use super::{Figure, Level};
use crate::{Merge, Observed, Row};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Counts by area as one table, sheet or list of a file says them: a few thousand rows of it. Areas and figures stand flat,
/// row after row, so that seventy thousand stations need no million of small lists.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// The sheet, or the place in a document; empty where the file is one table.
    pub part: String,
    /// The election, race or round, as the table names it; empty where it does not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contest: String,
    /// Minutes of stations, not results that somebody published.
    #[serde(default)]
    pub minutes: bool,
    /// Who collected or typed them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Which round of an audit of the paper, where it is one: these are ballots that were drawn, no result.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub round: String,
    /// As of when, where the table or the name of its file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// The levels that its areas are told by, the widest first.
    pub levels: Vec<Level>,
    /// Whether several are elected, or the first of a run-off: seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// What it counts besides votes.
    pub figures: Vec<Figure>,
    /// The candidates, as they are named there.
    pub candidates: Vec<String>,
    /// The different words of areas.
    pub strings: Vec<String>,
    /// For each row and level the code's and the name's number among the strings, from 1; 0 where there is none.
    pub areas: Vec<u32>,
    /// For each row the figures, then the candidates' votes.
    pub counts: Vec<Option<u32>>,
    /// The row's line, from 1.
    pub lines: Vec<u32>,
    /// For each row where it begins in the evidence's last step, and its bytes; empty where lines are no bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<u64>,
}

impl Table {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Columns of figures and votes.
    pub fn width(&self) -> usize {
        self.figures.len() + self.candidates.len()
    }

    /// The area of a row: level, code, name; the widest first, only what is told. What another hand cut short is none.
    pub fn area(&self, row: usize) -> impl Iterator<Item = (Level, &str, &str)> {
        let word = |n: u32| (n as usize).checked_sub(1).and_then(|n| self.strings.get(n)).map_or("", String::as_str);
        let at = row * 2 * self.levels.len();
        let told = self.areas.get(at..at + 2 * self.levels.len()).unwrap_or_default().chunks_exact(2);
        let levels = self.levels.iter().zip(told);
        levels
            .map(move |(l, pair)| (*l, word(pair[0]), word(pair[1])))
            .filter(|(_, c, n)| !(c.is_empty() && n.is_empty()))
    }

    /// Where the row of a line stands: its row, first byte and bytes.
    pub fn place(&self, line: u64) -> Option<(usize, u64, u64)> {
        let row = self.lines.iter().position(|l| u64::from(*l) == line)?;
        Some((row, *self.places.get(2 * row)?, *self.places.get(2 * row + 1)?))
    }

    /// The counts of a row.
    pub fn row(&self, row: usize) -> &[Option<u32>] {
        self.counts.get(row * self.width()..(row + 1) * self.width()).unwrap_or_default()
    }
}

impl Row for Table {
    const NAME: &'static str = "station_minutes/table";
}

impl Observed for Table {
    const MERGE: Merge = Merge::Kept;
}
