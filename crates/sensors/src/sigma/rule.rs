//! Findings of the rules that were brought, and of those that count them.

use super::collection;
use crate::{Detector, Specification};
use ::sigma::{About, Collection, Fired as Event, Level as Rated};
use model::{
    Context, Entity, EvidenceId, Finding, Level, Reason, Result, Severity, Span, Step, Text, Time, Trace, View,
};
use rows::sigma::{Fired, Match};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Events that are held for correlations, and in all.
const EVENTS: usize = 2_000_000;
/// Entities of a finding.
const ENTITIES: usize = 200;

/// `sigma/rule`.
pub struct RuleDetector;

/// Where events stand.
type Places = BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>>;

/// Events of one rule and one machine, account or address.
#[derive(Default)]
struct Group {
    events: u64,
    first: i64,
    last: i64,
    shown: BTreeMap<String, String>,
    entities: BTreeSet<Entity>,
    places: Places,
}

/// An event that correlations count, and the group whose places are its.
struct Counted {
    event: Event,
    of: (String, String),
}

impl Detector for RuleDetector {
    fn id(&self) -> &'static str {
        Fired::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Fired>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Match::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("rule.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let Some(rules) = collection(context.config) else { return Ok(()) };
        let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
        let mut counted: Vec<Counted> = Vec::new();
        let mut known: BTreeSet<(u64, String)> = BTreeSet::new();
        case.observations(Match::NAME, &mut |visit| {
            let row = Match::of(&visit.observation.fields)?;
            let key = (row.rule.clone(), row.of.clone());
            let group = groups.entry(key.clone()).or_default();
            let first = group.events == 0;
            for record in row.records {
                // An event in two exports is one.
                if known.len() < EVENTS && !known.insert((record.1, row.rule.clone())) {
                    continue;
                }
                if group.events == 0 {
                    (group.first, group.last) = (record.0, record.0);
                }
                (group.first, group.last) = (group.first.min(record.0), group.last.max(record.0));
                group.events += 1;
                if !row.carried.is_empty() && counted.len() < EVENTS {
                    let pairs = row.carried.iter().cloned().zip(record.2);
                    let fields = pairs.filter_map(|(name, value)| Some((name, value?))).collect();
                    counted.push(Counted {
                        event: Event { rule: row.rule.clone(), time: record.0, fields },
                        of: key.clone(),
                    });
                } else if rules.correlations.iter().any(|c| c.group_by.is_empty()) && counted.len() < EVENTS {
                    counted.push(Counted {
                        event: Event { rule: row.rule.clone(), time: record.0, fields: Vec::new() },
                        of: key.clone(),
                    });
                }
            }
            if first {
                group.shown = row.shown;
            }
            group.entities.extend(visit.observation.entities.iter().cloned());
            let places = group.places.entry((visit.evidence, visit.steps.clone())).or_default();
            places.extend(visit.observation.spans.iter());
            Ok(ControlFlow::Continue(()))
        })?;
        let by_id: BTreeMap<&str, &About> = rules.rules.iter().map(|r| (r.about.id.as_str(), &r.about)).collect();
        for ((rule, of), group) in &groups {
            let Some(about) = by_id.get(rule.as_str()) else { continue };
            if rules.is_counted_only(about) {
                continue;
            }
            found(finding(about, of, &BTreeMap::new(), &[group], (group.first, group.last), group.events))?;
        }
        correlated(&rules, &groups, &counted, found)
    }
}

fn correlated(
    rules: &Collection,
    groups: &BTreeMap<(String, String), Group>,
    counted: &[Counted],
    found: &mut dyn FnMut(Finding) -> Result<()>,
) -> Result<()> {
    let events: Vec<Event> = counted.iter().map(|c| c.event.clone()).collect();
    for one in rules.correlate(&events) {
        let correlation = &rules.correlations[one.correlation];
        // One that only stands for others is told by them.
        if rules.is_counted_only(&correlation.about) {
            continue;
        }
        let of: BTreeSet<&(String, String)> = one.members.iter().map(|m| &counted[*m].of).collect();
        let behind: Vec<&Group> = of.iter().filter_map(|key| groups.get(*key)).collect();
        let names: BTreeSet<&str> = of.iter().map(|(_, of)| of.as_str()).collect();
        let whose = if names.len() == 1 { names.first().copied().unwrap_or_default() } else { "" };
        let group: BTreeMap<String, String> = one.group.iter().cloned().collect();
        found(finding(&correlation.about, whose, &group, &behind, (one.first, one.last), one.members.len() as u64))?;
    }
    Ok(())
}

