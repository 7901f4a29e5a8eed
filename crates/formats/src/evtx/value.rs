//! Values of binary XML as Windows writes them in XML.

use std::fmt::Write as _;

/// A value.
pub enum Value {
    /// The writer gave none.
    None,
    /// One.
    Text(String),
    /// Several of text.
    Texts(Vec<String>),
    /// Binary XML within.
    Xml,
}

/// Text in UTF-16, little endian; a nought ends it.
pub fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .trim_end_matches('\0')
        .into()
}

/// Reads a value of a type.
pub fn read(kind: u8, bytes: &[u8]) -> Value {
    match kind {
        0x00 => Value::None,
        0x01 => Value::Text(utf16(bytes)),
        0x21 => Value::Xml,
        0x81 => {
            let text = utf16(bytes);
            Value::Texts(text.split('\0').map(String::from).collect())
        }
        // A list of a type whose members have one length.
        kind if kind & 0x80 != 0 => {
            let one = kind & 0x7f;
            let Some(len) = length(one) else { return Value::Text(hexadecimal(bytes)) };
            let all: Vec<String> = bytes.chunks_exact(len).filter_map(|b| single(one, b)).collect();
            Value::Texts(all)
        }
        kind => single(kind, bytes).map_or(Value::None, Value::Text),
    }
}

/// Bytes of one value of a type that always has as many.
fn length(kind: u8) -> Option<usize> {
    Some(match kind {
        0x03 | 0x04 => 1,
        0x05 | 0x06 => 2,
        0x07 | 0x08 | 0x0b | 0x0d | 0x14 => 4,
        0x09 | 0x0a | 0x0c | 0x11 | 0x15 => 8,
        0x0f | 0x12 => 16,
        _ => return None,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut all, b| {
        let _ = write!(all, "{b:02X}");
        all
    })
}

fn single(kind: u8, bytes: &[u8]) -> Option<String> {
    macro_rules! number {
        ($type:ty) => {
            <$type>::from_le_bytes(bytes.try_into().ok()?)
        };
    }
    Some(match kind {
        0x02 => String::from_utf8_lossy(bytes).trim_end_matches('\0').into(),
        0x03 => number!(i8).to_string(),
        0x04 => number!(u8).to_string(),
        0x05 => number!(i16).to_string(),
        0x06 => number!(u16).to_string(),
        0x07 => number!(i32).to_string(),
        0x08 => number!(u32).to_string(),
        0x09 => number!(i64).to_string(),
        0x0a => number!(u64).to_string(),
        0x0b => number!(f32).to_string(),
        0x0c => number!(f64).to_string(),
        0x0d => (number!(u32) != 0).to_string(),
        0x0e => hexadecimal(bytes),
        0x0f => guid(bytes.try_into().ok()?),
        0x10 if bytes.len() == 4 => format!("0x{:x}", number!(u32)),
        0x10 | 0x15 => format!("0x{:x}", number!(u64)),
        0x11 => filetime(number!(u64))?,
        0x12 => systemtime(bytes.try_into().ok()?),
        0x13 => sid(bytes)?,
        0x14 => format!("0x{:x}", number!(u32)),
        _ => hexadecimal(bytes),
    })
}

fn guid(b: [u8; 16]) -> String {
    let (a, c, d) = (
        u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
        u16::from_le_bytes([b[4], b[5]]),
        u16::from_le_bytes([b[6], b[7]]),
    );
    let rest = hexadecimal(&b[8..]);
    format!("{{{a:08X}-{c:04X}-{d:04X}-{}-{}}}", &rest[..4], &rest[4..])
}

/// 100 ns since 1601 as RFC 3339.
pub fn filetime(ticks: u64) -> Option<String> {
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - 11_644_473_600;
    let stamp = jiff::Timestamp::new(seconds, (ticks % 10_000_000) as i32 * 100).ok()?;
    Some(format!("{stamp:.7}"))
}

fn systemtime(b: [u8; 16]) -> String {
    let n = |i: usize| u16::from_le_bytes([b[2 * i], b[2 * i + 1]]);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", n(0), n(1), n(3), n(4), n(5), n(6), n(7))
}

fn sid(bytes: &[u8]) -> Option<String> {
    let (&[revision, count, a, b, c, d, e, f], rest) = bytes.split_first_chunk::<8>()?;
    let authority = u64::from_be_bytes([0, 0, a, b, c, d, e, f]);
    let mut all = format!("S-{revision}-{authority}");
    for part in rest.chunks_exact(4).take(usize::from(count)) {
        let _ = write!(all, "-{}", u32::from_le_bytes(part.try_into().ok()?));
    }
    Some(all)
}
