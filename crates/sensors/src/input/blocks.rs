//! Blocks of whole lines, processed in parallel and folded in order.
//!
//! Block boundaries depend on the bytes alone, never on the number of threads or the size of reads, so that a fold
//! over blocks gives the same result everywhere.

use super::Input;
use model::{Result, Sink, Skip};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::sync::mpsc;
use std::thread;

/// Bytes in a block, at most.
pub const BLOCK: usize = 1 << 20;

/// The longest line a reader should look at; longer ones are skipped and counted. No honest log line is near.
pub const LINE_MAX: usize = 64 << 10;

/// The byte order mark of UTF-8; it is no part of a line.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whole lines of the last step.
pub struct Block {
    /// Offset of the first byte.
    pub start: u64,
    bytes: Vec<u8>,
    begin: usize,
    end: usize,
}

impl Block {
    /// The bytes: whole lines, the last of the evidence perhaps without its newline.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[self.begin..self.end]
    }

    /// Visits lines without their `\n` or `\r\n`: offset within the block, line within the block (from 0), bytes.
    /// Returns how many lines there were. Empty lines are visited too.
    pub fn lines<'b>(&'b self, mut each: impl FnMut(usize, u64, &'b [u8])) -> u64 {
        let bytes = self.bytes();
        let (mut start, mut n) = (0, 0);
        let mut line = |start: usize, end: usize, n: u64| {
            let text = &bytes[start..end];
            // Files with a mark, put one behind the other, have marks at any line.
            let (start, text) = text.strip_prefix(MARK).map_or((start, text), |text| (start + MARK.len(), text));
            each(start, n, text.strip_suffix(b"\r").unwrap_or(text));
        };
        for end in memchr::memchr_iter(b'\n', bytes) {
            line(start, end, n);
            (start, n) = (end + 1, n + 1);
        }
        if start < bytes.len() {
            line(start, bytes.len(), n);
            n += 1;
        }
        n
    }
}

/// Cuts an input into blocks.
pub struct Blocks<'i> {
    input: &'i mut Input,
    /// The unfinished line at the end of the last block.
    carry: Vec<u8>,
    /// Offset of the first byte of `carry`.
    at: u64,
    ended: bool,
    spare: Vec<Vec<u8>>,
    /// Inside a line that is longer than a block.
    in_overlong: bool,
    /// Offsets of such lines, not yet told.
    overlong: VecDeque<u64>,
}

