//! A case as a bundle: each incident a campaign that uses techniques and means and targets whose case it is, each finding a
//! note on what was observed, indicators with their sightings; the chain and the hypotheses as notes. Nobody is said to have
//! done it but where a hypothesis is preferred.

use super::indicators::Bundle;
use super::objects::{Objects, moment};
use crate::chapters::CHAPTERS;
use crate::export::whole::{Exported, Whole};
use crate::export::{Order, ids};
use crate::page::Marking;
use crate::story::who::{label, percents};
use model::{EntityKind, Result, Role, Time, View};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Entities told of one finding.
const ENTITIES: usize = 50;

/// The bundle.
pub fn bundle(view: &dyn View, order: &Order, extended: bool) -> Result<Value> {
    let whole = Whole::of(view, order)?;
    let config = order.context.config;
    let marking = Marking::read(config)?.parts().0;
    let mut objects = Objects::new(&config.name, marking, order.at, extended, &whole.accounts);
    let mut observed: BTreeMap<String, String> = BTreeMap::new();
    for told in &whole.told {
        if let Some(id) = finding(told, order, &mut objects) {
            observed.insert(told.id.clone(), id);
        }
        CHAPTERS.iter().for_each(|c| c.told(told, &mut objects));
    }
    let indicators = indicators(&whole, order, &observed, &mut objects);
    let days = events(order, &mut objects);
    let mut campaigns = Vec::new();
    for place in whole.incidents() {
        campaigns.push(campaign(&whole, place, order, (&indicators, &days), &mut objects));
    }
    if let Some(first) = whole.story.gravest().filter(|i| i.items.len() > 1).and(campaigns.first()) {
        story(&whole, first, order, &mut objects);
    }
    let about = objects.referred();
    let name = if config.name.trim().is_empty() { "A case" } else { config.name.trim() };
    let cut =
        if whole.cut > 0 { format!(" {} findings of less weight are left out.", whole.cut) } else { String::new() };
    objects.object(
        "report",
        name,
        json!({ "name": name, "published": moment(order.at), "report_types": ["campaign"], "object_refs": about,
            "description": format!("{} findings, made with Vigie: proposed by a program, decided by nobody but those who sign.{cut}", whole.told.len()) }),
    );
    Ok(objects.bundle())
}

/// What was observed, and a note that says what it is held to be.
fn finding(told: &Exported, order: &Order, objects: &mut Objects) -> Option<String> {
    let f = &told.finding;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for entity in f.entities.iter().take(ENTITIES) {
        seen.extend(objects.observable(entity));
    }
    f.techniques.iter().for_each(|t| drop(objects.technique(t)));
    let (first, last) = (f.first.or(f.last), f.last.or(f.first));
    let lines: u64 = f.traces.iter().map(|t| t.spans.len()).sum();
    let observed = match (first, last) {
        (Some(first), Some(last)) if !seen.is_empty() => Some(objects.object(
            "observed-data",
            &told.id,
            json!({ "first_observed": moment(first), "last_observed": moment(last.max(first)),
                "number_observed": lines.clamp(1, 999_999_999), "object_refs": seen }),
        )),
        _ => None,
    };
    let about = observed.clone().unwrap_or_else(|| objects.author());
    let reasons: Vec<String> = f
        .reasons
        .iter()
        .map(|r| format!("{} {}", if r.supports { "+" } else { "−" }, r.text.get(order.lang)))
        .collect();
    let content = [vec![f.title.get(order.lang).to_string()], reasons].concat().join("\n");
    objects.object(
        "note",
        &told.id,
        json!({ "abstract": f.title.get(order.lang), "content": content,
            "authors": [f.detector], "object_refs": [about], "confidence": f.confidence, "lang": order.lang.of("en", "fr"),
            "labels": [f.severity.as_str(), f.level.as_str()],
            "external_references": [{ "source_name": "vigie", "external_id": f.id() }] }),
    );
    observed
}

/// Indicators, each sighted where its finding was observed; by finding.
fn indicators(
    whole: &Whole,
    order: &Order,
    observed: &BTreeMap<String, String>,
    objects: &mut Objects,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut bundle = Bundle::new(order.at);
    let mut by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // Chapters read fields that redaction leaves as they are.
    whole.told.iter().for_each(|t| CHAPTERS.iter().for_each(|c| c.indicators(&t.finding, &mut bundle)));
    for (finding, object) in bundle.objects() {
        let Some(id) = objects.take(object) else { continue };
        let Some(told) = whole.told.iter().find(|t| t.finding.id() == finding) else { continue };
        if let (Some(data), Some(first)) = (observed.get(&told.id), told.finding.first) {
            let last = told.finding.last.filter(|l| *l > first);
            let properties = json!({ "sighting_of_ref": id, "observed_data_refs": [data], "where_sighted_refs": [objects.author()],
                "first_seen": moment(first), "last_seen": last.map(moment), "count": 1 });
            objects.object("sighting", &format!("{id}|{data}"), properties);
        }
        by.entry(told.id.clone()).or_default().insert(id);
    }
    by
}

