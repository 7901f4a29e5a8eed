//! The stamps that login logs carry, and the clock that turns them into instants.
//!
//! You may rely on: a stamp that names its zone keeps it; one without a zone is read in the log's zone; one without a
//! year (RFC 3164) gets the latest year that leaves no line more than a day after the evidence's anchor, walking back
//! over turns of the year. Left out: leap seconds (`:60` is the next minute), zone letters of other continents.

use crate::month;
use jiff::{civil, tz::TimeZone};
use model::Time;

/// A stamp as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// With its zone: an instant.
    Instant(Time),
    /// In the log's zone; year 0 where none was written.
    Civil {
        /// Year, or 0.
        year: i16,
        /// Month, 1–12.
        month: u8,
        /// Day, 1–31.
        day: u8,
        /// Second of the day; a leap second counts as the next day's first.
        second: u32,
        /// Microseconds.
        micro: u32,
    },
}

fn number(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
}

/// `hh:mm:ss` as seconds of the day.
fn clock(text: &[u8]) -> Option<u32> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *text.first_chunk::<8>()? else { return None };
    let two = |a: u8, b: u8| number(&[if a == b' ' { b'0' } else { a }, b]);
    let (h, m, s) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    (h < 24 && m < 60 && s < 61).then_some(h * 3600 + m * 60 + s)
}

