//! RAR archives (2.9 to 4, and 5): their members, unpacked.
//!
//! Written from the format as RARLAB's note on RAR 5 and independent readers (libarchive, BSD-2-Clause; The Unarchiver)
//! describe it; nothing here is of RARLAB's UnRAR source, whose licence forbids what is made of it to be free. The crate `rars`
//! was read and not taken: its comments name constants and flags of that source. You may rely on: what comes out is checked
//! against its checksum; a window is as long as what is held, and no longer. Left out: passwords, parts of volumes, packings
//! before 2.9, the text model (PPMd), filter programs that are not the packer's own: these are listed with the reason.

mod bits;
mod blake2sp;
mod filter;
mod five;
pub mod headers;
mod three;

use crate::meter::Meter;
use crate::walk::{HELD, Held};
use headers::{Header, Packing, headers};

pub const DAMAGED: &str = "archive that is cut short or damaged";
const UNREAD: &str = "packed by a method that is not read";
pub const LOCKED: &str = "encrypted: no password was given";
const VOLUME: &str = "part of a volume that is not whole here";
const UNCHECKED: &str = "archive with members that have no checksum: nothing vouches for what came out of them";
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

/// The members of an archive, and what was wrong with it.
pub fn members(bytes: &[u8], meter: &Meter) -> (Vec<Held>, Option<&'static str>) {
    let (headers, damage) = headers(bytes, MEMBERS);
    let (mut state, mut left) = (State::default(), HELD);
    let (mut members, mut unchecked) = (Vec::new(), false);
    for header in headers.into_iter().filter(|h| !h.folder) {
        let body = body(&header, &mut state, &mut left, meter);
        // Nothing vouches for what comes out without a checksum; a flaw of the archive as a whole is said first.
        unchecked |= body.is_ok() && header.crc.is_none() && header.blake2sp.is_none();
        members.push((header.name.chars().take(1024).collect(), header.modified, body));
    }
    (members, damage.or(unchecked.then_some(UNCHECKED)))
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
    if header.crc.is_some_and(|expected| expected != crc.sum())
        || header.blake2sp.is_some_and(|expected| expected != blake2sp::of(&unpacked))
    {
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
    if header.link {
        return Err("a link to a file, or a copy of another member: not followed");
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
    filter::turn(&mut out, from, &filters)?;
    Ok(out)
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

    /// A header of RAR 5 with its checksum.
    fn headed(rest: &[u8]) -> Vec<u8> {
        let all = [&[rest.len() as u8][..], rest].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&all);
        [&crc.sum().to_le_bytes()[..], &all].concat()
    }

    /// The same without checksum, or with BLAKE2sp in its place.
    fn unchecked(text: &[u8], hash: Option<[u8; 32]>) -> Vec<u8> {
        let extra: Vec<u8> = hash.iter().flat_map(|h| [&[34, 2, 0][..], h].concat()).collect();
        let number = |n: usize| [n as u8 | 0x80, (n >> 7) as u8];
        let flags = 2 | u8::from(hash.is_some());
        let mut rest = vec![2, flags];
        rest.extend(hash.map(|_| extra.len() as u8));
        rest.extend([&number(text.len())[..], &[0], &number(text.len()), &[0x20, 0, 0, 5], b"a.txt", &extra].concat());
        [&b"Rar!\x1a\x07\x01\0"[..], &headed(&[1, 0, 0]), &headed(&rest), text].concat()
    }

    #[test]
    fn what_nothing_vouches_for_is_said() {
        let text = b"Nobody knows of the account.";
        let read = |bytes: &[u8]| {
            let (all, damage) = members(bytes, &Meter::new(Budget::default()));
            (all[0].2.clone(), damage)
        };
        assert_eq!(read(&unchecked(text, None)), (Ok(text.to_vec()), Some(UNCHECKED)));
        assert_eq!(read(&unchecked(text, Some(blake2sp::of(text)))), (Ok(text.to_vec()), None));
        assert_eq!(read(&unchecked(text, Some([7; 32]))), (Err(CHECK), None));
        let mut flipped = five(text, text, 0);
        // The host in the header of the file.
        let place = flipped.windows(5).position(|w| w == b"a.txt").unwrap() - 2;
        flipped[place] ^= 1;
        let (body, damage) = read(&flipped);
        assert!(body.is_ok() && damage.is_some_and(|d| d.contains("checksum")), "{damage:?}");
    }

    fn five(packed: &[u8], text: &[u8], method: u8) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(text);
        let number = |n: usize| [n as u8 | 0x80, (n >> 7) as u8];
        let rest = [&[2, 2][..], &number(packed.len()), &[4], &number(text.len()), &[0x20], &crc.sum().to_le_bytes()];
        let rest = [&rest.concat()[..], &number(usize::from(method) << 7), &[0, 5], b"a.txt"].concat();
        [&b"Rar!\x1a\x07\x01\0"[..], &headed(&[1, 0, 0]), &headed(&rest), packed].concat()
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
}
