//! Totals and their parts, at every level that is published, in every snapshot.

use super::carry::Carry;
use super::{Cause, Raw, Total, View, overlap};
use crate::world::NONE;
use foldhash::HashMap;
use model::Time;
use rows::station_minutes::{Disagreement, Level};
use std::collections::{BTreeMap, BTreeSet};

/// Sums of parts by the area around them and the parts' level.
pub type Sums = HashMap<(u32, Level), Sum>;

/// A sum.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// By column.
    pub counts: Vec<u64>,
    /// Whether any part has a figure, by column.
    pub told: Vec<bool>,
    /// Parts.
    pub parts: u64,
}

/// What is published as of one time: the rows of each area.
struct State {
    time: Option<Time>,
    rows: HashMap<u32, Vec<(usize, u32)>>,
    levels: BTreeSet<Level>,
}

impl State {
    fn new(view: &View, releases: impl Iterator<Item = usize>, time: Option<Time>) -> State {
        let mut state = State { time, rows: HashMap::default(), levels: BTreeSet::new() };
        for r in releases {
            state.take(view, r, None);
        }
        state
    }

    fn take(&mut self, view: &View, release: usize, only: Option<&BTreeSet<Level>>) {
        for (row, area) in view.world.releases[release].areas.iter().enumerate() {
            let level = view.level(*area);
            if only.is_none_or(|only| only.contains(&level)) {
                self.levels.insert(level);
                let rows = self.rows.entry(*area).or_default();
                // Rows of one release are there twice; what a second file says of an area is told elsewhere.
                if rows.first().is_none_or(|first| first.0 == release) {
                    rows.push((release, row as u32));
                }
            }
        }
    }

    fn sums(&self, view: &View) -> (Sums, BTreeSet<(Level, Level)>) {
        let mut sums = Sums::default();
        // Pairs of levels of which some parts' whole is not known.
        let mut open = BTreeSet::new();
        let mut parents = Vec::new();
        for (area, rows) in &self.rows {
            let level = view.level(*area);
            parents.clear();
            parents.extend(view.world.areas[*area as usize].parents.iter().filter(|p| p.0 > level).copied());
            for upper in self.levels.range(level..).filter(|l| **l > level && **l != Level::Country) {
                if !parents.iter().any(|p| p.0 == *upper) {
                    open.insert((*upper, level));
                }
            }
            if level != Level::Country && !parents.iter().any(|p| p.0 == Level::Country) {
                parents.push((Level::Country, 0));
            }
            for (release, row) in rows {
                let release = &view.world.releases[*release];
                for parent in &parents {
                    let sum = sums.entry((parent.1, level)).or_insert_with(|| Sum {
                        counts: vec![0; view.width],
                        told: vec![false; view.width],
                        parts: 0,
                    });
                    sum.parts += 1;
                    for c in 0..view.width {
                        let v = release.cell(*row, c);
                        if v != NONE {
                            sum.counts[c] += u64::from(v);
                            sum.told[c] = true;
                        }
                    }
                }
            }
        }
        (sums, open)
    }
}

pub fn check(view: &View, raw: &mut Vec<Raw>) -> Vec<Total> {
    let mut by_time: BTreeMap<Time, Vec<usize>> = BTreeMap::new();
    let mut by_source: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for r in &view.published {
        let release = &view.world.releases[*r];
        match release.time {
            Some(time) => by_time.entry(time).or_default().push(*r),
            None => by_source.entry(release.source).or_default().push(*r),
        }
    }
    // Of one level alone there is nothing to hold against anything.
    let several = |rs: &Vec<usize>| {
        let mut areas = rs.iter().flat_map(|r| &view.world.releases[*r].areas).map(|a| view.level(*a));
        let first = areas.next();
        areas.any(|level| Some(level) != first)
    };
    let timed = by_time.iter().map(|(time, rs)| (Some(*time), rs));
    let untimed = by_source.values().map(|rs| (None, rs));
    for (time, rs) in timed.chain(untimed).filter(|(_, rs)| several(rs)) {
        hold(view, &State::new(view, rs.iter().copied(), time), raw);
    }
    // In the end: of each level the last that tells it.
    let mut last = State::new(view, std::iter::empty(), None);
    for level in Level::ALL {
        let tells = |r: &&usize| view.world.releases[**r].areas.iter().any(|a| view.level(*a) == level);
        let Some(newest) = view.published.iter().rev().find(tells) else { continue };
        let time = view.world.releases[*newest].time;
        for r in view.published.iter().filter(|r| view.world.releases[**r].time == time) {
            last.take(view, *r, Some(&BTreeSet::from([level])));
        }
    }
    if last.rows.is_empty() {
        // Minutes alone: their sums are all there is.
        for r in &view.minutes {
            last.take(view, *r, None);
        }
    }
    hold(view, &last, raw);
    let found = overlap::find(view, &last.rows);
    raw.extend(found.iter().map(|o| overlap::raw(view, o, &last.rows)));
    totals(view, &last)
}

