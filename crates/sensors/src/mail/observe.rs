//! A parsed message → the observation `mail/message` and its share of the profile. Fields bear the header's names.
//!
//! You may rely on: every list is bounded; the key is the same for the same message whatever it was kept in (line ends
//! and the empty lines at its end do not count). Times that nobody stated are the epoch.

use super::content::Content;
use super::forward;
use super::message::{Hop, Mailbox, Message, Part, Role};
use super::parse::hex;
use super::{MESSAGE, SIGNS};
use model::{Config, Entity, EntityKind, Observation, Result, Span, SpanSet, Step, Tally, Time};
use rows::mail::message::{self as row, Attached, Claims, Damage, Quoted, Short, Written};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Entries of one list in an observation, at most.
pub const MOST: usize = 100;
/// Characters of one text in an observation, at most.
const TEXT: usize = 1_000;

/// Where a message stands in evidence, and in which other message.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The bytes of the outermost message in the evidence's last step.
    pub span: Option<Span>,
    /// The steps behind which that is, where it lies in an archive that a message brings; else none.
    pub inside: Vec<Step>,
    /// The steps to the message itself, where it can be gone back to: of a store it cannot.
    pub steps: Vec<Step>,
    /// The folder of a store that the outermost message lies in.
    pub folder: Option<String>,
    /// The parts that lead to it from the outermost message, joined by `/`.
    pub within: Vec<u64>,
    /// Who forwarded it as an attachment: the address of the outer message's author.
    pub forwarded_by: Option<String>,
    /// Key of the outer message.
    pub container: Option<String>,
    /// A mail server's report brings it back to whom it names as its author.
    pub returned: bool,
    /// It is but quoted in the outer message's text, at that time: its header is the forwarder's word.
    pub quoted: Option<Time>,
}

/// The key of a message: SHA-256 of its bytes with line ends as LF, without empty lines at its end.
pub fn key(raw: &[u8]) -> String {
    let mut hasher = Sha256::new();
    let mut rest = raw.trim_ascii_end();
    while let Some(cr) = memchr::memmem::find(rest, b"\r\n") {
        hasher.update(&rest[..cr]);
        rest = &rest[cr + 1..];
    }
    hasher.update(rest);
    hex(&hasher.finalize())
}

/// A text of bounded length, without control characters but tabs and line ends.
pub fn text(value: &str) -> String {
    value.chars().take(TEXT).filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect()
}

/// The addresses of a list, as a row has them.
pub fn addresses(list: &[Mailbox]) -> Vec<String> {
    list.iter().take(MOST).map(|m| text(&m.address)).filter(|a| !a.is_empty()).collect()
}

/// SHA-256 of the messages attached, as a row has them.
pub fn messages(message: &Message) -> Vec<String> {
    let all = message.of(Role::Message).filter(|p| !p.bytes.is_empty()).take(MOST);
    all.map(|p| hex(&Sha256::digest(&p.bytes))).collect()
}

