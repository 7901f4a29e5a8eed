//! Cloud accounts on the page: accounts that somebody else uses with each deed, what was taken with the bounds of its end,
//! and what was set.

use super::Page;
use crate::detail::LISTED;
use crate::page::{Leaf, Place, Section, Source, column, numbers, told};
use crate::show;
use maud::{Markup, html};
use model::{Severity, Time};
use rows::Row as _;
use rows::sign_in::{CutOff, Takeover, Theft};

/// Its page.
const LEAF: Leaf = Leaf { file: "sign-ins.html", title: ("Cloud accounts", "Comptes infonuagiques") };

/// Deeds shown of one account.
const DEEDS: usize = 12;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let all = page.gathered;
    if all.is_empty() {
        return None;
    }
    let told = all.all(Severity::Low);
    let markup = html! {
        p { (sentence(page)) }
        @if !all.takeovers.is_empty() { (takeovers(page)) }
        @if !all.thefts.is_empty() { (thefts(page)) }
        @if !all.others.is_empty() {
            h3 { (page.say("What was set, and sign-ins that are not like the others", "Ce qui a été réglé, et les connexions qui ne ressemblent pas aux autres")) }
            @for d in &all.others {
                details {
                    summary {
                        @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
                        (page.words.prose(&d.finding.title, 200))
                    }
                    (told::body(page, d, &told::facts(page, d), 0))
                }
            }
        }
        @if told > LISTED as u64 { p { (page.sentence(
            "The {0} gravest of each kind are shown, of {1} in all.", "Les {0} plus graves de chaque sorte sont montrés, sur {1} au total.",
            &[html! { (LISTED) }, html! { (page.words.number(told)) }],
        )) } }
        p.quiet { (page.say(
            "Each person is held against their own sign-ins before. A journey or a new telephone may look like somebody else: ask the person first, by telephone.",
            "Chaque personne est comparée à ses propres connexions passées. Un voyage ou un nouveau téléphone peuvent ressembler à quelqu’un d’autre : interrogez d’abord la personne, par téléphone.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "sign-ins",
        title: ("Cloud accounts", "Comptes infonuagiques"),
        markup,
    })
}

/// Words in English and French.
type Words = (&'static str, &'static str);

fn cite(page: &Page, detector: &str, what: Words, n: u64, one: Words, several: Words) -> Markup {
    page.cite(&format!("sign-in-{detector}"), &page.words.count(n, one, several), || Source {
        what: page.say(what.0, what.1),
        how: page.say(
            "Findings on cloud sign-ins and audit logs; a record that stands in two exports counts once.",
            "Constats sur les connexions et journaux d’audit infonuagiques ; un enregistrement présent dans deux exports compte une fois.",
        ),
        rows: page.say(
            "sign_in in brief.json; vigie findings DIR --all (detectors sign_in/…)",
            "sign_in dans brief.json ; vigie findings DIR --all (détecteurs sign_in/…)",
        ),
        opens: Vec::new(),
        find: match detector {
            "medium" => "detector:sign_in/ severity>=medium".into(),
            "takeover" => format!("detector:{} severity>=high", Takeover::NAME),
            other => format!("detector:sign_in/{} severity>=low", other.trim_end_matches("-all")),
        },
    })
}

/// That somebody is in.
pub fn answer(page: &Page) -> Markup {
    let n = page.gathered.count(Takeover::NAME, Severity::High);
    let accounts = cite(
        page,
        "takeover",
        ("accounts that somebody else seems to use", "comptes que quelqu’un d’autre semble utiliser"),
        n,
        ("account", "compte"),
        ("accounts", "comptes"),
    );
    let items: u64 = page.gathered.thefts.iter().map(|t| t.row.messages).sum();
    let read = (items > 0).then(|| html! { " (" (page.words.count(items, ("message read or downloaded", "message lu ou téléchargé"), ("messages read or downloaded", "messages lus ou téléchargés"))) ")" });
    page.sentence(
        "Somebody else seems to use {0} of ours{1}.",
        "Quelqu’un d’autre semble se servir de {0} à nous{1}.",
        &[accounts, read.unwrap_or_default()],
    )
}

/// How much there is. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let all = page.gathered;
    page.sentence(
        "In cloud accounts: {0}, {1}, and {2} that should be looked at this week.",
        "Dans les comptes infonuagiques : {0}, {1}, et {2} à examiner cette semaine.",
        &[
            cite(
                page,
                "takeover-all",
                ("accounts that somebody else seems to use", "comptes que quelqu’un d’autre semble utiliser"),
                all.count(Takeover::NAME, Severity::Low),
                ("account that somebody else seems to use", "compte que quelqu’un d’autre semble utiliser"),
                ("accounts that somebody else seems to use", "comptes que quelqu’un d’autre semble utiliser"),
            ),
            cite(
                page,
                "theft",
                ("readings in mass", "lectures en masse"),
                all.count(Theft::NAME, Severity::Low),
                ("reading in mass", "lecture en masse"),
                ("readings in mass", "lectures en masse"),
            ),
            cite(
                page,
                "medium",
                ("findings at medium or above", "constats de gravité moyenne ou plus"),
                all.all(Severity::Medium),
                ("finding", "constat"),
                ("findings", "constats"),
            ),
        ],
    )
}

