//! The summary: full sentences made of figures, and nothing the figures do not say.

use super::{Page, Section, Source};
use maud::{Markup, html};
use model::Outcome;

pub const SECTION: Section = Section { id: "summary", title: ("Summary in plain words", "Résumé en clair"), markup };

fn markup(page: &Page) -> Option<Markup> {
    let figures = page.figures;
    if figures.evidence.is_empty() && figures.total.attempts == 0 && page.gathered.detectors.is_empty() {
        return Some(html! { p.lead { (page.say(
            "No evidence has been added to this case yet. There is nothing to report.",
            "Aucune pièce n'a encore été versée à ce dossier. Il n'y a rien à signaler.",
        )) } });
    }
    Some(html! {
        (succeeded(page))
        ul.summary {
            @if figures.total.attempts > 0 {
                li { (number(page)) }
                li { (origins(page)) }
                @if let Some(surge) = surge(page) { li { (surge) } }
            }
            @if page.gathered.outages.1 > 0 { li { (outages(page)) } }
            @if !page.gathered.names.is_empty() { li { (super::decoys::sentence(page)) } }
            @if !page.gathered.mail.waves.is_empty() { li { (super::mail::sentence(page)) } }
            @if !page.gathered.posts.is_empty() { li { a href="#amplification" { (page.say("Amplification", "Amplification")) } ": " (super::amplification::sentence(page)) } }
            @for (index, (_, test)) in figures.tests.iter().enumerate() {
                @if let Some(t) = test { li { (super::tests_against_series::sentence(page, index, t)) } }
            }
            li { (read(page)) }
        }
    })
}

/// Whether anything possibly succeeded: said before all counting.
fn succeeded(page: &Page) -> Markup {
    let n = page.figures.outcome(Outcome::PossiblySucceeded);
    if page.figures.total.attempts == 0 {
        return html! { p.lead { (page.say(
            "No intrusion attempt was found in the evidence that was read.",
            "Aucune tentative d'intrusion n'a été trouvée dans les pièces lues.",
        )) } };
    }
    if n == 0 {
        return html! { p.lead { (page.say(
            "No attempt appears to have succeeded, as far as the evidence shows.",
            "Aucune tentative ne semble avoir réussi, pour autant que les pièces le montrent.",
        )) } };
    }
    let figure = super::tables::cite_outcome(page, Outcome::PossiblySucceeded, &page.attempts(n));
    html! { p.lead.alarm {
        @if n == 1 {
            (page.sentence(
                "{0} possibly succeeded. A person must look at it today; it is told first below.",
                "{0} a peut-être réussi. Une personne doit l'examiner aujourd'hui ; elle est décrite en premier ci-dessous.",
                &[figure],
            ))
        } @else {
            (page.sentence(
                "{0} possibly succeeded. A person must look at them today; they are told first below.",
                "{0} ont peut-être réussi. Une personne doit les examiner aujourd'hui ; elles sont décrites en premier ci-dessous.",
                &[figure],
            ))
        }
    } }
}

/// The figure of all attempts.
pub fn cite_all(page: &Page, value: &str) -> Markup {
    page.cite("attempts", value, || Source {
        what: page.say("all attempts", "toutes les tentatives"),
        how: page.say(
            "One attempt is one source with one purpose against one site, its events no further apart than the window; bursts that belong together (slow, distributed, spread) are one.",
            "Une tentative est une source, un but et un site, sans interruption plus longue que la fenêtre ; les rafales qui vont ensemble (lentes, réparties) n'en font qu'une.",
        ),
        rows: page.say("every row of attempts.csv", "toutes les lignes de attempts.csv"),
        attempts: page.numbers(|_| true),
    })
}

/// The figure of all requests.
pub fn cite_requests(page: &Page, value: &str) -> Markup {
    page.cite("requests", value, || Source {
        what: page.say("requests in attempts", "requêtes des tentatives"),
        how: page.say(
            "The sum of the events (requests or logins) that make up the attempts.",
            "La somme des événements (requêtes ou connexions) qui composent les tentatives.",
        ),
        rows: page.say("sum of the column requests in attempts.csv", "somme de la colonne requests de attempts.csv"),
        attempts: Vec::new(),
    })
}

