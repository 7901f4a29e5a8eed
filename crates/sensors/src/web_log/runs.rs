//! Runs: what one source did to one site for one purpose, with no gap over the window, kept compactly while the log
//! streams by. A run becomes one observation `web_log/request`. Runs may be cut anywhere (`attempt` joins them), so
//! memory is bounded by closing old ones.
//!
//! Left out are *strays*: a few missing pages of a source that asks for nothing else and is alone in its network at that
//! time. Nothing is ever made of them, and in an ordinary log they are most of what would be kept; they are counted as
//! ordinary. One near the beginning or the end of the evidence is kept, for the log before or after may hold its rest.

use super::classify::{Class, Classifier, Verdict};
use super::record::Record;
use super::sites::Sites;
use model::{Address, Entity, Network, Observation, Role, Sink, Span, SpanSet, Time};
use rows::Row;
use rows::attempt::Purpose;
use rows::key::RunKey;
use rows::web_log::{self, ANSWERS, PATHS, RULES, Request, SAMPLES};
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashMap};

/// Runs kept open at once; beyond, those past their window are closed, or all.
const OPEN: usize = 40_000;
/// Hits after which runs past their window are closed.
const SWEEP: u64 = 1 << 16;
/// Ranges of one run; beyond, it is cut.
const RANGES: u64 = 1 << 16;
/// Things listed of the runs of a flood.
const FOLDED: usize = 256;
/// Networks whose last run is remembered; beyond, strays are kept until the window has passed.
const NETWORKS: usize = 1 << 17;
/// Open runs of a network that are compared with a stray; beyond, it is kept.
const COMPARED: usize = 8;

/// One request worth keeping, as a block's worker found it.
pub struct Hit {
    /// Who.
    pub source: Address,
    /// When.
    pub time: Time,
    /// Index of the site in the block's table.
    pub site: u32,
    /// What the classifier saw.
    pub verdict: Verdict,
    /// Whether it is about logging in.
    pub login: bool,
    /// Whether it asked for what is not there, and nothing else is to be said of it.
    pub missing: bool,
    /// The answer.
    pub status: u16,
    /// Its size.
    pub size: Option<u64>,
    /// Hash of the path's key.
    pub path: u64,
    /// Place in the block, and the line in it.
    pub start: usize,
    /// Bytes of the line.
    pub len: usize,
    /// Line within the block.
    pub line: u64,
}

/// What was answered to the hostile requests of a run at one path.
struct Answer {
    path: String,
    hash: u64,
    status: u16,
    class: Class,
    count: u64,
    /// The smallest and the largest.
    sizes: Option<(u64, u64)>,
}

/// Counts by key, in the order of keys. Nearly every run has one or two, and needs no room of its own for them.
struct Few<K>(SmallVec<[(K, u64); 2]>);

impl<K> Default for Few<K> {
    fn default() -> Few<K> {
        Few(SmallVec::new())
    }
}

impl<K: Copy + Ord> Few<K> {
    fn count(&mut self, key: K) {
        match self.0.binary_search_by_key(&key, |(k, _)| *k) {
            Ok(at) => self.0[at].1 += 1,
            Err(at) => self.0.insert(at, (key, 1)),
        }
    }

    fn counts(self) -> BTreeMap<K, u64> {
        self.0.into_iter().collect()
    }
}

#[derive(Default)]
struct Run {
    first: Time,
    last: Time,
    count: u64,
    strong: Few<Class>,
    weak: Few<Class>,
    missing: u64,
    paths: SmallVec<[u64; 1]>,
    statuses: Few<u16>,
    rules: SmallVec<[u16; 2]>,
    samples: SmallVec<[String; 1]>,
    client: String,
    agent: String,
    answers: Vec<Answer>,
    failed: u64,
    accepted: u64,
    failed_before: Option<u64>,
    spans: SpanSet,
}

/// Whose run it is: whether it is about logging in, of which site, from where.
type Id = (bool, u32, Address);

/// All open runs of one piece of evidence.
pub struct Runs<'c> {
    classifier: &'c Classifier,
    window: i64,
    /// Boxed: a tree moves what it holds.
    open: BTreeMap<Id, Box<Run>>,
    sites: Sites<'c>,
    /// The last hit so far.
    newest: Time,
    hits: u64,
    /// Until when other runs of a network may have been that are not remembered: at first what was before the evidence.
    blind: Time,
    /// When the last closed run of a network ended.
    closed: HashMap<(bool, u32, Network), Time, foldhash::fast::RandomState>,
    /// Requests of strays.
    strays: u64,
}

