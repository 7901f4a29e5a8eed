//! Knowledge that is newer than the program: packed into one text, that a publisher signs as a note and `vigie knowledge
//! import` takes.
//!
//! You may rely on: a pack that [`Pack::parse`] gives out holds only files that this program knows, each of which it can
//! read, and says of each the day it was looked through; [`use_newer`] takes of a pack what is newer than the program's own,
//! once, before anything is read. Left out: who signed it and where it is kept (the program's matter), the countries of
//! addresses and the public suffixes, which are crates.

use crate::{FILES, chain, cloud, day_of, hygiene, law, libraries, logins, mail, months, names, outlets};
use crate::{leak, rdap, selectors, techniques, tls, web_attacks};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a pack begins with.
const HEAD: &str = "vigie-knowledge/v1";
/// What stands before each file: its name and its bytes.
const FILE: &str = "file ";

static USED: OnceLock<(Imported, BTreeMap<&'static str, String>)> = OnceLock::new();

/// What was imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The day of the pack (ISO 8601).
    pub date: String,
    /// Whose key signed it.
    pub by: String,
    /// The files that it replaces.
    pub files: Vec<&'static str>,
}

/// Files with the day of their packing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pack {
    /// The day (ISO 8601).
    pub date: String,
    /// By name.
    pub files: BTreeMap<&'static str, String>,
}

impl Pack {
    /// Reads one; the error says why it is none.
    ///
    /// # Errors
    /// Where it is not built like one, or has a file that this program doesn't know or can't read.
    pub fn parse(text: &str) -> Result<Pack, String> {
        let short = || "it is cut short".to_string();
        let rest = text.strip_prefix(HEAD).and_then(|t| t.strip_prefix('\n'));
        let rest = rest.ok_or_else(|| format!("it does not begin with `{HEAD}`"))?;
        let (date, mut rest) = rest.strip_prefix("date ").and_then(|t| t.split_once('\n')).ok_or_else(short)?;
        let mut pack = Pack { date: day(date)?.to_string(), files: BTreeMap::new() };
        while !rest.is_empty() {
            let (head, after) = rest.strip_prefix(FILE).and_then(|t| t.split_once('\n')).ok_or_else(short)?;
            let (name, bytes) = head.split_once(' ').ok_or_else(short)?;
            let content = bytes.parse().ok().and_then(|n: usize| after.get(..n)).ok_or_else(short)?;
            rest = &after[content.len()..];
            pack.add(name, content)?;
        }
        match pack.files.is_empty() {
            true => Err("it holds no file".into()),
            false => Ok(pack),
        }
    }

    /// Puts a file in.
    ///
    /// # Errors
    /// Where this program doesn't know it, or can't read it.
    pub fn add(&mut self, name: &str, content: &str) -> Result<(), String> {
        let known = FILES.iter().find(|(known, _)| *known == name);
        let (known, _) = known.ok_or_else(|| format!("this program has no file `{name}`: a newer one may"))?;
        day(day_of(content)).map_err(|e| format!("`{name}`: {e}"))?;
        if content.chars().any(|c| c.is_control() && c != '\n') || !content.ends_with('\n') {
            return Err(format!("`{name}` has control characters, or a last line that does not end"));
        }
        fault(known, content).map_or(Ok(()), |why| Err(format!("`{name}` can't be read: {why}")))?;
        match self.files.insert(known, content.into()) {
            None => Ok(()),
            Some(_) => Err(format!("`{name}` stands in it twice")),
        }
    }

    /// As one text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let files = self.files.iter().map(|(name, text)| format!("{FILE}{name} {}\n{text}", text.len()));
        format!("{HEAD}\ndate {}\n{}", self.date, files.collect::<String>())
    }
}

/// A day of the calendar.
fn day(text: &str) -> Result<&str, String> {
    let plain = text.len() == 10 && format!("{text}T00:00:00Z").parse::<model::Time>().is_ok();
    if plain { Ok(text) } else { Err("it says no day such as 2027-01-31".into()) }
}

