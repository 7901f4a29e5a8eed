//! A log's signed tree head: a checkpoint (c2sp.org/tlog-checkpoint) in a signed note (c2sp.org/signed-note), with the
//! signature of RFC 6962 (type 5, static-ct-api) or Ed25519 (type 1).
//!
//! You may rely on: a checkpoint that is given out was signed by the key. Left out: witnesses; their lines, and any of
//! other keys, are passed over as the specification demands.

use crate::Fault;
use crate::merkle::{Hash, sha256};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use model::{Error, Time};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};

/// Bytes a note may have.
pub const LONGEST: u64 = 64 << 10;
/// Signatures looked at.
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
        let bad = |why: &str| Fault::Checkpoint(why.to_string());
        let note = std::str::from_utf8(note).map_err(|_| bad("it is not UTF-8"))?;
        if note.chars().any(|c| c.is_control() && c != '\n') {
            return Err(bad("it has control characters"));
        }
        let (text, signatures) = note.rsplit_once("\n\n").ok_or_else(|| bad("it is no signed note"))?;
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(bad("it lacks a line"));
        };
        let plain = size.bytes().all(|b| b.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
        let size = size.parse().ok().filter(|_| plain).ok_or_else(|| bad("its size is no number"))?;
        let root = BASE64_STANDARD.decode(root).ok().and_then(|r| Hash::try_from(r).ok());
        let root = root.ok_or_else(|| bad("its root is no hash"))?;
        let extended = lines.next().is_some();
        let mut checkpoint = Checkpoint { origin: origin.into(), size, root, signed: None };
        let id = self.note_id(origin);
        for line in signatures.lines().take(SIGNATURES) {
            let Some((name, signature)) = line.strip_prefix("— ").and_then(|l| l.split_once(' ')) else { continue };
            let Ok(signature) = BASE64_STANDARD.decode(signature) else { continue };
            let Some(body) = signature.strip_prefix(&id).filter(|_| name == origin) else { continue };
            if self.ed25519 {
                let signed = format!("{text}\n");
                return match UnparsedPublicKey::new(&ED25519, &self.point).verify(signed.as_bytes(), body) {
                    Ok(()) => Ok(checkpoint),
                    Err(_) => Err(Fault::Signature),
                };
            }
            if extended {
                return Err(bad("it has lines that its signature does not cover"));
            }
            checkpoint.signed = Some(self.tree_head(&checkpoint, body).ok_or(Fault::Signature)?);
            return Ok(checkpoint);
        }
        Err(Fault::Signature)
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
