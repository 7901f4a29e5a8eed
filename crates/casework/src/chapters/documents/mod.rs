//! Documents: what each is held to be, the most suspect first; who saved many at once, by whose clock, whom it hurts. You may
//! rely on: the gravest of each detector are kept whole, all are counted; what a document says is told only where it differs
//! from an original. Left out: judging (crate `sensors`).

mod lawful;
mod notify;
mod page;
mod story;
mod texts;

use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, Kept};
use crate::export::{Export, Order, each};
use crate::page::gravest::{Advice, LEAD};
use crate::page::{ChapterPage, Place, Section, Sentence};
use crate::story::Part;
use jiff::civil::Date;
use model::{Context, Finding, Result, Severity, View};
use rows::Row;
use rows::documents::{Authenticity, Burst, Class, EditorZone, Exposure, PackedAt, Publication, Theft};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The chapter.
pub struct Documents;

impl Chapter for Documents {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn part(&self, finding: &Finding, context: &Context, part: &mut Part) {
        story::part(finding, context, part);
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        match &*finding.detector {
            Authenticity::NAME => Some(Advice::new(
                LEAD,
                "Hold it against the sealed original, and say in public only what differs.",
                "Le confronter à l’original scellé, et ne dire en public que ce qui diffère.",
            )),
            Exposure::NAME => Some(Advice::new(
                LEAD,
                "Tell those concerned where the risk to them is high, and the authority within 72 hours: `vigie export DIR --to exposed`.",
                "Prévenir les personnes concernées si le risque est élevé pour elles, et l’autorité sous 72 heures : `vigie export DIR --to exposed`.",
            )),
            _ => None,
        }
    }

    fn tags(&self, finding: &Finding) -> Vec<String> {
        let row = (finding.detector == Authenticity::NAME).then(|| Authenticity::of(&finding.fields).ok()).flatten();
        row.map(|r| format!("class:{}", r.class.as_str())).into_iter().collect()
    }

    fn exports(&self) -> &'static [Export] {
        EXPORTS
    }
}

static EXPORTS: &[Export] = &[
    Export {
        name: "documents",
        help: (
            "each document with what it is held to be, most suspect first, a table",
            "chaque document et ce qu’on le tient pour être, le plus suspect d’abord, en tableau",
        ),
        least: Severity::Info,
        folder: false,
        json: false,
        opens: false,
        make: table,
    },
    Export {
        name: "exposed",
        help: (
            "persons exposed, masked, for notifying them (GDPR articles 33 and 34), a table",
            "personnes exposées, masquées, pour les prévenir (RGPD, articles 33 et 34), en tableau",
        ),
        least: Severity::Info,
        folder: false,
        json: false,
        opens: false,
        make: notify::exposed,
    },
    Export {
        name: "notification",
        help: (
            "a draft of the notification of the authority, with the clock of 72 hours (GDPR article 33)",
            "un projet de notification à l’autorité, avec l’horloge de 72 heures (RGPD, article 33)",
        ),
        least: Severity::Info,
        folder: false,
        json: false,
        opens: false,
        make: notify::notification,
    },
    Export {
        name: "texts",
        help: (
            "a page for each document that shows what it says as text, with what exposes persons masked; recorded in the trail",
            "une page par document montrant son texte, ce qui expose des personnes étant masqué ; consigné au journal",
        ),
        least: Severity::Info,
        folder: true,
        json: false,
        opens: true,
        make: texts::pages,
    },
];

