//! One pass over the case's findings: each goes to the chapter that takes it. You may rely on: memory grows with what
//! chapters keep, never with the number of findings; lines are read of evidence only that a chapter lets be printed.

use crate::chapters::{CHAPTERS, Gathering, others::Others};
use crate::detail::Detail;
use crate::page::gravest::Gravest;
use crate::{Accounts, Brief, Options, Wanted, Write};
use model::{EvidenceId, Result, Trace};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What was gathered.
pub struct Gathered {
    /// By chapter.
    pub all: Vec<Box<dyn Gathering>>,
    /// The gravest of all kinds.
    pub gravest: Gravest,
    /// Whose name is told.
    pub accounts: Accounts,
}

/// Reads the findings, writes the tables made of them as they stream by, then asks once for all lines the page shows.
pub fn gather(brief: &mut Brief, write: &mut Write) -> Result<Gathered> {
    let mut all: Vec<Box<dyn Gathering>> = CHAPTERS.iter().map(|c| c.gather()).collect();
    // What no chapter takes must not go unsaid.
    all.push(Box::<Others>::default());
    let (mut accounts, mut gravest) = (Accounts::shown(), Gravest::default());
    let (view, zone, register) = (brief.view, brief.zone, &mut brief.register);
    view.findings(&mut |finding| {
        register.count(&finding);
        accounts.learn(&finding);
        let day = finding.first.map(|t| t.in_zone(zone).date());
        gravest.take(&finding, day);
        let mut left = Some(finding);
        for gathering in &mut all {
            let Some(finding) = left else { break };
            left = gathering.take(finding, day, write)?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for gathering in &mut all {
        gathering.finish(brief, write)?;
    }
    let mut details: Vec<&mut Detail> = all.iter_mut().flat_map(|g| g.details()).chain(gravest.details()).collect();
    details.iter_mut().for_each(|d| accounts.redact(&mut d.finding));
    read_lines(&mut details, &brief.register.printable, brief.options)?;
    Ok(Gathered { all, gravest, accounts })
}

/// Asks for the lines of everything kept, in one call: each piece of evidence need be decompressed only once.
fn read_lines(details: &mut [&mut Detail], printable: &BTreeSet<EvidenceId>, options: &Options) -> Result<()> {
    let wanted: Vec<Wanted> = details
        .iter()
        .map(|d| {
            let shown = d.finding.traces.iter().filter(|t| printable.contains(&t.evidence));
            let traces: Vec<Trace> = shown.cloned().collect();
            Wanted { traces, first: d.ends.0, last: d.ends.1 }
        })
        .collect();
    let lines = (options.lines)(&wanted)?;
    details.iter_mut().zip(lines).for_each(|(detail, lines)| detail.lines = lines);
    Ok(())
}
