//! Abuse and failure reports (RFC 5965, RFC 6591; as text alone, Exim's): who complains of which message. The message complained of is judged as any other.

use super::Rows;
use crate::mail::message::{Message, Part};
use crate::mail::observe::text;
use crate::mail::{date, header};
use model::{Address, Entity, EntityKind, Role};
use rows::mail::report::{Abuse, Key, Report, Sort};

/// Reads a part of type `message/feedback-report`.
pub fn read(message: &Message, part: &Part, all: &mut Rows) {
    let block = header::block(&part.bytes);
    let mut row = Abuse::default();
    let mut entities = Vec::new();
    for field in &block.fields {
        let name = field.name.to_ascii_lowercase();
        let place = match name.as_str() {
            "feedback-type" => &mut row.feedback_type,
            "user-agent" => &mut row.user_agent,
            "version" => &mut row.version,
            "original-envelope-id" => &mut row.original_envelope_id,
            "original-mail-from" => &mut row.original_mail_from,
            "original-rcpt-to" => &mut row.original_rcpt_to,
            "arrival-date" => &mut row.arrival_date,
            "source-ip" => &mut row.source_ip,
            "reporting-mta" => &mut row.reporting_mta,
            "reported-domain" => &mut row.reported_domain,
            "reported-uri" => &mut row.reported_uri,
            "incidents" => &mut row.incidents,
            _ => continue,
        };
        let value = text(&field.text());
        match name.as_str() {
            "source-ip" => entities.extend(Address::parse(value.as_bytes()).map(|a| Entity::address(a, Role::Sender))),
            "reported-domain" => entities.push(Entity::domain(&value, Role::Mentioned)),
            "reported-uri" => entities.push(Entity::new(EntityKind::Url, value.clone(), Role::Mentioned)),
            _ => {}
        }
        if place.is_empty() {
            *place = value;
        }
    }
    finish(message, row, entities, all);
}

/// Reads the text that Exim sends of a mail that failed DMARC: its lines have names, and the header of that mail follows.
pub fn plain(message: &Message, text_of: &str, all: &mut Rows) {
    let mut row = Abuse { feedback_type: "auth-failure".into(), ..Abuse::default() };
    let head = text_of.get(..text_of.floor_char_boundary(8 << 10)).unwrap_or("");
    for (name, value) in head.lines().filter_map(|l| l.trim().split_once(':')) {
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "sender domain" => &mut row.reported_domain,
            "sender ip address" => &mut row.source_ip,
            "received date" => &mut row.arrival_date,
            "from" => &mut row.original_mail_from,
            "to" => &mut row.original_rcpt_to,
            _ => continue,
        };
        if place.is_empty() {
            *place = text(value.trim().trim_matches(['<', '>']));
        }
    }
    let Some(source) = Address::parse(row.source_ip.as_bytes()).filter(|_| row.reported_domain.contains('.')) else {
        return;
    };
    let entities = vec![Entity::address(source, Role::Sender), Entity::domain(&row.reported_domain, Role::Mentioned)];
    finish(message, row, entities, all);
}

fn finish(message: &Message, row: Abuse, entities: Vec<Entity>, all: &mut Rows) {
    let time = date::parse(&row.arrival_date).or(message.time()).unwrap_or_default();
    let key = Key { sort: Sort::Arf, domain: row.reported_domain.clone(), source: row.source_ip.clone() };
    let count = row.incidents.parse().unwrap_or(1u64).clamp(1, 1_000_000);
    all.row(key, (time, time), count, entities, Report::Arf(row));
}
