//! A data tile → its entries (static-ct-api, `TileLeaf`; RFC 6962 3.4), each with the hash under which the tree holds it.
//!
//! You may rely on: any bytes are read without panic; an entry borrows from the tile. `certificate` of a precertificate
//! is not under the hash, its `tbs` is. Left out: what the certificate says.

use super::Fault;
use proofs::merkle::{Hash, leaf};

/// One entry of a log.
#[derive(Debug)]
pub struct Entry<'t> {
    /// Its index, as its extension says.
    pub index: Option<u64>,
    /// When the log took it in, in milliseconds since 1970.
    pub timestamp: u64,
    /// A precertificate.
    pub precertificate: bool,
    /// The certificate, or the precertificate as it was submitted (DER).
    pub certificate: &'t [u8],
    /// What the tree vouches for: the whole certificate, or the precertificate's TBSCertificate.
    pub tbs: &'t [u8],
    /// The hash of its leaf.
    pub hash: Hash,
}

struct Cursor<'t>(&'t [u8]);

impl<'t> Cursor<'t> {
    fn take(&mut self, n: usize) -> Option<&'t [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn number(&mut self, bytes: usize) -> Option<u64> {
        self.take(bytes).map(|b| b.iter().fold(0, |n, &b| n << 8 | u64::from(b)))
    }

    /// Bytes after their length, which takes `bytes` itself.
    fn counted(&mut self, bytes: usize) -> Option<&'t [u8]> {
        let n = self.number(bytes)?;
        self.take(usize::try_from(n).ok()?)
    }
}

/// The index among a leaf's extensions: type 0, five bytes.
fn index(extensions: &[u8]) -> Option<u64> {
    let mut c = Cursor(extensions);
    while let Some(kind) = c.number(1) {
        let data = c.counted(2)?;
        if kind == 0 && data.len() == 5 {
            return Cursor(data).number(5);
        }
    }
    None
}

fn entry<'t>(c: &mut Cursor<'t>) -> Option<Entry<'t>> {
    let whole = c.0;
    let timestamp = c.number(8)?;
    let precertificate = match c.number(2)? {
        0 => false,
        1 => true,
        _ => return None,
    };
    if precertificate {
        c.take(32)?;
    }
    let tbs = c.counted(3)?;
    let index = index(c.counted(2)?);
    let timestamped = whole.get(..whole.len() - c.0.len())?;
    let certificate = if precertificate { c.counted(3)? } else { tbs };
    // Fingerprints of the chain.
    c.counted(2)?;
    // MerkleTreeLeaf: version 1, timestamped_entry.
    Some(Entry { index, timestamp, precertificate, certificate, tbs, hash: leaf(&[&[0, 0], timestamped]) })
}

/// The entries of a tile that holds `width` of them.
pub fn entries(tile: &[u8], width: u64) -> Result<Vec<Entry<'_>>, Fault> {
    let (mut c, mut all) = (Cursor(tile), Vec::new());
    while (all.len() as u64) < width {
        if c.0.is_empty() {
            return Err(Fault::Width { due: width, held: all.len() as u64 });
        }
        all.push(entry(&mut c).ok_or(Fault::Truncated)?);
    }
    if c.0.is_empty() { Ok(all) } else { Err(Fault::Oversized) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ct::certificate;

    #[test]
    fn damage_is_no_panic() {
        let made = rcgen::generate_simple_self_signed(["a.example".into(), "b.example".into()]).expect("a certificate");
        let der = made.cert.der();
        let counted = |bytes: &[u8], n: usize| [&bytes.len().to_be_bytes()[8 - n..], bytes].concat();
        let mut tile =
            [&[0; 8][..], &[0, 1], &[7; 32], &counted(der, 3), &counted(&[0, 0, 5, 0, 0, 0, 0, 0], 2)].concat();
        tile.extend(counted(der, 3));
        tile.extend(counted(&[9; 32], 2));
        assert_eq!(entries(&tile, 1).expect("an entry")[0].index, Some(0));
        assert_eq!(certificate(der, true).expect("a certificate").names, ["a.example", "b.example"]);
        let mut seed = 1u64;
        for _ in 0..50_000 {
            let (mut t, mut d) = (tile.clone(), der.to_vec());
            for _ in 0..3 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let (at, byte) = ((seed >> 33) as usize, (seed >> 20) as u8);
                let (in_tile, in_der) = (at % t.len(), at % d.len());
                (t[in_tile], d[in_der]) = (byte, byte);
            }
            t.truncate((seed >> 40) as usize % (t.len() + 1));
            let _ = entries(&t, 1).map(|all| all.len());
            let _ = (certificate(&d, true), certificate(&d, false));
        }
    }
}
