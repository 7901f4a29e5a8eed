//! Copied texts, accounts that look automatic, narratives with their curve, outlets with whom they name.

use super::super::{List, Page};
use crate::chart::{self, Stacked};
use crate::page::findings::{short, way};
use crate::page::grounds::grounds;
use crate::page::{column, numbers};
use crate::show;
use maud::{Markup, html};
use model::Time;
use rows::posts::{Automation, Burst, Candidates, Claim, CopiedText, Copying, Curve, Narrative, Outlet, WholeNetwork};

/// Rows of a table, narratives told.
const ROWS: usize = 25;
/// People named in one finding who are told.
const CANDIDATES: usize = 12;
/// Columns of a curve.
const COLUMNS: usize = 96;

/// Networks as a whole: more than chance, though nobody alone need be.
pub fn wholes(page: &Page) -> Markup {
    let words = page.words;
    html! {
        h3 { (page.say("The network as a whole", "Le réseau dans son ensemble")) }
        p { (page.say(
            "How many pairs of accounts share things at the same time, and how many would by chance. It accuses nobody: which of the pairs are chance’s it does not say.",
            "Combien de paires de comptes partagent des choses au même moment, et combien le feraient par hasard. Personne n’est accusé : lesquelles relèvent du hasard, cela n’est pas dit.",
        )) }
        div.scroll {
        table.small {
            caption { (page.say("Rows of the network by least weight, those by chance, and the share of false ones", "Lignes du réseau selon le poids minimal, celles dues au hasard, et la part de fausses")) }
            (page.head(&[column("Shared", "Partagé"), numbers("Weight", "Poids"), numbers("Rows", "Lignes"), numbers("By chance", "Par hasard"), numbers("False, %", "Fausses, %")]))
            tbody { @for (d, row) in page.gathered.wholes.rows::<WholeNetwork>() {
                @for (i, w) in row.by_weight.iter().enumerate() { tr {
                    @if i == 0 { th scope="rowgroup" rowspan=(row.by_weight.len()) {
                        (words.text(&row.by.text())) br; span.quiet { code { (d.finding.id()) } }
                    } }
                    td.num { "≥ " (words.number(w.min_weight)) }
                    td.num { (words.number(w.rows)) }
                    td.num { (words.decimal(w.expected, 1)) @if i == 0 { " ± " (words.decimal(row.sd, 1)) } }
                    td.num { (words.decimal(100.0 * w.false_share, 0)) }
                } }
            } }
        }
        }
        @for (d, _) in page.gathered.wholes.rows::<WholeNetwork>() { (grounds(page, d)) }
    }
}

/// Bursts, with what they are made of.
pub fn bursts(page: &Page) -> Markup {
    let words = page.words;
    html! {
        h3 { (page.say("Bursts", "Bouffées")) }
        div.scroll {
        table.small {
            caption { (page.say("Far more posts than usual: volume, which says nothing of who is behind it", "Bien plus de publications que d’ordinaire : du volume, qui ne dit rien de qui est derrière")) }
            (page.head(&[column("Of what", "De quoi"), column("From", "Dès"), numbers("Most", "Maximum"), numbers("Usual", "D’ordinaire"), numbers("Posts", "Publications"), numbers("Accounts", "Comptes"), numbers("Half by", "Moitié par"), column("Made of", "Faite de")]))
            tbody { @for (_, row) in page.gathered.bursts.rows::<Burst>().take(ROWS) { tr {
                th scope="row" { (words.text(&row.theme.text())) @if !row.name.is_empty() { " " (show::text(&row.name, 80)) } }
                td.when { (words.moment(row.from, &page.zone)) }
                td.num { (words.number(row.most)) }
                td.num { (words.decimal(row.usual, 0)) }
                td.num { (words.number(row.posts)) }
                td.num { (words.number(row.accounts)) }
                td.num { (words.number(row.half_by)) }
                td { @for (i, part) in row.parts.iter().enumerate() {
                    @if i > 0 { ", " } (show::text(&part.name, 60)) " " (words.number(part.posts))
                } }
            } } }
        }
        }
        (more(page, &page.gathered.bursts, ROWS))
    }
}

