//! The case as exports tell it: its findings with the incidents they are of, nobody named who must not be. You may rely on:
//! whoever was done to stands under a pseudonym, in titles too; memory is bounded, and what is left out is counted.

use super::{Order, asked};
use crate::Accounts;
use crate::story::who::Who;
use crate::story::{Chain, Story};
use model::{EntityKind, Finding, Result, Role, View};
use std::collections::BTreeMap;

/// Findings told of one case.
const TOLD: usize = 5000;
/// Shorter names are words of every language.
const SHORT: usize = 4;

/// Without what moves a cursor, and the zero that databases refuse.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A case as it is told.
pub struct Whole {
    /// The case put together.
    pub story: Story,
    /// Its gravest incident.
    pub chain: Chain,
    /// Who.
    pub who: Who,
    /// Its findings, the gravest first.
    pub told: Vec<Exported>,
    /// Findings beyond what is told.
    pub cut: u64,
    /// Whose names may leave the machine.
    pub accounts: Accounts,
}

/// A finding.
pub struct Exported {
    /// Its id in the case: names in its key are part of it.
    pub id: String,
    /// The finding, with nobody named who must not be.
    pub finding: Finding,
    /// The place of its incident, where that is of several findings.
    pub incident: Option<usize>,
}

impl Whole {
    /// Of a case.
    pub fn of(view: &dyn View, order: &Order) -> Result<Whole> {
        let story = Story::of(view, order.context, order.decisions, &|_| true)?;
        let chain = Chain::of(&story, story.gravest());
        let who = Who::of(&story, story.gravest(), &chain);
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (n, incident) in story.incidents.iter().enumerate().filter(|(_, i)| i.items.len() > 1) {
            places.extend(story.of_incident(incident).map(|item| (item.id.as_str(), n)));
        }
        let mut accounts = order.accounts.clone();
        let mut found: Vec<Finding> = Vec::new();
        let mut cut = 0;
        asked(view, order, &mut |finding| {
            let people = finding.entities.iter().filter(|e| {
                e.role == Role::Victim && matches!(e.kind, EntityKind::UserAccount | EntityKind::EmailAddr)
            });
            for victim in people {
                let local = victim.value.split('@').next().filter(|l| l.chars().count() >= SHORT);
                accounts.know(&victim.value, local.unwrap_or_default(), false);
            }
            match found.len() < TOLD {
                true => found.push(finding),
                false => cut += 1,
            }
            Ok(())
        })?;
        let told = found.into_iter().map(|finding| {
            let id = finding.id();
            let incident = places.get(id.as_str()).copied();
            let mut finding = order.accounts.redacted(finding);
            for text in std::iter::once(&mut finding.title).chain(finding.reasons.iter_mut().map(|r| &mut r.text)) {
                text.en = plain(&accounts.text(&text.en));
                text.fr = plain(&accounts.text(&text.fr));
            }
            Exported { id, finding, incident }
        });
        let told = told.collect();
        Ok(Whole { chain, who, told, cut, accounts, story })
    }

    /// Findings of an incident.
    pub fn of_incident(&self, place: usize) -> impl Iterator<Item = &Exported> {
        self.told.iter().filter(move |t| t.incident == Some(place))
    }

    /// Places of the incidents of which anything is told.
    pub fn incidents(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.told.iter().filter_map(|t| t.incident).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
