//! Blocks: a few thousand posts as one observation, column by column, so that millions of posts do not need millions
//! of rows. [`Writer`] makes them from posts, [`Opened`] reads one back.
//!
//! You may rely on: equal strings of a block are kept once; a column that says nothing is left out; the place of each
//! record is kept, so that every claim leads to its line. A column that another hand cut short reads as empty, never as a
//! panic. Left out: order and duplicates (`table`).

use super::DAY_TALLY;
use super::platforms::Short;
use super::post::Post;
use foldhash::fast::RandomState;
use model::{Fields, Note, Observation, Result, Sink, Span, SpanSet, Tally, Text, Time};
use rows::Row;
use rows::posts::Block;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

/// Posts of one block.
pub const POSTS: usize = 4096;
/// Bytes of text after which a block is full, however few its posts.
const BYTES: usize = 8 << 20;
/// Turns posts into blocks and days.
pub struct Writer<'s> {
    out: &'s mut dyn Sink,
    short: Short,
    strings: Strings,
    block: Block,
    spans: SpanSet,
    days: BTreeMap<i64, u64>,
    seen: Seen,
}

/// Accounts that are counted apart.
const ACCOUNTS_MAX: usize = 1_000_000;

/// What a file held, for those who want to know whether it was understood.
#[derive(Default)]
pub struct Seen {
    posts: u64,
    named: u64,
    linking: u64,
    times: Option<(Time, Time)>,
    accounts: HashSet<u64, foldhash::fast::FixedState>,
}

impl Seen {
    /// Takes a post.
    pub fn post(&mut self, post: &Post) {
        self.posts += 1;
        self.named += u64::from(!post.id.is_empty());
        self.linking += u64::from(!post.urls.is_empty() || !post.object.is_empty());
        if let Some(time) = post.time {
            let (first, last) = self.times.unwrap_or((time, time));
            self.times = Some((first.min(time), last.max(time)));
        }
        if self.accounts.len() < ACCOUNTS_MAX {
            self.accounts.insert(foldhash::fast::FixedState::default().hash_one(&post.account));
        }
    }

    /// In words, after what a table was taken for.
    pub fn told(&self, taken: Option<Text>) -> Text {
        let (posts, accounts, named, linking) = (self.posts, self.accounts.len(), self.named, self.linking);
        let day = |time: Time| time.to_string();
        let (en, fr) = match self.times {
            Some((first, last)) => {
                (format!("from {} to {}", day(first), day(last)), format!("du {} au {}", day(first), day(last)))
            }
            None => ("without times".to_string(), "sans heures".to_string()),
        };
        let more = if accounts == ACCOUNTS_MAX { "+" } else { "" };
        let (before_en, before_fr) =
            taken.map_or_else(Default::default, |t| (format!("{}; ", t.en), format!("{} ; ", t.fr)));
        Text::new(
            format!(
                "{before_en}{posts} posts of {accounts}{more} accounts {en}, {named} with an id, {linking} with a link or object"
            ),
            format!(
                "{before_fr}{posts} publications de {accounts}{more} comptes {fr}, dont {named} avec un identifiant et {linking} avec un lien ou objet"
            ),
        )
    }
}

/// The different strings of a block.
#[derive(Default)]
struct Strings {
    numbers: HashMap<String, u64, RandomState>,
    list: Vec<String>,
    bytes: usize,
}

impl Strings {
    /// The number of a string; nothing is 0.
    fn number(&mut self, text: String) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&n) = self.numbers.get(&text) {
            return n;
        }
        let n = self.list.len() as u64 + 1;
        self.bytes += text.len();
        self.list.push(text.clone());
        self.numbers.insert(text, n);
        n
    }
}

impl<'s> Writer<'s> {
    /// Writes to `out`.
    pub fn new(out: &'s mut dyn Sink) -> Writer<'s> {
        let (strings, block) = (Strings::default(), Block::default());
        Writer {
            out,
            short: Short::default(),
            strings,
            block,
            spans: SpanSet::new(),
            days: BTreeMap::new(),
            seen: Seen::default(),
        }
    }

    /// Writes in place of short links what they lead to.
    pub fn with(mut self, short: Short) -> Writer<'s> {
        self.short = short;
        self
    }

    /// Takes a post and the place of its record in the evidence's last step.
    pub fn post(&mut self, mut post: Post, span: Span) {
        post.bound();
        post.urls.iter_mut().for_each(|link| self.short.follow(link));
        self.seen.post(&post);
        if let Some(time) = post.time {
            *self.days.entry(time.seconds().div_euclid(86_400)).or_default() += 1;
        }
        let (block, strings) = (&mut self.block, &mut self.strings);
        block.platform.push(strings.number(post.platform));
        block.id.push(strings.number(post.id));
        block.account.push(strings.number(post.account));
        block.name.push(strings.number(post.account_name));
        block.about.push(strings.number(post.about));
        block.text.push(strings.number(post.text));
        block.language.push(strings.number(post.language));
        block.repost_of.push(strings.number(post.repost_of));
        block.reply_to.push(strings.number(post.reply_to));
        block.object.push(strings.number(post.object));
        block.article.push(strings.number(if post.article { "1" } else { "" }.into()));
        let mut list = |parts: Vec<String>| parts.into_iter().map(|part| strings.number(part)).collect();
        block.urls.push(list(post.urls));
        block.hashtags.push(list(post.hashtags));
        block.mentions.push(list(post.mentions));
        block.images.push(list(post.images));
        block.times.push(post.time.map(|t| t.0));
        block.created.push(post.account_created.map(|t| t.0));
        block.offset.push(post.offset);
        block.start.push(span.start);
        block.len.push(span.len);
        block.line.push(span.line);
        self.spans.push(span);
        if self.block.times.len() == POSTS || self.strings.bytes > BYTES {
            self.flush();
        }
    }

