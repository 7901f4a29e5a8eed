//! RAR archives (2.9 to 4, and 5): their members, unpacked.
//!
//! Written from the format as RARLAB's note on RAR 5 and independent readers (libarchive, BSD-2-Clause; The Unarchiver)
//! describe it; nothing here is of RARLAB's UnRAR source, whose licence forbids what is made of it to be free. The crate `rars`
//! was read and not taken: its comments name constants and flags of that source. You may rely on: what comes out is checked
//! against its checksum; a window is as long as what is held, and no longer. Left out: passwords, parts of volumes, packings
//! before 2.9, the text model (PPMd), filter programs that are not the packer's own: these are listed with the reason.

mod bits;
mod filter;
mod five;
mod three;

use crate::meter::Meter;
use crate::walk::{HELD, Held};
use model::Time;

const DAMAGED: &str = "archive that is cut short or damaged";
const UNREAD: &str = "packed by a method that is not read";
const LOCKED: &str = "encrypted: no password was given";
const VOLUME: &str = "part of a volume that is not whole here";
const CHECK: &str = "what came out is not what its checksum says";
/// Members listed, at most.
const MEMBERS: usize = 100_000;

/// What unpacking keeps from member to member.
#[derive(Default)]
struct State {
    window: Vec<u8>,
    five: five::Tables,
    three: three::Tables,
    /// A member of the run was not unpacked: what rests on it cannot be either.
    broken: bool,
}

/// A member, as its header says.
#[derive(Default, Debug)]
struct Header<'b> {
    name: String,
    modified: Option<Time>,
    packed: &'b [u8],
    size: Option<u64>,
    crc: Option<u32>,
    stored: bool,
    solid: bool,
    locked: bool,
    split: bool,
    folder: bool,
    /// The packing is one that is read, and which.
    packing: Option<Packing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Three,
    Five,
}

/// The members of an archive, and what was wrong with it.
pub fn members(bytes: &[u8], meter: &Meter) -> (Vec<Held>, Option<&'static str>) {
    let mut headers = Vec::new();
    let read = match bytes {
        [b'R', b'a', b'r', b'!', 0x1a, 7, 1, ..] => version_5(bytes, &mut headers),
        _ => version_4(bytes, &mut headers),
    };
    let damage = read.unwrap_or(Some(DAMAGED));
    let (mut state, mut left) = (State::default(), HELD);
    let mut members = Vec::new();
    for header in headers.into_iter().filter(|h| !h.folder) {
        let body = body(&header, &mut state, &mut left, meter);
        members.push((header.name.chars().take(1024).collect(), header.modified, body));
    }
    (members, damage)
}

fn body(header: &Header, state: &mut State, left: &mut u64, meter: &Meter) -> Result<Vec<u8>, &'static str> {
    const FULL: &str = "an archive holds more than is read at once";
    let unpacked = unpacked(header, state, *left, meter);
    // What a run of members rests on is broken where one of them is, until the next that rests on nothing.
    if !header.stored {
        state.broken = unpacked.is_err();
    }
    let unpacked = unpacked?;
    let mut crc = flate2::Crc::new();
    crc.update(&unpacked);
    if header.crc.is_some_and(|expected| expected != crc.sum()) {
        return Err(CHECK);
    }
    *left = left.checked_sub(unpacked.len() as u64).ok_or(FULL)?;
    Ok(unpacked)
}

