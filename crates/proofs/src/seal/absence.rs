//! That something is not among what was sealed: its key would stand between two neighbours in the sorted tree of a head.
//! A key is a hash with the head's *pepper*, so that a proof shows nothing of the two neighbours to whoever has not got
//! them.
//!
//! You may rely on: absence is of these bytes or this text at this head, and nothing more; where entries were forgotten,
//! it cannot be said.

use super::{Kind, hash, node};
use crate::merkle::{Hash, Whole, climb};
use crate::text::{lines, number, to_base64};
use crate::{Fault, text};

/// The first line of a record.
const HEADER: &str = "vigie-seal/v1 record";

/// What the last entry of a head says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Entries before it.
    pub entries: u64,
    /// Of these, how many were forgotten.
    pub forgotten: u64,
    /// Keys in the sorted tree.
    pub keys: u64,
    /// Its root.
    pub root: Hash,
    /// What the keys are hashed with.
    pub pepper: Hash,
    /// What was covered, a line each: `folder …`, `mailbox …`.
    pub coverage: Vec<String>,
}

impl Record {
    /// Reads it.
    pub fn parse(bytes: &[u8]) -> Option<Record> {
        let mut lines = lines(bytes).ok()?.trim_end_matches('\n').split('\n');
        (lines.next() == Some(HEADER)).then_some(())?;
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let (entries, forgotten, keys) =
            (number(field("entries")?)?, number(field("forgotten")?)?, number(field("keys")?)?);
        let (root, pepper) = (text::hash(field("root")?)?, text::hash(field("pepper")?)?);
        Some(Record { entries, forgotten, keys, root, pepper, coverage: lines.map(str::to_string).collect() })
    }

    /// As it is sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("{HEADER}\nentries {}\nforgotten {}\n", self.entries, self.forgotten);
        out += &format!("keys {}\nroot {}\npepper {}\n", self.keys, to_base64(&self.root), to_base64(&self.pepper));
        self.coverage.iter().for_each(|line| out += &(line.replace(|c: char| c < ' ', "\u{fffd}") + "\n"));
        out.into_bytes()
    }
}

/// The key of bytes or a text.
pub fn key(kind: Kind, pepper: &Hash, digest: &Hash) -> Hash {
    hash(&format!("key {}", kind.word()), &[pepper, digest])
}

/// The tree over keys that are sorted.
pub fn tree(keys: &[Hash]) -> Whole {
    Whole::new(keys.iter().map(leaf).collect(), node)
}

fn leaf(key: &Hash) -> Hash {
    hash("absent", &[key])
}

/// A key in the sorted tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Neighbour {
    /// Its place.
    pub at: u64,
    /// It.
    pub key: Hash,
    /// The hashes beside the way up.
    pub path: Vec<Hash>,
}

/// What is absent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Absence {
    /// Bytes, or a text.
    pub kind: Kind,
    /// The record of the head.
    pub record: Vec<u8>,
    /// The key before it, unless it would be the first.
    pub below: Option<Neighbour>,
    /// The key behind it, unless it would be the last.
    pub above: Option<Neighbour>,
}

impl Absence {
    /// Finds the neighbours of what is absent among sorted keys; none where it is there.
    pub fn prove(kind: Kind, digest: &Hash, record: &Record, keys: &[Hash], tree: &Whole) -> Option<Absence> {
        let at = keys.binary_search(&key(kind, &record.pepper, digest)).err()?;
        let neighbour = |at: usize| Neighbour { at: at as u64, key: keys[at], path: tree.path(at as u64) };
        let below = at.checked_sub(1).map(neighbour);
        let above = (at < keys.len()).then(|| neighbour(at));
        Some(Absence { kind, record: record.to_bytes(), below, above })
    }

    /// The record, where it shows that what has these hashes is absent. The record was proved to be the entry at this
    /// index; whether that is the head's last.
    pub(super) fn check(&self, index: u64, last: bool, digests: &[Hash]) -> Result<Record, Fault> {
        let wrong = |why: &str| Fault::Root(why.to_string());
        let record = Record::parse(&self.record).ok_or_else(|| Fault::Form("its record is not understood".into()))?;
        if record.entries != index || !last {
            return Err(wrong("its record is not of this head"));
        }
        if digests.is_empty() {
            return Err(wrong("the file at hand has no such text"));
        }
        let stands = |n: &Neighbour| climb(n.at, record.keys, &leaf(&n.key), &n.path, node) == Some(record.root);
        let between = match (&self.below, &self.above) {
            (Some(b), Some(a)) => stands(b) && stands(a) && b.at + 1 == a.at,
            (Some(b), None) => stands(b) && b.at + 1 == record.keys,
            (None, Some(a)) => stands(a) && a.at == 0,
            (None, None) => false,
        };
        let absent = |digest: &Hash| {
            let key = key(self.kind, &record.pepper, digest);
            self.below.as_ref().is_none_or(|b| b.key < key) && self.above.as_ref().is_none_or(|a| key < a.key)
        };
        match between && digests.iter().all(absent) {
            false => Err(wrong("the neighbours are not those of what is at hand")),
            true if record.forgotten > 0 => Err(Fault::Forgotten(record.forgotten)),
            true => Ok(record),
        }
    }
}
