//! Finding what a label resembles without walking over what is protected: a hash of every protected key and of each
//! key with one character left out. Two texts one edit apart (Damerau) share such a variant, so a label of n
//! characters costs n + 1 look-ups, most of which end at one bit (deletion neighbourhoods, Mor and Fraenkel 1982).

/// Polynomial hash over 64 bits: the hash of any part, and of any part without one character, comes of prefix sums.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Longest text that is looked up.
pub const MOST: usize = 64;

const POWERS: [u64; MOST + 1] = {
    let mut powers = [1u64; MOST + 1];
    let mut i = 1;
    while i <= MOST {
        powers[i] = powers[i - 1].wrapping_mul(BASE);
        i += 1;
    }
    powers
};

/// Prefix sums of one text.
#[derive(Clone, Debug)]
pub struct Sums([u64; MOST + 1]);

impl Default for Sums {
    fn default() -> Sums {
        Sums([0; MOST + 1])
    }
}

impl Sums {
    /// Of a text of at most [`MOST`] bytes; the rest is not looked at.
    pub fn set(&mut self, text: &[u8]) {
        let mut sum = 0u64;
        for (i, &b) in text.iter().take(MOST).enumerate() {
            sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(b) + 1);
            self.0[i + 1] = sum;
        }
    }

    /// The hash of a part.
    #[inline(always)]
    pub fn part(&self, start: usize, end: usize) -> u64 {
        self.0[end].wrapping_sub(self.0[start].wrapping_mul(POWERS[end - start]))
    }

    /// The hash of a part without the character at `out`.
    #[inline(always)]
    pub fn without(&self, start: usize, end: usize, out: usize) -> u64 {
        self.part(start, out).wrapping_mul(POWERS[end - out - 1]).wrapping_add(self.part(out + 1, end))
    }
}

/// Hash → keys, behind one bit per hash.
#[derive(Clone, Debug, Default)]
pub struct Index {
    bits: Vec<u64>,
    slots: Vec<(u64, u32)>,
    shift: u32,
    /// Shortest and longest text that can be found.
    pub lengths: (usize, usize),
}

const NONE: u32 = u32::MAX;

/// Spreads a hash so that its upper bits depend on all of it: those alone are used.
#[inline]
fn mix(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

impl Index {
    /// Of keys; those of at least `near` bytes are also found from one edit away.
    pub fn new<'k>(keys: impl Iterator<Item = &'k [u8]>, near: usize) -> Index {
        let mut rows: Vec<(u64, u32)> = Vec::new();
        let mut sums = Sums::default();
        let (mut shortest, mut longest) = (usize::MAX, 0);
        for (n, key) in keys.enumerate().filter(|(_, k)| !k.is_empty() && k.len() < MOST) {
            sums.set(key);
            rows.push((sums.part(0, key.len()), n as u32));
            let slack = usize::from(key.len() >= near);
            if slack > 0 {
                rows.extend((0..key.len()).map(|out| (sums.without(0, key.len(), out), n as u32)));
            }
            shortest = shortest.min(key.len() - slack);
            longest = longest.max(key.len() + slack);
        }
        rows.sort_unstable();
        rows.dedup();
        let size = (rows.len() * 2).next_power_of_two().max(16);
        // 32 bits a row: one look-up in 32 of what resembles nothing goes past the bits.
        let bits = size * 16;
        let mut index = Index {
            bits: vec![0; bits / 64],
            slots: vec![(0, NONE); size],
            shift: 64 - size.trailing_zeros(),
            lengths: (shortest.min(longest), longest),
        };
        for (hash, n) in rows {
            let h = mix(hash);
            let bit = (h >> (index.shift - 4)) as usize;
            index.bits[bit / 64] |= 1 << (bit % 64);
            let mut slot = (h >> index.shift) as usize;
            while index.slots[slot].1 != NONE {
                slot = (slot + 1) & (size - 1);
            }
            index.slots[slot] = (hash, n);
        }
        index
    }

    /// Visits the keys under a hash. Equal hashes of unequal texts are possible: the caller compares.
    #[inline(always)]
    pub fn get(&self, hash: u64, each: impl FnMut(u32)) {
        let h = mix(hash);
        let bit = (h >> (self.shift - 4)) as usize;
        if self.bits[bit / 64] & (1 << (bit % 64)) != 0 {
            self.visit(hash, h, each);
        }
    }

    #[cold]
    #[inline(never)]
    fn visit(&self, hash: u64, h: u64, mut each: impl FnMut(u32)) {
        let mut slot = (h >> self.shift) as usize;
        while self.slots[slot].1 != NONE {
            if self.slots[slot].0 == hash {
                each(self.slots[slot].1);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_is_found_and_two_are_not() {
        let keys = ["enmarche", "onedrive", "abc"];
        let index = Index::new(keys.iter().map(|k| k.as_bytes()), 5);
        let find = |text: &str| {
            let mut sums = Sums::default();
            sums.set(text.as_bytes());
            let mut found = Vec::new();
            index.get(sums.part(0, text.len()), |n| found.push(n));
            (0..text.len()).for_each(|out| index.get(sums.without(0, text.len(), out), |n| found.push(n)));
            found.sort_unstable();
            found.dedup();
            found
        };
        for (text, expected) in [
            ("enmarche", vec![0]),
            ("enmarch", vec![0]),
            ("enmarchee", vec![0]),
            ("enmrache", vec![0]),
            ("enmarthe", vec![0]),
            ("onedrlve", vec![1]),
            ("abc", vec![2]),
            ("abd", vec![]),
            ("enmars", vec![]),
        ] {
            assert_eq!(find(text), expected, "{text}");
        }
    }
}
