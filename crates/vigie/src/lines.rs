//! Back from traces to bytes: evidence is streamed through its steps once, in order, and what was asked for is handed
//! out as it passes.

use model::{Budget, Error, Result, Span, Step};
use sensors::input::Input;
use std::fs::File;

/// Bytes that have passed and can still be given.
const KEPT: usize = 64 << 10;

/// A walk through one piece of evidence in its last step, forwards only.
pub struct Walk {
    input: Input,
    /// What was read last, and where it begins.
    block: Vec<u8>,
    start: u64,
}

impl Walk {
    /// At the beginning.
    pub fn new(file: File) -> Result<Walk> {
        let input = Input::open(Box::new(file), Budget::default());
        let input = input.map_err(|e| Error::new("could not read the evidence").because(e))?;
        Ok(Walk { input, block: Vec::new(), start: 0 })
    }

    /// The steps to the bytes that are handed out.
    pub fn inside(&self) -> &[Step] {
        self.input.steps()
    }

    /// The names of the steps.
    pub fn steps(&self) -> Vec<String> {
        self.input.steps().iter().map(Step::label).collect()
    }

    /// Hands out the bytes of a range, piece by piece; ranges must come in order of their start. What lies before the
    /// block at hand has passed and is not given again.
    pub fn range(&mut self, span: Span, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let end = span.start.saturating_add(span.len);
        let mut at = span.start;
        while at < end {
            let block_end = self.start + self.block.len() as u64;
            if at >= block_end {
                // The end of the last block is kept: the next range may begin in it.
                let passed = self.block.len().saturating_sub(KEPT);
                self.block.drain(..passed);
                self.start += passed as u64;
                let kept = self.block.len();
                self.block.resize(kept + (1 << 20), 0);
                let n = self.input.fill(&mut self.block[kept..]);
                let n = n.map_err(|e| Error::new("could not read the evidence").because(e))?;
                self.block.truncate(kept + n);
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
