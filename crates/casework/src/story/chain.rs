//! The chain of an incident: ten steps, each found, contradicted, exhausted or missing, with the delays between them and
//! what would fill a hole; and the four criteria by which the French agency against foreign digital interference (VIGINUM,
//! decree 2021-922 of 13 July 2021) qualifies one.

use super::links::CLOCK;
use super::who::Who;
use super::{Incident, Item, Story, incidents::SURE};
use jiff::ToSpan;
use model::{Text, Time};
use rows::story::{ChainStep, Delay, Source, State, Step};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What leads to what: the later cannot begin before the earlier.
const CAUSES: [(Step, Step); 9] = [
    (Step::DecoyRegistered, Step::Mail),
    (Step::Mail, Step::Click),
    (Step::Click, Step::CredentialUsed),
    (Step::CredentialUsed, Step::DocumentsTaken),
    (Step::DocumentsTaken, Step::DocumentsDoctored),
    (Step::DocumentsTaken, Step::Published),
    (Step::DocumentsDoctored, Step::Published),
    (Step::Published, Step::Amplified),
    (Step::Published, Step::InTheMedia),
];

/// Findings named of a step.
const NAMED: usize = 50;

/// The chain of an incident.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Chain {
    /// Which.
    pub incident: Option<String>,
    /// All ten steps, in order.
    pub steps: Vec<ChainStep>,
}

/// When a step began: not before, and not after.
#[derive(Clone, Copy, Debug)]
struct Begun {
    earliest: Option<Time>,
    latest: Time,
    last: Time,
}

impl Chain {
    /// Of an incident; without one all is missing.
    pub fn of(story: &Story, incident: Option<&Incident>) -> Chain {
        let id = incident.map(|i| i.id.clone());
        let shown = incident.map(|i| shown(story, i)).unwrap_or_default();
        let begun: BTreeMap<Step, Begun> =
            shown.iter().filter_map(|(step, all)| Some((*step, begun(*step, all)?))).collect();
        let steps = Step::ALL.map(|step| {
            let known = story.known().of(step);
            let empty = Vec::new();
            let all = shown.get(&step).unwrap_or(&empty);
            let why = contradiction(step, &begun, &shown);
            let searched: BTreeSet<&str> = searched(story, step, &begun);
            let state = match (all.is_empty(), &why) {
                (_, Some(_)) => State::Contradicted,
                (false, None) => State::Found,
                (true, None) if !searched.is_empty() => State::Exhausted,
                (true, None) => State::Missing,
            };
            let mut findings: Vec<&Shown> = all.iter().collect();
            findings.sort_by_key(|s| (std::cmp::Reverse(s.confidence), s.item.id.as_str()));
            let hole = all.is_empty();
            let why = why.or_else(|| hole.then(|| apart(story, step)).flatten());
            ChainStep {
                step,
                state,
                first: begun.get(&step).map(|b| b.earliest.unwrap_or(b.latest)),
                last: begun.get(&step).map(|b| b.last),
                findings: findings.iter().map(|s| s.item.id.clone()).take(NAMED).collect(),
                incident: id.clone(),
                level: known.level,
                delay: delay(step, &begun, &shown),
                sources: sources(all, &searched),
                why,
                look: hole.then(|| known.look()),
                kept: hole.then(|| known.kept()),
            }
        });
        Chain { incident: id, steps: steps.into() }
    }

    /// How a step stands.
    pub fn state(&self, step: Step) -> State {
        self.steps.iter().find(|s| s.step == step).map_or(State::Missing, |s| s.state)
    }

    /// A step.
    pub fn step(&self, step: Step) -> Option<&ChainStep> {
        self.steps.iter().find(|s| s.step == step)
    }

    /// How many steps are found.
    pub fn found(&self) -> usize {
        self.steps.iter().filter(|s| s.state == State::Found).count()
    }
}

/// A finding that shows a step, in the time of what it shares with the incident.
struct Shown<'s> {
    item: &'s Item,
    first: Option<Time>,
    last: Option<Time>,
    confidence: u8,
}

