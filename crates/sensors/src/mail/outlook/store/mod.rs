//! Outlook stores (`.pst`, `.ost`; MS-PST): every message of every folder, deleted ones among them, in the order of
//! their numbers.
//!
//! You may rely on: one message is held at a time, with at most [`MESSAGE`] bytes; all of them together cost no more
//! than a few times the file; damage costs what it hits. The walk is over all nodes, so that a message which no folder
//! lists any more is read as well. Left out: contacts, calendars, tasks (they are counted); named properties; what was
//! deleted for good and lies in free space.

mod cipher;
mod heap;
mod pages;
#[cfg(test)]
mod tests;

use super::item::{Item, LEVELS, MANY};
use super::mime;
use crate::mail::split::MESSAGE;
use heap::{Heap, Property};
use model::Skip;
pub use pages::Source;
use pages::{Node, Pages, Room, Walk};
use std::collections::{BTreeMap, BTreeSet};

/// How often, in the mean, each byte of the file may be read.
const TIMES: u64 = 16;
/// What may be read of a small file besides.
const LEAST: u64 = 64 << 20;
/// Names of folders held.
const FOLDERS: usize = 4_096;
/// Folders within each other that are named.
const DEPTH: usize = 12;
/// Types of nodes (the low five bits of their numbers).
const MAIL: u32 = 0x04;
const ATTACHMENT: u32 = 0x05;
/// The node of a message's recipients.
const RECIPIENTS: u32 = 0x692;
/// The properties that are looked at: those of which [`mime`] makes a message. Others may be as long as they like.
const WANTED: [u16; 31] = [
    0x001a, 0x0037, 0x0039, 0x0042, 0x0065, 0x007d, 0x0c15, 0x0c1a, 0x0c1f, 0x0e06, 0x1000, 0x1009, 0x1013, 0x1035,
    0x1039, 0x1042, 0x3001, 0x3003, 0x3701, 0x3704, 0x3705, 0x3707, 0x370e, 0x3712, 0x39fe, 0x3fde, 0x3ffd, 0x5d01,
    0x5d02, 0x0070, 0x3002,
];

/// A message of a store.
#[derive(Debug, Default)]
pub struct Stored {
    /// It, as RFC 5322.
    pub bytes: Vec<u8>,
    /// The folder it lies in, `/` between folders.
    pub folder: String,
    /// Where the first block of its properties lies in the file, and how long that is.
    pub place: (u64, u64),
}

/// A store.
pub struct Store {
    pages: Pages,
    walk: Walk,
    leaf: std::vec::IntoIter<Node>,
    folders: BTreeMap<u32, String>,
    /// Bytes that may still be read.
    left: u64,
    /// What was not read, by reason.
    skips: BTreeMap<&'static str, u64>,
}

