//! Outages: when a site was down or degraded, and what preceded it.

use super::super::Attempt;
use super::{FIGURES, Page, Part, attempt, cite};
use crate::detail::{Detail, LISTED};
use crate::page::{Place, column, numbers};
use crate::show;
use maud::{Markup, html};
use rows::outage::Outage;

pub const PART: Part =
    Part { leaf: FIGURES, place: Place::Body, id: "outages", title: ("Outages", "Indisponibilités"), markup };

fn markup(page: &Page) -> Option<Markup> {
    let (list, all) = (&page.gathered.outages, page.gathered.all_outages);
    if page.register.evidence.is_empty() && all == 0 {
        return None;
    }
    if all == 0 {
        return Some(
            html! { p { (page.say("No outage was found in the evidence.", "Aucune indisponibilité n’a été trouvée dans les pièces.")) } },
        );
    }
    let number = |n: u64| page.words.number(n);
    Some(html! {
        table.small {
            caption { (page.say("Outages and what preceded them", "Indisponibilités et ce qui les a précédées")) }
            (page.head(&[column("From, to", "Du, au"), numbers("Minutes", "Minutes"), column("Site", "Site"), column("How", "Comment"), column("Preceded by", "Précédée de")]))
            tbody { @for (row, o) in list { tr {
                th scope="row" { (span(page, o)) }
                td.num { (cite::outages(page, &number(row.minutes))) }
                td { (show::text(&row.site, 80)) }
                td { (page.say(&row.kind.text().en, &row.kind.text().fr)) }
                td { (preceded(page, row, o)) }
            } } }
        }
        @if all > list.len() as u64 { p { (page.sentence(
            "The {0} gravest of {1} are shown.", "Les {0} plus graves sur {1} sont montrées.",
            &[html! { (number(LISTED as u64)) }, html! { (number(all)) }],
        )) } }
        @for (_, o) in list {
            details { summary { (span(page, o)) " – " (page.say("evidence", "pièces")) } (attempt::outage(page, o)) }
        }
        p.quiet { (page.say(
            "What came before an outage is not thereby its cause.",
            "Ce qui a précédé une indisponibilité n’en est pas pour autant la cause.",
        )) }
    })
}

fn span(page: &Page, o: &Detail) -> Markup {
    html! {
        @if let (Some(first), Some(last)) = (o.finding.first, o.finding.last) {
            (page.words.moment(first, &page.zone)) " – "
            (last.in_zone(&page.zone).strftime(if o.day == Some(last.in_zone(&page.zone).date()) { "%H:%M" } else { "%Y-%m-%d\u{a0}%H:%M" }).to_string())
        } @else { (page.say("undated", "sans date")) }
    }
}

/// The attempts told on this page that came before, and the addresses of others.
fn preceded(page: &Page, row: &Outage, o: &Detail) -> Markup {
    let before = |a: &&Attempt| super::super::preceded(row, &o.finding, &a.row, &a.detail.finding);
    let attempts: Vec<&Attempt> = page.gathered.attempts.iter().filter(before).collect();
    let told = |address: &&String| {
        !attempts.iter().any(|a| a.detail.finding.entities.iter().any(|e| e.is_source() && e.value == **address))
    };
    let others: Vec<&String> = row.preceded_by.iter().filter(told).collect();
    if attempts.is_empty() && others.is_empty() {
        return html! { (page.say("no attempt", "aucune tentative")) };
    }
    let most = 12;
    html! {
        @for (i, a) in attempts.iter().take(most).enumerate() {
            @if i > 0 { ", " }
            a href=(format!("#a-{}", a.number)) { (page.say("attempt", "tentative")) " " (a.number) }
            " (" (page.country(a.row.country())) ", " (page.class(a.row.class())) ")"
        }
        @for (i, address) in others.iter().take(most).enumerate() {
            @if i > 0 || !attempts.is_empty() { ", " }
            code { (show::text(address, 60)) }
        }
        @if attempts.len() > most || others.len() > most { ", …" }
    }
}