fn shown<'s>(story: &'s Story, incident: &Incident) -> BTreeMap<Step, Vec<Shown<'s>>> {
    let inside: BTreeSet<usize> = incident.items.iter().copied().collect();
    // The first link of each finding within the incident: the strongest.
    let mut strongest: HashMap<usize, &super::Link> = HashMap::new();
    for link in story.links.iter().filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1)) {
        strongest.entry(link.ends.0).or_insert(link);
        strongest.entry(link.ends.1).or_insert(link);
    }
    let mut all: BTreeMap<Step, Vec<Shown>> = BTreeMap::new();
    for &n in &incident.items {
        let item = &story.items[n];
        if item.part.innocent.is_some() {
            continue;
        }
        // What a group did before it carried this leak is no part of the leak.
        let value = strongest.get(&n).and_then(|l| l.shared.first()).and_then(|s| {
            item.part.values.iter().find(|v| v.cause == s.cause && v.value == s.value && v.first.is_some())
        });
        for show in item.part.shows.iter().filter(|s| s.confidence >= SURE) {
            let (first, last) = match value {
                Some(value) if item.part.shows.len() == 1 => (value.first, value.last.or(show.last)),
                _ => (show.first, show.last),
            };
            all.entry(show.step).or_default().push(Shown { item, first, last, confidence: show.confidence });
        }
    }
    all
}

fn begun(step: Step, all: &[Shown]) -> Option<Begun> {
    let latest = all.iter().filter_map(|s| s.first.or(s.last)).min()?;
    let known = all.iter().all(|s| s.first.is_some());
    let earliest = known.then(|| all.iter().filter_map(|s| s.first).min()).flatten();
    let end = |dated: bool| all.iter().filter(|s| !dated || s.first.is_some()).filter_map(|s| s.last.or(s.first)).max();
    // That papers were taken before the first one that is missing is a bound: where readings are dated it stretches nothing.
    let last = end(step == Step::DocumentsTaken).or_else(|| end(false)).unwrap_or(latest);
    Some(Begun { earliest, latest, last })
}

/// Clocks of two kinds of evidence may differ, those of one do not.
fn clock(a: Step, b: Step, shown: &BTreeMap<Step, Vec<Shown>>) -> i64 {
    let kinds = |s: Step| -> BTreeSet<&str> { shown.get(&s).into_iter().flatten().map(|s| s.item.kind()).collect() };
    if kinds(a).is_disjoint(&kinds(b)) { CLOCK } else { 0 }
}

/// Seconds from the beginning of one step to that of another, at least and at most.
fn span(from: &Begun, to: &Begun, clock: i64) -> Option<(i64, i64)> {
    let (s, t) = (from.earliest?, to.earliest.unwrap_or(from.earliest?));
    let least = t.seconds() - from.latest.seconds() - clock;
    let most = to.latest.seconds() - s.seconds() + clock;
    Some((least, most))
}

/// From the nearest step before that is found.
fn delay(step: Step, begun: &BTreeMap<Step, Begun>, shown: &BTreeMap<Step, Vec<Shown>>) -> Option<Delay> {
    let to = begun.get(&step)?;
    // Attempts go on all the time: they lead to nothing by themselves.
    let (&from, earlier) = begun.range(..step).rfind(|(s, _)| **s != Step::IntrusionAttempt)?;
    let (least, most) = span(earlier, to, clock(from, step, shown))?;
    (most >= 0).then_some(Delay { from, least: least.max(0), most })
}

fn contradiction(step: Step, begun: &BTreeMap<Step, Begun>, shown: &BTreeMap<Step, Vec<Shown>>) -> Option<Text> {
    CAUSES.iter().filter(|(_, effect)| *effect == step).find_map(|(cause, effect)| {
        let (_, most) = span(begun.get(cause)?, begun.get(effect)?, clock(*cause, *effect, shown))?;
        let (a, b) = (cause.text(), effect.text());
        (most < 0).then(|| {
            Text::new(
                format!("“{}” is dated before “{}”, from which it would have to follow", b.en, a.en),
                format!("« {} » est daté d’avant « {} », dont il devrait découler", b.fr, a.fr),
            )
        })
    })
}

/// What shows a step that an incident lacks, but in the case alone: without it the hole reads as if nothing had been seen.
fn apart(story: &Story, step: Step) -> Option<Text> {
    match story.showing(step) {
        0 => None,
        1 => Some(Text::new(
            "one finding of this step stands in the case; nothing rare joins it to this incident",
            "un constat de cette étape figure au dossier ; rien de rare ne le relie à cet incident",
        )),
        n => {
            let n = Text::number(n as u64);
            Some(Text::new(
                format!(
                    "{} findings of this step stand in the case; nothing rare joins any of them to this incident",
                    n.en
                ),
                format!(
                    "{} constats de cette étape figurent au dossier ; rien de rare n’en relie aucun à cet incident",
                    n.fr
                ),
            ))
        }
    }
}