/// Why a file can't be read as what it is.
fn fault(name: &str, text: &str) -> Option<String> {
    fn of<T: serde::de::DeserializeOwned>(text: &str) -> Option<String> {
        toml::from_str::<T>(text).err().map(|e| e.message().to_string())
    }
    match name {
        "chain.toml" => of::<chain::Chain>(text),
        "cloud_operations.toml" => of::<cloud::Cloud>(text),
        "elections.toml" => of::<law::Elections>(text),
        "hygiene.toml" => of::<hygiene::Guide>(text),
        "intrusion_sets.toml" => of::<chain::Sets>(text),
        "law.toml" => of::<law::Rules>(text),
        "libraries.toml" => of::<libraries::Libraries>(text),
        "login_ordinary.toml" => of::<logins::Ordinary>(text),
        "mail.toml" => of::<mail::Mail>(text),
        "mail_hosts.toml" => of::<mail::Hosts>(text),
        "mail_selectors.toml" => of::<selectors::Selectors>(text),
        "months.toml" => of::<months::Months>(text),
        "names.toml" => of::<names::Names>(text),
        "outlets.toml" => of::<outlets::Outlets>(text),
        "rdap.toml" => of::<rdap::Servers>(text),
        "silence_names.toml" => of::<law::Names>(text),
        "silence_words.toml" => law::words_of(text).err(),
        "leak.toml" => of::<leak::Leak>(text),
        "techniques.toml" => of::<techniques::File>(text),
        "tls.toml" => of::<tls::Tls>(text),
        "web_attacks.toml" => of::<web_attacks::WebAttacks>(text),
        _ => Some("nobody reads it".into()),
    }
}

/// Uses of a pack what is newer than the program's own, from now on; once.
pub fn use_newer(pack: Pack, by: String) {
    let embedded = |name: &str| FILES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text);
    let newer: BTreeMap<_, _> =
        pack.files.into_iter().filter(|(name, text)| day_of(text) > day_of(embedded(name))).collect();
    if !newer.is_empty() {
        let imported = Imported { date: pack.date, by, files: newer.keys().copied().collect() };
        // A second pack would change what was read already.
        let _ = USED.set((imported, newer));
    }
}

/// What is in use that was imported.
pub fn imported() -> Option<&'static Imported> {
    USED.get().map(|(imported, _)| imported)
}

pub(crate) fn text(name: &str) -> Option<&'static str> {
    USED.get().and_then(|(_, files)| files.get(name)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Pack {
        let mut pack = Pack { date: "2027-01-31".into(), files: BTreeMap::new() };
        FILES.iter().for_each(|(name, text)| pack.add(name, text).expect("ours"));
        pack
    }

    #[test]
    fn a_pack_of_all_our_files_comes_back_the_same() {
        let text = own().to_text();
        assert_eq!(Pack::parse(&text), Ok(own()));
        for cut in [0, 5, 30, 200, text.len() / 2, text.len() - 1] {
            assert!(Pack::parse(&text[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn what_this_program_does_not_know_or_can_not_read_is_refused() {
        let mut pack = Pack { date: "2027-01-31".into(), files: BTreeMap::new() };
        for (name, content, why) in [
            ("other.toml", "date = \"2027-01-01\"\n", "no file"),
            ("rdap.toml", "licence = \"x\"\n", "no day"),
            ("rdap.toml", "date = \"2027-01-01\"\nlicence = 1\n", "can't be read"),
            ("rdap.toml", "date = \"2027-01-01\"\nlicence = \"x\"\nstrange = 1\n[servers]\n", "can't be read"),
            ("silence_words.toml", "date = \"2027-01-01\"\nlist = [1]\n", "can't be read"),
        ] {
            let said = pack.add(name, content).expect_err(content);
            assert!(said.contains(why), "{said}");
        }
    }
}
