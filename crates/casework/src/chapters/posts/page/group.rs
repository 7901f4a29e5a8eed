//! One group: who, how much, since when, how unlikely, what else it could be; then its pictures, each with its table.

use super::super::Page;
use super::{cite, duration};
use crate::chart::{self, Stacked, hours::Hours, network};
use crate::detail::Detail;
use crate::page::grounds::grounds;
use crate::page::{column, numbers};
use crate::show;
use jiff::civil::Date;
use maud::{Markup, html};
use model::Time;
use rows::posts::Coordination;
use std::collections::BTreeMap;

/// Rows of a table shown.
const ROWS: usize = 12;
/// Members listed.
const MEMBERS: usize = 300;
/// Days in the picture of hours, and days read.
const DAYS: usize = 31;
const CALENDAR: usize = 366;

/// The group's article.
pub fn told(page: &Page, n: usize, d: &Detail, group: &Coordination) -> Markup {
    html! {
        article.group id=(format!("g-{n}")) {
            h3 { (page.say("Group", "Groupe")) " " (n) " – " (page.words.prose(&d.finding.title, 200)) }
            p { (who(page, n, d, group)) }
            p { (chance(page, n, d, group.p)) " " (first(page, group)) }
            (innocent(page, group))
            (ties(page, n, group))
            (over_time(page, n, group))
            (rhythm(page, n, group))
            (objects(page, group))
            (members(page, group))
            (grounds(page, d))
        }
    }
}

fn who(page: &Page, n: usize, d: &Detail, group: &Coordination) -> Markup {
    let words = page.words;
    let id = d.finding.id();
    let figure = |key: &str, value: String, what: (&str, &str), how: (&str, &str)| {
        let of = |word: &str, group: &str| format!("{word}, {group} {n}");
        let what = (of(what.0, "group"), of(what.1, "groupe"));
        cite(page, &format!("{n}-{key}"), &value, (&what.0, &what.1), how, &id)
    };
    let accounts = figure(
        "accounts",
        words.count(group.members.len() as u64, ("account", "compte"), ("accounts", "comptes")),
        ("accounts", "comptes"),
        ("Members of the group.", "Membres du groupe."),
    );
    let posts = figure(
        "posts",
        words.count(group.posts, ("post", "publication"), ("posts", "publications")),
        ("posts", "publications"),
        (
            "Posts in which members did the same thing at the same time.",
            "Publications par lesquelles des membres ont fait la même chose au même moment.",
        ),
    );
    let by: Vec<String> = group.by.iter().map(|b| words.text(&b.text())).collect();
    let by = match by.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} {} {last}", first.join(", "), page.say("and", "et")),
        None => String::new(),
    };
    let by = html! { (show::text(&by, 200)) };
    let window = html! { @match group.window {
        Some(window) => (page.say(
            &format!(" within {} of one another", duration(page, window as f64)),
            &format!(" à {} au plus les uns des autres", duration(page, window as f64)),
        )),
        None => {}
    } };
    let (Some(from), Some(to)) = (d.finding.first, d.finding.last) else {
        return page.sentence(
            "{0} shared {1}{2}: {3} in all.",
            "{0} ont partagé {1}{2} : {3} en tout.",
            &[accounts, by, window, posts],
        );
    };
    let parts = [
        accounts,
        by,
        window,
        posts,
        html! { (words.moment(from, &page.zone)) },
        html! { (words.moment(to, &page.zone)) },
    ];
    page.sentence(
        "{0} shared {1}{2}: {3} in all, from {4} to {5}.",
        "{0} ont partagé {1}{2} : {3} en tout, du {4} au {5}.",
        &parts,
    )
}

fn chance(page: &Page, n: usize, d: &Detail, p: f64) -> Markup {
    let value = probability(page, p);
    let figure = cite(
        page,
        &format!("{n}-p"),
        &value,
        (&format!("chance, group {n}"), &format!("hasard, groupe {n}")),
        (
            "Probability that accounts as active and things as popular as these would meet as often by chance, corrected for everything that was looked at.",
            "Probabilité que des comptes aussi actifs et des objets aussi populaires se rencontrent autant par hasard, corrigée de tout ce qui a été examiné.",
        ),
        &d.finding.id(),
    );
    page.sentence(
        "Were each to post as much as it does but on its own, this would come about by chance with a probability of {0}.",
        "Si chacun publiait autant mais pour son compte, cela arriverait par hasard avec une probabilité de {0}.",
        &[figure],
    )
}

