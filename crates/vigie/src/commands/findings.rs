//! `findings`: what a case found, most urgent first.

use super::{Outcome, judged, style};
use crate::cli::{Findings, Global};
use crate::output::{Names, Out, Style, Table, finding};
use crate::settings::from_case;
use model::{Result, Severity, View};
use std::ops::ControlFlow;
use store::Case;

/// Rows of a table unless all are asked for.
const ROWS: u64 = 30;

/// `vigie findings`.
pub fn findings(args: &Findings, global: &Global) -> Result<Outcome> {
    let case = Case::look(&args.dir)?;
    let style = style(global, &from_case(&args.dir)?)?;
    let mut out = Out::new();
    print(&case, &style, args.severity, args.all, &mut out)?;
    out.end()?;
    judged(&case, global.fail_on)
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
    let counts: Vec<String> =
        counts.iter().rev().filter(|(_, n)| *n > 0).map(|(s, n)| format!("{n} {}", s.as_str())).collect();
    out.line(&format!("{}: {}", style.lang.of("findings", "constats"), counts.join(", ")))
}
