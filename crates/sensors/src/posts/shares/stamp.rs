//! Times as exports write them: seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by
//! magnitude, with fractions; ISO 8601 / RFC 3339, RFC 2822; the long form of Twitter's first interface; GDELT's runs of
//! fourteen digits.
//!
//! You may rely on: a number under 10¹¹ is seconds (until the year 5138), under 10¹⁴ milliseconds, under 10¹⁷
//! microseconds, beyond that nanoseconds; fourteen digits that are a date of 1900–2099 are one (as milliseconds they
//! would be the year 2572 or later). A stamp without zone is taken for UTC, and counted. Left out: other calendars.

use model::Time;

/// A stamp that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// The instant.
    pub time: Time,
    /// It names a civil time without a zone.
    pub zoneless: bool,
}

/// Reads a stamp.
pub fn stamp(cell: &[u8]) -> Option<Stamp> {
    let cell = cell.trim_ascii();
    let known = compact(cell).or_else(|| number(cell)).map(|time| Stamp { time, zoneless: false });
    known.or_else(|| civil(std::str::from_utf8(cell).ok()?))
}

/// `20170505221000`: UTC, as GDELT's codebooks say.
fn compact(cell: &[u8]) -> Option<Time> {
    if cell.len() != 14 || !matches!(cell, [b'1', b'9', ..] | [b'2', b'0', ..]) || !cell.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", cell).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
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

fn civil(text: &str) -> Option<Stamp> {
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let zoned = |t: jiff::Timestamp| Stamp { time: t.into(), zoneless: false };
    if let Ok(t) = text.parse::<jiff::Timestamp>() {
        return Some(zoned(t));
    }
    // `+0000`, `+00`: offsets without a colon, as several exports write them; a space for the `T` is known to jiff.
    for format in ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%d %H:%M:%S%.f%z"] {
        if let Ok(t) = jiff::Timestamp::strptime(format, text) {
            return Some(zoned(t));
        }
    }
    if let Ok(t) = jiff::Timestamp::strptime("%a %b %d %H:%M:%S %z %Y", text) {
        return Some(zoned(t));
    }
    if let Ok(t) = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text) {
        return Some(zoned(t));
    }
    let text = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")).unwrap_or(text);
    let when: jiff::civil::DateTime = text.parse().ok()?;
    let time = when.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into();
    Some(Stamp { time, zoneless: true })
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
        check("Wed, 16 Jun 2021 22:04:51 +0000", Some(1_623_881_091_000_000));
        check("20210616220451", Some(1_623_881_091_000_000));
        check("20211316220451", Some(20_211_316_220_451_000));
        for bad in ["", "soon", "-", ".5", "99999999999999999999", "2021-13-01T00:00:00Z", "1e999999", "\u{ff11}"] {
            check(bad, None);
        }
    }
}
