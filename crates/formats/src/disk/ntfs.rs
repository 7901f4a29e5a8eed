//! NTFS: names and places in the records of its file table.

use super::{Disk, Found, long, short, word};

/// Records looked at.
const RECORDS: u64 = 8_192;

/// The files of a volume that begins at a place, if it is one.
pub fn files(disk: &Disk, start: u64, found: &mut Found) {
    volume(disk, start, found);
}

fn volume(disk: &Disk, start: u64, found: &mut Found) -> Option<()> {
    let boot = disk.read(start, 512);
    if boot.get(3..11)? != b"NTFS    " {
        return None;
    }
    found.known = true;
    let sector = u64::from(short(&boot, 11)?);
    let cluster = sector * u64::from(*boot.get(13)?);
    let size = match *boot.get(64)? as i8 {
        n @ -16..=-8 => 1usize << -n,
        n @ 1.. => usize::try_from(cluster * n as u64).ok()?,
        _ => return None,
    };
    if cluster == 0 || !(512..=65_536).contains(&size) {
        return None;
    }
    let at = start.checked_add(long(&boot, 48)?.checked_mul(cluster)?)?;
    let table = record(found.list(disk, at, size as u64).into_owned(), at, start, cluster)?;
    let each = size as u64;
    let mut left = RECORDS;
    for (at, length) in table.places {
        for n in 0..(length / each).min(left) {
            left -= 1;
            let Some(at) = at.checked_add(n * each).filter(|_| found.left > 0) else { break };
            let Some(record) = record(found.list(disk, at, each).into_owned(), at, start, cluster) else { continue };
            // The system's own files begin with `$`.
            if let Some(name) = record.name.filter(|n| !n.starts_with('$') && n != ".")
                && record.file
                && found.file(name, record.places).is_break()
            {
                return None;
            }
        }
    }
    found.cut |= left == 0;
    Some(())
}

#[derive(Default)]
struct Record {
    name: Option<String>,
    /// In use, and no folder.
    file: bool,
    places: Vec<(u64, u64)>,
}

fn record(mut bytes: Vec<u8>, at: u64, start: u64, cluster: u64) -> Option<Record> {
    if !bytes.starts_with(b"FILE") {
        return None;
    }
    // The last two bytes of each sector stand in a list of their own.
    let (list, count) = (usize::from(short(&bytes, 4)?), usize::from(short(&bytes, 6)?));
    for n in 1..count {
        if let (Some(kept), Some(end)) = (short(&bytes, list + 2 * n), bytes.get_mut(512 * n - 2..512 * n)) {
            end.copy_from_slice(&kept.to_le_bytes());
        }
    }
    let mut record = Record { file: short(&bytes, 22)? & 3 == 1, ..Record::default() };
    let mut here = usize::from(short(&bytes, 20)?);
    while let (Some(kind), Some(length)) = (word(&bytes, here), word(&bytes, here + 4)) {
        let Some(attribute) = bytes.get(here..here + length as usize).filter(|a| a.len() >= 24) else { break };
        let content = usize::from(short(attribute, 20)?);
        match (kind, attribute[8], attribute[9]) {
            // A name; those for DOS alone are not wanted.
            (0x30, 0, _) => {
                let name = attribute.get(content..)?;
                if name.get(65) != Some(&2) {
                    let text = name.get(66..66 + 2 * usize::from(*name.get(64)?))?;
                    record.name = Some(super::wide(text, u16::from_le_bytes));
                }
            }
            (0x80, 0, 0) => record.places = vec![(at + (here + content) as u64, u64::from(word(attribute, 16)?))],
            (0x80, _, 0) => {
                let runs = attribute.get(usize::from(short(attribute, 32)?)..).unwrap_or_default();
                record.places = places(runs, long(attribute, 48)?, start, cluster);
            }
            _ => {}
        }
        here += length as usize;
    }
    Some(record)
}

/// A run list: how long each run is, and where it begins from the one before.
fn places(mut runs: &[u8], mut length: u64, start: u64, cluster: u64) -> Vec<(u64, u64)> {
    let (mut places, mut at) = (Vec::new(), 0i64);
    while let Some(&head) = runs.first().filter(|h| **h != 0) {
        let (wide, far) = (usize::from(head & 15), usize::from(head >> 4));
        let Some(run) = runs.get(1..1 + wide + far).filter(|_| wide <= 8 && far <= 8) else { break };
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let signed = match run[wide..].last() {
            Some(top) if top & 0x80 != 0 && far < 8 => number(&run[wide..]) | !0 << (8 * far),
            _ => number(&run[wide..]),
        };
        at = at.wrapping_add(signed as i64);
        let here = u64::try_from(at).ok().and_then(|c| c.checked_mul(cluster)).and_then(|a| a.checked_add(start));
        let long = number(&run[..wide]).saturating_mul(cluster).min(length);
        if let Some(here) = here.filter(|_| far > 0 && places.len() < 1_000) {
            places.push((here, long));
        }
        length -= long;
        runs = runs.get(1 + wide + far..).unwrap_or_default();
    }
    places
}
