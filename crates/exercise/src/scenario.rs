//! The scenario format: what a file may say, as documented for examiners in `scenarios/README.md`.
//!
//! You may rely on: a scenario that parses can be generated; a wrong one gives an error that names the line or the
//! table and what to do, whatever the file holds. Each part reads and checks its own tables; a table that is nobody's
//! is refused.

use crate::calendar::{Event, Period};
use crate::check::{name, number, shown};
use crate::keys::{keys, nearest};
use crate::parts;
use crate::stage::Stage;
use crate::values::{Size, When};
use model::{Election, Error, Result};
use serde::Deserialize;

/// A whole scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// IANA name of the zone in which the scenario's times are meant and its logs are written.
    pub zone: String,
    /// When its logs begin.
    pub from: When,
    /// When they end; a day without an hour is included.
    pub to: When,
    /// Bytes of evidence wanted, from parts that can be made in a wanted size.
    pub size: Option<Size>,
    /// Days that matter, with the visitors they bring.
    pub events: Vec<Event>,
    /// The vote that the case is told of; its zone is the scenario's.
    pub election: Election,
    /// What each part is told.
    pub parts: parts::Tables,
}

/// What a scenario says to all parts.
#[derive(Deserialize)]
struct Frame {
    name: String,
    #[serde(default = "utc")]
    zone: String,
    from: When,
    to: When,
    #[serde(default)]
    size: Option<Size>,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    election: Election,
}

fn utc() -> String {
    "UTC".into()
}

impl Scenario {
    /// Reads and checks a scenario file.
    pub fn parse(text: &str) -> Result<Scenario> {
        if text.len() > 4 << 20 {
            return Err(Error::new("the scenario is longer than 4 MiB").hint("use blocks with a `count`"));
        }
        let scenario = read(text)?;
        name("name", &scenario.name)?;
        let stage = scenario.stage(0)?;
        for event in &scenario.events {
            number("`traffic` of an event", event.traffic, 0.0, 1000.0)?;
            number("`hours` of an event", event.hours, 0.01, 1000.0)?;
        }
        if scenario.events.len() > 1000 {
            return Err(Error::new("more than 1000 events").hint("write fewer"));
        }
        scenario.parts.check(&stage, text)?;
        Ok(scenario)
    }

    /// What its parts share; checks draw no lots, and any seed will do for them.
    pub(crate) fn stage(&self, seed: u64) -> Result<Stage> {
        let period = Period::new(&self.zone, self.from, self.to)?;
        let mut stage =
            Stage { seed, period, events: self.events.clone(), size: self.size, mail_domain: String::new() };
        self.parts.set(&mut stage);
        Ok(stage)
    }
}

fn read(text: &str) -> Result<Scenario> {
    let wrong = |e: toml::de::Error| {
        Error::new("the scenario could not be read")
            .because(e)
            .hint("`crates/exercise/scenarios/README.md` lists every key; `france-2017.toml` there is an example")
    };
    // Everybody reads the text itself, so that an error names the line.
    let Frame { name, zone, from, to, size, events, election } = toml::from_str(text).map_err(wrong)?;
    let known: Vec<&str> = keys::<Frame>().iter().chain(parts::PARTS.iter().flat_map(|p| p.keys())).copied().collect();
    let tables: toml::Table = toml::from_str(text).map_err(wrong)?;
    if let Some(unknown) = tables.keys().find(|key| !known.contains(&key.as_str())) {
        let near = nearest(unknown, &known).map_or(String::new(), |n| format!("did you mean `{n}`? "));
        return Err(Error::new(format!("a scenario has nothing called `{}`", shown(unknown)))
            .hint(format!("{near}`crates/exercise/scenarios/README.md` lists every key")));
    }
    let parts = parts::Tables::read(text).map_err(wrong)?;
    if !election.zone.is_empty() {
        return Err(
            Error::new("`[election]` of a scenario has no `zone`").hint("the scenario's own `zone` is the vote's")
        );
    }
    let election = Election { zone: zone.clone(), ..election };
    Ok(Scenario { name, zone, from, to, size, events, election, parts })
}
