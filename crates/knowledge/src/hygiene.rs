//! The measures a campaign should have taken: the agency's forty-two and what a campaign adds.
//!
//! The data is `data/hygiene.toml`, embedded at build time. You may rely on: every measure belongs to a chapter and has a
//! question. Left out: what anybody answers (`readiness`).

use model::Text;
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Chapters, in order.
    #[serde(rename = "chapter")]
    pub chapters: Vec<Chapter>,
    /// Measures, in order.
    #[serde(rename = "measure")]
    pub measures: Vec<Measure>,
}

/// A chapter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// A measure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its number in the guide; ours begin with C.
    pub id: String,
    /// Its chapter.
    pub chapter: String,
    /// What it is.
    pub title: Text,
    /// The question of the standard level, where it has one.
    pub standard: Option<Text>,
    /// The question of the reinforced level, where it has one.
    pub reinforced: Option<Text>,
    /// Goals of CISA it serves.
    #[serde(default)]
    pub cpg: Vec<String>,
    /// ATT&CK techniques it is against, with all below them.
    #[serde(default)]
    pub techniques: Vec<String>,
    /// How much it helps, 1 to 5.
    pub effect: u32,
    /// From where, if not from the guide.
    pub source: Option<String>,
}

impl Guide {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Guide {
        toml::from_str(crate::text("hygiene.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded hygiene.toml: {}", error.message()))
    }

    /// A measure by its number.
    #[must_use]
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|m| m.id.eq_ignore_ascii_case(id))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/hygiene.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let guide = Guide::embedded();
        let numbers: Vec<&str> =
            guide.measures.iter().map(|m| m.id.as_str()).filter(|id| !id.starts_with('C')).collect();
        assert_eq!(numbers, (1..=42).map(|n| n.to_string()).collect::<Vec<_>>());
        for m in &guide.measures {
            assert!(guide.chapters.iter().any(|c| c.id == m.chapter), "{}", m.id);
            assert!(m.standard.is_some() || m.reinforced.is_some(), "{}", m.id);
            assert!((1..=5).contains(&m.effect), "{}", m.id);
            assert!(m.source.is_some() == m.id.starts_with('C'), "{}", m.id);
        }
    }
}
