//! A page for each document that shows safely what it says: as text, never as what it would do, with what exposes persons masked;
//! what differs from an original is marked.
//!
//! You may rely on: a page names no other server and has no script; pages are written one by one, so that memory does not grow with
//! the leak; each is called by its hash. Left out: pictures, and what was not read.

use crate::Write;
use crate::export::{Order, each};
use maud::{DOCTYPE, html};
use model::{EvidenceId, Result, Step, View};
use rows::Row;
use rows::documents::{Authenticity, Wording, place};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Passages of one document that are shown, and characters of one.
const PASSAGES: usize = 5_000;
const LONGEST: usize = 20_000;

/// Writes the pages, and one that lists them.
pub fn pages(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut all: BTreeMap<(EvidenceId, Vec<Step>), Authenticity> = BTreeMap::new();
    each(view, order.least, &mut |finding| {
        if &*finding.detector == Authenticity::NAME
            && (order.only.is_empty() || order.only.contains(&finding.id()))
            && let (Ok(row), Some(trace)) = (Authenticity::of(&finding.fields), finding.traces.first())
        {
            all.insert((trace.evidence, trace.steps.clone()), row);
        }
        Ok(())
    })?;
    let mut list: Vec<(u8, String, String, &'static str)> = Vec::new();
    let mut number = 0u64;
    view.observations(Wording::NAME, &mut |visit| {
        let Some(row) = all.get(&(visit.evidence, visit.steps.clone())) else { return Ok(ControlFlow::Continue(())) };
        let wording = Wording::of(&visit.observation.fields)?;
        number += 1;
        let name = format!("{number:06}-{:.16}.html", row.sha256);
        write(&name, page(row, &wording, order).as_bytes())?;
        list.push((row.rank, row.document.clone(), name, row.class.as_str()));
        Ok(ControlFlow::Continue(()))
    })?;
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let say = |en: &'static str, fr: &'static str| order.lang.of(en, fr);
    let index = html! {
        (DOCTYPE)
        html lang=(say("en", "fr")) {
            head { meta charset="utf-8"; meta http-equiv="Content-Security-Policy" content=(POLICY); title { (say("Documents as text", "Documents en texte")) } style { (STYLE) } }
            body {
                h1 { (say("Documents as text", "Documents en texte")) }
                p { (list.len()) " " (say("documents; what exposes persons is masked.", "documents\u{202f}; ce qui expose des personnes est masqué."))
                    @if view.withheld() > 0 { " " (view.withheld()) " " (say("things are kept back by an editor.", "éléments sont exclus par un rédacteur.")) } }
                table { tbody { @for (rank, document, name, class) in &list { tr {
                    td { (rank) } td { (class) } td { a href=(name) { (crate::show::text(document, 200)) } }
                } } } }
            }
        }
    };
    write("index.html", index.into_string().as_bytes())
}

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE: &str = "body{max-width:50rem;margin:2rem auto;font:16px/1.5 serif;padding:0 1rem}small{color:#555}ins{background:#dfd}del{background:#fdd}pre,p{white-space:pre-wrap;overflow-wrap:anywhere}";

fn page(row: &Authenticity, wording: &Wording, order: &Order) -> String {
    let say = |en: &'static str, fr: &'static str| order.lang.of(en, fr);
    let masked = |text: &str| crate::show::text(&(order.mask)(text), LONGEST);
    let word = row.class.text();
    html! {
        (DOCTYPE)
        html lang=(say("en", "fr")) {
            head { meta charset="utf-8"; meta http-equiv="Content-Security-Policy" content=(POLICY); title { (crate::show::text(&row.document, 200)) } style { (STYLE) } }
            body {
                h1 { (crate::show::text(&row.document, 200)) }
                p { (word.get(order.lang)) " (" (row.rank) "/100)"
                    @if !row.original.is_empty() { ". " (say("Original: ", "Original\u{a0}: ")) (crate::show::text(&row.original, 200)) } br;
                    small { "SHA-256 " (row.sha256) } }
                p { small { (say(
                    "Shown as text; nothing of it was run or fetched. What exposes persons is masked.",
                    "Montré en texte\u{202f}; rien n’en a été exécuté ni téléchargé. Ce qui expose des personnes est masqué.",
                )) } }
                @if !row.alterations.is_empty() {
                    h2 { (say("What differs from the original", "Ce qui diffère de l’original")) " (" (row.alterations_count) ")" }
                    @for a in &row.alterations { p { small { (crate::show::text(place(&a.at).get(order.lang), 60)) } " "
                        @if let Some(what) = &a.what { (what.text().get(order.lang)) }
                        @if !a.before.is_empty() { del { (masked(&a.before)) } " " }
                        @if !a.after.is_empty() { ins { (masked(&a.after)) } } } }
                }
                h2 { (say("What it says", "Ce qu’il dit")) }
                @if !wording.readable { p { em { (say("Its text could not be read.", "Son texte n’a pu être lu.")) } } }
                @for p in wording.passages.iter().take(PASSAGES) {
                    p { @if p.place != "body" { small { (place(&p.place).get(order.lang)) " " (crate::show::text(&p.at, 60)) (say(": ", "\u{202f}: ")) } }
                        (masked(&p.text))
                        @if !p.formula.is_empty() { " " small { "=" (masked(&p.formula)) } } }
                }
                @if wording.passages.len() > PASSAGES { p { em { (wording.passages.len() - PASSAGES) " " (say("more passages are not shown.", "autres passages ne sont pas montrés.")) } } }
                @if wording.cut { p { em { (say("There is more than was kept of it.", "Il y en a davantage que ce qui en a été gardé.")) } } }
            }
        }
    }
    .into_string()
}
