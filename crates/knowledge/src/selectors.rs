//! DKIM selectors that are common enough to be asked for before any message was seen.
//!
//! The data is `data/mail_selectors.toml`, embedded at build time. You may rely on: each stands once, in small letters.
//! Left out: selectors that carry an account's number.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selectors {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Provider to selectors.
    pub providers: BTreeMap<String, Vec<String>>,
}

impl Selectors {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Selectors {
        toml::from_str(crate::text("mail_selectors.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded mail_selectors.toml: {}", error.message()))
    }

    /// All of them, sorted.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.providers.values().flatten().cloned().collect();
        all.sort();
        all
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/mail_selectors.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let all = Selectors::embedded().all();
        assert!(all.windows(2).all(|w| w[0] < w[1]), "a selector stands twice");
        assert!(all.iter().all(|s| s.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))));
    }
}
