//! Accounts that act as one, copied texts, accounts that look automatic, narratives, and the road of a leak. Whoever is
//! named here is a member of a group or stands out, at or above `low`; everybody else is only counted
//! ([`crate::Accounts`]). Lines of posts are told by their places, never quoted: they speak of others, too.

mod group;
mod rest;
mod road;

use super::Page;
use crate::page::{Answer, Asks, Leaf, Place, Section, Source};
use maud::{Markup, html};
use rows::Row;
use rows::posts::{Automation, Coordination, CopiedText};
use std::collections::BTreeSet;

/// Its page.
const LEAF: Leaf = Leaf { file: "amplification.html", title: ("Amplification", "Amplification") };

/// Groups told at once; the rest folds away.
const OPEN: usize = 12;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let posts = page.gathered;
    if posts.is_empty() {
        return None;
    }
    let groups: Vec<_> = posts.groups.rows().collect();
    let (open, folded) = groups.split_at(groups.len().min(OPEN));
    let markup = html! {
        p { (sentence(page)) }
        p.quiet { (page.say(
            "That accounts act together says nothing of who runs them, and people who share a conviction may look alike: what else could explain each group stands with it. Accounts below the threshold are counted and never named.",
            "Que des comptes agissent ensemble ne dit rien de qui les tient, et des gens de même conviction peuvent se ressembler : ce qui pourrait expliquer autrement chaque groupe figure avec lui. Les comptes sous le seuil sont comptés, jamais nommés.",
        )) }
        @if posts.explained > 0 { p { (explained(page)) } }
        @for (i, (d, group)) in open.iter().enumerate() { (group::told(page, i + 1, d, group)) }
        @if !folded.is_empty() { details.data {
            summary { (page.words.count(folded.len() as u64, ("more group", "groupe de plus"), ("more groups", "groupes de plus"))) }
            @for (i, (d, group)) in folded.iter().enumerate() { (group::told(page, OPEN + i + 1, d, group)) }
        } }
        @if posts.wholes.all > 0 { (rest::wholes(page)) }
        @if posts.bursts.all > 0 { (rest::bursts(page)) }
        @if posts.roads.all > 0 { (road::told(page)) }
        @if posts.claims.all > 0 { (rest::claims(page)) }
        @if posts.narratives.all > 0 { (rest::narratives(page)) }
        @if posts.outlets.all > 0 { (rest::outlets(page)) }
        @if posts.copied.all > 0 { (rest::copied(page)) }
        @if posts.automation.all > 0 { (rest::automation(page)) }
    };
    let title = ("Amplification: accounts that act as one", "Amplification : des comptes qui agissent ensemble");
    Some(Section { leaf: LEAF, cover: false, place: Place::Body, id: "amplification", title, markup })
}

/// How many groups of how many accounts, texts, automatic accounts. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    page.sentence(
        "In the debate on social networks: {0} ({1}), {2}, {3}.",
        "Dans le débat sur les réseaux sociaux : {0} ({1}), {2}, {3}.",
        &figures(page),
    )
}

fn figures(page: &Page) -> [Markup; 4] {
    let (posts, words) = (page.gathered, page.words);
    let groups = posts.groups.rows::<Coordination>();
    let members: BTreeSet<String> = groups.flat_map(|(_, group)| group.members).map(|m| m.account).collect();
    [
        cite(
            page,
            "groups",
            &words.count(
                posts.groups.all,
                ("group of accounts that acts as one", "groupe de comptes qui agit de concert"),
                ("groups of accounts that act as one", "groupes de comptes qui agissent de concert"),
            ),
            ("groups of accounts", "groupes de comptes"),
            (
                "Accounts that share the same things at the same time more often than chance allows, corrected for all pairs looked at.",
                "Comptes qui partagent les mêmes choses au même moment plus souvent que le hasard ne le permet, corrigé du nombre de paires examinées.",
            ),
            Coordination::NAME,
        ),
        cite(
            page,
            "members",
            &words.count(members.len() as u64, ("account", "compte"), ("accounts", "comptes")),
            ("accounts in groups", "comptes des groupes"),
            ("Members of these groups, each counted once.", "Membres de ces groupes, chacun compté une fois."),
            Coordination::NAME,
        ),
        cite(
            page,
            "copied",
            &words.count(posts.copied.all, ("copied text", "texte recopié"), ("copied texts", "textes recopiés")),
            ("copied texts", "textes recopiés"),
            (
                "Texts that three accounts or more posted as their own: word for word, altered, or on one pattern; which, and how alike they are, stands with each.",
                "Textes que trois comptes ou plus ont publiés comme les leurs : mot pour mot, retouchés ou sur un même modèle ; lequel, et leur ressemblance, figurent avec chacun.",
            ),
            CopiedText::NAME,
        ),
        cite(
            page,
            "automatic",
            &words.count(
                posts.automation.all,
                ("account whose rhythm stands out", "compte au rythme inhabituel"),
                ("accounts whose rhythm stands out", "comptes au rythme inhabituel"),
            ),
            ("accounts that stand out", "comptes qui se détachent"),
            (
                "Accounts with signs of automation: weak evidence, each sign with its reason.",
                "Comptes portant des signes d’automatisation : indices faibles, chacun avec sa raison.",
            ),
            Automation::NAME,
        ),
    ]
}

