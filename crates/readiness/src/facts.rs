//! What the case knows of itself: which techniques it has seen, what others report of its mail, who fell for a wave and who
//! reported it.

use crate::answers::{Event, Level, Team};
use model::{Result, Severity, Text, View};
use rows::Row;
use rows::mail::dmarc::Reported;
use rows::mail::wave::Wave;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Something the case knows about a measure.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fact {
    /// The measure's number.
    pub measure: String,
    /// What is shown by itself, where nobody answered.
    pub at_least: Option<Level>,
    /// What an answer cannot be above.
    pub at_most: Option<Level>,
    /// In words.
    pub text: Text,
    /// The finding it rests on.
    pub finding: String,
}

/// What a case knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// ATT&CK techniques seen: findings and their weight.
    pub seen: BTreeMap<String, (u64, u64)>,
    /// By measure.
    pub facts: Vec<Fact>,
    /// Waves of phishing, each a drill nobody ordered.
    pub drills: Vec<Event>,
}

/// Waves told as drills.
const DRILLS: usize = 50;

fn weight(severity: Severity) -> u64 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 4,
        Severity::High => 16,
        Severity::Critical => 64,
    }
}

impl Facts {
    /// Of a case; `own` says whether a domain is one's own.
    pub fn of(view: &dyn View, own: &dyn Fn(&str) -> bool) -> Result<Facts> {
        let mut all = Facts::default();
        view.findings(&mut |f| {
            for technique in &f.techniques {
                let seen = all.seen.entry(technique.clone()).or_default();
                seen.0 += 1;
                seen.1 += weight(f.severity);
            }
            if f.detector == Reported::NAME
                && let Ok(Reported::Dmarc(senders)) = Reported::of(&f.fields)
                && own(&senders.domain)
            {
                all.facts.push(policy(&senders.domain, &senders.policy, f.id()));
            }
            if f.detector == Wave::NAME
                && let Ok(wave) = Wave::of(&f.fields)
            {
                all.wave(&wave, f.id());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        all.facts.sort();
        all.drills.sort_by(|a, b| (&a.day, &a.name).cmp(&(&b.day, &b.name)));
        Ok(all)
    }

    fn wave(&mut self, wave: &Wave, finding: String) {
        let (got, fell, told) =
            (wave.recipients.len() as u64, wave.clicked.len() as u64, wave.reported_by.len() as u64);
        if got == 0 {
            return;
        }
        let text = Text::new(
            format!("a wave of phishing reached {got} people: {fell} followed it, {told} reported it"),
            format!(
                "une vague d’hameçonnage a touché {got} personnes\u{202f}: {fell} l’ont suivie, {told} l’ont signalée"
            ),
        );
        let fact = |measure: &str, at_least, at_most| Fact {
            measure: measure.into(),
            at_least,
            at_most,
            text: text.clone(),
            finding: finding.clone(),
        };
        self.facts.push(fact("2", None, (fell > 0).then_some(Level::Partly)));
        self.facts.push(fact("C11", (told > 0).then_some(Level::Partly), None));
        if self.drills.len() < DRILLS {
            let first = wave.first.map_or_else(String::new, |t| t.to_string().chars().take(10).collect());
            let team = Team {
                team: String::new(),
                invited: got,
                passed: got - fell.min(got),
                reported: told.min(got),
                ..Team::default()
            };
            self.drills.push(Event { kind: "drill".into(), name: wave.subject.clone(), day: first, teams: vec![team] });
        }
    }

    /// How much of what a measure is against was seen: findings, and their weight.
    #[must_use]
    pub fn against(&self, techniques: &[String]) -> (u64, u64) {
        let under = |seen: &str, t: &str| seen == t || seen.strip_prefix(t).is_some_and(|rest| rest.starts_with('.'));
        let seen = self.seen.iter().filter(|(s, _)| techniques.iter().any(|t| under(s, t)));
        seen.fold((0, 0), |all, (_, n)| (all.0 + n.0, all.1 + n.1))
    }
}

fn policy(domain: &str, policy: &str, finding: String) -> Fact {
    let strong = matches!(policy, "quarantine" | "reject");
    Fact {
        measure: "24".into(),
        at_least: strong.then_some(Level::Partly),
        at_most: (!strong).then_some(Level::Standard),
        text: Text::new(
            format!("other servers report the DMARC policy `{policy}` of {domain}"),
            format!("d’autres serveurs rapportent la politique DMARC `{policy}` de {domain}"),
        ),
        finding,
    }
}
