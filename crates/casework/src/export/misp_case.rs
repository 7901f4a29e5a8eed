//! What the case adds to the event of indicators: objects (documents that leaked or were forged, how good sources are),
//! galaxies for techniques, analyst data (notes on the chain, an opinion on each hypothesis, relations between objects). You
//! may rely on: what is merely proposed is an opinion and never a fact of the event.

use super::whole::Whole;
use super::{Order, ids};
use crate::page::Marking;
use crate::story::who::{label, percents};
use knowledge::techniques::technique;
use model::{Result, Time};
use rows::story::Step;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Documents told.
const DOCUMENTS: usize = 500;
/// Templates of MISP's objects: name, identifier, version, category.
const FORGED: Template = Template("forged-document", "7e927620-b97c-4b00-98c0-8c0184d83d21", "7", "file");
const LEAKED: Template = Template("leaked-document", "ea145ecd-b3c2-4f57-ac11-c16e883c4247", "6", "file");
const SOURCE: Template =
    Template("intelligence-source-assessment", "2d3a5895-6c54-50b5-bd25-ce33e974c50a", "1", "misc");
/// The letters of the Admiralty code as MISP writes them.
const LETTERS: [&str; 6] = [
    "A - Completely reliable",
    "B - Usually reliable",
    "C - Fairly reliable",
    "D - Not usually reliable",
    "E - Unreliable",
    "F - Reliability cannot be judged",
];

struct Template(&'static str, &'static str, &'static str, &'static str);

/// Adds the case to the event.
pub fn complete(event: &mut Value, whole: &Whole, order: &Order) -> Result<()> {
    let (word, _, colour) = Marking::read(order.context.config)?.parts();
    let stamp = order.at.seconds().to_string();
    let event = &mut event["Event"];
    let name = order.context.config.name.trim().to_string();
    let id = ids::ours(&format!("event|{name}"));
    event["uuid"] = json!(id);
    if !name.is_empty() {
        event["info"] = json!(format!("Vigie: {name}"));
    }
    let org = if name.is_empty() { "Vigie" } else { name.as_str() };
    event["Orgc"] = json!({ "name": org, "uuid": ids::ours(&format!("organisation|{org}")) });
    let mut tags = vec![json!({ "name": format!("tlp:{}", word.to_lowercase()), "colour": colour })];
    let (galaxies, more) = galaxies(whole);
    tags.extend(more);
    event["Tag"] = json!(tags);
    event["Galaxy"] = json!(galaxies);
    let mut objects: Vec<Value> = Vec::new();
    let mut ids_of: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for told in whole.told.iter().take(DOCUMENTS) {
        let item = whole.story.items.iter().find(|i| i.id == told.id);
        let shows = |step: Step| item.is_some_and(|i| i.steps().any(|s| s == step));
        let template = match () {
            () if shows(Step::DocumentsDoctored) => &FORGED,
            () if shows(Step::Published) => &LEAKED,
            () => continue,
        };
        let f = &told.finding;
        let links = f.entities.iter().filter(|e| e.kind == model::EntityKind::Url).take(20);
        let mut all = vec![
            ("document-name", "text", f.title.get(order.lang).to_string()),
            ("document-type", "text", "other".to_string()),
        ];
        all.extend(links.map(|e| ("link", "link", e.value.clone())));
        all.extend(f.first.map(|t| ("first-seen", "datetime", date(t))));
        all.extend(f.last.map(|t| ("last-seen", "datetime", date(t))));
        let made = object(template, &told.id, &all, &stamp);
        ids_of.entry(template.0).or_default().extend(made["uuid"].as_str().map(String::from));
        objects.push(made);
    }
    let mut sources: BTreeMap<&str, (&str, String, String)> = BTreeMap::new();
    for piece in whole.who.rows.iter().flat_map(|r| &r.evidence) {
        if let Some(letter) = &piece.reliability {
            let (what, basis) = (piece.what.get(order.lang).to_string(), piece.basis.get(order.lang).to_string());
            sources.entry(&piece.origin).or_insert((letter, what, basis));
        }
    }
    for (origin, (letter, what, basis)) in sources {
        let reliability = LETTERS.iter().find(|l| l.starts_with(letter)).unwrap_or(&LETTERS[5]);
        let all = [
            ("source-id", "text", origin.to_string()),
            ("source-reliability", "text", (*reliability).to_string()),
            ("information-credibility", "text", "6 - Truth cannot be judged".to_string()),
            ("source-type", "text", "OSINT".to_string()),
            ("evaluation", "text", what),
            ("related-report", "text", basis),
        ];
        objects.push(object(&SOURCE, origin, &all, &stamp));
    }
    event["Object"] = json!(objects);
    analyst(event, &id, &ids_of, whole, order);
    Ok(())
}

