//! What reading one piece of evidence costs, counted where it is done: on every layer, on the way in and on the way
//! out. The one [`Budget`] is held against it.
//!
//! You may rely on: a layer that takes gigabytes and yields nothing is counted by what the layer below gave it, one
//! that begins stream after empty stream by its streams; what goes over is told once, with its reason. Left out: what
//! sensors do with the bytes they are given.

use model::{Budget, Skip};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Work for which no ratio is held against evidence: small files may well be all one byte.
const FREE: u64 = 256 << 20;
/// Members that may be opened whatever the evidence's size, and bytes of evidence, as stored, behind each one more: archives that
/// hold each other twice have members by the power of two, and an honest one names each of its own.
const FREE_ITEMS: u64 = 10_000;
const NAMED: u64 = 16;
/// What beginning a stream, a frame or a member costs besides its bytes, as bytes: a decoder is made for each.
const BEGIN: u64 = 4 << 10;

/// Why a piece of evidence is read no further.
const OVER: [&str; 3] =
    ["decompresses to more bytes than allowed", "decompresses to too many times its size", "holds more than is opened"];

/// Counts the work on one piece of evidence and all that lies in it; clones count together.
#[derive(Clone, Debug)]
pub struct Meter(Arc<Count>);

#[derive(Debug)]
struct Count {
    budget: Budget,
    /// Bytes of evidence, as stored, that were taken.
    taken: AtomicU64,
    /// Bytes that all layers gave out, and what beginning streams cost.
    work: AtomicU64,
    /// Members that were opened.
    items: AtomicU64,
    /// Which of [`OVER`] came first, from 1; 0: none.
    over: AtomicUsize,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter::new(Budget::default())
    }
}

impl Meter {
    /// Nothing is spent yet.
    pub fn new(budget: Budget) -> Meter {
        let [taken, work, items] = [const { AtomicU64::new(0) }; 3];
        Meter(Arc::new(Count { budget, taken, work, items, over: AtomicUsize::new(0) }))
    }

    /// Levels that may be entered.
    pub fn depth(&self) -> usize {
        self.0.budget.depth as usize
    }

    /// Bytes of evidence, as stored, taken so far.
    pub fn taken(&self) -> u64 {
        self.0.taken.load(Ordering::Relaxed)
    }

    /// What all layers gave out so far, and what beginning streams cost.
    pub fn worked(&self) -> u64 {
        self.0.work.load(Ordering::Relaxed)
    }

    /// So many bytes of evidence were taken.
    pub fn take(&self, bytes: u64) {
        self.0.taken.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A layer gave out so many bytes. An error where that was too many: the layer above must end.
    pub fn work(&self, bytes: u64) -> io::Result<()> {
        let count = &*self.0;
        let work = count.work.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if work > count.budget.bytes {
            return self.over(0);
        }
        match work > FREE && work / self.taken().max(1) > count.budget.ratio {
            true => self.over(1),
            false => Ok(()),
        }
    }

    /// A layer begins another stream.
    pub fn begin(&self) -> io::Result<()> {
        self.work(BEGIN)
    }

    /// A member of an archive is opened, of evidence whose bytes are counted as they are taken.
    pub fn member(&self) -> io::Result<()> {
        match self.0.items.load(Ordering::Relaxed) >= FREE_ITEMS + self.taken() / NAMED {
            true => self.over(2),
            false => self.item(),
        }
    }

    /// A member is opened.
    pub fn item(&self) -> io::Result<()> {
        match self.0.items.fetch_add(1, Ordering::Relaxed) >= self.0.budget.items {
            true => self.over(2),
            false => self.begin(),
        }
    }

    /// Why no more may be read, if so.
    pub fn exceeded(&self) -> Option<Skip> {
        let reason = OVER.get(self.0.over.load(Ordering::Relaxed).checked_sub(1)?)?;
        Some(Skip { reason: (*reason).into(), count: 1, first: self.taken(), line: 0 })
    }

    fn over(&self, which: usize) -> io::Result<()> {
        let _ = self.0.over.compare_exchange(0, which + 1, Ordering::Relaxed, Ordering::Relaxed);
        Err(io::Error::other(OVER[which]))
    }
}

/// A reader whose bytes are counted: of evidence as stored, or of a layer.
pub struct Counted<R> {
    inner: R,
    meter: Meter,
    stored: bool,
}

impl<R> Counted<R> {
    /// Evidence as stored.
    pub fn stored(inner: R, meter: &Meter) -> Counted<R> {
        Counted { inner, meter: meter.clone(), stored: true }
    }

    /// What a layer gives out.
    pub fn layer(inner: R, meter: &Meter) -> Counted<R> {
        Counted { inner, meter: meter.clone(), stored: false }
    }
}

impl<R: io::Read> io::Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        match self.stored {
            true => self.meter.take(n as u64),
            false => self.meter.work(n as u64)?,
        }
        Ok(n)
    }
}
