//! Names met in evidence of other kinds (a log's referers, a message's links, an account's profile), for sensors that
//! come after this one. A sensor makes one [`Met`] for each piece of evidence, shows it every name as it passes, and
//! lets it write at the end:
//!
//! ```ignore
//! let setup = names::setup::setup(context)?;
//! let mut met = Met::new(&setup);
//! met.name(b"mail-example.org", Via::Link, Some(time), None, place, out);
//! met.finish(out);
//! ```
//!
//! What resembles something protected becomes `names/lookalike`, what somebody holds to be bad `names/sighting`; both
//! are judged with all other names of the case by the detectors of `names`. Ordinary names leave no trace.
//!
//! You may rely on: a name that was met before costs one look-up; memory is bounded. Left out: names without a dot.

use super::kernel::Scratch;
use super::rows::{Hit, Rows};
use super::setup::Setup;
use crate::domain::Parts;
use model::{Address, Sink, Span, Time};
pub use rows::names::Via;
use std::collections::HashMap;

/// Distinct names remembered; beyond, memory is cleared.
const NAMES: usize = 100_000;

impl Setup {
    /// Whether a name is worth keeping: its score as a look-alike (0 for none) and whether it is held to be bad.
    pub fn of_note(&self, name: &[u8], scratch: &mut Scratch) -> Option<(u8, bool)> {
        let judgement = self.judge.try_judge(name, scratch).ok()?;
        let known = !self.known.is_empty() && self.known.of(scratch.parts()).is_some();
        (judgement.is_some() || known).then(|| (judgement.map_or(0, |j| j.score), known))
    }
}

/// Which names are of note, each judged once. For readers that look at blocks in parallel: a screen each, and one
/// [`Met`] where the blocks are put together.
pub struct Screen<'s> {
    setup: &'s Setup,
    scratch: Scratch,
    seen: HashMap<Box<[u8]>, Option<(u8, bool)>, foldhash::fast::RandomState>,
}

impl<'s> Screen<'s> {
    /// One that has seen nothing.
    pub fn new(setup: &'s Setup) -> Screen<'s> {
        Screen { setup, scratch: Scratch::default(), seen: HashMap::default() }
    }

    /// Whether a name is of note: score and whether it is held to be bad.
    pub fn of_note(&mut self, name: &[u8]) -> Option<(u8, bool)> {
        if let Some(&known) = self.seen.get(name) {
            return known;
        }
        if !name.contains(&b'.') {
            return None;
        }
        let note = self.setup.of_note(name, &mut self.scratch);
        if self.seen.len() >= NAMES {
            self.seen.clear();
        }
        self.seen.insert(name.into(), note);
        note
    }
}

/// Names met in one piece of evidence.
pub struct Met<'s> {
    screen: Screen<'s>,
    rows: Rows<'s>,
}

impl<'s> Met<'s> {
    /// None yet.
    pub fn new(setup: &'s Setup) -> Met<'s> {
        Met { screen: Screen::new(setup), rows: Rows::new(setup) }
    }

    /// A name was met at this place, brought by this address (a visitor, a sender) where one is known.
    pub fn name(
        &mut self,
        name: &[u8],
        via: Via,
        time: Option<Time>,
        by: Option<Address>,
        place: Span,
        out: &mut dyn Sink,
    ) {
        self.page(name, None, via, (time, by), place, out);
    }

    /// A name was met as part of this address, at this time, brought by this visitor.
    pub fn page(
        &mut self,
        name: &[u8],
        page: Option<&[u8]>,
        via: Via,
        (time, by): (Option<Time>, Option<Address>),
        place: Span,
        out: &mut dyn Sink,
    ) {
        let Some((score, known)) = self.screen.of_note(name) else { return };
        // Only names of note come here: taking one apart again costs nothing that matters.
        let mut parts = Parts::default();
        if parts.set(name).is_err() {
            return;
        }
        let (name, domain) = (parts.text().to_string(), parts.domain().to_string());
        let page = page.map(|p| String::from_utf8_lossy(p).into_owned());
        let (client, met, records) = (None, Some((via, by)), Vec::new());
        let hit = Hit { name, domain, score, known, time, client, met, page, records, place };
        self.rows.add(hit, out);
    }

    /// Writes what was met.
    pub fn finish(mut self, out: &mut dyn Sink) {
        self.rows.write(out);
    }
}
