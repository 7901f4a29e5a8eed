//! Surges: the stretches of one rate, with the method and its parameters.

use super::super::surge::{BURST, Change, PENALTY, SHORTEST, SURGE};
use super::{FIGURES, Page, Part, cite};
use crate::page::{Place, column, numbers};
use maud::{Markup, html};

pub const PART: Part = Part {
    leaf: FIGURES,
    place: Place::Body,
    id: "surges",
    title: ("Changes of rate", "Changements de rythme"),
    markup,
};

fn markup(page: &Page) -> Option<Markup> {
    if page.gathered.figures.total.attempts == 0 {
        return None;
    }
    let words = page.words;
    let Some(surges) = &page.gathered.figures.surges else {
        return Some(html! { p { (page.sentence(
            "The period is too short to tell a change of rate: at least {0} days are needed.",
            "La période est trop courte pour y lire un changement de rythme : il faut au moins {0} jours.",
            &[html! { (2 * SHORTEST) }],
        )) } });
    };
    let baseline = &page.gathered.figures.baseline;
    let week = if baseline.requests > 0 {
        page.sentence(
            "Each day is weighed by the site's ordinary week: the hour-of-week profile of {0}.",
            "Chaque jour est pesé selon la semaine ordinaire du site : le profil, heure par heure, de {0}.",
            &[html! { (words.count(baseline.requests, ("ordinary request", "requête ordinaire"), ("ordinary requests", "requêtes ordinaires"))) }],
        )
    } else {
        html! { (page.say(
            "There is not enough ordinary traffic in the evidence to know the site's week; every hour weighs the same.",
            "Les pièces contiennent trop peu de trafic ordinaire pour connaître la semaine du site ; toutes les heures pèsent autant.",
        )) }
    };
    Some(html! {
        @if surges.segments.len() == 1 { p { (page.say(
            "No change of rate was found: one level explains the whole period.",
            "Aucun changement de rythme n’a été trouvé : un seul niveau explique toute la période.",
        )) } }
        table.small {
            caption { (page.say("Stretches of one rate", "Périodes de rythme constant")) }
            (page.head(&[column("From", "Du"), column("To", "Au"), numbers("Attempts", "Tentatives"), numbers("A day", "Par jour"), numbers("Change", "Changement"), column("Called", "Qualifié de")]))
            tbody { @for (i, s) in surges.segments.iter().enumerate() { tr {
                th scope="row" { (words.day(s.first)) }
                td { (words.day(s.last)) }
                td.num { a.n href=(format!("#n-rate-{i}")) { (words.number(s.attempts)) } }
                td.num { (cite::rate(page, i, s.rate)) }
                td.num { @if let Some(f) = s.factor { "×" (words.decimal(f, 2)) } @else { "–" } }
                td { @match s.change {
                    Change::Surge => strong { (page.say("surge", "bond")) },
                    Change::Burst => strong { (page.say("burst", "salve")) },
                    Change::Start => (page.say("start", "début")),
                    Change::Fall => (page.say("fall", "baisse")),
                    Change::Rise => (page.say("rise", "hausse")),
                    Change::Continues => (page.say("as before", "comme avant")),
                } }
            } } }
        }
        p.quiet {
            (page.say("Method: ", "Méthode : "))
            (page.sentence(
                "PELT with a Poisson cost (Killick, Fearnhead and Eckley 2012), exact. Penalty {0}·φ·ln n = {1}, with n = {2} days and overdispersion φ = {3}; stretches of at least {4} days; called a surge from ×{5}. Fewer days are a burst, told apart: at least {6} attempts and {7} times what four days in five around it have. No ratio is given to what is near nothing. ",
                "PELT à coût de Poisson (Killick, Fearnhead et Eckley 2012), exact. Pénalité {0}·φ·ln n = {1}, avec n = {2} jours et surdispersion φ = {3} ; périodes d’au moins {4} jours ; qualifié de bond à partir de ×{5}. Moins de jours font une salve, dite à part : au moins {6} tentatives, et {7} fois ce qu’ont quatre jours sur cinq alentour. Aucun rapport n’est donné à ce qui est presque nul. ",
                &[
                    page.decimal(PENALTY, 0),
                    page.decimal(surges.penalty, 1),
                    html! { (words.number(surges.days as u64)) },
                    page.decimal(surges.dispersion, 2),
                    html! { (SHORTEST) },
                    page.decimal(SURGE, 1),
                    page.decimal(BURST.0, 0),
                    page.decimal(BURST.1, 0),
                ],
            ))
            (week)
        }
    })
}
