//! The count: what does not agree between minutes, results and their snapshots, how much of the result minutes confirm, the
//! night as it was published. You may rely on: the gravest are kept whole, all stand in `discrepancies.csv`. Left out: judging
//! (crate `recount`).

mod map;
mod merge;
mod page;

use super::{Chapter, Gathering};
use crate::detail::{Detail, Kept};
use crate::export::Export;
use crate::page::gravest::{Advice, LEAD};
use crate::page::{Answer, Asks, ChapterPage, Place, Section, Sentence};
use crate::{Brief, Write, csv};
use jiff::civil::Date;
use model::{Finding, Result, Severity, Text};
use rows::Row;
use rows::station_minutes::{Audit, Coverage, Disagreement, Discrepancy, Forensics};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The chapter.
pub struct StationMinutes;

impl Chapter for StationMinutes {
    fn gather(&self) -> Box<dyn Gathering> {
        let mut table = String::new();
        csv::row(&mut table, &COLUMNS);
        Box::new(Gathered { table, ..Gathered::default() })
    }

    /// Counts speak of no person but candidates.
    fn prints(&self) -> &'static [&'static str] {
        &["station_minutes"]
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        (finding.detector == Discrepancy::NAME).then(|| {
            Advice::new(
                LEAD,
                "Ask for the sheet of minutes of that place and compare; where the result is at stake, mind the time to contest it.",
                "Demander le procès-verbal de ce lieu et comparer ; si le résultat est en jeu, veiller au délai de recours.",
            )
        })
    }

    fn tags(&self, finding: &Finding) -> Vec<String> {
        let row = (finding.detector == Discrepancy::NAME).then(|| Discrepancy::of(&finding.fields).ok()).flatten();
        row.filter(|r| r.could_change_result).map(|_| "count:decisive".to_string()).into_iter().collect()
    }

    fn upon_the_vote(&self, finding: &Finding) -> Option<Text> {
        match &*finding.detector {
            Coverage::NAME => {
                let row = Coverage::of(&finding.fields).ok()?;
                let margins = |between: &str| {
                    let one = |m: &rows::station_minutes::Margin| {
                        format!("; {} {between} {}: {}", m.winner, m.loser, m.votes)
                    };
                    row.margins.iter().map(one).collect::<String>()
                };
                let (en, fr) = (margins("before"), margins("devant").replace(':', "\u{202f}:").replace(';', " ;"));
                Some(Text::new(format!("{}{en}", finding.title.en), format!("{}{fr}", finding.title.fr)))
            }
            Audit::NAME => Some(finding.title.clone()),
            Discrepancy::NAME if finding.severity > Severity::Medium => {
                let row = Discrepancy::of(&finding.fields).ok()?;
                let decides =
                    |yes: &str, no: &str| if row.could_change_result { yes.to_string() } else { no.to_string() };
                let en = decides(", which reaches the margin", ", less than the margin");
                let fr = decides(", ce qui atteint l’écart", ", moins que l’écart");
                Some(Text::new(
                    format!("{}; moves {} votes{en}", finding.title.en, row.swing),
                    format!("{} ; déplace {} voix{fr}", finding.title.fr, row.swing),
                ))
            }
            _ => None,
        }
    }

    fn exports(&self) -> &'static [Export] {
        merge::EXPORTS
    }
}

