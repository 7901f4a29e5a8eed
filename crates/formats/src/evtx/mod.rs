//! Windows event logs (EVTX): blocks of 64 KiB with a table of names and templates each, records of binary XML in them.
//!
//! You may rely on: a file is read from beginning to end, block by block; what is damaged costs the record or the block it
//! stands in and is told; a file whose header is missing or wrong gives all its blocks; no length is believed, nothing
//! recurses without a bound, and memory is a block and what one record says. Left out: the messages that Windows shows,
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
    let mut block = vec![0; BLOCK];
    // The header is as long as a part of a block, so that it may be seen together with what follows.
    let mut held = fill(input, &mut block[..HEADER])?;
    let mut at = 0u64;
    let first = memmem::find(&block[..held], CHUNK);
    match (block[..held].starts_with(FILE), first) {
        (true, None) if held == HEADER => {
            at = HEADER as u64;
            held = 0;
        }
        (true, None) => {
            found(Found::Damage("file that ends within its header", 0));
            return Ok(());
        }
        (_, begin) => {
            found(Found::Damage("header of the file cut short or damaged: its blocks are read", 0));
            if let Some(begin) = begin {
                block.copy_within(begin..held, 0);
                at = begin as u64;
                held -= begin;
            }
        }
    }
    loop {
        held += fill(input, &mut block[held..])?;
        if held == 0 {
            return Ok(());
        }
        let bytes = &block[..held];
        let next = match () {
            () if bytes.starts_with(CHUNK) => {
                if held < BLOCK {
                    found(Found::Damage("block cut short: its whole records are read", at));
                }
                chunk::read(bytes, at, found);
                // Where this block was shortened, the next begins within.
                within(bytes).unwrap_or(held)
            }
            // Room that was set aside and not used.
            () if bytes.iter().all(|b| *b == 0) => held,
            () if bytes.get(512..516) == Some(RECORD) => {
                found(Found::Damage("block without its mark: its records are read", at));
                chunk::read(bytes, at, found);
                within(bytes).unwrap_or(held)
            }
            () => {
                found(Found::Damage("bytes that are no block", at));
                match memmem::find(bytes, CHUNK) {
                    Some(begin) => begin,
                    // The next is looked for where it must be, or where its mark begins across the end.
                    None => {
                        let begun = (1..CHUNK.len()).rev().find(|n| bytes.ends_with(&CHUNK[..*n]));
                        (held - begun.unwrap_or(0)).max(1)
                    }
                }
            }
        };
        if held < BLOCK && next >= held {
            return Ok(());
        }
        block.copy_within(next..held, 0);
        held -= next;
        at += next as u64;
    }
}

/// Where the next block begins within one, if it does: a block whose end is missing.
fn within(bytes: &[u8]) -> Option<usize> {
    let mut from = CHUNK.len();
    while let Some(found) = memmem::find(&bytes[from.min(bytes.len())..], CHUNK) {
        let at = from + found;
        if looks(&bytes[at..]) {
            return Some(at);
        }
        from = at + CHUNK.len();
    }
    None
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
