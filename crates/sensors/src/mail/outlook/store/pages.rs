//! The lower half of a store (MS-PST 2.2): pages of two trees, one of nodes and one of blocks, and the blocks, in the
//! three layouts there are (ANSI, Unicode, and Unicode with pages of 4 KiB as caches of Exchange have it).
//!
//! You may rely on: every place is read as the file has it, never as it claims; trees grow narrower with each level or
//! are not followed; what is read for all messages together is bounded by the size of the file.

use super::cipher::Cipher;
use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

/// Pages of trees held.
const PAGES: usize = 512;
/// What reading a block costs beside its bytes, so that a hundred thousand empty ones cost something.
const BLOCK: usize = 512;
/// Sub-nodes of one node, at most.
const SUBNODES: usize = 8_192;

/// Where a store's bytes are.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// What may still be read.
#[derive(Debug)]
pub struct Room {
    /// Bytes.
    pub bytes: usize,
    /// Something was left out.
    pub cut: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Layout {
    Ansi,
    Unicode,
    /// Unicode, pages of 4 KiB, blocks perhaps deflated (version 36).
    Large,
}

/// A node: its data and the nodes within it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Node {
    /// Its number.
    pub id: u32,
    /// Block of its data.
    pub data: u64,
    /// Block of its sub-nodes; 0: none.
    pub sub: u64,
    /// Number of the folder it lies in.
    pub parent: u32,
}

/// A store's nodes and blocks.
pub struct Pages {
    file: Box<dyn Source>,
    size: u64,
    layout: Layout,
    cipher: Cipher,
    nodes: u64,
    blocks: u64,
    cache: BTreeMap<u64, Arc<[u8]>>,
}

