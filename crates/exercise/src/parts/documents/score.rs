//! Holds findings on documents against the truth: forgeries found and how they rank, innocents accused, the clock of whoever
//! edited, when the mailbox was taken.

use super::{How, TrueLeak};
use crate::measure::{EXAMPLES, Rate, Sheet};
use model::{Finding, Time};
use rows::Row as _;
use rows::documents::{Authenticity, Burst, Class, EditorZone, Theft};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on a leak are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LeakScore {
    /// Forgeries told as altered or fabricated; one of the description alone, where it ranks above all that is as it was.
    pub forged: Rate,
    /// By how each was made: found, of how many.
    pub by_kind: BTreeMap<How, (u64, u64)>,
    /// Documents as they were, or of others, told as altered or fabricated.
    pub accused: Vec<String>,
    /// Whether the clock of whoever edited is told.
    pub zone: bool,
    /// Whether the interval of the theft holds the truth; none where nothing is dated.
    pub theft_holds: Option<bool>,
    /// Hours that it is wide.
    pub theft_hours: Option<f64>,
}

/// A leak, counted.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedDocuments {
    /// Altered or made up.
    pub forged: u64,
    /// Saved within minutes by one hand.
    pub burst: u64,
    /// Planted to be stolen.
    pub decoys: u64,
    /// Mailboxes whose theft is dated.
    pub dated: u64,
}

impl CountedDocuments {
    /// What is true; a description alone is no forgery of the content.
    pub(super) fn of(truth: &TrueLeak) -> CountedDocuments {
        CountedDocuments {
            forged: truth.forged.iter().filter(|f| f.how != How::Metadata).count() as u64,
            burst: truth.burst,
            decoys: truth.decoys.len() as u64,
            dated: u64::from(truth.letters > 0),
        }
    }
}

impl LeakScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("forged documents and letters", &self.forged);
        for (how, (found, all)) in self.by_kind.iter().filter(|(_, (found, all))| found < all) {
            let how = serde_json::to_string(how).unwrap_or_default();
            sheet.note(format!("  forged by {}: {found} of {all}", how.trim_matches('"')));
        }
        if let (Some(holds), Some(hours)) = (self.theft_holds, self.theft_hours) {
            let word = if holds { "holds" } else { "misses" };
            sheet.note(format!("  the theft is dated within {hours:.1} h, which {word} the truth"));
        }
        if !self.accused.is_empty() {
            sheet.note(format!("  accused though nobody forged them: {}", self.accused.join(", ")));
        }
    }
}

/// What findings say of documents.
#[derive(Default, Debug)]
pub struct FoundDocuments {
    /// Class and rank by name.
    documents: BTreeMap<String, (Class, u8)>,
    burst: u64,
    decoys: BTreeSet<String>,
    zones: Vec<BTreeSet<String>>,
    thefts: BTreeMap<String, (Time, Time)>,
}

/// The class and the rank of a document or letter.
fn of<'f>(found: &'f FoundDocuments, name: &str) -> Option<&'f (Class, u8)> {
    found.documents.iter().find(|(n, _)| n.ends_with(name)).map(|(_, of)| of)
}

impl FoundDocuments {
    pub(super) fn take(&mut self, f: &Finding) {
        match &*f.detector {
            Authenticity::NAME => {
                let Ok(row) = Authenticity::of(&f.fields) else { return };
                if row.decoy {
                    self.decoys.insert(row.document.clone());
                }
                self.documents.insert(row.document, (row.class, row.rank));
            }
            Burst::NAME => self.burst += Burst::of(&f.fields).map_or(0, |row| row.documents),
            EditorZone::NAME => {
                self.zones.extend(EditorZone::of(&f.fields).map(|row| row.zones.into_iter().collect()).ok())
            }
            Theft::NAME => {
                if let Ok(row) = Theft::of(&f.fields) {
                    self.thefts.insert(row.of, (row.earliest, row.latest));
                }
            }
            _ => {}
        }
    }

    pub(super) fn counted(&self) -> CountedDocuments {
        CountedDocuments {
            forged: self.documents.values().filter(|(class, _)| is_forged(*class)).count() as u64,
            burst: self.burst,
            decoys: self.decoys.len() as u64,
            dated: self.thefts.keys().filter(|of| of.contains('@')).count() as u64,
        }
    }

    pub(super) fn score(&self, truth: &TrueLeak) -> LeakScore {
        let forged: BTreeSet<&str> = truth.forged.iter().map(|f| f.document.as_str()).collect();
        let reissued = || truth.reissued.iter().map(String::as_str);
        let touched = |name: &str| forged.iter().copied().chain(reissued()).any(|f| name.ends_with(f));
        let innocent: u8 =
            self.documents.iter().filter(|(n, _)| !touched(n)).map(|(_, (_, rank))| *rank).max().unwrap_or(0);
        let mut by_kind: BTreeMap<How, (u64, u64)> = BTreeMap::new();
        for f in &truth.forged {
            let all = by_kind.entry(f.how).or_default();
            all.1 += 1;
            all.0 += u64::from(of(self, &f.document).is_some_and(|(class, rank)| match f.how {
                How::Metadata => *rank > innocent,
                _ => is_forged(*class),
            }));
        }
        let found: u64 = by_kind.values().map(|(found, _)| found).sum();
        let accused: Vec<String> = self
            .documents
            .iter()
            .filter(|(n, (class, _))| is_forged(*class) && !forged.iter().any(|f| n.ends_with(f)))
            .map(|(n, _)| n.clone())
            .collect();
        let dated = self.thefts.get(&truth.account);
        LeakScore {
            forged: Rate::new(truth.forged.len(), found as usize + accused.len(), found as usize),
            by_kind,
            accused: accused.into_iter().take(EXAMPLES).collect(),
            zone: self.zones.iter().any(|z| z.contains(&truth.zone)),
            theft_holds: dated.map(|(from, to)| *from <= truth.taken && truth.taken <= *to),
            theft_hours: dated.map(|(from, to)| to.since(*from) as f64 / 3600.0),
        }
    }
}

fn is_forged(class: Class) -> bool {
    matches!(class, Class::AlteredCopy | Class::LikelyFabricated)
}
