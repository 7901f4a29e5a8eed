//! Holds findings of coordination against the truth, account by account: who was called coordinated, who was not, and
//! which innocents were.

use super::TrueDebate;
use crate::score::Rate;
use model::{Finding, Severity};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings of coordination are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DebateScore {
    /// Accounts of hidden groups, all together.
    pub accounts: Rate,
    /// Accounts of each hidden group.
    pub groups: BTreeMap<String, Called>,
    /// Accounts of those who only look coordinated.
    pub innocents: BTreeMap<String, Called>,
    /// Whether the account that never rests stands out (`posts/automation`).
    pub restless: bool,
}

/// How many of some accounts were called coordinated.
#[derive(Clone, PartialEq, Default, Debug, Serialize)]
pub struct Called {
    /// All of them.
    pub members: u64,
    /// Those called coordinated.
    pub called: u64,
}

/// What the findings say of accounts.
#[derive(Default)]
pub(crate) struct Calls {
    coordinated: BTreeSet<String>,
    automated: BTreeSet<String>,
}

impl Calls {
    /// Takes a finding in; all but flagged ones on posts are passed over.
    pub(crate) fn take(&mut self, finding: &Finding) {
        let into = match &*finding.detector {
            "posts/coordination" => &mut self.coordinated,
            "posts/automation" => &mut self.automated,
            _ => return,
        };
        if finding.severity >= Severity::Low {
            into.extend(finding.entities.iter().filter(|e| e.kind == "user-account").map(|e| e.value.clone()));
        }
    }

    /// Holds them against the truth.
    pub(crate) fn score(&self, truth: &TrueDebate) -> DebateScore {
        let hidden: BTreeSet<&String> = truth.groups.iter().flat_map(|g| &g.members).collect();
        let matched = self.coordinated.iter().filter(|a| hidden.contains(a)).count();
        let called = |groups: &[super::TrueGroup]| {
            let count =
                |g: &super::TrueGroup| g.members.iter().filter(|a| self.coordinated.contains(*a)).count() as u64;
            let row = |g: &super::TrueGroup| Called { members: g.members.len() as u64, called: count(g) };
            groups.iter().map(|g| (g.name.clone(), row(g))).collect()
        };
        DebateScore {
            accounts: Rate::new(hidden.len(), self.coordinated.len(), matched),
            groups: called(&truth.groups),
            innocents: called(&truth.innocents),
            restless: truth.restless.as_ref().is_some_and(|a| self.automated.contains(a)),
        }
    }
}
