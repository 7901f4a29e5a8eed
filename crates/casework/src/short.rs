//! A case in short, for a terminal: how much, by day, from where, what, whether any succeeded, and the gravest with what to
//! do. You may rely on: memory bounded by days, countries and classes; the same rules and words as the brief (what
//! is gravest, what to do about it, who is counted). Left out: layout, and what is unsafe on a terminal (the caller's).

use crate::country;
use crate::page::gravest::Gravest;
use crate::words::Words;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::{Finding, Lang, Outcome, Result, Severity, Text, View};
use rows::attempt::Attempt;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Days and other counts that are told apart; the rest is summed.
const TOLD: usize = 6;
/// Countries, classes and days counted apart.
const KEPT: usize = 4096;

/// A finding worth a word.
#[derive(Debug)]
pub struct Grave {
    /// The finding.
    pub finding: Finding,
    /// What to do, by whom.
    pub advice: Option<(Text, Text)>,
    /// Others of its kind, of medium severity and above.
    pub more: u64,
}

/// A case in short.
#[derive(Debug, Default)]
pub struct Short {
    counts: BTreeMap<Severity, u64>,
    attempts: u64,
    requests: u64,
    days: BTreeMap<Date, u64>,
    countries: BTreeMap<String, u64>,
    classes: BTreeMap<&'static str, u64>,
    succeeded: u64,
    /// The gravest, one of a kind.
    pub gravest: Vec<Grave>,
}

