//! Certificates (RFC 5280), as far as a time stamp needs them: who, until when, for what, signed by whom.

use super::der::{BITS, Der, INTEGER, OCTETS, OID, SEQUENCE, Value, time};
use model::{Error, Result, Time};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

/// Certificates of one file, at most.
const MANY: usize = 100;
/// Certificates of one chain, at most.
const LONG: usize = 8;

pub const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
pub const SHA384: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2];
pub const SHA512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
pub const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its bytes.
    pub der: Vec<u8>,
    /// What its issuer signed, how, and with what.
    signed: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    /// Its serial number, as it is encoded.
    pub serial: Vec<u8>,
    /// Who issued it, as that is encoded.
    pub issuer: Vec<u8>,
    subject: Vec<u8>,
    from: Time,
    until: Time,
    /// The algorithm of its key, the curve, and the key.
    key: (Vec<u8>, Vec<u8>, Vec<u8>),
    is_ca: bool,
    /// The length of the chain below it, where it limits that.
    below: Option<u64>,
    /// What its key may do, where it says: the first octet of the bits.
    usage: Option<u8>,
    /// Whether it may stamp times and nothing else, and says so critically.
    stamps: bool,
    /// A critical extension that is not understood.
    unknown: bool,
}

/// The certificates of a PEM file, or one in DER.
pub fn anchors(bytes: &[u8]) -> Result<Vec<Certificate>> {
    let wrong = || {
        Error::new("the certificates of the time-stamping authority cannot be read")
            .hint("give them as PEM: `-----BEGIN CERTIFICATE-----` and so on")
    };
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![Certificate::parse(bytes).ok_or_else(wrong)?]);
    }
    let text = std::str::from_utf8(bytes).map_err(|e| wrong().because(e))?;
    let mut found = Vec::new();
    for block in text.split("-----BEGIN CERTIFICATE-----").skip(1).take(MANY) {
        let body: String = block.split("-----END").next().unwrap_or_default().split_whitespace().collect();
        let der = crate::text::base64(&body).ok_or_else(wrong)?;
        found.push(Certificate::parse(&der).ok_or_else(wrong)?);
    }
    if found.is_empty() { Err(wrong()) } else { Ok(found) }
}

impl Certificate {
    /// Reads one.
    pub fn parse(bytes: &[u8]) -> Option<Certificate> {
        let mut outer = Der(bytes);
        let mut inner = outer.inside(SEQUENCE).filter(|_| outer.is_empty())?;
        let signed = inner.tagged(SEQUENCE)?;
        let algorithm = inner.inside(SEQUENCE)?.tagged(OID)?.content;
        let signature = inner.tagged(BITS)?.content.split_first().filter(|(unused, _)| **unused == 0)?.1;
        inner.is_empty().then_some(())?;
        let mut body = Der(signed.content);
        body.inside(0xa0);
        let serial = body.tagged(INTEGER)?.whole;
        // The algorithm stands here again: another one than outside is a forgery.
        let again = body.inside(SEQUENCE)?.tagged(OID)?.content;
        (again == algorithm).then_some(())?;
        let issuer = body.tagged(SEQUENCE)?.whole;
        let mut validity = body.inside(SEQUENCE)?;
        let (from, until) = (time(validity.next()?)?, time(validity.next()?)?);
        let subject = body.tagged(SEQUENCE)?.whole;
        let mut spki = body.inside(SEQUENCE)?;
        let mut kind = spki.inside(SEQUENCE)?;
        let (of, curve) = (kind.tagged(OID)?.content, kind.tagged(OID).map_or(&[][..], |c| c.content));
        let key = spki.tagged(BITS)?.content.split_first().filter(|(unused, _)| **unused == 0)?.1;
        let mut certificate = Certificate {
            der: bytes.into(),
            signed: signed.whole.into(),
            algorithm: algorithm.into(),
            signature: signature.into(),
            serial: serial.into(),
            issuer: issuer.into(),
            subject: subject.into(),
            from,
            until,
            key: (of.into(), curve.into(), key.into()),
            is_ca: false,
            below: None,
            usage: None,
            stamps: false,
            unknown: false,
        };
        body.tagged(0x81);
        body.tagged(0x82);
        if let Some(mut extensions) = body.inside(0xa3) {
            for extension in extensions.inside(SEQUENCE)?.all(100)? {
                certificate.extension(extension)?;
            }
        }
        body.is_empty().then_some(certificate)
    }

