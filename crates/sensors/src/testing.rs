//! A case in memory, for tests: a [`Sink`] that readers write into and a [`View`] that detectors look at.
//!
//! You may rely on: it keeps the documented orders whatever the order of writing, and a detector sees through it what it
//! sees of a case and no more (the kinds among its inputs, the evidence that yields them, what earlier detectors of its
//! kind found; one piece of evidence, if it is local), so that a test which passes here passes on the store. Left out:
//! anything on disk, forgetting, several runs.

use crate::{Detector, SENSORS, Scope, Sensor, input::Input};
use model::{
    Budget, Config, Context, Evidence, EvidenceId, Finding, Lines, Note, Observation, Result, Sink, Skip, SpanSet,
    Step, Tally, Time, View, Visit, Withheld, declared,
};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The same for each piece of evidence, by kind, key and evidence.
    tallied: BTreeMap<(String, String, EvidenceId), Vec<u64>>,
    /// What could not be read.
    pub skips: Vec<(EvidenceId, Skip)>,
    /// What was stated.
    pub notes: Vec<(EvidenceId, Note)>,
    /// What became of lines.
    pub lines: Vec<(EvidenceId, Vec<Step>, Lines)>,
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
        self.register(Some(sensor.name()), path, bytes, at);
        let id = self.evidence.last().expect("it was registered").id;
        let mut input =
            Input::open(Box::new(Cursor::new(bytes.to_vec())), Budget::default()).expect("memory never fails to read");
        self.current = Some((id, input.steps().to_vec()));
        let context = Context { config, origins: &crate::origin::Origin::default(), at, modified: None };
        crate::sigma::heard(sensor, &mut input, &context, self).expect("evidence never makes a reader fail");
        self.current = None;
        self
    }

    /// Reads one more piece of evidence and all that lies in it, each by the sensor that is surest of it.
    pub fn read_all(&mut self, path: &str, bytes: &[u8], config: &Config, at: Time) -> &mut Memory {
        self.register(None, path, bytes, at);
        let id = self.evidence.last().expect("it was registered").id;
        let input =
            Input::open(Box::new(Cursor::new(bytes.to_vec())), Budget::default()).expect("memory never fails to read");
        self.current = Some((id, input.steps().to_vec()));
        let context = Context { config, origins: &crate::origin::Origin::default(), at, modified: None };
        crate::read(input, &context, self).expect("evidence never makes a reader fail");
        self.current = None;
        self
    }

    fn register(&mut self, kind: Option<&str>, path: &str, bytes: &[u8], at: Time) {
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
            kind: kind.map(str::to_string),
            forgotten: None,
        });
    }

    /// The findings of one detector, which are also kept here.
    pub fn detect(&mut self, detector: &dyn Detector, config: &Config, at: Time) -> Vec<Finding> {
        let mut found = Vec::new();
        let context = Context { config, origins: &crate::origin::Origin::default(), at, modified: None };
        let inputs = detector.inputs();
        let yields = self.observations.iter().map(|v| (&v.observation.kind, v.evidence));
        let yields = yields.chain(self.tallied.keys().map(|(kind, _, evidence)| (kind, *evidence)));
        let yields: BTreeSet<_> = yields.filter(|(k, _)| inputs.contains(&k.as_str())).map(|(_, e)| e).collect();
        let parts: Vec<BTreeSet<_>> = match detector.scope() {
            Scope::Local => yields.into_iter().map(|e| [e].into()).collect(),
            Scope::Case => vec![yields],
        };
        let kind = SENSORS.iter().find(|s| s.detectors().iter().any(|d| d.id() == detector.id()));
        let earlier = kind.iter().flat_map(|s| s.detectors()).map(|d| d.id()).take_while(|id| *id != detector.id());
        let earlier: Vec<&str> = earlier.collect();
        // What is kept back stays so, as in the store.
        let withheld = crate::withheld(self, config).expect("memory never fails to read");
        for evidence in parts {
            let window = Window {
                case: self,
                limits: Some(Limits { evidence, inputs, earlier: &earlier, withheld: &withheld }),
            };
            detector
                .detect(&window, &context, &mut |f| {
                    found.push(f);
                    Ok(())
                })
                .expect("a detector fails on wrong configuration only");
        }
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
        let of_evidence = (tally.kind.clone(), tally.key.clone(), self.id());
        Tally::merge(self.tallied.entry(of_evidence).or_default(), &tally.counts);
        Tally::merge(self.tallies.entry((tally.kind, tally.key)).or_default(), &tally.counts);
    }
    fn skip(&mut self, skip: Skip) {
        assert!(model::skip::is_known(&skip.reason), "`{}` lacks its line in model/skip/french.tsv", skip.reason);
        self.skips.push((self.id(), skip));
    }
    fn note(&mut self, note: Note) {
        self.notes.push((self.id(), note));
    }
    fn lines(&mut self, lines: Lines) {
        let steps = self.current.as_ref().map_or(Vec::new(), |(_, steps)| steps.clone());
        self.lines.push((self.id(), steps, lines));
    }
    fn inside(&mut self, steps: &[Step], _sensor: Option<&str>) {
        self.current = Some((self.id(), steps.to_vec()));
    }
}

