//! The upper half of a store (MS-PST 2.3): a node's data as a heap, trees on it, and the two things kept so:
//! properties of an item and tables of items.
//!
//! You may rely on: nothing recurses; a list within itself ends by count.

use super::pages::{Node, Pages, Room, short, word};
use std::collections::BTreeMap;

/// Records taken of a tree, at most.
const MOST: usize = 4_096;
/// Rows of a tree looked at on the way to them.
const ROWS: usize = 32_768;

/// A node's heap and the nodes within it, which hold what does not fit.
pub struct Heap {
    blocks: Vec<Vec<u8>>,
    /// The nodes within the node.
    pub nodes: BTreeMap<u32, Node>,
    large: bool,
}

/// A property: its id, its type, and its value or where that is.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its id.
    pub id: u16,
    /// Its type.
    pub kind: u16,
    /// Value or place.
    pub value: u32,
}

/// What a heap says it is.
const PROPERTIES: u8 = 0xbc;
const TABLE: u8 = 0x7c;
const TREE: u8 = 0xb5;

impl Heap {
    /// Reads a node.
    pub fn read(pages: &mut Pages, node: Node, room: &mut Room) -> Heap {
        let (blocks, nodes) = (pages.data(node.data, room), pages.subnodes(node.sub, room));
        Heap { blocks, nodes, large: pages.large() }
    }

    /// Something on the heap.
    fn at(&self, place: u32) -> Option<&[u8]> {
        let (block, index) = match self.large {
            false => (place >> 16, place >> 5 & 0x7ff),
            true => (place >> 19, place >> 5 & 0x3fff),
        };
        let block = self.blocks.get(block as usize)?;
        let map = usize::from(short(block, 0)?);
        let index = (index as usize).checked_sub(1)?;
        if index >= usize::from(short(block, map)?) {
            return None;
        }
        let (begin, end) = (short(block, map + 4 + 2 * index)?, short(block, map + 6 + 2 * index)?);
        block.get(usize::from(begin)..usize::from(end))
    }

    /// The place of what a heap of this kind is about.
    fn root(&self, kind: u8) -> Option<u32> {
        let head = self.blocks.first()?;
        (head.get(2) == Some(&0xec) && head.get(3) == Some(&kind)).then(|| word(head, 4)).flatten().map(|w| w as u32)
    }

    /// The records of a tree, key and value together, and how long a key is.
    fn tree(&self, place: u32) -> Option<(usize, Vec<&[u8]>)> {
        let head = self.at(place).filter(|h| h.first() == Some(&TREE))?;
        let (key, value, levels) = (usize::from(*head.get(1)?), usize::from(*head.get(2)?), *head.get(3)?);
        let mut open = vec![(word(head, 4)? as u32, levels.min(8))];
        let (mut all, mut left) = (Vec::new(), ROWS);
        while let Some((place, level)) = open.pop() {
            let Some(rows) = self.at(place) else { continue };
            if level == 0 {
                all.extend(rows.chunks_exact((key + value).max(1)).take(MOST - all.len()));
            } else {
                let below = rows.chunks_exact(key + 4).filter_map(|r| word(r, key)).map(|w| (w as u32, level - 1));
                let below: Vec<(u32, u8)> = below.take(left).collect();
                left -= below.len();
                open.extend(below.into_iter().rev());
            }
        }
        Some((key, all))
    }

    /// The properties of an item.
    pub fn properties(&self) -> Vec<Property> {
        let rows = self.root(PROPERTIES).and_then(|root| self.tree(root));
        let of = |row: &[u8]| Some(Property { id: short(row, 0)?, kind: short(row, 2)?, value: word(row, 4)? as u32 });
        rows.filter(|(key, _)| *key == 2).into_iter().flat_map(|(_, rows)| rows).filter_map(of).collect()
    }

    /// What lies at a place: on the heap, or in a node within.
    pub fn value(&self, place: u32, pages: &mut Pages, room: &mut Room) -> Option<Vec<u8>> {
        match place & 0x1f {
            0 => self.at(place).map(<[u8]>::to_vec),
            _ => Some(pages.data(self.nodes.get(&place)?.data, room).concat()),
        }
    }

    /// The rows of a table, as properties.
    pub fn rows(&self, most: usize, pages: &mut Pages, room: &mut Room) -> Vec<Vec<Property>> {
        self.table(most, pages, room).unwrap_or_default()
    }

    fn table(&self, most: usize, pages: &mut Pages, room: &mut Room) -> Option<Vec<Vec<Property>>> {
        let head = self.at(self.root(TABLE)?).filter(|h| h.first() == Some(&TABLE))?;
        let columns: Vec<&[u8]> = head.get(22..)?.chunks_exact(8).take(usize::from(*head.get(1)?)).collect();
        // Where the bits begin that say which cells are there, and where a row ends.
        let (bits, width) = (usize::from(short(head, 6)?), usize::from(short(head, 8)?));
        let (_, index) = self.tree(word(head, 10)? as u32)?;
        let matrix = word(head, 14)? as u32;
        let blocks = match matrix & 0x1f {
            0 => vec![self.at(matrix)?.to_vec()],
            _ => pages.data(self.nodes.get(&matrix)?.data, room),
        };
        // No row stands in two blocks; all but the last are full.
        let each = blocks.first()?.len().checked_div(width).filter(|n| *n > 0)?;
        let row = |entry: &&[u8]| {
            let n = word(entry, 4).or_else(|| short(entry, 4).map(u64::from))? as usize;
            let row = blocks.get(n / each)?.get(n % each * width..(n % each + 1) * width)?;
            let cell = |column: &&[u8]| {
                let (at, bit) = (usize::from(short(column, 4)?), usize::from(*column.get(7)?));
                let there = row.get(bits + bit / 8)? & (0x80 >> (bit % 8)) != 0;
                let property =
                    Property { id: short(column, 2)?, kind: short(column, 0)?, value: word(row, at)? as u32 };
                (there && column.get(6) == Some(&4)).then_some(property)
            };
            Some(columns.iter().filter_map(cell).collect())
        };
        Some(index.iter().take(most).filter_map(row).collect())
    }
}
