//! What phishing mail is made of: the words of its lures by idea, whose name it borrows, and what kinds of hosts it
//! uses.
//!
//! The data is `data/mail.toml` and `data/mail_hosts.toml`, embedded at build time. You may rely on: words are lower
//! case without accents (Cyrillic and Arabic as written without signs); every idea a rule names exists; hosts are lower-case names that stand for themselves and all
//! below them. Left out: how a message is judged by it (`sensors::mail`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// Words and names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Words by idea; `stem*` is any word that begins so, several words are a sequence.
    pub concept: BTreeMap<String, Vec<String>>,
    /// Ideas beside each other that make a lure.
    pub rule: Vec<Rule>,
    /// Whose name is borrowed.
    pub brand: BTreeMap<String, Brand>,
}

/// Ideas that make a lure when they stand close together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which lure.
    pub lure: String,
    /// The ideas.
    pub all: Vec<String>,
    /// Within so many words.
    pub within: usize,
}

/// Somebody whose name is borrowed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Words that are its alone.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that are also of every day.
    #[serde(default)]
    pub common: Vec<String>,
    /// Its registrable domains; `label.*` for a label it owns under any suffix.
    pub own: Vec<String>,
}

/// Kinds of hosts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosts {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Turn a short address into another one.
    pub shortener: Vec<String>,
    /// Anybody can put a file there.
    pub file: Vec<String>,
    /// Anybody can put a page or a form there.
    pub site: Vec<String>,
    /// Pages of links.
    pub bio: Vec<String>,
    /// Anybody can have an address there.
    pub freemail: Vec<String>,
    /// Names for addresses that change.
    pub dynamic: Vec<String>,
    /// Show content of elsewhere under their own name.
    pub gateway: Vec<String>,
    /// Send mail for others and count the clicks.
    pub bulk: Vec<String>,
    /// Anybody can put a picture there.
    pub picture: Vec<String>,
    /// Filters of mail, which show there what they held back.
    pub filter: Vec<String>,
    /// Services that send what their users write, under their own name.
    pub voice: Vec<String>,
    /// Services that give their customers spaces of their names, and write from there.
    pub space: Vec<String>,
}

impl Mail {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Self {
        toml::from_str(crate::text("mail.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("mail.toml: {}", error.message()))
    }
}

impl Hosts {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Self {
        toml::from_str(crate::text("mail_hosts.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("mail_hosts.toml: {}", error.message()))
    }
}

/// The text of the embedded words, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/mail.toml");
/// The text of the embedded hosts, for the knowledge digest.
pub const HOSTS: &str = include_str!("../data/mail_hosts.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_sound() {
        let mail = Mail::embedded();
        assert!(mail.concept.len() <= 64);
        for rule in &mail.rule {
            assert!(rule.all.iter().all(|c| mail.concept.contains_key(c)), "{rule:?}");
        }
        let other = |c: char| matches!(c, '\u{400}'..='\u{4ff}' | '\u{600}'..='\u{6ff}');
        for word in mail.concept.values().flatten().chain(mail.brand.values().flat_map(|b| b.words.iter())) {
            let plain = word.chars().all(|c| c.is_ascii() || other(c)) && !word.contains(['ё', 'أ', 'إ', 'ى', 'ة']);
            assert!(plain && *word == word.to_lowercase(), "not plain: {word}");
        }
        let hosts = Hosts::embedded();
        for host in hosts.shortener.iter().chain(&hosts.site).chain(&hosts.file) {
            assert_eq!(host, &host.to_lowercase());
        }
    }
}
