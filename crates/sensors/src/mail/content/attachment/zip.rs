//! Zip archives (APPNOTE 6.3): the members as the central directory lists them, and their bytes within bounds. What
//! lies outside the directory (a prefix, a second archive) is not read.

use super::Room;
use std::io::Read;

/// Most members listed.
const MEMBERS: usize = 4096;

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether it needs a password.
    pub encrypted: bool,
    method: u16,
    packed: usize,
    local: usize,
    /// The size it claims.
    pub size: u64,
}

/// An archive.
pub struct Zip<'a> {
    bytes: &'a [u8],
    members: Vec<Member>,
    /// Members were left out or the directory is damaged.
    pub damaged: bool,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
}

impl<'a> Zip<'a> {
    /// Reads the directory; none where there is none.
    pub fn new(bytes: &'a [u8]) -> Option<Zip<'a>> {
        let from = bytes.len().saturating_sub(66_000);
        let end = memchr::memmem::rfind(bytes.get(from..)?, b"PK\x05\x06")? + from;
        let mut at = u32_at(bytes, end + 16)?;
        let mut zip = Zip { bytes, members: Vec::new(), damaged: false };
        while bytes.get(at..at.saturating_add(4)) == Some(b"PK\x01\x02") {
            if zip.members.len() >= MEMBERS {
                zip.damaged = true;
                break;
            }
            let Some(next) = zip.member(at) else {
                zip.damaged = true;
                break;
            };
            at = next;
        }
        Some(zip)
    }

    fn member(&mut self, at: usize) -> Option<usize> {
        let b = self.bytes;
        let (name, extra, comment) = (u16_at(b, at + 28)?, u16_at(b, at + 30)?, u16_at(b, at + 32)?);
        let text = b.get(at + 46..(at + 46).checked_add(name)?)?;
        self.members.push(Member {
            name: String::from_utf8_lossy(text).chars().take(1024).collect(),
            encrypted: u16_at(b, at + 8)? & 1 == 1,
            method: u16_at(b, at + 10)? as u16,
            packed: u32_at(b, at + 20)?,
            size: u32_at(b, at + 24)? as u64,
            local: u32_at(b, at + 42)?,
        });
        Some(at + 46 + name + extra + comment)
    }

    /// The members in the directory's order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// A member's bytes, as far as the room goes; none where it is locked, damaged or of an unknown method.
    pub fn read(&self, member: &Member, room: &mut Room) -> Option<Vec<u8>> {
        if member.encrypted || self.bytes.get(member.local..member.local.checked_add(4)?) != Some(b"PK\x03\x04") {
            return None;
        }
        let start = member.local + 30 + u16_at(self.bytes, member.local + 26)? + u16_at(self.bytes, member.local + 28)?;
        let packed = self.bytes.get(start..start.checked_add(member.packed)?.min(self.bytes.len()))?;
        match member.method {
            0 => Some(room.take(packed).to_vec()),
            8 => Some(room.expand(flate2::read::DeflateDecoder::new(packed))),
            _ => None,
        }
    }

    /// The bytes of a member by its name.
    pub fn named(&self, name: &str, room: &mut Room) -> Option<Vec<u8>> {
        let member = self.members.iter().find(|m| m.name.eq_ignore_ascii_case(name))?;
        self.read(member, room)
    }
}

impl Room {
    /// Decompresses as far as the room goes; damage ends it early.
    pub fn expand(&mut self, reader: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        let most = self.bytes.min(super::LARGEST as u64);
        // An error after some bytes leaves those.
        let _ = reader.take(most).read_to_end(&mut out);
        self.spend(out.len());
        out
    }
}
