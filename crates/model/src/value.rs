//! Types of what a configuration says: domains, days, spans of time, paths. What a person wrote in another form is
//! normalised where its meaning is certain (an address pasted from a browser, a day as calendars write it) and remembered, so that
//! it can be said; else it is refused with the right form.

use crate::Address;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// A domain as somebody writes it who protects it: lower case, no scheme, path or final dot.
#[derive(Clone, Debug)]
pub struct Domain {
    name: String,
    given: Option<String>,
}

impl Domain {
    /// What was written, where that was more than the domain.
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }
}

impl FromStr for Domain {
    type Err = String;

    /// Takes the host of an address; `www.` stands before the same site.
    fn from_str(given: &str) -> Result<Domain, String> {
        let text = given.trim();
        let no = |why: &str| Err(format!("`{text}` is no domain: {why}"));
        let lower = text.to_lowercase().replace("[.]", ".");
        let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
        let host = rest.strip_prefix("//").unwrap_or(rest).split(['/', '?', '#']).next().unwrap_or_default();
        if let Some((_, domain)) = host.rsplit_once('@') {
            return no(&format!("it is an address for mail; write `{domain}` if all of that is yours"));
        }
        if Address::parse(host.as_bytes()).is_some() {
            return no("it is an address; networks of one's own stand under `[protect] networks`, as `192.0.2.0/24`");
        }
        let port = |p: &str| p.bytes().all(|b| b.is_ascii_digit());
        let host = host.rsplit_once(':').filter(|(_, p)| port(p)).map_or(host, |(host, _)| host);
        let host = host.strip_prefix("*.").unwrap_or(host);
        let host = host.strip_prefix('.').unwrap_or(host);
        let host = host.strip_suffix('.').unwrap_or(host);
        let name = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host);
        let letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(letter) {
            return no("write it as `en-marche.fr`; a campaign's words stand under `[protect] vocabulary`");
        }
        if !name.contains('.') {
            return no(&format!("its ending is missing, as in `{name}.fr`"));
        }
        let label = |l: &str| (1..=63).contains(&l.len()) && !l.starts_with('-') && !l.ends_with('-');
        if name.len() > 253 || !name.split('.').all(label) {
            return no("labels have 1 to 63 characters, and no hyphen at either end");
        }
        if name.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())) {
            return no("no name ends in a number");
        }
        let same = lower.strip_suffix('.').unwrap_or(&lower) == name;
        Ok(Domain { given: (!same).then(|| text.into()), name: name.into() })
    }
}

impl Deref for Domain {
    type Target = str;
    fn deref(&self) -> &str {
        &self.name
    }
}

impl PartialEq for Domain {
    fn eq(&self, other: &Domain) -> bool {
        self.name == other.name
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A day of the calendar.
#[derive(Clone, Debug)]
pub struct Day {
    date: jiff::civil::Date,
    given: Option<String>,
}

impl Day {
    /// The date.
    pub fn date(&self) -> jiff::civil::Date {
        self.date
    }

    /// What was written, where that was another form.
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// Its first moment, in UTC.
    pub fn start(&self) -> crate::Time {
        let zoned = self.date.to_zoned(jiff::tz::TimeZone::UTC);
        zoned.map_or_else(|_| crate::Time::default(), |z| z.timestamp().into())
    }
}

impl FromStr for Day {
    type Err = String;

    /// ISO 8601; day, month and year in either order where only one of them is a date.
    fn from_str(given: &str) -> Result<Day, String> {
        let text = given.trim();
        if let Ok(date) = text.parse() {
            return Ok(Day { date, given: None });
        }
        let form = "write it as `2017-04-23`";
        let no = || format!("`{text}` is no day: {form}");
        let numbers: Vec<i16> = text.split(['/', '.', '-', ' ']).map_while(|n| n.parse().ok()).collect();
        let whole = text.split(['/', '.', '-', ' ']).count() == 3;
        let date = |year: i16, month: i16, day: i16| {
            jiff::civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
        };
        let date = match numbers[..] {
            [y, m, d] if whole && y >= 1000 => date(y, m, d),
            [a, b, y] if whole && y >= 1000 => match (date(y, b, a), date(y, a, b)) {
                (Some(one), Some(other)) if one != other => {
                    return Err(format!("`{text}` may be `{one}` or `{other}`: write which"));
                }
                (one, other) => one.or(other),
            },
            _ => None,
        };
        Ok(Day { date: date.ok_or_else(no)?, given: Some(text.into()) })
    }
}

impl PartialEq for Day {
    fn eq(&self, other: &Day) -> bool {
        self.date == other.date
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date.fmt(f)
    }
}

/// A span of time, in whole seconds: `30m`, `48h`, `7d`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seconds(pub i64);

/// Longest span: ten years.
const LONGEST: i64 = 3660 * 86_400;

impl FromStr for Seconds {
    type Err = String;

    fn from_str(given: &str) -> Result<Seconds, String> {
        let text = given.trim();
        let no = || format!("`{text}` is no span of time: write it as `30m`, `2h` or `90s`");
        let days = |unit: char, n: i64| text.strip_suffix(unit)?.trim().parse::<i64>().ok()?.checked_mul(n * 86_400);
        let seconds = match days('d', 1).or_else(|| days('w', 7)) {
            Some(seconds) => seconds,
            None => text.parse::<jiff::SignedDuration>().map_err(|_| no())?.as_secs(),
        };
        if !(1..=LONGEST).contains(&seconds) {
            return Err(format!("`{text}` is no usable span of time: from a second to ten years are"));
        }
        Ok(Seconds(seconds))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

/// A value that may be left empty.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Unless<T>(pub Option<T>);

impl<T: FromStr<Err = String>> FromStr for Unless<T> {
    type Err = String;

    fn from_str(given: &str) -> Result<Unless<T>, String> {
        Ok(Unless(if given.trim().is_empty() { None } else { Some(given.parse()?) }))
    }
}

/// Paths: one, or a list of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Paths(pub Vec<String>);

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Paths, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a path or a list of paths")]
        enum Given {
            One(String),
            Many(Vec<String>),
        }
        Ok(Paths(match Given::deserialize(from)? {
            Given::One(one) => vec![one],
            Given::Many(many) => many,
        }))
    }
}

/// Text in a configuration, parsed by [`FromStr`]; a day may be TOML's own as well.
fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(from: D) -> Result<T, D::Error> {
    match toml::Value::deserialize(from)? {
        toml::Value::String(text) => text.parse().map_err(de::Error::custom),
        toml::Value::Datetime(date) => date.to_string().parse().map_err(de::Error::custom),
        other => Err(de::Error::custom(format!("`{other}` is no text"))),
    }
}

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                parsed(from)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )*};
}
as_text!(Domain, Day, Seconds, crate::Network);

