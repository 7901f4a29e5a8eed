//! Heavy visitors: sources whose *ordinary* requests alone are many within five minutes. Kept as observations
//! `web_log/heavy`, so that a flood that sends nothing hostile is seen.
//!
//! Counts are exact per slot for logs in time order, and complete for the first and last slot of a piece of evidence,
//! so that a log cut in two gives the same sums. Where more visitors come than can be counted at once, those who came
//! least are let go, and a note says how many requests that were. The trace is the range from the first to the last of the requests;
//! other visitors' lines lie between.

use super::sites::Sites;
use model::{Address, Entity, Note, Observation, Role, Sink, Span, SpanSet, Text, Time};
use rows::Row;
use rows::attempt::Purpose;
use rows::key::RunKey;
use rows::web_log::{self, SLOT};
use std::collections::HashMap;

/// Ordinary requests within a slot from which a source is heavy.
const MANY: u64 = 100;
/// Sources counted at once; beyond, those that came least in their slot are let go.
pub const VISITORS: usize = 1 << 19;

#[derive(Clone, Copy)]
struct Visits {
    count: u64,
    first: Time,
    last: Time,
    /// Start and line of the first request, end of the last.
    place: (u64, u64, u64),
}

/// Who, on which site, in which slot.
type Key = (Address, u32, i64);

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
    pub fn count(&mut self, source: Address, site: u32, time: Time, (start, len, line): (usize, usize, u64)) {
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
pub struct Heavy {
    most: usize,
    open: Counted,
    newest: i64,
    oldest: Option<i64>,
    heavy: Vec<(Key, Visits)>,
    /// Requests of those let go.
    let_go: u64,
}

impl Heavy {
    /// None yet, and room for so many at once.
    pub fn new(most: usize) -> Heavy {
        Heavy { most, open: HashMap::default(), newest: 0, oldest: None, heavy: Vec::new(), let_go: 0 }
    }

    /// Takes a block's sources; `sites` are the numbers of its hosts.
    pub fn take(
        &mut self,
        block: Visitors,
        hosts: &[u32],
        (start, line): (u64, u64),
        sites: &Sites,
        out: &mut dyn Sink,
    ) {
        let newest = block.rows.iter().map(|(k, _)| k.2).max().unwrap_or(self.newest);
        for ((source, site, slot), v) in block.rows {
            self.oldest = Some(self.oldest.map_or(slot, |o| o.min(slot)));
            let place = (start + v.place.0, line + v.place.1, start + v.place.2);
            let here = Visits { place, ..v };
            self.open
                .entry((source, hosts[site as usize], slot))
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
        let mut few = 1;
        while self.open.len() > self.most && few < MANY {
            let let_go = &mut self.let_go;
            self.open.retain(|_, v| {
                *let_go += if v.count > few { 0 } else { v.count };
                v.count > few
            });
            few *= 2;
        }
        if self.open.len() > self.most {
            self.heavy.extend(self.open.drain());
        }
        if self.heavy.len() > self.most / 4 {
            self.tell(sites, out);
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

    /// Gives the heavy ones, and says what was not counted.
    pub fn finish(mut self, sites: &Sites, out: &mut dyn Sink) {
        let newest = self.open.keys().map(|k| k.2).max().unwrap_or(0);
        self.close(newest);
        let last = std::mem::take(&mut self.open);
        self.heavy.extend(last);
        self.tell(sites, out);
        if self.let_go > 0 {
            let (most, requests) = (self.most, self.let_go);
            let text = Text::new(
                format!(
                    "more than {most} visitors came within an hour: {requests} ordinary requests, of those who came \
                     least often, are not counted towards floods by one visitor"
                ),
                format!(
                    "plus de {most} visiteurs sont venus en une heure : {requests} requêtes ordinaires, de ceux qui \
                     sont venus le moins, ne sont pas comptées pour les inondations par un seul visiteur"
                ),
            );
            out.note(Note { text });
        }
    }

    /// Writes the heavy ones so far, in order.
    fn tell(&mut self, sites: &Sites, out: &mut dyn Sink) {
        self.heavy.sort_unstable_by_key(|(key, v)| (*key, v.place));
        for ((source, site, _), v) in std::mem::take(&mut self.heavy) {
            let site = sites.name(site).to_string();
            let mut spans = SpanSet::new();
            spans.push(Span { start: v.place.0, len: v.place.2 - v.place.0, line: v.place.1 });
            let row = web_log::Heavy { site: site.clone() };
            out.observation(Observation {
                kind: web_log::Heavy::NAME.into(),
                key: RunKey { purpose: Purpose::Web, site, source }.to_string(),
                first: v.first,
                last: v.last,
                count: v.count,
                entities: vec![Entity::address(source, Role::Source)],
                fields: row.fields(),
                spans,
            });
        }
    }
}
