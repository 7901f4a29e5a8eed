//! What hostile web requests look like: signatures, word lists and the rules' names.
//!
//! The data is `data/web_attacks.toml`, embedded at build time. Each rule says which class of attack it
//! shows, how much one match is worth, who says so (`source`), which requests it must recognise
//! (`examples`) and which it must leave alone (`innocent`). The tests of the request classifier
//! run every one of them.
//!
//! You may rely on: the embedded data parses (a test says so); rule ids are unique; a literal is
//! lower-case and at least [`MIN_LITERAL`] bytes long, as the classifier's index needs.
//! Left out: how a rule without literals is recognised. Those are the tokenizers of
//! `sensors::web_log::classify`, which look their rule up by its id.

use serde::Deserialize;

/// Shortest literal the classifier's index can hold (it samples every second position by four bytes).
pub const MIN_LITERAL: usize = 5;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebAttacks {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Word lists for the tokenizers.
    pub words: Words,
    /// All rules.
    pub rule: Vec<RuleData>,
}

/// One thing that is recognised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleData {
    /// Stable name, e.g. `sql-union` or `cve-2021-41773`.
    pub id: String,
    /// Class in snake case, e.g. `sql_injection`.
    pub class: String,
    /// `strong`: one request is an attempt by itself; `weak`: only repetition or context makes it one.
    pub strength: String,
    /// Public reference: a CVE, an OWASP page, an ATT&CK technique, a vendor's page.
    pub source: String,
    /// What it means, for a person.
    pub note: String,
    /// CVE number where there is one.
    #[serde(default)]
    pub cve: Option<String>,
    /// Literals in the decoded, lower-cased path. `^` at the start and `$` at the end anchor.
    #[serde(default)]
    pub path: Vec<String>,
    /// Literals in the decoded, lower-cased path or query.
    #[serde(default)]
    pub target: Vec<String>,
    /// Literals in the decoded, lower-cased query.
    #[serde(default)]
    pub query: Vec<String>,
    /// Literals in the lower-cased user agent, at the start of a word.
    #[serde(default)]
    pub agent: Vec<String>,
    /// Extensions (no dot) of the last path segment.
    #[serde(default)]
    pub extension: Vec<String>,
    /// Further condition on the method: only these.
    #[serde(default)]
    pub method: Vec<String>,
    /// Request targets that must show this rule's class at this strength or above. `UA: …` gives a
    /// user agent, `REF: …` a referer, `POST …` or another capital word and a space a method.
    #[serde(default)]
    pub examples: Vec<String>,
    /// The same notation: requests that must not match this rule.
    #[serde(default)]
    pub innocent: Vec<String>,
}

/// Word lists used by the tokenizers; all lower case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// SQL functions that no ordinary text calls: one call is proof (`pg_sleep`).
    pub sql_functions_sure: Vec<String>,
    /// SQL functions whose names are also ordinary words (`count`): they support other evidence.
    pub sql_functions: Vec<String>,
    /// Programs that are no ordinary word (`whoami`).
    pub commands_sure: Vec<String>,
    /// Programs whose names are also ordinary words (`cat`): they need arguments of a command's shape.
    pub commands: Vec<String>,
    /// HTML elements that run or load something by themselves.
    pub html_active: Vec<String>,
    /// Other HTML elements.
    pub html_plain: Vec<String>,
    /// DOM event names, without `on`.
    pub html_events: Vec<String>,
    /// Parameters that usually hold an address to go to.
    pub redirect_parameters: Vec<String>,
    /// User agents that are nothing but a scanner's name.
    pub scanner_agents: Vec<String>,
    /// Last path segments of login pages.
    pub login_pages: Vec<String>,
}

impl WebAttacks {
    /// Reads the data from TOML.
    ///
    /// # Errors
    /// When the text is not TOML or lacks a field.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Self {
        Self::parse(crate::text("web_attacks.toml"))
            .unwrap_or_else(|error| panic!("the embedded web_attacks.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/web_attacks.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_embedded_file_is_sound() {
        let data = WebAttacks::embedded();
        let mut seen = HashSet::new();
        for rule in &data.rule {
            assert!(seen.insert(&rule.id), "twice: {}", rule.id);
            assert!(matches!(rule.strength.as_str(), "strong" | "weak"), "{}", rule.id);
            assert!(!rule.source.is_empty() && !rule.note.is_empty(), "{}", rule.id);
            assert!(!rule.examples.is_empty(), "no example: {}", rule.id);
            for literal in rule.path.iter().chain(&rule.target).chain(&rule.query).chain(&rule.agent) {
                let bare = literal.trim_start_matches('^').trim_end_matches('$');
                assert!(bare.len() >= MIN_LITERAL, "too short in {}: {literal}", rule.id);
                assert_eq!(bare, bare.to_lowercase(), "not lower case in {}", rule.id);
            }
        }
    }
}
