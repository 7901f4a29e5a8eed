//! Holds findings of coordination against the truth, account by account: who was called coordinated, who was not, and
//! which innocents were.

use super::{TrueDebate, TrueStep};
use crate::measure::{Rate, Sheet};
use model::{EntityKind, Finding, Severity};
use rows::Row;
use rows::posts::{Automation, Coordination, Road, RoadStep};
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
    /// The road of the leak, of the finding that tells it best; none where there was no leak.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub road: Option<RoadScore>,
}

impl DebateScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("coordinated accounts", &self.accounts);
        if let Some(road) = &self.road {
            sheet.note(format!(
                "road  {} of {} steps in order (told: {}), level right: {}, time right: {}",
                road.in_order, road.truth, road.told, road.levels, road.times
            ));
        }
        for (kind, groups) in [("group", &self.groups), ("innocent", &self.innocents)] {
            for (name, c) in groups {
                sheet.note(format!("  {:<30}{:>8}{:>8}", format!("{kind} {name}"), c.members, c.called));
            }
        }
    }
}

/// How good the road of a leak was found.
#[derive(Clone, PartialEq, Default, Debug, Serialize)]
pub struct RoadScore {
    /// True steps.
    pub truth: u64,
    /// Steps told.
    pub told: u64,
    /// True steps that are told, in the true order (the longest common subsequence).
    pub in_order: u64,
    /// Of these, those of the true level.
    pub levels: u64,
    /// Of these, those told within a minute of the true time.
    pub times: u64,
}

/// How many of some accounts were called coordinated.
#[derive(Clone, PartialEq, Default, Debug, Serialize)]
pub struct Called {
    /// All of them.
    pub members: u64,
    /// Those called coordinated.
    pub called: u64,
}

/// A debate, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedDebate {
    /// Groups that act as one.
    pub groups: u64,
    /// Accounts in them.
    pub accounts: u64,
    /// Steps of the leak's road, in the true order.
    pub steps: u64,
}

impl CountedDebate {
    /// What really happened.
    pub(super) fn of(truth: &TrueDebate) -> CountedDebate {
        CountedDebate {
            groups: truth.groups.len() as u64,
            accounts: truth.groups.iter().map(|g| g.members.len()).sum::<usize>() as u64,
            steps: truth.road.len() as u64,
        }
    }
}

/// What the findings say of accounts.
#[derive(Default, Debug)]
pub struct FoundPosts {
    coordinated: BTreeSet<String>,
    groups: u64,
    automated: BTreeSet<String>,
    roads: Vec<Vec<RoadStep>>,
}

/// A step as a finding tells it; the truth names an outlet by the first label of its host.
fn name(step: &RoadStep) -> &str {
    step.who.strip_suffix(".example").unwrap_or(&step.who)
}

impl FoundPosts {
    /// Takes a finding in; all but flagged ones on posts are passed over.
    pub(super) fn take(&mut self, finding: &Finding) {
        let into = match &*finding.detector {
            Road::NAME => {
                self.roads.extend(Road::of(&finding.fields).map(|road| road.steps));
                return;
            }
            Coordination::NAME => &mut self.coordinated,
            Automation::NAME => &mut self.automated,
            _ => return,
        };
        if finding.severity >= Severity::Low {
            self.groups += u64::from(finding.detector == Coordination::NAME);
            into.extend(finding.entities.iter().filter(|e| e.kind == EntityKind::UserAccount).map(|e| e.value.clone()));
        }
    }

    /// Counted as the truth is.
    pub(super) fn counted(&self, truth: &TrueDebate) -> CountedDebate {
        CountedDebate {
            groups: self.groups,
            accounts: self.coordinated.len() as u64,
            steps: self.road(&truth.road).map_or(0, |r| r.in_order),
        }
    }

    /// Holds them against the truth.
    pub(super) fn score(&self, truth: &TrueDebate) -> DebateScore {
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
            road: self.road(&truth.road),
            restless: truth.restless.as_ref().is_some_and(|a| self.automated.contains(a)),
        }
    }

    fn road(&self, truth: &[TrueStep]) -> Option<RoadScore> {
        let scores = self.roads.iter().map(|told| road_score(truth, told));
        let best = scores.max_by_key(|s| (s.in_order, s.levels, std::cmp::Reverse(s.told)));
        (!truth.is_empty()).then(|| best.unwrap_or(RoadScore { truth: truth.len() as u64, ..RoadScore::default() }))
    }
}

/// The longest common subsequence of true and told steps, by who.
fn road_score(truth: &[TrueStep], told: &[RoadStep]) -> RoadScore {
    let mut longest = vec![vec![0u64; told.len() + 1]; truth.len() + 1];
    for (t, step) in truth.iter().enumerate().rev() {
        for (f, found) in told.iter().enumerate().rev() {
            longest[t][f] = match step.who == name(found) {
                true => longest[t + 1][f + 1] + 1,
                false => longest[t + 1][f].max(longest[t][f + 1]),
            };
        }
    }
    let mut score = RoadScore {
        truth: truth.len() as u64,
        told: told.len() as u64,
        in_order: longest[0][0],
        ..RoadScore::default()
    };
    let (mut t, mut f) = (0, 0);
    while let (Some(step), Some(found)) = (truth.get(t), told.get(f)) {
        if step.who == name(found) {
            score.levels += u64::from(step.level == found.level.as_str());
            score.times += u64::from(found.time.since(step.at).abs() <= 60);
            (t, f) = (t + 1, f + 1);
        } else if longest[t + 1][f] >= longest[t][f + 1] {
            t += 1;
        } else {
            f += 1;
        }
    }
    score
}
