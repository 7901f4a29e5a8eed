//! Dates as people and spreadsheets write them, where no standard says how: `13/11/2026 08:00`, `12-Nov-2026`,
//! `1er février 2017 à 20 h 05`, `10/1/2017 7:58 PM`, the day numbers of a spreadsheet.
//!
//! You may rely on: which of day and month stands first is decided once for a column, by a number above twelve, else by
//! which of the two changes more from row to row, else by what is usual where the separator or the head's language is;
//! what the order does not fit is not read. Left out: calendars other than the Gregorian, words such as *yesterday*.

use super::stamp::{LETTERS, Stamp, stamp};
use jiff::civil::{Date, DateTime, Time as Clock};
use jiff::tz::TimeZone;
use model::Time;
use std::collections::BTreeSet;

/// Which of two numbers under thirteen is the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// `13/11/2026`.
    Day,
    /// `11/13/2026`.
    Month,
}

/// How a column writes its times.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Dates {
    /// The order of day and month, where any date needs it.
    pub order: Option<Order>,
    /// No number above twelve told the order: it is inferred.
    pub guessed: bool,
    /// Numbers are days of a spreadsheet, counted from 30 December 1899.
    pub serial: bool,
    /// What is in the column can be no time of a post.
    pub wrong: bool,
    /// Some are written as no machine writes them, so that [`stamp`] alone does not read them.
    pub worded: bool,
}

/// Day numbers of a spreadsheet that are looked for: 1995 to 2064.
const SERIAL: std::ops::Range<f64> = 34_700.0..60_300.0;
/// Seconds of the epoch that no post has: from its second day to 1990. Below, somebody counts from zero.
const NEVER: std::ops::Range<i64> = 100_000..631_152_000;
/// Bytes of the longest date.
const LENGTH: usize = 64;

impl Dates {
    /// How these cells write times. `day_first` says what is usual where nothing else tells.
    pub fn of<'c>(cells: impl Iterator<Item = &'c [u8]>, day_first: bool) -> Dates {
        let cells: Vec<&[u8]> = cells.map(<[u8]>::trim_ascii).filter(|c| !c.is_empty()).collect();
        if cells.is_empty() {
            return Dates::default();
        }
        let number = |cell: &&[u8]| std::str::from_utf8(cell).ok()?.replace(',', ".").parse::<f64>().ok();
        let numbers: Vec<f64> = cells.iter().filter_map(number).collect();
        if numbers.len() == cells.len() {
            let serial = numbers.iter().all(|n| SERIAL.contains(n));
            let year = cells.iter().all(|c| c.len() == 4) && numbers.iter().all(|n| (1900.0..2100.0).contains(n));
            let mut seconds: Vec<i64> = cells.iter().filter_map(|c| Some(stamp(c)?.time.seconds())).collect();
            seconds.sort_unstable();
            let never = seconds.get(seconds.len() / 2).is_none_or(|middle| NEVER.contains(middle));
            return Dates { serial, wrong: !serial && (year || never), ..Dates::default() };
        }
        let pairs: Vec<(u32, u32)> = cells.iter().filter_map(|c| ambiguous(c)).collect();
        let worded = cells.iter().any(|c| stamp(c).is_none() && written(c, Some(Order::Day)).is_some());
        if pairs.is_empty() {
            return Dates { worded, ..Dates::default() };
        }
        let (day, month) = (pairs.iter().any(|p| p.0 > 12), pairs.iter().any(|p| p.1 > 12));
        let different = |of: fn(&(u32, u32)) -> u32| pairs.iter().map(of).collect::<BTreeSet<u32>>().len();
        let (first, second) = (different(|p| p.0), different(|p| p.1));
        let order = match (day, month) {
            (true, false) => Order::Day,
            (false, true) => Order::Month,
            // Days change faster than months.
            _ if first > second => Order::Day,
            _ if second > first => Order::Month,
            _ if day_first => Order::Day,
            _ => Order::Month,
        };
        Dates { order: Some(order), guessed: day == month, worded, ..Dates::default() }
    }

    /// Reads a cell.
    pub fn read(&self, cell: &[u8]) -> Option<Stamp> {
        if self.wrong {
            return None;
        }
        if self.serial {
            return serial(cell);
        }
        stamp(cell).or_else(|| written(cell, self.order))
    }

    /// Whether [`stamp`] alone reads the column.
    pub fn is_plain(&self) -> bool {
        *self == Dates::default()
    }
}

