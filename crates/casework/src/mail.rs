//! What the case says of mail: verdicts counted, waves and reports kept whole. You may rely on: findings come gravest
//! first, and as many as the page shows are kept. Left out: judging.

use crate::gather::{Detail, LISTED, detail};
use crate::words::{Pair, Words};
use jiff::civil::Date;
use model::{Finding, Severity, Time};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Findings about mail.
#[derive(Debug, Default)]
pub struct Mail {
    /// Waves, the gravest first.
    pub waves: Vec<Detail>,
    /// Messages at medium or above.
    pub messages: Vec<Detail>,
    /// What other servers report: who sends in our name, and how mail to us was encrypted.
    pub reports: Vec<Detail>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

/// One recipient of a wave.
#[derive(Clone, Debug)]
pub struct Person<'f> {
    /// Their address.
    pub address: &'f str,
    /// Their team; empty where the case names none.
    pub team: &'f str,
    /// When the first message came.
    pub received: Option<Time>,
    /// When they followed it.
    pub followed: Option<Time>,
    /// How: `visit`, `login`, `answer`.
    pub how: &'f str,
    /// When they reported it.
    pub reported: Option<Time>,
}

fn time(value: &Value, key: &str) -> Option<Time> {
    value.get(key)?.as_str()?.parse().ok()
}

/// The recipients of a wave.
pub fn people(wave: &Finding) -> impl Iterator<Item = Person<'_>> {
    let all = wave.fields.get("people").and_then(Value::as_array).into_iter().flatten();
    all.map(|p| {
        let text = |key: &str| p.get(key).and_then(Value::as_str).unwrap_or("");
        Person {
            address: text("address"),
            team: text("team"),
            received: time(p, "received"),
            followed: time(p, "followed"),
            how: text("how"),
            reported: time(p, "reported"),
        }
    })
}

impl Mail {
    /// Findings of a detector at or above a severity.
    pub fn count(&self, detector: &str, least: Severity) -> u64 {
        self.counts.iter().filter(|((d, s), _)| d == detector && *s >= least).map(|(_, n)| n).sum()
    }

    /// Whether nothing is worth telling.
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// All kept.
    pub fn all(&self) -> impl Iterator<Item = &Detail> {
        self.waves.iter().chain(&self.messages).chain(&self.reports)
    }

    /// Messages that are of no wave kept.
    pub fn alone(&self) -> Vec<&Detail> {
        let ids: BTreeSet<&str> = self.waves.iter().flat_map(|w| texts(&w.finding, "messages")).collect();
        self.messages
            .iter()
            .filter(|m| !ids.contains(m.word("message_id")) && !ids.contains(m.finding.key.as_str()))
            .collect()
    }

    /// Takes a finding about mail; gives back any other. Single signs are only counted: the verdict tells them.
    pub fn take(&mut self, finding: Finding, day: Option<Date>) -> Option<Finding> {
        if !finding.detector.starts_with("mail/") {
            return Some(finding);
        }
        *self.counts.entry((finding.detector.to_string(), finding.severity)).or_default() += 1;
        let (list, least) = match &*finding.detector {
            "mail/wave" => (&mut self.waves, Severity::Low),
            "mail/phishing" => (&mut self.messages, Severity::Medium),
            "mail/dmarc" => (&mut self.reports, Severity::Info),
            _ => return None,
        };
        if list.len() < LISTED && finding.severity >= least {
            list.push(detail(finding, None, day));
        }
        None
    }
}

/// The strings of a list field, all of them.
pub fn texts<'f>(finding: &'f Finding, key: &str) -> impl Iterator<Item = &'f str> + use<'f> {
    finding.fields.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The objects of a list field.
pub fn objects<'f>(finding: &'f Finding, key: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
    finding.fields.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A text in both languages within a field, in one of them.
pub fn text_of(value: &Value, lang: model::Lang) -> &str {
    value.get(lang.of("en", "fr")).or(Some(value)).and_then(Value::as_str).unwrap_or("")
}

const LURES: &[(&str, Pair)] = &[
    ("credentials", ("a password", "un mot de passe")),
    ("attachment", ("that an attachment be opened", "que l'on ouvre une pièce jointe")),
    ("impersonation", ("a favour, in somebody's name", "un service, au nom de quelqu'un")),
    ("callback", ("a telephone call", "un appel téléphonique")),
    ("extortion", ("money, by blackmail", "de l'argent, par chantage")),
    ("fortune", ("money, for a promised fortune", "de l'argent, contre une fortune promise")),
    ("link", ("a click", "un clic")),
    ("other", ("something else", "autre chose")),
];

const BINDS: &[(&str, Pair)] = &[
    ("domain", ("links to", "liens vers")),
    ("page", ("the page", "la page")),
    ("file", ("the same attached file", "le même fichier joint")),
    ("reply_to", ("answers to", "réponses vers")),
    ("sender", ("sender", "expéditeur")),
    ("template", ("the same text", "le même texte")),
    ("server", ("sending server", "serveur d'envoi")),
    ("subject", ("subject", "objet")),
    ("name", ("sender's name", "nom d'expéditeur")),
    ("file_name", ("file name", "nom de fichier")),
];

const ROLES: &[(&str, Pair)] = &[
    ("authentic", ("authentic", "authentique")),
    ("misconfigured", ("ours, to put in order", "à nous, à régler")),
    (
        "other_service",
        ("a service not set up for us, or a forwarder", "un service non configuré pour nous, ou une redirection"),
    ),
    ("stranger", ("a stranger", "un inconnu")),
];

impl Words {
    fn of(self, table: &[(&str, Pair)], key: &str) -> String {
        let known = table.iter().find(|(k, _)| *k == key);
        known.map_or_else(|| crate::show::plain(&key.replace('_', " "), 40), |(_, p)| self.pair(*p))
    }

    /// What a lure wants.
    pub fn lure(self, lure: &str) -> String {
        self.of(LURES, lure)
    }

    /// What binds a wave.
    pub fn binds(self, what: &str) -> String {
        self.of(BINDS, what)
    }

    /// What a sender in our name is.
    pub fn role(self, role: &str) -> String {
        self.of(ROLES, role)
    }

    /// `45 s`, `12 min`, `3 h 05`, `2 days`.
    pub fn duration(self, seconds: f64) -> String {
        let minutes = (seconds.max(0.0) / 60.0).round() as u64;
        match minutes {
            0 => format!("{}\u{a0}s", seconds.max(0.0) as u64),
            1..=59 => format!("{minutes}\u{a0}min"),
            60..=2879 => format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60),
            _ => self.count(minutes / 1440, ("day", "jour"), ("days", "jours")),
        }
    }
}
