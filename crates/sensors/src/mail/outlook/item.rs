//! The properties of an item, its recipients and attachments (MS-OXPROPS), and how a `.msg` keeps them (MS-OXMSG 2).

use formats::charset;
use model::Time;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Recipients, and attachments, of one item, at most.
pub const MANY: usize = 1_000;
/// Items within each other, at most.
pub const LEVELS: u32 = 16;

/// What may still be read.
pub struct Room {
    bytes: usize,
    level: u32,
    /// Something was left out.
    pub cut: bool,
}

impl Room {
    /// For a file of so many bytes: chains of sectors may cross, so more could be read than there is.
    pub fn new(bytes: usize) -> Room {
        Room { bytes: bytes.saturating_mul(2), level: 0, cut: false }
    }
}

/// What a storage is of; its list of properties begins after a header of its own length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The item of the file.
    Message,
    /// An item within it.
    Embedded,
    /// A recipient or an attachment.
    Other,
}

/// An item, a recipient or an attachment.
#[derive(Default)]
pub struct Item {
    /// Values by property id: type and bytes.
    values: BTreeMap<u16, (u16, Vec<u8>)>,
    /// Its recipients.
    pub recipients: Vec<Item>,
    /// Its attachments.
    pub attachments: Vec<Item>,
    /// Of an attachment: the item it is.
    pub item: Option<Box<Item>>,
    /// The charset of its 8-bit strings.
    charset: &'static [u8],
}

type File<'b> = cfb::CompoundFile<Cursor<&'b [u8]>>;

impl Item {
    /// Reads a storage.
    pub fn read(file: &mut File, path: &str, level: Level, room: &mut Room) -> Item {
        let mut item = Item::default();
        let Ok(entries) = file.read_storage(path) else { return item };
        let entries: Vec<(String, bool)> =
            entries.take(20 * MANY).map(|e| (e.name().to_string(), e.is_stream())).collect();
        for (name, is_stream) in entries {
            let inner = format!("{}/{name}", path.trim_end_matches('/'));
            if is_stream {
                if name == "__properties_version1.0" {
                    let skip = match level {
                        Level::Message => 32,
                        Level::Embedded => 24,
                        Level::Other => 8,
                    };
                    item.fixed(stream(file, &inner, room).get(skip..).unwrap_or_default());
                } else if let Some((id, kind)) = tag(&name) {
                    item.values.insert(id, (kind, stream(file, &inner, room)));
                }
                continue;
            }
            if name.starts_with("__recip_version1.0_") && item.recipients.len() < MANY {
                item.recipients.push(Item::read(file, &inner, Level::Other, room));
            } else if name.starts_with("__attach_version1.0_") && item.attachments.len() < MANY {
                item.attachments.push(Item::read(file, &inner, Level::Other, room));
            } else if tag(&name) == Some((0x3701, 0x000d)) {
                if room.level >= LEVELS {
                    room.cut = true;
                    continue;
                }
                room.level += 1;
                item.item = Some(Box::new(Item::read(file, &inner, Level::Embedded, room)));
                room.level -= 1;
            }
        }
        item.coded();
        item
    }

    /// An item of properties found elsewhere: id, type, bytes.
    pub fn of(values: impl IntoIterator<Item = (u16, u16, Vec<u8>)>) -> Item {
        let values = values.into_iter().map(|(id, kind, bytes)| (id, (kind, bytes))).collect();
        let mut item = Item { values, ..Item::default() };
        item.coded();
        item
    }

    /// Gives it the header of transport (PidTagTransportMessageHeaders) of what brought it.
    pub fn came_under(&mut self, header: &[u8]) {
        self.values.insert(0x007d, (0x001e, header.to_vec()));
    }

    /// Takes the charset of its 8-bit strings from PidTagMessageCodepage or PidTagInternetCodepage.
    fn coded(&mut self) {
        self.charset = charset::codepage(self.long(0x3ffd).or(self.long(0x3fde)).unwrap_or(1252));
    }

    /// Properties of fixed length: sixteen bytes each, tag, flags, value.
    fn fixed(&mut self, list: &[u8]) {
        for row in list.chunks_exact(16).take(20 * MANY) {
            let kind = u16::from_le_bytes([row[0], row[1]]);
            let id = u16::from_le_bytes([row[2], row[3]]);
            if matches!(kind, 0x0003 | 0x000b | 0x0040) {
                self.values.entry(id).or_insert((kind, row[8..16].to_vec()));
            }
        }
    }

    /// A text.
    pub fn text(&self, id: u16) -> Option<String> {
        let (kind, bytes) = self.values.get(&id)?;
        let text = match kind {
            0x001f => charset::decode(b"utf-16le", bytes),
            0x001e => charset::decode(self.charset, bytes),
            _ => return None,
        };
        Some(text.trim_end_matches('\0').to_string()).filter(|t| !t.is_empty())
    }

    /// Bytes, or a text as they stand.
    pub fn bytes(&self, id: u16) -> Option<&[u8]> {
        self.values.get(&id).filter(|(kind, _)| *kind == 0x0102).map(|(_, bytes)| &bytes[..])
    }

    /// A number.
    pub fn long(&self, id: u16) -> Option<u32> {
        let (kind, bytes) = self.values.get(&id)?;
        let four = bytes.get(..4)?;
        (*kind == 0x0003).then(|| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    }

    /// An instant: hundreds of nanoseconds since 1601 (MS-DTYP 2.3.3).
    pub fn time(&self, id: u16) -> Option<Time> {
        let (kind, bytes) = self.values.get(&id)?;
        let ticks = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
        let micros = i64::try_from(ticks / 10).ok()?.checked_sub(11_644_473_600_000_000)?;
        (*kind == 0x0040 && micros > 0).then_some(Time(micros))
    }

    /// The charset of its 8-bit strings.
    pub fn charset(&self) -> &'static [u8] {
        self.charset
    }
}

fn stream(file: &mut File, path: &str, room: &mut Room) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(stream) = file.open_stream(path) {
        room.cut |= stream.len() > room.bytes as u64;
        // A chain of sectors that breaks off gives what came before.
        let _ = stream.take(room.bytes as u64).read_to_end(&mut bytes);
    }
    room.bytes -= bytes.len().min(room.bytes);
    bytes
}

/// `__substg1.0_` with property id and type.
fn tag(name: &str) -> Option<(u16, u16)> {
    let tag = name.strip_prefix("__substg1.0_").filter(|t| t.len() == 8)?;
    let tag = u32::from_str_radix(tag, 16).ok()?;
    Some(((tag >> 16) as u16, tag as u16))
}