/// The moment of a spreadsheet's day number, to the second: its fraction is no finer.
fn serial(cell: &[u8]) -> Option<Stamp> {
    let days: f64 = std::str::from_utf8(cell.trim_ascii()).ok()?.replace(',', ".").parse().ok()?;
    let seconds = ((days - 25_569.0) * 86_400.0).round();
    SERIAL.contains(&days).then_some(Stamp { time: Time::from_seconds(seconds as i64), offset: None, zoneless: true })
}

/// The two numbers of a date whose order does not tell which is the day.
fn ambiguous(cell: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(cell).ok().filter(|t| t.len() <= LENGTH)?;
    if stamp(cell).is_some() {
        return None;
    }
    let parts = parts(text);
    match (parts.month, &parts.date[..]) {
        (None, [a, b, _]) if a.1 <= 2 && b.1 <= 2 => Some((a.0, b.0)),
        _ => None,
    }
}

/// Months in the languages of the media, as long as they must be to be told apart, lower case, without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen", "янв"],
    &["feb", "fev", "fév", "фев"],
    &["mar", "mär", "мар"],
    &["apr", "avr", "abr", "апр"],
    &["may", "mai", "mag", "мая", "май"],
    &["jun", "juin", "giu", "июн"],
    &["jul", "juil", "lug", "июл"],
    &["aug", "aou", "aoû", "ago", "авг"],
    &["sep", "set", "сен"],
    &["oct", "okt", "ott", "out", "окт"],
    &["nov", "ноя"],
    &["dec", "déc", "dez", "dic", "дек"],
];

fn month(word: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|names| names.iter().any(|n| word.starts_with(n)));
    at.map(|at| at as u32 + 1)
}

/// What a date holds, in the order written.
#[derive(Default)]
struct Parts {
    /// Numbers of the date with how many digits they have.
    date: Vec<(u32, usize)>,
    month: Option<u32>,
    /// Hour, minute, second, microseconds.
    clock: Option<(u32, u32, u32, u32)>,
    afternoon: Option<bool>,
    /// Minutes east of UTC.
    offset: Option<i16>,
    /// Something that belongs to no date.
    odd: bool,
}

fn parts(text: &str) -> Parts {
    let mut found = Parts::default();
    let lower = text.to_lowercase();
    let mut rest = lower.trim();
    while let Some(c) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let number = rest[..digits.min(9)].parse().unwrap_or(u32::MAX);
            let after = &rest[digits..];
            if found.clock.is_none() && digits <= 2 && clock(rest).is_some() {
                let (time, used) = clock(rest).unwrap_or_default();
                found.clock = Some(time);
                rest = &rest[used..];
                continue;
            }
            found.date.push((number, digits));
            rest =
                after.strip_prefix("er ").or(after.strip_prefix("st ")).or(after.strip_prefix("nd ")).unwrap_or(after);
            rest = rest.strip_prefix("rd ").or(rest.strip_prefix("th ")).unwrap_or(rest);
            // `T` between date and clock.
            rest = rest.strip_prefix('t').filter(|r| r.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(rest);
            continue;
        }
        let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        if word > 0 {
            found.word(&rest[..word]);
            rest = rest[word..].trim_start_matches('.');
            continue;
        }
        if matches!(c, '+' | '-' | '−')
            && found.clock.is_some()
            && found.offset.is_none()
            && let Some((minutes, used)) = zone(rest)
        {
            found.offset = Some(minutes);
            rest = &rest[used..];
            continue;
        }
        found.odd |=
            !(c.is_whitespace() || matches!(c, '/' | '-' | '.' | ',' | '@' | '(' | ')' | '|' | '·' | '\u{200e}'));
        rest = &rest[c.len_utf8()..];
    }
    found
}

