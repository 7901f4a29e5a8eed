//! `findings`: what a case found, most urgent first.

use super::{Outcome, judged, style};
use crate::cli::{Global, time};
use crate::output::{Names, Out, Style, finding, finding_with_news, say, stamp};
use crate::settings::from_case;
use crate::told::Table;
use clap::Args;
use model::{Result, Severity, Time, View, escape};
use std::ops::ControlFlow;
use std::path::PathBuf;
use store::{Case, Run};

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  vigie findings my-campaign --severity high\n  vigie findings my-campaign --new\n  \
         vigie findings my-campaign --since 2027-04-01 --json\n\n\
         Next: `vigie show my-campaign ID`."
)]
pub struct Findings {
    /// The case
    pub dir: PathBuf,
    /// Only those at or above this: info, low, medium, high, critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Only what the last run that brought anything made, or changed, and what changed
    #[arg(long)]
    pub new: bool,
    /// Only what runs at or after this made or changed
    #[arg(long, value_parser = time, value_name = "TIME", conflicts_with = "new")]
    pub since: Option<Time>,
    /// Print every finding, not only the most severe
    #[arg(long)]
    pub all: bool,
}

/// Rows of a table unless all are asked for.
const ROWS: u64 = 30;

/// `vigie findings`.
pub fn findings(args: &Findings, global: &Global) -> Result<Outcome> {
    let case = Case::look(&args.dir)?;
    let configured = from_case(&args.dir)?;
    let style = style(global, &configured)?;
    super::withhold(&case, &configured, &style)?;
    let mut out = Out::new();
    let dir = args.dir.display();
    match (case.whole().evidence()?.is_empty(), case.last_run()?.is_none()) {
        (true, _) => say(
            &style,
            format!("this case has no evidence yet: vigie add {dir} FILES"),
            format!("ce dossier n’a pas encore de pièces : vigie add {dir} FICHIERS"),
        ),
        (false, true) => say(
            &style,
            format!("this case was not read yet, or nothing was found: vigie run {dir}"),
            format!("ce dossier n’a pas encore été lu, ou rien n’a été trouvé : vigie run {dir}"),
        ),
        _ => {}
    }
    let from = match args.since {
        Some(time) => Some(case.run_since(time)?),
        None if args.new => Some(case.last_run()?),
        None => None,
    };
    match from {
        None => print(&case, &style, args.severity, args.all, &mut out)?,
        Some(run) => news(&case, &style, args.severity, run, &mut out)?,
    }
    out.end()?;
    judged(&case, global.fail_on)
}

/// Prints what runs from this one on made or changed, and what changed of it.
fn news(case: &Case, style: &Style, least: Option<Severity>, from: Option<Run>, out: &mut Out) -> Result<()> {
    let view = case.whole();
    let names = Names::of(&view)?;
    let mut remembered = from.as_ref().map(|run| case.remembered(run)).transpose()?.unwrap_or_default();
    let mut table = Table::new(style, &names);
    view.findings(&mut |f| {
        if least.is_some_and(|l| f.severity < l) {
            return Ok(ControlFlow::Continue(()));
        }
        // Once: two pieces of evidence may have given one id.
        let Some(known) = remembered.remove(&f.id()) else { return Ok(ControlFlow::Continue(())) };
        if style.json {
            out.json(&finding_with_news(&f, &names, style.lang, &known))?;
            return Ok(ControlFlow::Continue(()));
        }
        table.row(out, &f)?;
        for change in &known.changes {
            let line = format!("          {}: {} → {}", change.field, short(&change.from), short(&change.to));
            out.line(&escape::visible(&line))?;
        }
        Ok(ControlFlow::Continue(()))
    })?;
    // What stands no more is news as well; no finding bears it now.
    for gone in from.as_ref().map(|run| case.gone_since(run)).transpose()?.unwrap_or_default() {
        match style.json {
            true => out.json(&serde_json::json!({ "gone": gone }))?,
            false => out.line(&escape::visible(&crate::output::gone_line(&gone, style.lang)))?,
        }
    }
    if let (false, Some(run)) = (style.json, from) {
        let time = stamp(run.time, &style.zone);
        out.line(&match style.lang {
            model::Lang::En => format!("since {time}; lines below a finding say what changed of it"),
            model::Lang::Fr => format!("depuis {time} ; les lignes sous un constat disent ce qui en a changé"),
        })?;
    }
    Ok(())
}

/// A value as a table shows it.
fn short(value: &serde_json::Value) -> String {
    let one = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_string);
    let text = match value {
        serde_json::Value::Null => "–".into(),
        serde_json::Value::Array(all) => all.iter().map(one).collect::<Vec<_>>().join(", "),
        value => one(value),
    };
    text.chars().take(200).collect()
}

/// Prints a case's findings: all of them as JSON, the most urgent as a table.
pub fn print(case: &Case, style: &Style, least: Option<Severity>, all: bool, out: &mut Out) -> Result<()> {
    let view = case.whole();
    let names = Names::of(&view)?;
    let mut table = Table::new(style, &names);
    let counts = case.severities()?;
    let total: u64 = counts.iter().filter(|(s, _)| least.is_none_or(|l| *s >= l)).map(|(_, n)| n).sum();
    let mut shown = 0;
    view.findings(&mut |f| {
        if least.is_some_and(|l| f.severity < l) {
            return Ok(ControlFlow::Continue(()));
        }
        if style.json {
            out.json(&finding(&f, &names, style.lang))?;
            return Ok(ControlFlow::Continue(()));
        }
        if shown == ROWS && !all {
            return Ok(ControlFlow::Break(()));
        }
        shown += 1;
        table.row(out, &f)?;
        Ok(ControlFlow::Continue(()))
    })?;
    if style.json || total == 0 {
        return Ok(());
    }
    if total > shown {
        let more = total - shown;
        out.line(&match style.lang {
            model::Lang::En => format!("… and {more} more; --all shows them"),
            model::Lang::Fr => format!("… et {more} de plus ; --all les montre"),
        })?;
    }
    crate::told::summary(&view, style, out)?;
    out.line("")?;
    out.line(&casework::short::counted(&counts, style.lang))
}
