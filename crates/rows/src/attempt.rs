//! Attempts: what a finding says of one, and the words in it.
//!
//! # For authors of detectors
//!
//! A finding whose fields hold an [`Attempt`] is an attempt, whatever its detector is called and whatever evidence it
//! comes from: it is counted in the ledger (per day of its first event, country, class, outcome and purpose), stands in
//! `attempts.csv` and is told in the chapter on attempts; its addresses of role *source* go to MISP. Nothing else need be
//! written: no chapter, no export. A detector that has more to say flattens [`Attempt`] in a row of its own, as
//! [`crate::web_log::Attempt`] does; who reads attempts passes by what it does not know.
//!
//! One finding is one attempt: one purpose against one site by one source, or by several that act as one, its events no
//! further apart than the window. Where a flood leaves more attempts alike than anybody looks at one by one, one finding may
//! list many of a kind and say how many ([`Attempt::attempts`]). Whatever is seen of it twice (in two logs, by two detectors) must be claimed once, or it
//! counts twice. What only *precedes* an attempt and tried nothing (a scan that named no account) has no `outcome`, and is
//! no attempt. A finding that has an `outcome` and does not fit [`Attempt`] otherwise (a word that no vocabulary has) is
//! in no ledger; the brief tells it among *other findings*.

use crate::Counts;
use model::{Fields, Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a finding says of an attempt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// What was tried: the gravest class, or the one of most requests. Left out where no class fits, as of a person of
    /// the house who tries for more rights; then it is counted under `-`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// Requests of each class, the most frequent first. One request may be of several, and those that are ordinary by
    /// themselves are of none, so that the sum says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Counts<Class>>,
    /// What came of it, as far as the evidence shows. *Possibly succeeded* is an alarm at the top of page one: say it
    /// only where a reason for it can be read off the evidence, and give that reason.
    pub outcome: Outcome,
    /// Events: requests sent, logins refused. At least one.
    pub requests: u64,
    /// How many attempts the finding tells together, where there are so many alike that they are listed; left out, it
    /// is one. Each began on the same day of the campaign's zone and has the same country, class, outcome and purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u64>,
    /// Distinct addresses that took part. All of them, not only those among the entities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<u64>,
    /// Where the source is registered (one of them, where there are several): ISO 3166 code, or why there is none
    /// (`private`, `unknown` …). From `Context::origins` and nowhere else: it says where a machine stands. Left out, it
    /// counts as `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The network that all sources lie in; `-` where they lie in several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The source's autonomous system, from `Context::origins` where its data tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_number: Option<u32>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_name: Option<String>,
    /// Against what: the virtual host, or the machine; `-` where the evidence does not say.
    pub site: String,
    /// How its events lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// What it was aimed at. A new kind of service is a new word here, with its name in both languages.
    pub purpose: Purpose,
}

impl Attempt {
    /// The attempt that a finding with these fields is; none where it is something else.
    pub fn of(fields: &Fields) -> Option<Attempt> {
        fields.to().ok()
    }

    /// How many attempts it counts for.
    pub fn attempts(&self) -> u64 {
        self.attempts.unwrap_or(1).max(1)
    }

    /// The word of the class that it is counted under.
    pub fn class(&self) -> &'static str {
        self.class.map_or("-", Class::as_str)
    }

    /// The country that it is counted under.
    pub fn country(&self) -> &str {
        self.country.as_deref().unwrap_or("unknown")
    }
}