impl Parts {
    fn word(&mut self, word: &str) {
        // Days of the week, and words between date and clock, say nothing more.
        const NOTHING: [&str; 12] = ["à", "at", "um", "uhr", "de", "of", "le", "the", "kl", "alle", "às", "в"];
        const DAYS: [&str; 34] = [
            "mon", "tue", "wed", "thu", "fri", "sat", "sun", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mo",
            "di", "mi", "do", "fr", "sa", "so", "mié", "jue", "vie", "sáb", "dom", "gio", "пн", "вт", "ср", "чт", "пт",
            "сб", "вс",
        ];
        match word {
            "am" => self.afternoon = Some(false),
            "pm" => self.afternoon = Some(true),
            _ if LETTERS.iter().any(|(known, _)| known.eq_ignore_ascii_case(word)) && self.clock.is_some() => {
                self.offset = LETTERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, m)| *m);
            }
            _ if NOTHING.contains(&word) => {}
            _ if self.month.is_none() && month(word).is_some() && !word.starts_with("mardi") && word != "mar" => {
                self.month = month(word);
            }
            // *mar* is Tuesday before a day and March after one.
            "mar" if !self.date.is_empty() => self.month = self.month.or(Some(3)),
            _ if DAYS.iter().any(|d| word.starts_with(d)) => {}
            _ => self.odd = true,
        }
    }
}

/// `08:00`, `8:00:05.25`, `20h05`, `20 h 05`, and how many bytes it takes.
fn clock(text: &str) -> Option<((u32, u32, u32, u32), usize)> {
    let mut at = 0;
    let number = |most: usize, at: &mut usize| {
        let len = text[*at..].bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
        let value = text.get(*at..*at + len).filter(|t| !t.is_empty() && len <= most)?.parse::<u32>().ok();
        *at += len;
        value
    };
    let hour = number(2, &mut at)?;
    let between = [":", "h", " h ", " h", "\u{a0}h\u{a0}"].iter().find(|b| text[at..].starts_with(**b))?;
    at += between.len();
    let minute = number(2, &mut at)?;
    let (mut second, mut micros) = (0, 0);
    if text[at..].starts_with(':') {
        at += 1;
        second = number(2, &mut at)?;
        if text[at..].starts_with(['.', ',']) {
            let digits: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
            at += 1 + digits.len();
            micros = format!("{digits:0<6}").get(..6)?.parse().ok()?;
        }
    }
    // Seconds below a minute, as jiff has no sixtieth.
    (hour < 24 && minute < 60).then_some(((hour, minute, second.min(59), micros), at))
}

/// `+01:00`, `+0100`, `-5`, and how many bytes it takes.
fn zone(text: &str) -> Option<(i16, usize)> {
    let sign = text.chars().next()?;
    let rest = &text[sign.len_utf8()..];
    let digits: String = rest.chars().filter(|c| *c != ':').take_while(char::is_ascii_digit).take(4).collect();
    let used = sign.len_utf8() + digits.len() + usize::from(rest.get(2..3) == Some(":"));
    let (hours, minutes) = digits.split_at(digits.len().min(2));
    let hours: i16 = hours.parse().ok()?;
    let minutes: i16 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let all = hours * 60 + minutes;
    (all <= 18 * 60 && used <= text.len()).then_some((if sign == '+' { all } else { -all }, used))
}

