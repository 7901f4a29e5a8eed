//! Blocks: a few thousand posts as one observation, column by column, so that millions of posts do not need millions
//! of rows. [`Writer`] makes them from posts, [`rows`] reads one back.
//!
//! You may rely on: equal strings of a block are kept once; a column that says nothing is left out; the place of each
//! record is kept, so that every claim leads to its line. What another version or hand wrote reads as empty, never
//! as a panic. Left out: order and duplicates (`table`).

use super::platforms::Short;
use super::post::Post;
use super::{BLOCK, DAY_TALLY};
use model::{Fields, Observation, Sink, Span, SpanSet, Tally, Time};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Posts of one block.
pub const POSTS: usize = 4096;
/// Bytes of text after which a block is full, however few its posts.
const BYTES: usize = 8 << 20;
/// Columns of one string a post.
const SINGLE: [&str; 11] =
    ["platform", "id", "account", "name", "about", "text", "language", "repost_of", "reply_to", "object", "article"];
/// Columns of several.
const LISTS: [&str; 4] = ["urls", "hashtags", "mentions", "images"];

/// Turns posts into blocks and days.
pub struct Writer<'s> {
    out: &'s mut dyn Sink,
    short: Short,
    dictionary: HashMap<String, u64>,
    strings: Vec<String>,
    bytes: usize,
    posts: usize,
    single: [Vec<u64>; SINGLE.len()],
    lists: [Vec<Vec<u64>>; LISTS.len()],
    times: [Vec<Option<i64>>; 2],
    offsets: Vec<Option<i16>>,
    places: [Vec<u64>; 3],
    spans: SpanSet,
    days: BTreeMap<i64, u64>,
}

impl<'s> Writer<'s> {
    /// Writes to `out`.
    pub fn new(out: &'s mut dyn Sink) -> Writer<'s> {
        Writer {
            out,
            short: Short::default(),
            dictionary: HashMap::new(),
            strings: Vec::new(),
            bytes: 0,
            posts: 0,
            single: Default::default(),
            lists: Default::default(),
            times: Default::default(),
            offsets: Vec::new(),
            places: Default::default(),
            spans: SpanSet::new(),
            days: BTreeMap::new(),
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
        if let Some(time) = post.time {
            *self.days.entry(time.seconds().div_euclid(86_400)).or_default() += 1;
        }
        let article = if post.article { "1" } else { "" }.to_string();
        let Post { platform, id, account, account_name, about, text, language, repost_of, reply_to, object, .. } = post;
        let parts = [platform, id, account, account_name, about, text, language, repost_of, reply_to, object, article];
        for (column, part) in parts.into_iter().enumerate() {
            let n = self.string(part);
            self.single[column].push(n);
        }
        for (column, list) in [post.urls, post.hashtags, post.mentions, post.images].into_iter().enumerate() {
            let list = list.into_iter().map(|part| self.string(part)).collect();
            self.lists[column].push(list);
        }
        self.times[0].push(post.time.map(|t| t.0));
        self.times[1].push(post.account_created.map(|t| t.0));
        self.offsets.push(post.offset);
        for (column, n) in self.places.iter_mut().zip([span.start, span.len, span.line]) {
            column.push(n);
        }
        self.spans.push(span);
        self.posts += 1;
        if self.posts == POSTS || self.bytes > BYTES {
            self.flush();
        }
    }

    /// Tells that something could not be read.
    pub fn skip(&mut self, skip: model::Skip) {
        self.out.skip(skip);
    }

    /// Writes what is left: the last block and the days.
    pub fn finish(mut self) {
        self.flush();
        for (day, count) in std::mem::take(&mut self.days) {
            let day = Time::from_seconds(day.saturating_mul(86_400)).timestamp().strftime("%Y-%m-%d").to_string();
            self.out.tally(Tally { kind: DAY_TALLY.into(), key: day, counts: vec![count] });
        }
    }

    /// The number of a string in this block; nothing is 0.
    fn string(&mut self, text: String) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&n) = self.dictionary.get(&text) {
            return n;
        }
        let n = self.strings.len() as u64 + 1;
        self.bytes += text.len();
        self.strings.push(text.clone());
        self.dictionary.insert(text, n);
        n
    }

