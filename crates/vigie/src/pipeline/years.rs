//! The year nobody wrote. A log without years is read as of the file's date, or of the date in its name, which rotation
//! puts there; once all is read, the dated evidence of the same case tells better: the year in which most of the log's
//! days meet days of that evidence, else the one that lies nearest to it.
//!
//! You may rely on: dated evidence alone decides, so that the order of adding changes nothing and an inferred year never
//! outvotes a written one. Left out: what lies in archives, whose members have dates of their own.

use jiff::civil::{Date, date};
use model::{Result, Time};
use std::collections::BTreeSet;
use store::Case;

/// Years that are tried in both directions.
const YEARS: i16 = 15;
const DAY: i64 = 86_400;

/// The date in a file's name, as rotation writes it behind or before the ending (`auth.log-20170214`,
/// `mail.2017-02-14.log.gz`): noon of that day.
pub fn named(path: &str) -> Option<Time> {
    let name = path.rsplit('/').next()?;
    let digits = |part: &&str| part.len() == 8 && part.bytes().all(|b| b.is_ascii_digit());
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|w| !w.is_empty()).collect();
    let day = |year: &str, month: &str, day: &str| -> Option<Time> {
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        (1990..2100).contains(&date.year()).then_some(noon(date))
    };
    let whole = words.iter().find(|w| digits(w)).and_then(|w| day(&w[..4], &w[4..6], &w[6..]));
    whole.or_else(|| {
        let apart = words.windows(3).find(|w| w[0].len() == 4 && w[1].len() == 2 && w[2].len() == 2)?;
        day(apart[0], apart[1], apart[2])
    })
}

fn noon(date: Date) -> Time {
    Time::from_seconds(days_of(date) * DAY + DAY / 2)
}

fn days_of(day: Date) -> i64 {
    day.since(date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()))
}

/// Evidence that the dated evidence of the case puts into another year, with the day on which it then ends.
pub fn better(case: &Case) -> Result<Vec<(i64, Time)>> {
    let mut undated = Vec::new();
    for registered in case.register()? {
        if let Some(days) = case.undated_days(registered.n)? {
            undated.push((registered, days));
        }
    }
    let mut better = Vec::new();
    if undated.is_empty() {
        return Ok(better);
    }
    let dated = case.dated_days()?;
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

    #[test]
    fn names_tell_days() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(named(name), expected.map(|d| noon(d.parse().expect("a day"))), "{name}");
        };
        check("logs/auth.log-20170214", Some("2017-02-14"));
        check("auth.log-20170214.gz", Some("2017-02-14"));
        check("mail.2017-02-14.log", Some("2017-02-14"));
        check("2016-12-31/auth.log", None);
        check("auth.log.1", None);
        check("case-20171399", None);
    }

    #[test]
    fn the_year_is_that_of_the_dated_evidence() {
        let dated = BTreeSet::from(["2017-02-10", "2017-02-14", "2017-04-24"].map(day));
        let told = |days: &[&str]| year(&days.iter().map(|d| day(d)).collect(), &dated, day("2026-11-28"));
        assert_eq!(told(&["2026-02-14", "2026-02-15"]), Some(noon("2017-02-15".parse().expect("a day"))));
        // Nothing meets: the nearest.
        assert_eq!(told(&["2025-12-30"]), Some(noon("2016-12-30".parse().expect("a day"))));
        assert_eq!(told(&["2017-02-14"]), None);
        assert_eq!(year(&BTreeSet::new(), &dated, 0), None);
    }
}