/// Texts that many accounts posted.
pub fn copied(page: &Page) -> Markup {
    let words = page.words;
    html! {
        h3 { (page.say("Copied texts", "Textes recopiés")) }
        div.scroll {
        table.small {
            caption { (page.say("Texts that several accounts posted; mentions are left out", "Textes publiés par plusieurs comptes ; les mentions sont ôtées")) }
            (page.head(&[column("Earliest text", "Premier texte"), column("Kind", "Nature"), numbers("Posts", "Publications"), numbers("Accounts", "Comptes"), numbers("Likeness", "Ressemblance"), column("First, half of them by, last", "Premier, moitié dès, dernier")]))
            tbody { @for (d, row) in page.gathered.copied.rows::<CopiedText>().take(ROWS) { tr {
                th scope="row" { (show::text(&row.text, 140)) br; a.quiet href=(way(&short(&d.finding.id()))) { (page.say("Reasons and lines", "Raisons et lignes")) } }
                td { (words.text(&row.kind.text())) }
                td.num { (words.number(row.posts)) }
                td.num { (words.number(row.accounts)) }
                td.num { (words.decimal(likeness(&row), 2)) }
                td.when { @for (i, time) in [row.first, row.half, row.last].into_iter().enumerate() {
                    @if i > 0 { br; }
                    @if let Some(t) = time { (words.moment(t, &page.zone)) } @else { "–" }
                } }
            } } }
        }
        }
        (more(page, &page.gathered.copied, ROWS))
    }
}

/// How like the earliest most of the others are: as copies, or by what they mean.
fn likeness(row: &CopiedText) -> f64 {
    row.closeness.filter(|_| row.kind == Copying::Meant).unwrap_or(row.similarity)
}

/// Accounts whose rhythm stands out.
pub fn automation(page: &Page) -> Markup {
    html! {
        h3 { (page.say("Accounts whose rhythm stands out", "Comptes au rythme inhabituel")) }
        p { (page.say(
            "Weak evidence: people post fast, sleep badly and plan ahead, too. Each sign stands with its reason; none of them proves a program.",
            "Indices faibles : des gens aussi publient vite, dorment mal ou programment. Chaque signe figure avec sa raison ; aucun ne prouve un automate.",
        )) }
        @for (d, row) in page.gathered.automation.rows::<Automation>().take(ROWS) {
            details {
                summary {
                    code { (show::text(&row.account, 60)) }
                    @if !row.name.is_empty() { " " (show::text(&row.name, 60)) }
                    " – " (page.words.count(row.posts, ("post", "publication"), ("posts", "publications")))
                    ", " (page.words.count(row.signs.len() as u64, ("sign", "signe"), ("signs", "signes")))
                }
                p.title { (page.words.prose(&d.finding.title, 300)) }
                ul.reasons { @for signed in row.signs.iter().take(ROWS) {
                    li {
                        (page.words.text(&signed.sign.text()))
                        @if let Some(value) = signed.value { (page.say(": ", " : ")) (page.words.decimal(value, 2)) }
                        " – " (show::text(signed.why.get(page.options.lang), 300))
                    }
                } }
                (grounds(page, d))
            }
        }
        (more(page, &page.gathered.automation, ROWS))
    }
}

