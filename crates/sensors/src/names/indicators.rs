//! Names that somebody holds to be bad: STIX 2.1 bundles, MISP events and feeds, Maltrail lists, tables and plain lists
//! → who says so, of what, when, and where it can be read.
//!
//! You may rely on: an indicator never loses its source. Only domain names and the hosts of URLs are kept; of a page on
//! a host that serves everybody (a document in a file service) nothing is, for the host is innocent. Left out: other
//! kinds of indicators; fetching feeds. `[names] no_indicators` leaves all of it out.

use super::lines::host;
use crate::domain::Parts;
use model::Span;
pub use rows::names::Indicator;
use serde_json::Value;
use std::collections::HashMap;

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
        let Indicator { name, source, what, when, until, reference } = indicator;
        for (n, cell) in [name, source, what, when, until, reference].into_iter().enumerate() {
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
        Indicator { name: next(), source: next(), what: next(), when: next(), until: next(), reference: next() }
    })
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or("").chars().filter(|c| !c.is_control()).take(500).collect()
}

fn array<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
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
    let mut said = Bundle::default();
    array(bundle, "objects").for_each(|object| said.take(object, NOWHERE));
    out.extend(said.drain().map(|(indicator, _)| indicator));
}

/// Of a list that is no evidence, nobody asks the places.
const NOWHERE: Span = Span { start: 0, len: 0, line: 0 };

/// What may wait, roughly in bytes, for what is said of it further on.
const WAITING: usize = 96 << 20;

/// What a STIX bundle says, object by object in any order: who is meant and who says so may come last.
#[derive(Default)]
pub struct Bundle {
    named: HashMap<u64, Box<str>>,
    indicates: HashMap<u64, u64>,
    waiting: Vec<(Indicator, u64, u64, Span)>,
    /// Names without an indicator: what a bundle is about only where it has none.
    bare: Vec<(Indicator, u64, u64, Span)>,
    told: bool,
    weight: usize,
}

/// An identifier; two of one document that fall together would have to be sought for, and would but change a name.
fn known_by(id: &str) -> u64 {
    std::hash::BuildHasher::hash_one(&foldhash::quality::FixedState::default(), id)
}

impl Bundle {
    /// Takes one object.
    pub fn take(&mut self, object: &Value, place: Span) {
        let id = known_by(&text(object, "id"));
        let harmless = array(object, "indicator_types").any(|t| t.as_str() == Some("benign"));
        if object.get("revoked").and_then(Value::as_bool) == Some(true) || harmless {
            self.told |= text(object, "type") == "indicator";
            return;
        }
        let kind = text(object, "type");
        let values = match kind.as_str() {
            "identity" | "intrusion-set" | "campaign" | "threat-actor" | "malware" => {
                let name = text(object, "name");
                self.weight += 64 + name.len();
                self.named.insert(id, name.into());
                return;
            }
            "relationship" if text(object, "relationship_type") == "indicates" => {
                self.weight += 40;
                let [from, to] = ["source_ref", "target_ref"].map(|key| known_by(&text(object, key)));
                self.indicates.insert(from, to);
                return;
            }
            "indicator" => {
                self.told = true;
                pattern(&text(object, "pattern"))
            }
            "domain-name" if !self.told => vec![text(object, "value")],
            _ => return,
        };
        let into = if kind == "indicator" { &mut self.waiting } else { &mut self.bare };
        let by = known_by(&text(object, "created_by_ref"));
        for indicator in values.iter().filter_map(|v| indicator(v)) {
            let when = [text(object, "valid_from"), text(object, "created")];
            let when = when.into_iter().find(|t| !t.is_empty()).unwrap_or_default();
            let links = array(object, "external_references").map(|r| text(r, "url"));
            let reference = links.into_iter().find(|u| !u.is_empty()).unwrap_or_default();
            let until = text(object, "valid_until");
            let indicator = Indicator { what: text(object, "name"), when, until, reference, ..indicator };
            self.weight += 200 + indicator.name.len() + indicator.what.len() + indicator.reference.len();
            into.push((indicator, id, by, place));
        }
    }

    /// Whether so much waits that it must be told with what is known so far.
    pub fn is_full(&self) -> bool {
        self.weight > WAITING
    }

