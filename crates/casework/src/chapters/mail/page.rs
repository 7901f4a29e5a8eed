//! Phishing mail: verdicts, the waves they make with who followed and who reported them, and what other servers say of
//! mail in our name. Who followed comes first: it is what a person must act upon.

use super::timeline::{self, Mark, Row};
use super::{Page, dmarc};
use crate::detail::Kept;
use crate::page::grounds::grounds;
use crate::page::{Answer, Asks, Leaf, Place, Section, Source, column, numbers};
use crate::show;
use maud::{Markup, html};
use model::{Severity, Text, Time};
use rows::Row as _;
use rows::mail::phishing::Phishing;
use rows::mail::wave::{Click, Person, Shared, Wave};
use std::collections::{BTreeMap, BTreeSet};

/// Its page.
const LEAF: Leaf = Leaf { file: "mail.html", title: ("Phishing mail", "Courriels d’hameçonnage") };

/// Waves told in full, and messages of no wave.
const OPEN: usize = 20;
/// Recipients of a wave listed.
const RECIPIENTS: usize = 60;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let mail = page.gathered;
    if mail.is_empty() {
        return None;
    }
    let alone = mail.alone();
    let markup = html! {
        @if !mail.waves.is_empty() || !mail.messages.is_empty() { p { (sentence(page)) } }
        (followed(page))
        @if !mail.waves.is_empty() { (waves(page)) (drill(page)) }
        @if !mail.waves.is_empty() { (told(page)) }
        @if !alone.is_empty() { (messages(page, &alone)) }
        @if !mail.reports.is_empty() { (dmarc::markup(page)) }
        p.quiet { (page.say(
            "A verdict says how likely a message is phishing, by what it shows; the reasons for and against stand with each. Nothing in a message was opened, run or fetched.",
            "Un verdict dit combien il est probable qu’un message soit de l’hameçonnage, d’après ce qu’il montre ; les raisons pour et contre figurent avec chacun. Rien dans un message n’a été ouvert, exécuté ni téléchargé.",
        )) }
    };
    Some(Section {
        leaf: LEAF,
        cover: false,
        place: Place::Body,
        id: "mail",
        title: ("Phishing mail", "Courriels d’hameçonnage"),
        markup,
    })
}

fn cite(page: &Page, id: &str, find: String, what: (&str, &str), how: (&str, &str), value: &str) -> Markup {
    page.cite(&format!("mail-{id}"), value, || Source {
        what: page.say(what.0, what.1),
        how: page.say(how.0, how.1),
        rows: page.say(
            "mail in brief.json; vigie findings DIR --all (detectors mail/…)",
            "mail dans brief.json ; vigie findings DIR --all (détecteurs mail/…)",
        ),
        opens: Vec::new(),
        find,
    })
}

/// How many messages, waves, people. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let mail = page.gathered;
    let words = page.words;
    let messages = mail.count(Phishing::NAME, Severity::Medium);
    let high = mail.count(Phishing::NAME, Severity::High);
    let people: usize = mail.waves.iter().map(|w| w.row.clicked.len()).sum();
    page.sentence(
        "Mail: {0} likelier than not, of which {1} beyond much doubt; {2}; {3} followed one, as far as the logs show.",
        "Courriel : {0} plus que probable, dont {1} presque certains ; {2} ; {3} y ont donné suite, pour autant que les journaux le montrent.",
        &[
            messages_told(page, messages),
            cite(
                page,
                "high",
                format!("detector:{} severity>=high", Phishing::NAME),
                ("of them high", "dont graves"),
                ("Messages whose verdict is high (95 of 100).", "Messages dont le verdict est de gravité élevée (95 sur 100)."),
                &words.number(high),
            ),
            cite(
                page,
                "waves",
                format!("detector:{} severity>=low", Wave::NAME),
                ("waves", "vagues"),
                ("Groups of messages that share infrastructure, text, file or sender (mail/wave).", "Groupes de messages qui partagent infrastructure, texte, fichier ou expéditeur (mail/wave)."),
                &words.count(mail.count(Wave::NAME, Severity::Low), ("wave", "vague"), ("waves", "vagues")),
            ),
            people_told(page, people as u64),
        ],
    )
}

