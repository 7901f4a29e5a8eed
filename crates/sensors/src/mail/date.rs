//! Dates of mail (RFC 5322 3.3 with its obsolete forms, and what programs write in their place).
//!
//! You may rely on: a date that cannot be told is none, never a guess; zones without a number are those of RFC 5322
//! 4.3, any other is UTC.

use crate::month;
use model::Time;

/// `Thu, 22 Aug 2002 12:36:23 +0100 (BST)`, with or without the day, seconds, zone; also `Thu Aug 22 12:36:23 2002`,
/// `2002-08-22T12:36:23+01:00`, and what programs set above what they forward (`lundi 27 février 2023 à 21:15`).
pub fn parse(text: &str) -> Option<Time> {
    let text = text.get(..text.len().min(200)).unwrap_or(text);
    let (mut day, mut month, mut year, mut clock, mut zone) = (None, None, None, None, None);
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')');
    for token in text.split(separators).filter(|t| !t.is_empty()) {
        if let Some((date, rest)) = numbered(token).filter(|_| year.is_none() && day.is_none() && month.is_none()) {
            (year, month, day) = (Some(date.0), Some(date.1), Some(i32::from(date.2)));
            let (time, east) = rest.split_at(rest.find(['+', '-', 'Z']).unwrap_or(rest.len()));
            clock = if time.is_empty() { None } else { Some(clock_of(time.split('.').next()?)?) };
            zone = zone_of(east);
        } else if let Some((time, east)) = timed(token).filter(|_| clock.is_none()) {
            clock = Some(time);
            zone = zone.or(zone_of(east));
        } else if clock.is_none() && token.matches(':').count() == 2 {
            // An hour that no day has.
            return None;
        } else if month.is_none() && named_month(token).is_some() {
            month = named_month(token);
        } else if let Some((d, rest)) = token.split_once('-').filter(|(d, _)| !d.is_empty() && clock.is_none()) {
            // 22-Aug-2002
            let (m, y) = rest.split_once('-')?;
            (day, month, year) = (Some(d.parse().ok()?), named_month(m), y.parse().ok());
        } else if (clock.is_some() || token.starts_with('+')) && zone.is_none() && zone_of(token).is_some() {
            zone = zone_of(token);
        } else if let Some(h) = half(token).filter(|_| clock.is_some()) {
            clock = clock.map(|(hour, minute, second)| (hour % 12 + h, minute, second));
        } else if let Ok(n) = token.trim_end_matches('.').parse::<i32>() {
            match day {
                None => day = Some(n),
                Some(_) if year.is_none() => year = Some(n),
                Some(_) => {}
            }
        }
    }
    let year = match year? {
        y @ 0..=49 => y + 2000,
        y @ 50..=999 => y + 1900,
        y => y,
    };
    let (hour, minute, second) = clock.unwrap_or((0, 0, 0));
    let civil = jiff::civil::DateTime::new(
        i16::try_from(year).ok()?,
        month?,
        i8::try_from(day?).ok()?,
        hour,
        minute,
        second.min(59),
        0,
    );
    let offset = jiff::tz::Offset::from_seconds(zone.unwrap_or(0) * 60).ok()?;
    offset.to_timestamp(civil.ok()?).ok().map(Time::from)
}