fn severity(level: Option<Rated>) -> Severity {
    match level {
        Some(Rated::Informational) => Severity::Info,
        Some(Rated::Low) => Severity::Low,
        // Whoever brings a rule without a level wants to be told.
        Some(Rated::Medium) | None => Severity::Medium,
        Some(Rated::High) => Severity::High,
        Some(Rated::Critical) => Severity::Critical,
    }
}

fn word(level: Option<Rated>) -> &'static str {
    match level {
        Some(Rated::Informational) => "informational",
        Some(Rated::Low) => "low",
        Some(Rated::Medium) => "medium",
        Some(Rated::High) => "high",
        Some(Rated::Critical) => "critical",
        None => "",
    }
}

fn finding(
    about: &About,
    of: &str,
    common: &BTreeMap<String, String>,
    groups: &[&Group],
    (first, last): (i64, i64),
    events: u64,
) -> Finding {
    let mut places: Places = BTreeMap::new();
    let mut entities: BTreeSet<Entity> = BTreeSet::new();
    for group in groups {
        for (key, spans) in &group.places {
            places.entry(key.clone()).or_default().extend(spans);
        }
        entities.extend(group.entities.iter().cloned());
    }
    let traces: Vec<Trace> = crate::auth_log::traces(places);
    let title = if about.title.is_empty() { &about.id } else { &about.title };
    let mut who: Vec<String> = common.values().map(|v| plain(v)).collect();
    if who.is_empty() && !of.is_empty() {
        who.push(plain(of));
    }
    let behind = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
    let mut reasons = vec![Reason::supporting(
        50,
        match about.author.is_empty() {
            true => Text::new(
                format!("a Sigma rule that you brought fired: {}", plain(title)),
                format!("une règle Sigma que vous avez apportée s’est déclenchée : {}", plain(title)),
            ),
            false => Text::new(
                format!("a Sigma rule that you brought fired: {}, by {}", plain(title), plain(&about.author)),
                format!(
                    "une règle Sigma que vous avez apportée s’est déclenchée : {}, de {}",
                    plain(title),
                    plain(&about.author)
                ),
            ),
        },
    )];
    for other in about.false_positives.iter().filter(|f| !f.eq_ignore_ascii_case("unknown")).take(5) {
        reasons.push(Reason::against(
            15,
            Text::new(
                format!("its author names as innocent: {}", plain(other)),
                format!("son auteur donne pour innocent : {}", plain(other)),
            ),
        ));
    }
    let has_time = first != 0;
    let fields = Fired {
        rule: about.id.clone(),
        title: title.clone(),
        author: about.author.clone(),
        licence: about.license.clone(),
        level: word(about.level).into(),
        status: about.status.clone(),
        tags: about.tags.clone(),
        references: about.references.clone(),
        file: about.file.clone(),
        of: of.into(),
        group: common.clone(),
        shown: groups.first().map(|g| g.shown.clone()).unwrap_or_default(),
        events,
        first: has_time.then(|| Time::from_seconds(first)),
    };
    let confidence = match about.status.as_str() {
        "stable" => 75,
        "test" => 65,
        "experimental" => 45,
        "deprecated" | "unsupported" => 30,
        _ => 60,
    };
    let group: Vec<&String> = common.values().collect();
    Finding {
        detector: Cow::Borrowed(Fired::NAME),
        key: format!("{}|{of}|{group:?}|{}", about.id, if common.is_empty() { 0 } else { first }),
        severity: severity(about.level),
        confidence,
        level: Level::Illegal,
        title: Text::same(format!("{}{behind}", plain(title))),
        reasons,
        techniques: about.techniques(),
        first: has_time.then(|| Time::from_seconds(first)),
        last: has_time.then(|| Time::from_seconds(last)),
        entities: entities.into_iter().take(ENTITIES).collect(),
        traces,
        fields: fields.fields(),
    }
}

/// A text for a sentence: not too long, and nothing that a terminal obeys.
fn plain(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