/// Claims that the case follows: what evidence shows of each, and, apart from it, what the case says.
pub fn claims(page: &Page) -> Markup {
    let words = page.words;
    let count = |n: u64| words.count(n, ("post", "publication"), ("posts", "publications"));
    let by = |n: u64| words.count(n, ("account", "compte"), ("accounts", "comptes"));
    let when = |t: Option<Time>| t.map_or_else(|| "–".to_string(), |t| words.moment(t, &page.zone));
    let cited =
        |what: &str, at: &str| html! { (show::text(what, 300)) @if !at.is_empty() { " (" (show::text(at, 300)) ")" } };
    html! {
        h3 { (page.say("Claims that are followed", "Affirmations suivies")) }
        p { (page.say(
            "Who said it, as far as the evidence goes; whether it is true it does not say, and whoever mocks a claim uses its words too.",
            "Qui l’a dit, pour autant que les pièces le montrent ; elles ne disent pas si c’est vrai, et qui raille une affirmation en emploie aussi les mots.",
        )) }
        @for (n, (d, row)) in page.gathered.claims.rows::<Claim>().take(ROWS).enumerate() {
            article.group {
                p.title { (page.say("“", "« ")) (show::text(&row.name, 200)) (page.say("”", " »")) @if !row.says.is_empty() { " – " (show::text(&row.says, 400)) } }
                dl.facts {
                    div { dt { (page.say("Said", "Dite")) } dd { (count(row.posts)) " · " (by(row.accounts)) } }
                    div { dt { (page.say("First in evidence", "D’abord, parmi les pièces")) } dd { (when(d.finding.first))
                        @if let Some(account) = &row.first_account { " · " (show::text(account, 100)) } } }
                    @if !row.groups.is_empty() { div { dt { (page.say("Groups that carry it", "Groupes qui la portent")) } dd {
                        @for (i, g) in row.groups.iter().take(ROWS).enumerate() {
                            @if i > 0 { ", " } code { (g.finding) } " (" (words.number(g.sharers)) "/" (words.number(g.members)) ")"
                        }
                    } } }
                    @if !row.outlets.is_empty() { div { dt { (page.say("Outlets", "Médias")) } dd {
                        @for (i, o) in row.outlets.iter().enumerate() { @if i > 0 { "; " } (show::text(&o.host, 100)) ", " (when(o.first)) }
                        @if row.outlets_count > row.outlets.len() as u64 { " (" (page.say(
                            &format!("the {} earliest of {}", row.outlets.len(), words.number(row.outlets_count)),
                            &format!("les {} premiers sur {}", row.outlets.len(), words.number(row.outlets_count)),
                        )) ")" }
                    } } }
                    @for denial in row.denials.iter().take(ROWS) { div { dt { (page.say("Denied, says the case", "Démentie, dit le dossier")) } dd {
                        (cited(&denial.who, &denial.reference)) @if !denial.when.is_empty() { ", " (show::text(&denial.when, 60)) }
                        (page.say(": ", " : ")) (count(denial.posts)) " · " (by(denial.accounts))
                    } } }
                    @for support in row.supports.iter().take(ROWS) { div { dt { (page.say("Brought forward for it, says the case", "Avancé à l’appui, dit le dossier")) } dd { (cited(&support.what, &support.reference)) } } }
                }
                (curve(page, &format!("claim-{}", n + 1), &row.name, &row.curve))
                (grounds(page, d))
            }
        }
        (more(page, &page.gathered.claims, ROWS))
    }
}

/// Narratives with their curves and whom they name.
pub fn narratives(page: &Page) -> Markup {
    html! {
        h3 { (page.say("Narratives", "Récits")) }
        div { @for (n, (d, row)) in page.gathered.narratives.rows::<Narrative>().take(ROWS).enumerate() {
            details {
                summary {
                    (show::text(match &*row.title { "" => d.finding.title.get(page.options.lang), t => t }, 300)) " – "
                    (page.words.count(row.posts, ("post", "publication"), ("posts", "publications"))) ", "
                    (page.words.count(row.accounts, ("account", "compte"), ("accounts", "comptes")))
                }
                p {
                    @let outlets: Vec<&str> = row.outlets.iter().take(ROWS).map(|o| &*o.host).collect();
                    @if !outlets.is_empty() { (page.say("Outlets: ", "Médias : ")) (show::text(&outlets.join(", "), 300)) }
                }
                (curve(page, &format!("narrative-{}", n + 1), &row.title, &row.curve))
                (candidates(page, &row.candidates))
                (grounds(page, d))
            }
        } }
        (more(page, &page.gathered.narratives, ROWS))
    }
}

/// Outlets, with who classifies them.
pub fn outlets(page: &Page) -> Markup {
    let words = page.words;
    html! {
        h3 { (page.say("Outlets and channels", "Médias et canaux")) }
        div.scroll {
        table.small {
            caption { (page.say("Outlets met, what they are held to be and by whom", "Médias rencontrés, ce pour quoi ils sont tenus et par qui")) }
            (page.head(&[column("Outlet", "Média"), column("Held to be", "Tenu pour"), column("By whom", "Par qui"), numbers("Posts", "Publications"), numbers("Accounts", "Comptes"), column("Candidates named", "Candidats nommés")]))
            tbody { @for (_, row) in page.gathered.outlets.rows::<Outlet>().take(2 * ROWS) {
                @let held = &row.classified;
                tr {
                    th scope="row" { code { (show::text(&row.outlet, 100)) } }
                    td { (words.text(&held.class.text())) @if !held.name.is_empty() { ", " (show::text(&held.name, 80)) } }
                    td { (show::text(if held.who.is_empty() { "–" } else { &held.who }, 120)) }
                    td.num { (words.number(row.posts)) }
                    td.num { (words.number(row.accounts)) }
                    td { @for (i, (name, posts)) in named(&row.candidates).enumerate() {
                        @if i > 0 { br; } (show::text(name, 60)) " " (words.number(posts))
                    } }
                }
            } }
        }
        }
        (more(page, &page.gathered.outlets, 2 * ROWS))
    }
}

