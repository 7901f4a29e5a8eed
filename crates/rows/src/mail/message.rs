//! Messages, as those who judge them read their rows.

use super::authentication::Word;
use super::sign::Sign;
use model::{Error, Fields, Result};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

/// Reads what is needed of a row; texts are borrowed.
pub(super) fn read<'f, V: Deserialize<'f>>(fields: &'f Fields) -> Result<V> {
    fields.borrowed().map_err(|e| {
        Error::new("a row of a message cannot be understood")
            .because(e)
            .hint("`vigie run` makes the rows of a case anew where another version made them")
    })
}

/// What a message says of where it is from, and what proves it: of `mail/message` or `mail/signs`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Claims<'f> {
    /// The author's address.
    pub from: &'f str,
    /// The name shown beside it.
    pub from_name: &'f str,
    /// All authors, where there are several.
    #[serde(borrow)]
    pub authors: Vec<&'f str>,
    /// Addresses in To.
    pub to: Vec<&'f str>,
    /// The names beside them, where any are.
    pub to_names: Vec<&'f str>,
    /// Addresses in Cc.
    pub cc: Vec<&'f str>,
    /// The names beside them, where any are.
    pub cc_names: Vec<&'f str>,
    /// It is but quoted.
    pub quoted: bool,
    /// Subject, as shown.
    pub subject: &'f str,
    /// Message-ID.
    pub message_id: &'f str,
    /// The message answered.
    pub in_reply_to: &'f str,
    /// Messages before it.
    pub references: Vec<&'f str>,
    /// Where what fails goes back to.
    pub return_path: &'f str,
    received: Option<IgnoredAny>,
    within: Within,
    /// DMARC.
    pub dmarc: Option<Word>,
    /// The domain that DMARC proved in place of the one shown.
    pub header_from: &'f str,
    /// What SPF and DKIM vouch for where DMARC proves nobody.
    pub passed: Vec<&'f str>,
    /// Signs of its content.
    pub signs: Vec<Sign>,
}

impl<'f> Claims<'f> {
    /// Of a row's fields.
    pub fn of(fields: &'f Fields) -> Result<Claims<'f>> {
        read(fields)
    }

    /// Whether a server says that it received it.
    pub fn travelled(&self) -> bool {
        self.received.is_some()
    }

    /// Whether it was handed in from one's own networks, or by somebody who had logged in.
    pub fn is_within(&self) -> bool {
        matches!(self.within, Within::Handed(true))
    }
}

/// What `within` says: of the way, or of the parts of another message that lead to this one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(untagged)]
enum Within {
    /// Whether it was handed in by one's own.
    Handed(bool),
    /// The parts.
    Parts(Vec<u64>),
    /// Neither.
    #[default]
    Nothing,
}

impl Within {
    fn is_nothing(&self) -> bool {
        matches!(self, Within::Nothing)
    }
}

/// What a message may share with others, who got it, and what it answers or reports: of `mail/message`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Traits<'f> {
    /// The author's address.
    pub from: &'f str,
    /// The name shown beside it.
    pub from_name: &'f str,
    /// Where answers go.
    #[serde(borrow)]
    pub reply_to: Vec<&'f str>,
    /// Addresses in To.
    pub to: Vec<&'f str>,
    /// Addresses in Cc.
    pub cc: Vec<&'f str>,
    /// Whom it was delivered to.
    pub delivered_to: &'f str,
    /// Subject, as shown.
    pub subject: &'f str,
    /// Message-ID.
    pub message_id: &'f str,
    /// The message answered.
    pub in_reply_to: &'f str,
    /// Servers that had it, the last first.
    pub received: Vec<Server<'f>>,
    /// Attached files.
    pub attachments: Vec<File<'f>>,
    /// What it quotes as forwarded.
    pub forwards: Option<Forwarded<'f>>,
    /// The key of the message that brought it.
    pub container: Option<&'f str>,
    /// It is but quoted.
    pub quoted: bool,
    /// Links.
    pub links: Vec<Target<'f>>,
    /// The sketch of its text.
    pub sketch: Vec<u64>,
    /// DMARC.
    pub dmarc: Option<Word>,
}

