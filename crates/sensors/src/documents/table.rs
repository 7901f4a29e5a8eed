//! The documents of a case as detectors look at them.

use model::{Evidence, EvidenceId, Result, Step, Trace, View};
use rows::Row;
use rows::documents::Document;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A document of the case.
pub struct Entry {
    /// Its name: that of the evidence, and of the members in it.
    pub name: String,
    /// Where it is.
    pub trace: Trace,
    /// What it says of itself.
    pub document: Document,
}

/// All documents, by name.
pub fn entries(case: &dyn View) -> Result<Vec<Entry>> {
    let names = names(case)?;
    let mut all = Vec::new();
    case.observations(Document::NAME, &mut |visit| {
        let document = Document::of(&visit.observation.fields)?;
        let name = name(&names, visit.evidence, &visit.steps);
        all.push(Entry { name, trace: visit.trace(), document });
        Ok(ControlFlow::Continue(()))
    })?;
    all.sort_by(|a, b| (&a.name, &a.trace.evidence, &a.trace.steps).cmp(&(&b.name, &b.trace.evidence, &b.trace.steps)));
    Ok(all)
}

/// The names of evidence.
pub fn names(case: &dyn View) -> Result<BTreeMap<EvidenceId, String>> {
    Ok(case.evidence()?.into_iter().map(|Evidence { id, path, .. }| (id, path)).collect())
}

/// The name of what lies behind steps.
pub fn name(names: &BTreeMap<EvidenceId, String>, evidence: EvidenceId, steps: &[Step]) -> String {
    format!("{}{}", names.get(&evidence).map_or("?", String::as_str), Step::path(steps))
}
