//! Who writes to whom, since when: what this mailbox's own history says of a sender. Made of the tallies and messages
//! of the case alone.
//!
//! You may rely on: bounded ([`IDS`]); the message that is judged counts for nothing in its own favour (a sender is
//! known by another month, or by having been written to); forged mail makes nobody known. Left out: address books.

use super::content::fold::Words;
use super::{NAME_TALLY, PAIR_TALLY, SIGNS};
use crate::domain::registrable;
use crate::names::kernel::{Judge, Scratch};
use model::{Config, Protect, Result, View};
use rows::mail::authentication::Word;
use rows::mail::message::Claims;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

/// Most message ids remembered.
const IDS: usize = 1_000_000;
/// Most domains of correspondents that imitations are looked for of.
const DOMAINS: usize = 2_000;
/// Messages a case must hold before a stranger is remarkable.
const ENOUGH: u64 = 200;
/// One message in so many may be a stranger's: where most senders are new, a new one says nothing.
const RARE: u64 = 5;

/// What is known of one author.
#[derive(Default)]
struct Author {
    months: BTreeSet<String>,
    messages: u64,
}

/// The history.
pub struct Profile {
    authors: HashMap<String, Author>,
    /// Addresses and domains that own people wrote to, or that the case names.
    written: BTreeSet<String>,
    /// A display name (its words in order) → addresses and how often.
    names: BTreeMap<String, BTreeMap<String, u64>>,
    /// Message id → who took part (domains), and whether one's own sent it.
    threads: HashMap<u64, (Vec<u64>, bool)>,
    messages: u64,
    /// Authors who wrote once.
    strangers: u64,
    judge: Option<Judge>,
}

/// A hash without regard to ASCII case.
fn hash(text: &str) -> u64 {
    model::hash::fnv1a(text.bytes().map(|b| b.to_ascii_lowercase()))
}

/// The domain of an address.
pub fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, d)| d)
}

/// A name's words in order of the alphabet, where there are two at least.
pub fn name_key(name: &str) -> Option<String> {
    let words = Words::new(name, false);
    let mut all: Vec<&str> = words.iter().filter(|w| w.len() > 1).collect();
    all.sort_unstable();
    (all.len() >= 2).then(|| all.join(" "))
}

/// Whether an address is of a protected domain.
pub fn is_own(config: &Config, address: &str) -> bool {
    let domain = domain(address);
    let own = config.protect.mail_domains.iter().chain(&config.protect.domains);
    !domain.is_empty() && own.into_iter().any(|d| super::content::ideas::under(domain, d))
}

/// Whether a message says nothing about who writes to whom: its sender is disproven, or it speaks for one's own people,
/// travelled, and is not proven.
pub fn is_doubtful(config: &Config, claims: &Claims) -> bool {
    let proven = claims.dmarc == Some(Word::Pass);
    claims.dmarc == Some(Word::Fail) || claims.travelled() && !proven && is_own(config, claims.from)
}

