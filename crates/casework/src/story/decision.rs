//! What people decide of a case: that findings belong together, or do not; that something has an innocent cause; a row of
//! evidence of their own. You may rely on: nothing is overwritten; each keeps who, when and why, and can be taken back.

use model::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

model::vocabulary! {
    /// What is decided.
    pub enum Verb {
        /// Two findings are of one incident.
        Join = "join" ("joined", "réunis"),
        /// Two findings are not.
        Apart = "apart" ("kept apart", "séparés"),
        /// A finding has an innocent cause.
        Innocent = "innocent" ("innocent cause", "cause innocente"),
        /// A piece of evidence of a person's own, for or against a hypothesis.
        Weigh = "weigh" ("weighed", "pesé"),
        /// An assessment is signed.
        Sign = "sign" ("signed", "signé"),
        /// An earlier decision is taken back.
        Withdraw = "withdraw" ("taken back", "retiré"),
    }
}

/// A decision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// Its number, from 1.
    pub number: u64,
    /// When.
    pub time: Time,
    /// Who.
    pub by: String,
    /// What.
    pub verb: Verb,
    /// Of which findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// Which earlier decision is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// For or against which hypothesis.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hypothesis: String,
    /// The likelihood ratio, from and to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<[f64; 2]>,
    /// What was signed: the rows as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<serde_json::Value>,
    /// Why.
    pub reason: String,
}

/// Those that were not taken back, in order of their numbers.
pub(super) fn in_force(all: &[Decision]) -> Vec<Decision> {
    standing(all).cloned().collect()
}

/// Those that were not taken back. Taking back can be taken back.
pub fn standing(all: &[Decision]) -> impl Iterator<Item = &Decision> {
    let mut gone: BTreeSet<u64> = BTreeSet::new();
    for decision in all.iter().rev() {
        if decision.verb == Verb::Withdraw && !gone.contains(&decision.number) {
            gone.extend(decision.of);
        }
    }
    all.iter().filter(move |d| d.verb != Verb::Withdraw && !gone.contains(&d.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_back_can_be_taken_back() {
        let make = |number, verb, of| Decision {
            number,
            time: Time::default(),
            by: "a@b".into(),
            verb,
            findings: Vec::new(),
            of,
            hypothesis: String::new(),
            ratio: None,
            rows: Vec::new(),
            reason: "r".into(),
        };
        let mut all = vec![make(1, Verb::Join, None), make(2, Verb::Withdraw, Some(1))];
        assert_eq!(standing(&all).count(), 0);
        all.push(make(3, Verb::Withdraw, Some(2)));
        assert_eq!(standing(&all).map(|d| d.number).collect::<Vec<_>>(), [1]);
    }
}
