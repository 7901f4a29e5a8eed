//! A small set of words that answers in a few nanoseconds.
//!
//! Open addressing over a power-of-two table; built once from the knowledge file, never from evidence, so
//! an adversary cannot make it slow.

/// Words and what each of them is.
#[derive(Debug, Clone)]
pub struct WordTable {
    slots: Vec<Option<(Box<[u8]>, u8)>>,
    longest: usize,
}

impl WordTable {
    /// Builds the table; a word given twice keeps its first meaning.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, u8)>) -> Self {
        let words: Vec<_> = words.into_iter().collect();
        let size = (words.len() * 3 + 4).next_power_of_two();
        let mut table = Self { slots: vec![None; size], longest: 0 };
        for (word, meaning) in words {
            if table.get(word.as_bytes()).is_some() {
                continue;
            }
            let mut at = hash(word.as_bytes()) & (size - 1);
            while table.slots[at].is_some() {
                at = (at + 1) & (size - 1);
            }
            table.longest = table.longest.max(word.len());
            table.slots[at] = Some((word.as_bytes().into(), meaning));
        }
        table
    }

    /// The meaning of a (lower-case) word, if it is known.
    #[inline]
    pub fn get(&self, word: &[u8]) -> Option<u8> {
        if word.is_empty() || word.len() > self.longest {
            return None;
        }
        let mut at = hash(word) & (self.slots.len() - 1);
        while let Some((known, meaning)) = &self.slots[at] {
            if **known == *word {
                return Some(*meaning);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }

    /// Whether the word is in the table.
    #[inline]
    pub fn has(&self, word: &[u8]) -> bool {
        self.get(word).is_some()
    }
}

/// FNV-1a: short words only, so its one multiplication per byte is cheap.
#[inline]
fn hash(word: &[u8]) -> usize {
    let state = model::hash::fnv1a(word.iter().copied());
    usize::try_from((state ^ (state >> 32)) & 0xFFFF_FFFF).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_words_and_no_others() {
        let table = WordTable::new([("sleep", 1), ("elt", 2), ("sleep", 3)]);
        assert_eq!(table.get(b"sleep"), Some(1));
        assert_eq!(table.get(b"elt"), Some(2));
        assert_eq!(table.get(b"el"), None);
        assert_eq!(table.get(b""), None);
        assert_eq!(WordTable::new([]).get(b"x"), None);
    }
}
