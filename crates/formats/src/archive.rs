//! Archives that are not opened: RAR 4 and 5, 7z, CAB. Their headers say what they hold and what is locked.
//!
//! You may rely on: *locked* is said of what needs a password, by its own records, and of nothing else; a header that
//! is itself locked gives no names. Left out: what is compressed in them; 7z headers packed by
//! another method than LZMA.

use crate::rar::{self, headers::headers};
use std::io::Read;

/// Members listed, at most.
const MEMBERS: usize = 1_000;
/// Bytes of a 7z header, at most.
const HEADER: usize = 1 << 20;

/// What the headers of an archive say.
#[derive(Debug, Default, PartialEq)]
pub struct Archive<'b> {
    /// A password is needed for the list of members or for members.
    pub locked: bool,
    /// Members: the name, and the bytes where they stand as they are.
    pub members: Vec<(String, Option<&'b [u8]>)>,
    /// Damaged, or not to be understood.
    pub damaged: bool,
}

/// Reads the headers of an archive of these kinds.
pub fn read(bytes: &[u8]) -> Option<Archive<'_>> {
    let mut archive = Archive::default();
    let read = match bytes {
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => rar(bytes, &mut archive),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => seven(bytes, &mut archive),
        [b'M', b'S', b'C', b'F', ..] => cabinet(bytes, &mut archive),
        _ => return None,
    };
    archive.damaged = read.is_none();
    Some(archive)
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let mut wide = [0; 8];
    wide[..N].copy_from_slice(bytes.get(at..at.checked_add(N)?)?);
    usize::try_from(u64::from_le_bytes(wide)).ok()
}

/// RAR, by the headers that whoever unpacks it reads too.
fn rar<'b>(bytes: &'b [u8], archive: &mut Archive<'b>) -> Option<()> {
    let (headers, damage) = headers(bytes, MEMBERS);
    archive.locked = damage == Some(rar::LOCKED) || headers.iter().any(|h| h.locked);
    for h in headers.into_iter().filter(|h| !h.folder) {
        let plain = h.stored && !h.locked && !h.split && !h.link;
        archive.members.push((h.name, plain.then_some(h.packed)));
    }
    (damage != Some(rar::DAMAGED)).then_some(())
}

/// The coder of AES-256 in 7z, and those of LZMA and LZMA2 with the length of their settings.
const AES: [u8; 4] = [0x06, 0xf1, 0x07, 0x01];
const LZMA: [u8; 5] = [0x23, 0x03, 0x01, 0x01, 0x05];
const LZMA2: [u8; 3] = [0x21, 0x21, 0x01];

/// The end header of 7z, unpacked where it is packed.
fn seven(bytes: &[u8], archive: &mut Archive<'_>) -> Option<()> {
    let (from, length) = (number::<8>(bytes, 12)?, number::<8>(bytes, 20)?);
    let from = from.checked_add(32)?;
    let header = bytes.get(from..from.checked_add(length)?)?;
    let holds = |header: &[u8], what: &[u8]| memchr::memmem::find(header, what).is_some();
    let unpacked;
    let header = match header.first()? {
        1 => header,
        0x17 if holds(header, &AES) => {
            archive.locked = true;
            return Some(());
        }
        0x17 => {
            unpacked = unpack(bytes, header)?;
            &unpacked[..]
        }
        _ => return None,
    };
    archive.locked = holds(header, &AES);
    let names = names(header)?;
    archive.members = names.into_iter().map(|n| (n, None)).collect();
    Some(())
}

/// Unpacks a header packed by LZMA: where it lies, how long it is, by which coder, how long it becomes.
fn unpack(bytes: &[u8], header: &[u8]) -> Option<Vec<u8>> {
    let mut at = 2;
    let start = (header.get(1) == Some(&6)).then(|| seven_bits(header, &mut at))??;
    at += 2;
    let length = seven_bits(header, &mut at)?;
    let start = usize::try_from(start).ok()?.checked_add(32)?;
    let packed = bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)?;
    let after = |coder: &[u8]| memchr::memmem::find(header, coder).map(|n| n + coder.len());
    let (coder, length) = after(&LZMA).map(|n| (n, 5)).or_else(|| after(&LZMA2).map(|n| (n, 1)))?;
    at = coder + length + 1;
    let size = seven_bits(header, &mut at)?.min(HEADER as u64);
    let mut out = Vec::new();
    // No back-reference goes further than what there is. Damage leaves what came before it.
    if length == 5 {
        let dictionary = number::<4>(header, coder + 1)?.clamp(4096, HEADER) as u32;
        let reader =
            lzma_rust2::LzmaReader::new_with_props(packed, size, *header.get(coder)?, dictionary, None).ok()?;
        let _ = reader.take(size).read_to_end(&mut out);
    } else {
        let _ = lzma_rust2::Lzma2Reader::new(packed, HEADER as u32, None).take(size).read_to_end(&mut out);
    }
    (out.first() == Some(&1)).then_some(out)
}

/// A number whose first byte says how many follow (7zFormat.txt).
fn seven_bits(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let first = *bytes.get(*at)?;
    let more = first.leading_ones() as usize;
    let rest = bytes.get(*at + 1..*at + 1 + more)?;
    *at += 1 + more;
    let low = rest.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
    let high = if more < 7 { u64::from(first) & ((1 << (7 - more)) - 1) } else { 0 };
    Some(low | high.checked_shl(8 * more as u32).unwrap_or(0))
}

