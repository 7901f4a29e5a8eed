//! From scenario and seed to evidence and truth.

use crate::evidence::{Evidence, failed};
use crate::scenario::Scenario;
use crate::truth::{TrueEvent, Truth};
use model::{Result, Time};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes `dir/evidence/`, `dir/case.toml` and `dir/truth.json`. The same scenario and seed give the same bytes.
/// Whatever lies in `dir` already is left alone: evidence found there is an error.
pub fn generate(scenario: &Scenario, seed: u64, dir: &Path) -> Result<Truth> {
    let mut evidence = Evidence::new(dir.join("evidence"))?;
    let stage = scenario.stage(seed)?;
    let parts = scenario.parts.write(&stage, &mut evidence)?;
    let case = dir.join("case.toml");
    let text = scenario.parts.case(&stage).text(&scenario.name, &stage.mail_domain, &scenario.election)?;
    fs::write(&case, text).map_err(|e| failed(&case, e))?;
    let event =
        |e: &crate::Event| TrueEvent { at: Time::from_seconds(e.at.start(&stage.period.zone)), name: e.name.clone() };
    let truth = Truth {
        scenario: scenario.name.clone(),
        seed,
        zone: scenario.zone.clone(),
        from: Time::from_seconds(stage.period.from),
        to: Time::from_seconds(stage.period.to),
        lines: evidence.lines,
        bytes: evidence.bytes,
        events: scenario.events.iter().map(event).collect(),
        parts,
    };
    let path = dir.join("truth.json");
    let save = || -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(fs::File::create(&path)?);
        serde_json::to_writer_pretty(&mut out, &truth)?;
        out.write_all(b"\n")?;
        out.flush()
    };
    save().map_err(|e| failed(&path, e))?;
    Ok(truth)
}
