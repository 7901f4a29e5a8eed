//! Windows event logs (EVTX): blocks of 64 KiB with a table of names and templates each, records of binary XML in them.
//!
//! You may rely on: a file is read from beginning to end, block by block; what is damaged costs the record or the block it
//! stands in and is told; a file whose header is missing or wrong gives all its blocks; no length is believed, nothing
//! recurses without a bound, memory is a few blocks and what one record says, and time is in proportion to the bytes read
//! ([`WORK`]). What blocks and the header count and what is not there is told, so that a log that was cut is no log without
//! events. Left out: the messages that Windows shows,
//! whose texts lie in the programs that wrote the events; checksums, which a machine that lost power leaves wrong.

mod binxml;
mod chunk;
mod value;

use memchr::memmem;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of the file's header.
const HEADER: usize = 4096;
/// Bytes of a block.
const BLOCK: usize = 64 << 10;
/// Bytes of the next block that are looked at.
const AHEAD: usize = 64;
/// What reading may cost for each byte: elements, attributes, slots, 64 bytes of text. Honest blocks need less than a half.
const WORK: usize = 8;
const FILE: &[u8] = b"ElfFile\0";
const CHUNK: &[u8] = b"ElfChnk\0";
/// How a record begins.
const RECORD: &[u8] = b"\x2a\x2a\0\0";

/// An element of XML: what a record says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: Rc<str>,
    /// Its attributes in order.
    pub attributes: Vec<(Rc<str>, String)>,
    /// All text in it.
    pub text: String,
    /// Whether a value stands in it, be it empty: of binary XML, whether the writer gave one.
    pub has_value: bool,
    /// Elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| *c.name == *name)
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| **n == *name).map(|(_, value)| value.as_str())
    }
}

/// One record.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// The number that its writer gave it.
    pub id: u64,
    /// When it was written: 100 ns since 1601.
    pub written: u64,
    /// Its first byte in the file.
    pub start: u64,
    /// Its bytes.
    pub len: u64,
    /// What it says.
    pub root: Element,
}

/// What a file gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// A record.
    Record(Box<Record>),
    /// What could not be read, and where it begins.
    Damage(&'static str, u64),
    /// What is counted somewhere and is not there: how many, and where it should be.
    Missing(&'static str, u64, u64),
}

/// Whether a file that begins so is an event log: by its header, or by a block where the header is damaged.
pub fn is(head: &[u8]) -> bool {
    head.starts_with(FILE)
        || memmem::find(&head[..head.len().min(2 * HEADER)], CHUNK).is_some_and(|at| looks(&head[at..]))
}

/// Whether a block's own numbers are possible.
fn looks(block: &[u8]) -> bool {
    let number =
        |at: usize| block.get(at..at + 4).map(|b| u32::from_le_bytes(b.try_into().unwrap_or_default()) as usize);
    number(40) == Some(128) && number(48).is_some_and(|n| (512..=BLOCK).contains(&n))
}

/// Reads a file; an error is a failing disk.
pub fn read(input: &mut dyn Read, found: &mut dyn FnMut(Found)) -> io::Result<()> {
    let mut buffer = vec![0; 4 * BLOCK];
    // The header is as long as a part of a block, so that it may be seen together with what follows.
    let mut held = fill(input, &mut buffer[..HEADER])?;
    // What lies in the buffer, and where that stands in the file.
    let (mut from, mut at) = (0, 0u64);
    let first = memmem::find(&buffer[..held], CHUNK);
    let mut said = 0;
    match (buffer[..held].starts_with(FILE), first) {
        (true, None) if held == HEADER => {
            said = u64::from(u16::from_le_bytes([buffer[42], buffer[43]]));
            (from, at) = (held, HEADER as u64);
        }
        (true, None) => {
            found(Found::Damage("file that ends within its header", 0));
            return Ok(());
        }
        (_, begin) => {
            found(Found::Damage("header of the file cut short or damaged: its blocks are read", 0));
            if let Some(begin) = begin {
                (from, at) = (begin, begin as u64);
            }
        }
    }
    let (mut blocks, mut work, mut ended) = (0, WORK * BLOCK, false);
    loop {
        if held - from < BLOCK + AHEAD && !ended {
            buffer.copy_within(from..held, 0);
            held -= from;
            from = 0;
            held += fill(input, &mut buffer[held..])?;
            ended = held < buffer.len();
        }
        let ahead = &buffer[from..held];
        if ahead.is_empty() {
            break;
        }
        let bytes = &ahead[..ahead.len().min(BLOCK)];
        let follows = ahead.get(BLOCK..).is_some_and(|next| next.starts_with(CHUNK) && looks(next));
        let is_block = bytes.starts_with(CHUNK);
        let next = match () {
            () if is_block || bytes.get(512..516) == Some(RECORD) => {
                blocks += 1;
                if !is_block {
                    found(Found::Damage("block without its mark: its records are read", at));
                }
                if bytes.len() < BLOCK {
                    found(Found::Damage("block cut short: its whole records are read", at));
                }
                // Where this block was shortened, the next begins within.
                chunk::read(bytes, at, follows, &mut work, found).unwrap_or(bytes.len())
            }
            // Room that was set aside and not used.
            () if bytes.iter().all(|b| *b == 0) => bytes.len(),
            () => {
                found(Found::Damage("bytes that are no block", at));
                match memmem::find(bytes, CHUNK) {
                    Some(begin) => begin,
                    // The next is looked for where it must be, or where its mark begins across the end.
                    None => {
                        let begun = (1..CHUNK.len()).rev().find(|n| bytes.ends_with(&CHUNK[..*n]));
                        (bytes.len() - begun.unwrap_or(0)).max(1)
                    }
                }
            }
        };
        from += next;
        at += next as u64;
        // Blocks that lie in one another share what one of their bytes may cost.
        work = (work + WORK * next).min(WORK * BLOCK);
    }
    if said > blocks {
        found(Found::Missing("block of 64 KiB that the file's header counts and that is not there", said - blocks, at));
    }
    Ok(())
}

fn fill(input: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;
