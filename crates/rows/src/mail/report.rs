//! What mail servers report of each other's mail, row by row. All of it is the reporter's word.

use crate::{Merge, Observed, Row};
use model::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A row of a report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "report", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "rows are made one at a time")]
pub enum Report {
    /// An abuse report (ARF, RFC 5965).
    Arf(Abuse),
    /// A record of a DMARC aggregate report (RFC 7489).
    Dmarc(Record),
    /// A policy's summary, or a kind of failure, of a TLS report (RFC 8460).
    Tls(Sessions),
}

impl Row for Report {
    const NAME: &'static str = "mail/report";
}

impl Observed for Report {
    const MERGE: Merge = Merge::Kept;
}

impl Report {
    /// The same, brought by a message.
    pub fn within(mut self, message: &str) -> Report {
        let place = match &mut self {
            Report::Arf(row) => &mut row.message,
            Report::Dmarc(row) => &mut row.message,
            Report::Tls(row) => &mut row.message,
        };
        *place = message.to_string();
        self
    }
}

model::vocabulary! {
    /// The sorts of reports (`fields.report`, and the first part of the key).
    pub enum Sort {
        /// Abuse.
        Arf = "arf",
        /// Authentication.
        Dmarc = "dmarc",
        /// Encryption.
        Tls = "tls",
    }
}

/// The key of a row of a report: `sort|domain|source`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// The sort of report.
    pub sort: Sort,
    /// The domain it is about.
    pub domain: String,
    /// The address that sent, as reported; empty for a summary.
    pub source: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}|{}|{}", self.sort, self.domain.replace('%', "%25").replace('|', "%7C"), self.source)
    }
}

impl FromStr for Key {
    type Err = Error;

    fn from_str(key: &str) -> Result<Key, Error> {
        let parts = || {
            let mut parts = key.splitn(3, '|');
            let (sort, domain) = (parts.next()?.parse().ok()?, parts.next()?.replace("%7C", "|").replace("%25", "%"));
            Some(Key { sort, domain, source: parts.next()?.to_string() })
        };
        parts().ok_or_else(|| Error::new("a report's key is not `sort|domain|source`"))
    }
}

/// A record of a DMARC aggregate report: what one address sent; the observation counts its messages.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Record {
    /// Who reports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub org_name: String,
    /// Their address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The report's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub report_id: String,
    /// How strictly DKIM is to be aligned: `r` or `s`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_adkim: String,
    /// How strictly SPF is to be aligned: `r` or `s`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_aspf: String,
    /// The policy: `none`, `quarantine`, `reject`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_p: String,
    /// The policy for subdomains.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_sp: String,
    /// The policy for subdomains that do not exist.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_np: String,
    /// To how many of a hundred it applies.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_pct: String,
    /// The domain whose policy it is.
    pub domain: String,
    /// The IP address that sent.
    pub source_ip: String,
    /// What was done: `none`, `quarantine`, `reject`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub disposition: String,
    /// Whether DKIM passes, aligned.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dkim: String,
    /// Whether SPF passes, aligned.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub spf: String,
    /// Why something else was done than the policy asks.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The same in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// The domain of RCPT TO.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub envelope_to: String,
    /// The domain of MAIL FROM.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub envelope_from: String,
    /// The domain in From.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub header_from: String,
    /// DKIM signatures, aligned or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dkim_results: Vec<AuthResult>,
    /// SPF checks, aligned or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spf_results: Vec<AuthResult>,
    /// The key of the message that brought the report.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// A result of SPF or DKIM, whatever the domain in From.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AuthResult {
    /// The domain it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// DKIM's selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// SPF's identity: `helo` or `mfrom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The result word (RFC 8601).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// A policy's summary, or a kind of failure, of a TLS report; the observation counts its sessions.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Sessions {
    /// Who reports.
    pub org_name: String,
    /// How to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_info: Option<String>,
    /// The report's id.
    pub report_id: String,
    /// The domain whose policy it is.
    pub policy_domain: String,
    /// `tlsa`, `sts` or `no-policy-found`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_type: String,
    /// Why sessions failed (RFC 8460 4.3); empty in a summary.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub result_type: String,
    /// The IP address that sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sending_mta_ip: String,
    /// The IP address that received.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub receiving_ip: String,
    /// The name of the server that received.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub receiving_mx_hostname: String,
    /// More of why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_reason_code: String,
    /// Sessions that did not fail, in a summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successful: Option<u64>,
    /// Sessions that failed.
    pub failed: u64,
    /// The key of the message that brought the report.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// An abuse report, in the names of RFC 5965 3; the observation counts incidents.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Abuse {
    /// What is complained of: `abuse`, `fraud`, `virus` …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub feedback_type: String,
    /// The program that reports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user_agent: String,
    /// The version of the format.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The envelope's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original_envelope_id: String,
    /// MAIL FROM.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original_mail_from: String,
    /// RCPT TO.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original_rcpt_to: String,
    /// When it arrived, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub arrival_date: String,
    /// The IP address that sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source_ip: String,
    /// The server that reports.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reporting_mta: String,
    /// The domain complained of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reported_domain: String,
    /// The address complained of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reported_uri: String,
    /// How many messages, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub incidents: String,
    /// The key of the message that brought the report.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_keys_are_read_back_equal() {
        let abuse = Report::Arf(Abuse { source_ip: "192.0.2.7".into(), ..Abuse::default() }).within("m");
        let tls = Report::Tls(Sessions { successful: Some(3), failed: 1, ..Sessions::default() });
        let result = AuthResult { domain: Some("a.example".into()), ..AuthResult::default() };
        let dmarc =
            Report::Dmarc(Record { domain: "b.example".into(), dkim_results: vec![result], ..Record::default() });
        for row in [abuse, tls, dmarc] {
            assert_eq!(Report::of(row.fields()).expect("a row"), row);
        }
        for domain in ["kiosque.example", "", "a|b%7C%25"] {
            let key = Key { sort: Sort::Dmarc, domain: domain.into(), source: "192.0.2.7".into() };
            assert_eq!(key.to_string().parse::<Key>().expect("a key"), key);
        }
    }
}
