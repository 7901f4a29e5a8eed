//! Incidents in the words of VERIS 1.3.7, a file each. You may rely on: every word stands in its enumerations; what no evidence
//! says is `Unknown`, above all who did it and why. Left out: what VERIS has no word for, the spreading of papers.

use super::Order;
use super::whole::Whole;
use crate::Write;
use crate::story::Chain;
use jiff::tz::TimeZone;
use model::{Error, Result, View};
use rows::story::{State, Step};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Writes them.
pub fn incidents(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let whole = Whole::of(view, order)?;
    for place in whole.incidents() {
        let incident = &whole.story.incidents[place];
        // What shows no step is no incident in VERIS's words.
        if incident.steps.is_empty() {
            continue;
        }
        let chain = Chain::of(&whole.story, Some(incident));
        let techniques: BTreeSet<&str> =
            whole.of_incident(place).flat_map(|t| &t.finding.techniques).map(String::as_str).collect();
        let mut text = serde_json::to_vec_pretty(&veris(&whole, incident, &chain, &techniques, order))
            .map_err(|e| Error::new("could not write JSON").because(e))?;
        text.push(b'\n');
        write(&format!("{}.json", incident.id), &text)?;
    }
    Ok(())
}

fn veris(
    whole: &Whole,
    incident: &crate::story::Incident,
    chain: &Chain,
    techniques: &BTreeSet<&str>,
    order: &Order,
) -> Value {
    let found = |step: Step| chain.state(step) == State::Found;
    let any = |all: &[&str]| techniques.iter().any(|t| all.iter().any(|a| t.starts_with(a)));
    let list = |all: &[(bool, &str)]| all.iter().filter(|(yes, _)| *yes).map(|(_, w)| json!(w)).collect::<Vec<Value>>();
    let some = |all: Vec<Value>, or: &str| if all.is_empty() { json!([or]) } else { json!(all) };
    let hacking = list(&[
        (any(&["T1110"]), "Brute force"),
        (found(Step::CredentialUsed), "Use of stolen creds"),
        (any(&["T1498", "T1499"]), "DoS"),
    ]);
    let mut action = Map::new();
    if !hacking.is_empty() || found(Step::IntrusionAttempt) {
        action.insert("hacking".into(), json!({ "variety": some(hacking, "Unknown"), "vector": ["Web application"] }));
    }
    if found(Step::Mail) || found(Step::Click) {
        action.insert("social".into(), json!({ "variety": ["Phishing"], "vector": ["Email"], "target": ["End-user"] }));
    }
    if action.is_empty() {
        action.insert("unknown".into(), json!({}));
    }
    let mut attribute = Map::new();
    if found(Step::DocumentsTaken) || found(Step::Published) {
        let disclosed = if found(Step::Published) { "Yes" } else { "Potentially" };
        attribute.insert(
            "confidentiality".into(),
            json!({ "data_disclosure": disclosed, "data": [{ "variety": "Internal" }], "state": ["Unknown"] }),
        );
    }
    if found(Step::DocumentsDoctored) {
        attribute.insert("integrity".into(), json!({ "variety": ["Misrepresentation"] }));
    }
    let assets = list(&[
        (found(Step::CredentialUsed) || found(Step::DocumentsTaken), "S - Mail"),
        (any(&["T1190"]), "S - Web application"),
    ]);
    let assets: Vec<Value> =
        some(assets, "Unknown").as_array().into_iter().flatten().map(|a| json!({ "variety": a })).collect();
    let zone = order.context.config.zone().unwrap_or(TimeZone::UTC);
    let day = incident.first.unwrap_or(order.at).in_zone(&zone).date();
    let steps: Vec<&str> = incident.steps.iter().map(|s| s.as_str()).collect();
    json!({
        "schema_version": "1.3.7",
        "incident_id": incident.id.trim_start_matches("incident--"),
        "source_id": "vigie",
        "security_incident": if found(Step::CredentialUsed) || found(Step::DocumentsTaken) { "Confirmed" } else { "Suspected" },
        "confidence": if whole.who.undetermined() { "Medium" } else { "High" },
        "summary": format!("{} findings; steps shown: {}", incident.items.len(), steps.join(", ")),
        "timeline": { "incident": { "year": day.year(), "month": day.month(), "day": day.day() } },
        "victim": { "victim_id": order.context.config.name, "country": ["Unknown"], "employee_count": "Unknown", "industry": "813940" },
        "actor": { "external": { "variety": ["Unknown"], "motive": ["Unknown"], "country": ["Unknown"] } },
        "action": action,
        "asset": { "assets": assets },
        "attribute": attribute,
        "discovery_method": { "internal": { "variety": ["Log review"] } },
        "targeted": "Unknown",
    })
}
