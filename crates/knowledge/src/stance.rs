//! Words by which a text takes sides for or against somebody it names, and words by which it says that papers were
//! leaked.
//!
//! The data is `data/stance.toml`, embedded at build time. You may rely on: entries are lower case without accents, words
//! of an entry stand one blank apart, a `*` at the end of a word stands for any ending. Left out: how a text is judged by
//! them (`sensors::posts::stance`), irony, anything learned from labelled posts.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stance {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Words that turn the sense of what follows.
    pub negation: Vec<String>,
    /// Words behind which praise and blame are somebody's claim, a condition or mockery.
    pub hedges: Vec<String>,
    /// Words of thanks and loud praise, as often mockery as meant.
    pub thanks: Vec<String>,
    /// Words and signs of a text that laughs.
    pub laughs: Vec<String>,
    /// Words that begin a new thought.
    pub breaks: Vec<String>,
    /// Good of whoever is spoken of, one point.
    pub good: Vec<String>,
    /// Bad of whoever is spoken of, one point.
    pub bad: Vec<String>,
    /// Takes sides for the one named next, two points.
    pub side_for: Vec<String>,
    /// Takes sides against the one named next, two points.
    pub side_against: Vec<String>,
    /// For the one named before, against the one named next.
    pub better_than: Vec<String>,
    /// Parts of a hashtag beside a name that are for it.
    pub tag_for: Vec<String>,
    /// Parts of a hashtag beside a name that are against it.
    pub tag_against: Vec<String>,
    /// Says that papers were leaked, stolen or are internal.
    pub leak: Vec<String>,
}

impl Stance {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Stance {
        toml::from_str(crate::text("stance.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded stance.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/stance.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let s = Stance::embedded();
        let lists = [
            &s.negation,
            &s.hedges,
            &s.thanks,
            &s.breaks,
            &s.good,
            &s.bad,
            &s.side_for,
            &s.side_against,
            &s.better_than,
            &s.leak,
        ];
        for entry in lists.into_iter().flatten().chain(&s.tag_for).chain(&s.tag_against) {
            assert_eq!(entry, &entry.to_lowercase());
            assert!(entry.split(' ').all(|w| !w.is_empty() && !w.trim_end_matches('*').contains('*')), "`{entry}`");
        }
        assert!(!s.good.iter().any(|g| s.bad.contains(g)));
    }
}
