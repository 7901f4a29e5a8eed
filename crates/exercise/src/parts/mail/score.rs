//! Holds findings on mail against the truth: which messages were called phishing, and how whole the waves came out.

use super::TrueInbox;
use crate::measure::{Rate, Sheet};
use model::{Finding, Severity, Time};
use rows::Row as _;
use rows::mail::dmarc::{Party, Reported, Senders};
use rows::mail::phishing::Phishing;
use rows::mail::wave::Wave;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on mail are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct InboxScore {
    /// Messages called phishing (`mail/phishing`, medium or above).
    pub messages: Rate,
    /// Each true wave beside the found one that shares most with it.
    pub waves: BTreeMap<String, FoundWave>,
    /// What was made of other servers' reports, where there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports: Option<FoundReports>,
}

/// Mail in the campaign's name, as it was found (`mail/dmarc`).
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FoundReports {
    /// Addresses called strangers.
    pub sources: Rate,
    /// Messages forged.
    pub forged: u64,
    /// Messages the findings call forged.
    pub forged_found: u64,
    /// Whether the day it began is the true one.
    pub since: bool,
    /// Whether the forgotten service was named.
    pub service: bool,
}

impl InboxScore {
    pub(super) fn show(&self, sheet: &mut Sheet) {
        sheet.rate("phishing messages", &self.messages);
        if let Some(reports) = &self.reports {
            sheet.rate("forgers of our name", &reports.sources);
        }
        for (name, w) in &self.waves {
            let FoundWave { messages, matched, strange, clicked, clicked_found } = w;
            let (wave, found) = (format!("wave {name}"), matched + strange);
            sheet.note(format!(
                "  {wave:<30}{messages:>8}{found:>8}{matched:>9}   clicked {clicked_found} of {clicked}"
            ));
        }
        if let Some(r) = &self.reports {
            sheet.note(format!(
                "  {:<30}{:>8}{:>8}   since when right: {}, forgotten service named: {}",
                "messages forged", r.forged, r.forged_found, r.since, r.service
            ));
        }
    }
}

/// A wave as it was found.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FoundWave {
    /// Messages of the true wave.
    pub messages: u64,
    /// Those of them in the found wave that holds most of them.
    pub matched: u64,
    /// Messages of that found wave that are not of the true one.
    pub strange: u64,
    /// Recipients who followed it.
    pub clicked: u64,
    /// Those of them that the found wave names.
    pub clicked_found: u64,
}

/// Mail, counted: found and true are of one shape.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CountedMail {
    /// Messages that are phishing.
    pub phishing: u64,
    /// Waves.
    pub waves: u64,
    /// Messages in them.
    pub in_waves: u64,
    /// People who followed one.
    pub followed: u64,
    /// Messages forged in the campaign's name, as other servers report them.
    pub forged: u64,
}

impl CountedMail {
    /// What really happened.
    pub(super) fn of(truth: &TrueInbox) -> CountedMail {
        let sum = |f: &dyn Fn(&super::TrueWave) -> usize| truth.waves.iter().map(f).sum::<usize>() as u64;
        let in_waves = sum(&|w| w.messages.len());
        CountedMail {
            phishing: in_waves,
            waves: truth.waves.len() as u64,
            in_waves,
            followed: sum(&|w| w.clicked.len()),
            forged: truth.reports.as_ref().map_or(0, |r| r.forged),
        }
    }
}

/// What the findings say of messages.
#[derive(Default, Debug)]
pub struct FoundMail {
    phishing: BTreeSet<String>,
    waves: Vec<(BTreeSet<String>, BTreeSet<String>)>,
    /// Of mail in somebody's name: strangers' addresses, their messages, since when, services named.
    strangers: BTreeSet<String>,
    forged: u64,
    since: Option<Time>,
    services: BTreeSet<String>,
}

impl FoundMail {
    /// Takes a finding in; all but those on mail are passed over. What cannot be read was not found.
    pub(super) fn take(&mut self, finding: &Finding) {
        let fields = &finding.fields;
        match &*finding.detector {
            Phishing::NAME if finding.severity >= Severity::Medium => {
                let id = Phishing::of(fields).map(|row| row.message.message_id);
                self.phishing.extend(id.ok().filter(|id| !id.is_empty()));
            }
            Wave::NAME => {
                let set = |list: Vec<String>| list.into_iter().collect();
                self.waves.extend(Wave::of(fields).map(|row| (set(row.messages), set(row.clicked))));
            }
            Reported::NAME => {
                if let Ok(Reported::Dmarc(row)) = Reported::of(fields) {
                    self.reported(row);
                }
            }
            _ => {}
        }
    }

    fn reported(&mut self, row: Senders) {
        self.forged += row.stranger_messages;
        self.strangers.extend(row.sources.into_iter().filter(|s| s.role == Party::Stranger).map(|s| s.source));
        self.services.extend(row.services.into_iter().map(|s| s.name));
        self.since = self.since.into_iter().chain(row.strangers_first).min();
    }

    /// How many there are.
    pub(super) fn counted(&self) -> CountedMail {
        CountedMail {
            phishing: self.phishing.len() as u64,
            waves: self.waves.len() as u64,
            in_waves: self.waves.iter().map(|w| w.0.len()).sum::<usize>() as u64,
            followed: self.waves.iter().map(|w| w.1.len()).sum::<usize>() as u64,
            forged: self.forged,
        }
    }

    /// Holds them against the truth.
    pub(super) fn score(&self, truth: &TrueInbox) -> InboxScore {
        let hidden: BTreeSet<&String> = truth.waves.iter().flat_map(|w| &w.messages).collect();
        let matched = self.phishing.iter().filter(|id| hidden.contains(id)).count();
        let waves = truth.waves.iter().map(|wave| {
            let shared = |found: &BTreeSet<String>| wave.messages.iter().filter(|id| found.contains(*id)).count();
            let best = self.waves.iter().max_by_key(|(found, _)| shared(found));
            let in_best = best.map_or(0, |(found, _)| shared(found));
            let row = FoundWave {
                messages: wave.messages.len() as u64,
                matched: in_best as u64,
                strange: best.map_or(0, |(found, _)| found.len() - in_best) as u64,
                clicked: wave.clicked.len() as u64,
                clicked_found: best.map_or(0, |(_, named)| wave.clicked.iter().filter(|a| named.contains(*a)).count())
                    as u64,
            };
            (wave.name.clone(), row)
        });
        let reports = truth.reports.as_ref().map(|t| FoundReports {
            sources: Rate::new(
                t.sources.len(),
                self.strangers.len(),
                t.sources.iter().filter(|s| self.strangers.contains(*s)).count(),
            ),
            forged: t.forged,
            forged_found: self.forged,
            since: self.since == Some(t.since),
            service: self.services.contains(&t.service),
        });
        InboxScore { messages: Rate::new(hidden.len(), self.phishing.len(), matched), waves: waves.collect(), reports }
    }
}
