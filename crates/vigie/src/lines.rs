//! Back from traces to bytes: evidence is streamed through its steps once, in order, and what was asked for is handed
//! out as it passes. [`Walk`] hands out ranges that follow one another; [`sweep`] gathers lines for many at once.

use model::{Budget, Error, Result, Span, Step};
use sensors::SENSORS;
use sensors::input::Input;
use std::collections::{BTreeSet, VecDeque};
use std::fs::File;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;

/// A walk through one piece of evidence in its last step, forwards only.
pub struct Walk {
    input: Input,
    /// What was read last, and where it begins.
    block: Vec<u8>,
    start: u64,
}

impl Walk {
    /// At the beginning of what lies behind these steps; without any, of what compresses the evidence.
    pub fn new(file: File, steps: Option<&[Step]>) -> Result<Walk> {
        Ok(Walk { input: open(file, steps)?, block: Vec::new(), start: 0 })
    }

    /// The names of the steps.
    pub fn steps(&self) -> Vec<String> {
        self.input.steps().iter().map(Step::label).collect()
    }

    /// Hands out what begins at these places as a person can read it, where the bytes there cannot be read. Before any range.
    pub fn shown(&mut self, places: &BTreeSet<u64>, each: &mut dyn FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
        SENSORS.iter().try_for_each(|sensor| sensor.shown(&mut self.input, places, each))
    }

    /// Hands out the bytes of a range, piece by piece; ranges must come in order of their start. What lies before the
    /// block at hand has passed and is not given again.
    pub fn range(&mut self, span: Span, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let end = span.start.saturating_add(span.len);
        let mut at = span.start;
        while at < end {
            let block_end = self.start + self.block.len() as u64;
            if at >= block_end {
                self.start = block_end;
                self.block.resize(BLOCK, 0);
                let n = self.input.fill(&mut self.block);
                let n = n.map_err(|e| Error::new("could not read the evidence").because(e))?;
                self.block.truncate(n);
                if n == 0 {
                    break;
                }
                continue;
            }
            at = at.max(self.start);
            let (from, to) = ((at - self.start) as usize, (end.min(block_end) - self.start) as usize);
            if from < to {
                each(&self.block[from..to])?;
            }
            at = end.min(block_end).max(at);
        }
        Ok(())
    }
}

/// Bytes of a line that are kept.
const LINE: usize = 4096;

/// Lines wanted of one range: so many from its beginning, so many from its end.
pub struct Wanted {
    span: Span,
    first: usize,
    last: usize,
    at: u64,
    number: u64,
    current: Vec<u8>,
    begun: u64,
    head: Vec<Passed>,
    tail: VecDeque<Passed>,
}

/// A line that passed.
pub struct Passed {
    /// Its number.
    pub number: u64,
    /// Its first byte.
    pub start: u64,
    /// The byte after its last.
    pub end: u64,
    /// Its first bytes.
    pub text: Vec<u8>,
}

impl Wanted {
    /// The first `first` and the last `last` lines of a range, none twice.
    pub fn new(span: Span, first: usize, last: usize) -> Wanted {
        let (at, number) = (span.start, span.line);
        let (current, head, tail) = (Vec::new(), Vec::new(), VecDeque::new());
        Wanted { span, first, last, at, number, current, begun: at, head, tail }
    }

    /// The lines, once the evidence has been swept.
    pub fn lines(self) -> impl Iterator<Item = Passed> {
        self.head.into_iter().chain(self.tail)
    }

    fn end(&self) -> u64 {
        self.span.start.saturating_add(self.span.len)
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let newline = bytes.iter().position(|&b| b == b'\n');
            let (text, rest) = newline.map_or((bytes, &bytes[..0]), |n| (&bytes[..n], &bytes[n + 1..]));
            let room = LINE.saturating_sub(self.current.len());
            self.current.extend_from_slice(&text[..text.len().min(room)]);
            self.at += text.len() as u64;
            if newline.is_some() {
                self.line();
                self.at += 1;
                self.begun = self.at;
            }
            bytes = rest;
        }
        if self.at >= self.end() && self.at > self.begun {
            self.line();
            self.begun = self.at;
        }
    }

    fn line(&mut self) {
        let mut text = std::mem::take(&mut self.current);
        if text.last() == Some(&b'\r') {
            text.pop();
        }
        let line = Passed { number: self.number, start: self.begun, end: self.at, text };
        self.number += 1;
        if self.head.len() < self.first {
            self.head.push(line);
        } else if self.last > 0 {
            if self.tail.len() == self.last {
                self.tail.pop_front();
            }
            self.tail.push_back(line);
        }
    }
}

fn open(file: File, steps: Option<&[Step]>) -> Result<Input> {
    let failed = |e| Error::new("could not read the evidence").because(e);
    let size = file.metadata().map_err(failed)?.len();
    let input = Input::of_file(file, size, Budget::default()).map_err(failed)?;
    let Some(steps) = steps else { return Ok(input) };
    let input = sensors::open(input, steps).map_err(failed)?;
    input.ok_or_else(|| {
        let steps: Vec<String> = steps.iter().map(Step::label).collect();
        Error::new(format!("the evidence has nothing behind `{}`", steps.join(", ")))
            .hint("it was read by another version: run again")
    })
}

/// Gathers the lines of many ranges behind these steps, in any order and overlapping as they may, in one pass.
pub fn sweep(file: File, steps: &[Step], wanted: &mut [Wanted]) -> Result<()> {
    let failed = |e| Error::new("could not read the evidence").because(e);
    let mut input = open(file, Some(steps))?;
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&i| wanted[i].span);
    let mut coming = order.into_iter().peekable();
    let mut passing: Vec<usize> = Vec::new();
    let mut block = vec![0; BLOCK];
    let mut start = 0;
    while !passing.is_empty() || coming.peek().is_some() {
        let n = input.fill(&mut block).map_err(failed)?;
        if n == 0 {
            break;
        }
        let end = start + n as u64;
        while let Some(i) = coming.next_if(|&i| wanted[i].span.start < end) {
            passing.push(i);
        }
        for &i in &passing {
            let from = wanted[i].span.start.max(start);
            let to = wanted[i].end().min(end);
            if from < to {
                wanted[i].take(&block[(from - start) as usize..(to - start) as usize]);
            }
        }
        passing.retain(|&i| wanted[i].end() > end);
        start = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, Write};

    #[test]
    fn first_and_last_lines_of_ranges_that_overlap() {
        let mut file = tempfile::tempfile().expect("a file");
        let text: String = (1..=9).map(|n| format!("line {n}\n")).collect();
        file.write_all(text.as_bytes()).and_then(|()| file.rewind()).expect("written");
        let span = |from: u64, to: u64| Span { start: (from - 1) * 7, len: (to - from + 1) * 7 - 1, line: from };
        let mut wanted = [Wanted::new(span(3, 9), 1, 2), Wanted::new(span(1, 9), 2, 0), Wanted::new(span(4, 4), 5, 5)];
        sweep(file, &[], &mut wanted).expect("read");
        let numbers = wanted
            .map(|w| w.lines().map(|l| (l.number, String::from_utf8_lossy(&l.text).into_owned())).collect::<Vec<_>>());
        let expected = |n: &[u64]| n.iter().map(|n| (*n, format!("line {n}"))).collect::<Vec<_>>();
        assert_eq!(numbers, [expected(&[3, 8, 9]), expected(&[1, 2]), expected(&[4])]);
    }
}
