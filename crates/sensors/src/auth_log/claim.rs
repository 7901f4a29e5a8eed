//! From what was seen to a finding: class, outcome, severity, and the reasons for and against.

use super::party::{Entry, Party};
use super::runs::UNKNOWN;
use crate::attempt::Shape;
use model::{
    Address, Context, Entity, EvidenceId, Finding, Level, Network, Outcome, Reason, Role, Severity, Span, Step, Text,
    Time,
};
use rows::attempt::{self, Class, Purpose};
use rows::{Counts, Row, auth_log};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Names in a finding's entities, at most; the count of all stands in its fields.
pub const ENTITIES: usize = 1000;

/// Tries, or names, of which an attempt is no longer everyday noise.
const THOUSANDS: u64 = 1000;
const DOZENS: u64 = 20;

/// An attempt as it is claimed.
pub struct Claim {
    /// What it is aimed at.
    pub purpose: Purpose,
    /// On which machine.
    pub site: String,
    /// How its events lie.
    pub shape: Shape,
    /// The network of all sources; none for a spray.
    pub network: Option<Network>,
    /// Who, with how many tries.
    pub sources: BTreeMap<Address, u64>,
    /// First event.
    pub first: Time,
    /// Last event.
    pub last: Time,
    /// Tries refused.
    pub tries: u64,
    /// Of these, with names that the service does not know.
    pub unknown: u64,
    /// Names tried.
    pub names: BTreeMap<String, u64>,
    /// Whether there were names that were not kept.
    pub more: bool,
    machine: bool,
    /// Whether names that every scanner tries are among them.
    pub defaults: bool,
    /// The login it may have led to, and whether that source had logged in so before.
    pub entry: Option<(Entry, bool)>,
    /// Their places.
    pub spans: BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>>,
}

impl Claim {
    /// Nothing claimed yet.
    pub fn new(purpose: Purpose, site: &str, shape: Shape) -> Claim {
        Claim {
            purpose,
            site: site.into(),
            shape,
            network: None,
            sources: BTreeMap::new(),
            first: Time(i64::MAX),
            last: Time(i64::MIN),
            tries: 0,
            unknown: 0,
            names: BTreeMap::new(),
            more: false,
            machine: false,
            defaults: false,
            entry: None,
            spans: BTreeMap::new(),
        }
    }

    /// Adds a party; its acceptance, if any, is the claim's where it follows too many refusals.
    pub fn add(&mut self, party: Party, is_known: &dyn Fn(&Party, &Entry) -> bool) {
        if let Some(entry) = party.broken() {
            let known = is_known(&party, entry);
            self.enter(entry.clone(), known);
        }
        *self.sources.entry(party.source).or_default() += party.tries;
        self.first = self.first.min(party.first);
        self.last = self.last.max(party.last);
        self.tries += party.tries;
        self.unknown += party.unknown;
        self.more |= party.more > 0;
        self.machine |= party.is_machine();
        self.defaults |= party.tries_default();
        for (name, n) in party.names {
            *self.names.entry(name).or_default() += n;
        }
        for (evidence, steps, spans) in party.places {
            self.spans.entry((evidence, steps)).or_default().extend(spans.iter());
        }
    }

    /// A login it may have led to; the earliest that is not a habit counts.
    pub fn enter(&mut self, entry: Entry, known: bool) {
        let rank = |e: &Entry, known: bool| (known, e.method == "publickey", e.at);
        if self.entry.as_ref().is_none_or(|(e, k)| rank(&entry, known) < rank(e, *k)) {
            self.entry = Some((entry, known));
        }
    }

    /// Adds another part of the same spray.
    pub fn join(&mut self, other: Claim) {
        if let Some((entry, known)) = other.entry {
            self.enter(entry, known);
        }
        self.network = None;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.tries += other.tries;
        self.unknown += other.unknown;
        self.more |= other.more;
        self.machine |= other.machine;
        self.defaults |= other.defaults;
        for (source, n) in other.sources {
            *self.sources.entry(source).or_default() += n;
        }
        for (name, n) in other.names {
            *self.names.entry(name).or_default() += n;
        }
        for (place, spans) in other.spans {
            self.spans.entry(place).or_default().extend(spans);
        }
    }

    /// Whether a person who slips tries as often.
    pub fn is_few(&self) -> bool {
        self.tries < 5 && self.entry.is_none()
    }

    fn distinct_names(&self) -> u64 {
        self.names.len() as u64 + u64::from(self.more)
    }

    /// What kind of guessing it is (ATT&CK T1110 and below).
    pub fn class(&self) -> Class {
        let names = self.distinct_names();
        let shallow = names >= 5 && self.tries <= 2 * names;
        match () {
            _ if self.shape == Shape::Spray && names >= 2 => Class::PasswordSpraying,
            _ if shallow && self.unknown * 2 >= self.tries => Class::UserEnumeration,
            _ if shallow => Class::PasswordSpraying,
            _ => Class::BruteForce,
        }
    }

