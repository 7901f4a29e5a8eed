//! Innocent explanations: accounts that act together and say why. Each member is asked on its own, so that nobody hides
//! behind another's explanation, and nobody is called coordinated because a feed carries the same articles.
//!
//! Fans of one show, and all who like the same things at the same hours, are the null model's (`chance`): they never
//! come here. Left out: explanations that only an analyst can know.

use super::bands::Band;
use crate::domain::registrable;
use crate::posts::shares::host;
use crate::posts::table::Table;
use foldhash::fast::RandomState;
use rows::posts::Explanation;
use std::collections::{BTreeMap, BTreeSet, HashMap};

model::vocabulary! {
    /// An explanation, in the order in which they are considered.
    pub enum Innocent {
        /// Accounts of one outlet that carry its own articles under its own name.
        Newsroom = "newsroom" (
            "they bear the name of one outlet and carry its own articles",
            "ils portent le nom d’un même média et en relaient les articles"
        ),
        /// Automatic feeds that say so and do nothing but link.
        Feed = "feed" (
            "they say that they are automatic feeds, and do nothing but link",
            "ils se disent automatiques et ne font que relayer des liens"
        ),
        /// A campaign whose posts or profiles say that it is one.
        Planned = "planned" (
            "their posts or profiles say that this is a joint campaign, and whose",
            "leurs messages ou leurs profils annoncent une action commune, et de qui"
        ),
    }
}

impl From<Innocent> for Explanation {
    fn from(innocent: Innocent) -> Explanation {
        match innocent {
            Innocent::Newsroom => Explanation::Newsroom,
            Innocent::Feed => Explanation::Feed,
            Innocent::Planned => Explanation::Planned,
        }
    }
}

/// Most: what an explanation must hold for.
const MOST: f64 = 0.8;
/// What automatic accounts call themselves.
const FEEDS: [&str; 13] = [
    "bot",
    "rss",
    "feed",
    "automated",
    "automatic",
    "automatically",
    "automatique",
    "automatisé",
    "flux",
    "robot",
    "automatisch",
    "automático",
    "автоматически",
];
/// How a campaign says that it is one.
const PLANNED: [&str; 22] = [
    "action commune",
    "action collective",
    "message proposé par",
    "message type",
    "texte proposé par",
    "à l’initiative de",
    "à l'initiative de",
    "campagne de ",
    "campagne organisée par",
    "coordinated campaign",
    "joint action",
    "joint campaign",
    "day of action",
    "twitterstorm",
    "tweetstorm",
    "message suggested by",
    "suggested tweet",
    "organised by",
    "organized by",
    "gemeinsame aktion",
    "acción conjunta",
    "совместная акция",
];

/// Whether a text says itself that it is part of a campaign.
pub fn says_planned(text: &str) -> bool {
    let text = text.to_lowercase();
    PLANNED.iter().any(|p| text.contains(p))
}

/// Letters and digits alone, lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

fn most(part: usize, of: usize) -> bool {
    of > 0 && part as f64 >= MOST * of as f64
}

/// The members of a band that explain themselves; `joint` are the posts that each made with the others.
pub fn explained(
    table: &Table,
    posts_of: &[Vec<u32>],
    members: &BTreeSet<u32>,
    joint: &BTreeMap<u32, BTreeSet<u32>>,
) -> BTreeMap<u32, Innocent> {
    // What most profiles of the band name besides: an association, a party.
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for &member in members {
        let about: BTreeSet<String> = words(&table.accounts[member as usize].about).filter(|w| w.len() > 3).collect();
        about.into_iter().for_each(|w| *named.entry(w).or_default() += 1);
    }
    let shared: BTreeSet<String> =
        named.into_iter().filter(|(_, n)| *n >= 3 && most(*n, members.len())).map(|(w, _)| w).collect();
    let nothing = BTreeSet::new();
    let all = members.iter().flat_map(|member| &posts_of[*member as usize]);
    let known = Known::of(table, all);
    let explain = |member: u32| {
        let posts = joint.get(&member).unwrap_or(&nothing);
        let all = &posts_of[member as usize];
        let is = |i: &Innocent| match i {
            Innocent::Newsroom => newsroom(table, &known, member, all, posts),
            Innocent::Feed => feed(table, member, all),
            Innocent::Planned => planned(table, &known, member, posts, &shared),
        };
        Innocent::ALL.iter().find(|i| is(i)).copied()
    };
    members.iter().filter_map(|m| Some((*m, explain(*m)?))).collect()
}

