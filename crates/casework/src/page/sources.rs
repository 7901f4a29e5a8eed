//! Where each figure comes from: the register of figures, the register of evidence, what could not be read, what had to
//! be inferred, and what counted it.

use super::{
    LINKS, Opens, Page, Place, SOURCES, Section, Source, column, evidence_anchor, findings, numbers, zone_name,
};
use crate::show;
use crate::words::Pair;
use maud::{Markup, html};
use model::Step;

/// Rows of skips and notes.
const ROWS: usize = 200;

/// Shapes of lines that were not understood.
const STRANGE: usize = 40;

/// The sections of their page.
pub fn sections(page: &Page) -> Vec<Section> {
    let all: [(&'static str, Pair, Markup); 6] = [
        ("figures", ("Register of figures", "Registre des chiffres"), figures(page)),
        ("evidence", ("Register of evidence", "Registre des pièces"), evidence(page)),
        ("lines", ("What became of the lines of logs", "Ce que sont devenues les lignes des journaux"), lines(page)),
        ("skipped", ("What could not be read", "Ce qui n’a pu être lu"), skips(page)),
        ("notes", ("What had to be inferred", "Ce qui a dû être déduit"), notes(page)),
        ("counted", ("What counted", "Ce qui a compté"), counted_by(page)),
    ];
    let told = all.into_iter().filter(|(.., markup)| !markup.0.is_empty());
    told.map(|(id, title, markup)| Section { leaf: SOURCES, cover: false, place: Place::Last, id, title, markup })
        .collect()
}

fn figures(page: &Page) -> Markup {
    let cited = page.cited.borrow();
    if cited.is_empty() {
        return html! {};
    }
    let rows: Vec<_> = cited.iter().collect();
    html! {
        p { (page.say(
            "Every underlined figure leads here; from here, to the findings it counts, each with its evidence and lines. Rows of attempts are those of attempts.csv.",
            "Chaque chiffre souligné mène ici ; et d’ici, aux constats qu’il compte, chacun avec ses pièces et leurs lignes. Les lignes de tentatives sont celles de attempts.csv.",
        )) }
        table.register {
            caption { (page.say("How each figure is counted, and from what", "Comment chaque chiffre est compté, et d’après quoi")) }
            (page.head(&[column("Figure", "Chiffre"), numbers("Value", "Valeur"), column("Rows counted", "Lignes comptées"), column("Opens", "Ouvre")]))
            @for group in rows.chunk_by(|a, b| a.1.source.how == b.1.source.how) {
                tbody {
                    tr.how { th scope="rowgroup" colspan="4" { (group[0].1.source.how) } }
                    @for (id, c) in group { tr id=(format!("n-{id}")) {
                        th scope="row" { (c.source.what) }
                        td.num { (c.value) }
                        td { (c.source.rows) }
                        td { (opened(page, &c.value, &c.source)) }
                    } }
                }
            }
        }
    }
}

/// The ways from a figure to the findings that it counts, and to those of them that are told.
fn opened(page: &Page, value: &str, source: &Source) -> Markup {
    html! {
        @if !source.find.is_empty() {
            a href=(findings::way(&source.find)) { (page.say("the findings", "les constats")) span.hidden { " : " (source.what) ", " (value) } }
            @if !source.opens.is_empty() { " · " }
        }
        @if !source.opens.is_empty() { (links(&source.opens)) }
        @else if source.find.is_empty() { "–" }
    }
}

fn links(opens: &[Opens]) -> Markup {
    html! {
        @for (i, o) in opens.iter().take(LINKS).enumerate() {
            @if i > 0 { ", " }
            a href=(format!("#{}", o.anchor)) { (o.label) }
        }
        @if opens.len() > LINKS { ", …" }
    }
}

fn evidence(page: &Page) -> Markup {
    let words = page.words;
    html! {
        @if page.register.evidence.is_empty() { p { (page.say("Nothing has been added.", "Rien n’a été versé.")) } }
        @else { table.register {
            caption { (page.say("Evidence as received, known by its SHA-256", "Pièces telles que reçues, connues par leur SHA-256")) }
            (page.head(&[column("Name and SHA-256", "Nom et SHA-256"), numbers("Size", "Taille"), column("Kind", "Nature"), column("Added", "Versée"), numbers("Not read", "Non lu")]))
            tbody { @for e in &page.register.evidence { tr id=(evidence_anchor(e.id)) {
                @let skipped = page.register.skips.iter().filter(|s| s.0 == e.id).map(|s| s.1.count).sum::<u64>();
                th scope="row" { (show::text(&e.path, 160)) br; code.hash { (e.id) }
                    @if let Some((when, why)) = &e.forgotten {
                        br; em { (page.say("erased on ", "effacée le ")) (words.moment(*when, &page.zone)) " – " (show::text(why, 160)) }
                    }
                }
                td.num { (words.bytes(e.size)) }
                td { (show::text(e.kind.as_deref().unwrap_or("–"), 40)) }
                td { (words.moment(e.added, &page.zone)) br; span.quiet { (show::text(&e.by, 60)) } }
                td.num { @if skipped > 0 { a href="#skipped" { (words.number(skipped)) } } @else { "0" } }
            } } }
        } }
        @if let Some(sentence) = withheld(page) { p { (sentence) } }
    }
}

/// How much somebody keeps back.
pub fn withheld(page: &Page) -> Option<Markup> {
    (page.register.withheld > 0).then(|| {
        page.sentence(
            "An editor keeps back {0} (protection of sources): nothing here or in exports is of it, and no figure counts it.",
            "Un rédacteur a exclu {0} (protection des sources) : rien ici ni dans les exports n’en provient, aucun chiffre ne le compte.",
            &[html! { (page.words.count(page.register.withheld, ("document, letter or file", "document, courriel ou fichier"), ("documents, letters or files", "documents, courriels ou fichiers"))) }],
        )
    })
}

/// The name of a piece of evidence.
fn name(page: &Page, id: model::EvidenceId) -> Markup {
    let path = page.register.evidence.iter().find(|e| e.id == id).map(|e| e.path.as_str());
    html! { a href=(format!("#{}", evidence_anchor(id))) { (show::text(path.unwrap_or("?"), 80)) } }
}

fn skips(page: &Page) -> Markup {
    let skips = &page.register.skips;
    let unread = &page.context.config.unread;
    if skips.is_empty() && unread.is_empty() {
        return html! {};
    }
    html! {
        @if !unread.is_empty() { table.register {
            caption { (page.say("Originals that could not be read: nothing is held against them", "Originaux qui n’ont pu être lus : rien ne leur est comparé")) }
            (page.head(&[column("Original", "Original"), column("Reason", "Motif")]))
            tbody { @for (name, reason) in unread.iter().take(ROWS) { tr {
                th scope="row" { (show::text(name, 160)) }
                td { (show::text(&page.words.text(&model::skip::words(reason)), 200)) }
            } } }
        }
        @if unread.len() > ROWS { p { (page.words.number(unread.len() as u64)) (page.say(" in all.", " en tout.")) } } }
        @if !skips.is_empty() {
        table.register {
            caption { (page.say("Left out, with the reason and the first place", "Écarté, avec le motif et le premier endroit")) }
            (page.head(&[column("Evidence", "Pièce"), column("Reason, as the reader gives it", "Motif, tel que le lecteur le donne"), numbers("Times", "Fois"), column("First", "D’abord")]))
            tbody { @for (id, skip) in skips.iter().take(ROWS) { tr {
                th scope="row" { (name(page, *id)) }
                td { (show::text(&page.words.text(&model::skip::words(&skip.reason)), 200)) }
                td.num { (page.words.number(skip.count)) }
                td { @if skip.line > 0 { (page.say("line", "ligne")) " " (page.words.number(skip.line)) ", " } (page.say("byte", "octet")) " " (skip.first) }
            } } }
        }
        @if skips.len() > ROWS { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
        }
    }
}

/// What became of the lines of logs, and examples of those that were not understood, where lines may be printed.
fn lines(page: &Page) -> Markup {
    let (register, words) = (page.register, page.words);
    if register.lines.is_empty() {
        return html! {};
    }
    let strange = register.lines.iter().flat_map(|(id, _, l)| l.gravest().into_iter().map(move |u| (id, u)));
    let mut strange: Vec<_> = strange.collect();
    strange.sort_by_key(|(_, u)| std::cmp::Reverse(u.refusals));
    html! {
        table.register {
            caption { (page.say(
                "Lines read; the last column counts those not understood that have a word of refusal and an address",
                "Lignes lues ; la dernière colonne compte celles, non comprises, qui ont un mot de refus et une adresse",
            )) }
            (page.head(&[column("Evidence", "Pièce"), numbers("Lines", "Lignes"), numbers("Kept", "Retenues"), numbers("Ordinary", "Ordinaires"), numbers("Not understood", "Non comprises"), numbers("Refusals among these", "Dont refus")]))
            tbody { @for (id, steps, l) in register.lines.iter().take(ROWS) { tr {
                th scope="row" { (name(page, *id)) (show::text(&Step::path(steps), 80)) }
                @for n in [l.read, l.kept, l.ordinary, l.not_understood, l.refusals] { td.num { (words.number(n)) } }
            } } }
        }
        @if register.lines.len() > ROWS { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
        @if !strange.is_empty() { table.register {
            caption { (page.say("Lines not understood, by program or shape", "Lignes non comprises, par programme ou par forme")) }
            (page.head(&[column("Evidence", "Pièce"), column("Program or shape", "Programme ou forme"), numbers("Lines", "Lignes"), numbers("Refusals", "Refus"), column("For example", "Par exemple")]))
            tbody { @for (id, u) in strange.iter().take(STRANGE) { tr {
                th scope="row" { (name(page, **id)) ", " (page.say("line", "ligne")) " " (words.number(u.line)) }
                td { (show::text(&u.shape, 80)) }
                td.num { (words.number(u.count)) }
                td.num { (words.number(u.refusals)) }
                td { @if register.printable.contains(*id) { code { (show::text(&u.example, 200)) } } @else { "–" } }
            } } }
        } }
        @if strange.len() > STRANGE { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
    }
}

fn notes(page: &Page) -> Markup {
    let notes = &page.register.notes;
    if notes.is_empty() {
        return html! {};
    }
    html! {
        ul { @for (id, note) in notes.iter().take(ROWS) {
            li { (name(page, *id)) (page.say(": ", " : ")) (page.words.prose(&note.text, 300)) }
        } }
        @if notes.len() > ROWS { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
    }
}

/// The oldest part of the knowledge, and a warning where it is old on the day of the brief.
fn oldest(page: &Page) -> String {
    let mut parts: Vec<(&str, &str)> = knowledge::dated().filter(|(_, date)| !date.is_empty()).collect();
    parts.sort_unstable_by_key(|(name, date)| (*date, *name));
    let Some((name, date)) = parts.first() else { return String::new() };
    let day: Option<model::Time> = format!("{date}T00:00:00Z").parse().ok();
    let days = day.map_or(0, |day| page.context.at.since(day).div_euclid(86_400));
    let told = format!("{name}, {date}");
    match days > knowledge::OLD {
        true => page.say(
            &format!("{told}: {days} days old. Addresses, domains and outlets may have changed hands; use a newer Vigie."),
            &format!("{told} : {days} jours. Adresses, domaines et médias peuvent avoir changé de mains ; prenez un Vigie plus récent."),
        ),
        false => told,
    }
}

/// What of the knowledge was imported: another program finds something else with its own.
fn imported(page: &Page) -> String {
    let Some(i) = knowledge::import::imported() else { return String::new() };
    let (files, by) = (i.files.join(", "), show::plain(&i.by, 100));
    page.say(&format!("{files}, of {}, by {by}", i.date), &format!("{files}, du {}, par {by}", i.date))
}

fn counted_by(page: &Page) -> Markup {
    let detectors = &page.register.detectors;
    let list: Vec<String> =
        detectors.iter().map(|(id, (n, _))| format!("{} ({})", show::plain(id, 60), page.words.number(*n))).collect();
    let rows = [
        (page.say("Program", "Programme"), format!("Vigie {}", page.options.version)),
        (page.say("Detectors, with their findings", "Détecteurs, et leurs constats"), list.join(", ")),
        (
            page.say("Country of an address", "Pays d’une adresse"),
            show::plain(page.options.origin_source.get(page.options.lang), 300),
        ),
        (page.say("Oldest of what was known beforehand", "Le plus ancien de ce qui était su d’avance"), oldest(page)),
        (page.say("Newer than the program, and signed", "Plus récent que le programme, et signé"), imported(page)),
        (page.say("Days and hours", "Jours et heures"), page.say("in zone ", "au fuseau ") + &zone_name(page.context)),
        (page.say("Date of this brief", "Date de cette note"), page.words.moment(page.context.at, &page.zone)),
        (page.say("All figures", "Tous les chiffres"), "brief.json".to_string()),
    ];
    html! {
        table.plain {
            caption { (page.say("Program, data and date", "Programme, données et date")) }
            tbody { @for (name, value) in rows { @if !value.is_empty() { tr { th scope="row" { (name) } td { (value) } } } } }
        }
        p.quiet { (page.say(
            "vigie verify DIR tells whether any piece of evidence has changed since; vigie explain DETECTOR gives a detector's specification.",
            "vigie verify DIR dit si une pièce a changé depuis ; vigie explain DÉTECTEUR donne la spécification d’un détecteur.",
        )) }
    }
}