    /// The indicators, with what is said of them.
    pub fn drain(&mut self) -> impl Iterator<Item = (Indicator, Span)> {
        let Bundle { named, indicates, waiting, bare, told, .. } = std::mem::take(self);
        self.told = told;
        waiting.into_iter().chain(bare.into_iter().filter(move |_| !told)).map(move |(indicator, id, by, place)| {
            let meant = indicates.get(&id).and_then(|to| named.get(to));
            let what = meant.map_or(indicator.what, |name| name.to_string());
            let source = named.get(&by).map_or_else(|| "STIX".into(), |name| name.to_string());
            (Indicator { source, what, ..indicator }, place)
        })
    }
}

/// The names that a bundle's objects are: hosts, addresses, and channels and media that are known by their domain.
pub fn named(bundle: &Value) -> impl Iterator<Item = String> {
    array(bundle, "objects").filter_map(name_of)
}

/// The name that an object is.
pub fn name_of(object: &Value) -> Option<String> {
    let key = match text(object, "type").as_str() {
        "domain-name" | "url" => "value",
        "channel" | "media-content" | "infrastructure" => "name",
        _ => return None,
    };
    let mut parts = Parts::default();
    parts.set(host(text(object, key).as_bytes())).ok()?;
    knowledge::suffixes::suffix(parts.text().as_bytes()).is_some_and(|s| s.is_known()).then(|| parts.text().to_string())
}

/// The names that a STIX pattern asks for: `[domain-name:value IN ('a.fr', 'b.fr') OR url:value LIKE 'http://c.fr/%']`.
/// What it asks not to be (`!=`, `NOT`) is no name of it.
fn pattern(text: &str) -> Vec<String> {
    const PATHS: [&str; 5] = [
        "domain-name:value",
        "url:value",
        "hostname:value",
        "network-traffic:dst_ref.value",
        "network-traffic:src_ref.value",
    ];
    let mut all = Vec::new();
    let mut tokens = words(text).peekable();
    let mut before = "";
    while let Some(token) = tokens.next() {
        let negated = before.eq_ignore_ascii_case("NOT");
        before = token;
        if !PATHS.contains(&token) && !token.ends_with("request_header.Host") {
            continue;
        }
        let mut negated = negated;
        while let Some(op) = tokens.next_if(|t| !t.starts_with('\'')) {
            negated |= op.eq_ignore_ascii_case("NOT") || matches!(op, "!=" | "<>");
            before = op;
            if op == "(" || op == "=" || op == "!=" {
                break;
            }
        }
        while let Some(value) = tokens.next_if(|t| t.starts_with('\'') || *t == ",") {
            if let Some(value) = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')).filter(|_| !negated) {
                all.push(value.replace("\\'", "'").trim_end_matches('%').to_string());
            }
        }
    }
    all
}

/// The words, operators and quoted texts of a STIX pattern, so many at most.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | ')'));
        let first = rest.chars().next()?;
        let end = match first {
            '\'' => {
                // A quote in it is escaped.
                let close = rest.char_indices().skip(1).scan(false, |escaped, (at, c)| {
                    let ends = c == '\'' && !*escaped;
                    *escaped = c == '\\' && !*escaped;
                    Some((at, ends))
                });
                close.filter(|(_, ends)| *ends).map(|(at, _)| at + 1).next().unwrap_or(rest.len())
            }
            '(' | ',' => 1,
            '=' | '!' | '<' | '>' => rest.find(|c| !matches!(c, '=' | '!' | '<' | '>')).unwrap_or(rest.len()),
            _ => rest
                .char_indices()
                .find(|(_, c)| c.is_whitespace() || matches!(c, '=' | '!' | '<' | '>' | '(' | ')' | ']' | ','))
                .map_or(rest.len(), |(at, _)| at),
        };
        let (word, tail) = rest.split_at(end.max(first.len_utf8()));
        rest = tail;
        Some(word)
    })
    .take(100_000)
}

/// Whether MISP's type of attribute is a name, or has one.
fn is_name(kind: &str) -> bool {
    matches!(kind, "domain" | "hostname" | "url" | "uri" | "domain|ip" | "hostname|port")
}

