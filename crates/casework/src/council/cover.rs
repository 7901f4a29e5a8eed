//! The council's page as the first of the brief: the same values, with the answers that chapters give to what a council asks
//! first. It fills one printed sheet and names nobody.

use super::{Council, MEASURES, Page, picture};
use crate::Brief;
use crate::page::{Answer, Asks, Marking, cover::question};
use crate::words::Words;
use maud::{Markup, html};
use rows::story::{State, Step};
use std::collections::HashMap;

impl Council {
    /// The first page.
    pub fn cover(&self, brief: &Brief, words: Words, answers: &[Answer]) -> Markup {
        let counter = words.0.of("counter.html", "contre.html");
        // What marks the page stands in the brief's head.
        let Ok(marking) = Marking::read(brief.context.config) else { return html! {} };
        Page { council: self, brief, marking, words, counter, said: &HashMap::new() }.cover(answers)
    }
}

impl Page<'_> {
    fn cover(&self, answers: &[Answer]) -> Markup {
        let alert = &self.council.alert;
        let what: Vec<&Answer> = answers.iter().filter(|a| a.asks == Asks::What).collect();
        html! {
            h1 { (self.headline()) }
            div.pair {
                dl.answers {
                    @if !what.is_empty() { (self.answered(&what)) }
                    div { dt { (self.words.pair(question(Asks::Since))) } dd {
                        (self.since()) " "
                        @for a in answers.iter().filter(|a| a.asks == Asks::Since) { (a.markup) " " }
                    } }
                    @for asks in [Asks::Where, Asks::Succeeded] {
                        @let list: Vec<&Answer> = answers.iter().filter(|a| a.asks == asks).collect();
                        @if !list.is_empty() { (self.answered(&list)) }
                    }
                    div { dt { (self.say("What may be printed?", "Que peut-on publier ?")) } dd { (self.printed()) } }
                }
                div {
                    section.alert aria-labelledby="alert-h" {
                        h2 id="alert-h" { (self.say("Alert level ", "Niveau d’alerte ")) (alert.level) (self.say(" of 5", " sur 5")) }
                        p.scale aria-hidden="true" { @for n in 1..=5 { span.on[n == alert.level] { (n) } } }
                        p { b { (self.say("Raised by: ", "Motif : ")) } (self.text(&alert.rule)) ". "
                            @if let Some(days) = alert.days_to_vote {
                                b { (self.say("Vote: ", "Vote : ")) } (self.words.count(days.unsigned_abs(), ("day left", "jour restant"), ("days left", "jours restants"))) "."
                            } }
                    }
                    section aria-labelledby="today-h" {
                        h2 id="today-h" { (self.say("What now?", "Que faire maintenant ?")) }
                        ol { @for measure in alert.measures.iter().take(MEASURES) {
                            li { (self.words.prose(&measure.what, 400)) }
                        } }
                    }
                }
            }
            section aria-labelledby="chain-h" {
                h2 id="chain-h" { (self.say("The chain: what is shown, and what is not", "La chaîne : ce qui est établi, et ce qui ne l’est pas")) }
                div.chain { (picture::chain(&self.council.chain, self.words, self.brief.zone, self.counter)) }
                (self.legend())
            }
            div.pair {
                section { (self.who()) }
                section aria-labelledby="holes-h" {
                    h2 id="holes-h" { (self.say("What we do not know", "Ce que nous ne savons pas")) }
                    ul { @for hole in self.holes() { li { (hole) } } }
                }
            }
        }
    }

    fn answered(&self, answers: &[&Answer]) -> Markup {
        html! { div {
            dt { (answers.first().map(|a| self.words.pair(question(a.asks))).unwrap_or_default()) }
            dd { @for a in answers { @if a.alarm { strong { (a.markup) } } @else { (a.markup) } " " } }
        } }
    }

    /// What an editor may print, and what not yet.
    fn printed(&self) -> Markup {
        let out = self.council.found(Step::Published).is_some();
        let doctored = self.council.chain.state(Step::DocumentsDoctored) == State::Found;
        html! {
            (self.say("What is shown here, with its figures. ", "Ce qui est établi ici, avec ses chiffres. "))
            b { (self.say("Not: ", "Pas : ")) }
            @if self.council.who.undetermined() { (self.say("who did it; ", "qui en est l’auteur ; ")) }
            @else { (self.say("as certain, who did it; ", "comme certain, qui en est l’auteur ; ")) }
            @if out && !doctored { (self.say("that the published papers are genuine, or false; ", "que les documents publiés sont authentiques, ou faux ; ")) }
            (self.say("the name of anybody who was attacked. Nobody accused here has been heard. ", "le nom de quiconque a été visé. Aucune personne mise en cause n’a été entendue. "))
            @if self.marking.parts().0 != "CLEAR" {
                (self.say("This page is marked TLP:", "Cette page est marquée TLP:")) (self.marking.parts().0)
                (self.say(": what may be printed is the edition that names nobody, once whoever marked it agrees: ", " : on publie l’édition qui ne nomme personne, avec l’accord de qui l’a marquée : "))
            } @else { (self.say("An edition that names nobody: ", "L’édition qui ne nomme personne : ")) }
            code { "vigie export DIR --to press" } "."
        }
    }
}
