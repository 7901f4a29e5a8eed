//! Documents that are encrypted and open without a password (7.6): a copy in which nothing is. Programs show such a document to
//! anybody; what it asks them to refuse is printing and copying.
//!
//! You may rely on: the copy has every object in its place and order, strings written as numbers; what is none of the standard
//! handler's, or opens with a password only, gives nothing. Left out: passwords; public-key handlers (7.6.5).

use super::objects::Objects;
use super::text;
use crate::Meter;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use hayro_syntax::object::{Dict, Name, Object, String as Text};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

/// What an empty password is filled up with (7.6.4.3.2).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00,
    0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// How bytes are encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Method {
    None,
    Rc4,
    Aes128,
    Aes256,
}

/// What opens a document without a password.
#[derive(Debug)]
pub struct Lock {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    /// Whether the packet of metadata is encrypted as well.
    metadata: bool,
}

impl Lock {
    /// Of what a document says of its encryption, and the first half of its identifier; none where the empty password does not open it.
    pub fn of(said: &Dict, id: &[u8]) -> Option<Lock> {
        if said.get::<Name>("Filter").is_some_and(|n| *n != *b"Standard") {
            return None;
        }
        let number = |key: &str| said.get::<i32>(key);
        let text = |key: &str| said.get::<Text>(key).map(|t| t.to_vec()).unwrap_or_default();
        let (version, revision) = (number("V").unwrap_or(0), number("R")?);
        let metadata = said.get::<bool>("EncryptMetadata").unwrap_or(true);
        let method = |key: &str| -> Option<Method> {
            if version < 4 {
                return Some(Method::Rc4);
            }
            let name = said.get::<Name>(key).map(|n| n.to_vec()).unwrap_or_else(|| b"Identity".to_vec());
            if name == b"Identity" {
                return Some(Method::None);
            }
            let filter = said.get::<Dict>("CF")?.get::<Dict>(&name[..])?;
            match &*filter.get::<Name>("CFM")? {
                b"None" => Some(Method::None),
                b"V2" => Some(Method::Rc4),
                b"AESV2" => Some(Method::Aes128),
                b"AESV3" => Some(Method::Aes256),
                _ => None,
            }
        };
        let key = match revision {
            2..=4 => {
                // Permissions are 32 bits, whichever sign they are written with.
                let permissions = said.get::<f64>("P").map(|p| p as i64 as u32)?;
                let length = if revision == 2 { 5 } else { (number("Length").unwrap_or(40) / 8).clamp(5, 16) as usize };
                let length = if version >= 4 { 16 } else { length };
                old(&text("O"), &text("U"), permissions, id, revision, length, metadata)?
            }
            5 | 6 => new(&text("U"), &text("UE"), revision)?,
            _ => return None,
        };
        Some(Lock { key, strings: method("StrF")?, streams: method("StmF")?, metadata })
    }

    /// What was encrypted as part of an object.
    fn open(&self, method: Method, (number, generation): (u32, u16), bytes: &[u8]) -> Vec<u8> {
        let own = |salt: &[u8]| {
            let mut hash = Md5::new_with_prefix(&self.key);
            hash.update(&number.to_le_bytes()[..3]);
            hash.update(generation.to_le_bytes());
            hash.update(salt);
            hash.finalize()[..(self.key.len() + 5).min(16)].to_vec()
        };
        match method {
            Method::None => bytes.to_vec(),
            Method::Rc4 => rc4(&own(b""), bytes),
            Method::Aes128 => cbc(Aes128::new_from_slice(&own(b"sAlT")).ok(), bytes),
            Method::Aes256 => cbc(Aes256::new_from_slice(&self.key).ok(), bytes),
        }
    }
}

/// The key of an empty password before AES-256 (7.6.4.3.2), where it is the right one (7.6.4.4).
fn old(
    o: &[u8],
    u: &[u8],
    permissions: u32,
    id: &[u8],
    revision: i32,
    length: usize,
    metadata: bool,
) -> Option<Vec<u8>> {
    let mut hash = Md5::new_with_prefix(PADDING);
    hash.update(o.get(..32)?);
    hash.update(permissions.to_le_bytes());
    hash.update(id);
    if revision >= 4 && !metadata {
        hash.update([0xff; 4]);
    }
    let mut key = hash.finalize().to_vec();
    for _ in 0..if revision >= 3 { 50 } else { 0 } {
        key = Md5::digest(&key[..length]).to_vec();
    }
    key.truncate(length);
    let right = match revision {
        2 => rc4(&key, &PADDING) == u.get(..32)?,
        _ => {
            let mut hash = Md5::new_with_prefix(PADDING);
            hash.update(id);
            let mut shown = hash.finalize().to_vec();
            for round in 0..20u8 {
                let turned: Vec<u8> = key.iter().map(|k| k ^ round).collect();
                shown = rc4(&turned, &shown);
            }
            shown == u.get(..16)?
        }
    };
    right.then_some(key)
}

