//! Who is acting now, by when they act next.
//!
//! You may rely on: memory follows how many act at once; events of one millisecond come in the order they were entered.

use super::plan::{Plan, Planned};
use super::vocabulary::Purpose;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(crate) struct Actors<A> {
    actors: Vec<A>,
    free: Vec<usize>,
    queue: BinaryHeap<Reverse<(i64, u64, usize)>>,
    entered: u64,
}

impl<A> Actors<A> {
    pub(crate) fn new() -> Actors<A> {
        Actors { actors: Vec::new(), free: Vec::new(), queue: BinaryHeap::new(), entered: 0 }
    }

    /// Somebody new will act at a time.
    pub(crate) fn enter(&mut self, at: i64, actor: A) {
        let slot = match self.free.pop() {
            Some(slot) => {
                self.actors[slot] = actor;
                slot
            }
            None => {
                self.actors.push(actor);
                self.actors.len() - 1
            }
        };
        self.again(slot, Some(at));
    }

    /// The actor of a slot will act at a time, or leaves.
    pub(crate) fn again(&mut self, slot: usize, at: Option<i64>) {
        match at {
            Some(at) => {
                self.entered += 1;
                self.queue.push(Reverse((at, self.entered, slot)));
            }
            None => self.free.push(slot),
        }
    }

    /// When the next one acts.
    pub(crate) fn peek(&self) -> i64 {
        self.queue.peek().map_or(i64::MAX, |Reverse(next)| next.0)
    }

    /// Who acts next, if before a time; whoever takes it says through [`Actors::again`] how it goes on.
    pub(crate) fn next(&mut self, before: i64) -> Option<(i64, usize, &mut A)> {
        let Reverse((at, _, slot)) = if self.peek() < before { self.queue.pop()? } else { return None };
        Some((at, slot, &mut self.actors[slot]))
    }
}

/// The lanes of the attempts that are wanted, the last to begin first.
pub(crate) fn lanes(plan: &Plan, wanted: impl Fn(&Planned, Purpose) -> bool) -> Vec<(i64, &Planned, usize)> {
    let mut lanes: Vec<(i64, &Planned, usize)> = Vec::new();
    for p in plan.attempts.iter().filter(|p| wanted(p, p.truth.purpose)) {
        lanes.extend(p.lanes.iter().enumerate().map(|(i, lane)| (lane.start, p, i)));
    }
    lanes.sort_by_key(|(start, p, lane)| Reverse((*start, p.seed, *lane)));
    lanes
}
