//! Rows of cloud sign-ins and audit logs.

use crate::{Merge, Observed, Row, attempt};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Names of things read that are kept of one row.
pub const NAMES: usize = 8;

model::vocabulary! {
    /// Whose log it is. Two logs of one provider (Microsoft 365's audit log and Entra ID's sign-in log) tell of the same
    /// accounts.
    pub enum Provider {
        /// Microsoft 365 and Entra ID.
        Microsoft = "microsoft" ("Microsoft 365", "Microsoft 365"),
        /// Google Workspace.
        Google = "google" ("Google Workspace", "Google Workspace"),
        /// Okta.
        Okta = "okta" ("Okta", "Okta"),
        /// Nextcloud.
        Nextcloud = "nextcloud" ("Nextcloud", "Nextcloud"),
        /// Zimbra.
        Zimbra = "zimbra" ("Zimbra", "Zimbra"),
        /// Slack.
        Slack = "slack" ("Slack", "Slack"),
        /// GitHub.
        Github = "github" ("GitHub", "GitHub"),
        /// Cloudflare Access.
        Cloudflare = "cloudflare" ("Cloudflare Access", "Cloudflare Access"),
    }
}

model::vocabulary! {
    /// What was done, whatever the provider calls it.
    pub enum Action {
        /// Somebody signed in, or tried to.
        SignIn = "sign_in" ("a sign-in", "une connexion"),
        /// A second factor was asked for.
        Prompt = "prompt" ("a second factor asked for", "un second facteur demandé"),
        /// A second factor was added to an account.
        FactorAdded = "factor_added" ("a second factor added", "un second facteur ajouté"),
        /// A second factor was taken away, or is asked for no more.
        FactorRemoved = "factor_removed" ("a second factor removed", "un second facteur retiré"),
        /// The address or number by which an account is recovered was changed.
        Recovery = "recovery" ("a recovery address changed", "une adresse de récupération changée"),
        /// A password was changed or reset.
        Password = "password" ("a password changed", "un mot de passe changé"),
        /// A password for one program, or a token, that needs no second factor.
        AppPassword = "app_password" ("an app password or token made", "un mot de passe d’application ou un jeton créé"),
        /// An application was let into an account.
        Consent = "consent" ("an application consented to", "une application autorisée"),
        /// A key or password was added to an application.
        Credential = "credential" ("a credential added to an application", "un secret ajouté à une application"),
        /// Mail goes on to somewhere else.
        Forwarding = "forwarding" ("mail forwarded", "du courrier transféré"),
        /// A rule that sorts a mailbox.
        InboxRule = "inbox_rule" ("an inbox rule", "une règle de messagerie"),
        /// A rule for the mail of the whole organisation.
        TransportRule = "transport_rule" ("a rule for everybody’s mail", "une règle pour le courrier de tous"),
        /// Somebody may open another's mailbox or send in another's name.
        Delegate = "delegate" ("a mailbox opened to another", "une boîte ouverte à un autre"),
        /// Somebody was given an administrator's rights.
        Role = "role" ("an administrator made", "un administrateur nommé"),
        /// An account was made.
        Account = "account" ("an account made", "un compte créé"),
        /// Messages were read.
        Read = "read" ("messages read", "des messages lus"),
        /// Files were opened.
        Open = "open" ("files opened", "des fichiers ouverts"),
        /// Files were downloaded or copied to a machine.
        Download = "download" ("files downloaded", "des fichiers téléchargés"),
        /// All of a mailbox or of an account was taken out at once.
        Export = "export" ("an export of everything", "un export intégral"),
        /// Something was opened to whoever has the link.
        Sharing = "sharing" ("something shared with the world", "un partage ouvert à tous"),
        /// Something is written down no more.
        Logging = "logging" ("logging switched off", "la journalisation coupée"),
        /// A rule on who may sign in how was weakened.
        Policy = "policy" ("a sign-in policy changed", "une règle de connexion changée"),
    }
}

model::vocabulary! {
    /// What came of it.
    #[derive(Default)]
    pub enum Answer {
        /// It was done; of a sign-in, let in.
        #[default]
        Accepted = "accepted" ("accepted", "acceptée"),
        /// The password was wrong.
        WrongPassword = "wrong_password" ("wrong password", "mot de passe faux"),
        /// No such account.
        UnknownAccount = "unknown_account" ("no such account", "compte inconnu"),
        /// The account, or the source, was shut out after too many tries.
        Locked = "locked" ("locked out", "verrouillée"),
        /// The password was right, and a second factor was asked for or not given.
        SecondFactor = "second_factor" (
            "the password was right, the second factor was not given",
            "mot de passe juste, second facteur non fourni"
        ),
        /// The password was right, and a rule said no.
        Blocked = "blocked" ("the password was right, a policy said no", "mot de passe juste, refus d’une règle"),
        /// The person said no to the second factor's prompt.
        Denied = "denied" ("refused by its owner", "refusée par son titulaire"),
        /// Not done, for a reason that says nothing of passwords.
        Failed = "failed" ("failed", "échouée"),
    }
}

impl Answer {
    /// Whether whoever tried did not have the password.
    pub fn is_guess(self) -> bool {
        matches!(self, Answer::WrongPassword | Answer::UnknownAccount | Answer::Locked)
    }

    /// Whether whoever tried had the password and still was not let in.
    pub fn knew_password(self) -> bool {
        matches!(self, Answer::SecondFactor | Answer::Blocked | Answer::Denied)
    }
}

/// One record that a row stands for: when (seconds since 1970), the provider's id for it (hashed to 53 bits, so that a
/// record in two exports is known to be one), things touched, and their bytes where they are told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Record(pub i64, pub u64, pub u64, pub u64);