/// The names: property 17 of the list of files, known by its form (a size, no other stream, ends with NUL).
fn names(header: &[u8]) -> Option<Vec<String>> {
    let mut left = 4 * HEADER;
    for found in memchr::memchr_iter(17, header) {
        let mut at = found + 1;
        let Some(size) = seven_bits(header, &mut at).and_then(|s| usize::try_from(s).ok()) else { continue };
        let Some([0, text @ ..]) = at.checked_add(size).and_then(|end| header.get(at..end)) else { continue };
        if text.len() < 4 || text.len() % 2 != 0 || !text.ends_with(&[0, 0]) {
            continue;
        }
        left = left.checked_sub(text.len())?;
        let units = text.chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]]));
        let Ok(text) = char::decode_utf16(units).collect::<Result<String, _>>() else { continue };
        let names: Vec<String> = text.trim_end_matches('\0').split('\0').take(MEMBERS).map(str::to_string).collect();
        if names.iter().all(|n| !n.is_empty() && !n.chars().any(char::is_control)) {
            return Some(names);
        }
    }
    None
}

/// Cabinets (MS-CAB): the list of files.
fn cabinet(bytes: &[u8], archive: &mut Archive<'_>) -> Option<()> {
    let (mut at, count) = (number::<4>(bytes, 16)?, number::<2>(bytes, 28)?);
    for _ in 0..count.min(MEMBERS) {
        let name = bytes.get(at + 16..(at + 16 + 256).min(bytes.len()))?;
        let end = memchr::memchr(0, name)?;
        archive.members.push((String::from_utf8_lossy(&name[..end]).into_owned(), None));
        at += 16 + end + 1;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], locked: bool, names: &[&str]) {
        let archive = read(bytes).unwrap();
        let found: Vec<&str> = archive.members.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!((archive.locked, &found[..], archive.damaged), (locked, names, false));
        for cut in 0..bytes.len() {
            read(&bytes[..cut]);
        }
    }

    /// A header of RAR 5: kind, flags and the rest.
    fn header(rest: &[u8]) -> Vec<u8> {
        [&[0, 0, 0, 0, rest.len() as u8][..], rest].concat()
    }

    #[test]
    fn rar_is_locked_where_its_records_say_so() {
        let magic = b"Rar!\x1a\x07\x01\0";
        let main = header(&[1, 0, 0]);
        // File: flags (extra 3 bytes, data 2 bytes), no times, stored, host, name.
        let file = |extra: &[u8], method: u8| {
            let rest = [&[2, 3, extra.len() as u8, 2, 0, 2, 0x20, method, 0, 4][..], b"a.js", extra].concat();
            [&header(&rest)[..], b"xy"].concat()
        };
        let end = header(&[5, 0, 0]);
        check(&[&magic[..], &main, &file(&[2, 3, 0], 0), &end].concat(), false, &["a.js"]);
        let plain = [&magic[..], &main, &file(&[2, 3, 0], 0), &end].concat();
        assert_eq!(read(&plain).unwrap().members[0].1, Some(&b"xy"[..]));
        check(&[&magic[..], &main, &file(&[2, 1, 0], 0), &end].concat(), true, &["a.js"]);
        check(&[&magic[..], &header(&[4, 0, 0])[..], b"\x8f\x01secret"].concat(), true, &[]);
        let four = |main: u8, file: u8| {
            let mut out = b"Rar!\x1a\x07\0".to_vec();
            out.extend([0, 0, 0x73, main, 0, 13, 0, 0, 0, 0, 0, 0, 0]);
            let mut head = vec![0, 0, 0x74, file, 0x80, 36, 0];
            head.extend([0; 18]);
            head.extend([0x33, 4, 0, 0, 0, 0, 0]);
            head[7] = 2;
            out.extend([&head[..], b"b.js", b"xy"].concat());
            out
        };
        check(&four(0, 0), false, &["b.js"]);
        check(&four(0, 4), true, &["b.js"]);
        check(&four(0x80, 0), true, &[]);
    }

    #[test]
    fn seven_zip_is_locked_where_its_coder_says_so() {
        let with = |coder: &[u8]| {
            let name: Vec<u8> = "c.js\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let header = [&[1, 4, 6, 0, 7, 11, 1, 0, 1][..], coder, &[0, 0, 5, 1, 17, 11, 0], &name, &[0, 0]].concat();
            let mut out = b"7z\xbc\xaf\x27\x1c\0\x04\0\0\0\0".to_vec();
            out.extend([&0u64.to_le_bytes()[..], &(header.len() as u64).to_le_bytes(), &[0; 4], &header].concat());
            out
        };
        check(&with(&[0x21, 0x21]), false, &["c.js"]);
        check(&with(&[0x24, 0x06, 0xf1, 0x07, 0x01]), true, &["c.js"]);
    }

    #[test]
    fn numbers_of_two_kinds() {
        let mut at = 0;
        assert_eq!(seven_bits(&[0x81, 0x02], &mut at), Some(0x102));
    }
}
