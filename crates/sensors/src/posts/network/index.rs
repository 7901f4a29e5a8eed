//! Shares in the two orders that the kernels walk: by object and time, and by account.
//!
//! You may rely on: about 40 bytes a share while it is made, 24 after. Left out: anything that depends on a window but
//! the neighbours' bounds.

use crate::posts::shares::Shares;
use rayon::prelude::*;

/// One share in order of object and time: its tick and its post.
type Moment = (i64, u32);

/// Shares by object and time, and by account. Accounts are numbered by rank: the order of their ids' bytes.
#[derive(Debug)]
pub struct Index<'s> {
    /// The table.
    pub shares: &'s Shares,
    /// Accounts by rank.
    pub accounts: Vec<u32>,
    /// At each place of the order by object and time: the account's rank.
    pub(crate) account: Vec<u32>,
    /// The tick (see [`Clock`]) and the post.
    pub(crate) moments: Vec<Moment>,
    /// Where each object's shares begin; one more at the end.
    pub(crate) objects: Vec<u32>,
    /// Places by account, those of one post side by side.
    pub(crate) places: Vec<u32>,
    /// Where each account's places begin; one more at the end.
    pub(crate) begins: Vec<u32>,
    /// Whether a post may share several objects.
    pub(crate) several: bool,
    /// How ticks are counted.
    pub clock: Clock,
    /// How coarse stamps are, in ticks: nine in ten of them are whole days, hours or minutes, else one. Two posts of one
    /// minute stand at no distance at all where nobody wrote the seconds down.
    pub(crate) grain: i64,
    /// Objects left out for being shared too often, and their shares.
    pub left_out: (u64, u64),
}

/// The unit of time. A window of whole seconds compares whole seconds (rounded, halves to even), as exports that give
/// seconds do and as the reference does; a finer window compares microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Microseconds in a tick.
    pub unit: i64,
}

impl Clock {
    /// The clock for a window in microseconds.
    pub fn of(window: i64) -> Clock {
        Clock { unit: if window % 1_000_000 == 0 { 1_000_000 } else { 1 } }
    }

    fn tick(self, micros: i64) -> i64 {
        let (whole, rest) = (micros.div_euclid(self.unit), micros.rem_euclid(self.unit));
        match (2 * rest).cmp(&self.unit) {
            std::cmp::Ordering::Less => whole,
            std::cmp::Ordering::Greater => whole + 1,
            std::cmp::Ordering::Equal => whole + (whole & 1),
        }
    }
}

impl<'s> Index<'s> {
    /// Orders a table for windows of this clock. Objects with more than `max_fanout` shares are left out.
    pub fn new(shares: &'s Shares, clock: Clock, max_fanout: Option<u32>) -> Index<'s> {
        let posts = shares.len() as u32;
        let mut counts = vec![0u32; shares.objects.len() + 1];
        let mut several = false;
        for post in 0..posts {
            let shared = shares.shared(post);
            several |= shared.len() > 1;
            shared.iter().for_each(|o| counts[*o as usize + 1] += 1);
        }
        let mut left_out = (0, 0);
        for count in &mut counts {
            if *count > max_fanout.unwrap_or(u32::MAX) {
                left_out = (left_out.0 + 1, left_out.1 + u64::from(*count));
                *count = 0;
            }
        }
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        let total = *counts.last().unwrap_or(&0) as usize;
        let mut moments = vec![(0, 0); total];
        let mut next = counts.clone();
        for post in 0..posts {
            let tick = clock.tick(shares.time(post).0);
            for &object in shares.shared(post) {
                let at = next[object as usize];
                if at < counts[object as usize + 1] {
                    moments[at as usize] = (tick, post);
                    next[object as usize] += 1;
                }
            }
        }
        drop(next);
        sort(&mut moments, &counts);
        let (accounts, ranks) = rank(shares);
        Index::ordered(shares, clock, (accounts, &ranks), moments, counts, several, left_out)
    }

    /// The same shares, each post at another tick: what chance might have made of them.
    pub fn moved(&self, to: impl Fn(u32, i64) -> i64 + Sync) -> Index<'s> {
        let mut moments: Vec<Moment> = self.moments.iter().map(|(tick, post)| (to(*post, *tick), *post)).collect();
        sort(&mut moments, &self.objects);
        let (accounts, objects) = (self.accounts.clone(), self.objects.clone());
        let ranks = self.ranks();
        Index::ordered(self.shares, self.clock, (accounts, &ranks), moments, objects, self.several, self.left_out)
    }