    /// Tells that something could not be read.
    pub fn skip(&mut self, skip: model::Skip) {
        self.out.skip(skip);
    }

    /// Writes what is left: the last block, the days, and what the file was taken for and held.
    pub fn finish(mut self, taken: Option<Text>) {
        self.flush();
        if self.seen.posts > 0 || taken.is_some() {
            self.out.note(Note { text: self.seen.told(taken) });
        }
        for (day, count) in std::mem::take(&mut self.days) {
            let day = Time::from_seconds(day.saturating_mul(86_400)).timestamp().strftime("%Y-%m-%d").to_string();
            self.out.tally(Tally { kind: DAY_TALLY.into(), key: day, counts: vec![count] });
        }
    }

    fn flush(&mut self) {
        if self.block.times.is_empty() {
            return;
        }
        let mut block = std::mem::take(&mut self.block);
        block.strings = std::mem::take(&mut self.strings).list;
        leave_out_empty(&mut block);
        let known = || block.times.iter().flatten().copied();
        let (first, last) = (known().min().unwrap_or_default(), known().max().unwrap_or_default());
        self.out.observation(Observation {
            kind: Block::NAME.into(),
            key: String::new(),
            first: Time(first),
            last: Time(last),
            count: block.times.len() as u64,
            entities: Vec::new(),
            fields: block.fields(),
            spans: std::mem::take(&mut self.spans),
        });
    }
}

/// Empties the columns that say nothing.
fn leave_out_empty(block: &mut Block) {
    fn clear<T>(column: &mut Vec<T>, says_nothing: fn(&T) -> bool) {
        if column.iter().all(says_nothing) {
            column.clear();
        }
    }
    let Block { platform, id, account, name, about, text, language, repost_of, reply_to, object, article, .. } = block;
    for column in [platform, id, account, name, about, text, language, repost_of, reply_to, object, article] {
        clear(column, |n| *n == 0);
    }
    for column in [&mut block.urls, &mut block.hashtags, &mut block.mentions, &mut block.images] {
        clear(column, Vec::is_empty);
    }
    clear(&mut block.created, Option::is_none);
    clear(&mut block.offset, Option::is_none);
}

/// A block read back: its posts by place, what they say by the number of each string.
pub struct Opened<'b> {
    block: Block<&'b str>,
}

/// One post of a block, by numbers of the block's strings ([`Opened::string`]).
#[derive(Debug)]
pub struct Record<'b> {
    /// Platform, id, text, language, and the ids of the posts that it repeats and answers.
    pub single: [u64; 6],
    /// Its account's id.
    pub account: u64,
    /// The account's name.
    pub name: u64,
    /// What the account says of itself.
    pub about: u64,
    /// What a table says that it shares.
    pub object: u64,
    /// Whether it is an article of an outlet.
    pub article: bool,
    /// Links, hashtags, mentions, images.
    pub lists: [&'b [u64]; 4],
    /// When it was written.
    pub time: Option<Time>,
    /// When its account was made.
    pub created: Option<Time>,
    /// Its record.
    pub span: Span,
}

impl<'b> Opened<'b> {
    /// Reads a block's row.
    pub fn of(fields: &'b Fields) -> Result<Opened<'b>> {
        Ok(Opened { block: Block::read(fields)? })
    }

    /// How many strings it has; the number of each is one more than its place.
    pub fn strings(&self) -> usize {
        self.block.strings.len()
    }

    /// The string of a number; empty for none.
    pub fn string(&self, number: u64) -> &'b str {
        let place = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        place.and_then(|at| self.block.strings.get(at)).copied().unwrap_or_default()
    }

    /// Its posts.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let block = &self.block;
        block.times.iter().enumerate().map(move |(at, time)| {
            let number = |column: &[u64]| column.get(at).copied().unwrap_or_default();
            let single = [&block.platform, &block.id, &block.text, &block.language, &block.repost_of, &block.reply_to];
            let lists = [&block.urls, &block.hashtags, &block.mentions, &block.images];
            Record {
                single: single.map(|column| number(column)),
                account: number(&block.account),
                name: number(&block.name),
                about: number(&block.about),
                object: number(&block.object),
                article: !self.string(number(&block.article)).is_empty(),
                lists: lists.map(|column| column.get(at).map_or(&[][..], Vec::as_slice)),
                time: time.map(Time),
                created: block.created.get(at).copied().flatten().map(Time),
                span: Span { start: number(&block.start), len: number(&block.len), line: number(&block.line) },
            }
        })
    }
}
