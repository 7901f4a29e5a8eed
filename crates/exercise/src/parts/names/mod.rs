//! A stream of new names with known truth: ordinary names, innocent ones that share a word with what is protected, decoys,
//! and the registrations of some.
//!
//! Decoys that other parts use (a lure's address) are to be found as well: they are part of this truth.

mod imitate;
mod score;
mod stream;

pub use imitate::Imitation;
pub use score::{CountedNames, FoundNames, NamesScore};

use super::Part;
use crate::calendar::Period;
use crate::case::Case;
use crate::check::{label, name, number, shown};
use crate::evidence::{Evidence, TrueDecoy};
use crate::measure::{Hidden, Row, Sheet};
use crate::stage::Stage;
use crate::values::When;
use jiff::tz::TimeZone;
use model::{Error, Finding, Result, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The table of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub struct Tables {
    /// `[names]`.
    #[serde(rename = "names")]
    pub stream: Option<NameStream>,
}

/// A stream of names, as certificate transparency shows it, and the registrations of some.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameStream {
    /// Its first day.
    pub from: When,
    /// Its last.
    pub to: When,
    /// Ordinary names.
    pub ordinary: u64,
    /// Share of them with a registration record.
    #[serde(default)]
    pub registered: f64,
    /// Domains that decoys pose as; the case protects them.
    pub protect: Vec<String>,
    /// Words of theirs that innocent names share, one name in a hundred.
    #[serde(default)]
    pub common: Vec<String>,
    /// Innocent names, written out; they count among the ordinary.
    #[serde(default)]
    pub innocent: Vec<String>,
    /// Decoys.
    #[serde(default)]
    pub decoys: Vec<Decoys>,
    /// What others published of such names.
    #[serde(default)]
    pub reports: Vec<Reported>,
}

/// A block of like decoys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decoys {
    /// A name for people; of names of one hand, that hand's.
    #[serde(default)]
    pub label: String,
    /// Names written out.
    #[serde(default)]
    pub names: Vec<String>,
    /// What they imitate.
    #[serde(default)]
    pub imitates: String,
    /// The days on which they appear, in their order; by lot where not given.
    #[serde(default)]
    pub on: Vec<When>,
    /// Made by lot: how.
    pub technique: Option<Imitation>,
    /// Made by lot: how many.
    #[serde(default)]
    pub count: u64,
    /// Whether their registrations are in the evidence.
    #[serde(default)]
    pub registered: bool,
    /// Whether they share registrant and name servers.
    #[serde(default)]
    pub one_hand: bool,
    /// The registrant of all, where it is not one by lot: an innocent one, of the campaign itself.
    #[serde(default)]
    pub registrant: String,
}

/// What somebody publishes of names: a report, as a STIX bundle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Who.
    pub source: String,
    /// Of which intrusion set he says they are.
    pub set: String,
    /// When.
    pub on: When,
    /// Where it can be read.
    #[serde(default)]
    pub reference: String,
    /// The names.
    pub names: Vec<String>,
}

/// The names' keys of `truth.json`.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct TrueNames {
    /// Decoy addresses: the stream's in time order, then those that other parts used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decoys: Vec<TrueDecoy>,
    /// Names among which they hide.
    #[serde(default)]
    pub ordinary_names: u64,
}

/// The part.
pub struct Names;

impl Part for Names {
    type Tables = Tables;
    type Truth = TrueNames;
    type Found = FoundNames;
    type Score = NamesScore;
    type Counts = CountedNames;

    fn check(tables: &Tables, stage: &Stage, _: &str) -> Result<()> {
        tables.stream.iter().try_for_each(|stream| check(stream, &stage.period))
    }

    fn write(tables: &Tables, stage: &Stage, evidence: &mut Evidence) -> Result<TrueNames> {
        match &tables.stream {
            Some(stream) => stream::write(stream, stage, evidence),
            None => Ok(TrueNames::default()),
        }
    }

