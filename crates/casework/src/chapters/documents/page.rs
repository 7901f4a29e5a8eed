//! The section on documents.

use super::{Kept, Page};
use crate::page::{Leaf, Place, Section, Source, column, numbers, told};
use crate::show;
use maud::{Markup, html};
use rows::Row as _;
use rows::documents::{Authenticity, Class, Metadata, place};

/// Its page.
const LEAF: Leaf = Leaf { file: "documents.html", title: ("Documents", "Documents") };

/// Documents shown at once.
const OPEN: usize = 40;
/// Alterations shown of one.
const SHOWN: usize = 6;

/// The section.
pub fn section(page: &Page) -> Section {
    let gathered = page.gathered;
    let markup = html! {
        p { (sentence(page)) }
        @if gathered.decoys > 0 { p { (page.sentence(
            "Decoys of ours among them: {0}. Whoever took one out was where it was planted.",
            "Leurres que nous avons déposés, parmi eux : {0}. Qui en a sorti un est allé là où il était déposé.",
            &[cite(
                page,
                "decoys",
                format!("detector:{}", Authenticity::NAME),
                ("decoys", "leurres"),
                ("Documents that `[documents] decoys` names: by name, hash or words.", "Documents que `[documents] decoys` nomme : par nom, empreinte ou mots."),
                &page.words.number(gathered.decoys),
            )],
        )) } }
        @for Kept { detail, .. } in &gathered.publications { (article(page, detail)) }
        @for Kept { detail, .. } in &gathered.thefts { (article(page, detail)) }
        @if !gathered.documents.is_empty() { (documents(page)) }
        @for Kept { detail, .. } in &gathered.bursts { (article(page, detail)) }
        @for Kept { detail, .. } in &gathered.zones { (article(page, detail)) }
        @for Kept { detail, .. } in &gathered.packings { (article(page, detail)) }
        @for Kept { detail, row } in &gathered.exposures {
            (article(page, detail))
            p.quiet { (page.say(
                "Those concerned must be told where the risk to them is high, and the authority within 72 hours of becoming aware (GDPR, articles 33 and 34). The list, masked: vigie export --to exposed. This is no legal advice.",
                "Les personnes concernées doivent être prévenues si le risque est élevé pour elles, et l’autorité dans les 72 heures de la découverte (RGPD, articles 33 et 34). La liste, masquée : vigie export --to exposed. Ceci n’est pas un avis juridique.",
            )) " " (page.words.number(row.exposed_count)) }
        }
        p.quiet { (page.say(
            "This is an order of suspicion, not a verdict. A genuine neighbour makes no document genuine.",
            "Ceci est un ordre de suspicion, non un verdict. Un voisin authentique ne rend aucun document authentique.",
        )) }
        (super::lawful::handling(page))
    };
    Section { leaf: LEAF, cover: false, place: Place::Body, id: "documents", title: ("Documents", "Documents"), markup }
}

fn cite(page: &Page, id: &str, find: String, what: (&str, &str), how: (&str, &str), value: &str) -> Markup {
    page.cite(&format!("documents-{id}"), value, || Source {
        what: page.say(what.0, what.1),
        how: page.say(how.0, how.1),
        rows: page.say(
            "documents in brief.json; vigie export DIR --to documents",
            "documents dans brief.json ; vigie export DIR --to documents",
        ),
        opens: Vec::new(),
        find,
    })
}

/// How many documents, and of which classes. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let (gathered, words) = (page.gathered, page.words);
    let number = |id: &str, class: Class| {
        let name = class.text();
        cite(
            page,
            id,
            format!("detector:{} class:{}", Authenticity::NAME, class.as_str()),
            (&name.en, &name.fr),
            (
                "Documents that documents/authenticity holds to be this.",
                "Documents que documents/authenticity tient pour tels.",
            ),
            &words.number(gathered.count(class)),
        )
    };
    page.sentence(
        "Of {0}, {1} were altered and {2} are likely fabricated; {3} are the sealed or known originals themselves, a provider’s signature vouches for {6}, {4} say the same in another file, {5} are foreign, {7} contradict nothing and are vouched for by nobody; of {8} nothing can be said.",
        "Sur {0}, {1} ont été altérés et {2} sont probablement fabriqués ; {3} sont les originaux scellés ou connus, la signature d’un fournisseur en garantit {6}, {4} disent la même chose dans un autre fichier, {5} sont étrangers, {7} ne se contredisent pas et personne ne les garantit ; de {8} on ne peut rien dire.",
        &[
            cite(
                page,
                "all",
                format!("detector:{}", Authenticity::NAME),
                ("documents", "documents"),
                ("All documents read, and the letters of what came out.", "Tous les documents lus, et les courriels de ce qui a fuité."),
                &words.count(gathered.all(), ("document", "document"), ("documents", "documents")),
            ),
            number("altered", Class::AlteredCopy),
            number("fabricated", Class::LikelyFabricated),
            number("sealed", Class::SealedOriginal),
            number("reissued", Class::ReissuedCopy),
            number("foreign", Class::Foreign),
            number("signed", Class::GenuineBySignature),
            number("consistent", Class::Consistent),
            number("unsaid", Class::CannotSay),
        ],
    )
}