/// The observation of a message.
pub fn observation(message: &Message, key: &str, place: &Place) -> Observation {
    let address = |m: &Mailbox| text(&m.address);
    let prints = super::contents::prints(message);
    let author = message.author().cloned().unwrap_or_default();
    let delivered = ["delivered-to", "x-original-to", "envelope-to"].iter().find_map(|n| message.header(n));
    let mailer = message.header("x-mailer").or_else(|| message.header("user-agent"));
    let forwards = forward::original(message).map(|original| Quoted {
        from: text(&original.from.address),
        from_name: text(&original.from.name),
        date: text(&original.date),
        subject: text(&original.subject),
    });
    let row = Written {
        from: address(&author),
        from_name: text(&author.name),
        authors: if message.from.len() > 1 { addresses(&message.from) } else { Vec::new() },
        sender: message.sender.as_ref().map(&address).unwrap_or_default(),
        reply_to: addresses(&message.reply_to),
        return_path: message.return_path.as_ref().map(&address).unwrap_or_default(),
        to: addresses(&message.to),
        to_names: names(&message.to),
        cc: addresses(&message.cc),
        cc_names: names(&message.cc),
        delivered_to: delivered.map(|h| text(&super::address::canonical(&h.plain()))).unwrap_or_default(),
        subject: text(&message.subject),
        date: message.date.map(|t| t.to_string()),
        message_id: message.message_id.as_deref().map(text).unwrap_or_default(),
        in_reply_to: message.in_reply_to.first().map(|i| text(i)).unwrap_or_default(),
        references: message.references.iter().take(MOST).map(|i| text(i)).collect(),
        received: message.received.iter().take(30).map(hop).collect(),
        mailer: mailer.map(|h| text(&h.text())).unwrap_or_default(),
        attachments: message.of(Role::Attachment).take(MOST).map(attachment).collect(),
        parts: message.parts.iter().take(MOST).map(part).collect(),
        paragraphs: prints.paragraphs,
        html: prints.html,
        all: prints.all,
        messages: messages(message),
        forwarded_by: place.forwarded_by.clone().filter(|by| !by.is_empty()),
        forwards,
        folder: place.folder.as_deref().map(text).unwrap_or_default(),
        container: place.container.clone(),
        within: place.within.clone(),
        whole: (!message.whole).then_some(false),
        quoted: place.quoted.is_some(),
        damage: message.damage.iter().map(|s| Damage { reason: s.reason.clone(), count: s.count }).collect(),
    };
    let time = message.time().or(place.quoted).unwrap_or_default();
    let mut spans = SpanSet::new();
    place.span.into_iter().for_each(|s| spans.push(s));
    Observation {
        kind: MESSAGE.into(),
        key: key.into(),
        first: time,
        last: time,
        count: 1,
        entities: entities(message),
        fields: row.fields(),
        spans,
    }
}

/// Adds what the message holds: its signs and links, what it asks for, what its attachments are, the sketch of its text.
pub fn content(content: &Content, row: &mut Observation) {
    let json = serde_json::to_value(content).expect("content is plain data with text keys");
    let Value::Object(fields) = json else { return };
    for (name, value) in fields {
        // What is inside attachments stands beside what they are.
        let name = if name == "attachments" { "opened".into() } else { name };
        if !matches!(&value, Value::Array(a) if a.is_empty()) {
            row.fields.insert(name, value);
        }
    }
    let mut entities: BTreeSet<Entity> = std::mem::take(&mut row.entities).into_iter().collect();
    for link in content.links.iter().take(MOST) {
        if link.url.starts_with("http") {
            entities.insert(Entity::new(EntityKind::Url, text(&link.url), model::Role::Mentioned));
        }
        if link.host.contains('.') {
            entities.insert(Entity::domain(&text(&link.host), model::Role::Mentioned));
        }
    }
    row.entities = entities.into_iter().collect();
}

/// The short row beside a message's: what detectors of single signs and the history need of it.
pub fn signs(row: &Observation) -> Observation {
    let short = Short::of(&row.fields).expect("a row as it was just made");
    let from = short.from.to_lowercase();
    let domain = from.rsplit_once('@').map_or("", |(_, d)| d);
    let about = |e: &&Entity| e.value == from || e.value == domain;
    let entities = row.entities.iter().filter(about).cloned().collect();
    let spans = row.spans.clone();
    Observation { kind: SIGNS.into(), key: row.key.clone(), entities, fields: short.fields(), spans, ..*row }
}

/// Display names beside [`addresses`], where any are: who is written to under which name.
fn names(list: &[Mailbox]) -> Vec<String> {
    match list.iter().any(|m| !m.name.is_empty()) {
        true => {
            let all = list.iter().take(MOST).filter(|m| !text(&m.address).is_empty());
            all.map(|m| text(&m.name)).collect()
        }
        false => Vec::new(),
    }
}

fn hop(hop: &Hop) -> row::Hop {
    row::Hop {
        helo: text(&hop.helo),
        name: text(&hop.name),
        by: text(&hop.by),
        with: text(&hop.with),
        recipient: text(&hop.recipient),
        ip: hop.ip.map(|ip| ip.to_string()),
        time: hop.time.map(|t| t.to_string()),
    }
}

fn attachment(part: &Part) -> Attached {
    Attached {
        part: part.number,
        name: part.name.as_deref().map(text),
        media: text(&part.media),
        sha256: part.sha256.clone(),
        size: part.bytes.len() as u64,
        sniffed: part.sniffed.into(),
        encrypted: part.encrypted,
        cut: part.cut,
    }
}