fn moment(page: &Page, time: Option<Time>) -> Markup {
    html! { @if let Some(time) = time { (page.words.moment(time, &page.zone)) } @else { "–" } }
}

/// When the last thing was taken, with its bounds.
fn cut_off(page: &Page, cut_off: Option<&CutOff>) -> Markup {
    html! {
        @if let Some(c) = cut_off {
            (page.words.moment(c.from, &page.zone))
            @if c.until > c.from { " –" br; (page.words.moment(c.until, &page.zone)) }
        } @else { "–" }
    }
}

fn takeovers(page: &Page) -> Markup {
    html! {
        h3 { (page.say("Accounts that somebody else seems to use", "Comptes que quelqu’un d’autre semble utiliser")) }
        @for t in &page.gathered.takeovers {
            article {
                p.title { (page.words.prose(&t.detail.finding.title, 300)) }
                table.small {
                    (page.head(&[column("When", "Quand"), column("What", "Quoi")]))
                    tbody {
                        @if t.row.last_own.is_some() { tr {
                            td.when { (moment(page, t.row.last_own)) }
                            td { (page.say("last sign-in by its owner before", "dernière connexion du titulaire auparavant")) }
                        } }
                        tr {
                            td.when { (moment(page, Some(t.row.signed_in))) }
                            td { (page.say("sign-in from", "connexion depuis")) " " (show::text(&list(t.row.sources.iter()), 200)) " (" (show::text(&list(t.row.countries.iter()), 60)) ")" }
                        }
                        @for d in t.row.deeds.iter().take(DEEDS) { tr {
                            td.when { (moment(page, Some(d.time))) }
                            td { (page.words.text(&d.action.text())) @if !d.detail.is_empty() { (page.say(": ", " : ")) (show::text(&d.detail, 200)) } }
                        } }
                        @if t.row.deeds.len() > DEEDS { tr { td { "…" } td { (t.row.deeds.len() - DEEDS) } } }
                        @if t.row.read_from.is_some() { tr {
                            td.when { (moment(page, t.row.read_from)) }
                            td { (page.say("reading begins: ", "début des lectures : ")) (page.words.number(t.row.items)) }
                        } tr {
                            td.when { (cut_off(page, t.row.cut_off.as_ref())) }
                            td { (page.say("the last was read: nothing later can be in a leak made of it", "la dernière lecture : rien de postérieur ne peut figurer dans une fuite qui en vient")) }
                        } }
                    }
                }
                details { summary { (page.say("Reasons and evidence", "Raisons et pièces")) } (told::body(page, &t.detail, &told::facts(page, &t.detail), 0)) }
            }
        }
    }
}

fn thefts(page: &Page) -> Markup {
    html! {
        table.small {
            caption { (page.say("Read, downloaded or exported in mass", "Lu, téléchargé ou exporté en masse")) }
            (page.head(&[column("Account", "Compte"), numbers("Messages", "Messages"), numbers("Files", "Fichiers"), numbers("Exports", "Exports"), column("From", "Du"), column("Last", "Dernier"), column("Where from", "Depuis")]))
            tbody { @for t in &page.gathered.thefts { tr {
                th scope="row" { code { (show::text(&t.row.account, 80)) } }
                td.num { @if t.row.at_least { "≥ " } (page.words.number(t.row.messages)) }
                td.num { (page.words.number(t.row.files)) }
                td.num { (page.words.number(t.row.exports)) }
                td.when { (moment(page, t.detail.finding.first)) }
                td.when { (cut_off(page, Some(&t.row.cut_off))) }
                td { (show::text(&list(t.row.sources.iter()), 120)) }
            } } }
        }
        @for t in &page.gathered.thefts {
            details { summary { (page.words.prose(&t.detail.finding.title, 200)) } (told::body(page, &t.detail, &told::facts(page, &t.detail), 0)) }
        }
    }
}

fn list<'s>(words: impl Iterator<Item = &'s String>) -> String {
    words.take(8).map(String::as_str).collect::<Vec<_>>().join(", ")
}