/// Adds the row of a later run of a flood to that of an earlier one: counts add, what is listed is listed once.
pub fn fold(into: &mut Request, later: Request) {
    into.add_counts(&later);
    // More of them than there are reasons to count.
    add(&mut into.paths, later.paths, FOLDED);
    add(&mut into.rules, later.rules, FOLDED);
    add(&mut into.samples, later.samples, FOLDED);
    // An answer may be the one that tells: all are kept.
    add(&mut into.answers, later.answers, usize::MAX);
}

/// Adds what is not among the last that are listed, up to so many.
fn add<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>, most: usize) {
    for item in more {
        if list.len() < most && !list.iter().rev().take(FOLDED).any(|known| *known == item) {
            list.push(item);
        }
    }
}

/// Text of evidence for a field: bounded, invalid UTF-8 replaced.
pub fn excerpt(bytes: &[u8], most: usize) -> String {
    let cut = &bytes[..bytes.len().min(most)];
    let mut text = String::from_utf8_lossy(cut).into_owned();
    if bytes.len() > most {
        text.push('…');
    }
    text
}

/// What was asked, as one line.
fn sample(record: &Record) -> String {
    const MOST: usize = 240;
    let method = record.method.trim_ascii_start();
    match method.is_empty() {
        true => excerpt(record.target.trim_ascii_start(), MOST),
        // Of a long target no more than tells that it is long.
        false => excerpt(&[method, &record.target[..record.target.len().min(MOST)]].join(&b' '), MOST),
    }
}

impl<'c> Runs<'c> {
    /// No runs yet. `window` in seconds.
    pub fn new(classifier: &'c Classifier, window: i64, sites: Sites<'c>) -> Runs<'c> {
        let (newest, blind) = (Time(i64::MIN), Time(i64::MIN));
        Runs {
            classifier,
            window,
            open: BTreeMap::new(),
            sites,
            newest,
            hits: 0,
            blind,
            closed: HashMap::default(),
            strays: 0,
        }
    }

    /// The sites that runs are of.
    pub fn sites(&mut self) -> &mut Sites<'c> {
        &mut self.sites
    }

    /// Takes one hit; `record` is its line read again, `place` where that line is.
    pub fn push(
        &mut self,
        hit: &Hit,
        site: u32,
        record: &Record,
        key: &dyn Fn() -> String,
        place: Span,
        out: &mut dyn Sink,
    ) {
        if self.hits == 0 {
            self.blind = hit.time;
        } else if self.newest.since(hit.time) > self.window {
            // Not in order of time: who else was there is not known when a run is closed.
            self.blind = Time(i64::MAX);
        }
        self.newest = self.newest.max(hit.time);
        let id = (hit.login, site, hit.source);
        if let Some(run) = self.open.get(&id)
            && (run.gap(hit.time, hit.time) > self.window || run.spans.len() >= RANGES)
        {
            self.close(vec![id], out);
        }
        // Long before there are too many: a closed run is on disk, an open one in memory with all its places.
        self.hits += 1;
        if self.hits.is_multiple_of(SWEEP) {
            self.close_old(out);
        }
        if self.open.len() >= OPEN && !self.open.contains_key(&id) {
            self.close_old(out);
            if self.open.len() > OPEN / 2 {
                self.close(self.open.keys().copied().collect(), out);
            }
        }
        let new = || Box::new(Run { first: hit.time, last: hit.time, ..Run::default() });
        let run = self.open.entry(id).or_insert_with(new);
        run.take(hit, record, key, self.classifier);
        run.spans.push(place);
    }

    /// Closes runs, in the order of their keys: so they are looked at, and lie together then.
    fn close(&mut self, mut ids: Vec<Id>, out: &mut dyn Sink) {
        // Which of a network's runs is looked at first decides which of them is alone; of different networks none looks at
        // another, and most are strays that need no key.
        let place = |(login, site, source): &Id| (*login, *site, source.network());
        ids.sort_unstable_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.2.to_string().cmp(&b.2.to_string())));
        let mut kept: Vec<(String, Id, Box<Run>)> = Vec::new();
        for id in ids {
            if let Some(run) = self.take(id) {
                let purpose = if id.0 { Purpose::WebLogin } else { Purpose::Web };
                let key = RunKey { purpose, site: self.sites.name(id.1).into(), source: id.2 };
                kept.push((key.to_string(), id, run));
            }
        }
        kept.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (key, id, run) in kept {
            out.observation(run.observation(key, id.2, self.sites.name(id.1), self.classifier));
        }
    }

    /// Takes a run out of those that are open, if something may be made of it.
    fn take(&mut self, id: Id) -> Option<Box<Run>> {
        let run = self.open.remove(&id)?;
        let stray = self.is_stray(id, &run);
        let ended = self.closed.entry((id.0, id.1, id.2.network())).or_insert(run.last);
        *ended = run.last.max(*ended);
        self.strays += if stray { run.count } else { 0 };
        (!stray).then_some(run)
    }

    /// Whether nothing can be made of a run that was open until now, whatever else the evidence holds.
    fn is_stray(&self, (login, site, source): Id, run: &Run) -> bool {
        let ended = run.first.since(self.blind) > self.window && self.newest.since(run.last) > self.window;
        if login || !web_log::stray(run.count, run.missing) || !ended {
            return false;
        }
        let network = source.network();
        if self.closed.get(&(login, site, network)).is_some_and(|&last| run.first.since(last) <= self.window) {
            return false;
        }
        let (from, to) = (Address(network.0), network.last());
        let mut others = self.open.range((login, site, from)..=(login, site, to)).map(|(_, other)| other);
        others.by_ref().take(COMPARED).all(|o| o.gap(run.first, run.last) > self.window) && others.next().is_none()
    }

    /// Closes what is past its window.
    fn close_old(&mut self, out: &mut dyn Sink) {
        let old = |r: &Run| self.newest.since(r.last) > self.window;
        self.close(self.open.iter().filter(|(_, r)| old(r)).map(|(id, _)| *id).collect(), out);
        // A stray that is still open has its last request within the window, and began as many windows ago as it may have
        // requests at most; another run ended no more than one before.
        self.closed.retain(|_, last| self.newest.since(*last) <= self.window * (1 + web_log::STRAY as i64));
        if self.closed.len() > NETWORKS {
            self.closed.clear();
            self.blind = self.blind.max(self.newest);
        }
    }

    /// Closes everything; says of how many requests nothing is kept.
    pub fn finish(&mut self, out: &mut dyn Sink) -> u64 {
        self.close(self.open.keys().copied().collect(), out);
        self.strays
    }
}

