//! Where each figure comes from: the register of figures, the register of evidence, what could not be read, what had to
//! be inferred, and what counted it.

use super::{LINKS, Opens, Page, Place, Section, column, numbers, zone_name};
use crate::show;
use maud::{Markup, html};
use model::Step;

/// Rows of skips and notes.
const ROWS: usize = 200;

/// Shapes of lines that were not understood.
const STRANGE: usize = 40;

/// The section.
pub fn section(page: &Page) -> Section {
    let markup = html! {
        (figures(page))
        (evidence(page))
        (lines(page))
        (skips(page))
        (notes(page))
        (counted_by(page))
    };
    Section {
        place: Place::Last,
        id: "sources",
        title: ("Where each figure comes from", "D'où vient chaque chiffre"),
        markup,
    }
}

fn figures(page: &Page) -> Markup {
    let cited = page.cited.borrow();
    if cited.is_empty() {
        return html! {};
    }
    let rows: Vec<_> = cited.iter().collect();
    html! {
        h3 { (page.say("Register of figures", "Registre des chiffres")) }
        p { (page.say(
            "Every underlined figure leads here. Rows are those of attempts.csv, one per attempt, each with its evidence and lines.",
            "Chaque chiffre souligné mène ici. Les lignes sont celles de attempts.csv, une par tentative, chacune avec ses pièces et leurs lignes.",
        )) }
        table.register {
            caption { (page.say("How each figure is counted, and from what", "Comment chaque chiffre est compté, et d'après quoi")) }
            (page.head(&[column("Figure", "Chiffre"), numbers("Value", "Valeur"), column("Rows counted", "Lignes comptées"), column("Attempts", "Tentatives")]))
            @for group in rows.chunk_by(|a, b| a.1.source.how == b.1.source.how) {
                tbody {
                    tr.how { th scope="rowgroup" colspan="4" { (group[0].1.source.how) } }
                    @for (id, c) in group { tr id=(format!("n-{id}")) {
                        th scope="row" { (c.source.what) }
                        td.num { (c.value) }
                        td { (c.source.rows) }
                        td { @if c.source.opens.is_empty() { "–" } @else { (links(&c.source.opens)) } }
                    } }
                }
            }
        }
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
        h3 id="evidence" { (page.say("Register of evidence", "Registre des pièces")) }
        @if page.register.evidence.is_empty() { p { (page.say("Nothing has been added.", "Rien n'a été versé.")) } }
        @else { table.register {
            caption { (page.say("Evidence as received, known by its SHA-256", "Pièces telles que reçues, connues par leur SHA-256")) }
            (page.head(&[column("Name and SHA-256", "Nom et SHA-256"), numbers("Size", "Taille"), column("Kind", "Nature"), column("Added", "Versée"), numbers("Not read", "Non lu")]))
            tbody { @for e in &page.register.evidence { tr id=(format!("e-{}", e.id)) {
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
    }
}

/// The name of a piece of evidence.
fn name(page: &Page, id: model::EvidenceId) -> Markup {
    let path = page.register.evidence.iter().find(|e| e.id == id).map(|e| e.path.as_str());
    html! { a href=(format!("#e-{id}")) { (show::text(path.unwrap_or("?"), 80)) } }
}

fn skips(page: &Page) -> Markup {
    let skips = &page.register.skips;
    if skips.is_empty() {
        return html! {};
    }
    html! {
        h3 id="skipped" { (page.say("What could not be read", "Ce qui n'a pu être lu")) }
        table.register {
            caption { (page.say("Left out, with the reason and the first place", "Écarté, avec le motif et le premier endroit")) }
            (page.head(&[column("Evidence", "Pièce"), column("Reason, as the reader gives it", "Motif, tel que le lecteur le donne"), numbers("Times", "Fois"), column("First", "D'abord")]))
            tbody { @for (id, skip) in skips.iter().take(ROWS) { tr {
                th scope="row" { (name(page, *id)) }
                td lang="en" { (show::text(&skip.reason, 200)) }
                td.num { (page.words.number(skip.count)) }
                td { @if skip.line > 0 { (page.say("line", "ligne")) " " (page.words.number(skip.line)) ", " } (page.say("byte", "octet")) " " (skip.first) }
            } } }
        }
        @if skips.len() > ROWS { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
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
        h3 id="lines" { (page.say("What became of the lines of logs", "Ce que sont devenues les lignes des journaux")) }
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
        h3 { (page.say("What had to be inferred", "Ce qui a dû être déduit")) }
        ul { @for (id, note) in notes.iter().take(ROWS) {
            li { (name(page, *id)) (page.say(": ", " : ")) (show::prose(note.text.get(page.options.lang), 300)) }
        } }
        @if notes.len() > ROWS { p { (page.say("More stands in brief.json.", "La suite figure dans brief.json.")) } }
    }
}

fn counted_by(page: &Page) -> Markup {
    let detectors = &page.register.detectors;
    let list: Vec<String> =
        detectors.iter().map(|(id, (n, _))| format!("{} ({})", show::plain(id, 60), page.words.number(*n))).collect();
    let rows = [
        (page.say("Program", "Programme"), format!("Vigie {}", page.options.version)),
        (page.say("Detectors, with their findings", "Détecteurs, et leurs constats"), list.join(", ")),
        (
            page.say("Country of an address", "Pays d'une adresse"),
            show::plain(page.options.origin_source.get(page.options.lang), 300),
        ),
        (page.say("Days and hours", "Jours et heures"), page.say("in zone ", "au fuseau ") + &zone_name(page.context)),
        (page.say("Date of this brief", "Date de cette note"), page.words.moment(page.context.at, &page.zone)),
        (page.say("All figures", "Tous les chiffres"), "brief.json".to_string()),
    ];
    html! {
        h3 { (page.say("What counted", "Ce qui a compté")) }
        table.plain {
            caption { (page.say("Program, data and date", "Programme, données et date")) }
            tbody { @for (name, value) in rows { @if !value.is_empty() { tr { th scope="row" { (name) } td { (value) } } } } }
        }
        p.quiet { (page.say(
            "vigie verify DIR tells whether any piece of evidence has changed since; vigie explain DETECTOR gives a detector's specification.",
            "vigie verify DIR dit si une pièce a changé depuis ; vigie explain DÉTECTEUR donne la spécification d'un détecteur.",
        )) }
    }
}