impl<'f> Traits<'f> {
    /// Of a row's fields.
    pub fn of(fields: &'f Fields) -> Result<Traits<'f>> {
        read(fields)
    }
}

/// What a message that came out is held against others by: of `mail/message`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Letter<'f> {
    /// The author's address.
    pub from: &'f str,
    /// The name shown beside it.
    pub from_name: &'f str,
    /// All authors, where there are several.
    #[serde(borrow)]
    pub authors: Vec<&'f str>,
    /// Where answers go.
    pub reply_to: Vec<&'f str>,
    /// Addresses in To.
    pub to: Vec<&'f str>,
    /// Addresses in Cc.
    pub cc: Vec<&'f str>,
    /// Whom it was delivered to.
    pub delivered_to: &'f str,
    /// Subject, as shown.
    pub subject: &'f str,
    /// When its author says it was sent.
    pub date: Option<&'f str>,
    /// Message-ID.
    pub message_id: &'f str,
    /// The message answered.
    pub in_reply_to: &'f str,
    /// Messages before it.
    pub references: Vec<&'f str>,
    /// Servers that had it, the last first.
    pub received: Vec<Way<'f>>,
    /// Attached files.
    pub attachments: Vec<File<'f>>,
    /// SHA-256 of messages attached.
    pub messages: Vec<&'f str>,
    /// The beginnings of the hashes of its paragraphs.
    pub paragraphs: &'f str,
    /// Those of what it shows as HTML besides.
    pub html: &'f str,
    /// One over all of them, where there are more than were kept.
    pub all: &'f str,
    /// The key of the message that brought it.
    pub container: Option<&'f str>,
    /// It is but quoted.
    pub quoted: bool,
    /// What authentication says.
    pub authentication: Checked<'f>,
}

impl<'f> Letter<'f> {
    /// Of a row's fields.
    pub fn of(fields: &'f Fields) -> Result<Letter<'f>> {
        read(fields)
    }
}

/// When a server took it, and for whom.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Way<'f> {
    /// For whom.
    #[serde(rename = "for")]
    pub recipient: &'f str,
}

/// What authentication says, of which signatures are looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Checked<'f> {
    /// DKIM.
    #[serde(borrow)]
    pub dkim: Signatures<'f>,
}

/// DKIM signatures.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Signatures<'f> {
    /// Each.
    #[serde(borrow)]
    pub signatures: Vec<Signed<'f>>,
}

/// One DKIM signature.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Signed<'f> {
    /// The word.
    pub result: Option<Word>,
    /// `d=`.
    pub domain: &'f str,
    /// `s=`.
    pub selector: &'f str,
    /// `a=`.
    pub algorithm: &'f str,
    /// Bits of the key.
    pub bits: Option<u32>,
    /// Whether the body is the one that was signed.
    pub body: Option<bool>,
    /// `l=` is given.
    pub limited: bool,
    /// Header fields it covers.
    #[serde(borrow)]
    pub covers: Vec<&'f str>,
    /// Those of them that stand in the header once more, uncovered.
    #[serde(borrow)]
    pub repeated: Vec<&'f str>,
    /// Its key says that its domain is only trying.
    pub testing: bool,
    /// What the word rests on.
    pub basis: Stands<'f>,
}

/// What a word on a signature rests on.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Stands<'f> {
    /// The server whose word it is; none where it was verified here.
    pub server: Option<&'f str>,
}

/// A server's client, as it wrote it into the message.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Server<'f> {
    /// The client's address.
    pub ip: &'f str,
    /// The server that took it.
    pub by: &'f str,
}

/// An attached file.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct File<'f> {
    /// Its name.
    pub name: Option<&'f str>,
    /// Its media type, as the message says.
    #[serde(rename = "type")]
    pub media: &'f str,
    /// SHA-256.
    pub sha256: &'f str,
    /// Bytes.
    pub size: u64,
}

/// What a message quotes as forwarded.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Forwarded<'f> {
    /// The author's address.
    pub from: &'f str,
    /// Subject.
    pub subject: &'f str,
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Target<'f> {
    /// The address opened.
    pub url: &'f str,
    /// Its host.
    pub host: &'f str,
    /// The registrable domain of the host.
    pub domain: &'f str,
}

/// What is none is left out of a row.
fn is_none<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A row as an observation holds it.
fn map(row: impl Serialize) -> Fields {
    Fields::of(&row).expect("a row is a struct whose fields JSON can hold")
}

