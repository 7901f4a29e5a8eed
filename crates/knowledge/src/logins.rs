//! What stands in login logs beside logins: programs that tell of none, and the other words of those that do. A line that
//! is neither is not understood, and is said to be.
//!
//! The data is `data/login_ordinary.toml`, embedded at build time. You may rely on: no name and no beginning is empty, so
//! that none stands for every line. Left out: the lines that are logins (`sensors::auth_log`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ordinary {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Programs that tell of no login; a name that ends in `*` stands for all that begin so.
    pub silent: Vec<String>,
    /// How messages begin that tell of no login, by program.
    pub speaks: BTreeMap<String, Vec<String>>,
}

impl Ordinary {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Ordinary {
        toml::from_str(crate::text("login_ordinary.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded login_ordinary.toml: {}", error.message()))
    }
}

pub(crate) const EMBEDDED: &str = include_str!("../data/login_ordinary.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_stands_for_no_line_at_large() {
        let ordinary = Ordinary::embedded();
        let names = ordinary.silent.iter().chain(ordinary.speaks.keys());
        let begins = ordinary.speaks.values().flatten();
        assert!(names.chain(begins).all(|text| text.trim_end_matches('*').len() > 1), "too short to say anything");
    }
}
