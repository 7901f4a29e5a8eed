//! Attempts on a web site: which runs are one, what they tried, and what came of it.
//!
//! The answer is judged by this site's habit (`web_log/path`): what it ordinarily answers at that path, and how large.
//! Where there is no habit to compare with, only answers that cannot be ordinary are said to be a success.

mod many;

use super::classify::{self, Class};
use super::habit;
use super::outage::{self, Outage};
use crate::alike::Telling;
use crate::attempt::{self, Attempt, Joining, Shape};
use crate::{Detector, Specification};
use many::Attempts;
use model::{Address, Context, Entity, Finding, Lang, Level, Outcome, Reason, Result, Role, Severity, Text, View};
use rows::attempt::Purpose;
use rows::web_log::{self, Answer, Heavy, Request, Slot};
use rows::{Counts, Row};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

/// Answers at a path below which there is no habit.
const HABIT: u64 = 20;
/// Weak requests that make an attempt; and how many do, with the missing pages beside them, where they were mostly
/// refused, at three paths or more.
const WEAK: u64 = 5;
const WEAK_REFUSED: u64 = 4;
/// Distinct missing paths that make forced browsing, and the longest mean pause between them in seconds.
const MISSING: (u64, i64) = (15, 10);
/// Distinct missing paths that make it at any pace within the window.
const MANY_MISSING: u64 = 40;
/// Ordinary requests that make a flood, and how many a second.
const FLOOD: (u64, u64) = (300, 2);
/// Failed logins that make guessing.
const GUESSES: u64 = 6;
/// Logins of whatever answer that only a machine sends, and the longest mean pause between them in seconds.
const MACHINE: (u64, i64) = (10, 10);

/// `web_log/attempt`.
pub struct AttemptDetector;

impl Detector for AttemptDetector {
    fn id(&self) -> &'static str {
        web_log::Attempt::NAME
    }

    fn shape(&self) -> Option<rows::Shape> {
        Some(rows::Shape::of::<web_log::Attempt>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Request::NAME, Heavy::NAME, super::PATH_TALLY, super::STRETCH_TALLY, Slot::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["attempts"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("attempt.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut habits = HashMap::new();
        case.tallies(super::PATH_TALLY, &mut |path, counts| {
            habits.insert(path.to_string(), Habit::new(counts));
            Ok(ControlFlow::Continue(()))
        })?;
        let judge = Judge { habits, outages: outage::outages(case)?, context };
        let window = context.config.settings::<super::Settings>()?.window.0;
        let stray = |a: &Attempt<Request>| a.purpose == Purpose::Web && web_log::stray(a.count, a.sum(|r| r.missing));
        let joining = Joining { window, fold: Some(super::runs::fold), stray, ..Joining::default() };
        let mut told = Telling::new(Attempts::new(&judge, context.config.zone()?));
        attempt::attempts(case, &joining, |r| r, &telling, &mut |a| match judge.claim(&a, Words::Spared) {
            Some(claim) => {
                let kind = told.teller.kind(&a, &claim);
                told.take((a, claim.confidence), kind, found)
            }
            None => Ok(()),
        })?;
        told.finish(found)?;
        let joining = Joining { window, ..Joining::default() };
        attempt::attempts(case, &joining, |r| r, &|_| false, &mut |a: Attempt<Heavy>| match judge.flood(&a) {
            Some(claim) => found(judge.finding(&a, claim, Shown::default())),
            None => Ok(()),
        })
    }
}

/// Whether a burst counts towards a slow attempt: a hostile request, or one that few visitors ever make.
fn telling(a: &Attempt<Request>) -> bool {
    let common = [Class::LoginAttempt, Class::SecretProbe, Class::OpenRedirect];
    a.runs.iter().any(|r| !r.row.classes.is_empty() || r.row.weak.keys().any(|c| !common.contains(c)))
}

/// What a path ordinarily answers.
struct Habit {
    good: u64,
    failed: u64,
    all: u64,
    /// Cells of the smallest and largest 2xx answer.
    sizes: Option<(usize, usize)>,
}

impl Habit {
    fn new(counts: &[u64]) -> Habit {
        let get = |i: usize| counts.get(i).copied().unwrap_or(0);
        let sizes = counts.get(4..).unwrap_or(&[]);
        Habit {
            good: get(0),
            failed: get(3),
            all: (0..4).map(get).sum(),
            sizes: sizes.iter().position(|&n| n > 0).zip(sizes.iter().rposition(|&n| n > 0)),
        }
    }
}

/// What an attempt turned out to be.
pub struct Claim {
    /// What was tried.
    pub class: Class,
    /// What came of it.
    pub outcome: Outcome,
    /// How much it matters.
    pub severity: Severity,
    /// How sure that is, 0–100.
    pub confidence: u8,
    /// Why: first what it is, then what came of it. None where words were spared.
    pub reasons: Vec<Reason>,
}

/// Whether a claim is put into words. A flood has more attempts than are ever told by themselves, and the words for each would cost
/// more than judging it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Said,
    Spared,
}

impl Words {
    /// The reasons for a claim begin with this one.
    fn begin(self, reason: impl FnOnce() -> Reason) -> Reasons {
        let mut reasons = Reasons { words: self, said: Vec::new() };
        reasons.say(reason);
        reasons
    }
}

/// Reasons, as far as they are said.
struct Reasons {
    words: Words,
    said: Vec<Reason>,
}

impl Reasons {
    fn say(&mut self, reason: impl FnOnce() -> Reason) {
        if self.words == Words::Said {
            self.said.push(reason());
        }
    }
}

/// How an answer is unlike the site.
enum Unlike {
    /// Its size, unlike so many ordinary ones.
    Size(u64, u64),
    /// That it was given at all.
    Exists,
    /// It failed where so many ordinary requests did not.
    Failed(u64),
}

/// What a finding shows of the requests.
#[derive(Default)]
struct Shown<'a> {
    classes: BTreeMap<Class, u64>,
    rules: Vec<&'a str>,
    samples: Vec<&'a str>,
    /// The names of those that the log names instead of their addresses.
    clients: BTreeMap<Address, &'a str>,
}

