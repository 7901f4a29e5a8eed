//! The year nobody wrote. A log without years is read as of the file's date, or of the date in its name, which rotation
//! puts there; once all is read, the dated evidence of the same case tells better: the year in which most of the log's
//! days meet days of that evidence, else the one that lies nearest to it.
//!
//! You may rely on: dated evidence alone decides, so that the order of adding changes nothing and an inferred year never
//! outvotes a written one; members of an archive are moved as one, none past its own date.

use jiff::civil::{Date, date};
use model::{Result, Time};
use std::collections::BTreeSet;
use store::Case;

/// Years that are tried in both directions.
const YEARS: i16 = 15;
const DAY: i64 = 86_400;

fn days_of(day: Date) -> i64 {
    day.since(date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()))
}

/// Kinds of observations that are events: the day of a registration, for one, says nothing of when evidence was written.
fn events() -> Vec<&'static str> {
    let shapes = sensors::SENSORS.iter().flat_map(|s| s.shapes());
    let event = |merge: Option<rows::Merge>| matches!(merge, Some(rows::Merge::Joins | rows::Merge::AddsWithin(_)));
    shapes.filter(|s| event(s.merge)).map(|s| s.name).collect()
}

/// First and last day of each.
type Periods = Vec<(Date, Date)>;

/// The periods, more than a year apart, into which the events of a case fall, where they are several; and the evidence
/// that writes no year.
pub fn apart(case: &Case) -> Result<Option<(Periods, Vec<String>)>> {
    let (mut days, mut undated) = (case.dated_days(&events())?, Vec::new());
    for registered in case.register()? {
        if let Some(more) = case.undated_days(registered.n, &events())? {
            days.extend(more);
            undated.push(registered.evidence.path);
        }
    }
    let day = |n: i64| date(1970, 1, 1).checked_add(jiff::Span::new().days(n)).ok();
    let periods = casework::periods(days.into_iter().filter_map(day).collect());
    Ok((periods.len() > 1).then_some((periods, undated)))
}

/// Evidence that the dated evidence of the case puts into another year, with the day on which it then ends.
pub fn better(case: &Case) -> Result<Vec<(i64, Time)>> {
    let mut undated = Vec::new();
    for registered in case.register()? {
        if let Some(days) = case.undated_days(registered.n, &events())? {
            undated.push((registered, days));
        }
    }
    let mut better = Vec::new();
    if undated.is_empty() {
        return Ok(better);
    }
    let dated = case.dated_days(&events())?;
    for (registered, days) in undated {
        let latest = registered.evidence.modified.unwrap_or(registered.evidence.added);
        if let Some(last) = year(&days, &dated, latest.seconds().div_euclid(DAY)) {
            better.push((registered.n, last));
        }
    }
    Ok(better)
}

/// The last day in the year that fits best; none where that is the year it has.
fn year(days: &BTreeSet<i64>, dated: &BTreeSet<i64>, latest: i64) -> Option<Time> {
    let (&begins, &ends) = dated.first().zip(dated.last())?;
    let fits = |years: i16| {
        let moved: Vec<i64> = days.iter().filter_map(|&d| shifted(d, years)).collect();
        let (&first, &last) = moved.first().zip(moved.last())?;
        let met = moved.iter().filter(|d| dated.contains(d)).count();
        let apart = (begins - last).max(first - ends).max(0);
        // Of equals the year it has, then the later.
        (last <= latest.saturating_add(1)).then_some(((met, std::cmp::Reverse(apart), years == 0, years), last))
    };
    let ((_, _, same, _), last) = (-YEARS..=YEARS).filter_map(fits).max()?;
    (!same).then(|| Time::from_seconds(last * DAY + DAY / 2))
}

fn shifted(day: i64, years: i16) -> Option<i64> {
    let civil = date(1970, 1, 1).checked_add(jiff::Span::new().days(day)).ok()?;
    civil.checked_add(jiff::Span::new().years(years)).ok().map(days_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        days_of(text.parse().expect("a day"))
    }

    fn noon(text: &str) -> Time {
        format!("{text}T12:00:00Z").parse().expect("a time")
    }

    #[test]
    fn the_year_is_that_of_the_dated_evidence() {
        let dated = BTreeSet::from(["2017-02-10", "2017-02-14", "2017-04-24"].map(day));
        let told = |days: &[&str]| year(&days.iter().map(|d| day(d)).collect(), &dated, day("2026-11-28"));
        assert_eq!(told(&["2026-02-14", "2026-02-15"]), Some(noon("2017-02-15")));
        // Nothing meets: the nearest.
        assert_eq!(told(&["2025-12-30"]), Some(noon("2016-12-30")));
        assert_eq!(told(&["2017-02-14"]), None);
        assert_eq!(year(&BTreeSet::new(), &dated, 0), None);
    }
}