/// `.123456` or `,123`: microseconds and how many bytes.
fn fraction(text: &[u8]) -> (u32, usize) {
    if !matches!(text.first(), Some(b'.' | b',')) {
        return (0, 0);
    }
    let digits = text[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 {
        return (0, 0);
    }
    let micro = (0..6).fold(0, |n, i| n * 10 + if i < digits { u32::from(text[1 + i] - b'0') } else { 0 });
    (micro, 1 + digits)
}

/// `Mar  7 13:06:56`, also with one blank before a single digit, with a year after the day, or with a fraction
/// (RFC 3164 4.1.2 and what its relays make of it), and with the month in another language (`févr. 14 …`). Returns what follows.
pub fn rfc3164(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let (month, begin) = match line.get(3) {
        Some(b' ') => (month::named(&line[..3]).or_else(|| month::abroad(&line[..3]))?, 3),
        // In the machine's language a month may be longer, and end with a point.
        _ => {
            let end = memchr::memchr(b' ', line.get(..33).unwrap_or(line))?;
            (month::abroad(&line[..end])?, end)
        }
    };
    let (mut day, mut at) = (0u8, begin);
    while line.get(at) == Some(&b' ') && at < begin + 2 {
        at += 1;
    }
    while let Some(b) = line.get(at).filter(|b| b.is_ascii_digit() && at < begin + 3) {
        (day, at) = (day.saturating_mul(10).saturating_add(b - b'0'), at + 1);
    }
    let mut rest = line.get(at..)?.strip_prefix(b" ")?;
    let mut year = 0;
    if rest.get(4) == Some(&b' ')
        && let Some(y) = number(&rest[..4])
    {
        (year, rest) = (y as i16, &rest[5..]);
    }
    let second = clock(rest)?;
    let (micro, length) = fraction(&rest[8..]);
    (1..=31).contains(&day).then_some((Stamp::Civil { year, month, day, second, micro }, &rest[8 + length..]))
}

/// `Mon Mar  4 10:20:30 2024`, as vsftpd writes (asctime of C).
pub fn asctime(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let (stamp, rest) = rfc3164(line.get(4..)?)?;
    let Stamp::Civil { month, day, second, micro, .. } = stamp else { return None };
    let year = number(rest.get(1..5)?)? as i16;
    Some((Stamp::Civil { year, month, day, second, micro }, &rest[5..]))
}

/// `240304 10:20:30` or `240304  9:20:30`, as MySQL before 5.7 writes. Two-digit years are of this century.
pub fn mysql_short(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let date = number(line.get(..6)?)?;
    let (year, month, day) = (2000 + date / 10_000, date / 100 % 100, date % 100);
    let rest = line[6..].strip_prefix(b" ")?;
    let second = clock(rest)?;
    let stamp = Stamp::Civil { year: year as i16, month: month as u8, day: day as u8, second, micro: 0 };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((stamp, &rest[8..]))
}

/// `2024-03-04T10:20:30.123456+01:00` (RFC 3339), with a blank for the `T`, a comma for the point, and `Z`, an offset,
/// a zone's letters or nothing at the end. Returns what follows.
pub fn iso(line: &[u8]) -> Option<(Stamp, &[u8])> {
    let [y @ .., b'-', m1, m2, b'-', d1, d2, b'T' | b' ' | b'\t'] = line.first_chunk::<11>()? else { return None };
    let (year, month, day) = (number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let second = clock(&line[11..])?;
    let (micro, length) = fraction(&line[19..]);
    let rest = &line[19 + length..];
    let stamp = Stamp::Civil { year: year as i16, month: month as u8, day: day as u8, second, micro };
    match offset(rest) {
        Some((offset, length)) => {
            Some((instant((year as i16, month as i8, day as i8), second, micro, offset)?, &rest[length..]))
        }
        None => Some((stamp, rest)),
    }
}

/// The instant of a moment so many seconds from UTC.
fn instant((year, month, day): (i16, i8, i8), second: u32, micro: u32, offset: i32) -> Option<Stamp> {
    let date = civil::Date::new(year, month, day).ok()?;
    let days = date.since(civil::date(1970, 1, 1)).ok()?.get_days();
    let seconds = i64::from(days) * 86_400 + i64::from(second) - i64::from(offset);
    Some(Stamp::Instant(Time(seconds * 1_000_000 + i64::from(micro))))
}

/// `01-Sep-2026 17:10:10 +0300`, as Roundcube writes; the whole text.
pub fn day_first(text: &[u8]) -> Option<Stamp> {
    let [d1, d2, b'-', m @ .., b'-'] = text.first_chunk::<7>()? else { return None };
    let (day, month, year) = (number(&[*d1, *d2])?, month::named(m)?, number(text.get(7..11)?)?);
    let second = clock(text.get(11..)?.strip_prefix(b" ")?)?;
    let (micro, length) = fraction(&text[20..]);
    let stamp = Stamp::Civil { year: year as i16, month, day: day as u8, second, micro };
    match offset(&text[20 + length..]) {
        Some((offset, _)) => instant((year as i16, month as i8, day as i8), second, micro, offset),
        None => (1..=31).contains(&day).then_some(stamp),
    }
}

/// Seconds since 1970, perhaps with a fraction; the whole text.
pub fn epoch(text: &[u8]) -> Option<Stamp> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let seconds: i64 = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    let (micro, length) = fraction(&text[digits..]);
    let sound = (9..=11).contains(&digits) && digits + length == text.len();
    sound.then_some(Stamp::Instant(Time(seconds * 1_000_000 + i64::from(micro))))
}

/// `Sep  1 10:00` and, with `-F`, `Sep  1 10:00:10 2026`, in words, as `last` writes them.
pub fn of_last(words: &[&[u8]]) -> Option<Stamp> {
    let [month, day, at, ..] = words else { return None };
    let (month, day) = (month::abroad(month)?, number(day).filter(|d| (1..=31).contains(d))?);
    let whole = [at, &b":00"[..]].concat();
    let second = if at.len() == 5 { clock(&whole)? } else { clock(at)? };
    let year = words.get(3).filter(|w| w.len() == 4).and_then(|w| number(w)).unwrap_or(0);
    Some(Stamp::Civil { year: year as i16, month, day: day as u8, second, micro: 0 })
}

/// What follows a zone in letters that no offset is known for.
pub fn past_zone(rest: &[u8]) -> &[u8] {
    let Some(text) = rest.strip_prefix(b" ") else { return rest };
    let letters = text.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if (3..=5).contains(&letters) && text.get(letters) == Some(&b' ') { &text[letters..] } else { rest }
}

/// The offset from UTC in seconds that a text begins with, and its length: `Z`, `+01:00`, `+0100`, ` +01`, ` CET`.
fn offset(text: &[u8]) -> Option<(i32, usize)> {
    let blank = usize::from(text.first() == Some(&b' '));
    let zone = &text[blank..];
    match zone.first()? {
        b'Z' => Some((0, blank + 1)),
        sign @ (b'+' | b'-') => {
            let hours = number(zone.get(1..3)?)? as i32;
            let (minutes, length) = match zone.get(3..) {
                Some([b':', a, b, ..]) => (number(&[*a, *b])?, 6),
                Some([a, b, ..]) if a.is_ascii_digit() && b.is_ascii_digit() => (number(&[*a, *b])?, 5),
                _ => (0, 3),
            };
            let seconds = hours * 3600 + minutes as i32 * 60;
            Some((if *sign == b'-' { -seconds } else { seconds }, blank + length))
        }
        _ if blank == 1 => {
            let length = zone.iter().take_while(|b| b.is_ascii_uppercase()).count();
            let hours = match &zone[..length] {
                b"UTC" | b"GMT" | b"WET" => 0,
                b"CET" | b"BST" | b"WEST" => 1,
                b"CEST" | b"EET" => 2,
                b"EEST" | b"MSK" => 3,
                b"EDT" => -4,
                b"EST" | b"CDT" => -5,
                b"CST" | b"MDT" => -6,
                b"MST" | b"PDT" => -7,
                b"PST" => -8,
                _ => return None,
            };
            Some((hours * 3600, 1 + length))
        }
        _ => None,
    }
}

/// What became of a stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// An instant.
    At(Time),
    /// An instant; and everything read before from stamps without a year lies this many years further back.
    Back(i16, Time),
    /// No such day.
    Impossible,
}

/// Turns stamps into instants, in the order of the evidence.
pub struct Clock {
    zone: TimeZone,
    /// No line without a year lies after this.
    limit: Time,
    /// The year of the last line without one; 0 before the first.
    year: i16,
    last: Time,
    /// Years in which a 29 February was read: they must stay leap years.
    leap: Vec<i16>,
    /// Whether what was read can no longer move.
    settled: bool,
    /// Whether the year was given.
    given: bool,
    /// The last minute converted, and its instant.
    minute: ((i16, u8, u8, u32), Option<Time>),
}

