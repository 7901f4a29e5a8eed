//! Findings as SARIF 2.1.0 (OASIS), which dashboards of code and security read.

use model::{Lang, Severity};
use serde_json::{Value, json};
use site::Finding;
use std::collections::BTreeMap;

/// One run over all sites.
pub fn sarif(all: &[(String, Vec<Finding>)], lang: Lang) -> Value {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    let mut results = Vec::new();
    for (url, found) in all {
        for f in found {
            let fix = site::fix(f.id)
                .iter()
                .map(|fix| format!("{}: {}", fix.whom(lang), fix.what(lang)))
                .collect::<Vec<_>>()
                .join("\n");
            rules.entry(f.id).or_insert_with(|| {
                json!({ "id": f.id, "shortDescription": { "text": f.id.replace('-', " ") }, "fullDescription": { "text": f.why.get(lang) },
                    "help": { "text": format!("{}\n{fix}", f.mend.get(lang)).trim().to_string() },
                    "properties": { "security-severity": score(f.severity), "article": f.article } })
            });
            let level = match f.severity {
                Severity::Info => "note",
                Severity::Low | Severity::Medium => "warning",
                Severity::High | Severity::Critical => "error",
            };
            let uri = if url.contains("://") { url.clone() } else { format!("https://{url}") };
            results.push(json!({ "ruleId": f.id, "level": level, "message": { "text": format!("{}: {}", f.why.get(lang), f.seen) },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
                "partialFingerprints": { "finding/v1": law::sha256(format!("{url}|{}|{}", f.id, f.seen).as_bytes()) } }));
        }
    }
    let index: Vec<&str> = rules.keys().copied().collect();
    for result in &mut results {
        let place = result["ruleId"].as_str().and_then(|id| index.binary_search(&id).ok());
        result["ruleIndex"] = place.into();
    }
    json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{ "tool": { "driver": { "name": "vigie", "version": env!("CARGO_PKG_VERSION"), "rules": rules.into_values().collect::<Vec<_>>() } },
            "results": results }] })
}

/// As dashboards sort: 0 to 10.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "0.0",
        Severity::Low => "3.0",
        Severity::Medium => "5.0",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}
