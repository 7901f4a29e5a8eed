//! Time-stamp requests and responses (RFC 3161) with tokens in CMS (RFC 5652).

use super::certificate::{Certificate, SHA1, SHA256, SHA384, SHA512};
use super::der::{Der, INTEGER, OCTETS, OID, SEQUENCE, SET, Value, time};
use super::{Unstamped, no};
use crate::Hash;
use model::Time;
use ring::digest::{self, digest};

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 12];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];

/// A request for a stamp over a SHA-256, with a number that the answer repeats; the certificate is asked for.
pub fn request(hash: &Hash, nonce: u64) -> Vec<u8> {
    let wrap = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let algorithm = wrap(SEQUENCE, &[&wrap(OID, SHA256)[..], &[5, 0]].concat());
    let imprint = wrap(SEQUENCE, &[algorithm, wrap(OCTETS, hash)].concat());
    // A leading zero keeps it positive.
    let nonce = wrap(INTEGER, &[&[0][..], &(nonce | 1 << 63).to_be_bytes()].concat());
    wrap(SEQUENCE, &[&[2, 1, 1][..], &imprint, &nonce, &[1, 1, 0xff]].concat())
}

/// The hash that an algorithm makes of bytes.
fn hashed(algorithm: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match algorithm {
        SHA256 => &digest::SHA256,
        SHA384 => &digest::SHA384,
        SHA512 => &digest::SHA512,
        _ => return None,
    };
    Some(digest(algorithm, bytes).as_ref().to_vec())
}

/// A token, taken apart; nothing of it is believed.
pub struct Token<'b> {
    /// What was stamped: the hash's algorithm, and the hash.
    imprint: (&'b [u8], &'b [u8]),
    /// When, as it says.
    pub at: Time,
    info: &'b [u8],
    certificates: Vec<Certificate>,
    /// The signer: issuer and serial number, or key id; hash algorithm, attributes, algorithm, signature.
    signer: Signer<'b>,
}

struct Signer<'b> {
    issuer: Option<(&'b [u8], &'b [u8])>,
    hash: &'b [u8],
    attributes: Value<'b>,
    algorithm: &'b [u8],
    signature: &'b [u8],
}

