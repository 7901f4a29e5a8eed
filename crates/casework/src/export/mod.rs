//! What findings become for other programs, registrars and platforms: lines, tables, blocklists, indicators, networks,
//! dossiers. [`EXPORTS`] is the one visible list.
//!
//! You may rely on: the same findings give the same bytes; accounts of posts are pseudonyms unless names are asked for; nothing but letters, digits, `-`, `_` and `.` of a name
//! reaches a blocklist. Left out: writing files.

mod acts;
mod blocklist;
mod dossier;
mod graphml;
mod list;
pub mod mail;
mod misp;
mod platform;
mod stix;

pub use blocklist::{Form, blocklist};
pub use dossier::dossier;
pub use list::{EXPORTS, Export, Order, Post, export};
pub use stix::indicators;

use model::{Finding, Severity};
use serde_json::Value;
use std::collections::BTreeMap;

/// A name to act upon, with the finding that says why.
fn named(findings: &[Finding], least: Severity) -> BTreeMap<String, &Finding> {
    let mut all: BTreeMap<String, &Finding> = BTreeMap::new();
    let of_names = |f: &&Finding| matches!(&*f.detector, "names/lookalike" | "names/indicator") && f.severity >= least;
    for finding in findings.iter().filter(of_names) {
        for name in names(finding).filter(|n| is_plain(n)) {
            let known = all.entry(name.to_string()).or_insert(finding);
            if finding.confidence > known.confidence {
                *known = finding;
            }
        }
    }
    all
}

/// The names a finding speaks of: its domain, or only the hosts where the domain is a stranger's that may be innocent.
fn names(finding: &Finding) -> Box<dyn Iterator<Item = &str> + '_> {
    let text = |key: &str| finding.fields.get(key).and_then(Value::as_str);
    match (text("domain"), text("technique")) {
        (Some(domain), technique) if technique != Some("subdomain") => Box::new(std::iter::once(domain)),
        _ => Box::new(list(finding, "names")),
    }
}

/// The strings of a list field.
fn list<'f>(finding: &'f Finding, key: &str) -> impl Iterator<Item = &'f str> + use<'f> {
    finding.fields.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn is_plain(name: &str) -> bool {
    name.contains('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Entity, Fields, Lang, Level, Reason, Text, Time};
    use serde_json::json;

    pub fn finding(detector: &'static str, fields: Value) -> Finding {
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        let fields: Fields = fields;
        Finding {
            detector: detector.into(),
            key: fields.get("domain").and_then(Value::as_str).unwrap_or("cluster").into(),
            severity: Severity::High,
            confidence: 88,
            level: Level::Grey,
            title: Text::same("a title"),
            reasons: vec![Reason::supporting(50, Text::same("a reason"))],
            techniques: vec!["T1583.001".into()],
            first: Some(Time::from_seconds(1_490_000_000)),
            last: None,
            entities: vec![Entity::domain("mail-parti-bleu.fr")],
            traces: Vec::new(),
            fields,
        }
    }

    fn findings() -> Vec<Finding> {
        vec![
            finding(
                "names/lookalike",
                json!({"domain": "mail-parti-bleu.fr", "technique": "compound", "imitates": "parti-bleu.fr", "registrar": "=cmd()", "names": ["mail-parti-bleu.fr"]}),
            ),
            finding(
                "names/lookalike",
                json!({"domain": "kiosque.net", "technique": "subdomain", "imitates": "parti-bleu.fr", "names": ["parti-bleu.fr.kiosque.net"]}),
            ),
        ]
    }

    #[test]
    fn blocklists_name_what_is_bad_and_no_more() {
        let all = findings();
        let at = Time::from_seconds(1_490_000_000);
        let hosts = blocklist(&all, Severity::Medium, Form::Hosts, at);
        assert!(hosts.ends_with("0.0.0.0 mail-parti-bleu.fr\n0.0.0.0 parti-bleu.fr.kiosque.net\n"), "{hosts}");
        let rpz = blocklist(&all, Severity::Medium, Form::Rpz, at);
        assert!(rpz.contains("\n*.mail-parti-bleu.fr CNAME .\n") && rpz.contains(" 1490000000 "), "{rpz}");
        let unbound = blocklist(&all, Severity::Medium, Form::Unbound, at);
        assert!(unbound.contains("local-zone: \"mail-parti-bleu.fr\" always_nxdomain\n"), "{unbound}");
        assert!(!blocklist(&all, Severity::Critical, Form::Hosts, at).contains("parti-bleu"));
    }

    #[test]
    fn indicators_and_dossiers_say_why() {
        let all = findings();
        let bundle = indicators(&all, Severity::Low, Time::from_seconds(1_490_000_000));
        assert_eq!(bundle["objects"][0]["pattern"], "[domain-name:value = 'mail-parti-bleu.fr']");
        assert_eq!(bundle, indicators(&all, Severity::Low, Time::from_seconds(1_490_000_000)));
        let cluster = finding(
            "names/cluster",
            json!({"domains": ["mail-parti-bleu.fr"], "imitating": ["mail-parti-bleu.fr"], "abuse": {"cheap|names": "abuse@cheap.example"}}),
        );
        let text = dossier(&cluster, &all, &[], Lang::Fr);
        assert!(text.contains("`mail-parti-bleu.fr`") && text.contains("abuse@cheap.example"), "{text}");
    }
}
