//! Techniques of ATT&CK and DISARM: numbers, names, tactics and the identifiers that others know them by.
//!
//! The data is `data/techniques.toml`, embedded at build time. You may rely on: each number stands once. Left out: what a
//! technique is, which its authors say.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/techniques.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(rename = "date")]
    _date: String,
    #[serde(rename = "licence")]
    _licence: String,
    technique: Vec<Technique>,
}

/// A technique.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technique {
    /// Its number: `T1566.002` of ATT&CK, `T0049` of DISARM.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The phases of the kill chain it belongs to.
    pub tactics: Vec<String>,
    /// The UUID others know it by.
    pub stix: String,
}

impl Technique {
    /// Whether it is DISARM's: those begin with `T0`.
    pub fn is_disarm(&self) -> bool {
        self.id.starts_with("T0")
    }
}

/// The technique of a number.
///
/// # Panics
/// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
pub fn technique(id: &str) -> Option<&'static Technique> {
    static ALL: OnceLock<BTreeMap<String, Technique>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let file: File = toml::from_str(crate::text("techniques.toml"))
            .unwrap_or_else(|e| panic!("the embedded techniques.toml: {}", e.message()));
        file.technique.into_iter().map(|t| (t.id.clone(), t)).collect()
    });
    all.get(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn techniques_have_names_and_phases() {
        let phishing = technique("T1566.002").expect("known");
        assert_eq!((phishing.name.as_str(), phishing.is_disarm()), ("Spearphishing Link", false));
        let flood = technique("T0049").expect("known");
        assert!(flood.is_disarm() && !flood.tactics.is_empty());
        assert!(technique("T9999").is_none());
    }
}