impl Run {
    /// Seconds between this and something that lasted so long, nothing or less where they overlap.
    fn gap(&self, first: Time, last: Time) -> i64 {
        first.since(self.last).max(self.first.since(last))
    }

    fn take(&mut self, hit: &Hit, record: &Record, key: &dyn Fn() -> String, classifier: &Classifier) {
        self.first = self.first.min(hit.time);
        self.last = self.last.max(hit.time);
        self.count += 1;
        hit.verdict.strong.iter().for_each(|c| self.strong.count(c));
        hit.verdict.weak.iter().for_each(|c| self.weak.count(c));
        self.missing += u64::from(hit.missing);
        self.statuses.count(hit.status);
        if self.paths.len() < PATHS && !self.paths.contains(&hit.path) {
            self.paths.push(hit.path);
        }
        if let Some((rule, _)) = hit.verdict.best
            && self.rules.len() < RULES
            && !self.rules.contains(&rule)
        {
            self.rules.push(rule);
        }
        // What is not there is shown where nothing else is, so that slices of a log can be joined.
        if !hit.missing && self.missing + 1 == self.count {
            self.samples.clear();
        }
        if self.samples.len() < SAMPLES && (self.samples.is_empty() || !hit.missing) {
            self.samples.push(sample(record));
        }
        if self.client.is_empty() && !record.client.is_empty() {
            self.client = excerpt(record.client, 253).to_lowercase();
        }
        if self.agent.is_empty() {
            self.agent = excerpt(record.user_agent, 160);
        }
        if hit.login {
            // A login page answers a wrong password with itself (200) or a refusal, a right one with a redirect.
            match hit.status {
                300..=399 => {
                    self.accepted += 1;
                    self.failed_before.get_or_insert(self.failed);
                }
                _ => self.failed += 1,
            }
        }
        if let (true, Some(class)) = (matches!(hit.status, 200..=299 | 500..=599), hit.verdict.strong.iter().next()) {
            let class = hit.verdict.best.and_then(|(r, _)| classifier.rule(r)).map_or(class, |r| r.class);
            let found = self.answers.iter().position(|a| a.hash == hit.path && a.status == hit.status);
            match found {
                Some(i) => {
                    let a = &mut self.answers[i];
                    a.count += 1;
                    a.sizes = match (a.sizes, hit.size) {
                        (Some((least, most)), Some(n)) => Some((least.min(n), most.max(n))),
                        (known, size) => known.or(size.map(|n| (n, n))),
                    };
                }
                None if self.answers.len() < ANSWERS => self.answers.push(Answer {
                    path: key(),
                    hash: hit.path,
                    status: hit.status,
                    class,
                    count: 1,
                    sizes: hit.size.map(|n| (n, n)),
                }),
                None => {}
            }
        }
    }