fn number(page: &Page) -> Markup {
    let (figures, words) = (page.figures, page.words);
    let requests = cite_requests(page, &page.requests(figures.total.requests));
    let all = cite_all(page, &page.attempts(figures.total.attempts));
    let (n, more) = page.gathered.addresses;
    let mut addresses = words.count(n, ("address", "adresse"), ("addresses", "adresses"));
    if more {
        addresses = format!("{} {addresses}", page.say("at least", "au moins"));
    }
    let addresses = page.cite("addresses", &addresses, || Source {
        what: page.say("distinct addresses", "adresses distinctes"),
        how: page.say(
            "Every IP address that takes part in an attempt, counted once; an IPv4 address mapped into IPv6 is the same.",
            "Chaque adresse IP qui participe à une tentative, comptée une fois ; une adresse IPv4 écrite en IPv6 est la même.",
        ),
        rows: page.say("the addresses of all attempts", "les adresses de toutes les tentatives"),
        attempts: Vec::new(),
    });
    let Some((first, last)) = figures.period else {
        return page.sentence(
            "{0} found, in {1} from {2}; the evidence gives no usable date.",
            "Trouvé : {0}, soit {1} venant de {2} ; les pièces ne donnent pas de date utilisable.",
            &[all, requests, addresses],
        );
    };
    let days = page.cite("period", &words.count(figures.days.len() as u64, ("day", "jour"), ("days", "jours")), || Source {
        what: page.say("the period", "la période"),
        how: page.say(
            "From the first to the last day with an attempt or with web traffic in the evidence, in the campaign's zone.",
            "Du premier au dernier jour qui porte une tentative ou du trafic web dans les pièces, au fuseau de la campagne.",
        ),
        rows: page.say("period in brief.json", "period dans brief.json"),
        attempts: Vec::new(),
    });
    let when = if first == last {
        page.sentence("On {0} ({1})", "Le {0} ({1})", &[html! { (words.day(first)) }, days])
    } else {
        let parts = [html! { (words.day(first)) }, html! { (words.day(last)) }, days];
        page.sentence("Between {0} and {1} ({2})", "Entre le {0} et le {1} ({2})", &parts)
    };
    let parts = [when, all, requests, addresses];
    if figures.total.attempts == 1 {
        page.sentence("{0}, {1} was made: {2} from {3}.", "{0}, {1} a été menée : {2} venant de {3}.", &parts)
    } else {
        page.sentence("{0}, {1} were made: {2} from {3}.", "{0}, {1} ont été menées : {2} venant de {3}.", &parts)
    }
}

fn origins(page: &Page) -> Markup {
    let figures = page.figures;
    let all = figures.total.attempts;
    let named: Vec<Markup> = figures
        .countries
        .iter()
        .take(3)
        .map(|(code, count)| {
            let value = page.words.number(count.attempts);
            let value = super::tables::cite_country(page, code, &value);
            html! { (page.country(code)) " (" (value) ", " (page.words.percent(count.attempts, all)) ")" }
        })
        .collect();
    let list = html! { @for (i, item) in named.iter().enumerate() {
        @if i > 0 && i + 1 == named.len() { " " (page.say("and", "et")) " " } @else if i > 0 { ", " }
        (item)
    } };
    match figures.countries.len() {
        1 => page.sentence(
            "The addresses are registered in: {0}. That says where a machine stands, not who used it.",
            "Les adresses sont enregistrées dans : {0}. Cela dit où se trouve une machine, non qui s'en est servi.",
            &[list],
        ),
        2..=3 => page.sentence(
            "By where the addresses are registered: {0}. That says where a machine stands, not who used it.",
            "Selon l'enregistrement des adresses : {0}. Cela dit où se trouve une machine, non qui s'en est servi.",
            &[list],
        ),
        n => page.sentence(
            "By where the addresses are registered, first: {0}, of {1} in all. That says where a machine stands, not who used it.",
            "Selon l'enregistrement des adresses, d'abord : {0}, sur {1} en tout. Cela dit où se trouve une machine, non qui s'en est servi.",
            &[list, html! { a href="#origins" { (page.words.count(n as u64, ("origin", "origine"), ("origins", "origines"))) } }],
        ),
    }
}

