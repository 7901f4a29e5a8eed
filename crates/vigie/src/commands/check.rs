//! `check` and `read`: the one path on a temporary case that refers to its files.

use super::{Outcome, actor, judged, not_understood, say_apart, something_read, style};
use crate::cli::{Global, Settings};
use crate::gather::{Refused, gather};
use crate::output::{Names, Out, Style, observation, observation_row, say, say_isolation, skipped};
use crate::pipeline::{Done, Pipeline};
use crate::progress::Progress;
use crate::settings::{Configured, from_options, say_taken};
use clap::Args;
use model::{Context, Result, Text, View, escape};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use store::{Arrival, Case};

#[derive(Args, Debug)]
#[command(after_help = crate::cli::kinds() + "Examples:\n  vigie check access.log auth.log.2.gz\n  vigie check /var/log --fail-on high\n  \
         vigie check --protect example.org names.txt.gz --indicators maltrail.txt\n  \
         vigie check mail.eml --records answers.jsonl --keys my-campaign\n  \
         zcat access.log.*.gz | vigie check - --json\n\nNext: `vigie read` shows what was read; `vigie init` keeps it.")]
pub struct Check {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub settings: Settings,
    /// Print every finding, not only the most severe
    #[arg(long)]
    pub all: bool,
}

#[derive(Args, Debug)]
#[command(after_help = crate::cli::kinds() + "Examples:\n  vigie read auth.log\n  vigie read --json access.log | head\n  \
         vigie read --json mail.eml --records zone.txt\n\nNext: `vigie check` judges it.")]
pub struct Read {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub settings: Settings,
}

/// A temporary case with what was read into it.
pub(super) struct Temporary {
    pub(super) case: Case,
    style: Style,
    refused: Vec<Refused>,
    done: Done,
}

/// Files told one by one; more are told by kind.
const FILES: usize = 12;

/// `vigie check`.
pub fn check(args: &Check, global: &Global) -> Result<Outcome> {
    let configured = from_options(&args.settings)?;
    let temporary = read_into(&args.paths, args.settings.isolate, global, &configured, true)?;
    let Temporary { case, style, .. } = &temporary;
    // What was read comes first: what was found ends the output.
    super::say_unread(&configured.config, style);
    temporary.summary(true)?;
    let mut out = Out::new();
    if !style.json {
        let (view, config) = (case.whole(), &configured.config);
        let context = Context { config, origins: &configured.origins, at: global.now(), modified: None };
        crate::told::verdicts(&view, &context, &Names::of(&view)?, style, &mut out)?;
    }
    super::findings::print(case, style, None, args.all, &mut out)?;
    out.end()?;
    temporary.outcome(judged(case, global.fail_on)?)
}

/// `vigie read`.
pub fn read(args: &Read, global: &Global) -> Result<Outcome> {
    let configured = from_options(&args.settings)?;
    let temporary = read_into(&args.paths, args.settings.isolate, global, &configured, false)?;
    let view = temporary.case.whole();
    let names = Names::of(&view)?;
    let mut out = Out::new();
    view.in_place(&mut |visit| {
        match temporary.style.json {
            true => out.json(&observation(&visit, &names))?,
            false => observation_row(&mut out, &visit, &names, &temporary.style)?,
        }
        Ok(ControlFlow::Continue(()))
    })?;
    out.end()?;
    temporary.summary(false)?;
    temporary.outcome(Outcome::Done)
}

/// Reads files into a temporary case.
pub(super) fn read_into(
    paths: &[PathBuf],
    isolate: bool,
    global: &Global,
    configured: &Configured,
    detect: bool,
) -> Result<Temporary> {
    let style = style(global, configured)?;
    say_taken(&configured.config, &style);
    if isolate && !platform::COMPLETE {
        say(
            &style,
            "workers are not isolated on this system: they are processes with limits",
            "sur ce système, les processus de lecture ne sont pas isolés : ils ont seulement des limites",
        );
    }
    let (sources, refused) = gather(paths);
    let case = Case::temporary()?;
    let (now, by) = (global.now(), actor());
    // A hash tells evidence apart and stands in the traces of JSON; a table shows none.
    let hashed = style.json || sources.len() > 1;
    for s in sources {
        let arrival = Arrival { path: s.name, bytes: s.bytes, modified: s.modified, added: now, by: by.clone() };
        case.refer_unread(s.path.as_deref(), s.size, arrival)?;
    }
    let progress = Progress::new(!style.json);
    let pipeline = Pipeline { case: &case, configured, isolate, hashed, progress: &progress };
    let done = pipeline.read()?;
    if detect {
        pipeline.detect()?;
    }
    Ok(Temporary { case, style, refused, done })
}

impl Temporary {
    /// What each file was, what was not read in it and why, on standard error.
    pub(super) fn summary(&self, detected: bool) -> Result<()> {
        let view = self.case.whole();
        let names = Names::of(&view)?;
        say_isolation(&self.style);
        super::say_withheld(&self.case, &self.style);
        for r in &self.refused {
            skipped(&self.style, &r.name, &r.reason, 1, 0);
        }
        for (path, other) in &self.done.same {
            skipped(&self.style, path, &format!("same bytes as `{other}`"), 1, 0);
        }
        let style = &self.style;
        let evidence = view.evidence()?;
        if evidence.len() > FILES && !style.json {
            let mut kinds: BTreeMap<&str, (Text, usize)> = BTreeMap::new();
            for sensor in evidence.iter().filter_map(|e| sensors::sensor(e.kind.as_deref()?)) {
                kinds.entry(sensor.name()).or_insert_with(|| (sensor.title(), 0)).1 += 1;
            }
            for (title, n) in kinds.values() {
                say(style, format!("{n} × {}", title.en), format!("{n} × {}", title.fr));
            }
        }
        for e in evidence.iter().filter(|_| evidence.len() <= FILES) {
            let Some(sensor) = e.kind.as_deref().and_then(sensors::sensor) else { continue };
            let title = sensor.title();
            let path = escape::visible(&e.path);
            say(
                style,
                format!("{path}: {} ({})", title.en, e.kind.as_deref().unwrap_or("")),
                format!("{path} : {} ({})", title.fr, sensor.name()),
            );
        }
        for (id, note) in view.notes()? {
            match style.json {
                true => eprintln!(
                    "{}",
                    escape::json(
                        &serde_json::json!({ "note": note.text.get(style.lang), "path": names.get(id) }).to_string()
                    )
                ),
                false => say(
                    style,
                    format!("note: {}: {}", names.get(id), note.text.en),
                    format!("note : {} : {}", names.get(id), note.text.fr),
                ),
            }
        }
        for (path, skip) in view.named_skips()? {
            skipped(style, &path, &skip.reason, skip.count, skip.line);
        }
        let refusals = not_understood(&view, style)?;
        say_apart(&self.case, style)?;
        something_read(&self.case)?;
        if detected && self.done.refused == 0 && self.case.severities()?.iter().all(|(_, n)| *n == 0) {
            match refusals {
                0 => say(style, "nothing found", "rien trouvé"),
                n => say(
                    style,
                    format!("nothing found in what was understood; {n} lines that look like refusals were not"),
                    format!(
                        "rien trouvé dans ce qui a été compris ; {n} lignes qui semblent des refus ne l’ont pas été"
                    ),
                ),
            }
        }
        Ok(())
    }

    fn outcome(&self, outcome: Outcome) -> Result<Outcome> {
        let refused = self.done.refused > 0 || self.refused.iter().any(|r| r.named);
        Ok(if refused { Outcome::CouldNot } else { outcome })
    }
}
