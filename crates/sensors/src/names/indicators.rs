//! Names that somebody holds to be bad: STIX 2.1 bundles, MISP events and feeds, Maltrail lists, tables and plain lists
//! → who says so, of what, when, and where it can be read.
//!
//! You may rely on: an indicator never loses its source. Only domain names and the hosts of URLs are kept; of a page on
//! a host that serves everybody (a document in a file service) nothing is, for the host is innocent. Left out: other
//! kinds of indicators; fetching feeds. `[names] no_indicators` leaves all of it out.

use super::lines::host;
use crate::domain::Parts;
pub use rows::names::Indicator;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The indicator of a name or URL, without what is said of it.
fn indicator(name: &str) -> Option<Indicator> {
    let mut parts = Parts::default();
    parts.set(host(name.as_bytes())).ok()?;
    if is_page(name) && serves_everybody(parts.domain()) {
        return None;
    }
    Some(Indicator { name: parts.text().into(), ..Indicator::default() })
}

/// Whether a URL says more than a host.
fn is_page(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find(['/', '?']).is_some_and(|at| rest.len() > at + 1)
}

fn serves_everybody(domain: &str) -> bool {
    let data = &super::KNOWLEDGE;
    data.shared.domains.iter().chain(data.service.iter().flat_map(|s| &s.own)).any(|own| match own.strip_suffix('*') {
        Some(label) => domain.starts_with(label),
        None => domain == own,
    })
}