impl Store {
    /// Opens a store, or says why not.
    pub fn open(file: Box<dyn Source>, size: u64) -> Result<Store, &'static str> {
        let pages = Pages::open(file, size)?;
        let (walk, left) = (pages.walk(), size.saturating_mul(TIMES).saturating_add(LEAST));
        let (leaf, folders, skips) = Default::default();
        Ok(Store { pages, walk, leaf, folders, left, skips })
    }

    /// The next message.
    pub fn message(&mut self) -> Option<Stored> {
        self.next_of(None)
    }

    /// The next message of those whose properties begin at these places; the others are passed over unread.
    pub fn at(&mut self, places: &BTreeSet<u64>) -> Option<Stored> {
        self.next_of(Some(places))
    }

    fn next_of(&mut self, places: Option<&BTreeSet<u64>>) -> Option<Stored> {
        loop {
            let Some(node) = self.leaf.next() else {
                self.leaf = self.pages.leaf(&mut self.walk)?.into_iter();
                continue;
            };
            if node.id & 0x1f != MAIL || node.data == 0 {
                continue;
            }
            let place = self.pages.place(node.data).unwrap_or_default();
            if places.is_some_and(|all| !all.contains(&place.0)) {
                continue;
            }
            let mut room = Room { bytes: (MESSAGE as u64).min(self.left) as usize, cut: false };
            let before = room.bytes;
            let item = self.item(node, 0, &mut room);
            self.left -= (before - room.bytes) as u64;
            if self.left == 0 {
                self.skip("store that refers to more than it holds: the rest of it");
                return None;
            }
            match &item {
                Some(item) if is_mail(item) => {}
                Some(_) => {
                    self.skip("item of a store that is no message (contact, calendar, task)");
                    continue;
                }
                None => {
                    self.skip("item of a store that cannot be read");
                    continue;
                }
            }
            if room.cut {
                self.skip("more of an Outlook item than is read");
            }
            let folder = self.folder(node.parent);
            return Some(Stored { bytes: item.as_ref().map(mime::write).unwrap_or_default(), folder, place });
        }
    }

    /// Bytes read so far, some more than once.
    pub fn read(&self) -> u64 {
        self.pages.size().saturating_mul(TIMES).saturating_add(LEAST) - self.left
    }

    /// What was not read.
    pub fn skips(&self) -> Vec<Skip> {
        let lost = (self.walk.lost > 0).then_some(("page of a store that cannot be read", self.walk.lost));
        let all = self.skips.iter().map(|(reason, count)| (*reason, *count)).chain(lost);
        all.map(|(reason, count)| Skip { reason: reason.into(), count, first: 0, line: 0 }).collect()
    }

    fn skip(&mut self, reason: &'static str) {
        *self.skips.entry(reason).or_default() += 1;
    }

    /// An item with its recipients and attachments; none where nothing of it can be read.
    fn item(&mut self, node: Node, level: u32, room: &mut Room) -> Option<Item> {
        let heap = Heap::read(&mut self.pages, node, room);
        let mut item = self.properties(&heap, &heap.properties(), room)?;
        if let Some(table) = heap.nodes.get(&RECIPIENTS) {
            let table = Heap::read(&mut self.pages, *table, room);
            let rows = table.rows(MANY, &mut self.pages, room);
            item.recipients = rows.iter().filter_map(|row| self.properties(&table, row, room)).collect();
        }
        for node in heap.nodes.values().filter(|n| n.id & 0x1f == ATTACHMENT).take(MANY) {
            let inner = Heap::read(&mut self.pages, *node, room);
            let properties = inner.properties();
            let Some(mut attachment) = self.properties(&inner, &properties, room) else { continue };
            // PidTagAttachDataObject: the number of a node within, and its size.
            let object = properties.iter().find(|p| p.id == 0x3701 && p.kind == 0x000d);
            let object = object.and_then(|p| inner.value(p.value, &mut self.pages, room));
            let within = object.and_then(|o| pages::word(&o, 0)).and_then(|id| inner.nodes.get(&(id as u32)));
            if let Some(within) = within {
                if level >= LEVELS {
                    room.cut = true;
                } else {
                    attachment.item = self.item(*within, level + 1, room).map(Box::new);
                }
            }
            item.attachments.push(attachment);
        }
        Some(item)
    }

    /// The values of properties.
    fn properties(&mut self, heap: &Heap, all: &[Property], room: &mut Room) -> Option<Item> {
        let value = |p: &Property| {
            let bytes = match p.kind {
                0x0002 | 0x0003 | 0x000b => p.value.to_le_bytes().to_vec(),
                0x001e | 0x001f | 0x0040 | 0x0102 if p.value != 0 => heap.value(p.value, &mut self.pages, room)?,
                _ => return None,
            };
            Some((p.id, p.kind, unmarked(p.id, p.kind, bytes)))
        };
        let wanted = all.iter().filter(|p| WANTED.contains(&p.id));
        (!all.is_empty()).then(|| Item::of(wanted.filter_map(value)))
    }

    /// The path of a folder.
    fn folder(&mut self, id: u32) -> String {
        if let Some(known) = self.folders.get(&id) {
            return known.clone();
        }
        let (mut names, mut at) = (Vec::new(), id);
        while let Some(node) = self.pages.node(at).filter(|n| n.parent != at && names.len() < DEPTH) {
            let mut room = Room { bytes: 1 << 20, cut: false };
            let heap = Heap::read(&mut self.pages, node, &mut room);
            let name = heap.properties().into_iter().find(|p| p.id == 0x3001);
            let name = name.and_then(|p| self.properties(&heap, &[p], &mut room)).and_then(|i| i.text(0x3001));
            names.push(name.filter(|n| !n.is_empty()).unwrap_or("?".into()));
            at = node.parent;
        }
        names.reverse();
        let path = names.join("/");
        if self.folders.len() < FOLDERS {
            self.folders.insert(id, path.clone());
        }
        path
    }
}

/// Whether an item is a message, by its class (MS-OXCMSG): mail, what servers report of it, and invitations.
fn is_mail(item: &Item) -> bool {
    let class = item.text(0x001a).unwrap_or_default().to_ascii_uppercase();
    class.is_empty() || ["IPM.NOTE", "REPORT.", "IPM.SCHEDULE", "IPM.POST"].iter().any(|c| class.starts_with(c))
}

/// A subject without the two characters that say how long its prefix is (`Re: `).
fn unmarked(id: u16, kind: u16, bytes: Vec<u8>) -> Vec<u8> {
    match (id, kind, &bytes[..]) {
        (0x0037, 0x001f, [1, 0, _, _, rest @ ..]) => rest.to_vec(),
        (0x0037, 0x001e, [1, _, rest @ ..]) => rest.to_vec(),
        _ => bytes,
    }
}
