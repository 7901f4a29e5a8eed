//! `show`: the exact bytes behind a finding or a range of evidence.

use super::{Outcome, style};
use crate::cli::Global;
use crate::output::{Names, Out, Style};
use crate::{lines::Walk, settings::from_case};
use clap::Args;
use model::{Error, EvidenceId, Result, Span, Step, escape};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::PathBuf;
use store::{Case, Place};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie show my-campaign finding--3f0c…\n  vigie show my-campaign 9f86d081:1021-1042 --raw > lines\n\n\
         Next: `vigie explain DETECTOR` says what the finding's detector looks for."
)]
pub struct Show {
    /// The case
    pub dir: PathBuf,
    /// A finding's id, or EVIDENCE:START-END (digits of a hash, and bytes after decompression)
    pub id: String,
    /// The bytes as they are, and nothing else; never on a terminal, which they may command
    #[arg(long)]
    pub raw: bool,
}

/// Digits that an id must have at least.
const FEWEST: usize = 4;

/// `vigie show`.
pub fn show(args: &Show, global: &Global) -> Result<Outcome> {
    let case = Case::look(&args.dir)?;
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    super::withhold(&case, &configured, &style)?;
    if args.raw && std::io::stdout().is_terminal() {
        return Err(Error::new("`--raw` could let evidence command this terminal")
            .hint("send it to a file or a program, or leave out `--raw`"));
    }
    let mut out = Out::new();
    let names = Names::of(&case.whole())?;
    let wanted = wanted(&case, &args.id)?;
    let printable = casework::chapters::printed();
    let mut private = false;
    for (id, _) in wanted.keys() {
        let kind = case.evidence_like(&id.to_string())?.evidence.kind;
        private |= !kind.as_deref().is_some_and(|k| printable.contains(&k));
    }
    if private {
        opened(args, global, &style)?;
    }
    for (inside, spans) in wanted {
        print(&case, &inside, spans, args.raw, &names, &style, &mut out)?;
    }
    out.end()?;
    Ok(Outcome::Done)
}

/// Records that what is no log was opened; where nothing can be written, that is said.
fn opened(args: &Show, global: &Global, style: &Style) -> Result<()> {
    let settings = from_case(&args.dir)?.config.settings::<casework::Settings>()?;
    let recorded = Case::open(&args.dir).and_then(|case| {
        case.record_opened(&args.id, &settings.purpose, &settings.legal_basis, global.now(), &super::actor())
    });
    if recorded.is_err() {
        crate::output::say(
            style,
            "that this was opened could not be recorded: the case cannot be written, or another program holds it",
            "cette ouverture n’a pu être consignée : le dossier ne peut être écrit, ou un autre programme le tient",
        );
    }
    Ok(())
}

/// A piece of evidence, and the steps in it; without any, those of what compresses it.
type Inside = (EvidenceId, Option<Vec<Step>>);

/// The ranges of each piece of evidence that an id stands for.
fn wanted(case: &Case, id: &str) -> Result<BTreeMap<Inside, Vec<Span>>> {
    let mut wanted: BTreeMap<Inside, Vec<Span>> = BTreeMap::new();
    // Hexadecimal digits and hyphens without a range are the beginning of a finding's id.
    let begun = id.trim_start_matches("finding--");
    let digits = |c: char| c.is_ascii_hexdigit() || c == '-';
    if id.starts_with("finding--") || (begun.len() >= FEWEST && begun.chars().all(digits)) {
        let id = &super::whole_id(case, id)?;
        for trace in case.finding(id)?.iter().flat_map(|f| &f.traces) {
            wanted.entry((trace.evidence, Some(trace.steps.clone()))).or_default().extend(trace.spans.iter());
        }
        if wanted.is_empty() {
            return Err(Error::new(format!("this case has no finding `{id}`")).hint("`vigie findings DIR` lists them"));
        }
        return Ok(wanted);
    }
    let range = id.split_once(':').and_then(|(evidence, range)| {
        let (start, end) = range.split_once('-')?;
        let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
        (start <= end).then_some((evidence, Span { start, len: end - start, line: 0 }))
    });
    let (evidence, span) = range.ok_or_else(|| {
        Error::new(format!("`{id}` is neither a finding's id nor a range of evidence"))
            .hint("write the first digits of an id that `vigie findings` prints, or those of a hash and bytes: `9f86d081:1021-1042`")
    })?;
    let id = case.evidence_like(evidence)?.evidence.id;
    if case.withholds_in(id, span)? {
        return Err(Error::new(format!("this range of `{evidence}` may hold what case.toml keeps back")).hint(
            "a finding's id shows the lines behind it; of an archive with something kept back no range is shown",
        ));
    }
    wanted.insert((id, None), vec![span]);
    Ok(wanted)
}

fn print(
    case: &Case,
    (id, steps): &Inside,
    mut spans: Vec<Span>,
    raw: bool,
    names: &Names,
    style: &Style,
    out: &mut Out,
) -> Result<()> {
    let registered = case.evidence_like(&id.to_string())?;
    if registered.place == Place::Nowhere {
        return Err(Error::new(format!("the bytes of {id} were forgotten")));
    }
    spans.sort();
    spans.dedup();
    let file = case.bytes_of(&registered).map_err(|e| Error::new(format!("could not open {id}")).because(e))?;
    let mut walk = Walk::new(file, steps.as_deref())?;
    let steps = walk.steps();
    let mut told = BTreeSet::new();
    if !raw {
        let starts: BTreeMap<u64, Span> = spans.iter().map(|s| (s.start, *s)).collect();
        walk.shown(&starts.keys().copied().collect(), &mut |start, bytes| {
            told.insert(start);
            let Some(span) = starts.get(&start) else { return Ok(()) };
            let end = start.saturating_add(span.len);
            if style.json {
                let text = String::from_utf8_lossy(bytes);
                return out.json(&json!({ "evidence": id, "path": names.get(*id), "steps": steps, "start": start,
                    "end": end, "line": span.line, "written_anew": true, "text": text }));
            }
            out.line(&format!(
                "# {} {start}-{end}, written anew: it lies there scrambled",
                escape::visible(names.get(*id))
            ))?;
            bytes
                .split(|b| *b == b'\n')
                .try_for_each(|line| out.line(&escape::visible_bytes(line.strip_suffix(b"\r").unwrap_or(line))))
        })?;
    }
    for span in spans.into_iter().filter(|s| !told.contains(&s.start)) {
        let place = format!("{}:{}", names.get(*id), span.line);
        if style.json {
            let mut text = String::new();
            walk.range(span, &mut |bytes| {
                text.push_str(&String::from_utf8_lossy(bytes));
                Ok(())
            })?;
            out.json(&json!({ "evidence": id, "path": names.get(*id), "steps": steps, "start": span.start,
                "end": span.start.saturating_add(span.len), "line": span.line, "text": text }))?;
            continue;
        }
        if !raw {
            let end = span.start.saturating_add(span.len);
            let steps = if steps.is_empty() { String::new() } else { format!(" ({})", steps.join(", ")) };
            out.line(&format!("# {}{steps} {}-{end}", escape::visible(&place), span.start))?;
        }
        let mut rest = Vec::new();
        walk.range(span, &mut |bytes| {
            if raw {
                return out.raw(bytes);
            }
            rest.extend_from_slice(bytes);
            while let Some(end) = rest.iter().position(|&b| b == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                out.line(&escape::visible_bytes(&line[..end]))?;
            }
            Ok(())
        })?;
        match raw {
            true => out.raw(b"\n")?,
            false => out.line(&escape::visible_bytes(&rest))?,
        }
    }
    Ok(())
}
