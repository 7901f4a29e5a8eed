//! A made-up inbox: a wave that somebody followed and somebody reported, a message of no wave, and what other servers
//! report. Subjects and names of receivers are hostile.

use super::{Case, config, evidence, id, time};
use model::{Entity, Finding, Level, Reason, Role, Severity, Span, SpanSet, Text, Trace};
use serde_json::{Value, json};

/// What a stranger would have a page do.
pub const HOSTILE: &str = "<script>alert(1)</script>\u{202e}[x](javascript:1)";

fn finding(detector: &'static str, key: &str, severity: Severity, title: &str, fields: Value) -> Finding {
    let mut spans = SpanSet::new();
    spans.push(Span { start: 100, len: 900, line: 3 });
    Finding {
        detector: detector.into(),
        key: key.into(),
        severity,
        confidence: 97,
        level: Level::Illegal,
        title: Text::new(title, title),
        reasons: vec![Reason::supporting(60, Text::new("its links lead elsewhere", "ses liens mènent ailleurs"))],
        techniques: vec!["T1566.002".into()],
        first: Some(time("2017-03-15T08:40:00Z")),
        last: Some(time("2017-03-16T12:00:00Z")),
        entities: vec![Entity::domain("onedrive-parti-bleu.example", Role::Infrastructure)],
        traces: vec![Trace { evidence: id(1), steps: Vec::new(), spans }],
        fields: fields.as_object().expect("an object").clone().into(),
    }
}

fn message(n: u64, to: &str) -> Finding {
    let fields = json!({
        "subject": format!("Votre accès {HOSTILE}"), "from": "no-reply@onedrive-parti-bleu.example", "to": [to],
        "message_id": format!("{n}@s.example"), "score": 97, "signs": [],
        "what_to_do": { "en": "Do not click.", "fr": "Ne cliquez pas." },
    });
    finding("mail/phishing", &format!("m{n}"), Severity::High, "a lure", fields)
}

fn wave() -> Finding {
    let people = json!([
        { "address": "anna@parti-bleu.example", "team": "presse", "received": "2017-03-15T08:40:00Z", "followed": "2017-03-15T09:40:00Z", "how": "visit" },
        { "address": "bilal@parti-bleu.example", "team": "presse", "received": "2017-03-15T08:41:00Z", "reported": "2017-03-15T08:53:00Z" },
    ]);
    let click = json!({
        "recipient": "anna@parti-bleu.example", "time": "2017-03-15T09:40:00Z", "source": "192.0.2.1", "confidence": 85, "how": "visit",
        "why": { "en": "came from the page only she was sent", "fr": "venait de la page qu’elle seule avait reçue" },
    });
    let fields = json!({
        "subject": format!("Votre accès {HOSTILE}"), "lure": "credentials", "count": 2, "people": people, "clicks": [click],
        "messages": ["1@s.example", "2@s.example"], "recipients": ["anna@parti-bleu.example", "bilal@parti-bleu.example"],
        "clicked": ["anna@parti-bleu.example"], "reported_by": ["bilal@parti-bleu.example"],
        "shared": [{ "what": "domain", "value": "onedrive-parti-bleu.example", "messages": 2 }],
        "first": "2017-03-15T08:40:00Z", "last": "2017-03-16T12:00:00Z",
        "what_to_do": { "en": "Change the passwords.", "fr": "Changez les mots de passe." },
    });
    finding("mail/wave", "w1", Severity::Critical, "a wave", fields)
}

fn source(address: &str, role: &str, messages: u64, passed: u64, proved: &[&str]) -> Value {
    json!({
        "source": address, "country": "FR", "network": null, "role": role, "messages": messages, "passed": passed, "spf": passed,
        "dkim": passed, "rejected": 0, "first": "2017-03-06T00:00:00Z", "last": "2017-03-09T23:59:59Z", "proved": proved,
    })
}

fn reports() -> Finding {
    let service = |name: &str, messages: u64, forwards: bool| {
        json!({
            "name": name, "messages": messages, "addresses": 1, "forwards": forwards,
            "first": "2017-03-06T00:00:00Z", "last": "2017-03-09T23:59:59Z",
        })
    };
    let fields = json!({
        "report": "dmarc", "domain": "parti-bleu.example", "messages": 1370, "passed": 1000, "failed": 370, "spf": 900, "dkim": 1000,
        "stranger_messages": 250, "strangers": 2, "misconfigured": 1, "other_services": 2, "policy": "none", "countries": { "FR": 250 },
        "strangers_first": "2017-03-07T00:00:00Z", "strangers_last": "2017-03-09T23:59:59Z",
        "services": [service("petitions.example", 70, false), service("listes.example", 40, true)],
        "sources": [
            source("203.0.113.1", "stranger", 150, 0, &[]), source("203.0.113.2", "stranger", 100, 0, &[]),
            source("198.51.100.4", "other_service", 70, 0, &["petitions.example"]),
            source("198.51.100.9", "other_service", 40, 0, &["listes.example"]),
            source("192.0.2.7", "misconfigured", 10, 0, &[]), source("192.0.2.1", "authentic", 1000, 1000, &["parti-bleu.example"]),
        ],
        "days": [
            { "day": "2017-03-06", "passed": 500, "failed": 40 }, { "day": "2017-03-07", "passed": 500, "failed": 330 },
        ],
        "reporters": [{ "name": HOSTILE, "messages": 1370, "failed": 370 }],
    });
    finding("mail/dmarc", "dmarc|parti-bleu.example", Severity::Medium, "mail in our name", fields)
}

fn encryption() -> Finding {
    let fields = json!({
        "report": "tls", "domain": "parti-bleu.example", "sessions": 100, "failed": 10, "failures": { "certificate-expired": 10 },
        "reporters": ["receiver.example"],
    });
    finding("mail/dmarc", "tls|parti-bleu.example", Severity::Low, "encryption", fields)
}

/// The case.
pub fn inbox() -> Case {
    let to = ["anna@parti-bleu.example", "bilal@parti-bleu.example", "claire@parti-bleu.example"];
    let messages = to.iter().zip(1..).map(|(to, n)| message(n, to));
    let mut case = Case {
        config: config(),
        evidence: vec![evidence(1, "staff.mbox", 90_000, "mail")],
        findings: messages.chain([wave(), reports(), encryption()]).collect(),
        ..Case::default()
    };
    case.sort();
    case
}