/// What judges the attempts of a case.
pub struct Judge<'a> {
    habits: HashMap<String, Habit>,
    outages: Vec<Outage>,
    /// What is known besides the case.
    pub context: &'a Context<'a>,
}

/// Classes whose success is an answer that ought not to exist.
fn discloses(class: Class) -> bool {
    use Class::*;
    matches!(class, SecretProbe | PathTraversal | FileInclusion | WebShell | CommandInjection | KnownCve)
}

impl Judge<'_> {
    fn claim(&self, a: &Attempt<Request>, words: Words) -> Option<Claim> {
        if a.purpose == Purpose::WebLogin { self.guessing(a, words) } else { self.hostile(a, words) }
    }

    /// Ordinary requests in numbers that no visitor makes.
    fn flood(&self, a: &Attempt<Heavy>) -> Option<Claim> {
        let seconds = a.last.since(a.first).max(1) as u64;
        if a.count < FLOOD.0 || a.count < FLOOD.1 * seconds {
            return None;
        }
        let mut reasons = vec![
            Reason::supporting(
                60,
                Text::new(
                    format!("{} ordinary requests in {seconds} s", a.count),
                    format!("{} requêtes ordinaires en {seconds} s", a.count),
                ),
            ),
            Reason::against(
                30,
                Text::new(
                    "a crawler, a monitor or an office behind one address can be this busy",
                    "un robot, une sonde ou un bureau derrière une seule adresse peut être aussi actif",
                ),
            ),
        ];
        let outage = self.brought_down(a, 0);
        if let Some(outage) = outage {
            reasons.push(down(outage));
        }
        Some(Claim {
            class: Class::Flood,
            outcome: if outage.is_some() { Outcome::MadeUnavailable } else { Outcome::NoEffect },
            severity: if outage.is_some() { Severity::High } else { Severity::Low },
            confidence: if outage.is_some() { 80 } else { 60 },
            reasons,
        })
    }

    /// Password guessing at a login page.
    fn guessing(&self, a: &Attempt<Request>, words: Words) -> Option<Claim> {
        let failed = a.sum(|r| r.failed);
        let accepted = a.sum(|r| r.accepted);
        let mut before = 0;
        let mut succeeded_after = None;
        for run in &a.runs {
            if let Some(n) = run.row.failed_before {
                succeeded_after.get_or_insert(before + n);
            }
            before += run.row.failed;
        }
        // Where most logins succeed this is an office at work, not guessing; unless nobody types as fast.
        let all = failed + accepted;
        let fast = all >= MACHINE.0 && a.last.since(a.first) <= MACHINE.1 * all as i64;
        if !fast && (failed < GUESSES || failed < accepted) {
            return None;
        }
        let mut reasons = words.begin(|| {
            let text = Text::new(
                format!("{all} logins sent within one attempt, {failed} of them not answered as a right password is"),
                format!(
                    "{all} connexions envoyées au cours d’une même tentative, dont {failed} sans la réponse d’un bon mot de passe"
                ),
            );
            Reason::supporting(60, text)
        });
        let entered = succeeded_after.filter(|&n| n + 1 >= GUESSES);
        if let Some(n) = entered {
            reasons.say(|| {
                let text = Text::new(
                    format!("after {n} refusals the login page answered with a redirect, as it does to a right password"),
                    format!("après {n} refus, la page de connexion a répondu par une redirection, comme à un bon mot de passe"),
                );
                Reason::supporting(80, text)
            });
        }
        Some(Claim {
            class: Class::BruteForce,
            outcome: match entered {
                Some(_) => Outcome::PossiblySucceeded,
                // A page that answers every password alike does not say whether one was right.
                None if a.counts(|r| &r.statuses).keys().all(|s| matches!(s, 200..=399)) => Outcome::NoEffect,
                None => Outcome::Refused,
            },
            severity: match (entered, failed) {
                (Some(_), _) => Severity::High,
                (None, 1000..) => Severity::Medium,
                _ => Severity::Low,
            },
            confidence: if failed >= 20 { 90 } else { 75 },
            reasons: reasons.said,
        })
    }

    /// Hostile requests, or ordinary-looking ones in hostile numbers.
    fn hostile(&self, a: &Attempt<Request>, words: Words) -> Option<Claim> {
        let refused = answered(a, 4);
        let Some(&(class, requests)) = Counts::most_first(a.counts(|r| &r.classes)).0.first() else {
            return self.weak(a, refused, words);
        };
        let mut reasons = words.begin(|| {
            let told = Text::count(requests, ("request", "requête"), ("requests", "requêtes"));
            let text = Text::new(
                format!("{} of class {}", told.en, class.text().en),
                format!("{} de la classe « {} »", told.fr, class.text().fr),
            );
            Reason::supporting(if a.count > 3 { 70 } else { 50 }, text)
        });
        let (outcome, severity) = self.outcome(a, refused, &mut reasons);
        let confidence = match a.count {
            1 => 70,
            2..=5 => 85,
            _ => 95,
        };
        Some(Claim { class, outcome, severity, confidence, reasons: reasons.said })
    }

    fn weak(&self, a: &Attempt<Request>, refused: u64, words: Words) -> Option<Claim> {
        let weak = a.counts(|r| &r.weak).into_iter().filter(|(c, _)| *c != Class::LoginAttempt);
        let weak = Counts::most_first(weak).0;
        let n: u64 = weak.iter().map(|(_, n)| n).sum();
        let paths = a.list(|r| &r.paths).len() as u64;
        let pace = a.last.since(a.first) / a.count.max(1) as i64;
        // Staff visit administration pages all day; nobody lists accounts or asks for foreign pages by habit.
        let telling: u64 = weak.iter().filter(|(c, _)| *c != Class::AdminProbe).map(|(_, n)| n).sum();
        let missing = a.sum(|r| r.missing);
        let alone = n + missing;
        let refused_probes = n >= 2 && alone >= WEAK_REFUSED && refused * 2 >= a.count && paths >= 3;
        // No visitor asks one server for another's page; where that may have been our own name, the refusal tells.
        let foreign = weak.iter().any(|(c, _)| *c == Class::ProxyAbuse) && refused * 2 >= a.count;
        let class = if telling >= WEAK || refused_probes || foreign {
            weak[0].0
        } else if missing >= MISSING.0 && (paths >= MISSING.0 && pace <= MISSING.1 || paths >= MANY_MISSING) {
            Class::ForcedBrowsing
        } else {
            return None;
        };
        let mut reasons = words.begin(|| {
            let (name, pace) = (class.text(), pace.max(1));
            let text = match class {
                Class::ForcedBrowsing => Text::new(
                    format!(
                        "at least {paths} different paths asked for that do not exist, one every {pace} s or faster"
                    ),
                    format!(
                        "au moins {paths} chemins inexistants différents demandés, un toutes les {pace} s ou plus vite"
                    ),
                ),
                _ => Text::new(
                    format!("{n} requests of class {}, each ordinary by itself", name.en),
                    format!("{n} requêtes de la classe « {} », chacune ordinaire en soi", name.fr),
                ),
            };
            Reason::supporting(50, text)
        });
        reasons.say(crawler);
        let outcome = if refused * 2 >= a.count { Outcome::Refused } else { Outcome::NoEffect };
        Some(Claim { class, outcome, severity: Severity::Low, confidence: 60, reasons: reasons.said })
    }

    /// What came of hostile requests, by the site's own habit.
    fn outcome(&self, a: &Attempt<Request>, refused: u64, reasons: &mut Reasons) -> (Outcome, Severity) {
        if let Some(outage) = self.brought_down(a, answered(a, 5)) {
            reasons.say(|| down(outage));
            return (Outcome::MadeUnavailable, Severity::High);
        }
        let answers: Vec<&Answer> = a.runs.iter().flat_map(|r| &r.row.answers).collect();
        // A site that answers everything with one page answers a probe with it as well.
        let same_page = |size: Option<u64>| {
            let near = |x: &&&Answer| {
                // Where no sizes are told, any answers may be one page.
                x.status < 300 && x.smallest.zip(size).is_none_or(|(a, b)| a.abs_diff(b) <= b / 20)
            };
            let mut paths: Vec<&str> = answers.iter().filter(near).map(|x| x.path.as_str()).collect();
            paths.sort_unstable();
            paths.dedup();
            paths.len() >= 3
        };
        let mut succeeded: Option<(Severity, &Answer, Unlike)> = None;
        for answer in &answers {
            if let Some((severity, how)) = self.unusual(answer)
                && !(answer.status < 300 && same_page(answer.smallest))
                && succeeded.as_ref().is_none_or(|(s, ..)| *s < severity)
            {
                succeeded = Some((severity, answer, how));
            }
        }
        if let Some((severity, answer, how)) = succeeded {
            reasons.say(|| unlike(answer, &how));
            return (Outcome::PossiblySucceeded, severity);
        }
        let severity = if a.count >= 1000 { Severity::Medium } else { Severity::Low };
        if refused * 2 > a.count || (refused > 0 && answers.is_empty()) {
            reasons.say(|| were_refused(refused, a.count));
            return (Outcome::Refused, severity);
        }
        reasons.say(as_usual);
        (Outcome::NoEffect, severity)
    }

    /// An outage this attempt may have caused: it came with force just before or during it, and was answered by errors
    /// or was heavy.
    fn brought_down<R>(&self, a: &Attempt<R>, failed: u64) -> Option<&Outage> {
        let heavy = failed >= 3 || a.count >= 100;
        self.outages.iter().find(|o| {
            heavy
                && o.site == a.site
                && a.first < o.last
                && o.first.since(a.last) <= outage::BEFORE
                && a.last.since(o.first) > -outage::BEFORE
        })
    }

    /// Whether one answer is unlike the site, how bad that is, and how.
    fn unusual(&self, x: &Answer) -> Option<(Severity, Unlike)> {
        let habit = self.habits.get(&x.path).filter(|h| h.all >= HABIT);
        let severity = match x.class {
            Class::WebShell | Class::CommandInjection => Severity::Critical,
            _ => Severity::High,
        };
        match (x.status, habit) {
            (200..=299, Some(h)) if h.good >= HABIT => {
                let (low, high) = h.sizes?;
                let largest = x.largest?;
                let cells = [x.smallest?, largest].map(|s| habit::size_cell(s) as usize);
                // Half octaves: two cells off is at least a factor of √2 outside anything seen.
                let outside = cells[0] + 2 <= low || cells[1] >= high + 2;
                outside.then_some((severity, Unlike::Size(largest, h.good)))
            }
            (200..=299, _) if discloses(x.class) && x.largest.is_none_or(|n| n > 0) => Some((severity, Unlike::Exists)),
            (500..=599, Some(h)) if h.failed * 100 < h.all => Some((Severity::Medium, Unlike::Failed(h.all))),
            _ => None,
        }
    }

    /// One attempt, told by itself.
    pub fn attempt(&self, a: &Attempt<Request>) -> Option<Finding> {
        let claim = self.claim(a, Words::Said)?;
        let named = a.runs.iter().filter(|r| !r.row.client.is_empty());
        let shown = Shown {
            classes: a.counts(|r| &r.classes),
            rules: a.list(|r| &r.rules),
            samples: a.list(|r| &r.samples),
            clients: named.map(|r| (r.source, r.row.client.as_str())).collect(),
        };
        Some(self.finding(a, claim, shown))
    }

    fn finding<R>(&self, a: &Attempt<R>, mut claim: Claim, shown: Shown) -> Finding {
        let clients = shown.clients;
        let country = match a.sources.first() {
            Some(s) if clients.contains_key(s) => "unknown".into(),
            Some(&s) => self.context.origins.country(s),
            None => String::new(),
        };
        if a.sources.iter().any(|&s| self.context.config.is_own(s)) {
            claim.severity = Severity::Info;
            claim.reasons.push(Reason::against(
                60,
                Text::new("the source is one of our own networks", "la source est l’un de nos propres réseaux"),
            ));
        }
        if a.shape == Shape::Slow {
            claim.reasons.push(Reason::supporting(
                30,
                Text::new(
                    "came back a few requests at a time over days",
                    "est revenu par petites salves pendant plusieurs jours",
                ),
            ));
        }
        let texts = |list: Vec<&str>, most| list.into_iter().take(most).map(String::from).collect();
        let (as_number, as_name) = a.sources.first().and_then(|&s| self.context.origins.network(s)).unzip();
        let row = web_log::Attempt {
            attempt: rows::attempt::Attempt {
                class: Some(claim.class),
                classes: Some(Counts::most_first(shown.classes)),
                outcome: claim.outcome,
                requests: a.count,
                attempts: None,
                sources: Some(a.sources.len() as u64),
                country: Some(country.clone()),
                network: Some(a.network.to_string()),
                as_number,
                as_name,
                site: a.site.clone(),
                shape: Some(a.shape),
                purpose: a.purpose,
            },
            rules: texts(shown.rules, usize::MAX),
            samples: texts(shown.samples, 5),
        };
        let name = claim.class.text().capital();
        let outcome = claim.outcome.text();
        let who = match a.sources.as_slice() {
            [one] => clients.get(one).map_or_else(|| one.to_string(), |name| (*name).into()),
            _ => a.network.to_string(),
        };
        let mut entities: Vec<Entity> =
            a.sources.iter().map(|s| super::runs::by(*s, clients.get(s).copied().unwrap_or(""))).collect();
        if a.site.contains('.') {
            entities.push(Entity::domain(&a.site, Role::Victim));
        }
        let requests = Text::count(a.count, ("request", "requête"), ("requests", "requêtes"));
        Finding {
            detector: Cow::Borrowed(web_log::Attempt::NAME),
            key: a.finding_key(),
            severity: claim.severity,
            confidence: claim.confidence,
            level: Level::Illegal,
            title: Text::new(
                format!("{} from {who} ({country}), {}: {}", name.en, requests.en, outcome.en),
                format!("{} depuis {who} ({country}), {} : {}", name.fr, requests.fr, outcome.fr),
            ),
            reasons: claim.reasons,
            techniques: classify::techniques(claim.class).iter().map(|t| t.to_string()).collect(),
            first: Some(a.first),
            last: Some(a.last),
            entities,
            traces: a.traces(),
            fields: row.fields(),
        }
    }
}

