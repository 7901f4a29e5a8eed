//! Are those who are regularly together with an account its companions, or is all of them an audience? An audience has
//! readers of every pace: some come at once, most later, a few much later. A group that acts is there at once, and then
//! it is over; or it acts among many others who come and go.
//!
//! You may rely on: only who shares with account 1 again and again is asked. Left out: why an audience is fast.

use super::{COMPANION, Model, Scratch};

/// Who shares with account 1 in so many spans is regular.
const OFTEN: u32 = 3;
/// One in so many shares of regulars may fall outside of what is still compact.
const OUTSIDE: usize = 50;

/// Spans in which at least one in so many companions shares are looked at.
const PRESENT: usize = 5;

/// Who is no measure of what others do.
pub(super) struct Audience {
    /// By account, whether it is a companion that is left out; nobody where all are an audience.
    pub apart: Marks,
    /// Whether there is a public from whose beginning the habit of being fast is told.
    pub onsets: bool,
}

/// A mark for some of all accounts: asked for each share of a crowd.
#[derive(Default)]
pub(super) struct Marks {
    marks: Vec<bool>,
    marked: Vec<u32>,
}

impl Marks {
    pub(super) fn set(&mut self, account: u32) {
        let mark = &mut self.marks[account as usize];
        if !*mark {
            self.marked.push(account);
        }
        *mark = true;
    }

    /// Whether an account has it.
    pub fn has(&self, account: u32) -> bool {
        self.marks[account as usize]
    }

    /// By account, whether it has it.
    pub fn all(&self) -> &[bool] {
        &self.marks
    }

    /// For so many accounts, none marked.
    pub fn cleared(mut self, accounts: usize) -> Marks {
        self.marked.drain(..).for_each(|account| self.marks[account as usize] = false);
        self.marks.resize(accounts, false);
        self
    }
}

impl Model<'_> {
    /// Looks at all who share with an account. Companions are left out where regulars are mostly companions and their
    /// shares have no tail beyond two narrow windows, or where passers-by outnumber them.
    pub(super) fn audience(&self, account: u32, scratch: &mut Scratch) -> Audience {
        let places = self.places(account);
        let accounts = self.index.accounts.len();
        let mut seen = std::mem::take(&mut scratch.seen);
        seen.resize(accounts, (0, 0));
        let mut touched = Vec::new();
        let counts = seen.as_mut_slice();
        for own in places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]) {
            self.meet(account, own, &mut scratch.several, |m| {
                let (cells, near) = &mut counts[m.account as usize];
                if *cells == 0 {
                    touched.push(m.account);
                }
                (*cells, *near) = (*cells + 1, *near + u32::from(m.near));
            });
        }
        let [mut apart, mut regular] =
            [&mut scratch.apart, &mut scratch.regular].map(|m| std::mem::take(m).cleared(accounts));
        let mut seldom = Vec::new();
        for who in touched {
            let (cells, near) = std::mem::take(&mut seen[who as usize]);
            match cells >= OFTEN {
                true => regular.set(who),
                // Who came seldom, but always together.
                false if near == cells => seldom.push(who),
                false => {}
            }
            if cells >= OFTEN && f64::from(near) >= COMPANION * f64::from(cells) {
                apart.set(who);
            }
        }
        scratch.seen = seen;
        let (companions_of, regulars) = (apart.marked.len(), regular.marked.len());
        regular.set(account);
        let is_companion = companions_of > 0;
        let (mut outside, mut total, mut passing, mut companions) = (0, 0, 0, 0);
        let cells = places.chunk_by(|x, y| self.cells[*x as usize] == self.cells[*y as usize]);
        let mut ticks = Vec::new();
        for own in cells.filter(|_| is_companion) {
            let (from, to) = self.cells[own[0] as usize];
            let [from, to] = [from, to].map(|at| at as usize);
            let sharing = &self.index.account[from..to];
            let with = sharing.iter().filter(|who| apart.has(**who)).count();
            // One companion alone may come by like anybody.
            if with == 0 || with * PRESENT < companions_of {
                continue;
            }
            companions += with;
            passing += sharing.len() - own.len() - with;
            if !self.compact {
                continue;
            }
            ticks.clear();
            let moments = sharing.iter().zip(&self.index.moments[from..to]);
            ticks.extend(moments.filter(|(who, _)| regular.has(**who)).map(|(_, moment)| moment.0));
            total += ticks.len();
            outside += ticks.len() - densest(&ticks, 2 * self.window);
        }
        scratch.regular = regular;
        let is_compact = self.compact && 2 * companions_of >= regulars && outside * OUTSIDE <= total + OUTSIDE / 2;
        let onsets = !(is_companion && is_compact);
        match (is_compact, passing > companions) {
            // Who came seldom, but always together, is of the same kind.
            (true, _) if is_companion => seldom.into_iter().for_each(|who| apart.set(who)),
            (false, false) => apart = apart.cleared(accounts),
            _ => {}
        }
        Audience { apart, onsets }
    }
}

/// The most of these ordered ticks that lie within one interval.
pub(super) fn densest(ticks: &[i64], interval: i64) -> usize {
    if ticks.first().zip(ticks.last()).is_some_and(|(first, last)| last.saturating_sub(*first) <= interval) {
        return ticks.len();
    }
    let (mut from, mut most) = (0, 0);
    for (to, tick) in ticks.iter().enumerate() {
        while tick.saturating_sub(ticks[from]) > interval {
            from += 1;
        }
        most = most.max(to + 1 - from);
    }
    most
}