impl Profile {
    /// Of a case.
    pub fn new(case: &dyn View, config: &Config, correspondents: &[String]) -> Result<Profile> {
        let mut profile = Profile {
            authors: HashMap::new(),
            written: correspondents.iter().map(|c| c.to_lowercase()).collect(),
            names: BTreeMap::new(),
            threads: HashMap::new(),
            messages: 0,
            strangers: 0,
            judge: None,
        };
        case.tallies(PAIR_TALLY, &mut |key, counts| {
            let mut parts = key.split(' ');
            let (Some(author), Some(recipient), Some(month)) = (parts.next(), parts.next(), parts.next()) else {
                return Ok(ControlFlow::Continue(()));
            };
            let count = counts.first().copied().unwrap_or(0);
            let known = profile.authors.entry(author.to_string()).or_default();
            known.months.insert(month.to_string());
            known.messages += count;
            profile.messages += count;
            if is_own(config, author) && !is_own(config, recipient) {
                profile.written.insert(recipient.to_string());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        case.tallies(NAME_TALLY, &mut |key, counts| {
            if let Some((address, name)) = key.split_once(' ')
                && let Some(name) = name_key(name)
            {
                *profile.names.entry(name).or_default().entry(address.to_string()).or_default() +=
                    counts.first().copied().unwrap_or(0);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        case.observations(SIGNS, &mut |visit| {
            let claims = Claims::of(&visit.observation.fields)?;
            if !claims.message_id.is_empty() && profile.threads.len() < IDS {
                let author = Some(claims.from).filter(|f| !f.is_empty());
                let people = author.iter().chain(&claims.to).chain(&claims.cc);
                let own = is_own(config, claims.from) && !is_doubtful(config, &claims);
                profile.threads.insert(hash(claims.message_id), (people.map(|a| hash(domain(a))).collect(), own));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        profile.strangers = profile.authors.values().filter(|a| a.messages <= 1).count() as u64;
        profile.index();
        Ok(profile)
    }

    /// Makes the domains of correspondents ready to be held against look-alikes.
    fn index(&mut self) {
        let free = &super::content::links::HOSTS;
        let mut domains: BTreeSet<String> = self
            .written
            .iter()
            .map(|a| a.rsplit('@').next().unwrap_or(a))
            .filter(|d| !free.is_freemail(d))
            .filter_map(registrable)
            .take(DOMAINS)
            .collect();
        domains.extend(
            self.authors
                .iter()
                .filter(|(a, k)| k.months.len() >= 3 && k.messages >= 10 && !free.is_freemail(domain(a)))
                .filter_map(|(a, _)| registrable(domain(a)))
                .take(DOMAINS),
        );
        if !domains.is_empty() {
            let protect = Protect::of_domains(domains);
            self.judge = Some(Judge::new(&protect, &knowledge::names::Names::embedded()));
        }
    }

    /// Whether this address wrote in another month too, or own people wrote to it or its domain.
    pub fn knows(&self, address: &str, month: &str) -> bool {
        let address = address.to_lowercase();
        self.written.contains(&address)
            || self.written.contains(domain(&address))
            || self
                .authors
                .get(&address)
                .is_some_and(|a| a.messages >= 3 && a.months.iter().any(|m| m.as_str() < month))
    }

    /// Whether nobody ever had mail of this address but once, in a mailbox that has seen much.
    pub fn is_first(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        self.messages >= ENOUGH
            && self.strangers * RARE <= self.messages
            && !self.written.contains(&address)
            && self.authors.get(&address).is_none_or(|a| a.messages <= 1)
    }

    /// The correspondent whose domain a domain is made to look like.
    pub fn resembles(&self, domain: &str, scratch: &mut Scratch) -> Option<String> {
        let found = self.judge.as_ref()?.judge(domain.as_bytes(), scratch)?;
        (found.score >= 60 && found.class != crate::names::things::Class::Service).then_some(found.imitates)
    }

    /// The address of another domain that has long borne this name.
    pub fn bearer(&self, name: &str, address: &str) -> Option<&str> {
        let address = address.to_lowercase();
        let bearers = self.names.get(&name_key(name)?)?;
        let own = bearers.get(&address).copied().unwrap_or(0);
        let (other, count) = bearers.iter().filter(|(a, _)| domain(a) != domain(&address)).max_by_key(|(_, n)| **n)?;
        (own <= 1 && *count >= 3).then_some(other)
    }

    /// What a message answers: whether one's own sent it, and whether this domain took part.
    pub fn thread(&self, answered: &[&str], domain: &str) -> Option<(bool, bool)> {
        let known: Vec<&(Vec<u64>, bool)> = answered.iter().filter_map(|id| self.threads.get(&hash(id))).collect();
        let took_part = known.iter().any(|(people, _)| people.contains(&hash(domain)));
        (!known.is_empty()).then(|| (known.iter().any(|(_, own)| *own), took_part))
    }
}
