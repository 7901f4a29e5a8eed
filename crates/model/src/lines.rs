//! What became of the lines of a log: how many were read, how many were ordinary, how many are kept in rows, and which
//! were not understood. A reader that says nothing of a line it did not understand says *nothing found* of it.
//!
//! You may rely on: the counts are exact, and every line that was read is in one of three; what was not understood is
//! told by shapes, those met first, at most [`SHAPES`], so that no evidence fills the memory. Empty lines are not read.
//! Left out: how a shape is made of a line (the readers' `unknown`).

use serde::{Deserialize, Serialize};

/// Shapes kept of one log; lines of further ones are counted and not told apart.
pub const SHAPES: usize = 64;

/// What became of the lines of one log.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Lines {
    /// Lines read.
    pub read: u64,
    /// Understood, and nothing to keep one by one: they say nothing of what the reader looks for, or are counted only.
    pub ordinary: u64,
    /// Kept in rows.
    pub kept: u64,
    /// Not understood, damaged ones included.
    pub not_understood: u64,
    /// Of those, lines that have a word of refusal (failed, denied, refused, invalid …) and an address.
    pub refusals: u64,
    /// Those not understood by shape, the first met first.
    pub shapes: Vec<Unknown>,
}

/// Lines of one shape that were not understood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Unknown {
    /// The program that wrote them, or their words without what changes from line to line.
    pub shape: String,
    /// How many.
    pub count: u64,
    /// Of those, with a word of refusal and an address.
    pub refusals: u64,
    /// The line of the example, from 1.
    pub line: u64,
    /// Its first byte in the last step of the evidence.
    pub first: u64,
    /// One of them: the first with a word of refusal and an address, else the first. Cut where it is long.
    pub example: String,
}

impl Lines {
    /// Takes in a line that was kept.
    pub fn keep(&mut self) {
        self.read += 1;
        self.kept += 1;
    }

    /// Takes in an ordinary line.
    pub fn pass(&mut self) {
        self.read += 1;
        self.ordinary += 1;
    }

    /// Takes in what was not understood.
    pub fn miss(&mut self, unknown: Unknown) {
        self.read += unknown.count;
        self.not_understood += unknown.count;
        self.refusals += unknown.refusals;
        self.add(unknown);
    }

    /// Takes in what became of the lines after these, which begin at this byte and after so many lines.
    pub fn append(&mut self, later: Lines, start: u64, lines: u64) {
        self.read += later.read;
        self.ordinary += later.ordinary;
        self.kept += later.kept;
        self.not_understood += later.not_understood;
        self.refusals += later.refusals;
        for unknown in later.shapes {
            self.add(Unknown { line: unknown.line + lines, first: unknown.first + start, ..unknown });
        }
    }

    /// Lines that were understood.
    pub fn understood(&self) -> u64 {
        self.ordinary + self.kept
    }

    /// The shapes, those first that speak of refusals, then the most frequent; the rest in the order of the evidence.
    pub fn gravest(&self) -> Vec<&Unknown> {
        let mut all: Vec<&Unknown> = self.shapes.iter().collect();
        all.sort_by_key(|u| (std::cmp::Reverse(u.refusals), std::cmp::Reverse(u.count), u.first));
        all
    }

    fn add(&mut self, unknown: Unknown) {
        match self.shapes.iter().position(|s| s.shape == unknown.shape) {
            Some(at) => {
                let known = &mut self.shapes[at];
                if known.refusals == 0 && unknown.refusals > 0 {
                    (known.line, known.first, known.example) = (unknown.line, unknown.first, unknown.example);
                }
                known.count += unknown.count;
                known.refusals += unknown.refusals;
            }
            None if self.shapes.len() < SHAPES => self.shapes.push(unknown),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(shape: &str, refusals: u64, line: u64) -> Unknown {
        Unknown { shape: shape.into(), count: 1, refusals, line, first: 10 * line, example: format!("{shape} {line}") }
    }

    #[test]
    fn lines_of_parts_are_those_of_the_whole() {
        let mut first = Lines::default();
        first.keep();
        first.miss(unknown("cron", 0, 2));
        let mut second = Lines::default();
        second.pass();
        second.miss(unknown("cron", 1, 2));
        second.miss(unknown("ftp", 0, 3));
        first.append(second, 100, 2);
        assert_eq!((first.read, first.kept, first.ordinary), (5, 1, 1));
        assert_eq!((first.not_understood, first.refusals, first.understood()), (3, 1, 2));
        // The example speaks of a refusal, where one does.
        let cron = Unknown { count: 2, refusals: 1, line: 4, first: 120, ..unknown("cron", 1, 2) };
        assert_eq!(first.gravest(), [&cron, &Unknown { line: 5, first: 130, ..unknown("ftp", 0, 3) }]);
    }

    #[test]
    fn shapes_are_bounded_and_lines_are_not() {
        let mut lines = Lines::default();
        (0..1000).for_each(|n| lines.miss(unknown(&format!("p{n}"), 0, n)));
        assert_eq!((lines.read, lines.not_understood, lines.shapes.len()), (1000, 1000, SHAPES));
    }
}
