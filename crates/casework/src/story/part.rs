//! What a finding brings to the story: the steps it shows, what it may share with others, whose accounts were used, what
//! it says of who. Read of its entities, roles and techniques; its chapter adds what only that knows.

use super::Settings;
use crate::chapters::CHAPTERS;
use knowledge::chain::Chain as Known;
use model::{Address, Context, Entity, EntityKind, Finding, Role, Severity, Text, Time};
use rows::story::{Cause, Class, Step};
use std::collections::BTreeSet;

/// Values kept of one finding.
const VALUES: usize = 200;
/// Accounts kept of one finding.
const VICTIMS: usize = 1000;

/// What a finding brings.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Part {
    /// Steps it shows.
    pub shows: Vec<Shows>,
    /// What others may share.
    pub values: Vec<Value>,
    /// Accounts that were clicked, used, read or leaked: not those that were merely addressed.
    pub victims: BTreeSet<String>,
    /// What it says of who.
    pub signs: Vec<Sign>,
    /// Its innocent cause, where one is on record.
    pub innocent: Option<Text>,
    /// Of values, how many bear them ordinarily, as the finding itself tells.
    pub borne: Vec<(Cause, String, u64)>,
}

/// A step that a finding shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shows {
    /// Which.
    pub step: Step,
    /// When it began; none where only the end of the time is known.
    pub first: Option<Time>,
    /// When it was last seen.
    pub last: Option<Time>,
    /// How sure, 0 to 100.
    pub confidence: u8,
}

/// Something that findings may share, with the time in which this finding has it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Value {
    /// Why sharing it says something.
    pub cause: Cause,
    /// The value, in one spelling.
    pub value: String,
    /// Since when; none where that is not known.
    pub first: Option<Time>,
    /// Until when.
    pub last: Option<Time>,
}

/// What speaks of who.
#[derive(Clone, PartialEq, Debug)]
pub struct Sign {
    /// For or against whom: the name of an intrusion set as its source says it, or a word of the hypotheses.
    pub about: About,
    /// The ratio's name in `chain.toml`.
    pub ratio: &'static str,
    /// What it costs to plant, where that is another than the ratio's.
    pub class: Option<Class>,
    /// Who says so, or what it comes from: one origin counts once.
    pub origin: String,
    /// When it was said.
    pub said: Option<Time>,
    /// Where it is said: who cites another is no origin of his own.
    pub reference: String,
    /// In words.
    pub what: Text,
}

/// Whom a sign is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum About {
    /// An intrusion set, under the name its source uses; the means it names are of this finding.
    Set(String),
    /// A word of the hypotheses: `criminals`, `insider` …
    Other(&'static str),
}

impl Part {
    /// Whether it brings nothing.
    pub fn is_empty(&self) -> bool {
        self.shows.is_empty() && self.values.is_empty() && self.victims.is_empty() && self.signs.is_empty()
    }

    /// Shows a step, in place of what was said of it before.
    pub fn show(&mut self, step: Step, first: Option<Time>, last: Option<Time>, confidence: u8) {
        self.shows.retain(|s| s.step != step);
        self.shows.push(Shows { step, first, last, confidence });
    }

    /// Shows none of these.
    pub fn hide(&mut self, step: Step) {
        self.shows.retain(|s| s.step != step);
    }

    /// Has a value, in place of the same one of another time.
    pub fn share(&mut self, cause: Cause, value: impl Into<String>, first: Option<Time>, last: Option<Time>) {
        let value = value.into();
        self.values.retain(|v| v.cause != cause || v.value != value);
        if !value.is_empty() {
            self.values.push(Value { cause, value, first, last });
        }
    }

    /// The time of a value, in place of the finding's.
    pub fn time(&mut self, cause: Cause, first: Option<Time>, last: Option<Time>) {
        self.values.iter_mut().filter(|v| v.cause == cause).for_each(|v| (v.first, v.last) = (first, last));
    }
}

