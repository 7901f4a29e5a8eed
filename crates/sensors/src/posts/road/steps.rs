//! From posts and articles to roads: where an object came out, who carried it, which media took it up.
//!
//! What links an article to an object is said with each step ([`How`]): its address, a copied text, a hashtag that is
//! carried with both far more often than with others, or words. All but the first are inference. You may rely on: a pure
//! function of table and outlets. Left out: what went on before the first post, and outside the evidence.

use super::leak::{self, Tag};
use super::markers;
use crate::names::kernel::Scratch;
use crate::posts::dataset::Dataset;
use crate::posts::naming;
use crate::posts::narrative::build::{self, host};
use crate::posts::outlets::Outlets;
use crate::posts::table::Table;
use model::{Level, Time};
use rows::posts::{Classified, OutletClass, StepKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Posts from which a link is an object of its own.
const POSTS: usize = 10;
/// Posts from which a hashtag or a page is looked at.
const FEW: usize = 5;
/// Part of the posts of an object that must speak of a leak, or carry a hashtag.
const PART: f64 = 0.3;
/// How many times more often than with other links a hashtag must be carried with an object.
const LIFT: f64 = 3.0;
/// Texts, and accounts, that say what was leaked.
const SEVERAL: usize = 2;
/// Accounts told beside the first: those most repeated, then the earliest.
const CHANNELS: usize = 8;

/// By what a step belongs to the object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum How {
    /// It carries its address.
    Address,
    /// Its text is a copy of one that carries it.
    Text,
    /// It is shared under a hashtag of the object.
    Hashtag(String),
    /// It speaks of a leak in words that the object's carriers use and few others.
    Words(String),
}

/// One step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// When.
    pub time: Time,
    /// The account's number, of an account or channel.
    pub account: Option<u32>,
    /// The outlet's host.
    pub host: String,
    /// What it is.
    pub kind: StepKind,
    /// Illegal, grey or legal.
    pub level: Level,
    /// The address it published.
    pub url: String,
    /// The post or article that shows it.
    pub post: u32,
    /// Posts that carried it on: copies of an account's, links to an article.
    pub posts: usize,
    /// Why it belongs here.
    pub how: How,
    /// Who classifies the outlet.
    pub classified: Option<Classified>,
}

/// A road.
#[derive(Clone, PartialEq, Debug)]
pub struct Road {
    /// The object's addresses.
    pub urls: Vec<String>,
    /// Whether its carriers say that it was leaked.
    pub leak: bool,
    /// Its hashtags, the most carried first.
    pub hashtags: Vec<String>,
    /// The most carried hashtag that is a leak's own.
    pub named: Option<String>,
    /// Accounts that carry it.
    pub accounts: usize,
    /// Those of them that say in their own words what was leaked.
    pub saying: usize,
    /// Steps in time order.
    pub steps: Vec<Step>,
    /// Posts with one of its addresses.
    pub posts: Vec<u32>,
}

/// All roads of a table that reach an outlet, or that begin with a leak.
pub fn roads(dataset: &Dataset, outlets: &Outlets) -> Vec<Road> {
    let map = Map::of(dataset, outlets);
    let mut all: Vec<Road> = map.objects().iter().filter_map(|(urls, leak)| map.road(urls, *leak)).collect();
    all.sort_by(|a, b| (b.leak, b.posts.len(), &a.urls).cmp(&(a.leak, a.posts.len(), &b.urls)));
    // A page that is a step of a leak's road is told there.
    let stepped: BTreeSet<String> =
        all.iter().filter(|r| r.leak).flat_map(|r| &r.steps).map(|s| s.host.clone()).collect();
    all.retain(|r| r.leak || !r.urls.iter().any(|u| stepped.contains(host(u))));
    all
}

