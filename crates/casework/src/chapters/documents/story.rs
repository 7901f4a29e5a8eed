//! What documents bring to the story: that papers were altered or made up, when those that came out were taken, and by which
//! hand. You may rely on: what came in one archive is of one leak; a date that a paper gives itself dates nothing, unless its
//! original gives another.

use crate::story::{Part, day};
use model::{Context, EntityKind, Finding, Severity, Time};
use rows::Row;
use rows::documents::{Authenticity, Burst, Class, Publication, Theft};
use rows::story::{Cause, Step};

/// Days from the coming of the newest paper on of which each may be that of the last reading.
const DAYS: i64 = 3;

/// What a finding brings.
pub fn part(finding: &Finding, context: &Context, part: &mut Part) {
    if let Some(row) = read::<Authenticity>(finding) {
        // The times of the finding are those that the paper gives itself: any forger sets them.
        part.hide(Step::DocumentsDoctored);
        part.values.iter_mut().for_each(|v| (v.first, v.last) = (None, None));
        if matches!(row.class, Class::AlteredCopy | Class::LikelyFabricated) && finding.severity > Severity::Info {
            part.show(Step::DocumentsDoctored, None, changed(&row), finding.confidence);
            leak(finding, part);
        }
    } else if let Some(row) = read::<Burst>(finding) {
        part.share(Cause::Document, format!("{}: {}", row.by, row.value), finding.first, finding.last);
        leak(finding, part);
    } else if let Some(row) = read::<Theft>(finding) {
        part.show(Step::DocumentsTaken, None, Some(row.latest), finding.confidence);
        // The newest paper was there on the last day of reading, which is one of the few between its coming and the end.
        for n in 0..DAYS {
            let at = Time::from_seconds(row.earliest.seconds() + n * 86_400).min(row.latest);
            part.share(Cause::CutOff, day(at, context), Some(row.earliest), Some(row.latest));
        }
        if row.of.contains('@') {
            part.victims.insert(row.of.clone());
        }
        leak(finding, part);
    } else if finding.detector == Publication::NAME {
        // A torrent is made, a page is saved: what they list was out by then.
        for file in finding.entities.iter().filter(|e| e.kind == EntityKind::File) {
            part.share(Cause::Object, format!("archive {}", file.value), None, None);
        }
    }
}

/// When a copy was changed, as far as it differs from its original in that.
fn changed(row: &Authenticity) -> Option<Time> {
    let modified = row.metadata.iter().find(|m| m.name == "modified" && m.after > m.before)?;
    modified.after.parse().ok()
}

/// What came in one archive came out together.
fn leak(finding: &Finding, part: &mut Part) {
    let archive = finding.traces.iter().find(|t| t.steps.iter().any(|s| matches!(s, model::Step::Member(..))));
    if let Some(trace) = archive {
        part.share(Cause::Object, format!("archive {}", trace.evidence), None, None);
    }
}

fn read<R: Row>(finding: &Finding) -> Option<R> {
    (finding.detector == R::NAME).then(|| R::of(&finding.fields).ok()).flatten()
}
