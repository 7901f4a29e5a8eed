//! Wholes that stand among their parts, and areas that one race has and another has not.
//!
//! A city's row beside those of its districts is no error of anybody's count; whoever adds up the table counts the city
//! twice.

use super::{Cause, Raw, View, known};
use crate::heads;
use crate::world::{NONE, World};
use foldhash::HashMap;
use rows::station_minutes::{Disagreement, Level};
use std::collections::{BTreeMap, BTreeSet};

/// A row that holds its neighbours: its area, and what is counted twice, by column.
pub struct Overlap {
    pub area: u32,
    pub twice: Vec<u64>,
}

/// The least number of rows of one name among which a whole is looked for.
const ROWS: usize = 4;

/// Overlaps among these rows.
pub fn find(view: &View, rows: &HashMap<u32, Vec<(usize, u32)>>) -> Vec<Overlap> {
    let mut groups: BTreeMap<(Level, u32, String), Vec<u32>> = BTreeMap::new();
    let mut rests: Vec<(u32, u32)> = Vec::new();
    let mut around: BTreeMap<(Level, u32), Vec<u32>> = BTreeMap::new();
    let mut areas: Vec<u32> = rows.keys().copied().collect();
    areas.sort_unstable();
    for area in areas {
        let a = &view.world.areas[area as usize];
        if a.level == Level::Station || a.level >= Level::Department || a.name.is_empty() {
            continue;
        }
        let parent = [Level::Department, Level::County, Level::State, Level::Region]
            .into_iter()
            .find_map(|l| view.world.around(area, l))
            .unwrap_or(0);
        let folded = heads::fold(&a.name);
        let base: Vec<&str> = folded
            .split(' ')
            .filter(|w| {
                !w.bytes().any(|b| b.is_ascii_digit()) && !["arrondissement", "secteur", "district"].contains(w)
            })
            .collect();
        groups.entry((a.level, parent, base.join(" "))).or_default().push(area);
        around.entry((a.level, parent)).or_default().push(area);
        if base.iter().any(|w| ["hors", "excluding", "except", "ohne", "outside"].contains(w)) {
            rests.push((area, parent));
        }
    }
    let row = |area: u32| view.row(rows[&area][0].0, rows[&area][0].1);
    let sum = |areas: &[u32], but: u32| {
        let mut sum = vec![0u64; view.width];
        for area in areas.iter().filter(|a| **a != but) {
            row(*area).iter().zip(&mut sum).for_each(|(v, s)| *s += known(*v).unwrap_or(0));
        }
        sum
    };
    let mut found = Vec::new();
    for group in groups.values().filter(|g| g.len() >= ROWS) {
        let total = |area: u32| row(area).iter().filter_map(|v| known(*v)).sum::<u64>();
        let Some(largest) = group.iter().copied().max_by_key(|a| (total(*a), std::cmp::Reverse(*a))) else { continue };
        let others = sum(group, largest);
        let whole = row(largest);
        let both = || whole.iter().zip(&others).filter(|(w, _)| **w != NONE);
        let holds = both().all(|(w, o)| u64::from(*w) >= *o);
        let mostly = others.iter().sum::<u64>() * 2 >= total(largest);
        if holds && mostly && both().count() >= 3 {
            found.push(Overlap { area: largest, twice: others });
        }
    }
    // `The department without its metropolis` is told by its name alone, and must fit into the rest.
    for (area, parent) in rests {
        let near = &around[&(view.level(area), parent)];
        let others = sum(near, area);
        let own = row(area);
        let mut sizes: Vec<u64> = near.iter().map(|a| row(*a).iter().filter_map(|v| known(*v)).sum()).collect();
        sizes.sort_unstable();
        // A commune may be called so; one that is twenty times its neighbours is none.
        let large = own.iter().filter_map(|v| known(*v)).sum::<u64>() > 20 * sizes[sizes.len() / 2];
        if near.len() > 10 && large && own.iter().zip(&others).all(|(w, o)| *w == NONE || u64::from(*w) <= *o) {
            found.push(Overlap { area, twice: own.iter().map(|v| known(*v).unwrap_or(0)).collect() });
        }
    }
    found
}

/// As a discrepancy.
pub fn raw(view: &View, overlap: &Overlap, rows: &HashMap<u32, Vec<(usize, u32)>>) -> Raw {
    let (release, row) = rows[&overlap.area][0];
    let mut one = view.raw(Disagreement::Overlap, overlap.area, release, Some(row));
    let own = view.row(release, row);
    let kept = |c: usize| known(own[c]).map(|v| v.saturating_sub(overlap.twice[c]));
    one.figures = (0..view.width)
        .filter(|c| own[*c] != NONE && overlap.twice[*c] > 0)
        .map(|c| (c, kept(c), known(own[c])))
        .collect();
    one
}

/// As a part of a difference: the sum is too large by it.
pub fn cause(view: &View, overlap: &Overlap) -> Cause {
    let named = |c: usize| {
        (view.world.column(view.contest, c).to_string(), -i64::try_from(overlap.twice[c]).unwrap_or(i64::MAX))
    };
    let a = &view.world.areas[overlap.area as usize];
    Cause {
        cause: "overlap".into(),
        area: format!("{} {}", a.shown, a.name).trim().to_string(),
        differences: (0..view.width).filter(|c| overlap.twice[*c] > 0).map(named).collect(),
    }
}

/// The areas of each level, in order.
pub type Areas = BTreeMap<Level, Vec<u32>>;

/// The areas that are published of each race.
pub fn areas(world: &World) -> Vec<Areas> {
    let mut all: Vec<Areas> = vec![Areas::new(); world.contests.len()];
    for r in world.releases.iter().filter(|r| !r.minutes) {
        for area in &r.areas {
            all[r.contest].entry(world.areas[*area as usize].level).or_default().push(*area);
        }
    }
    for list in all.iter_mut().flat_map(|a| a.values_mut()) {
        list.sort_unstable();
        list.dedup();
    }
    all
}

/// Areas that another race of almost the same areas has, and this one has not.
pub fn across(view: &View, all: &[Areas], raw: &mut Vec<Raw>) {
    let own = &all[view.contest];
    let mut told = BTreeSet::new();
    for (other, levels) in all.iter().enumerate().filter(|(c, _)| *c != view.contest) {
        for (level, there) in levels {
            let Some(here) = own.get(level).filter(|here| *here != there && here.len() * 100 >= there.len() * 99)
            else {
                continue;
            };
            let missing: Vec<u32> = there.iter().copied().filter(|a| here.binary_search(a).is_err()).collect();
            let both = there.len() - missing.len();
            if both < 20 || both * 100 < there.len() * 99 {
                continue;
            }
            for area in missing.into_iter().filter(|a| told.insert(*a)) {
                let Some(last) = view
                    .published
                    .iter()
                    .rev()
                    .find(|r| view.world.releases[**r].areas.iter().any(|a| view.level(*a) == *level))
                else {
                    continue;
                };
                let mut one = view.raw(Disagreement::Missing, area, *last, None);
                let release = view.world.releases.iter().find(|r| r.contest == other && r.row(area).is_some());
                one.against = release.map(|r| view.world.source(r)).unwrap_or_default();
                raw.push(one);
            }
        }
    }
}
