//! Attempts to log in that are told together: those of one day and country, of one class, each of one source with a few tries, all
//! refused.
//!
//! You may rely on: every source, every line and every try is in the finding, which keeps the severity that each has by itself; of the
//! names as many are listed as of any attempt, and that there are more is said. Left out: whether they belong together, which
//! nobody claims; where names tie them they are a spray (`spray.rs`).

use super::claim::{Claim, ENTITIES, addressed, named, plural, techniques, titled, weighed};
use super::runs::UNKNOWN;
use crate::alike::{Kind, Teller, why_together};
use crate::attempt::{Shape, traces};
use jiff::tz::TimeZone;
use model::{Address, Context, Entity, EvidenceId, Finding, Level, Outcome, Reason, Role, Span, Step, Text, Time};
use rows::{Counts, Row, auth_log};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Tries of an attempt that may be told together with others; one of more is looked at by itself.
const FEW: u64 = 20;

/// Attempts of a kind in one finding.
pub struct Many {
    first: Time,
    last: Time,
    attempts: u64,
    tries: u64,
    unknown: u64,
    defaults: bool,
    /// Whether some are so few that they may be a mistake.
    few: bool,
    sources: Vec<Address>,
    names: BTreeSet<String>,
    /// Whether there are names that were not kept.
    more: bool,
    places: BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>>,
}

/// What makes findings of a case's attempts.
pub struct Attempts<'c> {
    context: &'c Context<'c>,
    zone: TimeZone,
}

impl<'c> Attempts<'c> {
    /// Days are those of a zone.
    pub fn new(context: &'c Context<'c>, zone: TimeZone) -> Attempts<'c> {
        Attempts { context, zone }
    }

    /// The kind of an attempt that may be told together with others.
    pub fn kind(&self, claim: &Claim) -> Option<Kind> {
        let mut sources = claim.sources.keys();
        let (Some(&source), None) = (sources.next(), sources.next()) else { return None };
        let alone = claim.shape != Shape::Burst || claim.tries > FEW || claim.entry.is_some();
        if alone || source == UNKNOWN || self.context.config.is_own(source) {
            return None;
        }
        Some(Kind {
            day: claim.first.in_zone(&self.zone).date(),
            country: self.context.origins.country(source),
            class: claim.class(),
            outcome: Outcome::Refused,
            severity: claim.severity(false),
            weak: false,
            purpose: claim.purpose,
            site: claim.site.clone(),
        })
    }
}

impl Teller for Attempts<'_> {
    type One = Claim;
    type Many = Many;

    fn alone(&self, claim: Claim) -> Option<Finding> {
        Some(claim.finding(self.context))
    }

    fn many(&self, _: &Kind) -> Many {
        Many {
            first: Time(i64::MAX),
            last: Time(i64::MIN),
            attempts: 0,
            tries: 0,
            unknown: 0,
            defaults: false,
            few: false,
            sources: Vec::new(),
            names: BTreeSet::new(),
            more: false,
            places: BTreeMap::new(),
        }
    }

    fn add(&self, many: &mut Many, claim: Claim) {
        many.first = many.first.min(claim.first);
        many.last = many.last.max(claim.last);
        many.attempts += 1;
        many.tries += claim.tries;
        many.unknown += claim.unknown;
        many.defaults |= claim.defaults;
        many.few |= claim.is_few();
        many.sources.extend(claim.sources.into_keys());
        many.more |= claim.more;
        for name in claim.names.into_keys() {
            match many.names.len() < ENTITIES {
                true => drop(many.names.insert(name)),
                false => many.more |= !many.names.contains(&name),
            }
        }
        for (place, spans) in claim.spans {
            many.places.entry(place).or_default().extend(spans);
        }
    }

    fn together(&self, kind: &Kind, many: Many, list: (u64, u64)) -> Finding {
        many.finding(kind, list)
    }
}

impl Many {
    fn reasons(&self) -> Vec<Reason> {
        let [attempts, sources, tries] = [self.attempts, self.sources.len() as u64, self.tries].map(Text::number);
        let names = Text::number(self.names.len() as u64);
        let (or_more, ou_plus) = if self.more { (" or more", " ou plus") } else { ("", "") };
        let mut reasons = vec![Reason::supporting(
            if self.tries >= 20 { 30 } else { 15 },
            Text::new(
                format!(
                    "{} attempts from {} sources on one day, none of more than {FEW} tries: {} logins refused, with {} different names{or_more}",
                    attempts.en, sources.en, tries.en, names.en
                ),
                format!(
                    "{} tentatives depuis {} sources le même jour, aucune de plus de {FEW} essais : {} connexions refusées, avec {} noms différents{ou_plus}",
                    attempts.fr, sources.fr, tries.fr, names.fr
                ),
            ),
        )];
        reasons.extend(named(self.unknown, self.defaults));
        if self.few {
            reasons.push(Reason::against(
                20,
                Text::new(
                    "some are so few tries that by themselves they may be mistakes",
                    "certaines comptent si peu d’essais que, prises seules, elles peuvent être des erreurs",
                ),
            ));
        }
        reasons.extend(addressed(self.sources.iter()));
        reasons.push(why_together());
        reasons
    }

