//! Script libraries whose faults are published, to be told by the versions a page loads.
//!
//! The data is `data/libraries.toml`, embedded at build time. You may rely on: a range without a source says that nobody held it
//! against one. Left out: libraries and faults that are not in it.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Libraries {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Libraries.
    #[serde(rename = "library")]
    pub libraries: Vec<Library>,
}

/// A library.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Its name.
    pub name: String,
    /// How its files are called, without version and ending.
    pub files: Vec<String>,
    /// What stands before the version in its file.
    pub banner: Option<String>,
    /// Its faults.
    pub faults: Vec<Fault>,
}

/// A fault of a range of versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The first version that has it.
    pub from: String,
    /// The first version without it.
    pub below: Option<String>,
    /// Its number.
    pub cve: String,
    /// What it is.
    pub what: String,
    /// The advisory whose stored copy shows this range; none: from memory, not verified.
    pub source: Option<String>,
}

/// Numbers of a version.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|p| p.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0))
        .collect()
}

fn is_before(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (numbers(a), numbers(b));
    let longer = a.len().max(b.len());
    a.resize(longer, 0);
    b.resize(longer, 0);
    a < b
}

impl Fault {
    /// Whether a version has it.
    #[must_use]
    pub fn hurts(&self, version: &str) -> bool {
        !is_before(version, &self.from) && self.below.as_ref().is_none_or(|b| is_before(version, b))
    }
}

impl Libraries {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Libraries {
        toml::from_str(crate::text("libraries.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded libraries.toml: {}", error.message()))
    }
}

/// The text of the embedded file, for the knowledge digest.
pub const EMBEDDED: &str = include_str!("../data/libraries.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let known = Libraries::embedded();
        let jquery = known.libraries.iter().find(|l| l.name == "jquery").expect("jQuery");
        let hurt = |v: &str| jquery.faults.iter().filter(|f| f.hurts(v)).count();
        assert_eq!((hurt("1.8.3"), hurt("3.4.1"), hurt("3.5.0"), hurt("3.10.0")), (5, 2, 0, 0));
        // 1.12.0 to 1.12.2 had the fault mended that came back after.
        let had = |v: &str| jquery.faults.iter().any(|f| f.cve == "CVE-2015-9251" && f.hurts(v));
        assert!(had("1.11.3") && !had("1.12.1") && had("1.12.4") && had("2.2.4") && !had("3.0.0"));
        for l in &known.libraries {
            assert!(
                l.faults
                    .iter()
                    .all(|f| f.cve.starts_with("CVE-") && f.below.as_ref().is_none_or(|b| is_before(&f.from, b))),
                "{}",
                l.name
            );
        }
    }
}