/// What the case says of the count.
#[derive(Debug, Default)]
struct Gathered {
    /// Of each race how much is confirmed.
    contests: Vec<Kept<Coverage>>,
    /// What does not agree.
    discrepancies: Vec<Kept<Discrepancy>>,
    /// What statistics say of each race.
    forensics: Vec<Kept<Forensics>>,
    /// Audits of the paper.
    audits: Vec<Kept<Audit>>,
    /// How many, by race, kind and severity.
    counts: BTreeMap<(String, Disagreement, Severity), u64>,
    /// Those that could change the result.
    decisive: u64,
    /// By area, for the map: how many votes discrepancies move there.
    moved: BTreeMap<String, u64>,
    table: String,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathered {
    /// How many at or above a severity.
    fn count(&self, least: Severity) -> u64 {
        self.counts.iter().filter(|((_, _, s), _)| *s >= least).map(|(_, n)| n).sum()
    }

    /// Of a race, how many by kind.
    fn kinds(&self, contest: &str) -> BTreeMap<Disagreement, u64> {
        let mut kinds = BTreeMap::new();
        for ((c, kind, _), n) in &self.counts {
            if c == contest {
                *kinds.entry(*kind).or_default() += n;
            }
        }
        kinds
    }
}

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, write: &mut Write) -> Result<Option<Finding>> {
        match &*finding.detector {
            Coverage::NAME => Ok(Kept::keep(&mut self.contests, Severity::Info, finding, day)),
            Audit::NAME => Ok(Kept::keep(&mut self.audits, Severity::Info, finding, day)),
            Forensics::NAME => Ok(Kept::keep(&mut self.forensics, Severity::Info, finding, day)),
            Discrepancy::NAME => {
                let Ok(row) = Discrepancy::of(&finding.fields) else { return Ok(Some(finding)) };
                *self.counts.entry((row.contest.clone(), row.kind, finding.severity)).or_default() += 1;
                self.decisive += u64::from(row.could_change_result);
                for area in [&row.area, &row.name].into_iter().chain(row.carried_to.iter().map(|(_, a)| a)) {
                    let moved = self.moved.entry(area.clone()).or_default();
                    *moved = moved.saturating_add(row.swing);
                }
                line(&mut self.table, &finding, &row);
                if self.table.len() > 1 << 16 {
                    self.flush(write)?;
                }
                Ok(Kept::keep(&mut self.discrepancies, Severity::Low, finding, day))
            }
            _ => Ok(Some(finding)),
        }
    }

    fn finish(&mut self, _: &Brief, write: &mut Write) -> Result<()> {
        self.contests.sort_by(|a, b| a.row.contest.cmp(&b.row.contest));
        if self.contests.is_empty() { Ok(()) } else { self.flush(write) }
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let contests = self.contests.iter_mut().map(|t| &mut t.detail);
        let forensics = self.forensics.iter_mut().map(|t| &mut t.detail);
        let audits = self.audits.iter_mut().map(|t| &mut t.detail);
        contests.chain(audits).chain(forensics).chain(self.discrepancies.iter_mut().map(|t| &mut t.detail)).collect()
    }

    fn figures(&self) -> Map<String, Value> {
        if self.contests.is_empty() {
            return Map::new();
        }
        let list = |d: &Kept<Discrepancy>| {
            let f = &d.detail.finding;
            json!({ "id": f.id(), "severity": f.severity, "fields": f.fields })
        };
        let all = json!({
            "contests": self.contests.iter().map(|c| c.row.fields()).collect::<Vec<_>>(),
            "discrepancies": self.count(Severity::Info),
            "could_change_result": self.decisive,
            "audits": self.audits.iter().map(|a| a.row.fields()).collect::<Vec<_>>(),
            "forensics": self.forensics.iter().map(|f| f.row.fields()).collect::<Vec<_>>(),
            "list": self.discrepancies.iter().map(list).collect::<Vec<_>>(),
        });
        Map::from_iter([("station_minutes".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        let page = Page::new(page, self);
        // Whether it could change the result or not: that minutes and publication differ is what happened.
        let told = match (self.decisive, self.count(Severity::Low)) {
            (0, 0) => None,
            (0, _) => Some((false, page::sentence(&page))),
            _ => Some((true, page::decisive(&page))),
        };
        told.map(|(alarm, markup)| Answer { asks: Asks::What, alarm, markup }).into_iter().collect()
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let markup = (!self.contests.is_empty()).then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}

impl Gathered {
    fn flush(&mut self, write: &mut Write) -> Result<()> {
        write("discrepancies.csv", self.table.as_bytes())?;
        self.table.clear();
        Ok(())
    }
}

const COLUMNS: [&str; 19] = [
    "id",
    "severity",
    "contest",
    "level",
    "area",
    "name",
    "kind",
    "figure",
    "expected",
    "found",
    "difference",
    "swing",
    "could_change_result",
    "since",
    "since_source",
    "until",
    "source",
    "line",
    "against",
];

/// Appends a discrepancy: a row for each figure that differs.
fn line(table: &mut String, finding: &Finding, d: &Discrepancy) {
    let count = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
    let none = [rows::station_minutes::Differing::new("", None, None)];
    let when = |u: &Option<rows::station_minutes::Upload>| {
        u.as_ref().and_then(|u| u.time).map_or_else(String::new, |t| t.to_string())
    };
    for figure in if d.figures.is_empty() { &none[..] } else { &d.figures[..] } {
        csv::row(
            table,
            &[
                finding.id(),
                finding.severity.as_str().into(),
                d.contest.clone(),
                d.level.to_string(),
                d.area.clone(),
                d.name.clone(),
                d.kind.to_string(),
                figure.figure.clone(),
                count(figure.expected),
                count(figure.found),
                figure.difference.to_string(),
                d.swing.to_string(),
                d.could_change_result.to_string(),
                when(&d.since),
                d.since.as_ref().map_or_else(String::new, |u| u.source.clone()),
                when(&d.until),
                d.source.clone(),
                d.line.to_string(),
                d.against.clone(),
            ],
        );
    }
}
