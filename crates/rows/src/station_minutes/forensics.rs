//! What statistics say of a count. None of it accuses: each number comes with how often honest elections look like it.

use super::Level;
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// What is asked of the figures of many small areas.
    pub enum Test {
        /// Second digits, against those that the same election gives by chance.
        SecondDigits = "second_digits" ("second digits", "deuxièmes chiffres"),
        /// Last digits, which nothing makes uneven but people who write numbers.
        LastDigits = "last_digits" ("last digits", "derniers chiffres"),
        /// Percentages that are whole numbers, more than chance makes.
        WholePercents = "whole_percents" ("whole percentages", "pourcentages ronds"),
        /// A tail of areas where the share or the turnout is far higher than elsewhere in their region.
        Tail = "tail" ("tail of high values", "traîne de valeurs hautes"),
        /// That the share of the leader grows with turnout, within regions.
        Correlation = "correlation" ("share grows with turnout", "part croissante avec la participation"),
        /// Whole percentages that gather in a few regions.
        Regions = "regions" ("gathered in regions", "concentration par région"),
    }
}

/// A race, asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Forensics {
    /// Which race.
    pub contest: String,
    /// The level of the areas asked.
    pub level: Level,
    /// How many areas.
    pub units: u64,
    /// What each test says.
    pub tests: Vec<Tested>,
    /// How many of them are unusual.
    pub unusual: u64,
}

/// What one test says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tested {
    /// The test.
    pub test: Test,
    /// Of whom, or of which figure.
    pub of: String,
    /// Areas that take part.
    pub units: u64,
    /// What is measured: chi-squared of nine degrees, areas beyond chance, skewness or correlation.
    pub statistic: f64,
    /// How often chance alone gives as much, drawing this same election anew; none where the bound is what honest elections
    /// reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Whether that is under the level, or beyond the bound.
    pub unusual: bool,
    /// How often this test is unusual, of how often it was asked of real elections held to be honest.
    pub honest: (u64, u64),
    /// The regions where it gathers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
}

impl Row for Forensics {
    const NAME: &'static str = "station_minutes/forensics";
}