/// The days of the vote.
fn events(order: &Order, objects: &mut Objects) -> Vec<String> {
    let election = &order.context.config.election;
    let zone = order.context.config.zone().unwrap_or(jiff::tz::TimeZone::UTC);
    let name = if election.name.trim().is_empty() { "vote" } else { election.name.trim() };
    let mut all = Vec::new();
    for day in &election.days {
        let Ok(day) = day.to_string().parse::<jiff::civil::Date>() else { continue };
        let at =
            |d: jiff::civil::Date| d.to_zoned(zone.clone()).ok().map(|z| Time::from_seconds(z.timestamp().as_second()));
        if let (Some(from), Some(to)) = (at(day), day.tomorrow().ok().and_then(at)) {
            all.extend(objects.event(&format!("{name}, {day}"), "election", (from, to)));
        }
    }
    all
}

/// An incident.
fn campaign(
    whole: &Whole,
    place: usize,
    order: &Order,
    (indicators, days): (&BTreeMap<String, BTreeSet<String>>, &[String]),
    objects: &mut Objects,
) -> String {
    let incident = &whole.story.incidents[place];
    let steps: Vec<&str> = incident.steps.iter().map(|s| s.as_str()).collect();
    let name = format!("{} {}", order.lang.of("Incident", "Incident"), &incident.id["incident--".len()..]);
    let last = incident.last.filter(|l| incident.first.is_some_and(|f| f < *l));
    let id = objects.object(
        "campaign",
        &incident.id,
        json!({ "name": name, "first_seen": incident.first.map(moment), "last_seen": last.map(moment),
            "description": format!("{} findings; steps shown: {}", incident.items.len(), steps.join(", ")) }),
    );
    let time = (incident.first, incident.last);
    let ours = objects.author();
    objects.relate(&id, "targets", &ours, time);
    days.iter().for_each(|day| drop(objects.relate(&id, "targets", day, (None, None))));
    let mut means: BTreeSet<String> = BTreeSet::new();
    let mut phishing = false;
    for told in whole.of_incident(place) {
        let f = &told.finding;
        let time = (f.first, f.last);
        for technique in &f.techniques {
            phishing |= technique.starts_with("T1566") || technique.starts_with("T1598");
            if let Some(to) = objects.technique(technique) {
                objects.relate(&id, "uses", &to, (None, None));
            }
        }
        let own = |e: &&model::Entity| {
            e.role == Role::Infrastructure || e.role == Role::Source && e.kind.is_address() && told.incident.is_some()
        };
        let own: Vec<_> =
            f.entities.iter().filter(own).filter(|e| e.kind != EntityKind::UserAccount).take(ENTITIES).collect();
        means.extend(own.into_iter().filter_map(|e| objects.observable(e)));
        for indicator in indicators.get(&told.id).into_iter().flatten() {
            objects.relate(indicator, "indicates", &id, time);
        }
        for used in objects.used.get(&told.id).cloned().unwrap_or_default() {
            objects.relate(&id, "uses", &used, time);
        }
    }
    if !means.is_empty() {
        let kind = if phishing { "phishing" } else { "unknown" };
        let infrastructure = objects.object(
            "infrastructure",
            &incident.id,
            json!({ "name": format!("Means of {name}"), "infrastructure_types": [kind], "first_seen": incident.first.map(moment) }),
        );
        objects.relate(&id, "uses", &infrastructure, (None, None));
        means.iter().for_each(|m| drop(objects.relate(&infrastructure, "consists-of", m, (None, None))));
    }
    id
}

/// The chain and who: notes on the campaign; a set is named where its hypothesis is preferred.
fn story(whole: &Whole, campaign: &str, order: &Order, objects: &mut Objects) {
    let lang = order.lang;
    let steps: Vec<String> = whole
        .chain
        .steps
        .iter()
        .map(|s| {
            let when = s.first.map(|t| format!(" {t}")).unwrap_or_default();
            format!("{}: {}{when}", s.step.text().get(lang), s.state.text().get(lang))
        })
        .collect();
    let note = |what: &str, lines: Vec<String>| json!({ "abstract": what, "content": lines.join("\n"), "object_refs": [campaign], "lang": lang.of("en", "fr") });
    objects.object("note", "chain", note(lang.of("The chain", "La chaîne"), steps));
    let rows: Vec<String> = whole
        .who
        .rows
        .iter()
        .map(|r| format!("{}. {}: {} %", r.rank, label(&r.hypothesis).get(lang), percents(r.probability)))
        .chain([whole.who.confidence.get(lang).to_string()])
        .chain(whole.who.undetermined().then(|| lang.of("Undetermined.", "Indéterminé.").to_string()))
        .collect();
    objects.object("note", "hypotheses", note(lang.of("Competing hypotheses", "Hypothèses concurrentes"), rows));
    let preferred = whole.who.rows.iter().find(|r| r.preferred);
    if let Some((row, set)) = preferred.and_then(|r| Some((r, r.hypothesis.strip_prefix("intrusion_set:")?))) {
        let aliases: Vec<&str> = whole.story.known_as(set);
        let id = objects.object(
            "intrusion-set",
            &ids::ours(set),
            json!({ "name": set, "aliases": if aliases.is_empty() { Value::Null } else { json!(aliases) } }),
        );
        objects.relate(campaign, "attributed-to", &id, (None, None));
        let why = format!("{set} {} %", percents(row.probability));
        objects.object(
            "note",
            "attribution",
            json!({ "abstract": "Attribution", "content": why, "object_refs": [id] }),
        );
    }
}