/// How many of how many are shown, and how many the case keeps.
fn more(page: &Page, list: &List, shown: usize) -> Markup {
    let number = |n: u64| html! { (page.words.number(n)) };
    let figures = [number((shown as u64).min(list.kept)), number(list.all), number(list.kept)];
    html! { @match () {
        () if list.all > list.kept => p.quiet { (page.sentence(
            "{0} of {1} are shown; the {2} largest stand in the case: vigie findings DIR.",
            "{0} sur {1} sont montrés ; les {2} plus importants figurent au dossier : vigie findings DIR.",
            &figures,
        )) },
        () if list.all > shown as u64 => p.quiet { (page.sentence(
            "{0} of {1} are shown; all stand in the case: vigie findings DIR.",
            "{0} sur {1} sont montrés ; tous figurent au dossier : vigie findings DIR.",
            &figures[..2],
        )) },
        () => {}
    } }
}

/// The people named who are told, with the posts that name them.
fn named(candidates: &Candidates) -> impl Iterator<Item = (&String, u64)> {
    candidates.iter().map(|(name, posts)| (name, *posts)).take(CANDIDATES)
}

fn candidates(page: &Page, candidates: &Candidates) -> Markup {
    if candidates.is_empty() {
        return html! {};
    }
    html! { table.small {
        caption { (page.say("Candidates named; for or against whom is not said", "Candidats nommés, sans dire pour ou contre qui")) }
        (page.head(&[column("Candidate", "Candidat"), numbers("posts", "publications")]))
        tbody { @for (name, posts) in named(candidates) { tr {
            th scope="row" { (show::text(name, 80)) }
            td.num { (page.words.number(posts)) }
        } } }
    } }
}

/// The curve, its points put into columns of equal width.
fn curve(page: &Page, id: &str, of: &str, points: &Curve) -> Markup {
    let (Some(first), Some(last)) = (points.iter().map(|p| p.0).min(), points.iter().map(|p| p.0).max()) else {
        return html! {};
    };
    let columns = points.len().clamp(1, COLUMNS);
    let width = (last.0.saturating_sub(first.0) / columns as i64).max(1);
    let mut counts = vec![0u64; columns];
    for (time, n) in points {
        let column = (time.0.saturating_sub(first.0) / width) as usize;
        counts[column.min(columns - 1)] += n;
    }
    let start = |i: usize| page.words.moment(Time(first.0 + width * i as i64), &page.zone);
    let (most, at) = counts.iter().enumerate().map(|(i, n)| (*n, i)).max_by_key(|m| m.0).unwrap_or_default();
    let most = page.words.number(most);
    let when = start(at);
    let title = page.say("Posts over time", "Publications au fil du temps");
    let chart = Stacked {
        id: id.to_string(),
        title: match of {
            "" => title.clone(),
            of => format!("{title}{}{}", page.options.lang.colon(), show::plain(of, 60)),
        },
        description: page.say(&format!("Most: {most}, {when}."), &format!("Maximum : {most}, {when}.")),
        height: 90.0,
        columns: (0..columns)
            .map(|i| format!("{}{}{}", start(i), page.options.lang.colon(), page.words.number(counts[i])))
            .collect(),
        ticks: (0..columns)
            .step_by((columns / 5).max(1))
            .filter(|i| columns - i >= 12 || columns < 12)
            .map(|i| (i, start(i)))
            .collect(),
        layers: vec![(page.say("posts", "publications"), counts)],
        rest: false,
        level: Vec::new(),
        marks: Vec::new(),
    };
    html! { figure {
        div.scroll tabindex="0" role="group" aria-label=(chart.title) { (chart::stacked(&chart, page.words)) }
        figcaption { (title) ". " (chart.description) }
    } }
}
