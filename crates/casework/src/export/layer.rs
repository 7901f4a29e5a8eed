//! A layer of the ATT&CK Navigator (format 4.5): techniques that findings name, scored by how many. You may rely on: techniques
//! of ATT&CK only; DISARM's have their own navigator, in whose form a second layer is written.

use super::Order;
use super::whole::Whole;
use knowledge::techniques::technique;
use model::{Result, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Findings named of one technique.
const NAMED: usize = 10;

/// The layer: of ATT&CK's techniques, or of DISARM's.
pub fn layer(view: &dyn View, order: &Order, disarm: bool) -> Result<Value> {
    let whole = Whole::of(view, order)?;
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for told in &whole.told {
        for id in &told.finding.techniques {
            if technique(id).is_some_and(|t| t.is_disarm() == disarm) {
                all.entry(id).or_default().push(told.finding.id());
            }
        }
    }
    let most = all.values().map(Vec::len).max().unwrap_or(1);
    let techniques: Vec<Value> = all
        .iter()
        .map(|(id, findings)| {
            let named: Vec<&str> = findings.iter().take(NAMED).map(String::as_str).collect();
            json!({ "techniqueID": id, "score": findings.len(), "enabled": true, "showSubtechniques": id.contains('.'),
                "comment": format!("{} findings: {}", findings.len(), named.join(", ")) })
        })
        .collect();
    let name = order.context.config.name.trim();
    Ok(json!({
        "name": if name.is_empty() { "Vigie" } else { name },
        "versions": { "attack": "18", "navigator": "5.1.0", "layer": "4.5" },
        "domain": if disarm { "DISARM" } else { "enterprise-attack" },
        "description": format!("{} findings of a case of Vigie; the score is the number of findings", whole.told.len()),
        "sorting": 3,
        "hideDisabled": false,
        "techniques": techniques,
        "gradient": { "colors": ["#ffffff", "#c0392b"], "minValue": 0, "maxValue": most },
        "legendItems": [],
    }))
}