/// What a detector may see, or casework, which is without limits.
struct Window<'m> {
    case: &'m Memory,
    limits: Option<Limits<'m>>,
}

struct Limits<'m> {
    evidence: BTreeSet<EvidenceId>,
    inputs: &'m [&'m str],
    earlier: &'m [&'m str],
    withheld: &'m Withheld,
}

impl Window<'_> {
    fn declared(&self, kind: &str) -> Result<()> {
        self.limits.as_ref().map_or(Ok(()), |l| declared(l.inputs, kind))
    }

    fn sees(&self, evidence: EvidenceId) -> bool {
        self.limits.as_ref().is_none_or(|l| l.evidence.contains(&evidence))
    }

    fn withholds(&self, evidence: EvidenceId, steps: &[Step], spans: &SpanSet) -> bool {
        self.limits.as_ref().is_some_and(|l| l.withheld.holds(self.path(evidence), evidence, steps, spans))
    }

    /// Counts without what is kept back.
    fn left(&self, of: EvidenceId, kind: &str, key: &str, counts: &[u64]) -> Option<Vec<u64>> {
        match &self.limits {
            Some(limits) => limits.withheld.left(self.path(of), of, kind, key, counts.to_vec()),
            None => Some(counts.to_vec()),
        }
    }

    fn path(&self, id: EvidenceId) -> &str {
        self.case.evidence.iter().find(|e| e.id == id).map_or("", |e| &e.path)
    }
}

