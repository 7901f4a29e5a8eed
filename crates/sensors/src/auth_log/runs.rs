//! Events into runs: the observations and tallies of this kind of evidence.
//!
//! You may rely on: counts are exact; an acceptance and a refusal of one source never lie in the same run, and the
//! order between them is kept; memory is bounded whatever the evidence says. Runs may be cut anywhere for that
//! (joining them again is associative, see [`crate::attempt`] and [`rows::merge`]). Left out: judging.

use super::event::{Outcome, Purpose, Source};
use model::{Address, Ear, Entity, LogSource, Observation, Role, Sink, Span, SpanSet, Tally, Time, Value};
use rows::Row;
use rows::auth_log::{KEY, Local, Login, NAMES};
use rows::key::{LocalKey, RunKey};
use std::collections::{BTreeMap, HashMap};

/// The kind of tallies: `service|YYYY-MM-DDTHH` (UTC) → accepted, failed, invalid, echoes, probes.
pub const HOUR: &str = "auth_log/hour";

/// Stands for a source that the log does not tell: the unspecified address (RFC 4291 2.5.2).
pub const UNKNOWN: Address = Address(0);

/// Bytes of a name that are kept.
const NAME: usize = 128;
/// Sources with open runs, and what all open runs may weigh in bytes, roughly; beyond, all are closed.
const OPEN: usize = 100_000;
const WEIGHT: usize = 48 << 20;
/// What closed runs that wait for their year may weigh.
const WAITING: usize = 32 << 20;

/// One event with its place, as runs are made of.
pub struct Placed<'a> {
    /// When.
    pub at: Time,
    /// Where in the evidence.
    pub span: Span,
    /// On which machine.
    pub host: &'a [u8],
    /// What was logged in to.
    pub service: Purpose,
    /// What came of it.
    pub outcome: Outcome,
    /// How.
    pub method: &'static str,
    /// As whom.
    pub user: &'a [u8],
    /// From where.
    pub source: Source,
    /// How often.
    pub count: u32,
    /// Whether the name was said to be unknown.
    pub invalid: bool,
}

/// Sigma's product of these logs.
pub const LINUX: LogSource = LogSource { category: "", product: "linux", service: "auth" };

impl Placed<'_> {
    /// Shows it as an event. Sigma names no fields of login logs; these are the Elastic Common Schema's: `host.name`,
    /// `service.type` (`ssh`, `imap` …), `event.action` (`accepted`, `failed`, `invalid_user`, `echo`, `probe`),
    /// `event.outcome` (`success`, `failure`, `unknown`), `user.name`, `source.ip`; and `auth.method`. Lines of other
    /// programs are shown without fields, as of Sigma's service `syslog`.
    pub fn tell(&self, raw: &[u8], place: Span, ear: &mut dyn Ear) {
        let text = |text| Some(Value::Text(text)).filter(|_| !text.is_empty());
        let service = match self.service {
            Purpose::Ssh => "sshd",
            Purpose::Sudo => "sudo",
            Purpose::Ftp => "vsftpd",
            _ => LINUX.service,
        };
        let outcome = match self.outcome {
            Outcome::Accepted => "success",
            Outcome::Failed | Outcome::InvalidUser => "failure",
            Outcome::Echo | Outcome::Probe => "unknown",
        };
        let address = if let Source::Address(address) = self.source { Some(Value::Address(address)) } else { None };
        ear.event(&model::Event {
            source: LogSource { service, ..LINUX },
            time: Some(self.at),
            count: self.count,
            place,
            raw,
            fields: &[
                ("host.name", text(self.host)),
                ("service.type", text(self.service.as_str().as_bytes())),
                ("event.action", text(self.outcome.as_str().as_bytes())),
                ("event.outcome", text(outcome.as_bytes())),
                ("user.name", text(self.user)),
                ("source.ip", address),
                ("auth.method", text(self.method.as_bytes())),
            ],
        });
    }
}

/// A run that may still grow.
struct Run {
    first: Time,
    last: Time,
    count: u64,
    invalid: u64,
    method: &'static str,
    names: Vec<(Box<[u8]>, u64)>,
    unnamed: u64,
    more: u64,
    spans: SpanSet,
}

/// Who may have open runs: service, host, source; and the name, where the source is the machine itself.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Who {
    service: Purpose,
    host: u32,
    source: u128,
    local: Option<Box<[u8]>>,
}

/// The open runs of one source: one of each outcome, for acceptances one of each name, for refusals one of keys. Few, so
/// a list.
type Open = Vec<(Outcome, Box<[u8]>, Run)>;

/// Gathers events.
pub struct Runs {
    window: i64,
    open: HashMap<Who, Open>,
    weight: usize,
    hosts: HashMap<Box<[u8]>, u32>,
    names: Vec<Box<[u8]>>,
    hours: HashMap<(Purpose, i64), [u64; Outcome::ALL.len()]>,
    swept: Time,
    waiting: Vec<Observation>,
    waiting_weight: usize,
    settled: bool,
}

