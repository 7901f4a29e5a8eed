//! Certificates (RFC 5280) as far as a site's owner should know his own.

use model::Time;
use proofs::stamp::der::{BITS, Der, INTEGER, OCTETS, OID, SEQUENCE, SET, Value, time};
use std::fmt::Write;

/// Whether a chain leads to somebody the system trusts; else why not.
pub type Trust = Result<(), String>;

/// What a certificate says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Certificate {
    /// SHA-1 and SHA-256 of its bytes, in hexadecimal.
    pub fingerprints: (String, String),
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// Of its subject: common name.
    pub common_name: Option<String>,
    /// Of its issuer: common name, organisation, country.
    pub issuer: (Option<String>, Option<String>, Option<String>),
    /// It names itself as its issuer.
    pub is_self_issued: bool,
    /// Other names: hosts and addresses.
    pub names: Vec<String>,
    /// From and until when it holds.
    pub valid: (Time, Time),
    /// `RSA`, `EC`, …, and its bits.
    pub key: (&'static str, usize),
    /// How it is signed: hash and kind.
    pub signature: (&'static str, &'static str),
    /// What its key may do.
    pub usage: Vec<&'static str>,
    /// What it is for, where that is said.
    pub purposes: Vec<&'static str>,
    /// Where it is told whether it was taken back: lists, and OCSP.
    pub revocation: (Vec<String>, Vec<String>),
    /// It must come with an answer of OCSP.
    pub must_staple: bool,
    /// It holds stamps of public logs.
    pub is_logged: bool,
}

/// Names in one certificate that are kept.
const NAMES: usize = 200;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut s, b| {
        let _ = write!(s, "{b:02X}");
        s
    })
}

fn text(value: Value) -> String {
    match value.tag {
        // BMPString.
        0x1e => value
            .content
            .chunks_exact(2)
            .filter_map(|c| char::from_u32(u32::from(c[0]) << 8 | u32::from(c[1])))
            .collect(),
        _ => String::from_utf8_lossy(value.content).into_owned(),
    }
}

/// Common name, organisation and country of a name.
fn named(mut name: Der) -> (Option<String>, Option<String>, Option<String>) {
    let mut out = (None, None, None);
    while let Some(mut set) = name.inside(SET) {
        while let Some(mut pair) = set.inside(SEQUENCE) {
            let (Some(kind), Some(value)) = (pair.tagged(OID), pair.next()) else { break };
            match kind.content {
                [0x55, 4, 3] => out.0 = Some(text(value)),
                [0x55, 4, 10] => out.1 = Some(text(value)),
                [0x55, 4, 6] => out.2 = Some(text(value)),
                _ => {}
            }
        }
    }
    out
}

fn signature(algorithm: &mut Der) -> Option<(&'static str, &'static str)> {
    const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
    const SHA2: [u8; 8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
    let id = algorithm.tagged(OID)?.content;
    Some(match id {
        [front @ .., last] if *front == RSA => match last {
            2 => ("MD2", "RSA"),
            4 => ("MD5", "RSA"),
            5 => ("SHA1", "RSA"),
            10 => {
                // RSASSA-PSS names its hash among its parameters; SHA-1 where it names none.
                let hash = algorithm.inside(SEQUENCE).and_then(|mut p| p.inside(0xa0)?.inside(SEQUENCE)?.tagged(OID));
                match hash.map(|h| h.content) {
                    Some([front @ .., 1]) if *front == SHA2 => ("SHA256", "PSS"),
                    Some([front @ .., 2]) if *front == SHA2 => ("SHA384", "PSS"),
                    Some([front @ .., 3]) if *front == SHA2 => ("SHA512", "PSS"),
                    _ => ("SHA1", "PSS"),
                }
            }
            11 => ("SHA256", "RSA"),
            12 => ("SHA384", "RSA"),
            13 => ("SHA512", "RSA"),
            14 => ("SHA224", "RSA"),
            _ => ("", ""),
        },
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1] => ("SHA1", "ECDSA"),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, n] => {
            (["", "SHA224", "SHA256", "SHA384", "SHA512"].get(usize::from(*n)).copied()?, "ECDSA")
        }
        [0x2b, 0x65, 0x70] => ("", "Ed25519"),
        [0x2b, 0x65, 0x71] => ("", "Ed448"),
        _ => ("", ""),
    })
}

