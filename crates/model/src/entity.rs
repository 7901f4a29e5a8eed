//! Entities: what observations share, and the only join between kinds of evidence. Types are STIX 2.1
//! cyber-observable types; values are in one canonical spelling so that equal things are equal strings.

use crate::{Address, vocabulary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// The STIX 2.1 cyber-observable types in use, in order of their words.
    pub enum EntityKind {
        /// Bytes.
        Artifact = "artifact" ("artifact", "artefact"),
        /// A network of the Internet, by its number.
        AutonomousSystem = "autonomous-system" ("autonomous system", "système autonome"),
        /// A domain name.
        DomainName = "domain-name" ("domain name", "nom de domaine"),
        /// A mailbox.
        EmailAddr = "email-addr" ("e-mail address", "adresse électronique"),
        /// A message.
        EmailMessage = "email-message" ("e-mail message", "courriel"),
        /// A file, by the SHA-256 of its bytes.
        File = "file" ("file", "fichier"),
        /// An address of IPv4.
        Ipv4Addr = "ipv4-addr" ("IPv4 address", "adresse IPv4"),
        /// An address of IPv6.
        Ipv6Addr = "ipv6-addr" ("IPv6 address", "adresse IPv6"),
        /// A network interface.
        MacAddr = "mac-addr" ("MAC address", "adresse MAC"),
        /// A running program.
        Process = "process" ("process", "processus"),
        /// A program.
        Software = "software" ("software", "logiciel"),
        /// An address of the web.
        Url = "url" ("URL", "URL"),
        /// An account, as its service names it.
        UserAccount = "user-account" ("user account", "compte d’utilisateur"),
        /// A certificate.
        X509Certificate = "x509-certificate" ("X.509 certificate", "certificat X.509"),
    }
}

impl EntityKind {
    /// Whether this is an address of the Internet Protocol.
    pub fn is_address(self) -> bool {
        matches!(self, EntityKind::Ipv4Addr | EntityKind::Ipv6Addr)
    }
}

vocabulary! {
    /// What part a thing plays in what is told.
    #[derive(Default)]
    pub enum Role {
        /// Who did it: the client of a request, the host a login came from.
        Source = "source" ("source", "source"),
        /// Whom it was done to: the site, the account aimed at, the recipient of a lure, the machine that asked for a
        /// decoy.
        Victim = "victim" ("victim", "victime"),
        /// Who acts under this name without being accused by it: who posts, who logs in.
        Account = "account" ("account", "compte"),
        /// Whom a message comes from, or says it does: author, envelope and sending servers.
        Sender = "sender" ("sender", "expéditeur"),
        /// Only named. What older cases hold reads as this.
        #[default]
        Mentioned = "mentioned" ("mentioned", "mentionné"),
        /// What an attack rests on: decoys and their addresses, a lure's files and servers.
        Infrastructure = "infrastructure" ("infrastructure", "infrastructure"),
    }
}

/// A thing that observations share, in one role; what plays two parts stands once for each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntityKind,
    /// The canonical value.
    pub value: String,
    /// The part it plays here.
    #[serde(default)]
    pub role: Role,
}

impl Entity {
    /// Any type, the value as it is.
    pub fn new(kind: EntityKind, value: impl Into<String>, role: Role) -> Entity {
        Entity { kind, value: value.into(), role }
    }

    /// An address, `ipv4-addr` or `ipv6-addr`; IPv4 mapped into IPv6 is IPv4.
    pub fn address(a: Address, role: Role) -> Entity {
        let kind = if a.is_v4() { EntityKind::Ipv4Addr } else { EntityKind::Ipv6Addr };
        Entity::new(kind, a.to_string(), role)
    }

    /// A domain name, lower case, without the final dot.
    pub fn domain(name: &str, role: Role) -> Entity {
        Entity::new(EntityKind::DomainName, name.trim_end_matches('.').to_lowercase(), role)
    }

    /// An account as a service names it.
    pub fn user(account: impl Into<String>, role: Role) -> Entity {
        Entity::new(EntityKind::UserAccount, account, role)
    }

    /// Whether this is an address that something came from.
    pub fn is_source(&self) -> bool {
        self.kind.is_address() && self.role == Role::Source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_of_older_cases_are_mentioned() {
        let old: Entity = serde_json::from_str(r#"{"type":"ipv4-addr","value":"192.0.2.1"}"#).unwrap();
        assert_eq!((old.kind, old.role), (EntityKind::Ipv4Addr, Role::Mentioned));
        let json = serde_json::to_string(&Entity::domain("Kiosque.FR.", Role::Victim)).unwrap();
        assert_eq!(json, r#"{"type":"domain-name","value":"kiosque.fr","role":"victim"}"#);
    }
}
