//! 7z archives: their members in the order in which they are packed.
//!
//! You may rely on: dictionaries are bounded, what comes out is counted as it comes. Left out: passwords; codecs
//! other than LZMA, LZMA2, copies, deltas and branch filters.

use crate::archive;
use crate::meter::{Counted, Meter};
use crate::walk::{HELD, Held};
use model::Time;
use sevenz_rust2::{ArchiveReader, EntryDecision, Error, NtTime, Password};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

/// KiB of memory for one dictionary.
const DICTIONARY: usize = 256 << 10;
const LOCKED: &str = "encrypted: no password was given";

/// The members of an archive, and what was wrong with it.
pub fn members(bytes: &[u8], meter: &Meter) -> (Vec<Held>, Option<&'static str>) {
    let locked = || archive::read(bytes).is_some_and(|a| a.locked);
    let opened = ArchiveReader::new_with_memory_limit(Cursor::new(bytes), Password::empty(), DICTIONARY);
    let Ok(mut reader) = opened else {
        return (Vec::new(), Some(if locked() { LOCKED } else { "archive that cannot be read" }));
    };
    reader.set_thread_count(1);
    let (mut members, mut left) = (Vec::<Held>::new(), HELD);
    let read = reader.for_each_entries_with_decision(|entry, body| {
        if entry.is_directory() {
            return Ok(EntryDecision::Continue);
        }
        if left == 0 {
            return Ok(EntryDecision::Stop);
        }
        let mut out = Vec::new();
        let done = Counted::layer(body, meter).take(left).read_to_end(&mut out);
        left -= out.len() as u64;
        let modified = entry.has_last_modified_date.then(|| time(entry.last_modified_date()));
        let failed = done.is_err();
        let body = if left == 0 { Err("an archive holds more than is read at once") } else { Ok(out) };
        members.push((entry.name().chars().take(1024).collect(), modified, body));
        Ok(if failed { EntryDecision::Stop } else { EntryDecision::Continue })
    });
    let listed = reader.archive().files.iter().filter(|f| !f.is_directory()).count();
    let damage = match read {
        Err(Error::PasswordRequired) => Some(LOCKED),
        Err(_) if locked() => Some(LOCKED),
        Err(Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_)) => {
            Some("packed by a method that is not read")
        }
        Err(_) => Some("archive that is cut short or damaged"),
        Ok(()) => None,
    };
    if members.len() < listed {
        // What was not reached is listed by name all the same.
        let why = damage.unwrap_or("an archive holds more than is read at once");
        let known: BTreeSet<String> = members.iter().map(|(name, ..)| name.clone()).collect();
        let rest = reader.archive().files.iter().filter(|f| !f.is_directory() && !known.contains(f.name()));
        members.extend(rest.take(1_000).map(|f| (f.name().to_string(), None, Err(why))));
        return (members, None);
    }
    (members, damage)
}

fn time(time: NtTime) -> Time {
    let since = u64::from(time).saturating_sub(u64::from(NtTime::UNIX_EPOCH));
    Time(i64::try_from(since / 10).unwrap_or(i64::MAX))
}
