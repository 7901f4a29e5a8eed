//! Indicators. Ids come of the findings, so that the same indicator is the same object in every export.

use super::objects::{moment, stamp};
use crate::export::ids;
use model::{Finding, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Something to look for.
pub struct Indicator<'f> {
    /// The finding that says why.
    pub finding: &'f Finding,
    /// What it is called.
    pub name: &'f str,
    /// Its pattern (STIX 2.1, 9).
    pub pattern: String,
    /// The phase of ATT&CK it belongs to.
    pub phase: &'static str,
    /// Whether more than likeness speaks against it.
    pub sure: bool,
}

/// The bundle.
pub struct Bundle {
    /// When its objects were made.
    at: Time,
    /// What stands once, by name, with its confidence.
    once: BTreeMap<String, (u8, (String, Value))>,
    /// What stands with each finding.
    each: Vec<(String, Value)>,
}

impl Bundle {
    /// An empty one.
    pub fn new(at: Time) -> Bundle {
        Bundle { at, once: BTreeMap::new(), each: Vec::new() }
    }

    /// An indicator that stands once under its name, with the surest finding.
    pub fn once(&mut self, indicator: &Indicator) {
        let confidence = indicator.finding.confidence;
        if self.once.get(indicator.name).is_none_or(|known| confidence > known.0) {
            let object = self.object(indicator, indicator.name);
            self.once.insert(indicator.name.into(), (confidence, object));
        }
    }

    /// An indicator of this finding.
    pub fn each(&mut self, indicator: &Indicator) {
        let object = self.object(indicator, &indicator.pattern);
        self.each.push(object);
    }

    fn object(&self, indicator: &Indicator, distinct: &str) -> (String, Value) {
        let Indicator { finding, name, pattern, phase, sure } = indicator;
        let reference = |t: &String| {
            let source = if t.starts_with("T0") { "DISARM" } else { "mitre-attack" };
            json!({ "source_name": source, "external_id": t })
        };
        let references: Vec<Value> = finding.techniques.iter().map(reference).collect();
        // An empty list is no valid one (STIX 2.1, 3.1).
        let references = if references.is_empty() {
            json!([{ "source_name": "vigie", "external_id": finding.id() }])
        } else {
            json!(references)
        };
        let object = json!({
            "type": "indicator",
            "spec_version": "2.1",
            "id": format!("indicator--{}", ids::ours(&format!("indicator|{}|{distinct}", finding.id()))),
            "created": stamp(self.at),
            "modified": stamp(self.at),
            "name": name,
            "description": finding.title.en,
            "indicator_types": [if *sure { "malicious-activity" } else { "anomalous-activity" }],
            "pattern": pattern,
            "pattern_type": "stix",
            "pattern_version": "2.1",
            "valid_from": moment(finding.first.unwrap_or(self.at)),
            "confidence": finding.confidence,
            "kill_chain_phases": [{ "kill_chain_name": "mitre-attack", "phase_name": phase }],
            "external_references": references,
        });
        (finding.id(), object)
    }

    /// The indicators, each with its finding.
    pub fn objects(self) -> Vec<(String, Value)> {
        self.once.into_values().map(|(_, o)| o).chain(self.each).collect()
    }
}
