//! What page one says of attempts and outages.

use super::super::Page;
use super::super::surge::{Change, Segment};
use super::{cite, series};
use crate::page::{Answer, Asks, Place, Sentence, Source};
use maud::{Markup, html};
use model::Outcome;

/// At what rate; outages; and, after all kinds, the tests against curves.
pub fn sentences(page: &Page) -> Vec<Sentence> {
    let figures = &page.gathered.figures;
    let mut body = Vec::new();
    if figures.total.attempts > 0 {
        body.push(number(page));
        body.extend(apart(page));
        body.extend(surge(page));
    }
    if page.gathered.all_outages > 0 {
        body.push(outages(page));
    }
    let tests = figures.tests.iter().enumerate();
    let tests = tests.filter_map(|(index, (_, test))| Some(series::sentence(page, index, test.as_ref()?)));
    let all = body.into_iter().map(|markup| (Place::Body, markup)).chain(tests.map(|markup| (Place::Last, markup)));
    all.map(|(place, markup)| Sentence { place, markup }).collect()
}

/// How many, since when, from where, and whether anything possibly succeeded.
pub fn answers(page: &Page) -> Vec<Answer> {
    let figures = &page.gathered.figures;
    let mut all = vec![succeeded(page)];
    if figures.total.attempts > 0 {
        let n = cite::all(page, &page.attempts(figures.total.attempts));
        let markup = page.sentence("{0} to get in.", "{0} d’intrusion.", &[n]);
        all.push(Answer { asks: Asks::What, alarm: false, markup });
        if let Some((first, last)) = figures.period {
            let days = [html! { (page.words.day(first)) }, html! { (page.words.day(last)) }];
            let markup = page.sentence("Attempts from {0} to {1}.", "Tentatives du {0} au {1}.", &days);
            all.push(Answer { asks: Asks::Since, alarm: false, markup });
        }
        all.push(Answer { asks: Asks::Where, alarm: false, markup: origins(page) });
    }
    if page.gathered.all_outages > 0 {
        let n =
            page.words.count(page.gathered.all_outages, ("outage", "indisponibilité"), ("outages", "indisponibilités"));
        let markup = html! { (cite::outages(page, &n)) "." };
        all.push(Answer { asks: Asks::What, alarm: false, markup });
    }
    all
}

/// Whether anything possibly succeeded.
fn succeeded(page: &Page) -> Answer {
    let n = page.gathered.figures.outcome(Outcome::PossiblySucceeded);
    let answer = |alarm, markup| Answer { asks: Asks::Succeeded, alarm, markup };
    if page.gathered.figures.total.attempts == 0 {
        let none = page.say(
            "No intrusion attempt was found in the evidence that was read.",
            "Aucune tentative d’intrusion n’a été trouvée dans les pièces lues.",
        );
        return answer(false, html! { (none) });
    }
    if n == 0 {
        let none = page.say(
            "No attempt to break in appears to have succeeded, as far as the evidence shows.",
            "Aucune tentative d’intrusion ne semble avoir réussi, pour autant que les pièces le montrent.",
        );
        return answer(false, html! { (none) });
    }
    let figure = cite::outcome(page, Outcome::PossiblySucceeded, &page.attempts(n));
    let way = html! { a href="#succeeded" { (page.say("look at it today", "à examiner aujourd’hui")) } };
    let fr = if n == 1 { "{0} a peut-être réussi : {1}." } else { "{0} ont peut-être réussi : {1}." };
    answer(true, page.sentence("{0} possibly succeeded: {1}.", fr, &[figure, way]))
}

