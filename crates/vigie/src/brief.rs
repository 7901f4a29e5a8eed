//! Hands casework what it needs to write the brief, and the store what it wrote.

use crate::lines;
use crate::output::Style;
use crate::pipeline::{Pipeline, keys};
use casework::{Line, Options, Series, Wanted};
use model::{Context, Error, EvidenceId, Origins, Result, Step, Time, View};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{Case, Distrust, Ran, Written};

/// Writes the brief and records the run. The brief is dated by the newest evidence, not by the clock: the same evidence
/// must give the same bytes.
pub fn write(
    pipeline: &Pipeline,
    distrust: Distrust,
    style: &Style,
    series: &[PathBuf],
    at: Time,
    by: &str,
) -> Result<Written> {
    let Pipeline { case, configured, .. } = pipeline;
    let view = case.whole();
    let dated = view.evidence()?.iter().map(|e| e.added).max().unwrap_or(at);
    let context = Context { config: &configured.config, origins: &configured.origins, at: dated, modified: None };
    let series = series.iter().map(|path| read_series(path)).collect::<Result<Vec<_>>>()?.concat();
    let lines = |wanted: &[Wanted]| lines(case, wanted);
    let options = Options {
        lang: style.lang,
        series,
        lines: &lines,
        origin_source: configured.origins.source(),
        version: env!("CARGO_PKG_VERSION").into(),
        readiness: crate::commands::hygiene::shown(case, configured)?,
        decisions: crate::commands::story::decisions(case)?,
    };
    let detectors = sensors::SENSORS.iter().flat_map(|s| s.detectors());
    let watched: Vec<store::Watched> = detectors.map(|d| (d.id(), d.watched())).collect();
    let ran = Ran { settings: &configured.text, program: keys::program(), watched: &watched, distrust };
    case.write_brief(at, by, &ran, |write| casework::write_brief(&view, &context, &options, write))
}

fn read_series(path: &Path) -> Result<Vec<Series>> {
    let read = store::small(path, store::SMALL).and_then(|b| String::from_utf8(b).map_err(std::io::Error::other));
    let text = read.map_err(|e| {
        Error::new(format!("could not read `{}`", path.display()))
            .because(e)
            .hint("`--series` takes a text file of lines such as `2017-01-31,23.5`")
    })?;
    let name = path.file_stem().map_or_else(|| "series".into(), |n| n.to_string_lossy().into_owned());
    Series::parse(&name, &text)
}

/// For whom, the how-manieth range of his, and the lines of it.
type Order = (usize, usize, lines::Wanted);

/// The lines asked for. Each piece of evidence is swept through once, whatever is asked of it.
fn lines(case: &Case, wanted: &[Wanted]) -> Result<Vec<Vec<Line>>> {
    let mut orders: BTreeMap<(EvidenceId, &[Step]), Vec<Order>> = BTreeMap::new();
    for (i, w) in wanted.iter().enumerate() {
        let ranges: Vec<_> =
            w.traces.iter().flat_map(|t| t.spans.iter().map(|s| ((t.evidence, &t.steps[..]), s))).collect();
        let last = ranges.len().saturating_sub(w.last);
        for (place, (inside, span)) in ranges.into_iter().enumerate() {
            // Neighbouring lines are one range: any range may hold all that is wanted from that end.
            let first = if place < w.first { w.first } else { 0 };
            let tail = if place >= last { w.last } else { 0 };
            if first + tail > 0 {
                orders.entry(inside).or_default().push((i, place, lines::Wanted::new(span, first, tail)));
            }
        }
    }
    let mut found: Vec<Vec<(usize, Line)>> = wanted.iter().map(|_| Vec::new()).collect();
    for ((id, steps), orders) in orders {
        let registered = case.evidence_like(&id.to_string())?;
        // Forgotten or lost evidence has no lines; the brief says so where they would stand.
        let Ok(file) = case.bytes_of(&registered) else { continue };
        let (whose, mut ranges): (Vec<(usize, usize)>, Vec<lines::Wanted>) =
            orders.into_iter().map(|(i, place, range)| ((i, place), range)).unzip();
        if lines::sweep(file, steps, &mut ranges).is_err() {
            continue;
        }
        for ((i, place), range) in whose.into_iter().zip(ranges) {
            found[i].extend(range.lines().map(|l| {
                let (path, steps) = (registered.evidence.path.clone(), steps.to_vec());
                (place, Line { evidence: id, path, steps, number: l.number, start: l.start, end: l.end, text: l.text })
            }));
        }
    }
    let ends = |(w, mut lines): (&Wanted, Vec<(usize, Line)>)| {
        lines.sort_by_key(|(place, line)| (*place, line.start));
        let tail = lines.len().saturating_sub(w.last).max(w.first.min(lines.len()));
        let keep = |i: usize| i < w.first || i >= tail;
        lines.into_iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, (_, line))| line).collect()
    };
    Ok(wanted.iter().zip(found).map(ends).collect())
}
