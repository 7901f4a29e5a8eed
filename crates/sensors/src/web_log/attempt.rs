//! Attempts on a web site: which runs are one, what they tried, and what came of it.
//!
//! The answer is judged by this site's habit (`web_log/path`): what it ordinarily answers at that path, and how large.
//! Where there is no habit to compare with, only answers that cannot be ordinary are said to be a success.

use super::classify::{self, Class};
use super::habit;
use super::outage::{self, Outage};
use crate::attempt::{self, Attempt, Joining, Shape};
use crate::{Detector, Specification};
use model::{Context, Entity, Finding, Level, Outcome, Reason, Result, Role, Severity, Text, View};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::HashMap;
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
        "web_log/attempt"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[super::REQUEST, super::HEAVY, super::PATH_TALLY, super::SLOT_TALLY]
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
        let joining = Joining { window, fold: Some(super::runs::fold), ..Joining::default() };
        attempt::attempts(case, super::REQUEST, joining, &telling, &mut |a| match judge.claim(&a) {
            Some(claim) => found(judge.finding(&a, claim)),
            None => Ok(()),
        })?;
        attempt::attempts(case, super::HEAVY, joining, &|_| false, &mut |a| match judge.flood(&a) {
            Some(claim) => found(judge.finding(&a, claim)),
            None => Ok(()),
        })
    }
}

/// Whether a burst counts towards a slow attempt: a hostile request, or one that few visitors ever make.
fn telling(a: &Attempt) -> bool {
    let common = ["login_attempt", "secret_probe", "open_redirect"];
    let has = |field: &str, any: &dyn Fn(&str) -> bool| {
        let objects = a.runs.iter().filter_map(|r| r.observation.fields.get(field)?.as_object());
        objects.flat_map(|o| o.keys()).any(|c| any(c))
    };
    has("classes", &|_| true) || has("weak", &|c| !common.contains(&c))
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
struct Claim {
    class: String,
    outcome: Outcome,
    severity: Severity,
    confidence: u8,
    reasons: Vec<Reason>,
}

struct Judge<'a> {
    habits: HashMap<String, Habit>,
    outages: Vec<Outage>,
    context: &'a Context<'a>,
}

/// Classes whose success is an answer that ought not to exist.
fn discloses(class: &str) -> bool {
    ["secret_probe", "path_traversal", "file_inclusion", "web_shell", "command_injection", "known_cve"].contains(&class)
}

