//! The council's page: one sheet of A4 that somebody who was not there reads in two minutes: what happened, since when, is it
//! one story, how grave, what to do now, who perhaps, and what nobody knows. And the counter-brief, one link away: the
//! strongest innocent reading of every step and of the whole.
//!
//! You may rely on: both languages are written, whatever the brief's; no person, address, technique or country stands here;
//! every figure leads to the findings it rests on; what is said of *one story* and of *coincidence* is one number. A test
//! holds each language to its budget of words. Left out: scripts, requests.

mod counter;
mod cover;
mod picture;

use crate::page::Marking;
use crate::story::chain::criteria;
use crate::story::who::{Who, label, percents, tiers, words as icd};
use crate::story::{Alert, Chain, Story, Wording, wording};
use crate::words::Words;
use crate::{Brief, Write, page, show};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::{Lang, Result, Text, Time};
use rows::story::{ChainStep, State, Step};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What the pages are made of.
pub struct Council {
    /// The case put together.
    pub story: Story,
    /// Its gravest incident.
    pub chain: Chain,
    /// Who.
    pub who: Who,
    /// How grave.
    pub alert: Alert,
}

/// Measures on the sheet; the counter-brief has all.
const MEASURES: usize = 5;
/// Hypotheses on the sheet.
const ROWS: usize = 6;

impl Council {
    /// Of a brief's case.
    pub fn of(brief: &Brief) -> Result<Council> {
        let story = Story::of(brief.view, brief.context, &brief.options.decisions, &|_| true)?;
        let incident = story.gravest();
        let chain = Chain::of(&story, incident);
        let who = Who::of(&story, incident, &chain);
        let alert = Alert::of(&story, &chain, brief.context.config, brief.context.at);
        Ok(Council { who, alert, chain, story })
    }

    /// `story` in `brief.json`.
    pub fn figures(&self, brief: &Brief) -> Value {
        let incidents: Vec<Value> = self
            .story
            .incidents
            .iter()
            .filter(|i| i.items.len() > 1)
            .take(50)
            .map(|i| {
                json!({ "incident": i.id, "steps": i.steps, "severity": i.severity, "first": i.first, "last": i.last,
                    "findings": i.items.len() })
            })
            .collect();
        let tiers = tiers(&self.story, self.story.gravest(), &self.who);
        json!({ "chain": self.chain, "hypotheses": self.who, "tiers": tiers, "alert": self.alert, "incidents": incidents,
            "criteria": criteria(&self.chain, &self.who, &brief.context.config.election.name), "null": self.story.null,
            "links": self.story.links.len(), "possible": self.story.possible.len() })
    }

    /// Writes both pages in both languages.
    pub fn write(&self, brief: &Brief, write: &mut Write) -> Result<()> {
        let marking = Marking::read(brief.context.config)?;
        let listed = self.chain.steps.iter().flat_map(|s| s.findings.iter().take(counter::LISTED));
        let said = wording(brief.view, listed.map(String::as_str))?;
        for (lang, sheet, counter) in
            [(Lang::En, "council.html", "counter.html"), (Lang::Fr, "conseil.html", "contre.html")]
        {
            let page = Page { council: self, brief, marking, words: Words(lang), counter, said: &said };
            write(sheet, page.sheet().into_string().as_bytes())?;
            write(counter, counter::html(&page).into_string().as_bytes())?;
        }
        Ok(())
    }

    fn found(&self, step: Step) -> Option<&ChainStep> {
        self.chain.step(step).filter(|s| s.state == State::Found)
    }

    /// How likely it is that this is one story: what is left of *coincidence*, and nothing else.
    pub fn one_story(&self) -> Option<[f64; 2]> {
        self.chain.incident.as_ref()?;
        let [low, high] = self.who.row("coincidence")?.probability;
        Some([1.0 - high, 1.0 - low])
    }
}

/// A page in the making.
struct Page<'a> {
    council: &'a Council,
    brief: &'a Brief<'a>,
    marking: Marking,
    words: Words,
    counter: &'static str,
    said: &'a HashMap<String, Wording>,
}

