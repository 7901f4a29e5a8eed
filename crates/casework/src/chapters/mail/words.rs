//! Words for what a wave wants, what binds it, and who sends in our name.

use crate::words::{Pair, Words, lookup};

const LURES: &[(&str, Pair)] = &[
    ("credentials", ("a password", "un mot de passe")),
    ("attachment", ("that an attachment be opened", "que l'on ouvre une pièce jointe")),
    ("impersonation", ("a favour, in somebody's name", "un service, au nom de quelqu'un")),
    ("callback", ("a telephone call", "un appel téléphonique")),
    ("extortion", ("money, by blackmail", "de l'argent, par chantage")),
    ("fortune", ("money, for a promised fortune", "de l'argent, contre une fortune promise")),
    ("link", ("a click", "un clic")),
    ("other", ("something else", "autre chose")),
];

const BINDS: &[(&str, Pair)] = &[
    ("domain", ("links to", "liens vers")),
    ("page", ("the page", "la page")),
    ("file", ("the same attached file", "le même fichier joint")),
    ("reply_to", ("answers to", "réponses vers")),
    ("sender", ("sender", "expéditeur")),
    ("template", ("the same text", "le même texte")),
    ("server", ("sending server", "serveur d'envoi")),
    ("subject", ("subject", "objet")),
    ("name", ("sender's name", "nom d'expéditeur")),
    ("file_name", ("file name", "nom de fichier")),
];

const ROLES: &[(&str, Pair)] = &[
    ("authentic", ("authentic", "authentique")),
    ("misconfigured", ("ours, to put in order", "à nous, à régler")),
    (
        "other_service",
        ("a service not set up for us, or a forwarder", "un service non configuré pour nous, ou une redirection"),
    ),
    ("stranger", ("a stranger", "un inconnu")),
];

impl Words {
    fn name(self, table: &[(&str, Pair)], key: &str) -> String {
        lookup(table, key).map_or_else(|| crate::show::plain(&key.replace('_', " "), 40), |p| self.pair(p))
    }

    /// What a lure wants.
    pub fn lure(self, lure: &str) -> String {
        self.name(LURES, lure)
    }

    /// What binds a wave.
    pub fn binds(self, what: &str) -> String {
        self.name(BINDS, what)
    }

    /// What a sender in our name is.
    pub fn role(self, role: &str) -> String {
        self.name(ROLES, role)
    }

    /// `45 s`, `12 min`, `3 h 05`, `2 days`.
    pub fn duration(self, seconds: f64) -> String {
        let minutes = (seconds.max(0.0) / 60.0).round() as u64;
        match minutes {
            0 => format!("{}\u{a0}s", seconds.max(0.0) as u64),
            1..=59 => format!("{minutes}\u{a0}min"),
            60..=2879 => format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60),
            _ => self.count(minutes / 1440, ("day", "jour"), ("days", "jours")),
        }
    }
}
