//! Holds findings on Windows machines against the truth: machines that somebody entered, what was done there, and the innocents
//! that were accused.

use super::TrueEvents;
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Severity, Time};
use rows::Row as _;
use rows::windows_event::{Attempt, Deed};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on Windows machines are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WindowsScore {
    /// Machines where guessing ended in an entry, by name.
    pub entered: Rate,
    /// What was done there, by machine and detector, at medium or above.
    pub deeds: Rate,
    /// Passwords guessed: found less true.
    pub guesses_error: i64,
    /// The largest error of the moment of an entry, in seconds.
    pub entry_error: i64,
    /// Machines of which something was told at medium or above, and that nobody entered.
    pub accused: Vec<String>,
}

/// Windows machines, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedWindows {
    /// Machines that somebody entered.
    pub entered: u64,
    /// Passwords guessed.
    pub guesses: u64,
}

impl CountedWindows {
    /// What is true.
    pub(super) fn of(truth: &TrueEvents) -> CountedWindows {
        CountedWindows { entered: truth.entered.len() as u64, guesses: truth.entered.iter().map(|e| e.guesses).sum() }
    }
}

impl WindowsScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("windows machines entered", &self.entered);
        sheet.rate("deeds on windows machines", &self.deeds);
        if self.entered.matched > 0 {
            let (s, n) = (self.entry_error, self.guesses_error);
            sheet.note(format!("  entries into machines are {s} s off; passwords guessed: {n:+}"));
        }
        if !self.accused.is_empty() {
            sheet.note(format!("  innocent machines told at medium or above: {}", self.accused.join(", ")));
        }
    }
}

/// What findings say of Windows machines.
#[derive(Default, Debug)]
pub struct FoundWindows {
    /// Guesses, and when one was right, by machine.
    attempts: BTreeMap<String, (u64, Option<Time>)>,
    deeds: BTreeSet<(String, String)>,
    told: BTreeSet<String>,
}

impl FoundWindows {
    pub(super) fn take(&mut self, f: &Finding) {
        if !f.detector.starts_with("windows_event/") {
            return;
        }
        let computer = if f.detector == Attempt::NAME {
            let Ok(row) = Attempt::of(&f.fields) else { return };
            let known = self.attempts.entry(row.attempt.site.clone()).or_default();
            known.0 += row.attempt.requests;
            known.1 = known.1.or(row.entered_at);
            row.attempt.site
        } else {
            let Ok(row) = Deed::of(&f.fields) else { return };
            row.computer
        };
        if f.severity >= Severity::Medium {
            if f.detector != Attempt::NAME {
                self.deeds.insert((computer.clone(), f.detector.to_string()));
            }
            self.told.insert(computer);
        }
    }

    fn entered(&self) -> impl Iterator<Item = (&String, u64, Time)> {
        self.attempts.iter().filter_map(|(computer, (n, at))| Some((computer, *n, (*at)?)))
    }

    pub(super) fn counted(&self) -> CountedWindows {
        CountedWindows { entered: self.entered().count() as u64, guesses: self.attempts.values().map(|a| a.0).sum() }
    }

    pub(super) fn score(&self, truth: &TrueEvents) -> WindowsScore {
        let all: BTreeMap<&str, _> = truth.entered.iter().map(|e| (e.computer.as_str(), e)).collect();
        let (mut matched, mut entry_error, mut guesses_error) = (0, 0, 0);
        for (computer, n, at) in self.entered() {
            let Some(e) = all.get(computer.as_str()) else { continue };
            matched += 1;
            entry_error = entry_error.max(at.since(e.entered).abs());
            guesses_error += n as i64 - e.guesses as i64;
        }
        let done: BTreeSet<(&str, &str)> =
            truth.entered.iter().flat_map(|e| e.done.iter().map(|d| (e.computer.as_str(), d.as_str()))).collect();
        let is_true = |(computer, detector): &&(String, String)| done.contains(&(computer.as_str(), detector.as_str()));
        let accused = self.told.iter().filter(|c| !all.contains_key(c.as_str()));
        WindowsScore {
            entered: Rate::new(all.len(), self.entered().count(), matched),
            deeds: Rate::new(done.len(), self.deeds.len(), self.deeds.iter().filter(is_true).count()),
            guesses_error,
            entry_error,
            accused: accused.take(EXAMPLES).cloned().collect(),
        }
    }
}
