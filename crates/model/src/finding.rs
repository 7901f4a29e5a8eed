//! Findings: claims that a detector will defend, with what speaks for and against, and the traces to check it by.

use crate::{Entity, Fields, Text, Time, Trace};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For the record.
    Info,
    /// Worth counting; the usual noise of the Internet. *Flagged* begins here.
    Low,
    /// Worth a look this week.
    Medium,
    /// Worth a look today.
    High,
    /// Act now.
    Critical,
}

impl Severity {
    /// All, from the least.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word used everywhere.
    pub fn as_str(self) -> &'static str {
        ["info", "low", "medium", "high", "critical"][self as usize]
    }
}

impl std::str::FromStr for Severity {
    type Err = String;
    fn from_str(s: &str) -> Result<Severity, String> {
        Severity::ALL
            .into_iter()
            .find(|v| v.as_str() == s)
            .ok_or_else(|| "one of info, low, medium, high, critical".into())
    }
}

/// Where the act stands towards the law.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Intrusion, phishing, theft.
    Illegal,
    /// Decoy registration, publication of a leak, undisclosed coordination.
    Grey,
    /// Media amplification.
    Legal,
}

/// What came of an attempt; `fields.outcome` of every attempt's finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answers said no.
    Refused,
    /// Answered, but as this site usually answers.
    NoEffect,
    /// The site went down with it.
    MadeUnavailable,
    /// An answer that differs from this site's usual; a login accepted after failures. Always comes first.
    PossiblySucceeded,
}

impl Outcome {
    /// All.
    pub const ALL: [Outcome; 4] =
        [Outcome::Refused, Outcome::NoEffect, Outcome::MadeUnavailable, Outcome::PossiblySucceeded];

    /// The word used in JSON, SQL and CSV.
    pub fn as_str(self) -> &'static str {
        ["refused", "no_effect", "made_unavailable", "possibly_succeeded"][self as usize]
    }

    /// The words for people.
    pub fn text(self) -> Text {
        let (en, fr) = [
            ("refused", "refusée"),
            ("no effect", "sans effet"),
            ("made the site unavailable", "site rendu indisponible"),
            ("possibly succeeded", "peut-être réussie"),
        ][self as usize];
        Text::new(en, fr)
    }
}

/// Why, or why not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// Whether it speaks for the claim or against it.
    #[serde(rename = "for")]
    pub supports: bool,
    /// How much, 0–100, among the reasons of this finding.
    pub weight: u8,
    /// In words.
    pub text: Text,
}

impl Reason {
    /// Speaks for the claim.
    pub fn supporting(weight: u8, text: Text) -> Reason {
        Reason { supports: true, weight, text }
    }

    /// Speaks against it.
    pub fn against(weight: u8, text: Text) -> Reason {
        Reason { supports: false, weight, text }
    }
}

/// A claim with its reasons and traces.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Which detector defends it: `web_log/attempt` …
    pub detector: Cow<'static, str>,
    /// What makes this finding this finding (source, purpose, start …); with the detector it gives the id.
    pub key: String,
    /// How much it matters.
    pub severity: Severity,
    /// How sure, 0–100.
    pub confidence: u8,
    /// Illegal, grey or legal.
    pub level: Level,
    /// One line.
    pub title: Text,
    /// For and against.
    pub reasons: Vec<Reason>,
    /// ATT&CK or DISARM technique ids.
    pub techniques: Vec<String>,
    /// First event.
    pub first: Option<Time>,
    /// Last event.
    pub last: Option<Time>,
    /// Who and what takes part.
    pub entities: Vec<Entity>,
    /// The evidence.
    pub traces: Vec<Trace>,
    /// What the detector's specification documents besides (class, outcome, country …).
    pub fields: Fields,
}

/// Our namespace for UUIDv5: the v5 UUID of `vigie` in the DNS namespace's sibling, fixed for ever.
const NAMESPACE: uuid::Uuid = uuid::uuid!("6f0a1e9c-2b1d-5e7a-9a55-76696769650a");

impl Finding {
    /// The STIX-like id, the same for the same claim in every run: `finding--` and a UUIDv5 (RFC 9562).
    pub fn id(&self) -> String {
        let name = format!("{}\n{}", self.detector, self.key);
        format!("finding--{}", uuid::Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}
