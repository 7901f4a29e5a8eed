//! The case's posts: all files, all platforms, each post once, in one order whatever the order of files.
//!
//! You may rely on: a post is known by platform and id and kept as it was at its earliest; posts stand in order of
//! time, platform and id, those of unknown time last; accounts are numbered by their first post. Equal strings are
//! kept once: memory is the different strings and about 120 bytes a post, for [`POSTS_MAX`] posts at most (what is
//! beyond is counted in [`Table::left_out`]). Left out: judgement.

use super::block::{self, Opened, Record};
use super::platforms::{self, Short, twitter};
use super::post::Post;
use super::shares::{By, Interner, Key, Shares, host, url};
use crate::domain::registrable;
use foldhash::fast::RandomState;
use model::{EvidenceId, Result, Span, SpanSet, Step, Time, Trace, View};
use rows::Row;
use rows::posts::Block;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::ops::{ControlFlow, Range};

/// Posts that are looked at together.
pub const POSTS_MAX: usize = 20_000_000;

/// One account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// As findings name it: the platform's id, behind the platform's name and a slash where that is known.
    pub id: String,
    /// What it was called at its earliest post that says so.
    pub name: String,
    /// When it was made.
    pub created: Option<Time>,
    /// What it says of itself.
    pub about: String,
    /// Its posts.
    pub posts: u32,
}

#[derive(Clone, Debug)]
struct Cells {
    single: [u32; 6],
    account: u32,
    time: Option<Time>,
    lists: [(u32, u32); 4],
    article: bool,
    source: u32,
    span: Span,
}

/// The places of single strings in [`Cells`].
const PLATFORM: usize = 0;
const ID: usize = 1;
const TEXT: usize = 2;
const LANGUAGE: usize = 3;
const REPOST: usize = 4;
const REPLY: usize = 5;
/// The places of lists.
const URLS: usize = 0;
const HASHTAGS: usize = 1;
const MENTIONS: usize = 2;
const IMAGES: usize = 3;
/// A number that no string has.
const UNKNOWN: u32 = u32::MAX;
/// The number of the empty string: it is the first.
const NOTHING: u32 = 0;

/// All posts of a case.
#[derive(Debug, Default)]
pub struct Table {
    /// Accounts by number.
    pub accounts: Vec<Account>,
    /// Posts for which there was no room.
    pub left_out: u64,
    /// Records that repeated a post.
    pub repeated: u64,
    strings: Interner,
    /// The ids of accounts by number.
    ids: Interner,
    hasher: RandomState,
    posts: Vec<Cells>,
    /// Lists side by side: links, hashtags, mentions, images; then what is only an object.
    items: Vec<u32>,
    objects: BTreeMap<u32, u32>,
    sources: Vec<(EvidenceId, Vec<Step>)>,
}

