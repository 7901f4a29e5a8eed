//! Decoy addresses: names made to look like what the case protects, the infrastructure that joins them, and names that
//! somebody else holds to be bad and that were met. Severities are told by the scores they come from.

use super::{Kept, Page};
use crate::chart::{self, Link};
use crate::detail::LISTED;
use crate::page::{Answer, Asks, Leaf, Place, Section, Source, column, numbers, told};
use crate::show;
use maud::{Markup, html};
use model::Severity;
use rows::Row as _;
use rows::names::{Cluster, KnownBad, Lookalike, Technique};

/// Its page.
const LEAF: Leaf = Leaf { file: "decoys.html", title: ("Decoy addresses", "Adresses-leurres") };

/// Rows shown at once; the rest folds away.
const OPEN: usize = 20;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let names = page.gathered;
    if names.is_empty() {
        return None;
    }
    let markup = html! {
        p { (sentence(page)) }
        @if !names.lookalikes.is_empty() { (lookalikes(page)) }
        @if !names.floods.is_empty() { (floods(page)) }
        @if !names.clusters.is_empty() {
            h3 { (page.say("Names of one hand", "Noms d’une même main")) }
            @for (n, cluster) in names.clusters.iter().enumerate() { (one_cluster(page, n, cluster)) }
        }
        @if !names.sightings.is_empty() { (sightings(page)) }
        @if !names.lookalikes.is_empty() { (why(page)) }
        p.quiet { (page.say(
            "A name that resembles another may be innocent: the reasons for and against stand with each. Nothing was asked of these names or their servers.",
            "Un nom qui ressemble à un autre peut être innocent : les raisons pour et contre figurent avec chacun. Rien n’a été demandé à ces noms ni à leurs serveurs.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "decoys",
        title: ("Decoy addresses", "Adresses-leurres"),
        markup,
    })
}

fn cite(page: &Page, detector: &str, what: (&str, &str), how: (&str, &str), value: &str) -> Markup {
    page.cite(&format!("names-{detector}"), value, || Source {
        what: page.say(what.0, what.1),
        how: page.say(how.0, how.1),
        rows: page.say(
            &format!("names in brief.json; vigie findings DIR --all (detector names/{detector})"),
            &format!("names dans brief.json ; vigie findings DIR --all (détecteur names/{detector})"),
        ),
        opens: Vec::new(),
        find: match detector.strip_suffix("-high") {
            Some(detector) => format!("detector:names/{detector} severity>=high"),
            None => format!("detector:names/{detector} severity>=low"),
        },
    })
}

fn decoys(page: &Page, n: u64) -> Markup {
    cite(
        page,
        "lookalike",
        ("decoy addresses", "adresses-leurres"),
        (
            "Registrable domains that resemble something protected, at low or above; one domain counts once.",
            "Domaines enregistrables qui ressemblent à ce qui est protégé, de gravité faible ou plus ; un domaine compte une fois.",
        ),
        &page.words.count(n, ("decoy address", "adresse-leurre"), ("decoy addresses", "adresses-leurres")),
    )
}

/// How many decoys there are.
pub fn answer(page: &Page) -> Option<Answer> {
    let n = page.gathered.count(Lookalike::NAME, Severity::Low);
    (n > 0).then(|| Answer { asks: Asks::What, alarm: false, markup: html! { (decoys(page, n)) "." } })
}

/// How many look-alikes, of which how many are serious; clusters; sightings. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let names = page.gathered;
    let words = page.words;
    let count = |detector: &str, least: Severity| names.count(detector, least);
    let lookalikes = count(Lookalike::NAME, Severity::Low);
    let high = count(Lookalike::NAME, Severity::High);
    let clusters = count(Cluster::NAME, Severity::Low);
    let sightings = count(KnownBad::NAME, Severity::Low);
    let told = (lookalikes + clusters > 0).then(|| page.sentence(
        "Names were found that pose as ours or as services we log into: {0}, of which {1} with a score that leaves little doubt; {2}.",
        "Des noms se font passer pour les nôtres ou pour des services où l’on se connecte : {0}, dont {1} d’un score qui laisse peu de doute ; {2}.",
        &[
            decoys(page, lookalikes),
            cite(
                page,
                "lookalike-high",
                ("of them high", "dont graves"),
                ("Those of severity high: a score of 80 or more.", "Ceux de gravité élevée : un score de 80 ou plus."),
                &words.number(high),
            ),
            cite(
                page,
                "cluster",
                ("groups of names of one hand", "groupes de noms d’une même main"),
                (
                    "Names that share a registrant, a certificate or an address with a decoy, or two lesser things.",
                    "Noms qui partagent avec un leurre un titulaire, un certificat ou une adresse, ou deux choses moindres.",
                ),
                &words.count(clusters, ("group of one hand", "groupe d’une même main"), ("groups of one hand", "groupes d’une même main")),
            ),
        ],
    ));
    // Without a list nobody knows that none was met.
    let known = (sightings > 0).then(|| {
        let value =
            words.count(sightings, ("known bad name", "nom déjà signalé"), ("known bad names", "noms déjà signalés"));
        page.sentence(
            "{0} met in the evidence.",
            "Dans les pièces : {0}.",
            &[cite(
                page,
                "indicator",
                ("known bad names that were met", "noms connus pour malveillants et rencontrés"),
                (
                    "Domains met in the evidence that a list of indicators holds to be bad.",
                    "Domaines rencontrés dans les pièces qu’une liste d’indicateurs tient pour malveillants.",
                ),
                &value,
            )],
        )
    });
    let more: u64 = names.floods.iter().map(|f| f.row.count).sum();
    html! {
        @if let Some(told) = told { (told) }
        @if let Some(known) = known { " " (known) }
        @if more > 0 { " " (page.sentence(
            "Besides, {0} look like them, made by the thousand.",
            "Outre cela, {0} leur ressemblent, fabriqués par milliers.",
            &[cite(
                page,
                "flood",
                ("domains in floods", "domaines d’afflux"),
                (
                    "Registrable domains of patterns with so many that only the most telling are told one by one.",
                    "Domaines enregistrables de motifs si nombreux que seuls les plus parlants sont dits un par un.",
                ),
                &words.count(more, ("domain", "domaine"), ("domains", "domaines")),
            )],
        )) }
    }
}

