//! Could people vote: when platforms failed people, of which region and how; and how they answered as a whole. You may rely on:
//! findings are taken by their rows, whatever evidence they rest on; the gravest are kept whole, all are counted. Left out:
//! judging (crate `sensors`), and lines of logs: attempts print those.

mod page;

use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, Kept};
use crate::page::gravest::{Advice, LEAD};
use crate::page::{Answer, Asks, ChapterPage, Place, Section, Sentence};
use jiff::civil::Date;
use model::{Finding, Result, Severity, Text};
use rows::Row;
use rows::reach::{Overview, Trouble};
use serde_json::{Map, Value, json};

/// The chapter.
pub struct Reach;

impl Chapter for Reach {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        (finding.detector == Trouble::NAME).then(|| {
            Advice::new(
                LEAD,
                "Ask who runs the platform what happened then, and whether people were given another way or more time to vote.",
                "Demander à l’exploitant de la plateforme ce qui s’est passé, et si une autre voie ou un délai ont été offerts aux électeurs.",
            )
        })
    }

    fn upon_the_vote(&self, finding: &Finding) -> Option<Text> {
        let told =
            finding.detector == Overview::NAME || finding.detector == Trouble::NAME && finding.severity > Severity::Low;
        told.then(|| finding.title.clone())
    }
}

/// What the case says of platforms.
#[derive(Debug, Default)]
struct Gathered {
    /// Platforms as a whole.
    platforms: Vec<Kept<Overview>>,
    /// When they failed people, the gravest first.
    troubles: Vec<Kept<Trouble>>,
    /// All troubles from medium on.
    all: u64,
    /// Those that are grave.
    grave: u64,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        match &*finding.detector {
            Overview::NAME => Ok(Kept::keep(&mut self.platforms, Severity::Info, finding, day)),
            Trouble::NAME => {
                self.all += 1;
                self.grave += u64::from(finding.severity >= Severity::High);
                Ok(Kept::keep(&mut self.troubles, Severity::Low, finding, day))
            }
            _ => Ok(Some(finding)),
        }
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let platforms = self.platforms.iter_mut().map(|t| &mut t.detail);
        platforms.chain(self.troubles.iter_mut().map(|t| &mut t.detail)).collect()
    }

    fn figures(&self) -> Map<String, Value> {
        if self.platforms.is_empty() && self.troubles.is_empty() {
            return Map::new();
        }
        let list = |d: &Kept<Trouble>| {
            let f = &d.detail.finding;
            json!({ "id": f.id(), "severity": f.severity, "first": f.first, "last": f.last, "fields": f.fields })
        };
        let all = json!({
            "platforms": self.platforms.iter().map(|p| p.row.fields()).collect::<Vec<_>>(),
            "troubles": self.all,
            "list": self.troubles.iter().map(list).collect::<Vec<_>>(),
        });
        Map::from_iter([("reach".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        let any = (self.grave > 0).then(|| page::sentence(&Page::new(page, self)));
        any.map(|markup| Answer { asks: Asks::What, alarm: true, markup }).into_iter().collect()
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let any = !self.platforms.is_empty() || !self.troubles.is_empty();
        let markup = any.then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        page::section(&Page::new(page, self)).into_iter().collect()
    }
}