/// The rise that brought most attempts: from the first of rises in a row to the highest of them.
fn surge(page: &Page) -> Option<Markup> {
    let segments = &page.figures.surges.as_ref()?.segments;
    let mut strongest: Option<(f64, usize, usize)> = None;
    let mut first = None;
    for (i, segment) in segments.iter().enumerate() {
        first = if segment.surge { first.or(Some(i)) } else { None };
        let Some(first) = first.filter(|&f| f > 0) else { continue };
        let base = segments[first - 1].rate;
        let days = |s: &crate::Segment| f64::from((s.last - s.first).get_days() + 1);
        let brought: f64 = segments[first..=i].iter().map(|s| (s.rate - base) * days(s)).sum();
        if strongest.is_none_or(|(most, ..)| brought > most) {
            strongest = Some((brought, first, i));
        }
    }
    let Some((_, first, highest)) = strongest else {
        return Some(html! { a href="#surges" { (page.say(
            "The rate of attempts did not rise markedly during the period.",
            "Le rythme des tentatives n'a pas nettement augmenté pendant la période.",
        )) } });
    };
    let rate = |i: usize| super::surges::cite_rate(page, i, segments[i].rate);
    let from = |i: usize| html! { (page.words.day(segments[i].first)) };
    if first == highest {
        return Some(page.sentence(
            "The rate surged from {0}: from {1} to {2} attempts a day.",
            "Le rythme a bondi à partir du {0} : de {1} à {2} tentatives par jour.",
            &[from(first), rate(first - 1), rate(first)],
        ));
    }
    Some(page.sentence(
        "The rate surged from {0}, from {1} to {2} attempts a day, and reached {3} from {4}.",
        "Le rythme a bondi à partir du {0}, de {1} à {2} tentatives par jour, pour atteindre {3} à partir du {4}.",
        &[from(first), rate(first - 1), rate(first), rate(highest), from(highest)],
    ))
}

fn outages(page: &Page) -> Markup {
    let n = page.gathered.outages.1;
    let value = page.words.count(n, ("time", "fois"), ("times", "fois"));
    let figure = super::outages::cite_all(page, &value);
    let minutes: u64 = page.gathered.outages.0.iter().map(|o| o.number("minutes")).sum();
    let minutes = html! { (page.words.count(minutes, ("minute", "minute"), ("minutes", "minutes"))) };
    if n as usize > page.gathered.outages.0.len() {
        return page.sentence(
            "A site was down or degraded {0}.",
            "Un site a été indisponible ou dégradé {0}.",
            &[figure],
        );
    }
    page.sentence(
        "A site was down or degraded {0}, for {1} in all.",
        "Un site a été indisponible ou dégradé {0}, pendant {1} en tout.",
        &[figure, minutes],
    )
}

/// What was read, and what could not be.
fn read(page: &Page) -> Markup {
    let (figures, words) = (page.figures, page.words);
    let files = figures.evidence.len() as u64;
    let size = figures.evidence.iter().map(|e| e.size).sum();
    let skipped: u64 = figures.skips.iter().map(|(_, s)| s.count).sum();
    let files = html! { a href="#evidence" { (words.count(files, ("piece of evidence", "pièce"), ("pieces of evidence", "pièces"))) } };
    let size = html! { (words.bytes(size)) };
    if skipped == 0 {
        return page.sentence(
            "All this rests on {0} ({1}), of which nothing had to be left out.",
            "Tout ceci repose sur {0} ({1}), dont rien n'a dû être écarté.",
            &[files, size],
        );
    }
    let skipped = html! { a href="#skipped" { (words.count(skipped, ("place", "endroit"), ("places", "endroits"))) } };
    page.sentence(
        "All this rests on {0} ({1}); {2} in it could not be read, each with its reason.",
        "Tout ceci repose sur {0} ({1}) ; {2} n'ont pu être lus, chacun avec son motif.",
        &[files, size, skipped],
    )
}
