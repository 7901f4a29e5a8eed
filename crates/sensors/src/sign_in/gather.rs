//! Events into rows: what one account did in one way on one day.
//!
//! You may rely on: each record is in one row with its time and id, as often as it stands in the evidence, so that merging
//! rows is putting lists together; memory is bounded (open rows are written when they weigh too much, which cuts a row in
//! two of one key). Left out: taking what stands twice for one, which needs the whole case ([`super::table`]).

use super::Caps;
use super::event::Event;
use super::operations::Meaning;
use crate::activity::{Acts, Growing, hash, lacking};
use crate::unknown;
use model::{Entity, EntityKind, Lines, Note, Role, Sink, Skip, Span, Tally, Text};
use rows::sign_in::{Activity, Answer, NAMES, Provider, Record};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of tallies: `provider|operation` → records, and of these: kept, done by the provider or otherwise ordinary, not
/// understood, refused.
pub const OPERATION: &str = "sign_in/operation";

/// A record that does not say when, or not so that it can be read.
const TIMELESS: &str = "record without a time";

/// Gathers events.
pub struct Gather {
    caps: Caps,
    rows: Growing<Activity>,
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
            rows: Growing::default(),
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
            // Nothing is known of when it was, so nothing of it is looked at: that is not *ordinary*.
            lacking(&mut self.timeless, TIMELESS, place, 1);
            let program = Some(TIMELESS.as_bytes());
            return unknown::miss(&mut self.lines, program, raw, place.start as usize, place.line.max(1) - 1);
        };
        self.lines.keep();
        let seconds = time.seconds();
        let record = Record(seconds, hash(&event.id) >> 11, event.items, event.bytes);
        let source = event.source.map(|a| a.to_string());
        let rest =
            (event.provider, &event.operation, &source, &event.client, &event.method, &event.target, &event.detail);
        let which = hash((rest, action, event.answer, &event.account, &event.country));
        let names = event.names;
        let make = || Activity {
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
        let add = |activity: &mut Activity| {
            activity.records.push(record);
            activity.throttled |= event.throttled;
            activity.names.extend(names.into_iter().filter(|n| !n.is_empty()));
            while activity.names.len() > NAMES {
                activity.names.pop_last();
            }
        };
        self.rows.put((which, seconds), make, add, &[place], out);
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

    /// Writes all that is left.
    pub fn finish(mut self, out: &mut dyn Sink) {
        self.rows.close(out);
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

impl Acts for Activity {
    type Record = Record;

    fn records(&mut self) -> &mut Vec<Record> {
        &mut self.records
    }

    fn seconds(record: &Record) -> i64 {
        record.0
    }

    fn who(&self) -> String {
        format!("{}|{}", self.account.replace('|', "%7C"), self.action)
    }

    fn entities(&self) -> Vec<Entity> {
        let mut all = people(&self.account, Role::Account);
        let source = self.source.as_deref().and_then(|s| model::Address::parse(s.as_bytes()));
        all.extend(source.map(|s| Entity::address(s, Role::Source)));
        all
    }
}
