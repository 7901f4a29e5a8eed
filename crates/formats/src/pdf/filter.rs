//! The filters of streams (7.4), each counted by what it gives out.

use crate::Meter;
use crate::meter::Counted;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use std::borrow::Cow;
use std::io::Read;

/// Filters of one stream, at most.
pub const MOST: usize = 4;
/// Bytes of one stream, at most.
const LARGEST: u64 = 16 << 20;

/// A stream's bytes.
pub struct Unpacked<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The filter that is not known here, before which they stand.
    pub left: Option<Vec<u8>>,
}

/// Takes the filters off, the first one first.
pub fn unpack<'a>(body: &'a [u8], filters: &[Vec<u8>], meter: &Meter) -> Unpacked<'a> {
    let mut bytes = Cow::Borrowed(body);
    for name in filters.iter().take(MOST) {
        let out = match &name[..] {
            b"FlateDecode" | b"Fl" => inflated(&bytes, meter),
            b"ASCII85Decode" | b"A85" => counted(ascii85(&bytes), meter),
            b"ASCIIHexDecode" | b"AHx" => counted(hexadecimal(&bytes), meter),
            b"RunLengthDecode" | b"RL" => counted(runs(&bytes), meter),
            _ => return Unpacked { bytes, left: Some(name.clone()) },
        };
        bytes = Cow::Owned(out);
    }
    Unpacked { bytes, left: None }
}

/// The first two bytes of a zlib stream (RFC 1950).
pub fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [a, b, ..] if a & 15 == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0)
}

fn counted(out: Vec<u8>, meter: &Meter) -> Vec<u8> {
    if meter.work(out.len() as u64).is_ok() { out } else { Vec::new() }
}

/// Damage leaves what came before it; some writers leave the head of zlib out.
fn inflated(bytes: &[u8], meter: &Meter) -> Vec<u8> {
    let read = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let _ = Counted::layer(reader, meter).take(LARGEST).read_to_end(&mut out);
        out
    };
    let out = read(&mut ZlibDecoder::new(bytes));
    if out.is_empty() { read(&mut DeflateDecoder::new(bytes)) } else { out }
}

/// Five letters for four bytes (7.4.3).
fn ascii85(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let (mut held, mut count) = (0u64, 0u32);
    for b in text.iter().take_while(|b| **b != b'~') {
        match b {
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                held = held * 85 + u64::from(b - b'!');
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&(held as u32).to_be_bytes());
                    (held, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        (count..5).for_each(|_| held = held * 85 + 84);
        out.extend_from_slice(&(held as u32).to_be_bytes()[..count as usize - 1]);
    }
    out
}

/// Two digits for a byte (7.4.2).
fn hexadecimal(text: &[u8]) -> Vec<u8> {
    let digits = text.iter().take_while(|b| **b != b'>').filter_map(|b| char::from(*b).to_digit(16));
    let digits: Vec<u8> = digits.map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

/// A length, then so many bytes or one so many times (7.4.5).
fn runs(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let [length, after @ ..] = rest {
        if *length == 128 || out.len() as u64 >= LARGEST {
            break;
        }
        let n = if *length < 128 { usize::from(*length) + 1 } else { 1 };
        let (some, behind) = after.split_at(n.min(after.len()));
        match some {
            [b] if *length > 128 => out.resize(out.len() + 257 - usize::from(*length), *b),
            some => out.extend_from_slice(some),
        }
        rest = behind;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_taken_off_in_their_order() {
        let check = |body: &[u8], filters: &[&str], expected: &[u8], left: Option<&str>| {
            let filters: Vec<Vec<u8>> = filters.iter().map(|f| f.as_bytes().to_vec()).collect();
            let found = unpack(body, &filters, &Meter::default());
            assert_eq!((&found.bytes[..], found.left.as_deref()), (expected, left.map(str::as_bytes)), "{filters:?}");
        };
        check(b"87cURD]j7BEbo80~>", &["A85"], b"Hello world!", None);
        check(b"48 65 6C6c 7>", &["ASCIIHexDecode"], b"Hellp", None);
        check(b"\x01ab\xfec\x80x", &["RL"], b"abccc", None);
        check(b"01616280>", &["AHx", "RL", "DCTDecode"], b"ab", Some("DCTDecode"));
        check(b"ab", &[], b"ab", None);
        check(b"ab", &["JBIG2Decode"], b"ab", Some("JBIG2Decode"));
    }
}
