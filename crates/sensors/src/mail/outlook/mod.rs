//! Outlook items (`.msg`, MS-OXMSG: MAPI properties in a compound file) and stores of them (`.pst`, `.ost`: [`store`])
//! written anew as RFC 5322, so that they go the way of every other message.
//!
//! You may rely on: bytes, attachments and levels are bounded; a damaged file gives what can be read of it. The header
//! is that of transport where the item holds it. Left out: what a calendar entry, a task or a contact says beyond its
//! text; named properties; signatures (the bytes that were signed are gone).

mod item;
pub mod mime;
pub mod store;

use item::Item;
use model::Skip;
use std::io::Cursor;

/// The first bytes of a compound file (MS-CFB 2.2).
pub const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How sure a compound file is an Outlook item. Its directory names the streams, but may lie beyond `head`.
pub fn recognise(head: &[u8]) -> u8 {
    let name: Vec<u8> = "__properties_version1.0".bytes().flat_map(|b| [b, 0]).collect();
    if memchr::memmem::find(head, &name).is_some() {
        return 97;
    }
    let short = |at: usize| head.get(at..at + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])));
    let sector = head.get(48..52).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let directory = (u64::from(sector) + 1) << short(30).min(16);
    // Cannot be told: reading will.
    if directory >= head.len() as u64 { 50 } else { 0 }
}

/// The message of an item, or why there is none.
pub fn message(bytes: &[u8], skips: &mut Vec<Skip>) -> Option<Vec<u8>> {
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
