//! What is protected, and every text by which it is recognised (its *aliases*): a domain's label, a service's words, a
//! person's name in both orders, a slogan run together.
//!
//! You may rely on: aliases are in a fixed order, whatever the order of a map. Left out: what a resemblance is worth.

use super::find::SHORT;
use super::lexicon::Vocabulary;
use super::technique::fold;
use crate::domain::Parts;
use knowledge::names::Names;
use model::{Protect, Text};
use std::collections::BTreeSet;

/// What kind of thing is imitated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// A domain the case protects.
    Domain,
    /// A person the case protects.
    Person,
    /// Words of the campaign.
    Phrase,
    /// A service people log into, from the shipped knowledge.
    Service,
    /// An outlet people trust, from the shipped knowledge.
    Outlet,
    /// No service in particular: a page to log in.
    Login,
}

/// Something that may be imitated.
#[derive(Clone, Debug)]
pub struct Thing {
    /// As people know it: a domain, a name.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// The public suffix of its domain; empty where it has none.
    pub suffix: Vec<u8>,
    /// Labels of the whole protected name but the last, where it has more than a domain: `bmi.bund` of `bmi.bund.de`.
    pub host: Vec<Vec<u8>>,
}

impl Thing {
    /// Named by the case itself, not by the shipped knowledge.
    pub fn is_ours(&self) -> bool {
        matches!(self.class, Class::Domain | Class::Person | Class::Phrase)
    }

    /// The words for what it is.
    pub fn class(&self) -> Text {
        let (en, fr) = match self.class {
            Class::Domain => ("the protected domain", "le domaine protégé"),
            Class::Person => ("the protected person", "la personne protégée"),
            Class::Phrase => ("the campaign’s words", "les mots de la campagne"),
            Class::Service => ("the service", "le service"),
            Class::Outlet => ("the outlet", "le média"),
            Class::Login => ("a login page", "une page de connexion"),
        };
        Text::new(en, fr)
    }
}

/// How an alias stands for its thing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// The label that was registered.
    Label,
    /// The whole protected name without its last label, run together.
    Joined,
    /// The label without its article: `guardian` of `theguardian`.
    WithoutArticle,
    /// A word that is the service's alone.
    Word,
    /// A word that is also of every day, or of any service.
    CommonWord,
    /// Given name and surname, either order.
    FullName,
    /// Initial and surname.
    Initial,
    /// Surname.
    Surname,
    /// Words of the campaign run together.
    Phrase,
    /// A label of a service's own domain: counts only with its suffix beside it.
    OwnLabel,
}

/// One text by which a thing is recognised.
#[derive(Clone, Debug)]
pub struct Alias {
    /// As the eye reads it ([`fold`]).
    pub key: Vec<u8>,
    /// Lower case, no hyphens.
    pub plain: Vec<u8>,
    /// As it is written, hyphens included.
    pub written: Vec<u8>,
    /// Whose.
    pub thing: u32,
    /// How it stands for it.
    pub kind: Kind,
    /// A word of every day.
    pub common: bool,
    /// How many of its letters belong to no word, for the label of a domain; else 0.
    pub own: usize,
    /// The suffix that stands beside it where its own suffix counts.
    pub suffix: Vec<u8>,
}

impl Alias {
    /// The short label of a domain that the case protects: looked for beside other words too, if it is no word itself.
    pub fn is_short_label(&self, thing: &Thing) -> bool {
        let label = (thing.class, self.kind) == (Class::Domain, Kind::Label);
        label && self.plain.len() <= SHORT && !self.common
    }
}

/// All things with their aliases, and the domains that are theirs.
#[derive(Clone, Debug, Default)]
pub struct Things {
    /// The things.
    pub things: Vec<Thing>,
    /// Their aliases.
    pub aliases: Vec<Alias>,
    /// Registrable domains that imitate nobody: they are what is imitated.
    pub own: BTreeSet<String>,
    /// Public suffixes that are protected, each with a dot before it: what is registered under them is their owner's
    /// business.
    pub own_suffixes: Vec<String>,
    /// Labels that are somebody's own under the suffix of every country.
    pub own_labels: BTreeSet<Vec<u8>>,
    /// What was given and could not be used, for a note.
    pub unusable: Vec<String>,
}

/// Words that any service's login page bears.
const LOGIN: [&str; 14] = [
    "webmail",
    "messagerie",
    "roundcube",
    "mailbox",
    "login",
    "logon",
    "signin",
    "account",
    "accounts",
    "password",
    "sso",
    "owa",
    "compte",
    "connexion",
];

impl Things {
    /// Of what the case protects and what is known.
    pub fn new(protect: &Protect, data: &Names, vocabulary: &Vocabulary) -> Things {
        let mut t = Things::default();
        for domain in protect.domains.iter().chain(&protect.mail_domains) {
            t.domain(domain, Class::Domain, domain, vocabulary);
        }
        protect.people.iter().for_each(|p| t.person(p, vocabulary));
        protect.vocabulary.iter().for_each(|p| t.phrase(p, vocabulary));
        for service in &data.service {
            let thing = t.thing(&service.name, Class::Service);
            for word in &service.words {
                t.alias(thing, word.as_bytes(), Kind::Word, false);
            }
            for word in &service.common {
                t.alias(thing, word.as_bytes(), Kind::CommonWord, true);
            }
            for own in &service.own {
                t.own(own, thing);
            }
        }
        for outlet in &data.outlet {
            for domain in &outlet.domains {
                t.domain(domain, Class::Outlet, &outlet.name, vocabulary);
            }
        }
        let login = t.thing("login", Class::Login);
        LOGIN.iter().for_each(|w| t.alias(login, w.as_bytes(), Kind::CommonWord, true));
        t
    }

