//! The classes of hostile requests, and the verdict on one.

use super::rules::{Rule, Strength};
pub use rows::attempt::Class;

/// MITRE ATT&CK (Enterprise) techniques of a class, the closest first.
#[must_use]
pub fn techniques(class: Class) -> &'static [&'static str] {
    match class {
        Class::CrossSiteScripting => &["T1190", "T1059.007"],
        Class::PathTraversal => &["T1190", "T1083"],
        Class::CommandInjection => &["T1190", "T1059"],
        Class::TemplateInjection => &["T1190", "T1221"],
        Class::Shellshock => &["T1190", "T1059.004"],
        Class::SqlInjection
        | Class::FileInclusion
        | Class::JndiInjection
        | Class::Deserialization
        | Class::OpenRedirect => &["T1190"],
        Class::ProxyAbuse => &["T1090.002", "T1190"],
        Class::Scanner => &["T1595.002"],
        Class::SecretProbe => &["T1595.003", "T1552.001"],
        Class::KnownCve => &["T1190", "T1595.002"],
        Class::AdminProbe | Class::ForcedBrowsing => &["T1595.003"],
        Class::LoginAttempt => &["T1110"],
        Class::UserEnumeration => &["T1589", "T1087"],
        Class::WebShell => &["T1505.003"],
        Class::Malformed => &["T1595"],
        Class::Flood => &["T1498.001", "T1499.002"],
        Class::BruteForce => &["T1110.001"],
        Class::PasswordSpraying => &["T1110.003"],
        Class::CredentialStuffing => &["T1110.004"],
    }
}

/// How telling the class of a request is when several apply: the higher one names the request.
fn weight(class: Class) -> u8 {
    match class {
        Class::Shellshock | Class::JndiInjection => 19,
        Class::KnownCve => 18,
        Class::WebShell => 17,
        Class::Deserialization => 16,
        Class::SqlInjection => 15,
        Class::CrossSiteScripting => 14,
        Class::CommandInjection => 13,
        Class::TemplateInjection => 12,
        Class::FileInclusion => 11,
        Class::PathTraversal => 10,
        Class::SecretProbe => 9,
        Class::ProxyAbuse => 8,
        Class::OpenRedirect => 7,
        Class::UserEnumeration => 6,
        Class::LoginAttempt => 5,
        Class::AdminProbe => 4,
        Class::Scanner => 3,
        Class::Malformed => 2,
        // Told from many requests, never from one.
        Class::ForcedBrowsing
        | Class::Flood
        | Class::BruteForce
        | Class::PasswordSpraying
        | Class::CredentialStuffing => 0,
    }
}

/// A set of classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u32);

impl ClassSet {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it holds this class.
    #[must_use]
    pub fn has(self, class: Class) -> bool {
        self.0 >> (class as u8) & 1 != 0
    }

    /// The classes, in declaration order.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.into_iter().filter(move |class| self.has(*class))
    }

    /// The set as bits, one for each class in declaration order.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    fn insert(&mut self, class: Class) {
        self.0 |= 1 << class as u8;
    }
}

/// Which part of the request gave it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "the parts of a request line and two headers")]
pub enum Part {
    #[default]
    Target,
    UserAgent,
    Referer,
}

/// The judgement on one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Classes of which this request alone is an attempt.
    pub strong: ClassSet,
    /// Classes of which it would be one in number or context. May overlap with `strong`.
    pub weak: ClassSet,
    /// The most telling rule's index and where it was met; none if both sets are empty.
    pub best: Option<(u16, Part)>,
    rank: u8,
}

impl Verdict {
    pub(super) fn add(&mut self, rule: &Rule, index: u16, part: Part) {
        let strong = rule.strength == Strength::Strong;
        if strong {
            self.strong.insert(rule.class)
        } else {
            self.weak.insert(rule.class)
        }
        let rank = weight(rule.class) + if strong { 32 } else { 0 };
        if rank > self.rank {
            self.rank = rank;
            self.best = Some((index, part));
        }
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.best.is_none()
    }
}
