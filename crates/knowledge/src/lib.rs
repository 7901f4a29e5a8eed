//! What Vigie knows before it sees evidence, embedded: each file names its source, date and licence. A file may be replaced
//! by a newer one that was imported ([`import`]). The digest is part of every stored row's key, so that new knowledge is
//! applied to old evidence.

pub mod chain;
pub mod cloud;
pub mod hygiene;
pub mod import;
pub mod law;
pub mod leak;
pub mod libraries;
pub mod logins;
pub mod mail;
pub mod months;
pub mod names;
pub mod outlets;
pub mod rdap;
pub mod selectors;
pub mod suffixes;
pub mod techniques;
pub mod tls;
pub mod web_attacks;

use sha2::{Digest, Sha256};

/// Every embedded file by name.
pub const FILES: &[(&str, &str)] = &[
    ("chain.toml", chain::EMBEDDED),
    ("cloud_operations.toml", cloud::EMBEDDED),
    ("elections.toml", law::ELECTIONS),
    ("hygiene.toml", hygiene::EMBEDDED),
    ("intrusion_sets.toml", chain::SETS),
    ("law.toml", law::RULES),
    ("libraries.toml", libraries::EMBEDDED),
    ("login_ordinary.toml", logins::EMBEDDED),
    ("mail.toml", mail::EMBEDDED),
    ("mail_hosts.toml", mail::HOSTS),
    ("mail_selectors.toml", selectors::EMBEDDED),
    ("months.toml", months::EMBEDDED),
    ("names.toml", names::EMBEDDED),
    ("outlets.toml", outlets::EMBEDDED),
    ("rdap.toml", rdap::EMBEDDED),
    ("silence_names.toml", law::NAMES),
    ("silence_words.toml", law::WORDS),
    ("leak.toml", leak::EMBEDDED),
    ("techniques.toml", techniques::EMBEDDED),
    ("tls.toml", tls::EMBEDDED),
    ("web_attacks.toml", web_attacks::EMBEDDED),
];

/// Days after which a part is old: addresses, domains, outlets and rules change within a year and a season.
pub const OLD: i64 = 400;

/// The text in use of a file: what was imported, where that is newer than the program's own.
pub fn text(name: &str) -> &'static str {
    let embedded = FILES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text);
    import::text(name).unwrap_or(embedded)
}

/// Every file by name, as it is in use.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().map(|(name, embedded)| (*name, import::text(name).unwrap_or(embedded)))
}

/// The day that a file says it was last looked through (ISO 8601); empty where it says none.
pub fn day_of(text: &str) -> &str {
    text.lines().find_map(|l| l.strip_prefix("date = ")).map_or("", |d| d.trim().trim_matches('"'))
}

/// Every file, with the day it was last looked through.
pub fn dated() -> impl Iterator<Item = (&'static str, &'static str)> {
    files().map(|(name, text)| (name, day_of(text)))
}

/// SHA-256 over names and contents of all files in use.
pub fn digest() -> [u8; 32] {
    let mut hash = Sha256::new();
    for (name, text) in files() {
        hash.update(name.as_bytes());
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}
