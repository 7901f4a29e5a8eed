//! What a finding rests on, in short: reasons for and against, where it stands in the evidence, and the command that
//! shows the exact bytes. For findings whose lines would not speak for themselves ([`super::told`] prints lines).

use super::findings::{file_name, short};
use super::{Page, evidence_anchor};
use crate::detail::Detail;
use crate::show;
use maud::{Markup, html};
use model::Trace;

/// Reasons for and against, places in the evidence, and the command that shows the exact bytes.
pub fn grounds(page: &Page, d: &Detail) -> Markup {
    let f = &d.finding;
    html! {
        div id=[page.tell(f)] { (reasons(page, d)) }
        p.command {
            (page.say("Where it stands:", "Où cela se lit :")) " " (places(page, &d.finding.traces.iter().collect::<Vec<_>>())) " · "
            (page.say("The exact bytes:", "Les octets exacts :")) " " code { "vigie show DIR " (short(&f.id())) }
            @if !f.techniques.is_empty() { " · " (show::text(&f.techniques.join(", "), 120)) }
        }
    }
}

/// What speaks for it, then what speaks against it.
pub fn reasons(page: &Page, d: &Detail) -> Markup {
    let f = &d.finding;
    html! {
        @for (supports, name) in [
            (true, page.say("Why it is believed", "Ce qui l’appuie")),
            (false, page.say("What speaks against it", "Ce qui s’y oppose")),
        ] {
            @if f.reasons.iter().any(|r| r.supports == supports) {
                p.reasons { (name) }
                ul.reasons { @for r in f.reasons.iter().filter(|r| r.supports == supports) {
                    li { (page.words.prose(&r.text, 400)) }
                } }
            }
        }
    }
}

/// The first and last places of a finding's evidence, linked to the register.
pub fn places(page: &Page, traces: &[&Trace]) -> Markup {
    html! {
        @for (i, trace) in traces.iter().take(4).enumerate() {
            @let again = i > 0 && traces[i - 1].evidence == trace.evidence;
            @if i > 0 && !again { (page.say("; ", " ; ")) }
            @if let Some(e) = page.register.evidence.iter().find(|e| e.id == trace.evidence && !again) {
                a href=(format!("#{}", evidence_anchor(e.id))) { (show::text(file_name(&e.path), 80)) }
            }
            @for (j, span) in trace.spans.iter().take(6).enumerate() {
                @if j == 0 && !again { ", " (if trace.spans.len() == 1 { page.say("line", "ligne") } else { page.say("lines", "lignes") }) " " } @else { ", " }
                @if span.line > 0 { (page.words.number(span.line)) } @else { (span.start) "+" (span.len) }
            }
            @if trace.spans.len() > 6 { ", …" }
        }
    }
}