    fn flush(&mut self) {
        if self.posts == 0 {
            return;
        }
        let mut fields = Fields::new();
        self.dictionary.clear();
        self.bytes = 0;
        fields.insert("strings".into(), std::mem::take(&mut self.strings).into());
        for (name, column) in SINGLE.iter().zip(&mut self.single) {
            let column = std::mem::take(column);
            if column.iter().any(|n| *n != 0) {
                fields.insert((*name).into(), column.into());
            }
        }
        for (name, column) in LISTS.iter().zip(&mut self.lists) {
            let column = std::mem::take(column);
            if column.iter().any(|l| !l.is_empty()) {
                fields.insert((*name).into(), column.into());
            }
        }
        let [times, created] = std::mem::take(&mut self.times);
        let known = || times.iter().flatten().copied();
        let (first, last) = (known().min().unwrap_or_default(), known().max().unwrap_or_default());
        fields.insert("time".into(), json!(times));
        for (name, column) in [("created", json!(created)), ("offset", json!(std::mem::take(&mut self.offsets)))] {
            if column.as_array().is_some_and(|c| c.iter().any(|v| !v.is_null())) {
                fields.insert(name.into(), column);
            }
        }
        for (name, column) in ["start", "len", "line"].iter().zip(&mut self.places) {
            fields.insert((*name).into(), std::mem::take(column).into());
        }
        self.out.observation(Observation {
            kind: BLOCK.into(),
            key: String::new(),
            first: Time(first),
            last: Time(last),
            count: std::mem::take(&mut self.posts) as u64,
            entities: Vec::new(),
            fields,
            spans: std::mem::take(&mut self.spans),
        });
    }
}

/// One post of a block: its strings lie in the block.
#[derive(Debug)]
pub struct Row<'b> {
    /// In the order platform, id, account, name, about, text, language, `repost_of`, `reply_to`, object, article.
    pub single: [&'b str; SINGLE.len()],
    /// Links, hashtags, mentions, images.
    pub lists: [Vec<&'b str>; LISTS.len()],
    /// When it was written.
    pub time: Option<Time>,
    /// When its account was made.
    pub created: Option<Time>,
    /// Minutes east of UTC.
    pub offset: Option<i16>,
    /// Its record.
    pub span: Span,
}

/// The posts of a block.
pub fn rows<'b>(fields: &'b Fields, mut each: impl FnMut(Row<'b>)) {
    let column = |name: &str| fields.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let strings = column("strings");
    let string = |n: Option<u64>| -> &'b str {
        let place = n.and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
        place.and_then(|at| strings.get(at)?.as_str()).unwrap_or_default()
    };
    let single = SINGLE.map(column);
    let lists = LISTS.map(column);
    let (time, created, offset) = (column("time"), column("created"), column("offset"));
    let places = ["start", "len", "line"].map(column);
    for (at, written) in time.iter().enumerate() {
        let number = |column: &[Value]| column.get(at).and_then(Value::as_u64);
        let place = places.map(|p| number(p).unwrap_or_default());
        each(Row {
            single: single.map(|c| string(number(c))),
            lists: lists.map(|c| {
                let list = c.get(at).and_then(Value::as_array);
                list.into_iter().flatten().map(|v| string(v.as_u64())).filter(|s| !s.is_empty()).collect()
            }),
            time: written.as_i64().map(Time),
            created: created.get(at).and_then(Value::as_i64).map(Time),
            offset: offset.get(at).and_then(Value::as_i64).and_then(|m| i16::try_from(m).ok()),
            span: Span { start: place[0], len: place[1], line: place[2] },
        });
    }
}
