//! Rows of the slices of a log become the rows of the whole.
//!
//! You may rely on: slices may have been cut between any two lines, and merging them in one go or piece by piece gives
//! the same; nothing is held but the rows. Left out: what a reader carries from line to line besides its rows (the year
//! of stamps that have none, the connections of processes, the host names past a cap): a slice does not know what stood
//! before it. A row whose lists are full says no more than it holds.

use crate::{Merge, Observed};
use model::{Observation, Result, Span, SpanSet};
use std::collections::BTreeMap;

/// Moves an observation's places: its slice begins at this byte and so many lines into the whole.
pub fn shift(observation: &mut Observation, start: u64, lines: u64) {
    let moved = |s: Span| Span { start: s.start + start, line: if s.line == 0 { 0 } else { s.line + lines }, ..s };
    let spans = std::mem::take(&mut observation.spans);
    spans.iter().for_each(|s| observation.spans.push(moved(s)));
}

/// Merges rows of `R`, of one piece of evidence, whose places are those in the whole. `window` is the longest pause, in
/// seconds, within one run. They come in the order in which detectors see them: by key, time and place.
pub fn merge<R: Observed>(rows: impl IntoIterator<Item = Observation>, window: i64) -> Result<Vec<Observation>> {
    let mut keys: BTreeMap<String, Vec<Part<R>>> = BTreeMap::new();
    for mut observation in rows.into_iter().filter(|o| o.kind == R::NAME) {
        let row = R::of(std::mem::take(&mut observation.fields))?;
        keys.entry(observation.key.clone()).or_default().push(Part { observation, row });
    }
    let place = |part: &Part<R>| (part.start(), part.observation.first, part.observation.last);
    let mut merged = Vec::new();
    for mut parts in keys.into_values() {
        parts.sort_by_key(place);
        let mut one = match R::MERGE {
            Merge::Adds => together(parts, |_| ()),
            Merge::AddsWithin(seconds) => {
                let mut slots = together(parts, |p| p.observation.first.seconds().div_euclid(seconds));
                slots.iter_mut().for_each(Part::stretch);
                slots
            }
            Merge::Joins => runs(parts, window),
            Merge::Kept => {
                parts.dedup_by(|a, b| a.observation == b.observation);
                parts
            }
        };
        one.sort_by_key(|p| (p.observation.first, p.observation.last, p.start()));
        merged.extend(one.into_iter().map(|p| Observation { fields: p.row.fields(), ..p.observation }));
    }
    Ok(merged)
}

/// An observation, and its fields as they are read.
struct Part<R> {
    observation: Observation,
    row: R,
}

impl<R: Observed> Part<R> {
    fn start(&self) -> u64 {
        self.observation.spans.iter().next().map_or(0, |s| s.start)
    }

    fn join(&mut self, later: Part<R>) {
        self.row.join(&later.row);
        let (o, later) = (&mut self.observation, later.observation);
        (o.first, o.last) = (o.first.min(later.first), o.last.max(later.last));
        o.count += later.count;
        o.spans.extend(&later.spans);
        let known = o.entities.len();
        for entity in later.entities {
            if !o.entities.contains(&entity) {
                o.entities.push(entity);
            }
        }
        if o.entities.len() > known {
            o.entities.sort();
        }
    }

    /// Makes one range of all.
    fn stretch(&mut self) {
        let mut whole: Option<Span> = None;
        for s in self.observation.spans.iter() {
            let end = s.start + s.len;
            let w = whole.get_or_insert(s);
            let until = end.max(w.start + w.len);
            *w = if s.start < w.start { s } else { *w };
            w.len = until - w.start;
        }
        self.observation.spans = SpanSet::new();
        whole.into_iter().for_each(|s| self.observation.spans.push(s));
    }
}

/// Makes one of all that have the same mark.
fn together<R: Observed, M: Ord>(parts: Vec<Part<R>>, mark: impl Fn(&Part<R>) -> M) -> Vec<Part<R>> {
    let mut all: BTreeMap<M, Part<R>> = BTreeMap::new();
    for part in parts {
        match all.entry(mark(&part)) {
            std::collections::btree_map::Entry::Occupied(mut o) => o.get_mut().join(part),
            std::collections::btree_map::Entry::Vacant(v) => drop(v.insert(part)),
        }
    }
    all.into_values().collect()
}

/// Joins what is of one run, walking over the events of all rows in the order of the evidence, as the reader did.
fn runs<R: Observed>(parts: Vec<Part<R>>, window: i64) -> Vec<Part<R>> {
    let mut events: Vec<(u64, usize)> = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        // The first tells that a row begins; a row without a place begins with the evidence.
        events.push((part.start(), i));
        events.extend(part.observation.spans.iter().skip(1).map(|s| (s.start, i)));
    }
    events.sort_unstable();
    // Rows become runs one by one; an event of a row that is in a run says by what its run is ended.
    let mut parts: Vec<Option<Part<R>>> = parts.into_iter().map(Some).collect();
    let mut of: Vec<Option<usize>> = vec![None; parts.len()];
    let mut runs: Vec<Part<R>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (_, i) in events {
        if let Some(run) = of[i] {
            open.retain(|&o| o == run || !runs[run].row.ends(&runs[o].row));
            continue;
        }
        let Some(part) = parts[i].take() else { continue };
        open.retain(|&o| !part.row.ends(&runs[o].row));
        let same = open.iter().position(|&o| runs[o].row.continues(&part.row));
        let apart = |run: &Observation| {
            part.observation.first.since(run.last).max(run.first.since(part.observation.last)) > window
        };
        of[i] = Some(match same {
            Some(n) if !apart(&runs[open[n]].observation) => {
                runs[open[n]].join(part);
                open[n]
            }
            _ => {
                if let Some(n) = same {
                    open.swap_remove(n);
                }
                open.push(runs.len());
                runs.push(part);
                runs.len() - 1
            }
        });
    }
    runs
}