/// What to do, without the command by which somebody else does it: a council decides, and types nothing.
fn without_command(what: &Text) -> Text {
    let cut = |text: &str| match text.split('`').collect::<Vec<_>>()[..] {
        [before, _, after] => format!("{}{after}", before.trim_end_matches([' ', ':'])),
        _ => text.to_string(),
    };
    Text::new(cut(&what.en), cut(&what.fr))
}

impl Page<'_> {
    fn say(&self, en: &str, fr: &str) -> String {
        self.words.say(en, fr)
    }

    fn text(&self, text: &Text) -> String {
        show::plain(&self.words.text(text), 400)
    }

    fn day(&self, time: Time) -> String {
        self.words.day(time.in_zone(self.brief.zone).date())
    }

    fn range(&self, range: [f64; 2]) -> String {
        let range = percents(range);
        self.say(&format!("{range}%"), &format!("{range} %"))
    }

    fn likely(&self, range: [f64; 2]) -> String {
        let [a, b] = range.map(|p| self.text(&icd(p)));
        if a == b { a } else { self.say(&format!("{a} to {b}"), &format!("{a} à {b}")) }
    }

    /// A link to what a step rests on.
    fn opens(&self, step: Step, words: &str) -> Markup {
        html! { a href=(format!("{}#{}", self.counter, step)) { (words) } }
    }

    fn frame(&self, title: &str, other: &str, body: Markup) -> Markup {
        let lang = self.words.0.of("en", "fr");
        let (word, meaning, colour) = self.marking.parts();
        let tlp = || html! { strong.tlp style=(format!("color:{colour}")) { "TLP:" (word) } };
        html! {
            (DOCTYPE)
            html lang=(lang) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    title { (title) " – " (self.name()) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(include_str!("style.css"))) }
                }
                body {
                    header {
                        p { (title) " · " (self.name()) " · " (self.day(self.brief.context.at)) ", " (page::zone_name(self.brief.context))
                            span.no-print { " · " a href="index.html" { (self.say("full brief", "note complète")) } " · " a href=(other) { (self.say("français", "English")) } } }
                        (tlp())
                    }
                    main { (body) }
                    footer {
                        p { (self.say(
                            "Every underlined word opens what it rests on. Proposed by the program; a person decides, signs and can be wrong.",
                            "Chaque mot souligné ouvre ce sur quoi il repose. Proposé par le programme ; une personne décide, signe et peut se tromper.",
                        )) " TLP:" (word) (self.say(": ", " : ")) (self.words.pair(meaning)) "." }
                        (tlp())
                    }
                }
            }
        }
    }

    fn name(&self) -> String {
        match self.brief.context.config.name.trim() {
            "" => self.say("unnamed case", "dossier sans nom"),
            name => show::plain(name, 80),
        }
    }

    fn sheet(&self) -> Markup {
        let title = self.say("Council’s page", "Page du conseil");
        let other = self.words.0.of("conseil.html", "council.html");
        let alert = &self.council.alert;
        self.frame(&title, other, html! {
            h1 { (self.headline()) }
            div.pair {
                section {
                    h2 { (self.say("Since when, and is it one story?", "Depuis quand, et est-ce une seule histoire ?")) }
                    p { (self.since()) }
                }
                section.alert {
                    h2 { (self.say("Alert level ", "Niveau d’alerte ")) (alert.level) (self.say(" of 5", " sur 5")) }
                    p.scale aria-hidden="true" { @for n in 1..=5 { span.on[n == alert.level] { (n) } } }
                    p { b { (self.say("Raised by: ", "Motif : ")) } (self.text(&alert.rule)) ". "
                        @if let Some(days) = alert.days_to_vote {
                            b { (self.say("Vote: ", "Vote : ")) } (self.words.count(days.unsigned_abs(), ("day left", "jour restant"), ("days left", "jours restants"))) "."
                        } }
                }
            }
            section {
                h2 { (self.say("The chain: what is shown, and what is not", "La chaîne : ce qui est établi, et ce qui ne l’est pas")) }
                div.chain { (picture::chain(&self.council.chain, self.words, self.brief.zone, self.counter)) }
                (self.legend())
            }
            div.pair {
                section {
                    h2 { (self.say("Do today", "À faire aujourd’hui")) }
                    ol { @for measure in alert.measures.iter().take(MEASURES) {
                        li { (self.words.prose(&without_command(&measure.what), 400)) " " (self.opens(measure.step, &self.text(&measure.step.text()))) }
                    } }
                    h2 { (self.say("What we do not know", "Ce que nous ne savons pas")) }
                    ul { @for hole in self.holes() { li { (hole) } } }
                }
                section { (self.who()) }
            }
        })
    }

    /// What the four states of a step say.
    fn legend(&self) -> Markup {
        html! { p.small {
            b { (self.say("Found", "Établi")) } (self.say(": evidence shows it. ", " : des preuves le montrent. "))
            b { (self.say("Exhausted", "Épuisé")) } (self.say(": searched, nothing there. ", " : cherché, rien trouvé. "))
            b { (self.say("Missing", "Manquant")) } (self.say(": nothing that belongs to this story shows it. ", " : rien de ce qui relève de cette histoire ne le montre. "))
            b { (self.say("Contradicted", "Contredit")) } (self.say(": evidence excludes it.", " : des preuves s’excluent."))
        } }
    }

    /// What happened, in one sentence of the gravest steps that are found.
    fn headline(&self) -> String {
        let found = |s| self.council.found(s).and_then(|s| s.first).map(|t| self.day(t));
        let mut told: Vec<(String, String)> = Vec::new();
        let mut add = |en: String, fr: String| told.push((en, fr));
        if let Some(day) = found(Step::Published) {
            add(format!("papers were published on {day}"), format!("des documents ont été publiés le {day}"));
        }
        if let Some(day) = found(Step::DocumentsTaken) {
            // The step began on this day or before it, and went on.
            add(
                format!("papers were being taken on {day} at the latest"),
                format!("la prise de documents avait commencé le {day} au plus tard"),
            );
        } else if let Some(day) = found(Step::CredentialUsed) {
            add(format!("a stranger used an account on {day}"), format!("un tiers a utilisé un compte le {day}"));
        } else if let Some(day) = found(Step::Click) {
            add(format!("staff followed a password lure on {day}"), format!("l’équipe a suivi un piège le {day}"));
        } else if let Some(day) = found(Step::Mail) {
            add(format!("lures were mailed from {day}"), format!("des courriels piégés sont arrivés dès le {day}"));
        } else if let Some(day) = found(Step::DecoyRegistered) {
            add(
                format!("decoy names were registered from {day}"),
                format!("des leurres ont été enregistrés dès le {day}"),
            );
        } else if let Some(day) = found(Step::IntrusionAttempt) {
            add(format!("somebody tried to get in from {day}"), format!("on a tenté d’entrer dès le {day}"));
        }
        if told.is_empty() {
            return self
                .say("Nothing was found that joins into a story.", "Rien n’a été trouvé qui forme une histoire.");
        }
        let (en, fr): (Vec<String>, Vec<String>) = told.into_iter().rev().unzip();
        let capital = |text: String| {
            let mut chars = text.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        };
        self.say(&format!("{}.", capital(en.join("; "))), &format!("{}.", capital(fr.join(" ; "))))
    }

    fn since(&self) -> Markup {
        let council = self.council;
        let Some(first) = council.chain.steps.iter().filter(|s| s.state == State::Found).filter_map(|s| s.first).min()
        else {
            return html! { (self.say("No dated step was found.", "Aucune étape datée n’est établie.")) };
        };
        let joined = council.story.gravest().map(|i| council.story.joined(i).len()).unwrap_or_default() as u64;
        let links = council.story.gravest().map_or(0, |i| {
            let inside: std::collections::BTreeSet<usize> = i.items.iter().copied().collect();
            council.story.links.iter().filter(|l| inside.contains(&l.ends.0) && inside.contains(&l.ends.1)).count()
        }) as u64;
        html! {
            (self.say("Since ", "Depuis le ")) (self.day(first)) ". "
            @if let Some(range) = council.one_story() {
                b { (self.say("One story is ", "Une seule histoire : ")) (self.likely(range)) " (" (self.range(range)) ")" } ". "
            }
            a href=(format!("{}#links", self.counter)) { (self.words.count(joined, ("step", "étape"), ("steps", "étapes"))) }
            @if links > 0 {
                (self.say(" are joined by things that chance rarely repeats (", " sont reliées par ce que le hasard répète rarement ("))
                (self.words.count(links, ("link", "lien"), ("links", "liens"))) "). "
            } @else {
                (self.say("; nothing joins them to one another. ", " ; rien ne les relie entre elles. "))
            }
            a href=(self.counter) { (self.say("The innocent reading", "La lecture innocente")) }
            (self.say(" is one page away.", " est à une page d’ici."))
        }
    }

    fn who(&self) -> Markup {
        let who = &self.council.who;
        let head = if who.undetermined() {
            self.say("Undetermined: no answer leads by enough.", "Indéterminé : aucune réponse ne l’emporte assez.")
        } else {
            let first = who.rows.first().map(|r| self.text(&label(&r.hypothesis))).unwrap_or_default();
            self.say(&format!("Preferred: {first}."), &format!("Retenu : {first}."))
        };
        html! {
            h2 { (self.say("Who, perhaps?", "Qui, peut-être ?")) }
            p { b { (head) } }
            table {
                thead { tr {
                    th scope="col" { (self.say("Hypothesis", "Hypothèse")) }
                    th scope="col" { (self.say("Likelihood", "Probabilité")) }
                    th.bar scope="col" aria-hidden="true" { "0 – 50 – 100" }
                } }
                tbody { @for row in who.rows.iter().take(ROWS) { tr {
                    th scope="row" { (show::plain(&self.text(&label(&row.hypothesis)), 60)) }
                    td { (self.likely(row.probability)) ", " (self.range(row.probability)) }
                    td { (picture::bar(row.probability)) }
                } } }
            }
            p.small { (self.text(&who.confidence)) }
            @if let Some(change) = who.change.first() {
                p.small { b { (self.say("Would change it: ", "Changerait la réponse : ")) } (self.text(change)) "." }
            }
            p.small { (self.say(
                "Scale (ICD 203): to 5% almost no chance · 20 very unlikely · 45 unlikely · 55 roughly even · 80 likely · 95 very likely · 99 almost certain. Where an address is registered says nothing of who used it.",
                "Échelle (ICD 203) : jusqu’à 5 % presque aucune chance · 20 très improbable · 45 improbable · 55 une chance sur deux · 80 probable · 95 très probable · 99 quasi certain. Le pays d’une adresse ne dit rien de qui s’en sert.",
            )) }
        }
    }

    /// What nobody knows.
    fn holes(&self) -> Vec<Markup> {
        let chain = &self.council.chain;
        let hole = |s: &&ChainStep| s.state != State::Found;
        // What was seen beside the story is said as well, or the hole reads as if there were nothing.
        let wanted = |s: &&ChainStep| {
            let always = [Step::CredentialUsed, Step::DocumentsTaken, Step::DocumentsDoctored, Step::Published];
            s.why.is_some() || always.contains(&s.step)
        };
        let mut all: Vec<Markup> = chain
            .steps
            .iter()
            .filter(hole)
            .filter(wanted)
            .take(3)
            .map(|s| {
                let name = self.text(&s.step.text());
                let state = self.text(&s.state.text());
                let look = s.look.as_ref().map(|l| self.text(l)).unwrap_or_default();
                let why = s.why.as_ref().map(|w| self.say("; ", " ; ") + &self.text(w)).unwrap_or_default();
                html! { (self.opens(s.step, &name)) (self.say(": ", " : ")) (state) (why) ". " (self.say("Look in ", "Chercher : ")) (look) "." }
            })
            .collect();
        all.push(html! { (self.say("Any effect on the vote: not measured, none is claimed.", "Tout effet sur le vote : non mesuré, aucun n’est affirmé.")) });
        all
    }
}
