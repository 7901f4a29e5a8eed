//! The alert level, 1 to 5, by stated rules: the highest that holds at a time. What raised it, what would lower it.

use super::{Chain, Incident, Story};
use model::{Config, Level, Severity, Text, Time};
use rows::story::{State, Step};
use serde::Serialize;

/// Days before the vote in which a lower level rises.
const NEAR: i64 = 14;

/// How grave it is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Alert {
    /// 1 to 5.
    pub level: u8,
    /// The time it holds at.
    pub at: Time,
    /// The rule that made it so.
    pub rule: Text,
    /// Findings that the rule rests on.
    pub findings: Vec<String>,
    /// What would lower it.
    pub lower: Text,
    /// Days to the next day of the vote, where one is named and to come.
    pub days_to_vote: Option<i64>,
    /// Days since the last day of the vote.
    pub days_since_vote: Option<i64>,
    /// What to do now, each with the finding it is for.
    pub measures: Vec<Measure>,
}

/// A measure.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Measure {
    /// What to do.
    pub what: Text,
    /// Why: a step, as it stands.
    pub step: Step,
    /// How that stands.
    pub state: State,
    /// The finding it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
}

impl Alert {
    /// The level of a case at a time: what was not known then does not count.
    pub fn of(story: &Story, chain: &Chain, config: &Config, at: Time) -> Alert {
        let zone = config.zone().unwrap_or(jiff::tz::TimeZone::UTC);
        let today = at.in_zone(&zone).date();
        let days: Vec<i64> = config
            .election
            .days
            .iter()
            .filter_map(|d| d.to_string().parse::<jiff::civil::Date>().ok())
            .filter_map(|d| today.until(d).ok().map(|s| i64::from(s.get_days())))
            .collect();
        let to_vote = days.iter().copied().filter(|d| *d >= 0).min();
        let since_vote = days.iter().copied().max().filter(|d| *d < 0).map(|d| -d);
        let found = |step| chain.step(step).filter(|s| s.state == State::Found && s.first.is_none_or(|t| t <= at));
        let ids = |steps: &[Step]| {
            steps.iter().filter_map(|s| found(*s)).flat_map(|s| s.findings.iter().take(3).cloned()).collect::<Vec<_>>()
        };
        let joined = story.gravest().map(|i| joined(story, i, at)).unwrap_or_default();
        let illegal =
            Step::ALL.into_iter().filter(|s| joined.contains(s)).any(|s| story.known().of(s).level == Level::Illegal);
        let stolen = found(Step::Published).is_some()
            && [Step::DocumentsTaken, Step::DocumentsDoctored, Step::CredentialUsed]
                .into_iter()
                .any(|s| found(s).is_some());
        let recent = |within: i64, least: Severity| -> Vec<String> {
            let from = at.seconds() - within * 86_400;
            let new = story.items.iter().filter(|i| i.severity >= least && i.part.innocent.is_none());
            let new = new.filter(|i| i.last.or(i.first).is_some_and(|t| (from..=at.seconds()).contains(&t.seconds())));
            new.map(|i| i.id.clone()).take(5).collect()
        };
        let high = recent(30, Severity::High);
        let medium = recent(60, Severity::Medium);
        let (mut level, rule, findings) = if stolen {
            (
                5,
                Text::new("stolen or doctored papers are published", "des documents volés ou falsifiés sont publiés"),
                ids(&[Step::Published, Step::DocumentsTaken, Step::DocumentsDoctored]),
            )
        } else if found(Step::CredentialUsed).is_some() || found(Step::DocumentsTaken).is_some() {
            (
                4,
                Text::new(
                    "an account was used by a stranger, or papers were taken",
                    "un compte a servi à un tiers, ou des documents ont été pris",
                ),
                ids(&[Step::CredentialUsed, Step::DocumentsTaken]),
            )
        } else if found(Step::Click).is_some() {
            (
                4,
                Text::new(
                    "a lure was followed, and no changed password is on record",
                    "un piège a été suivi, et aucun changement de mot de passe n’est attesté",
                ),
                ids(&[Step::Click]),
            )
        } else if joined.len() >= 2 && illegal {
            (
                3,
                Text::new("two steps are joined, one of them illegal", "deux étapes sont reliées, dont une illégale"),
                ids(&joined),
            )
        } else if !high.is_empty() {
            (2, Text::new("a grave finding within 30 days", "un constat grave depuis 30 jours"), high)
        } else if to_vote.is_some_and(|d| d <= 60) && !medium.is_empty() {
            (
                2,
                Text::new("a finding within 60 days before the vote", "un constat dans les 60 jours avant le vote"),
                medium,
            )
        } else {
            (1, Text::new("nothing that asks for more", "rien qui demande davantage"), Vec::new())
        };
        let mut rule = rule;
        if to_vote.is_some_and(|d| d <= NEAR) && (2..=3).contains(&level) {
            level += 1;
            rule.en += "; one more, for the vote is within 14 days";
            rule.fr += " ; un de plus, le vote étant à moins de 14 jours";
        }
        let lower = match level {
            1 => Text::new("it is the lowest", "c’est le plus bas"),
            _ => Text::new(
                "14 quiet days, and what raised it closed on record: `vigie links DIR --innocent FINDING --reason …`, or the accounts secured",
                "14 jours calmes, et la cause close par écrit : `vigie links DIR --innocent CONSTAT --reason …`, ou les comptes sécurisés",
            ),
        };
        Alert {
            level,
            at,
            rule,
            findings,
            lower,
            days_to_vote: to_vote,
            days_since_vote: since_vote,
            measures: measures(chain, since_vote),
        }
    }
}