impl Table {
    /// All posts of the case.
    pub fn load(case: &dyn View) -> Result<Table> {
        let mut load = Load { short: Short::load(case)?, ..Load::default() };
        load.intern("");
        let names: HashMap<EvidenceId, String> = case.evidence()?.into_iter().map(|e| (e.id, e.path)).collect();
        case.observations(Block::NAME, &mut |visit| {
            let source = match load.table.sources.last() {
                Some((evidence, steps)) if *evidence == visit.evidence && *steps == visit.steps => {
                    load.table.sources.len() - 1
                }
                _ => {
                    load.table.sources.push((visit.evidence, visit.steps.clone()));
                    let path = names.get(&visit.evidence).map(String::as_str).unwrap_or_default();
                    let path = format!("{path}{}", Step::path(&visit.steps));
                    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
                    load.archives.push(twitter::is_part(name).then(|| folder.to_string()));
                    load.table.sources.len() - 1
                }
            };
            let opened = Opened::of(&visit.observation.fields)?;
            let mut known = Known::of(&opened);
            opened.records().for_each(|record| load.record(&record, &mut known, source as u32));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(load.done())
    }

    /// From posts at hand, each its own line; for tests and examples.
    pub fn of(posts: impl IntoIterator<Item = Post>) -> Table {
        let mut memory = crate::testing::Memory::new();
        let mut writer = block::Writer::new(&mut memory);
        let line = |n: usize| Span { start: 2 * n as u64, len: 1, line: n as u64 + 1 };
        posts.into_iter().enumerate().for_each(|(n, post)| writer.post(post, line(n)));
        writer.finish(None);
        Table::load(&memory).unwrap_or_default()
    }

    /// How many posts.
    pub fn len(&self) -> usize {
        self.posts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// When a post was written.
    pub fn time(&self, post: u32) -> Option<Time> {
        self.posts[post as usize].time
    }

    /// Who wrote it.
    pub fn account(&self, post: u32) -> u32 {
        self.posts[post as usize].account
    }

    /// Whether it is an outlet's article.
    pub fn is_article(&self, post: u32) -> bool {
        self.posts[post as usize].article
    }

    /// Its platform; empty where not known.
    pub fn platform(&self, post: u32) -> &str {
        self.single(post, PLATFORM)
    }

    /// Its id there.
    pub fn id(&self, post: u32) -> &str {
        self.single(post, ID)
    }

    /// What it says.
    pub fn text(&self, post: u32) -> &str {
        self.single(post, TEXT)
    }

    /// The number of what it says: equal texts have one.
    pub fn text_number(&self, post: u32) -> u32 {
        self.posts[post as usize].single[TEXT]
    }

    /// Its language as the platform says it.
    pub fn language(&self, post: u32) -> &str {
        self.single(post, LANGUAGE)
    }

    /// The id of the post it repeats; empty: none.
    pub fn repost_of(&self, post: u32) -> &str {
        self.single(post, REPOST)
    }

    /// The id of the post it answers; empty: none.
    pub fn reply_to(&self, post: u32) -> &str {
        self.single(post, REPLY)
    }

    /// Its links in canonical spelling ([`url`]).
    pub fn urls(&self, post: u32) -> impl Iterator<Item = &str> {
        self.links(post).iter().map(|n| self.string(*n))
    }

    /// The numbers of its links: equal links have one.
    pub fn links(&self, post: u32) -> &[u32] {
        self.list(post, URLS)
    }

    /// Its hashtags in their order.
    pub fn hashtags(&self, post: u32) -> impl Iterator<Item = &str> {
        self.list(post, HASHTAGS).iter().map(|n| self.string(*n))
    }

    /// The accounts it names.
    pub fn mentions(&self, post: u32) -> impl Iterator<Item = &str> {
        self.list(post, MENTIONS).iter().map(|n| self.string(*n))
    }

    /// The hashes of its images.
    pub fn images(&self, post: u32) -> impl Iterator<Item = &str> {
        self.list(post, IMAGES).iter().map(|n| self.string(*n))
    }

    /// The first and the last known time.
    pub fn period(&self) -> Option<(Time, Time)> {
        let known = self.posts.partition_point(|p| p.time.is_some());
        Some((self.posts.first()?.time?, self.posts.get(known.checked_sub(1)?)?.time?))
    }

    /// Whether any post may share a thing of this kind: most files have few kinds.
    pub fn has(&self, by: By) -> bool {
        let listed = |post: &Cells, which: usize| post.lists[which].0 < post.lists[which].1;
        let has = |post: &Cells| match by {
            By::Url | By::Domain => listed(post, URLS),
            By::Hashtags => listed(post, HASHTAGS),
            By::Mentions => listed(post, MENTIONS),
            By::Image => listed(post, IMAGES),
            By::Repost => post.single[REPOST] != NOTHING,
            By::Reply => post.single[REPLY] != NOTHING,
            By::Object | By::Text => true,
        };
        self.posts.iter().any(has) && (by != By::Object || !self.objects.is_empty())
    }

    /// What accounts share, for the kernels: posts and accounts have the numbers they have here. Posts of unknown time
    /// and articles share nothing; of a repost, what it holds is its author's and only the repeated post is shared.
    /// Texts share nothing until [`Shares::with_objects`] is told which are copies.
    pub fn shares(&self, by: By) -> Shares {
        let account = self.posts.iter().map(|post| post.account).collect();
        let time = self.posts.iter().map(|post| post.time.unwrap_or_default().0).collect();
        let mut shares = Shares::numbered(self.hasher.clone(), self.ids.clone(), account, time);
        // What one string says needs to be made once, however many posts share it.
        let mut known: Vec<u32> = vec![UNKNOWN; self.strings.len()];
        let (mut strings, mut made, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (post, cells) in self.posts.iter().enumerate() {
            numbers.clear();
            if cells.time.is_some() && !cells.article {
                self.objects(by, post as u32, &mut strings, &mut made);
                for string in strings.drain(..) {
                    let number = &mut known[string as usize];
                    if *number == UNKNOWN {
                        *number = shares.object(self.string(string).as_bytes()).unwrap_or(UNKNOWN);
                    }
                    numbers.push(*number);
                }
                let new = made.drain(..).map(|object: String| shares.object(object.as_bytes()).unwrap_or(UNKNOWN));
                numbers.extend(new);
                numbers.retain(|number| *number != UNKNOWN);
            }
            shares.give(numbers.iter().copied());
        }
        shares
    }

    /// What a post shares, each thing once and in order: strings of the table, or what is made of several.
    fn objects(&self, by: By, post: u32, strings: &mut Vec<u32>, made: &mut Vec<String>) {
        let single = &self.posts[post as usize].single;
        let own = single[REPOST] == NOTHING;
        match by {
            By::Repost if !own => made.push(format!("{}/{}", self.platform(post), self.repost_of(post))),
            By::Reply if own && single[REPLY] != NOTHING => {
                made.push(format!("{}/{}", self.platform(post), self.reply_to(post)));
            }
            By::Object => strings.extend(self.objects.get(&post)),
            By::Url if own => strings.extend(self.links(post)),
            By::Domain if own => {
                made.extend(self.urls(post).filter_map(host).map(|h| registrable(&h).unwrap_or(h)));
            }
            By::Hashtags if own => {
                let tags: Vec<&str> = self.hashtags(post).collect();
                made.extend((tags.len() >= 2).then(|| tags.join(" ")));
            }
            By::Mentions if own => {
                let mut names: Vec<&str> = self.mentions(post).collect();
                names.sort_unstable();
                made.extend((!names.is_empty()).then(|| names.join(" ")));
            }
            By::Image if own => strings.extend(self.list(post, IMAGES)),
            _ => {}
        }
        if strings.len() > 1 {
            strings.sort_unstable_by(|a, b| self.string(*a).cmp(self.string(*b)));
            strings.dedup();
        }
        made.sort_unstable();
        made.dedup();
    }

    /// Where these posts stand: one trace for each piece of evidence and its steps.
    pub fn traces(&self, posts: impl IntoIterator<Item = u32>) -> Vec<Trace> {
        let mut by_source: BTreeMap<(EvidenceId, u32), Vec<Span>> = BTreeMap::new();
        for post in posts {
            let cells = &self.posts[post as usize];
            let Some((evidence, _)) = self.sources.get(cells.source as usize) else { continue };
            by_source.entry((*evidence, cells.source)).or_default().push(cells.span);
        }
        let trace = |((evidence, source), places): ((EvidenceId, u32), Vec<Span>)| Trace {
            evidence,
            steps: self.sources[source as usize].1.clone(),
            spans: SpanSet::of(places),
        };
        by_source.into_iter().map(trace).collect()
    }

    fn single(&self, post: u32, which: usize) -> &str {
        self.string(self.posts[post as usize].single[which])
    }

    fn list(&self, post: u32, which: usize) -> &[u32] {
        let (from, to) = self.posts[post as usize].lists[which];
        &self.items[range(from, to)]
    }

    /// The string of a number.
    pub fn string(&self, number: u32) -> &str {
        std::str::from_utf8(self.strings.get(number)).unwrap_or_default()
    }
}

fn range(from: u32, to: u32) -> Range<usize> {
    from as usize..to as usize
}

/// The table's numbers of a block's strings, each looked for once.
struct Known<'b> {
    opened: &'b Opened<'b>,
    strings: Vec<u32>,
    /// In canonical spelling, and what short links lead to; [`NONE`] where a string is no link.
    links: Vec<u32>,
    /// By platform and id.
    accounts: HashMap<(u64, u64), u32, RandomState>,
}

/// Not a link.
const NONE: u32 = u32::MAX - 1;

impl<'b> Known<'b> {
    fn of(opened: &'b Opened<'b>) -> Known<'b> {
        let none = vec![UNKNOWN; opened.strings() + 1];
        Known { opened, strings: none.clone(), links: none, accounts: HashMap::default() }
    }

    fn string(&mut self, load: &mut Load, number: u64) -> u32 {
        let known = usize::try_from(number).ok().and_then(|n| self.strings.get_mut(n));
        match known {
            Some(known) if *known != UNKNOWN => *known,
            Some(known) => {
                *known = load.intern(self.opened.string(number));
                *known
            }
            None => load.intern(""),
        }
    }

    fn link(&mut self, load: &mut Load, number: u64) -> Option<u32> {
        let known = usize::try_from(number).ok().and_then(|n| self.links.get_mut(n))?;
        if *known == UNKNOWN {
            let link = url(self.opened.string(number)).map(|link| load.short.long(link));
            *known = link.map_or(NONE, |link| load.intern(&link));
        }
        Some(*known).filter(|link| *link != NONE)
    }

    fn account(&mut self, load: &mut Load, platform: u64, account: u64) -> u32 {
        *self.accounts.entry((platform, account)).or_insert_with(|| {
            let [platform, account] = [platform, account].map(|n| self.opened.string(n));
            let whole = if platform.is_empty() { account.to_string() } else { format!("{platform}/{account}") };
            let hash = load.table.hasher.hash_one(whole.as_bytes());
            load.ids.intern(Key { bytes: whole.as_bytes(), hash }, &load.table.hasher).unwrap_or(UNKNOWN)
        })
    }
}

/// A table being filled, in the order of blocks.
#[derive(Default)]
struct Load {
    table: Table,
    ids: Interner,
    /// What only an object says, by place among the posts.
    objects: Vec<(u32, u32)>,
    /// Name, time made, about: by post, for accounts are numbered last.
    told: Vec<(u32, Option<Time>, u32)>,
    /// Where short links lead.
    short: Short,
    /// By source, the folder of an X archive that it is a part of.
    archives: Vec<Option<String>>,
}

impl Load {
    fn intern(&mut self, text: &str) -> u32 {
        let hash = self.table.hasher.hash_one(text.as_bytes());
        self.table.strings.intern(Key { bytes: text.as_bytes(), hash }, &self.table.hasher).unwrap_or(UNKNOWN)
    }

    fn record(&mut self, record: &Record, known: &mut Known, source: u32) {
        if known.opened.string(record.account).is_empty() {
            return;
        }
        if self.table.posts.len() >= POSTS_MAX {
            self.table.left_out += 1;
            return;
        }
        let account = known.account(self, record.single[PLATFORM], record.account);
        let single = record.single.map(|s| known.string(self, s));
        let mut lists = [(0, 0); 4];
        for (which, list) in record.lists.iter().enumerate() {
            let from = self.table.items.len() as u32;
            for part in list.iter().filter(|part| !known.opened.string(**part).is_empty()) {
                let number = if which == URLS { known.link(self, *part) } else { Some(known.string(self, *part)) };
                self.table.items.extend(number);
            }
            lists[which] = (from, self.table.items.len() as u32);
        }
        if !known.opened.string(record.object).is_empty() {
            let number = known.string(self, record.object);
            self.objects.push((self.table.posts.len() as u32, number));
        }
        let told = (known.string(self, record.name), record.created, known.string(self, record.about));
        self.told.push(told);
        let (time, span, article) = (record.time, record.span, record.article);
        self.table.posts.push(Cells { single, account, time, lists, article, source, span });
    }

    /// Makes one account of an X archive's parts, where no more than one of them names its owner.
    fn join_archives(&mut self) {
        let mut owners: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
        for post in &self.table.posts {
            if let Some(Some(folder)) = self.archives.get(post.source as usize) {
                owners.entry(folder).or_default().insert(post.account);
            }
        }
        let mut same: HashMap<u32, u32> = HashMap::new();
        for accounts in owners.into_values().filter(|accounts| accounts.len() > 1) {
            let name = |account: &u32| self.ids.text(*account);
            let (nameless, named): (Vec<u32>, Vec<u32>) =
                accounts.into_iter().partition(|a| name(a).contains(platforms::NAMELESS));
            let first = nameless.iter().min_by_key(|a| (name(a).len(), name(a))).copied();
            if let Some(owner) = named.first().copied().or(first).filter(|_| named.len() < 2) {
                same.extend(nameless.into_iter().map(|account| (account, owner)));
            }
        }
        self.table.posts.iter_mut().for_each(|p| p.account = same.get(&p.account).copied().unwrap_or(p.account));
    }

    /// Orders posts, drops repeated ones, numbers accounts.
    fn done(mut self) -> Table {
        self.join_archives();
        let Load { mut table, ids, objects, told, .. } = self;
        let key = |n: u32| {
            let p = &table.posts[n as usize];
            let evidence = table.sources.get(p.source as usize).map(|(e, _)| *e);
            (table.strings.get(p.single[PLATFORM]), table.strings.get(p.single[ID]), evidence, p.span)
        };
        let mut order: Vec<(bool, Option<Time>, u32)> =
            table.posts.iter().zip(0..).map(|(p, n)| (p.time.is_none(), p.time, n)).collect();
        // Few posts share their moment: what is compared then is looked at no sooner.
        order.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| key(a.2).cmp(&key(b.2))));
        let mut order: Vec<u32> = order.into_iter().map(|(.., n)| n).collect();
        // The first of each id in this order is its earliest; a post without id is its own.
        let mut seen: std::collections::HashSet<(u32, u32), RandomState> = Default::default();
        let before = order.len();
        order.retain(|n| {
            let p = &table.posts[*n as usize];
            p.single[ID] == NOTHING || seen.insert((p.single[PLATFORM], p.single[ID]))
        });
        table.repeated = (before - order.len()) as u64;
        let mut numbers = vec![u32::MAX; ids.len()];
        let mut accounts: Vec<Account> = Vec::new();
        let mut posts = Vec::with_capacity(order.len());
        let mut places = vec![u32::MAX; table.posts.len()];
        for &old in &order {
            let mut cells = table.posts[old as usize].clone();
            let Some(number) = numbers.get_mut(cells.account as usize) else { continue };
            if *number == u32::MAX {
                *number = accounts.len() as u32;
                let id = ids.text(cells.account).into_owned();
                let hash = table.hasher.hash_one(id.as_bytes());
                table.ids.intern(Key { bytes: id.as_bytes(), hash }, &table.hasher);
                accounts.push(Account { id, ..Account::default() });
            }
            cells.account = *number;
            let account = &mut accounts[*number as usize];
            let (name, created, about) = told[old as usize];
            account.posts += 1;
            account.created = account.created.or(created);
            for (part, said) in [(&mut account.name, name), (&mut account.about, about)] {
                let said = table.string(said);
                // An archive that another part named is no longer nameless.
                if part.is_empty() && (!said.starts_with(platforms::NAMELESS) || account.id.ends_with(said)) {
                    *part = said.to_string();
                }
            }
            places[old as usize] = posts.len() as u32;
            posts.push(cells);
        }
        table.objects = objects
            .into_iter()
            .map(|(old, object)| (places[old as usize], object))
            .filter(|(post, _)| *post != u32::MAX)
            .collect();
        (table.accounts, table.posts) = (accounts, posts);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(id: &str, account: &str, second: Option<i64>) -> Post {
        let time = second.map(Time::from_seconds);
        let urls = vec![format!("https://www.A.fr/{id}?utm_source=x")];
        Post { id: id.into(), account: account.into(), time, urls, text: format!("t{id}"), ..Post::default() }
    }

    #[test]
    fn each_post_once_at_its_earliest_in_one_order() {
        let all = [post("2", "b", Some(9)), post("1", "a", Some(5)), post("2", "c", Some(7)), post("3", "a", None)];
        let mut back = all.clone();
        back.reverse();
        for posts in [all, back] {
            let table = Table::of(posts);
            let rows: Vec<_> = (0..table.len() as u32)
                .map(|p| (table.id(p), table.accounts[table.account(p) as usize].id.as_str(), table.time(p)))
                .collect();
            let at = |s| Some(Time::from_seconds(s));
            assert_eq!(rows, [("1", "a", at(5)), ("2", "c", at(7)), ("3", "a", None)]);
            assert_eq!(table.urls(0).collect::<Vec<_>>(), ["a.fr/1"]);
            assert_eq!(table.repeated, 1);
            let shares = table.shares(By::Url);
            assert_eq!((shares.len(), shares.shared(0).len(), shares.shared(2).len()), (3, 1, 0));
            assert_eq!(shares.account(2), table.account(2));
        }
    }
}
