//! Which RDAP servers answer for which top-level domains: the common ones of IANA's bootstrap registry (RFC 9224).
//!
//! The data is `data/rdap.toml`, embedded at build time. You may rely on: every server is `https://`. Left out: rare
//! top-level domains (`collect` fetches the registry for them, with `--online`), and those that have no server.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// Day of the registry (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Server to top-level domains.
    pub servers: BTreeMap<String, Vec<String>>,
}

impl Servers {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Servers {
        toml::from_str(crate::text("rdap.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded rdap.toml: {}", error.message()))
    }

    /// Top-level domain to server.
    #[must_use]
    pub fn by_domain(&self) -> BTreeMap<String, String> {
        self.servers.iter().flat_map(|(url, all)| all.iter().map(move |d| (d.clone(), url.clone()))).collect()
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/rdap.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let data = Servers::embedded();
        assert!(data.servers.keys().all(|url| url.starts_with("https://") && url.ends_with('/')));
        let listed: usize = data.servers.values().map(Vec::len).sum();
        assert_eq!(data.by_domain().len(), listed, "a top-level domain stands twice");
    }
}
