//! The documents of a case as detectors look at them.

use super::settings::Settings;
use model::{Context, Evidence, EvidenceId, Result, Step, Trace, View};
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

/// Whether somebody said that nothing is to be told of it: a source to be protected. By its name's beginning or end, its
/// hash, or a letter's id.
pub fn is_excluded(name: &str, hash: &str, settings: &Settings) -> bool {
    let is_it = |said: &String| {
        !said.is_empty()
            && (name.starts_with(said.as_str()) || name.ends_with(said.as_str()) || hash.eq_ignore_ascii_case(said))
    };
    settings.excluded.iter().any(is_it)
}

/// All documents of which something may be told, by name.
pub fn entries(case: &dyn View, context: &Context) -> Result<Vec<Entry>> {
    let settings: Settings = context.config.settings()?;
    let names = names(case)?;
    let mut all = Vec::new();
    case.observations(Document::NAME, &mut |visit| {
        let document = Document::of(&visit.observation.fields)?;
        let name = name(&names, visit.evidence, &visit.steps);
        if !is_excluded(&name, &document.sha256, &settings) {
            all.push(Entry { name, trace: visit.trace(), document });
        }
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