fn lookalikes(page: &Page) -> Markup {
    let list = &page.gathered.lookalikes;
    let all = page.gathered.count(Lookalike::NAME, Severity::Low);
    let (open, folded) = list.split_at(if list.len() <= OPEN + 4 { list.len() } else { OPEN });
    html! {
        (table(page, open, &page.say("Names made to look like ours", "Noms faits pour ressembler aux nôtres")))
        @if !folded.is_empty() {
            details.data {
                summary { (page.words.count(folded.len() as u64, ("more name", "nom de plus"), ("more names", "noms de plus"))) }
                (table(page, folded, &page.say("Names made to look like ours (continued)", "Noms faits pour ressembler aux nôtres (suite)")))
            }
        }
        @if all > list.len() as u64 { p { (page.sentence(
            "The {0} gravest of {1} are shown.", "Les {0} plus graves sur {1} sont montrés.",
            &[html! { (page.words.number(LISTED as u64)) }, html! { (page.words.number(all)) }],
        )) } }
    }
}

/// The gravest in full, after the tables: one need not scroll past them.
fn why(page: &Page) -> Markup {
    html! {
        h3 { (page.say("Why each is held to be a decoy", "Pourquoi chacun est tenu pour un leurre")) }
        @for d in page.gathered.lookalikes.iter().take(OPEN) {
            details id=(anchor(d)) {
                summary { code { (show::text(&d.row.domain, 120)) } " – " (page.say("reasons and evidence", "raisons et pièces")) }
                (told::body(page, &d.detail, &told::facts(page, &d.detail), 0))
            }
        }
    }
}

fn anchor(d: &Kept<Lookalike>) -> String {
    format!("d-{}", crate::page::anchor(&d.row.domain))
}

fn table(page: &Page, rows: &[Kept<Lookalike>], caption: &str) -> Markup {
    html! {
        table.small {
            caption { (caption) }
            (page.head(&[column("Name", "Nom"), numbers("Score", "Score"), column("Imitates", "Imite"), column("How", "Comment"), column("Registered", "Enregistré"), column("First seen", "Vu dès")]))
            tbody { @for d in rows { tr {
                th scope="row" {
                    @let name = html! { code { (show::text(&d.row.domain, 120)) } };
                    @if page.gathered.lookalikes.iter().take(OPEN).any(|o| o.row.domain == d.row.domain) {
                        a href=(format!("#{}", anchor(d))) { (name) }
                    } @else { (name) }
                    @if let Some(shown) = &d.row.shown { " " span.quiet { "(" (show::text(shown, 120)) ")" } }
                    @if d.row.technique == Some(Technique::Subdomain) {
                        @for host in d.row.names.iter().take(3) { br; span.quiet { (show::text(host, 160)) } }
                    }
                }
                td.num { (d.row.score) }
                td { (show::text(&d.row.imitates, 80)) }
                td { @for (i, how) in d.row.techniques.iter().take(3).enumerate() {
                    @if i > 0 { ", " } (page.words.text(&how.text()))
                } }
                td { (registered(page, d)) }
                td.when { @if let Some(first) = d.detail.finding.first { (page.words.moment(first, &page.zone)) } @else { "–" } }
            } } }
        }
    }
}

