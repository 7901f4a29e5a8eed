//! `attempts.csv`: every attempt, a row each (those told together are one, with their number), written as the findings
//! stream by.

use crate::csv;
use jiff::civil::Date;
use model::Finding;
use rows::attempt::{Attempt, Shape};

const COLUMNS: [&str; 20] = [
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
    "attempts",
];

/// The table's head.
pub fn head() -> String {
    let mut table = String::new();
    csv::row(&mut table, &COLUMNS);
    table
}

/// Appends an attempt.
pub fn row(table: &mut String, finding: &Finding, attempt: &Attempt, day: Option<Date>) {
    let time = |t: Option<model::Time>| t.map_or_else(String::new, |t| t.to_string());
    let addresses: Vec<&str> =
        finding.entities.iter().filter(|e| e.is_source()).take(3).map(|e| e.value.as_str()).collect();
    let mut evidence: Vec<String> = finding.traces.iter().map(|t| t.evidence.to_string()).collect();
    evidence.dedup();
    evidence.truncate(3);
    let lines: Vec<String> =
        finding.traces.iter().flat_map(|t| t.spans.iter()).take(5).map(|s| s.line.to_string()).collect();
    let word = |text: &str| if text.is_empty() { "-".to_string() } else { text.to_string() };
    csv::row(
        table,
        &[
            finding.id(),
            time(finding.first),
            time(finding.last),
            day.map_or_else(String::new, |d| d.to_string()),
            word(attempt.country()),
            attempt.class().to_string(),
            attempt.outcome.to_string(),
            attempt.purpose.to_string(),
            word(&attempt.site),
            word(attempt.network.as_deref().unwrap_or_default()),
            attempt.shape.map_or("-", Shape::as_str).to_string(),
            attempt.sources.unwrap_or(0).to_string(),
            attempt.requests.max(1).to_string(),
            finding.severity.as_str().to_string(),
            finding.confidence.to_string(),
            finding.detector.to_string(),
            addresses.join(" "),
            evidence.join(" "),
            lines.join(" "),
            attempt.attempts().to_string(),
        ],
    );
}
