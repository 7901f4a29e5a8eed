//! What does not agree: the arithmetic of rows, totals and their parts, snapshots one after another, minutes and what was
//! published. Each discrepancy is told once, where it begins; totals that are wrong for it are named with it.
//!
//! You may rely on: what is told is in the tables, to the vote; nothing is told of a level whose parents are not known.
//! Left out: whose fault it is.

mod carry;
mod differ;
mod overlap;
mod row;
mod series;
mod sums;
mod tell;

use crate::world::{NONE, World};
use rows::station_minutes::{Cause, Coverage, Disagreement, Discrepancy, Level, Upload};

pub use sums::Sums;
pub use tell::shown;

/// A discrepancy on its way to be told.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    kind: Disagreement,
    contest: usize,
    area: u32,
    /// Column, what is held to be right, what stands there.
    figures: Vec<(usize, Option<u64>, Option<u64>)>,
    release: usize,
    line: u32,
    against: String,
    since: Option<Upload>,
    until: Option<Upload>,
    causes: Vec<Cause>,
    /// Totals above it of which it is known whether they hold it.
    carried: Vec<(u32, bool)>,
}

/// A total: the sum of the parts, and what is published.
#[derive(Clone, Debug)]
pub struct Total {
    /// The race.
    pub contest: usize,
    /// The area.
    pub area: u32,
    /// The level of the parts summed up; its own where it has none.
    pub from: Level,
    /// How many.
    pub parts: u64,
    /// By column; none where no part has a figure.
    pub sums: Vec<Option<u64>>,
    /// What is published of it, by column.
    pub published: Vec<Option<u64>>,
}

/// All that is found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Totals of every level, the widest first.
    pub totals: Vec<Total>,
    /// What does not agree, the largest effect first.
    pub discrepancies: Vec<Discrepancy>,
    /// Of each race what minutes confirm.
    pub coverage: Vec<Coverage>,
}

/// Checks all tables against one another.
pub fn check(world: &World) -> Report {
    let mut report = Report::default();
    let areas = overlap::areas(world);
    for contest in 0..world.contests.len() {
        let view = View::new(world, contest);
        let mut raw = Vec::new();
        row::check(&view, &mut raw);
        series::check(&view, &mut raw);
        overlap::across(&view, &areas, &mut raw);
        let totals = sums::check(&view, &mut raw);
        tell::tell(&view, totals, raw, &mut report);
    }
    report.discrepancies.sort_by(|a, b| {
        let key = |d: &Discrepancy| (std::cmp::Reverse(d.could_change_result), std::cmp::Reverse(d.swing));
        key(a).cmp(&key(b)).then_with(|| {
            (&a.contest, a.level, &a.area, a.kind, &a.source, a.line)
                .cmp(&(&b.contest, b.level, &b.area, b.kind, &b.source, b.line))
        })
    });
    report
}

/// One race of the world.
pub(crate) struct View<'w> {
    world: &'w World,
    contest: usize,
    /// What is published, in order of time; what has none comes last.
    published: Vec<usize>,
    minutes: Vec<usize>,
    /// Columns.
    width: usize,
}

impl<'w> View<'w> {
    fn new(world: &'w World, contest: usize) -> View<'w> {
        let of = |minutes: bool| {
            let mut all: Vec<usize> = (0..world.releases.len())
                .filter(|r| world.releases[*r].contest == contest && world.releases[*r].minutes == minutes)
                .collect();
            all.sort_by_key(|r| {
                let release = &world.releases[*r];
                (release.time.is_none(), release.time, &world.sources[release.source], &release.part)
            });
            all
        };
        View {
            world,
            contest,
            published: of(false),
            minutes: of(true),
            width: crate::world::FIGURES + world.contests[contest].candidates.len(),
        }
    }

    fn row(&self, release: usize, row: u32) -> Vec<u32> {
        (0..self.width).map(|c| self.world.releases[release].cell(row, c)).collect()
    }

    fn upload(&self, release: usize) -> Upload {
        let r = &self.world.releases[release];
        Upload { source: self.world.source(r), time: r.time }
    }

    fn level(&self, area: u32) -> Level {
        self.world.areas[area as usize].level
    }

    fn raw(&self, kind: Disagreement, area: u32, release: usize, row: Option<u32>) -> Raw {
        Raw {
            kind,
            contest: self.contest,
            area,
            figures: Vec::new(),
            release,
            line: row.map_or(0, |r| self.world.releases[release].lines[r as usize]),
            against: String::new(),
            since: None,
            until: None,
            causes: Vec::new(),
            carried: Vec::new(),
        }
    }
}

fn known(count: u32) -> Option<u64> {
    (count != NONE).then_some(u64::from(count))
}
