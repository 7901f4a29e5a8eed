//! What other servers' reports come to, domain by domain.

use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is found in reports.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Reported {
    /// Who sends in a domain's name (DMARC aggregate reports, RFC 7489).
    Dmarc(Senders),
    /// Whether mail to a domain came over TLS (TLS-RPT, RFC 8460).
    Tls(Encryption),
}

impl Row for Reported {
    const NAME: &'static str = "mail/dmarc";
}

model::vocabulary! {
    /// What a source is to the domain (`fields.sources[].role`).
    #[derive(Default)]
    pub enum Party {
        /// It passes.
        Authentic = "authentic" ("authentic", "authentique"),
        /// It is one's own and fails: a service to put in order.
        Misconfigured = "misconfigured" ("ours, to put in order", "à nous, à régler"),
        /// It proves another name than the one it shows: a service used without being set up, or a forwarder.
        OtherService = "other_service" (
            "a service not set up for us, or a forwarder",
            "un service non configuré pour nous, ou une redirection"
        ),
        /// It proves nothing.
        #[default]
        Stranger = "stranger" ("a stranger", "un inconnu"),
    }
}

/// Who sends in a domain's name, as other servers report it. Counts of messages are the reporters' word.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Senders {
    /// The domain shown in From.
    pub domain: String,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages that do not.
    pub failed: u64,
    /// Messages for which SPF passes, aligned.
    pub spf: u64,
    /// Messages for which DKIM passes, aligned.
    pub dkim: u64,
    /// Messages by strangers.
    pub stranger_messages: u64,
    /// Addresses that prove nothing.
    pub strangers: u64,
    /// Addresses of one's own that fail.
    pub misconfigured: u64,
    /// Addresses that prove another name.
    pub other_services: u64,
    /// The policy last published (`p=`).
    pub policy: String,
    /// Messages by strangers, by the country (ISO 3166) their address was given to.
    pub countries: BTreeMap<String, u64>,
    /// Beginning of the first report of a stranger.
    #[serde(default)]
    pub strangers_first: Option<Time>,
    /// End of the last report of a stranger.
    #[serde(default)]
    pub strangers_last: Option<Time>,
    /// Services that prove another name, the busiest first.
    pub services: Vec<Service>,
    /// Addresses, strangers first.
    pub sources: Vec<Source>,
    /// Messages by day.
    pub days: Vec<Day>,
    /// Messages by who reported them.
    pub reporters: Vec<Reporter>,
}

/// An address that sends in a domain's name.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The IP address.
    pub source: String,
    /// The country (ISO 3166) it was given to.
    pub country: String,
    /// Who announces it, where the case can tell.
    #[serde(default)]
    pub network: Option<String>,
    /// What it is to the domain.
    pub role: Party,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages for which SPF passes, aligned.
    pub spf: u64,
    /// Messages for which DKIM passes, aligned.
    pub dkim: u64,
    /// Messages refused or set aside.
    pub rejected: u64,
    /// Beginning of the first report.
    #[serde(default)]
    pub first: Option<Time>,
    /// End of the last report.
    #[serde(default)]
    pub last: Option<Time>,
    /// Domains it authenticated as, aligned or not.
    pub proved: BTreeSet<String>,
}

/// A service that proves another name than it shows.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// The name it proves.
    pub name: String,
    /// Messages.
    pub messages: u64,
    /// Its addresses.
    pub addresses: u64,
    /// Whether reporters say that it passes mail on (a mailing list, a redirection).
    pub forwards: bool,
    /// Beginning of the first report.
    #[serde(default)]
    pub first: Option<Time>,
    /// End of the last report.
    #[serde(default)]
    pub last: Option<Time>,
}

/// A day's messages.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// The day, in UTC.
    pub day: String,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages that do not.
    pub failed: u64,
}

/// What one server reported.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reporter {
    /// Its name (`org_name`).
    pub name: String,
    /// Messages.
    pub messages: u64,
    /// Messages that fail DMARC.
    pub failed: u64,
}

/// Whether mail to a domain came over TLS, as other servers report it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Encryption {
    /// The domain.
    pub domain: String,
    /// Sessions.
    pub sessions: u64,
    /// Sessions that failed.
    pub failed: u64,
    /// Failed sessions, by why (RFC 8460 4.3).
    pub failures: BTreeMap<String, u64>,
    /// Who reported them.
    pub reporters: BTreeSet<String>,
}
