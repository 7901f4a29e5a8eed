//! A platform to vote or to register, with known truth: people of several countries by their day, and hours in which it failed
//! them: server errors, told to wait, ended before the answer, a country whose people are gone, attempts from many sources.
//!
//! Innocents stand among it: a crawler that is told to slow down, a scanner by itself, a server error now and then. Left out:
//! probes of the platform's own, sign-ins on its machines.

mod score;
mod write;

pub use score::{CountedReach, FoundReach, ReachScore};

use super::Part;
use crate::calendar::Period;
use crate::case::Case;
use crate::check::number;
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::{CountryCode, When};
use jiff::tz::TimeZone;
use model::{Domain, Error, Finding, Result, Text, Time};
use rows::reach::How;
use serde::{Deserialize, Serialize};

/// Lines that a log may have.
const LINES: u64 = 5_000_000;

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[platform]`.
    pub platform: Option<Platform>,
}

/// A platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Its host name.
    pub host: String,
    /// The first day of its log.
    pub from: When,
    /// The last.
    pub to: When,
    /// Requests of each country within an hour of the day.
    pub per_hour: u64,
    /// Where its people are.
    pub countries: Vec<CountryCode>,
    /// Hours in which it failed them.
    #[serde(default)]
    pub troubles: Vec<Trouble>,
}

/// Hours in which a platform failed people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// How: `errors`, `queue`, `gone`, `absent`, `attempts`.
    pub how: How,
    /// From when on.
    pub at: When,
    /// How many hours.
    pub hours: u64,
    /// Of which country's people; all where none is told.
    pub country: Option<CountryCode>,
}

/// The platform's keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueReach {
    /// What is true of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<TruePlatform>,
}

/// What is true of a platform.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TruePlatform {
    /// Its host name.
    pub host: String,
    /// Requests in its log.
    pub requests: u64,
    /// When it failed people.
    pub troubles: Vec<TrueTrouble>,
}

/// One such time.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueTrouble {
    /// How.
    pub how: How,
    /// Of which country's people; empty where of all.
    pub region: String,
    /// From when on.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

/// How good findings are, where the exercise has a platform.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReachScores {
    /// Of its troubles.
    #[serde(rename = "platform", skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachScore>,
}

/// Found or true, where the exercise has a platform.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReachCounts {
    /// Counted.
    #[serde(rename = "platform", skip_serializing_if = "Option::is_none")]
    pub reach: Option<CountedReach>,
}

/// The part.
pub struct Reach;

impl Part for Reach {
    type Tables = Tables;
    type Truth = TrueReach;
    type Found = FoundReach;
    type Score = ReachScores;
    type Counts = ReachCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.platform.iter().try_for_each(|p| check(p, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueReach> {
        let platform = tables.platform.as_ref().map(|p| write::write(p, stage, evidence)).transpose()?;
        Ok(TrueReach { platform })
    }

    fn case(tables: &Tables, _: &Stage, case: &mut Case) {
        if let Some(platform) = &tables.platform {
            case.tables += &format!("\n[reach]\nsites = [\"{}\"]\n", platform.host);
        }
    }

    fn hidden(truth: &TrueReach) -> Vec<Hidden> {
        let Some(platform) = &truth.platform else { return Vec::new() };
        let what = Text::new("troubles of a platform", "défaillances d’une plateforme");
        vec![Hidden { key: "troubles", count: platform.troubles.len() as u64, what }]
    }

    fn take(found: &mut FoundReach, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundReach, truth: &TrueReach) -> ReachScores {
        ReachScores { reach: truth.platform.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &ReachScores, sheet: &mut Sheet) {
        score.reach.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundReach, truth: &TrueReach, _: &TimeZone) -> ReachCounts {
        ReachCounts { reach: truth.platform.as_ref().map(|t| found.counted(t)) }
    }

    fn truth(truth: &TrueReach, _: &TimeZone) -> ReachCounts {
        ReachCounts { reach: truth.platform.as_ref().map(|t| CountedReach { troubles: t.troubles.len() as u64 }) }
    }

    fn rows(found: &ReachCounts, truth: &ReachCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.reach, &truth.reach) else { return Vec::new() };
        vec![
            Row::head("Could people vote", "Pouvait-on voter"),
            Row::count(
                "  troubles of the platform",
                "  défaillances de la plateforme",
                [found.troubles, truth.troubles],
            ),
        ]
    }
}

/// Checks `[platform]`.
fn check(p: &Platform, period: &Period) -> Result<()> {
    if p.host.parse::<Domain>().is_err() {
        return Err(Error::new(format!("`{}` is no host name", p.host)).hint("write `host = \"vote.example\"`"));
    }
    number("`per_hour` of `[platform]`", p.per_hour as f64, 60.0, 20_000.0)?;
    number("countries of `[platform]`", p.countries.len() as f64, 2.0, 12.0)?;
    let mut countries = p.countries.clone();
    countries.sort();
    countries.dedup();
    if countries.len() != p.countries.len() {
        return Err(Error::new("`countries` of `[platform]` names one twice").hint("name each once"));
    }
    let (from, to) = (p.from.start(&period.zone), p.to.end(&period.zone));
    let hours = u64::try_from((to - from) / 3600).unwrap_or(0);
    if hours == 0 || hours > 31 * 24 || hours * p.per_hour * p.countries.len() as u64 > LINES {
        return Err(Error::new(
            "`[platform]` ends before it begins, lasts longer than 31 days, or has too many requests",
        )
        .hint("`from` and `to` are the first and last day of the log"));
    }
    for t in &p.troubles {
        number("`hours` of `[[platform.troubles]]`", t.hours as f64, 1.0, 6.0)?;
        let wrong = |what: &str, hint: &str| {
            Err(Error::new(format!("a `[[platform.troubles]]` {what}")).hint(hint.to_string()))
        };
        let at = t.at.start(&period.zone);
        if at < from + 3 * 3600 || at + (t.hours as i64 + 3) * 3600 > to {
            return wrong("lies outside of the log", "three hours before and after it are of the log");
        }
        match (t.how, &t.country) {
            (How::Errors | How::Queue | How::Gone, None) | (How::Attempts, None) => {}
            (How::Errors | How::Queue | How::Gone | How::Absent, Some(c)) if p.countries.contains(c) => {}
            (How::Absent, None) => return wrong("needs a country", "whose people are gone: `country = \"FR\"`"),
            (How::Attempts, Some(_)) => return wrong("has a country", "attempts come from everywhere"),
            (_, Some(_)) => return wrong("names a country that is not among `countries`", "name one of them"),
            _ => return wrong("cannot be made", "errors, queue, gone, absent or attempts"),
        }
    }
    Ok(())
}
