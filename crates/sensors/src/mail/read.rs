//! Bytes → observations of mail. Messages are judged in parallel by batch and written in order; those within others
//! are messages of their own, within one bound of work for the outermost.
//!
//! You may rely on: memory does not grow with the evidence (one batch, two samples for the profile), and no message
//! costs more than [`WORK`] bytes looked at.

use super::content::Analyser;
use super::message::{Message, Role};
use super::observe::{self, Place};
use super::recognise::{self, Form};
use super::split::{MESSAGE, Raw, Splitter};
use super::{NAME_TALLY, PAIR_TALLY, outlook, parse, report};
use crate::input::Input;
use model::{BottomK, Context, Error, Observation, Result, Sink, Skip, Span, Tally};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Bytes of messages judged at once.
const BATCH: usize = 4 << 20;
/// Messages judged at once.
const MANY: usize = 512;
/// Levels of messages within each other that are judged.
const LEVELS: usize = 16;
/// Messages within one that are judged, at most.
const WITHIN: usize = 200;
/// Bytes looked at for one message and all within it.
const WORK: usize = 96 << 20;
/// Pairs and names of the profile kept of one piece of evidence.
const PROFILE: usize = 50_000;

/// What one message and those within it came to.
#[derive(Default)]
struct Came {
    rows: Vec<Observation>,
    pairs: Vec<String>,
    names: Vec<String>,
    skips: Vec<Skip>,
    /// Bytes that may still be looked at.
    work: usize,
    /// Messages that may still be judged.
    left: usize,
}

/// Reads one piece of evidence.
pub fn read(input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let analyser = Analyser::new(context)?;
    let mut all = All::default();
    match recognise::form(input.head()).map(|(form, _)| form) {
        Some(Form::Report) => {
            let (bytes, cut) = whole(input)?;
            match report::read(&bytes).filter(|_| !cut) {
                Some(rows) => {
                    let len = bytes.len() as u64;
                    for mut row in rows.rows {
                        row.spans.push(Span { start: 0, len, line: 0 });
                        out.observation(row);
                    }
                    rows.skips.into_iter().for_each(|s| all.skip(s, 0, 0));
                }
                None => all.skip(skip("report that cannot be read"), 0, 0),
            }
        }
        Some(Form::Store) => all.skip(skip("Outlook store (.pst): not read yet"), 0, 0),
        Some(Form::Outlook) => {
            let (bytes, cut) = whole(input)?;
            let raw = Raw { len: bytes.len() as u64, ..Raw::default() };
            let mut came = Came { work: WORK, left: WITHIN, ..Came::default() };
            if cut {
                came.skips.push(skip("Outlook item longer than is read"));
            }
            if let Some(written) = outlook::message(&bytes, &mut came.skips) {
                let span = Some(Span { start: 0, len: raw.len, line: 0 });
                came.message(&analyser, &written, false, Place { span, ..Place::default() });
            }
            all.fold(&raw, came, out);
        }
        _ => messages(input, &analyser, &mut all, out)?,
    }
    if let Some(damage) = input.damage() {
        out.skip(damage.clone());
    }
    all.finish(out);
    Ok(())
}

fn skip(reason: &str) -> Skip {
    Skip { reason: reason.into(), count: 1, first: 0, line: 0 }
}

/// A file as a whole, and whether it is longer than is read.
fn whole(input: &mut Input) -> Result<(Vec<u8>, bool)> {
    let mut bytes = vec![0; 64 << 10];
    let mut filled = 0;
    loop {
        let read = input.fill(&mut bytes[filled..]);
        filled += read.map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
        if filled < bytes.len() || filled > 2 * MESSAGE {
            bytes.truncate(filled);
            return Ok((bytes, filled > 2 * MESSAGE));
        }
        bytes.resize(2 * filled, 0);
    }
}

fn messages(input: &mut Input, analyser: &Analyser, all: &mut All, out: &mut dyn Sink) -> Result<()> {
    let mut splitter = Splitter::new(input);
    loop {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH && batch.len() < MANY {
            let Some(raw) = splitter.next()? else { break };
            bytes += raw.bytes.len();
            batch.push(raw);
        }
        let came: Vec<Came> = match &batch[..] {
            [] => return Ok(()),
            [one] => vec![judge(one, analyser)],
            many => many.par_iter().map(|raw| judge(raw, analyser)).collect(),
        };
        for (raw, came) in batch.iter().zip(came) {
            all.fold(raw, came, out);
        }
        out.progress(splitter.consumed());
    }
}