impl Pages {
    /// Opens a store, or says why not.
    pub fn open(mut file: Box<dyn Source>, size: u64) -> Result<Pages, &'static str> {
        let mut header = [0; 564];
        let whole = file.seek(SeekFrom::Start(0)).is_ok() && file.read_exact(&mut header).is_ok();
        if !whole || !header.starts_with(b"!BDN") {
            return Err("Outlook store whose header is damaged");
        }
        let layout = match short(&header, 10) {
            Some(14 | 15) => Layout::Ansi,
            Some(36) => Layout::Large,
            Some(20..) => Layout::Unicode,
            _ => return Err("Outlook store of an unknown version"),
        };
        let (nodes, blocks, method) = match layout {
            Layout::Ansi => (word(&header, 188), word(&header, 196), header[461]),
            _ => (long(&header, 224), long(&header, 240), header[513]),
        };
        let cipher = Cipher::new(method).ok_or("Outlook store encrypted by Windows")?;
        let (nodes, blocks) = (nodes.unwrap_or_default(), blocks.unwrap_or_default());
        Ok(Pages { file, size, layout, cipher, nodes, blocks, cache: BTreeMap::new() })
    }

    /// Whether its heaps have pages of 4 KiB and more.
    pub fn large(&self) -> bool {
        self.layout == Layout::Large
    }

    /// The size of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn ansi(&self) -> bool {
        self.layout == Layout::Ansi
    }

    fn bytes(&mut self, at: u64, length: usize) -> Option<Vec<u8>> {
        if at.checked_add(length as u64)? > self.size {
            return None;
        }
        self.file.seek(SeekFrom::Start(at)).ok()?;
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// A page of a tree.
    fn page(&mut self, at: u64, kind: u8) -> Option<Page> {
        let (size, trailer) = match self.layout {
            Layout::Ansi => (512, 500),
            Layout::Unicode => (512, 496),
            Layout::Large => (4096, 4072),
        };
        let bytes = match self.cache.get(&at) {
            Some(page) => page.clone(),
            None => {
                let page: Arc<[u8]> = self.bytes(at, size)?.into();
                if self.cache.len() >= PAGES {
                    self.cache.clear();
                }
                self.cache.insert(at, page.clone());
                page
            }
        };
        if bytes[trailer] != kind {
            return None;
        }
        let (count, entry, level) = match self.layout {
            Layout::Ansi => (usize::from(bytes[496]), bytes[498], bytes[499]),
            Layout::Unicode => (usize::from(bytes[488]), bytes[490], bytes[491]),
            Layout::Large => (usize::from(short(&bytes, 4056)?), bytes[4060], bytes[4061]),
        };
        let entry = usize::from(entry);
        // Long enough for what is read of it.
        let least = match (level, kind, self.ansi()) {
            (1.., _, true) => 12,
            (1.., _, false) => 24,
            (0, NODES, true) => 16,
            (0, NODES, false) => 32,
            (0, _, true) => 12,
            (0, _, false) => 24,
        };
        let fits = entry >= least && level <= 8;
        fits.then(|| Page { count: count.min(trailer / entry), bytes, entry, level })
    }

    /// A number of this layout's width.
    fn wide(&self, bytes: &[u8], index: usize) -> Option<u64> {
        if self.ansi() { word(bytes, 4 * index) } else { long(bytes, 8 * index) }
    }

    /// The leaf entry of a key.
    fn find(&mut self, mut at: u64, kind: u8, key: u64) -> Option<Vec<u8>> {
        let mut above = u8::MAX;
        loop {
            let page = self.page(at, kind)?;
            if page.level >= above {
                return None;
            }
            above = page.level;
            let is = |this: &Pages, n: usize| -> Option<u64> {
                let first = this.wide(page.row(n)?, 0)?;
                Some(if kind == NODES { first & 0xffff_ffff } else { first & !1 })
            };
            // Entries ascend; where they lie about that, this finds nothing.
            let (mut low, mut high) = (0, page.count);
            while low < high {
                let middle = (low + high) / 2;
                if is(self, middle)? <= key { low = middle + 1 } else { high = middle }
            }
            let row = page.row(low.checked_sub(1)?)?;
            if page.level == 0 {
                return (is(self, low - 1)? == key).then(|| row.to_vec());
            }
            at = self.wide(row, 2)?;
        }
    }

    /// A node by its number.
    pub fn node(&mut self, id: u32) -> Option<Node> {
        let row = self.find(self.nodes, NODES, u64::from(id))?;
        self.node_of(&row)
    }

    fn node_of(&self, row: &[u8]) -> Option<Node> {
        let parent = word(row, if self.ansi() { 12 } else { 24 })? as u32;
        Some(Node { id: self.wide(row, 0)? as u32, data: self.wide(row, 1)?, sub: self.wide(row, 2)?, parent })
    }

    /// Begins a walk over all nodes.
    pub fn walk(&self) -> Walk {
        Walk { pages: vec![(self.nodes, u8::MAX)], left: self.size / 512 + 1, lost: 0 }
    }

    /// The nodes of the next leaf, in the order of their numbers; none at the end.
    pub fn leaf(&mut self, walk: &mut Walk) -> Option<Vec<Node>> {
        loop {
            let (at, above) = walk.pages.pop()?;
            walk.left = walk.left.checked_sub(1)?;
            let Some(page) = self.page(at, NODES).filter(|p| p.level < above) else {
                walk.lost += 1;
                continue;
            };
            let rows = (0..page.count).filter_map(|n| page.row(n));
            if page.level == 0 {
                return Some(rows.filter_map(|row| self.node_of(row)).collect());
            }
            let below: Vec<u64> = rows.filter_map(|row| self.wide(row, 2)).collect();
            walk.pages.extend(below.into_iter().rev().map(|at| (at, page.level)));
        }
    }

    /// Where a block lies and how long it is there.
    pub fn place(&mut self, id: u64) -> Option<(u64, u64)> {
        let row = self.find(self.blocks, BLOCKS, id & !1)?;
        Some((self.wide(&row, 1)?, u64::from(short(&row, if self.ansi() { 8 } else { 16 })?)))
    }

    /// A block.
    fn block(&mut self, id: u64, room: &mut Room) -> Option<Vec<u8>> {
        if id & !1 == 0 {
            return None;
        }
        let row = self.find(self.blocks, BLOCKS, id & !1)?;
        let at = if self.ansi() { 8 } else { 16 };
        let (place, length) = (self.wide(&row, 1)?, usize::from(short(&row, at)?));
        if room.bytes < length + BLOCK {
            room.cut = true;
            return None;
        }
        room.bytes -= length + BLOCK;
        let mut bytes = self.bytes(place, length)?;
        let inflated = if self.large() { usize::from(short(&row, at + 2)?) } else { length };
        if inflated != length {
            let mut out = Vec::new();
            // Damage leaves what came before it.
            let _ = flate2::read::ZlibDecoder::new(&bytes[..]).take(inflated as u64).read_to_end(&mut out);
            room.bytes -= out.len().min(room.bytes);
            bytes = out;
        }
        if id & INTERNAL == 0 {
            self.cipher.decode(&mut bytes, id & 0xffff_ffff);
        }
        Some(bytes)
    }

    /// The data of a node, block by block; what cannot be read is left out.
    pub fn data(&mut self, id: u64, room: &mut Room) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        self.gather(id, 3, room, &mut out);
        out
    }

    fn gather(&mut self, id: u64, above: u8, room: &mut Room, out: &mut Vec<Vec<u8>>) {
        let Some(block) = self.block(id, room) else { return };
        if id & INTERNAL == 0 {
            return out.push(block);
        }
        // XBLOCK (level 1) lists data, XXBLOCK (level 2) lists XBLOCKs.
        let (Some([1, level]), Some(count)) = (block.first_chunk(), short(&block, 2)) else { return };
        if *level >= above || *level == 0 {
            return;
        }
        for n in 0..usize::from(count) {
            let Some(id) = block.get(8..).and_then(|b| self.wide(b, n)) else { return };
            if room.cut {
                return;
            }
            // Below the first level there is data alone.
            if *level > 1 || id & INTERNAL == 0 {
                self.gather(id, *level, room, out);
            }
        }
    }

    /// The nodes within a node, by number.
    pub fn subnodes(&mut self, id: u64, room: &mut Room) -> BTreeMap<u32, Node> {
        let mut all = BTreeMap::new();
        let mut open = vec![(id, u8::MAX)];
        while let Some((id, above)) = open.pop() {
            let Some(block) = self.block(id, room) else { continue };
            let (Some([2, level]), Some(count)) = (block.first_chunk(), short(&block, 2)) else { continue };
            if *level >= above || *level > 1 {
                continue;
            }
            // SLENTRY: node, data, sub-nodes; SIENTRY: node, block.
            let (head, width) = if self.ansi() { (4, 4) } else { (8, 8) };
            let entry = width * if *level == 0 { 3 } else { 2 };
            for row in block.get(head..).unwrap_or_default().chunks_exact(entry).take(usize::from(count)) {
                let Some(first) = self.wide(row, 0).map(|n| n as u32) else { continue };
                let second = self.wide(row, 1).unwrap_or_default();
                if *level > 0 {
                    open.push((second, *level));
                } else if all.len() < SUBNODES {
                    let sub = self.wide(row, 2).unwrap_or_default();
                    all.insert(first, Node { id: first, data: second, sub, parent: 0 });
                } else {
                    room.cut = true;
                    return all;
                }
            }
        }
        all
    }
}

/// Types of pages.
const BLOCKS: u8 = 0x80;
const NODES: u8 = 0x81;
/// The bit of a block's number that says it lists blocks.
const INTERNAL: u64 = 2;

/// A walk over all nodes.
pub struct Walk {
    /// Places of pages still to be read, and the level they must be below.
    pages: Vec<(u64, u8)>,
    left: u64,
    /// Pages that could not be read.
    pub lost: u64,
}

struct Page {
    bytes: Arc<[u8]>,
    count: usize,
    entry: usize,
    level: u8,
}

impl Page {
    fn row(&self, n: usize) -> Option<&[u8]> {
        self.bytes.get(n * self.entry..(n + 1) * self.entry)
    }
}

/// Two bytes, little end first.
pub fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Four bytes.
pub fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)))
}

/// Eight bytes.
pub fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