/// What is known of all links before a road is looked for.
struct Map<'t> {
    table: &'t Table,
    known: &'t Outlets,
    links: BTreeMap<&'t str, Vec<u32>>,
    /// Hosts of outlets: those whose articles are in evidence, and those somebody has classified.
    outlets: BTreeMap<&'t str, Option<Classified>>,
    /// What posts say of a leak, by the number of their text.
    leaks: HashMap<u32, bool>,
    /// How many posts with a link carry each hashtag, and how many there are.
    tags: BTreeMap<&'t str, usize>,
    linking: usize,
    /// The copied text that a text is a copy of.
    copies: HashMap<u32, u32>,
}

impl<'t> Map<'t> {
    fn of(dataset: &'t Dataset, known: &'t Outlets) -> Map<'t> {
        let table = &dataset.table;
        let links = build::links(table);
        let mut scratch = Scratch::default();
        let mut outlets = BTreeMap::new();
        for (url, posts) in &links {
            let article = posts.iter().any(|p| table.is_article(*p) && of_outlet(table, *p, url));
            let at = host(url);
            if article || !outlets.contains_key(at) {
                let told = known.judge(at, &mut scratch);
                if article || told.as_ref().is_some_and(|c| !publishes_leaks(c)) {
                    outlets.insert(at, told);
                }
            }
        }
        let mut leaks = HashMap::new();
        let (mut tags, mut linking) = (BTreeMap::new(), 0);
        for post in 0..table.len() as u32 {
            leaks.entry(table.text_number(post)).or_insert_with(|| naming::says_leak(table.text(post)));
            if !table.is_article(post) && table.urls(post).next().is_some() {
                linking += 1;
                let own: BTreeSet<&str> = table.hashtags(post).collect();
                own.into_iter().for_each(|tag| *tags.entry(tag).or_default() += 1);
            }
        }
        Map { table, known, links, outlets, leaks, tags, linking, copies: build::clusters(dataset) }
    }

    fn says_leak(&self, post: u32) -> bool {
        self.leaks.get(&self.table.text_number(post)).copied().unwrap_or_default()
    }

    /// The posts of a link, articles apart.
    fn carriers(&self, url: &str) -> impl Iterator<Item = u32> {
        self.links.get(url).into_iter().flatten().copied().filter(|p| !self.table.is_article(*p))
    }

    /// Hashtags carried with a link far more often than with others, the most carried first.
    fn own_tags(&self, url: &str) -> Vec<&'t str> {
        let (mut counts, mut all): (BTreeMap<&'t str, usize>, usize) = (BTreeMap::new(), 0);
        for post in self.carriers(url) {
            all += 1;
            let own: BTreeSet<&'t str> = self.table.hashtags(post).collect();
            own.into_iter().for_each(|tag| *counts.entry(tag).or_default() += 1);
        }
        let usual = |tag: &str| self.tags.get(tag).copied().unwrap_or_default() as f64 / self.linking.max(1) as f64;
        let mut own: Vec<(&str, usize)> = counts
            .into_iter()
            .filter(|(tag, n)| *n >= FEW && part(*n, all) >= PART && part(*n, all) >= LIFT * usual(tag))
            .collect();
        own.sort_by_key(|(tag, n)| (std::cmp::Reverse(*n), *tag));
        own.into_iter().map(|(tag, _)| tag).collect()
    }

    /// Where roads begin: links to leaked papers, grouped by their hashtags, and pages of classified outlets.
    fn objects(&self) -> Vec<(BTreeSet<&'t str>, bool)> {
        let mut leaked: Vec<(BTreeSet<&'t str>, BTreeSet<&'t str>)> = Vec::new();
        let mut all = Vec::new();
        for &url in self.links.keys() {
            let carriers: Vec<u32> = self.carriers(url).collect();
            if carriers.len() < POSTS {
                continue;
            }
            if self.outlets.get(host(url)).is_some_and(Option::is_some) {
                all.push((BTreeSet::from([url]), false));
                continue;
            }
            let tagged = |post: &u32| self.table.hashtags(*post).any(|tag| self.leak_tag(tag).is_some());
            let speaking = carriers.iter().filter(|p| self.says_leak(**p) || tagged(p)).count();
            if self.outlets.contains_key(host(url)) || part(speaking, carriers.len()) < PART {
                continue;
            }
            let tags: BTreeSet<&str> = self.own_tags(url).into_iter().map(|tag| self.stem(tag)).collect();
            let own = self.own_tags(url).into_iter().any(|tag| self.leak_tag(tag).is_some());
            // A word accuses nobody, and neither does an archive: people say what was leaked, and something else does.
            if !(own || leak::is_archive(url) || self.is_leak_site(url)) || !self.say_papers(&carriers) {
                continue;
            }
            match leaked.iter_mut().find(|(_, own)| !own.is_disjoint(&tags)) {
                Some((urls, own)) => {
                    urls.insert(url);
                    own.extend(tags);
                }
                None => leaked.push((BTreeSet::from([url]), tags)),
            }
        }
        for (stem, links) in self.tagged() {
            match leaked.iter_mut().find(|(_, own)| own.contains(stem)) {
                Some((urls, _)) => urls.extend(links),
                None => leaked.push((links, BTreeSet::from([stem]))),
            }
        }
        all.extend(leaked.into_iter().map(|(urls, _)| (urls, true)));
        all
    }

    /// Leaks that are known by their hashtag, where every link is another short one: the links that are mostly carried
    /// under it, if those who carry them say in several texts what was leaked. A text under the hashtags of two leaks
    /// speaks for neither: what is said of one is no word of the other.
    fn tagged(&self) -> BTreeMap<&'t str, BTreeSet<&'t str>> {
        let mut posts: BTreeMap<&'t str, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
        for post in (0..self.table.len() as u32).filter(|p| !self.table.is_article(*p)) {
            let stems: BTreeSet<&'t str> = self.stems(post).collect();
            for stem in &stems {
                let (all, alone) = posts.entry(stem).or_default();
                all.push(post);
                alone.extend((stems.len() == 1).then_some(post));
            }
        }
        posts.retain(|_, (all, alone)| all.len() >= POSTS && self.say_papers(alone));
        let links = |(stem, (posts, _)): (&'t str, (Vec<u32>, Vec<u32>))| {
            let under = |url: &&'t str| {
                let (mut with, mut all) = (0, 0);
                for post in self.carriers(url) {
                    all += 1;
                    with += usize::from(self.stems(post).any(|s| s == stem));
                }
                2 * with > all && !self.outlets.contains_key(host(url))
            };
            let links: BTreeSet<&'t str> = posts.iter().flat_map(|p| self.table.urls(*p)).collect();
            let links: BTreeSet<&'t str> = links.into_iter().filter(under).collect();
            (!links.is_empty()).then_some((stem, links))
        };
        posts.into_iter().filter_map(links).collect()
    }

    /// A hashtag as a leak's own; one that is a publisher's name is none.
    fn leak_tag(&self, tag: &'t str) -> Option<Tag<'t>> {
        Tag::of(tag).filter(|_| !self.known.publishes_leaks(tag))
    }

    /// What a hashtag is compared by: a leak's without its number.
    fn stem(&self, tag: &'t str) -> &'t str {
        self.leak_tag(tag).map_or(tag, |t| t.stem)
    }

    /// The leaks whose hashtags a post carries.
    fn stems(&self, post: u32) -> impl Iterator<Item = &'t str> {
        self.table.hashtags(post).filter_map(|tag| self.leak_tag(tag)).map(|tag| tag.stem)
    }

    /// Whether a post says what was leaked.
    fn says_papers(&self, post: u32) -> bool {
        let tags = self.table.hashtags(post).filter(|tag| !self.known.publishes_leaks(tag));
        leak::leaks_papers(self.table.text(post), tags)
    }

    /// Whether several accounts say in texts of their own what was leaked.
    fn say_papers(&self, posts: &[u32]) -> bool {
        let saying = posts.iter().filter(|p| self.says_papers(**p));
        let (texts, accounts): (BTreeSet<u32>, BTreeSet<u32>) = saying
            .map(|p| (self.cluster(*p).unwrap_or(u32::MAX - self.table.text_number(*p)), self.table.account(*p)))
            .unzip();
        texts.len() >= SEVERAL && accounts.len() >= SEVERAL
    }

    fn is_leak_site(&self, url: &str) -> bool {
        self.known.judge(host(url), &mut Scratch::default()).as_ref().is_some_and(publishes_leaks)
    }

    fn road(&self, urls: &BTreeSet<&'t str>, leak: bool) -> Option<Road> {
        let posts: BTreeSet<u32> = urls.iter().flat_map(|u| self.carriers(u)).collect();
        let posts: Vec<u32> = posts.into_iter().filter(|p| self.table.time(*p).is_some()).collect();
        let first = *posts.first()?;
        let mut carried: BTreeMap<&'t str, usize> = BTreeMap::new();
        for post in &posts {
            let own: BTreeSet<&'t str> = self.table.hashtags(*post).collect();
            own.into_iter().for_each(|tag| *carried.entry(tag).or_default() += 1);
        }
        let most = |tag: &&str| (std::cmp::Reverse(carried.get(tag).copied()), tag.to_string());
        let tags: BTreeSet<&str> = urls.iter().flat_map(|u| self.own_tags(u)).collect();
        let mut tags: Vec<&str> = tags.into_iter().collect();
        tags.sort_by_key(most);
        let named = carried.keys().copied().filter(|tag| leak && self.leak_tag(tag).is_some()).min_by_key(most);
        let who = |says: &dyn Fn(&u32) -> bool| {
            let accounts: BTreeSet<u32> = posts.iter().filter(|p| says(p)).map(|p| self.table.account(*p)).collect();
            accounts.len()
        };
        let (accounts, saying) = (who(&|_| true), who(&|p| leak && self.says_papers(*p)));
        let mut steps = if leak { self.channels(&posts, urls) } else { Vec::new() };
        steps.extend(self.media(&posts, urls, &tags, leak, self.table.time(first)?));
        steps.sort_by_key(|s| (s.time, s.post));
        let reached = steps.iter().any(|s| s.kind == StepKind::Outlet && s.level == Level::Legal);
        (leak || reached).then(|| Road {
            urls: urls.iter().map(|u| u.to_string()).collect(),
            leak,
            hashtags: tags.into_iter().map(String::from).collect(),
            named: named.map(String::from),
            accounts,
            saying,
            steps,
            posts,
        })
    }

    /// The first account, and those who say what it is that they carry. A page begins with its outlet: who shares it is
    /// a reader, and not named.
    fn channels(&self, posts: &[u32], urls: &BTreeSet<&'t str>) -> Vec<Step> {
        let table = self.table;
        let ids: HashMap<(&str, &str), u32> = posts.iter().map(|p| ((table.platform(*p), table.id(*p)), *p)).collect();
        let mut repeated: HashMap<u32, usize> = HashMap::new();
        for post in (0..table.len() as u32).filter(|p| !table.repost_of(*p).is_empty()) {
            if let Some(original) = ids.get(&(table.platform(post), table.repost_of(post))) {
                *repeated.entry(*original).or_default() += 1;
            }
        }
        let mut seen = BTreeSet::new();
        let mut told: Vec<u32> = posts
            .iter()
            .copied()
            .filter(|p| table.repost_of(*p).is_empty() && seen.insert(table.account(*p)))
            .collect();
        let first = told.first().copied();
        told.retain(|p| Some(*p) != first && (self.says_leak(*p) || self.says_papers(*p)));
        told.sort_by_key(|p| (std::cmp::Reverse(repeated.get(p).copied()), table.time(*p), *p));
        told.truncate(CHANNELS);
        let step = |post: u32| {
            let url = table.urls(post).find(|u| urls.contains(u)).unwrap_or_default();
            // The first to publish what its own words, or the place, call stolen or leaked papers.
            let stored = || table.urls(post).any(|u| leak::is_archive(u) || self.is_leak_site(u));
            let publishes =
                Some(post) == first && self.says_papers(post) && (leak::publishes(table.text(post)) || stored());
            Some(Step {
                time: table.time(post)?,
                account: Some(table.account(post)),
                host: String::new(),
                kind: if table.platform(post) == "telegram" { StepKind::Channel } else { StepKind::Account },
                level: if publishes { Level::Illegal } else { Level::Grey },
                url: url.to_string(),
                post,
                posts: 1 + repeated.get(&post).copied().unwrap_or_default(),
                how: How::Address,
                classified: None,
            })
        };
        first.into_iter().chain(told).filter_map(step).collect()
    }

    /// The first article of each outlet that takes the object up.
    fn media(&self, posts: &[u32], urls: &BTreeSet<&'t str>, tags: &[&str], leak: bool, since: Time) -> Vec<Step> {
        let words = if leak { markers::telling(self.table, posts, |p| self.says_leak(p)) } else { Vec::new() };
        let copied: BTreeSet<u32> = posts.iter().filter_map(|p| self.cluster(*p)).collect();
        let mut first: BTreeMap<&str, Step> = BTreeMap::new();
        for (&url, of) in self.links.iter().filter(|(u, _)| self.outlets.contains_key(host(u))) {
            let article = of.iter().copied().find(|p| self.table.is_article(*p) && of_outlet(self.table, *p, url));
            let Some(post) = article.or_else(|| of.first().copied()) else { continue };
            let Some(time) = self.table.time(post).filter(|t| *t >= since) else { continue };
            let how = if urls.contains(url) || article.is_some_and(|a| self.table.urls(a).any(|u| urls.contains(u))) {
                Some(How::Address)
            } else if article.and_then(|a| self.cluster(a)).is_some_and(|c| copied.contains(&c)) {
                Some(How::Text)
            } else {
                let tag = self.own_tags(url).into_iter().find(|t| tags.contains(t));
                let word = || {
                    let title = article.filter(|a| self.says_leak(*a)).map(|a| self.table.text(a))?;
                    markers::shared(title, &words)
                };
                tag.map(|t| How::Hashtag(t.to_string())).or_else(|| word().map(How::Words))
            };
            let Some(how) = how else { continue };
            let classified = self.outlets.get(host(url)).cloned().flatten();
            let step = Step {
                time,
                account: None,
                host: host(url).to_string(),
                kind: StepKind::Outlet,
                level: if classified.is_some() { Level::Grey } else { Level::Legal },
                url: url.to_string(),
                post,
                posts: self.carriers(url).count(),
                how,
                classified,
            };
            let earliest = first.entry(host(url)).or_insert_with(|| step.clone());
            if (step.time, step.post) < (earliest.time, earliest.post) {
                *earliest = step;
            }
        }
        first.into_values().collect()
    }

    fn cluster(&self, post: u32) -> Option<u32> {
        self.copies.get(&self.table.text_number(post)).copied()
    }
}

/// Whether a link of an article is its own address: on the outlet's host.
fn of_outlet(table: &Table, article: u32, url: &str) -> bool {
    let id = &table.accounts[table.account(article) as usize].id;
    let outlet = id.rsplit('/').next().unwrap_or(id);
    let host = host(url);
    host == outlet || host.ends_with(outlet) || outlet.ends_with(host) || table.urls(article).next() == Some(url)
}

fn publishes_leaks(classified: &Classified) -> bool {
    matches!(classified.class, OutletClass::LeakSite | OutletClass::AnonymousBoard)
}

fn part(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}
