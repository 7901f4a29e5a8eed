//! The closed lists of the scenario format and of the truth of logs: classes, purposes, shapes, formats. Their names in files
//! are those of the findings (`fields.class`, `fields.purpose`, `fields.shape`).

use model::Outcome;
use serde::{Deserialize, Serialize};

/// What an attempt is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the documentation: `scenarios/README.md` has a line on each
pub enum Class {
    SqlInjection,
    CrossSiteScripting,
    PathTraversal,
    FileInclusion,
    CommandInjection,
    TemplateInjection,
    JndiInjection,
    Shellshock,
    Deserialization,
    OpenRedirect,
    ProxyAbuse,
    Scanner,
    SecretProbe,
    KnownCve,
    AdminProbe,
    UserEnumeration,
    WebShell,
    Malformed,
    ForcedBrowsing,
    Flood,
    BruteForce,
    PasswordSpraying,
    CredentialStuffing,
}

/// What for: the service tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Purpose {
    Web,
    WebLogin,
    Ssh,
    Smtp,
    Imap,
    Ftp,
    Postgresql,
    Mysql,
}

/// How an attempt's events lie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One source, its events within the window of one another.
    Burst,
    /// One source that comes back for one to three events at a time, over days.
    Slow,
    /// Several sources of one network at the same time.
    Distributed,
    /// Logins from many networks at once, a few each, over the same names.
    Spray,
}

/// A web log's format.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Apache and nginx `combined`.
    #[default]
    Combined,
    /// Apache `vhost_combined`: virtual host and port first.
    VhostCombined,
    /// nginx with a JSON `log_format`.
    NginxJson,
    /// Caddy 2.
    CaddyJson,
    /// W3C extended, as IIS writes it.
    W3c,
}

/// The stamp of system logs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Syslog {
    /// `Nov  3 07:12:09`: local time, no year.
    #[default]
    Rfc3164,
    /// `<86>1 2016-11-03T07:12:09+01:00`.
    Rfc5424,
}

/// How a site goes down.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Down {
    /// It answers 502, 503 and 504.
    Errors,
    /// It writes nothing.
    Silence,
}

impl Class {
    /// Whether it is aimed at logins only.
    pub fn is_login(self) -> bool {
        matches!(self, Class::BruteForce | Class::PasswordSpraying | Class::CredentialStuffing)
    }

    /// Whether it may be aimed at a service.
    pub(crate) fn fits(self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Web => !self.is_login(),
            _ => self.is_login() || self == Class::UserEnumeration,
        }
    }

    /// Whether it may come out so: evidence must be able to show it.
    pub(crate) fn may(self, purpose: Purpose, outcome: Outcome) -> bool {
        use Class::*;
        match outcome {
            Outcome::Refused | Outcome::MadeUnavailable => true,
            Outcome::NoEffect if purpose == Purpose::WebLogin => true,
            Outcome::NoEffect => {
                purpose == Purpose::Web
                    && !matches!(self, SecretProbe | KnownCve | AdminProbe | WebShell | Malformed | ForcedBrowsing)
            }
            Outcome::PossiblySucceeded if purpose == Purpose::Web => {
                matches!(self, SqlInjection | PathTraversal | FileInclusion | SecretProbe | WebShell)
            }
            // MySQL's error log does not tell who got in.
            Outcome::PossiblySucceeded => self != UserEnumeration && purpose != Purpose::Mysql,
        }
    }

    /// Requests or tries in one attempt where the scenario does not say: least and most. Fewer than the least are
    /// only allowed to slow attempts, sprays and the classes that a single request shows.
    pub(crate) fn usual(self, purpose: Purpose) -> (u64, u64) {
        match self {
            Class::Flood => (400, 1200),
            Class::ForcedBrowsing => (30, 120),
            Class::UserEnumeration if purpose == Purpose::Web => (6, 20),
            Class::AdminProbe | Class::OpenRedirect => (6, 25),
            Class::Scanner => (8, 60),
            _ if purpose != Purpose::Web => (12, 60),
            _ => (3, 25),
        }
    }

    /// The fewest events from one source that make this an attempt at all.
    pub(crate) fn least(self, purpose: Purpose) -> u64 {
        match self {
            Class::Flood => 300,
            Class::ForcedBrowsing => 25,
            // Ordinary by themselves: only their number makes an attempt of them.
            Class::UserEnumeration | Class::AdminProbe | Class::OpenRedirect if purpose == Purpose::Web => 5,
            _ if purpose != Purpose::Web => 10,
            _ => 1,
        }
    }

    /// Whether it can have a shape: a slow attempt must show itself by a handful of events at a time, a spray is of
    /// logins.
    pub(crate) fn takes(self, purpose: Purpose, shape: Shape) -> bool {
        match shape {
            Shape::Slow if self == Class::UserEnumeration => purpose != Purpose::Web,
            Shape::Slow => !matches!(self, Class::Flood | Class::ForcedBrowsing | Class::OpenRedirect),
            Shape::Spray => purpose != Purpose::Web,
            _ => true,
        }
    }
}
