//! Property sets (MS-OLEPS) as compound files keep them, also where the file around them is damaged: found by their format
//! id, read as far as they go.

use super::{About, date};
use crate::charset;

/// Of summary information, and of document summary information.
const SUMMARY: [u8; 16] = [0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 8, 0, 0x2b, 0x27, 0xb3, 0xd9];
const DOCUMENT: [u8; 16] = [2, 0xd5, 0xcd, 0xd5, 0x9c, 0x2e, 0x1b, 0x10, 0x93, 0x97, 8, 0, 0x2b, 0x2c, 0xf9, 0xae];
const CUSTOM: [u8; 16] = [5, 0xd5, 0xcd, 0xd5, 0x9c, 0x2e, 0x1b, 0x10, 0x93, 0x97, 8, 0, 0x2b, 0x2c, 0xf9, 0xae];
/// Properties of one set.
const PROPERTIES: usize = 500;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Whether a stream is a property set.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xfe, 0xff]) && bytes.len() >= 48
}

/// Reads a stream of property sets.
pub fn read(bytes: &[u8], about: &mut About) {
    let sets = word(bytes, 24).unwrap_or(0).min(4) as usize;
    for n in 0..sets {
        let at = 28 + 20 * n;
        let (Some(id), Some(offset)) = (bytes.get(at..at + 16), word(bytes, at + 16)) else { return };
        section(bytes, offset as usize, id, about);
    }
}

/// Looks for property sets anywhere in a file whose tables are damaged.
pub fn scavenge(bytes: &[u8], about: &mut About) {
    for id in [SUMMARY, DOCUMENT] {
        for at in memchr::memmem::find_iter(bytes, &id).take(8) {
            if let Some(set) = at.checked_sub(28).and_then(|start| bytes.get(start..)).filter(|s| is_one(s)) {
                read(set, about);
            }
        }
    }
}

enum Value {
    Text(String),
    Number(i64),
    Time(u64),
}

fn section(bytes: &[u8], start: usize, id: &[u8], about: &mut About) {
    let Some(set) = bytes.get(start..) else { return };
    let count = word(set, 4).unwrap_or(0) as usize;
    let places =
        (0..count.min(PROPERTIES)).map_while(|n| Some((word(set, 8 + 8 * n)?, word(set, 12 + 8 * n)? as usize)));
    let places: Vec<(u32, usize)> = places.collect();
    let page = places.iter().find(|(id, _)| *id == 1).and_then(|(_, at)| word(set, at + 4)).unwrap_or(1252) & 0xffff;
    let summary = id == SUMMARY;
    if id == CUSTOM || !summary && id != DOCUMENT {
        return;
    }
    for (property, at) in places {
        let Some(value) = value(set, at, page) else { continue };
        let name = match (summary, property) {
            (true, 2) => "title",
            (true, 3) => "subject",
            (true, 4) => "author",
            (true, 5) => "keywords",
            (true, 6) => "description",
            (true, 7) => "template",
            (true, 8) => "last_modified_by",
            (true, 9) => "revision",
            (true, 10) => {
                if let Value::Time(t) = value {
                    about.say("edit_minutes", &(t / 600_000_000).to_string());
                }
                continue;
            }
            (true, 11) => "printed",
            (true, 12) => "created",
            (true, 13) => "modified",
            (true, 14) => "pages",
            (true, 15) => "words",
            (true, 18) => "application",
            (false, 2) => "category",
            (false, 14) => "manager",
            (false, 15) => "company",
            (false, 23) => {
                if let Value::Number(n) = value {
                    about.say("application_version", &format!("{}.{:04}", n >> 16, n & 0xffff));
                }
                continue;
            }
            _ => continue,
        };
        match value {
            Value::Text(text) => about.say(name, &text),
            Value::Number(n) => about.say(name, &n.to_string()),
            Value::Time(t) => about.say(name, &date::filetime(t).unwrap_or_default()),
        }
    }
}

fn value(set: &[u8], at: usize, page: u32) -> Option<Value> {
    let body = at.checked_add(4)?;
    Some(match word(set, at)? & 0xffff {
        2 => Value::Number(i64::from(word(set, body)? as u16 as i16)),
        3 => Value::Number(i64::from(word(set, body)? as i32)),
        64 => Value::Time(u64::from(word(set, body)?) | u64::from(word(set, body + 4)?) << 32),
        30 => {
            let length = word(set, body)? as usize;
            let text = set.get(body + 4..(body + 4).checked_add(length)?.min(set.len()))?;
            let text = match page {
                1200 => utf16(text),
                65001 => String::from_utf8_lossy(text).into_owned(),
                _ => charset::decode(charset::codepage(page), text).into_owned(),
            };
            Value::Text(text.split('\0').next().unwrap_or_default().to_string())
        }
        31 => {
            let length = (word(set, body)? as usize).checked_mul(2)?;
            let text = set.get(body + 4..(body + 4).checked_add(length)?.min(set.len()))?;
            Value::Text(utf16(text).split('\0').next().unwrap_or_default().to_string())
        }
        _ => return None,
    })
}

/// Text in units of sixteen bits.
pub fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    String::from_utf16_lossy(&units)
}
