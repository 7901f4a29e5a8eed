//! Findings: claims that a detector will defend, with what speaks for and against, and the traces to check it by.

use crate::{Entity, Fields, Text, Time, Trace, vocabulary};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

vocabulary! {
    /// How much it matters.
    pub enum Severity {
        /// For the record.
        Info = "info" ("information", "information"),
        /// Worth counting; the usual noise of the Internet. *Flagged* begins here.
        Low = "low" ("low", "faible"),
        /// Worth a look this week.
        Medium = "medium" ("medium", "moyenne"),
        /// Worth a look today.
        High = "high" ("high", "élevée"),
        /// Act now.
        Critical = "critical" ("critical", "critique"),
    }
}

impl Severity {
    /// Its word behind a number of findings: in French the gravity is high, not the finding.
    pub fn counted(self, n: u64) -> Text {
        let Text { en, fr } = self.text();
        let fr = match self {
            Severity::Critical => format!("{fr}{}", if n < 2 { "" } else { "s" }),
            Severity::Info => "pour information".into(),
            _ => format!("de gravité {fr}"),
        };
        Text::new(en, fr)
    }
}

vocabulary! {
    /// Where the act stands towards the law.
    pub enum Level {
        /// Intrusion, phishing, theft.
        Illegal = "illegal" ("illegal", "illégal"),
        /// Decoy registration, publication of a leak, undisclosed coordination.
        Grey = "grey" ("grey", "gris"),
        /// Media amplification.
        Legal = "legal" ("legal", "légal"),
    }
}

vocabulary! {
    /// What came of an attempt; `fields.outcome` of every attempt's finding.
    pub enum Outcome {
        /// The answers said no.
        Refused = "refused" ("refused", "refusée"),
        /// Answered, but as this site usually answers.
        NoEffect = "no_effect" ("no effect", "sans effet"),
        /// The site went down with it.
        MadeUnavailable = "made_unavailable" ("made the site unavailable", "site rendu indisponible"),
        /// An answer that differs from this site's usual; a login accepted after failures. Always comes first.
        PossiblySucceeded = "possibly_succeeded" ("possibly succeeded", "peut-être réussie"),
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

    /// What comes first among findings, as one number: what is critical or possibly succeeded, then severity, then
    /// confidence.
    pub fn urgency(&self) -> i64 {
        #[derive(Deserialize)]
        struct Ended {
            outcome: Outcome,
        }
        let succeeded = self.fields.to::<Ended>().is_ok_and(|came| came.outcome == Outcome::PossiblySucceeded);
        i64::from(succeeded || self.severity == Severity::Critical) * 10_000
            + self.severity as i64 * 1_000
            + i64::from(self.confidence)
    }
}
