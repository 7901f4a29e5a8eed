//! Words for classes, purposes and shapes of attempts.

use crate::words::{Pair, Words, lookup};

impl Words {
    /// The name of an attempt's class; an unknown one is shown as it is written.
    pub fn class(self, class: &str) -> String {
        lookup(CLASSES, class).map_or_else(|| class.replace('_', " "), |p| self.pair(p))
    }

    /// The name of an attempt's purpose.
    pub fn purpose(self, purpose: &str) -> String {
        lookup(PURPOSES, purpose).map_or_else(|| purpose.to_string(), |p| self.pair(p))
    }

    /// How an attempt's events lie.
    pub fn shape(self, shape: &str) -> String {
        lookup(SHAPES, shape).map_or_else(|| shape.to_string(), |p| self.pair(p))
    }
}

const CLASSES: &[(&str, Pair)] = &[
    ("sql_injection", ("SQL injection", "injection SQL")),
    ("cross_site_scripting", ("cross-site scripting", "script intersite (XSS)")),
    ("path_traversal", ("path traversal", "traversée de répertoires")),
    ("file_inclusion", ("file inclusion", "inclusion de fichier")),
    ("command_injection", ("command injection", "injection de commandes")),
    ("template_injection", ("template injection", "injection de gabarit")),
    ("jndi_injection", ("JNDI injection (Log4Shell)", "injection JNDI (Log4Shell)")),
    ("shellshock", ("Shellshock", "Shellshock")),
    ("deserialization", ("unsafe deserialisation", "désérialisation non sûre")),
    ("open_redirect", ("open-redirect abuse", "redirection ouverte")),
    ("proxy_abuse", ("proxy abuse", "abus de mandataire")),
    ("scanner", ("vulnerability scanner", "balayage de vulnérabilités")),
    ("secret_probe", ("search for secrets and backups", "recherche de secrets et de sauvegardes")),
    ("known_cve", ("known vulnerability (CVE)", "vulnérabilité connue (CVE)")),
    ("admin_probe", ("search for admin pages", "recherche de pages d'administration")),
    ("user_enumeration", ("user enumeration", "énumération de comptes")),
    ("web_shell", ("web shell", "porte dérobée web")),
    ("malformed", ("malformed requests", "requêtes malformées")),
    ("forced_browsing", ("forced browsing", "navigation forcée")),
    ("flood", ("flood of requests", "afflux de requêtes")),
    ("brute_force", ("password guessing", "essais de mots de passe")),
    ("password_spraying", ("password spraying", "pulvérisation de mots de passe")),
    ("credential_stuffing", ("credential stuffing", "réutilisation d'identifiants volés")),
];

const PURPOSES: &[(&str, Pair)] = &[
    ("web", ("web site", "site web")),
    ("web-login", ("login page of the web site", "page de connexion du site")),
    ("ssh", ("SSH login", "connexion SSH")),
    ("smtp", ("mail sending (SMTP)", "envoi de courriel (SMTP)")),
    ("imap", ("mailbox (IMAP)", "boîte aux lettres (IMAP)")),
    ("pop3", ("mailbox (POP3)", "boîte aux lettres (POP3)")),
    ("ftp", ("file transfer (FTP)", "transfert de fichiers (FTP)")),
    ("sudo", ("administrator rights (sudo)", "droits d'administration (sudo)")),
    ("postgresql", ("PostgreSQL database", "base de données PostgreSQL")),
    ("mysql", ("MySQL database", "base de données MySQL")),
];

const SHAPES: &[(&str, Pair)] = &[
    ("burst", ("one burst", "une rafale")),
    ("slow", ("slow, over days", "lente, étalée sur plusieurs jours")),
    ("distributed", ("distributed over one network", "répartie dans un même réseau")),
    ("spray", ("spread over many sources", "répartie entre de nombreuses sources")),
];
