//! Times as platforms and media write them, with the zone they were given in.
//!
//! You may rely on: everything [`crate::posts::shares::stamp`] reads, and besides it RFC 2822 (feeds), GDELT's runs of
//! digits, and the zone letters that CrowdTangle and feeds put behind. Left out: days without a clock beyond ISO 8601,
//! orders of day and month that cannot be told apart.

use crate::posts::shares;
use model::Time;

/// A time that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct When {
    /// The instant.
    pub time: Time,
    /// Minutes east of UTC the source gave it in.
    pub offset: Option<i16>,
    /// It names a civil time without zone.
    pub zoneless: bool,
}

/// Zone letters (RFC 2822 4.3; CrowdTangle writes its user's zone this way) and their minutes east of UTC.
const LETTERS: &[(&str, i16)] = &[
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

/// Reads a time.
pub fn when(text: &str) -> Option<When> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if let Some((before, letters)) = text.rsplit_once(' ')
        && let Some((_, minutes)) = LETTERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(letters))
    {
        let local = match shares::stamp(before.as_bytes()) {
            Some(stamp) if stamp.zoneless => stamp.time,
            _ => rfc2822(&format!("{before} +0000"))?.time,
        };
        let time = Time(local.0.saturating_sub(i64::from(*minutes) * 60_000_000));
        return Some(When { time, offset: Some(*minutes), zoneless: false });
    }
    if let Some(time) = digits(text) {
        return Some(When { time, offset: Some(0), zoneless: false });
    }
    match shares::stamp(text.as_bytes()) {
        Some(stamp) => Some(When { time: stamp.time, offset: offset(text), zoneless: stamp.zoneless }),
        None => rfc2822(text),
    }
}

/// `20170505221000`, `20170505T221000Z`: UTC, as GDELT's codebooks say.
fn digits(text: &str) -> Option<Time> {
    let compact: String = text.strip_suffix('Z').unwrap_or(text).split('T').collect();
    let shaped = matches!(text.len(), 14..=16) && compact.len() == 14;
    if !shaped
        || !compact.bytes().all(|b| b.is_ascii_digit())
        || !(compact.starts_with("19") || compact.starts_with("20"))
    {
        return None;
    }
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &compact).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}

fn rfc2822(text: &str) -> Option<When> {
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    let offset = i16::try_from(zoned.offset().seconds() / 60).ok();
    Some(When { time: zoned.timestamp().into(), offset, zoneless: false })
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
    fn zones_are_kept() {
        let check = |text: &str, expected: Option<(i64, Option<i16>)>| {
            assert_eq!(when(text).map(|w| (w.time.seconds(), w.offset)), expected, "{text}");
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