impl<'b> Token<'b> {
    /// Takes a response apart, or a token without one.
    pub fn parse(bytes: &'b [u8]) -> Result<Token<'b>, Unstamped> {
        let mut outer = Der(bytes);
        let value = outer.tagged(SEQUENCE).filter(|_| outer.is_empty()).ok_or_else(|| no("it is no time stamp"))?;
        let mut inner = Der(value.content);
        if let Some(mut status) = inner.inside(SEQUENCE) {
            let granted = status.tagged(INTEGER).is_some_and(|s| matches!(s.content, [0 | 1]));
            if !granted {
                return Err(no("the authority refused to stamp"));
            }
            let token = inner.tagged(SEQUENCE).filter(|_| inner.is_empty()).ok_or_else(|| no("it holds no stamp"))?;
            return Token::signed(token.content).ok_or_else(|| no("its stamp cannot be read"));
        }
        Token::signed(value.content).ok_or_else(|| no("it is no time stamp"))
    }

    fn signed(content: &'b [u8]) -> Option<Token<'b>> {
        let mut content = Der(content);
        (content.tagged(OID)?.content == SIGNED_DATA).then_some(())?;
        let mut data = content.inside(0xa0)?.inside(SEQUENCE)?;
        data.tagged(INTEGER)?;
        data.tagged(SET)?;
        let mut held = data.inside(SEQUENCE)?;
        (held.tagged(OID)?.content == TST_INFO).then_some(())?;
        let info = held.inside(0xa0)?.tagged(OCTETS)?.content;
        let mut certificates = Vec::new();
        if let Some(given) = data.inside(0xa0) {
            // What is none that can be read is no reason to refuse: it vouches for nothing.
            certificates.extend(given.all(50)?.iter().filter_map(|c| Certificate::parse(c.whole)));
        }
        data.tagged(0xa1);
        let mut signers = data.inside(SET)?;
        let mut signer = signers.inside(SEQUENCE).filter(|_| signers.is_empty() && data.is_empty())?;
        signer.tagged(INTEGER)?;
        let issuer = match signer.inside(SEQUENCE) {
            Some(mut by) => Some((by.tagged(SEQUENCE)?.whole, by.tagged(INTEGER)?.whole)),
            None => signer.tagged(0x80).map(|_| None)?,
        };
        let hash = signer.inside(SEQUENCE)?.tagged(OID)?.content;
        let attributes = signer.tagged(0xa0)?;
        let algorithm = signer.inside(SEQUENCE)?.tagged(OID)?.content;
        let signature = signer.tagged(OCTETS)?.content;
        let signer = Signer { issuer, hash, attributes, algorithm, signature };
        let mut outer = Der(info);
        let mut tst = outer.inside(SEQUENCE).filter(|_| outer.is_empty())?;
        tst.tagged(INTEGER)?;
        tst.tagged(OID)?;
        let mut imprint = tst.inside(SEQUENCE)?;
        let imprint = (imprint.inside(SEQUENCE)?.tagged(OID)?.content, imprint.tagged(OCTETS)?.content);
        tst.tagged(INTEGER)?;
        let at = time(tst.tagged(0x18)?)?;
        Some(Token { imprint, at, info, certificates, signer })
    }

    /// Whether it stamps these bytes.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        hashed(self.imprint.0, bytes).as_deref() == Some(self.imprint.1)
    }

    /// When these bytes existed, if it shows that to whoever trusts these certificates.
    pub fn shows(&self, bytes: &[u8], trusted: &[Certificate]) -> Result<Time, Unstamped> {
        if !self.is_of(bytes) {
            return Err(no("it stamps something else"));
        }
        let mut attributes = Vec::new();
        for attribute in Der(self.signer.attributes.content).all(50).ok_or_else(|| no("its attributes are none"))? {
            let mut parts = Der(attribute.content);
            let id = parts.tagged(OID).ok_or_else(|| no("an attribute is none"))?.content;
            let mut values = parts.inside(SET).ok_or_else(|| no("an attribute is none"))?;
            let value = values.next().ok_or_else(|| no("an attribute is none"))?;
            if !values.is_empty() || attributes.iter().any(|(known, _)| *known == id) {
                return Err(no("an attribute stands there twice"));
            }
            attributes.push((id, value));
        }
        let find = |wanted: &[u8]| attributes.iter().find(|(id, _)| *id == wanted).map(|(_, value)| *value);
        if find(CONTENT_TYPE).is_none_or(|v| v.content != TST_INFO) {
            return Err(no("its signature is of something else"));
        }
        let digest = hashed(self.signer.hash, self.info).ok_or_else(|| no("its hash is none that is read"))?;
        if find(MESSAGE_DIGEST).is_none_or(|v| v.content != digest) {
            return Err(no("its signature is of another stamp"));
        }
        let named = find(SIGNING_CERTIFICATE_V2).or_else(|| find(SIGNING_CERTIFICATE));
        let named = named.ok_or_else(|| no("it does not say whose certificate signed it"))?;
        let second = find(SIGNING_CERTIFICATE_V2).is_some();
        let named = first_id(named, second).ok_or_else(|| no("it does not say whose certificate signed it"))?;
        let is =
            |c: &&Certificate| named.is(c) && self.signer.issuer.is_none_or(|(i, s)| c.issuer == i && c.serial == s);
        let signer = self.certificates.iter().chain(trusted).find(is);
        let signer = signer.ok_or_else(|| no("the certificate that it names is not there"))?;
        // Signed are the attributes as a set (RFC 5652 5.4).
        let mut signed = self.signer.attributes.whole.to_vec();
        signed[0] = SET;
        if !signer.signed(self.signer.algorithm, Some(self.signer.hash), &signed, self.signer.signature) {
            return Err(no("its signature is wrong, or of a kind that is not read"));
        }
        match signer.vouched(self.at, &self.certificates, trusted) {
            true => Ok(self.at),
            false => Err(no("no trusted authority vouches for its signer at that time")),
        }
    }
}

/// The hash by which a stamp names its signer's certificate.
struct Named<'b> {
    hash: &'b [u8],
    of: &'b [u8],
}

impl Named<'_> {
    fn is(&self, certificate: &Certificate) -> bool {
        match self.hash {
            SHA1 => digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate.der).as_ref() == self.of,
            hash => hashed(hash, &certificate.der).as_deref() == Some(self.of),
        }
    }
}

fn first_id(value: Value<'_>, second: bool) -> Option<Named<'_>> {
    let mut id = Der(value.content).inside(SEQUENCE)?.inside(SEQUENCE)?;
    let hash = match second {
        true => id.inside(SEQUENCE).map_or(Some(SHA256), |mut a| a.tagged(OID).map(|o| o.content))?,
        false => SHA1,
    };
    Some(Named { hash, of: id.tagged(OCTETS)?.content })
}
