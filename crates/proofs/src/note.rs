//! A log's signed tree head: a checkpoint (c2sp.org/tlog-checkpoint) in a signed note (c2sp.org/signed-note), with the
//! signature of RFC 6962 (type 5, static-ct-api) or Ed25519 (type 1).
//!
//! You may rely on: a checkpoint that [`Key::open`] gives out was signed by the key. Signatures of other keys are passed
//! over as the specification demands; verifier keys and witnesses are in `vkey`.

use crate::merkle::{Hash, sha256};
use crate::{Fault, text};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::{Error, Time};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};

/// Bytes a note may have.
pub const LONGEST: u64 = 64 << 10;
/// Signatures of one note, at most.
const SIGNATURES: usize = 100;
/// What stands before the key in a SubjectPublicKeyInfo: P-256 (RFC 5480) and Ed25519 (RFC 8410).
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
const ED: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A log's public key.
#[derive(Clone, Debug)]
pub struct Key {
    point: Vec<u8>,
    /// The log's id (RFC 6962 3.2): the SHA-256 of its key.
    pub id: Hash,
    ed25519: bool,
}

/// A signed note, taken apart; nothing of it is believed.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its text, with the last line's end.
    pub text: String,
    /// The name and id of a key, and what it signed with.
    pub signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

impl Note {
    /// Takes a note apart.
    pub fn parse(note: &[u8]) -> Result<Note, Fault> {
        let bad = |why: &str| Fault::Checkpoint(why.to_string());
        let note = text::lines(note).map_err(|fault| match fault {
            Fault::Form(why) => Fault::Checkpoint(why),
            other => other,
        })?;
        // What separates is the last empty line.
        let (body, lines) = note.rsplit_once("\n\n").ok_or_else(|| bad("it is no signed note"))?;
        let signature = |line: &str| {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let signature = text::base64(signature)?;
            let (id, body) = signature.split_first_chunk::<4>()?;
            (!name.is_empty() && !body.is_empty()).then(|| (name.to_string(), *id, body.to_vec()))
        };
        let signatures: Option<Vec<_>> = lines.lines().map(signature).collect();
        let signatures = signatures.filter(|s| (1..=SIGNATURES).contains(&s.len()));
        let signatures = signatures.ok_or_else(|| bad("a line below its text is no signature"))?;
        Ok(Note { text: format!("{body}\n"), signatures })
    }
}

impl Checkpoint {
    /// What a note's text says, signed or not.
    pub fn of_text(text: &str) -> Result<Checkpoint, Fault> {
        let bad = |why: &str| Fault::Checkpoint(why.to_string());
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(bad("it lacks a line"));
        };
        if text.lines().any(str::is_empty) {
            return Err(bad("it has an empty line"));
        }
        let size = text::number(size).ok_or_else(|| bad("its size is no number"))?;
        let root = text::hash(root).ok_or_else(|| bad("its root is no hash"))?;
        Ok(Checkpoint { origin: origin.into(), size, root, signed: None })
    }

    /// The text of a note that says it.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, text::to_base64(&self.root))
    }
}

/// A tree head that was signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's name: its submission prefix without a scheme. RFC 6962 signatures do not cover it.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was signed, where the signature says so.
    pub signed: Option<Time>,
}

impl Key {
    /// A SubjectPublicKeyInfo in base64, as lists of logs have it (PEM armour is taken off).
    pub fn parse(text: &str) -> model::Result<Key> {
        let wrong = || {
            Error::new("the log's key is not usable")
                .hint("give the `key` of a list of logs: a SubjectPublicKeyInfo in base64, ECDSA P-256 or Ed25519")
        };
        let bare: String = text.lines().filter(|l| !l.starts_with("-----")).flat_map(|l| l.trim().chars()).collect();
        let spki = BASE64_STANDARD.decode(bare).map_err(|e| wrong().because(e))?;
        let id = sha256(&spki);
        match (spki.strip_prefix(P256), spki.strip_prefix(ED)) {
            (Some(point), _) if point.len() == 65 => Ok(Key { point: point.into(), id, ed25519: false }),
            (_, Some(point)) if point.len() == 32 => Ok(Key { point: point.into(), id, ed25519: true }),
            _ => Err(wrong()),
        }
    }

    /// The key's id in a note: the first four bytes of the SHA-256 of the name, a new line, the type and the key.
    fn note_id(&self, name: &str) -> [u8; 4] {
        let (kind, key) = if self.ed25519 { (1, &self.point[..]) } else { (5, &self.id[..]) };
        let hash = sha256(&[name.as_bytes(), &[b'\n', kind], key].concat());
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Opens a note that this key signed.
    pub fn open(&self, note: &[u8]) -> Result<Checkpoint, Fault> {
        let note = Note::parse(note)?;
        let mut checkpoint = Checkpoint::of_text(&note.text)?;
        let id = self.note_id(&checkpoint.origin);
        let ours = |(name, given, _): &&(String, [u8; 4], Vec<u8>)| *name == checkpoint.origin && *given == id;
        let (_, _, body) = note.signatures.iter().find(ours).ok_or(Fault::Signature)?;
        if self.ed25519 {
            let key = UnparsedPublicKey::new(&ED25519, &self.point);
            return key.verify(note.text.as_bytes(), body).map(|()| checkpoint).map_err(|_| Fault::Signature);
        }
        if note.text.lines().nth(3).is_some() {
            return Err(Fault::Checkpoint("it has lines that its signature does not cover".into()));
        }
        checkpoint.signed = Some(self.tree_head(&checkpoint, body).ok_or(Fault::Signature)?);
        Ok(checkpoint)
    }

    /// Checks an `RFC6962NoteSignature`; gives its time.
    fn tree_head(&self, checkpoint: &Checkpoint, body: &[u8]) -> Option<Time> {
        let (timestamp, digitally) = body.split_at_checked(8)?;
        // SHA-256 with ECDSA (RFC 5246 7.4.1.4.1), then the signature with its length.
        let signature = digitally.strip_prefix(&[4, 3])?;
        let (length, signature) = signature.split_at_checked(2)?;
        if usize::from(u16::from_be_bytes([length[0], length[1]])) != signature.len() {
            return None;
        }
        let head = [&[0, 1], timestamp, &checkpoint.size.to_be_bytes(), &checkpoint.root].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.point).verify(&head, signature).ok()?;
        let milliseconds = u64::from_be_bytes(timestamp.try_into().ok()?);
        Some(Time(i64::try_from(milliseconds).ok()?.saturating_mul(1000)))
    }
}