/// The kinds of evidence that cover all the time in which a step could have been.
fn searched<'s>(story: &'s Story, step: Step, begun: &BTreeMap<Step, Begun>) -> BTreeSet<&'s str> {
    if begun.contains_key(&step) {
        return BTreeSet::new();
    }
    let days = story.known().of(step).days;
    let before = begun.range(..step).next_back().filter(|(s, _)| **s != Step::IntrusionAttempt);
    let before = before.map(|(_, b)| b.latest.in_zone(&jiff::tz::TimeZone::UTC).date());
    let after = begun.range(step..).next().map(|(_, b)| b.latest.in_zone(&jiff::tz::TimeZone::UTC).date());
    let usual = days.days();
    let (from, to) = match (before, after) {
        (Some(from), Some(to)) => (from, to.max(from)),
        (Some(from), None) => (from, from.saturating_add(usual)),
        (None, Some(to)) => (to.saturating_sub(usual), to),
        (None, None) => return BTreeSet::new(),
    };
    story.searched.iter().filter(|s| s.step == step && s.covers(from, to)).map(|s| s.kind).collect()
}

fn sources(all: &[Shown], searched: &BTreeSet<&str>) -> Vec<Source> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    all.iter().for_each(|s| *kinds.entry(s.item.kind()).or_default() += 1);
    let found = kinds.iter().map(|(kind, n)| Source { kind: (*kind).into(), state: State::Found, findings: *n });
    let nothing = searched.iter().filter(|k| !kinds.contains_key(*k));
    found.chain(nothing.map(|k| Source { kind: (*k).into(), state: State::Exhausted, findings: 0 })).collect()
}

/// One of the four criteria.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Criterion {
    /// Its word.
    pub criterion: &'static str,
    /// In words.
    pub what: Text,
    /// What supports it.
    pub supports: Vec<Text>,
    /// What does not.
    pub against: Vec<Text>,
    /// Findings that support it.
    pub findings: Vec<String>,
}

/// The four criteria, each with what supports it and what does not.
pub fn criteria(chain: &Chain, who: &Who, election: &str) -> Vec<Criterion> {
    let of = |steps: &[Step]| -> Vec<&ChainStep> {
        chain.steps.iter().filter(|s| steps.contains(&s.step) && s.state == State::Found).collect()
    };
    let ids = |all: &[&ChainStep]| all.iter().flat_map(|s| s.findings.iter().take(5).cloned()).collect::<Vec<_>>();
    let told = |all: &[&ChainStep]| -> Vec<Text> { all.iter().map(|s| s.step.text()).collect() };
    let not =
        |en: &str, fr: &str, unless: bool| -> Vec<Text> { if unless { Vec::new() } else { vec![Text::new(en, fr)] } };
    let interests = of(&[Step::CredentialUsed, Step::DocumentsTaken, Step::Published, Step::Amplified]);
    let misleading = of(&[Step::DocumentsDoctored, Step::DecoyRegistered]);
    let spread = of(&[Step::Amplified]);
    let doctored = chain.state(Step::DocumentsDoctored) == State::Found;
    let vote = (!election.is_empty())
        .then(|| Text::new(format!("it touches a vote: {election}"), format!("un vote est touché : {election}")));
    let preferred = who.rows.iter().find(|r| r.preferred && r.hypothesis.starts_with("intrusion_set:"));
    vec![
        Criterion {
            criterion: "fundamental_interests",
            what: Text::new(
                "harm to the nation's fundamental interests",
                "atteinte aux intérêts fondamentaux de la nation",
            ),
            supports: vote.into_iter().chain(told(&interests)).collect(),
            against: not("no vote is named in the case", "le dossier ne nomme aucun vote", !election.is_empty()),
            findings: ids(&interests),
        },
        Criterion {
            criterion: "inexact_or_misleading",
            what: Text::new("manifestly inexact or misleading content", "contenu manifestement inexact ou trompeur"),
            supports: told(&misleading),
            against: not(
                "no published paper was shown to be altered or made up",
                "aucun document publié n’est établi comme altéré ou fabriqué",
                doctored,
            ),
            findings: ids(&misleading),
        },
        Criterion {
            criterion: "artificial_spread",
            what: Text::new(
                "artificial or automated, massive and deliberate spread",
                "diffusion artificielle ou automatisée, massive et délibérée",
            ),
            supports: told(&spread),
            against: not(
                "no accounts were found that carried this on together",
                "aucun compte n’a été trouvé qui l’ait relayé de concert",
                !spread.is_empty(),
            ),
            findings: ids(&spread),
        },
        Criterion {
            criterion: "foreign_actor",
            what: Text::new("a foreign actor", "un acteur étranger"),
            supports: preferred
                .map(|r| Text::same(r.hypothesis.trim_start_matches("intrusion_set:")))
                .into_iter()
                .collect(),
            against: not(
                "the evidence does not determine who; where addresses are registered says nothing of it",
                "les preuves ne déterminent pas qui ; le pays des adresses n’en dit rien",
                preferred.is_some(),
            ),
            findings: Vec::new(),
        },
    ]
}
