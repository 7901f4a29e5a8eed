//! ISO 9660 (ECMA-119) and its Joliet names.

use super::{DEPTH, Disk, Found, joined, wide, word};
use std::collections::BTreeSet;

const SECTOR: u64 = 2048;

/// The files of an image, by their Joliet names where there are any.
pub fn files(disk: &Disk, found: &mut Found) {
    let (mut root, mut joliet) = (None, false);
    for sector in 16..32 {
        let volume = disk.read(sector * SECTOR, SECTOR as usize);
        if volume.get(1..6) != Some(b"CD001") || volume.first() == Some(&255) {
            break;
        }
        found.known = true;
        // UCS-2 of three levels.
        let wider = matches!(volume.get(88..91), Some(b"%/@" | b"%/C" | b"%/E"));
        match volume.first() {
            Some(1) if root.is_none() => root = place(volume.get(156..).unwrap_or_default()),
            Some(2) if wider && !joliet => (root, joliet) = (place(volume.get(156..).unwrap_or_default()), true),
            _ => {}
        }
    }
    let mut open: Vec<(String, (u64, u64), usize)> = root.map(|r| (String::new(), r, 0)).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some((folder, (at, length), depth)) = open.pop() {
        if !seen.insert(at) || depth > DEPTH || seen.len() > super::FILES {
            continue;
        }
        let list = found.list(disk, at, length);
        let mut n = 0;
        while n < list.len() {
            let length = usize::from(list[n]);
            let Some(record) = list.get(n..n + length).filter(|r| r.len() > 33) else {
                // Records do not cross sectors.
                n = (n + 1).next_multiple_of(SECTOR as usize);
                continue;
            };
            n += length;
            let name = record.get(33..33 + usize::from(record[32])).unwrap_or_default();
            if let ([0] | [1], Some(_)) | (_, None) = (name, place(record)) {
                continue;
            }
            let name = if joliet { wide(name, u16::from_be_bytes) } else { String::from_utf8_lossy(name).into_owned() };
            let name = joined(&folder, name.split(';').next().unwrap_or(&name).trim_end_matches('.'));
            let Some(place) = place(record) else { continue };
            if record[25] & 2 != 0 {
                open.push((name, place, depth + 1));
            } else if found.file(name, vec![place]).is_break() {
                return;
            }
        }
    }
}

/// Where a record's extent lies.
fn place(record: &[u8]) -> Option<(u64, u64)> {
    Some((u64::from(word(record, 2)?) * SECTOR, u64::from(word(record, 10)?)))
}
