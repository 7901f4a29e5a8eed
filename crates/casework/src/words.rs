//! Words for people: numbers, dates and sentences as English and French typography want them. You may rely on: French has
//! its narrow no-break spaces, and what goes in here is our own text, never evidence. Left out: names of countries
//! (`country`), the words of each kind (its chapter).

use crate::show;
use jiff::{civil::Date, tz::TimeZone};
use model::{Lang, Text, Time, spaced};
use std::str::FromStr;

const NARROW: char = '\u{202f}';
const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

/// A word in English and French.
pub type Pair = (&'static str, &'static str);

/// How one language says things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words(pub Lang);

impl Words {
    /// The sentence of this language, its punctuation spaced as the language wants.
    pub fn say(self, en: &str, fr: &str) -> String {
        match self.0 {
            Lang::En => en.to_string(),
            Lang::Fr => spaced(fr).replace('\'', "\u{2019}"),
        }
    }

    /// [`Words::say`] of a pair.
    pub fn pair(self, pair: Pair) -> String {
        self.say(pair.0, pair.1)
    }

    /// `1,922` or `1 922`.
    pub fn number(self, n: u64) -> String {
        self.0.number(n)
    }

    /// A number with so many decimals; the sign is a true minus.
    pub fn decimal(self, value: f64, places: usize) -> String {
        let plain = format!("{:.places$}", value.abs());
        let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut out = String::new();
        if value < 0.0 && plain.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
            out.push('\u{2212}');
        }
        out += &whole.parse().map_or_else(|_| whole.to_string(), |n| self.number(n));
        if !rest.is_empty() {
            out.push(if self.0 == Lang::En { '.' } else { ',' });
            out += rest;
        }
        out
    }

    /// A share in percent; what is neither none nor all never rounds to none or all.
    pub fn percent(self, part: u64, whole: u64) -> String {
        let share = if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 };
        let digits = match share {
            s if s > 0.0 && s < 1.0 => self.say("< 1", "<\u{a0}1"),
            s if s > 99.0 && s < 100.0 => self.say("> 99", ">\u{a0}99"),
            s => self.decimal(s, 0),
        };
        if self.0 == Lang::En { format!("{digits}%") } else { format!("{digits}{NARROW}%") }
    }

    /// `1 attempt`, `2 attempts`; French counts none in the singular.
    pub fn count(self, n: u64, one: Pair, many: Pair) -> String {
        format!("{}\u{a0}{}", self.number(n), self.plural(n, one, many))
    }

    /// The word alone, in the number `n` asks for.
    pub fn plural(self, n: u64, one: Pair, many: Pair) -> &'static str {
        let single = n == 1 || (n == 0 && self.0 == Lang::Fr);
        let (en, fr) = if single { one } else { many };
        self.0.of(en, fr)
    }

    /// `3 January 2017`, `1er janvier 2017`.
    pub fn day(self, day: Date) -> String {
        let (en, fr) = MONTHS[(day.month() - 1) as usize];
        let n = if self.0 == Lang::Fr && day.day() == 1 { "1er".to_string() } else { day.day().to_string() };
        format!("{n}\u{a0}{}\u{a0}{}", self.0.of(en, fr), day.year())
    }

    /// `January 2017`.
    pub fn month(self, day: Date) -> String {
        let (en, fr) = MONTHS[(day.month() - 1) as usize];
        format!("{} {}", self.0.of(en, fr), day.year())
    }

    /// `14 Feb`, for the axis of a picture.
    pub fn short_day(self, day: Date) -> String {
        const SHORT: [Pair; 12] = [
            ("Jan", "janv."),
            ("Feb", "févr."),
            ("Mar", "mars"),
            ("Apr", "avr."),
            ("May", "mai"),
            ("Jun", "juin"),
            ("Jul", "juil."),
            ("Aug", "août"),
            ("Sep", "sept."),
            ("Oct", "oct."),
            ("Nov", "nov."),
            ("Dec", "déc."),
        ];
        let (en, fr) = SHORT[(day.month() - 1) as usize];
        format!("{}\u{a0}{}", day.day(), self.0.of(en, fr))
    }

    /// `2017-02-14 15:32`, the same in both languages.
    pub fn moment(self, time: Time, zone: &TimeZone) -> String {
        time.in_zone(zone).strftime("%Y-%m-%d\u{a0}%H:%M").to_string()
    }

    /// A size with its unit, in powers of ten.
    pub fn bytes(self, n: u64) -> String {
        const UNITS: [Pair; 5] = [("bytes", "octets"), ("kB", "ko"), ("MB", "Mo"), ("GB", "Go"), ("TB", "To")];
        let mut unit = 0;
        let mut value = n as f64;
        while value >= 1000.0 && unit < 4 {
            value /= 1000.0;
            unit += 1;
        }
        let number = if unit == 0 { self.number(n) } else { self.decimal(value, if value < 10.0 { 1 } else { 0 }) };
        format!("{number}\u{a0}{}", self.0.of(UNITS[unit].0, UNITS[unit].1))
    }

    /// A sentence about evidence, spaced as its language wants; what it quotes as a literal stays as it is.
    pub fn prose(self, text: &Text, limit: usize) -> maud::Markup {
        match self.0 {
            Lang::En => show::prose(&text.en, limit),
            Lang::Fr => {
                let parts = text.fr.split('`').enumerate();
                let parts: Vec<String> =
                    parts.map(|(n, t)| if n % 2 == 0 { spaced(t) } else { t.to_string() }).collect();
                show::prose(&parts.join("`"), limit)
            }
        }
    }

    /// The same as plain text.
    pub fn said(self, text: &Text) -> String {
        let said = text.get(self.0).replace('`', "");
        if self.0 == Lang::Fr { spaced(&said) } else { said }
    }

    /// A text in both languages.
    pub fn text(self, text: &Text) -> String {
        self.say(&text.en, &text.fr)
    }

    /// A vocabulary's word for people; an unknown one as it is written.
    pub fn word<V: FromStr + Into<Text>>(self, word: &str) -> String {
        match word.parse::<V>() {
            Ok(known) => self.text(&known.into()),
            Err(_) => word.replace('_', " "),
        }
    }
}

