//! The ledger of attempts: every attempt the page tells, folded, in order of time, in groups that are the columns of the
//! picture over time.

use super::super::Attempt;
use super::{LEDGER, Page, Part, attempt, succeeded};
use crate::page::Place;
use maud::{Markup, html};

pub const PART: Part = Part {
    leaf: LEDGER,
    place: Place::Last,
    id: "attempts",
    title: ("The ledger of attempts", "Le registre des tentatives"),
    markup,
};

fn markup(page: &Page) -> Option<Markup> {
    let (told, all) = (&page.gathered.attempts, page.gathered.figures.total.attempts);
    if told.is_empty() {
        return None;
    }
    let columns = &page.gathered.figures.columns;
    let column = |a: &Attempt| a.detail.day.and_then(|d| columns.of(d));
    let month = |a: &Attempt| a.detail.day.map(|d| d.first_of_month());
    Some(html! {
        p {
            @if all > Page::count(told) {
                (page.sentence(
                    "Of {0}, the {1} most important are told here: first what possibly succeeded, then what made a site unavailable, then by severity. All of them stand in attempts.csv, and counted per day in ledger.csv, beside this page.",
                    "Sur {0}, les {1} plus importantes sont décrites ici : d’abord ce qui a peut-être réussi, puis ce qui a rendu un site indisponible, puis par gravité. Toutes figurent dans attempts.csv, et comptées par jour dans ledger.csv, à côté de cette page.",
                    &[html! { (page.attempts(all)) }, html! { (page.words.number(Page::count(told))) }],
                ))
            } @else {
                (page.say(
                    "Every attempt, in order of time. Open one to see its lines of evidence. The same stands in attempts.csv, and counted per day in ledger.csv, beside this page.",
                    "Toutes les tentatives, dans l’ordre du temps. Ouvrir l’une d’elles montre ses lignes. Les mêmes figurent dans attempts.csv, et comptées par jour dans ledger.csv, à côté de cette page.",
                ))
            }
        }
        div.ledger {
            @for group in told.chunk_by(|a, b| month(a) == month(b)) {
                details.month {
                    summary {
                        strong { @match month(&group[0]) { Some(m) => (page.words.month(m)), None => (page.say("Undated", "Sans date")) } }
                        " – " (page.attempts(Page::count(group)))
                    }
                    @for same in group.chunk_by(|a, b| column(a) == column(b)) {
                        @let start = column(&same[0]).map(|c| columns.starts[c]);
                        div id=[start.filter(|_| first_of(page, &same[0])).map(|s| format!("t-{s}"))] {
                            @for a in same { (entry(page, a)) }
                        }
                    }
                }
            }
        }
    })
}

/// Whether no attempt of the same column was told before this one: a week may lie in two months.
fn first_of(page: &Page, a: &Attempt) -> bool {
    let columns = &page.gathered.figures.columns;
    let column = |a: &Attempt| a.detail.day.and_then(|d| columns.of(d));
    page.gathered.attempts.iter().find(|b| column(b) == column(a)).is_some_and(|b| b.number == a.number)
}

fn entry(page: &Page, a: &Attempt) -> Markup {
    if succeeded::tells(page, a.number) {
        return html! { p.elsewhere.entry { span { (attempt::headline(page, a)) } " " a href=(format!("#a-{}", a.number)) { (page.say("told above", "décrite plus haut")) } } };
    }
    html! {
        details.entry id=(format!("a-{}", a.number)) {
            summary { (attempt::headline(page, a)) }
            (attempt::body(page, a))
        }
    }
}
