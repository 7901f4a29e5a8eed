//! What the operations of cloud providers' audit logs mean, who acts for a provider itself, what its codes of failure say,
//! and which rights of applications reach others' things.
//!
//! The data is `data/cloud_operations.toml`, embedded at build time. You may rely on: no operation stands for two actions;
//! only the lists of what is ordinary may hold a pattern that stands for every name. Left out: what an operation's
//! parameters make of it (`sensors::sign_in`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
pub struct Cloud {
    /// Day the file was last reviewed (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Rights of applications.
    pub scopes: Scopes,
    /// Providers, by the word that rows have for them.
    #[serde(flatten)]
    pub providers: BTreeMap<String, Provider>,
}

/// Rights of applications.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scopes {
    /// Parts of the names of rights that reach mail, files, people or accounts; lower case.
    pub risky: Vec<String>,
}

/// One provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Names under which it acts itself, lower case; one that ends in `*` stands for all that begin so.
    #[serde(default)]
    pub services: Vec<String>,
    /// Networks out of which its own programs act for people.
    #[serde(default)]
    pub networks: Vec<String>,
    /// Operations by action, as rows have words for them; and `ordinary`.
    #[serde(default)]
    pub actions: BTreeMap<String, Vec<String>>,
    /// Codes of failures by what they say.
    #[serde(default)]
    pub errors: BTreeMap<String, Vec<String>>,
}

/// The list of operations that are nothing to keep.
pub const ORDINARY: &str = "ordinary";

impl Cloud {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Cloud {
        toml::from_str(crate::text("cloud_operations.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded cloud_operations.toml: {}", error.message()))
    }
}

pub(crate) const EMBEDDED: &str = include_str!("../data/cloud_operations.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operation_stands_for_two_actions() {
        for (name, provider) in Cloud::embedded().providers {
            let mut seen = BTreeMap::new();
            for (action, operations) in &provider.actions {
                for operation in operations {
                    let text = operation.trim_matches('*');
                    assert!(!text.is_empty() || action == ORDINARY, "{name}: `{operation}` stands for everything");
                    let known = seen.insert(operation.to_lowercase(), action);
                    assert!(known.is_none_or(|k| k == action), "{name}: `{operation}` is {known:?} and {action}");
                }
            }
            assert!(provider.services.iter().all(|s| *s == s.to_lowercase() && s.len() > 1), "{name}");
        }
    }
}
