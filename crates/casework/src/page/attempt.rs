//! One finding told in full: what is known of it, why it is believed, its lines of evidence, and the command that shows
//! the exact bytes.

use super::grounds::reasons;
use super::{Page, column};
use crate::gather::{self, Detail};
use crate::{Line, show};
use maud::{Markup, html};
use model::Outcome;

/// Characters of a line shown.
const LINE: usize = 600;
/// Of a line of an attempt that came to nothing.
const SHORT_LINE: usize = 220;

/// One line that tells an attempt from the others.
pub fn headline(page: &Page, a: &Detail) -> Markup {
    let outcome = a.outcome.unwrap_or(Outcome::NoEffect);
    html! {
        span.no { "№ " (a.number) }
        @if let Some(first) = a.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
        (page.country(a.word("country"))) " · " (page.class(a.word("class"))) " · "
        span.outcome.(outcome.as_str()) { (page.outcome(outcome)) } " · "
        (page.requests(a.number("requests").max(1)))
    }
}

/// All that is known.
pub fn body(page: &Page, d: &Detail) -> Markup {
    let f = &d.finding;
    let words = page.words;
    let fact = |name: String, value: Markup| html! { div { dt { (name) } dd { (value) } } };
    let field = |name: &str| Some(d.word(name)).filter(|w| *w != "-");
    let addresses: Vec<&str> =
        f.entities.iter().filter(|e| e.kind.ends_with("-addr")).map(|e| e.value.as_str()).collect();
    let accounts: Vec<&str> =
        f.entities.iter().filter(|e| e.kind == "user-account").map(|e| e.value.as_str()).collect();
    let names = |list: &[&str]| {
        html! { @for (i, name) in list.iter().take(8).enumerate() { @if i > 0 { ", " } code { (show::text(name, 80)) } } @if list.len() > 8 { ", …" } }
    };
    html! {
        p.title { (show::prose(f.title.get(page.options.lang), 400)) }
        dl.facts {
            @if let (Some(first), Some(last)) = (f.first, f.last) {
                (fact(page.say("From, to", "Du, au"), html! {
                    (words.moment(first, &page.zone)) " – " (words.moment(last, &page.zone))
                }))
            }
            @if let Some(purpose) = field("purpose") {
                (fact(page.say("Aimed at", "Visait"), html! {
                    (show::text(&words.purpose(purpose), 80))
                    @if let Some(site) = field("site") { ", " code { (show::text(site, 120)) } }
                }))
            }
            @if !addresses.is_empty() {
                (fact(page.say("Source", "Source"), html! {
                    (names(&addresses))
                    @if d.number("sources") > 1 {
                        " (" (words.count(d.number("sources"), ("address", "adresse"), ("addresses", "adresses"))) ")"
                    }
                    @if let Some(network) = field("network") { " · " (page.say("network", "réseau")) " " (show::text(network, 60)) }
                }))
            }
            @if !accounts.is_empty() { (fact(page.say("Accounts", "Comptes"), names(&accounts))) }
            @if let Some(shape) = field("shape") { (fact(page.say("Shape", "Forme"), html! { (show::text(&words.shape(shape), 60)) })) }
            @if !f.techniques.is_empty() {
                (fact(page.say("Technique", "Technique"), html! { (show::text(&f.techniques.join(", "), 120)) }))
            }
            (fact(page.say("Confidence", "Confiance"), html! { (f.confidence) " / 100" }))
        }
        (reasons(page, d))
        (lines(page, d))
        p.command { (page.say("The exact bytes:", "Les octets exacts :")) " " code { "vigie show DIR " (f.id()) } }
    }
}

/// The lines of evidence, as a table.
fn lines(page: &Page, d: &Detail) -> Markup {
    if d.lines.is_empty() {
        return html! { p.quiet { (page.say(
            "The lines of evidence are no longer available.",
            "Les lignes de la pièce ne sont plus disponibles.",
        )) } };
    }
    let important = d.outcome.is_none_or(|o| matches!(o, Outcome::PossiblySucceeded | Outcome::MadeUnavailable));
    let limit = if important { LINE } else { SHORT_LINE };
    let events = d.number("requests");
    let first = gather::lines_shown(d.outcome).0;
    html! {
        table.lines {
            caption {
                (page.say("Lines of evidence", "Lignes des pièces"))
                @if events > d.lines.len() as u64 {
                    " (" (page.words.number(d.lines.len() as u64)) " " (page.say("of", "sur")) " " (page.words.number(events)) ")"
                }
            }
            (page.head(&[column("Where", "Où"), column("What it says", "Ce qu'elle dit")]))
            tbody { @for (i, line) in d.lines.iter().enumerate() {
                @if i == first && events > d.lines.len() as u64 { tr.gap { td colspan="2" {
                    "… " (page.words.count(events - d.lines.len() as u64, ("more between", "autre entre les deux"), ("more between", "autres entre les deux"))) " …"
                } } }
                tr {
                    td { (place(page, line)) }
                    td { code dir="ltr" { (show::bytes(&line.text, limit)) } }
                }
            } }
        }
    }
}

fn place(page: &Page, line: &Line) -> Markup {
    let steps: Vec<String> = line.steps.iter().map(|s| s.label()).collect();
    html! {
        a href=(format!("#e-{}", line.evidence)) { (show::text(&line.path, 80)) }
        @if !steps.is_empty() { " (" (show::text(&steps.join(", "), 80)) ")" }
        @if line.number > 0 { ", " (page.say("line", "ligne")) "\u{a0}" (page.words.number(line.number)) }
        br;
        (page.say("bytes", "octets")) " " (line.start) "–" (line.end)
    }
}
