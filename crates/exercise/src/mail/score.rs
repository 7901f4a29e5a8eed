//! Holds findings on mail against the truth: which messages were called phishing, and how whole the waves came out.

use super::TrueInbox;
use crate::score::Rate;
use model::{Finding, Severity};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How good findings on mail are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct InboxScore {
    /// Messages called phishing (`mail/phishing`, medium or above).
    pub messages: Rate,
    /// Each true wave beside the found one that shares most with it.
    pub waves: BTreeMap<String, FoundWave>,
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
}

impl CountedMail {
    /// What really happened.
    pub(crate) fn of(truth: &TrueInbox) -> CountedMail {
        let sum = |f: &dyn Fn(&super::TrueWave) -> usize| truth.waves.iter().map(f).sum::<usize>() as u64;
        let in_waves = sum(&|w| w.messages.len());
        CountedMail {
            phishing: in_waves,
            waves: truth.waves.len() as u64,
            in_waves,
            followed: sum(&|w| w.clicked.len()),
        }
    }
}

/// What the findings say of messages.
#[derive(Default)]
pub(crate) struct Calls {
    phishing: BTreeSet<String>,
    waves: Vec<(BTreeSet<String>, BTreeSet<String>)>,
}

impl Calls {
    /// Takes a finding in; all but those on mail are passed over.
    pub(crate) fn take(&mut self, finding: &Finding) {
        let list = |key: &str| -> BTreeSet<String> {
            let values = finding.fields.get(key).and_then(|v| v.as_array()).into_iter().flatten();
            values.filter_map(|v| v.as_str()).map(String::from).collect()
        };
        match &*finding.detector {
            "mail/phishing" if finding.severity >= Severity::Medium => {
                let id = finding.fields.get("message_id").and_then(|v| v.as_str());
                self.phishing.extend(id.map(String::from));
            }
            "mail/wave" => self.waves.push((list("messages"), list("clicked"))),
            _ => {}
        }
    }

    /// How many there are.
    pub(crate) fn counted(&self) -> CountedMail {
        CountedMail {
            phishing: self.phishing.len() as u64,
            waves: self.waves.len() as u64,
            in_waves: self.waves.iter().map(|w| w.0.len()).sum::<usize>() as u64,
            followed: self.waves.iter().map(|w| w.1.len()).sum::<usize>() as u64,
        }
    }

    /// Holds them against the truth.
    pub(crate) fn score(&self, truth: &TrueInbox) -> InboxScore {
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
        InboxScore { messages: Rate::new(hidden.len(), self.phishing.len(), matched), waves: waves.collect() }
    }
}
