//! Evidence: bytes as received, never changed, known by their SHA-256.

use crate::Time;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The SHA-256 of a piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EvidenceId(pub [u8; 32]);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every place that is printed names its evidence.
        let digits = |b: u8| [b >> 4, b & 15].map(|d| char::from_digit(u32::from(d), 16).unwrap_or_default());
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&digits(byte).map(|d| d as u8));
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for EvidenceId {
    type Err = &'static str;
    fn from_str(s: &str) -> Result<EvidenceId, &'static str> {
        let mut id = [0; 32];
        if s.len() != 64 || !s.is_ascii() {
            return Err("not 64 hexadecimal digits");
        }
        for (i, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&s[2 * i..2 * i + 2], 16).map_err(|_| "not hexadecimal")?;
        }
        Ok(EvidenceId(id))
    }
}

impl JsonSchema for EvidenceId {
    fn schema_name() -> Cow<'static, str> {
        "EvidenceId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
    }
}

impl Serialize for EvidenceId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EvidenceId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<EvidenceId, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One line of the evidence register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    /// SHA-256 of the bytes.
    pub id: EvidenceId,
    /// The name under which it was given; text only, never opened again.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// When the file was last modified before it was taken in, where the file system said so.
    pub modified: Option<Time>,
    /// When it was added.
    pub added: Time,
    /// By whom (login and host).
    pub by: String,
    /// The kind of evidence (a sensor's name), once recognised.
    pub kind: Option<String>,
    /// Erased: when and why. Bytes, text and derived rows are gone.
    pub forgotten: Option<(Time, String)>,
}
