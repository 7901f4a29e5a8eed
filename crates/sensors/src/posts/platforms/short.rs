//! A map of short links as evidence: a table of two columns, `short` and `long`. Nobody follows a link; somebody did, and
//! wrote down where it led.
//!
//! You may rely on: a few thousand pairs are one observation; both sides are in [`shares::url`]'s spelling. Left out:
//! chains (the case's table follows them), maps without a header.

use super::damage::{Damage, NO_LINK, RAGGED};
use crate::input::Input;
use crate::posts::shares::{self, Chunks, records};
use model::{Fields, Observation, Result, Sink, Span, SpanSet, Time};
use serde_json::Value;

/// Pairs of one observation.
const PAIRS: usize = 4096;
/// What the columns may be called.
const NAMES: [[&str; 4]; 2] =
    [["short", "short_url", "shortened", "shortened_url"], ["long", "long_url", "expanded", "expanded_url"]];

/// The separator, if this is such a map.
pub fn sniff(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    [b',', b';', b'\t'].into_iter().find(|separator| {
        let header = shares::cells(head, *separator);
        header.len() == 2
            && header.iter().zip(NAMES).all(|(cell, names)| names.contains(&cell.trim().to_lowercase().as_str()))
    })
}

/// Reads a map.
pub fn read(input: &mut Input, separator: u8, damage: &mut Damage, out: &mut dyn Sink) -> Result<()> {
    let mut chunks = Chunks::new(input, Some(separator));
    let (mut pairs, mut spans, mut line, mut header) = (Vec::new(), SpanSet::new(), 1, true);
    while let Some(chunk) = chunks.next()? {
        line += records(&chunk.bytes, separator, |start, len, at, cells| {
            if std::mem::take(&mut header) {
                return;
            }
            let place = Span { start: chunk.start + start as u64, len: len as u64 - 1, line: line + at };
            let cell = |n: usize| cells.get(n).and_then(|c| shares::url(&String::from_utf8_lossy(c)));
            match (cells.len(), cell(0), cell(1)) {
                (2, Some(short), Some(long)) => {
                    pairs.push([short, long]);
                    spans.push(place);
                    if pairs.len() == PAIRS {
                        out.observation(observation(std::mem::take(&mut pairs), std::mem::take(&mut spans)));
                    }
                }
                (2, ..) => damage.count(NO_LINK, place),
                _ => damage.count(RAGGED, place),
            }
        });
    }
    if !pairs.is_empty() {
        out.observation(observation(pairs, spans));
    }
    Ok(())
}

fn observation(pairs: Vec<[String; 2]>, spans: SpanSet) -> Observation {
    let count = pairs.len() as u64;
    let mut fields = Fields::new();
    fields.insert("pairs".into(), pairs.into_iter().map(|p| Value::from(p.to_vec())).collect());
    Observation {
        kind: crate::posts::SHORT.into(),
        key: String::new(),
        first: Time::default(),
        last: Time::default(),
        count,
        entities: Vec::new(),
        fields,
        spans,
    }
}