fn messages_told(page: &Page, n: u64) -> Markup {
    cite(
        page,
        "phishing",
        format!("detector:{} severity>=medium", Phishing::NAME),
        ("phishing messages", "courriels d’hameçonnage"),
        (
            "Messages whose verdict is medium or above (50 of 100).",
            "Messages dont le verdict est de gravité moyenne ou plus (50 sur 100).",
        ),
        &page.words.count(
            n,
            ("phishing message", "courriel d’hameçonnage"),
            ("phishing messages", "courriels d’hameçonnage"),
        ),
    )
}

fn people_told(page: &Page, n: u64) -> Markup {
    cite(
        page,
        "clicked",
        format!("detector:{} wave:followed", Wave::NAME),
        ("people who followed a wave", "personnes qui ont donné suite à une vague"),
        (
            "Recipients of waves who visited, logged in or answered with a confidence of 50 or more.",
            "Destinataires de vagues qui ont visité, ouvert une session ou répondu, avec une confiance de 50 ou plus.",
        ),
        &page.words.count(n, ("person", "personne"), ("people", "personnes")),
    )
}

/// How many waves and messages, and how many followed one.
pub fn answers(page: &Page) -> Vec<Answer> {
    let mail = page.gathered;
    let n = mail.count(Phishing::NAME, Severity::Medium);
    if n == 0 && mail.waves.is_empty() {
        return Vec::new();
    }
    let what = html! { (messages_told(page, n)) "." };
    let mut all = vec![Answer { asks: Asks::What, alarm: false, markup: what }];
    let people: usize = mail.waves.iter().map(|w| w.row.clicked.len()).sum();
    if people > 0 {
        let people = people_told(page, people as u64);
        let markup = page.sentence("{0} followed a lure.", "{0} ont donné suite à un piège.", &[people]);
        all.push(Answer { asks: Asks::Succeeded, alarm: true, markup });
    }
    all
}

/// Who followed, before everything else.
fn followed(page: &Page) -> Markup {
    let all: Vec<(&Kept<Wave>, &Click)> =
        page.gathered.waves.iter().flat_map(|w| w.row.clicks.iter().map(move |c| (w, c))).collect();
    if all.is_empty() {
        return html! {};
    }
    // Those who are counted; a sign that a journey explains as well counts nobody.
    let (sure, weak): (Vec<_>, Vec<_>) = all.into_iter().partition(|(w, c)| w.row.clicked.contains(&c.recipient));
    html! {
        @if !sure.is_empty() {
            h3 { (page.say("Who followed a lure", "Qui a donné suite à un piège")) }
            p { strong { (page.say(
                "Act on these first: new password, all sessions ended, then look at what was done with the account.",
                "À traiter d’abord : nouveau mot de passe, fermeture de toutes les sessions, puis examen de ce qui a été fait du compte.",
            )) } }
            (known_by(page, &sure, ("People who followed a lure, and how it is known", "Personnes qui ont donné suite à un piège, et comment on le sait")))
        }
        @if !weak.is_empty() {
            details.data {
                summary { (page.words.count(weak.len() as u64,
                    ("weaker sign, which counts nobody", "indice plus faible, qui ne compte personne"),
                    ("weaker signs, which count nobody", "indices plus faibles, qui ne comptent personne"))) }
                (known_by(page, &weak, ("Weaker signs that somebody followed a lure", "Indices plus faibles que quelqu’un a donné suite à un piège")))
            }
        }
    }
}

/// Signs that somebody followed, as a table.
fn known_by(page: &Page, all: &[(&Kept<Wave>, &Click)], caption: crate::words::Pair) -> Markup {
    html! {
        table.small {
            caption { (page.words.pair(caption)) }
            (page.head(&[column("Who", "Qui"), column("When", "Quand"), column("How it is known", "Comment on le sait"), numbers("Confidence", "Confiance")]))
            tbody { @for (wave, click) in all.iter().take(200) { tr {
                th scope="row" { code { (show::text(&click.recipient, 120)) } }
                td.when { (page.words.moment(click.time, &page.zone)) }
                td {
                    (show::text(&click.why.get(page.options.lang).replace('\u{60}', ""), 300))
                    @if let Some(source) = &click.source { " (" code { (show::text(source, 60)) } ")" }
                    br; a href=(format!("#{}", anchor(wave))) { (show::text(word(&wave.row.subject), 80)) }
                }
                td.num { (click.confidence) }
            } } }
        }
    }
}

