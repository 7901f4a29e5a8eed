//! TIFF (revision 6): pages of strips as grey pixels, as scanners and telefaxes send them.
//!
//! You may rely on: at most [`PAGES`] pages, none of more pixels than asked for; every place and count is held against the
//! bytes that are there; what is damaged is white. JPEG inside is the caller's to decode. Left out: tiles, planes apart, BigTIFF.

use crate::fax;
use hayro_ccitt::{DecodeSettings, EncodingMode};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

/// Pages read, at most.
pub const PAGES: usize = 4;

/// A page.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Pixels of a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// From black to white.
    pub pixels: Vec<u8>,
}

/// Whether a file is one.
pub fn is_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

/// Decodes a JPEG of at most so many pixels: width, height, grey pixels.
pub type Jpeg = fn(&[u8], usize) -> Option<(usize, usize, Vec<u8>)>;

/// The first pages, those that have more than so many pixels left out.
pub fn pages(bytes: &[u8], most: usize, jpeg: Jpeg) -> Vec<Page> {
    let file = File { bytes, big: bytes.starts_with(b"MM"), jpeg };
    let mut found = Vec::new();
    let mut next = if is_tiff(bytes) { file.long(4) } else { None };
    for _ in 0..PAGES {
        let Some(at) = next.filter(|at| *at > 0) else { break };
        let Some((fields, after)) = file.directory(at as usize) else { break };
        found.extend(file.page(&fields, most));
        next = after;
    }
    found
}

/// Fields by their tags: the size of a number, how many, and where.
type Fields = HashMap<u16, (usize, usize, usize)>;

struct File<'b> {
    bytes: &'b [u8],
    /// The most significant byte comes first.
    big: bool,
    jpeg: Jpeg,
}

