//! Cloud accounts: who else uses them, what was set in them, what was taken out of them and until when. You may rely on: the
//! gravest of each are kept whole, all are counted; attempts to sign in are told among all attempts. Left out: judging
//! (crate `sensors`), and lines of evidence: they speak of people, and places are enough.

mod page;
mod story;

use super::{Chapter, Gathering};
use crate::Write;
use crate::detail::{Detail, Kept, LISTED};
use crate::export::Event;
use crate::page::gravest::{Advice, IT, LEAD};
use crate::page::{Answer, Asks, ChapterPage, Place, Section, Sentence};
use crate::story::{Bearers, Part, Searched};
use jiff::civil::Date;
use model::{Context, EntityKind, Finding, Result, Role, Severity, View};
use rows::Row;
use rows::sign_in::{Takeover, Theft};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The chapter.
pub struct SignIn;

/// The beginning of its detectors' names.
const KIND: &str = "sign_in/";

impl Chapter for SignIn {
    fn gather(&self) -> Box<dyn Gathering> {
        Box::<Gathered>::default()
    }

    fn part(&self, finding: &Finding, context: &Context, part: &mut Part) {
        story::part(finding, context, part);
    }

    fn bearers(&self, view: &dyn View, context: &Context, bearers: &mut Bearers) -> Result<()> {
        story::bearers(view, context, bearers)
    }

    fn searched(&self, view: &dyn View) -> Result<Vec<Searched>> {
        story::searched(view)
    }

    fn advice(&self, finding: &Finding) -> Option<Advice> {
        let rest = finding.detector.strip_prefix(KIND)?;
        Some(match &*finding.detector {
            Takeover::NAME => Advice::new(
                IT,
                "End the account’s sessions, give it a new password and a second factor, take back the rules and applications that were set.",
                "Fermer les sessions du compte, lui donner un nouveau mot de passe et un second facteur, retirer les règles et applications posées.",
            ),
            Theft::NAME => Advice::new(
                LEAD,
                "Say what was in what was taken and whom it concerns; where personal data are in it, the authority must know within 72 hours.",
                "Dire ce que contenait ce qui a été pris et qui cela concerne ; s’il s’y trouve des données personnelles, l’autorité doit le savoir sous 72 heures.",
            ),
            _ if rest == "mailbox" || rest == "consent" => Advice::new(
                IT,
                "Take back what was set, and ask its owner by telephone whether it was theirs.",
                "Annuler ce qui a été réglé, et demander au titulaire, par téléphone, si c’était lui.",
            )
            .within(Takeover::NAME),
            _ => Advice::new(
                IT,
                "Ask the account’s owner, by telephone, whether it was them.",
                "Demander au titulaire du compte, par téléphone, si c’était lui.",
            )
            .within(Takeover::NAME),
        })
    }

    /// Where mail is sent to, and where accounts were used from: what others can look for.
    fn attributes(&self, finding: &Finding, event: &mut Event) {
        if !finding.detector.starts_with(KIND) || finding.severity < Severity::Medium {
            return;
        }
        event.of(finding);
        for entity in
            finding.entities.iter().filter(|e| !e.value.contains(|c: char| c.is_control() || c.is_whitespace()))
        {
            match (entity.kind, entity.role) {
                (EntityKind::EmailAddr, Role::Infrastructure) => {
                    event.add(
                        "Payload delivery",
                        "email-dst",
                        &entity.value,
                        finding.severity >= Severity::High,
                        finding,
                    );
                }
                // A private network's address is many people's.
                (kind, Role::Source) if kind.is_address() => {
                    event.add("Network activity", "ip-src", &entity.value, false, finding);
                }
                _ => {}
            }
        }
    }
}

/// What the case says of cloud accounts.
#[derive(Debug, Default)]
struct Gathered {
    /// Accounts that somebody else uses.
    takeovers: Vec<Kept<Takeover>>,
    /// What was taken.
    thefts: Vec<Kept<Theft>>,
    /// All else, above `info`.
    others: Vec<Detail>,
    /// How many, by detector and severity.
    counts: BTreeMap<(String, Severity), u64>,
}

/// The page as this chapter writes on it.
type Page<'a> = ChapterPage<'a, Gathered>;

impl Gathered {
    /// Findings of a detector at or above a severity.
    fn count(&self, detector: &str, least: Severity) -> u64 {
        self.counts.iter().filter(|((d, s), _)| d == detector && *s >= least).map(|(_, n)| n).sum()
    }

    /// All findings at or above a severity.
    fn all(&self, least: Severity) -> u64 {
        self.counts.iter().filter(|((_, s), _)| *s >= least).map(|(_, n)| n).sum()
    }

    fn is_empty(&self) -> bool {
        self.takeovers.is_empty() && self.thefts.is_empty() && self.others.is_empty()
    }
}

impl Gathering for Gathered {
    fn take(&mut self, finding: Finding, day: Option<Date>, _: &mut Write) -> Result<Option<Finding>> {
        if !finding.detector.starts_with(KIND) {
            return Ok(Some(finding));
        }
        let (detector, severity) = (finding.detector.to_string(), finding.severity);
        let left = match detector.as_str() {
            Takeover::NAME => Kept::keep(&mut self.takeovers, Severity::Low, finding, day),
            Theft::NAME => Kept::keep(&mut self.thefts, Severity::Low, finding, day),
            _ => {
                if self.others.len() < LISTED && severity > Severity::Info {
                    self.others.push(Detail::new(finding, day));
                }
                None
            }
        };
        if left.is_none() {
            *self.counts.entry((detector, severity)).or_default() += 1;
        }
        Ok(left)
    }

    fn details(&mut self) -> Vec<&mut Detail> {
        let takeovers = self.takeovers.iter_mut().map(|t| &mut t.detail);
        takeovers.chain(self.thefts.iter_mut().map(|t| &mut t.detail)).chain(&mut self.others).collect()
    }

    fn figures(&self) -> Map<String, Value> {
        if self.counts.is_empty() {
            return Map::new();
        }
        let told =
            self.takeovers.iter().map(|t| &t.detail).chain(self.thefts.iter().map(|t| &t.detail)).chain(&self.others);
        let list: Value = told
            .map(|d| {
                let f = &d.finding;
                json!({ "id": f.id(), "detector": f.detector, "severity": f.severity, "confidence": f.confidence,
                    "first": f.first, "last": f.last, "title": f.title, "fields": f.fields })
            })
            .collect();
        let all = json!({
            "takeovers": self.count(Takeover::NAME, Severity::Low),
            "thefts": self.count(Theft::NAME, Severity::Low),
            "medium": self.all(Severity::Medium),
            "findings": self.all(Severity::Info),
            "list": list,
        });
        Map::from_iter([("sign_in".into(), all)])
    }

    fn answers(&self, page: &crate::page::Page) -> Vec<Answer> {
        let any = self.count(Takeover::NAME, Severity::High) > 0;
        let answer = || Answer { asks: Asks::Succeeded, alarm: true, markup: page::answer(&Page::new(page, self)) };
        any.then(answer).into_iter().collect()
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
