//! Figures that should be one and are not.

use super::{INPUTS, audit, settings, told};
use crate::{Detector, Specification};
use model::{
    Context, EvidenceId, Finding, Level as Law, Reason, Result, Severity, Span, SpanSet, Step, Text, Trace, View,
};
use recount::check::Report;
use recount::polling::Told;
use recount::{World, check, hint};
use rows::station_minutes::{Disagreement, Discrepancy, Forensics, Level, Table};
use rows::{Row, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// Findings of one case; beyond, the coverage counts them.
const TOLD: usize = 5000;

/// The detector.
pub struct DiscrepancyDetector;

/// The tables of a case and what they say.
pub struct Counted {
    /// The tables, joined.
    pub world: World,
    /// What is found.
    pub report: Report,
    /// Rounds of audits, each with the race that it names, if it does.
    pub rounds: Vec<(String, Told)>,
    /// Stations that were counted again, with the round in which they were: the file and its table.
    pub papers: Vec<(String, Table)>,
    /// What statistics say.
    forensics: Vec<Forensics>,
    /// Where each table is: source, evidence, steps, and the lines and places of its rows.
    places: Vec<(String, EvidenceId, Vec<Step>, Table)>,
}

impl Counted {
    /// Of a case; made once for all detectors.
    pub fn of(case: &dyn View, context: &Context) -> Result<Rc<Counted>> {
        let make = || Counted::load(case, context);
        match case.shared() {
            Some(shared) => shared.get(make),
            None => make().map(Rc::new),
        }
    }

    fn load(case: &dyn View, context: &Context) -> Result<Counted> {
        let settings = context.config.settings::<settings::Settings>()?;
        let paths: BTreeMap<EvidenceId, String> = case.evidence()?.into_iter().map(|e| (e.id, e.path)).collect();
        let (mut rounds, mut papers) = (Vec::new(), Vec::new());
        let (mut names, mut tables, mut places): (Vec<String>, Vec<(usize, Table)>, Vec<_>) = Default::default();
        case.observations(Table::NAME, &mut |visit| {
            let mut table = Table::of(&visit.observation.fields)?;
            let file = paths.get(&visit.evidence).map_or("?", String::as_str);
            let name = format!("{}{}", file.rsplit('/').next().unwrap_or(file), Step::path(&visit.steps));
            // The name of a round's file tells the round, not the race.
            let race = table.contest.clone();
            hint::apply(&mut table, file, &visit.steps, &settings.minutes);
            let at = match names.iter().position(|n| *n == name) {
                Some(at) => at,
                None => {
                    names.push(name.clone());
                    names.len() - 1
                }
            };
            let source = if table.part.is_empty() { name } else { format!("{name} [{}]", table.part) };
            if !table.round.is_empty() {
                let of_station = |row| table.area(row).any(|(level, ..)| level == Level::Station);
                if (0..table.len()).any(of_station) {
                    papers.push((source.clone(), Table { contest: race.clone(), ..table.clone() }));
                } else {
                    rounds.extend(audit::told_of(&table, &source).into_iter().map(|t| (race.clone(), t)));
                }
            }
            let lines =
                Table { lines: table.lines.clone(), places: std::mem::take(&mut table.places), ..Table::default() };
            places.push((source, visit.evidence, visit.steps, lines));
            tables.push((at, table));
            Ok(ControlFlow::Continue(()))
        })?;
        let world = World::new(names, tables);
        let report = if places.is_empty() { Report::default() } else { check(&world) };
        let forensics = recount::forensics(&world, &report);
        Ok(Counted { world, report, rounds, papers, forensics, places })
    }

    /// What statistics say of each race that has enough areas.
    pub fn forensics(&self) -> &[Forensics] {
        &self.forensics
    }

    /// The trace of a line of a source; of no line, the whole table.
    pub fn trace(&self, source: &str, line: u64) -> Option<Trace> {
        let of = || self.places.iter().filter(|p| p.0 == source);
        let found = of().find_map(|p| p.3.place(line).map(|(_, start, len)| (p, Span { start, len, line })));
        let (place, span) = found.or_else(|| of().next().map(|p| (p, Span { start: 0, len: 0, line })))?;
        let mut spans = SpanSet::new();
        spans.push(span);
        Some(Trace { evidence: place.1, steps: place.2.clone(), spans })
    }

    /// One trace of each table.
    pub fn traces(&self) -> Vec<Trace> {
        let mut all: Vec<Trace> = self
            .places
            .iter()
            .filter_map(|p| self.trace(&p.0, p.3.lines.first().map_or(0, |l| u64::from(*l))))
            .collect();
        all.dedup();
        all.truncate(20);
        all
    }
}

impl Detector for DiscrepancyDetector {
    fn id(&self) -> &'static str {
        Discrepancy::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Discrepancy>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        INPUTS
    }

    fn watched(&self) -> &'static [&'static str] {
        &["swing", "could_change_result"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("discrepancy.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let counted = Counted::of(case, context)?;
        for d in counted.report.discrepancies.iter().take(TOLD) {
            found(finding(&counted, d))?;
        }
        Ok(())
    }
}

fn severity(d: &Discrepancy) -> Severity {
    match d.kind {
        Disagreement::Overlap | Disagreement::DoubleEntry => Severity::Low,
        // Of a whole whose parts are published elsewhere nothing is altered.
        Disagreement::Sum if d.causes.iter().all(|c| c.cause != "unexplained") && !d.causes.is_empty() => Severity::Low,
        Disagreement::Changed => {
            if d.could_change_result {
                Severity::High
            } else {
                Severity::Low
            }
        }
        _ if d.could_change_result => Severity::Critical,
        _ if d.swing > 0 => Severity::High,
        _ => Severity::Medium,
    }
}

fn finding(counted: &Counted, d: &Discrepancy) -> Finding {
    let coverage = counted.report.coverage.iter().find(|c| c.contest == d.contest);
    let mut reasons = vec![Reason::supporting(
        70,
        both(|lang| {
            let figures = told::figures(d, 6, lang);
            let against = told::against(d, lang);
            let against = if against.is_empty() { against } else { format!(" ({against})") };
            format!("{figures}{against}")
        }),
    )];
    reasons.push(Reason::supporting(30, told::effect(d, coverage)));
    if let Some(since) = &d.since {
        let until = d.until.as_ref().map(told::upload);
        reasons.push(Reason::supporting(
            20,
            both(|lang| {
                let first = format!(
                    "{} {}",
                    lang.of("the earliest wrong upload is", "le premier envoi faux est"),
                    told::upload(since)
                );
                until.as_ref().map_or(first.clone(), |u| {
                    format!("{first}; {} {u}", lang.of("right again in", "de nouveau juste dans"))
                })
            }),
        ));
    }
    for (areas, en, fr) in [
        (&d.carried_to, "totals that are wrong by the same votes:", "totaux faux des mêmes voix :"),
        (&d.right_in, "totals that are right all the same:", "totaux justes malgré cela :"),
    ] {
        if !areas.is_empty() {
            reasons.push(Reason::supporting(
                10,
                both(|lang| format!("{} {}", lang.of(en, fr), told::totals(areas, lang))),
            ));
        }
    }
    reasons.push(Reason::against(20, told::innocent(d.kind)));
    let time = d.since.as_ref().and_then(|u| u.time);
    Finding {
        detector: Cow::Borrowed(Discrepancy::NAME),
        key: format!("{}|{}|{}|{}|{}|{}", d.contest, d.level, d.area, d.kind, d.source, d.line),
        severity: severity(d),
        confidence: match d.kind {
            Disagreement::Changed | Disagreement::Sum | Disagreement::Missing => 80,
            Disagreement::Overlap => 70,
            _ => 95,
        },
        level: Law::Grey,
        title: told::title(d),
        reasons,
        techniques: Vec::new(),
        first: time,
        last: time,
        entities: Vec::new(),
        traces: counted.trace(&d.source, d.line).into_iter().collect(),
        fields: d.fields(),
    }
}

/// A sentence in both languages.
pub fn both(say: impl Fn(model::Lang) -> String) -> Text {
    Text::new(say(model::Lang::En), say(model::Lang::Fr))
}