/// Answers of a status class, by its first digit.
fn answered(a: &Attempt<Request>, digit: u16) -> u64 {
    a.counts(|r| &r.statuses).iter().filter(|(s, _)| **s / 100 == digit).map(|(_, n)| n).sum()
}

fn were_refused(refused: u64, all: u64) -> Reason {
    Reason::against(
        30,
        Text::new(
            format!("{refused} of {all} requests were refused (4xx)"),
            format!("{refused} requêtes sur {all} ont été refusées (4xx)"),
        ),
    )
}

/// Why an answer is said to be unlike the site.
fn unlike(x: &Answer, how: &Unlike) -> Reason {
    let path = x.path.split_once('|').map_or(x.path.as_str(), |(_, p)| p);
    let (weight, text) = match how {
        Unlike::Size(largest, good) => (
            80,
            Text::new(
                format!(
                    "`{path}` answered {} with {} bytes, unlike any of {} ordinary answers there",
                    x.status,
                    Lang::En.number(*largest),
                    Lang::En.number(*good)
                ),
                format!(
                    "« {path} » a répondu {} avec {} octets, à la différence des {} réponses ordinaires",
                    x.status,
                    Lang::Fr.number(*largest),
                    Lang::Fr.number(*good)
                ),
            ),
        ),
        Unlike::Exists => {
            let bytes =
                |n| (format!(" with {} bytes", Lang::En.number(n)), format!(" de {} octets", Lang::Fr.number(n)));
            let (en, fr) = x.largest.map(bytes).unwrap_or_default();
            let text = Text::new(
                format!("`{path}` exists: it answered {}{en}, and no ordinary visitor goes there", x.status),
                format!("« {path} » existe : réponse {}{fr}, et aucun visiteur ordinaire n’y va", x.status),
            );
            (70, text)
        }
        Unlike::Failed(all) => (
            50,
            Text::new(
                format!(
                    "`{path}` failed ({}) where {all} ordinary requests did not: what was sent reached the program",
                    x.status
                ),
                format!(
                    "« {path} » a échoué ({}) là où {all} requêtes ordinaires ont réussi : ce qui a été envoyé a atteint le programme",
                    x.status
                ),
            ),
        ),
    };
    Reason::supporting(weight, text)
}

fn as_usual() -> Reason {
    Reason::against(
        20,
        Text::new(
            "no answer differs from what this site usually answers there",
            "aucune réponse ne s’écarte de ce que le site répond d’habitude à cet endroit",
        ),
    )
}

fn crawler() -> Reason {
    Reason::against(
        30,
        Text::new(
            "a crawler following old links can look like this",
            "un robot d’indexation qui suit d’anciens liens peut avoir cette apparence",
        ),
    )
}

/// Why an outage is laid at an attempt's door.
fn down(outage: &Outage) -> Reason {
    let minutes = outage.last.since(outage.first) / 60;
    Reason::supporting(
        70,
        Text::new(
            format!("the site failed for about {minutes} minutes while these requests came, or right after"),
            format!("le site a été en défaut environ {minutes} minutes pendant ces requêtes ou juste après"),
        ),
    )
}
