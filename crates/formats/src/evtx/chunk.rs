//! One block: its records, one behind another.

use super::binxml::Reader;
use super::{Found, RECORD, Record};
use memchr::memmem;

/// Bytes before the first record.
const FIRST: usize = 512;
/// Bytes of a record before what it says.
const HEAD: usize = 24;

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Reads a block that begins at this byte of the file.
pub fn read(bytes: &[u8], start: u64, found: &mut dyn FnMut(Found)) {
    // Behind the free space stand records that were written over.
    let free = number(bytes, 48).map_or(0, |n| n as usize);
    let end = if (FIRST..=bytes.len()).contains(&free) { free } else { bytes.len() };
    let mut reader = Reader::new(bytes);
    let mut at = FIRST;
    while at + HEAD + 4 <= end {
        let place = start + at as u64;
        if bytes[at..at + 4] != *RECORD {
            let next = memmem::find(&bytes[at..end], RECORD);
            if bytes[at..end].iter().any(|b| *b != 0) {
                found(Found::Damage("bytes between records", place));
            }
            match next {
                Some(next) => at += next,
                None => return,
            }
            continue;
        }
        let size = number(bytes, at + 4).map_or(0, |n| n as usize);
        let whole = size >= HEAD + 4 && at + size <= bytes.len() && number(bytes, at + size - 4) == Some(size as u32);
        if !whole {
            found(Found::Damage("record whose size is wrong or that is cut short", place));
            at += RECORD.len();
            continue;
        }
        match reader.record(at + HEAD, at + size - 4) {
            Ok(root) => found(Found::Record(Box::new(Record {
                id: long(bytes, at + 8).unwrap_or(0),
                written: long(bytes, at + 16).unwrap_or(0),
                start: place,
                len: size as u64,
                root,
            }))),
            Err(why) => found(Found::Damage(why, place)),
        }
        at += size;
    }
}
