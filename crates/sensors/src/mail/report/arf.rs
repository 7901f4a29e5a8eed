//! Abuse reports (RFC 5965): who complains of which message. The message complained of is judged as any other.

use super::Rows;
use crate::mail::message::{Message, Part};
use crate::mail::observe::text;
use crate::mail::{REPORT, date, header};
use model::{Address, Entity, EntityKind, Fields, Observation, Role, SpanSet};

/// Fields kept, with the names RFC 5965 3 gives them.
const FIELDS: [&str; 12] = [
    "feedback-type",
    "user-agent",
    "version",
    "original-envelope-id",
    "original-mail-from",
    "original-rcpt-to",
    "arrival-date",
    "source-ip",
    "reporting-mta",
    "reported-domain",
    "reported-uri",
    "incidents",
];

/// Reads a part of type `message/feedback-report`.
pub fn read(message: &Message, part: &Part, all: &mut Rows) {
    let block = header::block(&part.bytes);
    let mut fields = Fields::new();
    fields.insert("report".into(), "arf".into());
    let mut entities = Vec::new();
    for field in &block.fields {
        let name = field.name.to_ascii_lowercase();
        if !FIELDS.contains(&name.as_str()) {
            continue;
        }
        let value = text(&field.text());
        match name.as_str() {
            "source-ip" => entities.extend(Address::parse(value.as_bytes()).map(|a| Entity::address(a, Role::Sender))),
            "reported-domain" => entities.push(Entity::domain(&value, Role::Mentioned)),
            "reported-uri" => entities.push(Entity::new(EntityKind::Url, value.clone(), Role::Mentioned)),
            _ => {}
        }
        fields.entry(name.replace('-', "_")).or_insert(value.into());
    }
    let get = |name: &str| fields.get(name).and_then(|v| v.as_str()).unwrap_or_default();
    let time = date::parse(get("arrival_date")).or(message.time()).unwrap_or_default();
    let key = format!("arf|{}|{}", get("reported_domain"), get("source_ip"));
    let count = get("incidents").parse().unwrap_or(1u64).clamp(1, 1_000_000);
    entities.sort();
    entities.dedup();
    let (kind, spans) = (REPORT.into(), SpanSet::new());
    all.rows.push(Observation { kind, key, first: time, last: time, count, entities, fields, spans });
}
