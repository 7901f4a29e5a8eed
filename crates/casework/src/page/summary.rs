//! The summary: full sentences made of figures, and nothing the figures do not say.

use super::{BRIEF, Page, Place, Section, Sentence, evidence_anchor};
use crate::show;
use maud::{Markup, html};
use model::Evidence;

/// The section, of the chapters' sentences and of what all rests on.
pub fn summary(page: &Page, mut sentences: Vec<Sentence>) -> Section {
    sentences.sort_by_key(|s| s.place);
    let anything = page.register.anything_read();
    let markup = html! { ul.summary {
        @if anything { @for sentence in &sentences { li { (sentence.markup) } } }
        @if let Some(sentence) = unread(page) { li { (sentence) } }
        @if anything { @if let Some(sentence) = not_understood(page) { li { (sentence) } } }
        li { (read(page)) }
        @if let Some(sentence) = super::sources::withheld(page) { li { (sentence) } }
    } };
    let title = ("In figures, and what they rest on", "En chiffres, et sur quoi ils reposent");
    Section { leaf: BRIEF, cover: false, place: Place::First, id: "summary", title, markup }
}

/// Lines that look like refusals and were not understood: what they tell is in no figure.
fn not_understood(page: &Page) -> Option<Markup> {
    let refusals: u64 = page.register.lines.iter().map(|(.., l)| l.refusals).sum();
    let lines = page.words.count(refusals, ("line", "ligne"), ("lines", "lignes"));
    (refusals > 0).then(|| {
        page.sentence(
            "{0} of logs that have a word of refusal and an address were not understood and are in no figure.",
            "{0} de journaux qui ont un mot de refus et une adresse n’ont pas été comprises et ne figurent dans aucun chiffre.",
            &[html! { a href="#lines" { (lines) } }],
        )
    })
}

/// Pieces of evidence named in a sentence; the register has all.
const NAMED: usize = 5;

/// Which evidence was not read at all, with the first reason of each.
fn unread(page: &Page) -> Option<Markup> {
    let unread: Vec<_> = page.register.unread().collect();
    if unread.is_empty() {
        return None;
    }
    let reason = |e: &Evidence| page.register.skips.iter().find(|(id, _)| *id == e.id).map(|(_, s)| &s.reason);
    let names = html! {
        @for (i, e) in unread.iter().take(NAMED).enumerate() {
            @if i > 0 { ", " }
            a href=(format!("#{}", evidence_anchor(e.id))) { (show::text(&e.path, 80)) }
            @if let Some(reason) = reason(e) { " (" (show::text(&page.words.text(&model::skip::words(reason)), 120)) ")" }
        }
        @if unread.len() > NAMED { ", …" }
    };
    let pieces =
        page.words.count(unread.len() as u64, ("piece of evidence", "pièce"), ("pieces of evidence", "pièces"));
    Some(page.sentence("Not read at all: {0}: {1}.", "Non lu du tout : {0} : {1}.", &[html! { (pieces) }, names]))
}

/// What was read, and what could not be.
fn read(page: &Page) -> Markup {
    let (register, words) = (page.register, page.words);
    let files = register.evidence.len() as u64;
    let size = register.evidence.iter().map(|e| e.size).sum();
    let skipped: u64 = register.skips.iter().map(|(_, s)| s.count).sum();
    let files = html! { a href="#evidence" { (words.count(files, ("piece of evidence", "pièce"), ("pieces of evidence", "pièces"))) } };
    let size = html! { (words.bytes(size)) };
    if skipped == 0 {
        return page.sentence(
            "All this rests on {0} ({1}), of which nothing had to be left out.",
            "Tout ceci repose sur {0} ({1}), dont rien n’a dû être écarté.",
            &[files, size],
        );
    }
    let skipped = html! { a href="#skipped" { (words.count(skipped, ("place", "endroit"), ("places", "endroits"))) } };
    page.sentence(
        "All this rests on {0} ({1}); {2} in it could not be read, each with its reason.",
        "Tout ceci repose sur {0} ({1}) ; {2} n’ont pu être lus, chacun avec son motif.",
        &[files, size, skipped],
    )
}
