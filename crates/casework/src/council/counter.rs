//! The counter-brief: what each step rests on and the strongest innocent reading of it, then of the whole, by the same
//! engine; and what joins the findings, so that it can be checked.

use super::Page;
use crate::page::findings::{short, way};
use crate::show;
use maud::{Markup, html};
use model::Lang;
use rows::story::State;

/// Findings listed of a step, and links.
pub const LISTED: usize = 30;

/// The page.
pub fn html(page: &Page) -> Markup {
    let council = page.council;
    let story = &council.story;
    let lang = page.words.0;
    let coincidence = council.who.row("coincidence");
    let other = lang.of("contre.html", "counter.html");
    let back = lang.of("council.html", "conseil.html");
    let body = html! {
        h1 { (page.say("The strongest innocent reading", "La lecture innocente la plus forte")) }
        p { a href=(back) { (page.say("Back to the council’s page", "Retour à la page du conseil")) } }
        section {
            h2 { (page.say("Of the whole", "De l’ensemble")) }
            @if let Some(row) = coincidence {
                p { (page.say("No one story, but separate acts: ", "Pas une seule histoire, mais des actes séparés : "))
                    b { (page.likely(row.probability)) " (" (page.range(row.probability)) ")" } "." }
                ul { @for e in &row.evidence { li { (page.text(&e.what)) " (" (page.range_of(e.believed)) (page.say("; ", " ; ")) (page.text(&e.basis)) ")" } } }
            }
            @if !council.who.sensitivity.is_empty() {
                h3 { (page.say("If a piece is false, or left out", "Si une pièce est fausse, ou écartée")) }
                ul { @for told in &council.who.sensitivity { li { (page.text(told)) } } }
            }
        }
        @if !story.context().is_empty() {
            section id="context" {
                h2 { (page.say("Context, which weighs nothing", "Contexte, qui ne pèse rien")) }
                p { (page.say(
                    "Loans, visits, statements, as the case says. Whoever has a motive need not have acted; no hypothesis is likelier for it.",
                    "Prêts, visites, déclarations, d’après le dossier. Avoir un mobile n’est pas avoir agi ; aucune hypothèse n’en devient plus probable.",
                )) }
                ul { @for motive in story.context().iter().take(LISTED) { li { (show::text(&motive.line(), 600)) } } }
                @if story.context().len() > LISTED { p.small { (page.say("All of them stand in case.toml.", "Tous figurent dans case.toml.")) } }
            }
        }
        @for step in &council.chain.steps {
            section id=(step.step.as_str()) {
                h2 { (page.text(&step.step.text())) (page.say(": ", " : ")) (page.text(&step.state.text())) }
                @if let Some(why) = &step.why { p { (page.text(why)) "." } }
                p { b { (page.say("Innocent reading: ", "Lecture innocente : ")) } (page.text(&story.known().of(step.step).innocent())) }
                @if step.state == State::Missing || step.state == State::Exhausted {
                    p { (page.say("What would fill the hole: ", "Ce qui comblerait le vide : "))
                        (step.look.as_ref().map(|t| page.text(t)).unwrap_or_default()) " ("
                        (page.say("usually kept: ", "conservation habituelle : ")) (step.kept.as_ref().map(|t| page.text(t)).unwrap_or_default()) ")." }
                }
                ul { @for id in step.findings.iter().take(LISTED) {
                    @if let Some(item) = story.items.iter().find(|i| i.id == *id) {
                        li id=(format!("{}-{}", step.step, id)) {
                            a href=(way(&short(id))) { code { (short(id)) } } " " (item.detector) ", " (page.text(&item.severity.text())) ", "
                            (page.say("confidence ", "confiance ")) (item.confidence) "/100"
                            @if let Some(first) = item.first { ", " (page.words.moment(first, page.brief.zone)) }
                            ". " (page.say("Against it: ", "Contre : "))
                            (page.said.get(id).and_then(|s| s.against.as_ref()).map_or_else(|| page.say("nothing was noted", "rien n’a été relevé"), |t| page.text(t))) "."
                        }
                    }
                } }
            }
        }
        section id="links" {
            h2 { (page.say("What joins them", "Ce qui les relie")) }
            p { (page.say(
                "Each shared value is weighed by how rare it is (bits, after Fellegi and Sunter); shuffled identities say how often chance does the same.",
                "Chaque valeur partagée est pesée par sa rareté (bits, d’après Fellegi et Sunter) ; des identités mélangées disent combien de fois le hasard en fait autant.",
            )) }
            p { (page.say(
                &format!("{} links; {} false ones in {} shuffles: at most {} of these are false; {} shuffles made an incident of three steps.", story.null.links, story.null.false_links, story.null.shuffles, story.null.at_most(Lang::En), story.null.false_incidents),
                &format!("{} liens ; {} faux en {} mélanges : au plus {} de ceux-ci sont faux ; {} mélanges ont formé un incident de trois étapes.", story.null.links, story.null.false_links, story.null.shuffles, story.null.at_most(Lang::Fr), story.null.false_incidents),
            )) }
            ul { @for link in strongest(page) {
                li {
                    (page.words.decimal(link.bits, 1)) (page.say(" bits: ", " bits : ")) (ids(story, link.ends)) " "
                    @for s in link.shared.iter().take(2) { (page.text(&s.cause.text())) " (" (page.words.decimal(s.bits, 1)) (page.say("; ", " ; ")) (s.ordinary) "/" (s.of) ") " }
                }
            } }
        }
        p.small { code { "vigie show DIR ID" } " " (page.say("prints the bytes behind a finding.", "affiche les octets derrière un constat.")) }
    };
    page.frame(&page.say("Counter-brief", "Contre-note"), other, body)
}

/// Two findings, each a way to where it is told.
fn ids(story: &crate::story::Story, (a, b): (usize, usize)) -> Markup {
    let one = |n: usize| short(&story.items[n].id);
    html! { a href=(way(&one(a))) { code { (one(a)) } } " – " a href=(way(&one(b))) { code { (one(b)) } } }
}

/// The strongest links of the gravest incident, of each pair of steps first.
fn strongest<'p>(page: &'p Page) -> Vec<&'p crate::story::Link> {
    let story = &page.council.story;
    let Some(incident) = story.gravest() else { return Vec::new() };
    let inside: std::collections::BTreeSet<usize> = incident.items.iter().copied().collect();
    let all: Vec<_> = story.links.iter().filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1)).collect();
    let mut seen = std::collections::BTreeSet::new();
    let (mut first, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|l| seen.insert(l.pair));
    first.extend(rest);
    first.truncate(LISTED);
    first
}

impl Page<'_> {
    /// Likelihood ratios as they are written.
    fn range_of(&self, [low, high]: [f64; 2]) -> String {
        let number = |x: f64| if x >= 1.0 { self.words.decimal(x, 0) } else { self.words.decimal(x, 3) };
        format!("{}–{}", number(low), number(high))
    }
}