/// What a message's header and parts say, and where it stands: the first fields of `mail/message`. Names are the header's.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(default)]
pub struct Written {
    /// The author's address.
    #[serde(skip_serializing_if = "is_none")]
    pub from: String,
    /// The name shown beside it.
    #[serde(skip_serializing_if = "is_none")]
    pub from_name: String,
    /// All authors, where there are several.
    #[serde(skip_serializing_if = "is_none")]
    pub authors: Vec<String>,
    /// Who sent it for them.
    #[serde(skip_serializing_if = "is_none")]
    pub sender: String,
    /// Where answers go.
    #[serde(skip_serializing_if = "is_none")]
    pub reply_to: Vec<String>,
    /// Where what fails goes back to.
    #[serde(skip_serializing_if = "is_none")]
    pub return_path: String,
    /// Addresses in To.
    #[serde(skip_serializing_if = "is_none")]
    pub to: Vec<String>,
    /// The names beside them, where any are.
    #[serde(skip_serializing_if = "is_none")]
    pub to_names: Vec<String>,
    /// Addresses in Cc.
    #[serde(skip_serializing_if = "is_none")]
    pub cc: Vec<String>,
    /// The names beside them, where any are.
    #[serde(skip_serializing_if = "is_none")]
    pub cc_names: Vec<String>,
    /// Whom it was delivered to.
    #[serde(skip_serializing_if = "is_none")]
    pub delivered_to: String,
    /// Subject, as shown.
    #[serde(skip_serializing_if = "is_none")]
    pub subject: String,
    /// When its author says it was sent.
    #[serde(skip_serializing_if = "is_none")]
    pub date: Option<String>,
    /// Message-ID.
    #[serde(skip_serializing_if = "is_none")]
    pub message_id: String,
    /// The message answered.
    #[serde(skip_serializing_if = "is_none")]
    pub in_reply_to: String,
    /// Messages before it.
    #[serde(skip_serializing_if = "is_none")]
    pub references: Vec<String>,
    /// Servers that had it, the last first.
    #[serde(skip_serializing_if = "is_none")]
    pub received: Vec<Hop>,
    /// The program that made it.
    #[serde(skip_serializing_if = "is_none")]
    pub mailer: String,
    /// Attached files.
    #[serde(skip_serializing_if = "is_none")]
    pub attachments: Vec<Attached>,
    /// Its parts.
    #[serde(skip_serializing_if = "is_none")]
    pub parts: Vec<Part>,
    /// The beginnings of the hashes of its paragraphs, twelve digits each, by which copies are held against it.
    #[serde(skip_serializing_if = "is_none")]
    pub paragraphs: String,
    /// Those of what it shows as HTML beside its text, which most programs show in place of it.
    #[serde(skip_serializing_if = "is_none")]
    pub html: String,
    /// One over all of both, where there are more than were kept.
    #[serde(skip_serializing_if = "is_none")]
    pub all: String,
    /// SHA-256 of the messages attached.
    #[serde(skip_serializing_if = "is_none")]
    pub messages: Vec<String>,
    /// Who forwarded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_by: Option<String>,
    /// What it quotes as forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwards: Option<Quoted>,
    /// The folder of a store that it lies in.
    #[serde(skip_serializing_if = "is_none")]
    pub folder: String,
    /// The key of the message that brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The parts of that which lead to it.
    #[serde(skip_serializing_if = "is_none")]
    pub within: Vec<u64>,
    /// False where it is not there as it was transported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<bool>,
    /// It is but quoted.
    #[serde(skip_serializing_if = "is_none")]
    pub quoted: bool,
    /// What was broken or left out.
    #[serde(skip_serializing_if = "is_none")]
    pub damage: Vec<Damage>,
}

impl Written {
    /// As the map that an observation holds.
    pub fn fields(&self) -> Fields {
        map(self)
    }
}

/// One `Received` field.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Hop {
    /// What the client called itself.
    #[serde(skip_serializing_if = "is_none")]
    pub helo: String,
    /// Its name, as the server looked it up.
    #[serde(skip_serializing_if = "is_none")]
    pub name: String,
    /// The server.
    #[serde(skip_serializing_if = "is_none")]
    pub by: String,
    /// The protocol.
    #[serde(skip_serializing_if = "is_none")]
    pub with: String,
    /// For whom.
    #[serde(rename = "for", skip_serializing_if = "is_none")]
    pub recipient: String,
    /// The client's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// An attached file.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Attached {
    /// Its part.
    pub part: u64,
    /// Its name.
    pub name: Option<String>,
    /// Its media type, as the message says.
    #[serde(rename = "type")]
    pub media: String,
    /// SHA-256.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The media type that its first bytes show.
    #[serde(skip_serializing_if = "is_none")]
    pub sniffed: String,
    /// It cannot be opened without a password.
    #[serde(skip_serializing_if = "is_none")]
    pub encrypted: bool,
    /// It is cut short.
    #[serde(skip_serializing_if = "is_none")]
    pub cut: bool,
}

