//! Detection, unit by unit: a detector over the whole case, or a local one over each piece of evidence. A unit is done
//! again when its key has changed: what its detector rests on, the evidence that yields its inputs, or the detectors
//! of the same sensor that came before it and whose findings it may look at.

use super::Pipeline;
use super::keys::Keys;
use model::{Config, Context, Error, EvidenceId, Result, Shared, Time, Withheld};
use sensors::{Detector, SENSORS, Scope};
use std::collections::{BTreeMap, BTreeSet};
use store::{Case, Hash, Unit, Window, hash_of};

/// Evidence that yields what a detector reads.
struct Input {
    n: i64,
    id: EvidenceId,
    key: Hash,
    added: Time,
}

/// Brings all units up to date.
pub fn detect(pipeline: &Pipeline) -> Result<()> {
    let keys = Keys::new(&pipeline.configured.config);
    keep_back(pipeline.case, &pipeline.configured.config)?;
    // What is kept back by one kind's settings is kept from the detectors of all.
    let kept_back = pipeline.case.withheld_key();
    let yields = pipeline.case.yields()?;
    let added: BTreeMap<i64, Time> = pipeline.case.register()?.iter().map(|r| (r.n, r.evidence.added)).collect();
    let mut units = BTreeSet::new();
    for &sensor in SENSORS {
        let mut before: Vec<(&str, Hash)> = Vec::new();
        let mut bench = Bench::default();
        for &detector in sensor.detectors() {
            let base = keys.detector(sensor, detector, pipeline.configured.origins_digest);
            let base = if kept_back.is_empty() { base } else { hash_of([&base[..], &kept_back[..]]) };
            let base = before.iter().fold(base, |key, (_, earlier)| hash_of([&key[..], earlier]));
            let inputs: Vec<Input> = yields
                .iter()
                .filter(|y| y.kinds.iter().any(|k| detector.inputs().contains(&k.as_str())))
                .map(|y| Input { n: y.n, id: y.id, key: y.key, added: added[&y.n] })
                .collect();
            let earlier: Vec<&str> = before.iter().map(|(id, _)| *id).collect();
            let parts: Vec<(i64, &[Input])> = match detector.scope() {
                Scope::Local => inputs.chunks(1).map(|one| (one[0].n, one)).collect(),
                // Where no evidence yields what it reads there is nothing to find.
                Scope::Case => inputs.chunks(inputs.len().max(1)).map(|all| (0, all)).collect(),
            };
            let mut all = base;
            for (evidence, inputs) in parts {
                let unit = Unit { detector: detector.id(), evidence };
                let key =
                    inputs.iter().fold(base, |key, i| hash_of([&key[..], &i.id.0, &i.key, &i.added.0.to_le_bytes()]));
                all = hash_of([&all[..], &key]);
                units.insert(unit);
                if pipeline.case.detected(unit)? != Some(key) {
                    let shared = bench.of(inputs);
                    find(pipeline, detector, unit, key, inputs, earlier.clone(), shared)?;
                }
            }
            before.push((detector.id(), all));
        }
    }
    // Last: a run that is broken off has left findings of before.
    if !kept_back.is_empty() {
        units.insert(WITHHELD);
        pipeline.case.detect(WITHHELD, hash_of([&kept_back[..]]), |_| Ok(()))?;
    }
    pipeline.case.keep_units(&units)?;
    pipeline.case.findings_are_in()
}

/// The unit that finds nothing: its key says what was kept back when the findings were made.
const WITHHELD: Unit = Unit { detector: "withheld", evidence: 0 };

/// From now on nothing is seen of what the settings of a case keep back, by whoever looks at it. Findings that were made while
/// something else was kept back may name what is kept back now, and lead to other places: nobody is shown such.
pub fn withhold(case: &Case, config: &Config) -> Result<()> {
    keep_back(case, config)?;
    let (key, made) = (case.withheld_key(), case.detected(WITHHELD)?);
    if key.is_empty() || made == Some(hash_of([&key[..]])) || case.severities()?.iter().all(|(_, n)| *n == 0) {
        return Ok(());
    }
    Err(Error::new("`[documents] excluded` of case.toml keeps back other things than when the case was run last")
        .hint("`vigie run DIR` makes the findings anew, without them"))
}

fn keep_back(case: &Case, config: &Config) -> Result<()> {
    case.withhold(Withheld::default())?;
    let withheld = sensors::withheld(&case.whole(), config)?;
    case.withhold(withheld)
}

/// What a sensor's detectors share, while they look at the same evidence.
#[derive(Default)]
struct Bench {
    evidence: Vec<i64>,
    shared: Shared,
}

impl Bench {
    fn of(&mut self, inputs: &[Input]) -> &Shared {
        if !self.evidence.iter().eq(inputs.iter().map(|i| &i.n)) {
            *self = Bench { evidence: inputs.iter().map(|i| i.n).collect(), shared: Shared::default() };
        }
        &self.shared
    }
}

fn find(
    pipeline: &Pipeline,
    detector: &dyn Detector,
    unit: Unit,
    key: Hash,
    inputs: &[Input],
    earlier: Vec<&str>,
    shared: &Shared,
) -> Result<()> {
    let window =
        Window::of(pipeline.case, inputs.iter().map(|i| i.n).collect(), detector.inputs(), earlier).sharing(shared);
    let context = Context {
        config: &pipeline.configured.config,
        origins: &pipeline.configured.origins,
        // Not the clock: the same evidence must give the same findings next week. Its latest arrival is in the key.
        at: inputs.iter().map(|i| i.added).max().unwrap_or_default(),
        modified: None,
    };
    pipeline.case.detect(unit, key, |finder| detector.detect(&window, &context, &mut |f| finder.found(&f)))
}
