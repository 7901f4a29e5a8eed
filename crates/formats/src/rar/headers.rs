//! Headers of RAR archives, of 2.9 to 4 and of 5: what members there are, and what each says of itself.
//!
//! You may rely on: this is the one reader of them, for whoever unpacks and for whoever only lists; a header that is not what its
//! checksum says is read and said. Left out: comments and streams beside members (service headers).

use super::{DAMAGED, LOCKED};
use model::Time;

const HEADER: &str = "archive with a header that is not what its checksum says";
const MANY: &str = "archive with more members than are listed";

/// A member, as its header says.
#[derive(Default, Debug)]
pub struct Header<'b> {
    /// Its name.
    pub name: String,
    /// When it was last changed.
    pub modified: Option<Time>,
    /// Its packed bytes.
    pub packed: &'b [u8],
    /// How long it is, where that is said.
    pub size: Option<u64>,
    /// The checksum of what comes out.
    pub crc: Option<u32>,
    /// Its BLAKE2sp, which RAR 5 may have in place of it.
    pub blake2sp: Option<[u8; 32]>,
    /// It stands as it is.
    pub stored: bool,
    /// It rests on the members before it.
    pub solid: bool,
    /// A password is needed.
    pub locked: bool,
    /// It goes on in another volume.
    pub split: bool,
    /// It is a folder.
    pub folder: bool,
    /// It is a link to another file, or a copy of another member.
    pub link: bool,
    /// The packing is one that is read, and which.
    pub packing: Option<Packing>,
}

/// A packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// That of 2.9 to 4.
    Three,
    /// That of 5.
    Five,
}

/// The headers of an archive, at most so many members, and what was wrong with it.
pub fn headers(bytes: &[u8], most: usize) -> (Vec<Header<'_>>, Option<&'static str>) {
    let mut all = Vec::new();
    let read = match bytes {
        [b'R', b'a', b'r', b'!', 0x1a, 7, 1, ..] => version_5(bytes, most, &mut all),
        _ => version_4(bytes, most, &mut all),
    };
    (all, read.unwrap_or(Some(DAMAGED)))
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let mut wide = [0; 8];
    wide[..N].copy_from_slice(bytes.get(at..at.checked_add(N)?)?);
    Some(u64::from_le_bytes(wide))
}

/// A number of seven bits a byte, the lowest first.
fn variable(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for n in 0..10 {
        let b = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(b & 0x7f).checked_shl(7 * n).unwrap_or(0);
        if b & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Headers of RAR 5; what is wrong beyond what was read.
fn version_5<'b>(bytes: &'b [u8], most: usize, headers: &mut Vec<Header<'b>>) -> Option<Option<&'static str>> {
    let mut at = 8;
    let mut wrong = None;
    while headers.len() < most && at < bytes.len() {
        let mut here = at + 4;
        let size = usize::try_from(variable(bytes, &mut here)?).ok()?;
        let end = here.checked_add(size).filter(|e| size > 0 && *e <= bytes.len())?;
        let head = bytes.get(..end)?;
        if number::<4>(bytes, at)? != u64::from(crc(bytes.get(at + 4..end)?)) {
            wrong = Some(HEADER);
        }
        let (kind, flags) = (variable(head, &mut here)?, variable(head, &mut here)?);
        let extra = if flags & 1 != 0 { usize::try_from(variable(head, &mut here)?).ok()? } else { 0 };
        let length = if flags & 2 != 0 { usize::try_from(variable(head, &mut here)?).ok()? } else { 0 };
        let after = end.checked_add(length)?;
        match kind {
            4 => return Some(Some(LOCKED)),
            2 => {
                let records = head.get(end.checked_sub(extra)?..)?;
                headers.push(file_5(head, here, flags, records, bytes.get(end..after.min(bytes.len()))?)?);
            }
            5 => return Some(wrong),
            _ => {}
        }
        at = after;
    }
    Some(wrong.or((at < bytes.len()).then_some(MANY)))
}

fn file_5<'b>(head: &[u8], mut here: usize, flags: u64, mut records: &[u8], packed: &'b [u8]) -> Option<Header<'b>> {
    let about = variable(head, &mut here)?;
    let size = variable(head, &mut here)?;
    variable(head, &mut here)?;
    let mut header = Header {
        packed,
        folder: about & 1 != 0,
        size: (about & 8 == 0).then_some(size),
        split: flags & 0x18 != 0,
        ..Header::default()
    };
    if about & 2 != 0 {
        let seconds = number::<4>(head, here)?;
        header.modified = Some(Time::from_seconds(seconds as i64));
        here += 4;
    }
    if about & 4 != 0 {
        header.crc = Some(number::<4>(head, here)? as u32);
        here += 4;
    }
    let packing = variable(head, &mut here)?;
    (header.stored, header.solid) = (packing >> 7 & 7 == 0, packing & 0x40 != 0);
    header.packing = (packing & 0x3f == 0).then_some(Packing::Five);
    variable(head, &mut here)?;
    let name = usize::try_from(variable(head, &mut here)?).ok()?;
    header.name = String::from_utf8_lossy(head.get(here..here.checked_add(name)?)?).into_owned();
    // Records: 1 says that it is encrypted, 2 is a hash, 3 keeps times, 5 says that it is a link or a copy of another.
    for _ in 0..20 {
        let mut at = 0;
        let Some(size) = variable(records, &mut at).and_then(|s| usize::try_from(s).ok()) else { break };
        let Some(record) = at.checked_add(size).and_then(|end| records.get(at..end)) else { break };
        let mut inside = 0;
        match variable(record, &mut inside) {
            Some(1) => header.locked = true,
            Some(3) => header.modified = time_5(record, inside).or(header.modified),
            // The kind of hash; 0 is BLAKE2sp.
            Some(2) if variable(record, &mut inside) == Some(0) => {
                header.blake2sp = record.get(inside..).and_then(|hash| hash.try_into().ok());
            }
            Some(5) => header.link = true,
            _ => {}
        }
        records = &records[at + size..];
    }
    Some(header)
}

