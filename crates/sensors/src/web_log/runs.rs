//! Runs: what one source did to one site for one purpose, with no gap over the window, kept compactly while the log
//! streams by. A run becomes one observation `web_log/request`. Runs may be cut anywhere (`attempt` joins them), so
//! memory is bounded by closing old ones.

use super::classify::{Class, Classifier, Verdict};
use super::record::Record;
use super::sites::Sites;
use model::{Address, Entity, Observation, Role, Sink, Span, SpanSet, Time};
use rows::Row;
use rows::attempt::Purpose;
use rows::key::RunKey;
use rows::web_log::{self, ANSWERS, PATHS, RULES, Request, SAMPLES};
use std::collections::BTreeMap;

/// Runs kept open at once; beyond, those past their window are closed, or all.
const OPEN: usize = 40_000;
/// Hits after which runs past their window are closed.
const SWEEP: u64 = 1 << 16;
/// Ranges of one run; beyond, it is cut.
const RANGES: u64 = 1 << 16;
/// Things listed of the runs of a flood.
const FOLDED: usize = 256;

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

#[derive(Default)]
struct Run {
    first: Time,
    last: Time,
    count: u64,
    strong: BTreeMap<Class, u64>,
    weak: BTreeMap<Class, u64>,
    missing: u64,
    paths: Vec<u64>,
    statuses: BTreeMap<u16, u64>,
    rules: Vec<u16>,
    samples: Vec<String>,
    client: String,
    agent: String,
    answers: Vec<Answer>,
    failed: u64,
    accepted: u64,
    failed_before: Option<u64>,
    spans: SpanSet,
}

/// All open runs of one piece of evidence.
pub struct Runs<'c> {
    classifier: &'c Classifier,
    window: i64,
    open: BTreeMap<(bool, u32, Address), Run>,
    sites: Sites<'c>,
    newest: Time,
    hits: u64,
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

impl<'c> Runs<'c> {
    /// No runs yet. `window` in seconds.
    pub fn new(classifier: &'c Classifier, window: i64, sites: Sites<'c>) -> Runs<'c> {
        Runs { classifier, window, open: BTreeMap::new(), sites, newest: Time(i64::MIN), hits: 0 }
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
        self.newest = self.newest.max(hit.time);
        let id = (hit.login, site, hit.source);
        if let Some(run) = self.open.get(&id) {
            let apart = hit.time.since(run.last).max(run.first.since(hit.time));
            if apart > self.window || run.spans.len() >= RANGES {
                self.close(id, out);
            }
        }
        // Long before there are too many: a closed run is on disk, an open one in memory with all its places.
        self.hits += 1;
        if self.hits.is_multiple_of(SWEEP) {
            self.close_old(out);
        }
        if self.open.len() >= OPEN && !self.open.contains_key(&id) {
            self.close_old(out);
            if self.open.len() > OPEN / 2 {
                self.finish(out);
            }
        }
        let run = self.open.entry(id).or_insert_with(|| Run { first: hit.time, last: hit.time, ..Run::default() });
        run.take(hit, record, key, self.classifier);
        run.spans.push(place);
    }

    fn close(&mut self, id: (bool, u32, Address), out: &mut dyn Sink) {
        if let Some(run) = self.open.remove(&id) {
            out.observation(run.observation(id, self.sites.name(id.1), self.classifier));
        }
    }

    /// Closes what is past its window.
    fn close_old(&mut self, out: &mut dyn Sink) {
        let old = |r: &Run| self.newest.since(r.last) > self.window;
        let ids: Vec<_> = self.open.iter().filter(|(_, r)| old(r)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.close(id, out));
    }

    /// Closes everything.
    pub fn finish(&mut self, out: &mut dyn Sink) {
        while let Some((&id, _)) = self.open.first_key_value() {
            self.close(id, out);
        }
    }
}

impl Run {
    fn take(&mut self, hit: &Hit, record: &Record, key: &dyn Fn() -> String, classifier: &Classifier) {
        self.first = self.first.min(hit.time);
        self.last = self.last.max(hit.time);
        self.count += 1;
        hit.verdict.strong.iter().for_each(|c| *self.strong.entry(c).or_default() += 1);
        hit.verdict.weak.iter().for_each(|c| *self.weak.entry(c).or_default() += 1);
        self.missing += u64::from(hit.missing);
        *self.statuses.entry(hit.status).or_default() += 1;
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
            let line = [record.method, record.target].join(&b' ');
            self.samples.push(excerpt(line.trim_ascii_start(), 240));
        }
        if self.client.is_empty() {
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

    fn observation(self, (login, _, source): (bool, u32, Address), site: &str, classifier: &Classifier) -> Observation {
        let purpose = if login { Purpose::WebLogin } else { Purpose::Web };
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
            classes: self.strong,
            weak: self.weak,
            missing: self.missing,
            paths: self.paths.iter().map(|p| format!("{p:x}")).collect(),
            statuses: self.statuses,
            rules: self.rules.iter().filter_map(|&r| classifier.rule(r)).map(|r| r.id.to_string()).collect(),
            samples: self.samples,
            client: self.client,
            user_agent: self.agent,
            answers: self.answers.into_iter().map(answer).collect(),
            failed: self.failed,
            accepted: self.accepted,
            failed_before: self.failed_before,
        };
        Observation {
            kind: Request::NAME.into(),
            key: RunKey { purpose, site: site.into(), source }.to_string(),
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