fn number(page: &Page) -> Markup {
    let (figures, words) = (&page.gathered.figures, page.words);
    let requests = cite::requests(page, &page.requests(figures.total.requests));
    let all = cite::all(page, &page.attempts(figures.total.attempts));
    let (n, more) = (page.gathered.addresses.len() as u64, page.gathered.more_addresses);
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
        opens: Vec::new(),
        find: "outcome:".into(),
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
        opens: Vec::new(),
        find: "outcome:".into(),
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

/// Evidence years apart is most often a log whose stamps carry no year and were taken for another.
fn apart(page: &Page) -> Option<Markup> {
    let periods = &page.gathered.figures.periods;
    let list = html! { @for (i, (first, last)) in periods.iter().enumerate() {
        @if i > 0 && i + 1 == periods.len() { " " (page.say("and", "et")) " " } @else if i > 0 { ", " }
        (page.words.day(*first)) @if first != last { " – " (page.words.day(*last)) }
    } };
    (periods.len() > 1).then(|| page.sentence(
        "The evidence falls into periods years apart: {0}. Where a log writes no year it may belong to another: say it with `year` under `[auth_log]` (`--year`).",
        "Les pièces tombent dans des périodes séparées par des années : {0}. Un journal qui n’écrit pas l’année peut appartenir à une autre : indiquez-la par `year` sous `[auth_log]` (`--year`).",
        &[list],
    ))
}

fn origins(page: &Page) -> Markup {
    let figures = &page.gathered.figures;
    let all = figures.total.attempts;
    let named: Vec<Markup> = figures
        .countries
        .iter()
        .take(3)
        .map(|(code, count)| {
            let value = page.words.number(count.attempts);
            let value = cite::country(page, code, &value);
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
            "Les adresses sont enregistrées dans : {0}. Cela dit où se trouve une machine, non qui s’en est servi.",
            &[list],
        ),
        2..=3 => page.sentence(
            "By where the addresses are registered: {0}. That says where a machine stands, not who used it.",
            "Selon l’enregistrement des adresses : {0}. Cela dit où se trouve une machine, non qui s’en est servi.",
            &[list],
        ),
        n => page.sentence(
            "By where the addresses are registered, first: {0}, of {1} in all. That says where a machine stands, not who used it.",
            "Selon l’enregistrement des adresses, d’abord : {0}, sur {1} en tout. Cela dit où se trouve une machine, non qui s’en est servi.",
            &[list, html! { a href="#origins" { (page.words.count(n as u64, ("origin", "origine"), ("origins", "origines"))) } }],
        ),
    }
}

/// The rise that brought most attempts: from the first of rises in a row to the highest of them; or the burst that did.
fn surge(page: &Page) -> Option<Markup> {
    let segments = &page.gathered.figures.surges.as_ref()?.segments;
    let levels: Vec<usize> = (0..segments.len()).filter(|&i| segments[i].change != Change::Burst).collect();
    let mut strongest: Option<(f64, usize, usize, usize)> = None;
    let mut first = None;
    for (n, &i) in levels.iter().enumerate() {
        first = match segments[i].change {
            Change::Surge => first.or(Some(n)),
            Change::Continues => first,
            _ => None,
        };
        let Some(first) = first.filter(|&f| f > 0) else { continue };
        let base = segments[levels[first - 1]].rate;
        let days = |s: &Segment| f64::from((s.last - s.first).get_days() + 1);
        let brought: f64 = levels[first..=n].iter().map(|&i| (segments[i].rate - base) * days(&segments[i])).sum();
        if strongest.is_none_or(|(most, ..)| brought > most) {
            strongest = Some((brought, levels[first - 1], levels[first], i));
        }
    }
    let most = |a: &usize, b: &usize| segments[*a].attempts.cmp(&segments[*b].attempts).then(b.cmp(a));
    let burst = (0..segments.len()).filter(|&i| segments[i].change == Change::Burst).max_by(most);
    let rate = |i: usize| cite::rate(page, i, segments[i].rate);
    let from = |i: usize| html! { (page.words.day(segments[i].first)) };
    if let Some(i) = burst.filter(|&i| strongest.is_none_or(|s| segments[i].attempts as f64 >= s.0)) {
        let s = &segments[i];
        let attempts = html! { a href="#surges" { (page.attempts(s.attempts)) } };
        return Some(match s.first == s.last {
            true => page.sentence("A burst: {0} on {1} alone.", "Une salve : {0} le seul {1}.", &[attempts, from(i)]),
            false => page.sentence(
                "A burst: {0} from {1} to {2}.",
                "Une salve : {0} du {1} au {2}.",
                &[attempts, from(i), html! { (page.words.day(s.last)) }],
            ),
        });
    }
    let Some((_, before, first, highest)) = strongest else {
        return Some(html! { a href="#surges" { (page.say(
            "The rate of attempts did not rise markedly during the period.",
            "Le rythme des tentatives n’a pas nettement augmenté pendant la période.",
        )) } });
    };
    // A level that goes on after a burst is no higher.
    if segments[first].rate == segments[highest].rate {
        return Some(page.sentence(
            "The rate surged from {0}: from {1} to {2} attempts a day.",
            "Le rythme a bondi à partir du {0} : de {1} à {2} tentatives par jour.",
            &[from(first), rate(before), rate(first)],
        ));
    }
    Some(page.sentence(
        "The rate surged from {0}, from {1} to {2} attempts a day, and reached {3} from {4}.",
        "Le rythme a bondi à partir du {0}, de {1} à {2} tentatives par jour, pour atteindre {3} à partir du {4}.",
        &[from(first), rate(before), rate(first), rate(highest), from(highest)],
    ))
}

fn outages(page: &Page) -> Markup {
    let n = page.gathered.all_outages;
    let value = page.words.count(n, ("time", "fois"), ("times", "fois"));
    let figure = cite::outages(page, &value);
    let minutes = page.gathered.outages.iter().fold(0, |sum: u64, (o, _)| sum.saturating_add(o.minutes));
    let minutes = html! { (page.words.count(minutes, ("minute", "minute"), ("minutes", "minutes"))) };
    if n as usize > page.gathered.outages.len() {
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