impl Runs {
    /// Runs whose events lie no more than `window` seconds apart. Unless `settled`, nothing is written before
    /// [`Runs::settle`], so that years may still move.
    pub fn new(window: i64, settled: bool) -> Runs {
        Runs {
            window,
            open: HashMap::new(),
            weight: 0,
            hosts: HashMap::new(),
            names: Vec::new(),
            hours: HashMap::new(),
            swept: Time(i64::MIN),
            waiting: Vec::new(),
            waiting_weight: 0,
            settled,
        }
    }

    /// Whether so much waits for its year that it must be settled now.
    pub fn is_full(&self) -> bool {
        !self.settled && (self.waiting_weight > WAITING || self.hours.len() > OPEN)
    }

    /// From here on nothing moves: writes what waited.
    pub fn settle(&mut self, out: &mut dyn Sink) {
        self.settled = true;
        self.waiting.drain(..).for_each(|o| out.observation(o));
    }

    /// Moves all times, when it turns out that the year was another.
    pub fn shift(&mut self, moved: impl Fn(Time) -> Time) {
        for (.., run) in self.open.values_mut().flatten() {
            (run.first, run.last) = (moved(run.first), moved(run.last));
        }
        for o in &mut self.waiting {
            (o.first, o.last) = (moved(o.first), moved(o.last));
        }
        self.swept = Time(i64::MIN);
        for ((service, hour), counts) in std::mem::take(&mut self.hours) {
            let hour = moved(Time::from_seconds(hour * 3600)).seconds().div_euclid(3600);
            let into = self.hours.entry((service, hour)).or_default();
            into.iter_mut().zip(counts).for_each(|(a, b)| *a += b);
        }
    }

    /// Takes one event.
    pub fn add(&mut self, event: &Placed, out: &mut dyn Sink) {
        let hour = self.hours.entry((event.service, event.at.seconds().div_euclid(3600))).or_default();
        hour[event.outcome as usize] += u64::from(event.count);
        if event.at.since(self.swept) > self.window {
            self.sweep(Time(event.at.0.saturating_sub(self.window * 1_000_000)), out);
            self.swept = event.at;
        }
        if self.open.len() >= OPEN || self.weight > WEIGHT || self.hours.len() > OPEN {
            self.close(out);
        }
        let who = self.who(event);
        let open = self.open.entry(who.clone()).or_default();
        let (window, user) = (self.window, &event.user[..event.user.len().min(NAME)]);
        // Keys are no guesses, and must not be counted among them.
        let name = match (event.outcome, event.method) {
            (Outcome::Accepted, _) => user,
            (Outcome::Failed, KEY) => KEY.as_bytes(),
            _ => b"",
        };
        let ends = |outcome: Outcome, of: &[u8], run: &Run| match (event.outcome, outcome) {
            (new, old) if new == old && of == name => {
                event.at.since(run.last) > window || run.first.since(event.at) > window
            }
            (Outcome::Accepted, old) => old != Outcome::Accepted,
            (Outcome::Failed | Outcome::InvalidUser, old) => old == Outcome::Accepted,
            _ => false,
        };
        // Names let in are bounded here as they are in a run.
        let full = open.len() >= NAMES;
        let closed: Open = open.extract_if(.., |(outcome, of, run)| full || ends(*outcome, of, run)).collect();
        let at = open.iter().position(|(outcome, of, _)| *outcome == event.outcome && **of == *name);
        let at = at.unwrap_or_else(|| {
            open.push((event.outcome, name.into(), Run::new(event)));
            open.len() - 1
        });
        self.weight += open[at].2.add(event, user);
        for (outcome, _, run) in closed {
            self.weight = self.weight.saturating_sub(run.weight());
            let observation = self.observation(&who, outcome, run);
            self.write(observation, out);
        }
    }

    fn who(&mut self, event: &Placed) -> Who {
        let host = match self.hosts.get(event.host) {
            Some(&id) => id,
            None => {
                let id = self.names.len() as u32;
                let host: Box<[u8]> = event.host.into();
                self.weight += 2 * host.len() + 64;
                self.names.push(host.clone());
                self.hosts.insert(host, id);
                id
            }
        };
        let (source, local) = match event.source {
            Source::Address(a) => (a.0, None),
            Source::Local => (u128::MAX, Some(event.user[..event.user.len().min(NAME)].into())),
            Source::Unknown | Source::Process(_) => (UNKNOWN.0, None),
        };
        Who { service: event.service, host, source, local }
    }

    /// Closes the runs that can no longer grow.
    fn sweep(&mut self, before: Time, out: &mut dyn Sink) {
        let mut done = Vec::new();
        for (who, open) in &mut self.open {
            let old = open.extract_if(.., |(.., run)| run.last < before);
            done.extend(old.map(|(outcome, _, run)| (who.clone(), outcome, run)));
        }
        self.open.retain(|_, open| !open.is_empty());
        self.emit(done, out);
    }

