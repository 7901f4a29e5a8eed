//! Outlets and sites that somebody has classified: state media, sites of influence operations, copies, leak sites,
//! anonymous boards; each with who says so and where.
//!
//! The data is `data/outlets.toml`, embedded at build time. You may rely on: domains are lower case, without `www.`, and
//! stand once. Left out: lists whose licence or method does not let them ship (the file names them and why), and any
//! judgement of Vigie's own.

use rows::posts::OutletClass;
use serde::Deserialize;

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
    pub class: OutletClass,
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

impl Outlets {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Outlets {
        toml::from_str(crate::text("outlets.toml"))
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
    }
}
