//! What a case says about itself. `case.toml` and the command line's options build the same value; sensors read their
//! own table through the settings they declare.

use crate::{Error, Lang, Result, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The configuration of a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The case's name, as it stands on the brief.
    pub name: String,
    /// The language of the brief and the terminal.
    pub lang: Lang,
    /// Whom we protect.
    pub protect: Protect,
    /// The election.
    pub election: Election,
    /// One table per kind of evidence, its keys as that sensor documents them.
    #[serde(flatten)]
    pub kinds: BTreeMap<String, toml::Table>,
}

/// Whom we protect.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Protect {
    /// Own web domains.
    pub domains: Vec<String>,
    /// Own mail domains, where they differ.
    pub mail_domains: Vec<String>,
    /// People in view: `First Last`.
    pub people: Vec<String>,
    /// Words of the campaign: name, slogans.
    pub vocabulary: Vec<String>,
    /// Own addresses and networks (offices, monitoring, proxies), as CIDR.
    pub networks: Vec<String>,
}

/// The election.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Election {
    /// What it is called.
    pub name: String,
    /// Days of the vote, ISO 8601.
    pub days: Vec<String>,
    /// The campaign's time zone (IANA name); days and hours in figures are counted in it. UTC where unset.
    pub zone: String,
}

/// One key of a sensor's table, with its default: the command line's help, `vigie explain` and the configuration
/// reference are made of these.
#[derive(Debug)]
pub struct Setting {
    /// The key.
    pub name: &'static str,
    /// The default as TOML.
    pub default: &'static str,
    /// What it does (English, French).
    pub help: (&'static str, &'static str),
}

impl Setting {
    /// The help in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.help.0, self.help.1)
    }
}

impl Config {
    /// A sensor's setting, or its default. The type is what the caller asks for; a wrong one is an error that names it.
    pub fn setting<T: serde::de::DeserializeOwned>(&self, kind: &str, setting: &Setting) -> Result<T> {
        let given = self.kinds.get(kind).and_then(|t| t.get(setting.name)).cloned();
        let wrong = |e: toml::de::Error| {
            Error::new(format!("`[{kind}] {}` in the configuration is not usable", setting.name))
                .because(e)
                .hint(format!("its default is `{} = {}`", setting.name, setting.default))
        };
        let value = match given {
            Some(v) => v,
            None => toml::from_str::<toml::Table>(&format!("v = {}", setting.default))
                .map_err(wrong)?
                .remove("v")
                .expect("the key was just written"),
        };
        value.try_into().map_err(wrong)
    }

    /// Whether an address is one of our own.
    pub fn is_own(&self, address: crate::Address) -> bool {
        self.protect.networks.iter().filter_map(|n| n.parse::<crate::Network>().ok()).any(|n| n.contains(address))
    }

    /// The campaign's time zone.
    pub fn zone(&self) -> Result<jiff::tz::TimeZone> {
        if self.election.zone.is_empty() {
            return Ok(jiff::tz::TimeZone::UTC);
        }
        jiff::tz::TimeZone::get(&self.election.zone).map_err(|e| {
            Error::new(format!("`{}` is not a time zone", self.election.zone))
                .because(e)
                .hint("use an IANA name such as `Europe/Paris` for `zone` under `[election]` in case.toml")
        })
    }
}
