//! Names in JSON: certificates (certstream), RDAP, answers of the DNS, what dnstwist and openSquat put out, STIX and MISP indicators, and
//! any object with a name where one is usual.
//!
//! You may rely on: nesting is bounded by the parser, lists by [`MOST`]; unknown keys are passed over.
//! Left out: what the names are worth.

use super::indicators::{self, Indicator};
use super::lines::Format;
use super::registration;
use model::{Address, Time};
use rows::names::{Record, Registered};
use serde_json::Value;

/// Names read of one value, at most; certificates have had 10,000.
pub const MOST: usize = 100_000;

/// Records of one kind read of one name; a name has a handful.
pub const RECORDS: usize = 32;

/// What one JSON value says.
#[derive(Default)]
pub struct Statement {
    /// Names to be judged.
    pub names: Vec<String>,
    /// When they were seen.
    pub time: Option<Time>,
    /// Which machine asked for them.
    pub client: Option<Address>,
    /// Records that go with them.
    pub records: Vec<(Record, String)>,
    /// Registrations.
    pub registrations: Vec<Registered>,
    /// What somebody holds to be bad.
    pub indicators: Vec<Indicator>,
    /// Members of lists past [`MOST`], which are not read.
    pub more: u64,
    /// Records of a name past [`RECORDS`], which are not read.
    pub more_records: u64,
    /// Known for what it is, and of no name: an answer beside a question, a sign of life.
    pub beside: bool,
}

impl Statement {
    /// Whether nothing was understood.
    pub fn is_silent(&self) -> bool {
        !self.beside && self.names.is_empty() && self.registrations.is_empty() && self.indicators.is_empty()
    }
}

/// Whether a head is JSON with names.
pub fn sniff(head: &[u8], first: &[u8]) -> Option<(Format, u8)> {
    let has = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
    let sure = if has("\"ldhName\"") || has("\"all_domains\"") || (has("\"fuzzer\"") && has("\"domain\"")) {
        92
    } else if has("\"Event\"") && has("\"Attribute\"")
        || has("\"bundle\"")
            && has("\"objects\"")
            && (has("\"spec_version\"") || has("\"indicator\"") || has("\"domain-name\""))
    {
        85
    } else if has("\"dns_entries\"") && has("\"data\"")
        || has("\"name_value\"") && has("\"issuer_ca_id\"")
        || has("\"rrname\"") && has("\"rrtype\"")
        || has("\"QH\"") && has("\"QT\"")
        || has("dnsmasq") && has("query[")
        || has("\"query\"") && has("\"id.orig_h\"")
    {
        92
    } else if has("\"rcode\"") && has("\"answers\"") || has("\"rdap\"") && has("\"status_code\"") {
        90
    } else if is_names(first) || is_names(head) || list_of(head).is_some_and(is_names) || is_host(first) {
        60
    } else {
        return None;
    };
    // A first line that does not end within the head is no line but a document.
    let lines = serde_json::from_slice::<Value>(first).is_ok();
    Some((if lines && !first.starts_with(b"[") { Format::JsonLines } else { Format::Json }, sure))
}

/// The list under the key `list` or `domains`.
fn list_of(head: &[u8]) -> Option<&[u8]> {
    let at = ["\"list\"", "\"domains\""]
        .iter()
        .find_map(|k| memchr::memmem::find(head, k.as_bytes()).map(|at| at + k.len()))?;
    let list = &head[at + memchr::memchr(b'[', &head[at..])?..];
    Some(&list[..memchr::memchr(b']', list).unwrap_or(list.len())])
}

/// A small object that names a host and says nothing that is written to be read, as tools that look for names put out.
fn is_host(first: &[u8]) -> bool {
    let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(first) else { return false };
    let known = |name: &str| {
        let mut parts = crate::domain::Parts::default();
        parts.set(name.as_bytes()).is_ok()
            && knowledge::suffixes::suffix(parts.text().as_bytes()).is_some_and(|s| s.is_known())
    };
    let spoken = object.values().filter_map(Value::as_str).any(|v| v.len() > 200 || v.split(' ').count() > 4);
    object.len() <= 12
        && !spoken
        && ["host", "hostname", "domain", "fqdn", "name"]
            .iter()
            .any(|k| object.get(*k).and_then(Value::as_str).is_some_and(known))
}

