//! Heavy visitors: sources whose *ordinary* requests alone are many within five minutes. Kept as observations
//! `web_log/heavy`, so that a flood that sends nothing hostile is seen.
//!
//! Counts are exact per slot for logs in time order, and complete for the first and last slot of a piece of evidence,
//! so that a log cut in two gives the same sums. The trace is the range from the first to the last of the requests;
//! other visitors' lines lie between.

use super::habit::SLOT;
use crate::attempt;
use model::{Address, Entity, Fields, Observation, Sink, Span, SpanSet, Time};
use serde_json::json;
use std::collections::HashMap;

/// Ordinary requests within a slot from which a source is heavy.
const MANY: u64 = 100;
/// Sources counted at once; beyond, those seen once so far in the slot are let go.
const SOURCES: usize = 1 << 20;

#[derive(Clone, Copy)]
struct Visits {
    count: u64,
    first: Time,
    last: Time,
    /// Start and line of the first request, end of the last.
    place: (u64, u64, u64),
}

/// Who, on which site, in which slot.
type Key = (Address, u16, i64);

type Counted = HashMap<Key, Visits, foldhash::fast::RandomState>;

/// The sources of one block, by the block's own site numbers and places.
#[derive(Default)]
pub struct Visitors {
    rows: Vec<(Key, Visits)>,
    index: HashMap<Key, u32, foldhash::fast::RandomState>,
    /// The row of the last request; a page and its images come from one visitor, one after another.
    last: usize,
}

impl Visitors {
    /// Counts one ordinary request: who, which site, when, and start, length and line in the block.
    pub fn count(&mut self, source: Address, site: u16, time: Time, (start, len, line): (usize, usize, u64)) {
        let key = (source, site, time.seconds().div_euclid(SLOT));
        let (start, end) = (start as u64, (start + len) as u64);
        if self.rows.get(self.last).is_none_or(|(k, _)| *k != key) {
            self.last = *self.index.entry(key).or_insert_with(|| {
                self.rows.push((key, Visits { count: 0, first: time, last: time, place: (start, line, end) }));
                self.rows.len() as u32 - 1
            }) as usize;
        }
        let v = &mut self.rows[self.last].1;
        v.count += 1;
        v.first = v.first.min(time);
        v.last = v.last.max(time);
        v.place.2 = end;
    }
}

/// The sources of the slots that are not over yet, and those that were heavy.
#[derive(Default)]
pub struct Heavy {
    open: Counted,
    newest: i64,
    oldest: Option<i64>,
    heavy: Vec<(Key, Visits)>,
}

impl Heavy {
    /// Takes a block's sources.
    pub fn take(&mut self, block: Visitors, sites: &[u16], start: u64, line: u64) {
        let newest = block.rows.iter().map(|(k, _)| k.2).max().unwrap_or(self.newest);
        for ((source, site, slot), v) in block.rows {
            self.oldest = Some(self.oldest.map_or(slot, |o| o.min(slot)));
            let place = (start + v.place.0, line + v.place.1, start + v.place.2);
            let here = Visits { place, ..v };
            self.open
                .entry((source, sites[site as usize], slot))
                .and_modify(|o| {
                    o.count += here.count;
                    o.first = o.first.min(here.first);
                    o.last = o.last.max(here.last);
                    o.place = if o.place.0 <= place.0 {
                        (o.place.0, o.place.1, o.place.2.max(place.2))
                    } else {
                        (place.0, place.1, o.place.2.max(place.2))
                    };
                })
                .or_insert(here);
        }
        // Twelve slots of grace for lines that come late; then a slot is closed.
        if newest > self.newest {
            self.newest = newest;
            self.close(newest - 12);
        }
        if self.open.len() > SOURCES {
            self.open.retain(|_, v| v.count > 1);
        }
    }

    fn close(&mut self, before: i64) {
        let oldest = self.oldest.unwrap_or(before);
        let heavy = &mut self.heavy;
        self.open.retain(|key, v| {
            let over = key.2 < before;
            if over && (v.count >= MANY || key.2 == oldest) {
                heavy.push((*key, *v));
            }
            !over
        });
    }

    /// Gives the heavy ones, in order.
    pub fn finish(mut self, sites: &[String], out: &mut dyn Sink) {
        let newest = self.open.keys().map(|k| k.2).max().unwrap_or(0);
        self.close(newest);
        let last = std::mem::take(&mut self.open);
        self.heavy.extend(last);
        self.heavy.sort_unstable_by_key(|(key, v)| (*key, v.place));
        for ((source, site, _), v) in self.heavy {
            let site = &sites[site as usize];
            let mut spans = SpanSet::new();
            spans.push(Span { start: v.place.0, len: v.place.2 - v.place.0, line: v.place.1 });
            let mut fields = Fields::new();
            fields.insert("site".into(), json!(site));
            out.observation(Observation {
                kind: super::HEAVY.into(),
                key: attempt::key("web", site, source),
                first: v.first,
                last: v.last,
                count: v.count,
                entities: vec![Entity::address(source)],
                fields,
                spans,
            });
        }
    }
}