    fn finding(mut self, kind: &Kind, list: (u64, u64)) -> Finding {
        self.sources.sort_unstable();
        self.sources.dedup();
        let reasons = self.reasons();
        let row = auth_log::Attempt {
            attempt: kind.attempt(
                self.tries,
                Counts(vec![(kind.class, self.tries)]),
                self.attempts,
                self.sources.len() as u64,
            ),
            names: self.names.len() as u64 + u64::from(self.more),
            user: None,
            method: None,
        };
        let sources = self.sources.iter().map(|&s| Entity::address(s, Role::Source));
        let users = self.names.iter().filter(|n| !n.is_empty()).map(|n| Entity::user(n, Role::Victim));
        let ((en, fr), outcome) = (titled(kind.class), kind.outcome.text());
        let (attempts, tries, country) = (Text::number(self.attempts), Text::number(self.tries), &kind.country);
        let [try_en, try_fr] = [("try", "tries"), ("essai", "essais")].map(|(one, more)| plural(self.tries, one, more));
        Finding {
            detector: Cow::Borrowed(auth_log::Attempt::NAME),
            key: kind.key(list),
            severity: kind.severity,
            confidence: weighed(&reasons),
            level: Level::Illegal,
            title: Text::new(
                format!(
                    "{en} at {}: {} attempts ({country}), {} {try_en}: {}",
                    kind.purpose, attempts.en, tries.en, outcome.en
                ),
                format!(
                    "{fr} ({}) : {} tentatives ({country}), {} {try_fr} : {}",
                    kind.purpose, attempts.fr, tries.fr, outcome.fr
                ),
            ),
            reasons,
            techniques: techniques(kind.class, kind.outcome),
            first: Some(self.first),
            last: Some(self.last),
            entities: sources.chain(users).collect(),
            traces: traces(self.places),
            fields: row.fields(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::alike::{ONE_BY_ONE, TOGETHER};
    use crate::auth_log::AuthLog;
    use crate::auth_log::attempt::AttemptDetector;
    use crate::testing::{Memory, config};
    use model::{Finding, Severity, Time};
    use std::collections::BTreeSet;

    /// So many sources of as many networks, each refused once with a name of its own; `entered` is let in after six refusals.
    fn told(sources: u64, entered: Option<u64>) -> (String, Vec<Finding>) {
        let line = |n: u64| {
            let [.., a, b] = n.to_be_bytes();
            let at = format!("2017-02-14T09:{:02}:{:02}+00:00 web sshd[7]:", n / 60 % 60, n % 60);
            match Some(n) == entered {
                true => {
                    let refused = format!("{at} Failed password for anna from 8.{a}.{b}.4 port 4000 ssh2\n").repeat(6);
                    format!("{refused}{at} Accepted password for anna from 8.{a}.{b}.4 port 4000 ssh2\n")
                }
                false => format!("{at} Failed password for invalid user u{n} from 8.{a}.{b}.4 port 4000 ssh2\n"),
            }
        };
        let log: String = (0..sources).map(line).collect();
        let mut memory = Memory::new();
        memory.read(&AuthLog, "auth.log", log.as_bytes(), &config(""), Time(1_500_000_000_000_000));
        let found = memory.detect(&AttemptDetector, &config(""), Time(1_500_000_000_000_000));
        (log, found)
    }

    fn check(sources: u64, entered: Option<u64>, lists: &[u64]) {
        let (log, found) = told(sources, entered);
        let of = |f: &Finding| rows::attempt::Attempt::of(&f.fields).expect("an attempt");
        let (alone, together): (Vec<_>, Vec<_>) = found.iter().partition(|f| of(f).attempts() == 1);
        let mut sizes: Vec<u64> = together.iter().map(|f| of(f).attempts()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, lists);
        assert_eq!(alone.len() as u64 + lists.iter().sum::<u64>(), sources);
        // Each source, each try and each line once.
        let named: BTreeSet<&str> =
            found.iter().flat_map(|f| &f.entities).filter(|e| e.is_source()).map(|e| e.value.as_str()).collect();
        assert_eq!(named.len() as u64, sources);
        assert_eq!(found.iter().map(|f| of(f).requests).sum::<u64>(), sources + entered.map_or(0, |_| 5));
        let lines = found.iter().flat_map(|f| &f.traces).flat_map(|t| t.spans.iter());
        assert_eq!(lines.map(|s| s.len + 1).sum::<u64>(), log.len() as u64);
        let grave: Vec<_> = found.iter().filter(|f| f.severity >= Severity::High).collect();
        assert_eq!(grave.len(), usize::from(entered.is_some()));
        assert!(grave.iter().all(|f| of(f).sources == Some(1)), "who got in is told by itself");
    }

    #[test]
    fn many_alike_are_told_together_and_all_of_them_are_there() {
        check(ONE_BY_ONE + 1, None, &[]);
        check(ONE_BY_ONE + 36, None, &[36]);
        check(ONE_BY_ONE + 37, Some(80), &[36]);
        check(ONE_BY_ONE + 2 * TOGETHER + 3, None, &[3, TOGETHER, TOGETHER]);
    }
}