/// `0.004`, or `less than 1 in 1,000,000`.
fn probability(page: &Page, p: f64) -> String {
    let words = page.words;
    match p {
        p if p >= 0.001 => words.decimal(p, 3),
        p => {
            let n = (1.0 / p.max(1e-12)).log10().floor().clamp(3.0, 12.0) as u32;
            let n = words.number(10u64.pow(n));
            page.say(&format!("less than 1 in {n}"), &format!("moins de 1 sur {n}"))
        }
    }
}

fn first(page: &Page, group: &Coordination) -> Markup {
    let Some(first) = &group.first_mover else { return html! {} };
    match group.member(first) {
        Some(m) => page.sentence(
            "The first to move, most often, is {0}.",
            "Le premier à agir est le plus souvent {0}.",
            &[html! { b { (show::text(m.label(), 60)) } }],
        ),
        None => html! { (page.say(
            "The first to move is an account outside the group.",
            "Le premier à agir est un compte extérieur au groupe.",
        )) },
    }
}

fn innocent(page: &Page, group: &Coordination) -> Markup {
    if group.innocent.is_empty() {
        return html! {};
    }
    html! {
        p.reasons { (page.say("Innocent explanations considered", "Explications innocentes examinées")) }
        ul.reasons { @for tested in group.innocent.iter().take(ROWS) {
            li { (page.words.text(&tested.explanation.text())) " – " (page.words.text(&tested.outcome.text())) }
        } }
    }
}

