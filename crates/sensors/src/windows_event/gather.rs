//! Events into rows: what was done on one machine in one way on one day.
//!
//! You may rely on: each record is in one row with its time, as often as it stands in the evidence, so that merging rows is
//! putting lists together; every event is counted by log, writer and number; memory is bounded. Left out: taking what stands
//! twice for one, which needs the whole case ([`super::table`]).

use super::Caps;
use super::acts;
use super::event::Event;
use super::script::{Scripts, Whole};
use crate::activity::{Acts, Growing, hash, lacking};
use model::{Address, Entity, Lines, Note, Role, Sink, Skip, Span, Tally, Text};
use rows::windows_event::{Action, Activity, Record};
use std::collections::BTreeMap;

/// The kind of tallies: `log|writer|number` → records.
pub const EVENT: &str = "windows_event/event";

/// Gathers events.
pub struct Gather {
    caps: Caps,
    rows: Growing<Activity>,
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
            rows: Growing::default(),
            events: BTreeMap::new(),
            others: 0,
            scripts: Scripts::new(caps.scripts),
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
            lacking(&mut self.missing, "part of a script block that is missing", place, missing);
        }
        if !activity.signs.is_empty() {
            self.keep(&event, activity, &places, out);
        }
    }

    fn keep(&mut self, event: &Event, activity: Activity, places: &[Span], out: &mut dyn Sink) {
        let Some(place) = places.first() else { return };
        let Some(time) = event.time else {
            lacking(&mut self.timeless, "event without a time", *place, 1);
            return;
        };
        let seconds = time.seconds();
        let which = hash(&activity);
        // Whoever can write into a log, or an export, can give his record the number and the time of another: what it says is
        // part of what it is, in words that all forms of a record share.
        let id = match event.record {
            // Nothing tells it apart but what it says.
            0 => hash((&event.computer, &event.channel, event.id, seconds, &event.fields)),
            number => hash((which, number, seconds)),
        };
        let record = Record(seconds, id >> 11);
        self.rows.put((which, seconds), || activity, |a| a.records.push(record), places, out);
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

    /// Writes all that is left.
    pub fn finish(mut self, out: &mut dyn Sink) {
        let scripts = std::mem::replace(&mut self.scripts, Scripts::new(0));
        scripts.finish().into_iter().for_each(|w| self.script(w, out));
        self.rows.close(out);
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

impl Acts for Activity {
    type Record = Record;

    fn records(&mut self) -> &mut Vec<Record> {
        &mut self.records
    }

    fn seconds(record: &Record) -> i64 {
        record.0
    }

    fn who(&self) -> String {
        format!("{}|{}", self.computer.replace('|', "%7C"), self.action)
    }

    fn entities(&self) -> Vec<Entity> {
        let mut all = Vec::new();
        if !self.account.is_empty() && self.action != Action::Service {
            all.push(Entity::user(&self.account, Role::Account));
        }
        let source = self.source.as_deref().and_then(|s| Address::parse(s.as_bytes()));
        all.extend(source.map(|s| Entity::address(s, Role::Source)));
        all
    }

    fn weight(&self) -> usize {
        self.detail.len()
    }
}
