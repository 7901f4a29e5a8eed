//! Outages: when a site was down or degraded, and what preceded it.

use super::{Page, Part, attempt, cite};
use crate::detail::{Detail, LISTED};
use crate::page::{Place, column, numbers};
use crate::show;
use maud::{Markup, html};
use rows::outage::Outage;

pub const PART: Part = Part { place: Place::Body, id: "outages", title: ("Outages", "Indisponibilités"), markup };

fn markup(page: &Page) -> Option<Markup> {
    let (list, all) = (&page.gathered.outages, page.gathered.all_outages);
    if page.register.evidence.is_empty() && all == 0 {
        return None;
    }
    if all == 0 {
        return Some(
            html! { p { (page.say("No outage was found in the evidence.", "Aucune indisponibilité n'a été trouvée dans les pièces.")) } },
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
                td { (preceded(page, row)) }
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
            "Ce qui a précédé une indisponibilité n'en est pas pour autant la cause.",
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

fn preceded(page: &Page, row: &Outage) -> Markup {
    let list: Vec<&String> = row.preceded_by.iter().take(64).collect();
    if list.is_empty() {
        return html! { (page.say("no attempt", "aucune tentative")) };
    }
    html! { @for (i, key) in list.iter().take(12).enumerate() {
        @if i > 0 { ", " }
        @if let Some(a) = page.gathered.attempts.iter().find(|a| a.detail.finding.key == **key || a.detail.finding.id() == **key) {
            a href=(format!("#a-{}", a.number)) { (page.say("attempt", "tentative")) " " (a.number) }
            " (" (page.country(a.row.country())) ", " (page.class(a.row.class())) ")"
        } @else { code { (show::text(key, 60)) } }
    } @if list.len() > 12 { ", …" } }
}
