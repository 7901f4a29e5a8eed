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
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

/// Events that are known again in another export, and events that are held for correlations.
const EVENTS: usize = 2_000_000;
const HELD: usize = 500_000;
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
        // Events that correlations count, and the groups whose places are theirs.
        let mut counted = Counted::default();
        let mut known: HashSet<(u64, u32)> = HashSet::new();
        let numbers: HashMap<&str, u32> = rules.rules.iter().zip(0..).map(|(r, n)| (r.about.id.as_str(), n)).collect();
        case.observations(Match::NAME, &mut |visit| {
            let row = Match::of(&visit.observation.fields)?;
            let key = (row.rule.clone(), row.of.clone());
            let number = numbers.get(row.rule.as_str()).copied();
            let is_counted = number.is_some_and(|n| rules.is_counted(&rules.rules[n as usize].about));
            let group = groups.entry(key.clone()).or_default();
            let first = group.events == 0;
            for record in row.records {
                // An event in two exports is one.
                if known.len() < EVENTS && !known.insert((record.1, number.unwrap_or(u32::MAX))) {
                    continue;
                }
                if group.events == 0 {
                    (group.first, group.last) = (record.0, record.0);
                }
                (group.first, group.last) = (group.first.min(record.0), group.last.max(record.0));
                group.events += 1;
                if is_counted {
                    let pairs = row.carried.iter().cloned().zip(record.2);
                    let fields = pairs.filter_map(|(name, value)| Some((name, value?))).collect();
                    counted.add(Event { rule: row.rule.clone(), time: record.0, fields }, &key);
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
            if rules.is_counted_only(about) || group.events == 0 {
                continue;
            }
            found(finding(about, of, None, &[group], (group.first, group.last), group.events))?;
        }
        correlated(&rules, &groups, &counted, found)
    }
}

/// Events that correlations count.
#[derive(Default)]
struct Counted {
    events: Vec<Event>,
    /// By event: its group.
    of: Vec<u32>,
    groups: Vec<(String, String)>,
    /// Those that found no room.
    more: u64,
}

impl Counted {
    fn add(&mut self, event: Event, of: &(String, String)) {
        if self.events.len() == HELD {
            self.more += 1;
            return;
        }
        if self.groups.last() != Some(of) {
            self.groups.push(of.clone());
        }
        self.events.push(event);
        self.of.push(self.groups.len() as u32 - 1);
    }
}

fn correlated(
    rules: &Collection,
    groups: &BTreeMap<(String, String), Group>,
    counted: &Counted,
    found: &mut dyn FnMut(Finding) -> Result<()>,
) -> Result<()> {
    for one in rules.correlate(&counted.events) {
        let correlation = &rules.correlations[one.correlation];
        // One that only stands for others is told by them.
        if rules.is_counted_only(&correlation.about) {
            continue;
        }
        let of: BTreeSet<u32> = one.members.iter().map(|m| counted.of[*m]).collect();
        let of: BTreeSet<&(String, String)> = of.into_iter().map(|n| &counted.groups[n as usize]).collect();
        let behind: Vec<&Group> = of.iter().filter_map(|key| groups.get(*key)).collect();
        let names: BTreeSet<&str> = of.iter().map(|(_, of)| of.as_str()).collect();
        let whose = if names.len() == 1 { names.first().copied().unwrap_or_default() } else { "" };
        let group: BTreeMap<String, String> = one.group.iter().cloned().collect();
        let times = (one.first, one.last);
        let mut told = finding(&correlation.about, whose, Some(&group), &behind, times, one.members.len() as u64);
        if one.cut || counted.more > 0 {
            told.reasons.push(Reason::against(
                10,
                Text::new(
                    format!("more events fired than are counted together ({HELD}): it may be more, or other groups too"),
                    format!("plus d’évènements que l’on n’en compte ensemble ({HELD}) : il peut y en avoir plus, ou d’autres groupes"),
                ),
            ));
        }
        found(told)?;
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
    correlated: Option<&BTreeMap<String, String>>,
    groups: &[&Group],
    (first, last): (i64, i64),
    events: u64,
) -> Finding {
    let none = BTreeMap::new();
    let common = correlated.unwrap_or(&none);
    let mut places: Places = BTreeMap::new();
    let mut entities: BTreeSet<Entity> = BTreeSet::new();
    for group in groups {
        for (key, spans) in &group.places {
            places.entry(key.clone()).or_default().extend(spans);
        }
        entities.extend(group.entities.iter().cloned());
    }
    let traces: Vec<Trace> = crate::attempt::traces(places);
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
    Finding {
        detector: Cow::Borrowed(Fired::NAME),
        key: {
            // Of one rule and machine there is one finding; of what counts, one for each group and stretch.
            let mut parts = vec![about.id.as_str(), of];
            let when = first.to_string();
            if correlated.is_some() {
                parts.extend(common.values().map(String::as_str));
                parts.push(&when);
            }
            parts.iter().map(|part| part.replace('%', "%25").replace('|', "%7C")).collect::<Vec<_>>().join("|")
        },
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