    fn ordered(
        shares: &'s Shares,
        clock: Clock,
        (accounts, ranks): (Vec<u32>, &[u32]),
        moments: Vec<Moment>,
        counts: Vec<u32>,
        several: bool,
        left_out: (u64, u64),
    ) -> Index<'s> {
        let total = moments.len();
        let account: Vec<u32> = moments.par_iter().map(|(_, post)| ranks[shares.account(*post) as usize]).collect();
        let mut begins = vec![0u32; accounts.len() + 1];
        account.iter().for_each(|a| begins[*a as usize + 1] += 1);
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut next = begins.clone();
        let mut places = vec![0u32; total];
        for (place, a) in account.iter().enumerate() {
            let at = &mut next[*a as usize];
            places[*at as usize] = place as u32;
            *at += 1;
        }
        if several {
            for a in 0..accounts.len() {
                places[begins[a] as usize..begins[a + 1] as usize]
                    .sort_unstable_by_key(|p| (moments[*p as usize].1, *p));
            }
        }
        let grain = grain(&moments, clock);
        Index { shares, accounts, account, moments, objects: counts, places, begins, several, clock, grain, left_out }
    }

    /// The id of the account of a rank.
    pub fn name(&self, rank: u32) -> &'s [u8] {
        self.shares.accounts.get(self.accounts.get(rank as usize).copied().unwrap_or(u32::MAX))
    }

    /// The rank of an account by its number in the table.
    pub fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.accounts.len()];
        self.accounts.iter().enumerate().for_each(|(rank, a)| ranks[*a as usize] = rank as u32);
        ranks
    }

    /// The places of an account, by rank.
    pub(crate) fn of(&self, rank: u32) -> &[u32] {
        let rank = rank as usize;
        &self.places[self.begins[rank] as usize..self.begins[rank + 1] as usize]
    }

    /// For every place, the places of the same object within `reach` ticks: from, to (exclusive).
    pub(crate) fn neighbours(&self, reach: i64) -> Vec<(u32, u32)> {
        let mut bounds = vec![(0, 0); self.moments.len()];
        for object in self.objects.windows(2) {
            let (start, end) = (object[0] as usize, object[1] as usize);
            let (mut low, mut high) = (start, start);
            for (bound, &(tick, _)) in bounds[start..end].iter_mut().zip(&self.moments[start..end]) {
                while tick.saturating_sub(self.moments[low].0) > reach {
                    low += 1;
                }
                while high < end && self.moments[high].0.saturating_sub(tick) <= reach {
                    high += 1;
                }
                *bound = (low as u32, high as u32);
            }
        }
        bounds
    }

    /// For every place, the places of the same object in the same span of time: from, to (exclusive). Spans are counted
    /// from the epoch.
    pub(crate) fn cells(&self, span: i64) -> Vec<(u32, u32)> {
        let mut cells = vec![(0, 0); self.moments.len()];
        for object in self.objects.windows(2) {
            let (mut from, end) = (object[0] as usize, object[1] as usize);
            while from < end {
                let cell = self.moments[from].0.div_euclid(span);
                let to = from + self.moments[from..end].partition_point(|m| m.0.div_euclid(span) <= cell);
                cells[from..to].fill((from as u32, to as u32));
                from = to;
            }
        }
        cells
    }

    /// For every place, when the burst it belongs to began: the first of its object's shares that none follows by more
    /// than `gap` ticks.
    pub(crate) fn onsets(&self, gap: i64) -> Vec<i64> {
        let mut onsets = vec![0; self.moments.len()];
        for object in self.objects.windows(2) {
            let (from, to) = (object[0] as usize, object[1] as usize);
            let (mut start, mut last) = (0, None);
            for (onset, &(tick, _)) in onsets[from..to].iter_mut().zip(&self.moments[from..to]) {
                if last.is_none_or(|l| tick.saturating_sub(l) > gap) {
                    start = tick;
                }
                (*onset, last) = (start, Some(tick));
            }
        }
        onsets
    }

    /// The object of a place.
    pub(crate) fn object(&self, place: u32) -> u32 {
        (self.objects.partition_point(|begin| *begin <= place) as u32).saturating_sub(1)
    }
}

/// How coarse these stamps are, in ticks.
fn grain(moments: &[Moment], clock: Clock) -> i64 {
    let second = 1_000_000 / clock.unit;
    let odd = moments.len() / 10;
    // Where seconds are known one in ten has been seen soon.
    let whole = |grain: &i64| moments.iter().filter(|(tick, _)| tick.rem_euclid(*grain) != 0).nth(odd).is_none();
    [86_400, 3600, 60].into_iter().map(|s| s * second).find(|g| !moments.is_empty() && whole(g)).unwrap_or(1)
}

/// Sorts the shares of every object by tick and post.
fn sort(moments: &mut [Moment], begins: &[u32]) {
    let (Some(first), Some(last)) = (begins.first(), begins.last()) else { return };
    if begins.len() > 2 && moments.len() > 1 << 16 {
        let share = first + (last - first) / 2;
        let middle = begins.partition_point(|b| *b < share).clamp(1, begins.len() - 2);
        let (left, right) = moments.split_at_mut((begins[middle] - first) as usize);
        rayon::join(|| sort(left, &begins[..=middle]), || sort(right, &begins[middle..]));
        return;
    }
    for object in begins.windows(2) {
        let object = &mut moments[(object[0] - first) as usize..(object[1] - first) as usize];
        match object.len() {
            0 | 1 => {}
            n if n > 1 << 16 => object.par_sort_unstable(),
            _ => object.sort_unstable(),
        }
    }
}

/// Accounts in order of their ids' bytes, and each account's rank.
fn rank(shares: &Shares) -> (Vec<u32>, Vec<u32>) {
    let prefix = |id: u32| {
        let mut first = [0; 8];
        let name = shares.accounts.get(id);
        let n = name.len().min(8);
        first[..n].copy_from_slice(&name[..n]);
        u64::from_be_bytes(first)
    };
    let mut order: Vec<(u64, u32)> = (0..shares.accounts.len() as u32).map(|id| (prefix(id), id)).collect();
    order.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| shares.accounts.get(a.1).cmp(shares.accounts.get(b.1)))
    });
    let accounts: Vec<u32> = order.into_iter().map(|(_, id)| id).collect();
    let mut ranks = vec![0; accounts.len()];
    accounts.iter().enumerate().for_each(|(rank, id)| ranks[*id as usize] = rank as u32);
    (accounts, ranks)
}
