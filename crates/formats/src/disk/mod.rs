//! Disk images (ISO 9660 with Joliet, UDF, VHD, raw disks with FAT or NTFS): the files on them, looked into as those of
//! an archive are.
//!
//! You may rely on: every place and length is held against the image, directories are visited once, files are counted.
//! Left out: VHDX, exFAT, compressed and scattered files of NTFS beyond their first run list; what was deleted.

mod fat;
mod iso;
mod ntfs;
mod udf;

use std::borrow::Cow;
use std::ops::ControlFlow;

/// Files and folders of one image, at most.
const FILES: usize = 2_000;
/// Bytes of folders and tables, at most.
const LISTS: usize = 8 << 20;
/// Folders within each other, at most.
const DEPTH: usize = 16;

/// A file on a disk: its path, and the places of its bytes in order.
#[derive(Debug, Default, PartialEq)]
pub struct File {
    /// Folders and name, `/` between them.
    pub path: String,
    places: Vec<(u64, u64)>,
}

/// What was found on a disk.
#[derive(Debug)]
pub struct Found {
    /// The files.
    pub files: Vec<File>,
    /// A file system was known.
    pub known: bool,
    /// Bounds were met, or it is damaged.
    pub cut: bool,
    /// Bytes of folders and tables that may still be read.
    left: usize,
}

impl Found {
    /// The bytes of a folder or a table at a place, as far as may still be read.
    fn list<'b>(&mut self, disk: &Disk<'b>, at: u64, length: u64) -> Cow<'b, [u8]> {
        let list = disk.read(at, usize::try_from(length).unwrap_or(self.left).min(self.left));
        self.left -= list.len();
        self.cut |= self.left == 0;
        list
    }

    fn file(&mut self, path: String, places: Vec<(u64, u64)>) -> ControlFlow<()> {
        if self.files.len() >= FILES {
            self.cut = true;
            return ControlFlow::Break(());
        }
        self.files.push(File { path, places });
        ControlFlow::Continue(())
    }
}

/// The bytes of a disk.
pub struct Disk<'b> {
    bytes: &'b [u8],
    /// Of a VHD that grows: where each block lies, in sectors, and how long a block is.
    blocks: Option<(Vec<u32>, usize)>,
}

impl<'b> Disk<'b> {
    /// The disk in an image.
    pub fn new(bytes: &'b [u8]) -> Disk<'b> {
        let plain = Disk { bytes, blocks: None };
        let footer = bytes.len().checked_sub(512).and_then(|at| bytes.get(at..)).filter(|f| f.starts_with(b"conectix"));
        let Some(footer) = footer.or(bytes.get(..512)).filter(|f| f.starts_with(b"conectix") && f[63] == 3) else {
            return plain;
        };
        let table = || {
            let header = usize::try_from(u64::from_be_bytes(footer.get(16..24)?.try_into().ok()?)).ok()?;
            let header = bytes.get(header..header.checked_add(1024)?).filter(|h| h.starts_with(b"cxsparse"))?;
            let word = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?) as usize);
            let (count, block) = (word(28)?, word(32)?);
            let at = usize::try_from(u64::from_be_bytes(header.get(16..24)?.try_into().ok()?)).ok()?;
            let rows = bytes.get(at..)?.chunks_exact(4).take(count);
            let rows = rows.map(|w| u32::from_be_bytes([w[0], w[1], w[2], w[3]])).collect();
            (block >= 512 && block % 512 == 0).then_some((rows, block))
        };
        Disk { bytes, blocks: table() }
    }

    /// So many bytes from a place, fewer where the disk ends.
    fn read(&self, at: u64, length: usize) -> Cow<'b, [u8]> {
        let Ok(at) = usize::try_from(at) else { return Cow::Borrowed(&[]) };
        let Some((blocks, block)) = &self.blocks else {
            let end = at.saturating_add(length).min(self.bytes.len());
            return Cow::Borrowed(self.bytes.get(at..end).unwrap_or_default());
        };
        let mut out = Vec::new();
        while out.len() < length {
            let here = at.saturating_add(out.len());
            let Some(sector) = blocks.get(here / block) else { break };
            let some = (length - out.len()).min(block - here % block);
            // A bitmap of its sectors stands before each block; a block that is nowhere is zeros.
            let start = *sector as usize * 512 + (block / 512).div_ceil(8).next_multiple_of(512) + here % block;
            match self.bytes.get(start..start.saturating_add(some)) {
                Some(bytes) if *sector != u32::MAX => out.extend_from_slice(bytes),
                _ => out.resize(out.len() + some, 0),
            }
        }
        Cow::Owned(out)
    }

    /// The bytes of a file, at most so many.
    pub fn contents(&self, file: &File, most: usize) -> Cow<'b, [u8]> {
        match &file.places[..] {
            [] => Cow::Borrowed(&[]),
            [(at, length)] => self.read(*at, usize::try_from(*length).unwrap_or(most).min(most)),
            many => {
                let mut out = Vec::new();
                for (at, length) in many {
                    let left = most - out.len();
                    out.extend_from_slice(&self.read(*at, usize::try_from(*length).unwrap_or(left).min(left)));
                }
                Cow::Owned(out)
            }
        }
    }

    /// The files on it.
    pub fn files(&self) -> Found {
        let mut found = Found { files: Vec::new(), known: false, cut: false, left: LISTS };
        iso::files(self, &mut found);
        if found.files.is_empty() {
            udf::files(self, &mut found);
        }
        if !found.known {
            // The disk itself, or the four partitions of its first sector.
            let first = self.read(0, 512);
            let mut starts = vec![0];
            if first.get(510..) == Some(&[0x55, 0xaa]) {
                starts.extend((0..4).filter_map(|n| word(&first, 446 + 16 * n + 8)).map(|s| u64::from(s) * 512));
            }
            // GPT (UEFI 5.3): entries of 128 bytes from the third sector on.
            let table = self.read(1024, 16 * 128);
            if self.read(512, 8).as_ref() == b"EFI PART" {
                starts.extend(table.chunks_exact(128).filter_map(|e| long(e, 32)).filter_map(|s| s.checked_mul(512)));
            }
            starts.sort_unstable();
            starts.dedup();
            for start in starts {
                fat::files(self, start, &mut found);
                ntfs::files(self, start, &mut found);
            }
        }
        found
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// UTF-16, as either end first, up to a NUL.
fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|p| unit([p[0], p[1]])).take_while(|u| *u != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests;
