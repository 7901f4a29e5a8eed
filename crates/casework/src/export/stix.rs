//! A STIX 2.1 bundle of indicators. Ids come of the findings, so that the same indicator is the same object in every
//! export.

use model::{Finding, Time, hash};
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
    stamp: String,
    /// What stands once, by name, with its confidence.
    once: BTreeMap<String, (u8, Value)>,
    /// What stands with each finding.
    each: Vec<Value>,
}

impl Bundle {
    /// An empty one.
    pub fn new(at: Time) -> Bundle {
        Bundle { stamp: stamp(at), once: BTreeMap::new(), each: Vec::new() }
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

    fn object(&self, indicator: &Indicator, distinct: &str) -> Value {
        let Indicator { finding, name, pattern, phase, sure } = indicator;
        let reference = |t: &String| json!({ "source_name": "mitre-attack", "external_id": t });
        json!({
            "type": "indicator",
            "spec_version": "2.1",
            "id": format!("indicator--{}", uuid(format!("{}|{distinct}", finding.id()).as_bytes())),
            "created": self.stamp,
            "modified": self.stamp,
            "name": name,
            "description": finding.title.en,
            "indicator_types": [if *sure { "malicious-activity" } else { "anomalous-activity" }],
            "pattern": pattern,
            "pattern_type": "stix",
            "valid_from": finding.first.map_or(self.stamp.clone(), stamp),
            "confidence": finding.confidence,
            "kill_chain_phases": [{ "kill_chain_name": "mitre-attack", "phase_name": phase }],
            "external_references": finding.techniques.iter().map(reference).collect::<Vec<_>>(),
        })
    }

    /// The bundle as JSON.
    pub fn json(self) -> Value {
        let objects: Vec<Value> = self.once.into_values().map(|(_, o)| o).chain(self.each).collect();
        let id = uuid(&serde_json::to_vec(&objects).unwrap_or_default());
        let mut bundle = json!({ "type": "bundle", "id": format!("bundle--{id}") });
        // An empty list is no valid one (STIX 2.1, 8).
        if !objects.is_empty() {
            bundle["objects"] = Value::Array(objects);
        }
        bundle
    }
}

fn stamp(time: Time) -> String {
    time.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// The same content has the same id: a UUID of version 8 (RFC 9562 5.8), its bits two FNV-1a hashes of it.
pub fn uuid(content: &[u8]) -> String {
    let hash = |seed| hash::fnv1a_from(seed, content.iter().copied());
    let mut id = [0u8; 16];
    id[..8].copy_from_slice(&hash(hash::EMPTY).to_be_bytes());
    id[8..].copy_from_slice(&hash(0x6c62_272e_07bb_0142).to_be_bytes());
    id[6] = id[6] & 0x0f | 0x80;
    id[8] = id[8] & 0x3f | 0x80;
    let hex: String = id.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
