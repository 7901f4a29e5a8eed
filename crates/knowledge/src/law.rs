//! What the law says before a vote: calendars of elections, the rules with their versions, and the names and words by
//! which passages are known.
//!
//! The data is `data/elections.toml`, `law.toml`, `silence_names.toml` and `silence_words.toml`, embedded at build time. You may rely on: the
//! files parse. Left out: whether a calendar makes sense (`law` refuses one that does not), and all judging.

use model::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in a stored copy of what is named.
    Verified,
    /// Read in a stored report or quotation.
    Secondary,
    /// Announced, no decree found.
    Announced,
    /// From memory.
    Unverified,
}

impl Status {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::Verified => "verified",
            Status::Secondary => "secondary",
            Status::Announced => "announced",
            Status::Unverified => "unverified",
        }
    }
}

/// `elections.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elections {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// First day the calendars answer for.
    pub from: String,
    /// The day after the last.
    pub until: String,
    /// Territories of the Republic.
    #[serde(rename = "territory")]
    pub territories: Vec<Territory>,
    /// Elections.
    #[serde(rename = "election")]
    pub elections: Vec<Election>,
    /// Other countries.
    #[serde(rename = "country")]
    pub countries: Vec<Country>,
}

/// Elections that a user brings, in the form of `elections.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brought {
    /// Elections.
    #[serde(rename = "election")]
    pub elections: Vec<Election>,
}

/// A territory of the Republic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Territory {
    /// ISO 3166.
    pub code: String,
    /// Other codes for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its name.
    pub name: Text,
    /// Its zone (IANA).
    pub zone: String,
    /// Its standing.
    pub group: Group,
}

/// The standing of a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Metropolitan France.
    Metropolitan,
    /// An overseas department or region (article 73).
    Department,
    /// A collectivity with its own statute.
    Collectivity,
}

/// A kind of election.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The president.
    President,
    /// The deputies.
    Deputies,
    /// The European Parliament.
    European,
    /// Councils.
    Local,
}

/// An election.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// Its name in data: `president-2017`.
    pub id: String,
    /// What is elected.
    pub kind: Kind,
    /// Its name.
    pub name: Text,
    /// The Republic is one constituency.
    #[serde(default)]
    pub single: bool,
    /// When the last metropolitan station closes, local time.
    pub close: String,
    /// The latest that stations close elsewhere, local time.
    pub own_close: String,
    /// Who votes the day before: territories, and `americas` for French posts on the American continent.
    #[serde(default)]
    pub saturday: Vec<String>,
    /// Of another country: its code. Its rules are that country's.
    #[serde(default)]
    pub country: Option<String>,
    /// The rounds, in order.
    pub rounds: Vec<Round>,
    /// How well this is known.
    pub status: Status,
    /// From where.
    pub source: String,
}

/// A round.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The day in metropolitan France.
    pub day: String,
    /// Who votes on another day altogether.
    #[serde(default)]
    pub own: BTreeMap<String, String>,
}

/// Other countries of which the same is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166 code to zone.
    pub codes: BTreeMap<String, String>,
    /// Whether there are limits before a vote there; unset where it is not known.
    pub limits: Option<bool>,
    /// When the last station closes.
    pub close: Option<String>,
    /// Its rules.
    #[serde(default)]
    pub rules: Vec<String>,
    /// On the American continent: French posts vote on Saturday.
    #[serde(default)]
    pub america: bool,
    /// How well this is known.
    pub status: Status,
    /// From where.
    pub source: String,
}

