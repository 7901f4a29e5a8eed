//! Windows machines' event logs with known truth: a staff that logs on, starts programs and gets updates, and machines that
//! somebody enters from outside: passwords guessed by remote desktop until one is right, an encoded command, a service, a script
//! that takes passwords (in two parts), an account that becomes an administrator, the log cleared.
//!
//! The innocents are those that detectors take for intruders: mistyped passwords, updaters that bring services and tasks, an
//! administrator's scripts and a new colleague's account. The log is written twice with an overlap: event XML, as the Event
//! Viewer saves it, and lines of JSON, as Winlogbeat ships them.

mod score;
mod write;

pub use score::{CountedWindows, FoundWindows, WindowsScore};

use super::Part;
use crate::calendar::Period;
use crate::check::number;
use crate::evidence::Evidence;
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::{CountryCode, When};
use jiff::tz::TimeZone;
use model::{Error, Finding, Result, Text, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[windows]`.
    pub windows: Option<Windows>,
}

/// The machines of a staff.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// The first day of their logs.
    pub from: When,
    /// The last.
    pub to: When,
    /// Machines, one for each person of the staff.
    pub machines: u64,
    /// Those that somebody enters.
    #[serde(default)]
    pub entered: Vec<Entered>,
}

/// A machine that somebody enters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entered {
    /// When guessing begins.
    pub at: When,
    /// Passwords guessed before one is right.
    pub guesses: u64,
    /// From where.
    pub country: CountryCode,
}

/// The machines' keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueWindows {
    /// What is true of their logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<TrueEvents>,
}

/// What is true of the machines' logs.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueEvents {
    /// Records, each once.
    pub records: u64,
    /// Records in both files.
    pub written: u64,
    /// Machines that somebody entered.
    pub entered: Vec<TrueEntered>,
}

/// One of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueEntered {
    /// Which.
    pub computer: String,
    /// From where.
    pub source: String,
    /// Refused passwords.
    pub guesses: u64,
    /// When one was right.
    pub entered: Time,
    /// What was done there then: the detectors that must say so.
    pub done: BTreeSet<String>,
}

/// How good findings are, where the exercise has machines.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WindowsScores {
    /// Of machines and deeds.
    #[serde(rename = "windows", skip_serializing_if = "Option::is_none")]
    pub events: Option<WindowsScore>,
}

/// Found or true, where the exercise has machines.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WindowsCounts {
    /// Counted.
    #[serde(rename = "windows", skip_serializing_if = "Option::is_none")]
    pub events: Option<CountedWindows>,
}

/// The part.
pub struct WindowsEvent;

impl Part for WindowsEvent {
    type Tables = Tables;
    type Truth = TrueWindows;
    type Found = FoundWindows;
    type Score = WindowsScores;
    type Counts = WindowsCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.windows.iter().try_for_each(|w| check(w, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueWindows> {
        let events = tables.windows.as_ref().map(|w| write::write(w, stage, evidence)).transpose()?;
        Ok(TrueWindows { windows: events })
    }

    fn hidden(truth: &TrueWindows) -> Vec<Hidden> {
        let Some(events) = &truth.windows else { return Vec::new() };
        let what = Text::new("machines that somebody entered", "machines où quelqu’un est entré");
        vec![Hidden { key: "entered", count: events.entered.len() as u64, what }]
    }

    fn take(found: &mut FoundWindows, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundWindows, truth: &TrueWindows) -> WindowsScores {
        WindowsScores { events: truth.windows.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &WindowsScores, sheet: &mut Sheet) {
        score.events.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundWindows, truth: &TrueWindows, _: &TimeZone) -> WindowsCounts {
        WindowsCounts { events: truth.windows.as_ref().map(|_| found.counted()) }
    }

    fn truth(truth: &TrueWindows, _: &TimeZone) -> WindowsCounts {
        WindowsCounts { events: truth.windows.as_ref().map(CountedWindows::of) }
    }

    fn rows(found: &WindowsCounts, truth: &WindowsCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.events, &truth.events) else { return Vec::new() };
        vec![
            Row::head("Windows machines", "Machines Windows"),
            Row::count("  entered", "  pénétrées", [found.entered, truth.entered]),
            Row::count("  passwords guessed", "  mots de passe devinés", [found.guesses, truth.guesses]),
        ]
    }
}

/// Checks `[windows]`.
fn check(w: &Windows, period: &Period) -> Result<()> {
    number("`machines` of `[windows]`", w.machines as f64, 2.0, 200.0)?;
    let (from, to) = (w.from.start(&period.zone), w.to.end(&period.zone));
    if from >= to || to - from > 100 * 86_400 {
        return Err(Error::new("`[windows]` ends before it begins, or lasts longer than 100 days")
            .hint("`from` and `to` are the first and last day of the logs"));
    }
    if w.entered.len() as u64 >= w.machines {
        return Err(Error::new("`[[windows.entered]]` has as many machines as `machines`, or more")
            .hint("one machine at least nobody enters"));
    }
    for e in &w.entered {
        number("`guesses` of `[[windows.entered]]`", e.guesses as f64, 8.0, 2_000.0)?;
        let at = e.at.start(&period.zone);
        if at < from || at + 4 * 3600 > to {
            return Err(Error::new("a `[[windows.entered]]` lies outside of the logs")
                .hint("guessing and what follows last up to four hours"));
        }
    }
    Ok(())
}
