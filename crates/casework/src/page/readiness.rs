//! Are we ready: the score of the guide by chapter, what to do first, who came to seminars and drills.

use super::{Leaf, Page, Place, Section, Source, column, numbers};
use crate::{Readiness, show};
use maud::{Markup, html};

/// Steps and events shown.
const ROWS: usize = 12;

/// The page.
const LEAF: Leaf = Leaf { file: "readiness.html", title: ("Are we ready?", "Sommes-nous prêts ?") };

/// The section.
pub fn section(page: &Page, ready: &Readiness) -> Section {
    let lang = page.options.lang;
    let cite = |id: &str, value: u64| {
        page.cite(id, &page.words.number(value), || Source {
            what: page.say("readiness, by the guide", "préparation, d’après le guide"),
            how: page.say(
                "answers of the campaign to the guide and what this case knows; unanswered measures are left out",
                "réponses de la campagne au guide et ce que sait ce dossier ; les mesures sans réponse sont laissées de côté",
            ),
            rows: page.say("`readiness` in brief.json; `vigie hygiene` prints it", "`readiness` dans brief.json ; `vigie hygiene` l’affiche"),
            opens: Vec::new(),
            find: String::new(),
        })
    };
    let percent = |id: &str, score: Option<u64>| match score {
        Some(n) => html! { (cite(id, n)) (page.say("%", "\u{202f}%")) },
        None => html! { "–" },
    };
    let text = |t: &str| html! { (show::plain(t, 200)) };
    let markup: Markup = html! {
        p { (page.sentence(
            "{0} of what was answered is done; {1} of {2} measures are answered, and unanswered is not no.",
            "{0} de ce qui a reçu réponse est fait ; {1} mesures sur {2} ont une réponse, et sans réponse ne veut pas dire non.",
            &[percent("ready", ready.score), cite("ready-answered", ready.answered as u64), cite("ready-measures", ready.measures as u64)],
        )) }
        table {
            (page.head(&[column("chapter", "chapitre"), numbers("score", "score"), numbers("answered", "réponses"), numbers("measures", "mesures")]))
            tbody { @for (id, name, score, answered, all) in &ready.chapters { tr {
                td { (id) " – " (name.get(lang)) }
                td.num { (percent(&format!("ready-{id}"), *score)) }
                td.num { (cite(&format!("ready-{id}-answered"), *answered as u64)) }
                td.num { (cite(&format!("ready-{id}-measures"), *all as u64)) }
            } } }
        }
        @if !ready.plan.is_empty() {
            h3 { (page.say("First things first", "D’abord")) }
            table {
                (page.head(&[column("measure", "mesure"), numbers("seen here", "vu ici"), column("who", "qui"), column("until", "pour quand")]))
                tbody { @for (id, what, seen, owner, due) in ready.plan.iter().take(ROWS) { tr {
                    td { (id) " " (what.get(lang)) } td.num { (cite(&format!("ready-seen-{id}"), *seen)) } td { (text(owner)) } td { (text(due)) }
                } } }
            }
        }
        @if !ready.events.is_empty() {
            h3 { (page.say("Seminars and drills", "Séminaires et exercices")) }
            table {
                (page.head(&[column("what", "quoi"), column("team", "équipe"), numbers("invited", "invités"), numbers("declined", "déclinés"), numbers("came or passed", "venus ou réussi"), numbers("reported", "signalé")]))
                tbody { @for (i, (what, day, team, counts)) in ready.events.iter().take(ROWS).enumerate() { tr {
                    td { (text(what)) " " (text(day)) } td { (text(team)) }
                    @for (k, n) in counts.iter().enumerate() { td.num { (cite(&format!("ready-event-{i}-{k}"), *n)) } }
                } } }
            }
        }
        @if !ready.sites.is_empty() {
            h3 { (page.say("Our own sites", "Nos propres sites")) }
            table {
                (page.head(&[column("site", "site"), column("examined", "examiné"), column("headers", "en-têtes"), numbers("privacy, of 100", "vie privée, sur 100"), numbers("grave findings", "constats graves")]))
                tbody { @for (i, (url, day, grade, private, grave)) in ready.sites.iter().take(ROWS).enumerate() { tr {
                    td { (text(url)) } td { (text(day)) } td { (text(grade)) }
                    td.num { @match private { Some(n) => (cite(&format!("ready-site-{i}-privacy"), *n)), None => "–" } }
                    td.num { (cite(&format!("ready-site-{i}-grave"), *grave)) }
                } } }
            }
        }
    };
    Section {
        leaf: LEAF,
        cover: false,
        place: Place::Last,
        id: "ready",
        title: ("Are we ready?", "Sommes-nous prêts ?"),
        markup,
    }
}