/// `law.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// A version of a rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in data.
    pub id: String,
    /// Where it is written.
    pub article: String,
    /// In force since.
    pub since: String,
    /// In force until, that day included.
    pub until: Option<String>,
    /// Kinds of elections it is for; all where empty.
    #[serde(default)]
    pub elections: Vec<Kind>,
    /// Whom it binds; all where empty.
    #[serde(default)]
    pub binds: Vec<String>,
    /// When it begins.
    pub begins: String,
    /// When it ends.
    pub ends: String,
    /// Its text names no end; what is taken is usage.
    #[serde(default)]
    pub by_usage: bool,
    /// Its text names no zone; the earlier of local and Paris is taken.
    #[serde(default)]
    pub zone_note: bool,
    /// `forbids` or `tells`.
    #[serde(default)]
    pub effect: Effect,
    /// Kinds of passages it is about.
    #[serde(default)]
    pub catches: Vec<String>,
    /// In plain words.
    pub text: Text,
    /// Its own penalty.
    pub penalty: Text,
    /// From where.
    pub source: String,
    /// How well this is known.
    pub status: Status,
}

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Something may not be said.
    #[default]
    Forbids,
    /// Something to know, and never a reason to hold.
    Tells,
}

/// `silence_names.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Candidates and figures.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    /// Movements.
    #[serde(rename = "movement")]
    pub movements: Vec<Movement>,
}

/// A candidate or figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// First and last name, the first space between them.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether the surname alone names him.
    #[serde(default = "yes")]
    pub alone: bool,
    /// Elections (`id`), rounds of them (`id/1`), or `figures` where no list of candidates is known.
    #[serde(rename = "in")]
    pub stands: Vec<String>,
}

fn yes() -> bool {
    true
}

/// A movement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    /// Its name, with the capitals it is known by.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub also: Vec<String>,
    /// Its initials.
    #[serde(default)]
    pub initials: Vec<String>,
    /// Words for its followers, as in the word lists.
    #[serde(default)]
    pub people: Vec<String>,
    /// Whether the name alone names it; else a word such as *party* or *list* must stand beside it.
    #[serde(default = "yes")]
    pub bare: bool,
}

/// `silence_words.toml`: lists of phrases by name.
pub type Words = BTreeMap<String, Vec<String>>;

fn embedded<T: serde::de::DeserializeOwned>(name: &str) -> T {
    toml::from_str(crate::text(name)).unwrap_or_else(|e: toml::de::Error| panic!("the embedded {name}: {e}"))
}

impl Elections {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Elections {
        embedded("elections.toml")
    }
}

impl Rules {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Rules {
        embedded("law.toml")
    }
}

impl Names {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Names {
        embedded("silence_names.toml")
    }
}

/// The lists of phrases that are part of the program.
///
/// # Panics
/// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
#[must_use]
pub fn words() -> Words {
    words_of(crate::text("silence_words.toml")).unwrap_or_else(|e| panic!("the embedded silence_words.toml: {e}"))
}

/// The lists of phrases in a text; the error says why it is none.
pub(crate) fn words_of(text: &str) -> Result<Words, String> {
    let read = |e: toml::de::Error| e.message().to_string();
    let mut table: toml::Table = toml::from_str(text).map_err(read)?;
    table.retain(|_, v| v.is_array());
    table.try_into().map_err(read)
}

/// The text of `elections.toml`.
pub const ELECTIONS: &str = include_str!("../data/elections.toml");
/// The text of `law.toml`.
pub const RULES: &str = include_str!("../data/law.toml");
/// The text of `silence_names.toml`.
pub const NAMES: &str = include_str!("../data/silence_names.toml");
/// The text of `silence_words.toml`.
pub const WORDS: &str = include_str!("../data/silence_words.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_sound() {
        let rules = Rules::embedded().rules;
        let elections = Elections::embedded();
        for named in elections.countries.iter().flat_map(|c| &c.rules) {
            assert!(rules.iter().any(|r| &r.id == named), "{named}");
        }
        let ids: std::collections::BTreeSet<&str> = rules.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "a rule's name stands twice");
        for stands in Names::embedded().people.iter().flat_map(|p| &p.stands) {
            let id = stands.split('/').next().unwrap_or_default();
            assert!(id == "figures" || elections.elections.iter().any(|e| e.id == id), "{stands}");
        }
        assert!(words().values().flatten().all(|w| *w == w.to_lowercase() && w.is_ascii()));
    }
}
