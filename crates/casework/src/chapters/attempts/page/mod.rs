//! The chapter's sections: what possibly succeeded comes before all counting, the ledger of attempts after all else.

mod attempt;
mod cite;
mod ledger;
mod outages;
mod over_time;
mod series;
mod succeeded;
pub mod summary;
mod surges;
mod tables;

use super::{Attempt, Page};
use crate::page::{Leaf, Opens, Place, Section};
use crate::show;
use crate::words::Pair;
use maud::Markup;
use model::Outcome;

/// What is counted of attempts.
const FIGURES: Leaf =
    Leaf { file: "attempts.html", title: ("Attempts and outages", "Tentatives et indisponibilités") };
/// Every attempt.
const LEDGER: Leaf = Leaf { file: "ledger.html", title: ("The ledger of attempts", "Le registre des tentatives") };

/// A section of this chapter: its text, or none where the case has nothing of the kind.
struct Part {
    leaf: Leaf,
    place: Place,
    id: &'static str,
    title: Pair,
    markup: fn(&Page) -> Option<Markup>,
}

const PARTS: [Part; 9] = [
    succeeded::PART,
    over_time::PART,
    tables::ORIGINS,
    tables::CLASSES,
    outages::PART,
    surges::PART,
    series::PART,
    tables::OUTCOMES,
    ledger::PART,
];

/// All sections that have something to say.
pub fn sections(page: &Page) -> Vec<Section> {
    let told = |p: &Part| {
        Some(Section {
            leaf: p.leaf,
            cover: false,
            place: p.place,
            id: p.id,
            title: p.title,
            markup: (p.markup)(page)?,
        })
    };
    PARTS.iter().filter_map(told).collect()
}

/// What several sections say.
impl Page<'_> {
    /// `1,922 attempts`.
    fn attempts(&self, n: u64) -> String {
        self.words.count(n, ("attempt", "tentative"), ("attempts", "tentatives"))
    }

    /// How many attempts these tell.
    fn count(attempts: &[Attempt]) -> u64 {
        attempts.iter().map(|a| a.row.attempts()).sum()
    }

    /// `12 requests`.
    fn requests(&self, n: u64) -> String {
        self.words.count(n, ("request", "requête"), ("requests", "requêtes"))
    }

    /// A class's name, fit to be shown.
    fn class(&self, class: &str) -> String {
        show::plain(&self.words.class(class), 80)
    }

    /// What came of it, in words.
    fn outcome(&self, outcome: Outcome) -> String {
        outcome.text().get(self.options.lang).to_string()
    }

    /// The attempts told on the page that a test takes.
    fn told(&self, takes: impl Fn(&Attempt) -> bool) -> Vec<Opens> {
        let all = self.gathered.attempts.iter().filter(|a| takes(a));
        all.map(|a| Opens { anchor: format!("a-{}", a.number), label: a.number.to_string() }).collect()
    }
}