fn date(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn object(
    Template(name, template, version, category): &Template,
    distinct: &str,
    attributes: &[(&str, &str, String)],
    stamp: &str,
) -> Value {
    let id = ids::ours(&format!("object|{name}|{distinct}"));
    let attributes: Vec<Value> = attributes
        .iter()
        .enumerate()
        .filter(|(_, (.., value))| !value.trim().is_empty())
        .map(|(n, (relation, kind, value))| {
            let category = if *kind == "link" { "External analysis" } else { "Other" };
            json!({ "uuid": ids::ours(&format!("attribute|{id}|{n}|{relation}")), "type": kind, "category": category,
                "object_relation": relation, "value": value, "to_ids": false, "distribution": "5", "timestamp": stamp,
                "disable_correlation": *kind != "link" })
        })
        .collect();
    json!({ "uuid": id, "name": name, "template_uuid": template, "template_version": version, "meta-category": category,
        "distribution": "5", "timestamp": stamp, "Attribute": attributes })
}

/// Techniques as clusters of MISP's galaxies, and as tags.
fn galaxies(whole: &Whole) -> (Vec<Value>, Vec<Value>) {
    let mut used: Vec<&str> = whole.told.iter().flat_map(|t| &t.finding.techniques).map(String::as_str).collect();
    used.sort_unstable();
    used.dedup();
    let mut tags = Vec::new();
    let mut of = |disarm: bool, kind: &str, galaxy: Value| -> Option<Value> {
        let known = used.iter().filter_map(|id| technique(id)).filter(|t| t.is_disarm() == disarm);
        let clusters: Vec<Value> = known
            .map(|t| {
                let value = if disarm { t.name.clone() } else { format!("{} - {}", t.name, t.id) };
                let tag = format!("misp-galaxy:{kind}=\"{value}\"");
                tags.push(json!({ "name": tag, "colour": "#0088cc" }));
                json!({ "uuid": t.stix, "type": kind, "value": value, "tag_name": tag, "description": t.id, "source": "",
                    "authors": [], "meta": { "external_id": [t.id] } })
            })
            .collect();
        let mut galaxy = galaxy;
        galaxy["GalaxyCluster"] = json!(clusters);
        (!clusters.is_empty()).then_some(galaxy)
    };
    let attack = json!({ "uuid": "c4e851fa-775f-11e7-8163-b774922098cd", "name": "Attack Pattern", "type": "mitre-attack-pattern",
        "description": "ATT&CK Tactic", "version": "9", "namespace": "mitre-attack", "icon": "map" });
    let disarm = json!({ "uuid": "a90f2bb6-11e1-58a7-9962-ba37886720ec", "name": "DISARM Techniques", "type": "disarm",
        "description": "DISARM", "version": "1", "namespace": "disarm", "icon": "map" });
    let all = [of(false, "mitre-attack-pattern", attack), of(true, "disarm-techniques", disarm)];
    (all.into_iter().flatten().collect(), tags)
}

/// Notes, opinions and relations.
fn analyst(event: &mut Value, id: &str, objects: &BTreeMap<&str, Vec<String>>, whole: &Whole, order: &Order) {
    let lang = order.lang;
    let when = order.at.timestamp().strftime("%Y-%m-%d %H:%M:%S").to_string();
    let data = |kind: &str, distinct: &str, (of, of_kind): (&str, &str), mut told: Value| {
        told["uuid"] = json!(ids::ours(&format!("{kind}|{id}|{distinct}")));
        told["object_uuid"] = json!(of);
        told["object_type"] = json!(of_kind);
        told["authors"] = json!("Vigie");
        told["created"] = json!(when);
        told["modified"] = json!(when);
        told["distribution"] = json!("5");
        told
    };
    let steps: Vec<String> = whole
        .chain
        .steps
        .iter()
        .map(|s| {
            let first = s.first.map(|t| format!(" {t}")).unwrap_or_default();
            format!("{}: {}{first}", s.step.text().get(lang), s.state.text().get(lang))
        })
        .collect();
    let language = lang.of("en", "fr");
    let mut notes =
        vec![data("note", "chain", (id, "Event"), json!({ "note": steps.join("\n"), "language": language }))];
    notes.push(data(
        "note",
        "confidence",
        (id, "Event"),
        json!({ "note": whole.who.confidence.get(lang), "language": language }),
    ));
    let opinions: Vec<Value> = whole
        .who
        .rows
        .iter()
        .map(|r| {
            let percent = (r.probability.iter().sum::<f64>() * 50.0).round().clamp(0.0, 100.0) as u64;
            let undetermined = if r.undetermined { lang.of("; undetermined", " ; indéterminé") } else { "" };
            let comment = format!("{}: {} %{undetermined}", label(&r.hypothesis).get(lang), percents(r.probability));
            data("opinion", &r.hypothesis, (id, "Event"), json!({ "opinion": percent, "comment": comment }))
        })
        .collect();
    let mut relations = Vec::new();
    let of = |t: &Template| objects.get(t.0).into_iter().flatten();
    for forged in of(&FORGED) {
        for leaked in of(&LEAKED).take(1) {
            let told = json!({ "related_object_uuid": leaked, "related_object_type": "Object", "relationship_type": "part-of" });
            relations.push(data("relationship", forged, (forged, "Object"), told));
        }
    }
    event["Note"] = json!(notes);
    event["Opinion"] = json!(opinions);
    // A relation stands with what it begins at.
    for object in event["Object"].as_array_mut().into_iter().flatten() {
        let mine: Vec<&Value> = relations.iter().filter(|r| r["object_uuid"] == object["uuid"]).collect();
        if !mine.is_empty() {
            object["Relationship"] = json!(mine);
        }
    }
}
