//! What the packer's machine did, and in which minute: the times that an archive gives its members, kept apart from those that the
//! documents give themselves.
//!
//! You may rely on: nothing is accused by it; a time is the packer's clock, whose zone most archives do not keep. Left out: members
//! that are no documents, and what an archive says beside times.

use super::table::{Entry, entries};
use crate::{Detector, Specification};
use formats::about::{instant, local};
use model::{Context, EvidenceId, Finding, Level, Reason, Result, Severity, Step, Text, Time, Trace, View};
use rows::documents::{Document, PackedAt, Session};
use rows::{Row, Shape};
use std::collections::BTreeMap;

/// Documents that make an archive worth telling, and those that make a stretch.
const LEAST: usize = 5;
const STRETCH: usize = 3;
/// Seconds without a member that end a stretch.
const PAUSE: i64 = 300;
/// Stretches told of one.
const TOLD: usize = 20;
/// Clocks of archives count in steps of two seconds.
const STEP: i64 = 2;
/// A quarter of an hour, of which zones are apart by whole ones; the furthest.
const QUARTER: i64 = 900;
const FURTHEST: i64 = 14 * 3_600;

/// The detector.
pub struct PackingDetector;

impl Detector for PackingDetector {
    fn id(&self) -> &'static str {
        PackedAt::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<PackedAt>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("packing.md"))
    }

    fn detect(&self, case: &dyn View, _: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let entries = entries(case)?;
        let mut archives: BTreeMap<(EvidenceId, &[Step]), Vec<One>> = BTreeMap::new();
        for entry in &entries {
            let steps = &entry.trace.steps;
            let Some(at) = steps.iter().rposition(|s| matches!(s, Step::Member(..))) else { continue };
            let Step::Member(place, _) = steps[at] else { continue };
            archives.entry((entry.trace.evidence, &steps[..at])).or_default().push(One { place, entry });
        }
        for ((evidence, steps), mut all) in archives {
            all.sort_by_key(|o| o.place);
            let packed = (evidence, steps);
            if let Some(finding) = packing(packed, &all) {
                found(finding)?;
            }
        }
        Ok(())
    }
}

struct One<'e> {
    place: u64,
    entry: &'e Entry,
}

/// What a member's own last saving is beside the archive's time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// The same moment, by a clock of some zone.
    Kept,
    /// The archive's is later, or earlier, by more than zones are apart.
    Later,
    Earlier,
    /// It says nothing of itself, or no more than zones apart.
    Unknown,
}

fn beside(one: &One, at: Time) -> Beside {
    let own = &one.entry.document.modified;
    let Some(saved) = instant(own).or_else(|| local(own)) else { return Beside::Unknown };
    let apart = at.since(saved);
    let quarters = (apart as f64 / QUARTER as f64).round() as i64 * QUARTER;
    match () {
        () if (apart - quarters).abs() <= STEP && quarters.abs() <= FURTHEST => Beside::Kept,
        () if apart > FURTHEST => Beside::Later,
        () if apart < -FURTHEST => Beside::Earlier,
        () => Beside::Unknown,
    }
}

/// A time that is one: archives without any say 1980, or the beginning of a clock.
fn timed(one: &One) -> Option<Time> {
    one.entry.document.packed_at.filter(|t| t.seconds() > 315_619_200 + 86_400)
}

fn packing((evidence, steps): (EvidenceId, &[Step]), all: &[One]) -> Option<Finding> {
    let mut times: Vec<(Time, &One)> = all.iter().filter_map(|o| Some((timed(o)?, o))).collect();
    if times.len() < LEAST {
        return None;
    }
    let in_order = times.windows(2).all(|w| w[0].0 <= w[1].0);
    let count = |which: Beside| times.iter().filter(|(t, o)| beside(o, *t) == which).count() as u64;
    let (kept, later, earlier) = (count(Beside::Kept), count(Beside::Later), count(Beside::Earlier));
    times.sort_by_key(|(t, o)| (*t, o.place));
    let mut sessions: Vec<Session> = Vec::new();
    let mut from = 0;
    for n in 1..=times.len() {
        if n < times.len() && times[n].0.since(times[n - 1].0) <= PAUSE {
            continue;
        }
        let run = &times[std::mem::replace(&mut from, n)..n];
        if run.len() >= STRETCH {
            sessions.push(session(run));
        }
    }
    sessions.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.from.cmp(&b.from)));
    let name = &all[0].entry.name;
    let inner = Step::path(&all[0].entry.trace.steps[steps.len()..]);
    let of = name.strip_suffix(inner.as_str()).unwrap_or(name).to_string();
    let row = PackedAt {
        of,
        documents: all.len() as u64,
        timed: times.len() as u64,
        kept,
        later,
        earlier,
        in_order,
        sessions_count: sessions.len() as u64,
        sessions: sessions.into_iter().take(TOLD).collect(),
    };
    let traces: Vec<Trace> = times.iter().take(50).map(|(_, o)| o.entry.trace.clone()).collect();
    Some(finding(row, (evidence, steps), (times[0].0, times[times.len() - 1].0), traces))
}

