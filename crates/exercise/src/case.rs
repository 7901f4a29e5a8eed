//! `case.toml`: the configuration of a case for the evidence made, so that whoever practises need not write it.

use model::{Election, Error, Result};
use std::collections::BTreeSet;

/// The configuration, put together by the parts.
#[derive(Default, Debug)]
pub struct Case {
    /// Domains to protect; the first is the one that web logs without a virtual host are of.
    pub(crate) domains: Vec<String>,
    /// People to protect.
    pub(crate) people: BTreeSet<String>,
    /// Lines of `[mail]`, to which several parts add.
    pub(crate) mail: Vec<String>,
    /// Further tables, as TOML.
    pub(crate) tables: String,
}

impl Case {
    /// The file's text.
    pub(crate) fn text(&self, name: &str, mail_domain: &str, election: &Election) -> Result<String> {
        let list = |words: Vec<&String>| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
        let mail = if self.mail.is_empty() { String::new() } else { format!("\n[mail]\n{}\n", self.mail.join("\n")) };
        let election = toml::to_string(election).map_err(|e| Error::new("could not write `case.toml`").because(e))?;
        Ok(format!(
            "# An exercise: made evidence, for training and measuring.\nname = \"Exercise {name}\"\n\n[protect]\n\
             domains = [{}]\nmail_domains = [\"{mail_domain}\"]\npeople = [{}]\n\n[election]\n{election}{mail}{}",
            list(self.domains.iter().collect()),
            list(self.people.iter().collect()),
            self.tables
        ))
    }
}
