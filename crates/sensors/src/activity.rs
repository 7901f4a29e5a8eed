//! Rows of what was done by one actor in one way on one day, while they grow: what the kinds of evidence share that are
//! records of deeds (`sign_in`, `windows_event`).
//!
//! You may rely on: each record is in one row, as often as it stands in the evidence, so that merging rows is putting lists
//! together; memory is bounded (rows are written when they weigh too much, which cuts a row in two of one key). Left out:
//! what a deed is, and taking what stands twice for one, which needs the whole case.

use model::{Entity, EvidenceId, Observation, Sink, Skip, Span, SpanSet, Step, Time, Trace};
use rows::Row;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// What open rows may weigh in bytes, roughly.
const WEIGHT: usize = 32 << 20;
/// What an open row weighs, besides what it says itself, and each of its records.
const ROW: usize = 1500;
const RECORD: usize = 40;
/// Records of one row.
const RECORDS: usize = 1000;

/// A hash that is the same in every run.
pub fn hash(value: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

/// A row of records.
pub trait Acts: Row {
    /// One record; the earlier is the lesser.
    type Record: Ord;

    /// Its records.
    fn records(&mut self) -> &mut Vec<Self::Record>;

    /// When a record is of, in seconds since 1970.
    fn seconds(record: &Self::Record) -> i64;

    /// Who did it, and what: the beginning of its key.
    fn who(&self) -> String;

    /// What it shares with others.
    fn entities(&self) -> Vec<Entity>;

    /// Bytes of its long texts.
    fn weight(&self) -> usize {
        0
    }
}

/// Rows that may still grow, by the hash of all that a row says, and the day.
pub struct Growing<A> {
    open: HashMap<(u64, i64), (A, SpanSet)>,
    weight: usize,
}

impl<A> Default for Growing<A> {
    fn default() -> Growing<A> {
        Growing { open: HashMap::new(), weight: 0 }
    }
}

impl<A: Acts> Growing<A> {
    /// Puts a record of this second, with its places, into its row, which is made if there is none.
    pub fn put(
        &mut self,
        (which, seconds): (u64, i64),
        make: impl FnOnce() -> A,
        add: impl FnOnce(&mut A),
        places: &[Span],
        out: &mut dyn Sink,
    ) {
        if self.weight > WEIGHT {
            self.close(out);
        }
        let key = (which, seconds.div_euclid(DAY));
        let weight = &mut self.weight;
        let (row, spans) = self.open.entry(key).or_insert_with(|| {
            let row = make();
            *weight += ROW + row.weight();
            (row, SpanSet::new())
        });
        add(row);
        places.iter().for_each(|p| spans.push(*p));
        *weight += RECORD;
        if row.records().len() >= RECORDS
            && let Some((row, spans)) = self.open.remove(&key)
        {
            self.weight = self.weight.saturating_sub(ROW + row.weight() + RECORD * RECORDS);
            write(key, row, spans, out);
        }
    }

    /// Writes all rows.
    pub fn close(&mut self, out: &mut dyn Sink) {
        let mut all: Vec<_> = self.open.drain().collect();
        all.sort_by_key(|(key, _)| *key);
        all.into_iter().for_each(|(key, (row, spans))| write(key, row, spans, out));
        self.weight = 0;
    }
}

fn write<A: Acts>((which, day): (u64, i64), mut row: A, spans: SpanSet, out: &mut dyn Sink) {
    row.records().sort_unstable();
    let records = row.records();
    let at = |r: Option<&A::Record>| Time::from_seconds(r.map_or(0, A::seconds));
    let (first, last, count) = (at(records.first()), at(records.last()), records.len() as u64);
    out.observation(Observation {
        kind: A::NAME.into(),
        key: format!("{}|{which:016x}|{day}", row.who()),
        first,
        last,
        count,
        entities: row.entities(),
        fields: row.fields(),
        spans,
    });
}

/// Counts what lacks something, from the first place on.
pub fn lacking(skip: &mut Option<Skip>, reason: &str, place: Span, count: u64) {
    let first = || Skip { reason: reason.into(), count: 0, first: place.start, line: place.line };
    skip.get_or_insert_with(first).count += count;
}

/// Where rows of one key stand in one piece of evidence.
pub type Place = (EvidenceId, Vec<Step>, SpanSet);

/// The traces of some places.
pub fn traces<'p>(all: impl IntoIterator<Item = &'p Place>) -> Vec<Trace> {
    let mut spans: BTreeMap<(EvidenceId, Vec<Step>), Vec<Span>> = BTreeMap::new();
    for (evidence, steps, places) in all {
        spans.entry((*evidence, steps.clone())).or_default().extend(places.iter());
    }
    crate::attempt::traces(spans)
}