fn minute(at: Time) -> String {
    at.to_string().chars().take(16).collect()
}

fn session(run: &[(Time, &One)]) -> Session {
    let mut minutes: BTreeMap<String, u64> = BTreeMap::new();
    run.iter().for_each(|(t, _)| *minutes.entry(minute(*t)).or_default() += 1);
    let busiest = minutes.into_iter().rev().max_by_key(|(_, n)| *n).unwrap_or_default();
    Session {
        from: minute(run[0].0),
        to: minute(run[run.len() - 1].0),
        documents: run.len() as u64,
        busiest,
        kept: run.iter().filter(|(t, o)| beside(o, *t) == Beside::Kept).count() as u64,
        first: run[0].1.entry.name.clone(),
    }
}

fn finding(
    row: PackedAt,
    (evidence, steps): (EvidenceId, &[Step]),
    (first, last): (Time, Time),
    traces: Vec<Trace>,
) -> Finding {
    let short = row.of.rsplit('/').next().unwrap_or(&row.of);
    let mut reasons: Vec<Reason> = row
        .sessions
        .iter()
        .take(5)
        .map(|s| {
            let [from, to, minute] = [&s.from, &s.to, &s.busiest.0].map(|t| t.replace('T', " "));
            Reason::supporting(
                30,
                Text::new(
                    format!("{} documents from {from} to {to} by the packer’s clock, {} of them in the minute {minute}; {} say themselves that they were saved then", s.documents, s.busiest.1, s.kept),
                    format!("{} documents de {from} à {to} à l’horloge de qui a fait l’archive, dont {} dans la minute {minute} ; {} se disent enregistrés alors", s.documents, s.busiest.1, s.kept),
                ),
            )
        })
        .collect();
    if row.sessions_count > 5 {
        let more = row.sessions_count - 5;
        reasons.push(Reason::supporting(
            5,
            Text::new(
                format!("{more} smaller stretches are counted"),
                format!("{more} séries plus petites sont comptées"),
            ),
        ));
    }
    for (n, en, fr) in [
        (
            row.later,
            "were written anew after their last saving, as copying, unpacking or a conversion does",
            "ont été récrits après leur dernier enregistrement, comme par une copie, une extraction ou une conversion",
        ),
        (
            row.earlier,
            "say that they were saved after the archive’s time: a clock is wrong, or a time was set",
            "se disent enregistrés après l’heure de l’archive : une horloge est fausse, ou une heure a été réglée",
        ),
    ] {
        if n > 0 {
            reasons.push(Reason::supporting(15, Text::new(format!("{n} {en}"), format!("{n} {fr}"))));
        }
    }
    reasons.push(Reason::against(
        40,
        Text::new(
            "times of members are those of the packer’s files and clock, in a zone that zip and RAR 4 do not keep; anybody can set them",
            "les heures des membres sont celles des fichiers et de l’horloge de qui a fait l’archive, dans un fuseau que zip et RAR 4 ne gardent pas ; chacun peut les régler",
        ),
    ));
    Finding {
        detector: PackedAt::NAME.into(),
        key: format!("{evidence}\n{}", steps.iter().map(Step::label).collect::<Vec<_>>().join("/")),
        severity: Severity::Info,
        confidence: 60,
        level: Level::Legal,
        title: Text::new(
            format!(
                "`{short}`: how it was packed: {} of {} documents bear a time, {} as they were saved, {} written anew",
                row.timed, row.documents, row.kept, row.later
            ),
            format!(
                "« {short} » : comment il a été fait : {} documents sur {} portent une heure, {} telle qu’à l’enregistrement, {} récrits",
                row.timed, row.documents, row.kept, row.later
            ),
        ),
        reasons,
        techniques: Vec::new(),
        first: Some(first),
        last: Some(last),
        entities: Vec::new(),
        traces,
        fields: row.fields(),
    }
}
