//! `attempts.csv`: every attempt, a row each, written as the findings stream by.

use super::country;
use crate::{csv, fields};
use jiff::civil::Date;
use model::{Finding, Outcome};

const COLUMNS: [&str; 19] = [
    "id",
    "first",
    "last",
    "day",
    "country",
    "class",
    "outcome",
    "purpose",
    "site",
    "network",
    "shape",
    "sources",
    "requests",
    "severity",
    "confidence",
    "detector",
    "addresses",
    "evidence",
    "lines",
];

/// The table's head.
pub fn head() -> String {
    let mut table = String::new();
    csv::row(&mut table, &COLUMNS);
    table
}

/// Appends an attempt.
pub fn row(table: &mut String, finding: &Finding, outcome: Outcome, day: Option<Date>) {
    let time = |t: Option<model::Time>| t.map_or_else(String::new, |t| t.to_string());
    let addresses: Vec<&str> =
        finding.entities.iter().filter(|e| e.is_source()).take(3).map(|e| e.value.as_str()).collect();
    let mut evidence: Vec<String> = finding.traces.iter().map(|t| t.evidence.to_string()).collect();
    evidence.dedup();
    evidence.truncate(3);
    let lines: Vec<String> =
        finding.traces.iter().flat_map(|t| t.spans.iter()).take(5).map(|s| s.line.to_string()).collect();
    let field = |name| fields::word(finding, name).to_string();
    csv::row(
        table,
        &[
            finding.id(),
            time(finding.first),
            time(finding.last),
            day.map_or_else(String::new, |d| d.to_string()),
            country(finding).to_string(),
            field("class"),
            outcome.as_str().to_string(),
            field("purpose"),
            field("site"),
            field("network"),
            field("shape"),
            fields::number(finding, "sources").to_string(),
            fields::number(finding, "requests").max(1).to_string(),
            finding.severity.as_str().to_string(),
            finding.confidence.to_string(),
            finding.detector.to_string(),
            addresses.join(" "),
            evidence.join(" "),
            lines.join(" "),
        ],
    );
}
