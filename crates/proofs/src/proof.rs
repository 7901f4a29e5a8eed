//! A proof as a text: `c2sp.org/tlog-proof@v1`. The entry's index, the hashes beside the way up, the checkpoint verbatim,
//! and a field for what the application needs.
//!
//! You may rely on: a proof has one form only, so that what [`Proof::parse`] takes is what [`Proof::to_text`] writes, and
//! no changed bit goes unseen but in signatures of keys that nobody asked for. Left out: what the entry is.

use crate::merkle::{Hash, climb, leaf, node};
use crate::{Checkpoint, Fault, Note, text};

/// The first line.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Bytes of a proof, at most.
pub const LONGEST_PROOF: u64 = 256 << 10;

/// A proof that an entry is in a log.
#[derive(Clone, Debug)]
pub struct Proof {
    /// What the application needs.
    pub extra: Option<Vec<u8>>,
    /// The entry's index.
    pub index: u64,
    /// The hashes beside the way up.
    pub path: Vec<Hash>,
    /// The checkpoint, as it was signed.
    pub checkpoint: String,
}

impl Proof {
    /// Reads a proof.
    pub fn parse(bytes: &[u8]) -> Result<Proof, Fault> {
        let bad = |why: &str| Fault::Form(why.to_string());
        let head = HEADER.rsplit_once('1').map_or(HEADER, |(head, _)| head).as_bytes();
        let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        if first.starts_with(head) && first != HEADER.as_bytes() {
            return Err(Fault::Version(String::from_utf8_lossy(first).chars().take(80).collect()));
        }
        if bytes.len() as u64 > LONGEST_PROOF {
            return Err(bad("it is longer than any proof"));
        }
        let whole = text::lines(bytes)?;
        let (head, checkpoint) = whole.split_once("\n\n").ok_or_else(|| bad("it has no empty line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(bad("it does not begin like a proof"));
        }
        let extra = lines.next_if(|l| l.starts_with("extra ")).map(|l| text::base64(&l["extra ".len()..]));
        let extra = extra.map(|e| e.ok_or_else(|| bad("its extra field is not base64"))).transpose()?;
        let index = lines.next().and_then(|l| text::number(l.strip_prefix("index ")?));
        let index = index.ok_or_else(|| bad("its index is no number"))?;
        let path: Option<Vec<Hash>> = lines.map(text::hash).collect();
        let path = path.ok_or_else(|| bad("a line of it is no hash"))?;
        Ok(Proof { extra, index, path, checkpoint: checkpoint.into() })
    }

    /// The text of it.
    pub fn to_text(&self) -> String {
        let mut out = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            out += &format!("extra {}\n", text::to_base64(extra));
        }
        out += &format!("index {}\n", self.index);
        for hash in &self.path {
            out += &format!("{}\n", text::to_base64(hash));
        }
        out + "\n" + &self.checkpoint
    }

    /// The note in it, and what that says; nothing is believed of it yet.
    pub fn note(&self) -> Result<(Note, Checkpoint), Fault> {
        let note = Note::parse(self.checkpoint.as_bytes())?;
        let checkpoint = Checkpoint::of_text(&note.text)?;
        Ok((note, checkpoint))
    }

    /// Whether this entry is in the tree of the checkpoint.
    pub fn includes(&self, entry: &[u8], checkpoint: &Checkpoint) -> bool {
        climb(self.index, checkpoint.size, &leaf(&[entry]), &self.path, node) == Some(checkpoint.root)
    }
}
