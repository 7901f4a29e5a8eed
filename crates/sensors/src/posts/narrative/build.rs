//! From posts to narratives: links and copied texts that travel together.
//!
//! A link and a text belong to one narrative where half of the posts of the rarer are also posts of the other. You may
//! rely on: a pure function of the table; every post of a narrative carries one of its links or texts. Left out:
//! narratives without a link and without copied words.

use crate::posts::dataset::Dataset;
use crate::posts::table::Table;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Posts from which a link or a text is looked at.
const POSTS: usize = 5;

/// Posts of a copied text that are held against its earliest, about.
const LOOKED: usize = 32;

/// One post in so many must be of a copied text for it to be the narrative's title.
const TYPICAL: usize = 5;

/// Links and texts that travel together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Narrative {
    /// Its links, the most carried first.
    pub urls: Vec<String>,
    /// Its posts and articles, in the table's order.
    pub posts: Vec<u32>,
    /// How many different accounts posted it (articles apart).
    pub accounts: usize,
    /// The text that says best what it is about: an article, else of the largest copied text the earliest post, else
    /// the first post.
    pub typical: u32,
}

/// Who carried each link, in the table's order.
pub fn links(table: &Table) -> BTreeMap<&str, Vec<u32>> {
    let mut all: HashMap<u32, Vec<u32>, RandomState> = HashMap::default();
    for post in 0..table.len() as u32 {
        for link in table.links(post) {
            let posts = all.entry(*link).or_default();
            if posts.last() != Some(&post) {
                posts.push(post);
            }
        }
    }
    all.into_iter().map(|(link, posts)| (table.string(link), posts)).collect()
}

/// The copied text that each text is a copy of, by the table's number of the text.
pub fn clusters(dataset: &Dataset) -> HashMap<u32, u32> {
    let (table, copied) = (&dataset.table, dataset.copied());
    let of = |post: u32| Some((table.text_number(post), copied.cluster(table, post)?));
    (0..table.len() as u32).filter_map(of).collect()
}

/// The copied texts of a table, each with its posts.
fn copied(dataset: &Dataset) -> Vec<Vec<u32>> {
    let (table, of) = (&dataset.table, clusters(dataset));
    let mut posts: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for post in 0..table.len() as u32 {
        if let Some(cluster) = of.get(&table.text_number(post)) {
            posts.entry(*cluster).or_default().push(post);
        }
    }
    posts.into_values().filter(|posts| posts.len() >= POSTS && is_one(dataset, posts)).collect()
}

/// Whether most posts of a copied text are like the earliest. A phrase of the day is said by many in their own words, and
/// is no text (as in `posts/copied_text`).
fn is_one(dataset: &Dataset, posts: &[u32]) -> bool {
    let (table, copied) = (&dataset.table, dataset.copied());
    let earliest = posts.iter().copied().min_by_key(|p| (table.time(*p).is_none(), table.time(*p), *p));
    let Some(first) = earliest.and_then(|post| copied.place(table, post)) else { return true };
    let others = posts.iter().filter(|post| Some(**post) != earliest).step_by(posts.len() / LOOKED + 1);
    let alike = others.filter_map(|post| Some(copied.copies.relation(first, copied.place(table, *post)?)?.similarity));
    let mut alike: Vec<f32> = alike.collect();
    alike.sort_by(f32::total_cmp);
    alike.get(alike.len() / 2).is_none_or(|middle| *middle >= 0.5)
}

/// All narratives that at least so many accounts posted, the widest first.
pub fn narratives(dataset: &Dataset, accounts: usize) -> Vec<Narrative> {
    let table = &dataset.table;
    let links: Vec<(&str, Vec<u32>)> = links(table).into_iter().filter(|(_, posts)| posts.len() >= POSTS).collect();
    let texts = copied(dataset);
    let mut parents: Vec<usize> = (0..links.len() + texts.len()).collect();
    for (link, text) in together(&links, &texts) {
        let (a, b) = (root(&mut parents, link), root(&mut parents, links.len() + text));
        parents[a.max(b)] = a.min(b);
    }
    let mut members: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for n in 0..parents.len() {
        let of = members.entry(root(&mut parents, n)).or_default();
        if n < links.len() { of.0.push(n) } else { of.1.push(n - links.len()) }
    }
    let made = members.into_values().map(|(l, t)| make(table, &l, &t, &links, &texts));
    let mut all: Vec<Narrative> = made.filter(|n| n.accounts >= accounts).collect();
    all.sort_by(|a, b| (b.accounts, &a.posts).cmp(&(a.accounts, &b.posts)));
    all
}

