//! Findings that no chapter takes: so that nothing found goes unsaid, they speak on page one from *medium* on, stand in
//! `brief.json`, and are told by their title, reasons and places. Their lines and fields are left out: what may be told
//! of a kind is for its chapter to say.

use super::Gathering;
use crate::detail::{Detail, LISTED};
use crate::page::{Answer, Asks, Leaf, Page, Place, Section, Sentence, Source, told};
use crate::{Write, show};
use jiff::civil::Date;
use maud::{Markup, html};
use model::{Finding, Result, Severity};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Their page.
const LEAF: Leaf = Leaf { file: "others.html", title: ("Other findings", "Autres constats") };

/// What no chapter takes.
#[derive(Debug, Default)]
pub struct Others {
    /// The gravest, above `info`.
    list: Vec<Detail>,
    /// How many, by severity.
    counts: BTreeMap<Severity, u64>,
}

impl Gathering for Others {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        *self.counts.entry(finding.severity).or_default() += 1;
        if self.list.len() < LISTED && finding.severity > Severity::Info {
            self.list.push(Detail::new(finding, day));
        }
        Ok(None)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        self.list.iter_mut().collect()
    }

    fn figures(&self) -> Map<String, Value> {
        // Nothing is said of nothing: a reader of JSON sees by the key that something has no chapter yet.
        if self.counts.is_empty() {
            return Map::new();
        }
        let list: Value = self
            .list
            .iter()
            .map(|d| {
                let f = &d.finding;
                json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "confidence": f.confidence,
                    "level": f.level, "title": f.title, "first": f.first, "last": f.last })
            })
            .collect();
        Map::from_iter([("others".into(), json!({ "findings": self.count(Severity::Info), "list": list }))])
    }

    /// What is grave comes before all counting, whatever it is.
    fn answers(&self, page: &Page) -> Vec<Answer> {
        let any = self.count(Severity::High) > 0;
        let answer = || Answer { asks: Asks::What, alarm: true, markup: self.sentence(page, Severity::High) };
        any.then(answer).into_iter().collect()
    }

    fn sentences(&self, page: &Page) -> Vec<Sentence> {
        // The first page has said the rest.
        if self.count(Severity::Medium) == self.count(Severity::High) {
            return Vec::new();
        }
        vec![Sentence { place: Place::Body, markup: self.sentence(page, Severity::Medium) }]
    }

    fn sections(&self, page: &Page) -> Vec<Section> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let all: u64 = self.count(Severity::Low);
        let markup = html! {
            @for d in &self.list {
                details {
                    summary {
                        @if let Some(first) = d.finding.first { time { (page.words.moment(first, &page.zone)) } " · " }
                        (page.words.prose(&d.finding.title, 160)) " "
                        span.quiet { (show::text(&d.finding.detector, 60)) }
                    }
                    (told::body(page, d, &told::facts(page, d), 0))
                }
            }
            @if all > LISTED as u64 { p { (page.sentence(
                "The {0} gravest of {1} are shown.", "Les {0} plus graves sur {1} sont montrés.",
                &[html! { (LISTED) }, html! { (page.words.number(all)) }],
            )) } }
        };
        vec![Section {
            leaf: LEAF,
            cover: false,
            place: Place::Body,
            id: "others",
            title: ("Other findings", "Autres constats"),
            markup,
        }]
    }
}

impl Others {
    /// Findings at or above a severity.
    fn count(&self, least: Severity) -> u64 {
        self.counts.range(least..).map(|(_, n)| n).sum()
    }

    /// How many at or above a severity, and the gravest by its title.
    fn sentence(&self, page: &Page, least: Severity) -> Markup {
        let n = page.words.count(self.count(least), ("finding", "constat"), ("findings", "constats"));
        let n = page.cite(&format!("others-{}", least.as_str()), &n, || Source {
            what: page.say("other findings", "autres constats"),
            how: page.say(
                "Findings of a kind that this brief has no chapter for; of them it tells title, reasons and places.",
                "Constats d’une nature qui n’a pas encore de chapitre dans cette note ; elle en dit le titre, les raisons et les endroits.",
            ),
            rows: page.say(
                "others in brief.json; vigie findings DIR --all",
                "others dans brief.json ; vigie findings DIR --all",
            ),
            opens: Vec::new(),
            find: String::new(),
        });
        let gravest = self.list.first().map(|d| page.words.prose(&d.finding.title, 160));
        let gravest = html! { a href="#others" { (gravest.unwrap_or_default()) } };
        match least {
            Severity::High => page.sentence(
                "{0} of another kind must be looked at today, first: {1}.",
                "{0} d’une autre nature à examiner aujourd’hui, d’abord : {1}.",
                &[n, gravest],
            ),
            _ => page.sentence(
                "{0} of another kind must be looked at this week, first: {1}.",
                "{0} d’une autre nature à examiner cette semaine, d’abord : {1}.",
                &[n, gravest],
            ),
        }
    }
}
