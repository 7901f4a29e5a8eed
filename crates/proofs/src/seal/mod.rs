//! Seals: what a log of documents commits to, and what a proof of it opens.
//!
//! An entry of the log is 32 bytes: the root of a small tree over a document's parts (its bytes, its text, each paragraph,
//! attachment, sheet), with the number of them. Each part is hidden by 16 random bytes of its own. A proof opens one part
//! and shows nothing of the others: kind, place, salt and the hashes beside the way up stand in the proof's extra field.
//! The last entry of each head is a *record*: what was covered, and the root over the sorted keys of all that is sealed,
//! between two of which what is absent would stand.
//!
//! You may rely on: every hash input begins with a domain of its own (`vigie-seal/v1 …`), the log's own leaves and nodes
//! with those of RFC 6962; a proof has one form. Left out: who keeps salts (`seals`), what a document's parts are
//! (`formats`).

mod absence;
mod extra;
pub mod succession;

pub use absence::{Absence, Neighbour, Record, key, tree};
pub use extra::{Extra, Opening};

use crate::merkle::{Hash, Whole};
use crate::vkey::Signed;
use crate::{Checkpoint, Fault, Note, Policy, Proof, Vkey};
use ring::digest::{Context, SHA256};
use unicode_normalization::UnicodeNormalization;

/// What every hash input begins with.
const DOMAIN: &str = "vigie-seal/v1 ";
/// Bytes of a salt.
pub const SALT: usize = 16;

/// What hides a part.
pub type Salt = [u8; SALT];

/// What a part is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// The file as it is.
    Bytes,
    /// All its text.
    Text,
    /// One paragraph; of a sheet, one row.
    Paragraph,
    /// What is attached to it or lies in it.
    Attachment,
    /// A sheet.
    Sheet,
    /// The least hashes of its words, by which near copies are found.
    Sketch,
    /// What was covered.
    Record,
}

impl Kind {
    /// All of them; their numbers on disk are their places.
    pub const ALL: [Kind; 7] =
        [Kind::Bytes, Kind::Text, Kind::Paragraph, Kind::Attachment, Kind::Sheet, Kind::Sketch, Kind::Record];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Bytes => "bytes",
            Kind::Text => "text",
            Kind::Paragraph => "paragraph",
            Kind::Attachment => "attachment",
            Kind::Sheet => "sheet",
            Kind::Sketch => "sketch",
            Kind::Record => "record",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Whether it is text, which is normalised before it is hashed.
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Paragraph | Kind::Sheet)
    }

    /// The hash of what it holds.
    pub fn digest(self, content: &[u8]) -> Option<Hash> {
        match self.is_text() {
            true => Some(of_text(std::str::from_utf8(content).ok()?)),
            false => Some(of_bytes(content)),
        }
    }
}

fn hash(domain: &str, parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    [DOMAIN.as_bytes(), domain.as_bytes(), b"\n"].iter().chain(parts).for_each(|part| context.update(part));
    context.finish().as_ref().try_into().unwrap_or_default()
}

/// [`of_bytes`] of a file as it streams by.
pub struct Hasher(Context);

impl Default for Hasher {
    fn default() -> Hasher {
        let mut context = Context::new(&SHA256);
        context.update(DOMAIN.as_bytes());
        context.update(b"bytes\n");
        Hasher(context)
    }
}

impl Hasher {
    /// More of it.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all of it.
    pub fn finish(self) -> Hash {
        self.0.finish().as_ref().try_into().unwrap_or_default()
    }
}

/// The hash of bytes as they are.
pub fn of_bytes(bytes: &[u8]) -> Hash {
    hash("bytes", &[bytes])
}

/// The hash of text, normalised.
pub fn of_text(text: &str) -> Hash {
    hash("text", &[normalised(text).as_bytes()])
}

/// Text as it is hashed: NFC, every run of white space one space, none at the ends, characters without width left out.
/// What another program does to text when it saves it again changes nothing of this.
pub fn normalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        match c {
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            '\t'..='\r'
            | ' '
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => space = true,
            c => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(c);
            }
        }
    }
    if out.is_ascii() { out } else { out.nfc().collect() }
}

/// A node of a tree of parts, or of keys.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    hash("node", &[left, right])
}

/// The leaf of a part.
pub fn leaf(kind: Kind, salt: &Salt, digest: &Hash) -> Hash {
    hash(&format!("part {}", kind.word()), &[salt, digest])
}

/// The entry of a document with so many parts.
pub fn entry(parts: u64, root: &Hash) -> Hash {
    hash("entry", &[&parts.to_be_bytes(), root])
}

/// The entry of a document with these leaves.
pub fn commit(leaves: Vec<Hash>) -> (Hash, Whole) {
    let parts = leaves.len() as u64;
    let tree = Whole::new(leaves, node);
    (entry(parts, &tree.root()), tree)
}

/// What a proof shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Of what kind the part is that was sealed; or that is absent.
    pub kind: Kind,
    /// Whether it is absent.
    pub absent: Option<Record>,
    /// Its place among the parts, and how many there are.
    pub place: (u64, u64),
    /// The entry's index in the log.
    pub index: u64,
    /// The head.
    pub checkpoint: Checkpoint,
    /// The note as it was signed.
    pub note: Note,
    /// Who signed the head.
    pub signed: Vec<(Vkey, Signed)>,
}

/// Checks a proof: against whom one trusts, a head that was published, and the hashes that the file at hand may have
/// as a part of some kind.
pub fn check(
    proof: &[u8],
    policy: &Policy,
    head: Option<&Checkpoint>,
    digests: &dyn Fn(Kind) -> Vec<Hash>,
) -> Result<Shown, Fault> {
    let proof = Proof::parse(proof)?;
    let (note, checkpoint) = proof.note()?;
    let extra = proof.extra.as_deref().ok_or_else(|| Fault::Form("it says nothing of a part".into()))?;
    let extra = Extra::parse(extra)?;
    let signed = policy.judge(&note, &checkpoint)?;
    if let Some(head) = head
        && (&head.origin, head.size, head.root) != (&checkpoint.origin, checkpoint.size, checkpoint.root)
    {
        return Err(Fault::Head(crate::vkey::head_line(&checkpoint)));
    }
    let opening = &extra.opening;
    let candidates = match &extra.absence {
        Some(absence) => vec![of_bytes(&absence.record)],
        None => digests(opening.kind),
    };
    let holds = |digest: &Hash| opening.entry(digest).is_some_and(|e| proof.includes(&e, &checkpoint));
    if !candidates.iter().any(holds) {
        return Err(Fault::Root("this is not what was sealed, or the proof was changed".into()));
    }
    let (mut kind, mut absent) = (opening.kind, None);
    if let Some(absence) = &extra.absence {
        kind = absence.kind;
        let last = proof.index + 1 == checkpoint.size;
        absent = Some(absence.check(proof.index, last, &digests(absence.kind))?);
    } else if kind == Kind::Record {
        return Err(Fault::Form("it opens a record and says nothing of it".into()));
    }
    let place = (opening.at, opening.of);
    Ok(Shown { kind, absent, place, index: proof.index, checkpoint, note, signed })
}