/// Holds totals against sums, the smallest areas first, so that what is wrong below is known above.
fn hold(view: &View, state: &State, raw: &mut Vec<Raw>) {
    let (sums, open) = state.sums(view);
    let overlaps = overlap::find(view, &state.rows);
    let mut carry = Carry::at(view, state.time, raw);
    let mut wholes: Vec<(Level, u32)> = state.rows.keys().map(|a| (view.level(*a), *a)).collect();
    wholes.sort_unstable();
    for (level, area) in wholes {
        let (release, row) = state.rows[&area][0];
        let now = state.time.map(|time| super::Upload { time: Some(time), ..view.upload(release) });
        let mut told: Vec<Vec<(usize, i64)>> = Vec::new();
        let (mut standing, mut held) = (Vec::new(), Vec::new());
        for below in state.levels.range(..level).rev() {
            if open.contains(&(level, *below)) {
                continue;
            }
            let Some(sum) = sums.get(&(area, *below)) else { continue };
            held.push(*below);
            let published = view.row(release, row);
            let columns: Vec<usize> = (0..view.width).filter(|c| published[*c] != NONE && sum.told[*c]).collect();
            let difference: Vec<(usize, i64)> = columns
                .iter()
                .map(|c| (*c, i64::from(published[*c]) - sum.counts[*c] as i64))
                .filter(|d| d.1 != 0)
                .collect();
            let explained = carry.explains(view, (area, *below), &columns, &difference, raw);
            if explained || difference.is_empty() || told.contains(&difference) {
                continue;
            }
            told.push(difference.clone());
            let mut one = view.raw(Disagreement::Sum, area, release, Some(row));
            one.figures =
                difference.iter().map(|(c, _)| (*c, Some(sum.counts[*c]), Some(u64::from(published[*c])))).collect();
            one.against = format!("{} × {}", sum.parts, below.as_str());
            one.since = now.clone();
            one.causes = causes(view, state, area, *below, &difference, &overlaps, raw);
            // The same votes too many, in one snapshot after another, are one.
            let same = |n: &&usize| raw[**n].until.is_none() && moved(&raw[**n]) == difference;
            match carry.sums_of(area).iter().find(same).copied() {
                Some(known) => {
                    standing.push(known);
                    if raw[known].causes.is_empty() {
                        raw[known].causes = one.causes;
                    }
                }
                None => {
                    standing.push(raw.len());
                    carry.take(view, state.time, raw.len(), &one);
                    raw.push(one);
                }
            }
        }
        // What was wrong in an earlier snapshot and is not in this one is right again.
        for n in carry.sums_of(area).iter().filter(|n| !standing.contains(n)) {
            let r = &mut raw[*n];
            let earlier = r.since.as_ref().and_then(|u| u.time) < state.time && r.since.is_some();
            if r.until.is_none() && earlier && held.iter().any(|below| r.against.ends_with(below.as_str())) {
                r.until.clone_from(&now);
            }
        }
    }
}

/// By how much each figure of a discrepancy is moved.
fn moved(r: &Raw) -> Vec<(usize, i64)> {
    r.figures
        .iter()
        .map(|(c, expected, found)| (*c, found.unwrap_or(0) as i64 - expected.unwrap_or(0) as i64))
        .collect()
}

/// Whether a discrepancy stands at a time.
pub fn holds_at(r: &Raw, time: Option<Time>) -> bool {
    let Some(time) = time else { return r.until.is_none() };
    r.since.as_ref().and_then(|u| u.time).is_none_or(|since| since <= time)
        && r.until.as_ref().and_then(|u| u.time).is_none_or(|until| until > time)
}

