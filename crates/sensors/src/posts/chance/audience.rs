//! Are those who are regularly together with an account its companions, or is all of them an audience? An audience has
//! readers of every pace: some come at once, most later, a few much later. A group that acts is there at once, and then
//! it is over; or it acts among many others who come and go.
//!
//! You may rely on: only who shares with account 1 again and again is asked. Left out: why an audience is fast.

use super::{COMPANION, Model, Scratch};
use foldhash::{HashMap, HashSet};

/// Who shares with account 1 in so many spans is regular.
const OFTEN: u32 = 3;
/// One in so many shares of regulars may fall outside of what is still compact.
const OUTSIDE: usize = 50;

/// Spans in which at least one in so many companions shares are looked at.
const PRESENT: usize = 5;

/// Who is no measure of what others do.
pub(super) struct Audience {
    /// The companions left out; none where all are an audience.
    pub apart: HashSet<u32>,
    /// Whether there is a public from whose beginning the habit of being fast is told.
    pub onsets: bool,
}

impl Model<'_> {
    /// Looks at all who share with an account. Companions are left out where regulars are mostly companions and their
    /// shares have no tail beyond two narrow windows, or where passers-by outnumber them.
    pub(super) fn audience(&self, account: u32, scratch: &mut Scratch) -> Audience {
        let places = self.places(account);
        let mut seen = std::mem::take(&mut scratch.seen);
        seen.resize(self.index.accounts.len(), (0, 0));
        let mut touched = Vec::new();
        for own in places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]) {
            self.meet(account, own, scratch);
            for m in &scratch.met {
                let (cells, near) = &mut seen[m.account as usize];
                if *cells == 0 {
                    touched.push(m.account);
                }
                (*cells, *near) = (*cells + 1, *near + u32::from(m.near));
            }
        }
        let met = touched.into_iter().map(|who| (who, std::mem::take(&mut seen[who as usize])));
        let (regular, seldom): (HashMap<u32, (u32, u32)>, HashMap<_, _>) = met.partition(|(_, seen)| seen.0 >= OFTEN);
        scratch.seen = seen;
        let close = |(cells, near): &(u32, u32)| f64::from(*near) >= COMPANION * f64::from(*cells);
        let apart: HashSet<u32> = regular.iter().filter(|(_, seen)| close(seen)).map(|(who, _)| *who).collect();
        if apart.is_empty() {
            return Audience { apart, onsets: true };
        }
        let (mut outside, mut total, mut passing, mut companions) = (0, 0, 0, 0);
        for own in places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]) {
            let (from, to) = self.cells[own[0] as usize];
            let who = |p: u32| self.index.account[p as usize];
            let with = (from..to).filter(|p| apart.contains(&who(*p))).count();
            // One companion alone may come by like anybody.
            if with == 0 || with * PRESENT < apart.len() {
                continue;
            }
            companions += with;
            passing += (from..to).filter(|p| who(*p) != account).count() - with;
            let is_regular = |p: &u32| who(*p) == account || regular.contains_key(&who(*p));
            let ticks: Vec<i64> = (from..to).filter(is_regular).map(|p| self.index.moments[p as usize].0).collect();
            total += ticks.len();
            outside += ticks.len() - densest(&ticks, 2 * self.window);
        }
        let is_compact = self.compact && 2 * apart.len() >= regular.len() && outside * OUTSIDE <= total + OUTSIDE / 2;
        match (is_compact, passing > companions) {
            // Who came seldom, but always together, is of the same kind.
            (true, _) => {
                let as_well = seldom.iter().filter(|(_, (cells, near))| near == cells).map(|(who, _)| *who);
                Audience { apart: apart.into_iter().chain(as_well).collect(), onsets: false }
            }
            (false, true) => Audience { apart, onsets: true },
            (false, false) => Audience { apart: HashSet::default(), onsets: true },
        }
    }
}

/// The most of these ordered ticks that lie within one interval.
pub(super) fn densest(ticks: &[i64], interval: i64) -> usize {
    let (mut from, mut most) = (0, 0);
    for (to, tick) in ticks.iter().enumerate() {
        while tick.saturating_sub(ticks[from]) > interval {
            from += 1;
        }
        most = most.max(to + 1 - from);
    }
    most
}