impl Short {
    /// Of a case; days are those of a zone.
    pub fn of(view: &dyn View, zone: &TimeZone) -> Result<Short> {
        let (mut short, mut gravest) = (Short::default(), Gravest::default());
        view.glances(&mut |glance| {
            *short.counts.entry(glance.severity).or_default() += 1;
            gravest.count(glance.detector, glance.severity);
            if let Ok(attempt) = serde_json::from_str::<Attempt>(glance.fields.get()) {
                short.attempt(&attempt, glance.first.map(|t| t.in_zone(zone).date()));
            }
            Ok(())
        })?;
        // The first of each kind are read whole, and no more: to read a flood's findings in order takes as long as to find them.
        if !gravest.is_full() {
            view.findings(&mut |finding| {
                gravest.keep(&finding, finding.first.map(|t| t.in_zone(zone).date()));
                Ok(if gravest.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        short.gravest = gravest.into_first(3);
        Ok(short)
    }

    fn attempt(&mut self, attempt: &Attempt, day: Option<Date>) {
        let n = attempt.attempts();
        self.attempts += n;
        self.requests = self.requests.saturating_add(attempt.requests.max(1));
        if attempt.outcome == Outcome::PossiblySucceeded {
            self.succeeded += n;
        }
        if let Some(day) = day.filter(|d| self.days.len() < KEPT || self.days.contains_key(d)) {
            *self.days.entry(day).or_default() += n;
        }
        let country = attempt.country();
        if self.countries.len() < KEPT || self.countries.contains_key(country) {
            *self.countries.entry(country.to_string()).or_default() += n;
        }
        *self.classes.entry(attempt.class()).or_default() += n;
    }

    /// How many findings there are, and of which severity: the same words wherever they are counted.
    pub fn counted(&self, lang: Lang) -> String {
        counted(&self.counts.iter().map(|(s, n)| (*s, *n)).collect::<Vec<_>>(), lang)
    }

    /// Lines of label and text; a line without a label goes on. Empty where no attempt was found.
    pub fn lines(&self, zone: &str, lang: Lang) -> Vec<(String, String)> {
        let words = Words(lang);
        let mut out: Vec<(String, String)> = Vec::new();
        if self.attempts == 0 {
            return out;
        }
        let (first, last) = (self.days.keys().next(), self.days.keys().next_back());
        let mut head = format!(
            "{} ({})",
            words.count(self.attempts, ("attempt", "tentative"), ("attempts", "tentatives")),
            words.count(self.requests, ("request", "requête"), ("requests", "requêtes"))
        );
        if let (Some(first), Some(last)) = (first, last) {
            head += &match first == last {
                true => words.say(&format!(" on {}", words.day(*first)), &format!(" le {}", words.day(*first))),
                false => words.say(
                    &format!(" from {} to {}", words.day(*first), words.day(*last)),
                    &format!(" du {} au {}", words.day(*first), words.day(*last)),
                ),
            };
        }
        head += &words.say(&format!("; days of {zone}"), &format!(" ; jours de {zone}"));
        out.push((String::new(), head));
        if self.days.len() > 1 {
            let name = |d: &Date| words.short_day(*d);
            out.push((
                words.say("by day", "par jour"),
                if self.days.len() <= 2 * TOLD {
                    self.days
                        .iter()
                        .map(|(d, n)| format!("{} {}", name(d), words.number(*n)))
                        .collect::<Vec<_>>()
                        .join(" · ")
                } else {
                    words.say("most on ", "surtout les ")
                        + &most(&self.days, |d| name(d), words, &words.say("on other days", "les autres jours"))
                },
            ));
        }
        let country = |c: &String| country::name(c, words);
        out.push((
            words.say("from", "depuis"),
            most(&self.countries, country, words, &words.say("elsewhere", "ailleurs")),
        ));
        out.push((
            String::new(),
            words.say(
                "(where the address is registered, not who used it)",
                "(où l’adresse est enregistrée, non qui s’en est servi)",
            ),
        ));
        out.push((
            words.say("what", "quoi"),
            most(&self.classes, |c| words.class(c), words, &words.say("other", "autres")),
        ));
        out.push((
            words.say("succeeded", "réussies"),
            match self.succeeded {
                0 => words.say("none, as far as this evidence shows", "aucune, pour autant que ces pièces le montrent"),
                n => words.say(
                    &format!("possibly {}: look at it today", words.number(n)),
                    &format!("peut-être {} : à examiner aujourd’hui", words.number(n)),
                ),
            },
        ));
        out
    }
}

/// How many of which severity, the gravest first.
pub fn counted(counts: &[(Severity, u64)], lang: Lang) -> String {
    let words = Words(lang);
    let all: u64 = counts.iter().map(|(_, n)| n).sum();
    let mut parts: Vec<(Severity, u64)> = counts.iter().copied().filter(|(_, n)| *n > 0).collect();
    parts.sort_by_key(|(s, _)| std::cmp::Reverse(*s));
    // In French one word says of what the others are: *gravité*.
    let part = |(s, n): (Severity, u64)| match lang {
        Lang::En => format!("{} {}", words.number(n), words.text(&s.text())),
        Lang::Fr => format!("{} {}", words.text(&s.text()), words.number(n)),
    };
    let parts: Vec<String> = parts.into_iter().map(part).collect();
    let head = words.count(all, ("finding", "constat"), ("findings", "constats"));
    if parts.is_empty() {
        head
    } else {
        words.say(&format!("{head}: {}", parts.join(", ")), &format!("{head}, par gravité : {}", parts.join(", ")))
    }
}

/// The most frequent with their counts, then all others together.
fn most<K: Ord>(counts: &BTreeMap<K, u64>, name: impl Fn(&K) -> String, words: Words, others: &str) -> String {
    let mut list: Vec<(&K, u64)> = counts.iter().map(|(k, n)| (k, *n)).collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let shown = if list.len() <= TOLD + 1 { list.len() } else { TOLD };
    let rest: u64 = list[shown..].iter().map(|(_, n)| n).sum();
    let mut parts: Vec<String> =
        list[..shown].iter().map(|(k, n)| format!("{} {}", name(k), words.number(*n))).collect();
    if rest > 0 {
        parts.push(format!("{} {others}", words.number(rest)));
    }
    parts.join(" · ")
}