/// The time of the last change, if it is kept: by Unix's clock, or in tenths of microseconds since 1601.
fn time_5(record: &[u8], mut at: usize) -> Option<Time> {
    let flags = variable(record, &mut at)?;
    match (flags & 2 != 0, flags & 1 != 0) {
        (false, _) => None,
        (true, true) => Some(Time::from_seconds(number::<4>(record, at)? as i64)),
        (true, false) => file_time(number::<8>(record, at)?),
    }
}

/// Tenths of microseconds since 1601.
fn file_time(ticks: u64) -> Option<Time> {
    let since = ticks.checked_sub(116_444_736_000_000_000)?;
    i64::try_from(since / 10).ok().map(Time)
}

/// Headers of RAR 2.9 to 4.
fn version_4<'b>(bytes: &'b [u8], most: usize, headers: &mut Vec<Header<'b>>) -> Option<Option<&'static str>> {
    let mut at = 7;
    let mut whole_solid = false;
    let mut wrong = None;
    while headers.len() < most && at < bytes.len() {
        let (kind, flags) = (*bytes.get(at + 2)?, number::<2>(bytes, at + 3)?);
        let size = number::<2>(bytes, at + 5)? as usize;
        let end = at.checked_add(size).filter(|e| size >= 7 && *e <= bytes.len())?;
        // A comment of an archive before 2.9 stands within the header of what it is about, behind all that is counted. What else
        // is of those days (0x75 to 0x79) is counted in other ways and not read.
        let counted = match kind {
            0x73 if flags & 2 != 0 => at.checked_add(13)?,
            0x74 if flags & 8 != 0 => at.checked_add(32 + number::<2>(bytes, at + 26)? as usize)?,
            _ => end,
        };
        let sum = || Some(u64::from(crc(bytes.get(at + 2..counted.min(end))?) & 0xffff));
        if !matches!(kind, 0x75..=0x79) && number::<2>(bytes, at)? != sum()? {
            wrong = Some(HEADER);
        }
        let mut more = if flags & 0x8000 != 0 || kind == 0x74 { number::<4>(bytes, at + 7)? } else { 0 };
        match kind {
            0x73 if flags & 0x80 != 0 => return Some(Some(LOCKED)),
            0x73 => whole_solid = flags & 8 != 0,
            0x74 => {
                let head = bytes.get(at..end)?;
                let long = flags & 0x100 != 0;
                let mut size = number::<4>(head, 11)?;
                if long {
                    more |= number::<4>(head, 32)? << 32;
                    size |= number::<4>(head, 36)? << 32;
                }
                let begin: usize = if long { 40 } else { 32 };
                let name = head.get(begin..begin.checked_add(number::<2>(head, 26)? as usize)?)?;
                let after = end.checked_add(usize::try_from(more).ok()?)?;
                let (version, method) = (*head.get(24)?, *head.get(25)?);
                headers.push(Header {
                    name: name_4(name, flags & 0x200 != 0),
                    modified: dos_time(number::<4>(head, 20)?),
                    packed: bytes.get(end..after.min(bytes.len()))?,
                    size: Some(size),
                    crc: Some(number::<4>(head, 16)? as u32),
                    stored: method == 0x30,
                    solid: whole_solid && flags & 0x10 != 0,
                    locked: flags & 4 != 0,
                    split: flags & 3 != 0,
                    folder: flags & 0xe0 == 0xe0,
                    blake2sp: None,
                    // Packed under Unix, by the kind of its mode.
                    link: *head.get(15)? == 3 && number::<4>(head, 28)? & 0o170_000 == 0o120_000,
                    packing: matches!(version, 29 | 36).then_some(Packing::Three),
                });
            }
            0x7b => return Some(wrong),
            _ => {}
        }
        at = end.checked_add(usize::try_from(more).ok()?)?;
    }
    Some(wrong.or((at < bytes.len()).then_some(MANY)))
}

