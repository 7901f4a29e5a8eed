//! A cloud provider's audit log with known truth: a staff that signs in, reads and works, and one account whose password a
//! decoy collected: used two days later from a private network abroad, an application consented to, a rule that hides, the
//! mailbox read for some nights until a day.
//!
//! The innocents are those that detectors take for thieves: a journey, telephones on mobile networks, mistyped passwords,
//! the provider's own services, an administrator's migration. The log is written as two exports that overlap, newest
//! first, as the portal gives it. Where the exercise has mail, the account is of somebody who followed a lure.

mod score;
mod write;

pub use score::{CountedSignIns, FoundSignIns, SignInScore};

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

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[sign_ins]`.
    pub sign_ins: Option<SignIns>,
}

/// The audit log of a campaign's provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIns {
    /// Its first day.
    pub from: When,
    /// Its last.
    pub to: When,
    /// People of the staff, each with an address at the mail domain of `[logins]`.
    pub staff: u64,
    /// Where they live.
    pub country: CountryCode,
    /// Where somebody travels for three days.
    pub journey: CountryCode,
    /// Accounts that somebody else uses.
    #[serde(default)]
    pub taken: Vec<Taken>,
    /// Tries at all accounts, from one source.
    pub spray: Option<Spray>,
}

/// An account that somebody else uses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// When its password is used; without it, two days after its owner followed a lure.
    pub at: Option<When>,
    /// The last day on which its mailbox is read.
    pub until: When,
    /// Nights on which it is read, the last of them on that day.
    pub nights: u64,
    /// Messages read each night, about.
    pub messages: u64,
    /// Where the private network ends.
    pub country: CountryCode,
    /// The application that is let in, by its name; none without it.
    #[serde(default)]
    pub application: String,
}

/// A few passwords tried on all accounts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spray {
    /// When.
    pub at: When,
    /// Passwords.
    pub passwords: u64,
    /// From where.
    pub country: CountryCode,
}

/// The sign-ins' keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueSignIns {
    /// What is true of the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_ins: Option<TrueLog>,
}

/// What is true of the log.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueLog {
    /// Records, each once.
    pub records: u64,
    /// Rows in all exports.
    pub rows: u64,
    /// Accounts that somebody else uses.
    pub taken: Vec<TrueTaken>,
    /// Refused tries of the spray.
    pub sprayed: u64,
}

/// One of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrueTaken {
    /// Whose.
    pub account: String,
    /// From where.
    pub source: String,
    /// The first sign-in by the other.
    pub signed_in: Time,
    /// Messages read.
    pub messages: u64,
    /// When the last was read.
    pub cut_off: Time,
}

/// How good findings are, where the exercise has sign-ins.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SignInsScore {
    /// Of accounts and readings.
    #[serde(rename = "sign_ins", skip_serializing_if = "Option::is_none")]
    pub log: Option<SignInScore>,
}

/// Found or true, where the exercise has sign-ins.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SignInsCounts {
    /// Counted.
    #[serde(rename = "sign_ins", skip_serializing_if = "Option::is_none")]
    pub log: Option<CountedSignIns>,
}

/// The part.
pub struct SignIn;

impl Part for SignIn {
    type Tables = Tables;
    type Truth = TrueSignIns;
    type Found = FoundSignIns;
    type Score = SignInsScore;
    type Counts = SignInsCounts;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.sign_ins.iter().try_for_each(|s| check(s, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueSignIns> {
        let log = tables.sign_ins.as_ref().map(|s| write::write(s, stage, evidence)).transpose()?;
        Ok(TrueSignIns { sign_ins: log })
    }

    fn hidden(truth: &TrueSignIns) -> Vec<Hidden> {
        let Some(log) = &truth.sign_ins else { return Vec::new() };
        let what = Text::new("accounts that somebody else uses", "comptes utilisés par quelqu’un d’autre");
        vec![Hidden { key: "taken", count: log.taken.len() as u64, what }]
    }

    fn take(found: &mut FoundSignIns, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundSignIns, truth: &TrueSignIns) -> SignInsScore {
        SignInsScore { log: truth.sign_ins.as_ref().map(|t| found.score(t)) }
    }

    fn show(score: &SignInsScore, sheet: &mut Sheet) {
        score.log.iter().for_each(|s| s.show(sheet));
    }

    fn found(found: &FoundSignIns, truth: &TrueSignIns, _: &TimeZone) -> SignInsCounts {
        SignInsCounts { log: truth.sign_ins.as_ref().map(|_| found.counted()) }
    }

    fn truth(truth: &TrueSignIns, _: &TimeZone) -> SignInsCounts {
        SignInsCounts { log: truth.sign_ins.as_ref().map(CountedSignIns::of) }
    }

    fn rows(found: &SignInsCounts, truth: &SignInsCounts) -> Vec<Row> {
        let (Some(found), Some(truth)) = (&found.log, &truth.log) else { return Vec::new() };
        vec![
            Row::head("Cloud accounts", "Comptes infonuagiques"),
            Row::count("  used by somebody else", "  utilisés par quelqu’un d’autre", [found.taken, truth.taken]),
            Row::count("  messages read by them", "  messages lus par eux", [found.messages, truth.messages]),
            Row::count("  tries at all accounts", "  essais sur tous les comptes", [found.sprayed, truth.sprayed]),
        ]
    }
}

/// Checks `[sign_ins]`.
fn check(s: &SignIns, period: &Period) -> Result<()> {
    number("`staff` of `[sign_ins]`", s.staff as f64, 3.0, 500.0)?;
    let (from, to) = (s.from.start(&period.zone), s.to.end(&period.zone));
    if from >= to || to - from > 400 * 86_400 {
        return Err(Error::new("`[sign_ins]` ends before it begins, or lasts longer than 400 days")
            .hint("`from` and `to` are its first and last day"));
    }
    if s.taken.len() as u64 + 2 > s.staff {
        return Err(Error::new("`[[sign_ins.taken]]` takes more accounts than `staff` has")
            .hint("two people at least keep theirs"));
    }
    for t in &s.taken {
        number("`nights` of `[[sign_ins.taken]]`", t.nights as f64, 0.0, 60.0)?;
        number("`messages` of `[[sign_ins.taken]]`", t.messages as f64, 1.0, 100_000.0)?;
        let until = t.until.end(&period.zone);
        if until > to || until - t.nights as i64 * 86_400 < from + 7 * 86_400 {
            return Err(Error::new("a `[[sign_ins.taken]]` lies outside of the log, or in its first week")
                .hint("nobody has a habit in the first week, so that nothing can be new"));
        }
        if t.application.len() > 100 || t.application.chars().any(char::is_control) {
            return Err(Error::new("`application` of `[[sign_ins.taken]]` is no name").hint("up to 100 letters"));
        }
    }
    s.spray.iter().try_for_each(|s| number("`passwords` of `[sign_ins.spray]`", s.passwords as f64, 1.0, 50.0))
}
