//! The classes of hostile requests, and the verdict on one.

use super::rules::{Rule, Strength};

/// What a hostile request tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// A statement smuggled into a database query (also NoSQL, LDAP and XPath filters). CWE-89, -90, -643, -943.
    SqlInjection,
    /// Script smuggled into a page (also header splitting). CWE-79, -113.
    CrossSiteScripting,
    /// Leaving the served directory. CWE-22.
    PathTraversal,
    /// Making the application open a file, stream or entity. CWE-98, -611.
    FileInclusion,
    /// A shell command or server-side code. CWE-78, -94, -97.
    CommandInjection,
    /// An expression for a template engine. CWE-1336, -917.
    TemplateInjection,
    /// A Java naming look-up (Log4Shell). CVE-2021-44228.
    JndiInjection,
    /// A bash function definition in a header. CVE-2014-6271.
    Shellshock,
    /// A serialised object. CWE-502.
    Deserialization,
    /// A redirect to a stranger's address. CWE-601.
    OpenRedirect,
    /// Use of the server as a proxy, also towards itself (SSRF). CWE-441, -918.
    ProxyAbuse,
    /// A scanning tool, by its name or its tell-tale request.
    Scanner,
    /// A file nobody links to: secrets, backups, repositories. CWE-538.
    SecretProbe,
    /// A request made for one published weakness.
    KnownCve,
    /// An administration page.
    AdminProbe,
    /// A name and password sent, or refused.
    LoginAttempt,
    /// A list of the site's accounts.
    UserEnumeration,
    /// A web shell looked for or used.
    WebShell,
    /// Bytes that are no HTTP request.
    Malformed,
}

impl Class {
    /// All classes, in declaration order.
    pub const ALL: [Self; 19] = [
        Self::SqlInjection,
        Self::CrossSiteScripting,
        Self::PathTraversal,
        Self::FileInclusion,
        Self::CommandInjection,
        Self::TemplateInjection,
        Self::JndiInjection,
        Self::Shellshock,
        Self::Deserialization,
        Self::OpenRedirect,
        Self::ProxyAbuse,
        Self::Scanner,
        Self::SecretProbe,
        Self::KnownCve,
        Self::AdminProbe,
        Self::LoginAttempt,
        Self::UserEnumeration,
        Self::WebShell,
        Self::Malformed,
    ];

    /// Name in data and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.texts().0
    }

    /// Short English name.
    #[must_use]
    pub fn english(self) -> &'static str {
        self.texts().1
    }

    /// Short French name.
    #[must_use]
    pub fn french(self) -> &'static str {
        self.texts().2
    }

    /// MITRE ATT&CK (Enterprise) techniques, the closest first.
    #[must_use]
    pub fn techniques(self) -> &'static [&'static str] {
        self.texts().3
    }

    /// How telling the class is when several apply: the higher one names the request.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Shellshock | Self::JndiInjection => 19,
            Self::KnownCve => 18,
            Self::WebShell => 17,
            Self::Deserialization => 16,
            Self::SqlInjection => 15,
            Self::CrossSiteScripting => 14,
            Self::CommandInjection => 13,
            Self::TemplateInjection => 12,
            Self::FileInclusion => 11,
            Self::PathTraversal => 10,
            Self::SecretProbe => 9,
            Self::ProxyAbuse => 8,
            Self::OpenRedirect => 7,
            Self::UserEnumeration => 6,
            Self::LoginAttempt => 5,
            Self::AdminProbe => 4,
            Self::Scanner => 3,
            Self::Malformed => 2,
        }
    }

    fn texts(self) -> (&'static str, &'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::SqlInjection => ("sql_injection", "SQL injection", "injection SQL", &["T1190"]),
            Self::CrossSiteScripting => {
                ("cross_site_scripting", "cross-site scripting", "script intersite (XSS)", &["T1190", "T1059.007"])
            }
            Self::PathTraversal => {
                ("path_traversal", "path traversal", "traversée de répertoires", &["T1190", "T1083"])
            }
            Self::FileInclusion => ("file_inclusion", "file inclusion", "inclusion de fichier", &["T1190"]),
            Self::CommandInjection => {
                ("command_injection", "command injection", "injection de commande", &["T1190", "T1059"])
            }
            Self::TemplateInjection => {
                ("template_injection", "template injection", "injection de gabarit", &["T1190", "T1221"])
            }
            Self::JndiInjection => {
                ("jndi_injection", "JNDI injection (Log4Shell)", "injection JNDI (Log4Shell)", &["T1190"])
            }
            Self::Shellshock => ("shellshock", "Shellshock", "Shellshock", &["T1190", "T1059.004"]),
            Self::Deserialization => ("deserialization", "deserialisation", "désérialisation", &["T1190"]),
            Self::OpenRedirect => ("open_redirect", "open redirect", "redirection ouverte", &["T1190"]),
            Self::ProxyAbuse => ("proxy_abuse", "proxy abuse", "abus de serveur mandataire", &["T1090.002", "T1190"]),
            Self::Scanner => ("scanner", "vulnerability scanner", "outil de balayage", &["T1595.002"]),
            Self::SecretProbe => {
                ("secret_probe", "probe for secrets", "recherche de secrets", &["T1595.003", "T1552.001"])
            }
            Self::KnownCve => ("known_cve", "known vulnerability", "faille connue", &["T1190", "T1595.002"]),
            Self::AdminProbe => ("admin_probe", "administration page", "page d’administration", &["T1595.003"]),
            Self::LoginAttempt => ("login_attempt", "login attempt", "tentative de connexion", &["T1110"]),
            Self::UserEnumeration => {
                ("user_enumeration", "account listing", "énumération de comptes", &["T1589", "T1087"])
            }
            Self::WebShell => ("web_shell", "web shell", "porte dérobée web", &["T1505.003"]),
            Self::Malformed => ("malformed", "not HTTP", "hors protocole HTTP", &["T1595"]),
        }
    }
}

impl std::str::FromStr for Class {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.as_str() == name).ok_or(())
    }
}

/// A set of classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u32);

impl ClassSet {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it holds this class.
    #[must_use]
    pub fn has(self, class: Class) -> bool {
        self.0 >> (class as u8) & 1 != 0
    }

    /// The classes, in declaration order.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.into_iter().filter(move |class| self.has(*class))
    }

    /// The set as bits, one for each class in declaration order.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    fn insert(&mut self, class: Class) {
        self.0 |= 1 << class as u8;
    }
}

/// Which part of the request gave it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs, reason = "the parts of a request line and two headers")]
pub enum Part {
    #[default]
    Target,
    UserAgent,
    Referer,
}

/// The judgement on one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Classes of which this request alone is an attempt.
    pub strong: ClassSet,
    /// Classes of which it would be one in number or context. May overlap with `strong`.
    pub weak: ClassSet,
    /// The most telling rule's index and where it was met; none if both sets are empty.
    pub best: Option<(u16, Part)>,
    rank: u8,
}

impl Verdict {
    pub(super) fn add(&mut self, rule: &Rule, index: u16, part: Part) {
        let strong = rule.strength == Strength::Strong;
        if strong {
            self.strong.insert(rule.class)
        } else {
            self.weak.insert(rule.class)
        }
        let rank = rule.class.weight() + if strong { 32 } else { 0 };
        if rank > self.rank {
            self.rank = rank;
            self.best = Some((index, part));
        }
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.best.is_none()
    }
}
