//! One block: its records, one behind another.

use super::binxml::Reader;
use super::{BLOCK, CHUNK, Found, RECORD, Record, looks};
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

/// Reads a block that begins at this byte of the file, for no more than this work, of which it gives back the rest. `whole`
/// says that the next block stands where it must. Where it does not and this block is broken off, gives where another begins
/// within: no whole record stands across, for a mark within a record is a text that somebody had written down.
pub fn read(bytes: &[u8], start: u64, whole: bool, work: &mut usize, found: &mut dyn FnMut(Found)) -> Option<usize> {
    let next = |from: usize| if whole { None } else { within(bytes, from) };
    let mut begins = next(CHUNK.len());
    if begins.is_some_and(|at| at < FIRST) {
        return begins;
    }
    // Behind the free space stand records that were written over.
    let free = number(bytes, 48).map_or(0, |n| n as usize);
    let end = if (FIRST..=bytes.len()).contains(&free) { free } else { bytes.len() };
    let mut reader = Reader::new(bytes, *work);
    let mut at = FIRST;
    let mut told = 0u64;
    while at + HEAD + 4 <= end {
        let place = start + at as u64;
        if bytes[at..at + 4] != *RECORD {
            let mark = memmem::find(&bytes[at..end], RECORD).map(|n| at + n);
            let until = mark.unwrap_or(end);
            if bytes[at..until].iter().any(|b| *b != 0) {
                found(Found::Damage("bytes between records", place));
            }
            if begins.is_some_and(|b| b < until) {
                break;
            }
            match mark {
                Some(mark) => at = mark,
                None => break,
            }
            continue;
        }
        let size = number(bytes, at + 4).map_or(0, |n| n as usize);
        let whole = size >= HEAD + 4 && at + size <= bytes.len() && number(bytes, at + size - 4) == Some(size as u32);
        if !whole {
            found(Found::Damage("record whose size is wrong or that is cut short", place));
            told += 1;
            at += RECORD.len();
            continue;
        }
        let id = long(bytes, at + 8).unwrap_or(0);
        told += 1;
        match reader.record(at + HEAD, at + size - 4) {
            Ok(root) => found(Found::Record(Box::new(Record {
                id,
                written: long(bytes, at + 16).unwrap_or(0),
                start: place,
                len: size as u64,
                root,
            }))),
            Err(why) => found(Found::Damage(why, place)),
        }
        at += size;
        if begins.is_some_and(|b| b < at) {
            begins = next(at);
        }
    }
    *work = reader.work;
    // What the block says it holds, by the numbers of its records, or of the log: one of the two is right in honest blocks.
    let said = |first: usize| {
        let (first, last) = (long(bytes, first)?, long(bytes, first + 8)?);
        let count = last.checked_sub(first)?.checked_add(1)?;
        (count <= (BLOCK / (HEAD + 4)) as u64).then_some(count)
    };
    let said = [8, 24].into_iter().filter_map(said).min().unwrap_or(0);
    if said > told {
        found(Found::Missing("record that its block counts and that is not there", said - told, start));
    }
    begins
}

/// Where another block begins within one, if it does.
fn within(bytes: &[u8], mut from: usize) -> Option<usize> {
    while let Some(found) = memmem::find(bytes.get(from..)?, CHUNK) {
        let at = from + found;
        if looks(&bytes[at..]) {
            return Some(at);
        }
        from = at + CHUNK.len();
    }
    None
}
