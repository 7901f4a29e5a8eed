//! A finding as the brief keeps it: cut to what the page shows, so that memory does not grow with what was found.

use crate::Line;
use jiff::civil::Date;
use model::{Finding, Severity, SpanSet, Trace};
use rows::Row;

/// Findings of one list told on the page.
pub const LISTED: usize = 200;
/// Entities and reasons of a finding kept.
const ENTITIES: usize = 24;

/// A finding kept for the page.
#[derive(Debug)]
pub struct Detail {
    /// The finding, its entities and traces cut to what the page shows.
    pub finding: Finding,
    /// The day it began.
    pub day: Option<Date>,
    /// How many of its lines the page shows, from its beginning and from its end.
    pub ends: (usize, usize),
    /// Its lines, once read; empty where they may not be printed, or are gone.
    pub lines: Vec<Line>,
}

impl Detail {
    /// Five lines from either end.
    pub fn new(finding: Finding, day: Option<Date>) -> Detail {
        Detail::with_ends(finding, day, (5, 5))
    }

    /// So many lines from its beginning and from its end.
    pub fn with_ends(mut finding: Finding, day: Option<Date>, ends: (usize, usize)) -> Detail {
        finding.entities.truncate(ENTITIES);
        finding.entities.shrink_to_fit();
        finding.reasons.truncate(ENTITIES);
        finding.techniques.truncate(ENTITIES);
        finding.traces = cut(std::mem::take(&mut finding.traces), ends);
        Detail { finding, day, ends, lines: Vec::new() }
    }
}

/// A finding kept for the page, and what its fields say.
#[derive(Debug)]
pub struct Kept<R> {
    /// The finding.
    pub detail: Detail,
    /// Its fields.
    pub row: R,
}

impl<R: Row> Kept<R> {
    /// Keeps a finding of this severity or above if there is room. Gives back one whose fields cannot be read, as another
    /// version may have written.
    pub fn keep(list: &mut Vec<Kept<R>>, least: Severity, finding: Finding, day: Option<Date>) -> Option<Finding> {
        if list.len() == LISTED || finding.severity < least {
            return None;
        }
        match R::of(&finding.fields) {
            Ok(row) => list.push(Kept { row, detail: Detail::new(finding, day) }),
            Err(_) => return Some(finding),
        }
        None
    }
}

/// The traces' first and last ranges: the first `first` lines lie in the first `first` ranges, and so at the end.
fn cut(traces: Vec<Trace>, (first, last): (usize, usize)) -> Vec<Trace> {
    let total: u64 = traces.iter().map(|t| t.spans.len()).sum();
    let (first, last_from) = (first as u64, total.saturating_sub(last as u64));
    let mut at = 0;
    let mut out = Vec::new();
    for trace in traces {
        let mut spans = SpanSet::new();
        for span in trace.spans.iter() {
            if at < first || at >= last_from {
                spans.push(span);
            }
            at += 1;
        }
        if !spans.is_empty() {
            out.push(Trace { spans, ..trace });
        }
    }
    out
}
