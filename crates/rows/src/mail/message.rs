//! Messages, as those who judge them read their rows.

use super::authentication::Word;
use super::sign::Sign;
use model::{Error, Fields, Result};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Reads what is needed of a row; texts are borrowed.
pub(super) fn read<'f, V: Deserialize<'f>>(fields: &'f Fields) -> Result<V> {
    V::deserialize(fields).map_err(|e| {
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
    /// Addresses in Cc.
    pub cc: Vec<&'f str>,
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
    within: Option<IgnoredAny>,
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

    /// Whether it was handed in from one's own networks, or is another message's part.
    pub fn is_within(&self) -> bool {
        self.within.is_some()
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

/// A server's client, as it wrote it into the message.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Server<'f> {
    /// The client's address.
    pub ip: &'f str,
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
