//! Sightings: a name that somebody holds to be bad was met in the evidence. Who said so, when and where is kept.

use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Reason, Result, Role, Severity, Text, Time, Trace, View};
use rows::names::{Indicator, KnownBad, Registered, Resemblance, Seen, Sighting};
use rows::{Row as _, Shape};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasher as _;
use std::ops::ControlFlow;

/// A domain held to be bad, and all that was seen of it.
#[derive(Default)]
struct Known {
    said: BTreeSet<Indicator>,
    names: BTreeSet<String>,
    clients: BTreeSet<String>,
    seen: Option<(Time, Time)>,
    traces: Vec<Trace>,
}

/// `names/indicator`.
pub struct IndicatorDetector;

impl Detector for IndicatorDetector {
    fn id(&self) -> &'static str {
        KnownBad::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<KnownBad>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Sighting::NAME, Indicator::NAME, Resemblance::NAME, Registered::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["names"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("indicator.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        if super::setup::setup(context)?.settings.no_indicators {
            return Ok(());
        }
        let zone = context.config.zone()?;
        known(case)?.into_iter().try_for_each(|(domain, known)| found(finding(&domain, known, context.at, &zone)))
    }
}

fn known(case: &dyn View) -> Result<BTreeMap<String, Known>> {
    let mut all: BTreeMap<String, Known> = BTreeMap::new();
    // Met while reading, by what the case was told beforehand.
    case.observations(Sighting::NAME, &mut |visit| {
        let row = Sighting::of(&visit.observation.fields)?;
        all.entry(row.seen.domain.clone()).or_default().add(&visit, row.indicators, Some(row.seen));
        Ok(ControlFlow::Continue(()))
    })?;
    // Told by evidence: it meets what was kept for other reasons.
    let mut any = false;
    case.observations(Indicator::NAME, &mut |_| {
        any = true;
        Ok(ControlFlow::Break(()))
    })?;
    if !any {
        return Ok(all);
    }
    // Lists of bad names are long and few of theirs are ever met: of all that was kept a hash says which to hold.
    let state = foldhash::fast::RandomState::default();
    let mut kept: HashSet<u64> = HashSet::new();
    case.observations(Resemblance::NAME, &mut |visit| {
        let seen = Resemblance::of(&visit.observation.fields)?.seen;
        kept.extend(seen.names.iter().chain([&visit.observation.key]).map(|name| state.hash_one(name)));
        Ok(ControlFlow::Continue(()))
    })?;
    case.observations(Registered::NAME, &mut |visit| {
        kept.insert(state.hash_one(&visit.observation.key));
        Ok(ControlFlow::Continue(()))
    })?;
    let mut told: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
    case.observations(Indicator::NAME, &mut |visit| {
        let indicator = Indicator::of(&visit.observation.fields)?;
        if kept.contains(&state.hash_one(&indicator.name)) {
            told.entry(indicator.name.clone()).or_default().push(indicator);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut meet = |visit: model::Visit, seen: Option<Seen>| {
        let key = &visit.observation.key;
        let names = seen.iter().flat_map(|s| &s.names).chain([key]);
        let said: Vec<Indicator> = names.filter_map(|n| told.get(n)).flatten().cloned().collect();
        if !said.is_empty() {
            all.entry(key.clone()).or_default().add(&visit, said, seen);
        }
        Ok(ControlFlow::Continue(()))
    };
    case.observations(Resemblance::NAME, &mut |visit| {
        let seen = Resemblance::of(&visit.observation.fields)?.seen;
        meet(visit, Some(seen))
    })?;
    case.observations(Registered::NAME, &mut |visit| meet(visit, None))?;
    Ok(all)
}

impl Known {
    /// Takes in an observation: what is said of it, and what was seen where it is no registration.
    fn add(&mut self, visit: &model::Visit, said: Vec<Indicator>, seen: Option<Seen>) {
        self.said.extend(said);
        if let Some(seen) = seen {
            self.names.extend(seen.names);
            self.clients.extend(seen.clients);
            let (first, last) = (visit.observation.first, visit.observation.last);
            if first != Time::default() {
                let (from, to) = self.seen.unwrap_or((first, last));
                self.seen = Some((from.min(first), to.max(last)));
            }
        }
        self.traces.push(visit.trace());
    }
}

fn finding(domain: &str, mut known: Known, at: Time, zone: &jiff::tz::TimeZone) -> Finding {
    known.traces.sort_by_key(|t| (t.evidence, t.steps.clone(), t.spans.iter().next()));
    // What held only until before the name was met accuses nobody; a name in a list without days is met today.
    let met = known.seen.map_or(at, |(first, _)| first);
    let expired = |i: &Indicator| super::registration::date(&i.until).is_some_and(|until| until < met);
    let all_expired = known.said.iter().all(expired);
    let first = known.said.iter().find(|i| !expired(i)).or(known.said.first()).cloned().unwrap_or_default();
    let named = if first.name.is_empty() { domain } else { &first.name }.to_string();
    let what = if first.what.is_empty() { String::new() } else { format!(" ({})", first.what) };
    let mut reasons: Vec<Reason> = known
        .said
        .iter()
        .take(16)
        .map(|i| {
            let when = i.when.parse().map_or_else(|_| i.when.clone(), |t: Time| t.told(zone));
            let parts = [&i.what, &when, &i.reference];
            let joined =
                |by: &str| -> String { parts.iter().filter(|t| !t.is_empty()).map(|t| format!("{by}{t}")).collect() };
            let (tail, queue) = (joined("; "), joined(" ; "));
            if expired(i) {
                let text = Text::new(
                    format!("what {} said of `{}` held until {} only{tail}", i.source, i.name, i.until),
                    format!("ce que {} disait de `{}` ne valait que jusqu’au {}{queue}", i.source, i.name, i.until),
                );
                return Reason::against(60, text);
            }
            Reason::supporting(
                60,
                Text::new(
                    format!("{} holds `{}` to be bad{tail}", i.source, i.name),
                    format!("{} tient `{}` pour malveillant{queue}", i.source, i.name),
                ),
            )
        })
        .collect();
    if !known.clients.is_empty() {
        reasons.push(Reason::supporting(
            30,
            Text::count(
                known.clients.len() as u64,
                ("machine asked for it", "machine l’a demandé"),
                ("machines asked for it", "machines l’ont demandé"),
            ),
        ));
    }
    reasons.push(Reason::against(
        20,
        Text::new(
            "an indicator may be old: addresses and names change hands",
            "un indicateur peut être ancien : adresses et noms changent de mains",
        ),
    ));
    let mut entities = vec![Entity::domain(domain, Role::Infrastructure)];
    let others = known.names.iter().filter(|n| *n != domain);
    entities.extend(others.map(|n| Entity::domain(n, Role::Infrastructure)));
    let clients = known.clients.iter().filter_map(|a| model::Address::parse(a.as_bytes()));
    entities.extend(clients.map(|a| Entity::address(a, Role::Victim)));
    let row = KnownBad {
        domain: domain.into(),
        names: known.names,
        source: first.source.clone(),
        what: first.what.clone(),
        when: first.when.clone(),
        reference: first.reference.clone(),
        indicators: known.said.into_iter().take(16).collect(),
    };
    let title = match all_expired {
        true => Text::new(
            format!("`{named}` was met, which {} held to be bad until {}{what}", row.source, first.until),
            format!(
                "`{named}` a été rencontré ; {} le tenait pour malveillant jusqu’au {}{what}",
                row.source, first.until
            ),
        ),
        false => Text::new(
            format!("`{named}` was met, which {} holds to be bad{what}", row.source),
            format!("`{named}` a été rencontré ; {} le tient pour malveillant{what}", row.source),
        ),
    };
    Finding {
        detector: Cow::Borrowed(KnownBad::NAME),
        key: domain.into(),
        severity: match (all_expired, known.clients.is_empty()) {
            (true, _) => Severity::Info,
            (false, true) => Severity::Medium,
            (false, false) => Severity::High,
        },
        confidence: if all_expired { 20 } else { 80 },
        level: Level::Grey,
        title,
        reasons,
        techniques: vec!["T1583.001".into()],
        first: known.seen.map(|s| s.0),
        last: known.seen.map(|s| s.1),
        entities,
        traces: known.traces,
        fields: row.fields(),
    }
}