/// How many groups of how many accounts, and whether a leak travelled.
pub fn answers(page: &Page) -> Vec<Answer> {
    let posts = page.gathered;
    let mut all = Vec::new();
    if posts.groups.all > 0 {
        let [groups, members, ..] = figures(page);
        all.push(page.sentence("{0} ({1}).", "{0} ({1}).", &[groups, members]));
    }
    if posts.roads.all > 0 {
        all.push(html! { a href="#amplification" { (page.say("Papers said to be leaked travel towards the press", "Des documents dits divulgués cheminent vers la presse")) } "." });
    }
    all.into_iter().map(|markup| Answer { asks: Asks::What, alarm: false, markup }).collect()
}

/// Groups that are not counted, for they explain themselves.
fn explained(page: &Page) -> Markup {
    let groups = page.words.count(
        page.gathered.explained,
        ("further group acts", "autre groupe agit"),
        ("further groups act", "autres groupes agissent"),
    );
    let groups = cite(
        page,
        "explained",
        &groups,
        ("groups that explain themselves", "groupes qui s’expliquent eux-mêmes"),
        (
            "An outlet's own accounts, feeds that say so, an announced campaign.",
            "Les comptes d’un média, des fils automatiques qui le disent, une campagne annoncée.",
        ),
        &format!("{}, info", Coordination::NAME),
    );
    page.sentence(
        "{0} together and explain it: an outlet's accounts, automatic feeds, an announced campaign. That is their own word; they are not counted here, and {1} lists them.",
        "{0} ensemble et s’en expliquent : comptes d’un média, fils automatiques, campagne annoncée. Ils le disent eux-mêmes ; ils ne sont pas comptés ici, et {1} les donne.",
        &[groups, html! { code { "vigie findings DIR --severity info --all" } }],
    )
}

/// A figure of this chapter in the register; `rows` is a detector or a finding's id.
fn cite(page: &Page, id: &str, value: &str, what: (&str, &str), how: (&str, &str), rows: &str) -> Markup {
    page.cite(&format!("posts-{id}"), value, || Source {
        what: page.say(what.0, what.1),
        how: page.say(how.0, how.1),
        rows: page.say(&format!("posts in brief.json ({rows})"), &format!("posts dans brief.json ({rows})")),
        opens: Vec::new(),
        find: match rows.strip_prefix("finding--") {
            Some(id) => id.to_string().get(..13).unwrap_or_default().to_string(),
            None if rows.ends_with("info") => {
                format!("detector:{} severity:info", rows.split(',').next().unwrap_or_default())
            }
            None if [Coordination::NAME, Automation::NAME].contains(&rows) => format!("detector:{rows} severity>=low"),
            None => format!("detector:{rows}"),
        },
    })
}

/// A length of time in words: `45 s`, `12 min`, `3.5 h`, `2 days`.
fn duration(page: &Page, seconds: f64) -> String {
    let words = page.words;
    let number = |n: f64| words.decimal(n, usize::from(n < 10.0 && (n - n.round()).abs() > 0.05));
    match seconds.abs() {
        s if s < 100.0 => format!("{}\u{a0}s", number(s)),
        s if s < 5400.0 => format!("{}\u{a0}min", number(s / 60.0)),
        s if s < 172_800.0 => format!("{}\u{a0}h", number(s / 3600.0)),
        s => format!("{}\u{a0}{}", number(s / 86_400.0), page.say("days", "jours")),
    }
}
