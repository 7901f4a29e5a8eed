//! What readers of names keep: look-alikes, sightings, registrations, indicators.

use super::{Record, Technique, Via};
use crate::{Merge, Observed, Row};
use model::{Address, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Names, clients and visitors kept of a domain.
pub const MOST: usize = 16;
/// Pages kept of a domain.
pub const PAGES: usize = 256;
/// Values kept of each list of a registration.
const VALUES: usize = 32;

/// A registrable domain, and what was seen of it.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The registrable domain.
    pub domain: String,
    /// Names met under it, at most sixteen, the most telling one among them.
    pub names: BTreeSet<String>,
    /// Addresses of machines that asked for it, at most sixteen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// How it was met in evidence of other kinds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub met: BTreeSet<Via>,
    /// Addresses that brought it there, at most sixteen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visitors: Vec<String>,
    /// Whole addresses it was met in, at most 256.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<Page>,
    /// Records seen with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<Record, BTreeSet<String>>,
}

impl Seen {
    /// Takes in what was seen later. Lists that are full stay as they are.
    fn join(&mut self, later: &Seen) {
        for name in &later.names {
            if self.names.len() < MOST {
                self.names.insert(name.clone());
            }
        }
        for (list, new) in [(&mut self.clients, &later.clients), (&mut self.visitors, &later.visitors)] {
            let new: Vec<_> = new.iter().filter(|a| !list.contains(a)).take(MOST.saturating_sub(list.len())).collect();
            list.extend(new.into_iter().cloned());
            list.sort_by_cached_key(|a| Address::parse(a.as_bytes()));
        }
        self.met.extend(&later.met);
        for page in &later.pages {
            if self.pages.len() < PAGES && !self.pages.iter().any(|p| p.url == page.url && p.visitor == page.visitor) {
                self.pages.push(page.clone());
            }
        }
        let order = |p: &Page| (p.url.clone(), p.visitor.as_ref().and_then(|v| Address::parse(v.as_bytes())));
        self.pages.sort_by_cached_key(order);
        let mut held: usize = self.records.values().map(BTreeSet::len).sum();
        for (&kind, values) in &later.records {
            for value in values {
                if held < 2 * MOST && self.records.entry(kind).or_default().insert(value.clone()) {
                    held += 1;
                }
            }
        }
    }
}

/// A whole address, with the first visit from it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The address, its first 300 bytes.
    pub url: String,
    /// The visitor.
    pub visitor: Option<String>,
    /// When.
    pub time: Option<Time>,
    /// First byte of the visit in the evidence.
    pub start: u64,
    /// Bytes of it.
    pub len: u64,
    /// Its line.
    pub line: u64,
}

/// A domain that resembles something.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Resemblance {
    /// What was seen.
    #[serde(flatten)]
    pub seen: Seen,
    /// How much its most telling name resembles, 0–100.
    pub score: u8,
    /// How, above all.
    pub technique: Option<Technique>,
    /// How, the chief technique first.
    pub techniques: Vec<Technique>,
    /// Which protected thing it resembles.
    pub imitates: String,
    /// The name as a browser may show it, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

impl Row for Resemblance {
    const NAME: &'static str = "names/lookalike";
}

impl Observed for Resemblance {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Resemblance) {
        self.seen.join(&later.seen);
        if later.score > self.score {
            *self = Resemblance { seen: std::mem::take(&mut self.seen), ..later.clone() };
        }
    }
}

/// A domain that somebody holds to be bad was met.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sighting {
    /// What was seen.
    #[serde(flatten)]
    pub seen: Seen,
    /// Who says what of it, at most sixteen.
    pub indicators: Vec<Indicator>,
}

impl Row for Sighting {
    const NAME: &'static str = "names/sighting";
}

impl Observed for Sighting {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Sighting) {
        self.seen.join(&later.seen);
        for indicator in &later.indicators {
            if self.indicators.len() < MOST && !self.indicators.contains(indicator) {
                self.indicators.push(indicator.clone());
            }
        }
    }
}

/// A name believed bad.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Indicator {
    /// The name, canonical: a host, or a registrable domain with all below it.
    pub name: String,
    /// Who says so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Of what: an operation, an intrusion set, a campaign.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub what: String,
    /// When they said so, as they write it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub when: String,
    /// Until when it holds, where they say so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub until: String,
    /// Where it can be read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl Row for Indicator {
    const NAME: &'static str = "names/indicator";
}

impl Observed for Indicator {
    const MERGE: Merge = Merge::Kept;
}

/// A record of who registered a domain, or of where it points.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Registered {
    /// The registrable domain.
    pub domain: String,
    /// What is known of it.
    #[serde(flatten)]
    pub registration: Registration,
}

impl Row for Registered {
    const NAME: &'static str = "names/registration";
}

impl Observed for Registered {
    const MERGE: Merge = Merge::Kept;
}

/// What is known of a registration: RDAP (RFC 9083), WHOIS, the DNS. Of each list the first 32 in order are kept.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Registration {
    /// When it was registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Time>,
    /// The registrar.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub registrar: String,
    /// Where abuse is told to the registrar.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub abuse: String,
    /// Name, organisation, address and handle of who registered it, as far as they are shown.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub registrant: BTreeSet<String>,
    /// Name servers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub name_servers: BTreeSet<String>,
    /// Mail exchangers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub mail: BTreeSet<String>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub addresses: BTreeSet<String>,
    /// Fingerprints of certificates.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub certificates: BTreeSet<String>,
}

impl Registration {
    fn lists(&mut self) -> [&mut BTreeSet<String>; 5] {
        [&mut self.registrant, &mut self.name_servers, &mut self.mail, &mut self.addresses, &mut self.certificates]
    }

    /// Keeps of each list what a row holds.
    pub fn bound(&mut self) {
        for list in self.lists() {
            while list.len() > VALUES {
                list.pop_last();
            }
        }
    }

    /// Adds what another record of the same domain says.
    pub fn merge(&mut self, mut other: Registration) {
        self.created = self.created.into_iter().chain(other.created).min();
        for (text, new) in
            [(&mut self.registrar, other.registrar.split_off(0)), (&mut self.abuse, other.abuse.split_off(0))]
        {
            if text.is_empty() {
                *text = new;
            }
        }
        for (list, new) in self.lists().into_iter().zip(other.lists()) {
            list.append(new);
        }
        self.bound();
    }
}
