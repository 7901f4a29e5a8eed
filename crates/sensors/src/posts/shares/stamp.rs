//! Times as exports and media write them: seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart
//! by magnitude, with fractions; GDELT's runs of digits; ISO 8601 / RFC 3339; RFC 2822; the long form of Twitter's first
//! interface; a civil time with zone letters behind (CrowdTangle, feeds).
//!
//! You may rely on: a number under 10¹¹ is seconds (until the year 5138), under 10¹⁴ milliseconds, under 10¹⁷
//! microseconds, beyond that nanoseconds; fourteen digits that are a date and a clock are that. A stamp without zone is
//! taken for UTC, and says so. Left out: other calendars, orders of day and month that cannot be told apart.

use jiff::tz::TimeZone;
use model::Time;

/// A stamp that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// The instant.
    pub time: Time,
    /// Minutes east of UTC the source gave it in; none for numbers and civil times.
    pub offset: Option<i16>,
    /// It names a civil time without a zone.
    pub zoneless: bool,
}

/// Bytes of the longest stamp.
const LENGTH: usize = 64;

/// Zone letters (RFC 2822 4.3; CrowdTangle writes its user's zone this way) and their minutes east of UTC.
pub(super) const LETTERS: &[(&str, i16)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("NZST", 720),
    ("NZDT", 780),
    ("AEST", 600),
    ("AEDT", 660),
];

/// Minutes east of UTC of a zone by its letters, or by `GMT+1` as browsers write it.
pub fn zone(word: &str) -> Option<i16> {
    let known = LETTERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, minutes)| *minutes);
    known.or_else(|| {
        let rest = word.strip_prefix("GMT").or_else(|| word.strip_prefix("UTC"))?;
        let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
        let (hours, minutes) = (hours.parse::<i16>().ok().filter(|h| h.abs() <= 14)?, minutes.parse::<i16>().ok()?);
        let minutes = if hours < 0 || rest.starts_with('-') { -minutes } else { minutes };
        (minutes.abs() < 60).then_some(hours * 60 + minutes)
    })
}

/// Reads a stamp.
pub fn stamp(cell: &[u8]) -> Option<Stamp> {
    let cell = cell.trim_ascii();
    if let Some(digits) = run(cell) {
        let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", std::str::from_utf8(&digits).ok()?).ok()?;
        return Some(Stamp { time: utc(civil)?, offset: Some(0), zoneless: false });
    }
    if let Some(time) = number(cell) {
        return Some(Stamp { time, offset: None, zoneless: false });
    }
    let text = std::str::from_utf8(cell).ok().filter(|t| t.is_ascii() && t.len() <= LENGTH)?;
    lettered(text).or_else(|| civil(text)).or_else(|| rfc2822(text))
}

/// Digits, with a sign and a fraction perhaps.
fn number(cell: &[u8]) -> Option<Time> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let whole = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    if whole == 0 || whole > 19 {
        return None;
    }
    let value = digits[..whole].iter().try_fold(0i64, |n, &b| n.checked_mul(10)?.checked_add(i64::from(b - b'0')))?;
    let rest = &digits[whole..];
    let micros = match (rest, value) {
        ([b'.', fraction @ ..], ..100_000_000_000) if fraction.iter().all(u8::is_ascii_digit) => {
            let part = (0..6).fold(0, |n, i| n * 10 + i64::from(fraction.get(i).map_or(0, |b| b - b'0')));
            value * 1_000_000 + part
        }
        ([], ..100_000_000_000) => value * 1_000_000,
        ([], ..100_000_000_000_000) => value * 1000,
        ([], ..100_000_000_000_000_000) => value,
        ([], _) => value / 1000,
        // An exponent, or a fraction of something finer than seconds.
        _ => {
            let value: f64 = std::str::from_utf8(digits).ok()?.parse().ok().filter(|v: &f64| *v < 1e19)?;
            let scale = match value {
                ..1e11 => 1e6,
                ..1e14 => 1e3,
                ..1e17 => 1.0,
                _ => 1e-3,
            };
            (value * scale) as i64
        }
    };
    Some(Time(if negative { -micros } else { micros }))
}