impl Judge<'_> {
    fn claim(&self, a: &Attempt) -> Option<Claim> {
        if a.purpose == "web-login" { self.guessing(a) } else { self.hostile(a) }
    }

    /// Ordinary requests in numbers that no visitor makes.
    fn flood(&self, a: &Attempt) -> Option<Claim> {
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
        let outage = self.brought_down(a);
        if let Some(outage) = outage {
            reasons.push(down(outage));
        }
        Some(Claim {
            class: "flood".into(),
            outcome: if outage.is_some() { Outcome::MadeUnavailable } else { Outcome::NoEffect },
            severity: if outage.is_some() { Severity::High } else { Severity::Low },
            confidence: if outage.is_some() { 80 } else { 60 },
            reasons,
        })
    }

    /// Password guessing at a login page.
    fn guessing(&self, a: &Attempt) -> Option<Claim> {
        let failed = a.sum("failed");
        let accepted = a.sum("accepted");
        let mut before = 0;
        let mut succeeded_after = None;
        for run in &a.runs {
            let get = |f: &str| run.observation.fields.get(f).and_then(Value::as_u64);
            if let Some(n) = get("failed_before") {
                succeeded_after.get_or_insert(before + n);
            }
            before += get("failed").unwrap_or(0);
        }
        // Where most logins succeed this is an office at work, not guessing; unless nobody types as fast.
        let all = failed + accepted;
        let fast = all >= MACHINE.0 && a.last.since(a.first) <= MACHINE.1 * all as i64;
        if !fast && (failed < GUESSES || failed < accepted) {
            return None;
        }
        let mut reasons = vec![Reason::supporting(
            60,
            Text::new(
                format!("{all} logins sent within one attempt, {failed} of them not answered as a right password is"),
                format!(
                    "{all} connexions envoyées au cours d’une même tentative, dont {failed} sans la réponse d’un bon mot de passe"
                ),
            ),
        )];
        let entered = succeeded_after.filter(|&n| n + 1 >= GUESSES);
        if let Some(n) = entered {
            reasons.push(Reason::supporting(
                80,
                Text::new(
                    format!("after {n} refusals the login page answered with a redirect, as it does to a right password"),
                    format!("après {n} refus, la page de connexion a répondu par une redirection, comme à un bon mot de passe"),
                ),
            ));
        }
        Some(Claim {
            class: "brute_force".into(),
            outcome: match entered {
                Some(_) => Outcome::PossiblySucceeded,
                // A page that answers every password alike does not say whether one was right.
                None if a.counts("statuses").iter().all(|(s, _)| s.starts_with(['2', '3'])) => Outcome::NoEffect,
                None => Outcome::Refused,
            },
            severity: match (entered, failed) {
                (Some(_), _) => Severity::High,
                (None, 1000..) => Severity::Medium,
                _ => Severity::Low,
            },
            confidence: if failed >= 20 { 90 } else { 75 },
            reasons,
        })
    }

    /// Hostile requests, or ordinary-looking ones in hostile numbers.
    fn hostile(&self, a: &Attempt) -> Option<Claim> {
        let classes = a.counts("classes");
        let statuses = a.counts("statuses");
        let refused: u64 = statuses.iter().filter(|(s, _)| s.starts_with('4')).map(|(_, n)| n).sum();
        let Some((class, requests)) = classes.first().cloned() else {
            return self.weak(a, refused);
        };
        let mut reasons = vec![Reason::supporting(
            if a.count > 3 { 70 } else { 50 },
            Text::new(
                format!("{requests} request(s) of class {}", class_name(&class).en),
                format!("{requests} requête(s) de la classe « {} »", class_name(&class).fr),
            ),
        )];
        let (outcome, severity) = self.outcome(a, refused, &mut reasons);
        let confidence = match a.count {
            1 => 70,
            2..=5 => 85,
            _ => 95,
        };
        Some(Claim { class, outcome, severity, confidence, reasons })
    }

    fn weak(&self, a: &Attempt, refused: u64) -> Option<Claim> {
        let weak: Vec<_> = a.counts("weak").into_iter().filter(|(c, _)| c != "login_attempt").collect();
        let n: u64 = weak.iter().map(|(_, n)| n).sum();
        let paths = a.list("paths").len() as u64;
        let pace = a.last.since(a.first) / a.count.max(1) as i64;
        // Staff visit administration pages all day; nobody lists accounts or asks for foreign pages by habit.
        let telling: u64 = weak.iter().filter(|(c, _)| c != "admin_probe").map(|(_, n)| n).sum();
        let alone = n + a.sum("missing");
        let refused_probes = n >= 2 && alone >= WEAK_REFUSED && refused * 2 >= a.count && paths >= 3;
        // No visitor asks one server for another's page; where that may have been our own name, the refusal tells.
        let foreign = weak.iter().any(|(c, _)| c == "proxy_abuse") && refused * 2 >= a.count;
        let (class, reason) = if telling >= WEAK || refused_probes || foreign {
            let class = weak[0].0.clone();
            let name = class_name(&class);
            let reason = Text::new(
                format!("{n} requests of class {}, each ordinary by itself", name.en),
                format!(
                    "{n} requêtes de la classe « {} », chacune ordinaire en soi, refusées pour la plupart",
                    name.fr
                ),
            );
            (class, reason)
        } else if a.sum("missing") >= MISSING.0 && (paths >= MISSING.0 && pace <= MISSING.1 || paths >= MANY_MISSING) {
            let reason = Text::new(
                format!(
                    "at least {paths} different paths asked for that do not exist, one every {} s or faster",
                    pace.max(1)
                ),
                format!(
                    "au moins {paths} chemins inexistants différents demandés, un toutes les {} s ou plus vite",
                    pace.max(1)
                ),
            );
            ("forced_browsing".to_string(), reason)
        } else {
            return None;
        };
        let reasons = vec![
            Reason::supporting(50, reason),
            Reason::against(
                30,
                Text::new(
                    "a crawler following old links can look like this",
                    "un robot d’indexation qui suit d’anciens liens peut avoir cette apparence",
                ),
            ),
        ];
        let outcome = if refused * 2 >= a.count { Outcome::Refused } else { Outcome::NoEffect };
        Some(Claim { class, outcome, severity: Severity::Low, confidence: 60, reasons })
    }

    /// What came of hostile requests, by the site's own habit.
    fn outcome(&self, a: &Attempt, refused: u64, reasons: &mut Vec<Reason>) -> (Outcome, Severity) {
        if let Some(outage) = self.brought_down(a) {
            reasons.push(down(outage));
            return (Outcome::MadeUnavailable, Severity::High);
        }
        let answers: Vec<Answer> = a
            .runs
            .iter()
            .filter_map(|r| r.observation.fields.get("answers")?.as_array())
            .flatten()
            .filter_map(Answer::new)
            .collect();
        // A site that answers everything with one page answers a probe with it as well.
        let same_page = |size: u64| {
            let near = |x: &&Answer| x.status < 300 && x.smallest.abs_diff(size) <= size / 20;
            let mut paths: Vec<&str> = answers.iter().filter(near).map(|x| x.path).collect();
            paths.sort_unstable();
            paths.dedup();
            paths.len() >= 3
        };
        let mut succeeded: Option<(Severity, Reason)> = None;
        for answer in &answers {
            if let Some(found) = self.unusual(answer)
                && !(answer.status < 300 && same_page(answer.smallest))
                && succeeded.as_ref().is_none_or(|(s, _)| *s < found.0)
            {
                succeeded = Some(found);
            }
        }
        if let Some((severity, reason)) = succeeded {
            reasons.push(reason);
            return (Outcome::PossiblySucceeded, severity);
        }
        let severity = if a.count >= 1000 { Severity::Medium } else { Severity::Low };
        if refused * 2 > a.count || (refused > 0 && answers.is_empty()) {
            reasons.push(Reason::against(
                30,
                Text::new(
                    format!("{refused} of {} requests were refused (4xx)", a.count),
                    format!("{refused} requêtes sur {} ont été refusées (4xx)", a.count),
                ),
            ));
            return (Outcome::Refused, severity);
        }
        reasons.push(Reason::against(
            20,
            Text::new(
                "no answer differs from what this site usually answers there",
                "aucune réponse ne s’écarte de ce que le site répond d’habitude à cet endroit",
            ),
        ));
        (Outcome::NoEffect, severity)
    }

    /// An outage this attempt may have caused: it came with force just before or during it, and was answered by errors
    /// or was heavy.
    fn brought_down(&self, a: &Attempt) -> Option<&Outage> {
        let failed: u64 = a.counts("statuses").iter().filter(|(s, _)| s.starts_with('5')).map(|(_, n)| n).sum();
        let heavy = failed >= 3 || a.count >= 100;
        self.outages.iter().find(|o| {
            heavy
                && o.site == a.site
                && a.first < o.last
                && o.first.since(a.last) <= outage::BEFORE
                && a.last.since(o.first) > -outage::BEFORE
        })
    }

    /// Whether one answer is unlike the site, how bad that is, and why.
    fn unusual(&self, x: &Answer) -> Option<(Severity, Reason)> {
        let habit = self.habits.get(x.path).filter(|h| h.all >= HABIT);
        let path = x.path.split_once('|').map_or(x.path, |(_, p)| p);
        let severity = match x.class {
            "web_shell" | "command_injection" => Severity::Critical,
            _ => Severity::High,
        };
        match (x.status, habit) {
            (200..=299, Some(h)) if h.good >= HABIT => {
                let (low, high) = h.sizes?;
                let cells = [x.smallest, x.largest].map(|s| habit::size_cell(s) as usize);
                // Half octaves: two cells off is at least a factor of √2 outside anything seen.
                let outside = cells[0] + 2 <= low || cells[1] >= high + 2;
                outside.then(|| {
                    let text = Text::new(
                        format!(
                            "`{path}` answered {} with {} bytes, unlike any of {} ordinary answers there",
                            x.status, x.largest, h.good
                        ),
                        format!(
                            "« {path} » a répondu {} avec {} octets, à la différence des {} réponses ordinaires",
                            x.status, x.largest, h.good
                        ),
                    );
                    (severity, Reason::supporting(80, text))
                })
            }
            (200..=299, _) if discloses(x.class) && x.largest > 0 => {
                let text = Text::new(
                    format!(
                        "`{path}` exists: it answered {} with {} bytes, and no ordinary visitor goes there",
                        x.status, x.largest
                    ),
                    format!(
                        "« {path} » existe : réponse {} de {} octets, et aucun visiteur ordinaire n’y va",
                        x.status, x.largest
                    ),
                );
                Some((severity, Reason::supporting(70, text)))
            }
            (500..=599, Some(h)) if h.failed * 100 < h.all => {
                let text = Text::new(
                    format!(
                        "`{path}` failed ({}) where {} ordinary requests did not: what was sent reached the program",
                        x.status, h.all
                    ),
                    format!(
                        "« {path} » a échoué ({}) là où {} requêtes ordinaires ont réussi : ce qui a été envoyé a atteint le programme",
                        x.status, h.all
                    ),
                );
                Some((Severity::Medium, Reason::supporting(50, text)))
            }
            _ => None,
        }
    }

    fn finding(&self, a: &Attempt, mut claim: Claim) -> Finding {
        let country = a.sources.first().map(|&s| self.context.origins.country(s)).unwrap_or_default();
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
        let mut fields = model::Fields::new();
        let mut set = |name: &str, value: Value| fields.insert(name.into(), value);
        set("class", json!(claim.class));
        set("classes", Value::Object(a.counts("classes").into_iter().map(|(c, n)| (c, json!(n))).collect()));
        set("outcome", json!(claim.outcome.as_str()));
        set("requests", json!(a.count));
        set("sources", json!(a.sources.len()));
        set("country", json!(country));
        set("network", json!(a.network.to_string()));
        if let Some((number, name)) = a.sources.first().and_then(|&s| self.context.origins.network(s)) {
            set("as_number", json!(number));
            set("as_name", json!(name));
        }
        set("site", json!(a.site));
        set("shape", json!(a.shape));
        set("purpose", json!(a.purpose));
        set("rules", json!(a.list("rules")));
        set("samples", json!(a.list("samples").into_iter().take(5).collect::<Vec<_>>()));
        let name = class_name(&claim.class);
        let outcome = claim.outcome.text();
        let who = match a.sources.as_slice() {
            [one] => one.to_string(),
            _ => a.network.to_string(),
        };
        let mut entities: Vec<Entity> = a.sources.iter().map(|&s| Entity::address(s, Role::Source)).collect();
        if a.site.contains('.') {
            entities.push(Entity::domain(&a.site, Role::Victim));
        }
        Finding {
            detector: Cow::Borrowed("web_log/attempt"),
            key: a.finding_key(),
            severity: claim.severity,
            confidence: claim.confidence,
            level: Level::Illegal,
            title: Text::new(
                format!("{} from {who} ({country}), {} request(s): {}", name.en, a.count, outcome.en),
                format!("{} depuis {who} ({country}), {} requête(s) : {}", name.fr, a.count, outcome.fr),
            ),
            reasons: claim.reasons,
            techniques: techniques(&claim.class),
            first: Some(a.first),
            last: Some(a.last),
            entities,
            traces: a.traces(),
            fields,
        }
    }
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

struct Answer<'a> {
    path: &'a str,
    status: u64,
    class: &'a str,
    smallest: u64,
    largest: u64,
}

impl Answer<'_> {
    fn new(value: &Value) -> Option<Answer<'_>> {
        Some(Answer {
            path: value.get("path")?.as_str()?,
            status: value.get("status")?.as_u64()?,
            class: value.get("class")?.as_str()?,
            smallest: value.get("smallest")?.as_u64()?,
            largest: value.get("largest")?.as_u64()?,
        })
    }
}

/// A class's name for people.
fn class_name(class: &str) -> Text {
    class.parse::<Class>().map_or_else(|_| Text::same(class), Class::text)
}

fn techniques(class: &str) -> Vec<String> {
    let known = class.parse().map_or(&[][..], classify::techniques);
    known.iter().map(|t| t.to_string()).collect()
}
