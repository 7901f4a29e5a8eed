//! Attempts to get in and outages, whatever log they stand in: findings whose fields are a `rows::attempt::Attempt` or a
//! `rows::outage::Outage`. You may rely on: every attempt is counted in the ledger and stands in
//! `attempts.csv`; only the most important are kept whole for the page. Memory grows with the ledger's rows, the number
//! of distinct addresses (capped) and what the page shows.

mod baseline;
mod figures;
mod ledger;
mod page;
mod series;
mod story;
mod surge;
mod table;
mod vocabulary;

pub use figures::periods;
pub use series::{Series, test_with};

use super::{Chapter, Gathering};
use crate::detail::{Detail, LISTED};
use crate::export::Event;
use crate::page::gravest::{Advice, IT};
use crate::page::{Answer, ChapterPage, Section, Sentence};
use crate::story::{Bearers, Part};
use crate::{Brief, Write};
use figures::Figures;
use jiff::civil::Date;
use ledger::Ledger;
use model::{Address, Context, Finding, Outcome, Result, View};
use rows::outage::Outage;
use rows::{Row, attempt};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Attempts told in full on the page.
const DETAILED: usize = 2000;
/// Distinct addresses counted; beyond, the figure says *at least*.
const ADDRESSES: usize = 1_000_000;

/// The chapter.
pub struct Attempts;

impl Chapter for Attempts {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::new(Gathered { table: table::head(), ..Gathered::default() })
    }

    fn prints(&self) -> &'static [&'static str] {
        &["web_log", "auth_log"]
    }

    fn part(&self, finding: &Finding, _: &Context, part: &mut Part) {
        story::part(finding, part);
    }

    fn bearers(&self, view: &dyn View, _: &Context, bearers: &mut Bearers) -> Result<()> {
        story::bearers(view, bearers)
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        if Outage::of(&finding.fields).is_ok() && finding.detector == Outage::NAME {
            return Some(Advice::new(
                IT,
                "Ask the host what failed and keep its logs: the log of the site alone cannot tell an attack from a fault.",
                "Demander à l’hébergeur ce qui a cédé et garder ses journaux : celui du site ne distingue pas seul une attaque d’une panne.",
            ));
        }
        let row = attempt::Attempt::of(&finding.fields)?;
        Some(match (row.outcome, row.purpose) {
            (Outcome::PossiblySucceeded, attempt::Purpose::Web) => Advice::new(
                IT,
                "Copy the machine as it is; look at what was answered; then change every password and key that was in it.",
                "Copier la machine en l’état ; regarder ce qui a été répondu ; puis changer tous les mots de passe et clés qui s’y trouvaient.",
            ),
            (Outcome::PossiblySucceeded, _) => Advice::new(
                IT,
                "Find who logged in. If it was nobody of yours: close the account, end its sessions, look at what it changed.",
                "Trouver qui s’est connecté. Si ce n’est aucun des vôtres : fermer le compte et ses sessions, regarder ce qu’il a changé.",
            ),
            _ => Advice::new(
                IT,
                "Block the source, and let logins be tried from a second factor or a private network only.",
                "Bloquer la source, et n’admettre de connexion qu’avec un second facteur ou depuis un réseau privé.",
            ),
        })
    }

    fn tags(&self, finding: &Finding) -> Vec<String> {
        let Some(row) = attempt::Attempt::of(&finding.fields) else { return Vec::new() };
        vec![
            format!("country:{}", row.country()),
            format!("class:{}", row.class()),
            format!("outcome:{}", row.outcome.as_str()),
            format!("purpose:{}", row.purpose.as_str()),
        ]
    }

    /// Addresses that attacked. They change hands: none is marked for detection.
    fn attributes(&self, finding: &Finding, event: &mut Event) {
        if attempt::Attempt::of(&finding.fields).is_none() {
            return;
        }
        event.of(finding);
        for entity in finding.entities.iter().filter(|e| e.is_source()) {
            event.add("Network activity", "ip-src", &entity.value, false, finding);
        }
    }
}

/// An attempt told on the page.
#[derive(Debug)]
struct Attempt {
    /// Its number on the page, in order of time.
    number: usize,
    /// What is said of it.
    row: attempt::Attempt,
    /// The finding.
    detail: Detail,
}

