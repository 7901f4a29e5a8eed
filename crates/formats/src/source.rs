//! Bytes that can be read at any place: a file, or what was unpacked into memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Where an archive's bytes are; clones read the same.
#[derive(Clone, Debug)]
pub enum Source {
    /// In a file, up to a size.
    File(Arc<File>, u64),
    /// In memory.
    Held(Arc<Vec<u8>>),
}

impl Source {
    /// How many there are.
    pub fn size(&self) -> u64 {
        match self {
            Source::File(_, size) => *size,
            Source::Held(bytes) => bytes.len() as u64,
        }
    }

    /// So many from a place on, fewer where they end.
    pub fn slice(&self, start: u64, length: u64) -> Slice {
        Slice { source: self.clone(), start, at: start, end: start.saturating_add(length).min(self.size()) }
    }
}

impl rawzip::ReaderAt for Source {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size().saturating_sub(at)).unwrap_or(usize::MAX).min(buffer.len());
        match self {
            Source::File(file, _) => platform::read_at(file, &mut buffer[..left], at),
            Source::Held(bytes) => rawzip::ReaderAt::read_at(&bytes[..], &mut buffer[..left], at),
        }
    }
}

/// A part of a source, read from its beginning or anywhere.
#[derive(Debug)]
pub struct Slice {
    source: Source,
    start: u64,
    at: u64,
    end: u64,
}

impl Read for Slice {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let n = rawzip::ReaderAt::read_at(&self.source, &mut buffer[..most], self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Slice {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => self.start.checked_add(n),
            SeekFrom::End(n) => self.end.max(self.start).checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        self.at = at.filter(|at| *at >= self.start).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at - self.start)
    }
}
