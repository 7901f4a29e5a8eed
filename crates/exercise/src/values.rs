//! Values of the scenario format that may be written in several ways: times, sizes, weights, curves.

use jiff::civil;
use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer};
use std::fmt;

/// A country code, as a type so that the weights' error names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CountryCode(pub(crate) crate::address::Country);

/// How many attempts a day.
#[derive(Clone, Debug, Default)]
pub enum Curve {
    /// The same every day.
    #[default]
    Flat,
    /// Rising from nothing in a straight line.
    Ramp,
    /// Straight lines between points.
    Points(Vec<(When, f64)>),
}

/// A day, or a day and an hour, in the scenario's zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    civil: civil::DateTime,
    /// No hour was given: the whole day is meant.
    day: bool,
}

impl When {
    /// The instant at which it begins, in seconds.
    pub(crate) fn start(self, zone: &jiff::tz::TimeZone) -> i64 {
        zone.to_ambiguous_zoned(self.civil).compatible().map_or(0, |z| z.timestamp().as_second())
    }

    /// The instant before which it ends, in seconds: the end of the day where a day was given.
    pub(crate) fn end(self, zone: &jiff::tz::TimeZone) -> i64 {
        let next = if self.day { self.civil.date().tomorrow() } else { Ok(self.civil.date()) };
        let civil = next.map_or(self.civil, |d| if self.day { d.at(0, 0, 0, 0) } else { self.civil });
        When { civil, day: false }.start(zone)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.day { self.civil.date().fmt(f) } else { self.civil.fmt(f) }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for When {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<When, String> {
        let day = text.parse::<civil::Date>().ok().filter(|_| text.len() <= 10);
        let when = match day {
            Some(date) => When { civil: date.at(0, 0, 0, 0), day: true },
            None => When { civil: text.parse().map_err(|_| wrong_time(text))?, day: false },
        };
        // Far enough from the ends of the calendar that no arithmetic on it can fail.
        if (1970..=2100).contains(&when.civil.year()) { Ok(when) } else { Err(wrong_time(text)) }
    }
}

fn wrong_time(text: &str) -> String {
    let text: String = text.chars().take(40).collect();
    format!(
        "`{text}` is not a time between 1970 and 2100: write `2017-02-14` or `2017-02-14T08:30`, in the scenario's zone"
    )
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<When, D::Error> {
        match toml::Value::deserialize(d)? {
            toml::Value::String(text) => text.parse().map_err(de::Error::custom),
            toml::Value::Datetime(stamp) => stamp.to_string().parse().map_err(de::Error::custom),
            other => Err(de::Error::custom(wrong_time(&other.to_string()))),
        }
    }
}

/// Bytes: a number, or text such as `1GB` (powers of ten) or `512MiB`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size(pub u64);

impl std::str::FromStr for Size {
    type Err = String;
    fn from_str(text: &str) -> std::result::Result<Size, String> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let unit = match text[digits..].trim() {
            "" | "B" => 1,
            "kB" | "KB" => 1_000,
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => 0,
        };
        let bytes = text[..digits].parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).filter(|&n| n > 0);
        bytes.map(Size).ok_or_else(|| "not a size: write `500MB`, `1GB` or a number of bytes".into())
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Size, D::Error> {
        match toml::Value::deserialize(d)? {
            toml::Value::String(text) => text.parse().map_err(de::Error::custom),
            toml::Value::Integer(n) if n > 0 => Ok(Size(n as u64)),
            _ => Err(de::Error::custom("not a size: write `\"500MB\"`, `\"1GB\"` or a number of bytes")),
        }
    }
}

/// Values by weight: written as one value, as a list (all alike), or as a table of weights.
#[derive(Clone, Debug)]
pub struct Weights<T>(pub Vec<(T, f64)>);

impl<'de, T: FromWord> Deserialize<'de> for Weights<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Weights<T>, D::Error> {
        let pairs: Vec<(String, f64)> = match toml::Value::deserialize(d)? {
            toml::Value::String(word) => vec![(word, 1.0)],
            toml::Value::Array(words) => words
                .into_iter()
                .map(|w| w.as_str().map(|w| (w.to_string(), 1.0)))
                .collect::<Option<_>>()
                .ok_or_else(|| de::Error::custom("a list of names was expected"))?,
            toml::Value::Table(table) => table
                .into_iter()
                .map(|(word, weight)| {
                    let weight = weight.as_float().or_else(|| weight.as_integer().map(|i| i as f64));
                    weight.map(|w| (word, w))
                })
                .collect::<Option<_>>()
                .ok_or_else(|| de::Error::custom("each name needs a number as its weight"))?,
            _ => return Err(de::Error::custom("a name, a list of names, or a table of weights was expected")),
        };
        if pairs.iter().any(|(_, w)| !(0.0..=1e9).contains(w)) || !pairs.iter().any(|(_, w)| *w > 0.0) {
            return Err(de::Error::custom("weights must lie between 0 and 1e9, and one must be over 0"));
        }
        let known = |(word, weight): (String, f64)| Ok((T::from_word(&word).map_err(de::Error::custom)?, weight));
        pairs.into_iter().filter(|(_, w)| *w > 0.0).map(known).collect::<std::result::Result<_, _>>().map(Weights)
    }
}

/// A value known by its word.
pub trait FromWord: Sized {
    /// The value, or what words there are.
    fn from_word(word: &str) -> std::result::Result<Self, String>;
}

impl<T: de::DeserializeOwned> FromWord for T {
    fn from_word(word: &str) -> std::result::Result<T, String> {
        let word: String = word.chars().take(60).collect();
        T::deserialize(de::value::StrDeserializer::<de::value::Error>::new(&word)).map_err(|e| e.to_string())
    }
}

/// The word of a value in files.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<CountryCode, D::Error> {
        let word = String::deserialize(d)?;
        crate::address::two_letters(&word).map(CountryCode).ok_or_else(|| {
            de::Error::custom(format!("`{word}` is not a country: write two capital letters such as `UA`"))
        })
    }
}

impl<'de> Deserialize<'de> for Curve {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Curve, D::Error> {
        let wrong = || de::Error::custom("a curve is `\"flat\"`, `\"ramp\"` or points `[[\"2016-11-01\", 1.0], …]`");
        match toml::Value::deserialize(d)? {
            toml::Value::String(s) if s == "flat" => Ok(Curve::Flat),
            toml::Value::String(s) if s == "ramp" => Ok(Curve::Ramp),
            points @ toml::Value::Array(_) => points.try_into().map(Curve::Points).map_err(de::Error::custom),
            _ => Err(wrong()),
        }
    }
}