fn documents(page: &Page) -> Markup {
    let mut list: Vec<&Kept<Authenticity>> = page.gathered.documents.iter().collect();
    list.sort_by(|a, b| (100 - a.row.rank, &a.row.document).cmp(&(100 - b.row.rank, &b.row.document)));
    let (open, folded) = list.split_at(list.len().min(OPEN));
    html! {
        (table(page, open))
        @if !folded.is_empty() {
            details.data {
                summary { (page.words.count(folded.len() as u64, ("more document", "document de plus"), ("more documents", "documents de plus"))) }
                (table(page, folded))
            }
        }
        h3 { (page.say("What speaks for and against", "Ce qui parle pour et contre")) }
        @for d in open.iter().take(20) {
            details {
                summary { code { (show::text(&d.row.document, 160)) } }
                (told::body(page, &d.detail, &told::facts(page, &d.detail), 0))
            }
        }
    }
}

fn table(page: &Page, rows: &[&Kept<Authenticity>]) -> Markup {
    html! {
        table.small {
            caption { (page.say("The most suspect first", "Les plus suspects d’abord")) }
            (page.head(&[
                numbers("Rank", "Rang"),
                numbers("Without cheap signs", "Sans les signes faciles"),
                column("Document", "Document"),
                column("Held to be", "Tenu pour"),
                column("Original", "Original"),
                column("What differs", "Ce qui diffère"),
            ]))
            tbody { @for d in rows { tr {
                td.num { (d.row.rank) }
                td.num { (d.row.rank_without_cheap_signs) }
                th scope="row" { code { (show::text(&d.row.document, 160)) } }
                td { (page.words.text(&d.row.class.text())) @if d.row.decoy { " · " (page.say("a decoy of ours", "un de nos leurres")) } }
                td { @if !d.row.original.is_empty() { code { (show::text(&d.row.original, 160)) } } }
                td { (differs(page, &d.row)) }
            } } }
        }
    }
}

/// Word by word, what was there struck out.
fn differs(page: &Page, row: &Authenticity) -> Markup {
    html! {
        @for (n, a) in row.alterations.iter().take(SHOWN).enumerate() {
            @if n > 0 { br; }
            @if !a.at.is_empty() { span.quiet { (show::text(place(&a.at).get(page.options.lang), 60)) (page.say(": ", " : ")) } }
            @if let Some(what) = &a.what { (page.words.text(&what.text())) }
            @if !a.before.is_empty() { del { (show::text(&a.before, 200)) } " " }
            @if !a.after.is_empty() { ins { (show::text(&a.after, 200)) } }
        }
        @if row.alterations_count > SHOWN as u64 {
            br; span.quiet { (page.words.count(row.alterations_count - SHOWN as u64, ("more place", "endroit de plus"), ("more places", "endroits de plus"))) }
        }
        @if row.alterations.is_empty() {
            @for (n, Metadata { name, before, after }) in row.metadata.iter().filter(|m| !m.after.is_empty()).take(SHOWN).enumerate() {
                @if n > 0 { br; }
                span.quiet { (show::text(name, 40)) (page.say(": ", " : ")) } (show::text(before, 80)) " → " (show::text(after, 80))
            }
        }
    }
}

fn article(page: &Page, detail: &crate::detail::Detail) -> Markup {
    html! {
        article {
            p.title { (page.words.prose(&detail.finding.title, 300)) }
            details { summary { (page.say("Reasons and evidence", "Raisons et pièces")) } (told::body(page, detail, &told::facts(page, detail), 0)) }
        }
    }
}
