//! What is found in one message: the verdict on it, and single signs.

use super::authentication::Word;
use super::message::read;
use super::sign::SignKind;
use crate::Row;
use model::{Fields, Result, Text, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a verdict says of the message: of `mail/message`, the same fields.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// The author's address (From), as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The name shown beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from_name: String,
    /// Subject, as shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Addresses in To.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Date, as the author's program says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Time>,
    /// Message-ID, without brackets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message_id: String,
    /// The language of its text (ISO 639-1), where it says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Registrable domains of its links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// The sketch of its text, by which messages of one template are found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sketch: Vec<u64>,
    /// Address of whoever forwarded it, as an attachment or in the text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub forwarded_by: String,
    /// Whether it is but quoted in the message of whoever forwarded it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quoted: bool,
    /// SPF (RFC 7208), as are the next three: none where the message is but quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spf: Option<Word>,
    /// DKIM (RFC 6376).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dkim: Option<Word>,
    /// DMARC (RFC 7489).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<Word>,
    /// ARC (RFC 8617).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arc: Option<Word>,
}

/// The verdict on a message.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Phishing {
    /// The message.
    #[serde(flatten)]
    pub message: Judged,
    /// 0–100: how likely it is phishing.
    pub score: u8,
    /// The same without what this mailbox's other messages say, where the verdict would be another: it rests on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<u8>,
    /// The signs it was judged by, the weightiest first.
    pub signs: Vec<SignKind>,
    /// What the person who has it should do next.
    pub what_to_do: Text,
}

impl Row for Phishing {
    const NAME: &'static str = "mail/phishing";
}

impl Judged {
    /// Of a message's fields.
    pub fn of(fields: &Fields) -> Result<Judged> {
        read(fields)
    }
}

/// What a single detector says of the message: of `mail/signs`, the same fields.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Suspected {
    /// The author's address (From), as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The name shown beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from_name: String,
    /// Subject, as shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// Addresses in To.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Addresses in Reply-To.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<String>,
    /// The address in Return-Path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub return_path: String,
    /// Message-ID, without brackets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message_id: String,
    /// DMARC (RFC 7489).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<Word>,
}

/// Signs of one family in a message: what the single detectors find, whose name is each finding's own.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Suspicion {
    /// The message.
    #[serde(flatten)]
    pub message: Suspected,
    /// The signs, the gravest first.
    pub signs: Vec<SignKind>,
}

impl Suspected {
    /// Of a message's fields, or of its signs'.
    pub fn of(fields: &Fields) -> Result<Suspected> {
        read(fields)
    }
}

impl Suspicion {
    /// The detectors whose findings carry it.
    pub const DETECTORS: [&str; 12] = [
        "mail/attachment",
        "mail/brand",
        "mail/display_name",
        "mail/first_time",
        "mail/form",
        "mail/hidden_text",
        "mail/link",
        "mail/lookalike",
        "mail/own_domain",
        "mail/pressure",
        "mail/reply_path",
        "mail/thread",
    ];
}

impl Row for Suspicion {
    /// Of the family; each detector's findings bear its own.
    const NAME: &'static str = "mail/suspicion";
}
