//! Log files as a server leaves them: written in time order, rotated at midnight, compressed, each with the time of
//! its last line as its own, because stamps without a year are anchored by it.
//!
//! You may rely on: memory is a buffer, whatever the size; compression runs beside the writing on a second core.

use jiff::tz::TimeZone;
use model::{Error, Result, Time};
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 20;

/// When a log is rotated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Never.
    #[default]
    None,
    /// At midnight.
    Daily,
    /// At midnight before Monday.
    Weekly,
    /// At midnight before the first of the month.
    Monthly,
}

/// How rotated logs are compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Compression {
    #[default]
    None,
    Gz,
    Bz2,
    Xz,
    Zst,
}

/// One log and its rotated predecessors.
pub(crate) struct LogFile {
    dir: PathBuf,
    name: String,
    rotation: Rotation,
    compression: Compression,
    zone: TimeZone,
    file: Option<File>,
    buffer: Vec<u8>,
    /// When the present part is rotated away, in seconds.
    until: i64,
    last: i64,
    parts: u32,
    packing: Vec<JoinHandle<io::Result<()>>>,
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
    /// Whether the next line is the first of its file.
    fresh: bool,
}

impl LogFile {
    pub(crate) fn new(dir: &Path, name: &str, rotated: (Rotation, Compression), zone: &TimeZone, from: i64) -> LogFile {
        LogFile {
            dir: dir.into(),
            name: name.into(),
            rotation: rotated.0,
            compression: rotated.1,
            zone: zone.clone(),
            file: None,
            buffer: Vec::with_capacity(BUFFER + (64 << 10)),
            until: next(rotated.0, from, zone),
            last: from,
            parts: 0,
            packing: Vec::new(),
            lines: 0,
            bytes: 0,
            fresh: true,
        }
    }

    /// Where the next line of this second goes, and whether it is the first of its file; rotates before it if it is
    /// time. Whoever takes it writes one whole line.
    #[inline]
    pub(crate) fn at(&mut self, second: i64) -> Result<(&mut Vec<u8>, bool)> {
        if second >= self.until {
            self.rotate(second)?;
        }
        if self.buffer.len() >= BUFFER {
            self.flush()?;
        }
        self.last = second;
        self.lines += 1;
        let first = std::mem::replace(&mut self.fresh, false);
        Ok((&mut self.buffer, first))
    }

    fn rotate(&mut self, second: i64) -> Result<()> {
        self.close()?;
        while second >= self.until {
            self.until = next(self.rotation, self.until, &self.zone);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let path = self.part(self.parts);
        let mut io = || -> io::Result<File> {
            let mut file = match self.file.take() {
                Some(file) => file,
                None => File::create(&path)?,
            };
            file.write_all(&self.buffer)?;
            Ok(file)
        };
        self.file = Some(io().map_err(|e| failed(&path, e))?);
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends a part.
    fn close(&mut self) -> Result<()> {
        self.flush()?;
        let path = self.part(self.parts);
        let Some(file) = self.file.take() else { return Ok(()) };
        stamp(&file, self.last).map_err(|e| failed(&path, e))?;
        self.parts += 1;
        self.fresh = true;
        if self.compression != Compression::None && self.until != i64::MAX {
            let (compression, last) = (self.compression, self.last);
            // One at a time beside the writer: two cores, and no pile of unpacked logs.
            self.settle()?;
            self.packing.push(std::thread::spawn(move || pack(&path, compression, last)));
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        for job in self.packing.drain(..) {
            let ended = job.join().unwrap_or_else(|_| Err(io::Error::other("the compressor stopped")));
            ended.map_err(|e| failed(&self.dir, e))?;
        }
        Ok(())
    }

    /// Gives the parts the names that rotation would have left: the newest plain, older ones `.1`, `.2` …
    pub(crate) fn finish(&mut self) -> Result<()> {
        let current = self.file.is_some() || !self.buffer.is_empty();
        self.until = i64::MAX;
        self.close()?;
        self.settle()?;
        for part in 0..self.parts {
            let age = self.parts - part - u32::from(current);
            let packed = self.part(part).with_extension(format!("part{}", extension(self.compression)));
            let (from, ending) =
                if packed.exists() { (packed, extension(self.compression)) } else { (self.part(part), "") };
            let to = match age {
                0 => self.dir.join(&self.name),
                n => self.dir.join(format!("{}.{n}{ending}", self.name)),
            };
            fs::rename(&from, &to).map_err(|e| failed(&to, e))?;
        }
        Ok(())
    }

    /// A part's name until all are known; `.part` at the end lets `with_extension` find it again.
    fn part(&self, n: u32) -> PathBuf {
        self.dir.join(format!("{}-{n:06}.part", self.name))
    }
}

fn extension(c: Compression) -> &'static str {
    match c {
        Compression::None => "",
        Compression::Gz => ".gz",
        Compression::Bz2 => ".bz2",
        Compression::Xz => ".xz",
        Compression::Zst => ".zst",
    }
}

fn pack(path: &Path, compression: Compression, last: i64) -> io::Result<()> {
    let mut plain = BufReader::with_capacity(256 << 10, File::open(path)?);
    let to = path.with_extension(format!("part{}", extension(compression)));
    let out = io::BufWriter::with_capacity(256 << 10, File::create(&to)?);
    match compression {
        Compression::None => return Ok(()),
        Compression::Gz => {
            let mut packer = flate2::write::GzEncoder::new(out, flate2::Compression::new(4));
            io::copy(&mut plain, &mut packer)?;
            packer.finish()?.flush()?;
        }
        Compression::Bz2 => {
            let mut packer = bzip2::write::BzEncoder::new(out, bzip2::Compression::fast());
            io::copy(&mut plain, &mut packer)?;
            packer.finish()?.flush()?;
        }
        Compression::Xz => {
            let mut packer = lzma_rust2::XzWriter::new(out, lzma_rust2::XzOptions::with_preset(1))?;
            io::copy(&mut plain, &mut packer)?;
            packer.finish()?.flush()?;
        }
        Compression::Zst => {
            let mut out = out;
            ruzstd::encoding::compress(plain, &mut out, ruzstd::encoding::CompressionLevel::Fastest);
            out.flush()?;
        }
    }
    stamp(&File::options().write(true).open(&to)?, last)?;
    fs::remove_file(path)
}

/// Gives a file the time of its last line.
fn stamp(file: &File, last: i64) -> io::Result<()> {
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(last.max(0) as u64))
}

fn failed(path: &Path, e: io::Error) -> Error {
    Error::new(format!("could not write `{}`", path.display())).because(e).hint("check the disk's space and rights")
}

/// The rotation after an instant.
fn next(rotation: Rotation, after: i64, zone: &TimeZone) -> i64 {
    let date = Time::from_seconds(after).in_zone(zone).date();
    let day = match rotation {
        Rotation::None => return i64::MAX,
        Rotation::Daily => date.tomorrow(),
        Rotation::Weekly => date.nth_weekday(1, jiff::civil::Weekday::Monday),
        Rotation::Monthly => date.last_of_month().tomorrow(),
    };
    let midnight = day.ok().and_then(|d| d.to_zoned(zone.clone()).ok());
    midnight.map_or(i64::MAX, |z| z.timestamp().as_second().max(after + 1))
}
