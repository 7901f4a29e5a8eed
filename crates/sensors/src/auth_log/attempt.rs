//! Attempts to log in: which sources guess, which of them belong together, and whether one was let in.
//!
//! You may rely on: every party (a source within one attempt) is in exactly one finding, so that a spray or a
//! distributed attempt is not counted a second time in its parts. Two passes over the runs, one network at a time: the
//! first only looks for sprays. Left out: what a source did once inside.

use super::claim::Claim;
use super::many::Attempts;
use super::party::{Entry, MANY, MANY_NAMES, Party, Tried};
use super::spray::Sprays;
use crate::alike::Telling;
use crate::attempt::{self, Attempt, DISTRIBUTED, Joining, Run, Shape};
use crate::{Detector, Specification};
use model::{Address, Context, Finding, Result, View};
use rows::Row;
use rows::attempt::Purpose;
use rows::auth_log::{self, Login, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// `auth_log/attempt`.
pub struct AttemptDetector;

impl Detector for AttemptDetector {
    fn id(&self) -> &'static str {
        auth_log::Attempt::NAME
    }

    fn shape(&self) -> Option<rows::Shape> {
        Some(rows::Shape::of::<auth_log::Attempt>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Login::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("attempt.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let window = context.config.settings::<super::Settings>()?.window.0;
        let joining = Joining { window, slow_events: u64::MAX, ..Joining::default() };
        let mut sprays = Sprays::default();
        networks(case, &joining, &mut |place, network| {
            network.small().for_each(|party| sprays.see(place, party, window));
            Ok(())
        })?;
        sprays.gather(window);
        let mut told = Telling::new(Attempts::new(context, context.config.zone()?));
        let mut together: BTreeMap<usize, Claim> = BTreeMap::new();
        networks(case, &joining, &mut |place, network| {
            for (spray, claim) in network.claims(|party| sprays.of(place, party), joining.slow_gap) {
                match spray {
                    None => {
                        let kind = told.teller.kind(&claim);
                        told.take(claim, kind, found)?;
                    }
                    Some(n) => match together.get_mut(&n) {
                        Some(into) => into.join(claim),
                        None => drop(together.insert(n, claim)),
                    },
                }
            }
            Ok(())
        })?;
        told.finish(found)?;
        together.into_values().try_for_each(|claim| found(claim.finding(context)))
    }
}

/// Visits the attempts of one service, site and network at a time.
fn networks(case: &dyn View, joining: &Joining<Tried>, each: &mut dyn FnMut(&str, Group) -> Result<()>) -> Result<()> {
    // A person who mistypes every morning and gets in must not add up to a slow attempt; nor may many tries.
    let slow = |a: &Attempt<Tried>| {
        !a.runs.iter().any(|r| r.row.outcome == Outcome::Accepted)
            && (1..=joining.slow_events.min(3)).contains(&tries(a))
    };
    let mut group = Group::default();
    let mut place = String::new();
    attempt::attempts(case, joining, Tried::of, &slow, &mut |a| {
        let of = format!("{}|{}", a.purpose, a.site);
        if of != place || group.attempts.last().is_some_and(|b| b.network != a.network) {
            each(&place, std::mem::take(&mut group))?;
            place = of;
        }
        group.add(a);
        Ok(())
    })?;
    each(&place, group)
}

fn tries(a: &Attempt<Tried>) -> u64 {
    let of = |source| a.runs.iter().filter(|r| r.source == source).cloned().collect();
    a.sources.iter().map(|&s| Party::new(s, of(s)).tries).sum()
}

/// Who had been let in before, from where, and how often.
#[derive(Default)]
struct Known(BTreeMap<(Address, String), Habit>);

#[derive(Default)]
struct Habit {
    logins: u64,
    /// The last day, and how many.
    day: i64,
    days: u64,
}

/// Logins, or days with one, that make a habit.
const LOGINS: u64 = 10;
const DAYS: u64 = 3;
/// Tries that a habit no longer explains.
const DOZENS: u64 = 20;

impl Known {
    fn learn(&mut self, source: Address, entry: Entry) {
        let habit = self.0.entry((source, entry.user)).or_default();
        let day = entry.at.seconds().div_euclid(86_400);
        habit.days += u64::from(habit.logins == 0 || habit.day != day);
        (habit.logins, habit.day) = (habit.logins + entry.count, day);
    }

    fn of(&self, source: Address, user: &str) -> Option<&Habit> {
        self.0.get(&(source, user.to_string()))
    }

    /// Whether a source that is refused is at home here: it tries no names but those with which it has logged in
    /// again and again, and not often.
    fn explains(&self, party: &Party) -> bool {
        let is_habit =
            |user: &String| self.of(party.source, user).is_some_and(|h| h.days >= DAYS || h.logins >= LOGINS);
        party.tries < DOZENS && party.more == 0 && !party.names.is_empty() && party.names.keys().all(is_habit)
    }
}

/// What one attempt of a network is, without its runs.
struct Part {
    network: model::Network,
    shape: Shape,
    purpose: Purpose,
    site: String,
    parties: Vec<Party>,
}

/// All attempts of one service, site and network, in time order.
#[derive(Default)]
struct Group {
    attempts: Vec<Part>,
}

impl Group {
    fn add(&mut self, a: Attempt<Tried>) {
        let mut by_source: BTreeMap<Address, Vec<Run<Tried>>> = BTreeMap::new();
        for run in a.runs {
            by_source.entry(run.source).or_default().push(run);
        }
        let parties = by_source.into_iter().map(|(source, runs)| Party::new(source, runs)).collect();
        self.attempts.push(Part { network: a.network, shape: a.shape, purpose: a.purpose, site: a.site, parties });
    }

    /// Parties that may belong to a spray: those that are an attempt of their own.
    fn small(&self) -> impl Iterator<Item = &Party> {
        self.attempts.iter().filter(|p| p.shape == Shape::Burst || !p.is_joint()).flat_map(|p| &p.parties)
    }

    /// The claims, each with the spray it belongs to.
    fn claims(self, spray: impl Fn(&Party) -> Option<usize>, slow_gap: i64) -> Vec<(Option<usize>, Claim)> {
        let mut claims = Vec::new();
        // Who had been let in without trouble before, from where.
        let mut known = Known::default();
        let later: Vec<(Address, Entry)> = self
            .attempts
            .iter()
            .flat_map(|p| &p.parties)
            .flat_map(|p| p.entries.iter().map(|e| (p.source, e.clone())))
            .collect();
        for part in self.attempts {
            let entries: Vec<(Address, Entry)> =
                part.parties.iter().flat_map(|p| p.entries.iter().map(|e| (p.source, e.clone()))).collect();
            part.claims(&spray, &known, &later, slow_gap, &mut claims);
            entries.into_iter().for_each(|(source, entry)| known.learn(source, entry));
        }
        claims
    }
}

impl Part {
    /// Parties that tried and are not people who slipped.
    fn hostile(&self) -> usize {
        self.parties.iter().filter(|p| p.tries > 0 && (p.entries.is_empty() || p.is_guessing())).count()
    }

    /// Whether several sources of the network make one attempt.
    fn is_joint(&self) -> bool {
        let tries: u64 = self.parties.iter().filter(|p| p.entries.is_empty() || p.is_guessing()).map(|p| p.tries).sum();
        let names: BTreeSet<&String> = self.parties.iter().flat_map(|p| p.names.keys()).collect();
        self.shape == Shape::Distributed
            && self.hostile() >= DISTRIBUTED
            && (tries >= MANY || names.len() as u64 >= MANY_NAMES || self.parties.iter().any(Party::is_guessing))
    }

    fn claims(
        self,
        spray: &impl Fn(&Party) -> Option<usize>,
        known: &Known,
        later: &[(Address, Entry)],
        slow_gap: i64,
        out: &mut Vec<(Option<usize>, Claim)>,
    ) {
        let is_known = |p: &Party, e: &Entry| known.of(p.source, &e.user).is_some();
        let claim = |shape| Claim::new(self.purpose, &self.site, shape);
        if self.is_joint() {
            let mut joint = claim(Shape::Distributed);
            joint.network = Some(self.network);
            let (bad, others): (Vec<_>, Vec<_>) =
                self.parties.into_iter().partition(|p| p.tries > 0 && (p.entries.is_empty() || p.is_guessing()));
            bad.into_iter().for_each(|p| joint.add(p, &is_known));
            // A neighbour that was let in with a name the others were guessing.
            for party in others {
                let with =
                    |e: &&Entry| joint.tries >= MANY && joint.names.contains_key(&e.user) && !is_known(&party, e);
                if let Some(entry) = party.entries.iter().find(with).cloned() {
                    let before = joint.tries;
                    joint.add(party, &is_known);
                    joint.enter(Entry { tries: before, ..entry }, false);
                }
            }
            out.push((None, joint));
            return;
        }
        for party in self.parties {
            let shape = if self.shape == Shape::Slow { Shape::Slow } else { Shape::Burst };
            let of = if shape == Shape::Burst { spray(&party) } else { None };
            if of.is_none() && (!party.is_guessing() || known.explains(&party)) {
                continue;
            }
            let mut alone = Claim::new(self.purpose, &self.site, if of.is_some() { Shape::Spray } else { shape });
            alone.network = Some(self.network);
            let (source, last, tries) = (party.source, party.last, party.tries);
            if of.is_some()
                && let Some(entry) = party.entries.iter().find(|e| e.tries > 0).cloned()
            {
                let known = is_known(&party, &entry);
                alone.enter(entry, known);
            }
            let names: BTreeSet<String> = party.names.keys().cloned().collect();
            alone.add(party, &is_known);
            // A slow attempt ends before the login it led to, which is a burst of its own. Stolen lists try each name
            // once: after many names, the one that opens need not have failed before.
            let led = |(s, e): &&(Address, Entry)| {
                *s == source
                    && (0..=slow_gap).contains(&e.at.since(last))
                    && (names.contains(&e.user) || names.len() as u64 >= MANY_NAMES)
                    && known.of(source, &e.user).is_none()
            };
            if shape == Shape::Slow
                && tries >= MANY
                && let Some((_, entry)) = later.iter().find(led)
            {
                alone.enter(Entry { tries, ..entry.clone() }, false);
            }
            out.push((of, alone));
        }
    }
}
