//! The count on the page: per race what minutes confirm, the night as it was published, what does not agree.

use super::{Page, map};
use crate::chart::{self, Sign, Stacked};
use crate::detail::{Kept, LISTED};
use crate::page::{Leaf, Place, Section, Source, column, numbers, told};
use crate::show;
use maud::{Markup, html};
use model::Severity;
use rows::Row as _;
use rows::station_minutes::{Coverage, Discrepancy, Figure, Level};
use std::collections::BTreeMap;

/// Its page.
const LEAF: Leaf = Leaf { file: "count.html", title: ("The count", "Le dépouillement") };

/// Rows shown at once; the rest folds away.
const OPEN: usize = 20;
/// Candidates told apart in a picture; the others are one.
const CANDIDATES: usize = 5;
/// Snapshots in a picture and a table.
const NIGHT: usize = 200;

/// The section, where votes were counted.
pub fn section(page: &Page) -> Option<Section> {
    let counted = page.gathered;
    if counted.contests.is_empty() {
        return None;
    }
    let markup = html! {
        p { (sentence(page)) }
        @for (n, contest) in counted.contests.iter().enumerate() { (race(page, n, &contest.row)) }
        @if !counted.discrepancies.is_empty() { (discrepancies(page)) }
        (audits(page))
        (map::map(page))
        (forensics(page))
        @if !counted.discrepancies.is_empty() { (why(page)) }
        p.quiet { (page.say(
            "Minutes show what happened from the count on: nothing of what went before it, nor of votes cast online or by machine. A difference is no proof of fraud: most are slips of copying, and the sheet of minutes decides.",
            "Les procès-verbaux montrent ce qui suit le dépouillement : rien de ce qui le précède, ni des votes en ligne ou par machine. Une différence ne prouve pas la fraude : la plupart sont des fautes de copie, et le procès-verbal tranche.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "count",
        title: ("The count", "Le dépouillement"),
        markup,
    })
}

fn cite(page: &Page, id: &str, what: (&str, &str), how: (&str, &str), value: &str) -> Markup {
    page.cite(&format!("count-{id}"), value, || Source {
        what: page.say(what.0, what.1),
        how: page.say(how.0, how.1),
        rows: page.say(
            "station_minutes in brief.json; all discrepancies in discrepancies.csv",
            "station_minutes dans brief.json ; toutes les discordances dans discrepancies.csv",
        ),
        opens: Vec::new(),
        find: match id {
            "discrepancies" => format!("detector:{}", Discrepancy::NAME),
            "decisive" => format!("detector:{} count:decisive", Discrepancy::NAME),
            _ => format!("detector:{}", Coverage::NAME),
        },
    })
}

fn all(page: &Page) -> Markup {
    let n = page.gathered.count(Severity::Info);
    cite(
        page,
        "discrepancies",
        ("discrepancies of the count", "discordances du dépouillement"),
        (
            "Figures of minutes, results and snapshots that should be one and are not; each once, where it begins.",
            "Chiffres de procès-verbaux, de résultats et d’états successifs qui devraient être les mêmes et ne le sont pas ; chacun une fois, là où il commence.",
        ),
        &page.words.count(n, ("discrepancy", "discordance"), ("discrepancies", "discordances")),
    )
}

/// That the result itself is at stake.
pub fn decisive(page: &Page) -> Markup {
    let n = cite(
        page,
        "decisive",
        ("discrepancies that could change the result", "discordances qui pourraient changer le résultat"),
        (
            "Discrepancies that move at least as many votes as the margin that decides.",
            "Discordances qui déplacent au moins autant de voix que l’écart qui décide.",
        ),
        &page.words.number(page.gathered.decisive),
    );
    let first = page.gathered.discrepancies.first();
    let first = first.map(|d| page.words.prose(&d.detail.finding.title, 160)).unwrap_or_default();
    page.sentence(
        "Of {0} in the count, {1} could change the result, first: {2}. The paper decides.",
        "Sur {0} du dépouillement, {1} pourraient changer le résultat, d’abord : {2}. Le papier tranche.",
        &[all(page), n, html! { a href="#count" { (first) } }],
    )
}

/// How much is confirmed, and what does not agree. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let sum = |of: fn(&Coverage) -> u64| page.gathered.contests.iter().map(|c| of(&c.row)).sum::<u64>();
    let (stations, with) = (sum(|c| c.stations), sum(|c| c.with_minutes));
    let whole = page.words.count(
        page.gathered.contests.len() as u64,
        ("race was held against itself", "scrutin a été confronté à lui-même"),
        ("races were held against themselves", "scrutins ont été confrontés à eux-mêmes"),
    );
    let minutes = cite(
        page,
        "minutes",
        ("stations with minutes", "bureaux avec procès-verbal"),
        (
            "Stations whose minutes are among the evidence, over all races.",
            "Bureaux dont le procès-verbal est parmi les pièces, tous scrutins confondus.",
        ),
        &page.words.number(with),
    );
    let parts = [html! { (whole) }, all(page), minutes, html! { (page.words.number(stations)) }];
    if with == 0 {
        return page.sentence(
            "The count: {0}, level against level: {1}; no minutes of stations are among the evidence.",
            "Le dépouillement : {0}, niveau par niveau : {1} ; aucun procès-verbal de bureau n’est parmi les pièces.",
            &parts,
        );
    }
    page.sentence(
        "The count: {0}: {1}; minutes of {2} of {3} stations are there.",
        "Le dépouillement : {0} : {1} ; les procès-verbaux de {2} bureaux sur {3} sont là.",
        &parts,
    )
}

/// The name of a race.
fn name(page: &Page, contest: &str) -> Markup {
    match contest {
        "" => html! { (page.say("The result", "Le résultat")) },
        name => show::text(name, 120),
    }
}

/// A figure or a candidate, as it is told.
fn figure(page: &Page, word: &str) -> Markup {
    word.parse::<Figure>().map_or_else(|_| show::text(word, 80), |f| html! { (page.words.text(&f.text())) })
}

fn race(page: &Page, n: usize, c: &Coverage) -> Markup {
    let words = page.words;
    let kinds = page.gathered.kinds(&c.contest);
    html! {
        h3 { (name(page, &c.contest)) }
        (totals(page, c))
        @for m in &c.margins { p { (page.sentence(
            "{0} is before {1} by {2} votes.", "{0} devance {1} de {2} voix.",
            &[show::text(&m.winner, 80), show::text(&m.loser, 80), html! { (words.number(m.votes)) }],
        )) } }
        @if c.with_minutes > 0 { (coverage(page, c)) }
        @if !kinds.is_empty() {
            table.small {
                caption { (page.say("What does not agree, by kind", "Ce qui ne concorde pas, par nature")) }
                (page.head(&[column("Kind", "Nature"), numbers("How many", "Combien")]))
                tbody { @for (kind, n) in &kinds { tr {
                    th scope="row" { (words.text(&kind.text())) }
                    td.num { (words.number(*n)) }
                } } }
            }
        }
        @if c.night.len() > 1 { (night(page, n, c)) }
    }
}

/// The whole, figure by figure.
fn totals(page: &Page, c: &Coverage) -> Markup {
    let Some(widest) = c.totals.iter().map(|t| t.0).max() else { return html! {} };
    let areas: Vec<&(Level, String, String, u64)> = c.totals.iter().filter(|t| t.0 == widest).collect();
    let first = areas.first().map_or("", |t| t.1.as_str());
    let mut told: Vec<(&str, u64)> = areas.iter().filter(|t| t.1 == first).map(|t| (t.2.as_str(), t.3)).collect();
    told.sort_by_key(|(word, votes)| match word.parse::<Figure>() {
        Ok(figure) => (0, figure as u64),
        Err(_) => (1, u64::MAX - votes),
    });
    html! {
        table.small {
            caption { (page.say("The result as it is published, or the sum of its parts", "Le résultat tel que publié, ou la somme de ses parties")) }
            (page.head(&[column("", ""), numbers("Votes", "Voix")]))
            tbody { @for (word, votes) in told.iter().take(40) { tr {
                th scope="row" { (figure(page, word)) }
                td.num { (page.words.number(*votes)) }
            } } }
        }
    }
}

fn coverage(page: &Page, c: &Coverage) -> Markup {
    let words = page.words;
    html! {
        p {
            (page.sentence(
                "Minutes of {0} of {1} stations are there; those of {2} say what is published, which confirms {3} of {4} valid votes.",
                "Les procès-verbaux de {0} bureaux sur {1} sont là ; ceux de {2} disent ce qui est publié, ce qui confirme {3} suffrages exprimés sur {4}.",
                &[c.with_minutes, c.stations, c.confirmed, c.votes_confirmed, c.votes].map(|n| html! { (words.number(n)) }),
            ))
            " "
            @if c.settled { (page.say(
                "Whatever is in the stations that are not confirmed, the result stands.",
                "Quoi qu’il y ait dans les bureaux non confirmés, le résultat tient.",
            )) } @else { (page.say(
                "What is not confirmed could still change the result.",
                "Ce qui n’est pas confirmé pourrait encore changer le résultat.",
            )) }
        }
        p.quiet {
            (page.say("Whose minutes: ", "De qui : "))
            @for (i, (who, n)) in c.by.iter().take(12).enumerate() { @if i > 0 { ", " } (show::text(who, 80)) " (" (words.number(*n)) ")" }
        }
        @if !c.next.is_empty() {
            details.data {
                summary { (page.say("What to collect next, the largest effect first", "À collecter ensuite, le plus grand effet d’abord")) }
                table.small {
                    (page.head(&[column("Station", "Bureau"), column("Name", "Nom"), numbers("Valid votes", "Exprimés")]))
                    tbody { @for (area, name, votes) in &c.next { tr {
                        th scope="row" { (show::text(area, 80)) }
                        td { @if name != area { (show::text(name, 80)) } }
                        td.num { (words.number(*votes)) }
                    } } }
                }
            }
        }
    }
}

/// The night: votes counted by snapshot, and where the earliest wrong uploads are.
fn night(page: &Page, n: usize, c: &Coverage) -> Markup {
    let words = page.words;
    let shown = &c.night[..c.night.len().min(NIGHT)];
    let mut votes: BTreeMap<&str, u64> = BTreeMap::new();
    votes.extend(shown.last().into_iter().flat_map(|(_, _, v)| v).map(|(who, n)| (who.as_str(), *n)));
    let mut order: Vec<&str> = votes.keys().copied().collect();
    order.sort_by_key(|who| (std::cmp::Reverse(votes[who]), *who));
    let (told, rest) = order.split_at(order.len().min(CANDIDATES));
    let of = |who: &str| shown.iter().map(|(_, _, v)| v.get(who).copied().unwrap_or(0)).collect::<Vec<u64>>();
    let mut layers: Vec<(String, Vec<u64>)> = told.iter().map(|who| (show::plain(who, 60), of(who))).collect();
    if !rest.is_empty() {
        let others = shown.iter().map(|(_, _, v)| rest.iter().filter_map(|who| v.get(*who)).sum()).collect();
        layers.push((page.say("others", "autres"), others));
    }
    let when = |u: &rows::station_minutes::Upload| u.time.map_or_else(String::new, |t| words.moment(t, &page.zone));
    let mut wrong: BTreeMap<usize, u64> = BTreeMap::new();
    for d in page.gathered.discrepancies.iter().filter(|d| d.row.contest == c.contest) {
        let since = d.row.since.as_ref().and_then(|s| shown.iter().position(|(u, _, _)| u.time == s.time));
        since.into_iter().for_each(|at| *wrong.entry(at).or_default() += 1);
    }
    let every = shown.len().div_ceil(6);
    let title = page.say("Votes published, by snapshot", "Voix publiées, par état successif");
    let chart = Stacked {
        id: format!("night-{n}"),
        description: format!(
            "{title}: {}",
            shown.iter().map(|(u, k, _)| format!("{} {k}", when(u))).collect::<Vec<_>>().join(", ")
        ),
        title,
        height: 200.0,
        columns: shown.iter().map(|(u, _, _)| when(u)).collect(),
        ticks: (0..shown.len()).step_by(every).map(|i| (i, when(&shown[i].0))).collect(),
        rest: !rest.is_empty(),
        layers,
        level: Vec::new(),
        marks: wrong
            .iter()
            .take(6)
            .map(|(at, n)| {
                let text = words.count(
                    *n,
                    ("wrong from here", "faux à partir d’ici"),
                    ("wrong from here", "faux à partir d’ici"),
                );
                (*at, Sign::Change, text)
            })
            .collect(),
    };
    html! {
        figure { (chart::stacked(&chart, words)) (chart::legend(&chart, &[])) }
        details.data {
            summary { (page.say("The night as a table", "La nuit en tableau")) }
            table.small {
                (page.head(&[column("Time", "Heure"), column("File", "Fichier"), numbers("Areas", "Zones"), numbers("First", "Premier"), numbers("Second", "Second"), numbers("Wrong from here", "Faux dès ici")]))
                tbody { @for (at, (u, areas, v)) in shown.iter().enumerate() { tr {
                    th.when scope="row" { (when(u)) }
                    td { (show::text(&u.source, 80)) }
                    td.num { (words.number(*areas)) }
                    @for place in 0..2 { td.num { @if let Some(who) = order.get(place) { (words.number(v.get(*who).copied().unwrap_or(0))) } } }
                    td.num { @if let Some(n) = wrong.get(&at) { (words.number(*n)) } @else { "–" } }
                } } }
            }
        }
    }
}

fn discrepancies(page: &Page) -> Markup {
    let list = &page.gathered.discrepancies;
    let count = page.gathered.count(Severity::Low);
    let (open, folded) = list.split_at(if list.len() <= OPEN + 4 { list.len() } else { OPEN });
    html! {
        h3 { (page.say("What does not agree", "Ce qui ne concorde pas")) }
        (table(page, open))
        @if !folded.is_empty() {
            details.data {
                summary { (page.words.count(folded.len() as u64, ("more", "autre"), ("more", "autres"))) }
                (table(page, folded))
            }
        }
        @if count > LISTED as u64 { p { (page.sentence(
            "The {0} gravest of {1} are shown; all stand in discrepancies.csv, beside this page.",
            "Les {0} plus graves sur {1} sont montrées ; toutes figurent dans discrepancies.csv, à côté de cette page.",
            &[html! { (page.words.number(LISTED as u64)) }, html! { (page.words.number(count)) }],
        )) } }
    }
}

fn table(page: &Page, rows: &[Kept<Discrepancy>]) -> Markup {
    let words = page.words;
    let value = |n: Option<u64>| n.map_or_else(|| "–".to_string(), |n| words.number(n));
    html! {
        table.small {
            (page.head(&[column("Area", "Zone"), column("Kind", "Nature"), column("Held right → published", "Tenu pour juste → publié"), numbers("Votes moved", "Voix déplacées"), column("Could change the result", "Pourrait changer le résultat"), column("Since", "Depuis")]))
            tbody { @for d in rows { tr {
                @let d = &d.row;
                th scope="row" {
                    (words.text(&d.level.text())) " " (show::text(&d.area, 60))
                    @if !d.name.is_empty() && d.name != d.area { br; span.quiet { (show::text(&d.name, 80)) } }
                }
                td { (words.text(&d.kind.text())) }
                td {
                    @for (i, f) in d.figures.iter().take(4).enumerate() {
                        @if i > 0 { br; }
                        (figure(page, &f.figure)) " " (value(f.expected)) " → " (value(f.found))
                    }
                    @if d.figures.len() > 4 { ", …" }
                }
                td.num { (words.number(d.swing)) }
                td { @if d.could_change_result { strong { (page.say("yes", "oui")) } } @else { (page.say("no", "non")) } }
                td.when { @if let Some(t) = d.since.as_ref().and_then(|u| u.time) { (words.moment(t, &page.zone)) } @else { "–" } }
            } } }
        }
    }
}

/// Audits of the paper, each round of them.
fn audits(page: &Page) -> Markup {
    let words = page.words;
    html! {
        @for a in &page.gathered.audits {
            @let a = &a.row;
            h3 { (page.say("Audit of the paper: ", "Audit des bulletins\u{202f}: ")) (name(page, &a.contest)) }
            @if a.winner.is_empty() { p { (page.sentence(
                "Stations drawn by a public seed were counted again (Kaplan–Markov); the risk of confirming a wrong outcome is {0} after the last round, {1} at most is wanted.",
                "Des bureaux tirés par une graine publique ont été recomptés (Kaplan–Markov) ; le risque de confirmer un résultat faux est de {0} après le dernier tour, {1} au plus est admis.",
                &[html! { (page.decimal(a.risk, 4)) }, html! { (page.decimal(a.risk_limit, 2)) }],
            )) } } @else { p { (page.sentence(
                "By {0}, {1} is reported to have won; the risk of confirming a wrong outcome is {2} after the last round, {3} at most is wanted.",
                "Selon la méthode {0}, {1} est annoncé vainqueur ; le risque de confirmer un résultat faux est de {2} après le dernier tour, {3} au plus est admis.",
                &[show::text(&a.method.to_uppercase(), 20), show::text(&a.winner, 80), html! { (page.decimal(a.risk, 4)) }, html! { (page.decimal(a.risk_limit, 2)) }],
            )) } }
            table.small {
                (page.head(&[column("Round", "Tour"), column("File", "Fichier"), column("Ballots drawn", "Bulletins tirés"), numbers("Risk after it", "Risque ensuite"), column("Stop", "Arrêter")]))
                tbody { @for r in &a.rounds { tr {
                    th scope="row" { (show::text(&r.round, 40)) }
                    td { (show::text(&r.source, 80)) }
                    td { @for (i, (who, n)) in r.ballots.iter().take(8).enumerate() { @if i > 0 { ", " } (show::text(who, 60)) " " (words.number(*n)) } @if r.ballots.len() > 8 { ", …" } }
                    td.num { (page.decimal(r.risk, 4)) }
                    td { @if r.stop { strong { (page.say("yes", "oui")) } } @else { (page.say("no", "non")) } }
                } } }
            }
            @if a.conflicts > 0 { p { (page.say("A round is told in two ways: the first holds.", "Un tour est dit de deux façons\u{202f}: la première vaut.")) } }
        }
    }
}

/// What statistics say, each with how often honest elections look the same.
fn forensics(page: &Page) -> Markup {
    let words = page.words;
    html! {
        @for f in &page.gathered.forensics {
            h3 { (page.say("What statistics say: ", "Ce que disent les statistiques : ")) (name(page, &f.row.contest)) }
            p { (page.sentence(
                "{0} tests were asked of {1} areas; {2} are unusual. Each also calls some honest elections unusual: none of it accuses anybody, it says where to look at minutes first.",
                "{0} tests ont été faits sur {1} zones ; {2} sont inhabituels. Chacun trouve aussi inhabituelles des élections honnêtes : rien de cela n’accuse, cela dit où regarder d’abord les procès-verbaux.",
                &[html! { (words.number(f.row.tests.len() as u64)) }, html! { (words.number(f.row.units)) }, html! { (words.number(f.row.unusual)) }],
            )) }
            table.small {
                (page.head(&[column("Test", "Test"), column("Of", "De"), numbers("Areas", "Zones"), numbers("Measured", "Mesuré"), numbers("By chance alone", "Par le seul hasard"), column("Unusual", "Inhabituel"), column("Unusual in honest elections", "Inhabituel en élections honnêtes")]))
                tbody { @for t in &f.row.tests { tr {
                    th scope="row" { (words.text(&t.test.text())) }
                    td { (figure(page, &t.of)) }
                    td.num { (words.number(t.units)) }
                    td.num { (page.decimal(t.statistic, 2)) }
                    td.num { @if let Some(p) = t.chance { (page.decimal(p, 3)) } @else { "–" } }
                    td {
                        @if t.unusual { strong { (page.say("yes", "oui")) } } @else { (page.say("no", "non")) }
                        @for area in t.areas.iter().take(6) { " " span.quiet { (show::text(area, 40)) } }
                    }
                    td { (words.number(t.honest.0)) " " (page.say("of", "sur")) " " (words.number(t.honest.1)) }
                } } }
            }
        }
    }
}

/// The gravest in full, after the table.
fn why(page: &Page) -> Markup {
    html! {
        h3 { (page.say("The gravest, with their evidence", "Les plus graves, avec leurs pièces")) }
        @for d in page.gathered.discrepancies.iter().take(OPEN) {
            details {
                summary { (page.words.prose(&d.detail.finding.title, 160)) }
                (told::body(page, &d.detail, &told::facts(page, &d.detail), 0))
            }
        }
    }
}