fn registered(page: &Page, d: &Kept<Lookalike>) -> Markup {
    let (created, registrar) = (d.row.registration.created, &d.row.registration.registrar);
    html! {
        @if let Some(time) = created { (page.words.day(time.in_zone(&page.zone).date())) }
        @if created.is_some() && !registrar.is_empty() { ", " }
        (show::text(registrar, 60))
        @if created.is_none() && registrar.is_empty() { "–" }
    }
}

fn one_cluster(page: &Page, n: usize, Kept { row, detail }: &Kept<Cluster>) -> Markup {
    let links = links(page, row);
    let bad: Vec<&str> = row.imitating.iter().take(64).map(String::as_str).collect();
    let domains = plain(&row.domains);
    let description = links.iter().map(|l| {
        page.say(&format!("{}: {}", l.name, l.domains.join(", ")), &format!("{} : {}", l.name, l.domains.join(", ")))
    });
    let description = description.collect::<Vec<_>>().join(&page.say("; ", " ; "));
    html! {
        article {
            p.title { (page.words.prose(&detail.finding.title, 300)) }
            @if !links.is_empty() {
                figure {
                    (chart::shared(n, &page.say("What joins these names", "Ce qui joint ces noms"), &description, &domains, &links))
                    figcaption { (page.say(
                        "Left, the names; right, what they share. Names that imitate something by themselves: ",
                        "À gauche les noms, à droite ce qu’ils partagent. Noms qui imitent quelque chose par eux-mêmes : ",
                    )) (show::text(&bad.join(", "), 600)) "." }
                }
                details.data {
                    summary { (page.say("The same as a table", "La même chose en tableau")) }
                    table.small {
                        (page.head(&[column("They share", "Ils partagent"), column("Names", "Noms")]))
                        tbody { @for link in &links { tr {
                            th scope="row" { (link.name) }
                            td { (link.domains.join(", ")) }
                        } } }
                    }
                }
            }
            details { summary { (page.say("Reasons and evidence", "Raisons et pièces")) } (told::body(page, detail, &told::facts(page, detail), 0)) }
        }
    }
}

/// The first of some names, fit to be shown.
fn plain(names: &[String]) -> Vec<String> {
    names.iter().take(64).map(|n| show::plain(n, 60)).collect()
}

/// What the names of a cluster share, fit to be shown.
fn links(page: &Page, cluster: &Cluster) -> Vec<Link> {
    let link = |l: &rows::names::Link| Link {
        name: format!("{} {}", page.words.text(&l.shared.text()), show::plain(&l.value, 60)),
        domains: plain(&l.domains),
    };
    cluster.links.iter().take(12).map(link).collect()
}

fn floods(page: &Page) -> Markup {
    html! {
        table.small {
            caption { (page.say("Floods of names, besides those above", "Afflux de noms, outre ceux qui précèdent")) }
            (page.head(&[numbers("Domains", "Domaines"), numbers("Score", "Score"), column("Imitate", "Imitent"), column("How", "Comment"), column("Some of them", "Certains d’entre eux"), column("First seen", "Vu dès")]))
            tbody { @for Kept { row, detail } in &page.gathered.floods { tr {
                td.num { (page.words.number(row.count)) }
                td.num { (row.score) }
                td { (show::text(&row.imitates, 80)) }
                td { @if let Some(how) = row.technique { (page.words.text(&how.text())) } }
                td { (show::text(&row.names.join(", "), 600)) }
                td.when { @if let Some(first) = detail.finding.first { (page.words.moment(first, &page.zone)) } @else { "–" } }
            } } }
        }
    }
}

fn sightings(page: &Page) -> Markup {
    html! {
        table.small {
            caption { (page.say("Names that others hold to be bad, and that were met", "Noms que d’autres tiennent pour malveillants, et rencontrés")) }
            (page.head(&[column("Name", "Nom"), column("Who says so", "Qui le dit"), column("Of what", "De quoi"), column("When, and where to read it", "Quand, et où le lire"), column("Met", "Rencontré")]))
            tbody { @for Kept { row, detail } in &page.gathered.sightings { tr {
                th scope="row" { code { (show::text(&row.domain, 120)) } }
                td { (show::text(&row.source, 80)) }
                td { (show::text(&row.what, 80)) }
                // The address is text: a brief leads nobody to a stranger's page.
                td { (show::text(&row.when, 40)) " " span.quiet { (show::text(&row.reference, 160)) } }
                td.when { @if let Some(first) = detail.finding.first { (page.words.moment(first, &page.zone)) } @else { "–" } }
            } } }
        }
    }
}