const DAY: i64 = 86_400;

impl Clock {
    /// A clock for a log of `zone`, anchored at `anchor`; `year`, where not 0, is the year of the first line.
    pub fn new(zone: TimeZone, anchor: Time, year: i16) -> Clock {
        let limit = Time(anchor.0.saturating_add(DAY * 1_000_000));
        let minute = ((0, 0, 0, 0), None);
        Clock {
            zone,
            limit,
            year,
            last: Time(i64::MIN),
            leap: Vec::new(),
            settled: year != 0,
            given: year != 0,
            minute,
        }
    }

    /// Nothing read so far may move any more.
    pub fn settle(&mut self) {
        self.settled = true;
    }

    /// The day after which no line without a year lies by more than one.
    pub fn anchor(&self) -> civil::Date {
        Time(self.limit.0.saturating_sub(DAY * 1_000_000)).in_zone(&self.zone).date()
    }

    /// The year that was inferred for the last line, if any had none.
    pub fn year(&self) -> Option<i16> {
        (self.year != 0).then_some(self.year)
    }

    /// The same civil moment some years earlier.
    pub fn back(&self, at: Time, years: i16) -> Time {
        let civil = at.in_zone(&self.zone).datetime();
        let moved = civil.checked_sub(jiff::Span::new().years(years)).ok();
        moved.and_then(|c| self.zone.to_ambiguous_zoned(c).compatible().ok()).map_or(at, |z| z.timestamp().into())
    }

    /// The instant of a stamp.
    pub fn read(&mut self, stamp: Stamp) -> Reading {
        match stamp {
            Stamp::Instant(at) => Reading::At(at),
            Stamp::Civil { year: 0, month, day, second, micro } => self.infer(month, day, second, micro),
            Stamp::Civil { year, month, day, second, micro } => {
                self.instant(year, month, day, second, micro).map_or(Reading::Impossible, Reading::At)
            }
        }
    }

    fn instant(&mut self, year: i16, month: u8, day: u8, second: u32, micro: u32) -> Option<Time> {
        let key = (year, month, day, second / 60);
        if self.minute.0 != key {
            let (hour, minute) = (second / 3600 % 24, second / 60 % 60);
            let civil = civil::DateTime::new(year, month as i8, day as i8, hour as i8, minute as i8, 0, 0).ok();
            // A second of 60 at 23:59 is the next day's first.
            let late = Time::from_seconds(if second >= 86_400 { DAY } else { 0 });
            let zoned = civil.and_then(|c| self.zone.to_ambiguous_zoned(c).compatible().ok());
            self.minute = (key, zoned.map(|z| Time(Time::from(z.timestamp()).0 + late.0)));
        }
        let minute = self.minute.1?;
        Some(Time(minute.0 + i64::from(second % 60) * 1_000_000 + i64::from(micro)))
    }

    /// The year of a stamp that has none. A step back of more than a month is a turn of the year, a step forward of
    /// nearly a year is a late line of the year before; anything smaller is a clock that jumped.
    fn infer(&mut self, month: u8, day: u8, second: u32, micro: u32) -> Reading {
        let mut year = self.year;
        let mut late = false;
        if year == 0 {
            year = self.limit.in_zone(&self.zone).year();
        } else if self.last != Time(i64::MIN) {
            let near = self.instant(year, month, day.min(28), second, micro).unwrap_or(self.last);
            let step = near.since(self.last);
            late = step > 330 * DAY;
            year += i16::from(step < -31 * DAY) - i16::from(late);
        }
        let fits = |clock: &mut Clock, back: i16| {
            let at = clock.instant(year - back, month, day, second, micro)?;
            let leap = |y: i16| civil::date(y, 1, 1).in_leap_year();
            (at <= clock.limit && clock.leap.iter().all(|&y| leap(y - back))).then_some(at)
        };
        // Leap years are at most eight years apart (1896–1904).
        let settled = self.settled && self.year != 0;
        let found = match settled {
            true => {
                let at = self.instant(year, month, day, second, micro);
                let future = !self.given && at.is_some_and(|at| at > self.limit);
                let back = if future { year - self.year } else { 0 };
                self.instant(year - back, month, day, second, micro).map(|at| (back, at))
            }
            false => (0..=12).find_map(|back| fits(self, back).map(|at| (back, at))),
        };
        let Some((back, at)) = found else { return Reading::Impossible };
        let earlier = self.year != 0;
        if back != 0 && !settled {
            self.leap.iter_mut().for_each(|y| *y -= back);
        }
        let year = year - back;
        if (month, day) == (2, 29) && self.leap.last() != Some(&year) {
            self.leap.push(year);
        }
        if late {
            self.year = year + 1;
        } else {
            (self.year, self.last) = (year, at);
        }
        if back != 0 && earlier && !settled { Reading::Back(back, at) } else { Reading::At(at) }
    }
}
