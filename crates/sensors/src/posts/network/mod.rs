//! Co-action networks: which accounts share the same objects at the same time, and how often.
//!
//! An edge is directed: the weight from account 1 to account 2 is the number of distinct posts of account 1 that share
//! an object with a post of account 2 within the window, before or after, its ends included (the definition of the QUT
//! Digital Observatory's coordination-network-toolkit). A post is its own neighbour, so that a loop weighs all posts of
//! an account that share anything.
//!
//! How: shares are sorted by object and time once. Then account by account, its posts' neighbours are counted in one
//! array over all accounts. No pair is ever stored: memory is the index, twelve bytes an account and thread, and the
//! edges of the accounts at work. Time is the number of neighbours ([`Network::neighbours`]), which grows with the
//! square of how often one object is shared within a window; `max_fanout` bounds it, and is told.
//!
//! You may rely on: edges come in the order of both ids' bytes, whatever the number of threads.

pub mod detector;
mod index;
mod sample;
pub mod whole;

pub use index::{Clock, Index};
pub use sample::Sample;

use rayon::prelude::*;
use std::sync::Mutex;

/// What an edge must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Microseconds before and after, ends included.
    pub window: i64,
    /// The least weight.
    pub min_weight: u32,
    /// From an account to itself as well.
    pub loops: bool,
}

/// How often account 1 acts with account 2; both by rank ([`Index::name`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// Whose posts are counted.
    pub account_1: u32,
    /// With whom they share.
    pub account_2: u32,
    /// How many.
    pub weight: u32,
}

/// A network about to be walked.
#[derive(Debug)]
pub struct Network<'i> {
    index: &'i Index<'i>,
    options: Options,
    bounds: Vec<(u32, u32)>,
    sample: Option<&'i Sample>,
}

/// Neighbours that one task looks at, about: small enough to share work, large enough not to notice.
const TASK: u64 = 1 << 21;

/// The counters of one thread.
#[derive(Default)]
struct Counter {
    /// By account: the last post counted in the upper half, the count in the lower.
    cells: Vec<u64>,
    touched: Vec<u32>,
    /// Posts counted so far; marks cells.
    post: u32,
}

impl<'i> Network<'i> {
    /// Over an index whose clock suits the window.
    pub fn new(index: &'i Index<'i>, options: Options) -> Network<'i> {
        Network { index, options, bounds: index.neighbours(options.window.max(0) / index.clock.unit), sample: None }
    }

    /// Walks crowds through those alone who stand for all.
    pub fn sampled(self, sample: &'i Sample) -> Network<'i> {
        Network { sample: Some(sample).filter(|s| !s.is_whole()), ..self }
    }

    /// What its edges must be.
    pub fn options(&self) -> Options {
        self.options
    }

    /// How many pairs of shares are looked at, in both directions and each with itself.
    pub fn neighbours(&self) -> u64 {
        self.bounds.iter().map(|(from, to)| u64::from(to - from)).sum()
    }

    /// Walks all edges in order: `work` on any thread on the edges of some accounts, `fold` on its results in order.
    pub fn walk<T: Send, E>(
        &self,
        work: impl Fn(&[Edge]) -> T + Sync,
        mut fold: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let spare: Mutex<Vec<Counter>> = Mutex::default();
        let threads = rayon::current_num_threads().max(1);
        let mut tasks = self.tasks();
        loop {
            let batch: Vec<(u32, u32)> = tasks.by_ref().take(4 * threads).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let one = |&(from, to): &(u32, u32)| {
                let mut counter = spare.lock().ok().and_then(|mut s| s.pop()).unwrap_or_default();
                let mut edges = Vec::new();
                (from..to).for_each(|account| self.edges_of(account, &mut counter, &mut edges));
                let result = work(&edges);
                if let Ok(mut spare) = spare.lock() {
                    spare.push(counter);
                }
                result
            };
            for result in batch.par_iter().map(one).collect::<Vec<T>>() {
                fold(result)?;
            }
        }
    }

    /// All edges; for networks that are known to fit.
    pub fn edges(&self) -> Vec<Edge> {
        let mut all = Vec::new();
        let done: Result<(), std::convert::Infallible> = self.walk(<[Edge]>::to_vec, |edges| {
            all.extend(edges);
            Ok(())
        });
        let Ok(()) = done;
        all
    }

    /// Ranges of accounts of about equal work.
    fn tasks(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let accounts = self.index.accounts.len() as u32;
        let mut from = 0;
        std::iter::from_fn(move || {
            let mut to = from;
            let mut work = 0;
            while to < accounts && work < TASK {
                let places = self.index.of(to).iter();
                let walked = |(a, b): (u32, u32)| {
                    let passed = self.sample.is_some_and(|s| s.is_crowd(b - a) && !s.has(to));
                    if passed { 0 } else { u64::from(b - a) }
                };
                work += 1 + places.map(|p| walked(self.bounds[*p as usize])).sum::<u64>();
                to += 1;
            }
            let range = (from, to);
            from = to;
            (range.0 < range.1).then_some(range)
        })
    }

    fn edges_of(&self, account: u32, counter: &mut Counter, edges: &mut Vec<Edge>) {
        let places = self.index.of(account);
        // No edge is heavier than its account has posts.
        if (places.len() as u32) < self.options.min_weight {
            return;
        }
        let Counter { cells, touched, post: mark } = counter;
        if cells.is_empty() {
            cells.resize(self.index.accounts.len(), 0);
        }
        if *mark > u32::MAX - places.len() as u32 - 1 {
            cells.fill(0);
            *mark = 0;
        }
        let mut post = None;
        for &place in places {
            let (from, to) = self.bounds[place as usize];
            // Most shares have no neighbour but themselves.
            if to - from == 1 && !self.options.loops {
                continue;
            }
            let crowd = self.sample.filter(|s| s.is_crowd(to - from));
            if crowd.is_some_and(|s| !s.has(account)) {
                continue;
            }
            let this = if self.index.several { Some(self.index.moments[place as usize].1) } else { None };
            if post != this || !self.index.several {
                (post, *mark) = (this, *mark + 1);
            }
            for &other in &self.index.account[from as usize..to as usize] {
                if crowd.is_some_and(|s| !s.has(other)) {
                    continue;
                }
                let cell = &mut cells[other as usize];
                if (*cell >> 32) as u32 != *mark {
                    if *cell as u32 == 0 {
                        touched.push(other);
                    }
                    *cell = u64::from(*mark) << 32 | u64::from(*cell as u32 + 1);
                }
            }
        }
        let first = edges.len();
        for other in touched.drain(..) {
            let weight = std::mem::take(&mut cells[other as usize]) as u32;
            if weight >= self.options.min_weight.max(1) && (other != account || self.options.loops) {
                edges.push(Edge { account_1: account, account_2: other, weight });
            }
        }
        edges[first..].sort_unstable();
    }
}