model::vocabulary! {
    /// What an attempt tries (`fields.class`). The first nineteen are told from one request, the rest from many.
    pub enum Class {
        /// A statement smuggled into a database query (also NoSQL, LDAP and XPath filters). CWE-89, -90, -643, -943.
        SqlInjection = "sql_injection" ("SQL injection", "injection SQL"),
        /// Script smuggled into a page (also header splitting). CWE-79, -113.
        CrossSiteScripting = "cross_site_scripting" ("cross-site scripting (XSS)", "script intersite (XSS)"),
        /// Leaving the served directory. CWE-22.
        PathTraversal = "path_traversal" ("path traversal", "traversée de répertoires"),
        /// Making the application open a file, stream or entity. CWE-98, -611.
        FileInclusion = "file_inclusion" ("file inclusion", "inclusion de fichier"),
        /// A shell command or server-side code. CWE-78, -94, -97.
        CommandInjection = "command_injection" ("command injection", "injection de commandes"),
        /// An expression for a template engine. CWE-1336, -917.
        TemplateInjection = "template_injection" ("template injection", "injection de gabarit"),
        /// A Java naming look-up (Log4Shell). CVE-2021-44228.
        JndiInjection = "jndi_injection" ("JNDI injection (Log4Shell)", "injection JNDI (Log4Shell)"),
        /// A bash function definition in a header. CVE-2014-6271.
        Shellshock = "shellshock" ("Shellshock", "Shellshock"),
        /// A serialised object. CWE-502; OWASP A8:2017.
        Deserialization = "deserialization" ("insecure deserialisation", "désérialisation non sécurisée"),
        /// A redirect to a stranger's address. CWE-601.
        OpenRedirect = "open_redirect" ("open redirect", "redirection ouverte"),
        /// Use of the server as a proxy, also towards itself (SSRF). CWE-441, -918.
        ProxyAbuse = "proxy_abuse" ("proxy abuse", "abus de serveur mandataire"),
        /// A scanning tool, by its name or its tell-tale request. ATT&CK T1595.002.
        Scanner = "scanner" ("vulnerability scanning", "balayage de vulnérabilités"),
        /// A file nobody links to: secrets, backups, repositories. CWE-538.
        SecretProbe = "secret_probe" ("search for secrets and backups", "recherche de secrets et de sauvegardes"),
        /// A request made for one published weakness.
        KnownCve = "known_cve" ("known vulnerability (CVE)", "vulnérabilité connue (CVE)"),
        /// An administration page.
        AdminProbe = "admin_probe" ("search for administration pages", "recherche de pages d’administration"),
        /// A name and password sent, or refused.
        LoginAttempt = "login_attempt" ("login attempt", "tentative de connexion"),
        /// A list of the site's accounts. CWE-204.
        UserEnumeration = "user_enumeration" ("user enumeration", "énumération de comptes"),
        /// A web shell looked for or used. ATT&CK T1505.003.
        WebShell = "web_shell" ("web shell", "porte dérobée web"),
        /// Bytes that are no HTTP request.
        Malformed = "malformed" ("malformed requests", "requêtes malformées"),
        /// Guessing addresses that nobody links to. CWE-425.
        ForcedBrowsing = "forced_browsing" ("forced browsing", "navigation forcée"),
        /// More requests than visitors make. ATT&CK T1498.001, T1499.002.
        Flood = "flood" ("HTTP flood", "inondation de requêtes HTTP"),
        /// Many passwords for few accounts. ATT&CK T1110.001.
        BruteForce = "brute_force" ("password guessing", "essais de mots de passe"),
        /// Few passwords for many accounts. ATT&CK T1110.003.
        PasswordSpraying = "password_spraying" ("password spraying", "pulvérisation de mots de passe"),
        /// Pairs of account and password stolen elsewhere. ATT&CK T1110.004.
        CredentialStuffing = "credential_stuffing" ("credential stuffing", "bourrage d’identifiants"),
    }
}

model::vocabulary! {
    /// What an attempt is aimed at (`fields.purpose`, and the first part of a run's key).
    pub enum Purpose {
        /// A site.
        Web = "web" ("web site", "site web"),
        /// The login page of a site, or of a program that writes its logins to syslog.
        WebLogin = "web-login" ("login page of the web site", "page de connexion du site"),
        /// Secure shell.
        Ssh = "ssh" ("SSH login", "connexion SSH"),
        /// Mail submission with SASL.
        Smtp = "smtp" ("mail sending (SMTP)", "envoi de courriel (SMTP)"),
        /// IMAP.
        Imap = "imap" ("mailbox (IMAP)", "boîte aux lettres (IMAP)"),
        /// POP3.
        Pop3 = "pop3" ("mailbox (POP3)", "boîte aux lettres (POP3)"),
        /// ManageSieve (RFC 5804).
        Sieve = "sieve" ("mailbox filters (ManageSieve)", "filtres de messagerie (ManageSieve)"),
        /// FTP.
        Ftp = "ftp" ("file transfer (FTP)", "transfert de fichiers (FTP)"),
        /// PostgreSQL.
        Postgresql = "postgresql" ("PostgreSQL database", "base de données PostgreSQL"),
        /// MySQL or MariaDB.
        Mysql = "mysql" ("MySQL database", "base de données MySQL"),
        /// `sudo`.
        Sudo = "sudo" ("administrator rights (sudo)", "droits d’administration (sudo)"),
        /// `su`.
        Su = "su" ("another account's rights (su)", "droits d’un autre compte (su)"),
        /// Windows file shares (Samba).
        Smb = "smb" ("file shares (SMB)", "partages de fichiers (SMB)"),
        /// A Windows machine: its desktop, its shares, its domain.
        Windows = "windows" ("Windows logon", "ouverture de session Windows"),
        /// Remote desktop.
        Rdp = "rdp" ("remote desktop (RDP)", "bureau à distance (RDP)"),
        /// A cloud provider's sign-in.
        CloudSignIn = "cloud-sign-in" ("cloud sign-in", "connexion infonuagique"),
        /// Any other program that asks PAM.
        Pam = "pam" ("other login (PAM)", "autre connexion (PAM)"),
    }
}

model::vocabulary! {
    /// How an attempt's events lie (`fields.shape`).
    pub enum Shape {
        /// Within the window of one another, from one source.
        Burst = "burst" ("one burst", "une rafale"),
        /// A few at a time over days, from one source.
        Slow = "slow" ("slow, over days", "lente, étalée sur plusieurs jours"),
        /// From several sources of one network.
        Distributed = "distributed" ("distributed over one network", "répartie dans un même réseau"),
        /// Logins from many networks at once, a few each, over the same names.
        Spray = "spray" ("spread over many sources", "répartie entre de nombreuses sources"),
    }
}