/// Judges one message and all within it.
fn judge(raw: &Raw, analyser: &Analyser) -> Came {
    let mut came = Came { work: WORK, left: WITHIN, ..Came::default() };
    if raw.dropped > 0 {
        let reason = "message longer than is read: encoded lines left out";
        came.skips.push(Skip { reason: reason.into(), count: 1, first: 0, line: 0 });
    }
    let place = Place { span: Some(Span { start: raw.start, len: raw.len, line: raw.line }), ..Place::default() };
    came.message(analyser, &raw.bytes, raw.dropped == 0, place);
    came
}

impl Came {
    fn message(&mut self, analyser: &Analyser, bytes: &[u8], whole: bool, place: Place) {
        if place.within.len() > LEVELS || self.left == 0 || self.work < bytes.len() {
            return self.skips.push(skip("more messages within each other than are read"));
        }
        self.work -= bytes.len();
        self.left -= 1;
        let message = parse::parse(bytes, whole);
        self.work -= message.parts.iter().map(|p| p.bytes.len()).sum::<usize>().min(self.work);
        let key = observe::key(bytes);
        let mut row = observe::observation(&message, &key, &place);
        let content = analyser.look(&message);
        self.skips.extend(content.skips.iter().cloned());
        content.fields(&mut row.fields);
        observe::profile(&message, |pair| self.pairs.push(pair), |name| self.names.push(name));
        self.skips.extend(message.damage.iter().cloned());
        let reports = report::of_message(&message);
        self.skips.extend(reports.skips);
        self.rows.push(row);
        for mut row in reports.rows {
            place.span.into_iter().for_each(|s| row.spans.push(s));
            row.fields.insert("message".into(), key.clone().into());
            self.rows.push(row);
        }
        self.within(analyser, &message, &key, &place);
    }

    /// The messages within a message.
    fn within(&mut self, analyser: &Analyser, message: &Message, key: &str, place: &Place) {
        for part in message.of(Role::Message) {
            let mut within = place.within.clone();
            within.push(part.number);
            let place = Place {
                span: place.span,
                within,
                forwarded_by: message.author().map(|m| observe::text(&m.address)).or(Some(String::new())),
                container: Some(key.to_string()),
            };
            self.message(analyser, &part.bytes, message.whole && !part.cut, place);
        }
    }
}

/// FNV-1a with a last mix: which keys a sample keeps depends on it, so it must never change.
fn hash(key: &[u8]) -> u64 {
    let h = key.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What was read of a piece of evidence so far.
struct All {
    pairs: BottomK,
    names: BottomK,
    skips: BTreeMap<String, Skip>,
}

impl Default for All {
    fn default() -> All {
        All { pairs: BottomK::new(PROFILE), names: BottomK::new(PROFILE), skips: BTreeMap::new() }
    }
}

impl All {
    fn fold(&mut self, raw: &Raw, came: Came, out: &mut dyn Sink) {
        came.rows.into_iter().for_each(|row| out.observation(row));
        for (sample, keys) in [(&mut self.pairs, came.pairs), (&mut self.names, came.names)] {
            for key in keys {
                sample.add(hash(key.as_bytes()), || key, &[1]);
            }
        }
        came.skips.into_iter().for_each(|s| self.skip(s, raw.start, raw.line));
    }

    /// Counts damage; its first place is that of its message.
    fn skip(&mut self, skip: Skip, first: u64, line: u64) {
        let known = self.skips.entry(skip.reason.clone()).or_insert(Skip { count: 0, first, line, ..skip.clone() });
        known.count += skip.count;
    }

    fn finish(self, out: &mut dyn Sink) {
        for (kind, sample) in [(PAIR_TALLY, self.pairs), (NAME_TALLY, self.names)] {
            for (key, counts) in sample.rows() {
                out.tally(Tally { kind: kind.into(), key, counts });
            }
        }
        self.skips.into_values().for_each(|s| out.skip(s));
    }
}
