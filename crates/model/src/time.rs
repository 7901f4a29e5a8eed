//! Instants. Microseconds since the Unix epoch, UTC; printed as RFC 3339 with a trailing `Z`. Zones belong to whoever
//! reads a stamp (they convert) and to whoever shows one (they convert back); nothing between knows of zones.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub i64);

impl Time {
    /// From whole Unix seconds.
    pub const fn from_seconds(seconds: i64) -> Time {
        Time(seconds.saturating_mul(1_000_000))
    }

    /// Whole Unix seconds, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Seconds from `earlier` to this, never wrapping.
    pub const fn since(self, earlier: Time) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// As a `jiff` timestamp; instants outside its range are clamped, for evidence may hold any number.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// To the minute, with how far its zone is from UTC: as people read it, in both languages.
    pub fn told(self, zone: &jiff::tz::TimeZone) -> String {
        self.in_zone(zone).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }

    /// The civil time of this instant in a zone.
    pub fn in_zone(self, zone: &jiff::tz::TimeZone) -> jiff::Zoned {
        self.timestamp().to_zoned(zone.clone())
    }
}

impl From<jiff::Timestamp> for Time {
    fn from(t: jiff::Timestamp) -> Time {
        Time(t.as_microsecond())
    }
}

impl std::str::FromStr for Time {
    type Err = jiff::Error;
    fn from_str(s: &str) -> std::result::Result<Time, jiff::Error> {
        s.parse::<jiff::Timestamp>().map(Time::from)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Time, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
