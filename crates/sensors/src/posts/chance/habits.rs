//! Habits: an account that is always among the first, that reads at the same hour every day, or whose posts are scheduled
//! for whole quarters of an hour, is near others of the same habit without knowing them.
//!
//! You may rely on: a habit is told by what an account shares elsewhere, never by the trial it explains: the hour of the
//! day by days on which account 1 does not share along, the minute of the hour by what it shares without any companion.
//! A pair costs its shares and trials with a logarithm, however many others share along.
//! Left out: habits of the week.

use super::audience::{Audience, Marks};
use super::{Model, PRIOR, SPANS, Trial};
use foldhash::HashSet;

/// Shares of one account that are looked at, and shares of one span.
const MOST: usize = 200;
/// Who shares within so many windows of a burst's beginning is among the first.
const FIRST: i64 = 3;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// Where account 1 shares (the first place of each cell), and who shares along with it.
pub(super) struct Company<'a> {
    pub own: HashSet<u32>,
    pub audience: &'a Audience,
}

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

/// Shares in the order of some number, so that those within a distance of another are found without looking at all.
struct Ordered<'e>(Vec<(i64, &'e Elsewhere)>);

impl<'e> Ordered<'e> {
    fn of(life: &'e [Elsewhere], by: impl Fn(&Elsewhere) -> Option<i64>) -> Ordered<'e> {
        let mut all: Vec<(i64, &Elsewhere)> = life.iter().filter_map(|e| Some((by(e)?, e))).collect();
        all.sort_by_key(|(number, _)| *number);
        Ordered(all)
    }

    fn within(&self, from: i64, to: i64) -> &[(i64, &'e Elsewhere)] {
        let start = self.0.partition_point(|(n, _)| *n < from);
        let end = start + self.0[start..].partition_point(|(n, _)| *n <= to);
        &self.0[start..end]
    }

    /// Those within `reach` of a moment's phase on a circle of `period`.
    fn around(&self, tick: i64, period: i64, reach: i64) -> impl Iterator<Item = &'e Elsewhere> {
        let at = tick.rem_euclid(period);
        let ranges = [(at - reach, at + reach), (at - reach + period, period), (0, at + reach - period)];
        ranges.into_iter().filter(|(from, to)| from <= to).flat_map(|(from, to)| self.within(from, to)).map(|(_, e)| *e)
    }
}

impl Model<'_> {
    /// Raises the chances of the trials of account 1 with a partner by the partner's habits. `onsets` says whether the
    /// beginning of a burst is a public's.
    pub(super) fn habits(
        &self,
        partner: u32,
        trials: &[Trial],
        Company { own, audience }: &Company,
        chances: &mut [f64],
    ) {
        let onsets = audience.onsets;
        let second = 1_000_000 / self.index.clock.unit;
        let reach = self.window * SPANS / 2;
        let life: Vec<Elsewhere> = self
            .index
            .of(partner)
            .iter()
            .take(MOST)
            .map(|p| self.elsewhere(*p, partner, own, &audience.apart))
            .collect();
        let delays = Ordered::of(&life, |e| Some(e.delay));
        let hour = HOUR * second;
        let day = DAY * second;
        let minutes = Ordered::of(&life, |e| (!e.in_company).then_some(e.tick.rem_euclid(hour)));
        let hours = Ordered::of(&life, |e| (!e.along).then_some(e.tick.rem_euclid(day)));
        let mut cells: Vec<((u32, u32), i64)> = life.iter().map(|e| (e.cell, e.delay)).collect();
        cells.sort_unstable();
        for (trial, chance) in trials.iter().zip(chances) {
            let tick = self.index.moments[trial.place as usize].0;
            let delay = tick - self.onsets[trial.place as usize];
            let here = self.cells[trial.place as usize];
            let mut raise = |near: usize, all: usize| {
                let habit = (PRIOR * self.even + near as f64) / (PRIOR + all as f64);
                *chance = chance.max(habit).min(1.0);
            };
            if onsets && delay <= FIRST * self.window {
                let from = cells.partition_point(|(cell, _)| *cell < here);
                let own: Vec<i64> =
                    cells[from..].iter().take_while(|(cell, _)| *cell == here).map(|(_, d)| *d).collect();
                let near = delays.within(delay - self.window, delay + self.window).len();
                let near = near - own.iter().filter(|d| (**d - delay).abs() <= self.window).count();
                raise(near, life.len() - own.len());
            }
            let phases = |ordered: &Ordered, period: i64, counts: &dyn Fn(&Elsewhere) -> bool| {
                let all = ordered.around(tick, period, reach).filter(|e| e.cell != here && counts(e));
                all.fold((0, 0), |(near, all), e| {
                    let between = (e.tick - tick).rem_euclid(period);
                    (near + usize::from(between.min(period - between) <= self.window), all + 1)
                })
            };
            if 2 * reach < hour {
                let (near, all) = phases(&minutes, hour, &|_| true);
                raise(near, all);
            }
            if 2 * reach < day {
                let apart = day * 3 / 4;
                let (near, all) = phases(&hours, day, &|e| (e.tick - tick).abs() > apart);
                raise(near, all);
            }
        }
    }

    fn elsewhere(&self, place: u32, partner: u32, own: &HashSet<u32>, apart: &Marks) -> Elsewhere {
        let cell = self.cells[place as usize];
        let tick = self.index.moments[place as usize].0;
        let along = own.contains(&cell.0);
        let mut with =
            self.index.account[cell.0 as usize..cell.1 as usize].iter().take(MOST).filter(|a| **a != partner);
        let in_company = along || with.any(|a| apart.has(*a));
        Elsewhere { tick, delay: tick - self.onsets[place as usize], cell, along, in_company }
    }
}
