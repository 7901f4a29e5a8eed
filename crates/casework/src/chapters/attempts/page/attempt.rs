//! One attempt, or outage, told in full.

use super::super::{Attempt, matters};
use super::Page;
use crate::detail::Detail;
use crate::page::told::{self, fact};
use crate::show;
use maud::{Markup, html};

/// Characters of a line of an attempt that came to nothing.
const SHORT_LINE: usize = 220;

/// One line that tells an attempt from the others.
pub fn headline(page: &Page, a: &Attempt) -> Markup {
    let (d, row) = (&a.detail, &a.row);
    html! {
        span.no { "№ " (a.number) } " "
        @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
        (page.country(row.country())) " · " (page.class(row.class())) " · "
        span.outcome.(row.outcome.as_str()) { (page.outcome(row.outcome)) } " · "
        @if row.attempts() > 1 { (page.attempts(row.attempts())) ", " }
        (page.requests(row.requests.max(1)))
    }
}

/// All that is known of an attempt.
pub fn body(page: &Page, a: &Attempt) -> Markup {
    let limit = if matters(a.row.outcome) { told::LINE } else { SHORT_LINE };
    told::body_within(page, &a.detail, &facts(page, a), a.row.requests, limit)
}

/// All that is known of an outage.
pub fn outage(page: &Page, d: &Detail) -> Markup {
    told::body(page, d, &told::facts(page, d), 0)
}

fn facts(page: &Page, a: &Attempt) -> Markup {
    let (words, d, row) = (page.words, &a.detail, &a.row);
    let known = |text: &str| !matches!(text, "" | "-");
    let more = html! {
        @if let Some(n) = row.sources.filter(|&n| n > 1) {
            " (" (words.count(n, ("address", "adresse"), ("addresses", "adresses"))) ")"
        }
        @if let Some(network) = row.network.as_deref().filter(|n| known(n)) {
            " · " (page.say("network", "réseau")) " " (show::text(network, 60))
        }
    };
    html! {
        (told::moments(page, d))
        (fact(&page.say("Aimed at", "Visait"), &html! {
            (show::text(&words.purpose(row.purpose.as_str()), 80))
            @if known(&row.site) { ", " code { (show::text(&row.site, 120)) } }
        }))
        (told::source(page, d, &more))
        (told::accounts(page, d))
        @if let Some(shape) = row.shape {
            (fact(&page.say("Shape", "Forme"), &show::text(&words.shape(shape.as_str()), 60)))
        }
        (told::technique(page, d))
        (told::confidence(page, d))
    }
}