fn misp(event: &Value, out: &mut Vec<Indicator>) {
    let mut said = Event::default();
    event.as_object().into_iter().flatten().for_each(|(key, value)| said.set(key, value));
    let within = array(event, "Object").flat_map(|o| array(o, "Attribute"));
    array(event, "Attribute").chain(within).for_each(|attribute| said.take(attribute, NOWHERE));
    out.extend(said.drain().map(|(indicator, _)| indicator));
}

/// What a MISP event says, attribute by attribute; what is said of all may come last.
#[derive(Default)]
pub struct Event {
    source: String,
    what: String,
    when: String,
    reference: String,
    waiting: Vec<(Box<str>, Span)>,
    weight: usize,
}

impl Event {
    /// Takes what is said of the whole event.
    pub fn set(&mut self, key: &str, value: &Value) {
        let word = || value.as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).take(500).collect();
        match key {
            "Orgc" => self.source = text(value, "name"),
            "info" => self.what = word(),
            "date" => self.when = word(),
            _ => {}
        }
    }

    /// Takes one attribute.
    pub fn take(&mut self, attribute: &Value, place: Span) {
        let is = |key: &str, what: bool| attribute.get(key).and_then(Value::as_bool) == Some(what);
        let value = text(attribute, "value");
        match text(attribute, "type").as_str() {
            "link" if self.reference.is_empty() => self.reference = value,
            // What is not for detection is context.
            kind if is_name(kind) && !is("to_ids", false) && !is("deleted", true) => {
                if let Some(found) = indicator(value.split('|').next().unwrap_or("")) {
                    self.weight += 64 + found.name.len();
                    self.waiting.push((found.name.into(), place));
                }
            }
            _ => {}
        }
    }

    /// Whether so much waits that it must be told with what is known so far.
    pub fn is_full(&self) -> bool {
        self.weight > WAITING
    }

    /// The indicators, with what is said of them; what is said of all is kept.
    pub fn drain(&mut self) -> impl Iterator<Item = (Indicator, Span)> + use<> {
        self.weight = 0;
        let source = if self.source.is_empty() { "MISP".into() } else { self.source.clone() };
        let said = Indicator {
            name: String::new(),
            source,
            what: self.what.clone(),
            when: self.when.clone(),
            until: String::new(),
            reference: self.reference.clone(),
        };
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_iter().map(move |(name, place)| (Indicator { name: name.into(), ..said.clone() }, place))
    }
}

