//! What a leaked mailbox quotes and does not hold: letters that others in it answer, and letters that are known and were left
//! out. What the leaker withheld, and whose.
//!
//! You may rely on: what the owner's own side sent is counted apart, for it lies in another folder as a rule. Left out: why.

use super::known::Originals;
use super::leaked::{Leaked, is_member};
use super::letters::owner;
use super::settings::Settings;
use super::table::{entries, is_excluded};
use crate::mail::MESSAGE;
use crate::{Detector, Specification};
use model::{Context, EvidenceId, Finding, Level, Reason, Result, Severity, Text, Time, Trace, View};
use rows::documents::{Authenticity, Class, Document, Holes};
use rows::mail::message::Letter;
use rows::{Row, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Letters that make a mailbox, ids kept of one, ids and domains that are told.
const LEAST: usize = 20;
const IDS: usize = 500_000;
const TOLD: usize = 50;

/// The detector.
pub struct HolesDetector;

impl Detector for HolesDetector {
    fn id(&self) -> &'static str {
        Holes::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Holes>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[Document::NAME, MESSAGE]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("holes.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let settings: Settings = context.config.settings()?;
        let mut forged: BTreeSet<EvidenceId> = BTreeSet::new();
        case.findings(&mut |finding| {
            if let (Authenticity::NAME, Ok(row)) = (&*finding.detector, Authenticity::of(&finding.fields))
                && (row.decoy || matches!(row.class, Class::AlteredCopy | Class::LikelyFabricated))
            {
                forged.extend(finding.traces.iter().filter(|t| is_member(&t.steps)).map(|t| t.evidence));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let leaked = Leaked::of(case, &entries(case)?, &settings, forged)?;
        if leaked.is_empty() {
            return Ok(());
        }
        let originals = Originals::of(context.config)?;
        let mut boxes: BTreeMap<String, Mailbox> = BTreeMap::new();
        let is_one = |evidence, letter: &Letter| leaked.holds(evidence) && letter.container.is_none() && !letter.quoted;
        case.observations(MESSAGE, &mut |visit| {
            let letter = Letter::of(&visit.observation.fields)?;
            if !is_one(visit.evidence, &letter) {
                return Ok(ControlFlow::Continue(()));
            }
            let of = boxes.entry(owner(&letter)).or_default();
            of.letters += 1;
            of.newest = of.newest.max(Some(visit.observation.first));
            of.oldest = [of.oldest, Some(visit.observation.first).filter(|t| t.0 != 0)].into_iter().flatten().min();
            let quoted = letter.references.iter().copied().chain([letter.in_reply_to]);
            for id in quoted.filter(|id| !id.is_empty() && !is_excluded("", &[id], &settings)) {
                match of.quoted.len() < IDS || of.quoted.contains_key(id) {
                    true => _ = of.quoted.entry(id.to_string()).or_default(),
                    false => of.unsought += 1,
                }
            }
            if of.traces.len() < 20 {
                of.traces.push(visit.trace());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (owner, of) in &mut boxes {
            let known =
                originals.letters().filter(|k| k.document.editors.iter().any(|e| e.eq_ignore_ascii_case(owner)));
            of.known =
                known.map(|k| (k.document.document_id.clone(), false)).filter(|(id, _)| !id.is_empty()).collect();
        }
        // Once it is known what is looked for: what is there is not kept, however much it is.
        case.observations(MESSAGE, &mut |visit| {
            let letter = Letter::of(&visit.observation.fields)?;
            if is_one(visit.evidence, &letter)
                && let Some(of) = boxes.get_mut(&owner(&letter))
            {
                let there = [of.quoted.get_mut(letter.message_id), of.known.get_mut(letter.message_id)];
                there.into_iter().flatten().for_each(|there| *there = true);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for (owner, of) in boxes.into_iter().filter(|(owner, of)| !owner.is_empty() && of.letters >= LEAST) {
            if let Some(finding) = of.finding(owner, &originals) {
                found(finding)?;
            }
        }
        Ok(())
    }
}

/// A mailbox of the leak.
#[derive(Default)]
struct Mailbox {
    letters: usize,
    /// Ids that letters in it answer or refer to, and whether those are there.
    quoted: BTreeMap<String, bool>,
    /// Quoted beyond those.
    unsought: u64,
    /// Ids of known letters of it, and whether those are there.
    known: BTreeMap<String, bool>,
    oldest: Option<Time>,
    newest: Option<Time>,
    traces: Vec<Trace>,
}

impl Mailbox {
    fn finding(self, of: String, originals: &Originals) -> Option<Finding> {
        let house = of.rsplit_once('@').map_or("", |(_, domain)| domain).to_string();
        let domain = |id: &str| id.rsplit_once('@').map_or(String::new(), |(_, d)| d.to_lowercase());
        let absent: Vec<&String> = self.quoted.iter().filter(|(_, there)| !**there).map(|(id, _)| id).collect();
        let is_own = |id: &str| {
            let of = domain(id);
            of == house || of.ends_with(&format!(".{house}"))
        };
        let (sent, others): (Vec<&String>, Vec<&String>) = absent.iter().partition(|id| is_own(id));
        let mut domains: BTreeMap<String, u64> = BTreeMap::new();
        others.iter().for_each(|id| *domains.entry(domain(id)).or_default() += 1);
        let mut held: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let (mut held_back, mut sample) = (0, Vec::new());
        for known in originals.letters().filter(|k| k.document.editors.iter().any(|e| e.eq_ignore_ascii_case(&of))) {
            let id = &known.document.document_id;
            let within = known.at().is_some_and(|at| Some(at) >= self.oldest && Some(at) <= self.newest);
            if id.is_empty() || !within {
                continue;
            }
            let from = held.entry(known.document.author.to_lowercase()).or_default();
            from.1 += 1;
            if self.known.get(id) != Some(&true) {
                (from.0, held_back) = (from.0 + 1, held_back + 1);
                sample.push(id.clone());
            }
        }
        held.retain(|_, (n, _)| *n > 0);
        let more = held.len().saturating_sub(TOLD) + domains.len().saturating_sub(TOLD);
        while held.len() > TOLD {
            let least = held.iter().min_by_key(|(_, (n, _))| *n).map(|(k, _)| k.clone())?;
            held.remove(&least);
        }
        while domains.len() > TOLD {
            let least = domains.iter().min_by_key(|(_, n)| **n).map(|(k, _)| k.clone())?;
            domains.remove(&least);
        }
        if absent.is_empty() && held_back == 0 {
            return None;
        }
        sample.extend(others.iter().map(|id| id.to_string()));
        sample.truncate(TOLD);
        let row = Holes {
            of: of.clone(),
            letters: self.letters as u64,
            quoted: self.quoted.len() as u64,
            absent: absent.len() as u64,
            sent: sent.len() as u64,
            domains,
            held_back,
            held_back_from: held,
            sample,
            more: more as u64,
            unsought: self.unsought,
        };
        Some(told(row, self.oldest, self.newest, self.traces))
    }
}

fn told(row: Holes, first: Option<Time>, last: Option<Time>, traces: Vec<Trace>) -> Finding {
    let others = row.absent - row.sent;
    let mut reasons = vec![Reason::supporting(
        40,
        Text::new(
            format!(
                "its letters answer {} others, of which {} are not in it ({} of its owner's side)",
                row.quoted, row.absent, row.sent
            ),
            format!(
                "ses courriels répondent à {} autres, dont {} n’y sont pas ({} du côté du titulaire)",
                row.quoted, row.absent, row.sent
            ),
        ),
    )];
    if row.held_back > 0 {
        reasons.push(Reason::supporting(
            70,
            Text::new(
                format!("{} letters that are known to have been there were left out", row.held_back),
                format!("{} courriels connus pour s’y être trouvés ont été laissés de côté", row.held_back),
            ),
        ));
    }
    if row.unsought > 0 {
        reasons.push(Reason::supporting(
            5,
            Text::new(
                format!("{} references beyond the first {IDS} ids were not looked for: there may be more holes", row.unsought),
                format!("{} renvois au-delà des {IDS} premiers identifiants n’ont pas été cherchés : il peut y avoir d’autres trous", row.unsought),
            ),
        ));
    }
    reasons.push(Reason::against(
        30,
        Text::new(
            "people delete letters, and what is sent lies in another folder",
            "on efface des courriels, et ce qui est envoyé se trouve dans un autre dossier",
        ),
    ));
    Finding {
        detector: Holes::NAME.into(),
        key: row.of.clone(),
        severity: if row.held_back > 0 { Severity::Low } else { Severity::Info },
        confidence: if row.held_back > 0 { 80 } else { 50 },
        level: Level::Grey,
        title: Text::new(
            format!(
                "What the leak of `{}` leaves out: {} quoted letters, {} known ones",
                row.of, others, row.held_back
            ),
            format!(
                "Ce que la fuite de « {} » laisse de côté : {} courriels cités, {} connus",
                row.of, others, row.held_back
            ),
        ),
        reasons,
        techniques: Vec::new(),
        first,
        last,
        entities: Vec::new(),
        traces,
        fields: row.fields(),
    }
}
