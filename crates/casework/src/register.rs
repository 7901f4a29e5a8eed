//! What the brief rests on, whatever its chapters: the evidence, what could not be read, what had to be inferred, and
//! what found something.

use model::{Evidence, EvidenceId, Finding, Lines, Note, Severity, Skip, Step, Trace, Unknown, View};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A list of which one thing at a time is made.
struct Each<I>(I);

impl<I: Clone + Iterator<Item = Value>> Serialize for Each<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.clone())
    }
}

/// The register.
#[derive(Debug)]
pub struct Register {
    /// The evidence.
    pub evidence: Vec<Evidence>,
    /// Evidence whose lines may be printed.
    pub printable: BTreeSet<EvidenceId>,
    /// What could not be read.
    pub skips: Vec<(EvidenceId, Skip)>,
    /// What became of the lines of logs, by what lies inside what.
    pub lines: Vec<(EvidenceId, Vec<Step>, Lines)>,
    /// What had to be stated.
    pub notes: Vec<(EvidenceId, Note)>,
    /// How many things somebody keeps back.
    pub withheld: u64,
    /// Findings per detector with the gravest severity.
    pub detectors: BTreeMap<String, (u64, Severity)>,
}

impl Register {
    /// Of a case, with the kinds of evidence whose lines may be printed; findings are counted as they come.
    pub fn read(view: &dyn View, printed: &[&str]) -> model::Result<Register> {
        let evidence = view.evidence()?;
        let printed = evidence.iter().filter(|e| e.kind.as_deref().is_some_and(|k| printed.contains(&k)));
        let printable = printed.map(|e| e.id).collect();
        let (skips, lines, notes) = (view.skips()?, view.lines()?, view.notes()?);
        let withheld = view.withheld();
        Ok(Register { withheld, printable, skips, lines, notes, detectors: BTreeMap::new(), evidence })
    }

    /// Counts a finding.
    pub fn count(&mut self, finding: &Finding) {
        match self.detectors.get_mut(&*finding.detector) {
            Some(seen) => *seen = (seen.0 + 1, seen.1.max(finding.severity)),
            None => _ = self.detectors.insert(finding.detector.to_string(), (1, finding.severity)),
        }
    }

    /// Evidence of which nothing was read: nobody knew what it is, or its reading failed.
    pub fn unread(&self) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().filter(|e| e.kind.is_none() && e.forgotten.is_none())
    }

    /// Whether anything was read at all: of logs, whether any line was understood.
    pub fn anything_read(&self) -> bool {
        self.evidence.iter().filter(|e| e.kind.is_some()).any(|e| {
            let mut lines = self.lines_of(e.id).peekable();
            lines.peek().is_none() || lines.any(|l| l.understood() > 0 || l.read == 0)
        })
    }

    /// What became of the lines in a piece of evidence.
    pub fn lines_of(&self, id: EvidenceId) -> impl Iterator<Item = &Lines> {
        self.lines.iter().filter(move |(of, ..)| *of == id).map(|(.., lines)| lines)
    }

    /// Whether the lines of a trace may be printed.
    pub fn prints(&self, trace: &Trace) -> bool {
        self.printable.contains(&trace.evidence)
    }

    /// Its entries of `brief.json`. Made one by one as they are written: a case may have a hundred thousand files.
    pub fn tell<M: SerializeMap>(&self, to: &mut M) -> Result<(), M::Error> {
        let detectors = self.detectors.iter();
        let detectors = detectors.map(|(id, (n, worst))| json!({ "detector": id, "findings": n, "gravest": worst }));
        let skips = self.skips.iter().map(|(id, skip)| json!({ "evidence": id, "skip": skip }));
        let lines = self.lines.iter().map(|(id, steps, lines)| self.lines_json(*id, steps, lines));
        let notes = self.notes.iter().map(|(id, note)| json!({ "evidence": id, "text": note.text }));
        to.serialize_entry("detectors", &Each(detectors))?;
        to.serialize_entry("evidence", &self.evidence)?;
        to.serialize_entry("skipped", &Each(skips))?;
        to.serialize_entry("lines", &Each(lines))?;
        to.serialize_entry("notes", &Each(notes))?;
        to.serialize_entry("withheld", &self.withheld)
    }

    /// Examples are told only where lines may be printed.
    fn lines_json(&self, id: EvidenceId, steps: &[Step], lines: &Lines) -> Value {
        let printable = self.printable.contains(&id);
        let shape = |u: &Unknown| {
            let mut told = json!({ "shape": u.shape, "count": u.count, "refusals": u.refusals, "line": u.line });
            if printable {
                told["example"] = u.example.clone().into();
            }
            told
        };
        let shapes: Vec<Value> = lines.gravest().into_iter().map(shape).collect();
        json!({ "evidence": id, "inside": steps.iter().map(Step::label).collect::<Vec<_>>(), "read": lines.read,
            "ordinary": lines.ordinary, "kept": lines.kept, "not_understood": lines.not_understood,
            "refusals": lines.refusals, "shapes": shapes })
    }
}