/// Beginnings of the names of months in the other languages that Vigie reads, where they are none of English.
const MONTHS: &[(&str, i8)] = &[
    ("janv", 1),
    ("enero", 1),
    ("ene", 1),
    ("genn", 1),
    ("gen", 1),
    ("fév", 2),
    ("fev", 2),
    ("mars", 3),
    ("mär", 3),
    ("maart", 3),
    ("avr", 4),
    ("abr", 4),
    ("mai", 5),
    ("mag", 5),
    ("mei", 5),
    ("juin", 6),
    ("giu", 6),
    ("juil", 7),
    ("lug", 7),
    ("août", 8),
    ("aou", 8),
    ("ago", 8),
    ("sett", 9),
    ("set", 9),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("déc", 12),
    ("dez", 12),
    ("dic", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("січ", 1),
    ("лют", 2),
    ("бер", 3),
    ("кві", 4),
    ("тра", 5),
    ("чер", 6),
    ("лип", 7),
    ("сер", 8),
    ("вер", 9),
    ("жов", 10),
    ("лис", 11),
    ("гру", 12),
    ("sty", 1),
    ("lut", 2),
    ("kwi", 4),
    ("maj", 5),
    ("cze", 6),
    ("lip", 7),
    ("sie", 8),
    ("wrz", 9),
    ("paź", 10),
    ("paz", 10),
    ("lis", 11),
    ("gru", 12),
    ("oca", 1),
    ("şub", 2),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("ağu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
];

fn named_month(token: &str) -> Option<i8> {
    let lower = token.to_lowercase();
    // `mar.` is a Tuesday of French, Spanish and Italian as well.
    let day = matches!(lower.as_str(), "mar." | "mardi" | "martes" | "martedì");
    let english = || month::named(lower.as_bytes().get(..3)?).map(|m| m as i8);
    let other = || MONTHS.iter().find(|(m, _)| lower.starts_with(m)).map(|(_, n)| *n);
    if day { None } else { english().or_else(other) }
}

/// `2002-08-22`, `2002/08/22`, and what stands behind it after a `T`.
fn numbered(token: &str) -> Option<((i32, i8, i8), &str)> {
    let (date, rest) = token.split_once('T').unwrap_or((token, ""));
    let mut parts = date.split(['-', '/']);
    let year = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(((year, month, day), rest))
}

/// A time of day and what stands directly behind it: `09:11:00+0200`.
fn timed(token: &str) -> Option<((i8, i8, i8), &str)> {
    let (time, east) = token.split_at(token.find(['+', '-', 'Z']).unwrap_or(token.len()));
    Some((clock_of(time)?, east))
}

/// Hours and minutes, which some write with dots or with an `h`: `09.11.00`, `9h11`.
fn clock_of(token: &str) -> Option<(i8, i8, i8)> {
    let dotted = token.matches('.').count() == 2;
    if !token.contains([':', 'h']) && !dotted {
        return None;
    }
    let mut numbers = token.split([':', '.', 'h']).map(|n| n.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    if (hour, minute) == (24, 0) {
        // The end of the day, to the second.
        return Some((23, 59, 59));
    }
    (hour < 24 && minute < 60).then_some((hour, minute, numbers.next().flatten().unwrap_or(0)))
}

/// Hours to add to those of half a day.
fn half(token: &str) -> Option<i8> {
    match token.to_ascii_lowercase().as_str() {
        "am" | "a.m." => Some(0),
        "pm" | "p.m." => Some(12),
        _ => None,
    }
}

/// Minutes east of Greenwich.
fn zone_of(token: &str) -> Option<i32> {
    let token = token.strip_prefix("GMT").or(token.strip_prefix("UTC")).filter(|t| !t.is_empty()).unwrap_or(token);
    if let Some(digits) = token.strip_prefix(['+', '-']) {
        let digits: String = digits.chars().filter(|c| *c != ':').collect();
        if !(3..=4).contains(&digits.len()) {
            return None;
        }
        let n: i32 = digits.parse().ok()?;
        let minutes = n / 100 * 60 + n % 100;
        return Some(if token.starts_with('-') { -minutes } else { minutes });
    }
    let hours = match token.to_ascii_uppercase().as_str() {
        "UT" | "UTC" | "GMT" | "Z" => 0,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "BST" | "CET" | "MET" => 1,
        "CEST" | "MEST" => 2,
        _ => return None,
    };
    Some(hours * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_shapes() {
        let check = |given: &str, expected: Option<&str>| {
            assert_eq!(parse(given).map(|t| t.to_string()), expected.map(str::to_string), "{given}");
        };
        check("Thu, 22 Aug 2002 12:36:23 +0100", Some("2002-08-22T11:36:23Z"));
        check("Thu, 22 Aug 2002 12:36:23 +0100 (BST)", Some("2002-08-22T11:36:23Z"));
        check("22 Aug 02 12:36 GMT", Some("2002-08-22T12:36:00Z"));
        check("Thu Aug 22 12:36:23 2002", Some("2002-08-22T12:36:23Z"));
        check("Thu, 22 Aug 2002 12:36:23 -0700 (PDT)", Some("2002-08-22T19:36:23Z"));
        check("22-Aug-2002 12:36:23", Some("2002-08-22T12:36:23Z"));
        check("31 Feb 2002 12:36:23", None);
        check("Thu, 12 Nov 2026 09.11.00 +0100", Some("2026-11-12T08:11:00Z"));
        check("2026-11-12 09:11:00 +0100", Some("2026-11-12T08:11:00Z"));
        check("2026-11-12T09:11:00.5+01:00", Some("2026-11-12T08:11:00Z"));
        check("Thu, 12 Nov 2026 09:11:00 GMT+01:00", Some("2026-11-12T08:11:00Z"));
        check("lundi 27 février 2023 21:15", Some("2023-02-27T21:15:00Z"));
        check("mar. 28 févr. 2023 à 21:15", Some("2023-02-28T21:15:00Z"));
        check("Montag, 6. März 2023 10:00", Some("2023-03-06T10:00:00Z"));
        check("Monday, March 6, 2023 3:05 PM", Some("2023-03-06T15:05:00Z"));
        check("martes, 7 de marzo de 2023 10:00", Some("2023-03-07T10:00:00Z"));
        check("Mon,12 Oct 2026 09:00:00+0200", Some("2026-10-12T07:00:00Z"));
        check("Mon, 12 Oct 2026 24:00:00 +0200", Some("2026-10-12T21:59:59Z"));
        check("Mon, 12 Oct 2026 25:00:00 +0200", None);
        check("2026/10/12 09:00:00 +0200", Some("2026-10-12T07:00:00Z"));
        check("Пн, 12 окт 2026 09:00:00 +0300", Some("2026-10-12T06:00:00Z"));
        check("понеділок, 12 жовтня 2026 09:00", Some("2026-10-12T09:00:00Z"));
        check("poniedziałek, 12 października 2026 09:00", Some("2026-10-12T09:00:00Z"));
        check("9 marzec 2026 09:00", Some("2026-03-09T09:00:00Z"));
        check("12 Ekim 2026 Pazartesi 09:00", Some("2026-10-12T09:00:00Z"));
        check("10/12/2026 09:00", None);
        check("12.11.2026", None);
        check("yesterday", None);
        check("Thu, 22 Aug 99999 12:36:23 +0100", None);
        check("", None);
    }
}
