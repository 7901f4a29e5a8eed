//! A MISP event (core format, draft-dulaunoy-misp-core-format) of the case's indicators: decoy addresses, senders and
//! subjects of phishing, addresses that attacked. Only decoys are marked for detection: a sender can be forged, and an
//! address changes hands.

use super::named;
use super::stix::uuid;
use model::{Finding, Severity, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The event of a case; `at` is its date.
pub fn event(findings: &[Finding], least: Severity, at: Time) -> Value {
    // By category, type and value, so that each stands once and in one order.
    let mut all: BTreeMap<(&str, &str, String), (bool, &Finding)> = BTreeMap::new();
    for (name, finding) in named(findings, least) {
        all.insert(("Network activity", "domain", name), (true, finding));
    }
    for finding in findings.iter().filter(|f| f.severity >= least) {
        let text = |key: &str| finding.fields.get(key).and_then(Value::as_str).filter(|t| !t.is_empty());
        if finding.detector == "mail/phishing" {
            for (key, kind) in [("from", "email-src"), ("subject", "email-subject")] {
                if let Some(value) = text(key) {
                    all.entry(("Payload delivery", kind, value.chars().take(300).collect()))
                        .or_insert((false, finding));
                }
            }
        }
        if text("outcome").is_some() {
            for entity in finding.entities.iter().filter(|e| e.kind.ends_with("-addr") && e.kind != "email-addr") {
                all.entry(("Network activity", "ip-src", entity.value.clone())).or_insert((false, finding));
            }
        }
    }
    let stamp = at.seconds().to_string();
    let attributes: Vec<Value> = all
        .iter()
        .map(|((category, kind, value), (detect, finding))| {
            json!({
                "uuid": uuid(format!("{}|{kind}|{value}", finding.id()).as_bytes()),
                "type": kind,
                "category": category,
                "value": value,
                "to_ids": detect,
                "distribution": "5",
                "timestamp": stamp,
                "comment": finding.title.en,
            })
        })
        .collect();
    let worst = findings.iter().map(|f| f.severity).max().unwrap_or(Severity::Info);
    let id = uuid(&serde_json::to_vec(&attributes).unwrap_or_default());
    json!({ "Event": {
        "uuid": id,
        "info": format!("Vigie: {} indicators", attributes.len()),
        "date": at.timestamp().strftime("%Y-%m-%d").to_string(),
        "timestamp": stamp,
        // 1 high, 2 medium, 3 low; analysis 1 ongoing; distribution 0 your organisation only: widening it is a decision.
        "threat_level_id": match worst { Severity::High | Severity::Critical => "1", Severity::Medium => "2", _ => "3" },
        "analysis": "1",
        "distribution": "0",
        "published": false,
        "Tag": [{ "name": "tlp:amber", "colour": "#FFC000" }],
        "Attribute": attributes,
    } })
}
