//! Outlets and sites that somebody has classified: state media, sites of influence operations, copies, leak sites,
//! anonymous boards; each with who says so and where.
//!
//! The data is `data/outlets.toml`, embedded at build time. You may rely on: domains are lower case, without `www.`, and
//! stand once. Left out: lists whose licence or method does not let them ship (the file names them and why), and any
//! judgement of Vigie's own.

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlets {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Who says what of which domains.
    pub list: Vec<List>,
}

/// Domains that one source puts into one class.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// As what.
    pub class: Class,
    /// What they are called together: the operation, the outlets.
    pub name: String,
    /// Who says so.
    pub who: String,
    /// Where it is said; empty where the sites say it themselves.
    pub reference: String,
    /// Which collection the domains were taken from (the file's head tells commit, date and licence).
    pub source: String,
    /// What must be said beside it.
    #[serde(default)]
    pub note: String,
    /// Domains, with all that is below them.
    pub domains: Vec<String>,
}

/// As what an outlet is classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Media of a state.
    StateMedia,
    /// A site of an influence operation.
    Operation,
    /// Carries copies of state media's articles.
    Mirror,
    /// Publishes leaked papers.
    LeakSite,
    /// Anybody publishes there without an account.
    AnonymousBoard,
    /// Its name imitates that of an outlet.
    Lookalike,
    /// On a list of the user's, under a word of its own.
    Listed,
    /// An ordinary outlet, says the user: takes back what a list says.
    Ordinary,
}

impl Class {
    /// The word used in JSON and in lists.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::StateMedia => "state_media",
            Class::Operation => "operation",
            Class::Mirror => "mirror",
            Class::LeakSite => "leak_site",
            Class::AnonymousBoard => "anonymous_board",
            Class::Lookalike => "lookalike",
            Class::Listed => "listed",
            Class::Ordinary => "ordinary",
        }
    }

    /// The class of a word; `Listed` for any other.
    #[must_use]
    pub fn of(word: &str) -> Class {
        use Class::{AnonymousBoard, LeakSite, Listed, Lookalike, Mirror, Operation, Ordinary, StateMedia};
        let known = [StateMedia, Operation, Mirror, LeakSite, AnonymousBoard, Lookalike, Ordinary];
        known.into_iter().find(|c| c.as_str() == word.trim()).unwrap_or(Listed)
    }
}

impl Outlets {
    /// The data that is part of the program.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file.
    #[must_use]
    pub fn embedded() -> Outlets {
        toml::from_str(EMBEDDED)
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded outlets.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/outlets.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_embedded_file_is_sound() {
        let data = Outlets::embedded();
        let mut seen = BTreeSet::new();
        for list in &data.list {
            assert!(!list.who.is_empty() && (list.reference.starts_with("https://") || list.source == "own"));
            for domain in &list.domains {
                assert_eq!(domain, &domain.to_lowercase());
                assert!(domain.contains('.') && !domain.starts_with("www."), "{domain}");
                assert!(seen.insert(domain), "`{domain}` stands twice");
            }
        }
        assert_eq!(Class::of("leak_site"), Class::LeakSite);
        assert_eq!(Class::of("pink slime"), Class::Listed);
    }
}
