//! What is kept of an examination: every byte that was sent and came, the report, and by it what changed.

use super::examine::Examined;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Error, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A name for a folder, of a site's.
fn folder(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, r)| r);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' }).take(120).collect()
}

/// Writes evidence and report into the site's folder under `dir`, and puts into the report what changed since the one before.
pub fn keep(dir: &Path, url: &str, examined: &Examined, line: &mut Value) -> Result<()> {
    let dir = dir.join(folder(url));
    let failed = |what: &str, path: &Path, e: std::io::Error| {
        Error::new(format!("could not {what} `{}`", path.display())).because(e)
    };
    fs::create_dir_all(&dir).map_err(|e| failed("make", &dir, e))?;
    let stamp = examined.at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut text = String::new();
    for e in &examined.exchanges {
        let exchange = json!({ "at": e.at, "what": e.what, "to": e.to.to_string(),
            "sent": STANDARD.encode(&e.sent), "received": STANDARD.encode(&e.received) });
        text += &(exchange.to_string() + "\n");
    }
    for record in &examined.records {
        let mut record = serde_json::to_value(record).map_err(|e| Error::new("could not write JSON").because(e))?;
        record["what"] = "dns".into();
        text += &(record.to_string() + "\n");
    }
    for message in examined.run.iter().flat_map(|r| &r.messages) {
        text += &(json!({ "what": "browser", "message": message }).to_string() + "\n");
    }
    let evidence = dir.join(format!("{stamp}.jsonl"));
    fs::write(&evidence, &text).map_err(|e| failed("write", &evidence, e))?;
    line["evidence"] = json!({ "file": evidence.to_string_lossy(), "sha256": law::sha256(text.as_bytes()) });
    let report = dir.join(format!("{stamp}.json"));
    if let Some(before) = last(&dir, &format!("{stamp}.json")) {
        line["change"] = change(&before, line);
    }
    fs::write(&report, line.to_string() + "\n").map_err(|e| failed("write", &report, e))
}

/// The report before this one; one that cannot be read is none.
fn last(dir: &Path, now: &str) -> Option<Value> {
    let mut names: Vec<String> =
        fs::read_dir(dir).ok()?.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|n| n.ends_with(".json") && n.as_str() < now);
    names.sort();
    serde_json::from_slice(&fs::read(dir.join(names.pop()?)).ok()?).ok()
}

fn change(before: &Value, now: &Value) -> Value {
    let list = |v: &Value| -> Vec<Value> {
        v["findings"].as_array().into_iter().flatten().map(|f| json!({ "id": f["id"], "seen": f["seen"] })).collect()
    };
    let (old, new) = (list(before), list(now));
    let beyond = |a: &[Value], b: &[Value]| -> Vec<Value> { a.iter().filter(|f| !b.contains(f)).cloned().collect() };
    let tests = |v: &Value| v["tests"].as_object().cloned().unwrap_or_default();
    let (old_tests, new_tests) = (tests(before), tests(now));
    let changed: Vec<Value> = new_tests
        .iter()
        .filter(|(name, t)| old_tests.get(*name).is_some_and(|o| o["result"] != t["result"]))
        .map(|(name, t)| json!({ "test": name, "from": old_tests[name]["result"], "to": t["result"] }))
        .collect();
    json!({ "since": before["at"], "grade": before["grade"], "score": before["score"],
        "privacy_score": before["privacy_score"], "tests": changed, "new": beyond(&new, &old), "gone": beyond(&old, &new) })
}
