//! Dates as documents write them, in the one form of RFC 3339: with the offset that is written, and none where none is.

use jiff::civil::DateTime;
use model::Time;

/// A FILETIME (tenths of microseconds since 1601); none for the values that mean nothing.
pub fn filetime(value: u64) -> Option<String> {
    const TO_UNIX: u64 = 11_644_473_600;
    let seconds = (value / 10_000_000).checked_sub(TO_UNIX)?;
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    (value > 0).then(|| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Seconds since 1970.
pub fn unix(seconds: i64) -> Option<String> {
    Some(jiff::Timestamp::from_second(seconds).ok()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Word's DTTM (MS-DOC 2.9.66): local time to the minute.
pub fn dttm(value: u32) -> Option<String> {
    let part = |shift: u32, bits: u32| (value >> shift) & ((1 << bits) - 1);
    let (minute, hour, day, month, year) = (part(0, 6), part(6, 5), part(11, 5), part(16, 4), part(20, 9) + 1900);
    let date = DateTime::new(year as i16, month as i8, day as i8, hour as i8, minute as i8, 0, 0).ok()?;
    Some(date.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

/// The date and time of DOS: local time in steps of two seconds.
pub fn dos(date: u16, time: u16) -> String {
    let civil = DateTime::new(
        1980 + (date >> 9) as i16,
        (date >> 5 & 15) as i8,
        (date & 31) as i8,
        (time >> 11) as i8,
        (time >> 5 & 63) as i8,
        ((time & 31) * 2) as i8,
        0,
    );
    civil.map(|c| c.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}

/// A date of PDF (7.9.4), also without `D:` and cut short.
pub fn pdf(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("D:").trim();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    // Some producers wrote the year 2000 as 19100.
    let digits = match digits.strip_prefix("191") {
        Some(rest) if digits.len() == 15 => format!("20{rest}"),
        _ => digits,
    };
    let rest = &text[text.len().min(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))..];
    if digits.len() < 4 {
        return iso(text);
    }
    let field = |from: usize, default: &str| digits.get(from..from + 2).unwrap_or(default).to_string();
    let (month, day) = (field(4, "01"), field(6, "01"));
    let (hour, minute, second) = (field(8, "00"), field(10, "00"), field(12, "00"));
    let out = format!("{}-{month}-{day}T{hour}:{minute}:{second}", &digits[..4]);
    out.parse::<DateTime>().ok()?;
    let offset: String = rest.chars().filter(|c| c.is_ascii_digit()).take(4).collect();
    Some(match rest.chars().next() {
        Some('Z') => format!("{out}Z"),
        Some(sign @ ('+' | '-')) if offset.len() >= 2 => {
            format!("{out}{sign}{}:{}", &offset[..2], offset.get(2..4).unwrap_or("00"))
        }
        _ => out,
    })
}

/// A date of EXIF (`2017:05:05 20:01:02`) with the offset beside it, if there is one.
pub fn exif(text: &str, offset: Option<&str>) -> Option<String> {
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00:00"));
    let date = date.replace([':', '/', '.'], "-");
    let (time, zone) = match time.find(['+', '-', 'Z']) {
        Some(at) => time.split_at(at),
        None => (time, offset.unwrap_or("").trim_matches(|c: char| c == '\0' || c.is_whitespace())),
    };
    iso(&format!("{date}T{time}{zone}"))
}

/// A date of ISO 8601 as documents have it: seconds may be missing, fractions are left out.
pub fn iso(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let date = match date.split('-').count() {
        1 if date.len() == 4 => format!("{date}-01-01"),
        2 => format!("{date}-01"),
        _ => date.to_string(),
    };
    let (time, zone) = match time.find(['+', '-', 'Z', 'z']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let time = time.split(['.', ',']).next().unwrap_or("").trim();
    let time = match time.matches(':').count() {
        0 if time.is_empty() => "00:00:00".to_string(),
        1 => format!("{time}:00"),
        _ => time.to_string(),
    };
    let out = format!("{date}T{time}");
    out.parse::<DateTime>().ok()?;
    let zone = zone.trim().to_ascii_uppercase();
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    Some(match zone.chars().next() {
        Some('Z') => format!("{out}Z"),
        Some(sign) if digits.len() >= 2 => {
            format!("{out}{sign}{}:{}", &digits[..2], digits.get(2..4).unwrap_or("00"))
        }
        _ => out,
    })
}

/// The moment that a date names; one without offset is taken for UTC.
pub fn instant(text: &str) -> Option<Time> {
    let zoned = text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    let stamp = match zoned {
        true => text.parse::<jiff::Timestamp>().ok()?,
        false => text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp(),
    };
    Some(Time::from_seconds(stamp.as_second()))
}

/// The clock on the wall that a date names, whatever its offset, as if it were UTC.
pub fn local(text: &str) -> Option<Time> {
    instant(text.get(..19)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_offset_that_is_written() {
        let check = |got: Option<String>, expected: &str| assert_eq!(got.as_deref().unwrap_or(""), expected);
        check(pdf("D:20170505200102+02'00'"), "2017-05-05T20:01:02+02:00");
        check(pdf("D:20170505200102Z00'00'"), "2017-05-05T20:01:02Z");
        check(pdf("20170505"), "2017-05-05T00:00:00");
        check(pdf("D:191000110104533"), "2000-01-10T10:45:33");
        check(pdf("garbage"), "");
        check(exif("2017:05:05 20:01:02\0", None), "2017-05-05T20:01:02");
        check(exif("2017:05:05 20:01:02", Some("+02:00")), "2017-05-05T20:01:02+02:00");
        check(exif("0000:00:00 00:00:00", None), "");
        check(iso("2017-05-05T20:01Z"), "2017-05-05T20:01:00Z");
        check(iso("2017-05-05T20:01:02.123456"), "2017-05-05T20:01:02");
        check(iso("2017-05"), "2017-05-01T00:00:00");
        check(filetime(131_384_808_620_000_000), "2017-05-05T18:01:02Z");
        check(filetime(0), "");
        check(dttm(0x0000_0000), "");
        assert_eq!(dos(0, 0), "");
        assert_eq!(dos(0x4aa5, 0xa020), "2017-05-05T20:01:00");
        assert_eq!(instant("2017-05-05T20:01:02+02:00"), instant("2017-05-05T18:01:02Z"));
        assert_eq!(local("2017-05-05T20:01:02+02:00"), instant("2017-05-05T20:01:02"));
    }
}