/// A part.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Part {
    /// Its number.
    pub part: u64,
    /// The part that holds it.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub parent: Option<u64>,
    /// Its media type, as the message says.
    #[serde(rename = "type")]
    pub media: String,
}

/// What a message quotes as forwarded.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Quoted {
    /// The author's address.
    pub from: String,
    /// The name beside it.
    pub from_name: String,
    /// When, as it stands there.
    pub date: String,
    /// Subject.
    pub subject: String,
}

/// What was broken.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Damage {
    /// What.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// What authentication says of a message: beside [`Written`] in `mail/message`.
#[derive(Clone, Debug, Serialize)]
pub struct Proven<A> {
    /// SPF.
    pub spf: Word,
    /// DKIM.
    pub dkim: Word,
    /// DMARC.
    pub dmarc: Word,
    /// ARC.
    pub arc: Word,
    /// It was handed in from one's own networks, or by somebody who had logged in. Left out where it was not: a message
    /// within another says by the same name which parts lead to it.
    #[serde(rename = "within", skip_serializing_if = "Option::is_none")]
    pub within: Option<bool>,
    /// The domain that DMARC proved in place of the one shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_from: Option<String>,
    /// What SPF and DKIM vouch for where DMARC proves nobody.
    #[serde(skip_serializing_if = "is_none")]
    pub passed: Vec<String>,
    /// All of it.
    pub authentication: A,
}

impl<A: Serialize> Proven<A> {
    /// As the map that an observation holds.
    pub fn fields(&self) -> Fields {
        map(self)
    }
}

/// The row `mail/signs` beside a message's whole one: who writes to whom, what it answers, what proves it, its signs. Names
/// are those of `mail/message`, of which it is read; [`Claims`] reads either.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Short {
    /// The author's address.
    #[serde(skip_serializing_if = "is_none")]
    pub from: String,
    /// The name shown beside it.
    #[serde(skip_serializing_if = "is_none")]
    pub from_name: String,
    /// All authors, where there are several.
    #[serde(skip_serializing_if = "is_none")]
    pub authors: Vec<String>,
    /// Subject, as shown.
    #[serde(skip_serializing_if = "is_none")]
    pub subject: String,
    /// Addresses in To.
    #[serde(skip_serializing_if = "is_none")]
    pub to: Vec<String>,
    /// Addresses in Cc.
    #[serde(skip_serializing_if = "is_none")]
    pub cc: Vec<String>,
    /// Where answers go.
    #[serde(skip_serializing_if = "is_none")]
    pub reply_to: Vec<String>,
    /// Where what fails goes back to.
    #[serde(skip_serializing_if = "is_none")]
    pub return_path: String,
    /// Message-ID.
    #[serde(skip_serializing_if = "is_none")]
    pub message_id: String,
    /// The message answered.
    #[serde(skip_serializing_if = "is_none")]
    pub in_reply_to: String,
    /// Messages before it.
    #[serde(skip_serializing_if = "is_none")]
    pub references: Vec<String>,
    /// How many other machines handed it on; none where it never travelled.
    #[serde(deserialize_with = "others", skip_serializing_if = "is_none")]
    pub received: u64,
    /// Whether one's own handed it in, or which parts lead to it.
    #[serde(skip_serializing_if = "Within::is_nothing")]
    within: Within,
    /// DMARC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<Word>,
    /// The domain that DMARC proved in place of the one shown.
    #[serde(skip_serializing_if = "is_none")]
    pub header_from: String,
    /// What SPF and DKIM vouch for where DMARC proves nobody.
    #[serde(skip_serializing_if = "is_none")]
    pub passed: Vec<String>,
    /// Signs of its content.
    #[serde(skip_serializing_if = "is_none")]
    pub signs: Vec<Sign>,
}

impl Short {
    /// Of a message's fields.
    pub fn of(message: &Fields) -> Result<Short> {
        read(message)
    }

    /// As the map that an observation holds.
    pub fn fields(&self) -> Fields {
        map(self)
    }
}

/// How many hops say that another machine handed the message on: what one handed on within itself never travelled.
fn others<'d, D: Deserializer<'d>>(from: D) -> std::result::Result<u64, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Hop {
        helo: Option<IgnoredAny>,
        ip: Option<IgnoredAny>,
        name: Option<IgnoredAny>,
    }
    let hops = Vec::<Hop>::deserialize(from)?;
    Ok(hops.iter().filter(|h| h.helo.is_some() || h.ip.is_some() || h.name.is_some()).count() as u64)
}
