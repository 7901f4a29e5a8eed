//! Habits: an account that is always among the first, that reads at the same hour every day, or whose posts are scheduled
//! for whole quarters of an hour, is near others of the same habit without knowing them.
//!
//! You may rely on: a habit is told by what an account shares elsewhere, never by the trial it explains: the hour of the
//! day by days on which account 1 does not share along, the minute of the hour by what it shares without any companion.
//! Left out: habits of the week.

use super::{Model, PRIOR, SPANS, Trial};
use std::collections::HashSet;

/// Shares of one account that are looked at, and shares of one span.
const MOST: usize = 200;
/// Who shares within so many windows of a burst's beginning is among the first.
const FIRST: i64 = 3;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// What account 2 shares elsewhere.
struct Elsewhere {
    tick: i64,
    /// Since its burst began.
    delay: i64,
    cell: (u32, u32),
    /// Account 1 shares along.
    along: bool,
    /// A companion of account 1, or account 1, shares along.
    in_company: bool,
}

impl Model<'_> {
    /// Raises the chances of the trials of account 1 with a partner by the partner's habits. `onsets` says whether the
    /// beginning of a burst is a public's.
    pub(super) fn habits(
        &self,
        (account, partner): (u32, u32),
        trials: &[Trial],
        apart: &HashSet<u32>,
        onsets: bool,
        chances: &mut [f64],
    ) {
        let second = 1_000_000 / self.index.clock.unit;
        let reach = self.window * SPANS / 2;
        let life: Vec<Elsewhere> =
            self.index.of(partner).iter().take(MOST).map(|p| self.elsewhere(*p, account, partner, apart)).collect();
        for (trial, chance) in trials.iter().zip(chances) {
            let tick = self.index.moments[trial.place as usize].0;
            let delay = tick - self.onsets[trial.place as usize];
            let here = self.cells[trial.place as usize];
            let other = || life.iter().filter(|e| e.cell != here);
            let mut raise = |near: usize, all: usize| {
                let habit = (PRIOR * self.even + near as f64) / (PRIOR + all as f64);
                *chance = chance.max(habit).min(1.0);
            };
            if onsets && delay <= FIRST * self.window {
                raise(other().filter(|e| (e.delay - delay).abs() <= self.window).count(), other().count());
            }
            let phases = |period: i64, counts: &dyn Fn(&Elsewhere) -> bool| {
                let between = |e: &Elsewhere| (e.tick - tick).rem_euclid(period);
                let phase = |e: &Elsewhere| between(e).min(period - between(e));
                let all = other().filter(|e| counts(e) && phase(e) <= reach);
                all.fold((0, 0), |(near, all), e| (near + usize::from(phase(e) <= self.window), all + 1))
            };
            if 2 * reach < HOUR * second {
                let (near, all) = phases(HOUR * second, &|e| !e.in_company);
                raise(near, all);
            }
            if 2 * reach < DAY * second {
                let apart = DAY * second * 3 / 4;
                let (near, all) = phases(DAY * second, &|e| !e.along && (e.tick - tick).abs() > apart);
                raise(near, all);
            }
        }
    }

    fn elsewhere(&self, place: u32, account: u32, partner: u32, apart: &HashSet<u32>) -> Elsewhere {
        let cell = self.cells[place as usize];
        let with = || self.index.account[cell.0 as usize..cell.1 as usize].iter().take(MOST).filter(|a| **a != partner);
        let tick = self.index.moments[place as usize].0;
        Elsewhere {
            tick,
            delay: tick - self.onsets[place as usize],
            cell,
            along: with().any(|a| *a == account),
            in_company: with().any(|a| *a == account || apart.contains(a)),
        }
    }
}
