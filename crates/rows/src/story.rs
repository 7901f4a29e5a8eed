//! The words of the case as one story: the steps of its chain, how each stands, what joins findings, and who may have
//! done it. Chapters say these words of their findings; `casework::story` puts them together.

use model::{Level, Text, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

model::vocabulary! {
    /// A step of the chain (`step`), in the order in which one leads to the next.
    pub enum Step {
        /// Somebody tried to get in.
        IntrusionAttempt = "intrusion_attempt" ("intrusion attempt", "tentative d’intrusion"),
        /// A name was registered that poses as ours.
        DecoyRegistered = "decoy_registered" ("decoy registered", "leurre enregistré"),
        /// A lure was sent.
        Mail = "mail" ("lure mailed", "courriel piégé"),
        /// Somebody followed it.
        Click = "click" ("lure followed", "piège suivi"),
        /// An account was used by a stranger.
        CredentialUsed = "credential_used" ("credential used", "identifiant utilisé"),
        /// Papers were taken.
        DocumentsTaken = "documents_taken" ("documents taken", "documents pris"),
        /// Papers were altered or made up.
        DocumentsDoctored = "documents_doctored" ("documents doctored", "documents falsifiés"),
        /// They came out.
        Published = "published" ("published", "publication"),
        /// Accounts carried them on together.
        Amplified = "amplified" ("amplified", "amplification"),
        /// The media took them up.
        InTheMedia = "in_the_media" ("in the media", "dans les médias"),
    }
}

model::vocabulary! {
    /// How a step stands (`state`).
    pub enum State {
        /// Evidence of this incident shows it.
        Found = "found" ("found", "établi"),
        /// Two pieces of evidence exclude one another.
        Contradicted = "contradicted" ("contradicted", "contredit"),
        /// The evidence that would show it was searched and holds nothing. It does not say that it did not happen.
        Exhausted = "exhausted" ("searched, nothing", "épuisé"),
        /// Nothing shows it, and not all that would show it was searched.
        Missing = "missing" ("missing", "manquant"),
    }
}

model::vocabulary! {
    /// Why two findings share a value: values of one group count once, the rarest.
    pub enum Cause {
        /// The same page or file.
        Object = "object" ("the same page or file", "la même page ou le même fichier"),
        /// The same key or certificate.
        Certificate = "certificate" ("the same key", "la même clé"),
        /// The same decoy name.
        Name = "name" ("the same name", "le même nom"),
        /// The same account, program or session of whoever acts.
        Account = "account" ("the same account or program", "le même compte ou programme"),
        /// The same accounts were done to.
        Victims = "victims" ("the same victims", "les mêmes victimes"),
        /// Registered by the same hand.
        Registration = "registration" ("the same registrant", "le même titulaire"),
        /// The same address.
        Hosting = "hosting" ("the same address", "la même adresse"),
        /// The same author, template or revision.
        Document = "document" ("the same author or template", "le même auteur ou modèle"),
        /// The same text or subject.
        Content = "content" ("the same text", "le même texte"),
        /// The newest paper is of the day of the last reading.
        CutOff = "cut_off" ("the same last day", "le même dernier jour"),
    }
}

impl Cause {
    /// Whether it is something of one operator's, and not merely passed from step to step. Only such links speak of who.
    pub fn is_hand(self) -> bool {
        matches!(self, Cause::Certificate | Cause::Account | Cause::Registration | Cause::Hosting)
    }
}

model::vocabulary! {
    /// What it costs to plant a sign (`class`), the cheapest first.
    pub enum Class {
        /// Anybody can: typed, rented, or public before the act.
        Cheap = "cheap" ("anybody can plant it", "n’importe qui peut l’imiter"),
        /// Only who knows what was unpublished at the time.
        Secret = "secret" ("it was not public at the time", "ce n’était pas public alors"),
        /// Only who holds a key or a server.
        Held = "held" ("who holds a key or a server", "il faut détenir une clé ou un serveur"),
        /// An unbroken signature, a seizure.
        Proof = "proof" ("a proof", "une preuve"),
    }
}

/// Fields by which findings say how far something went: their names, and in words.
pub const REACH: [(&str, &str, &str); 3] =
    [("posts", "posts", "messages"), ("accounts", "accounts", "comptes"), ("outlets", "outlets", "médias")];

/// A step as `vigie chain --json` prints it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ChainStep {
    /// Which.
    pub step: Step,
    /// How it stands.
    pub state: State,
    /// The earliest moment that shows it.
    pub first: Option<Time>,
    /// The latest moment that shows it.
    pub last: Option<Time>,
    /// Ids of the findings that show it, the surest first.
    pub findings: Vec<String>,
    /// The incident.
    pub incident: Option<String>,
    /// Where it stands towards the law.
    pub level: Level,
    /// How long after the step before that is found, at least and at most.
    pub delay: Option<Delay>,
    /// How it stands by source: each kind of evidence that shows it, or was searched.
    pub sources: Vec<Source>,
    /// Why it is contradicted; of a hole, what the case holds of this step that nothing joins to the incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// What would fill the hole, and where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look: Option<Text>,
    /// How long that is usually kept: to be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Text>,
}

/// Seconds between the beginnings of two steps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Delay {
    /// The step before.
    pub from: Step,
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
}

/// What one kind of evidence says of a step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The detectors' room, or the kind that was searched.
    pub kind: String,
    /// How the step stands by it alone.
    pub state: State,
    /// Findings that show it.
    pub findings: u64,
}

/// A hypothesis as `vigie hypotheses --json` prints it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Hypothesis {
    /// `intrusion_set:NAME`, `another_group`, `criminals`, `insider`, `false_flag`, `coincidence`.
    pub hypothesis: String,
    /// Its place, from 1.
    pub rank: u64,
    /// Whether it is preferred.
    pub preferred: bool,
    /// Whether none is; the same on every row.
    pub undetermined: bool,
    /// log10 of the likelihood ratio against *another group*, without signs that anybody can plant: from, to.
    pub weight: [f64; 2],
    /// The same with them, for the record; it never decides.
    pub with_cheap: [f64; 2],
    /// Probability over the ranges of ratios and priors: from, to.
    pub probability: [f64; 2],
    /// The words of ICD 203 for its ends.
    pub words: [String; 2],
    /// Origins of evidence that speak against it.
    pub inconsistent: u64,
    /// The evidence.
    pub evidence: Vec<Weighed>,
    /// The incident it is about.
    pub incident: Option<String>,
}

/// A piece of evidence in a row.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Weighed {
    /// What it is.
    pub what: Text,
    /// From whom or what it comes; one origin counts once.
    pub origin: String,
    /// What it costs to plant.
    pub class: Class,
    /// The likelihood ratio, from and to, as judged.
    pub ratio: [f64; 2],
    /// The same after the origin's reliability, where somebody else says it.
    pub believed: [f64; 2],
    /// The letter of the Admiralty code of the source, where it is another's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<String>,
    /// What the judgement rests on, and whose it is.
    pub basis: Text,
    /// Findings it rests on.
    pub findings: Vec<String>,
}

impl Weighed {
    /// The origin as it is said: what comes of the case itself has words of ours, others have their own name.
    pub fn from(&self) -> Text {
        let own = |fr: &str| Text::new(self.origin.clone(), fr);
        match (self.origin.as_str(), self.origin.split_once(' ')) {
            ("links", _) => own("liens"),
            ("sign-ins", _) => own("connexions"),
            (_, Some(("decision", number))) => own(&format!("décision {number}")),
            (_, Some(("record:", _))) => Text::new("record", "consignation"),
            (name, _) => Text::same(name),
        }
    }
}