impl<'de, T: FromStr<Err = String>> Deserialize<'de> for Unless<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Unless<T>, D::Error> {
        parsed(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_taken_from_what_people_paste_or_refused() {
        let check = |given: &str, expected: &str| {
            let domain = given.parse::<Domain>().unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(&*domain, expected, "{given}");
            assert_eq!(domain.given().is_some(), !given.eq_ignore_ascii_case(expected), "{given}");
        };
        for name in ["en-marche.fr", "EN-MARCHE.FR", "gouv.fr", "bücher.example", "_dmarc.example.org"] {
            check(name, &name.to_lowercase());
        }
        for pasted in [
            "https://www.en-marche.fr/",
            "www.en-marche.fr",
            "http://en-marche.fr:8080/accueil?x=1#y",
            "hxxps://en-marche[.]fr",
            "*.en-marche.fr",
        ] {
            check(pasted, "en-marche.fr");
        }
        assert!("en-marche.fr.".parse::<Domain>().is_ok_and(|d| d.given().is_none() && *d == *"en-marche.fr"));
        for (wrong, why) in [
            ("En Marche !", "write it as `en-marche.fr`"),
            ("marie@en-marche.fr", "address for mail; write `en-marche.fr`"),
            ("parti", "`parti.fr`"),
            ("192.0.2.1", "`[protect] networks`"),
            ("https://", "write it as"),
            ("a..fr", "labels have"),
            ("a.fr,b.fr", "write it as"),
            ("-a.fr", "hyphen"),
            ("1.2", "number"),
            (&"a.".repeat(200), "labels have"),
        ] {
            let said = wrong.parse::<Domain>().expect_err(wrong);
            assert!(said.contains(why), "{wrong}: {said}");
        }
    }

    #[test]
    fn a_day_is_taken_where_it_can_be_one_only() {
        let check = |given: &str, expected: &str| {
            assert_eq!(given.parse::<Day>().unwrap_or_else(|e| panic!("{e}")).to_string(), expected, "{given}");
        };
        for given in ["2017-04-23", "23/04/2017", "23.04.2017", "04/23/2017", "2017/04/23", " 23-4-2017 "] {
            check(given, "2017-04-23");
        }
        check("05/05/2017", "2017-05-05");
        for (wrong, why) in [
            ("04/05/2017", "`2017-05-04` or `2017-04-05`"),
            ("31/02/2017", "write it as `2017-04-23`"),
            ("23/04/17", "write it as"),
            ("demain", "write it as"),
            ("", "write it as"),
        ] {
            let said = wrong.parse::<Day>().expect_err(wrong);
            assert!(said.contains(why), "{wrong}: {said}");
        }
    }

    #[test]
    fn spans_have_a_unit_and_an_end() {
        assert_eq!("30m".parse(), Ok(Seconds(1800)));
        assert_eq!("2d".parse(), Ok(Seconds(172_800)));
        for wrong in ["", "30", "-1h", "0s", "9999999999999d", "1000000h", "d"] {
            assert!(wrong.parse::<Seconds>().is_err(), "{wrong}");
        }
    }
}