/// Indicators as one text, a line each, sorted: how the program hands the lists it was named to readers, in this
/// process and in others, at the price of one string.
pub fn pack(mut all: Vec<Indicator>) -> String {
    all.sort();
    all.dedup();
    let mut out = String::new();
    for indicator in &all {
        let Indicator { name, source, what, when, reference } = indicator;
        for (n, cell) in [name, source, what, when, reference].into_iter().enumerate() {
            if n > 0 {
                out.push('\t');
            }
            out.extend(cell.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        out.push('\n');
    }
    out
}

/// What [`pack`] wrote.
pub fn unpack(text: &str) -> impl Iterator<Item = Indicator> {
    text.lines().map(|line| {
        let mut cells = line.split('\t').map(String::from);
        let mut next = || cells.next().unwrap_or_default();
        Indicator { name: next(), source: next(), what: next(), when: next(), reference: next() }
    })
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or("").chars().filter(|c| !c.is_control()).take(500).collect()
}

fn array<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten().take(super::json::MOST)
}

/// Reads a STIX bundle or a MISP event; false where the value is neither.
pub fn json(value: &Value, out: &mut Vec<Indicator>) -> bool {
    if text(value, "type") == "bundle" && value.get("objects").is_some() {
        stix(value, out);
        return true;
    }
    if let Some(event) = value.get("Event") {
        misp(event, out);
        return true;
    }
    if value.get("response").is_some() {
        array(value, "response").filter_map(|v| v.get("Event")).for_each(|e| misp(e, out));
        return true;
    }
    false
}

fn stix(bundle: &Value, out: &mut Vec<Indicator>) {
    let named: BTreeMap<String, String> = array(bundle, "objects")
        .filter(|o| {
            matches!(text(o, "type").as_str(), "identity" | "intrusion-set" | "campaign" | "threat-actor" | "malware")
        })
        .map(|o| (text(o, "id"), text(o, "name")))
        .collect();
    let indicates: BTreeMap<String, String> = array(bundle, "objects")
        .filter(|o| text(o, "type") == "relationship" && text(o, "relationship_type") == "indicates")
        .filter_map(|o| Some((text(o, "source_ref"), named.get(&text(o, "target_ref"))?.clone())))
        .collect();
    for object in array(bundle, "objects") {
        let values: Vec<String> = match text(object, "type").as_str() {
            "indicator" => pattern(&text(object, "pattern")),
            "domain-name" => vec![text(object, "value")],
            _ => continue,
        };
        for indicator in values.iter().filter_map(|v| indicator(v)) {
            let what = indicates.get(&text(object, "id")).cloned().unwrap_or_else(|| text(object, "name"));
            let when = [text(object, "valid_from"), text(object, "created")]
                .into_iter()
                .find(|t| !t.is_empty())
                .unwrap_or_default();
            let source = named.get(&text(object, "created_by_ref")).cloned().unwrap_or_else(|| "STIX".into());
            let reference = array(object, "external_references")
                .map(|r| text(r, "url"))
                .find(|u| !u.is_empty())
                .unwrap_or_default();
            out.push(Indicator { source, what, when, reference, ..indicator });
        }
    }
}

/// The names a STIX pattern compares with: `[domain-name:value = 'a.fr' OR url:value LIKE 'http://b.fr/%']`.
fn pattern(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for kind in ["domain-name:value", "url:value", "hostname:value"] {
        for (at, _) in text.match_indices(kind).take(1000) {
            let rest =
                text[at + kind.len()..].trim_start().trim_start_matches(['=', 'L', 'I', 'K', 'E', 'N', ' ', '(']);
            all.extend(rest.strip_prefix('\'').and_then(|r| r.split('\'').next()).map(String::from));
        }
    }
    all
}

fn misp(event: &Value, out: &mut Vec<Indicator>) {
    let source = event.get("Orgc").map(|o| text(o, "name")).filter(|n| !n.is_empty()).unwrap_or_else(|| "MISP".into());
    let (what, when) = (text(event, "info"), text(event, "date"));
    let within = array(event, "Object").flat_map(|o| array(o, "Attribute"));
    let attributes: Vec<&Value> = array(event, "Attribute").chain(within).collect();
    let reference = attributes.iter().find(|a| text(a, "type") == "link").map(|a| text(a, "value")).unwrap_or_default();
    for attribute in attributes {
        if !matches!(text(attribute, "type").as_str(), "domain" | "hostname" | "url" | "domain|ip" | "hostname|port") {
            continue;
        }
        let value = text(attribute, "value");
        if let Some(indicator) = indicator(value.split('|').next().unwrap_or("")) {
            out.push(Indicator {
                source: source.clone(),
                what: what.clone(),
                when: when.clone(),
                reference: reference.clone(),
                ..indicator
            });
        }
    }
}

/// Reads a piece of evidence as indicators, whatever it is: STIX, MISP, a table with a header, a Maltrail list or a
/// plain one. `source` is who says so where the evidence does not.
pub fn parse(evidence: &[u8], source: &str) -> Vec<Indicator> {
    let mut all = Vec::new();
    if let Ok(value) = serde_json::from_slice::<Value>(evidence) {
        if !json(&value, &mut all) {
            let mut said = super::json::Said::default();
            super::json::read(&value, &mut said);
            all.extend(
                said.names.iter().filter_map(|n| indicator(n)).map(|i| Indicator { source: source.into(), ..i }),
            );
        }
        return all;
    }
    let text = String::from_utf8_lossy(evidence);
    let mut lines = text.lines().peekable();
    let header: Vec<String> =
        lines.peek().map(|l| fields(l).into_iter().map(|f| f.to_lowercase()).collect()).unwrap_or_default();
    let column = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    if let (true, Some(name)) = (header.len() > 1, column(&["domain", "indicator", "hostname", "value", "url"])) {
        let columns = [
            column(&["source", "author", "organisation"]),
            column(&["operation", "campaign", "threat", "comment", "info", "reason"]),
            column(&["date", "identified", "first_seen", "created", "when"]),
            column(&["reference", "report_url", "link"]),
        ];
        for line in lines.skip(1) {
            let row = fields(line);
            let get = |at: Option<usize>| at.and_then(|n| row.get(n)).cloned().unwrap_or_default();
            if let Some(indicator) = row.get(name).and_then(|n| indicator(n)) {
                let said = get(columns[0]);
                let said = if said.is_empty() { source.into() } else { said };
                all.push(Indicator {
                    source: said,
                    what: get(columns[1]),
                    when: get(columns[2]),
                    reference: get(columns[3]),
                    ..indicator
                });
            }
        }
        return all;
    }
    // A Maltrail list names the reference before the names it gives.
    let (mut reference, mut maltrail, mut what) = (String::new(), false, String::new());
    for line in lines {
        let line = line.trim();
        if let Some(remark) = line.strip_prefix('#') {
            let remark = remark.trim();
            maltrail |= remark.contains("Maltrail developers");
            if let Some(url) = remark.strip_prefix("Reference:") {
                reference = url.trim().into();
            } else if let Some(names) = remark.strip_prefix("Aliases:") {
                what = names.trim().into();
            }
            continue;
        }
        let word = line.split_whitespace().find(|w| model::Address::parse(w.as_bytes()).is_none()).unwrap_or("");
        if let Some(indicator) = indicator(word) {
            let source = if maltrail { "Maltrail" } else { source };
            all.push(Indicator {
                source: source.into(),
                what: what.clone(),
                reference: reference.clone(),
                ..indicator
            });
        }
    }
    all
}

/// The fields of a line of a table (RFC 4180).
fn fields(line: &str) -> Vec<String> {
    let (mut all, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => all.push(std::mem::take(&mut field).trim().to_string()),
            c => field.push(c),
        }
    }
    all.push(field.trim().to_string());
    all
}

