//! DMARC aggregate reports (RFC 7489 appendix C, and its successor's form): who sent how many messages in our name, and
//! whether they were authentic. A small pull of tags and texts is enough: no entities but the five of XML, no DTD.

use super::{ROWS, Rows};
use crate::mail::REPORT;
use crate::mail::observe::text;
use model::{Address, Entity, Fields, Observation, Role, SpanSet, Time};
use serde_json::{Value, json};

/// Levels of elements, at most; the schema has five.
const LEVELS: usize = 16;
/// Messages of one record, at most. Anybody can send a report: one with more would drown all others.
const COUNT: u64 = 1_000_000_000;

/// Reads a report.
pub fn read(xml: &str, all: &mut Rows) {
    let mut report = Report::default();
    let mut path: Vec<String> = Vec::new();
    let mut rest = xml;
    let mut last = "";
    while let Some(open) = memchr::memchr(b'<', rest.as_bytes()) {
        last = if rest[..open].trim().is_empty() { last } else { &rest[..open] };
        rest = &rest[open..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let Some((inside, after)) = data.split_once("]]>") else { break };
            (last, rest) = (inside, after);
            continue;
        }
        let end =
            if rest.starts_with("<!--") { rest.find("-->").map(|n| n + 3) } else { rest.find('>').map(|n| n + 1) };
        let Some(end) = end else { break };
        let tag = &rest[1..end - 1];
        rest = &rest[end..];
        if tag.starts_with(['!', '?']) {
            continue;
        }
        let local = |t: &str| {
            let name = t.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
            name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase()
        };
        if let Some(name) = tag.strip_prefix('/') {
            let name = local(name);
            if path.last() != Some(&name) {
                return all.skip("damaged DMARC report");
            }
            report.leaf(&path, &unescape(last.trim()));
            last = "";
            path.pop();
            if name == "record" {
                match report.row() {
                    _ if all.rows.len() >= ROWS => all.skip("more records than are read of a report"),
                    Some(row) => all.rows.push(row),
                    None => all.skip("DMARC record without an address or a count"),
                }
            }
        } else {
            last = "";
            if tag.ends_with('/') {
                continue;
            }
            if path.len() >= LEVELS {
                return all.skip("damaged DMARC report");
            }
            path.push(local(tag));
            report.begin(&path);
        }
    }
    if !path.is_empty() {
        all.skip("DMARC report is cut short");
    }
}

#[derive(Default)]
struct Report {
    about: Fields,
    begin: i64,
    end: i64,
    domain: String,
    record: Fields,
    source: Option<Address>,
    count: Option<u64>,
    dkim: Vec<Value>,
    spf: Vec<Value>,
    result: Fields,
}

impl Report {
    fn begin(&mut self, path: &[String]) {
        match path.last().map(String::as_str) {
            Some("record") => {
                (self.record, self.source, self.count) = (Fields::new(), None, None);
                (self.dkim, self.spf) = (Vec::new(), Vec::new());
            }
            Some("dkim" | "spf") if self.within(path, "auth_results") => self.result = Fields::new(),
            _ => {}
        }
    }

    fn within(&self, path: &[String], parent: &str) -> bool {
        path.len() >= 2 && path[path.len() - 2] == parent
    }

    /// An element ends whose text is `value`.
    fn leaf(&mut self, path: &[String], value: &str) {
        let Some(name) = path.last().map(String::as_str) else { return };
        let parent = path.len().checked_sub(2).and_then(|n| path.get(n)).map_or("", String::as_str);
        let said = || Value::from(text(value));
        let put = |fields: &mut Fields, name: &str| {
            if !value.is_empty() {
                fields.insert(name.into(), text(value).into());
            }
        };
        match (parent, name) {
            ("report_metadata", "org_name" | "email" | "report_id") => put(&mut self.about, name),
            ("date_range", "begin") => self.begin = value.parse().unwrap_or(0),
            ("date_range", "end") => self.end = value.parse().unwrap_or(0),
            ("policy_published", "domain") => self.domain = text(value).to_lowercase(),
            ("policy_published", "p" | "sp" | "np" | "pct" | "adkim" | "aspf") => {
                put(&mut self.about, &format!("policy_{name}"))
            }
            ("row", "source_ip") => self.source = Address::parse(value.as_bytes()),
            ("row", "count") => self.count = value.parse().ok().filter(|n| *n <= COUNT),
            ("policy_evaluated", "disposition" | "dkim" | "spf") => put(&mut self.record, name),
            ("reason", "type") => put(&mut self.record, "reason"),
            ("reason", "comment") => put(&mut self.record, "comment"),
            ("identifiers", "header_from" | "envelope_from" | "envelope_to") => put(&mut self.record, name),
            ("dkim" | "spf", "domain" | "selector" | "result" | "scope") => {
                self.result.insert(name.into(), said());
            }
            ("auth_results", "dkim") if self.dkim.len() < 20 => self.dkim.push(json!(std::mem::take(&mut self.result))),
            ("auth_results", "spf") if self.spf.len() < 20 => self.spf.push(json!(std::mem::take(&mut self.result))),
            _ => {}
        }
    }

    /// The observation of the record that just ended.
    fn row(&mut self) -> Option<Observation> {
        let (source, count) = (self.source?, self.count?);
        let mut fields = Fields::new();
        fields.insert("report".into(), "dmarc".into());
        fields.extend(self.about.clone());
        fields.insert("domain".into(), self.domain.clone().into());
        fields.insert("source_ip".into(), source.to_string().into());
        fields.append(&mut self.record);
        for (name, results) in [("dkim_results", &mut self.dkim), ("spf_results", &mut self.spf)] {
            if !results.is_empty() {
                fields.insert(name.into(), std::mem::take(results).into());
            }
        }
        let (first, last) = (Time::from_seconds(self.begin), Time::from_seconds(self.end.max(self.begin)));
        let mut entities = vec![Entity::domain(&self.domain, Role::Victim), Entity::address(source, Role::Sender)];
        let shown = fields.get("header_from").and_then(Value::as_str);
        entities.extend(shown.map(|d| Entity::domain(d, Role::Victim)));
        entities.sort();
        entities.dedup();
        let key = format!("dmarc|{}|{source}", self.domain);
        let (kind, count, spans) = (REPORT.into(), count, SpanSet::new());
        Some(Observation { kind, key, first, last, count, entities, fields, spans })
    }
}

/// The five entities of XML and numbers.
fn unescape(value: &str) -> String {
    if !value.contains('&') {
        return value.to_string();
    }
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(e, _)| e.len() <= 10);
        let known = entity.and_then(|(entity, after)| {
            let number = |n: &str, radix| u32::from_str_radix(n, radix).ok().and_then(char::from_u32);
            let c = match entity {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                e => match e.strip_prefix("#x").or(e.strip_prefix("#X")) {
                    Some(hex) => number(hex, 16)?,
                    None => number(e.strip_prefix('#')?, 10)?,
                },
            };
            Some((c, after))
        });
        match known {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out + rest
}
