//! Cipher suites and well-known primes of TLS.
//!
//! The data is `data/tls.toml`, embedded at build time. Left out: what they are worth (`site`).

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Day of the data (ISO 8601).
    pub date: String,
    /// Licence of the data.
    pub licence: String,
    /// Suites: name and number.
    #[serde(deserialize_with = "numbers")]
    pub suites: BTreeMap<String, u16>,
    /// Primes of Diffie–Hellman groups by the SHA-256 of their bytes: where they are written.
    pub primes: BTreeMap<String, String>,
}

fn numbers<'d, D: Deserializer<'d>>(from: D) -> Result<BTreeMap<String, u16>, D::Error> {
    let written = BTreeMap::<String, String>::deserialize(from)?;
    let number = |(name, hex): (String, String)| Some((name, u16::from_str_radix(&hex, 16).ok()?));
    Ok(written.into_iter().filter_map(number).collect())
}

/// The data.
pub const EMBEDDED: &str = include_str!("../data/tls.toml");

impl Tls {
    /// The data in use: the program's own, or what was imported.
    ///
    /// # Panics
    /// Never in a released build: a test parses the embedded file, and what is imported was parsed first.
    #[must_use]
    pub fn embedded() -> Tls {
        toml::from_str(crate::text("tls.toml"))
            .unwrap_or_else(|error: toml::de::Error| panic!("the embedded tls.toml: {}", error.message()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        let known = Tls::embedded();
        assert!(known.suites.len() > 200 && known.primes.len() > 10);
        assert_eq!(known.suites.get("TLS_AES_128_GCM_SHA256"), Some(&0x1301));
        assert!(known.primes.keys().all(|k| k.len() == 64));
    }
}