/// `20170505221000`, `20170505T221000Z`, as GDELT's codebooks write UTC: their digits.
fn run(cell: &[u8]) -> Option<[u8; 14]> {
    if !matches!(cell.len(), 14..=16) || !matches!(cell, [b'1', b'9', ..] | [b'2', b'0', ..]) {
        return None;
    }
    let cell = cell.strip_suffix(b"Z").unwrap_or(cell);
    let mut digits = [0; 14];
    match cell.len() {
        14 => digits.copy_from_slice(cell),
        15 if cell[8] == b'T' => {
            digits[..8].copy_from_slice(&cell[..8]);
            digits[8..].copy_from_slice(&cell[9..]);
        }
        _ => return None,
    }
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

fn utc(when: jiff::civil::DateTime) -> Option<Time> {
    Some(when.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

/// A time with zone letters behind.
fn lettered(text: &str) -> Option<Stamp> {
    let (before, letters) = text.rsplit_once(' ')?;
    let (_, minutes) = LETTERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(letters))?;
    let local = match civil(before) {
        Some(stamp) if stamp.zoneless => stamp.time,
        _ => rfc2822(&format!("{before} +0000"))?.time,
    };
    let time = Time(local.0.saturating_sub(i64::from(*minutes) * 60_000_000));
    Some(Stamp { time, offset: Some(*minutes), zoneless: false })
}

/// The usual layouts, `2017-05-05T22:10:00.5+02:00` and with a blank for the `T`, the colon or the zone left out: read at
/// once, for a reader of many rows spends most of its time here. What is not quite like it is left to the slower ones.
fn usual(text: &[u8]) -> Option<Stamp> {
    let number = |range: std::ops::Range<usize>| {
        text.get(range)?.iter().try_fold(0i32, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
    };
    let marks = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if text.len() < 19 || !marks.iter().all(|(at, mark)| text[*at] == *mark) || !matches!(text[10], b'T' | b' ') {
        return None;
    }
    let date = jiff::civil::Date::new(number(0..4)? as i16, number(5..7)? as i8, number(8..10)? as i8).ok()?;
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (mut at, mut micros) = (19, 0);
    if text.get(at) == Some(&b'.') {
        let digits = text[20..].iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=6).contains(&digits) {
            return None;
        }
        micros = number(20..20 + digits)? * 10i32.pow(6 - digits as u32);
        at = 20 + digits;
    }
    let offset = match &text[at..] {
        [] => None,
        [b'Z'] => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] if matches!(rest.len(), 4 | 5) => {
            let colon = usize::from(rest.len() == 5);
            if colon == 1 && rest[2] != b':' {
                return None;
            }
            let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 3 + colon..at + 5 + colon)?);
            if hours > 18 || minutes > 59 {
                return None;
            }
            Some((hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 })
        }
        _ => return None,
    };
    let days = i64::from(date.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days());
    let seconds = days * 86_400 + i64::from(hour * 3600 + minute * 60 + second - offset.unwrap_or(0) * 60);
    let time = Time(seconds * 1_000_000 + i64::from(micros));
    Some(Stamp { time, offset: offset.map(|minutes| minutes as i16), zoneless: offset.is_none() })
}

fn civil(text: &str) -> Option<Stamp> {
    if let Some(stamp) = usual(text.as_bytes()) {
        return Some(stamp);
    }
    let zoned = |t: jiff::Timestamp| Stamp { time: t.into(), offset: offset(text), zoneless: false };
    if let Ok(t) = text.parse::<jiff::Timestamp>() {
        return Some(zoned(t));
    }
    // `+0000`, `+00`: offsets without a colon, as several exports write them; a space for the `T` is known to jiff.
    let formats: &[&str] = match text.starts_with(|c: char| c.is_ascii_digit()) {
        true => &["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%d %H:%M:%S%.f%z"],
        false => &["%a %b %d %H:%M:%S %z %Y"],
    };
    if let Some(t) = formats.iter().find_map(|f| jiff::Timestamp::strptime(f, text).ok()) {
        return Some(zoned(t));
    }
    Some(Stamp { time: utc(text.parse().ok()?)?, offset: None, zoneless: true })
}

