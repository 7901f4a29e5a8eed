//! How much of a result is confirmed, by whose minutes, and what to collect next.

use super::discrepancy::{Counted, both};
use super::{INPUTS, told};
use crate::{Detector, Specification};
use model::{Context, Finding, Level as Law, Reason, Result, Severity, View};
use rows::station_minutes::Coverage;
use rows::{Row, Shape};
use std::borrow::Cow;

/// The detector.
pub struct CoverageDetector;

impl Detector for CoverageDetector {
    fn id(&self) -> &'static str {
        Coverage::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Coverage>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("coverage.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let counted = Counted::of(case, context)?;
        for c in &counted.report.coverage {
            found(finding(&counted, c))?;
        }
        Ok(())
    }
}

fn finding(counted: &Counted, c: &Coverage) -> Finding {
    let title = both(|lang| {
        let n = |k: u64| told::number(k, lang);
        let what = if c.contest.is_empty() { lang.of("the result", "le résultat") } else { &c.contest };
        let wrong: u64 = c.discrepancies.values().sum();
        match (c.with_minutes, lang) {
            (0, model::Lang::En) => format!("{what}: no minutes; {} discrepancies", n(wrong)),
            (0, model::Lang::Fr) => format!("{what} : aucun procès-verbal ; {} discordances", n(wrong)),
            (_, model::Lang::En) => format!(
                "{what}: minutes of {} of {} stations confirm {} of {} votes; {} discrepancies",
                n(c.with_minutes),
                n(c.stations),
                n(c.votes_confirmed),
                n(c.votes),
                n(wrong)
            ),
            (_, model::Lang::Fr) => format!(
                "{what} : les procès-verbaux de {} bureaux sur {} confirment {} voix sur {} ; {} discordances",
                n(c.with_minutes),
                n(c.stations),
                n(c.votes_confirmed),
                n(c.votes),
                n(wrong)
            ),
        }
    });
    let times = || c.night.iter().filter_map(|n| n.0.time);
    Finding {
        detector: Cow::Borrowed(Coverage::NAME),
        key: c.contest.clone(),
        severity: Severity::Info,
        confidence: 90,
        level: Law::Legal,
        title,
        reasons: vec![Reason::against(
            50,
            model::Text::new(
                "minutes show what happened from the count on; nothing of what went before it, nor of votes cast online or by machine",
                "les procès-verbaux montrent ce qui suit le dépouillement ; rien de ce qui le précède, ni des votes en ligne ou par machine",
            ),
        )],
        techniques: Vec::new(),
        first: times().min(),
        last: times().max(),
        entities: Vec::new(),
        traces: counted.traces(),
        fields: c.fields(),
    }
}
