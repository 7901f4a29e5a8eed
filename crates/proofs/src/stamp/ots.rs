//! OpenTimestamps: a hash carried by operations into the root of a Bitcoin block. The headers of blocks come from the
//! user; without them nothing can be said but which height and which root to look for.
//!
//! You may rely on: branches are walked with a stack, at most [`STEPS`] operations over messages of at most [`MESSAGE`]
//! bytes; a header counts only where it has the work that it claims. Left out: RIPEMD-160 and Keccak, which no calendar in
//! use writes; a branch that needs them ends there. Whether a header is in the chain that most work was done on is for
//! whoever gives it to know.

use super::{Unstamped, no};
use crate::Hash;
use crate::merkle::sha256;
use model::Time;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::collections::BTreeMap;

/// The first bytes, and the version.
const MAGIC: &[u8] = b"\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01";
const BITCOIN: &[u8] = &[5, 0x88, 0x96, 0x0d, 0x73, 0xd7, 0x19, 1];
const PENDING: &[u8] = &[0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e];
/// Operations, at most.
const STEPS: usize = 10_000;
/// Bytes of a message, at most (4,096 in the reference implementation).
const MESSAGE: usize = 4096;

/// A block that vouches.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bitcoin {
    /// Its height.
    pub height: u64,
    /// The root that its header must have, as it stands there (block explorers show it reversed).
    pub root: Hash,
}

/// What a proof says.
#[derive(Clone, Debug, Default)]
pub struct Ots {
    /// The SHA-256 that it is of.
    pub hash: Hash,
    /// The blocks that vouch for it.
    pub blocks: Vec<Bitcoin>,
    /// Calendars that promised to bring it into one.
    pub pending: Vec<String>,
}

/// Reads one octet after another.
struct Octets<'b>(&'b [u8]);

impl<'b> Octets<'b> {
    fn one(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number in groups of seven bits.
    fn number(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..63).step_by(7) {
            let octet = self.one()?;
            n |= u64::from(octet & 0x7f) << shift;
            if octet & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    fn bytes(&mut self, most: usize) -> Option<&'b [u8]> {
        let n = usize::try_from(self.number()?).ok().filter(|n| *n <= most)?;
        self.take(n)
    }
}

impl Ots {
    /// Reads a proof.
    pub fn parse(bytes: &[u8]) -> Result<Ots, Unstamped> {
        Ots::read(bytes).ok_or_else(|| no("the OpenTimestamps file cannot be read"))
    }

    /// Whether bytes begin like one.
    pub fn is(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC[..MAGIC.len() - 1])
    }

    fn read(bytes: &[u8]) -> Option<Ots> {
        let mut octets = Octets(bytes.strip_prefix(MAGIC)?);
        // Of a file's SHA-256; nothing else is stamped here.
        (octets.one()? == 8).then_some(())?;
        let hash: Hash = octets.take(32)?.try_into().ok()?;
        let mut ots = Ots { hash, ..Ots::default() };
        // Messages to which the proof comes back when a branch has ended; none: it cannot be followed.
        let mut forks: Vec<Option<Vec<u8>>> = Vec::new();
        let mut message = Some(hash.to_vec());
        for _ in 0..STEPS {
            let op = octets.one()?;
            match op {
                0xff => forks.push(message.clone()),
                0x00 => {
                    let tag = octets.take(8)?;
                    let mut payload = Octets(octets.bytes(8192)?);
                    match tag {
                        BITCOIN => {
                            let height = payload.number()?;
                            let root = message.as_deref().and_then(|m| m.try_into().ok());
                            ots.blocks.extend(root.map(|root| Bitcoin { height, root }));
                        }
                        PENDING => {
                            let place = payload.bytes(1000)?;
                            ots.pending.push(String::from_utf8_lossy(place).into_owned());
                        }
                        _ => {}
                    }
                    match forks.pop() {
                        Some(back) => message = back,
                        None => return octets.0.is_empty().then_some(ots),
                    }
                }
                0xf0 | 0xf1 => {
                    let argument = octets.bytes(MESSAGE)?;
                    message =
                        message.map(|m| if op == 0xf0 { [&m[..], argument].concat() } else { [argument, &m].concat() });
                }
                0xf2 => message = message.map(|m| m.into_iter().rev().collect()),
                0xf3 => {
                    message = message.map(|m| m.iter().map(|b| format!("{b:02x}")).collect::<String>().into_bytes())
                }
                0x02 => message = message.map(|m| digest(&SHA1_FOR_LEGACY_USE_ONLY, &m).as_ref().to_vec()),
                0x08 => message = message.map(|m| sha256(&m).to_vec()),
                0x03 | 0x67 => message = None,
                _ => return None,
            }
            if message.as_ref().is_some_and(|m| m.len() > MESSAGE) || forks.len() > 1000 {
                return None;
            }
        }
        None
    }

