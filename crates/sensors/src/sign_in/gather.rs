//! Events into rows: what one account did in one way on one day.
//!
//! You may rely on: each record is in one row with its time and id, as often as it stands in the evidence, so that merging
//! rows is putting lists together; memory is bounded (open rows are written when they weigh too much, which cuts a row in
//! two of one key). Left out: taking what stands twice for one, which needs the whole case ([`super::table`]).

use super::Caps;
use super::event::Event;
use super::words::Meaning;
use crate::unknown;
use model::{Entity, EntityKind, Lines, Note, Observation, Role, Sink, Skip, Span, SpanSet, Tally, Text, Time};
use rows::Row;
use rows::sign_in::{Activity, Answer, NAMES, Provider, Record};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

/// The kind of tallies: `provider|operation` → records, and of these: kept, done by the provider or otherwise ordinary, not
/// understood, refused.
pub const OPERATION: &str = "sign_in/operation";

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// What open rows may weigh in bytes, roughly.
const WEIGHT: usize = 32 << 20;
/// Records of one row.
const RECORDS: usize = 1000;

/// A hash that is the same in every run.
pub fn hash(value: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

/// A row that may still grow.
struct Open {
    activity: Activity,
    spans: SpanSet,
}

/// Gathers events.
pub struct Gather {
    caps: Caps,
    open: HashMap<(u64, i64), Open>,
    weight: usize,
    operations: BTreeMap<(Provider, String), [u64; 5]>,
    /// Records whose operation found no room.
    others: u64,
    timeless: Option<Skip>,
    /// What became of the records.
    pub lines: Lines,
}

impl Gather {
    /// Nothing yet.
    pub fn new(caps: Caps) -> Gather {
        Gather {
            caps,
            open: HashMap::new(),
            weight: 0,
            operations: BTreeMap::new(),
            others: 0,
            timeless: None,
            lines: Lines::default(),
        }
    }

    /// Takes one event.
    pub fn add(&mut self, event: Event, raw: &[u8], place: Span, out: &mut dyn Sink) {
        self.count(&event);
        let action = match event.meaning {
            Meaning::Does(action) => action,
            Meaning::Ordinary => return self.lines.pass(),
            Meaning::Unknown => {
                let program = event.operation.as_bytes();
                return unknown::miss(&mut self.lines, Some(program), raw, place.start as usize, place.line.max(1) - 1);
            }
        };
        let Some(time) = event.time else {
            self.lines.pass();
            let first =
                || Skip { reason: "record without a time".into(), count: 0, first: place.start, line: place.line };
            self.timeless.get_or_insert_with(first).count += 1;
            return;
        };
        self.lines.keep();
        let seconds = time.seconds();
        let record = Record(seconds, hash(&event.id) >> 11, event.items, event.bytes);
        let source = event.source.map(|a| a.to_string());
        let rest =
            (event.provider, &event.operation, &source, &event.client, &event.method, &event.target, &event.detail);
        let which = hash((rest, action, event.answer, &event.account, &event.country));
        let key = (which, seconds.div_euclid(DAY));
        if self.weight > WEIGHT {
            self.close(out);
        }
        let weight = &mut self.weight;
        let row = self.open.entry(key).or_insert_with(|| {
            *weight += 1500;
            let activity = Activity {
                provider: event.provider,
                action,
                answer: event.answer,
                operation: event.operation,
                account: event.account,
                source,
                client: event.client,
                method: event.method,
                target: event.target,
                detail: event.detail,
                country: event.country,
                names: BTreeSet::new(),
                throttled: false,
                records: Vec::new(),
            };
            Open { activity, spans: SpanSet::new() }
        });
        row.activity.records.push(record);
        row.activity.throttled |= event.throttled;
        row.activity.names.extend(event.names.into_iter().filter(|n| !n.is_empty()));
        while row.activity.names.len() > NAMES {
            row.activity.names.pop_last();
        }
        row.spans.push(place);
        self.weight += 40;
        if row.activity.records.len() >= RECORDS
            && let Some(full) = self.open.remove(&key)
        {
            self.weight = self.weight.saturating_sub(1500 + 40 * RECORDS);
            write(key, full, out);
        }
    }

    fn count(&mut self, event: &Event) {
        let key = (event.provider, event.operation.clone());
        let room = self.operations.len() < self.caps.operations;
        let counts = match self.operations.get_mut(&key) {
            Some(counts) => counts,
            None if room => self.operations.entry(key).or_default(),
            None => {
                self.others += 1;
                self.operations.entry((event.provider, "…".into())).or_default()
            }
        };
        counts[0] += 1;
        counts[match event.meaning {
            Meaning::Does(_) => 1,
            Meaning::Ordinary => 2,
            Meaning::Unknown => 3,
        }] += 1;
        counts[4] += u64::from(event.answer != Answer::Accepted);
    }

    /// Writes all rows.
    fn close(&mut self, out: &mut dyn Sink) {
        let mut all: Vec<((u64, i64), Open)> = self.open.drain().collect();
        all.sort_by_key(|(key, _)| *key);
        all.into_iter().for_each(|(key, open)| write(key, open, out));
        self.weight = 0;
    }

    /// Writes all that is left.
    pub fn finish(mut self, out: &mut dyn Sink) {
        self.close(out);
        self.timeless.into_iter().for_each(|skip| out.skip(skip));
        for ((provider, operation), counts) in self.operations {
            let key = format!("{provider}|{operation}");
            out.tally(Tally { kind: OPERATION.into(), key, counts: counts.to_vec() });
        }
        if self.others > 0 {
            let (most, n) = (self.caps.operations, self.others);
            out.note(Note {
                text: Text::new(
                    format!("more than {most} names of operations: {n} records are counted without theirs"),
                    format!("plus de {most} noms d’opérations : {n} enregistrements sont comptés sans le leur"),
                ),
            });
        }
        out.lines(self.lines);
    }
}

/// An account as it is known: by its name, and by its mail address where it is one.
pub fn people(account: &str, role: Role) -> Vec<Entity> {
    let mut all = Vec::new();
    if account.is_empty() {
        return all;
    }
    if account.contains('@') && !account.contains([' ', '\\', '/']) {
        all.push(Entity::new(EntityKind::EmailAddr, account, role));
    }
    all.push(Entity::user(account, role));
    all
}

fn write((which, day): (u64, i64), open: Open, out: &mut dyn Sink) {
    let Open { mut activity, spans } = open;
    activity.records.sort_unstable();
    let at = |r: Option<&Record>| Time::from_seconds(r.map_or(0, |r| r.0));
    let mut entities = people(&activity.account, Role::Account);
    let source = activity.source.as_deref().and_then(|s| model::Address::parse(s.as_bytes()));
    entities.extend(source.map(|s| Entity::address(s, Role::Source)));
    out.observation(Observation {
        kind: Activity::NAME.into(),
        key: format!("{}|{}|{which:016x}|{day}", activity.account.replace('|', "%7C"), activity.action),
        first: at(activity.records.first()),
        last: at(activity.records.last()),
        count: activity.records.len() as u64,
        entities,
        fields: activity.fields(),
        spans,
    });
}
