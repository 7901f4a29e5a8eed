//! Distinguished encoding rules (X.690): values one after another, never deeper than who reads asks.

use jiff::civil::DateTime;
use model::Time;

/// A value: its tag, its content, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Value<'b> {
    /// The identifier octet.
    pub tag: u8,
    /// What it holds.
    pub content: &'b [u8],
    /// Tag, length and content.
    pub whole: &'b [u8],
}

/// Values in a row.
#[derive(Clone, Copy, Debug)]
pub struct Der<'b>(pub &'b [u8]);

/// A whole number.
pub const INTEGER: u8 = 2;
/// Bits, behind the number of those unused.
pub const BITS: u8 = 3;
/// Bytes.
pub const OCTETS: u8 = 4;
/// The name of a thing.
pub const OID: u8 = 6;
/// Values in order.
pub const SEQUENCE: u8 = 0x30;
/// Values in no order.
pub const SET: u8 = 0x31;

impl<'b> Iterator for Der<'b> {
    type Item = Value<'b>;

    fn next(&mut self) -> Option<Value<'b>> {
        let (&tag, rest) = self.0.split_first()?;
        // Tags of several octets stand nowhere here.
        (tag & 0x1f != 0x1f).then_some(())?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (1..=4).contains(&octets.len()).then_some(())?;
            length = octets.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            // One length has one form.
            (length >= 0x80 && octets[0] != 0).then_some(())?;
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Value { tag, content, whole })
    }
}

impl<'b> Der<'b> {
    /// The next value, if it has this tag.
    pub fn tagged(&mut self, tag: u8) -> Option<Value<'b>> {
        let mut ahead = *self;
        let value = ahead.next().filter(|v| v.tag == tag)?;
        *self = ahead;
        Some(value)
    }

    /// What is in the next value of this tag.
    pub fn inside(&mut self, tag: u8) -> Option<Der<'b>> {
        self.tagged(tag).map(|v| Der(v.content))
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that is left, at most so many.
    pub fn all(mut self, most: usize) -> Option<Vec<Value<'b>>> {
        let mut all = Vec::new();
        while !self.is_empty() {
            all.push(self.next()?);
            (all.len() <= most).then_some(())?;
        }
        Some(all)
    }
}

/// A `GeneralizedTime` or `UTCTime` in UTC (RFC 5280 4.1.2.5), with parts of a second where RFC 3161 lets them be.
pub fn time(value: Value) -> Option<Time> {
    let text = std::str::from_utf8(value.content).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = match value.tag {
        0x17 if whole.len() == 12 => {
            let year: u32 = whole.get(..2)?.parse().ok()?;
            format!("{}{whole}", if year < 50 { "20" } else { "19" })
        }
        0x18 if whole.len() == 14 => whole.to_string(),
        _ => return None,
    };
    let part = |at: usize, len: usize| whole.get(at..at + len)?.parse::<i16>().ok();
    let short = |at: usize| part(at, 2).and_then(|n| i8::try_from(n).ok());
    let civil = DateTime::new(part(0, 4)?, short(4)?, short(6)?, short(8)?, short(10)?, short(12)?, 0).ok()?;
    let seconds = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    fraction.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    let micros = format!("{:0<6}", fraction.get(..6.min(fraction.len()))?).parse::<i64>().ok()?;
    Some(Time(seconds.checked_mul(1_000_000)?.checked_add(micros)?))
}
