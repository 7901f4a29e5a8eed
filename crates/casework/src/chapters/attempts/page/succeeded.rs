//! What possibly succeeded: told in full, open, before everything else.

use super::{FIGURES, Page, Part, attempt};
use crate::page::Place;
use maud::{Markup, html};
use model::Outcome;

/// Told here; the rest stands in the ledger of attempts.
const SHOWN: usize = 50;
/// Of these, told open; the others unfold.
const OPEN: usize = 10;

pub const PART: Part = Part {
    leaf: FIGURES,
    place: Place::First,
    id: "succeeded",
    title: ("What possibly succeeded", "Ce qui a peut-être réussi"),
    markup,
};

fn markup(page: &Page) -> Option<Markup> {
    let all = page.gathered.figures.outcome(Outcome::PossiblySucceeded);
    if page.gathered.figures.total.attempts == 0 {
        return None;
    }
    if all == 0 {
        return Some(html! { p { (page.say(
            "Nothing. An attempt counts as possibly successful when the answer differs from what this site usually answers, when a login is accepted after failures, or when a web shell answers; no attempt did so.",
            "Rien. Une tentative compte comme peut-être réussie quand la réponse diffère de ce que le site répond d’ordinaire, quand une connexion est acceptée après des échecs, ou quand une porte dérobée répond ; ce ne fut le cas d’aucune.",
        )) } });
    }
    let shown = || page.gathered.attempts.iter().filter(|a| a.row.outcome == Outcome::PossiblySucceeded);
    Some(html! {
        p { (page.say(
            "Possibly: the answer differs from what is usual here, or a login was accepted after failures. Only the machine itself can say whether it was entered.",
            "Peut-être : la réponse diffère de ce qui est habituel ici, ou une connexion a été acceptée après des échecs. Seule la machine elle-même peut dire si l’on y est entré.",
        )) }
        @for a in shown().take(OPEN) {
            article.alarm id=(format!("a-{}", a.number)) {
                h3 { (attempt::headline(page, a)) }
                (attempt::body(page, a))
            }
        }
        @for a in shown().take(SHOWN).skip(OPEN) {
            details.alarm id=(format!("a-{}", a.number)) {
                summary { (attempt::headline(page, a)) }
                (attempt::body(page, a))
            }
        }
        @let told = shown().take(SHOWN).map(|a| a.row.attempts()).sum::<u64>();
        @if all > told { p {
            (page.sentence(
                "These are the first {0} in time of {1}; the others stand in the ledger of attempts and in attempts.csv.",
                "Ce sont les {0} premières dans le temps, sur {1} ; les autres figurent au registre des tentatives et dans attempts.csv.",
                &[html! { (page.words.number(told)) }, html! { (page.words.number(all)) }],
            ))
        } }
    })
}

/// Whether an attempt is told in this chapter.
pub fn tells(page: &Page, number: usize) -> bool {
    let mut shown = page.gathered.attempts.iter().filter(|a| a.row.outcome == Outcome::PossiblySucceeded).take(SHOWN);
    shown.any(|a| a.number == number)
}
