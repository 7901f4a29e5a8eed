//! A MISP event (core format, draft-dulaunoy-misp-core-format) of the case's indicators.

use super::ids;
use model::{Finding, Severity, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The event.
pub struct Event {
    at: Time,
    worst: Severity,
    /// By category, type and value, so that each stands once and in one order.
    attributes: BTreeMap<(&'static str, &'static str, String), Attribute>,
}

struct Attribute {
    /// Whether machines may act on it.
    detect: bool,
    confidence: u8,
    /// The finding's.
    id: String,
    comment: String,
}

impl Event {
    /// An empty one; `at` is its date.
    pub fn new(at: Time) -> Event {
        Event { at, worst: Severity::Info, attributes: BTreeMap::new() }
    }

    /// The event is of a finding: it is as grave as the gravest.
    pub fn of(&mut self, finding: &Finding) {
        self.worst = self.worst.max(finding.severity);
    }

    /// An attribute. A value stands once: with the first finding, or with the surest where machines may act on it.
    pub fn add(&mut self, category: &'static str, kind: &'static str, value: &str, detect: bool, finding: &Finding) {
        let key = (category, kind, value.to_string());
        let better = |known: &Attribute| detect && finding.confidence > known.confidence;
        if self.attributes.get(&key).is_none_or(better) {
            let (id, comment, confidence) = (finding.id(), finding.title.en.clone(), finding.confidence);
            self.attributes.insert(key, Attribute { detect, confidence, id, comment });
        }
    }

    /// The event as JSON.
    pub fn json(&self) -> Value {
        let stamp = self.at.seconds().to_string();
        let attributes: Vec<Value> = self
            .attributes
            .iter()
            .map(|((category, kind, value), a)| {
                json!({
                    "uuid": ids::ours(&format!("attribute|{}|{kind}|{value}", a.id)),
                    "type": kind,
                    "category": category,
                    "value": value,
                    "to_ids": a.detect,
                    "distribution": "5",
                    "timestamp": stamp,
                    "comment": a.comment,
                })
            })
            .collect();
        let id = ids::ours(&serde_json::to_string(&attributes).unwrap_or_default());
        json!({ "Event": {
            "uuid": id,
            "info": format!("Vigie: {} indicators", attributes.len()),
            "date": self.at.timestamp().strftime("%Y-%m-%d").to_string(),
            "timestamp": stamp,
            // 1 high, 2 medium, 3 low; analysis 1 ongoing; distribution 0 your organisation only: widening it is a decision.
            "threat_level_id": match self.worst { Severity::High | Severity::Critical => "1", Severity::Medium => "2", _ => "3" },
            "analysis": "1",
            "distribution": "0",
            "published": false,
            "Tag": [{ "name": "tlp:amber", "colour": "#FFC000" }],
            "Attribute": attributes,
        } })
    }
}
