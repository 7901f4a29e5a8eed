//! Dates of mail (RFC 5322 3.3 with its obsolete forms, and what programs write in their place).
//!
//! You may rely on: a date that cannot be told is none, never a guess; zones without a number are those of RFC 5322
//! 4.3, any other is UTC.

use crate::month;
use model::Time;

/// `Thu, 22 Aug 2002 12:36:23 +0100 (BST)`, with or without the day, seconds, zone; also `Thu Aug 22 12:36:23 2002`.
pub fn parse(text: &str) -> Option<Time> {
    let text = text.get(..text.len().min(200)).unwrap_or(text);
    let (mut day, mut month, mut year, mut clock, mut zone) = (None, None, None, None, None);
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')');
    for token in text.split(separators).filter(|t| !t.is_empty()) {
        if clock.is_none() && token.contains(':') {
            clock = Some(clock_of(token)?);
        } else if month.is_none() && named_month(token).is_some() {
            month = named_month(token);
        } else if let Some((d, rest)) = token.split_once('-').filter(|(d, _)| !d.is_empty() && clock.is_none()) {
            // 22-Aug-2002
            let (m, y) = rest.split_once('-')?;
            (day, month, year) = (Some(d.parse().ok()?), named_month(m), y.parse().ok());
        } else if (clock.is_some() || token.starts_with('+')) && zone.is_none() && zone_of(token).is_some() {
            zone = zone_of(token);
        } else if let Ok(n) = token.parse::<i32>() {
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

fn named_month(token: &str) -> Option<i8> {
    month::named(token.get(..3)?.as_bytes()).map(|m| m as i8)
}

fn clock_of(token: &str) -> Option<(i8, i8, i8)> {
    let mut numbers = token.split([':', '.']).map(|n| n.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    Some((hour, minute, numbers.next().flatten().unwrap_or(0)))
}

/// Minutes east of Greenwich.
fn zone_of(token: &str) -> Option<i32> {
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
        check("yesterday", None);
        check("Thu, 22 Aug 99999 12:36:23 +0100", None);
        check("", None);
    }
}
