//! What each kind of evidence has to say in the brief and in exports: one folder per kind, one line in [`CHAPTERS`].
//! The pass over the findings, the page, its summary, `brief.json`, STIX, MISP, blocklists, dossiers and the list of
//! formats walk that list and know no kind by name.
//!
//! You may rely on: chapters are asked in their order, and a finding belongs to the first that takes it; what none takes
//! is told by [`others`], by its places and never by its lines. Fields of a finding are read in its chapter only.
//! Left out: markup, tables and ids that all share (`page`, `csv`, `export`).

pub mod attempts;
pub mod documents;
pub mod mail;
pub mod names;
pub mod others;
pub mod posts;
pub mod reach;
pub mod sign_in;
pub mod station_minutes;
pub mod windows_event;

use crate::accounts::Accounts;
use crate::detail::Detail;
use crate::export::{Bundle, Dossier, Event, Export, Exported, Objects, Order};
use crate::page::gravest::Advice;
use crate::page::{Answer, Page, Section, Sentence};
use crate::story::{Bearers, Part, Searched};
use crate::{Brief, Write};
use jiff::civil::Date;
use model::{Context, Finding, Result, Text, View};
use serde_json::{Map, Value};

/// Every chapter, in the order in which they are asked and told. To add one: a folder beside these, and its line here.
pub static CHAPTERS: &[&dyn Chapter] = &[
    &attempts::Attempts,
    &names::Names,
    &mail::Mail,
    &sign_in::SignIn,
    &windows_event::WindowsEvent,
    &posts::Posts,
    &documents::Documents,
    &station_minutes::StationMinutes,
    &reach::Reach,
];

/// The kinds of evidence whose lines the brief may print.
pub fn printed() -> Vec<&'static str> {
    CHAPTERS.iter().flat_map(|c| c.prints()).copied().collect()
}

/// What a kind of evidence has to say. Only [`Chapter::gather`] must be written; whatever else a chapter leaves out, it
/// does not say.
pub trait Chapter: Sync {
    /// Begins to gather what the brief tells.
    fn gather(&self) -> Box<dyn Gathering>;

    /// The kinds of evidence whose lines the brief may print. Of all others it tells places: a line of mail or of an
    /// export of posts speaks of whoever is mentioned in it.
    fn prints(&self) -> &'static [&'static str] {
        &[]
    }

    /// Takes in whom a finding speaks of.
    fn learn(&self, _finding: &Finding, _accounts: &mut Accounts) {}

    /// Takes the names out of a finding of those who must not be named.
    fn redact(&self, _finding: &mut Finding, _accounts: &Accounts) {}

    /// What a person should do about a finding, where it is one of this chapter's.
    fn advice(&self, _finding: &Finding) -> Option<Advice> {
        None
    }

    /// Words by which a finding is chosen in the list of all findings, besides its detector and severity: `country:FR`.
    fn tags(&self, _finding: &Finding) -> Vec<String> {
        Vec::new()
    }

    /// What a finding brings to the STIX bundle.
    fn indicators(&self, _finding: &Finding, _bundle: &mut Bundle) {}

    /// What a finding brings to the STIX bundle of the whole case beside its observables: channels, narratives, content.
    fn told(&self, _told: &Exported, _objects: &mut Objects) {}

    /// What a finding brings to the MISP event.
    fn attributes(&self, _finding: &Finding, _event: &mut Event) {}

    /// Names that a finding puts on the blocklists.
    fn blocked<'f>(&self, _finding: &'f Finding) -> Vec<&'f str> {
        Vec::new()
    }

    /// Dossiers for those who can act: registrars, platforms.
    fn dossiers<'o>(&self, _view: &dyn View, _order: &'o Order) -> Result<Vec<Dossier<'o>>> {
        Ok(Vec::new())
    }

    /// What a finding brings to the case as one story, besides what its entities, roles and techniques say.
    fn part(&self, _finding: &Finding, _context: &Context, _part: &mut Part) {}

    /// Counts who bears ordinarily what findings share, and which accounts are ours.
    fn bearers(&self, _view: &dyn View, _context: &Context, _bearers: &mut Bearers) -> Result<()> {
        Ok(())
    }

    /// Which steps its evidence would show, and the days it covers.
    fn searched(&self, _view: &dyn View) -> Result<Vec<Searched>> {
        Ok(Vec::new())
    }

    /// What a finding says of the vote itself: the count, or whether people could vote. For the file on its effect.
    fn upon_the_vote(&self, _finding: &Finding) -> Option<Text> {
        None
    }

    /// Formats of its own.
    fn exports(&self) -> &'static [Export] {
        &[]
    }
}

/// What a chapter gathers of one case, and then tells. Memory must not grow with the number of findings: what is kept
/// whole is bounded, all the rest is counted.
pub trait Gathering {
    /// Takes a finding (`day` is that of its first event, in the case's zone); gives back what is none of this chapter.
    /// Findings come gravest first. A table may be written as they stream by.
    fn take(&mut self, finding: Finding, day: Option<Date>, write: &mut Write) -> Result<Option<Finding>>;

    /// All findings have come.
    fn finish(&mut self, _brief: &Brief, _write: &mut Write) -> Result<()> {
        Ok(())
    }

    /// All findings kept: nobody stays named in them who must not be, and their lines are read where they may be
    /// printed.
    fn details(&mut self) -> Vec<&mut Detail>;

    /// Its figures for `brief.json`, by their names at the top.
    fn figures(&self) -> Map<String, Value>;

    /// Its short answers to what a council asks first; they name nobody.
    fn answers(&self, _page: &Page) -> Vec<Answer> {
        Vec::new()
    }

    /// Its sentences for the summary.
    fn sentences(&self, page: &Page) -> Vec<Sentence>;

    /// Its sections of the page.
    fn sections(&self, page: &Page) -> Vec<Section>;
}