impl File<'_> {
    fn short(&self, at: usize) -> Option<u32> {
        let two = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(u32::from(if self.big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = *self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(if self.big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    /// A page's fields, and where the next page's are.
    fn directory(&self, at: usize) -> Option<(Fields, Option<u32>)> {
        let count = self.short(at)? as usize;
        let mut fields = Fields::new();
        for n in 0..count {
            let field = at + 2 + 12 * n;
            let size = match self.short(field + 2)? {
                1 | 7 => 1,
                3 => 2,
                4 => 4,
                _ => continue,
            };
            let many = self.long(field + 4)? as usize;
            let place = if many.saturating_mul(size) <= 4 { field + 8 } else { self.long(field + 8)? as usize };
            fields.insert(self.short(field)? as u16, (size, many, place));
        }
        Some((fields, self.long(at + 2 + 12 * count)))
    }

    /// The numbers of a field, at most so many.
    fn numbers(&self, fields: &Fields, tag: u16, most: usize) -> Vec<usize> {
        let Some(&(size, many, place)) = fields.get(&tag) else { return Vec::new() };
        let number = |at: usize| match size {
            1 => self.bytes.get(at).map(|b| u32::from(*b)),
            2 => self.short(at),
            _ => self.long(at),
        };
        (0..many.min(most)).map_while(|n| number(place.checked_add(n * size)?)).map(|n| n as usize).collect()
    }

    /// A strip of JPEG with the tables that all strips share (Technical Note 2).
    fn whole(&self, fields: &Fields, held: &[u8]) -> Vec<u8> {
        let tables = fields.get(&347).and_then(|&(size, many, place)| {
            self.bytes.get(place..place.checked_add(many.checked_mul(size)?)?)?.strip_suffix(b"\xff\xd9")
        });
        match (tables, held) {
            (Some(tables), [0xff, 0xd8, rest @ ..]) => [tables, rest].concat(),
            _ => held.to_vec(),
        }
    }

    fn page(&self, fields: &Fields, most: usize) -> Option<Page> {
        let number = |tag: u16, or: usize| self.numbers(fields, tag, 1).first().copied().unwrap_or(or);
        let (width, height) = (number(256, 0), number(257, 0));
        let (bits, samples, packed, shades) = (number(258, 1), number(277, 1), number(259, 1), number(262, 0));
        let flat = samples == 1 || number(284, 1) == 1;
        if width == 0
            || height == 0
            || width.checked_mul(height)? > most
            || !matches!(bits, 1 | 2 | 4 | 8)
            || !(1..=4).contains(&samples)
            || !flat
        {
            return None;
        }
        let row = (width * samples * bits).div_ceil(8);
        if row * height > most.saturating_mul(3) {
            return None;
        }
        let strip = number(278, height).clamp(1, height);
        let (places, lengths) = (self.numbers(fields, 273, height), self.numbers(fields, 279, height));
        let mut pixels = Vec::with_capacity(width * height);
        // Strips may claim to overlap; no file is read more than twice.
        let mut left = 2 * self.bytes.len();
        for (n, place) in places.iter().enumerate() {
            let rows = strip.min(height.saturating_sub(n * strip));
            let rest = self.bytes.get(*place..).unwrap_or_default();
            let length = lengths.get(n).copied().unwrap_or(rest.len()).min(rest.len()).min(left);
            if rows == 0 || length == 0 {
                break;
            }
            left -= length;
            let held = &rest[..length];
            if packed == 7 {
                let (wide, _, grey) = (self.jpeg)(&self.whole(fields, held), width * strip)?;
                let lines = grey.chunks_exact(wide.max(1)).take(rows).filter(|_| wide == width);
                lines.for_each(|line| pixels.extend_from_slice(line));
                continue;
            }
            let held = match number(266, 1) {
                2 => Cow::Owned(held.iter().map(|b| b.reverse_bits()).collect()),
                _ => Cow::Borrowed(held),
            };
            if matches!(packed, 2..=4) {
                let turned = shades == 1;
                let grey = fax::grey(&held, telefax(packed, number(292, 0), width, rows));
                pixels.extend(grey.into_iter().map(|p| if turned { 255 - p } else { p }));
                continue;
            }
            let mut raw = unpack(&held, packed, rows * row)?;
            raw.resize(rows * row, 0);
            if number(317, 1) == 2 && bits == 8 {
                for line in raw.chunks_exact_mut(row) {
                    (samples..row).for_each(|n| line[n] = line[n].wrapping_add(line[n - samples]));
                }
            }
            let top = (1u32 << bits) - 1;
            for line in raw.chunks_exact(row) {
                let sample = |n: usize| {
                    let byte = u32::from(line.get(n * bits / 8).copied().unwrap_or(0));
                    (byte >> (8 - bits - n * bits % 8) & top) * 255 / top
                };
                pixels.extend((0..width).map(|x| match (samples, shades) {
                    (3 | 4, _) => {
                        ((sample(x * samples) * 3 + sample(x * samples + 1) * 6 + sample(x * samples + 2)) / 10) as u8
                    }
                    (_, 0) => 255 - sample(x * samples) as u8,
                    _ => sample(x * samples) as u8,
                }));
            }
        }
        pixels.resize(width * height, 255);
        Some(Page { width, height, pixels })
    }
}

/// How a strip was packed as a telefax; `options` are those of T.4.
fn telefax(packed: usize, options: usize, width: usize, rows: usize) -> DecodeSettings {
    DecodeSettings {
        columns: width as u32,
        rows: rows as u32,
        end_of_block: packed == 4,
        end_of_line: packed == 3,
        rows_are_byte_aligned: packed == 2,
        encoding: match packed {
            4 => EncodingMode::Group4,
            3 if options & 1 == 1 => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        },
        strict: false,
    }
}

/// A strip unpacked, at most so many bytes of it; none where it is packed in a way that is not read.
fn unpack(held: &[u8], packed: usize, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match packed {
        1 => out.extend_from_slice(held.get(..most).unwrap_or(held)),
        5 => {
            out.resize(most, 0);
            let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
            let (mut from, mut to) = (0, 0);
            loop {
                let done = decoder.decode_bytes(&held[from..], &mut out[to..]);
                from += done.consumed_in;
                to += done.consumed_out;
                if done.consumed_in + done.consumed_out == 0 || !matches!(done.status, Ok(weezl::LzwStatus::Ok)) {
                    break;
                }
            }
            out.truncate(to);
        }
        8 | 32946 => {
            // An error after some bytes leaves those.
            let _ = flate2::read::ZlibDecoder::new(held).take(most as u64).read_to_end(&mut out);
        }
        32773 => {
            let mut rest = held;
            while let [length, after @ ..] = rest {
                if out.len() >= most {
                    break;
                }
                rest = match *length {
                    n @ 0..=127 => {
                        let (plain, after) = after.split_at(after.len().min(usize::from(n) + 1));
                        out.extend_from_slice(plain);
                        after
                    }
                    128 => after,
                    n => match after {
                        [byte, after @ ..] => {
                            out.extend(std::iter::repeat_n(*byte, 257 - usize::from(n)));
                            after
                        }
                        [] => after,
                    },
                };
            }
            out.truncate(most);
        }
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one page and one strip, its numbers as little or big ends have them.
    fn file(big: bool, fields: &[(u16, u32)], strip: &[u8]) -> Vec<u8> {
        let two = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let four = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
        let mut out = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        out.extend(four(8));
        let place = 8 + 2 + 12 * (fields.len() as u32 + 2) + 4;
        out.extend(two(fields.len() as u16 + 2));
        for &(tag, value) in fields.iter().chain(&[(273, place), (279, strip.len() as u32)]) {
            out.extend(two(tag));
            out.extend(two(4));
            out.extend(four(1));
            out.extend(four(value));
        }
        out.extend(four(0));
        out.extend(strip);
        out
    }

    fn none(_: &[u8], _: usize) -> Option<(usize, usize, Vec<u8>)> {
        None
    }

    #[test]
    fn jpeg_gets_the_tables_of_its_file() {
        let mut bytes = file(false, &[(256, 4), (257, 2), (258, 8), (259, 7), (262, 6), (347, 0)], b"\xff\xd8strip");
        // The tables stand at the end: the field of seven bytes is named where it stands.
        let (at, place) = (8 + 2 + 12 * 5, bytes.len() as u32);
        bytes.extend(b"\xff\xd8abc\xff\xd9");
        bytes[at + 2..at + 4].copy_from_slice(&7u16.to_le_bytes());
        bytes[at + 4..at + 8].copy_from_slice(&7u32.to_le_bytes());
        bytes[at + 8..at + 12].copy_from_slice(&place.to_le_bytes());
        let seen: Jpeg = |bytes, _| (bytes == b"\xff\xd8abcstrip").then(|| (4, 2, (0..8).collect()));
        assert_eq!(pages(&bytes, 100, seen), [Page { width: 4, height: 2, pixels: (0..8).collect() }]);
        assert!(pages(&bytes, 100, none).is_empty());
        let narrow: Jpeg = |_, _| Some((2, 2, vec![0; 4]));
        assert_eq!(pages(&bytes, 100, narrow)[0].pixels, [255; 8]);
    }

    #[test]
    fn pages_of_several_kinds_are_read() {
        let page = |pixels: &[u8]| vec![Page { width: 4, height: 2, pixels: pixels.to_vec() }];
        for big in [false, true] {
            let of = |fields: &[(u16, u32)], strip: &[u8]| {
                pages(&file(big, &[&[(256, 4), (257, 2)], fields].concat(), strip), 100, none)
            };
            // One bit a pixel, white is zero; the same as bytes in runs; colours packed by LZW after subtraction.
            assert_eq!(
                of(&[(258, 1), (259, 1), (262, 0)], &[0b1010_0000, 0b0001_0000]),
                page(&[0, 255, 0, 255, 255, 255, 255, 0])
            );
            assert_eq!(
                of(&[(258, 8), (259, 32773), (262, 1)], &[253, 9, 0, 7, 254, 8]),
                page(&[9, 9, 9, 9, 7, 8, 8, 8])
            );
            let grey = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
                .encode(&[1, 1, 1, 1, 9, 0, 0, 0]);
            assert_eq!(of(&[(258, 8), (259, 5), (262, 1), (317, 2)], &grey.unwrap()), page(&[1, 2, 3, 4, 9, 9, 9, 9]));
            // A telefax (T.6): a row of white above, then pixels 1 and 2 black: horizontal, white 1, black 2; vertical to the end.
            let fax = [0b1001_0001, 0b1111_1000, 0b0000_0000];
            assert_eq!(of(&[(258, 1), (259, 4), (262, 0)], &fax)[0].pixels.len(), 8);
        }
    }

    #[test]
    fn damage_gives_nothing_or_white() {
        let whole = file(false, &[(256, 40), (257, 40), (258, 1), (259, 4)], &[0xff; 30]);
        for end in 0..whole.len() {
            pages(&whole[..end], 10_000, none);
        }
        assert!(pages(&file(false, &[(256, u32::MAX), (257, u32::MAX)], b""), 1 << 20, none).is_empty());
        assert!(pages(&file(false, &[(256, 4000), (257, 4000)], b""), 100, none).is_empty());
        assert_eq!(
            pages(&file(false, &[(256, 2), (257, 2), (258, 8), (262, 1)], b"\x07"), 100, none)[0].pixels,
            [7, 0, 0, 0]
        );
    }
}