    fn extension(&mut self, extension: Value) -> Option<()> {
        let mut parts = Der(extension.content);
        let id = parts.tagged(OID)?.content;
        let critical = parts.tagged(1).is_some_and(|b| b.content == [0xff]);
        let mut value = Der(parts.tagged(OCTETS)?.content);
        match id {
            // Basic constraints.
            [0x55, 0x1d, 19] => {
                let mut parts = value.inside(SEQUENCE)?;
                self.is_ca = parts.tagged(1).is_some_and(|b| b.content == [0xff]);
                self.below =
                    parts.tagged(INTEGER).map(|n| n.content.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b)));
            }
            // Key usage.
            [0x55, 0x1d, 15] => self.usage = Some(value.tagged(BITS)?.content.get(1).copied().unwrap_or(0)),
            // Extended key usage: of a stamp's signer exactly one, critical (RFC 3161 2.3).
            [0x55, 0x1d, 37] => {
                let uses = value.inside(SEQUENCE)?.all(50)?;
                self.stamps = critical && matches!(&uses[..], [one] if one.tag == OID && one.content == TIME_STAMPING);
                self.unknown |= critical && !uses.iter().any(|u| u.content == TIME_STAMPING);
            }
            // Names, policies and where to ask, which say nothing of what is asked here.
            [0x55, 0x1d, 14 | 17 | 18 | 31 | 32 | 35] => {}
            _ => self.unknown |= critical,
        }
        Some(())
    }

    /// Whether its key made a signature, with this algorithm, or with this hash where the algorithm names none.
    pub fn signed(&self, algorithm: &[u8], hash: Option<&[u8]>, message: &[u8], with: &[u8]) -> bool {
        let rsa = |n: u8| [&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1][..], &[n]].concat();
        let ecdsa = |n: u8| [&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3][..], &[n]].concat();
        let digest = match algorithm {
            a if a == rsa(11) || a == ecdsa(2) => SHA256,
            a if a == rsa(12) || a == ecdsa(3) => SHA384,
            a if a == rsa(13) || a == ecdsa(4) => SHA512,
            a if a == RSA || a == EC => hash.unwrap_or_default(),
            a if a == ED25519 => &[],
            _ => return false,
        };
        let (of, curve, key) = (&self.key.0[..], &self.key.1[..], &self.key.2[..]);
        let verifier: &dyn VerificationAlgorithm = match (of, curve, digest) {
            (RSA, _, SHA256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (RSA, _, SHA384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (RSA, _, SHA512) => &signature::RSA_PKCS1_2048_8192_SHA512,
            (EC, P256, SHA256) => &signature::ECDSA_P256_SHA256_ASN1,
            (EC, P256, SHA384) => &signature::ECDSA_P256_SHA384_ASN1,
            (EC, P384, SHA256) => &signature::ECDSA_P384_SHA256_ASN1,
            (EC, P384, SHA384) => &signature::ECDSA_P384_SHA384_ASN1,
            (ED25519, _, []) => &signature::ED25519,
            _ => return false,
        };
        UnparsedPublicKey::new(verifier, key).verify(message, with).is_ok()
    }

    fn valid(&self, at: Time) -> bool {
        self.from <= at && at <= self.until && !self.unknown
    }

    /// Whether it may stamp times, at that time, and one that is trusted vouches for it, over others that are at hand.
    pub fn vouched(&self, at: Time, between: &[Certificate], trusted: &[Certificate]) -> bool {
        // Digital signature or non-repudiation, where a use of the key is named.
        let may = self.stamps && self.usage.is_none_or(|u| u & 0xc0 != 0);
        if !may || !self.valid(at) {
            return false;
        }
        let mut chain = vec![self];
        while chain.len() <= LONG {
            let below = (chain.len() - 1) as u64;
            let Some(last) = chain.last().copied() else { return false };
            // What the user trusts may be the signer itself, an authority between, or a root.
            if trusted.contains(last) {
                return true;
            }
            let issues = |c: &&Certificate| {
                c.subject == last.issuer
                    && c.is_ca
                    && c.usage.is_none_or(|u| u & 0x04 != 0)
                    && c.below.is_none_or(|n| below <= n)
                    && c.valid(at)
                    && c.signed(&last.algorithm, None, &last.signed, &last.signature)
            };
            match trusted.iter().find(issues).or_else(|| between.iter().find(issues)) {
                Some(next) if !chain.contains(&next) => chain.push(next),
                _ => return false,
            }
        }
        false
    }
}
