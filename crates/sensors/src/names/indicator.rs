//! Sightings: a name that somebody holds to be bad was met in the evidence. Who said so, when and where is kept.

use super::indicators::Indicator;
use crate::{Detector, Specification};
use model::{Context, Entity, Fields, Finding, Level, Reason, Result, Role, Severity, Text, Time, Trace, View};
use serde_json::json;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A bad name that was met.
#[derive(Default)]
struct Sighting {
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
        "names/indicator"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[super::SIGHTING, super::INDICATOR, super::LOOKALIKE, super::REGISTRATION]
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
        sightings(case)?.into_iter().try_for_each(|(domain, sighting)| found(finding(&domain, sighting)))
    }
}

fn strings(fields: &Fields, key: &str) -> Vec<String> {
    fields
        .get(key)
        .and_then(|v| v.as_array())
        .into_iter()
        .flatten()
        .filter_map(|v| v.as_str())
        .map(String::from)
        .collect()
}

fn sightings(case: &dyn View) -> Result<BTreeMap<String, Sighting>> {
    let mut all: BTreeMap<String, Sighting> = BTreeMap::new();
    // Met while reading, by what the case was told beforehand.
    case.observations(super::SIGHTING, &mut |visit| {
        let said = visit.observation.fields.get("indicators").cloned().unwrap_or_default();
        let said: Vec<Indicator> = serde_json::from_value(said).unwrap_or_default();
        add(all.entry(visit.observation.key.clone()).or_default(), &visit, said);
        Ok(ControlFlow::Continue(()))
    })?;
    // Told by evidence: it meets what was kept for other reasons.
    let mut told: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
    case.observations(super::INDICATOR, &mut |visit| {
        let fields = serde_json::Value::Object(visit.observation.fields);
        if let Ok(indicator) = serde_json::from_value::<Indicator>(fields) {
            told.entry(indicator.name.clone()).or_default().push(indicator);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if told.is_empty() {
        return Ok(all);
    }
    for kind in [super::LOOKALIKE, super::REGISTRATION] {
        case.observations(kind, &mut |visit| {
            let o = &visit.observation;
            let mut names = strings(&o.fields, "names");
            names.push(o.key.clone());
            let said: Vec<Indicator> = names.iter().filter_map(|n| told.get(n)).flatten().cloned().collect();
            if !said.is_empty() {
                add(all.entry(o.key.clone()).or_default(), &visit, said);
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(all)
}

fn add(sighting: &mut Sighting, visit: &model::Visit, said: Vec<Indicator>) {
    let o = &visit.observation;
    sighting.said.extend(said);
    sighting.names.extend(strings(&o.fields, "names"));
    sighting.clients.extend(strings(&o.fields, "clients"));
    if o.kind != super::REGISTRATION && o.first != Time::default() {
        let (first, last) = sighting.seen.unwrap_or((o.first, o.last));
        sighting.seen = Some((first.min(o.first), last.max(o.last)));
    }
    sighting.traces.push(visit.trace());
}

fn finding(domain: &str, mut sighting: Sighting) -> Finding {
    sighting.traces.sort_by_key(|t| (t.evidence, t.steps.clone(), t.spans.iter().next()));
    let first = sighting.said.first().cloned().unwrap_or_default();
    let what = if first.what.is_empty() { String::new() } else { format!(" ({})", first.what) };
    let mut reasons: Vec<Reason> = sighting
        .said
        .iter()
        .take(16)
        .map(|i| {
            let tail: String =
                [&i.what, &i.when, &i.reference].iter().filter(|t| !t.is_empty()).map(|t| format!("; {t}")).collect();
            Reason::supporting(
                60,
                Text::new(
                    format!("{} holds `{}` to be bad{tail}", i.source, i.name),
                    format!("{} tient `{}` pour malveillant{tail}", i.source, i.name),
                ),
            )
        })
        .collect();
    if !sighting.clients.is_empty() {
        reasons.push(Reason::supporting(
            30,
            Text::new(
                format!("{} machine(s) asked for it", sighting.clients.len()),
                format!("{} machine(s) l’ont demandé", sighting.clients.len()),
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
    let mut fields = Fields::new();
    fields.insert("domain".into(), json!(domain));
    fields.insert("names".into(), json!(sighting.names));
    fields.insert("source".into(), json!(first.source));
    fields.insert("what".into(), json!(first.what));
    fields.insert("when".into(), json!(first.when));
    fields.insert("reference".into(), json!(first.reference));
    fields.insert("indicators".into(), json!(sighting.said.iter().take(16).collect::<Vec<_>>()));
    let mut entities = vec![Entity::domain(domain, Role::Infrastructure)];
    let others = sighting.names.iter().filter(|n| *n != domain);
    entities.extend(others.map(|n| Entity::domain(n, Role::Infrastructure)));
    let clients = sighting.clients.iter().filter_map(|a| model::Address::parse(a.as_bytes()));
    entities.extend(clients.map(|a| Entity::address(a, Role::Victim)));
    Finding {
        detector: Cow::Borrowed("names/indicator"),
        key: domain.into(),
        severity: if sighting.clients.is_empty() { Severity::Medium } else { Severity::High },
        confidence: 80,
        level: Level::Grey,
        title: Text::new(
            format!("`{domain}` was met, which {} holds to be bad{what}", first.source),
            format!("`{domain}` a été rencontré ; {} le tient pour malveillant{what}", first.source),
        ),
        reasons,
        techniques: vec!["T1583.001".into()],
        first: sighting.seen.map(|s| s.0),
        last: sighting.seen.map(|s| s.1),
        entities,
        traces: sighting.traces,
        fields,
    }
}