fn key(mut spki: Der) -> Option<(&'static str, usize)> {
    let mut kind = spki.inside(SEQUENCE)?;
    let id = kind.tagged(OID)?.content;
    let bits = spki.tagged(BITS)?.content.get(1..)?;
    Some(match id {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, ..] => {
            ("RSA", super::scan::bits(Der(bits).inside(SEQUENCE)?.tagged(INTEGER)?.content))
        }
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] => {
            let size = match kind.tagged(OID)?.content {
                [0x2b, 0x81, 4, 0, 0x22] => 384,
                [0x2b, 0x81, 4, 0, 0x23] => 521,
                // A point is two numbers of the curve's size behind one octet.
                _ => bits.len().saturating_sub(1) * 4,
            };
            ("EC", size)
        }
        [0x2b, 0x65, 0x70] => ("Ed25519", 256),
        [0x2b, 0x65, 0x71] => ("Ed448", 456),
        [0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1] => ("DSA", bits.len() * 8),
        _ => ("unknown", bits.len() * 8),
    })
}

impl Certificate {
    /// Reads one; none where it is no certificate.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Certificate> {
        use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
        let mut inner = Der(der).inside(SEQUENCE)?;
        let signed = inner.tagged(SEQUENCE)?;
        let mut body = Der(signed.content);
        body.inside(0xa0);
        let serial = body.tagged(INTEGER)?.content;
        let signature = signature(&mut body.inside(SEQUENCE)?)?;
        let issuer = body.tagged(SEQUENCE)?;
        let mut validity = body.inside(SEQUENCE)?;
        let valid = (time(validity.next()?)?, time(validity.next()?)?);
        let subject = body.tagged(SEQUENCE)?;
        let serial = serial.strip_prefix(&[0]).filter(|s| !s.is_empty()).unwrap_or(serial);
        let mut all = Certificate {
            fingerprints: (hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, der).as_ref()), hex(digest(&SHA256, der).as_ref())),
            serial: hex(serial),
            common_name: named(Der(subject.content)).0,
            issuer: named(Der(issuer.content)),
            is_self_issued: subject.content == issuer.content,
            valid,
            key: key(body.inside(SEQUENCE)?)?,
            signature,
            ..Certificate::default()
        };
        body.tagged(0x81);
        body.tagged(0x82);
        if let Some(mut extensions) = body.inside(0xa3) {
            for extension in extensions.inside(SEQUENCE)?.all(100)? {
                all.extension(extension);
            }
        }
        Some(all)
    }

    /// One that cannot be read says nothing.
    fn extension(&mut self, extension: Value) -> Option<()> {
        let mut parts = Der(extension.content);
        let id = parts.tagged(OID)?.content;
        parts.tagged(1);
        let mut value = Der(parts.tagged(OCTETS)?.content);
        match id {
            // Other names.
            [0x55, 0x1d, 17] => {
                for name in value.inside(SEQUENCE)?.all(10_000)?.into_iter().take(NAMES) {
                    match name.tag {
                        0x81 | 0x82 | 0x86 => self.names.push(String::from_utf8_lossy(name.content).into_owned()),
                        0x87 => self.names.extend(address(name.content)),
                        _ => {}
                    }
                }
            }
            // What the key may do.
            [0x55, 0x1d, 15] => {
                const USES: [&str; 9] = [
                    "Digital Signature",
                    "Non Repudiation",
                    "Key Encipherment",
                    "Data Encipherment",
                    "Key Agreement",
                    "Certificate Sign",
                    "CRL Sign",
                    "Encipher Only",
                    "Decipher Only",
                ];
                let bits = value.tagged(BITS)?.content.get(1..)?;
                let set = |n: &usize| bits.get(n / 8).is_some_and(|b| b & (0x80 >> (n % 8)) != 0);
                self.usage = (0..USES.len()).filter(set).map(|n| USES[n]).collect();
            }
            // What it is for.
            [0x55, 0x1d, 37] => {
                let word = |v: &Value| match v.content {
                    [0x2b, 6, 1, 5, 5, 7, 3, 1] => "TLS Web Server Authentication",
                    [0x2b, 6, 1, 5, 5, 7, 3, 2] => "TLS Web Client Authentication",
                    [0x55, 0x1d, 37, 0] => "Any Extended Key Usage",
                    _ => "other",
                };
                self.purposes = value.inside(SEQUENCE)?.all(50)?.iter().map(word).collect();
            }
            // Where lists of those taken back are.
            [0x55, 0x1d, 31] => {
                for mut point in value.inside(SEQUENCE)?.all(20)?.into_iter().map(|v| Der(v.content)) {
                    let urls =
                        point.inside(0xa0).and_then(|mut p| p.inside(0xa0)).and_then(|p| p.all(10)).unwrap_or_default();
                    self.revocation.0.extend(urls.iter().filter(|u| u.tag == 0x86).map(|u| text(*u)));
                }
            }
            // Where OCSP answers.
            [0x2b, 6, 1, 5, 5, 7, 1, 1] => {
                for mut access in value.inside(SEQUENCE)?.all(20)?.into_iter().map(|v| Der(v.content)) {
                    if access.tagged(OID)?.content == [0x2b, 6, 1, 5, 5, 7, 48, 1] {
                        self.revocation.1.extend(access.next().filter(|u| u.tag == 0x86).map(text));
                    }
                }
            }
            // TLS features: 5 is the answer of OCSP.
            [0x2b, 6, 1, 5, 5, 7, 1, 24] => {
                self.must_staple = value.inside(SEQUENCE)?.all(10)?.iter().any(|v| v.content == [5]);
            }
            [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2] => self.is_logged = true,
            _ => {}
        }
        Some(())
    }

    /// Whether it is for a host, and holds at a moment; who signed it is not asked.
    #[must_use]
    pub fn is_for(&self, host: &str, at: Time) -> bool {
        let fit = self.fit(host);
        (fit.by_name || fit.by_star) && self.valid.0 <= at && at < self.valid.1
    }

    /// How it names a host: by another name, one with a star, by the common name, or by a star there.
    #[must_use]
    pub fn fit(&self, host: &str) -> Fit {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        let plain = |name: &str| name.eq_ignore_ascii_case(&host);
        let star = |name: &str| {
            let rest = name.strip_prefix("*.").map(str::to_ascii_lowercase);
            rest.is_some_and(|rest| host.split_once('.').is_some_and(|(_, own)| own == rest))
        };
        Fit {
            by_name: self.names.iter().any(|n| plain(n)),
            by_star: self.names.iter().any(|n| star(n)),
            by_common: self.common_name.as_deref().is_some_and(plain),
            by_common_star: self.common_name.as_deref().is_some_and(star),
        }
    }
}

/// How a certificate names a host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fit {
    /// As one of its other names.
    pub by_name: bool,
    /// As one of them that has a star.
    pub by_star: bool,
    /// As its common name.
    pub by_common: bool,
    /// As a common name that has a star.
    pub by_common_star: bool,
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).ok().map(|b| std::net::Ipv4Addr::from(b).to_string());
    four.or_else(|| <[u8; 16]>::try_from(bytes).ok().map(|b| std::net::Ipv6Addr::from(b).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_named() {
        let c = Certificate {
            common_name: Some("a.test".into()),
            names: vec!["*.b.test".into(), "127.0.0.1".into()],
            ..Certificate::default()
        };
        assert!(c.fit("A.test").by_common && c.fit("x.b.test").by_star && c.fit("127.0.0.1").by_name);
        let none = c.fit("x.y.b.test");
        assert!(!none.by_name && !none.by_star && !c.fit("b.test").by_star);
        assert_eq!(Certificate::read(b"\x30\x03\x02\x01\x01"), None);
    }
}