/// The key of an empty password with AES-256 (7.6.4.3.3), where it is the right one.
fn new(u: &[u8], ue: &[u8], revision: i32) -> Option<Vec<u8>> {
    let (check, salts) = u.get(..48)?.split_at(32);
    let hash = |salt: &[u8]| if revision == 5 { Sha256::digest(salt).to_vec() } else { hardened(salt) };
    if hash(&salts[..8]) != check {
        return None;
    }
    let cipher = Aes256::new_from_slice(&hash(&salts[8..])).ok()?;
    let mut before = [0u8; 16];
    let mut key = Vec::with_capacity(32);
    for block in ue.get(..32)?.chunks_exact(16) {
        key.extend(one(&cipher, block, &before)?);
        before.copy_from_slice(block);
    }
    Some(key)
}

/// The hash of revision 6 (7.6.4.3.4) of an empty password.
fn hardened(salt: &[u8]) -> Vec<u8> {
    let mut key = Sha256::digest(salt).to_vec();
    for round in 1.. {
        let mut work = key.repeat(64);
        let Ok(cipher) = Aes128::new_from_slice(&key[..16]) else { break };
        let mut before: [u8; 16] = key[16..32].try_into().unwrap_or_default();
        for block in work.chunks_exact_mut(16) {
            block.iter_mut().zip(before).for_each(|(b, p)| *b ^= p);
            let Ok(mut sealed) = Block::try_from(&*block) else { break };
            cipher.encrypt_block(&mut sealed);
            block.copy_from_slice(&sealed);
            before.copy_from_slice(&sealed);
        }
        key = match work[..16].iter().map(|b| u32::from(*b)).sum::<u32>() % 3 {
            0 => Sha256::digest(&work).to_vec(),
            1 => Sha384::digest(&work).to_vec(),
            _ => Sha512::digest(&work).to_vec(),
        };
        let last = u32::from(work.last().copied().unwrap_or(0));
        if round >= 64 && last + 32 <= round {
            break;
        }
    }
    key.truncate(32);
    key
}

/// One block in a chain.
fn one<C: BlockCipherDecrypt<BlockSize = aes::cipher::typenum::U16>>(
    cipher: &C,
    block: &[u8],
    before: &[u8; 16],
) -> Option<[u8; 16]> {
    let mut open = Block::try_from(block).ok()?;
    cipher.decrypt_block(&mut open);
    let mut out = [0u8; 16];
    out.iter_mut().zip(open.iter().zip(before)).for_each(|(o, (b, p))| *o = b ^ p);
    Some(out)
}

/// A chain of blocks that begins with what the first is mixed with, filled up at its end.
fn cbc<C: BlockCipherDecrypt<BlockSize = aes::cipher::typenum::U16>>(cipher: Option<C>, bytes: &[u8]) -> Vec<u8> {
    let (Some(cipher), Some((first, rest))) = (cipher, bytes.split_first_chunk::<16>()) else { return Vec::new() };
    let mut before = *first;
    let mut out = Vec::with_capacity(rest.len());
    for block in rest.chunks_exact(16) {
        out.extend(one(&cipher, block, &before).unwrap_or_default());
        before.copy_from_slice(block);
    }
    if let Some(&fill @ 1..=16) = out.last() {
        out.truncate(out.len() - usize::from(fill));
    }
    out
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0u8, 0u8);
    let next = |b: &u8| {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        b ^ state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
    };
    bytes.iter().map(next).collect()
}

/// A copy of a document in which nothing is encrypted; none where nothing is, or a password is needed.
pub fn opened(bytes: &[u8], meter: &Meter) -> Option<Vec<u8>> {
    memchr::memmem::find(bytes, b"/Encrypt")?;
    let objects = &Objects::new(bytes, meter);
    let (saying, lock) = objects.lock()?;
    meter.work(bytes.len() as u64).ok()?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for (at, number) in &objects.written {
        // What looks like an object within a stream.
        if *at < done {
            continue;
        }
        out.extend_from_slice(&bytes[done..at + 3]);
        done = at + 3;
        // What says how is not encrypted itself.
        if Some(*number) != saying {
            let of = (*number, generation(&bytes[..*at]));
            done += object(&bytes[done..], objects, &lock, of, &mut out);
        }
    }
    out.extend_from_slice(&bytes[done..]);
    Some(out)
}

/// The generation of an object whose `obj` comes next.
fn generation(before: &[u8]) -> u16 {
    let before = before.trim_ascii_end();
    let digits = before.iter().rev().take(5).take_while(|b| b.is_ascii_digit()).count();
    let word = std::str::from_utf8(&before[before.len() - digits..]).ok();
    word.and_then(|w| w.parse().ok()).unwrap_or(0)
}

