//! A file into the table: chunks of whole records, parsed on all cores while the ones before are interned.

use super::columns::{Columns, Mapping, Role};
use super::intern::WARM;
use super::parse::{Fault, Parsed, Wanted};
use super::table::{Place, Record, Shares};
use super::understand::Understood;
use super::{Options, csv, json};
use crate::input::Input;
use crate::posts::damage::Damage;
use model::{Error, Result, Skip, Span, Time};
use rayon::prelude::*;

/// Bytes read at once.
const CHUNK: usize = 1 << 20;
/// The longest record; a quoted cell that does not end within it has lost its end.
const RECORD_MAX: usize = 4 << 20;

/// How a file is written.
#[derive(Clone, Debug)]
pub enum Format {
    /// Separated values.
    Csv {
        /// What stands between cells.
        separator: u8,
        /// How many cells the header has.
        width: usize,
        /// Where the first record begins; 0 where the header is the first line.
        body: u64,
    },
    /// One JSON object a line, or objects cut out of a document.
    Json,
}

impl Format {
    /// What stands between cells, of a table.
    pub fn separator(&self) -> Option<u8> {
        match self {
            Format::Csv { separator, .. } => Some(*separator),
            Format::Json => None,
        }
    }
}

/// Whole records of a file.
pub struct Chunk {
    /// Offset of the first byte.
    pub start: u64,
    /// The records.
    pub bytes: Vec<u8>,
    /// A record whose quoted cell has no end; only its first line is here.
    pub broken: bool,
}

/// Cuts a file into chunks of whole records.
pub struct Chunks<'i> {
    input: &'i mut Input,
    carry: Vec<u8>,
    at: u64,
    ended: bool,
    separator: Option<u8>,
    /// Lines end with a carriage return alone.
    returns: bool,
    spare: Vec<Vec<u8>>,
}

/// Whether lines end as old Macs, and spreadsheets on new ones, write them: no line feed far and wide.
pub(super) fn only_returns(head: &[u8]) -> bool {
    memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some()
}

/// Line feeds in their place; what stands where remains.
pub(super) fn fed(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
}

impl<'i> Chunks<'i> {
    /// Of a table with this separator, or of lines.
    pub fn new(input: &'i mut Input, separator: Option<u8>) -> Chunks<'i> {
        let returns = separator.is_some() && only_returns(input.head());
        Chunks { input, carry: Vec::new(), at: 0, ended: false, separator, returns, spare: Vec::new() }
    }

    /// The next chunk; none at the end.
    pub fn next(&mut self) -> Result<Option<Chunk>> {
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.append(&mut self.carry);
        loop {
            if !self.ended && bytes.len() < RECORD_MAX {
                let filled = bytes.len();
                let goal = if filled < CHUNK { CHUNK } else { RECORD_MAX };
                bytes.resize(goal, 0);
                let read = self.input.fill(&mut bytes[filled..]);
                let read = read.map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
                bytes.truncate(filled + read);
                if self.returns {
                    fed(&mut bytes[filled..]);
                }
                self.ended = filled + read < goal;
                if self.at == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
                    bytes.drain(..3);
                    self.at = 3;
                }
            }
            let whole = match self.separator {
                Some(separator) => csv::whole(&bytes, separator),
                None => memchr::memrchr(b'\n', &bytes).map(|n| n + 1),
            };
            let start = self.at;
            let (end, broken) = match whole {
                _ if bytes.is_empty() => return Ok(None),
                // The last record may lack its line end; if it is an open quote instead, its line alone is lost.
                Some(end) if end == bytes.len() || !self.ended => (end, false),
                Some(end) if !self.opens(&bytes[end..]) => (end.max(bytes.len()), false),
                Some(end) => (end, false),
                None if self.ended && !self.opens(&bytes) => (bytes.len(), false),
                None if self.ended || bytes.len() >= RECORD_MAX => {
                    (memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |n| n + 1), true)
                }
                None => continue,
            };
            self.carry.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            self.at += end as u64;
            return Ok(Some(Chunk { start, bytes, broken }));
        }
    }

    /// Whether a last record without line end is one only because a quote in it stays open.
    fn opens(&self, rest: &[u8]) -> bool {
        let Some(separator) = self.separator else { return false };
        memchr::memchr(b'\n', rest).is_some() && {
            let closed = [rest, b"\n"].concat();
            csv::whole(&closed, separator) != Some(closed.len())
        }
    }
}

/// What reading a file gave besides rows.
pub struct Outcome {
    /// What was not read.
    pub skips: Vec<Skip>,
    /// Records read.
    pub records: u64,
    /// The file is no table of posts, or says nothing to join by: the names of its columns.
    pub not_posts: Option<Vec<String>>,
}