    /// Closes everything.
    fn close(&mut self, out: &mut dyn Sink) {
        let mut done = Vec::new();
        for (who, open) in self.open.drain() {
            done.extend(open.into_iter().map(|(outcome, _, run)| (who.clone(), outcome, run)));
        }
        self.emit(done, out);
        self.weight = 0;
        self.hosts.clear();
        self.names.clear();
        if self.settled {
            self.tally(out);
        }
    }

    fn emit(&mut self, mut done: Vec<(Who, Outcome, Run)>, out: &mut dyn Sink) {
        // The map has no order of its own; two runs never begin in one place.
        done.sort_by_cached_key(|(_, outcome, run)| (run.spans.iter().next(), *outcome));
        for (who, outcome, run) in done {
            self.weight = self.weight.saturating_sub(run.weight());
            let observation = self.observation(&who, outcome, run);
            self.write(observation, out);
        }
    }

    fn write(&mut self, observation: Observation, out: &mut dyn Sink) {
        match self.settled {
            true => out.observation(observation),
            false => {
                self.waiting_weight += 1000 + 200 * observation.entities.len() + 8 * observation.spans.len() as usize;
                self.waiting.push(observation);
            }
        }
    }

    fn tally(&mut self, out: &mut dyn Sink) {
        let hours: BTreeMap<_, _> = self.hours.drain().collect();
        for ((service, hour), counts) in hours {
            let stamp = Time::from_seconds(hour * 3600).to_string();
            let key = format!("{}|{}", service.as_str(), stamp.split(':').next().unwrap_or(&stamp));
            out.tally(Tally { kind: HOUR.into(), key, counts: counts.to_vec() });
        }
    }

    /// Writes all that is left.
    pub fn finish(mut self, out: &mut dyn Sink) {
        self.settle(out);
        self.close(out);
    }

    fn observation(&self, who: &Who, outcome: Outcome, run: Run) -> Observation {
        let host = self.names.get(who.host as usize).map_or("".into(), |h| String::from_utf8_lossy(h));
        let site = if host.is_empty() { "-".to_string() } else { host.into_owned() };
        let service = who.service;
        let mut users: BTreeMap<String, u64> = BTreeMap::new();
        for (name, count) in &run.names {
            *users.entry(String::from_utf8_lossy(name).into_owned()).or_default() += count;
        }
        let mut entities = Vec::with_capacity(1 + users.len());
        if who.local.is_none() && who.source != UNKNOWN.0 {
            entities.push(Entity::address(Address(who.source), Role::Source));
        }
        entities.extend(users.keys().filter(|name| !name.is_empty()).map(|name| Entity::user(name, Role::Account)));
        let some = |count: u64| Some(count).filter(|&n| n > 0);
        let row = Login {
            service,
            outcome,
            method: Some(run.method).filter(|m| !m.is_empty()).map(String::from),
            users,
            more_users: some(run.more),
            unnamed: some(run.unnamed),
            invalid: some(run.invalid).filter(|_| outcome != Outcome::InvalidUser),
            host: site.clone(),
        };
        let fields = row.fields();
        let (kind, key) = match &who.local {
            Some(name) => {
                let user = String::from_utf8_lossy(name).into_owned();
                (Local::NAME, LocalKey { purpose: service, host: site, user }.to_string())
            }
            None => (Login::NAME, RunKey { purpose: service, site, source: Address(who.source) }.to_string()),
        };
        Observation {
            kind: kind.into(),
            key,
            first: run.first,
            last: run.last,
            count: run.count,
            entities,
            fields,
            spans: run.spans,
        }
    }
}

impl Run {
    fn new(event: &Placed) -> Run {
        Run {
            first: event.at,
            last: event.at,
            count: 0,
            invalid: 0,
            method: event.method,
            names: Vec::new(),
            unnamed: 0,
            more: 0,
            spans: SpanSet::new(),
        }
    }

    /// Takes one event; says how much heavier the run became.
    fn add(&mut self, event: &Placed, user: &[u8]) -> usize {
        let count = u64::from(event.count);
        let before = if self.count == 0 { 0 } else { self.weight() };
        self.first = self.first.min(event.at);
        self.last = self.last.max(event.at);
        self.count += count;
        self.invalid += if event.invalid { count } else { 0 };
        if self.method != event.method {
            self.method = "several";
        }
        let room = self.names.len() < NAMES;
        match self.names.iter_mut().find(|(name, _)| **name == *user) {
            _ if user.is_empty() => self.unnamed += count,
            Some((_, n)) => *n += count,
            None if room => self.names.push((user.into(), count)),
            None => self.more += count,
        }
        self.spans.push(event.span);
        self.weight() - before
    }

    /// Bytes, roughly.
    fn weight(&self) -> usize {
        300 + self.names.len() * 80 + self.spans.len() as usize * 6
    }
}