/// The clock on the packer's wall, taken for UTC: no zone is kept.
fn dos_time(stamp: u64) -> Option<Time> {
    let part = |from: u64, bits: u64| (stamp >> from & ((1 << bits) - 1)) as i8;
    let date = jiff::civil::Date::new(1980 + i16::from(part(25, 7)), part(21, 4), part(16, 5)).ok()?;
    let time = jiff::civil::Time::new(part(11, 5), part(5, 6), (part(0, 5) * 2).min(59), 0).ok()?;
    Some(date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}

/// A name: plain, or plain and, behind a NUL, what tells Unicode from it.
fn name_4(name: &[u8], unicode: bool) -> String {
    let (plain, told) = match name.iter().position(|b| *b == 0) {
        Some(n) => (&name[..n], &name[n + 1..]),
        None => (name, &[][..]),
    };
    if !unicode || told.is_empty() {
        return String::from_utf8_lossy(plain).replace('\\', "/");
    }
    let mut units: Vec<u16> = Vec::new();
    let mut told = told.iter().copied();
    let high = u16::from(told.next().unwrap_or(0)) << 8;
    'all: while units.len() < 2_048 {
        let Some(flags) = told.next() else { break };
        for shift in [6, 4, 2, 0] {
            let Some(byte) = told.next() else { break 'all };
            match flags >> shift & 3 {
                0 => units.push(u16::from(byte)),
                1 => units.push(high | u16::from(byte)),
                2 => units.push(u16::from(byte) | u16::from(told.next().unwrap_or(0)) << 8),
                _ => {
                    let by = if byte & 0x80 != 0 { told.next() } else { None };
                    for _ in 0..(byte & 0x7f) as usize + 2 {
                        let Some(own) = plain.get(units.len()) else { break };
                        units.push(match by {
                            Some(by) => high | u16::from(own.wrapping_add(by)),
                            None => u16::from(*own),
                        });
                    }
                }
            }
        }
    }
    String::from_utf16_lossy(&units).replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of RAR 4: kind, flags, what follows its length; `counted` bytes of it are in its checksum.
    fn old(kind: u8, flags: u16, rest: &[u8], counted: usize) -> Vec<u8> {
        let head = [&[kind][..], &flags.to_le_bytes(), &(rest.len() as u16 + 7).to_le_bytes(), rest].concat();
        [&(crc(&head[..counted - 2]) as u16).to_le_bytes()[..], &head].concat()
    }

    #[test]
    fn comments_of_old_archives_are_not_counted_and_links_are_links() {
        let file = |mode: u32, comment: &[u8]| {
            let mut rest = [&[0; 4][..], &[0; 4], &[3], &[0; 4], &[0; 4], &[20, 0x30], &5u16.to_le_bytes()].concat();
            rest.extend([&mode.to_le_bytes()[..], b"a.txt", comment].concat());
            old(0x74, if comment.is_empty() { 0 } else { 8 }, &rest, 37)
        };
        let main = old(0x73, 2, &[&[0; 6][..], b"a comment"].concat(), 13);
        let check = |parts: &[Vec<u8>], links: &[bool], wrong: bool| {
            let bytes =
                [&[&b"Rar!\x1a\x07\0"[..]], &parts.iter().map(Vec::as_slice).collect::<Vec<_>>()[..]].concat().concat();
            let (all, said) = headers(&bytes, 10);
            assert_eq!(all.iter().map(|h| h.link).collect::<Vec<_>>(), links);
            assert_eq!(said, wrong.then_some(HEADER));
        };
        check(&[main.clone(), file(0o100_644, b"another"), file(0o120_777, b"")], &[false, true], false);
        let mut flipped = file(0o100_644, b"another");
        flipped[20] ^= 1;
        check(&[main, flipped], &[false], true);
    }

    #[test]
    fn numbers_and_names() {
        assert_eq!(variable(&[0x81, 0x01], &mut 0), Some(129));
        assert_eq!(variable(&[0xff; 12], &mut 0), None);
        assert_eq!(name_4(b"a\\b.txt", false), "a/b.txt");
        // One plain letter, one of the page above, the rest as it stands.
        assert_eq!(name_4(b"x?y.txt\0\x04\x1c\x78\x33\x03", true), "x\u{433}y.txt");
    }
}
