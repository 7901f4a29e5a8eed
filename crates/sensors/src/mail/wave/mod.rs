//! Waves: messages of one hand, by what they share. Specification: `wave.md`.
//!
//! You may rely on: a wave is a function of the messages, not of their order or of how they were kept; every message of
//! it is named, with what binds it. Left out: raising the verdict on a member (a score stays what the message itself
//! shows; the wave says the rest).

mod finding;
mod followed;
mod group;
mod member;

use crate::mail::MESSAGE;
use crate::mail::content::sign::Kind;
use crate::mail::profile::is_own;
use crate::mail::settings::Settings;
use crate::{Detector, Specification};
use followed::{Answer, Elsewhere, LOGIN};
use group::{Met, Templates};
use member::{Common, Member, Verdict};
use model::{Context, Finding, Result, Severity, Time, View};
use rows::mail::authentication::Word;
use rows::mail::message::Traits;
use rows::mail::phishing::Phishing;
use rows::mail::wave::{Shared, Wave};
use rows::names::{Resemblance, Sighting};
use rows::{Row as _, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Messages judged that are looked at; beyond, later ones in the order of keys are not.
const MESSAGES: usize = 50_000;
/// Ordinary messages that share something with judged ones, answers and reports kept.
const OTHERS: usize = 20_000;

/// `mail/wave`.
pub struct WaveDetector;

/// A message reported by somebody who got it.
#[derive(Clone, Debug)]
struct Report {
    by: String,
    time: Time,
}

/// What the whole mailbox says of the messages judged.
#[derive(Default)]
struct Mailbox {
    members: Vec<Member>,
    met: BTreeMap<Common, Met>,
    answers: Vec<Answer>,
    /// By the key of the message reported.
    reports: BTreeMap<String, Vec<Report>>,
}

impl Detector for WaveDetector {
    fn id(&self) -> &'static str {
        Wave::NAME
    }

    fn shape(&self) -> Option<Shape> {
        Some(Shape::of::<Wave>())
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[MESSAGE, Resemblance::NAME, Sighting::NAME, LOGIN, rows::sign_in::Activity::NAME]
    }

    fn watched(&self) -> &'static [&'static str] {
        &["recipients", "clicked"]
    }

    fn specification(&self) -> Specification {
        Specification(include_str!("wave.md"))
    }

    fn detect(&self, case: &dyn View, context: &Context, found: &mut dyn FnMut(Finding) -> Result<()>) -> Result<()> {
        let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
        case.findings(&mut |f| {
            if f.detector == Phishing::NAME && f.severity >= Severity::Low && verdicts.len() < MESSAGES {
                let signs = Phishing::of(&f.fields)?.signs;
                verdicts.insert(f.key.clone(), Verdict { severity: f.severity, score: f.confidence, signs });
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if verdicts.values().filter(|v| v.severity >= Severity::Medium).count() == 0 {
            return Ok(());
        }
        let mailbox = Mailbox::new(case, context, verdicts)?;
        let waves: Vec<Vec<&Member>> = group::groups(&mailbox.members, &mailbox.met)
            .into_iter()
            .map(|wave| once(wave.into_iter().map(|n| &mailbox.members[n])))
            .filter(|wave| wave.len() > 1 && wave.iter().any(|m| m.is_seed()))
            .collect();
        let all: Vec<&Member> = waves.iter().flatten().copied().collect();
        let elsewhere = Elsewhere::new(case, context, &all)?;
        let teams = context.config.settings::<Settings>()?.teams;
        for wave in waves {
            let (followed, visited) = elsewhere.of(&wave, &mailbox.answers);
            let reports = wave.iter().flat_map(|m| mailbox.reports.get(&m.key).into_iter().flatten().map(|r| (*m, r)));
            found(
                finding::Found {
                    members: &wave,
                    met: &mailbox.met,
                    followed,
                    visited,
                    reports: reports.map(|(m, r)| (m.id.clone(), r.clone())).collect(),
                    teams: &teams,
                }
                .finding(),
            )?;
        }
        Ok(())
    }
}

/// Each `Message-ID` once: a message that was also forwarded as an attachment is one.
fn once<'m>(members: impl Iterator<Item = &'m Member>) -> Vec<&'m Member> {
    let mut seen = BTreeSet::new();
    members.filter(|m| seen.insert(m.id.as_str())).collect()
}

/// A message that one's own people sent to one another or forwarded: it is about a wave, never of it.
fn is_ours(message: &Traits, context: &Context) -> bool {
    is_own(context.config, message.from) && message.dmarc != Some(Word::Fail)
}

