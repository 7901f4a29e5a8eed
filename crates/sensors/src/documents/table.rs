//! The documents of a case as detectors look at them.

use super::settings::Settings;
use crate::mail::MESSAGE;
use model::{Config, Evidence, EvidenceId, Result, SpanSet, Step, Trace, View, Withheld};
use rows::Row;
use rows::documents::Document;
use rows::mail::message::Letter;
use std::collections::{BTreeMap, BTreeSet};
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

/// Whether somebody said that nothing is to be told of it (a source to be protected): by its name's beginning or end, its
/// hash, or a letter's id.
pub fn is_excluded(name: &str, ids: &[&str], settings: &Settings) -> bool {
    let bare = |id: &str| id.trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
    let is_it = |said: &String| {
        !said.is_empty()
            && (name.starts_with(said.as_str())
                || name.ends_with(said.as_str())
                || ids.iter().any(|id| !id.is_empty() && bare(id) == bare(said)))
    };
    settings.excluded.iter().any(is_it)
}

/// Keeps back what somebody said that nothing is to be told of, with the copies of it by hash or id wherever they lie.
pub fn withhold(case: &dyn View, config: &Config, withheld: &mut Withheld) -> Result<()> {
    let settings: &Settings = &config.settings()?;
    if settings.excluded.iter().all(String::is_empty) {
        return Ok(());
    }
    let names = names(case)?;
    settings.excluded.iter().for_each(|said| withheld.name(said));
    let mut told: BTreeSet<EvidenceId> = BTreeSet::new();
    case.observations(Document::NAME, &mut |visit| {
        let document = Document::of(&visit.observation.fields)?;
        if is_excluded(&name(&names, visit.evidence, &visit.steps), &[&document.sha256], settings) {
            told.insert(visit.evidence);
            withheld.place(Trace { spans: SpanSet::new(), ..visit.trace() });
        }
        Ok(ControlFlow::Continue(()))
    })?;
    case.observations(MESSAGE, &mut |visit| {
        let letter = Letter::of(&visit.observation.fields)?;
        let name = name(&names, visit.evidence, &visit.steps);
        let ids = [visit.observation.key.as_str(), letter.message_id];
        if is_excluded(&name, &ids, settings) || is_excluded(&format!("{name}/{}", letter.message_id), &ids, settings) {
            told.insert(visit.evidence);
            withheld.place(visit.trace());
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for evidence in case.evidence()? {
        let id = evidence.id.to_string();
        if is_excluded(&evidence.path, &[&id], settings) && !told.contains(&evidence.id) {
            withheld.place(Trace { evidence: evidence.id, steps: Vec::new(), spans: SpanSet::new() });
        }
    }
    // Counts of who writes to whom no longer know of which letters they were made.
    let mut counted = Vec::new();
    case.observations(MESSAGE, &mut |visit| {
        let path = names.get(&visit.evidence).map_or("", String::as_str);
        if withheld.holds_trace(path, &visit.trace()) {
            counted.extend(
                crate::mail::counted(&visit.observation, config)?.into_iter().map(|tally| (visit.evidence, tally)),
            );
        }
        Ok(ControlFlow::Continue(()))
    })?;
    counted.into_iter().for_each(|(evidence, tally)| withheld.tally(evidence, tally));
    Ok(())
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

/// Other names of evidence of which there is more than one copy.
pub fn elsewhere(case: &dyn View) -> Result<BTreeMap<EvidenceId, Vec<String>>> {
    let mut all: BTreeMap<EvidenceId, Vec<String>> = BTreeMap::new();
    case.evidence()?.into_iter().for_each(|e| all.entry(e.id).or_default().push(e.path));
    // The last is that of [`names`].
    all.retain(|_, names| names.pop().is_some() && !names.is_empty());
    Ok(all)
}

/// The name of what lies behind steps.
pub fn name(names: &BTreeMap<EvidenceId, String>, evidence: EvidenceId, steps: &[Step]) -> String {
    format!("{}{}", names.get(&evidence).map_or("?", String::as_str), Step::path(steps))
}

#[cfg(test)]
mod tests {
    use crate::mail::{NAME_TALLY, PAIR_TALLY};
    use crate::testing::{Memory, config};
    use model::{Time, View as _};
    use std::ops::ControlFlow;

    #[test]
    fn counts_know_nothing_of_a_letter_that_is_kept_back() {
        let letter = |id: &str, cc: &str| {
            format!(
                "From paul@printer.example Mon Apr 03 09:00:00 2017\nFrom: Paul <paul@printer.example>\nTo: Anna <anna@parti.example>\n\
                 Cc: {cc}\nDate: Mon, 03 Apr 2017 09:00:00 +0000\nMessage-ID: <{id}@printer.example>\n\nHello.\n\n"
            )
        };
        let box_ = letter("a1", "Source Deep <source@paper.example>") + &letter("b1", "zoe@parti.example");
        let check = |said: &str, expected: &[(&str, &str, u64)]| {
            let config = config(&format!("[documents]\nexcluded = [{said}]"));
            let mut memory = Memory::default();
            memory.read_all("box.mbox", box_.as_bytes(), &config, Time::default());
            let withheld = crate::withheld(&memory, &config).expect("memory");
            let id = memory.evidence().expect("memory")[0].id;
            let mut left = Vec::new();
            for kind in [PAIR_TALLY, NAME_TALLY] {
                memory
                    .tallies(kind, &mut |key, counts| {
                        let counts = withheld.left("box.mbox", id, kind, key, counts.to_vec());
                        left.extend(counts.map(|c| (kind.to_string(), key.to_string(), c[0])));
                        Ok(ControlFlow::Continue(()))
                    })
                    .expect("memory");
            }
            let left: Vec<_> = left.iter().map(|(kind, key, n)| (kind.as_str(), key.as_str(), *n)).collect();
            assert_eq!(left, expected, "{said}");
        };
        let (pair, name) = (PAIR_TALLY, NAME_TALLY);
        check(
            "\"a1@printer.example\"",
            &[
                (pair, "paul@printer.example anna@parti.example 2017-04", 1),
                (pair, "paul@printer.example zoe@parti.example 2017-04", 1),
                (name, "anna@parti.example Anna", 1),
                (name, "paul@printer.example Paul", 1),
            ],
        );
        check("\"box.mbox\"", &[]);
    }
}