    /// How much it matters; `own`: it comes from our own networks.
    pub fn severity(&self, own: bool) -> Severity {
        let Some((entry, known)) = &self.entry else {
            return match () {
                _ if own => Severity::Info,
                _ if self.tries >= THOUSANDS || self.distinct_names() >= DOZENS => Severity::Medium,
                _ => Severity::Low,
            };
        };
        // A key cannot be guessed; a place that logged in so before is most likely its owner.
        if own || *known || entry.method == "publickey" {
            return Severity::Medium;
        }
        let prize = entry.user == "root" || matches!(self.purpose, Purpose::Postgresql | Purpose::Mysql);
        if prize { Severity::Critical } else { Severity::High }
    }

    fn reasons(&self, own: bool, zone: &jiff::tz::TimeZone) -> Vec<Reason> {
        let (tries, names) = (self.tries, self.distinct_names());
        let mut reasons = vec![match names {
            0 | 1 => Reason::supporting(
                if tries >= 20 { 30 } else { 15 },
                Text::new(
                    format!("{tries} {} refused", plural(tries, "login", "logins")),
                    format!("{tries} {}", plural(tries, "connexion refusée", "connexions refusées")),
                ),
            ),
            _ => Reason::supporting(
                if tries >= 20 { 30 } else { 20 },
                match self.more {
                    // Those that were not kept count as one more.
                    true => Text::new(
                        format!("{tries} logins refused, with {names} different names or more"),
                        format!("{tries} connexions refusées, avec {names} noms différents ou plus"),
                    ),
                    false => Text::new(
                        format!("{tries} logins refused, with {names} different names"),
                        format!("{tries} connexions refusées, avec {names} noms différents"),
                    ),
                },
            ),
        }];
        let mut add = |supports, weight, en: String, fr: String| {
            reasons.push(Reason { supports, weight, text: Text::new(en, fr) });
        };
        if let Some((entry, known)) = &self.entry {
            let (user, before, at) = (plain(&entry.user), entry.tries, entry.at.told(zone));
            add(
                true,
                40,
                format!("after {before} refusals the service let `{user}` in from there, on {at}"),
                format!("après {before} refus, le service a laissé entrer « {user} » depuis cette source, le {at}"),
            );
            if *known {
                add(
                    false,
                    30,
                    "the same source had logged in with this name before, without trouble".into(),
                    "la même source s’était déjà connectée sous ce nom, sans difficulté".into(),
                );
            }
            if entry.method == "publickey" {
                add(
                    false,
                    30,
                    "it was let in by a public key, which password guessing does not yield".into(),
                    "l’accès s’est fait par clé publique, que deviner des mots de passe ne donne pas".into(),
                );
            }
        }
        reasons.extend(named(self.unknown, self.defaults));
        let mut add = |supports, weight, en: String, fr: String| {
            reasons.push(Reason { supports, weight, text: Text::new(en, fr) });
        };
        if self.machine {
            add(
                true,
                10,
                "they come faster than a person types".into(),
                "leur rythme n’est pas celui d’une saisie humaine".into(),
            );
        }
        if self.shape == Shape::Slow {
            add(
                true,
                20,
                "a few at a time, over days: below what locks an account".into(),
                "par petites salves, sur plusieurs jours : sous le seuil qui verrouille un compte".into(),
            );
        }
        if self.sources.len() > 1 {
            let n = self.sources.len();
            add(true, 20, format!("{n} sources act together"), format!("{n} sources agissent ensemble"));
        }
        if self.is_few() {
            add(false, 20, "so few tries may be a mistake".into(), "si peu d’essais peuvent être une erreur".into());
        }
        if own {
            add(
                false,
                40,
                "the source is one of our own networks".into(),
                "la source est l’un de nos propres réseaux".into(),
            );
        } else {
            reasons.extend(addressed(self.sources.keys()));
        }
        reasons
    }

    /// The source that most tries came from.
    fn origin(&self) -> Option<Address> {
        let most = |a: &(&Address, &u64), b: &(&Address, &u64)| a.1.cmp(b.1).then(b.0.cmp(a.0));
        self.sources.iter().max_by(most).map(|(source, _)| *source)
    }