/// What one account did in one way on one day (UTC).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Activity {
    /// Whose log it is.
    pub provider: Provider,
    /// What was done.
    pub action: Action,
    /// What came of it.
    pub answer: Answer,
    /// What the provider calls it.
    pub operation: String,
    /// Who did it, lower case.
    pub account: String,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// With which program: browser and system, or the program's own name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client: String,
    /// By which way of signing in, where it is not the usual page: `device_code`, `app_password`, `imap` …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// To whom or to what it was done: a mailbox, an account, an application, a file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// What was set: where mail goes, what a rule does, rights, a role, scopes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The country that the provider names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Names of some of the things touched.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub names: BTreeSet<String>,
    /// Whether the provider says that it stopped writing down what was read: then more was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub throttled: bool,
    /// The records, as often as they stand in the evidence.
    pub records: Vec<Record>,
}

impl Row for Activity {
    const NAME: &'static str = "sign_in/activity";
}

impl Observed for Activity {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Activity) {
        self.records.extend(&later.records);
        self.records.sort_unstable();
        self.throttled |= later.throttled;
        self.names.extend(later.names.iter().cloned());
        while self.names.len() > NAMES {
            self.names.pop_last();
        }
    }
}

/// An attempt to sign in with passwords that are guessed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// What every attempt says.
    #[serde(flatten)]
    pub attempt: attempt::Attempt,
    /// Whose log it is.
    pub provider: Provider,
    /// Accounts tried.
    pub accounts: u64,
    /// Tries at accounts that do not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<u64>,
    /// Accounts whose password it turned out to know: let in, or stopped only by the second factor or a policy.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub entered: BTreeSet<String>,
    /// Of these, those that were let in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub let_in: BTreeSet<String>,
}

impl Row for Attempt {
    const NAME: &'static str = "sign_in/attempt";
}

/// A sign-in that is not like this person's others.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Unusual {
    /// Whose log it is.
    pub provider: Provider,
    /// Whose account.
    pub account: String,
    /// From where.
    pub source: String,
    /// Its country: ISO 3166 code, or why there is none.
    pub country: String,
    /// With which program.
    pub client: String,
    /// What is new: `country`, `network`, `client`, `travel`.
    pub new: Vec<String>,
    /// Sign-ins of this person before, that it is held against.
    pub before: u64,
    /// Sign-ins that are alike.
    pub count: u64,
    /// Minutes since the person signed in from another country, where nobody travels so fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

impl Row for Unusual {
    const NAME: &'static str = "sign_in/unusual";
}

/// Something that was set in an account or for all: what the single detectors find, whose name is each finding's own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Whose log it is.
    pub provider: Provider,
    /// What was done.
    pub action: Action,
    /// What the provider calls it.
    pub operation: String,
    /// Who did it.
    pub account: String,
    /// To whom or to what.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// What was set.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How often.
    pub count: u64,
    /// Things it was done to, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<u64>,
    /// Whether it was done from where this person had never signed in before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_elsewhere: bool,
}

impl Row for Change {
    const NAME: &'static str = "sign_in/change";
}

/// A stretch within which things were read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// Its first record.
    pub first: Time,
    /// Its last.
    pub last: Time,
    /// Things read or downloaded.
    pub items: u64,
}

/// When the last thing was taken, with its bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CutOff {
    /// Not before.
    pub from: Time,
    /// Not after.
    pub until: Time,
}

/// Reading or downloading in mass: what a leak may be made of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Theft {
    /// Whose log it is.
    pub provider: Provider,
    /// Who read.
    pub account: String,
    /// Whose things, where they are another's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub owners: BTreeSet<String>,
    /// From where.
    pub sources: BTreeSet<String>,
    /// With which programs.
    pub clients: BTreeSet<String>,
    /// Messages read.
    pub messages: u64,
    /// Files opened or downloaded.
    pub files: u64,
    /// Exports of everything.
    pub exports: u64,
    /// Folders copied whole to a machine: what was in them is not told.
    pub folders: u64,
    /// Bytes, as far as the log tells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Whether more was read than the log tells: it stopped writing, or whole folders were copied.
    pub at_least: bool,
    /// The stretches, in order.
    pub stretches: Vec<Stretch>,
    /// When the last was taken.
    pub cut_off: CutOff,
    /// Names of some of the files.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub names: BTreeSet<String>,
    /// Whether it was done from where this person had never signed in before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_elsewhere: bool,
}

impl Row for Theft {
    const NAME: &'static str = "sign_in/theft";
}

/// What was done with an account from where its owner had never been.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Deed {
    /// When.
    pub time: Time,
    /// What.
    pub action: Action,
    /// What the provider calls it.
    pub operation: String,
    /// To what, and what was set.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// A password used by somebody else: from the sign-in to what was taken.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Takeover {
    /// Whose log it is.
    pub provider: Provider,
    /// Whose account.
    pub account: String,
    /// From where.
    pub sources: BTreeSet<String>,
    /// Their countries.
    pub countries: BTreeSet<String>,
    /// The last sign-in from where its owner is known to be, before: the password was still theirs alone, or not yet used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_own: Option<Time>,
    /// The first sign-in by the other.
    pub signed_in: Time,
    /// What was set or done then, in order.
    pub deeds: Vec<Deed>,
    /// Things read.
    pub items: u64,
    /// The first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_from: Option<Time>,
    /// The last of them, with its bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
}

impl Row for Takeover {
    const NAME: &'static str = "sign_in/takeover";
}
