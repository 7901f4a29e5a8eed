//! STIX 2.1 indicators of decoys. Ids come of the findings, so that the same decoy is the same object in every export.

use model::{Finding, Severity, Time};
use serde_json::{Value, json};

/// A bundle of indicators; `at` is when they were made.
pub fn indicators(findings: &[Finding], least: Severity, at: Time) -> Value {
    let stamp = at.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    let mut objects: Vec<Value> = super::named(findings, least)
        .into_iter()
        .map(|(name, finding)| {
            let id = uuid(format!("{}|{name}", finding.id()).as_bytes());
            json!({
                "type": "indicator",
                "spec_version": "2.1",
                "id": format!("indicator--{id}"),
                "created": stamp,
                "modified": stamp,
                "name": name,
                "description": finding.title.en,
                "indicator_types": ["malicious-activity"],
                "pattern": format!("[domain-name:value = '{name}']"),
                "pattern_type": "stix",
                "valid_from": finding.first.map_or(stamp.clone(), |t| t.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()),
                "confidence": finding.confidence,
                "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "resource-development"}],
                "external_references": finding.techniques.iter().map(|t| json!({"source_name": "mitre-attack", "external_id": t})).collect::<Vec<_>>(),
            })
        })
        .collect();
    let waves = findings.iter().filter(|f| f.detector == "mail/wave" && f.severity >= least);
    objects.extend(waves.flat_map(|wave| wave_indicators(wave, &stamp)));
    let id = uuid(&serde_json::to_vec(&objects).unwrap_or_default());
    let mut bundle = json!({"type": "bundle", "id": format!("bundle--{id}")});
    // An empty list is no valid one (STIX 2.1, 8).
    if !objects.is_empty() {
        bundle["objects"] = Value::Array(objects);
    }
    bundle
}

/// Indicators of a wave of phishing.
fn wave_indicators(wave: &Finding, stamp: &str) -> Vec<Value> {
    let from = wave.first.map_or(stamp.to_string(), |t| t.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    let one = |(kind, value): (&str, &str)| {
        let pattern = super::mail::pattern(kind, value)?;
        Some(json!({
            "type": "indicator",
            "spec_version": "2.1",
            "id": format!("indicator--{}", uuid(format!("{}|{pattern}", wave.id()).as_bytes())),
            "created": stamp,
            "modified": stamp,
            "name": value,
            "description": wave.title.en,
            "indicator_types": ["malicious-activity"],
            "pattern": pattern,
            "pattern_type": "stix",
            "valid_from": from,
            "confidence": wave.confidence,
            "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "initial-access"}],
            "external_references": wave.techniques.iter().map(|t| json!({"source_name": "mitre-attack", "external_id": t})).collect::<Vec<_>>(),
        }))
    };
    super::mail::indicators(wave).into_iter().filter_map(one).collect()
}

/// The same content has the same id: a UUID of version 8 (RFC 9562 5.8), its bits two FNV-1a hashes of it.
pub fn uuid(content: &[u8]) -> String {
    let hash = |seed: u64| content.iter().fold(seed, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    let mut id = [0u8; 16];
    id[..8].copy_from_slice(&hash(0xcbf2_9ce4_8422_2325).to_be_bytes());
    id[8..].copy_from_slice(&hash(0x6c62_272e_07bb_0142).to_be_bytes());
    id[6] = id[6] & 0x0f | 0x80;
    id[8] = id[8] & 0x3f | 0x80;
    let hex: String = id.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