/// Indicators by name, ready to be met.
#[derive(Clone, Debug, Default)]
pub struct Known(HashMap<String, Vec<Indicator>, foldhash::fast::RandomState>);

impl Known {
    /// Of any number of indicators.
    pub fn new(all: impl IntoIterator<Item = Indicator>) -> Known {
        let mut known = Known::default();
        for indicator in all {
            let rows = known.0.entry(indicator.name.clone()).or_default();
            if !rows.contains(&indicator) {
                rows.push(indicator);
            }
        }
        known
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said of a name or of one it stands below, down to its registrable domain.
    pub fn of(&self, parts: &Parts) -> Option<&[Indicator]> {
        let mut text = parts.text();
        let shortest = parts.domain().len();
        while text.len() >= shortest {
            if let Some(rows) = self.0.get(text) {
                return Some(rows);
            }
            text = text.split_once('.')?.1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_packed_list_says_the_same() {
        let all = parse(b"domain,source,reason\nbad.example.com,\"A\tB\",x\nbad.example.com,C,y\n", "");
        let again: Vec<Indicator> = unpack(&pack(all.clone())).collect();
        assert_eq!(again.len(), 2);
        assert_eq!((again[0].source.as_str(), &again[1]), ("A B", &all[1]));
    }

    #[test]
    fn a_page_of_a_service_does_not_condemn_the_service() {
        let names = |text: &str| parse(text.as_bytes(), "").into_iter().map(|i| i.name).collect::<Vec<_>>();
        assert_eq!(names("https://docs.google.com/forms/d/x\nhttps://bad.example.com/x\n"), ["bad.example.com"]);
        assert_eq!(names("https://bad.example.com/\n"), ["bad.example.com"]);
    }

    #[test]
    fn every_form_keeps_who_said_so() {
        let stix = json!({"type": "bundle", "objects": [
            {"type": "identity", "id": "identity--1", "name": "CERT"},
            {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Set"},
            {"type": "indicator", "id": "indicator--1", "created_by_ref": "identity--1", "valid_from": "2017-04-25T00:00:00Z",
             "pattern": "[domain-name:value = 'bad.example.com' OR url:value = 'https://worse.example.net/x']", "external_references": [{"url": "https://r.example"}]},
            {"type": "relationship", "relationship_type": "indicates", "source_ref": "indicator--1", "target_ref": "intrusion-set--1"}]});
        let all = parse(stix.to_string().as_bytes(), "file");
        assert_eq!(all.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(), ["bad.example.com", "worse.example.net"]);
        assert_eq!(
            (all[0].source.as_str(), all[0].what.as_str(), all[0].reference.as_str()),
            ("CERT", "Set", "https://r.example")
        );
        let misp = json!({"Event": {"info": "Op", "date": "2017-05-01", "Orgc": {"name": "ORG"},
            "Attribute": [{"type": "domain", "value": "bad.example.com"}, {"type": "md5", "value": "0"}, {"type": "link", "value": "https://r.example"}]}});
        assert_eq!(
            parse(misp.to_string().as_bytes(), ""),
            [Indicator {
                name: "bad.example.com".into(),
                source: "ORG".into(),
                what: "Op".into(),
                when: "2017-05-01".into(),
                reference: "https://r.example".into(),
            }]
        );
        let table = parse(b"operation,domain,source,identified,report_url\nOp,bad.example.com,\"A, B\",2024-01-01,https://r.example\n", "");
        assert_eq!((table[0].what.as_str(), table[0].source.as_str()), ("Op", "A, B"));
        let maltrail = parse(
            b"# Copyright (c) Maltrail developers\n# Reference: https://r.example\n\nbad.example.com\n192.0.2.1\n",
            "list",
        );
        assert_eq!(
            (maltrail.len(), maltrail[0].source.as_str(), maltrail[0].reference.as_str()),
            (1, "Maltrail", "https://r.example")
        );
    }
}
