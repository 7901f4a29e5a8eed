//! UDF (ECMA-167, OSTA UDF 2.60) on one partition, as programs that burn write it.

use super::{DEPTH, Disk, Found, joined, long, short, word};
use std::collections::BTreeSet;

const SECTOR: u64 = 2048;

/// The files of an image.
pub fn files(disk: &Disk, found: &mut Found) {
    volume(disk, found);
}

fn volume(disk: &Disk, found: &mut Found) -> Option<()> {
    let anchor = disk.read(256 * SECTOR, SECTOR as usize);
    if short(&anchor, 0)? != 2 {
        return None;
    }
    let from = u64::from(word(&anchor, 20)?);
    let (mut start, mut set) = (None, None);
    for sector in from..from + 64 {
        let descriptor = disk.read(sector * SECTOR, SECTOR as usize);
        match short(&descriptor, 0)? {
            5 => start = word(&descriptor, 188).map(u64::from),
            6 => set = word(&descriptor, 252).map(u64::from),
            8 => break,
            _ => {}
        }
    }
    let (start, set) = (start?, set?);
    found.known = true;
    let at = |block: u64| (start + block) * SECTOR;
    let set = disk.read(at(set), SECTOR as usize);
    let mut open = vec![(String::new(), u64::from(word(&set, 404)?), 0)];
    let mut seen = BTreeSet::new();
    while let Some((path, block, depth)) = open.pop() {
        if !seen.insert(block) || depth > DEPTH || seen.len() > super::FILES {
            continue;
        }
        let Some((folder, places)) = entry(&disk.read(at(block), SECTOR as usize), at(block), start) else { continue };
        if !folder {
            if found.file(path, places).is_break() {
                return None;
            }
            continue;
        }
        let list = places.into_iter().map(|(at, length)| found.list(disk, at, length)).collect::<Vec<_>>().concat();
        let mut n = 0;
        let mut within = Vec::new();
        while let Some(row) = list.get(n..).filter(|r| short(r, 0) == Some(257) && r.len() >= 38) {
            let (letters, used) = (usize::from(row[19]), usize::from(short(row, 36)?));
            // Deleted, or the folder above.
            if row[18] & 0xc == 0 {
                let name = row.get(38 + used..38 + used + letters).and_then(name).unwrap_or_default();
                within.push((joined(&path, &name), u64::from(word(row, 24)?), depth + 1));
            }
            n += (38 + used + letters).next_multiple_of(4);
        }
        open.extend(within.into_iter().rev());
    }
    Some(())
}

/// A file entry: whether it is a folder, and where its bytes are.
fn entry(bytes: &[u8], at: u64, start: u64) -> Option<(bool, Vec<(u64, u64)>)> {
    let (head, lengths) = match short(bytes, 0)? {
        261 => (176, 168),
        266 => (216, 208),
        _ => return None,
    };
    let from = head + word(bytes, lengths)? as usize;
    let count = word(bytes, lengths + 4)? as usize;
    let mut left = long(bytes, 56)?;
    let width = match short(bytes, 34)? & 7 {
        0 => 8,
        1 => 16,
        // Within the entry itself.
        3 => return Some((bytes[27] == 4, vec![(at + from as u64, left.min(count as u64))])),
        _ => return None,
    };
    let mut places = Vec::new();
    for extent in bytes.get(from..(from + count).min(bytes.len()))?.chunks_exact(width) {
        let length = u64::from(word(extent, 0)? & 0x3fff_ffff).min(left);
        left -= length;
        places.push(((start + u64::from(word(extent, 4)?)) * SECTOR, length));
    }
    Some((bytes[27] == 4, places))
}

/// A name of eight or sixteen bits a letter.
fn name(bytes: &[u8]) -> Option<String> {
    let (kind, letters) = bytes.split_first()?;
    Some(match kind {
        16 => super::wide(letters, u16::from_be_bytes),
        _ => letters.iter().map(|b| char::from(*b)).collect(),
    })
}