    fn complete(truth: &mut TrueNames, evidence: &Evidence) {
        // A name that the stream has and a lure leads to is one decoy.
        let known: BTreeSet<String> = truth.decoys.iter().map(|d| d.name.clone()).collect();
        truth.decoys.extend(evidence.decoys.iter().filter(|d| !known.contains(&d.name)).cloned());
    }

    fn case(tables: &Tables, _: &Stage, case: &mut Case) {
        case.domains.extend(tables.stream.iter().flat_map(|s| s.protect.iter().cloned()));
    }

    fn hidden(truth: &TrueNames) -> Vec<Hidden> {
        let what = Text::new("decoy addresses", "adresses-leurres");
        vec![Hidden { key: "decoys", count: truth.decoys.len() as u64, what }]
    }

    fn take(found: &mut FoundNames, finding: &Finding) {
        found.take(finding);
    }

    fn score(found: &FoundNames, truth: &TrueNames) -> NamesScore {
        found.score(truth)
    }

    fn show(score: &NamesScore, sheet: &mut Sheet) {
        score.show(sheet);
    }

    fn found(found: &FoundNames, truth: &TrueNames, _: &TimeZone) -> CountedNames {
        CountedNames { decoys: found.decoys.len() as u64, hands: found.clusters, ordinary_names: truth.ordinary_names }
    }

    fn truth(truth: &TrueNames, _: &TimeZone) -> CountedNames {
        CountedNames {
            decoys: truth.decoys.len() as u64,
            hands: score::by_hand(truth).len() as u64,
            ordinary_names: truth.ordinary_names,
        }
    }

    fn rows(found: &CountedNames, truth: &CountedNames) -> Vec<Row> {
        if truth.decoys == 0 {
            return Vec::new();
        }
        let names = truth.ordinary_names;
        vec![
            Row::head(
                format!("Decoy addresses among {names} ordinary names"),
                format!("Adresses-leurres parmi {names} noms ordinaires"),
            ),
            Row::count("  decoys", "  leurres", [found.decoys, truth.decoys]),
            Row::count("  groups of one hand", "  groupes d’une même main", [found.hands, truth.hands]),
        ]
    }
}

/// Checks `[names]`.
fn check(n: &NameStream, period: &Period) -> Result<()> {
    number("`ordinary` of `[names]`", n.ordinary as f64, 0.0, 5e6)?;
    number("`registered` of `[names]`", n.registered, 0.0, 1.0)?;
    let (from, to) = (n.from.start(&period.zone), n.to.end(&period.zone));
    if from >= to {
        return Err(Error::new("`[names]` ends before it begins").hint("`to` is the last day of the stream"));
    }
    let given = n.protect.iter().chain(&n.innocent).chain(n.decoys.iter().flat_map(|d| &d.names));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
    for given in given {
        if given.len() > 253
            || !plain(given)
            || !given.contains('.')
            || given.split('.').any(|l| l.is_empty() || l.len() > 63)
        {
            return Err(Error::new(format!("`{}` is no name for `[names]`", shown(given)))
                .hint("lower-case letters, digits, hyphens and dots, as in `mail-parti.example`"));
        }
    }
    n.common.iter().try_for_each(|w| name("a word in `common` of `[names]`", w))?;
    for d in &n.decoys {
        label(&d.label)?;
        number("`count` of `[[names.decoys]]`", d.count as f64, 0.0, 1e4)?;
        if d.one_hand && (d.label.is_empty() || !d.registered) {
            return Err(Error::new("`one_hand` needs a `label`, and `registered = true`")
                .hint("names of one hand are told by their registrations"));
        }
    }
    if n.protect.is_empty() && n.decoys.iter().any(|d| d.count > 0) {
        return Err(Error::new("`[names]` protects nothing that decoys could pose as")
            .hint("write `protect = [\"parti.example\"]`"));
    }
    Ok(())
}