/// Serialises a day as ISO 8601 has it.
pub fn iso<S: serde::Serializer>(day: &Date, s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (en, fr) = (Words(Lang::En), Words(Lang::Fr));
        assert_eq!(en.number(1_922), "1,922");
        assert_eq!(fr.number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(fr.number(907), "907");
        assert_eq!(en.percent(907, 1922), "47%");
        assert_eq!(fr.percent(907, 1922), "47\u{202f}%");
        assert_eq!(en.percent(1, 1000), "< 1%");
        assert_eq!(en.percent(999, 1000), "> 99%");
        assert_eq!(fr.decimal(-0.25, 2), "\u{2212}0,25");
        assert_eq!(en.decimal(-0.001, 2), "0.00");
        assert_eq!(en.bytes(999), "999\u{a0}bytes");
        assert_eq!(fr.bytes(1_234_000), "1,2\u{a0}Mo");
    }

    #[test]
    fn plurals_follow_the_language() {
        let (one, many) = (("attempt", "tentative"), ("attempts", "tentatives"));
        assert_eq!(Words(Lang::En).count(0, one, many), "0\u{a0}attempts");
        assert_eq!(Words(Lang::Fr).count(0, one, many), "0\u{a0}tentative");
        assert_eq!(Words(Lang::Fr).count(2, one, many), "2\u{a0}tentatives");
    }

    #[test]
    fn days_follow_the_language() {
        let day = jiff::civil::date(2017, 1, 1);
        assert_eq!(Words(Lang::Fr).day(day), "1er\u{a0}janvier\u{a0}2017");
        assert_eq!(Words(Lang::En).day(day), "1\u{a0}January\u{a0}2017");
        assert_eq!(
            Words(Lang::Fr).say("", "« quoi » ? l'un : 3 %"),
            "«\u{a0}quoi\u{a0}»\u{202f}? l’un\u{a0}: 3\u{202f}%"
        );
    }
}