/// A date in words or numbers, with a clock perhaps.
pub fn written(cell: &[u8], order: Option<Order>) -> Option<Stamp> {
    let text = std::str::from_utf8(cell.trim_ascii()).ok().filter(|t| !t.is_empty() && t.len() <= LENGTH)?;
    let parts = parts(text);
    if parts.odd {
        return None;
    }
    let full = |(n, digits): (u32, usize)| match digits {
        4 => i16::try_from(n).ok(),
        2 => i16::try_from(if n < 70 { 2000 + n } else { 1900 + n }).ok(),
        _ => None,
    };
    let (year, month, day) = match (parts.month, &parts.date[..]) {
        (Some(month), [a, b]) if a.1 == 4 => (full(*a)?, month, b.0),
        (Some(month), [day, year]) => (full(*year)?, month, day.0),
        (None, [year, month, day]) if year.1 == 4 => (full(*year)?, month.0, day.0),
        (None, [a, b, year]) => match order? {
            Order::Day => (full(*year)?, b.0, a.0),
            Order::Month => (full(*year)?, a.0, b.0),
        },
        _ => return None,
    };
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let (mut hour, minute, second, micros) = parts.clock.unwrap_or_default();
    match parts.afternoon {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    let [hour, minute, second] = [hour, minute, second].map(|n| n as i8);
    let clock = Clock::new(hour, minute, second, micros as i32 * 1000).ok()?;
    let utc: Time = DateTime::from_parts(date, clock).to_zoned(TimeZone::UTC).ok()?.timestamp().into();
    let time = Time(utc.0.saturating_sub(i64::from(parts.offset.unwrap_or(0)) * 60_000_000));
    Some(Stamp { time, offset: parts.offset, zoneless: parts.offset.is_none() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words_and_numbers() {
        let at = |text: &str, order| written(text.as_bytes(), order).map(|s| s.time.to_string());
        let same = "2026-11-12T08:05:00Z";
        for (text, order) in [
            ("12/11/2026 08:05", Some(Order::Day)),
            ("11/12/2026 8:05 AM", Some(Order::Month)),
            ("12.11.2026, 08:05", Some(Order::Day)),
            ("12-Nov-2026 08:05:00", None),
            ("12 novembre 2026 à 08 h 05", None),
            ("Thu, Nov 12 2026 08:05:00 +0000", None),
            ("Thu Nov 12 08:05:00 UTC 2026", None),
            ("2026/11/12 08:05:00", None),
            ("2026-11-12 09:05:00 +01:00", None),
            ("12.11.26 08:05", Some(Order::Day)),
            ("Nov 12, 2026 @ 08:05:00.000", None),
            ("jeu. 12 nov. 2026 09:05 CET", None),
        ] {
            assert_eq!(at(text, order).as_deref(), Some(same), "{text}");
        }
        assert_eq!(at("1er août 2017", None).as_deref(), Some("2017-08-01T00:00:00Z"));
        assert_eq!(at("mardi 14 mars 2017 20:00", None).as_deref(), Some("2017-03-14T20:00:00Z"));
        for bad in
            ["12/11/2026", "99/99/2026 08:00", "soon", "12 of them 2017", "11/2026", "2026", "v1.2.2026 x", "+", "1é:"]
        {
            assert_eq!(at(bad, None), None, "{bad}");
        }
        assert_eq!(at("13/13/2026", Some(Order::Day)), None);
    }

    #[test]
    fn a_column_settles_its_order() {
        let of = |cells: &[&str], french| Dates::of(cells.iter().map(|c| c.as_bytes()), french);
        let order = |cells: &[&str], french| (of(cells, french).order, of(cells, french).guessed);
        assert_eq!(order(&["12/11/2026", "13/11/2026"], false), (Some(Order::Day), false));
        assert_eq!(order(&["11/12/2026 8:00", "11/14/2026 0:00"], true), (Some(Order::Month), false));
        assert_eq!(order(&["1/11/2026", "2/11/2026"], false), (Some(Order::Day), true));
        assert_eq!(order(&["1/2/2026"], true), (Some(Order::Day), true));
        assert_eq!(order(&["2026-11-12T08:00:00Z"], false), (None, false));
        assert!(
            of(&["2026-11-12T08:00:00Z"], false).is_plain() && !of(&["12 novembre 2026 à 08:00"], false).is_plain()
        );
        let serial = of(&["46338.333333", "46340"], false);
        assert_eq!(serial.read(b"46338.333333").map(|s| s.time.to_string()).as_deref(), Some("2026-11-12T08:00:00Z"));
        assert!(of(&["1623881", "1623882"], false).wrong && of(&["2017", "2018"], false).wrong);
        assert!(of(&["0", "59", "130"], false).is_plain());
    }
}
