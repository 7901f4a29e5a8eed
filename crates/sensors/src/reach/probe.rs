//! What `vigie probe` writes: a line of JSON for each step of each round.

use crate::input::Input;
use model::{Error, Observation, Result, Sink, Skip, Span, SpanSet, Time};
use rows::Row;
use rows::reach::Step;
use serde::Deserialize;

/// Bytes of one file that are read.
const MOST: u64 = 256 << 20;
/// Rows of one file; a probe of every minute for a year has half a million.
const ROWS: u64 = 1_000_000;

/// What marks a line.
const MARK: &str = "\"vigie\":\"probe\"";

#[derive(Deserialize)]
struct Line {
    vigie: String,
    at: Time,
    #[serde(flatten)]
    step: Step,
}

/// How sure a head is of a probe.
pub fn sniff(head: &[u8]) -> u8 {
    let line = head.split(|b| *b == b'\n').find(|l| !l.trim_ascii().is_empty()).unwrap_or_default();
    let line: String = String::from_utf8_lossy(&line[..line.len().min(4096)]).split_whitespace().collect();
    if line.starts_with('{') && line.contains(MARK) { 98 } else { 0 }
}

/// Reads the lines.
pub fn read(input: &mut Input, out: &mut dyn Sink) -> Result<()> {
    let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
    let (bytes, more) = input.whole(MOST).map_err(failed)?;
    if let Some(damage) = input.damage() {
        out.skip(damage.clone());
    }
    let skip = |reason: &str, first: u64, line: u64, count: u64| Skip { reason: reason.into(), count, first, line };
    if more {
        out.skip(skip("longer than is read: split it", MOST, 0, 1));
    }
    let (mut start, mut n, mut rows) = (0u64, 0u64, 0u64);
    let mut bad: Option<Skip> = None;
    let mut over = 0;
    for text in bytes.split_inclusive(|b| *b == b'\n') {
        let place = Span { start, len: text.trim_ascii_end().len() as u64, line: n + 1 };
        (start, n) = (start + text.len() as u64, n + 1);
        if text.trim_ascii().is_empty() {
            continue;
        }
        let line = serde_json::from_slice::<Line>(text).ok().filter(|l| l.vigie == "probe");
        let Some(Line { at, step, .. }) = line else {
            bad.get_or_insert_with(|| skip("a line that no probe wrote", place.start, place.line, 0)).count += 1;
            continue;
        };
        if rows == ROWS {
            over += 1;
            continue;
        }
        rows += 1;
        let mut spans = SpanSet::new();
        spans.push(place);
        out.observation(Observation {
            kind: Step::NAME.into(),
            key: format!("{}|{}|{}", step.site, step.from, step.step),
            first: at,
            last: at,
            count: 1,
            entities: Vec::new(),
            fields: step.fields(),
            spans,
        });
    }
    bad.into_iter().for_each(|s| out.skip(s));
    if over > 0 {
        out.skip(skip("more lines of a probe than are read", 0, 0, over));
    }
    out.progress(input.consumed());
    Ok(())
}