/// Steps that were joined by then.
fn joined(story: &Story, incident: &Incident, at: Time) -> Vec<Step> {
    let steps = story.joined(incident);
    let known =
        |s: &Step| story.of_incident(incident).any(|i| i.steps().any(|x| x == *s) && i.first.is_none_or(|t| t <= at));
    steps.into_iter().filter(known).collect()
}

/// What to do, by how each step stands.
fn measures(chain: &Chain, since_vote: Option<i64>) -> Vec<Measure> {
    let found = |s: Step| chain.state(s) == State::Found;
    let mut all = Vec::new();
    let mut add = |step: Step, en: &str, fr: &str| {
        let state = chain.state(step);
        let finding = chain.step(step).and_then(|s| s.findings.first().cloned());
        all.push(Measure { what: Text::new(en, fr), step, state, finding });
    };
    if found(Step::Published) {
        add(
            Step::Published,
            "Save copies of what was published, with times and hashes, before it goes.",
            "Copier ce qui a été publié, avec heures et empreintes, avant que cela disparaisse.",
        );
        add(
            Step::DocumentsDoctored,
            "Hold the published papers against your originals and seals before you call any of them true or false.",
            "Confronter les documents publiés à vos originaux et scellés avant de dire l’un d’eux vrai ou faux.",
        );
    }
    if found(Step::Click) || found(Step::CredentialUsed) {
        add(
            if found(Step::CredentialUsed) { Step::CredentialUsed } else { Step::Click },
            "Change the passwords of those who followed the lure, end their sessions, remove foreign applications and rules.",
            "Changer les mots de passe de qui a suivi le piège, fermer leurs sessions, retirer applications et règles étrangères.",
        );
    }
    if !found(Step::CredentialUsed) && found(Step::Click) {
        add(
            Step::CredentialUsed,
            "Ask for the sign-in logs today: free plans keep them 7 days.",
            "Demander aujourd’hui les journaux de connexion : les offres gratuites les gardent 7 jours.",
        );
    }
    if !found(Step::DocumentsTaken) && (found(Step::CredentialUsed) || found(Step::Published)) {
        add(
            Step::DocumentsTaken,
            "Ask for the audit log of mailboxes and files (180 days).",
            "Demander le journal d’audit des boîtes et fichiers (180 jours).",
        );
    }
    if found(Step::DecoyRegistered) {
        add(
            Step::DecoyRegistered,
            "Report the decoy names to their registrars and block them: `vigie export DIR --to dossier`.",
            "Signaler les leurres à leurs bureaux d’enregistrement et les bloquer : `vigie export DIR --to dossier`.",
        );
    }
    if found(Step::Mail) {
        add(
            Step::Mail,
            "Warn the staff with the lure's own words: `vigie export DIR --to warning`.",
            "Avertir l’équipe avec les mots mêmes du piège : `vigie export DIR --to warning`.",
        );
    }
    if found(Step::Amplified) {
        add(
            Step::Amplified,
            "Hand the groups of accounts to the platforms: `vigie export DIR --to dossier --names`.",
            "Remettre les groupes de comptes aux plateformes : `vigie export DIR --to dossier --names`.",
        );
    }
    if found(Step::Published) || found(Step::CredentialUsed) || found(Step::DocumentsTaken) {
        add(
            Step::Published,
            "Tell ANSSI and the prosecutor; if personal data are out, the CNIL within 72 hours.",
            "Prévenir l’ANSSI et le parquet ; si des données personnelles sont sorties, la CNIL sous 72 heures.",
        );
    }
    if let Some(days) = since_vote
        && days <= 30
    {
        // Decree 2001-213 of 8 March 2001, article 30; ordinance 58-1067 of 7 November 1958, article 33. Others differ.
        add(
            Step::Published,
            "After the vote: a presidential vote is contested within 48 hours of its close (by the prefect, or a candidate, before the Constitutional Council), a parliamentary one until the tenth day after the result, 18:00: `vigie export DIR --to effect`. Keep watching for documents that come late.",
            "Après le vote : la présidentielle se conteste dans les 48 heures de la clôture (préfet ou candidat devant le Conseil constitutionnel), les législatives jusqu’au dixième jour suivant la proclamation, 18 heures : `vigie export DIR --to effect`. Continuer à guetter les documents tardifs.",
        );
    }
    let none = !Step::ALL.into_iter().any(found);
    if none {
        add(
            Step::IntrusionAttempt,
            "Switch on and keep the logs that are missing here, the sign-in log first.",
            "Activer et garder les journaux qui manquent ici, d’abord ceux de connexion.",
        );
    }
    all
}
