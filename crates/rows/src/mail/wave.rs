//! Waves: messages of one hand.

use crate::Row;
use model::{Text, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// What a wave wants (`fields.lure`); of two that fit, the first.
    #[derive(Default)]
    pub enum Lure {
        /// Money, for silence.
        Extortion = "extortion" ("blackmail", "un chantage"),
        /// An advance on a promised fortune.
        Fortune = "fortune" ("a stranger's fortune", "la fortune d’un inconnu"),
        /// That a file be opened.
        Attachment = "attachment" ("an attachment to open", "une pièce jointe à ouvrir"),
        /// A telephone call.
        Callback = "callback" ("a number to call", "un numéro à appeler"),
        /// A favour for somebody it is not from.
        Impersonation = "impersonation" (
            "somebody's name, asking for a favour",
            "le nom de quelqu’un, qui demande un service"
        ),
        /// A password.
        Credentials = "credentials" ("a page that asks for a password", "une page qui demande un mot de passe"),
        /// A click.
        Link = "link" ("a link to follow", "un lien à suivre"),
        /// None of these.
        #[default]
        Other = "other" ("an unusual demand", "une demande inhabituelle"),
    }
}

model::vocabulary! {
    /// What messages of a wave share (`fields.shared`). The first six are enough by themselves.
    pub enum Shared {
        /// The registrable domain of a link.
        Domain = "domain" ("links to", "liens vers"),
        /// A host or page at a place where anybody can have one.
        Page = "page" ("the page", "la page"),
        /// A file, by SHA-256.
        File = "file" ("the same attached file", "le même fichier joint"),
        /// Where answers go.
        ReplyTo = "reply_to" ("answers to", "réponses vers"),
        /// The sender's address.
        Sender = "sender" ("sender", "expéditeur"),
        /// A text, by the key of the first message that has it.
        Template = "template" ("the same text", "le même texte"),
        /// The address of the server it came from.
        Server = "server" ("sending server", "serveur d’envoi"),
        /// The subject, names and numbers aside.
        Subject = "subject" ("subject", "objet"),
        /// The sender's display name.
        Name = "name" ("sender's name", "nom d’expéditeur"),
        /// The name of a file, numbers aside.
        FileName = "file_name" ("file name", "nom de fichier"),
    }
}

model::vocabulary! {
    /// How it is known that somebody followed a lure (`fields.clicks[].how`).
    pub enum How {
        /// They answered.
        Answer = "answer" ("an answer", "une réponse"),
        /// Their account was entered from where it never was.
        Login = "login" ("a login from elsewhere", "une connexion d’ailleurs"),
        /// A visit came from the page that only they got a link to.
        Visit = "visit" ("a visit from its page", "une visite depuis sa page"),
    }
}

/// A wave.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Wave {
    /// Messages.
    pub count: u64,
    /// Their Message-IDs; the observation's key where one has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
    /// Those of them that would not stand out alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
    /// Addresses of own people who got one; of all recipients where the case names no mail domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
    /// When the first message came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Time>,
    /// When the last message came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Time>,
    /// What it wants.
    pub lure: Lure,
    /// The most frequent subject, `…` for words that fewer than half of all have.
    pub subject: String,
    /// Addresses of those who followed it, with a confidence of 50 or more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clicked: Vec<String>,
    /// Each time that somebody seems to have followed it, and how that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clicks: Vec<Click>,
    /// Visits from its pages of which nothing says whose they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    /// What binds its messages, what most share first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<Bond>,
    /// Registrable domains of its links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// Hosts and pages at places where anybody can have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
    /// Attached files, by SHA-256.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Senders' addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<String>,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<String>,
    /// Addresses of the servers it came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// Addresses its links open, at its own domains and pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Each recipient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Addresses of those who reported it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reported_by: Vec<String>,
    /// What the case's security should do next.
    pub what_to_do: Text,
}

impl Row for Wave {
    const NAME: &'static str = "mail/wave";
}

/// Somebody seems to have followed a lure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Click {
    /// Whose address.
    pub recipient: String,
    /// How it is known.
    pub how: How,
    /// How sure that is, 0–100.
    pub confidence: u8,
    /// When.
    pub time: Time,
    /// From which IP address.
    #[serde(default)]
    pub source: Option<String>,
    /// In words.
    pub why: Text,
}

/// A visit from a page of a wave.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// The page it came from (`Referer`).
    pub page: String,
    /// When.
    pub time: Time,
    /// From which IP address.
    #[serde(default)]
    pub source: Option<String>,
}

/// What at least two messages share.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Bond {
    /// What it is.
    pub what: Shared,
    /// Which.
    pub value: String,
    /// Messages that have it.
    pub messages: u64,
}

/// A recipient of a wave.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Their address.
    pub address: String,
    /// Their team, where the case names one (`[mail.teams]`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub team: String,
    /// When the first message came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Time>,
    /// When they followed it, with a confidence of 50 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followed: Option<Time>,
    /// How that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<How>,
    /// When they reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Time>,
}