fn ties(page: &Page, n: usize, group: &Coordination) -> Markup {
    let pairs: Vec<_> = group.pairs().collect();
    if pairs.is_empty() {
        return html! {};
    }
    // Most ties first, so that what a large group's picture leaves out is its edge.
    let mut weight = vec![0u64; group.members.len()];
    pairs.iter().for_each(|e| [e.0, e.1].into_iter().for_each(|m| weight[m] = weight[m].saturating_add(e.2)));
    let first = |m: usize| group.first_mover.as_ref() == Some(&group.members[m].account);
    let mut order: Vec<usize> = (0..group.members.len()).filter(|m| weight[*m] > 0 || first(*m)).collect();
    order.sort_by(|a, b| first(*b).cmp(&first(*a)).then(weight[*b].cmp(&weight[*a])).then(a.cmp(b)));
    order.truncate(network::MOST);
    order.sort_unstable();
    let nodes = order
        .iter()
        .map(|&m| {
            let member = &group.members[m];
            network::Node { name: show::plain(member.label(), 24), size: member.posts, first: first(m) }
        })
        .collect();
    let place = |m: usize| order.binary_search(&m).ok();
    let edges: Vec<(usize, usize, f64)> =
        pairs.iter().filter_map(|e| Some((place(e.0)?, place(e.1)?, e.2 as f64))).collect();
    let drawn = page.words.number(order.len() as u64);
    let lines = page.words.number(edges.len() as u64);
    let picture = network::Network {
        id: format!("ties-{n}"),
        title: page.say(&format!("Who acted with whom, group {n}"), &format!("Qui a agi avec qui, groupe {n}")),
        description: page.say(
            &format!("{drawn} accounts and {lines} ties; the table below lists the strongest."),
            &format!("{drawn} comptes et {lines} liens ; le tableau ci-dessous donne les plus forts."),
        ),
        nodes,
        edges,
    };
    let name = |m: usize| html! { code { (show::text(group.members[m].label(), 60)) } };
    let mut strongest = pairs;
    strongest.sort_by(|a, b| b.2.cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    html! {
        figure {
            div.scroll tabindex="0" role="group" aria-label=(picture.title) { (network::network(&picture)) }
            figcaption { (page.say(
                "A dot is an account, the larger the more it posted; a line, the same thing done at the same time, the thicker the more often. The square is the first to move.",
                "Un point est un compte, d’autant plus grand qu’il publie ; un trait, la même chose faite au même moment, d’autant plus épais que c’est fréquent. Le carré est le premier à agir.",
            )) @if group.members.len() > order.len() { " " (page.sentence(
                "{0} of {1} accounts are drawn.", "{0} comptes sur {1} sont dessinés.",
                &[html! { (drawn) }, html! { (page.words.number(group.members.len() as u64)) }],
            )) } }
        }
        details.data {
            summary { (page.say("The strongest ties as a table", "Les liens les plus forts en tableau")) }
            table.small {
                caption { (page.say("Pairs of accounts, how often they acted together, and the chance of it", "Paires de comptes, combien de fois ils ont agi ensemble, et la probabilité d’un hasard")) }
                (page.head(&[column("Account", "Compte"), column("with", "avec"), numbers("Times", "Fois"), numbers("Chance", "Hasard")]))
                tbody { @for (a, b, weight, p) in strongest.iter().take(40) { tr {
                    th scope="row" { (name(*a)) }
                    td { (name(*b)) }
                    td.num { (page.words.number(*weight)) }
                    td.num { (probability(page, *p)) }
                } } }
            }
        }
    }
}

/// The days on which the group posted, each with its hours, in the case's zone.
fn days(page: &Page, group: &Coordination) -> Vec<(Date, [u64; 24])> {
    let mut days: BTreeMap<Date, [u64; 24]> = BTreeMap::new();
    for (day, counts) in group.calendar.iter().take(CALENDAR) {
        let Ok(start) = format!("{day}T00:00:00Z").parse::<Time>() else { continue };
        for (hour, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let local = Time::from_seconds(start.seconds() + 3600 * hour as i64).in_zone(&page.zone);
            days.entry(local.date()).or_default()[usize::from(local.hour().unsigned_abs()) % 24] += n;
        }
    }
    days.into_iter().collect()
}

/// Posts over time: by hour, or by day where there are many.
fn over_time(page: &Page, n: usize, group: &Coordination) -> Markup {
    let days = days(page, group);
    if days.is_empty() {
        return html! {};
    }
    let by_hour = days.len() <= 8;
    let day = |date: Date| page.words.short_day(date);
    let columns: Vec<(String, u64)> = match by_hour {
        true => days
            .iter()
            .flat_map(|(d, hours)| {
                hours.iter().enumerate().map(|(h, n)| (format!("{} {h}\u{a0}h", day(*d)), *n)).collect::<Vec<_>>()
            })
            .collect(),
        false => days.iter().map(|(d, hours)| (day(*d), hours.iter().sum())).collect(),
    };
    let per = if by_hour { 24 } else { 1 };
    let every = (days.len() / 10).max(1);
    let ticks = days.iter().enumerate().step_by(every).map(|(i, (d, _))| (i * per, day(*d))).collect();
    let (most, when) = columns.iter().map(|(w, n)| (*n, w.clone())).max_by_key(|m| m.0).unwrap_or_default();
    let unit = if by_hour { page.say("hour", "heure") } else { page.say("day", "jour") };
    let most = page.words.number(most);
    let chart = Stacked {
        id: format!("timeline-{n}"),
        title: page.say(&format!("Posts per {unit}, group {n}"), &format!("Publications par {unit}, groupe {n}")),
        description: page.say(&format!("Most: {most}, {when}."), &format!("Maximum : {most}, {when}.")),
        height: 110.0,
        columns: columns
            .iter()
            .map(|(w, n)| format!("{w}{}{}", page.options.lang.colon(), page.words.number(*n)))
            .collect(),
        ticks,
        layers: vec![(page.say("posts", "publications"), columns.iter().map(|c| c.1).collect())],
        rest: false,
        level: Vec::new(),
        marks: Vec::new(),
    };
    html! { figure {
        div.scroll tabindex="0" role="group" aria-label=(chart.title) { (chart::stacked(&chart, page.words)) }
        figcaption { (chart.title) ". " (chart.description) }
    } }
}

/// Hours of the day, day by day; of all days together where days are not known.
fn rhythm(page: &Page, n: usize, group: &Coordination) -> Markup {
    let days = days(page, group);
    let (zone, all) = match days.is_empty() {
        true => (page.say("in UTC", "en UTC"), group.hours.to_vec()),
        false => (
            page.say("in the case's zone", "dans le fuseau du dossier"),
            (0..24).map(|h| days.iter().map(|(_, hours)| hours[h]).sum()).collect(),
        ),
    };
    let mut rows: Vec<(String, Vec<u64>)> =
        days.iter().rev().take(DAYS).rev().map(|(d, h)| (d.to_string(), h.to_vec())).collect();
    if rows.len() != 1 && !all.is_empty() {
        rows.push((page.say("all days", "tous les jours"), all));
    }
    let Some((_, last)) = rows.last() else { return html! {} };
    let quiet: Vec<String> = (0..24).filter(|h| last[*h] == 0).map(|h| h.to_string()).collect();
    let quiet = if quiet.is_empty() { page.say("none", "aucune") } else { quiet.join(", ") };
    let chart = Hours {
        id: format!("hours-{n}"),
        title: page
            .say(&format!("Hours of activity, group {n} ({zone})"), &format!("Heures d’activité, groupe {n} ({zone})")),
        description: page
            .say(&format!("Hours without a post: {quiet}."), &format!("Heures sans publication : {quiet}.")),
        rows,
    };
    html! {
        figure {
            div.scroll tabindex="0" role="group" aria-label=(chart.title) { (chart::hours::hours(&chart, page.words)) }
            figcaption { (chart.title) ". " (chart.description) }
        }
        details.data {
            summary { (page.say("The same as a table", "La même chose en tableau")) }
            div.wide tabindex="0" role="group" aria-label=(chart.title) { table.small {
                caption { (chart.title) }
                thead { tr {
                    th scope="col" { (page.say("Day", "Jour")) }
                    @for hour in 0..24 { th.num scope="col" { (hour) } }
                } }
                tbody { @for (name, counts) in &chart.rows { tr {
                    th scope="row" { (name) }
                    @for n in counts { td.num { (n) } }
                } } }
            } }
        }
    }
}

fn objects(page: &Page, group: &Coordination) -> Markup {
    if group.objects.is_empty() {
        return html! {};
    }
    html! { table.small {
        caption { (page.say("What they shared", "Ce qu’ils ont partagé")) }
        (page.head(&[column("Thing", "Objet"), numbers("Accounts", "Comptes"), numbers("Posts", "Publications")]))
        tbody { @for shared in group.objects.iter().take(ROWS) { tr {
            th scope="row" { code { (show::text(&shared.object, 160)) } }
            td.num { (page.words.number(shared.accounts)) }
            td.num { (page.words.number(shared.posts)) }
        } } }
    } }
}

fn members(page: &Page, group: &Coordination) -> Markup {
    let words = page.words;
    let pairs = |counts: &BTreeMap<String, u64>| {
        let mut list: Vec<(&String, &u64)> = counts.iter().collect();
        list.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        list.iter()
            .take(6)
            .map(|(w, n)| format!("{} ({})", show::plain(w, 30), words.number(**n)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    html! {
        p.quiet {
            @if !group.languages.is_empty() { (page.say("Languages: ", "Langues : ")) (pairs(&group.languages)) ". " }
            @if !group.created.is_empty() { (page.say("Days on which most were created: ", "Jours où le plus ont été créés : ")) (pairs(&group.created)) "." }
        }
        details.data {
            summary { (page.say("Members", "Membres")) " (" (words.number(group.members.len() as u64)) ")" }
            table.small {
                caption { (page.say("Members of the group", "Membres du groupe")) }
                (page.head(&[column("Account", "Compte"), column("Name", "Nom"), numbers("Posts", "Publications"), column("Created", "Créé")]))
                tbody { @for m in group.members.iter().take(MEMBERS) { tr {
                    th scope="row" { code { (show::text(&m.account, 60)) } }
                    td { (show::text(&m.name, 60)) }
                    td.num { (words.number(m.posts)) }
                    td.when { @if let Some(time) = m.created { (words.day(time.in_zone(&page.zone).date())) } @else { "–" } }
                } } }
            }
            @if group.members.len() > MEMBERS { p.quiet { (page.words.count((group.members.len() - MEMBERS) as u64, ("more in brief.json", "autre dans brief.json"), ("more in brief.json", "autres dans brief.json"))) } }
        }
    }
}