    fn observation(self, key: String, source: Address, site: &str, classifier: &Classifier) -> Observation {
        let answer = |a: Answer| web_log::Answer {
            path: a.path,
            status: a.status,
            class: a.class,
            count: a.count,
            smallest: a.sizes.map(|s| s.0),
            largest: a.sizes.map(|s| s.1),
        };
        let row = Request {
            site: site.into(),
            classes: self.strong.counts(),
            weak: self.weak.counts(),
            missing: self.missing,
            paths: self.paths.iter().map(|p| format!("{p:x}")).collect(),
            statuses: self.statuses.counts(),
            rules: self.rules.iter().filter_map(|&r| classifier.rule(r)).map(|r| r.id.to_string()).collect(),
            samples: self.samples.into_vec(),
            client: self.client,
            user_agent: self.agent,
            answers: self.answers.into_iter().map(answer).collect(),
            failed: self.failed,
            accepted: self.accepted,
            failed_before: self.failed_before,
        };
        Observation {
            kind: Request::NAME.into(),
            key,
            first: self.first,
            last: self.last,
            count: self.count,
            entities: vec![by(source, &row.client)],
            fields: row.fields(),
            spans: self.spans,
        }
    }
}

/// Who asked: an address, or the name that the log has for it.
pub fn by(address: Address, client: &str) -> Entity {
    if client.is_empty() { Entity::address(address, Role::Source) } else { Entity::domain(client, Role::Source) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Memory, config};

    /// Missing pages, by minute of the day and source, in a log that an attack begins and ends; and how many are kept.
    fn check(asked: &[(u32, &str)], kept: usize) {
        let line = |(minute, source): &(u32, &str), target: &str| {
            let (hour, minute) = (minute / 60, minute % 60);
            format!("{source} - - [14/Feb/2017:{hour:02}:{minute:02}:00 +0000] \"GET {target} HTTP/1.1\" 404 9\n")
        };
        let attack = |minute| line(&(minute, "192.0.2.1"), "/?id=1%20UNION%20SELECT%20password%20FROM%20users--");
        let missing: String = asked.iter().map(|a| line(a, "/old.html")).collect();
        let log = attack(0) + &missing + &attack(23 * 60);
        let mut memory = Memory::new();
        memory.read(&crate::web_log::WebLog, "access.log", log.as_bytes(), &config(""), Time::default());
        let rows = memory.observations.iter().map(|v| &v.observation).filter(|o| !o.key.contains("|192.0.2.1"));
        assert_eq!(rows.map(|o| o.count as usize).sum::<usize>(), kept, "{asked:?}");
        let lines = &memory.lines[0].2;
        assert_eq!((lines.read, lines.kept), (asked.len() as u64 + 2, kept as u64 + 2), "{asked:?}");
    }

    #[test]
    fn who_strays_is_not_kept() {
        check(&[(300, "8.8.4.4")], 0);
        check(&[(300, "8.8.4.4"), (310, "8.8.4.4"), (320, "8.8.4.4")], 0);
        check(&[(300, "8.8.4.4"), (400, "8.8.4.4"), (900, "8.8.4.4")], 0);
        // Hours apart, and in another network.
        check(&[(300, "8.8.4.4"), (305, "8.8.8.8"), (500, "8.8.4.5")], 0);
    }

    #[test]
    fn what_something_may_be_made_of_is_kept() {
        // More than few; the log before or after may hold the rest; neighbours; time that goes back.
        check(&[(300, "8.8.4.4"), (310, "8.8.4.4"), (320, "8.8.4.4"), (330, "8.8.4.4")], 4);
        check(&[(10, "8.8.4.4"), (1375, "8.8.8.8")], 2);
        check(&[(300, "8.8.4.4"), (325, "8.8.4.5")], 2);
        check(&[(300, "8.8.4.4"), (302, "8.8.4.5"), (303, "8.8.4.6"), (900, "8.8.4.7")], 3);
        check(&[(300, "8.8.4.4"), (100, "8.8.8.8")], 2);
        let crowd: Vec<String> = (0..2 * COMPARED).map(|n| format!("8.8.4.{n}")).collect();
        check(&crowd.iter().map(|source| (300, source.as_str())).collect::<Vec<_>>(), crowd.len());
    }
}
