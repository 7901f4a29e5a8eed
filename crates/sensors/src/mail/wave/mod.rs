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
use crate::mail::profile::{is_own, texts};
use crate::mail::settings::Settings;
use crate::names::{LOOKALIKE, SIGHTING};
use crate::{Detector, Specification};
use followed::{Answer, Elsewhere, LOGIN};
use group::{Met, Templates};
use member::{Member, Shared, Verdict};

pub use member::text;
use model::{Context, Fields, Finding, Result, Severity, Time, View};
use serde_json::Value;
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
    met: BTreeMap<Shared, Met>,
    answers: Vec<Answer>,
    /// By the key of the message reported.
    reports: BTreeMap<String, Vec<Report>>,
}

impl Detector for WaveDetector {
    fn id(&self) -> &'static str {
        "mail/wave"
    }

    fn inputs(&self) -> &'static [&'static str] {
        &[MESSAGE, LOOKALIKE, SIGHTING, LOGIN]
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
            if f.detector == "mail/phishing" && f.severity >= Severity::Low && verdicts.len() < MESSAGES {
                let signs = texts(&f.fields, "signs").into_iter().map(String::from).collect();
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
                finding::Wave {
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
fn is_ours(fields: &Fields, context: &Context) -> bool {
    is_own(context.config, text(fields, "from")) && text(fields, "dmarc") != "fail"
}

impl Mailbox {
    fn new(case: &dyn View, context: &Context, verdicts: BTreeMap<String, Verdict>) -> Result<Mailbox> {
        let mut all = Mailbox::default();
        let mut last = String::new();
        // By container: which messages it brought.
        let mut brought: BTreeMap<String, Vec<String>> = BTreeMap::new();
        case.observations(MESSAGE, &mut |visit| {
            let o = &visit.observation;
            if let Some(container) =
                o.fields.get("container").and_then(Value::as_str).filter(|_| brought.len() < OTHERS)
            {
                brought.entry(container.to_string()).or_default().push(o.key.clone());
            }
            if let Some(verdict) = verdicts.get(&o.key).filter(|_| o.key != last) {
                let forged = verdict.signs.iter().any(|s| s == "own_domain" || s == "forged");
                if !is_ours(&o.fields, context) || forged {
                    all.members.push(Member::new(&visit, Some(verdict.clone()), context.config));
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
            member.shared.extend(templates.add(&member.sketch, &member.key).map(Shared::Template));
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
            let fields = &o.fields;
            let sender = text(fields, "from").to_lowercase();
            let to: BTreeSet<String> =
                ["to", "cc"].iter().flat_map(|f| texts(fields, f)).map(str::to_lowercase).collect();
            if self.reports.len() < OTHERS
                && (report_to.is_empty() && is_own(context.config, &sender) || !to.is_disjoint(&report_to))
            {
                let report = Report { by: sender.clone(), time: o.first };
                let quoted = fields
                    .get("forwards")
                    .and_then(Value::as_object)
                    .and_then(|f| shown.get(&(text(f, "from").to_lowercase(), text(f, "subject").trim().to_string())));
                for key in brought.get(&o.key).into_iter().flatten().chain(quoted) {
                    self.reports.entry(key.clone()).or_default().push(report.clone());
                }
            }
            if is_ours(fields, context) {
                let answered = text(fields, "in_reply_to");
                if ids.contains(answered) && self.answers.len() < OTHERS {
                    let (id, by, time, trace) = (answered.to_string(), sender, o.first, visit.trace());
                    self.answers.push(Answer { id, by, to, time, trace });
                }
            } else if !verdicts.contains_key(&o.key) {
                let mut member = Member::new(&visit, None, context.config);
                member.shared.extend(templates.of(&member.sketch).map(|t| Shared::Template(t.to_string())));
                member.shared.retain(|s| match self.met.get_mut(s) {
                    Some(met) => {
                        met.ordinary += 1;
                        true
                    }
                    None => false,
                });
                // One thing in common is no wave.
                if member.shared.len() > 1 && member.shared.iter().any(Shared::is_strong) && near.len() < OTHERS {
                    near.push(member);
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let met = &self.met;
        let rare = |s: &&Shared| met.get(*s).is_some_and(|m| m.is_rare());
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