/// What the case says of documents.
#[derive(Debug, Default)]
struct Gathered {
    documents: Vec<Kept<Authenticity>>,
    bursts: Vec<Kept<Burst>>,
    zones: Vec<Kept<EditorZone>>,
    exposures: Vec<Kept<Exposure>>,
    thefts: Vec<Kept<Theft>>,
    publications: Vec<Kept<Publication>>,
    packings: Vec<Kept<PackedAt>>,
    /// Documents by class.
    classes: BTreeMap<Class, u64>,
    /// Planted decoys among them.
    decoys: u64,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathered {
    fn count(&self, class: Class) -> u64 {
        self.classes.get(&class).copied().unwrap_or(0)
    }

    fn all(&self) -> u64 {
        self.classes.values().sum()
    }
}

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        Ok(match &*finding.detector {
            Authenticity::NAME => {
                let Ok(row) = Authenticity::of(&finding.fields) else { return Ok(Some(finding)) };
                *self.classes.entry(row.class).or_default() += 1;
                self.decoys += u64::from(row.decoy);
                // Those where nothing is wrong are counted; the table of all is an export. A decoy says where a leak is from.
                match row.rank {
                    0..30 if !row.decoy => None,
                    _ => Kept::keep(&mut self.documents, Severity::Info, finding, day),
                }
            }
            Burst::NAME => Kept::keep(&mut self.bursts, Severity::Low, finding, day),
            EditorZone::NAME => Kept::keep(&mut self.zones, Severity::Info, finding, day),
            Exposure::NAME => Kept::keep(&mut self.exposures, Severity::Info, finding, day),
            Theft::NAME => Kept::keep(&mut self.thefts, Severity::Low, finding, day),
            Publication::NAME => Kept::keep(&mut self.publications, Severity::Low, finding, day),
            PackedAt::NAME => Kept::keep(&mut self.packings, Severity::Info, finding, day),
            _ => Some(finding),
        })
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let documents = self.documents.iter_mut().map(|t| &mut t.detail);
        let bursts = self.bursts.iter_mut().map(|t| &mut t.detail);
        let zones = self.zones.iter_mut().map(|t| &mut t.detail);
        let thefts = self.thefts.iter_mut().map(|t| &mut t.detail);
        let publications = self.publications.iter_mut().map(|t| &mut t.detail);
        let exposures = self.exposures.iter_mut().map(|t| &mut t.detail);
        let packings = self.packings.iter_mut().map(|t| &mut t.detail);
        documents
            .chain(bursts)
            .chain(zones)
            .chain(exposures)
            .chain(thefts)
            .chain(publications)
            .chain(packings)
            .collect()
    }

    fn figures(&self) -> Map<String, Value> {
        if self.all() == 0 {
            return Map::new();
        }
        let classes: Map<String, Value> = self.classes.iter().map(|(c, n)| (c.to_string(), json!(n))).collect();
        let list: Vec<Value> = self
            .documents
            .iter()
            .map(|t| {
                json!({ "id": t.detail.finding.id(), "class": t.row.class, "rank": t.row.rank, "document": t.row.document,
                    "original": t.row.original, "alterations": t.row.alterations_count })
            })
            .collect();
        let all = json!({
            "documents": self.all(),
            "classes": classes,
            "decoys": self.decoys,
            "bursts": self.bursts.iter().map(|t| json!(t.row)).collect::<Vec<_>>(),
            "editor_zones": self.zones.iter().map(|t| json!(t.row)).collect::<Vec<_>>(),
            "thefts": self.thefts.iter().map(|t| json!(t.row)).collect::<Vec<_>>(),
            "publications": self.publications.iter().map(|t| json!(t.row)).collect::<Vec<_>>(),
            "packings": self.packings.iter().map(|t| json!(t.row)).collect::<Vec<_>>(),
            "exposed": self.exposures.iter().map(|t| t.row.exposed_count).sum::<u64>(),
            "list": list,
        });
        Map::from_iter([("documents".into(), all)])
    }

    fn sentences(&self, page: &crate::page::Page) -> Vec<Sentence> {
        let markup = (self.all() > 0).then(|| page::sentence(&Page::new(page, self)));
        markup.map(|markup| Sentence { place: Place::Body, markup }).into_iter().collect()
    }

    fn sections(&self, page: &crate::page::Page) -> Vec<Section> {
        match self.all() {
            0 => Vec::new(),
            _ => vec![page::section(&Page::new(page, self))],
        }
    }
}

/// All documents as a table.
fn table(view: &dyn View, order: &Order, write: &mut Write) -> Result<()> {
    let mut out = String::new();
    let mut rows = Vec::new();
    each(view, order.least, &mut |finding| {
        if &*finding.detector == Authenticity::NAME
            && let Ok(row) = Authenticity::of(&finding.fields)
        {
            rows.push(row);
        }
        Ok(())
    })?;
    rows.sort_by(|a, b| (100 - a.rank, &a.document).cmp(&(100 - b.rank, &b.document)));
    let head = [
        "rank",
        "class",
        "rank_without_cheap_signs",
        "document",
        "original",
        "alterations",
        "author",
        "modified",
        "sha256",
    ];
    crate::csv::row(&mut out, &head);
    for row in rows {
        let (rank, without, alterations) =
            (row.rank.to_string(), row.rank_without_cheap_signs.to_string(), row.alterations_count.to_string());
        let cells = [
            &rank[..],
            row.class.as_str(),
            &without,
            &row.document,
            &row.original,
            &alterations,
            &row.author,
            &row.modified,
            &row.sha256,
        ];
        crate::csv::row(&mut out, &cells);
    }
    write("documents.csv", out.as_bytes())
}
