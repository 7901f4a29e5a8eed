//! The extra field of a proof: which part it opens, and what is absent.

use super::{Absence, Kind, Neighbour, Salt, entry, leaf, node};
use crate::merkle::{Hash, climb};
use crate::text::{base64, hash, number, to_base64};
use crate::{Fault, text};

/// The first line.
const HEADER: &str = "vigie-seal/v1";

/// One part, opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// What it is.
    pub kind: Kind,
    /// Its place among the parts.
    pub at: u64,
    /// How many there are.
    pub of: u64,
    /// What hid it.
    pub salt: Salt,
    /// The hashes beside the way up.
    pub path: Vec<Hash>,
}

impl Opening {
    /// The entry that this part is of, if it holds what has this hash.
    pub fn entry(&self, digest: &Hash) -> Option<Hash> {
        let root = climb(self.at, self.of, &leaf(self.kind, &self.salt, digest), &self.path, node)?;
        Some(entry(self.of, &root))
    }
}

/// The extra field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extra {
    /// The part that is opened.
    pub opening: Opening,
    /// What is absent; the part is a record then.
    pub absence: Option<Absence>,
}

impl Extra {
    /// Reads it.
    pub fn parse(bytes: &[u8]) -> Result<Extra, Fault> {
        let bad = || Fault::Form("its extra field is not understood".into());
        if let Some(first) = bytes.split(|b| *b == b'\n').next()
            && first.starts_with(b"vigie-seal/v")
            && first != HEADER.as_bytes()
        {
            return Err(Fault::Version(String::from_utf8_lossy(first).chars().take(80).collect()));
        }
        let whole = text::lines(bytes)?;
        let mut lines = whole[..whole.len() - 1].split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(bad());
        }
        let words: Vec<&str> = lines.next().ok_or_else(bad)?.split(' ').collect();
        let ["part", kind, at, "of", of] = words[..] else { return Err(bad()) };
        let kind = Kind::of(kind).ok_or_else(bad)?;
        let (at, of) = number(at).zip(number(of)).ok_or_else(bad)?;
        let salt = lines.next().and_then(|l| base64(l.strip_prefix("salt ")?)?.try_into().ok()).ok_or_else(bad)?;
        let mut path = Vec::new();
        while let Some(hash) = lines.peek().and_then(|l| hash(l)) {
            path.push(hash);
            lines.next();
        }
        let opening = Opening { kind, at, of, salt, path };
        if lines.peek().is_none() {
            return Ok(Extra { opening, absence: None });
        }
        let absent = lines.next().and_then(|l| Kind::of(l.strip_prefix("absent ")?));
        let absent = absent.filter(|k| matches!(k, Kind::Bytes | Kind::Text) && kind == Kind::Record);
        let kind = absent.ok_or_else(bad)?;
        let record = lines.next().and_then(|l| base64(l.strip_prefix("record ")?)).ok_or_else(bad)?;
        let mut neighbour = |word: &str| -> Result<Option<Neighbour>, Fault> {
            let Some(line) = lines.next_if(|l| l.starts_with(word)) else { return Ok(None) };
            let words: Vec<&str> = line.split(' ').collect();
            let [_, at, key] = words[..] else { return Err(bad()) };
            let (at, key) = number(at).zip(hash(key)).ok_or_else(bad)?;
            let mut path = Vec::new();
            while let Some(hash) = lines.peek().and_then(|l| hash(l)) {
                path.push(hash);
                lines.next();
            }
            Ok(Some(Neighbour { at, key, path }))
        };
        let (below, above) = (neighbour("below ")?, neighbour("above ")?);
        match lines.next() {
            Some(_) => Err(bad()),
            None => Ok(Extra { opening, absence: Some(Absence { kind, record, below, above }) }),
        }
    }

    /// As it stands in a proof.
    pub fn to_bytes(&self) -> Vec<u8> {
        let o = &self.opening;
        let mut out = format!("{HEADER}\npart {} {} of {}\nsalt {}\n", o.kind.word(), o.at, o.of, to_base64(&o.salt));
        let hashes = |out: &mut String, path: &[Hash]| path.iter().for_each(|h| *out += &(to_base64(h) + "\n"));
        hashes(&mut out, &o.path);
        if let Some(absence) = &self.absence {
            out += &format!("absent {}\nrecord {}\n", absence.kind.word(), to_base64(&absence.record));
            for (word, neighbour) in [("below", &absence.below), ("above", &absence.above)] {
                if let Some(n) = neighbour {
                    out += &format!("{word} {} {}\n", n.at, to_base64(&n.key));
                    hashes(&mut out, &n.path);
                }
            }
        }
        out.into_bytes()
    }
}