impl View for Window<'_> {
    fn evidence(&self) -> Result<Vec<Evidence>> {
        let mut all: Vec<Evidence> = self.case.evidence.iter().filter(|e| self.sees(e.id)).cloned().collect();
        all.retain(|e| !self.withholds(e.id, &[], &SpanSet::new()));
        all.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
        Ok(all)
    }
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        let mut all: Vec<_> = self.case.skips.iter().filter(|(e, _)| self.sees(*e)).cloned().collect();
        all.sort_by(|(a, x), (b, y)| (self.path(*a), a, &x.reason).cmp(&(self.path(*b), b, &y.reason)));
        Ok(all)
    }
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        let mut all: Vec<_> = self.case.notes.iter().filter(|(e, _)| self.sees(*e)).cloned().collect();
        all.sort_by(|(a, x), (b, y)| (self.path(*a), a, x).cmp(&(self.path(*b), b, y)));
        Ok(all)
    }
    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Step>, Lines)>> {
        let mut all: Vec<_> = self.case.lines.iter().filter(|(e, ..)| self.sees(*e)).cloned().collect();
        all.sort_by_key(|(id, ..)| (self.path(*id).to_string(), *id));
        Ok(all)
    }
    fn observations(&self, kind: &str, each: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()> {
        self.declared(kind)?;
        let place = |v: &Visit| v.observation.spans.iter().next().map(|s| s.start);
        let seen = |v: &&Visit| {
            v.observation.kind == kind
                && self.sees(v.evidence)
                && !self.withholds(v.evidence, &v.steps, &v.observation.spans)
        };
        let mut all: Vec<&Visit> = self.case.observations.iter().filter(seen).collect();
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
        self.declared(kind)?;
        let mut all: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for ((_, key, of), counts) in self.case.tallied.iter().filter(|((k, _, e), _)| k == kind && self.sees(*e)) {
            if let Some(counts) = self.left(*of, kind, key, counts) {
                Tally::merge(all.entry(key).or_default(), &counts);
            }
        }
        for (key, counts) in all {
            if each(key, &counts)?.is_break() {
                break;
            }
        }
        Ok(())
    }
    fn tally(&self, kind: &str, key: &str) -> Result<Option<Vec<u64>>> {
        self.declared(kind)?;
        let first = (kind.to_string(), key.to_string(), EvidenceId([0; 32]));
        let same = self.case.tallied.range(first..).take_while(|((k, y, _), _)| k == kind && y == key);
        let mut sum: Option<Vec<u64>> = None;
        for ((_, _, of), counts) in same.filter(|((_, _, e), _)| self.sees(*e)) {
            if let Some(counts) = self.left(*of, kind, key, counts) {
                Tally::merge(sum.get_or_insert_default(), &counts);
            }
        }
        Ok(sum)
    }
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        let seen = |f: &&Finding| self.limits.as_ref().is_none_or(|l| l.earlier.contains(&&*f.detector));
        let mut all: Vec<&Finding> = self.case.findings.iter().filter(seen).collect();
        let order = |f: &Finding| (f.first, f.last, f.detector.clone(), f.key.clone());
        all.sort_by(|a, b| b.urgency().cmp(&a.urgency()).then_with(|| order(a).cmp(&order(b))));
        for finding in all {
            if each(finding.clone())?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The whole case, as casework sees it.
impl View for Memory {
    fn evidence(&self) -> Result<Vec<Evidence>> {
        Window { case: self, limits: None }.evidence()
    }
    fn skips(&self) -> Result<Vec<(EvidenceId, Skip)>> {
        Window { case: self, limits: None }.skips()
    }
    fn notes(&self) -> Result<Vec<(EvidenceId, Note)>> {
        Window { case: self, limits: None }.notes()
    }
    fn lines(&self) -> Result<Vec<(EvidenceId, Vec<Step>, Lines)>> {
        Window { case: self, limits: None }.lines()
    }
    fn observations(&self, kind: &str, each: &mut dyn FnMut(Visit) -> Result<ControlFlow<()>>) -> Result<()> {
        Window { case: self, limits: None }.observations(kind, each)
    }
    fn tallies(&self, kind: &str, each: &mut dyn FnMut(&str, &[u64]) -> Result<ControlFlow<()>>) -> Result<()> {
        Window { case: self, limits: None }.tallies(kind, each)
    }
    fn tally(&self, kind: &str, key: &str) -> Result<Option<Vec<u64>>> {
        Window { case: self, limits: None }.tally(kind, key)
    }
    fn findings(&self, each: &mut dyn FnMut(Finding) -> Result<ControlFlow<()>>) -> Result<()> {
        Window { case: self, limits: None }.findings(each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Specification;

    /// Reads what it is told to, whatever it declared.
    struct Reads(&'static str);

    impl Detector for Reads {
        fn id(&self) -> &'static str {
            "test/reads"
        }
        fn inputs(&self) -> &'static [&'static str] {
            &["test/declared"]
        }
        fn specification(&self) -> Specification {
            Specification("")
        }
        fn detect(&self, case: &dyn View, _: &Context, _: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
            case.tally(self.0, "x")?;
            case.tallies(self.0, &mut |_, _| Ok(ControlFlow::Continue(())))?;
            case.observations(self.0, &mut |_| Ok(ControlFlow::Continue(())))
        }
    }

    #[test]
    fn a_detector_may_read_its_inputs() {
        Memory::new().detect(&Reads("test/declared"), &Config::default(), Time(0));
    }

    #[test]
    #[should_panic(expected = "not among its inputs")]
    fn a_detector_may_read_nothing_else() {
        Memory::new().detect(&Reads("test/undeclared"), &Config::default(), Time(0));
    }

    #[test]
    fn findings_come_as_the_view_promises() {
        let finding = |key: &str, severity, outcome: &str, first| Finding {
            detector: "test/reads".into(),
            key: key.into(),
            severity,
            confidence: 50,
            level: model::Level::Illegal,
            title: model::Text::new("", ""),
            reasons: Vec::new(),
            techniques: Vec::new(),
            first: Some(Time(first)),
            last: None,
            entities: Vec::new(),
            traces: Vec::new(),
            fields: [("outcome".to_string(), outcome.into())].into_iter().collect(),
        };
        use model::Severity::{High, Low};
        let findings = vec![
            finding("d", Low, "refused", 1),
            finding("c", High, "refused", 2),
            finding("b", High, "refused", 1),
            finding("a", Low, "possibly_succeeded", 3),
        ];
        let mut seen = String::new();
        let mut each = |f: Finding| {
            seen += &f.key;
            Ok(ControlFlow::Continue(()))
        };
        Memory { findings, ..Memory::new() }.findings(&mut each).expect("memory");
        assert_eq!(seen, "abcd");
    }
}
