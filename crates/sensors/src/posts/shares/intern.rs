//! Ids to numbers: each distinct byte string is kept once, in one arena, and known by the order in which it came.
//!
//! You may rely on: numbers depend on the order of interning alone (the hash is seeded anew in each run, so that
//! nobody can write ids that collide, and never shows). Memory is the distinct bytes, eight bytes for each end, and
//! eight to sixteen for its slot. Left out: forgetting.

use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Bytes with their hash, so that hashing can be done elsewhere than interning.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Their hash, by the hasher of the table.
    pub hash: u64,
}

/// Distinct byte strings, numbered from 0.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    arena: Vec<u8>,
    /// Where each string ends in the arena; it begins where the one before ends.
    ends: Vec<u64>,
    /// Open addressing: the upper half of the hash, then the number plus one; 0 is free.
    slots: Vec<u64>,
}

impl Interner {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all strings.
    pub fn bytes(&self) -> usize {
        self.arena.len()
    }

    /// The string of a number; empty for one never given.
    pub fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let Some(&end) = self.ends.get(id) else { return &[] };
        let start = id.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.arena.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The string of a number as text, with `U+FFFD` for what is no UTF-8.
    pub fn text(&self, id: u32) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.get(id))
    }

    /// The number of a string, given now if it is new; none once four thousand million are full.
    pub fn intern(&mut self, key: Key, hasher: &RandomState) -> Option<u32> {
        if self.ends.len() * 3 >= self.slots.len() * 2 {
            self.grow(hasher);
        }
        let mask = self.slots.len() - 1;
        let tag = key.hash >> 32;
        let mut at = key.hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                break;
            }
            let id = (slot as u32).wrapping_sub(1);
            if slot >> 32 == tag && self.get(id) == key.bytes {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
        let id = u32::try_from(self.ends.len()).ok().filter(|&id| id < u32::MAX - 1)?;
        self.slots[at] = tag << 32 | u64::from(id + 1);
        self.arena.extend_from_slice(key.bytes);
        self.ends.push(self.arena.len() as u64);
        Some(id)
    }

    /// The number of a string that is here already.
    pub fn find(&self, key: Key) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = key.hash as usize & mask;
        loop {
            match self.slots[at] {
                0 => return None,
                slot => {
                    let id = (slot as u32).wrapping_sub(1);
                    if slot >> 32 == key.hash >> 32 && self.get(id) == key.bytes {
                        return Some(id);
                    }
                }
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self, hasher: &RandomState) {
        let size = (self.slots.len() * 2).max(1024);
        self.slots = Vec::new();
        let mut slots = vec![0u64; size];
        let mut start = 0;
        for (id, &end) in self.ends.iter().enumerate() {
            let hash = hasher.hash_one(self.arena.get(start..end as usize).unwrap_or_default());
            let mut at = hash as usize & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = hash >> 32 << 32 | (id as u64 + 1);
            start = end as usize;
        }
        self.slots = slots;
    }
}