    /// The finding.
    pub fn finding(self, context: &Context) -> Finding {
        let own = !self.sources.is_empty() && self.sources.keys().all(|&s| context.config.is_own(s));
        let class = self.class();
        let outcome = if self.entry.is_some() { Outcome::PossiblySucceeded } else { Outcome::Refused };
        // A zone that is none was refused with the case's settings.
        let zone = context.config.zone().unwrap_or(jiff::tz::TimeZone::UTC);
        let reasons = self.reasons(own, &zone);
        let origin = self.origin();
        let country = match origin {
            Some(UNKNOWN) | None => "unknown".to_string(),
            Some(source) => context.origins.country(source),
        };
        let (as_number, as_name) = origin.and_then(|source| context.origins.network(source)).unzip();
        let row = auth_log::Attempt {
            attempt: attempt::Attempt {
                class: Some(class),
                classes: Some(Counts(vec![(class, self.tries)])),
                outcome,
                requests: self.tries,
                attempts: None,
                sources: Some(self.sources.len() as u64),
                country: Some(country.clone()),
                network: Some(self.network.map_or("-".into(), |n| n.to_string())),
                as_number,
                as_name,
                site: self.site.clone(),
                shape: Some(self.shape),
                purpose: self.purpose,
            },
            names: self.distinct_names(),
            user: self.entry.as_ref().map(|(entry, _)| entry.user.clone()),
            method: self.entry.as_ref().map(|(entry, _)| entry.method.clone()),
        };
        let mut users: BTreeSet<&String> = self.entry.iter().map(|(e, _)| &e.user).filter(|u| !u.is_empty()).collect();
        users.extend(self.names.keys().filter(|n| !n.is_empty()).take(ENTITIES));
        let sources = self.sources.keys().filter(|s| **s != UNKNOWN).map(|&s| Entity::address(s, Role::Source));
        let entities = sources.chain(users.into_iter().map(|u| Entity::user(u, Role::Victim))).collect();
        let title = self.title(class, outcome, &country);
        let source = self.sources.keys().next().map(ToString::to_string).unwrap_or_default();
        Finding {
            detector: Cow::Borrowed(auth_log::Attempt::NAME),
            key: format!("{}|{}|{source}|{}", self.purpose, self.site, self.first),
            severity: self.severity(own),
            confidence: weighed(&reasons),
            level: Level::Illegal,
            title,
            reasons,
            techniques: techniques(class, outcome),
            first: Some(self.first),
            last: Some(self.last),
            entities,
            traces: crate::attempt::traces(self.spans),
            fields: row.fields(),
        }
    }

    fn title(&self, class: Class, outcome: Outcome, country: &str) -> Text {
        let (en, fr) = titled(class);
        let who = match (self.sources.len(), self.network, self.sources.keys().next()) {
            (1, _, Some(&UNKNOWN)) => Text::new("an unknown source", "une source inconnue"),
            (1, _, Some(source)) => Text::same(format!("{source} ({country})")),
            (n, Some(network), _) => Text::new(
                format!("{n} addresses of {network} ({country})"),
                format!("{n} adresses de {network} ({country})"),
            ),
            (n, ..) => Text::new(format!("{n} addresses"), format!("{n} adresses")),
        };
        let (service, tries, outcome) = (&self.purpose, self.tries, outcome.text());
        Text::new(
            format!("{en} at {service} from {}, {tries} {}: {}", who.en, plural(tries, "try", "tries"), outcome.en),
            format!(
                "{fr} ({service}) depuis {}, {tries} {} : {}",
                who.fr,
                plural(tries, "essai", "essais"),
                outcome.fr
            ),
        )
    }
}

/// How sure reasons make a claim.
pub fn weighed(reasons: &[Reason]) -> u8 {
    let sum: i32 = reasons.iter().map(|r| if r.supports { i32::from(r.weight) } else { -i32::from(r.weight) }).sum();
    (40 + sum).clamp(5, 99) as u8
}

/// What a class is called in a title.
pub fn titled(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::UserEnumeration => ("Account names guessed", "Noms de compte devinés"),
        Class::PasswordSpraying => {
            ("A few passwords tried on many accounts", "Quelques mots de passe essayés sur de nombreux comptes")
        }
        _ => ("Passwords guessed", "Mots de passe devinés"),
    }
}

/// What the names tell: how many the service does not know, or that every scanner tries some.
pub fn named(unknown: u64, defaults: bool) -> Option<Reason> {
    let (weight, text) = match unknown {
        0 if !defaults => return None,
        0 => (
            10,
            Text::new(
                "names that every scanner tries are among them",
                "parmi eux, des noms que tous les robots essaient",
            ),
        ),
        n => (
            20,
            Text::new(
                format!("{n} of them with names that the service does not know"),
                format!("dont {n} avec des noms que le service ne connaît pas"),
            ),
        ),
    };
    Some(Reason::supporting(weight, text))
}

/// What the addresses tell.
pub fn addressed<'s>(mut sources: impl Iterator<Item = &'s Address>) -> Option<Reason> {
    let private = sources.all(|s| matches!(s.special(), Some("private" | "loopback" | "link-local")));
    let text = || Text::new("the source is a private address", "la source est une adresse privée");
    private.then(|| Reason::against(20, text()))
}

/// ATT&CK techniques of a class; a login let in is the use of a valid account.
pub fn techniques(class: Class, outcome: Outcome) -> Vec<String> {
    let mut ids = match class {
        Class::UserEnumeration => vec!["T1589.002", "T1087"],
        Class::PasswordSpraying => vec!["T1110.003"],
        _ => vec!["T1110.001"],
    };
    if outcome == Outcome::PossiblySucceeded {
        ids.push("T1078");
    }
    ids.into_iter().map(String::from).collect()
}

/// One or several.
pub fn plural<'a>(n: u64, one: &'a str, several: &'a str) -> &'a str {
    if n < 2 { one } else { several }
}

/// A name for a sentence: short, and nothing that a terminal obeys.
pub fn plain(name: &str) -> String {
    name.chars().take(64).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
