//! What a mailbox suggests for its case: where mail arrives, and which services write for the house.
//!
//! You may rely on: a suggestion rests on several messages, and a forged one adds nothing. Left out: whether it is right,
//! which a person says: whoever sends mail can bring a suggestion about.

use super::authentication::Boundary;
use super::content::claim::{bears, label};
use super::content::links::{HOSTS, Trait};
use super::content::sign::Kind;
use super::{MESSAGE, profile};
use crate::Proposal;
use crate::domain::registrable;
use model::{Config, Result, Text, View};
use rows::mail::authentication::Word;
use rows::mail::message::{Claims, Traits};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Messages that a suggestion rests on, at least.
const LEAST: u64 = 3;
/// Of how many that came one must have come through a server.
const SHARE: u64 = 5;
/// Names counted of each kind, at most: a mailbox is the adversary's to fill.
const MOST: usize = 10_000;
/// Suggestions of each kind, at most.
const TOLD: usize = 10;

/// Counts by name.
#[derive(Default)]
struct Counts(BTreeMap<String, u64>);

impl Counts {
    fn add(&mut self, name: &str) {
        if self.0.len() < MOST || self.0.contains_key(name) {
            *self.0.entry(name.to_string()).or_default() += 1;
        }
    }

    /// Those that are counted so often, the most frequent first.
    fn often(self, least: u64) -> impl Iterator<Item = (String, u64)> {
        let mut all: Vec<(String, u64)> = self.0.into_iter().filter(|(_, n)| *n >= least).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.into_iter().take(TOLD)
    }
}

/// What the mail of a case suggests.
pub fn proposals(case: &dyn View, config: &Config) -> Result<Vec<Proposal>> {
    let own: Vec<String> =
        config.protect.domains.iter().chain(&config.protect.mail_domains).map(|d| label(d)).collect();
    let (mut doors, mut mailers, mut spaces) = (Counts::default(), Counts::default(), Counts::default());
    let mut came = 0;
    case.observations(MESSAGE, &mut |visit| {
        let fields = &visit.observation.fields;
        let (claims, traits) = (Claims::of(fields)?, Traits::of(fields)?);
        if traits.quoted || traits.container.is_some() {
            return Ok(ControlFlow::Continue(()));
        }
        if let Some(by) = traits.received.first().map(|hop| hop.by.to_lowercase()).filter(|by| by.contains('.')) {
            came += 1;
            doors.add(Boundary::of(&by).and_then(Boundary::name).unwrap_or(&by));
        }
        if claims.dmarc == Some(Word::Fail) || !claims.header_from.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        let from = profile::domain(claims.from).to_lowercase();
        if profile::is_own(config, claims.from) {
            let back = profile::domain(claims.return_path).to_lowercase();
            let bulk = HOSTS.of(&back).contains(&Trait::Bulk);
            let named = claims.signs.iter().find(|s| s.sign == Kind::Mailer).map(|s| s.on.clone());
            let mailer = if bulk { registrable(&back) } else { named };
            mailer.into_iter().for_each(|mailer| mailers.add(&mailer));
        } else if HOSTS.of(&from).contains(&Trait::Space)
            && let Some(space) = from.split('.').next().map(|l| l.replace('-', ""))
            && own.iter().any(|own| bears(&space, &[own]))
        {
            spaces.add(&from);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut all = Vec::new();
    let mut propose = |key, (value, n): (String, u64), (en, fr): (&str, &str)| {
        let why = Text::new(en.replace("{}", &n.to_string()), fr.replace("{}", &n.to_string()));
        all.push(Proposal { key, value, why });
    };
    for door in doors.often(LEAST.max(came / SHARE)) {
        propose(
            "trusted",
            door,
            ("took in {} of the messages, the last on their way", "a reçu {} des messages, en dernier"),
        );
    }
    for space in spaces.often(LEAST) {
        propose(
            "ours",
            space,
            (
                "{} messages came from this space, which bears your name",
                "{} messages viennent de cet espace, qui porte votre nom",
            ),
        );
    }
    for mailer in mailers.often(LEAST) {
        propose("ours", mailer, ("sent {} messages in your name", "a envoyé {} messages en votre nom"));
    }
    Ok(all)
}
