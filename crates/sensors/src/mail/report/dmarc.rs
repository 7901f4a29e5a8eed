//! DMARC aggregate reports (RFC 7489 appendix C, and its successor's form): who sent how many messages in our name, and
//! whether they were authentic. A small pull of tags and texts is enough: no entities but the five of XML, no DTD.

use super::{ROWS, Rows};
use crate::mail::observe::text;
use model::{Address, Entity, Role, Time};
use rows::mail::report::{AuthResult, Key, Record, Report as Row, Sort};

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
        // An address in angle brackets, which some programs write without escaping, is no element.
        if tag.starts_with(['!', '?']) || tag.contains('@') && !tag.contains('=') {
            last = if tag.contains('@') && last.is_empty() { tag } else { last };
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
                match report.source.zip(report.count) {
                    _ if all.rows.len() >= ROWS => all.skip("more records than are read of a report"),
                    Some((source, count)) => report.row(source, count, all),
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
    begin: i64,
    end: i64,
    /// What is said of all records.
    about: Record,
    record: Record,
    source: Option<Address>,
    count: Option<u64>,
    result: AuthResult,
}

impl Report {
    fn begin(&mut self, path: &[String]) {
        match path.last().map(String::as_str) {
            Some("record") => (self.record, self.source, self.count) = (Record::default(), None, None),
            Some("dkim" | "spf") if self.within(path, "auth_results") => self.result = AuthResult::default(),
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
        let (about, record, result) = (&mut self.about, &mut self.record, &mut self.result);
        let place = match (parent, name) {
            ("report_metadata", "org_name") => &mut about.org_name,
            ("report_metadata", "email") => &mut about.email,
            ("report_metadata", "report_id") => &mut about.report_id,
            ("policy_published", "domain") => {
                about.domain = text(value).to_lowercase();
                return;
            }
            ("policy_published", "adkim") => &mut about.policy_adkim,
            ("policy_published", "aspf") => &mut about.policy_aspf,
            ("policy_published", "p") => &mut about.policy_p,
            ("policy_published", "sp") => &mut about.policy_sp,
            ("policy_published", "np") => &mut about.policy_np,
            ("policy_published", "pct") => &mut about.policy_pct,
            ("policy_evaluated", "disposition") => &mut record.disposition,
            ("policy_evaluated", "dkim") => &mut record.dkim,
            ("policy_evaluated", "spf") => &mut record.spf,
            ("reason", "type") => &mut record.reason,
            ("reason", "comment") => &mut record.comment,
            ("identifiers", "envelope_to") => &mut record.envelope_to,
            ("identifiers", "envelope_from") => &mut record.envelope_from,
            ("identifiers", "header_from") => &mut record.header_from,
            ("dkim" | "spf", "domain") => result.domain.insert(String::new()),
            ("dkim" | "spf", "selector") => result.selector.insert(String::new()),
            ("dkim" | "spf", "scope") => result.scope.insert(String::new()),
            ("dkim" | "spf", "result") => result.result.insert(String::new()),
            ("auth_results", "dkim") if record.dkim_results.len() < 20 => {
                return record.dkim_results.push(std::mem::take(result));
            }
            ("auth_results", "spf") if record.spf_results.len() < 20 => {
                return record.spf_results.push(std::mem::take(result));
            }
            ("date_range", "begin") => {
                self.begin = value.parse().unwrap_or(0);
                return;
            }
            ("date_range", "end") => {
                self.end = value.parse().unwrap_or(0);
                return;
            }
            ("row", "source_ip") => {
                self.source = Address::parse(value.as_bytes());
                return;
            }
            ("row", "count") => {
                self.count = value.parse().ok().filter(|n| *n <= COUNT);
                return;
            }
            _ => return,
        };
        let word =
            matches!(name, "dkim" | "spf" | "disposition" | "type" | "result" | "p" | "sp" | "np" | "adkim" | "aspf");
        if !value.is_empty() {
            // Some programs write result words with capitals.
            *place = if word { text(value).to_lowercase() } else { text(value) };
        }
    }

    /// The record that just ended.
    fn row(&mut self, source: Address, count: u64, all: &mut Rows) {
        let (about, record) = (self.about.clone(), std::mem::take(&mut self.record));
        let row = Record {
            org_name: about.org_name,
            email: about.email,
            report_id: about.report_id,
            policy_adkim: about.policy_adkim,
            policy_aspf: about.policy_aspf,
            policy_p: about.policy_p,
            policy_sp: about.policy_sp,
            policy_np: about.policy_np,
            policy_pct: about.policy_pct,
            domain: about.domain,
            source_ip: source.to_string(),
            ..record
        };
        let times = (Time::from_seconds(self.begin), Time::from_seconds(self.end.max(self.begin)));
        let mut entities = vec![Entity::domain(&row.domain, Role::Victim), Entity::address(source, Role::Sender)];
        let shown = Some(&row.header_from).filter(|d| !d.is_empty());
        entities.extend(shown.map(|d| Entity::domain(d, Role::Victim)));
        let key = Key { sort: Sort::Dmarc, domain: row.domain.clone(), source: row.source_ip.clone() };
        all.row(key, times, count, entities, Row::Dmarc(row));
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
