//! How the rooms meet: what a reader is given ([`Context`], [`Budget`]), where it writes ([`Sink`]), and through what
//! detectors and casework see a case ([`View`]).

use crate::{
    Address, Config, Error, Evidence, EvidenceId, Finding, Lines, Listener, Observation, Result, Severity, Shared,
    Skip, Step, Tally, Text, Time, Trace,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Where addresses are registered; offline.
pub trait Origins: Sync {
    /// ISO 3166 alpha-2 code of the country, or why there is none (`private`, `reserved`, …), or `unknown`.
    fn country(&self, address: Address) -> String;
    /// The country, and the part of it where data for that was given: `FR-IDF` (ISO 3166-2).
    fn region(&self, address: Address) -> String {
        self.country(address)
    }
    /// The autonomous system: number and name, where data for it was given.
    fn network(&self, address: Address) -> Option<(u32, String)>;
    /// Which data this rests on, and of what date; it stands beside every figure by country.
    fn source(&self) -> Text;
}

/// What a reader or detector may know besides the evidence.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The case's configuration.
    pub config: &'a Config,
    /// Where addresses come from.
    pub origins: &'a dyn Origins,
    /// Now, as the program says (`--at`); nobody else reads the clock.
    pub at: Time,
    /// When the evidence was last modified, where known: anchors stamps that have no year.
    pub modified: Option<Time>,
}

/// Bounds on everything nested or expanded. One budget is threaded through a piece of evidence and all within it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Budget {
    /// Bytes that all layers of compression and all archives together may give out.
    pub bytes: u64,
    /// Members of archives that may be opened.
    pub items: u64,
    /// Levels of compression and archives that may be entered.
    pub depth: u32,
    /// Bytes that all layers together give out per byte of evidence above which, past the first 256 MiB, it is held to
    /// be a bomb.
    pub ratio: u64,
    /// Seconds a worker may take for one piece of evidence; beyond, it is killed and the evidence is skipped.
    pub seconds: u64,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { bytes: 1 << 40, items: 1_000_000, depth: 16, ratio: 400, seconds: 3600 }
    }
}

/// Something a reader must state: an inference (a missing year), a sample that stands for the whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Note {
    /// In words.
    pub text: Text,
}

/// Where a reader writes.
pub trait Sink {
    /// Something happened.
    fn observation(&mut self, observation: Observation);
    /// Something ordinary was counted.
    fn tally(&mut self, tally: Tally);
    /// Something could not be read.
    fn skip(&mut self, skip: Skip);
    /// Something must be stated.
    fn note(&mut self, note: Note);
    /// What became of the lines of what was read, once it was; readers of lines say it always.
    fn lines(&mut self, _lines: Lines) {}
    /// What follows lies behind these steps, until this is said again; and which sensor reads it, if any.
    fn inside(&mut self, _steps: &[Step], _sensor: Option<&str>) {}
    /// How far the reader is, in bytes of evidence as stored, for the progress bar.
    fn progress(&mut self, _consumed: u64) {}
    /// Who wants to be shown every event; readers of logs ask once for each piece of evidence.
    fn listener(&self) -> Option<Arc<dyn Listener>> {
        None
    }
}

/// An observation with the evidence it came from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visit {
    /// Which evidence.
    pub evidence: EvidenceId,
    /// The steps inside it.
    pub steps: Vec<Step>,
    /// What happened.
    pub observation: Observation,
}

impl Visit {
    /// The trace of this observation.
    pub fn trace(&self) -> Trace {
        Trace { evidence: self.evidence, steps: self.steps.clone(), spans: self.observation.spans.clone() }
    }
}

/// A finding as whoever only counts looks at it.
pub struct Glance<'f> {
    /// Which detector found it.
    pub detector: &'f str,
    /// How grave.
    pub severity: Severity,
    /// When it began.
    pub first: Option<Time>,
    /// Its fields.
    pub fields: &'f RawValue,
}

/// Refuses a detector that looks at a kind which is not among its inputs: it would not run again when that changed.
pub fn declared(inputs: &[&str], kind: &str) -> Result<()> {
    if inputs.contains(&kind) {
        return Ok(());
    }
    Err(Error::new(format!("a detector looks at `{kind}`, which is not among its inputs"))
        .hint("this is a mistake in Vigie; please report it"))
}

/// A case as detectors and casework see it: read-only, always in the same order whatever the order of `add`.
pub trait View {
    /// The register, by path and hash.
    fn evidence(&self) -> Result<Vec<Evidence>>;
    /// What could not be read, per evidence.
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>>;
    /// What readers had to state, per evidence.
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>>;
    /// What became of the lines of logs, per evidence and steps inside it, in the order of the register.
    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Step>, Lines)>>;
    /// Visits the observations of a kind in order of key, first, last, evidence and place; breaks when told to.
    fn observations(&self, kind: &str, each: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()>;
    /// Visits the merged tallies of a kind in order of key.
    #[allow(clippy::type_complexity, reason = "one visitor; an alias would hide its two borrowed arguments")]
    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()>;
    /// The merged tally of one key.
    fn tally(&self, kind: &str, key: &str) -> Result<Option<Vec<u64>>>;
    /// Visits findings: what possibly succeeded first, then most severe, then most confident, then in time.
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()>;
    /// Visits the findings that [`View::findings`] visits, in no order: a large case's lie on disk in another.
    fn findings_as_they_lie(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        self.findings(each)
    }
    /// Glances at the findings that [`View::findings`] visits, in no order: of a flood's, little but their fields is read.
    fn glances(&self, each: &mut dyn FnMut(Glance) -> Result<()>) -> Result<()> {
        self.findings(&mut |f| {
            let fields = serde_json::value::to_raw_value(&f.fields);
            let fields = fields.map_err(|e| Error::new("could not write the fields of a finding").because(e))?;
            each(Glance { detector: &f.detector, severity: f.severity, first: f.first, fields: &fields })?;
            Ok(ControlFlow::Continue(()))
        })
    }
    /// What the detectors that look at this evidence in turn share; none where each is on its own.
    fn shared(&self) -> Option<&Shared> {
        None
    }
    /// How many things somebody keeps back, of which nothing is seen here.
    fn withheld(&self) -> u64 {
        0
    }
}
