//! What a case says about itself. `case.toml` and the command line's options build the same value; a kind of evidence
//! reads its own table as the struct that it declares ([`Settings`]).

use crate::{Address, Argument, Day, Domain, Error, Lang, Loaded, Network, Result, Settings, Table, nearest};
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
    /// One table per kind of evidence, its keys as that kind declares them.
    #[serde(flatten)]
    pub kinds: BTreeMap<String, toml::Table>,
    /// Files too large to stand in a table, by the table that named them. They do not travel to workers, and whoever
    /// uses them adds them to the keys of what rests on them.
    #[serde(skip)]
    pub attached: BTreeMap<&'static str, Vec<Loaded>>,
    /// What could not be read of them: name and reason (`model::skip`).
    #[serde(skip)]
    pub unread: Vec<(String, String)>,
}

crate::settings! {
    /// Whom we protect.
    #[derive(Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Protect in "protect", "Whom this case protects", "Qui ce dossier protège" {
        domains: Vec<Domain> = "[]", "our web domains, \"parti.fr\"", "nos domaines web, « parti.fr »",
            options: &[Argument {
                name: "protect",
                value: Some("DOMAIN"),
                help: ("A domain of ours (repeatable)", "Un de nos domaines (répétable)"),
                many: true,
                ..Argument::PLAIN
            }];
        mail_domains: Vec<Domain> = "[]", "our mail domains, where they differ",
            "nos domaines de courriel, s’ils sont autres";
        people: Vec<String> = "[]", "people in view, \"First Last\"", "les personnes en vue, « Prénom Nom »",
            options: &[Argument {
                name: "protect-name",
                value: Some("NAME"),
                help: ("A person of ours, \"First Last\" (repeatable)", "Une personne à protéger, « Prénom Nom » (répétable)"),
                many: true,
                ..Argument::PLAIN
            }];
        vocabulary: Vec<String> = "[]", "the campaign's words: name, slogans", "les mots de la campagne : nom, slogans";
        networks: Vec<Network> = "[]", "our own networks (offices, monitoring, proxies) as CIDR",
            "nos propres réseaux (bureaux, supervision, mandataires), en CIDR";
    }
}

crate::settings! {
    /// The election.
    #[derive(Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    pub struct Election in "election", "The election", "Le scrutin" {
        name: String = "\"\"", "what it is called", "son nom";
        days: Vec<Day> = "[]", "days of the vote, \"2027-04-11\"", "jours du vote, « 2027-04-11 »";
        zone: String = "\"\"", "days and hours are counted in this zone, \"Europe/Paris\"; UTC where unset",
            "jours et heures sont comptés dans ce fuseau, « Europe/Paris » ; UTC à défaut",
            options: &[Argument {
                name: "zone",
                value: Some("ZONE"),
                help: (
                    "The time zone that days and hours are counted in, such as Europe/Paris",
                    "Le fuseau dans lequel jours et heures sont comptés, comme Europe/Paris",
                ),
                ..Argument::PLAIN
            }];
    }
}

impl Protect {
    /// Of these domains; what is none is left out.
    pub fn of_domains(names: impl IntoIterator<Item = impl AsRef<str>>) -> Protect {
        let domains = names.into_iter().filter_map(|n| n.as_ref().parse().ok());
        Protect { domains: domains.collect(), ..Protect::default() }
    }
}

/// The tables that no kind of evidence brings.
pub static COMMON: [&Table; 2] = [Protect::TABLE, Election::TABLE];

impl Config {
    /// From the text of a configuration, against the tables that exist: what nobody declared is refused, and so is what
    /// cannot be used.
    pub fn from_table(given: toml::Table, tables: &[&Table]) -> Result<Config> {
        for (name, value) in &given {
            match (tables.iter().find(|t| t.name == name), value) {
                (Some(table), toml::Value::Table(given)) => (table.check)(given)?,
                (Some(_), _) => {
                    return Err(
                        Error::new(format!("`{name}` is a table")).hint(format!("write `[{name}]` above its keys"))
                    );
                }
                (None, _) if matches!(name.as_str(), "name" | "lang") => {}
                (None, _) => return Err(unknown(name, value, tables)),
            }
        }
        let config: Config = given.try_into().map_err(|e: toml::de::Error| {
            Error::new("the configuration is not usable")
                .because(e.message().to_string())
                .hint("`name = \"…\"`, `lang = \"en\"` or `\"fr\"`")
        })?;
        config.zone()?;
        Ok(config)
    }

    /// A kind's table as its struct.
    pub fn settings<S: Settings>(&self) -> Result<S> {
        match self.kinds.get(S::TABLE.name) {
            Some(given) => S::read(given),
            None => S::read(&toml::Table::new()),
        }
    }

    /// Sets a key of a kind's table: how files become part of a configuration.
    pub fn set(&mut self, table: &str, key: &str, value: impl Into<toml::Value>) {
        self.kinds.entry(table.into()).or_default().insert(key.into(), value.into());
    }

    /// What was taken for something else than was written: both, in order.
    pub fn taken(&self) -> impl Iterator<Item = (&str, String)> {
        let domains = self.protect.domains.iter().chain(&self.protect.mail_domains);
        let domains = domains.filter_map(|d| Some((d.given()?, d.to_string())));
        domains.chain(self.election.days.iter().filter_map(|d| Some((d.given()?, d.to_string()))))
    }

    /// Whether an address is one of our own.
    pub fn is_own(&self, address: Address) -> bool {
        self.protect.networks.iter().any(|n| n.contains(address))
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

/// What stands at the top and nobody declared.
fn unknown(name: &str, value: &toml::Value, tables: &[&Table]) -> Error {
    let all: Vec<&str> = ["name", "lang"].into_iter().chain(tables.iter().map(|t| t.name)).collect();
    let near = nearest(name, all.iter().copied());
    let owner = tables.iter().find(|t| t.keys.iter().any(|s| s.name == name));
    let (what, near) = match (value, near, owner) {
        (toml::Value::Table(_), _, Some(owner)) => {
            (format!("table `[{name}]`"), format!("`{name}` is a key of `[{}]`; ", owner.name))
        }
        (toml::Value::Table(_), Some(near), None) => {
            (format!("table `[{name}]`"), format!("did you mean `[{near}]`? "))
        }
        (toml::Value::Table(_), ..) => (format!("table `[{name}]`"), String::new()),
        (_, _, Some(owner)) => {
            (format!("key `{name}` outside a table"), format!("it belongs under `[{}]`; ", owner.name))
        }
        (_, Some(near), _) => (format!("key `{name}`"), format!("did you mean `{near}`? ")),
        _ => (format!("key `{name}`"), String::new()),
    };
    Error::new(format!("there is no {what}"))
        .hint(format!("{near}there are `name`, `lang` and the tables `{}`", all[2..].join("`, `")))
}
