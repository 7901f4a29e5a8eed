//! A case in memory, for tests: a [`Sink`] that readers write into and a [`View`] that detectors look at.
//!
//! You may rely on: it keeps the documented order (key, first, last, evidence, place) whatever the order of writing,
//! so that a test which passes here passes on the store. Left out: anything on disk, forgetting, several findings runs.

use crate::{Detector, Sensor, input::Input};
use model::{
    Budget, Config, Context, Evidence, EvidenceId, Finding, Note, Observation, Result, Sink, Skip, Step, Tally, Time,
    View, Visit,
};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;

/// Everything that readers and detectors said.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The register.
    pub evidence: Vec<Evidence>,
    /// Observations, in the order they were written.
    pub observations: Vec<Visit>,
    /// Merged tallies by kind and key.
    pub tallies: BTreeMap<(String, String), Vec<u64>>,
    /// What could not be read.
    pub skips: Vec<(EvidenceId, Skip)>,
    /// What was stated.
    pub notes: Vec<(EvidenceId, Note)>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The evidence being read, and the steps inside it.
    current: Option<(EvidenceId, Vec<Step>)>,
}

/// A configuration from TOML text; a test that cannot parse its own is wrong.
pub fn config(toml: &str) -> Config {
    toml::from_str(toml).expect("the test's configuration is TOML")
}

impl Memory {
    /// Nothing yet.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Reads one more piece of evidence with `sensor`. Its id is made of its place in the register.
    pub fn read(&mut self, sensor: &dyn Sensor, path: &str, bytes: &[u8], config: &Config, at: Time) -> &mut Memory {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(self.evidence.len() as u64 + 1).to_be_bytes());
        let id = EvidenceId(id);
        self.evidence.push(Evidence {
            id,
            path: path.into(),
            size: bytes.len() as u64,
            modified: None,
            added: at,
            by: "test".into(),
            kind: Some(sensor.name().into()),
            forgotten: None,
        });
        let mut input =
            Input::open(Box::new(Cursor::new(bytes.to_vec())), Budget::default()).expect("memory never fails to read");
        self.current = Some((id, input.steps().to_vec()));
        let context = Context { config, origins: &crate::origin::Origin::default(), at, modified: None };
        sensor.read(&mut input, &context, self).expect("evidence never makes a reader fail");
        self.current = None;
        self
    }

    /// The findings of one detector, which are also kept here.
    pub fn detect(&mut self, detector: &dyn Detector, config: &Config, at: Time) -> Vec<Finding> {
        let mut found = Vec::new();
        let context = Context { config, origins: &crate::origin::Origin::default(), at, modified: None };
        detector
            .detect(self, &context, &mut |f| {
                found.push(f);
                Ok(())
            })
            .expect("a detector fails on wrong configuration only");
        self.findings.extend(found.iter().cloned());
        found
    }

    /// The events that observations of `kind` stand for.
    pub fn count(&self, kind: &str, keep: impl Fn(&Observation) -> bool) -> u64 {
        let all = self.observations.iter().map(|v| &v.observation);
        all.filter(|o| o.kind == kind && keep(o)).map(|o| o.count).sum()
    }

    fn id(&self) -> EvidenceId {
        self.current.as_ref().map_or(EvidenceId([0; 32]), |(id, _)| *id)
    }
}

impl Sink for Memory {
    fn observation(&mut self, observation: Observation) {
        let steps = self.current.as_ref().map_or(Vec::new(), |(_, steps)| steps.clone());
        self.observations.push(Visit { evidence: self.id(), steps, observation });
    }
    fn tally(&mut self, tally: Tally) {
        Tally::merge(self.tallies.entry((tally.kind, tally.key)).or_default(), &tally.counts);
    }
    fn skip(&mut self, skip: Skip) {
        self.skips.push((self.id(), skip));
    }
    fn note(&mut self, note: Note) {
        self.notes.push((self.id(), note));
    }
    fn inside(&mut self, steps: &[Step], _sensor: Option<&str>) {
        self.current = Some((self.id(), steps.to_vec()));
    }
}

impl View for Memory {
    fn evidence(&self) -> Result<Vec<Evidence>> {
        let mut all = self.evidence.clone();
        all.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
        Ok(all)
    }
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        Ok(self.skips.clone())
    }
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        Ok(self.notes.clone())
    }
    fn observations(&self, kind: &str, each: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()> {
        let place = |v: &Visit| v.observation.spans.iter().next().map(|s| s.start);
        let mut all: Vec<&Visit> = self.observations.iter().filter(|v| v.observation.kind == kind).collect();
        all.sort_by(|a, b| {
            let order = |v: &Visit| (v.observation.first, v.observation.last, v.evidence, place(v));
            a.observation.key.cmp(&b.observation.key).then_with(|| order(a).cmp(&order(b)))
        });
        for visit in all {
            if each(visit.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    }
    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()> {
        for ((_, key), counts) in self.tallies.iter().filter(|((k, _), _)| k == kind) {
            if each(key, counts)?.is_break() {
                break;
            }
        }
        Ok(())
    }
    fn tally(&self, kind: &str, key: &str) -> Result<Option<Vec<u64>>> {
        Ok(self.tallies.get(&(kind.to_string(), key.to_string())).cloned())
    }
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        let mut all = self.findings.clone();
        let order = |f: &Finding| (f.severity, f.confidence);
        all.sort_by(|a, b| order(b).cmp(&order(a)).then_with(|| (a.first, &a.key).cmp(&(b.first, &b.key))));
        for finding in all {
            if each(finding)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
