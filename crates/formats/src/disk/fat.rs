//! FAT12, FAT16 and FAT32 with long names (Microsoft's FAT specification 1.03).

use super::{DEPTH, Disk, Found, joined, short, word};
use std::cell::Cell;
use std::collections::BTreeSet;

/// Clusters followed on one volume, and of one file.
const CLUSTERS: usize = 200_000;
const CHAIN: usize = 16_384;

struct Volume<'d, 'b> {
    disk: &'d Disk<'b>,
    table: u64,
    data: u64,
    cluster: u64,
    clusters: u64,
    /// Clusters that may still be followed.
    left: Cell<usize>,
}

/// The files of a volume that begins at a place, if it is one.
pub fn files(disk: &Disk, start: u64, found: &mut Found) {
    volume(disk, start, found);
}

fn volume(disk: &Disk, start: u64, found: &mut Found) -> Option<()> {
    let boot = disk.read(start, 512);
    if boot.get(510..)? != [0x55, 0xaa] || !matches!(boot[0], 0xeb | 0xe9) {
        return None;
    }
    let number = |at: usize| short(&boot, at).map(u64::from);
    let (sector, each, reserved) = (number(11)?, u64::from(boot[13]), number(14)?);
    let (tables, root) = (u64::from(boot[16]), number(17)?);
    let length = match number(22)? {
        0 => u64::from(word(&boot, 36)?),
        n => n,
    };
    let total = match number(19)? {
        0 => u64::from(word(&boot, 32)?),
        n => n,
    };
    if !matches!(sector, 512 | 1024 | 2048 | 4096) || !each.is_power_of_two() || !matches!(tables, 1 | 2) || length == 0
    {
        return None;
    }
    let list = start.checked_add((reserved + tables * length) * sector)?;
    let data = list + (root * 32).next_multiple_of(sector);
    let clusters = (total * sector).checked_sub(data - start)? / (each * sector);
    let volume = Volume {
        disk,
        table: start + reserved * sector,
        data,
        cluster: each * sector,
        clusters,
        left: Cell::new(CLUSTERS),
    };
    found.known = true;
    let first = if root == 0 { volume.chain(u64::from(word(&boot, 44)?)) } else { vec![(list, root * 32)] };
    let mut open = vec![(String::new(), first, 0)];
    let mut seen = BTreeSet::new();
    while let Some((folder, places, depth)) = open.pop() {
        if depth > DEPTH || !places.first().is_some_and(|p| seen.insert(p.0)) || seen.len() > super::FILES {
            continue;
        }
        let mut long: Vec<(u8, Vec<u8>)> = Vec::new();
        for (at, length) in places {
            let list = found.list(disk, at, length);
            for entry in list.chunks_exact(32) {
                match (entry[0], entry[11]) {
                    (0, _) => break,
                    (0xe5, _) => long.clear(),
                    (n, 0x0f) => long.push((n & 0x3f, [&entry[1..11], &entry[14..26], &entry[28..32]].concat())),
                    (_, kind) => {
                        let name = name(entry, &mut long);
                        if kind & 8 != 0 || matches!(name.as_str(), "." | "..") {
                            continue;
                        }
                        let first = u64::from(short(entry, 20)?) << 16 | u64::from(short(entry, 26)?);
                        let mut places = volume.chain(first);
                        if kind & 0x10 != 0 {
                            open.push((joined(&folder, &name), places, depth + 1));
                            continue;
                        }
                        clip(&mut places, u64::from(word(entry, 28)?));
                        if found.file(joined(&folder, &name), places).is_break() {
                            return None;
                        }
                    }
                }
            }
        }
    }
    Some(())
}

/// A long name, or the short one.
fn name(entry: &[u8], long: &mut Vec<(u8, Vec<u8>)>) -> String {
    let mut parts = std::mem::take(long);
    if !parts.is_empty() {
        parts.sort_by_key(|p| p.0);
        let name = super::wide(&parts.into_iter().flat_map(|p| p.1).collect::<Vec<_>>(), u16::from_le_bytes);
        return name.trim_end_matches('\u{ffff}').to_string();
    }
    let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_string();
    let (stem, extension) = (part(&entry[..8]), part(&entry[8..11]));
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

/// Cuts places to a length.
fn clip(places: &mut Vec<(u64, u64)>, mut length: u64) {
    for place in places.iter_mut() {
        place.1 = place.1.min(length);
        length -= place.1;
    }
    places.retain(|p| p.1 > 0);
}

impl Volume<'_, '_> {
    /// The places of a chain of clusters.
    fn chain(&self, mut cluster: u64) -> Vec<(u64, u64)> {
        let mut places: Vec<(u64, u64)> = Vec::new();
        for _ in 0..CHAIN.min(self.left.get()) {
            self.left.set(self.left.get() - 1);
            if cluster < 2 || cluster - 2 >= self.clusters {
                break;
            }
            let at = self.data + (cluster - 2) * self.cluster;
            match places.last_mut() {
                Some(last) if last.0 + last.1 == at => last.1 += self.cluster,
                _ => places.push((at, self.cluster)),
            }
            let next = |at: u64, width: usize| {
                let mut wide = [0; 8];
                let bytes = self.disk.read(self.table + at, width);
                wide[..bytes.len()].copy_from_slice(&bytes);
                u64::from_le_bytes(wide)
            };
            cluster = match self.clusters {
                ..4085 => next(cluster + cluster / 2, 2) >> (4 * (cluster & 1)) & 0xfff,
                4085..65525 => next(2 * cluster, 2),
                _ => next(4 * cluster, 4) & 0x0fff_ffff,
            };
        }
        places
    }
}