fn root(parents: &mut [usize], mut n: usize) -> usize {
    while parents[n] != n {
        parents[n] = parents[parents[n]];
        n = parents[n];
    }
    n
}

/// Links and texts half of whose posts, of the rarer of the two, are common.
fn together(links: &[(&str, Vec<u32>)], texts: &[Vec<u32>]) -> BTreeSet<(usize, usize)> {
    let mut of_post: HashMap<u32, usize> = HashMap::new();
    texts.iter().enumerate().for_each(|(n, posts)| of_post.extend(posts.iter().map(|p| (*p, n))));
    let mut found = BTreeSet::new();
    for (link, (_, posts)) in links.iter().enumerate() {
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        posts.iter().filter_map(|p| of_post.get(p)).for_each(|t| *common.entry(*t).or_default() += 1);
        let half = |text: usize| posts.len().min(texts[text].len()).div_ceil(2);
        found.extend(common.into_iter().filter(|(t, n)| *n >= half(*t)).map(|(t, _)| (link, t)));
    }
    found
}

fn make(table: &Table, l: &[usize], t: &[usize], links: &[(&str, Vec<u32>)], texts: &[Vec<u32>]) -> Narrative {
    let posts: BTreeSet<u32> =
        l.iter().flat_map(|n| &links[*n].1).chain(t.iter().flat_map(|n| &texts[*n])).copied().collect();
    let accounts: BTreeSet<u32> = posts.iter().filter(|p| !table.is_article(**p)).map(|p| table.account(*p)).collect();
    let mut urls: Vec<&(&str, Vec<u32>)> = l.iter().map(|n| &links[*n]).collect();
    urls.sort_by(|a, b| (b.1.len(), a.0).cmp(&(a.1.len(), b.0)));
    let largest = t.iter().map(|n| &texts[*n]).max_by_key(|posts| (posts.len(), std::cmp::Reverse(posts.first())));
    let copied = largest.filter(|copies| copies.len() * TYPICAL >= posts.len()).and_then(|posts| posts.first());
    let article = posts.iter().find(|p| table.is_article(**p));
    let typical = article.or(copied).or(posts.first()).copied().unwrap_or_default();
    let urls = urls.into_iter().map(|u| u.0.to_string()).collect();
    Narrative { urls, accounts: accounts.len(), typical, posts: posts.into_iter().collect() }
}

/// The host of a link in canonical spelling.
pub fn host(url: &str) -> &str {
    url.split(['/', '?', '#']).next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::post::Post;
    use model::Time;

    #[test]
    fn links_and_copied_texts_travel_together() {
        const SAID: &str =
            "Leaked minutes show that mayor Oskarsen sold the old harbour of Velmora to his brother-in-law";
        let post = |n: i64, text: &str, url: &str| Post {
            id: n.to_string(),
            account: format!("a{n}"),
            time: Some(Time::from_seconds(n)),
            text: text.into(),
            urls: vec![url.into()],
            ..Post::default()
        };
        let told = (0..8).map(|n| post(n, SAID, if n % 4 == 0 { "" } else { "https://one.example/x" }));
        let other = (10..16).map(|n| post(n, &format!("quite another thing, number {n}"), "https://two.example/y"));
        let all = narratives(&Dataset::from(Table::of(told.chain(other))), 3);
        assert_eq!(
            all.iter().map(|n| (n.accounts, n.urls.join(" "))).collect::<Vec<_>>(),
            [(8, "one.example/x".to_string()), (6, "two.example/y".to_string())]
        );
        assert_eq!(all[0].typical, 0);
    }
}
