//! Attempts told together: a flood from everywhere leaves more of them alike than anybody looks at one by one. Alike are
//! attempts of one day and country, of one class, that came to the same, each of one source with a few requests.
//!
//! You may rely on: every source, every line and every count of an attempt told together is in the finding; it keeps the
//! severity that it has by itself, so that nothing grave hides among what is not; memory holds a source and its places for
//! each, and is bounded. Left out: whether they belong together, which nobody claims.

use super::{Claim, Judge, Words, as_usual, crawler, were_refused};
use crate::alike::{Kind, Teller, why_together};
use crate::attempt::{Attempt, Shape, traces};
use crate::web_log::classify::{self, Class};
use jiff::tz::TimeZone;
use model::{Address, Entity, EvidenceId, Finding, Level, Outcome, Reason, Role, Span, Step, Text, Time};
use rows::attempt::Purpose;
use rows::web_log::{self, Request};
use rows::{Counts, Row};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Requests of an attempt that may be told together with others; one of more is looked at by itself.
const FEW: u64 = 20;
/// Reasons for success that are quoted, and requests that are shown.
const QUOTED: usize = 3;
const SAMPLES: usize = 5;

/// Attempts of a kind in one finding.
pub struct Many {
    /// Reasons for success that are still to be quoted, at most.
    quoted: usize,
    first: Time,
    last: Time,
    attempts: u64,
    requests: u64,
    refused: u64,
    confidence: u8,
    classes: BTreeMap<Class, u64>,
    sources: Vec<Address>,
    rules: BTreeSet<String>,
    samples: Vec<String>,
    reasons: Vec<Reason>,
    places: BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>>,
}