fn rfc2822(text: &str) -> Option<Stamp> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    let offset = i16::try_from(zoned.offset().seconds() / 60).ok();
    Some(Stamp { time: zoned.timestamp().into(), offset, zoneless: false })
}

/// The offset that a stamp names, in minutes.
fn offset(text: &str) -> Option<i16> {
    if text.ends_with(['Z', 'z']) {
        return Some(0);
    }
    let clock = text.find(':')?;
    let at = clock + text[clock..].rfind(['+', '-'])?;
    let digits: String =
        text[at + 1..].chars().take(6).take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
    let number = |range| digits.get(range).map_or(Some(0), |d: &str| d.parse::<i16>().ok());
    let minutes = number(0..2)? * 60 + number(2..4)?;
    (digits.len() >= 2 && minutes <= 18 * 60).then_some(if text[at..].starts_with('-') { -minutes } else { minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_every_kind() {
        let check = |given: &str, micros: Option<i64>| {
            assert_eq!(stamp(given.as_bytes()).map(|s| s.time.0), micros, "{given}");
        };
        check("1623881091", Some(1_623_881_091_000_000));
        check("1623881091.0", Some(1_623_881_091_000_000));
        check("1606451170.518101", Some(1_606_451_170_518_101));
        check("1623881091123", Some(1_623_881_091_123_000));
        check("1623881091123456", Some(1_623_881_091_123_456));
        check("1623881091123456789", Some(1_623_881_091_123_456));
        check("1.623881091e9", Some(1_623_881_091_000_000));
        check("0", Some(0));
        check("-60", Some(-60_000_000));
        check("2021-06-16T22:04:51Z", Some(1_623_881_091_000_000));
        check("2021-06-17T00:04:51+02:00", Some(1_623_881_091_000_000));
        check("2021-06-17T00:04:51.000+0200", Some(1_623_881_091_000_000));
        check("2021-06-16 22:04:51", Some(1_623_881_091_000_000));
        check("2021-06-16 22:04:51 UTC", Some(1_623_881_091_000_000));
        check("Wed Jun 16 22:04:51 +0000 2021", Some(1_623_881_091_000_000));
        check("2021-06-16 22:04:51.5", Some(1_623_881_091_500_000));
        check("2021-06-16T17:34:51.000001-0430", Some(1_623_881_091_000_001));
        check("1969-12-31 23:59:59", Some(-1_000_000));
        for bad in [
            "",
            "soon",
            "-",
            ".5",
            "99999999999999999999",
            "2021-13-01T00:00:00Z",
            "2021-06-31 00:00:00",
            "2021-06-16 24:00:00",
            "1e999999",
            "\u{ff11}",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn zones_are_kept() {
        let check = |text: &str, expected: Option<(i64, Option<i16>)>| {
            assert_eq!(stamp(text.as_bytes()).map(|w| (w.time.seconds(), w.offset)), expected, "{text}");
        };
        let t = 1_494_022_200; // 2017-05-05T22:10:00Z
        check("2017-05-05T22:10:00Z", Some((t, Some(0))));
        check("2017-05-06T00:10:00.5+02:00", Some((t, Some(120))));
        check("2017-05-05 18:10:00 EDT", Some((t, Some(-240))));
        check("2017-05-05 22:10:00 UTC", Some((t, Some(0))));
        check("Fri, 05 May 2017 18:10:00 -0400", Some((t, Some(-240))));
        check("Sat, 06 May 2017 00:10:00 CEST", Some((t, Some(120))));
        check("Fri May 05 22:10:00 +0000 2017", Some((t, Some(0))));
        check("20170505221000", Some((t, Some(0))));
        check("20170505T221000Z", Some((t, Some(0))));
        check("1494022200", Some((t, None)));
        check("1494022200000", Some((t, None)));
        check("2017-05-05 22:10:00", Some((t, None)));
        for bad in ["", "tomorrow", "2017-13-05T00:00:00Z", "20171305221000Z", "Fri, 99 May 2017 18:10:00 CEST"] {
            check(bad, None);
        }
    }
}