/// Copies an object with all in it opened; gives how many bytes it takes.
fn object(body: &[u8], objects: &Objects, lock: &Lock, of: (u32, u16), out: &mut Vec<u8>) -> usize {
    let mut rest = body;
    let string = |bytes: Vec<u8>, out: &mut Vec<u8>| {
        out.push(b'<');
        lock.open(lock.strings, of, &bytes).iter().for_each(|b| out.extend(format!("{b:02x}").bytes()));
        out.push(b'>');
    };
    while let Some(&b) = rest.first() {
        match b {
            b'%' => {
                let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                out.extend_from_slice(&rest[..end]);
                rest = &rest[end..];
            }
            b'(' => {
                let (bytes, after) = text::literal(&rest[1..]);
                string(bytes, out);
                rest = after;
            }
            b'<' if rest.starts_with(b"<<") => {
                out.extend_from_slice(b"<<");
                rest = &rest[2..];
            }
            b'<' => {
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                string(text::hexadecimal(&rest[1..end]), out);
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            b'e' if rest.starts_with(b"endobj") => break,
            b's' if rest.starts_with(b"stream") => {
                let Some(stream) = objects.stream_of(body) else { break };
                let said = |key: &[u8], name: &[u8]| stream.is(key, name);
                let open = said(b"Type", b"XRef")
                    || said(b"Type", b"Metadata") && !lock.metadata
                    || is_open(&stream.dictionary);
                let method = if open { Method::None } else { lock.streams };
                out.extend_from_slice(b"stream\n");
                out.extend(lock.open(method, of, stream.body));
                out.extend_from_slice(b"\n");
                let end = stream.body.as_ptr() as usize - body.as_ptr() as usize + stream.body.len();
                return end;
            }
            _ => {
                out.push(b);
                rest = &rest[1..];
            }
        }
    }
    body.len() - rest.len()
}

/// Whether a stream says that it is not encrypted (7.4.10): a filter of its own, which but for another name does nothing.
fn is_open(dictionary: &Dict) -> bool {
    let is = |name: &Name| **name == *b"Crypt";
    match dictionary.get::<Object>("Filter") {
        Some(Object::Name(name)) => is(&name),
        Some(Object::Array(all)) => all.iter::<Name>().next().is_some_and(|n| is(&n)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    #[test]
    fn ciphers_are_those_of_their_standards() {
        assert_eq!(hex(&rc4(b"Key", b"Plaintext")), "bbf316e8d940af0ad3");
        // SP 800-38A, F.2.1.
        let key = text::hexadecimal(b"2b7e151628aed2a6abf7158809cf4f3c");
        let sealed = text::hexadecimal(b"000102030405060708090a0b0c0d0e0f7649abac8119b246cee98e9b12e9197d");
        assert_eq!(hex(&cbc(Aes128::new_from_slice(&key).ok(), &sealed)), "6bc1bee22e409f96e93d7e117393172a");
    }

    /// A document of revision 2 whose string and stream are encrypted with an empty password.
    fn made() -> Vec<u8> {
        let (owner, id, permissions) = ([7u8; 32], b"0123456789abcdef", -4i32);
        let mut hash = Md5::new_with_prefix(PADDING);
        hash.update(owner);
        hash.update((permissions as u32).to_le_bytes());
        hash.update(id);
        let key = hash.finalize()[..5].to_vec();
        let lock = Lock { key: key.clone(), strings: Method::Rc4, streams: Method::Rc4, metadata: true };
        let (title, content) =
            (lock.open(Method::Rc4, (2, 0), b"The (budget)"), lock.open(Method::Rc4, (3, 1), b"BT (hall) Tj ET"));
        [
            format!("%PDF-1.4\n2 0 obj <</Title <{}>>> endobj\n3 1 obj <</Length {}>> stream\n", hex(&title), content.len()).as_bytes(),
            &content,
            format!(
                "\nendstream endobj\n4 0 obj <</Filter/Standard/V 1/R 2/P {permissions}/O <{}>/U <{}>>> endobj\ntrailer <</Encrypt 4 0 R/Info 2 0 R/ID [<{}> <00>]>>\n",
                hex(&owner),
                hex(&rc4(&key, &PADDING)),
                hex(id)
            )
            .as_bytes(),
        ]
        .concat()
    }

    #[test]
    fn what_opens_without_a_password_is_opened() {
        let meter = Meter::default();
        let open = opened(&made(), &meter).expect("it opens");
        let objects = Objects::new(&open, &meter);
        assert_eq!(objects.info().and_then(|i| objects.text(&i, "Title")).as_deref(), Some("The (budget)"));
        let stream = objects.raw(3).expect("a stream");
        assert!(stream.body.starts_with(b"BT (hall) Tj ET"), "{}", String::from_utf8_lossy(&open));
        let other = String::from_utf8_lossy(&made()).replace("/P -4", "/P -8").into_bytes();
        assert_eq!(opened(&other, &meter), None);
        assert_eq!(opened(b"%PDF-1.4\n1 0 obj <<>> endobj", &meter), None);
        let whole = made();
        (0..whole.len()).for_each(|cut| drop(opened(&whole[..cut], &meter)));
        (0..whole.len()).for_each(|cut| drop(opened(&[&whole[..cut], &whole[cut + 1..]].concat(), &meter)));
    }
}
