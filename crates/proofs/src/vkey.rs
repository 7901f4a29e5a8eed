//! Keys of signed notes: verifier keys (`name+id+key`, c2sp.org/signed-note), what they say of a checkpoint, and the keys
//! that sign. Ed25519 (type 1) signs a note; a cosignature (c2sp.org/tlog-cosignature) is of type 4, Ed25519, or 6,
//! ML-DSA-44, and says when it was made.
//!
//! You may rely on: a key's id is that of its name, type and bytes, so that a changed one is no key. Left out: other types
//! (2, 5), which are refused with their number; making randomness, which is handed in.

use crate::merkle::sha256;
use crate::note::Note;
use crate::text::{base64, number, to_base64};
use crate::{Checkpoint, Fault};
use ml_dsa::signature::{Keypair, Signer as _, Verifier as _};
use ml_dsa::{EncodedSignature, EncodedVerifyingKey, MlDsa44, Signature, VerifyingKey};
use model::{Error, Result};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// What a key is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Ed25519 over the note: a log's.
    Log = 1,
    /// Ed25519 over the note and a time: a witness's.
    Witness = 4,
    /// ML-DSA-44 over size, root and a time.
    PostQuantum = 6,
}

/// A key that checks signatures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vkey {
    /// Whose.
    pub name: String,
    /// Of what.
    pub kind: Kind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The id of a key in a note.
fn id(name: &str, kind: Kind, bytes: &[u8]) -> [u8; 4] {
    let hash = sha256(&[name.as_bytes(), &[b'\n', kind as u8], bytes].concat());
    [hash[0], hash[1], hash[2], hash[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Whether this may name a key.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control())
}

impl Vkey {
    /// Reads a verifier key.
    pub fn parse(text: &str) -> Result<Vkey> {
        let wrong = |why: &str| {
            Error::new(format!("`{}` is no verifier key", text.chars().take(80).collect::<String>()))
                .because(why.to_string())
                .hint("a verifier key is one line, NAME+ID+KEY: `seals/verifier.key` holds it")
        };
        let parts: Vec<&str> = text.trim().split('+').collect();
        // Base64 has `+` too.
        let (&[name, given, ..], Some(key)) = (&parts[..], parts.get(2..).map(|p| p.join("+"))) else {
            return Err(wrong("it has not three parts"));
        };
        if !is_name(name) {
            return Err(wrong("its name cannot name a key"));
        }
        let key = base64(&key).ok_or_else(|| wrong("its key is not base64"))?;
        let (&kind, bytes) = key.split_first().ok_or_else(|| wrong("its key is empty"))?;
        let kind = match (kind, bytes.len()) {
            (1, 32) => Kind::Log,
            (4, 32) => Kind::Witness,
            (6, 1312) => Kind::PostQuantum,
            (1 | 4 | 6, _) => return Err(wrong("its key has another length than keys of its type")),
            (n, _) => return Err(wrong(&format!("keys of type {n} are not read; of 1, 4 and 6 they are"))),
        };
        if given != hex(id(name, kind, bytes)) {
            return Err(wrong("its id is not that of its key: a character was changed"));
        }
        Ok(Vkey { name: name.into(), kind, bytes: bytes.into() })
    }

    /// Its id.
    pub fn id(&self) -> [u8; 4] {
        id(&self.name, self.kind, &self.bytes)
    }

    /// Whether it signed a checkpoint, and when, where the signature tells; `Ok(None)` where it has no signature there.
    /// One signature of it that is wrong spoils the note.
    pub fn signed(&self, note: &Note) -> std::result::Result<Option<Signed>, Fault> {
        let mut signed = None;
        for (name, id, body) in &note.signatures {
            if *name == self.name && *id == self.id() {
                signed = Some(self.verify(note, body).ok_or(Fault::Signature)?);
            }
        }
        Ok(signed)
    }

    fn verify(&self, note: &Note, body: &[u8]) -> Option<Signed> {
        if self.kind == Kind::Log {
            let key = UnparsedPublicKey::new(&ED25519, &self.bytes);
            return key.verify(note.text.as_bytes(), body).ok().map(|()| Signed { at: None });
        }
        let (at, signature) = body.split_first_chunk::<8>()?;
        let at = i64::try_from(u64::from_be_bytes(*at)).ok()?;
        let checkpoint = Checkpoint::of_text(&note.text).ok()?;
        if self.kind == Kind::Witness {
            let key = UnparsedPublicKey::new(&ED25519, &self.bytes);
            key.verify(&timed(&note.text, at), signature).ok()?;
        } else {
            let key = EncodedVerifyingKey::<MlDsa44>::try_from(&self.bytes[..]).ok()?;
            let signature = EncodedSignature::<MlDsa44>::try_from(signature).ok()?;
            let signature = Signature::<MlDsa44>::decode(&signature)?;
            let message = cosigned(&self.name, at, &checkpoint)?;
            VerifyingKey::<MlDsa44>::decode(&key).verify(&message, &signature).ok()?;
        }
        Some(Signed { at: Some(at) })
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.kind as u8], &self.bytes[..]].concat();
        write!(f, "{}+{}+{}", self.name, hex(self.id()), to_base64(&key))
    }
}