/// What is asked of links and texts, of each once however many members share it.
struct Known {
    /// By link, the name of its site; none where that is too short to be anybody's.
    sites: HashMap<u32, Option<String>, RandomState>,
    /// By text, whether it says that it is part of a campaign.
    planned: HashMap<u32, bool, RandomState>,
}

impl Known {
    fn of<'p>(table: &Table, posts: impl Iterator<Item = &'p u32>) -> Known {
        let mut known = Known { sites: HashMap::default(), planned: HashMap::default() };
        for post in posts {
            known.planned.entry(table.text_number(*post)).or_insert_with(|| says_planned(table.text(*post)));
            for link in table.links(*post) {
                known.sites.entry(*link).or_insert_with(|| {
                    let site = host(table.string(*link)).map(|h| registrable(&h).unwrap_or(h)).unwrap_or_default();
                    let label = bare(site.split('.').next().unwrap_or_default());
                    Some(label).filter(|label| label.chars().count() >= 4)
                });
            }
        }
        known
    }
}

/// It bears an outlet's name, and what it links to is that outlet's.
fn newsroom(table: &Table, known: &Known, member: u32, all: &[u32], together: &BTreeSet<u32>) -> bool {
    let account = &table.accounts[member as usize];
    let name = bare(&account.name) + &bare(&account.about);
    let own = |post: &u32| {
        let sites = table.links(*post).iter().filter_map(|link| known.sites.get(link)?.as_ref());
        sites.into_iter().any(|site| name.contains(site))
    };
    let linked = all.iter().filter(|p| table.urls(**p).next().is_some());
    let (own_all, linked) = linked.fold((0, 0), |(o, n), p| (o + usize::from(own(p)), n + 1));
    most(own_all, linked) && most(together.iter().filter(|p| own(p)).count(), together.len())
}

/// It says that it is automatic, and nearly all it does is link to pages, each once.
fn feed(table: &Table, member: u32, all: &[u32]) -> bool {
    let account = &table.accounts[member as usize];
    let name = if account.name.is_empty() { &account.id } else { &account.name };
    let says = words(name).any(|w| is_feed(&w)) || words(&account.about).any(|w| FEEDS.contains(&w.as_str()));
    if !says {
        return false;
    }
    let linked: Vec<&str> = all.iter().filter_map(|p| table.urls(*p).next()).collect();
    let pages: BTreeSet<&str> = linked.iter().copied().collect();
    let hosts: BTreeSet<String> = linked.iter().filter_map(|u| host(u)).collect();
    most(linked.len(), all.len()) && most(pages.len(), linked.len()) && hosts.len() > 1
}

/// Whether a word of a name says that it is a feed: `newsbot`, `rss2tweet`, `worldfeed24`.
fn is_feed(word: &str) -> bool {
    let word = word.trim_matches(|c: char| c.is_ascii_digit());
    FEEDS.contains(&word) || ["bot", "feed", "rss"].iter().any(|end| word.ends_with(end)) || word.starts_with("rss")
}

/// What it posts with the others says that it is a campaign; or its profile names what most profiles of the others
/// name, and so do the posts.
fn planned(table: &Table, known: &Known, member: u32, together: &BTreeSet<u32>, shared: &BTreeSet<String>) -> bool {
    let about: BTreeSet<String> = words(&table.accounts[member as usize].about).collect();
    let ours: Vec<&String> = shared.iter().filter(|w| about.contains(*w)).collect();
    let names = |post: u32| {
        let text = bare(table.text(post));
        ours.iter().filter(|w| text.contains(w.as_str())).count() >= 2
    };
    let says =
        |post: &&u32| known.planned.get(&table.text_number(**post)) == Some(&true) || ours.len() > 1 && names(**post);
    most(together.iter().filter(says).count(), together.len())
}

/// A band without those who explain themselves, and those, by explanation.
pub fn parted(band: &Band, explained: &BTreeMap<u32, Innocent>) -> Vec<(Band, Option<Innocent>)> {
    let gone: BTreeSet<u32> = explained.keys().copied().collect();
    let mut parts: Vec<(Band, Option<Innocent>)> = band.without(&gone).into_iter().map(|b| (b, None)).collect();
    for innocent in Innocent::ALL {
        let others: BTreeSet<u32> =
            band.members.iter().copied().filter(|m| explained.get(m) != Some(&innocent)).collect();
        parts.extend(band.without(&others).into_iter().map(|b| (b, Some(innocent))));
    }
    parts
}
