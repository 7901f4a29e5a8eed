//! Events into rows: what was done on one machine in one way on one day.
//!
//! You may rely on: each record is in one row with its time, as often as it stands in the evidence, so that merging rows is
//! putting lists together; every event is counted by log, writer and number; memory is bounded. Left out: taking what stands
//! twice for one, which needs the whole case ([`super::table`]).

use super::Caps;
use super::acts;
use super::event::Event;
use super::script::{Scripts, Whole};
use model::{Address, Entity, Lines, Note, Observation, Role, Sink, Skip, Span, SpanSet, Tally, Text, Time};
use rows::Row;
use rows::windows_event::{Action, Activity, Record};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

/// The kind of tallies: `log|writer|number` → records.
pub const EVENT: &str = "windows_event/event";

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// What open rows may weigh in bytes, roughly.
const WEIGHT: usize = 32 << 20;
/// Records of one row.
const RECORDS: usize = 1000;

/// A hash that is the same in every run.
fn hash(value: impl Hash) -> u64 {
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
    events: BTreeMap<(String, String, u32), u64>,
    /// Records whose kind found no room.
    others: u64,
    scripts: Scripts,
    missing: Option<Skip>,
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
            events: BTreeMap::new(),
            others: 0,
            scripts: Scripts::default(),
            missing: None,
            timeless: None,
            lines: Lines::default(),
        }
    }

    /// Takes one event.
    pub fn add(&mut self, event: &Event, place: Span, out: &mut dyn Sink) {
        self.count(event);
        if event.id == 4104 && event.channel.contains("PowerShell") {
            let whole = self.scripts.add(event, place);
            // What is told of a script is told when it is whole; its parts are read.
            self.lines.pass();
            whole.into_iter().for_each(|w| self.script(w, out));
            return;
        }
        match acts::act(event) {
            Some(activity) => {
                self.lines.keep();
                self.keep(event, activity, &[place], out);
            }
            None => self.lines.pass(),
        }
    }

    fn script(&mut self, whole: Whole, out: &mut dyn Sink) {
        let Whole { activity, event, places, missing } = whole;
        if missing > 0 {
            let place = places.first().copied().unwrap_or(Span { start: 0, len: 0, line: 0 });
            let first = || Skip {
                reason: "part of a script block that is missing".into(),
                count: 0,
                first: place.start,
                line: place.line,
            };
            self.missing.get_or_insert_with(first).count += missing;
        }
        if !activity.signs.is_empty() {
            self.keep(&event, activity, &places, out);
        }
    }

    fn keep(&mut self, event: &Event, activity: Activity, places: &[Span], out: &mut dyn Sink) {
        let Some(place) = places.first() else { return };
        let Some(time) = event.time else {
            let first =
                || Skip { reason: "event without a time".into(), count: 0, first: place.start, line: place.line };
            self.timeless.get_or_insert_with(first).count += 1;
            return;
        };
        let seconds = time.seconds();
        let id = match event.record {
            // Nothing tells it apart but what it says.
            0 => hash((&event.computer, &event.channel, event.id, seconds, &event.fields)),
            number => hash((event.computer.to_lowercase(), &event.channel, number, seconds)),
        };
        let record = Record(seconds, id >> 11);
        let which = hash(&activity);
        let key = (which, seconds.div_euclid(DAY));
        if self.weight > WEIGHT {
            self.close(out);
        }
        let weight = &mut self.weight;
        let row = self.open.entry(key).or_insert_with(|| {
            *weight += 1500 + activity.detail.len();
            Open { activity, spans: SpanSet::new() }
        });
        row.activity.records.push(record);
        places.iter().for_each(|p| row.spans.push(*p));
        self.weight += 40;
        if row.activity.records.len() >= RECORDS
            && let Some(full) = self.open.remove(&key)
        {
            self.weight = self.weight.saturating_sub(1500 + 40 * RECORDS);
            write(key, full, out);
        }
    }

    fn count(&mut self, event: &Event) {
        let clip = |text: &str| formats::clip(text, 200).to_string();
        let key = (clip(&event.channel), clip(&event.provider), event.id);
        let room = self.events.len() < self.caps.events;
        match self.events.get_mut(&key) {
            Some(count) => *count += 1,
            None if room => *self.events.entry(key).or_default() += 1,
            None => {
                self.others += 1;
                *self.events.entry(("…".into(), "…".into(), 0)).or_default() += 1;
            }
        }
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
        let scripts = std::mem::take(&mut self.scripts);
        scripts.finish().into_iter().for_each(|w| self.script(w, out));
        self.close(out);
        self.missing.into_iter().chain(self.timeless).for_each(|skip| out.skip(skip));
        for ((channel, provider, id), count) in self.events {
            let key = format!("{channel}|{provider}|{id}");
            out.tally(Tally { kind: EVENT.into(), key, counts: vec![count] });
        }
        if self.others > 0 {
            let (most, n) = (self.caps.events, self.others);
            out.note(Note {
                text: Text::new(
                    format!("more than {most} kinds of events: {n} records are counted without theirs"),
                    format!("plus de {most} sortes d’évènements : {n} enregistrements sont comptés sans la leur"),
                ),
            });
        }
        out.lines(self.lines);
    }
}

fn write((which, day): (u64, i64), open: Open, out: &mut dyn Sink) {
    let Open { mut activity, spans } = open;
    activity.records.sort_unstable();
    let at = |r: Option<&Record>| Time::from_seconds(r.map_or(0, |r| r.0));
    let mut entities = Vec::new();
    if !activity.account.is_empty() && activity.action != Action::Service {
        entities.push(Entity::user(&activity.account, Role::Account));
    }
    let source = activity.source.as_deref().and_then(|s| Address::parse(s.as_bytes()));
    entities.extend(source.map(|s| Entity::address(s, Role::Source)));
    out.observation(Observation {
        kind: Activity::NAME.into(),
        key: format!("{}|{}|{which:016x}|{day}", activity.computer.replace('|', "%7C"), activity.action),
        first: at(activity.records.first()),
        last: at(activity.records.last()),
        count: activity.records.len() as u64,
        entities,
        fields: activity.fields(),
        spans,
    });
}
