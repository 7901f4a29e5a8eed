//! Platforms on the page: what failed whom and when, then each platform by region and in its worst hours.

use super::Page;
use crate::page::{Leaf, Place, Section, Source, column, numbers, told};
use crate::show;
use maud::{Markup, html};
use rows::Row as _;
use rows::reach::{Answers, Overview, Trouble};

/// Where it is told in full.
const LEAF: Leaf = Leaf { file: "reach.html", title: ("Could people vote", "Pouvait-on voter") };

/// Troubles told in full.
const OPEN: usize = 20;

/// The section, where a platform was watched.
pub fn section(page: &Page) -> Option<Section> {
    let all = page.gathered;
    if all.platforms.is_empty() && all.troubles.is_empty() {
        return None;
    }
    let markup = html! {
        p { (sentence(page)) }
        @if !all.troubles.is_empty() { (troubles(page)) }
        @for p in &all.platforms { (platform(page, &p.row)) }
        p.quiet { (page.say(
            "Regions are those to which addresses were assigned. Who could not connect stands in no log of the platform: that shows by absence alone, or to a probe (vigie probe). What became of votes cast online no log can show.",
            "Les régions sont celles auxquelles les adresses ont été attribuées. Qui n’a pu se connecter ne figure dans aucun journal de la plateforme\u{202f}: cela ne se voit que par son absence, ou par une sonde (vigie probe). Ce que sont devenus des votes en ligne, aucun journal ne peut le montrer.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "reach",
        title: ("Could people vote", "Pouvait-on voter"),
        markup,
    })
}

/// What was lost, and how often a platform failed people. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let all = page.gathered;
    let sum = |of: fn(&Answers) -> u64| all.platforms.iter().map(|p| of(&p.row.all)).sum::<u64>();
    let times = page.cite("reach-troubles", &page.words.count(all.all, ("time", "fois"), ("times", "fois")), || Source {
        what: page.say("times at which a platform failed people", "fois où une plateforme a fait défaut"),
        how: page.say(
            "Hours in which many lost what they asked for, regions whose people were missing, sign-ins refused to many, attempts from many sources, rounds of a probe that failed.",
            "Heures où beaucoup n’ont pas obtenu ce qu’ils demandaient, régions dont le public manquait, connexions refusées à beaucoup, tentatives de nombreuses sources, tours de sonde en échec.",
        ),
        rows: page.say("reach in brief.json", "reach dans brief.json"),
        opens: Vec::new(),
        find: format!("detector:{}", Trouble::NAME),
    });
    let platforms =
        page.words.count(all.platforms.len() as u64, ("platform", "plateforme"), ("platforms", "plateformes"));
    page.sentence(
        "Could people vote: {0} watched; {1} of {2} requests were lost; platforms failed people {3}.",
        "Pouvait-on voter : {0} sous observation ; {1} requêtes perdues sur {2} ; les plateformes ont fait défaut {3}.",
        &[
            html! { (platforms) },
            html! { (page.words.number(sum(Answers::lost))) },
            html! { (page.words.number(sum(|a| a.requests))) },
            times,
        ],
    )
}

fn troubles(page: &Page) -> Markup {
    let words = page.words;
    html! {
        h3 { (page.say("When platforms failed people", "Quand les plateformes ont fait défaut")) }
        table.small {
            (page.head(&[column("From", "Depuis"), column("Platform", "Plateforme"), column("Region", "Région"), column("How", "Comment"), numbers("Asked", "Demandes"), numbers("Lost", "Perdues"), numbers("Elsewhere, of 1,000", "Ailleurs, sur 1\u{202f}000")]))
            tbody { @for t in &page.gathered.troubles { tr {
                td.when { @if let Some(first) = t.detail.finding.first { (words.moment(first, &page.zone)) } }
                th scope="row" { (show::text(&t.row.platform, 80)) }
                td { @if t.row.region.is_empty() { (page.say("all", "toutes")) } @else { (show::text(&t.row.region, 40)) } }
                td { (words.text(&t.row.how.text())) }
                td.num { (words.number(t.row.asked)) }
                td.num { (words.number(t.row.lost)) }
                td.num { @if let Some(n) = t.row.elsewhere { (words.number(n)) } @else { "–" } }
            } } }
        }
        @for t in page.gathered.troubles.iter().take(OPEN) {
            details {
                summary { (page.words.prose(&t.detail.finding.title, 200)) }
                (told::body(page, &t.detail, &told::facts(page, &t.detail), 0))
            }
        }
    }
}

fn answers(page: &Page, a: &Answers) -> Markup {
    let words = page.words;
    html! {
        @for n in [a.requests, a.busy, a.errors, a.gone, a.refused, a.hostile] { td.num { (words.number(n)) } }
    }
}

fn platform(page: &Page, p: &Overview) -> Markup {
    let words = page.words;
    let head = |first| {
        page.head(&[
            first,
            numbers("Requests", "Requêtes"),
            numbers("Told to wait", "Mises en attente"),
            numbers("Server errors", "Erreurs du serveur"),
            numbers("Ended before the answer", "Interrompues"),
            numbers("Refused", "Refusées"),
            numbers("Hostile", "Hostiles"),
        ])
    };
    html! {
        h3 { (show::text(&p.platform, 80)) }
        @if p.all.requests + p.all.hostile > 0 {
            table.small {
                (head(column("Region", "Région")))
                tbody { @for (region, a) in &p.regions { tr { th scope="row" { (show::text(region, 40)) } (answers(page, a)) } } }
            }
        }
        @if !p.worst.is_empty() {
            details.data {
                summary { (page.say("The hours in which most was lost", "Les heures où le plus a été perdu")) }
                table.small {
                    (head(column("Hour", "Heure")))
                    tbody { @for (at, a) in &p.worst { tr { th.when scope="row" { (words.moment(*at, &page.zone)) } (answers(page, a)) } } }
                }
            }
        }
        @if !p.probes.is_empty() {
            table.small {
                (page.head(&[column("Probe from", "Sonde depuis"), numbers("Steps", "Étapes"), numbers("Served", "Servies")]))
                tbody { @for (from, steps, served) in &p.probes { tr {
                    th scope="row" { (show::text(from, 80)) }
                    td.num { (words.number(*steps)) }
                    td.num { (words.number(*served)) }
                } } }
            }
        }
    }
}
