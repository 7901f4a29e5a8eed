//! What the case knows of itself: which techniques it has seen, what others report of its mail, who fell for a wave and who
//! reported it, who signed in without a second factor, and what its sites showed when they were examined.

use crate::answers::{Event, Level, Team};
use model::{Result, Severity, Text, View};
use rows::Row;
use rows::mail::dmarc::Reported;
use rows::mail::wave::Wave;
use rows::sign_in::{Action, Change};
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

/// What an examination of one's own site showed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Site {
    /// Its address.
    pub url: String,
    /// The day.
    pub day: String,
    /// The domain mail is written from, and its DMARC policy (`-` where it has none); none: the DNS was not asked.
    pub dmarc: Option<(String, String)>,
    /// Names of findings, from *low* on.
    pub found: Vec<String>,
    /// All was answered that *sound HTTPS* hangs on.
    pub https_known: bool,
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
            // Each detector of changes has a name of its own, and one kind of row.
            if f.detector.split('/').next() == Change::NAME.split('/').next()
                && let Ok(change) = Change::of(&f.fields)
            {
                all.facts.extend(without_factor(&change, f.id()));
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

    /// With what sites showed.
    #[must_use]
    pub fn with(mut self, sites: &[Site]) -> Facts {
        for site in sites {
            let fact = |measure: &str, at_least, at_most, text| Fact {
                measure: measure.into(),
                at_least,
                at_most,
                text,
                finding: site.url.clone(),
            };
            if let Some((domain, policy)) = &site.dmarc {
                let strong = matches!(policy.as_str(), "quarantine" | "reject");
                let text = Text::new(
                    format!("on {} {domain} published the DMARC policy `{policy}`", site.day),
                    format!("le {}, {domain} publiait la politique DMARC `{policy}`", site.day),
                );
                let most = (!strong).then_some(Level::Standard);
                self.facts.push(fact("24", strong.then_some(Level::Partly), most, text));
            }
            let clear =
                |id: &String| id.starts_with("tls-") || id.starts_with("no-https") || id.starts_with("https-for");
            let (bad, text) = match site.found.iter().find(|id| clear(id)) {
                Some(id) => (
                    true,
                    Text::new(
                        format!("on {} {} showed `{id}`", site.day, site.url),
                        format!("le {}, {} montrait `{id}`", site.day, site.url),
                    ),
                ),
                // What was not answered is not sound.
                None if !site.https_known => continue,
                None => (
                    false,
                    Text::new(
                        format!("on {} {} spoke sound HTTPS only", site.day, site.url),
                        format!("le {}, {} ne parlait que du HTTPS sain", site.day, site.url),
                    ),
                ),
            };
            self.facts.push(fact("21", (!bad).then_some(Level::Partly), bad.then_some(Level::Partly), text));
        }
        self.facts.sort();
        self
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

/// Somebody got in without a second factor, or it was taken away.
fn without_factor(change: &Change, finding: String) -> Option<Fact> {
    let account = &change.account;
    let text = match change.action {
        // By a code of a device the second factor was given, to somebody else.
        Action::SignIn if change.detail != "device_code" => Text::new(
            format!("`{account}` signed in by `{}`, which asks for no second factor", change.detail),
            format!("« {account} » s’est connecté par `{}`, qui ne demande aucun second facteur", change.detail),
        ),
        Action::FactorRemoved => Text::new(
            format!("the second factor of `{account}` was taken away"),
            format!("le second facteur de « {account} » a été retiré"),
        ),
        _ => return None,
    };
    Some(Fact { measure: "13".into(), at_least: None, at_most: Some(Level::Partly), text, finding })
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
