//! Hands casework what it needs to write the brief, and the store what it wrote.

use crate::lines::Walk;
use crate::output::Style;
use crate::settings::Configured;
use casework::{Line, Options, Series, Wanted};
use model::{Context, Error, EvidenceId, Origins, Result, Span, Time, View};
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::Case;

/// Bytes of a line that the brief is handed, at most.
const LINE: u64 = 4096;

/// Writes the brief; says whether findings or brief have changed. It is dated by the newest evidence, not by the
/// clock: the same evidence must give the same bytes.
pub fn write(
    case: &Case,
    configured: &Configured,
    style: &Style,
    series: &[PathBuf],
    at: Time,
    by: &str,
) -> Result<bool> {
    let view = case.whole();
    let dated = view.evidence()?.iter().map(|e| e.added).max().unwrap_or(at);
    let context = Context { config: &configured.config, origins: &configured.origins, at: dated, modified: None };
    let series = series.iter().map(read_series).collect::<Result<Vec<_>>>()?;
    let lines = |wanted: &[Wanted]| lines(case, wanted);
    let options = Options {
        lang: style.lang,
        series,
        lines: &lines,
        origin_source: configured.origins.source(),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    case.write_brief(at, by, |write| casework::write_brief(&view, &context, &options, write))
}

fn read_series(path: &PathBuf) -> Result<Series> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        Error::new(format!("could not read `{}`", path.display()))
            .because(e)
            .hint("`--series` takes a text file of lines such as `2017-01-31,23.5`")
    })?;
    let name = path.file_stem().map_or_else(|| "series".into(), |n| n.to_string_lossy().into_owned());
    Series::parse(&name, &text)
}

/// A range to read, and for whom.
struct Order {
    span: Span,
    wanted: usize,
    place: usize,
    most: usize,
}

/// The lines asked for. Each piece of evidence is walked through once, whatever is asked of it.
fn lines(case: &Case, wanted: &[Wanted]) -> Result<Vec<Vec<Line>>> {
    let mut orders: BTreeMap<EvidenceId, Vec<Order>> = BTreeMap::new();
    for (i, w) in wanted.iter().enumerate() {
        let ranges: Vec<(EvidenceId, Span)> =
            w.traces.iter().flat_map(|t| t.spans.iter().map(|s| (t.evidence, s))).collect();
        let last = ranges.len().saturating_sub(w.last);
        for (place, (evidence, span)) in ranges.into_iter().enumerate() {
            if place < w.first || place >= last {
                // Neighbouring lines are one range: from its beginning, as many lines as were asked for.
                let span = Span { len: span.len.min(LINE * w.first.max(1) as u64), ..span };
                orders.entry(evidence).or_default().push(Order { span, wanted: i, place, most: w.first.max(1) });
            }
        }
    }
    let mut found: Vec<Vec<(usize, Line)>> = wanted.iter().map(|_| Vec::new()).collect();
    for (id, mut orders) in orders {
        let registered = case.evidence_like(&id.to_string())?;
        // Forgotten or lost evidence has no lines; the brief says so where they would stand.
        let Ok(file) = case.bytes_of(&registered) else { continue };
        let mut walk = Walk::new(file)?;
        let steps = walk.inside().to_vec();
        orders.sort_by_key(|o| (o.span, o.wanted, o.place));
        for o in orders {
            let mut bytes = Vec::new();
            walk.range(o.span, &mut |piece| {
                bytes.extend_from_slice(piece);
                Ok(())
            })?;
            let mut start = o.span.start;
            for (n, text) in bytes.split(|&b| b == b'\n').take(o.most).enumerate() {
                let end = start + text.len() as u64;
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                let line = Line {
                    evidence: id,
                    path: registered.evidence.path.clone(),
                    steps: steps.clone(),
                    number: o.span.line + n as u64,
                    start,
                    end,
                    text: text[..text.len().min(LINE as usize)].to_vec(),
                };
                found[o.wanted].push((o.place, line));
                start = end + 1;
            }
        }
    }
    let in_order = |(w, mut lines): (&Wanted, Vec<(usize, Line)>)| {
        lines.sort_by_key(|(place, line)| (*place, line.start));
        lines.truncate(w.first + w.last);
        lines.into_iter().map(|(_, line)| line).collect()
    };
    Ok(wanted.iter().zip(found).map(in_order).collect())
}
