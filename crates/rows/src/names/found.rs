//! What findings on names say.

use super::{Indicator, Registration, Shared, Technique, Via};
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A domain made to look like what is protected.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Lookalike {
    /// The registrable domain.
    pub domain: String,
    /// How it imitates, above all.
    pub technique: Option<Technique>,
    /// How it imitates, the chief technique first.
    pub techniques: Vec<Technique>,
    /// Which protected thing it imitates.
    pub imitates: String,
    /// The resemblance of its most telling name, weighed with what else is known, 0–100.
    pub score: u8,
    /// All names seen under it.
    pub names: BTreeSet<String>,
    /// The most telling name as a browser may show it, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// What is known of its registration.
    #[serde(flatten)]
    pub registration: Registration,
    /// Addresses of machines that asked for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clients: BTreeSet<String>,
    /// How it was met in evidence of other kinds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub met: BTreeSet<Via>,
}

impl Row for Lookalike {
    const NAME: &'static str = "names/lookalike";
}

/// Many domains made to look like one protected thing, in one way, besides those that are told one by one.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Flood {
    /// Which protected thing they imitate.
    pub imitates: String,
    /// How, above all.
    pub technique: Option<Technique>,
    /// How many domains they are.
    pub count: u64,
    /// The highest resemblance among them, 0–100.
    pub score: u8,
    /// The domains; where a stranger's may be innocent (`subdomain`), the names under them.
    pub names: Vec<String>,
    /// Addresses of machines that asked for them, at most sixteen.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clients: BTreeSet<String>,
    /// How they were met in evidence of other kinds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub met: BTreeSet<Via>,
}

impl Row for Flood {
    const NAME: &'static str = "names/flood";
}

/// A domain that somebody holds to be bad was met; source, what, when and reference are the first indicator's.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KnownBad {
    /// The registrable domain.
    pub domain: String,
    /// The names met.
    pub names: BTreeSet<String>,
    /// Who says so.
    pub source: String,
    /// Of what: an operation, an intrusion set, a campaign.
    pub what: String,
    /// When they said so, as they write it.
    pub when: String,
    /// Where it can be read.
    pub reference: String,
    /// All who say so, at most sixteen.
    pub indicators: Vec<Indicator>,
}

impl Row for KnownBad {
    const NAME: &'static str = "names/indicator";
}

/// Domains of one hand.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// The domains, sorted.
    pub domains: Vec<String>,
    /// How many they are.
    pub size: u64,
    /// Those that imitate what is protected, or are known to be bad.
    pub imitating: Vec<String>,
    /// The others.
    pub follow: Vec<String>,
    /// What they share.
    pub shared: BTreeMap<Shared, BTreeSet<String>>,
    /// What they share, at most twenty, each with the domains that do.
    pub links: Vec<Link>,
    /// Addresses where abuse is told, by registrar.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub abuse: BTreeMap<String, String>,
}

impl Row for Cluster {
    const NAME: &'static str = "names/cluster";
}

/// Something that domains share.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// What it is.
    pub shared: Shared,
    /// Its value.
    pub value: String,
    /// Who shares it.
    pub domains: Vec<String>,
}

/// The names that a [`Lookalike`], a [`Flood`] or a [`KnownBad`] accuses, borrowed from its fields.
#[derive(Debug, Deserialize)]
pub struct Accused<'f> {
    domain: Option<&'f str>,
    #[serde(default)]
    technique: Option<Technique>,
    #[serde(borrow)]
    names: Vec<&'f str>,
}

impl<'f> Accused<'f> {
    /// Its domain; only the names where the domain is a stranger's that may be innocent.
    pub fn names(self) -> Vec<&'f str> {
        match self.domain {
            Some(domain) if self.technique != Some(Technique::Subdomain) => vec![domain],
            _ => self.names,
        }
    }
}