fn part(part: &Part) -> row::Part {
    row::Part { part: part.number, parent: part.parent.map(|p| p as u64), media: text(&part.media) }
}

/// What a message shares with other evidence: addresses and their domains, clients of its hops, attached files. Whom
/// it was sent to is mentioned: that makes nobody a victim before it is judged.
fn entities(message: &Message) -> Vec<Entity> {
    let mut all = BTreeSet::new();
    let authors = message.from.iter().chain(&message.sender).chain(&message.reply_to).chain(&message.return_path);
    for mailbox in authors.take(MOST).filter(|m| !m.address.is_empty()) {
        all.insert(mail(mailbox, model::Role::Sender));
        if mailbox.domain().contains('.') {
            all.insert(Entity::domain(&text(mailbox.domain()), model::Role::Sender));
        }
    }
    let recipients = message.to.iter().chain(&message.cc).take(MOST).filter(|m| !m.address.is_empty());
    all.extend(recipients.map(|m| mail(m, model::Role::Mentioned)));
    let clients = message.received.iter().take(30).filter_map(|h| h.ip).filter(|a| a.special().is_none());
    all.extend(clients.map(|a| Entity::address(a, model::Role::Sender)));
    // Nothing is joined by having attached nothing.
    let files = message.of(Role::Attachment).filter(|p| !p.bytes.is_empty()).take(MOST);
    all.extend(files.map(|p| Entity::new(EntityKind::File, p.sha256.clone(), model::Role::Mentioned)));
    all.into_iter().collect()
}

fn mail(mailbox: &Mailbox, role: model::Role) -> Entity {
    Entity::new(EntityKind::EmailAddr, text(&mailbox.address).to_lowercase(), role)
}

/// The same of a message that was found to be an attack: whom it was sent to is its victim.
pub fn attacked(row: &Observation) -> Vec<Entity> {
    let mut all = row.entities.clone();
    for entity in &mut all {
        if entity.kind == EntityKind::EmailAddr && entity.role == model::Role::Mentioned {
            entity.role = model::Role::Victim;
        }
    }
    all
}

/// What a message adds to the profile, by its row: pairs of author and recipient with the month, display names with the address.
/// Addresses hold no white space, so a space parts the fields of a key. A forged mail makes nobody known, nor written to.
pub fn profile(
    claims: &Claims,
    time: Time,
    config: &Config,
    mut pair: impl FnMut(String),
    mut name: impl FnMut(String),
) {
    let known = |a: &&str| a.contains('@') && a.len() <= 254;
    if claims.quoted || !known(&claims.from) || super::profile::is_doubtful(config, claims) {
        return;
    }
    let month = if time.0 > 0 { month(time) } else { "undated".into() };
    let author = claims.from.to_lowercase();
    for recipient in claims.to.iter().chain(&claims.cc).copied().filter(known).take(MOST) {
        pair(format!("{author} {} {month}", recipient.to_lowercase()));
    }
    let to = claims.to.iter().zip(&claims.to_names).chain(claims.cc.iter().zip(&claims.cc_names));
    let all = [(&claims.from, &claims.from_name)].into_iter().chain(to);
    for (address, shown) in all.filter(|(a, n)| known(a) && !n.is_empty()).take(MOST) {
        name(format!("{} {shown}", address.to_lowercase()));
    }
}

/// The counts that a message added to those of its evidence.
pub fn counted(row: &Observation, config: &Config) -> Result<Vec<Tally>> {
    let (mut pairs, mut names) = (Vec::new(), Vec::new());
    profile(&Claims::of(&row.fields)?, row.first, config, |p| pairs.push(p), |n| names.push(n));
    let tally = |kind: &str, key| Tally { kind: kind.into(), key, counts: vec![1] };
    let pairs = pairs.into_iter().map(|key| tally(super::PAIR_TALLY, key));
    Ok(pairs.chain(names.into_iter().map(|key| tally(super::NAME_TALLY, key))).collect())
}

/// `YYYY-MM` in UTC.
fn month(time: Time) -> String {
    time.timestamp().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m").to_string()
}