fn anchor(w: &Kept<Wave>) -> String {
    format!("w-{}", crate::page::anchor(&w.detail.finding.key))
}

/// A text, `-` where there is none.
fn word(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn waves(page: &Page) -> Markup {
    let list = &page.gathered.waves;
    html! {
        h3 { (page.say("Waves", "Vagues")) }
        table.small {
            caption { (page.say("Messages of one hand", "Messages d’une même main")) }
            (page.head(&[column("Subject", "Objet"), column("Wants", "Veut"), numbers("Messages", "Messages"), numbers("People", "Personnes"), numbers("Followed", "Suivi"), column("First, last", "Premier, dernier"), column("What binds it", "Ce qui la lie")]))
            tbody { @for w in list.iter().take(100) { tr {
                th scope="row" { a href=(format!("#{}", anchor(w))) { (show::text(word(&w.row.subject), 80)) } }
                td { (page.words.lure(w.row.lure)) }
                td.num { (page.words.number(w.row.count)) }
                td.num { (page.words.number(w.row.recipients.len() as u64)) }
                td.num { (page.words.number(w.row.clicked.len() as u64)) }
                td.when { @for time in [w.row.first, w.row.last].into_iter().flatten() {
                    (page.words.moment(time, &page.zone)) br;
                } }
                td { @for (i, what) in bound(page, w).into_iter().enumerate() { @if i > 0 { "; " } (what) } }
            } } }
        }
        (timeline(page, list))
    }
}

/// What binds a wave: the first things that nearly all its messages share.
fn bound(page: &Page, w: &Kept<Wave>) -> Vec<Markup> {
    let all = w.row.shared.iter().take(3);
    all.map(|s| {
        html! {
            (page.words.text(&s.what.text()))
            @if !matches!(s.what, Shared::Template | Shared::File) { " " code { (show::text(&s.value, 80)) } }
        }
    })
    .collect()
}

fn timeline(page: &Page, list: &[Kept<Wave>]) -> Markup {
    let rows: Vec<Row> = list
        .iter()
        .take(12)
        .filter_map(|w| {
            let start = w.row.first?;
            let hours = |t: Time| t.since(start) as f64 / 3600.0;
            let mut marks = Vec::new();
            for p in &w.row.people {
                marks.extend(p.received.map(|t| (hours(t), Mark::Message)));
                marks.extend(p.followed.map(|t| (hours(t), Mark::Followed)));
                marks.extend(p.reported.map(|t| (hours(t), Mark::Reported)));
            }
            let day = page.words.short_day(start.in_zone(&page.zone).date());
            Some(Row { name: format!("{} ({day})", show::plain(word(&w.row.subject), 28)), marks })
        })
        .collect();
    let say = |r: &Row| {
        let of = |m: Mark| r.marks.iter().filter(move |x| x.1 == m).map(|x| x.0);
        let first = |m: Mark| of(m).fold(f64::INFINITY, f64::min);
        let mut text = format!(
            "{}: {}",
            r.name,
            page.words.count(of(Mark::Message).count() as u64, ("message", "message"), ("messages", "messages"))
        );
        for (mark, en, fr) in [
            (Mark::Followed, "followed first after", "suivie d’abord après"),
            (Mark::Reported, "reported first after", "signalée d’abord après"),
        ] {
            if first(mark).is_finite() {
                text += &format!(", {} {}", page.say(en, fr), page.words.duration(first(mark) * 3600.0));
            }
        }
        text
    };
    let description = rows.iter().map(say).collect::<Vec<_>>().join("; ");
    if rows.is_empty() {
        return html! {};
    }
    html! {
        figure {
            (timeline::timeline(
                &page.say("Each wave from its first message on", "Chaque vague à partir de son premier message"),
                &description,
                &page.say("hours after its first message", "heures après son premier message"),
                &rows,
                page.words,
            ))
            figcaption {
                (page.say(
                    "Dots: a recipient's first message. Triangles: somebody followed it. Squares: somebody reported it. Time runs from each wave's first message.",
                    "Points : premier message d’un destinataire. Triangles : quelqu'un y a donné suite. Carrés : quelqu'un l’a signalée. Le temps court à partir du premier message de chaque vague.",
                ))
            }
        }
        details.data {
            summary { (page.say("The same in words", "La même chose en mots")) }
            ul { @for row in &rows { li { (say(row)) } } }
        }
    }
}

/// How fast people report and follow, by team where the case names teams.
fn drill(page: &Page) -> Markup {
    let mut teams: BTreeMap<&str, Vec<&Person>> = BTreeMap::new();
    for person in page.gathered.waves.iter().flat_map(|w| &w.row.people) {
        teams.entry("").or_default().push(person);
        if !person.team.is_empty() {
            teams.entry(&person.team).or_default().push(person);
        }
    }
    let median = |all: Vec<i64>| {
        let mut all = all;
        all.sort_unstable();
        all.get(all.len() / 2).map(|s| page.words.duration(*s as f64))
    };
    let after = |all: &[&Person], of: fn(&Person) -> Option<Time>| -> Vec<i64> {
        all.iter().filter_map(|p| Some(of(p)?.since(p.received?).max(0))).collect()
    };
    html! {
        table.small {
            caption { (page.say("Who reported and who followed, all waves together", "Qui a signalé et qui a suivi, toutes vagues confondues")) }
            (page.head(&[column("Team", "Équipe"), numbers("Received", "Reçu"), numbers("Reported", "Signalé"), numbers("First report after", "Premier signalement après"), numbers("Median", "Médiane"), numbers("Followed", "Suivi"), numbers("First after", "Le premier après")]))
            tbody { @for (team, all) in &teams {
                @let reported = after(all, |p| p.reported);
                @let followed = after(all, |p| p.followed);
                @let first = |list: &[i64]| list.iter().min().map_or("–".to_string(), |s| page.words.duration(*s as f64));
                tr {
                    th scope="row" { @if team.is_empty() { (page.say("Everybody", "Tout le monde")) } @else { (show::text(team, 60)) } }
                    td.num { (page.words.number(all.len() as u64)) }
                    td.num { (page.words.number(all.iter().filter(|p| p.reported.is_some()).count() as u64)) }
                    td.num { (first(&reported)) }
                    td.num { (median(reported).unwrap_or("–".into())) }
                    td.num { (page.words.number(all.iter().filter(|p| p.followed.is_some()).count() as u64)) }
                    td.num { (first(&followed)) }
                }
            } }
        }
        p.quiet { (page.say(
            "One line counts each recipient of each wave once; times run from their own first message. The list behind it: vigie export DIR --to drill.",
            "Une ligne compte chaque destinataire de chaque vague une fois ; les durées courent de son propre premier message. La liste sous-jacente : vigie export DIR --to drill.",
        )) }
    }
}

/// Messages of no wave.
fn messages(page: &Page, list: &[&Kept<Phishing>]) -> Markup {
    html! {
        h3 { (page.say("Messages of no wave", "Messages isolés")) }
        table.small {
            caption { (page.say("Phishing messages that are of no wave", "Messages d’hameçonnage qui ne sont d’aucune vague")) }
            (page.head(&[
                column("Subject", "Objet"), column("From", "De"), numbers("Score", "Score"),
                column("Chief reason", "Raison principale"), column("When", "Quand"),
            ]))
            tbody { @for m in list.iter().take(OPEN) { tr {
                th scope="row" { (show::text(word(&m.row.message.subject), 80)) }
                td { code { (show::text(word(&m.row.message.from), 80)) } }
                td.num { (m.detail.finding.confidence) }
                td { @if let Some(r) = m.detail.finding.reasons.first() { (page.words.prose(&r.text, 200)) } }
                td.when { @if let Some(t) = m.detail.finding.first { (page.words.moment(t, &page.zone)) } @else { "–" } }
            } } }
        }
        @if list.len() > OPEN { p { (page.sentence(
            "The {0} gravest of {1} are shown.", "Les {0} plus graves sur {1} sont montrés.",
            &[html! { (page.words.number(OPEN as u64)) }, html! { (page.words.number(list.len() as u64)) }],
        )) } }
        @for m in list.iter().take(OPEN) { details {
            summary { (show::text(word(&m.row.message.subject), 120)) " – " (page.say("reasons and evidence", "raisons et pièces")) }
            p { (page.say("To:", "À :")) " " (addresses(&m.row.message.to)) }
            (todo(page, &m.row.what_to_do))
            (grounds(page, &m.detail))
        } }
    }
}

/// To whom a message went.
fn addresses(all: &[String]) -> Markup {
    html! {
        @for (i, to) in all.iter().take(5).enumerate() { @if i > 0 { ", " } code { (show::text(to, 80)) } }
        @if all.len() > 5 { ", …" }
    }
}

/// What the person who has it should do.
fn todo(page: &Page, todo: &Text) -> Markup {
    html! { p {
        strong { (page.say("What to do: ", "Que faire : ")) } (show::text(todo.get(page.options.lang), 600))
    } }
}

/// Each wave in full: what to do, who got it, why its messages are phishing and why they are one wave.
fn told(page: &Page) -> Markup {
    html! {
        h3 { (page.say("Each wave, and what to do", "Chaque vague, et que faire")) }
        @for w in page.gathered.waves.iter().take(OPEN) {
            details id=(anchor(w)) {
                summary {
                    (show::text(word(&w.row.subject), 120)) " – "
                    (page.words.count(w.row.count, ("message", "message"), ("messages", "messages")))
                }
                (todo(page, &w.row.what_to_do))
                p.quiet { (page.say("Texts to send: ", "Textes à envoyer : ")) code { "vigie export DIR --to warning" } ", " code { "--to reply" } }
                (recipients(page, &w.row.people))
                (surest(page, w))
                h4 { (page.say("Why these messages are one wave", "Pourquoi ces messages sont une seule vague")) }
                (grounds(page, &w.detail))
            }
        }
    }
}

/// Everybody a wave reached.
fn recipients(page: &Page, all: &[Person]) -> Markup {
    let teams = all.iter().any(|p| !p.team.is_empty());
    let moment =
        |time: Option<Time>| html! { @match time { Some(t) => (page.words.moment(t, &page.zone)), None => "–" } };
    html! {
        div.scroll { table.small {
            caption { (page.say("Recipients", "Destinataires")) }
            thead { tr {
                th scope="col" { (page.say("Who", "Qui")) }
                @if teams { th scope="col" { (page.say("Team", "Équipe")) } }
                @for (en, fr) in [("Received", "Reçu"), ("Reported", "Signalé"), ("Followed", "Suivi")] { th scope="col" { (page.say(en, fr)) } }
            } }
            tbody { @for p in all.iter().take(RECIPIENTS) { tr {
                th scope="row" { code { (show::text(&p.address, 120)) } }
                @if teams { td { (show::text(&p.team, 60)) } }
                td.when { (moment(p.received)) }
                td.when { (moment(p.reported)) }
                td.when { (moment(p.followed)) }
            } } }
        } }
        @if all.len() > RECIPIENTS { p.quiet { (page.sentence(
            "{0} of {1} are shown; all of them: {2}.", "{0} sur {1} sont montrés ; tous : {2}.",
            &[
                html! { (page.words.number(RECIPIENTS as u64)) },
                html! { (page.words.number(all.len() as u64)) },
                html! { code { "vigie export DIR --to drill" } },
            ],
        )) } }
    }
}

/// The reasons of the wave's surest message.
fn surest(page: &Page, w: &Kept<Wave>) -> Markup {
    let ids: BTreeSet<&String> = w.row.messages.iter().collect();
    let of = |m: &&Kept<Phishing>| ids.contains(&m.row.message.message_id) || ids.contains(&m.detail.finding.key);
    let messages = page.gathered.messages.iter().filter(of).map(|m| &m.detail);
    let Some(m) = messages.max_by_key(|m| m.finding.confidence) else {
        return html! {};
    };
    html! {
        h4 { (page.say("Why they are phishing", "Pourquoi c’est de l’hameçonnage")) }
        p { (page.sentence(
            "The surest of them scores {0} of 100.", "Le plus certain obtient {0} sur 100.",
            &[html! { (m.finding.confidence) }],
        )) }
        (grounds(page, m))
    }
}