impl Mailbox {
    fn new(case: &dyn View, context: &Context, verdicts: BTreeMap<String, Verdict>) -> Result<Mailbox> {
        let mut all = Mailbox::default();
        let mut last = String::new();
        // By container: which messages it brought.
        let mut brought: BTreeMap<String, Vec<String>> = BTreeMap::new();
        case.observations(MESSAGE, &mut |visit| {
            let o = &visit.observation;
            let message = Traits::of(&o.fields)?;
            if let Some(container) = message.container.filter(|_| brought.len() < OTHERS) {
                brought.entry(container.to_string()).or_default().push(o.key.clone());
            }
            if let Some(verdict) = verdicts.get(&o.key).filter(|_| o.key != last) {
                let forged = verdict.signs.iter().any(|s| matches!(s, Kind::OwnDomain | Kind::Forged));
                if !is_ours(&message, context) || forged {
                    all.members.push(Member::new(&visit, &message, Some(verdict.clone()), context.config));
                }
            }
            last.clone_from(&o.key);
            Ok(ControlFlow::Continue(()))
        })?;
        // What is but quoted adds nothing where the message itself is there.
        let there: BTreeSet<(String, String)> =
            all.members.iter().filter(|m| !m.quoted).map(|m| (m.from.clone(), m.subject.clone())).collect();
        all.members.retain(|m| !m.quoted || !there.contains(&(m.from.clone(), m.subject.clone())));
        let mut templates = Templates::default();
        for member in &mut all.members {
            let template = templates.add(&member.sketch, &member.key);
            member.shared.extend(template.map(|t| Common { what: Shared::Template, value: t }));
            for shared in &member.shared {
                all.met.entry(shared.clone()).or_default().judged += 1;
            }
        }
        all.others(case, context, &verdicts, &templates, &brought)?;
        all.members.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(all)
    }

    /// What ordinary mail says: which traits are everybody's, what else bears one, who answered, who reported.
    fn others(
        &mut self,
        case: &dyn View,
        context: &Context,
        verdicts: &BTreeMap<String, Verdict>,
        templates: &Templates,
        brought: &BTreeMap<String, Vec<String>>,
    ) -> Result<()> {
        let report_to = context.config.settings::<Settings>()?.report_to;
        let report_to: BTreeSet<String> = report_to.iter().map(|a| a.to_lowercase()).collect();
        let ids: BTreeSet<String> = self.members.iter().map(|m| m.id.clone()).collect();
        let shown: BTreeMap<(String, String), String> =
            self.members.iter().map(|m| ((m.from.clone(), m.subject.trim().to_string()), m.key.clone())).collect();
        let mut near = Vec::new();
        let mut last = String::new();
        case.observations(MESSAGE, &mut |visit| {
            let o = &visit.observation;
            if o.key == last {
                return Ok(ControlFlow::Continue(()));
            }
            last.clone_from(&o.key);
            let message = Traits::of(&o.fields)?;
            let sender = message.from.to_lowercase();
            let to: BTreeSet<String> = message.to.iter().chain(&message.cc).map(|a| a.to_lowercase()).collect();
            if self.reports.len() < OTHERS
                && (report_to.is_empty() && is_own(context.config, &sender) || !to.is_disjoint(&report_to))
            {
                let report = Report { by: sender.clone(), time: o.first };
                let quoted =
                    message.forwards.and_then(|f| shown.get(&(f.from.to_lowercase(), f.subject.trim().to_string())));
                for key in brought.get(&o.key).into_iter().flatten().chain(quoted) {
                    self.reports.entry(key.clone()).or_default().push(report.clone());
                }
            }
            if is_ours(&message, context) {
                let answered = message.in_reply_to;
                if ids.contains(answered) && self.answers.len() < OTHERS {
                    let (id, by, time, trace) = (answered.to_string(), sender, o.first, visit.trace());
                    self.answers.push(Answer { id, by, to, time, trace });
                }
            } else if !verdicts.contains_key(&o.key) && message.forwards.is_none() {
                // Who passes a message on is about a wave, never of it.
                let mut member = Member::new(&visit, &message, None, context.config);
                let template = templates.of(&member.sketch).map(String::from);
                member.shared.extend(template.map(|t| Common { what: Shared::Template, value: t }));
                member.shared.retain(|s| match self.met.get_mut(s) {
                    Some(met) => {
                        met.ordinary += 1;
                        true
                    }
                    None => false,
                });
                // One thing in common is no wave.
                if member.shared.len() > 1 && member.shared.iter().any(Common::is_strong) && near.len() < OTHERS {
                    near.push(member);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let met = &self.met;
        let rare = |s: &&Common| met.get(*s).is_some_and(|m| m.is_rare());
        near.retain(|m: &Member| m.shared.iter().filter(rare).count() > 1);
        self.members.append(&mut near);
        // What the copy in a report is, is the message itself wherever else it was kept.
        let by_id: BTreeMap<&str, Vec<&str>> = self.members.iter().fold(BTreeMap::new(), |mut all, m| {
            all.entry(m.id.as_str()).or_insert_with(Vec::new).push(m.key.as_str());
            all
        });
        let same: Vec<(String, Vec<Report>)> = by_id
            .values()
            .filter(|keys| keys.len() > 1)
            .flat_map(|keys| {
                let all: Vec<Report> =
                    keys.iter().flat_map(|k| self.reports.get(*k).into_iter().flatten().cloned()).collect();
                keys.iter().map(|k| (k.to_string(), all.clone())).collect::<Vec<_>>()
            })
            .collect();
        self.reports.extend(same);
        Ok(())
    }
}
