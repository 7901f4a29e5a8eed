//! Attempts by origin, by class with its techniques, and by outcome.

use super::super::ledger::Count;
use super::{FIGURES, Page, Part, cite};
use crate::chart;
use crate::page::Place;
use crate::show;
use maud::{Markup, html};
use model::Outcome;

pub const ORIGINS: Part =
    Part { leaf: FIGURES, place: Place::Body, id: "origins", title: ("Origins", "Origines"), markup: origins };
pub const CLASSES: Part = Part {
    leaf: FIGURES,
    place: Place::Body,
    id: "classes",
    title: ("What was attempted", "Ce qui a été tenté"),
    markup: classes,
};
pub const OUTCOMES: Part = Part {
    leaf: FIGURES,
    place: Place::Body,
    id: "outcomes",
    title: ("Outcomes", "Issue des tentatives"),
    markup: outcomes,
};

/// Rows shown at once; the rest folds away.
const OPEN: usize = 15;

fn origins(page: &Page) -> Option<Markup> {
    let rows = &page.gathered.figures.countries;
    if rows.is_empty() {
        return None;
    }
    let caption = page.say("Attempts by country of the source address", "Tentatives selon le pays de l’adresse source");
    let source = page.options.origin_source.get(page.options.lang);
    Some(html! {
        (table(page, &caption, &page.say("Country", "Pays"), None, rows, &|code, n| {
            let label = html! { (page.country(code)) @if code.len() == 2 { " " span.quiet { (show::text(code, 2)) } } };
            (label, html! {}, cite::country(page, code, n))
        }))
        p.quiet {
            (page.say("Country by: ", "Pays selon : ")) (show::text(source, 300)) ". "
            (page.say(
                "An address says where a machine is registered; machines are rented, shared and taken over across borders.",
                "Une adresse dit où une machine est enregistrée ; les machines se louent, se partagent et se détournent par-delà les frontières.",
            ))
        }
    })
}

fn classes(page: &Page) -> Option<Markup> {
    let rows = &page.gathered.figures.classes;
    if rows.is_empty() {
        return None;
    }
    let caption = page.say("Attempts by class", "Tentatives par classe");
    let techniques = page.say("Techniques (MITRE ATT&CK)", "Techniques (MITRE ATT&CK)");
    let aims = page.say("Attempts by what they aimed at", "Tentatives selon ce qu’elles visaient");
    Some(html! {
        (table(page, &caption, &page.say("Class", "Classe"), Some(&techniques), rows, &|class, n| {
            let known = page.gathered.techniques.get(class);
            let ids: Vec<&str> = known.into_iter().flatten().map(String::as_str).collect();
            (html! { (page.class(class)) }, html! { (show::text(&ids.join(", "), 160)) }, cite::class(page, class, n))
        }))
        (table(page, &aims, &page.say("Aim", "Cible"), None, &page.gathered.figures.purposes, &|purpose, n| {
            (html! { (show::text(&page.words.purpose(purpose), 80)) }, html! {}, cite::purpose(page, purpose, n))
        }))
    })
}

fn outcomes(page: &Page) -> Option<Markup> {
    if page.gathered.figures.outcomes.is_empty() {
        return None;
    }
    let mut rows = page.gathered.figures.outcomes.clone();
    let of = |word: &str| Outcome::ALL.into_iter().find(|o| o.as_str() == word).unwrap_or(Outcome::NoEffect);
    rows.sort_by_key(|r| std::cmp::Reverse(of(&r.0)));
    let caption = page.say("Attempts by what came of them", "Tentatives selon leur issue");
    Some(table(page, &caption, &page.say("Outcome", "Issue"), None, &rows, &|word, n| {
        let outcome = of(word);
        (
            html! { span.outcome.(outcome.as_str()) { (page.outcome(outcome)) } },
            html! {},
            cite::outcome(page, outcome, n),
        )
    }))
}

/// A row's label, its middle column, and its figure with the link.
type Row<'a> = &'a dyn Fn(&str, &str) -> (Markup, Markup, Markup);

/// A table of counts with bars; the sum stands at its foot.
fn table(page: &Page, caption: &str, name: &str, middle: Option<&str>, rows: &[(String, Count)], row: Row) -> Markup {
    let all: u64 = rows.iter().map(|r| r.1.attempts).sum();
    let requests: u64 = rows.iter().fold(0, |sum, r| sum.saturating_add(r.1.requests));
    let most = rows.iter().map(|r| r.1.attempts).max().unwrap_or(0);
    let (open, folded) = rows.split_at(if rows.len() <= OPEN + 4 { rows.len() } else { OPEN });
    let head = html! { thead { tr {
        th scope="col" { (name) }
        @if let Some(middle) = middle { th scope="col" { (middle) } }
        th.num scope="col" { (page.say("Attempts", "Tentatives")) }
        th.num scope="col" { (page.say("Share", "Part")) }
        td.bars {}
        th.num scope="col" { (cite::requests(page, &page.say("Requests", "Requêtes"))) }
    } } };
    let lines = |rows: &[(String, Count)]| {
        html! { @for (word, count) in rows { tr {
            @let (label, between, figure) = row(word, &page.words.number(count.attempts));
            th scope="row" { (label) }
            @if middle.is_some() { td { (between) } }
            td.num { (figure) }
            td.num { (page.words.percent(count.attempts, all)) }
            td.bars { (chart::bar(count.attempts, most)) }
            td.num { (page.words.number(count.requests)) }
        } } }
    };
    let foot = html! { tfoot { tr {
        th scope="row" { (page.say("All", "Toutes")) }
        @if middle.is_some() { td {} }
        td.num { (cite::all(page, &page.words.number(all))) }
        td.num { (page.words.percent(all, all)) }
        td.bars {}
        td.num { (cite::requests(page, &page.words.number(requests))) }
    } } };
    html! {
        table.counts {
            caption { (caption) }
            (head)
            tbody { (lines(open)) }
            @if folded.is_empty() { (foot) }
        }
        @if !folded.is_empty() {
            details.data {
                summary { (page.words.count(folded.len() as u64, ("more row", "ligne de plus"), ("more rows", "lignes de plus"))) }
                table.counts {
                    caption { (caption) " (" (page.say("continued", "suite")) ")" }
                    (head)
                    tbody { (lines(folded)) }
                    (foot)
                }
            }
        }
    }
}
