//! Holds findings on cloud accounts against the truth: accounts that somebody else uses, by name, what was read and when the
//! reading ended, and the innocents that were accused.

use super::TrueLog;
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Severity, Time};
use rows::Row as _;
use rows::sign_in::{Attempt, Takeover, Theft};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on cloud accounts are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SignInScore {
    /// Accounts used by somebody else, by name.
    pub taken: Rate,
    /// Readings from elsewhere, by account.
    pub readings: Rate,
    /// The largest error of the end of a reading that was found, in seconds; none is within its bounds.
    pub cut_off_error: i64,
    /// Messages read: found less true.
    pub messages_error: i64,
    /// Accounts of which something was told at medium or above, and that nobody took.
    pub accused: Vec<String>,
}

/// Cloud accounts, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedSignIns {
    /// Accounts used by somebody else.
    pub taken: u64,
    /// Messages read by them.
    pub messages: u64,
    /// Tries of the spray.
    pub sprayed: u64,
}

impl CountedSignIns {
    /// What is true.
    pub(super) fn of(truth: &TrueLog) -> CountedSignIns {
        CountedSignIns {
            taken: truth.taken.len() as u64,
            messages: truth.taken.iter().map(|t| t.messages).sum(),
            sprayed: truth.sprayed,
        }
    }
}

impl SignInScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("cloud accounts taken", &self.taken);
        sheet.rate("mailboxes read from elsewhere", &self.readings);
        if self.readings.matched > 0 {
            let (s, m) = (self.cut_off_error, self.messages_error);
            sheet.note(format!("  the last reading is {s} s outside its bounds; messages read: {m:+}"));
        }
        if !self.accused.is_empty() {
            sheet.note(format!("  innocent accounts told at medium or above: {}", self.accused.join(", ")));
        }
    }
}

/// What findings say of cloud accounts.
#[derive(Default, Debug)]
pub struct FoundSignIns {
    taken: BTreeSet<String>,
    /// Messages read and the bounds of the last, by account.
    readings: BTreeMap<String, (u64, Time, Time)>,
    told: BTreeSet<String>,
    sprayed: u64,
}

impl FoundSignIns {
    pub(super) fn take(&mut self, f: &Finding) {
        if !f.detector.starts_with("sign_in/") {
            return;
        }
        if f.detector == Takeover::NAME
            && let Ok(row) = Takeover::of(&f.fields)
        {
            self.taken.insert(row.account);
        } else if f.detector == Theft::NAME
            && let Ok(row) = Theft::of(&f.fields)
            && row.from_elsewhere
        {
            self.readings.insert(row.account, (row.messages, row.cut_off.from, row.cut_off.until));
        } else if f.detector == Attempt::NAME {
            if let Ok(row) = Attempt::of(&f.fields) {
                self.sprayed += if row.accounts > 2 { row.attempt.requests } else { 0 };
            }
            return;
        }
        if f.severity >= Severity::Medium
            && let Some(account) = f.fields.get("account").and_then(|a| a.as_str())
        {
            self.told.insert(account.into());
        }
    }

    pub(super) fn counted(&self) -> CountedSignIns {
        CountedSignIns {
            taken: self.taken.len() as u64,
            messages: self.readings.values().map(|r| r.0).sum(),
            sprayed: self.sprayed,
        }
    }

    pub(super) fn score(&self, truth: &TrueLog) -> SignInScore {
        let all: BTreeMap<&str, _> = truth.taken.iter().map(|t| (t.account.as_str(), t)).collect();
        let is_true = |account: &&String| all.contains_key(account.as_str());
        let (mut cut_off_error, mut messages_error) = (0, 0);
        for (account, (messages, from, until)) in &self.readings {
            let Some(t) = all.get(account.as_str()) else { continue };
            cut_off_error = cut_off_error.max(from.since(t.cut_off)).max(t.cut_off.since(*until));
            messages_error += *messages as i64 - t.messages as i64;
        }
        let read = truth.taken.iter().filter(|t| t.messages > 0).count();
        let accused = self.told.iter().filter(|a| !all.contains_key(a.as_str()));
        SignInScore {
            taken: Rate::new(all.len(), self.taken.len(), self.taken.iter().filter(is_true).count()),
            readings: Rate::new(read, self.readings.len(), self.readings.keys().filter(is_true).count()),
            cut_off_error,
            messages_error,
            accused: accused.take(EXAMPLES).cloned().collect(),
        }
    }
}