/// Reads findings.
pub struct Reader<'a> {
    context: &'a Context<'a>,
    known: &'a Known,
    own: BTreeSet<String>,
    shared: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// For a case.
    pub fn new(context: &'a Context<'a>, known: &'a Known, settings: &Settings) -> Reader<'a> {
        let protect = &context.config.protect;
        let own = protect.domains.iter().chain(&protect.mail_domains).map(ToString::to_string).collect();
        let mut shared: BTreeSet<String> = settings.shared.iter().map(|s| s.trim().to_lowercase()).collect();
        shared.extend(knowledge::names::Names::embedded().shared.domains);
        Reader { context, known, own, shared }
    }

    /// What a finding brings.
    pub fn read(&self, finding: &Finding) -> Part {
        let mut part = Part::default();
        let (first, last) = (finding.first, finding.last.or(finding.first));
        // What is told for the record alone shows no step: innocent groups, decoys of no weight.
        if finding.severity > Severity::Info {
            for step in self.known.shown(&finding.techniques) {
                part.show(step, first, last, finding.confidence);
            }
        }
        for entity in &finding.entities {
            if let Some(cause) = cause(entity) {
                part.values.push(Value { cause, value: entity.value.clone(), first, last });
            } else if entity.role == Role::Victim && entity.kind == EntityKind::UserAccount {
                part.victims.insert(entity.value.clone());
            }
        }
        CHAPTERS.iter().for_each(|c| c.part(finding, self.context, &mut part));
        part.values.retain(|v| !self.joins_nothing(v));
        part.values.sort();
        part.values.dedup_by(|b, a| a.cause == b.cause && a.value == b.value);
        part.values.truncate(VALUES);
        // Whoever's account a stranger used is a victim, though he is not accused by it.
        if part.shows.iter().any(|s| matches!(s.step, Step::CredentialUsed | Step::DocumentsTaken)) {
            let used = finding.entities.iter().filter(|e| e.kind == EntityKind::UserAccount && e.role == Role::Account);
            part.victims.extend(used.map(|e| e.value.clone()));
        }
        part.victims = part.victims.iter().take(VICTIMS).map(|v| account(v, &self.own)).collect();
        part.shows.sort_by_key(|s| s.step);
        // Parts are held by the million: room to grow would be half of them.
        part.shows.shrink_to_fit();
        part.values.shrink_to_fit();
        part
    }

    /// Own things, and what everybody shares.
    fn joins_nothing(&self, value: &Value) -> bool {
        let text = value.value.to_lowercase();
        let host = match value.cause {
            Cause::Object => host(&text).to_string(),
            Cause::Account | Cause::Registration => text.rsplit('@').next().unwrap_or_default().to_string(),
            _ => text.clone(),
        };
        let own = |names: &BTreeSet<String>| {
            std::iter::successors(Some(host.as_str()), |h| Some(h.split_once('.')?.1)).any(|h| names.contains(h))
        };
        let address = Address::parse(text.as_bytes()).is_some_and(|a| self.context.config.is_own(a));
        let named =
            self.shared.contains(&text) || matches!(value.cause, Cause::Name | Cause::Hosting) && own(&self.shared);
        own(&self.own) || address || named
    }
}

/// The host of an address of the web.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    rest.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default()
}

/// The day of a moment, in the case's zone: how the last day of reading and the newest paper meet.
pub fn day(time: Time, context: &Context) -> String {
    let zone = context.config.zone().unwrap_or(jiff::tz::TimeZone::UTC);
    time.in_zone(&zone).date().to_string()
}

/// An account in one spelling: own addresses without the domain, for a login often leaves it out.
pub fn account(name: &str, own: &BTreeSet<String>) -> String {
    let name = name.trim().to_lowercase();
    match name.split_once('@') {
        Some((local, domain)) if own.contains(domain) => local.to_string(),
        _ => name,
    }
}

/// Why sharing an entity says something: of who acts and what he acts with, never of who is merely named.
fn cause(entity: &Entity) -> Option<Cause> {
    use EntityKind as Kind;
    match (entity.kind, entity.role) {
        (_, Role::Mentioned | Role::Victim | Role::Account) => None,
        (Kind::Url | Kind::File | Kind::Artifact, _) => Some(Cause::Object),
        (Kind::X509Certificate, _) => Some(Cause::Certificate),
        (Kind::DomainName, _) => Some(Cause::Name),
        (Kind::Ipv4Addr | Kind::Ipv6Addr, _) => Some(Cause::Hosting),
        (Kind::EmailAddr, Role::Infrastructure) => Some(Cause::Registration),
        (Kind::EmailAddr | Kind::UserAccount | Kind::Software | Kind::Process, _) => Some(Cause::Account),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_accounts_have_one_spelling() {
        assert_eq!(host("https://u:p@depot.example:8443/archive?x#y"), "depot.example");
        assert_eq!(host("depot.example"), "depot.example");
        let own = BTreeSet::from(["parti.example".to_string()]);
        assert_eq!(account(" Anna@Parti.example ", &own), "anna");
        assert_eq!(account("anna@elsewhere.example", &own), "anna@elsewhere.example");
    }
}