fn unpacked(header: &Header, state: &mut State, left: u64, meter: &Meter) -> Result<Vec<u8>, &'static str> {
    const FULL: &str = "an archive holds more than is read at once";
    if header.locked {
        return Err(LOCKED);
    }
    if header.split {
        return Err(VOLUME);
    }
    let size = header.size.ok_or(UNREAD)?;
    if size > left || meter.item().is_err() || meter.work(size).is_err() {
        return Err(FULL);
    }
    let size = usize::try_from(size).map_err(|_| FULL)?;
    if header.stored {
        return header.packed.get(..size).map(<[u8]>::to_vec).ok_or(DAMAGED);
    }
    if header.solid && state.broken {
        return Err("packed on what another member holds, which could not be read");
    }
    if header.solid && state.window.len() as u64 + size as u64 > HELD {
        return Err(FULL);
    }
    // Where an archive is not solid, nothing is looked back to beyond the member.
    let from = if header.solid { state.window.len() } else { 0 };
    let filters = match header.packing.ok_or(UNREAD)? {
        Packing::Five => five::unpack(header.packed, size, header.solid, state)?,
        Packing::Three => three::unpack(header.packed, size, header.solid, state)?,
    };
    let mut out = state.window[from..].to_vec();
    filter::turn(&mut out, from, &filters);
    Ok(out)
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
fn version_5<'b>(bytes: &'b [u8], headers: &mut Vec<Header<'b>>) -> Option<Option<&'static str>> {
    let mut at = 8;
    while headers.len() < MEMBERS && at < bytes.len() {
        let mut here = at + 4;
        let size = usize::try_from(variable(bytes, &mut here)?).ok()?;
        let end = here.checked_add(size).filter(|e| size > 0 && *e <= bytes.len())?;
        let head = bytes.get(..end)?;
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
            5 => return Some(None),
            _ => {}
        }
        at = after;
    }
    Some(None)
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
    // Records: 1 says that it is encrypted, 3 keeps times, 5 that it is a link or a copy of another.
    for _ in 0..20 {
        let mut at = 0;
        let Some(size) = variable(records, &mut at).and_then(|s| usize::try_from(s).ok()) else { break };
        let Some(record) = at.checked_add(size).and_then(|end| records.get(at..end)) else { break };
        let mut inside = 0;
        match variable(record, &mut inside) {
            Some(1) => header.locked = true,
            Some(3) => header.modified = time_5(record, inside).or(header.modified),
            Some(5) => header.folder = true,
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
fn version_4<'b>(bytes: &'b [u8], headers: &mut Vec<Header<'b>>) -> Option<Option<&'static str>> {
    let mut at = 7;
    let mut whole_solid = false;
    while headers.len() < MEMBERS && at < bytes.len() {
        let (kind, flags) = (*bytes.get(at + 2)?, number::<2>(bytes, at + 3)?);
        let size = number::<2>(bytes, at + 5)? as usize;
        let end = at.checked_add(size).filter(|e| size >= 7 && *e <= bytes.len())?;
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
                    packing: matches!(version, 29 | 36).then_some(Packing::Three),
                });
            }
            0x7b => return Some(None),
            _ => {}
        }
        at = end.checked_add(usize::try_from(more).ok()?)?;
    }
    Some(None)
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
    use model::Budget;

    /// Bits from the highest on.
    fn bits(all: &[(u32, usize)]) -> Vec<u8> {
        let digits: String = all.iter().map(|(value, n)| format!("{value:0n$b}")).collect();
        let byte = |c: &[u8]| c.iter().enumerate().map(|(n, b)| (b - b'0') << (7 - n)).sum();
        digits.as_bytes().chunks(8).map(byte).collect()
    }

    /// A block of RAR 5 in which every byte has a code of eight bits, and these symbols behind them.
    fn block(text: &[u8]) -> Vec<u8> {
        // Lengths of codes: 8 and a run of zeros have one bit each.
        let mut all: Vec<(u32, usize)> = (0..20).map(|n| (u32::from(n == 8 || n == 19), 4)).collect();
        all.extend([(0, 1); 256]);
        all.extend([(1, 1), (127, 7), (1, 1), (25, 7)]);
        all.extend(text.iter().map(|b| (u32::from(*b), 8)));
        let used = all.iter().map(|(_, n)| n).sum::<usize>();
        let body = bits(&all);
        let flags = 0x80 | 0x40 | 1 << 3 | ((used - 1) % 8) as u8;
        let length = (body.len() as u16).to_le_bytes();
        [&[flags, 0x5a ^ flags ^ length[0] ^ length[1]][..], &length, &body].concat()
    }

    fn five(packed: &[u8], text: &[u8], method: u8) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(text);
        let number = |n: usize| [n as u8 | 0x80, (n >> 7) as u8];
        let rest = [&[2, 2][..], &number(packed.len()), &[4], &number(text.len()), &[0x20], &crc.sum().to_le_bytes()];
        let rest = [&rest.concat()[..], &number(usize::from(method) << 7), &[0, 5], b"a.txt"].concat();
        [&b"Rar!\x1a\x07\x01\0\0\0\0\0\x03\x01\0\0\0\0\0\0"[..], &[rest.len() as u8], &rest, packed].concat()
    }

    #[test]
    fn members_come_out_and_are_checked() {
        let text = b"Nobody knows of the account.";
        let meter = || Meter::new(Budget::default());
        for (packed, method) in [(text.to_vec(), 0), (block(text), 3)] {
            let bytes = five(&packed, text, method);
            let (members, damage) = members(&bytes, &meter());
            assert_eq!((members.len(), damage), (1, None), "{method}");
            assert_eq!((&*members[0].0, members[0].2.as_deref()), ("a.txt", Ok(&text[..])), "{method}");
            let last = bytes.len() - 1;
            let flipped: Vec<u8> = bytes.iter().enumerate().map(|(n, b)| b ^ u8::from(n == last)).collect();
            assert_ne!(super::members(&flipped, &meter()).0[0].2.as_deref(), Ok(&text[..]));
            (0..bytes.len()).for_each(|cut| drop(super::members(&bytes[..cut], &meter())));
        }
    }

    #[test]
    fn names_of_rar_4_tell_unicode_from_plain_letters() {
        assert_eq!(name_4(b"a\\b.txt", false), "a/b.txt");
        // One plain letter, one of the page above, the rest as it stands.
        assert_eq!(name_4(b"x?y.txt\0\x04\x1c\x78\x33\x03", true), "x\u{433}y.txt");
    }
}
