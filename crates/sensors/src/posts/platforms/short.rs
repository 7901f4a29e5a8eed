//! A map of short links as evidence: a table of two columns, `short` and `long`. Nobody follows a link; somebody did, and
//! wrote down where it led.
//!
//! You may rely on: a few thousand pairs are one observation; both sides are in [`shares::url`]'s spelling; chains are
//! followed, circles are not; of two answers to one link the first in the case's order holds. A map may be named in the
//! configuration instead (`[posts] shortened`): then links are what they lead to from the reading on. Left out: maps
//! without a header.

use crate::input::Input;
use crate::posts::damage::{Damage, NO_LINK, RAGGED};
use crate::posts::settings::Settings;
use crate::posts::shares::{self, Chunks, records};
use model::{Config, Observation, Result, Sink, Span, SpanSet, Time, View};
use rows::Row;
use rows::posts::ShortLinks;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Pairs of one observation.
const PAIRS: usize = 4096;
/// Links of a chain that are followed.
const CHAIN: usize = 8;
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
pub fn read(input: &mut Input, separator: u8, out: &mut dyn Sink) -> Result<()> {
    let mut damage = Damage::default();
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
    damage.into_skips().chain(input.damage().cloned()).for_each(|skip| out.skip(skip));
    Ok(())
}

fn observation(pairs: Vec<[String; 2]>, spans: SpanSet) -> Observation {
    let count = pairs.len() as u64;
    Observation {
        kind: ShortLinks::NAME.into(),
        key: String::new(),
        first: Time::default(),
        last: Time::default(),
        count,
        entities: Vec::new(),
        fields: ShortLinks { pairs }.fields(),
        spans,
    }
}

/// Where a case's short links lead.
#[derive(Debug, Default)]
pub struct Short(HashMap<String, String>);

/// The pairs of a map as a user keeps it; none where it is no map.
pub fn pairs(text: &str) -> Vec<[String; 2]> {
    let bytes = text.trim_start_matches('\u{feff}').as_bytes();
    let (Some(separator), mut all) = (sniff(bytes), Vec::new()) else { return Vec::new() };
    records(bytes, separator, |_, _, _, cells| {
        let cell = |n: usize| cells.get(n).and_then(|c| shares::url(&String::from_utf8_lossy(c)));
        all.extend(cell(0).zip(cell(1)).map(|(short, long)| [short, long]));
    });
    all
}

impl Short {
    /// What a configuration tells.
    pub fn told(config: &Config) -> Result<Short> {
        let mut all = HashMap::new();
        for [short, long] in config.settings::<Settings>()?.expanded {
            if let Some((short, long)) = shares::url(&short).zip(shares::url(&long)) {
                all.entry(short).or_insert(long);
            }
        }
        Ok(Short(all))
    }

    /// A link as a post has it, in place of which stands what it leads to.
    pub fn follow(&self, link: &mut String) {
        if self.0.is_empty() {
            return;
        }
        if let Some(long) = shares::url(link).filter(|short| self.0.contains_key(short)).map(|short| self.long(short)) {
            *link = long;
        }
    }

    /// All maps of the case.
    pub fn load(case: &dyn View) -> Result<Short> {
        let mut all = HashMap::new();
        case.observations(ShortLinks::NAME, &mut |visit| {
            for [short, long] in ShortLinks::of(&visit.observation.fields)?.pairs {
                all.entry(short).or_insert(long);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Short(all))
    }

    /// What a link (normalised) leads to in the end; itself where nobody says.
    pub fn long(&self, mut link: String) -> String {
        for _ in 0..CHAIN {
            match self.0.get(&link) {
                Some(long) if *long != link => link = long.clone(),
                _ => break,
            }
        }
        link
    }
}