    fn thing(&mut self, name: &str, class: Class) -> u32 {
        self.things.push(Thing { name: name.into(), class, suffix: Vec::new(), host: Vec::new() });
        (self.things.len() - 1) as u32
    }

    fn alias(&mut self, thing: u32, written: &[u8], kind: Kind, common: bool) {
        let plain: Vec<u8> = written.iter().copied().filter(|&b| b != b'-').collect();
        if plain.len() < 2 || plain.len() > 60 {
            return;
        }
        let suffix = self.things[thing as usize].suffix.clone();
        self.aliases.push(Alias {
            key: fold(&plain),
            plain,
            written: written.to_vec(),
            thing,
            kind,
            common,
            own: 0,
            suffix,
        });
    }

    fn own(&mut self, own: &str, thing: u32) {
        if let Some(label) = own.strip_suffix(".*") {
            self.own_labels.insert(label.into());
            self.own_label(thing, label, "com");
            return;
        }
        self.own.insert(own.into());
        if let Some((label, suffix)) = own.split_once('.') {
            self.own_label(thing, label, suffix);
        }
    }

    fn own_label(&mut self, thing: u32, label: &str, suffix: &str) {
        self.alias(thing, label.as_bytes(), Kind::OwnLabel, true);
        if let Some(alias) = self.aliases.last_mut().filter(|a| a.kind == Kind::OwnLabel) {
            alias.suffix = suffix.into();
        }
    }

    fn domain(&mut self, domain: &str, class: Class, name: &str, vocabulary: &Vocabulary) {
        let mut parts = Parts::default();
        let Ok(public) = parts.set_protected(domain.as_bytes()) else {
            self.unusable.push(domain.into());
            return;
        };
        if public {
            self.own_suffixes.push(format!(".{}", parts.text()));
        }
        let registered = parts.registered();
        let label = parts.seen(registered).to_vec();
        if !self.own.insert(parts.domain().into()) && class == Class::Outlet {
            return;
        }
        let thing = self.thing(name, class);
        let own = &mut self.things[thing as usize];
        own.suffix = parts.suffix().to_vec();
        if registered > 0 || parts.labels() - registered > 2 {
            own.host = (0..parts.labels() - 1).map(|n| parts.label(n).to_vec()).collect();
        }
        let plain: Vec<u8> = label.iter().copied().filter(|&b| b != b'-').collect();
        // `gov` is a word of every campaign, but not to whoever protects `gov.me`.
        let common = !public && vocabulary.is_common(&plain);
        self.alias(thing, &label, Kind::Label, common);
        if let Some(alias) = self.aliases.last_mut().filter(|a| a.thing == thing) {
            alias.own = vocabulary.own_letters(&plain);
        }
        if let Some(rest) = label.strip_prefix(b"the").filter(|r| r.len() >= 6 && !r.starts_with(b"-")) {
            self.alias(thing, rest, Kind::WithoutArticle, vocabulary.is_common(rest));
        }
        let host: Vec<u8> = self.things[thing as usize].host.concat();
        if host.len() >= 6 {
            self.alias(thing, &host, Kind::Joined, false);
        }
        // A short label says little by itself; with its suffix it is nobody else's: `natoint.com`, `gouv-fr.com`.
        if class == Class::Domain && plain.len() <= SHORT && parts.domain().len() > 5 {
            self.alias(thing, parts.domain().replace('.', "-").as_bytes(), Kind::Joined, false);
        }
    }

    fn person(&mut self, name: &str, vocabulary: &Vocabulary) {
        let words: Vec<Vec<u8>> = name.split([' ', '-', '\'', '’']).map(ascii).filter(|w| !w.is_empty()).collect();
        let [first, .., last] = words.as_slice() else {
            self.unusable.push(name.into());
            return;
        };
        let thing = self.thing(name, Class::Person);
        let given: Vec<u8> = words[..words.len() - 1].join(&b'-');
        let both = |a: &[u8], b: &[u8]| [a, b"-", b].concat();
        self.alias(thing, &both(&given, last), Kind::FullName, false);
        self.alias(thing, &both(last, &given), Kind::FullName, false);
        if words.len() > 2 {
            // A surname of several words, after one given name.
            let surname = words[1..].join(&b'-');
            self.alias(thing, &both(&surname, first), Kind::FullName, false);
            self.alias(thing, &surname, Kind::Surname, false);
        }
        self.alias(thing, &both(&first[..1], last), Kind::Initial, false);
        if last.len() >= 4 {
            self.alias(thing, last, Kind::Surname, vocabulary.is_common(last));
        }
    }

    fn phrase(&mut self, phrase: &str, vocabulary: &Vocabulary) {
        let words: Vec<Vec<u8>> =
            phrase.split(|c: char| !c.is_alphanumeric()).map(ascii).filter(|w| !w.is_empty()).collect();
        let written = words.join(&b'-');
        let plain = words.concat();
        if plain.len() < 4 {
            self.unusable.push(phrase.into());
            return;
        }
        let thing = self.thing(phrase, Class::Phrase);
        self.alias(thing, &written, Kind::Phrase, words.len() == 1 && vocabulary.is_common(&plain));
    }
}

/// Lower case without accents; letters of other scripts by look.
fn ascii(word: &str) -> Vec<u8> {
    let lower = word.to_lowercase();
    let mut out = Vec::with_capacity(lower.len());
    for c in lower.chars() {
        match c {
            'œ' => out.extend_from_slice(b"oe"),
            'æ' => out.extend_from_slice(b"ae"),
            'ß' => out.extend_from_slice(b"ss"),
            'ø' => out.push(b'o'),
            'ł' => out.push(b'l'),
            _ => crate::domain::skeleton(&[c], &mut out),
        }
    }
    out.retain(u8::is_ascii_alphanumeric);
    out
}
