//! Words by which a text says that papers were leaked.
//!
//! The data is `data/leak.toml`, embedded at build time. You may rely on: entries are lower case without accents, words of an
//! entry stand one blank apart, a `*` at the end of a word stands for any ending.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leak {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Says that papers were leaked, stolen or are internal.
    pub leak: Vec<String>,
}

impl Leak {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Leak {
        toml::from_str(crate::text("leak.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded leak.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/leak.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        for entry in &Leak::embedded().leak {
            assert_eq!(entry, &entry.to_lowercase());
            assert!(entry.split(' ').all(|w| !w.is_empty() && !w.trim_end_matches('*').contains('*')), "`{entry}`");
        }
    }
}