    /// The earliest block that vouches, with its time, as the headers that the user gave say.
    pub fn shows(&self, hash: &Hash, headers: &Headers) -> Result<(u64, Time), Unstamped> {
        if self.hash != *hash {
            return Err(no("it stamps something else"));
        }
        let mut missing = Vec::new();
        let mut found = None;
        for block in &self.blocks {
            match headers.0.get(&block.height) {
                None => missing.push(block),
                Some(header) if header.root != block.root => {
                    return Err(no(&format!("block {} has another root than the stamp needs", block.height)));
                }
                Some(header) => {
                    found = found.min(Some((block.height, header.time))).or(Some((block.height, header.time)))
                }
            }
        }
        if let Some(found) = found {
            return Ok(found);
        }
        let hex = |root: &Hash| root.iter().rev().map(|b| format!("{b:02x}")).collect::<String>();
        let wanted: Vec<String> =
            missing.iter().map(|b| format!("height {} root {}", b.height, hex(&b.root))).collect();
        Err(Unstamped::CannotSay(match wanted.is_empty() {
            true if self.pending.is_empty() => "the stamp names no block of Bitcoin".into(),
            true => format!("the stamp is not in a block yet: upgrade it from {}", self.pending.join(", ")),
            false => format!("the header of a block is needed: {}", wanted.join("; ")),
        }))
    }
}

/// Headers of blocks, by height.
#[derive(Clone, Debug, Default)]
pub struct Headers(BTreeMap<u64, Header>);

#[derive(Clone, Debug)]
struct Header {
    root: Hash,
    time: Time,
}

impl Headers {
    /// Reads lines of height and 80 bytes in hexadecimal. A header without the work that it claims is refused.
    pub fn parse(text: &str) -> model::Result<Headers> {
        let mut headers = Headers::default();
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#')) {
            let wrong = |why: &str| {
                model::Error::new(format!("line {} is no header of a block", n + 1))
                    .because(why.to_string())
                    .hint("a line is the height, a space, and the 80 bytes of the header in hexadecimal")
            };
            let (height, hex) =
                line.trim().split_once([' ', '\t', ',']).ok_or_else(|| wrong("two words are wanted"))?;
            let height = height.parse().map_err(|_| wrong("the height is no number"))?;
            let hex = hex.trim();
            let bytes: Option<Vec<u8>> =
                (0..80).map(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2)?, 16).ok()).collect();
            let bytes = bytes.filter(|_| hex.len() == 160).ok_or_else(|| wrong("80 bytes are wanted"))?;
            if !has_work(&bytes) {
                return Err(wrong("it has not the work that it claims"));
            }
            let root = bytes[36..68].try_into().unwrap_or_default();
            let seconds = u32::from_le_bytes([bytes[68], bytes[69], bytes[70], bytes[71]]);
            headers.0.insert(height, Header { root, time: Time::from_seconds(i64::from(seconds)) });
        }
        Ok(headers)
    }
}

/// Whether the hash of a header is at most the target that it names, and that is one that Bitcoin ever allowed.
fn has_work(header: &[u8]) -> bool {
    let bits = u32::from_le_bytes([header[72], header[73], header[74], header[75]]);
    let (exponent, mantissa) = ((bits >> 24) as usize, bits & 0x7f_ffff);
    // The easiest target is that of the first blocks: 0x1d00ffff.
    if !(3..=29).contains(&exponent) || bits & 0x80_0000 != 0 || (exponent == 29 && mantissa > 0xffff) {
        return false;
    }
    let mut target = [0u8; 32];
    for (i, byte) in mantissa.to_be_bytes()[1..].iter().enumerate() {
        target[32 - exponent + i] = *byte;
    }
    let hash: Vec<u8> = sha256(&sha256(header)).into_iter().rev().collect();
    hash[..] <= target[..]
}