/// A signature that holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signed {
    /// When it was made, in seconds since 1970, as a cosigner says.
    pub at: Option<i64>,
}

/// What Ed25519 cosigners sign.
fn timed(text: &str, at: i64) -> Vec<u8> {
    format!("cosignature/v1\ntime {at}\n{text}").into_bytes()
}

/// What ML-DSA-44 cosigners sign: a `cosigned_message`.
fn cosigned(name: &str, at: i64, checkpoint: &Checkpoint) -> Option<Vec<u8>> {
    let mut message = b"subtree/v1\n\0".to_vec();
    let text = |out: &mut Vec<u8>, text: &str| {
        out.push(u8::try_from(text.len()).ok()?);
        out.extend(text.as_bytes());
        Some(())
    };
    text(&mut message, name)?;
    message.extend(at.to_be_bytes());
    text(&mut message, &checkpoint.origin)?;
    message.extend([0; 8]);
    message.extend(checkpoint.size.to_be_bytes());
    message.extend(checkpoint.root);
    Some(message)
}

/// A key that signs.
pub struct Signer {
    name: String,
    kind: Kind,
    seed: [u8; 32],
}

/// What a key that signs begins with on disk, as Go's note package writes it.
const PRIVATE: &str = "PRIVATE+KEY+";

impl Signer {
    /// Of a seed that is as random as 32 bytes can be.
    pub fn new(name: &str, kind: Kind, seed: [u8; 32]) -> Result<Signer> {
        if !is_name(name) {
            return Err(Error::new(format!("`{name}` cannot name a log"))
                .hint("a name has neither spaces nor `+`; one's own address without https:// is a good one"));
        }
        Ok(Signer { name: name.into(), kind, seed })
    }

    /// Reads one back.
    pub fn parse(text: &str) -> Option<Signer> {
        let mut parts = text.trim().strip_prefix(PRIVATE)?.splitn(3, '+');
        let (name, given, key) = (parts.next()?, parts.next()?, base64(parts.next()?)?);
        let kind = match key.first()? {
            1 => Kind::Log,
            4 => Kind::Witness,
            6 => Kind::PostQuantum,
            _ => return None,
        };
        let signer = Signer::new(name, kind, key.get(1..)?.try_into().ok()?).ok()?;
        (hex(signer.vkey().id()) == given).then_some(signer)
    }

    /// As it is kept on disk.
    pub fn to_secret(&self) -> String {
        let key = [&[self.kind as u8], &self.seed[..]].concat();
        format!("{PRIVATE}{}+{}+{}", self.name, hex(self.vkey().id()), to_base64(&key))
    }

    /// The key that checks what this one signs.
    pub fn vkey(&self) -> Vkey {
        let bytes = match self.kind {
            Kind::PostQuantum => self.post_quantum().verifying_key().encode().to_vec(),
            _ => self.ed25519().map(|pair| pair.public_key().as_ref().to_vec()).unwrap_or_default(),
        };
        Vkey { name: self.name.clone(), kind: self.kind, bytes }
    }

    fn ed25519(&self) -> Option<Ed25519KeyPair> {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).ok()
    }

    fn post_quantum(&self) -> ml_dsa::SigningKey<MlDsa44> {
        ml_dsa::SigningKey::from_seed(&self.seed.into())
    }

    /// The signature line for a note's text; a cosigner says that it signs at a time.
    pub fn sign(&self, text: &str, at: i64) -> Option<String> {
        let timestamp = || at.to_be_bytes().to_vec();
        let body = match self.kind {
            Kind::Log => self.ed25519()?.sign(text.as_bytes()).as_ref().to_vec(),
            Kind::Witness => [timestamp(), self.ed25519()?.sign(&timed(text, at)).as_ref().to_vec()].concat(),
            Kind::PostQuantum => {
                let message = cosigned(&self.name, at, &Checkpoint::of_text(text).ok()?)?;
                let signature: Signature<MlDsa44> = self.post_quantum().sign(&message);
                [timestamp(), signature.encode().to_vec()].concat()
            }
        };
        Some(format!("— {} {}\n", self.name, to_base64(&[&self.vkey().id()[..], &body].concat())))
    }
}

/// A head in one line: origin, size, root; as it is published.
pub fn head_line(checkpoint: &Checkpoint) -> String {
    format!("{} {} {}", checkpoint.origin, checkpoint.size, to_base64(&checkpoint.root))
}

/// Reads a head: one line, or a checkpoint as a file.
pub fn head_of(text: &str) -> Option<Checkpoint> {
    let mut words = text.trim().split([' ', '\n']);
    let (origin, size, root) = (words.next()?, number(words.next()?)?, crate::text::hash(words.next()?)?);
    (!origin.is_empty()).then(|| Checkpoint { origin: origin.into(), size, root, signed: None })
}
