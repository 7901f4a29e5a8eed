//! What is kept of an examination: every byte that was sent and came, the report, and by it what changed.

use super::examine::Examined;
use super::request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Error, Lang, Result};
use serde_json::{Value, json};
use site::Finding;
use site::complaint::{Exhibit, Facts, drafts};
use std::path::Path;
use store::Folder;

/// A name for a folder, of a site's.
fn folder(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, r)| r);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' }).take(120).collect()
}

/// The lines of evidence, each with what it is.
fn lines(examined: &Examined) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for e in &examined.exchanges {
        let exchange = json!({ "at": e.at, "what": e.what, "to": e.to.to_string(),
            "sent": STANDARD.encode(&e.sent), "received": STANDARD.encode(&e.received) });
        all.push((e.what.clone(), exchange.to_string()));
    }
    for record in &examined.records {
        let mut record = serde_json::to_value(record).map_err(|e| Error::new("could not write JSON").because(e))?;
        record["what"] = "dns".into();
        all.push(("dns".into(), record.to_string()));
    }
    for request in examined.run.iter().flat_map(|r| &r.requests) {
        let left = if request.left { "" } else { "(not sent) " };
        let what = format!("browser {left}{} {}", request.method, request.url);
        let line = json!({ "at": examined.at, "what": what, "sent": STANDARD.encode(&request.sent) });
        all.push((what, line.to_string()));
    }
    for message in examined.run.iter().flat_map(|r| &r.messages) {
        all.push(("browser".into(), json!({ "what": "browser", "message": message }).to_string()));
    }
    Ok(all)
}

/// What of the evidence shows a finding: for one of the browser's, the requests to hosts that it names.
fn exhibits(finding: &Finding, examined: &Examined, lines: &[(String, String)]) -> Vec<Exhibit> {
    let wanted = request(finding, examined);
    let host = |what: &str| {
        let rest = what.split_once("://").map_or("", |(_, r)| r);
        rest.split(['/', '?', '#']).next().unwrap_or("").to_string()
    };
    let named = |what: &str| {
        let host = host(what);
        what.starts_with("browser ") && !host.is_empty() && finding.seen.split([',', ' ']).any(|w| w == host)
    };
    let direct = |what: &str| what == wanted && wanted != "browser";
    let of = |fits: &dyn Fn(&str) -> bool| -> Vec<Exhibit> {
        let fit = lines.iter().enumerate().filter(|(_, (what, _))| fits(what));
        fit.map(|(n, (what, text))| Exhibit { what: what.clone(), line: n + 1, sha256: law::sha256(text.as_bytes()) })
            .collect()
    };
    let by_name = of(&named);
    if by_name.is_empty() { of(&|what| direct(what)) } else { by_name }
}

/// Writes evidence and report into the site's folder under `dir`, and puts into the report what changed since the one before;
/// with `complain` also the drafts of complaints, in this language. The folder may have come from somebody else: nothing in it is
/// written or read through a link.
pub fn keep(
    dir: &Path,
    url: &str,
    examined: &Examined,
    found: &[Finding],
    line: &mut Value,
    complain: Option<Lang>,
) -> Result<()> {
    let name = folder(url);
    let home = Folder::make(dir)?.room(&name)?;
    let dir = dir.join(&name);
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        home.write(name, bytes)
            .map_err(|e| Error::new(format!("could not write `{}`", path.display())).because(e))
            .map(|()| path.to_string_lossy().into_owned())
    };
    let stamp = examined.at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let lines = lines(examined)?;
    let text: String = lines.iter().flat_map(|(_, line)| [line.as_str(), "\n"]).collect();
    let digest = law::sha256(text.as_bytes());
    let evidence = put(&format!("{stamp}.jsonl"), text.as_bytes())?;
    line["evidence"] = json!({ "file": evidence, "sha256": digest });
    if let Some(before) = last(&home, &format!("{stamp}.json")) {
        line["change"] = change(&before, line);
    }
    if let Some(lang) = complain {
        let facts = Facts {
            url,
            at: examined.at,
            by_browser: examined.run.is_some(),
            evidence: (&evidence, &digest),
            found: found.iter().map(|f| (f, exhibits(f, examined, &lines))).collect(),
        };
        let mut written = Vec::new();
        for (name, text) in drafts(&facts, lang) {
            written.push(put(&format!("{stamp}.{name}"), text.as_bytes())?);
        }
        line["complaints"] = json!(written);
    }
    put(&format!("{stamp}.json"), (line.to_string() + "\n").as_bytes()).map(drop)
}

