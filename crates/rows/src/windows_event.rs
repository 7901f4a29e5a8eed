//! What Windows machines' event logs say: what was done on a machine in one way on one day, and what is found in it.

use crate::{Merge, Observed, Row, attempt};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

model::vocabulary! {
    /// What was done, whichever log and number say it.
    pub enum Action {
        /// Somebody logged on, or tried to.
        Logon = "logon" ("a logon", "une ouverture de session"),
        /// Somebody gave another account's name and password.
        ExplicitCredentials = "explicit_credentials" ("another account’s credentials given", "les identifiants d’un autre compte donnés"),
        /// A service was installed.
        Service = "service" ("a service installed", "un service installé"),
        /// A scheduled task was made or changed.
        Task = "task" ("a scheduled task set", "une tâche planifiée réglée"),
        /// A log was cleared.
        LogCleared = "log_cleared" ("a log cleared", "un journal effacé"),
        /// Something is written down no more.
        Logging = "logging" ("logging switched off", "la journalisation coupée"),
        /// PowerShell ran a script.
        Script = "script" ("a PowerShell script run", "un script PowerShell exécuté"),
        /// A program was started.
        Process = "process" ("a program started", "un programme lancé"),
        /// A program reached into the memory that holds passwords.
        Memory = "memory" ("the memory that holds passwords opened", "la mémoire qui détient les mots de passe ouverte"),
        /// Something was set to start by itself.
        Autostart = "autostart" ("something set to start by itself", "un démarrage automatique réglé"),
        /// An account was made, or shown again.
        Account = "account" ("an account made", "un compte créé"),
        /// An account was put into a group.
        Group = "group" ("an account put into a group", "un compte ajouté à un groupe"),
        /// An account's password was reset by another.
        Password = "password" ("a password reset", "un mot de passe réinitialisé"),
        /// The virus scanner met something.
        Malware = "malware" ("something met by the virus scanner", "un objet rencontré par l’antivirus"),
        /// The virus scanner was switched off, or told to look away.
        ScannerOff = "scanner_off" ("the virus scanner switched off", "l’antivirus coupé"),
    }
}

model::vocabulary! {
    /// What of a command, a script or a path speaks of somebody who hides, fetches or steals.
    pub enum Sign {
        /// The command itself is encoded.
        Encoded = "encoded" ("the command is given encoded", "la commande est donnée encodée"),
        /// Code is fetched from elsewhere.
        Download = "download" ("code or a file is fetched from elsewhere", "du code ou un fichier est pris ailleurs"),
        /// Text is run as code.
        RunsText = "runs_text" ("text is run as code", "un texte est exécuté comme du code"),
        /// It runs without a window, or around the rules on scripts.
        Hidden = "hidden" ("it hides its window or passes by the rules on scripts", "la fenêtre est cachée ou les règles sur les scripts contournées"),
        /// Code is put into memory without a file.
        InMemory = "in_memory" ("code is put into memory without a file", "du code est placé en mémoire sans fichier"),
        /// What scans scripts is switched off from within.
        Blinds = "blinds" ("what watches over scripts or files is switched off", "ce qui surveille scripts ou fichiers est coupé"),
        /// Passwords or keys are taken.
        Credentials = "credentials" ("passwords, hashes or keys are reached for", "des mots de passe, empreintes ou clés sont visés"),
        /// A document's program starts an interpreter.
        FromDocument = "from_document" ("started by a program that opens documents or mail", "lancé par un programme qui ouvre documents ou courriels"),
        /// A program of Windows runs foreign code in its place.
        ByProxy = "by_proxy" ("a program of Windows is made to run foreign code", "un programme de Windows exécute du code étranger"),
        /// Copies for restoring are deleted.
        NoRecovery = "no_recovery" ("copies for restoring are deleted", "les copies de restauration sont supprimées"),
        /// Logs are cleared.
        ClearsLogs = "clears_logs" ("logs are cleared", "des journaux sont effacés"),
        /// It runs on another machine.
        Remote = "remote" ("it is run on another machine", "l’exécution se fait sur une autre machine"),
        /// The text is made hard to read.
        Obfuscated = "obfuscated" ("the text is made hard to read", "le texte est rendu illisible"),
        /// The program lies where anybody may write.
        UserPath = "user_path" ("the program lies where anybody may write", "le programme se trouve là où chacun peut écrire"),
        /// A command interpreter, not a program of its own.
        Interpreter = "interpreter" ("a command interpreter, not a program of its own", "un interprète de commandes, pas un programme propre"),
        /// The name is as machines make up names.
        MadeUpName = "made_up_name" ("the name is made up by a machine", "le nom est fabriqué par une machine"),
    }
}

/// One record that a row stands for: when (seconds since 1970), and a hash of number, time and what was done, so that a record
/// in two files is known to be one, and one that only bears another's number is not taken for it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Record(pub i64, pub u64);

/// What was done on one machine in one way on one day (UTC).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Activity {
    /// What was done.
    pub action: Action,
    /// Whether it was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// The event's number.
    pub event_id: u32,
    /// The log.
    pub channel: String,
    /// The machine, as it calls itself.
    pub computer: String,
    /// Whose account it is about: who logged on, who was made, in whose name it runs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// Who did it, where that is told apart.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor: String,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// In which way: of a logon `interactive`, `network`, `remote_desktop`, `ssh` …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// What it was done to: a service, a task, a log, a group, a machine.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// What was set or run: a command, a script, a threat's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What started it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// What speaks in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub signs: BTreeSet<Sign>,
    /// The records, as often as they stand in the evidence.
    pub records: Vec<Record>,
}

impl Row for Activity {
    const NAME: &'static str = "windows_event/activity";
}

impl Observed for Activity {
    const MERGE: Merge = Merge::Adds;

    fn join(&mut self, later: &Activity) {
        self.records.extend(&later.records);
        self.records.sort_unstable();
    }
}

/// The machine that a finding is of, whichever detector's; none where it is of several.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Machine {
    /// As it calls itself.
    pub computer: String,
}

/// Something that was done on a machine: what the single detectors find, whose name is each finding's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Deed {
    /// What was done.
    pub action: Action,
    /// The event's number.
    pub event_id: u32,
    /// The log.
    pub channel: String,
    /// The machine.
    pub computer: String,
    /// Whose account it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actor: String,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// In which way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// What it was done to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// What was set or run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What started it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// What speaks in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub signs: BTreeSet<Sign>,
    /// How often.
    pub count: u64,
}

impl Row for Deed {
    const NAME: &'static str = "windows_event/deed";
}

/// An attempt to log on with passwords that are guessed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// What every attempt says.
    #[serde(flatten)]
    pub attempt: attempt::Attempt,
    /// The ways tried.
    pub methods: BTreeSet<String>,
    /// Accounts tried.
    pub accounts: u64,
    /// Accounts that were let in after refusals.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub entered: BTreeSet<String>,
    /// When the first was let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_at: Option<Time>,
}

impl Row for Attempt {
    const NAME: &'static str = "windows_event/attempt";
}
