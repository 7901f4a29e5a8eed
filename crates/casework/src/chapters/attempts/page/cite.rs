//! The figures of this chapter that several sections show, each with its source.

use super::super::Page;
use crate::page::Source;
use crate::show;
use maud::{Markup, html};
use model::Outcome;
use rows::Row;
use rows::outage::Outage;

/// The figure of all attempts.
pub fn all(page: &Page, value: &str) -> Markup {
    page.cite("attempts", value, || Source {
        what: page.say("all attempts", "toutes les tentatives"),
        how: page.say(
            "One attempt is one source with one purpose against one site, its events no further apart than the window; bursts that belong together (slow, distributed, spread) are one. Where a flood leaves more alike than anybody looks at one by one, some findings list many attempts and count for all of them.",
            "Une tentative est une source, un but et un site, sans interruption plus longue que la fenêtre ; les rafales qui vont ensemble (lentes, réparties) n’en font qu’une. Quand un déferlement en laisse plus de semblables qu’on n’en examine une à une, certains constats en énumèrent beaucoup et comptent pour toutes.",
        ),
        rows: page.say(
            "sum of the column attempts in attempts.csv",
            "somme de la colonne attempts de attempts.csv",
        ),
        opens: page.told(|_| true),
        find: "outcome:".into(),
    })
}

/// The figure of all requests.
pub fn requests(page: &Page, value: &str) -> Markup {
    page.cite("requests", value, || Source {
        what: page.say("requests in attempts", "requêtes des tentatives"),
        how: page.say(
            "The sum of the events (requests or logins) that make up the attempts.",
            "La somme des événements (requêtes ou connexions) qui composent les tentatives.",
        ),
        rows: page.say("sum of the column requests in attempts.csv", "somme de la colonne requests de attempts.csv"),
        opens: Vec::new(),
        find: "outcome:".into(),
    })
}

/// The figure of a country.
pub fn country(page: &Page, code: &str, value: &str) -> Markup {
    page.cite(&format!("country-{code}"), value, || Source {
        what: page.country(code),
        how: page.say(
            "Attempts whose source address (the most frequent, where there are several) is registered there.",
            "Tentatives dont l’adresse source (la plus fréquente s’il y en a plusieurs) y est enregistrée.",
        ),
        rows: format!("country = {}", show::plain(code, 40)),
        opens: page.told(|a| a.row.country() == code),
        find: format!("country:{code}"),
    })
}

/// The figure of an outcome.
pub fn outcome(page: &Page, outcome: Outcome, value: &str) -> Markup {
    page.cite(&format!("outcome-{}", outcome.as_str()), value, || Source {
        what: page.outcome(outcome),
        how: match outcome {
            Outcome::Refused => page.say(
                "Every answer said no (an error status, a login refused).",
                "Toutes les réponses ont dit non (code d’erreur, connexion refusée).",
            ),
            Outcome::NoEffect => page.say(
                "Answered, but as this site usually answers for that status and path.",
                "Il y a eu réponse, mais celle que ce site donne d’ordinaire pour ce code et ce chemin.",
            ),
            Outcome::MadeUnavailable => page.say(
                "The site stopped answering, or answered with errors, while it lasted or right after.",
                "Le site a cessé de répondre, ou a répondu par des erreurs, pendant ou juste après.",
            ),
            Outcome::PossiblySucceeded => page.say(
                "An answer that differs from this site's usual, a login accepted after failures, or a web shell that answers.",
                "Une réponse qui diffère de celle habituelle du site, une connexion acceptée après des échecs, ou une porte dérobée qui répond.",
            ),
        },
        rows: format!("outcome = {}", outcome.as_str()),
        opens: page.told(|a| a.row.outcome == outcome),
        find: format!("outcome:{}", outcome.as_str()),
    })
}

/// The figure of a class.
pub fn class(page: &Page, class: &str, value: &str) -> Markup {
    page.cite(&format!("class-{class}"), value, || Source {
        what: page.class(class),
        how: page.say(
            "Attempts of which this is the gravest class; one attempt counts in one class only.",
            "Tentatives dont c’est la classe la plus grave ; une tentative ne compte que dans une classe.",
        ),
        rows: format!("class = {}", show::plain(class, 60)),
        opens: page.told(|a| a.row.class() == class),
        find: format!("class:{class}"),
    })
}

/// The figure of a purpose.
pub fn purpose(page: &Page, purpose: &str, value: &str) -> Markup {
    page.cite(&format!("purpose-{purpose}"), value, || Source {
        what: show::plain(&page.words.purpose(purpose), 80),
        how: page.say("Attempts against this service.", "Tentatives contre ce service."),
        rows: format!("purpose = {}", show::plain(purpose, 60)),
        opens: page.told(|a| a.row.purpose.as_str() == purpose),
        find: format!("purpose:{purpose}"),
    })
}

/// The figure of a stretch's rate.
pub fn rate(page: &Page, index: usize, rate: f64) -> Markup {
    let value = page.words.decimal(rate, 1);
    let segment = page.gathered.figures.surges.as_ref().and_then(|s| s.segments.get(index));
    let Some(segment) = segment else { return html! { (value) } };
    page.cite(&format!("rate-{index}"), &value, || Source {
        what: page.say(
            &format!("rate from {} to {}", segment.first, segment.last),
            &format!("rythme du {} au {}", segment.first, segment.last),
        ),
        how: page.say(
            "Attempts of the stretch divided by its days, each weighed by the site's ordinary week.",
            "Tentatives de la période divisées par ses jours, chacun pesé selon la semaine ordinaire du site.",
        ),
        rows: format!("{} ≤ day ≤ {}", segment.first, segment.last),
        opens: page.told(|a| a.detail.day.is_some_and(|d| segment.first <= d && d <= segment.last)),
        find: String::new(),
    })
}

/// The figure of all outages.
pub fn outages(page: &Page, value: &str) -> Markup {
    page.cite("outages", value, || Source {
        what: page.say("outages", "indisponibilités"),
        how: page.say(
            "Times in which a site answered with server errors in a burst, or was silent against its habit for that hour of the week.",
            "Moments où un site a répondu par une rafale d’erreurs de serveur, ou s’est tu contre son habitude à cette heure de la semaine.",
        ),
        rows: page.say("outages in brief.json; told in this brief under Outages", "outages dans brief.json ; décrites sous Indisponibilités"),
        opens: Vec::new(),
        find: format!("detector:{}", Outage::NAME),
    })
}
