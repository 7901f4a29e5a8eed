//! One attempt, or outage, told in full.

use super::super::{Attempt, country, matters};
use super::Page;
use crate::detail::Detail;
use crate::page::told::{self, fact};
use crate::show;
use maud::{Markup, html};

/// Characters of a line of an attempt that came to nothing.
const SHORT_LINE: usize = 220;

/// One line that tells an attempt from the others.
pub fn headline(page: &Page, a: &Attempt) -> Markup {
    let (d, outcome) = (&a.detail, a.outcome);
    html! {
        span.no { "№ " (a.number) }
        @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
        (page.country(country(&d.finding))) " · " (page.class(d.word("class"))) " · "
        span.outcome.(outcome.as_str()) { (page.outcome(outcome)) } " · "
        (page.requests(d.number("requests").max(1)))
    }
}

/// All that is known of an attempt.
pub fn body(page: &Page, a: &Attempt) -> Markup {
    let limit = if matters(a.outcome) { told::LINE } else { SHORT_LINE };
    told::body_within(page, &a.detail, &facts(page, &a.detail), a.detail.number("requests"), limit)
}

/// All that is known of an outage.
pub fn outage(page: &Page, d: &Detail) -> Markup {
    told::body(page, d, &facts(page, d), d.number("requests"))
}

fn facts(page: &Page, d: &Detail) -> Markup {
    let field = |name: &str| Some(d.word(name)).filter(|w| *w != "-");
    let words = page.words;
    let more = html! {
        @if d.number("sources") > 1 {
            " (" (words.count(d.number("sources"), ("address", "adresse"), ("addresses", "adresses"))) ")"
        }
        @if let Some(network) = field("network") { " · " (page.say("network", "réseau")) " " (show::text(network, 60)) }
    };
    html! {
        (told::moments(page, d))
        @if let Some(purpose) = field("purpose") {
            (fact(&page.say("Aimed at", "Visait"), &html! {
                (show::text(&words.purpose(purpose), 80))
                @if let Some(site) = field("site") { ", " code { (show::text(site, 120)) } }
            }))
        }
        (told::source(page, d, &more))
        (told::accounts(page, d))
        @if let Some(shape) = field("shape") {
            (fact(&page.say("Shape", "Forme"), &show::text(&words.shape(shape), 60)))
        }
        (told::technique(page, d))
        (told::confidence(page, d))
    }
}