impl<'i> Blocks<'i> {
    /// Blocks of an input.
    pub fn new(input: &'i mut Input) -> Blocks<'i> {
        Blocks {
            input,
            carry: Vec::new(),
            at: 0,
            ended: false,
            spare: Vec::new(),
            in_overlong: false,
            overlong: VecDeque::new(),
        }
    }

    fn next(&mut self) -> Result<Option<Block>> {
        while !self.ended {
            let mut bytes = self.spare.pop().unwrap_or_default();
            bytes.resize(BLOCK, 0);
            let carried = self.carry.len();
            bytes[..carried].copy_from_slice(&self.carry);
            self.carry.clear();
            let read = self.input.fill(&mut bytes[carried..]);
            let filled =
                carried + read.map_err(|e| model::Error::new("could not read on").because(e).hint("check the disk"))?;
            let eof = filled < BLOCK;
            let mut begin = 0;
            if self.in_overlong {
                match memchr::memchr(b'\n', &bytes[..filled]) {
                    Some(end) => begin = end + 1,
                    None => begin = filled,
                }
                self.in_overlong = begin == filled && !eof && bytes[filled - 1] != b'\n';
            }
            let end = match memchr::memrchr(b'\n', &bytes[begin..filled]) {
                _ if eof => filled,
                Some(end) => begin + end + 1,
                None if begin == 0 => {
                    // No line end in a whole block: let the rest of that line go by.
                    self.overlong.push_back(self.at);
                    self.in_overlong = true;
                    filled
                }
                None => begin,
            };
            self.carry.extend_from_slice(&bytes[end..filled]);
            let start = self.at + begin as u64;
            self.at += end as u64;
            self.ended = eof;
            if end > begin && !(self.in_overlong) {
                return Ok(Some(Block { start, bytes, begin, end }));
            }
            self.spare.push(bytes);
        }
        Ok(None)
    }

    /// Runs `work` over all blocks on all cores and `fold` over its results in order; while a batch is folded the next one
    /// is worked on, and the one after read. `fold` also gets the number of the block's first line (from 1). Damage and
    /// overlong lines become skips.
    pub fn process<T: Send>(
        mut self,
        out: &mut dyn Sink,
        work: impl Fn(&Block) -> (u64, T) + Sync,
        mut fold: impl FnMut(&Block, u64, T, &mut dyn Sink) -> Result<()>,
    ) -> Result<()> {
        let mut line = 1;
        let mut take = |batch: Batch<T>| {
            let mut overlong = batch.overlong;
            let skip = |line: &mut u64, first, out: &mut dyn Sink| {
                out.skip(Skip { reason: "line too long".into(), count: 1, first, line: *line });
                *line += 1;
            };
            for (block, (lines, result)) in batch.blocks.iter().zip(batch.done) {
                while let Some(first) = overlong.pop_front_if(|at| *at < block.start) {
                    skip(&mut line, first, out);
                }
                fold(block, line, result, out)?;
                line += lines;
            }
            overlong.into_iter().for_each(|first| skip(&mut line, first, out));
            out.progress(batch.consumed);
            Ok(batch.blocks)
        };
        // A batch being folded, one worked on, and one on its way between.
        let (spare_to, spare) = mpsc::channel();
        let mut read = Some(self.batch()?);
        let (blocks_of, work) = (&mut self, &work);
        let mut next = move || -> Result<Option<Batch<T>>> {
            let Some((blocks, overlong)) = read.take().filter(|(blocks, overlong)| blocks.len() + overlong.len() > 0)
            else {
                return Ok(None);
            };
            let consumed = blocks_of.input.consumed();
            blocks_of.spare.extend(spare.try_iter().flatten().map(|block: Block| block.bytes));
            let (done, then) = rayon::join(|| blocks.par_iter().map(work).collect(), || blocks_of.batch());
            read = Some(then?);
            Ok(Some(Batch { blocks, done, overlong, consumed }))
        };
        let beside = thread::scope(|scope| -> Result<bool> {
            let (to, from) = mpsc::sync_channel(1);
            let next = &mut next;
            let all = move || while next().transpose().is_some_and(|batch| to.send(batch).is_ok()) {};
            if thread::Builder::new().spawn_scoped(scope, all).is_err() {
                return Ok(false);
            }
            for batch in from {
                // Whoever reads may have ended: then nobody takes what is spare.
                let _ = spare_to.send(take(batch?)?);
            }
            Ok(true)
        })?;
        // Where no thread can be had all is done in turn.
        while let Some(batch) = if beside { None } else { next()? } {
            let _ = spare_to.send(take(batch)?);
        }
        if let Some(damage) = self.input.damage() {
            out.skip(Skip { line, ..damage.clone() });
        }
        Ok(())
    }

    /// The next blocks, for all cores to work on, and the overlong lines among them.
    fn batch(&mut self) -> Result<(Vec<Block>, VecDeque<u64>)> {
        let most = 2 * rayon::current_num_threads().max(1);
        let mut blocks = Vec::with_capacity(most);
        while blocks.len() < most {
            match self.next()? {
                Some(block) => blocks.push(block),
                None => break,
            }
        }
        Ok((blocks, std::mem::take(&mut self.overlong)))
    }
}

/// Blocks that were worked on.
struct Batch<T> {
    blocks: Vec<Block>,
    done: Vec<(u64, T)>,
    /// Offsets of lines too long among them.
    overlong: VecDeque<u64>,
    /// Bytes of the evidence as stored that were read until then.
    consumed: u64,
}
