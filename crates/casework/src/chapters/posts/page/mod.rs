//! Accounts that act as one, copied texts, accounts that look automatic, narratives, and the road of a leak. Whoever is
//! named here is a member of a group or stands out, at or above `low`; everybody else is only counted
//! ([`crate::Accounts`]). Lines of posts are told by their places, never quoted: they speak of others, too.

mod group;
mod rest;
mod road;

use super::Page;
use super::group::Group;
use crate::page::{Place, Section, Source};
use maud::{Markup, html};

/// Groups told at once; the rest folds away.
const OPEN: usize = 12;

/// The section, where there is something to tell.
pub fn section(page: &Page) -> Option<Section> {
    let posts = page.gathered;
    if posts.is_empty() {
        return None;
    }
    let (open, folded) = posts.groups.split_at(posts.groups.len().min(OPEN));
    let markup = html! {
        p { (sentence(page)) }
        p.quiet { (page.say(
            "That accounts act together says nothing of who runs them, and people who share a conviction may look alike: what else could explain each group stands with it. Accounts below the threshold are counted and never named.",
            "Que des comptes agissent ensemble ne dit rien de qui les tient, et des gens de même conviction peuvent se ressembler : ce qui pourrait expliquer autrement chaque groupe figure avec lui. Les comptes sous le seuil sont comptés, jamais nommés.",
        )) }
        @if posts.explained > 0 { p { (explained(page)) } }
        @for (i, d) in open.iter().enumerate() { (group::told(page, i + 1, d)) }
        @if !folded.is_empty() { details.data {
            summary { (page.words.count(folded.len() as u64, ("more group", "groupe de plus"), ("more groups", "groupes de plus"))) }
            @for (i, d) in folded.iter().enumerate() { (group::told(page, OPEN + i + 1, d)) }
        } }
        @if !posts.roads.is_empty() { (road::told(page)) }
        @if !posts.narratives.is_empty() { (rest::narratives(page)) }
        @if !posts.outlets.is_empty() { (rest::outlets(page)) }
        @if !posts.copied.is_empty() { (rest::copied(page)) }
        @if !posts.automation.is_empty() { (rest::automation(page)) }
    };
    let title = ("Amplification: accounts that act as one", "Amplification : des comptes qui agissent ensemble");
    Some(Section { place: Place::Body, id: "amplification", title, markup })
}

/// How many groups of how many accounts, texts, automatic accounts. Also said in the summary.
pub fn sentence(page: &Page) -> Markup {
    let (posts, words) = (page.gathered, page.words);
    let mut members: Vec<&str> =
        posts.groups.iter().flat_map(|d| Group::of(&d.finding).members.into_iter().map(|m| m.account)).collect();
    members.sort_unstable();
    members.dedup();
    let figures = [
        cite(
            page,
            "groups",
            &words.count(
                posts.count("posts/coordination"),
                ("group of accounts that acts as one", "groupe de comptes qui agit comme un seul"),
                ("groups of accounts that act as one", "groupes de comptes qui agissent comme un seul"),
            ),
            ("groups of accounts", "groupes de comptes"),
            (
                "Accounts that share the same things at the same time more often than chance allows, corrected for all pairs looked at.",
                "Comptes qui partagent les mêmes choses au même moment plus souvent que le hasard ne le permet, corrigé du nombre de paires examinées.",
            ),
            "posts/coordination",
        ),
        cite(
            page,
            "members",
            &words.count(members.len() as u64, ("account", "compte"), ("accounts", "comptes")),
            ("accounts in groups", "comptes des groupes"),
            ("Members of these groups, each counted once.", "Membres de ces groupes, chacun compté une fois."),
            "posts/coordination",
        ),
        cite(
            page,
            "copied",
            &words.count(
                posts.count("posts/copied_text"),
                ("copied text", "texte recopié"),
                ("copied texts", "textes recopiés"),
            ),
            ("copied texts", "textes recopiés"),
            (
                "Texts that several accounts posted word for word or barely altered, their similarity measured.",
                "Textes que plusieurs comptes ont publiés mot pour mot ou à peine modifiés, leur ressemblance mesurée.",
            ),
            "posts/copied_text",
        ),
        cite(
            page,
            "automatic",
            &words.count(
                posts.count("posts/automation"),
                ("account whose rhythm stands out", "compte au rythme inhabituel"),
                ("accounts whose rhythm stands out", "comptes au rythme inhabituel"),
            ),
            ("accounts that stand out", "comptes qui se détachent"),
            (
                "Accounts with signs of automation: weak evidence, each sign with its reason.",
                "Comptes portant des signes d'automatisation : indices faibles, chacun avec sa raison.",
            ),
            "posts/automation",
        ),
    ];
    page.sentence(
        "In the debate on social networks: {0} ({1}), {2}, {3}.",
        "Dans le débat sur les réseaux sociaux : {0} ({1}), {2}, {3}.",
        &figures,
    )
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
        ("groups that explain themselves", "groupes qui s'expliquent eux-mêmes"),
        (
            "An outlet's own accounts, feeds that say so, an announced campaign.",
            "Les comptes d'un média, des fils automatiques qui le disent, une campagne annoncée.",
        ),
        "posts/coordination, info",
    );
    page.sentence(
        "{0} together and explain it: an outlet's accounts, automatic feeds, an announced campaign. That is their own word; they are not counted here, and {1} lists them.",
        "{0} ensemble et s'en expliquent : comptes d'un média, fils automatiques, campagne annoncée. Ils le disent eux-mêmes ; ils ne sont pas comptés ici, et {1} les donne.",
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