/// The report before this one; one that cannot be read is none.
fn last(home: &Folder, now: &str) -> Option<Value> {
    let name = home.names().ok()?.into_iter().rfind(|n| n.ends_with(".json") && n.as_str() < now)?;
    serde_json::from_slice(&home.read(&name).ok()??).ok()
}

/// What is told of a finding, without its figures: a page that weighs a KiB more is no other fault.
fn told(finding: &Value) -> (String, String) {
    let seen = finding["seen"].as_str().unwrap_or_default();
    let mut without = String::new();
    for c in seen.chars() {
        match c.is_ascii_digit() {
            true if without.ends_with('#') => {}
            true => without.push('#'),
            false => without.push(c),
        }
    }
    // Of a port and of an address the figures are the name.
    let named = finding["id"].as_str().is_some_and(|id| id.starts_with("port-")) || seen.starts_with("http");
    (finding["id"].as_str().unwrap_or_default().into(), if named { seen.into() } else { without })
}

fn change(before: &Value, now: &Value) -> Value {
    let list = |v: &Value| -> Vec<Value> {
        v["findings"].as_array().into_iter().flatten().map(|f| json!({ "id": f["id"], "seen": f["seen"] })).collect()
    };
    let (old, new) = (list(before), list(now));
    let beyond = |a: &[Value], b: &[Value]| -> Vec<Value> {
        let known: Vec<_> = b.iter().map(told).collect();
        a.iter().filter(|f| !known.contains(&told(f))).cloned().collect()
    };
    // What could not be asked this time is not gone.
    let words =
        |key: &str| -> Vec<&str> { now[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect() };
    let mut unjudged = words("not_checked");
    if before["privacy_from"] == "browser" && now["privacy_from"] != "browser" {
        unjudged.extend(site::BY_BROWSER);
    }
    let missed: Vec<&str> =
        now["unanswered"].as_array().into_iter().flatten().filter_map(|m| m["what"].as_str()).collect();
    let open = |f: &Value| {
        let (id, seen) = (f["id"].as_str().unwrap_or_default(), f["seen"].as_str().unwrap_or_default());
        let place = seen.split([' ', ':']).next().unwrap_or_default();
        let address = seen.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
        unjudged.contains(&id)
            || missed.iter().any(|m| {
                m.strip_prefix("port ").is_some_and(|p| id.starts_with("port-") && p == place)
                    || seen.starts_with("http") && m.strip_prefix("GET ").is_some_and(|url| url == address)
            })
    };
    let (not_checked, gone): (Vec<Value>, Vec<Value>) = beyond(&old, &new).into_iter().partition(open);
    let tests = |v: &Value| v["tests"].as_object().cloned().unwrap_or_default();
    let (old_tests, new_tests) = (tests(before), tests(now));
    let changed: Vec<Value> = new_tests
        .iter()
        .filter(|(name, t)| old_tests.get(*name).is_some_and(|o| o["result"] != t["result"]))
        .map(|(name, t)| json!({ "test": name, "from": old_tests[name]["result"], "to": t["result"] }))
        .collect();
    json!({ "since": before["at"], "grade": before["grade"], "score": before["score"],
        "privacy_score": before["privacy_score"], "tests": changed, "new": beyond(&new, &old), "gone": gone,
        "not_checked": not_checked })
}