/// What the case says of attempts.
#[derive(Debug, Default)]
struct Gathered {
    /// All attempts, counted.
    ledger: Ledger,
    /// How many have come.
    seen: u64,
    /// Those to be told in full: the most important first, in the order in which they came.
    kept: BTreeMap<(u8, u64), Attempt>,
    /// The attempts told in full, in order of time.
    attempts: Vec<Attempt>,
    /// Outages, in order of time.
    outages: Vec<(Outage, Detail)>,
    /// How many there are in all.
    all_outages: u64,
    /// Technique ids per class.
    techniques: BTreeMap<String, BTreeSet<String>>,
    /// Distinct addresses.
    addresses: HashSet<Address>,
    /// Whether there are more.
    more_addresses: bool,
    /// Rows of `attempts.csv` not written yet.
    table: String,
    /// The figures, once all findings have come.
    figures: Figures,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, write: &mut Write) -> Result<Option<Finding>> {
        if let Some(row) = attempt::Attempt::of(&finding.fields) {
            self.attempt(finding, row, day);
            if self.table.len() > 1 << 16 {
                self.flush(write)?;
            }
            return Ok(None);
        }
        let Ok(outage) = Outage::of(&finding.fields) else { return Ok(Some(finding)) };
        self.all_outages += 1;
        if self.outages.len() < LISTED {
            self.outages.push((outage, Detail::new(finding, day)));
        }
        Ok(None)
    }

    fn finish(&mut self, brief: &Brief, write: &mut Write) -> Result<()> {
        self.flush(write)?;
        write("ledger.csv", self.ledger.csv().as_bytes())?;
        let time = |d: &Detail| (d.finding.first, d.finding.key.clone());
        self.attempts = std::mem::take(&mut self.kept).into_values().collect();
        self.attempts.sort_by_cached_key(|a| time(&a.detail));
        self.attempts.iter_mut().zip(1..).for_each(|(attempt, number)| attempt.number = number);
        self.outages.sort_by_cached_key(|(_, o)| time(o));
        self.figures = Figures::compute(brief, &self.ledger)?;
        Ok(())
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let outages = self.outages.iter_mut().map(|(_, o)| o);
        self.attempts.iter_mut().map(|a| &mut a.detail).chain(outages).collect()
    }

    fn figures(&self) -> Map<String, Value> {
        self.json()
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        page::summary::answers(&Page::new(page, self))
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        page::summary::sentences(&Page::new(page, self))
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::sections(&Page::new(page, self))
    }
}

impl Gathered {
    fn attempt(&mut self, finding: Finding, row: attempt::Attempt, day: Option<Date>) {
        self.ledger.add(day, &row);
        let (class, outcome) = (row.class(), row.outcome);
        if self.techniques.len() < 256 || self.techniques.contains_key(class) {
            let known = self.techniques.entry(class.to_string()).or_default();
            known.extend(finding.techniques.iter().take(16).filter(|_| known.len() < 16).cloned().collect::<Vec<_>>());
        }
        for entity in finding.entities.iter().filter(|e| e.is_source()) {
            if self.addresses.len() < ADDRESSES {
                self.addresses.extend(Address::parse(entity.value.as_bytes()));
            } else {
                self.more_addresses = true;
            }
        }
        table::row(&mut self.table, &finding, &row, day);
        // Findings come gravest first, so that an outage is usually known before the attempts that led to it.
        let before = self.outages.iter().any(|(outage, o)| preceded(outage, &o.finding, &row, &finding));
        let rank = match outcome {
            Outcome::PossiblySucceeded => 0,
            _ if before => 1,
            Outcome::MadeUnavailable => 1,
            _ => 2,
        };
        self.seen += 1;
        let place = (rank, self.seen);
        if self.kept.len() < DETAILED || self.kept.last_key_value().is_some_and(|(worst, _)| place < *worst) {
            let detail = Detail::with_ends(finding, day, lines_shown(outcome));
            self.kept.insert(place, Attempt { number: 0, row, detail });
            if self.kept.len() > DETAILED {
                self.kept.pop_last();
            }
        }
    }

    fn flush(&mut self, write: &mut Write) -> Result<()> {
        write("attempts.csv", self.table.as_bytes())?;
        self.table.clear();
        Ok(())
    }
}

/// Whether an attempt came shortly before an outage, or during it, from an address that the outage names.
fn preceded(outage: &Outage, o: &Finding, row: &attempt::Attempt, finding: &Finding) -> bool {
    let times = |f: &Finding| f.first.zip(f.last);
    let (Some(down), Some(at)) = (times(o), times(finding)) else { return false };
    let sources = finding.entities.iter().filter(|e| e.is_source()).map(|e| e.value.as_str());
    outage.follows(down, &row.site, sources, at)
}

/// How many lines of an attempt the page shows, from its beginning and from its end.
fn lines_shown(outcome: Outcome) -> (usize, usize) {
    if matters(outcome) { (5, 5) } else { (2, 1) }
}

/// Whether an attempt came to something.
fn matters(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::PossiblySucceeded | Outcome::MadeUnavailable)
}