/// A list of names only, as openSquat writes it; the head may be cut.
fn is_names(head: &[u8]) -> bool {
    let strings: Vec<&[u8]> = head.split(|&b| b == b'"').collect();
    let mut strings = strings.iter().skip(1).step_by(2).take(50).peekable();
    head.starts_with(b"[") && strings.peek().is_some() && {
        let mut parts = crate::domain::Parts::default();
        strings.all(|s| parts.set(s).is_ok())
    }
}

/// Reads one value.
pub fn read(value: &Value, said: &mut Statement) {
    match value {
        Value::Array(all) => {
            said.more += all.len().saturating_sub(MOST) as u64;
            all.iter().take(MOST).for_each(|v| match v {
                Value::String(name) => said.names.push(name.clone()),
                v => object(v, said),
            });
        }
        v => object(v, said),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().take(MOST).filter_map(Value::as_str)
}

/// Members of a list past a number.
fn past(list: Option<&Value>, most: usize) -> u64 {
    list.and_then(Value::as_array).map_or(0, |all| all.len().saturating_sub(most)) as u64
}

/// An answer of the DNS as `collect` writes it. That there is no such record, and that it is not known, are told apart.
fn dns(value: &Value, said: &mut Statement) -> Option<()> {
    let (name, rcode) = (text(value, "name")?, text(value, "rcode")?);
    let kind = match text(value, "type")? {
        "A" => Record::A,
        "AAAA" => Record::Aaaa,
        "MX" => Record::Mx,
        "NS" => Record::Ns,
        // Texts link nobody, and their names (`_dmarc.…`) are nobody's hosts.
        _ => {
            said.beside = true;
            return Some(());
        }
    };
    said.names.push(name.into());
    said.time = text(value, "seen").and_then(|t| t.parse().ok());
    // `10 mx.example.org` is a preference and a name.
    let host = |answer: &str| answer.rsplit(' ').next().unwrap_or(answer).to_lowercase();
    said.more_records += past(value.get("answers"), RECORDS);
    let answers: Vec<String> = strings(value.get("answers")).take(RECORDS).map(host).collect();
    match rcode {
        "NOERROR" if !answers.is_empty() => {
            said.registrations.extend(registration::dns(name, kind, &answers));
            said.records.extend(answers.into_iter().map(|a| (kind, a)));
        }
        "NOERROR" | "NXDOMAIN" => said.records.push((Record::Absent, kind.to_string())),
        failure => said.records.push((Record::Unknown, format!("{kind}: {}", failure.to_lowercase()))),
    }
    Some(())
}

/// A question to the DNS as AdGuard Home and Pi-hole write it.
fn query(value: &Value, said: &mut Statement) -> Option<()> {
    if let Some(name) = text(value, "QH") {
        said.time = text(value, "T").and_then(|t| t.parse().ok());
        said.client = text(value, "IP").and_then(|a| Address::parse(a.as_bytes()));
        said.names.push(name.into());
        return Some(());
    }
    let message = text(value, "message").filter(|m| m.contains("query[") || super::lines::is_dnsmasq(m))?;
    said.beside = true;
    super::lines::dnsmasq(message.as_bytes(), &mut |seen| {
        said.names.push(String::from_utf8_lossy(seen.name).into_owned());
        said.client = seen.client;
    });
    said.time = text(value, "timestamp").and_then(|t| t.parse().ok());
    Some(())
}

/// Passive DNS in the common output format (draft-dulaunoy-dnsop-passive-dns-cof).
fn passive(value: &Value, said: &mut Statement) -> Option<()> {
    // DNSDB hands them in envelopes, and says where a stream begins and ends.
    said.beside |= text(value, "cond").is_some();
    let value = value.get("obj").unwrap_or(value);
    let (name, kind) = (text(value, "rrname")?, text(value, "rrtype")?);
    let kind = match kind {
        "A" => Some(Record::A),
        "AAAA" => Some(Record::Aaaa),
        "NS" => Some(Record::Ns),
        "MX" => Some(Record::Mx),
        "CNAME" => Some(Record::Cname),
        _ => None,
    };
    said.names.push(name.trim_end_matches('.').into());
    let first = ["time_first", "zone_time_first"].iter().find_map(|k| value.get(*k)?.as_i64());
    said.time = first.map(Time::from_seconds);
    let data = value.get("rdata");
    let one = data.and_then(Value::as_str);
    let values = strings(data).chain(one).take(32);
    // `10 mx.example.org` is a preference and a name.
    let host = |v: &str| v.rsplit(' ').next().unwrap_or(v).trim_end_matches('.').to_lowercase();
    if let Some(kind) = kind {
        said.records.extend(values.map(|v| (kind, host(v))));
    }
    Some(())
}

fn object(value: &Value, said: &mut Statement) {
    if indicators::json(value, &mut said.indicators) {
        // What it calls bad may also be made to look like something.
        let named = indicators::named(value).chain(said.indicators.iter().map(|i| i.name.clone()));
        said.names.extend(named.collect::<std::collections::BTreeSet<_>>());
        return;
    }
    if let Some(r) = registration::rdap(value) {
        said.names.push(r.domain.clone());
        said.registrations.push(r);
        return;
    }
    if dns(value, said).is_some() {
        return;
    }
    if query(value, said).is_some() || passive(value, said).is_some() {
        return;
    }
    // certstream's light form, crt.sh.
    said.beside |= text(value, "message_type").is_some() || text(value, "query") == Some("");
    if text(value, "message_type") == Some("dns_entries") {
        said.names.extend(strings(value.get("data")).map(String::from));
        return;
    }
    if let Some(names) = text(value, "name_value") {
        let names = text(value, "common_name").into_iter().chain(names.lines());
        let hosts = names.filter(|n| n.contains('.') && !n.contains(['@', ' '])).map(String::from);
        said.names.extend(hosts.take(MOST).collect::<std::collections::BTreeSet<_>>());
        said.time = ["entry_timestamp", "not_before"].iter().find_map(|k| registration::date(text(value, k)?));
        return;
    }
    let data = value.get("data").unwrap_or(value);
    let leaf = data.get("leaf_cert").unwrap_or(data);
    if let Some(all) = leaf.get("all_domains").or_else(|| data.get("all_domains")) {
        said.more += past(Some(all), MOST);
        said.names.extend(strings(Some(all)).map(String::from));
        let seconds = |v: &Value| v.as_f64().map(|s| Time::from_seconds(s as i64));
        said.time = data.get("seen").and_then(seconds).or_else(|| leaf.get("not_before").and_then(seconds));
        if let Some(print) = text(leaf, "fingerprint") {
            said.records.push((Record::Certificate, print.to_lowercase()));
        }
        return;
    }
    // Zeek's JSON, dnstwist, openSquat and the like: a name under a usual key, its records beside it.
    if let Some(name) =
        ["domain", "domain-name", "domain_name", "query", "name", "host", "hostname", "dns_names", "url"]
            .iter()
            // A list may have a name of its own.
            .find_map(|k| text(value, k).filter(|v| *k != "name" || v.contains('.')))
    {
        said.names.push(String::from_utf8_lossy(super::lines::host(name.as_bytes())).into_owned());
    }
    said.names.extend(text(value, "fqdn").map(String::from));
    let list = ["domains", "names", "list"].iter().find_map(|k| value.get(k));
    said.more += past(list, MOST);
    said.names.extend(strings(list).map(String::from));
    said.time = said.time.or_else(|| value.get("ts").and_then(Value::as_f64).map(|s| Time::from_seconds(s as i64)));
    for (key, kind) in
        [("dns_a", Record::A), ("dns_aaaa", Record::Aaaa), ("dns_ns", Record::Ns), ("dns_mx", Record::Mx)]
    {
        said.more_records += past(value.get(key), RECORDS);
        said.records.extend(
            strings(value.get(key)).take(RECORDS).filter(|v| *v != "!ServFail").map(|v| (kind, v.to_lowercase())),
        );
    }
    if let Some(created) = text(value, "whois_created").and_then(registration::date) {
        said.time = said.time.or(Some(created));
        said.records.push((Record::Created, created.to_string()));
    }
    if let Some(registrar) = text(value, "whois_registrar") {
        said.records.push((Record::Registrar, registrar.to_lowercase()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, sure: u8, records: &[(&str, &str)], registration: &str) {
        assert_eq!(sniff(line.as_bytes(), line.as_bytes()), Some((Format::JsonLines, sure)), "{line}");
        let mut said = Statement::default();
        read(&serde_json::from_str(line).expect("JSON"), &mut said);
        let told: Vec<_> = said.records.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(told, records, "{line}");
        assert_eq!(said.registrations.first().map_or("", |r| r.domain.as_str()), registration, "{line}");
    }

    #[test]
    fn every_tool_gives_its_names() {
        let check = |line: &str, expected: &[&str], time: &str| {
            let sure = sniff(line.as_bytes(), line.as_bytes()).map_or(0, |(_, sure)| sure);
            assert!(sure >= 60, "{line}");
            let mut said = Statement::default();
            read(&serde_json::from_str(line).expect("JSON"), &mut said);
            assert_eq!(said.names, expected, "{line}");
            assert_eq!(said.time.map(|t| t.to_string()).unwrap_or_default(), time, "{line}");
        };
        check(r#"{"message_type":"dns_entries","data":["*.a.fr","b.fr"]}"#, &["*.a.fr", "b.fr"], "");
        check(
            r#"[{"issuer_ca_id":1,"common_name":"a.fr","name_value":"*.a.fr\na.fr\nx@a.fr","entry_timestamp":"2026-08-31T10:00:00.123"}]"#,
            &["*.a.fr", "a.fr"],
            "2026-08-31T00:00:00Z",
        );
        check(r#"{"host":"api.a.fr","input":"a.fr","source":"crtsh"}"#, &["api.a.fr"], "");
        check(
            r#"{"T":"2026-09-01T12:00:00Z","QH":"a.fr","QT":"A","IP":"192.0.2.9"}"#,
            &["a.fr"],
            "2026-09-01T12:00:00Z",
        );
        check(
            r#"{"timestamp":"2026-09-01T14:19:03Z","component":"dnsmasq","message":"query[A] a.fr from 192.0.2.43"}"#,
            &["a.fr"],
            "2026-09-01T14:19:03Z",
        );
        check(
            r#"{"rrname":"www.a.fr.","rrtype":"A","rdata":["192.0.2.7"],"time_first":1298398002,"time_last":1298398003,"count":2}"#,
            &["www.a.fr"],
            "2011-02-22T18:06:42Z",
        );
        check(
            r#"{"obj":{"rrname":"www.a.fr.","rrtype":"A","rdata":["192.0.2.7"],"time_first":1298398002,"count":2}}"#,
            &["www.a.fr"],
            "2011-02-22T18:06:42Z",
        );
        check(
            r#"{"name":"Top","type":"substring","list":["a.fr","b.fr"],"matching_attributes":["hostname"]}"#,
            &["a.fr", "b.fr"],
            "",
        );
        assert_eq!(
            sniff(
                br#"{"name":"a.fr","text":"what people write here is read by others"}"#,
                br#"{"name":"a.fr","text":"what people write here is read by others"}"#
            ),
            None
        );
    }

    #[test]
    fn answers_absence_and_failure_are_told_apart() {
        let line = |kind: &str, rcode: &str, answers: &str| {
            format!(
                r#"{{"name":"www.decoy.fr","type":"{kind}","rcode":"{rcode}","answers":[{answers}],"seen":"2026-11-22T03:00:00Z","resolver":"192.0.2.53:53","authentic":false}}"#
            )
        };
        check(&line("A", "NOERROR", r#""192.0.2.7""#), 90, &[("a", "192.0.2.7")], "decoy.fr");
        check(&line("MX", "NOERROR", r#""10 MX.decoy.fr""#), 90, &[("mx", "mx.decoy.fr")], "decoy.fr");
        check(&line("MX", "NOERROR", ""), 90, &[("absent", "mx")], "");
        check(&line("MX", "NXDOMAIN", ""), 90, &[("absent", "mx")], "");
        check(&line("NS", "SERVFAIL", ""), 90, &[("unknown", "ns: servfail")], "");
        check(&line("TXT", "NOERROR", r#""v=spf1 -all""#), 90, &[], "");
        check(r#"{"name":"decoy.fr","rdap":"not found","status_code":404,"seen":"2026-11-22T03:00:00Z"}"#, 90, &[], "");
        check(r#"{"name":"s._domainkey.a.fr","type":"TXT","rcode":"NXDOMAIN","answers":[]}"#, 90, &[], "");
    }
}
