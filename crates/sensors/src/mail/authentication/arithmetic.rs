//! Public keys and whether a signature is theirs: RSA PKCS#1 v1.5 with SHA-256 or SHA-1 (RFC 6376 3.3), Ed25519
//! (RFC 8463). `ring` does the arithmetic, for moduli of 1024 to 8192 bits; shorter keys are not acceptable anyway
//! (RFC 8301 3.2), longer ones are not worth the time.

use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ED25519, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    UnparsedPublicKey,
};

/// Bytes of the longest key record's `p=` and of the longest signature: 8192 bits and their wrapping.
pub const MAX_BYTES: usize = 1200;

model::vocabulary! {
    /// A signature's algorithm (`a=`).
    pub enum Algorithm {
        /// RFC 6376 3.3.2.
        RsaSha256 = "rsa-sha256",
        /// No longer acceptable (RFC 8301 3.1).
        RsaSha1 = "rsa-sha1",
        /// RFC 8463.
        Ed25519 = "ed25519-sha256",
    }
}

impl Algorithm {
    /// By its name; none where it is unknown.
    pub fn named(name: &[u8]) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|a| a.as_str().as_bytes() == name)
    }

    /// The key type it needs (`k=`).
    pub fn key_type(self) -> &'static str {
        if self == Algorithm::Ed25519 { "ed25519" } else { "rsa" }
    }

    /// The hash's name, as a key's `h=` lists it.
    pub fn hash(self) -> &'static str {
        if self == Algorithm::RsaSha1 { "sha1" } else { "sha256" }
    }

    /// The digest of the body.
    pub fn digest(self) -> &'static digest::Algorithm {
        if self == Algorithm::RsaSha1 { &SHA1_FOR_LEGACY_USE_ONLY } else { &SHA256 }
    }
}

/// A public key, in the bytes it was read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PublicKey<'k> {
    /// Modulus and exponent, without leading zeros.
    Rsa(&'k [u8], &'k [u8]),
    /// 32 bytes.
    Ed25519(&'k [u8; 32]),
}

impl<'k> PublicKey<'k> {
    /// From a key record's `p=`: for RSA a SubjectPublicKeyInfo or the bare RSAPublicKey inside it (RFC 6376 3.6.1 and
    /// its erratum 3017), for Ed25519 the 32 bytes.
    pub fn parse(bytes: &'k [u8], algorithm: Algorithm) -> Option<PublicKey<'k>> {
        if algorithm == Algorithm::Ed25519 {
            return bytes.try_into().ok().map(PublicKey::Ed25519);
        }
        let (mut inside, _) = element(bytes, 0x30)?;
        if inside.first() == Some(&0x30) {
            let (_, rest) = element(inside, 0x30)?;
            let (bits, _) = element(rest, 0x03)?;
            // The first byte counts the unused bits.
            (inside, _) = element(bits.strip_prefix(&[0])?, 0x30)?;
        }
        let (modulus, rest) = element(inside, 0x02)?;
        let (exponent, _) = element(rest, 0x02)?;
        let plain = |n: &'k [u8]| n.iter().position(|b| *b != 0).map(|zeros| &n[zeros..]);
        Some(PublicKey::Rsa(plain(modulus)?, plain(exponent)?))
    }

    /// Bits of the modulus, or 256.
    pub fn bits(&self) -> u32 {
        match self {
            PublicKey::Rsa(n, _) => n.len() as u32 * 8 - n.first().map_or(0, |b| b.leading_zeros()),
            PublicKey::Ed25519(_) => 256,
        }
    }

    /// Whether a signature over these bytes is this key's.
    pub fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm) {
            (PublicKey::Rsa(n, e), Algorithm::RsaSha256) => PublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, signed, signature)
                .is_ok(),
            (PublicKey::Rsa(n, e), Algorithm::RsaSha1) => PublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, signed, signature)
                .is_ok(),
            (PublicKey::Ed25519(key), Algorithm::Ed25519) => {
                // What is signed is the hash, not the bytes (RFC 8463 3).
                UnparsedPublicKey::new(&ED25519, key)
                    .verify(digest::digest(&SHA256, signed).as_ref(), signature)
                    .is_ok()
            }
            _ => false,
        }
    }
}

/// One DER element of a tag: its content and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [t, first, rest @ ..] = der else { return None };
    if *t != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?])), rest.get(2..)?),
        _ => return None,
    };
    Some((rest.get(..length)?, rest.get(length..)?))
}
