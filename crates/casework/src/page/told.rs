//! One finding told in full: what is known of it, why it is believed, its lines of evidence or their places, and the
//! command that shows the exact bytes.

use super::findings::{file_name, short};
use super::grounds::{places, reasons};
use super::{Page, evidence_anchor};
use crate::detail::Detail;
use crate::{Line, show};
use maud::{Markup, html};
use model::{EntityKind, Role};

/// Characters of a line shown.
pub const LINE: usize = 600;

/// All that is known: `facts` as [`fact`] makes them, and of how many `events` the lines are some (0: of as many).
pub fn body(page: &Page, d: &Detail, facts: &Markup, events: u64) -> Markup {
    body_within(page, d, facts, events, LINE)
}

/// The same, with so many characters of a line.
pub fn body_within(page: &Page, d: &Detail, facts: &Markup, events: u64, limit: usize) -> Markup {
    html! {
        p.title id=[page.tell(&d.finding)] { (page.words.prose(&d.finding.title, 400)) }
        dl.facts { (facts) }
        (reasons(page, d))
        (lines(page, d, events, limit))
        p.command { (page.say("The exact bytes:", "Les octets exacts :")) " " code { "vigie show DIR " (short(&d.finding.id())) } }
    }
}

/// What is known of a finding of any kind.
pub fn facts(page: &Page, d: &Detail) -> Markup {
    html! {
        (moments(page, d))
        (source(page, d, &html! {}))
        (others(page, d))
        (accounts(page, d))
        (technique(page, d))
        (confidence(page, d))
    }
}

/// A fact: its name and what it is.
pub fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// When it began and ended.
pub fn moments(page: &Page, d: &Detail) -> Markup {
    let (Some(first), Some(last)) = (d.finding.first, d.finding.last) else { return html! {} };
    let moment = |t| page.words.moment(t, &page.zone);
    let (from, to) = (first.in_zone(&page.zone), last.in_zone(&page.zone));
    let end = if from.date() == to.date() { to.strftime("%H:%M").to_string() } else { moment(last) };
    fact(
        &page.say("When", "Quand"),
        &html! {
            span.at { (moment(first)) } @if first != last { " – " span.at { (end) } }
        },
    )
}

/// The addresses it came from, and what more is known of them.
pub fn source(page: &Page, d: &Detail, more: &Markup) -> Markup {
    let addresses = addresses(d, Role::Source);
    if addresses.is_empty() {
        return html! {};
    }
    fact(&page.say("Source", "Source"), &html! { (names(&addresses)) (more) })
}

/// The addresses that take another part.
fn others(page: &Page, d: &Detail) -> Markup {
    let parts = [
        (Role::Sender, page.say("Sent from", "Envoyé depuis")),
        (Role::Infrastructure, page.say("Hosted at", "Hébergé sur")),
        (Role::Victim, page.say("Met by", "Rencontré par")),
    ];
    html! { @for (role, label) in parts {
        @let addresses = addresses(d, role);
        @if !addresses.is_empty() { (fact(&label, &names(&addresses))) }
    } }
}

fn addresses(d: &Detail, role: Role) -> Vec<&str> {
    let part = d.finding.entities.iter().filter(|e| e.kind.is_address() && e.role == role);
    part.map(|e| e.value.as_str()).collect()
}

/// The accounts that take part.
pub fn accounts(page: &Page, d: &Detail) -> Markup {
    let accounts: Vec<&str> =
        d.finding.entities.iter().filter(|e| e.kind == EntityKind::UserAccount).map(|e| e.value.as_str()).collect();
    if accounts.is_empty() {
        return html! {};
    }
    fact(&page.say("Accounts", "Comptes"), &names(&accounts))
}

/// The techniques' ids.
pub fn technique(page: &Page, d: &Detail) -> Markup {
    if d.finding.techniques.is_empty() {
        return html! {};
    }
    fact(&page.say("Technique", "Technique"), &show::text(&d.finding.techniques.join(", "), 120))
}

/// How sure.
pub fn confidence(page: &Page, d: &Detail) -> Markup {
    fact(&page.say("Confidence", "Confiance"), &html! { (d.finding.confidence) " / 100" })
}

fn names(list: &[&str]) -> Markup {
    html! {
        @for (i, name) in list.iter().take(8).enumerate() { @if i > 0 { ", " } code { (show::text(name, 80)) } }
        @if list.len() > 8 { ", …" }
    }
}

/// The lines of evidence, as a list; of evidence whose lines are not printed, the places.
fn lines(page: &Page, d: &Detail, events: u64, limit: usize) -> Markup {
    let silent: Vec<_> = d.finding.traces.iter().filter(|t| !page.register.prints(t)).collect();
    let printed = silent.len() < d.finding.traces.len();
    html! {
        @if !d.lines.is_empty() { (table(page, d, events, limit)) }
        @else if printed || d.finding.traces.is_empty() { p.quiet { (page.say(
            "The lines of evidence are no longer available.",
            "Les lignes de la pièce ne sont plus disponibles.",
        )) } }
        @if !silent.is_empty() { p.command {
            (page.say("Where it stands:", "Où cela se lit :")) " " (places(page, &silent))
        } }
    }
}

fn table(page: &Page, d: &Detail, events: u64, limit: usize) -> Markup {
    let more = events.saturating_sub(d.lines.len() as u64);
    html! {
        p.reasons {
            (page.say("Lines of evidence", "Lignes des pièces"))
            @if more > 0 {
                " (" (page.words.number(d.lines.len() as u64)) " " (page.say("of", "sur")) " " (page.words.number(events)) ")"
            }
        }
        ul.lines { @for (i, line) in d.lines.iter().enumerate() {
            @if i == d.ends.0 && more > 0 { li.gap {
                "… " (page.words.count(more, ("more between", "autre entre les deux"), ("more between", "autres entre les deux"))) " …"
            } }
            li { (place(page, line)) " " code dir="ltr" { (show::bytes(&line.text, limit)) } }
        } }
    }
}

fn place(page: &Page, line: &Line) -> Markup {
    let steps: Vec<String> = line.steps.iter().map(|s| s.label()).collect();
    html! {
        a href=(format!("#{}", evidence_anchor(line.evidence))) {
            (show::text(file_name(&line.path), 80))
            @if !steps.is_empty() { " (" (show::text(&steps.join(", "), 80)) ")" }
            @if line.number > 0 { ", " (page.say("line", "ligne")) "\u{a0}" (page.words.number(line.number)) }
            @else { ", " (page.say("bytes", "octets")) "\u{a0}" (line.start) "–" (line.end) }
        }
    }
}
