//! Names of months in other languages than English, as machines of these languages write them into logs.
//!
//! The data is `data/months.toml`, embedded at build time. You may rely on: a name stands for one month; names are lower
//! case, without the point behind an abbreviation. Left out: names that mean one month in one language and another in the
//! next (the file lists them), and English.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Months {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// The names of each month, from January on.
    pub months: [Vec<String>; 12],
}

impl Months {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Months {
        toml::from_str(crate::text("months.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded months.toml: {}", error.message()))
    }
}

pub(crate) const EMBEDDED: &str = include_str!("../data/months.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_name_is_one_month() {
        let months = Months::embedded();
        let all: Vec<&String> = months.months.iter().flatten().collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(all.iter().all(|n| **n == n.to_lowercase() && !n.ends_with('.') && !n.is_empty()));
        assert!(months.months[8].iter().any(|n| n == "sept") && months.months[1].iter().any(|n| n == "févr"));
    }
}
