//! A certificate-transparency log with a key of its own, and the files it serves at any size.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proofs::merkle::{Hash, leaf, node, sha256};
use rcgen::{CertificateParams, DnType, KeyPair};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

/// How a log signs.
pub enum Signer {
    /// As RFC 6962 does.
    Ecdsa(Box<EcdsaKeyPair>),
    /// As notes do.
    Ed25519(Ed25519KeyPair),
}

/// A log.
pub struct Log {
    /// Its key.
    pub signer: Signer,
    /// Its name.
    pub origin: String,
    /// `TileLeaf`s.
    pub leaves: Vec<Vec<u8>>,
    /// Their hashes.
    pub hashes: Vec<Hash>,
}

/// Makes certificates; one key for all, for making keys takes long.
pub struct Issuer(KeyPair);

impl Issuer {
    /// With a new key.
    pub fn new() -> Issuer {
        Issuer(KeyPair::generate().expect("a key"))
    }

    /// A certificate for these names (DER).
    pub fn certificate(&self, names: &[String]) -> Vec<u8> {
        let mut params = CertificateParams::new(names).expect("names");
        params.distinguished_name.push(DnType::OrganizationName, "Loopback Authority");
        params.distinguished_name.push(DnType::CommonName, "Loopback CA 1");
        params.not_before = rcgen::date_time_ymd(2026, 11, 1);
        params.not_after = rcgen::date_time_ymd(2027, 2, 1);
        params.self_signed(&self.0).expect("signed").der().to_vec()
    }
}

fn counted(bytes: &[u8], width: usize) -> Vec<u8> {
    [&bytes.len().to_be_bytes()[8 - width..], bytes].concat()
}

/// The first element within a DER sequence, with its header.
fn first(der: &[u8]) -> &[u8] {
    let header = |d: &[u8]| {
        if d[1] < 0x80 {
            (2, usize::from(d[1]))
        } else {
            let n = usize::from(d[1] & 0x7f);
            (2 + n, d[2..2 + n].iter().fold(0, |l, b| l << 8 | usize::from(*b)))
        }
    };
    let inner = &der[header(der).0..];
    let (head, length) = header(inner);
    &inner[..head + length]
}

impl Log {
    /// An empty one.
    pub fn new() -> Log {
        let rng = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &rng).expect("a key");
        let signer = Signer::Ecdsa(Box::new(key));
        Log { signer, origin: "loopback.example/2026h2".into(), leaves: Vec::new(), hashes: Vec::new() }
    }

    /// One that signs with Ed25519.
    pub fn ed25519() -> Log {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).expect("a key");
        Log { signer: Signer::Ed25519(key), ..Log::new() }
    }

    /// Its key as lists of logs have it.
    pub fn spki(&self) -> Vec<u8> {
        let (head, key) = match &self.signer {
            Signer::Ecdsa(k) => ("3059301306072a8648ce3d020106082a8648ce3d030107034200", k.public_key().as_ref()),
            Signer::Ed25519(k) => ("302a300506032b6570032100", k.public_key().as_ref()),
        };
        let head = (0..head.len()).step_by(2).map(|i| u8::from_str_radix(&head[i..i + 2], 16).expect("hex"));
        head.chain(key.iter().copied()).collect()
    }

    /// The same in base64.
    pub fn key(&self) -> String {
        BASE64_STANDARD.encode(self.spki())
    }

    /// Adds a certificate, as such or as a precertificate.
    pub fn add(&mut self, certificate: &[u8], precertificate: bool) {
        self.add_as(certificate, precertificate, self.leaves.len() as u64);
    }

    /// The same, saying that it stands elsewhere.
    pub fn add_as(&mut self, certificate: &[u8], precertificate: bool, index: u64) {
        let mut entry = (1_795_000_000_000 + self.leaves.len() as u64).to_be_bytes().to_vec();
        entry.extend(u16::from(precertificate).to_be_bytes());
        if precertificate {
            entry.extend([7; 32]);
            entry.extend(counted(first(certificate), 3));
        } else {
            entry.extend(counted(certificate, 3));
        }
        let extension = [&[0, 0, 5][..], &index.to_be_bytes()[3..]].concat();
        entry.extend(counted(&extension, 2));
        self.hashes.push(leaf(&[&[0, 0], &entry]));
        if precertificate {
            entry.extend(counted(certificate, 3));
        }
        entry.extend(counted(&[9; 64], 2));
        self.leaves.push(entry);
    }

    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [one] => *one,
            all => {
                let (left, right) = all.split_at(all.len().next_power_of_two() / 2);
                node(&Log::root(left), &Log::root(right))
            }
        }
    }

    /// The signed tree head at a size.
    pub fn checkpoint(&self, size: usize) -> String {
        let root = Log::root(&self.hashes[..size]);
        let text = format!("{}\n{size}\n{}\n", self.origin, BASE64_STANDARD.encode(root));
        let (kind, key, body) = match &self.signer {
            Signer::Ed25519(k) => (1, k.public_key().as_ref().to_vec(), k.sign(text.as_bytes()).as_ref().to_vec()),
            Signer::Ecdsa(k) => {
                let time = (1_795_000_000_000 + size as u64).to_be_bytes();
                let head = [&[0, 1], &time[..], &(size as u64).to_be_bytes(), &root].concat();
                let signature = k.sign(&SystemRandom::new(), &head).expect("signed");
                let body = [&time[..], &[4, 3], &counted(signature.as_ref(), 2)].concat();
                (5, sha256(&self.spki()).to_vec(), body)
            }
        };
        let id = sha256(&[self.origin.as_bytes(), &[b'\n', kind], &key].concat());
        let signature = BASE64_STANDARD.encode([&id[..4], &body].concat());
        format!("{text}\n— witness.example AAAAAAAA\n— {} {signature}\n", self.origin)
    }

    /// A file of the log at a size: what its path names.
    pub fn file(&self, size: usize, path: &str) -> Option<Vec<u8>> {
        if path == "/checkpoint" {
            return Some(self.checkpoint(size).into_bytes());
        }
        let (kind, rest) = path.strip_prefix("/tile/")?.split_once('/')?;
        let (index, width) = rest.split_once(".p/").map_or((rest, 256), |(i, w)| (i, w.parse().expect("a width")));
        let n =
            index.split('/').fold(0, |n, g| n * 1000 + g.trim_start_matches('x').parse::<usize>().expect("a number"));
        if kind == "data" {
            let leaves = self.leaves[..size].get(n * 256..n * 256 + width)?;
            return Some(leaves.concat());
        }
        let span = 1usize << (8 * kind.parse::<u32>().expect("a level"));
        let whole = self.hashes[..size].get(n * 256 * span..(n * 256 + width) * span)?;
        Some(whole.chunks(span).flat_map(Log::root).collect())
    }
}