/// Reads one file into the table. Damage is counted; only a failing disk is an error.
pub fn read(input: &mut Input, name: &str, options: &Options, shares: &mut Shares) -> Result<Outcome> {
    let mut outcome = Outcome { skips: Vec::new(), records: 0, not_posts: None };
    let refused = super::columns_of;
    let fit = |columns: &Columns| columns.are_posts() || options.texts && columns.get(Role::Text).is_some();
    let Some(Understood { format, columns, .. }) = Understood::of(input.head(), &options.mapping, fit) else {
        outcome.not_posts = Some(refused(input.head()));
        outcome.skips.extend(input.damage().cloned());
        return Ok(outcome);
    };
    let width = match &format {
        Format::Csv { width, .. } => *width,
        Format::Json => super::columns::ROLES,
    };
    let Some(wanted) = Wanted::new(options, &columns, width, shares.hasher()) else {
        outcome.not_posts = Some(refused(input.head()));
        return Ok(outcome);
    };
    let file = u32::try_from(shares.files.len()).unwrap_or(u32::MAX);
    shares.files.push(name.to_string());
    let mut fold = Fold { shares, file, name, at: 1, damage: Damage::default(), records: 0 };
    let separator = format.separator();
    let mut chunks = Chunks::new(input, separator);
    let mut header = separator.is_some();
    let batch = 2 * rayon::current_num_threads().max(1);
    let mut done: Vec<(Chunk, Parsed)> = Vec::new();
    let mut spare: Vec<Parsed> = Vec::new();
    loop {
        // While one batch is interned, the next is read and parsed.
        let next = |chunks: &mut Chunks, spare: &mut Vec<Parsed>, header: &mut bool| -> Result<Vec<(Chunk, Parsed)>> {
            let mut found = Vec::new();
            while found.len() < batch {
                let Some(chunk) = chunks.next()? else { break };
                let mut parsed = spare.pop().unwrap_or_default();
                parsed.clear();
                found.push((chunk, parsed, std::mem::take(header)));
            }
            let work = |(chunk, mut parsed, header): (Chunk, Parsed, bool)| {
                work(&chunk, header, &format, &wanted, &options.mapping, &mut parsed);
                (chunk, parsed)
            };
            Ok(found.into_par_iter().map(work).collect())
        };
        let (folded, ahead) = rayon::join(|| fold.fold(done.drain(..)), || next(&mut chunks, &mut spare, &mut header));
        for (chunk, parsed) in folded {
            chunks.spare.push(chunk.bytes);
            spare.push(parsed);
        }
        done = ahead?;
        if done.is_empty() {
            break;
        }
    }
    let Fold { damage, records, .. } = fold;
    outcome.records = records;
    outcome.skips = damage.into_skips().chain(input.damage().cloned()).collect();
    Ok(outcome)
}

fn work(chunk: &Chunk, header: bool, format: &Format, wanted: &Wanted, mapping: &Mapping, out: &mut Parsed) {
    let bytes = chunk.bytes.as_slice();
    if chunk.broken {
        out.damage.push((Fault::Quote, 0, 0));
        out.lines = 1;
        return;
    }
    match format {
        Format::Json => json::parse(bytes, wanted, mapping, out),
        Format::Csv { separator, .. } if header => {
            // The header's record gives a row like any other: no time, so it is damage, and is taken back.
            csv::parse(bytes, *separator, wanted, out);
            out.damage.retain(|(_, start, _)| *start != 0);
            out.rows.retain(|row| row.start != 0);
        }
        Format::Csv { separator, .. } => csv::parse(bytes, *separator, wanted, out),
    }
}

struct Fold<'s> {
    shares: &'s mut Shares,
    file: u32,
    name: &'s str,
    /// The line that the next chunk begins on.
    at: u64,
    damage: Damage,
    records: u64,
}

impl Fold<'_> {
    /// Interning waits for memory; the next few rows wait together.
    fn warm(&self, parsed: &Parsed, from: usize) {
        let rows = parsed.rows.iter().skip(from).take(WARM);
        let mut hashes = [[0u64; WARM]; 3];
        let mut n = 0;
        for row in rows {
            hashes[0][n] = row.content.map_or(0, |c| parsed.key(c).hash);
            hashes[1][n] = parsed.key(row.account).hash;
            hashes[2][n] = parsed.objects(row).next().map_or(0, |k| k.hash);
            n += 1;
        }
        self.shares.posts.warm(&hashes[0][..n]);
        self.shares.accounts.warm(&hashes[1][..n]);
        self.shares.objects.warm(&hashes[2][..n]);
    }

    fn fold(&mut self, batch: impl Iterator<Item = (Chunk, Parsed)>) -> Vec<(Chunk, Parsed)> {
        let mut folded = Vec::new();
        for (chunk, parsed) in batch {
            for &(fault, start, line) in &parsed.damage {
                let (start, line) = (chunk.start + u64::from(start), self.at + u64::from(line));
                self.damage.count(fault.reason(), Span { start, len: 0, line });
            }
            for (n, row) in parsed.rows.iter().enumerate() {
                if n % WARM == 0 {
                    self.warm(&parsed, n);
                }
                self.records += 1;
                let (start, line) = (chunk.start + u64::from(row.start), self.at + u64::from(row.line));
                let unnamed = if row.content.is_none() { format!("{}:{line}", self.name) } else { String::new() };
                let post = row.content.map_or_else(|| self.shares.key(unnamed.as_bytes()), |cell| parsed.key(cell));
                let account = parsed.key(row.account);
                let record = Record {
                    // Only where texts are compared: a text of nobody stands for itself.
                    account: if account.bytes.is_empty() { post } else { account },
                    post,
                    time: Time(row.time),
                    objects: parsed.objects(row),
                    text: row.text.map(|cell| parsed.key(cell)),
                    place: Place { file: self.file, start, len: row.len, line },
                };
                let place = Span { start, len: u64::from(row.len), line };
                match self.shares.add(record) {
                    Some(0) => {}
                    Some(_) => self.damage.count(Fault::Objects.reason(), place),
                    None => self.damage.count(Fault::Full.reason(), place),
                }
            }
            self.at += parsed.lines;
            folded.push((chunk, parsed));
        }
        folded
    }
}