/// Reads a piece of evidence as indicators, whatever it is: STIX, MISP, a table with a header, a Maltrail list or a
/// plain one. `source` is who says so where the evidence does not.
pub fn parse(evidence: &[u8], source: &str) -> Vec<Indicator> {
    let mut all = Vec::new();
    if let Ok(value) = serde_json::from_slice::<Value>(evidence) {
        // MISP's warning lists say what is harmless.
        if value.get("matching_attributes").is_some() && value.get("list").is_some() {
            return all;
        }
        if !json(&value, &mut all) {
            let mut said = super::json::Statement::default();
            super::json::read(&value, &mut said);
            all.extend(
                said.names.iter().filter_map(|n| indicator(n)).map(|i| Indicator { source: source.into(), ..i }),
            );
        }
        return all;
    }
    let text = String::from_utf8_lossy(evidence);
    let mut lines = text.lines().peekable();
    let cells = |line: &str| -> Vec<String> { fields(line).into_iter().map(|f| f.to_lowercase()).collect() };
    let names =
        |header: &[String]| NAMES.iter().find_map(|n| header.iter().position(|h| h == n)).filter(|_| header.len() > 1);
    // The first line, or one of the remarks before the rows.
    let remark = |l: &str| l.strip_prefix('#').map(str::trim_start).map(cells);
    let header = match text.lines().next().map(cells).filter(|h| names(h).is_some()) {
        Some(header) => header,
        None => text
            .lines()
            .take_while(|l| l.starts_with('#'))
            .filter_map(remark)
            .find(|h| names(h).is_some())
            .unwrap_or_default(),
    };
    let column = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    if let Some(name) = names(&header) {
        // MISP's table of attributes.
        let (kind, for_detection) = (column(&["type"]).filter(|_| header[name] == "value"), column(&["to_ids"]));
        let columns = [
            column(&["source", "author", "organisation"]),
            column(&["operation", "campaign", "threat", "comment", "info", "reason", "event_info"]),
            column(&["date", "identified", "first_seen", "created", "when", "dateadded"]),
            column(&["reference", "report_url", "link"]),
        ];
        while lines.next_if(|l| l.starts_with('#') || cells(l) == header).is_some() {}
        for line in lines.filter(|l| !l.starts_with('#')) {
            let row = fields(line);
            let is =
                |at: Option<usize>, test: &dyn Fn(&str) -> bool| at.and_then(|n| row.get(n)).is_some_and(|v| test(v));
            if is(kind, &|v| !is_name(v)) || is(for_detection, &|v| matches!(v, "0" | "false" | "False")) {
                continue;
            }
            let get = |at: Option<usize>| at.and_then(|n| row.get(n)).cloned().unwrap_or_default();
            if let Some(indicator) = row.get(name).and_then(|n| indicator(n.split('|').next().unwrap_or(n))) {
                let said = get(columns[0]);
                let said = if said.is_empty() { source.into() } else { said };
                all.push(Indicator {
                    source: said,
                    what: get(columns[1]),
                    when: get(columns[2]),
                    until: String::new(),
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

/// What a table of indicators may call its column of names, the surest first.
const NAMES: [&str; 8] = ["domain", "indicator", "hostname", "fqdn", "host", "value", "url", "ioc"];

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
    fn patterns_say_what_they_ask_for() {
        let check = |text: &str, expected: &[&str]| assert_eq!(pattern(text), expected, "{text}");
        check("[domain-name:value IN ('a.fr','b.fr')]", &["a.fr", "b.fr"]);
        check("[domain-name:value = 'a.fr' AND domain-name:value != 'b.fr']", &["a.fr"]);
        check("[NOT domain-name:value = 'b.fr'] OR [domain-name:value NOT IN ('c.fr')]", &[]);
        check(
            "[url:value LIKE 'http://a.fr/%'] FOLLOWEDBY [network-traffic:dst_ref.value='b.fr']",
            &["http://a.fr/", "b.fr"],
        );
        check("[file:name = 'domain-name:value = b.fr' AND domain-name:value='it\\'s.fr']", &["it's.fr"]);
        check("[domain-name:value", &[]);
    }

    #[test]
    fn what_accuses_nobody_is_no_indicator() {
        let names = |text: &str| parse(text.as_bytes(), "x").into_iter().map(|i| i.name).collect::<Vec<_>>();
        let stix = |more: Value| {
            let mut object = json!({"type": "indicator", "pattern": "[domain-name:value = 'a.fr']"});
            object.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            json!({"type": "bundle", "objects": [object, {"type": "domain-name", "value": "b.fr"}]}).to_string()
        };
        assert_eq!(names(&stix(json!({}))), ["a.fr"]);
        assert_eq!(names(&stix(json!({"revoked": true}))), [""; 0]);
        assert_eq!(names(&stix(json!({"indicator_types": ["benign"]}))), [""; 0]);
        let misp = r#"{"Event":{"info":"x","Attribute":[{"type":"domain","value":"a.fr","to_ids":true},{"type":"domain","value":"b.fr","to_ids":false}]}}"#;
        assert_eq!(names(misp), ["a.fr"]);
        assert_eq!(
            names(r#"{"name":"Top","type":"hostname","list":["a.fr"],"matching_attributes":["domain"]}"#),
            [""; 0]
        );
        let table = "uuid,event_id,category,type,value,comment,to_ids,date\n1,1,x,domain|ip,a.fr|192.0.2.1,,1,2026\n1,1,x,domain,b.fr,,0,2026\n1,1,x,md5,c.fr,,1,2026\n";
        assert_eq!(names(table), ["a.fr"]);
        let urlhaus = "#####\n# a list\n# id,dateadded,url,threat,urlhaus_link\n\"1\",\"2026\",\"http://a.fr/i.sh\",\"malware\",\"https://u.example.net/1/\"\n";
        assert_eq!(names(urlhaus), ["a.fr"]);
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
                until: String::new(),
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