impl Many {
    fn new(quoted: usize) -> Many {
        Many {
            quoted,
            first: Time(i64::MAX),
            last: Time(i64::MIN),
            attempts: 0,
            requests: 0,
            refused: 0,
            confidence: u8::MAX,
            classes: BTreeMap::new(),
            sources: Vec::new(),
            rules: BTreeSet::new(),
            samples: Vec::new(),
            reasons: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Adds one; `quote` has the reasons for its success, where they are wanted.
    fn add(&mut self, (a, confidence): (Attempt<Request>, u8), quote: impl FnOnce(&Attempt<Request>) -> Vec<Reason>) {
        self.first = self.first.min(a.first);
        self.last = self.last.max(a.last);
        self.attempts += 1;
        self.requests += a.count;
        self.confidence = self.confidence.min(confidence);
        // Which answer was unlike the site is said of the first; of the others their lines say it.
        if self.reasons.len() < self.quoted {
            for reason in quote(&a) {
                if self.reasons.len() < self.quoted && !self.reasons.contains(&reason) {
                    self.reasons.push(reason);
                }
            }
        }
        self.sources.extend(a.sources);
        for run in a.runs {
            for (class, n) in &run.row.classes {
                *self.classes.entry(*class).or_default() += n;
            }
            let refused = run.row.statuses.iter().filter(|(status, _)| **status / 100 == 4);
            self.refused += refused.map(|(_, n)| n).sum::<u64>();
            // No more of them than the classifier has.
            self.rules.extend(run.row.rules);
            let room = SAMPLES - self.samples.len();
            self.samples.extend(run.row.samples.into_iter().take(room));
            self.places.entry((run.evidence, run.steps)).or_default().extend(run.spans.iter());
        }
    }

    fn reasons(&mut self, kind: &Kind) -> Vec<Reason> {
        let name = kind.class.text();
        let (attempts, sources) = (Text::number(self.attempts), Text::number(self.sources.len() as u64));
        let mut reasons = vec![Reason::supporting(
            if kind.weak { 50 } else { 70 },
            Text::new(
                format!(
                    "{} attempts from {} sources on one day, each of class {}, none of more than {FEW} requests",
                    attempts.en, sources.en, name.en
                ),
                format!(
                    "{} tentatives depuis {} sources le même jour, toutes de la classe « {} », aucune de plus de {FEW} requêtes",
                    attempts.fr, sources.fr, name.fr
                ),
            ),
        )];
        match kind.outcome {
            Outcome::PossiblySucceeded => {
                reasons.append(&mut self.reasons);
                reasons.push(Reason::supporting(
                    20,
                    Text::new(
                        "each of them possibly succeeded by itself; the reasons of the first are given",
                        "chacune a peut-être réussi par elle-même ; les raisons des premières sont données",
                    ),
                ));
            }
            // What is ordinary by itself was not held against the site's habit.
            _ if kind.weak => {}
            Outcome::Refused => reasons.push(were_refused(self.refused, self.requests)),
            Outcome::NoEffect | Outcome::MadeUnavailable => reasons.push(as_usual()),
        }
        if kind.weak && kind.purpose == Purpose::Web {
            reasons.push(crawler());
        }
        reasons.push(why_together());
        reasons
    }

    fn finding(mut self, kind: &Kind, list: (u64, u64)) -> Finding {
        self.sources.sort_unstable();
        self.sources.dedup();
        let reasons = self.reasons(kind);
        let row = web_log::Attempt {
            attempt: kind.attempt(
                self.requests,
                Counts::most_first(self.classes),
                self.attempts,
                self.sources.len() as u64,
            ),
            rules: self.rules.into_iter().collect(),
            samples: self.samples,
        };
        let mut entities: Vec<Entity> = self.sources.iter().map(|s| Entity::address(*s, Role::Source)).collect();
        if kind.site.contains('.') {
            entities.push(Entity::domain(&kind.site, Role::Victim));
        }
        let (name, outcome) = (kind.class.text().capital(), kind.outcome.text());
        let (attempts, country) = (Text::number(self.attempts), &kind.country);
        let requests = Text::count(self.requests, ("request", "requête"), ("requests", "requêtes"));
        Finding {
            detector: Cow::Borrowed(web_log::Attempt::NAME),
            key: kind.key(list),
            severity: kind.severity,
            confidence: self.confidence,
            level: Level::Illegal,
            title: Text::new(
                format!("{}: {} attempts ({country}), {}: {}", name.en, attempts.en, requests.en, outcome.en),
                format!("{} : {} tentatives ({country}), {} : {}", name.fr, attempts.fr, requests.fr, outcome.fr),
            ),
            reasons,
            techniques: classify::techniques(kind.class).iter().map(|t| t.to_string()).collect(),
            first: Some(self.first),
            last: Some(self.last),
            entities,
            traces: traces(self.places),
            fields: row.fields(),
        }
    }
}

/// What makes findings of a case's attempts.
pub struct Attempts<'j, 'c> {
    judge: &'j Judge<'c>,
    zone: TimeZone,
}

impl Teller for Attempts<'_, '_> {
    /// How sure it is stands beside it.
    type One = (Attempt<Request>, u8);
    type Many = Many;

    fn alone(&self, (attempt, _): Self::One) -> Option<Finding> {
        self.judge.attempt(&attempt)
    }

    fn many(&self, kind: &Kind) -> Many {
        Many::new(if kind.outcome == Outcome::PossiblySucceeded { QUOTED } else { 0 })
    }

    fn add(&self, many: &mut Many, one: Self::One) {
        many.add(one, |a| {
            let reasons = self.judge.claim(a, Words::Said).map(|c| c.reasons).unwrap_or_default();
            reasons.into_iter().skip(1).filter(|r| r.supports).collect()
        });
    }

    fn together(&self, kind: &Kind, many: Many, list: (u64, u64)) -> Finding {
        many.finding(kind, list)
    }
}

impl<'j, 'c> Attempts<'j, 'c> {
    /// Days are those of a zone.
    pub fn new(judge: &'j Judge<'c>, zone: TimeZone) -> Self {
        Attempts { judge, zone }
    }

    /// The kind of an attempt that may be told together with others.
    pub fn kind(&self, a: &Attempt<Request>, claim: &Claim) -> Option<Kind> {
        let [source] = a.sources.as_slice() else { return None };
        let named = a.runs.iter().any(|r| !r.row.client.is_empty());
        let alone = a.shape != Shape::Burst || a.count > FEW || named || claim.outcome == Outcome::MadeUnavailable;
        if alone || self.judge.context.config.is_own(*source) {
            return None;
        }
        Some(Kind {
            day: a.first.in_zone(&self.zone).date(),
            country: self.judge.context.origins.country(*source),
            class: claim.class,
            outcome: claim.outcome,
            severity: claim.severity,
            weak: a.runs.iter().all(|r| r.row.classes.is_empty()),
            purpose: a.purpose,
            site: a.site.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alike::TOGETHER;
    use crate::testing::{Memory, config};
    use crate::web_log::attempt::AttemptDetector;
    use model::Severity;

    /// A log in which so many sources each ask for a secret, all refused but some; who asked comes from as many networks.
    fn log(sources: u32, handed_out: &[u32]) -> String {
        let line = |n: u32| {
            let (status, size) = if handed_out.contains(&n) { (200, 1824) } else { (404, 199) };
            let second = n % 60;
            let [_, a, b, _] = n.to_be_bytes();
            format!(
                "8.{a}.{b}.4 - - [14/Feb/2017:09:12:{second:02} +0000] \"GET /.env HTTP/1.1\" {status} {size} \"-\" \"-\"\n"
            )
        };
        // The third byte tells them apart.
        (0..sources).map(|n| line(n << 8)).collect()
    }

    /// Its findings.
    fn told(sources: u32, handed_out: &[u32]) -> Vec<Finding> {
        let log = log(sources, handed_out);
        let mut memory = Memory::new();
        memory.read(&crate::web_log::WebLog, "access.log", log.as_bytes(), &config(""), Time::default());
        memory.detect(&AttemptDetector, &config(""), Time::default())
    }

    fn attempts(found: &[Finding]) -> Vec<(u64, usize)> {
        let of = |f: &Finding| rows::attempt::Attempt::of(&f.fields).expect("an attempt").attempts();
        found.iter().map(|f| (of(f), f.entities.iter().filter(|e| e.is_source()).count())).collect()
    }

    #[test]
    fn many_alike_are_told_together_and_all_of_them_are_there() {
        assert_eq!(attempts(&told(64, &[])), [(1, 1); 64]);
        // One more stays alone, two are told together.
        assert_eq!(attempts(&told(65, &[])), [(1, 1); 65]);
        let found = told(100, &[]);
        let (together, alone): (Vec<_>, Vec<_>) = attempts(&found).into_iter().partition(|(n, _)| *n > 1);
        assert_eq!((alone.len(), together), (64, vec![(36, 36)]));
        let named: BTreeSet<&str> =
            found.iter().flat_map(|f| &f.entities).filter(|e| e.is_source()).map(|e| e.value.as_str()).collect();
        // Each line lies in one finding; where neighbours are one range, so is the line end between them.
        let lines = found.iter().flat_map(|f| &f.traces).flat_map(|t| t.spans.iter());
        assert_eq!(named.len(), 100);
        assert_eq!(lines.map(|s| s.len + 1).sum::<u64>(), log(100, &[]).len() as u64);
        let shown = found.iter().find(|f| f.key.starts_with("many|")).expect("told together");
        assert!(shown.title.en.contains("36 attempts"), "{}", shown.title.en);
    }

    #[test]
    fn what_is_grave_is_not_told_with_what_is_not() {
        let found = told(100, &[90 << 8]);
        let grave: Vec<&Finding> = found.iter().filter(|f| f.severity >= Severity::High).collect();
        assert_eq!(attempts(&found).iter().map(|(n, _)| n).sum::<u64>(), 100);
        assert_eq!(grave.len(), 1);
        assert_eq!(grave[0].entities[0].value, "8.0.90.4");
    }

    #[test]
    fn a_finding_lists_no_more_than_so_many() {
        let found = told(64 + 2 * TOGETHER as u32 + 3, &[]);
        let mut together: Vec<_> = attempts(&found).into_iter().filter(|(n, _)| *n > 1).collect();
        together.sort_unstable();
        assert_eq!(together, [(3, 3), (1000, 1000), (1000, 1000)]);
        let keys: BTreeSet<&str> = found.iter().map(|f| f.key.as_str()).collect();
        assert_eq!(keys.len(), found.len(), "each has its own key");
    }
}
