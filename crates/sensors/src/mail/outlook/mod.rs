//! Outlook items (`.msg`, MS-OXMSG: MAPI properties in a compound file; `winmail.dat`: [`tnef`]) and stores of them (`.pst`,
//! `.ost`: [`store`])
//! written anew as RFC 5322, so that they go the way of every other message.
//!
//! You may rely on: bytes, attachments and levels are bounded; a damaged file gives what can be read of it. The header
//! is that of transport where the item holds it. Left out: what a calendar entry, a task or a contact says beyond its
//! text; named properties; signatures (the bytes that were signed are gone).

mod item;
pub mod mime;
pub mod store;
pub mod tnef;

use item::Item;
use model::Skip;
use std::io::Cursor;

/// The first bytes of a compound file (MS-CFB 2.2).
pub const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The class of an Outlook item, which its root bears (MS-OXMSG 2.1).
const CLASS: [u8; 16] = [0x0b, 0x0d, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// How sure a compound file is an Outlook item. Its directory names the streams, but may lie beyond `head`, or go on there.
pub fn recognise(head: &[u8]) -> u8 {
    let names = ["__properties_version1.0", "__nameid_version1.0", "__substg1.0_", "__recip_version1.0"];
    let wide = |name: &str| name.bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
    if names.iter().any(|n| memchr::memmem::find(head, &wide(n)).is_some()) {
        return 97;
    }
    let short = |at: usize| head.get(at..at + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])));
    let sector = head.get(48..52).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let directory = (u64::from(sector) + 1) << short(30).min(16);
    match usize::try_from(directory).ok().and_then(|at| head.get(at..at.checked_add(128)?)) {
        Some(root) if root[80..96] == CLASS => 97,
        // A document names its own streams first: it is whole here, or says what it is.
        Some(root) if root[80..96] != [0; 16] => 0,
        Some(_) if head.len() < 64 << 10 => 0,
        // Cannot be told: reading will.
        _ => 50,
    }
}

/// The message of what an attachment wraps, where it is an item or holds one (`.msg`, `winmail.dat`). What Outlook wrapped
/// in a `winmail.dat` is the message itself that brought it under this header.
pub fn wrapped(bytes: &[u8], header: &[u8], skips: &mut Vec<Skip>) -> Option<Vec<u8>> {
    if bytes.starts_with(&tnef::MAGIC) {
        let mut item = tnef::read(bytes, 0)?;
        if !header.is_empty() {
            item.came_under(header);
        }
        return Some(mime::write(&item));
    }
    (bytes.starts_with(&MAGIC) && recognise(bytes) > 50).then(|| message(bytes, skips)).flatten()
}

/// The message of an item, or why there is none.
pub fn message(bytes: &[u8], skips: &mut Vec<Skip>) -> Option<Vec<u8>> {
    if bytes.starts_with(&tnef::MAGIC) {
        return wrapped(bytes, b"", skips);
    }
    let mut skip = |reason: &str| skips.push(Skip { reason: reason.into(), count: 1, first: 0, line: 0 });
    let Ok(mut file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        skip("damaged compound file");
        return None;
    };
    if !file.is_stream("/__properties_version1.0") {
        skip("compound file that is no Outlook item");
        return None;
    }
    let mut room = item::Room::new(bytes.len());
    let item = Item::read(&mut file, "/", item::Level::Message, &mut room);
    if room.cut {
        skip("more of an Outlook item than is read");
    }
    Some(mime::write(&item))
}
