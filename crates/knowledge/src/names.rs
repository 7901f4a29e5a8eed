//! What decoy addresses are made of: words of logging in and of acting, services people log into, outlets they trust.
//!
//! The data is `data/names.toml`, embedded at build time. You may rely on: words are lower-case ASCII letters and
//! digits; no decoy name and no rule for a single target is among them; own domains are registrable domains, or
//! `label.*` where a service owns its label under the suffixes of countries.
//! Left out: how names are judged by it (`sensors::names`).

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Word lists.
    pub words: Words,
    /// Providers that link nobody.
    pub shared: Shared,
    /// Services one logs into.
    pub service: Vec<Service>,
    /// Outlets whose pages are copied.
    pub outlet: Vec<Outlet>,
}

/// Words by what they do in a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What one logs into, whoever offers it: `webmail`, `portal`.
    pub service: Vec<String>,
    /// What one is asked to do there: `verify`, `secure`.
    pub action: Vec<String>,
    /// What an election, a party or an outlet puts beside its name: `2017`, `news`.
    pub campaign: Vec<String>,
    /// Places and top-level labels: `fr`, `europe`, `com`.
    pub place: Vec<String>,
    /// Small words that carry nothing: `my`, `le`.
    pub glue: Vec<String>,
    /// Words of every day that are also names of outlets and parties: `forward`, `mirror`.
    pub common: Vec<String>,
}

/// Providers whose customers share name servers and exchangers by the thousand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// Their registrable domains.
    pub domains: Vec<String>,
}

/// A service one logs into.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name for people.
    pub name: String,
    /// What it is: `webmail`, `bank`, `identity provider` …
    pub class: String,
    /// Words that are its alone.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that are also of every day; they count only beside a word of logging in.
    #[serde(default)]
    pub common: Vec<String>,
    /// Its registrable domains; `label.*` for a label it owns under the suffixes of countries.
    #[serde(default)]
    pub own: Vec<String>,
}

/// An outlet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// Its name for people.
    pub name: String,
    /// Its registrable domains.
    pub domains: Vec<String>,
}

impl Names {
    /// Reads the data from TOML.
    ///
    /// # Errors
    /// When the text is not TOML or lacks a field.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Self {
        Self::parse(crate::text("names.toml"))
            .unwrap_or_else(|error| panic!("the embedded names.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/names.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let data = Names::embedded();
        let w = &data.words;
        let lists = [&w.service, &w.action, &w.campaign, &w.place, &w.glue, &w.common];
        let of_services = data.service.iter().flat_map(|s| s.words.iter().chain(&s.common));
        for word in lists.into_iter().flatten().chain(of_services) {
            assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "not plain: {word}");
        }
        for domain in data.service.iter().flat_map(|s| &s.own).chain(data.outlet.iter().flat_map(|o| &o.domains)) {
            assert_eq!(domain, &domain.to_lowercase());
        }
    }
}
