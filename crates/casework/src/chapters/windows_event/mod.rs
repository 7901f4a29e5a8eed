//! Windows machines: what was done on them, gravest first. You may rely on: the gravest are kept whole, all are counted;
//! attempts to log on are told among all attempts. Left out: judging (crate `sensors`), and lines of evidence: they speak of
//! people, and places are enough.

mod page;

use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, LISTED};
use crate::export::Event;
use crate::page::{ChapterPage, Place, Section, Sentence};
use jiff::civil::Date;
use model::{Finding, Result, Role, Severity};
use rows::windows_event::Machine;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The chapter.
pub struct WindowsEvent;

/// The beginning of its detectors' names.
const KIND: &str = "windows_event/";

impl Chapter for WindowsEvent {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    /// Where machines were used from: what others can look for.
    fn attributes(&self, finding: &Finding, event: &mut Event) {
        if !finding.detector.starts_with(KIND) || finding.severity < Severity::Medium {
            return;
        }
        event.of(finding);
        for entity in finding.entities.iter().filter(|e| e.kind.is_address() && e.role == Role::Source) {
            event.add("Network activity", "ip-src", &entity.value, false, finding);
        }
    }
}

/// What the case says of Windows machines.
#[derive(Debug, Default)]
struct Gathered {
    /// The gravest, from low on.
    kept: Vec<Detail>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
    /// The machines that findings from medium on are of, with how many each.
    machines: BTreeMap<String, u64>,
}

/// Machines that are counted apart.
const MACHINES: usize = 10_000;

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathered {
    /// Findings at or above a severity.
    fn all(&self, least: Severity) -> u64 {
        self.counts.iter().filter(|((_, s), _)| *s >= least).map(|(_, n)| n).sum()
    }
}

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        if !finding.detector.starts_with(KIND) {
            return Ok(Some(finding));
        }
        *self.counts.entry((finding.detector.to_string(), finding.severity)).or_default() += 1;
        if finding.severity >= Severity::Medium
            && let Ok(Machine { computer }) = finding.fields.to()
            && (self.machines.len() < MACHINES || self.machines.contains_key(&computer))
        {
            *self.machines.entry(computer).or_default() += 1;
        }
        if self.kept.len() < LISTED && finding.severity > Severity::Info {
            self.kept.push(Detail::new(finding, day));
        }
        Ok(None)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        self.kept.iter_mut().collect()
    }

    fn figures(&self) -> Map<String, Value> {
        if self.counts.is_empty() {
            return Map::new();
        }
        let list: Value = self
            .kept
            .iter()
            .map(|d| {
                let f = &d.finding;
                json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "confidence": f.confidence,
                    "first": f.first, "last": f.last, "title": f.title, "fields": f.fields })
            })
            .collect();
        let all = json!({
            "medium": self.all(Severity::Medium),
            "findings": self.all(Severity::Info),
            "machines": self.machines,
            "list": list,
        });
        Map::from_iter([("windows_event".into(), all)])
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let any = self.all(Severity::Medium) > 0;
        let markup = any.then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}
