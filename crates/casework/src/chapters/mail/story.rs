//! What mail brings to the story: lures and when they came, who followed one, whose account was then entered from
//! elsewhere. Whoever merely got a message is no victim.

use super::of;
use crate::story::{About, Bearers, Part, Sign, account};
use model::{Context, Finding, Result, Text, View};
use rows::Row;
use rows::mail::phishing::{Phishing, Suspicion};
use rows::mail::wave::{How, Lure, Wave};
use rows::story::{Cause, Step};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// How sure it must be that somebody followed a lure.
const SURE: u8 = 50;

/// What a finding brings.
pub fn part(finding: &Finding, part: &mut Part) {
    // The sender's name alone does not show when it was registered, or that it was.
    if finding.detector == Phishing::NAME || Suspicion::DETECTORS.contains(&finding.detector.as_ref()) {
        part.hide(Step::DecoyRegistered);
    }
    let Some(wave) = of::<Wave>(finding) else { return };
    part.hide(Step::DecoyRegistered);
    let (first, last) = (wave.first.or(finding.first), wave.last.or(finding.last));
    part.show(Step::Mail, first, last, finding.confidence);
    part.values.iter_mut().for_each(|v| (v.first, v.last) = (first, last));
    for page in wave.pages.iter().chain(&wave.urls) {
        part.share(Cause::Object, page.clone(), first, last);
    }
    let sure = || wave.clicks.iter().filter(|c| c.confidence >= SURE);
    let followed = |how: fn(How) -> bool| {
        let times = || sure().filter(|c| how(c.how)).map(|c| c.time);
        (times().min(), times().max(), sure().filter(|c| how(c.how)).map(|c| c.confidence).max())
    };
    if let (first, last, Some(confidence)) = followed(|_| true) {
        part.show(Step::Click, first, last, confidence);
    }
    if let (first, last, Some(confidence)) = followed(|how| how == How::Login) {
        part.show(Step::CredentialUsed, first, last, confidence);
    }
    part.victims = wave.clicked.iter().cloned().collect();
    if wave.lure == Lure::Extortion {
        part.signs.push(Sign {
            about: About::Other("criminals"),
            ratio: "ransom",
            class: None,
            origin: "mail".into(),
            said: first,
            reference: String::new(),
            what: Text::new("a wave of blackmail", "une vague de chantage"),
        });
    }
}

/// Whose accounts are ours: who writes and is written to at our own domains.
pub fn bearers(view: &dyn View, context: &Context, bearers: &mut Bearers) -> Result<()> {
    let protect = &context.config.protect;
    let own: BTreeSet<String> = protect.domains.iter().chain(&protect.mail_domains).map(ToString::to_string).collect();
    view.tallies("mail/pair", &mut |key, _| {
        for address in key.split(' ').take(2) {
            if address.split_once('@').is_some_and(|(_, domain)| own.contains(domain)) {
                bearers.account(account(address, &own));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}