/// What makes up a difference: rows counted twice, totals below that differ themselves, votes from abroad that the parts do
/// not hold; the rest is not explained.
fn causes(
    view: &View,
    state: &State,
    area: u32,
    below: Level,
    difference: &[(usize, i64)],
    overlaps: &[overlap::Overlap],
    raw: &[Raw],
) -> Vec<Cause> {
    let level = view.level(area);
    let mut left: BTreeMap<usize, i64> = difference.iter().copied().collect();
    let mut causes = Vec::new();
    let mut explained: BTreeSet<u32> = BTreeSet::new();
    for o in overlaps.iter().filter(|o| view.level(o.area) == below && view.world.around(o.area, level) == Some(area)) {
        for (c, left) in &mut left {
            *left += o.twice[*c] as i64;
        }
        explained.insert(o.area);
        causes.push(overlap::cause(view, o));
    }
    for r in raw
        .iter()
        .filter(|r| r.kind == Disagreement::Sum && r.area != area && view.world.around(r.area, level) == Some(area))
    {
        if r.against.ends_with(below.as_str()) && view.level(r.area) < level && view.level(r.area) > below {
            // What is counted twice below it is told already.
            let mut own: BTreeMap<usize, i64> = r
                .figures
                .iter()
                .map(|(c, e, f)| (*c, f.unwrap_or(0) as i64 - e.unwrap_or(0) as i64))
                .filter(|(c, _)| left.contains_key(c))
                .collect();
            for o in overlaps.iter().filter(|o| view.world.around(o.area, view.level(r.area)) == Some(r.area)) {
                own.iter_mut().for_each(|(c, d)| *d += o.twice[*c] as i64);
            }
            own.retain(|_, d| *d != 0);
            if own.is_empty() || !explained.insert(r.area) {
                continue;
            }
            own.iter().for_each(|(c, d)| *left.entry(*c).or_default() -= d);
            let a = &view.world.areas[r.area as usize];
            causes.push(named(view, "part", &format!("{} {}", a.shown, a.name), &own));
        }
    }
    left.retain(|_, d| *d != 0);
    if !left.is_empty() {
        let abroad = |a: &u32| {
            let name = crate::heads::fold(&view.world.areas[*a as usize].name);
            view.world.around(*a, Level::Department).is_some_and(|d| view.world.key_of(d) == "99")
                || name.contains("etranger")
                || name.contains("hors de france")
        };
        let lacks =
            area == 0 && view.world.is_france() && !state.rows.keys().any(|a| view.level(*a) == below && abroad(a));
        let cause = if lacks && left.values().all(|d| *d > 0) { "abroad" } else { "unexplained" };
        causes.push(named(view, cause, "", &left));
    }
    causes
}

fn named(view: &View, cause: &str, area: &str, differences: &BTreeMap<usize, i64>) -> Cause {
    let differences = differences.iter().map(|(c, d)| (view.world.column(view.contest, *c).to_string(), *d)).collect();
    Cause { cause: cause.into(), area: area.trim().into(), differences }
}

/// Totals of all areas: of the smallest parts whose whole is known.
fn totals(view: &View, state: &State) -> Vec<Total> {
    let (sums, open) = state.sums(view);
    let mut of: BTreeMap<(Level, u32), (Level, &Sum)> = BTreeMap::new();
    for ((area, below), sum) in &sums {
        let level = view.level(*area);
        if open.contains(&(level, *below)) {
            continue;
        }
        let smallest = of.entry((level, *area)).or_insert((*below, sum));
        if *below < smallest.0 {
            *smallest = (*below, sum);
        }
    }
    let mut all: BTreeSet<(Level, u32)> = of.keys().copied().collect();
    all.extend(state.rows.keys().map(|a| (view.level(*a), *a)));
    let total = |(level, area): (Level, u32)| {
        let published = state.rows.get(&area).map(|rows| view.row(rows[0].0, rows[0].1));
        let published: Vec<Option<u64>> =
            (0..view.width).map(|c| published.as_ref().and_then(|p| super::known(p[c]))).collect();
        match of.get(&(level, area)) {
            Some((from, sum)) => {
                let sums = (0..view.width).map(|c| sum.told[c].then_some(sum.counts[c])).collect();
                Total { contest: view.contest, area, from: *from, parts: sum.parts, sums, published }
            }
            None => Total { contest: view.contest, area, from: level, parts: 1, sums: published.clone(), published },
        }
    };
    let mut totals: Vec<Total> = all.into_iter().rev().map(total).collect();
    totals.sort_by(|a, b| {
        let (x, y) = (&view.world.areas[a.area as usize], &view.world.areas[b.area as usize]);
        (std::cmp::Reverse(x.level), &x.shown, &x.name, a.area).cmp(&(
            std::cmp::Reverse(y.level),
            &y.shown,
            &y.name,
            b.area,
        ))
    });
    totals
}
