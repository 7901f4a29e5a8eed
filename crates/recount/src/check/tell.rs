//! What is found, as it is told: sizes against margins, coverage by minutes, the night.

use super::{Coverage, Disagreement, Discrepancy, Level, Raw, Report, Total, Upload, View, differ, known};
use crate::heads;
use crate::world::FIGURES;
use rows::station_minutes::{Differing, Figure, Margin};
use std::collections::{BTreeMap, BTreeSet};

/// Areas of one level whose totals stand in the coverage.
const FEW: usize = 120;
/// Stations named as next to collect.
const NEXT: usize = 50;

pub fn tell(view: &View, totals: Vec<Total>, raw: Vec<Raw>, report: &mut Report) {
    let world = view.world;
    let candidates = &world.contests[view.contest].candidates;
    let whole = totals.iter().find(|t| t.area == 0).or(totals.first());
    // What is published of the whole holds before what its parts give.
    let votes: Vec<u64> =
        (FIGURES..view.width).map(|c| whole.and_then(|t| t.published[c].or(t.sums[c])).unwrap_or(0)).collect();
    let margins = margins(view, &votes);
    let least = margins.iter().map(|m| m.votes).min();
    // A row that cannot be is no second finding where it is known to be altered.
    let altered: BTreeSet<(u32, bool)> = raw
        .iter()
        .filter(|r| r.kind != Disagreement::Impossible && r.kind != Disagreement::Sum)
        .map(|r| (r.area, world.releases[r.release].minutes))
        .collect();
    let totals_that = |carried: &[(u32, bool)], hold: bool| {
        let mut areas: Vec<u32> = carried.iter().filter(|(_, held)| *held == hold).map(|(area, _)| *area).collect();
        areas.sort_by_key(|a| (view.level(*a), *a));
        areas.iter().map(|a| (view.level(*a), shown(&world.areas[*a as usize]))).collect()
    };
    let mut counts: BTreeMap<Disagreement, u64> = BTreeMap::new();
    for r in raw {
        let release = &world.releases[r.release];
        if r.kind == Disagreement::Impossible && altered.contains(&(r.area, release.minutes)) {
            continue;
        }
        *counts.entry(r.kind).or_default() += 1;
        let area = &world.areas[r.area as usize];
        let figures: Vec<Differing> = r
            .figures
            .iter()
            .map(|(c, expected, found)| Differing::new(world.column(r.contest, *c), *expected, *found))
            .collect();
        let moved = r.figures.iter().zip(&figures).filter(|(f, _)| f.0 >= FIGURES).map(|(_, d)| d.difference);
        let unmoved = r.figures.iter().filter(|f| f.0 >= FIGURES).count() < candidates.len();
        let (most, few) = (moved.clone().max().unwrap_or(0), moved.min().unwrap_or(0));
        let (most, few) = if unmoved { (most.max(0), few.min(0)) } else { (most, few) };
        let swing = most.abs_diff(few);
        report.discrepancies.push(Discrepancy {
            kind: r.kind,
            contest: world.contests[r.contest].name.clone(),
            level: area.level,
            area: shown(area),
            name: area.name.clone(),
            figures,
            swing,
            could_change_result: swing > 0 && least.is_some_and(|m| swing >= m),
            source: world.source(release),
            line: u64::from(r.line),
            against: r.against,
            since: r.since,
            until: r.until,
            causes: r.causes,
            carried_to: totals_that(&r.carried, true),
            right_in: totals_that(&r.carried, false),
        });
    }
    report.coverage.push(coverage(view, &totals, &votes, margins, counts));
    report.totals.extend(totals);
}

/// An area as it is told; the whole has no code.
pub fn shown(area: &crate::world::Area) -> String {
    match (area.shown.as_str(), area.level) {
        ("", Level::Country) => {
            if area.name.is_empty() {
                Level::Country.as_str().to_string()
            } else {
                area.name.clone()
            }
        }
        (shown, _) => shown.to_string(),
    }
}

/// The margins that matter: for the first place, and where nobody has more than half and a run-off follows, for the second.
fn margins(view: &View, votes: &[u64]) -> Vec<Margin> {
    let contest = &view.world.contests[view.contest];
    let mut order: Vec<usize> = (0..votes.len()).collect();
    order.sort_by_key(|c| (std::cmp::Reverse(votes[*c]), *c));
    let between = |a: usize, b: usize| Margin {
        winner: contest.candidates[a].clone(),
        loser: contest.candidates[b].clone(),
        votes: votes[a] - votes[b],
    };
    let mut all = Vec::new();
    if let [first, second, ..] = order[..] {
        all.push(between(first, second));
        let half = votes[first] * 2 > votes.iter().sum::<u64>();
        let rounds =
            view.world.is_france() || heads::fold(&contest.name).split(' ').any(|w| ["round", "tour"].contains(&w));
        if let [_, _, third, ..] = order[..]
            && !half
            && rounds
        {
            all.push(between(second, third));
        }
    }
    all
}

fn coverage(
    view: &View,
    totals: &[Total],
    votes: &[u64],
    margins: Vec<Margin>,
    discrepancies: BTreeMap<Disagreement, u64>,
) -> Coverage {
    let world = view.world;
    let mut minutes: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    let mut by: BTreeMap<String, u64> = BTreeMap::new();
    for r in &view.minutes {
        let release = &world.releases[*r];
        let whose = if release.by.is_empty() { world.sources[release.source].clone() } else { release.by.clone() };
        *by.entry(whose).or_default() += release.areas.len() as u64;
        for (row, area) in release.areas.iter().enumerate() {
            minutes.entry(*area).or_insert((*r, row as u32));
        }
    }
    let mut leading: Vec<usize> = (0..votes.len()).collect();
    leading.sort_by_key(|c| (std::cmp::Reverse(votes[*c]), *c));
    let (mut stations, mut with, mut confirmed, mut all_votes, mut confirmed_votes, mut open) =
        (0, 0, 0, 0u64, 0u64, 0u64);
    let mut next: Vec<(u64, u64, u32)> = Vec::new();
    for t in totals.iter().filter(|t| view.level(t.area) == Level::Station) {
        stations += 1;
        let get = |c: usize| t.published[c].or(t.sums[c]);
        let valid = get(Figure::Valid as usize).unwrap_or_else(|| (FIGURES..view.width).filter_map(get).sum());
        all_votes += valid;
        // The worst that can be there: all votes the loser's.
        let lead = |n: usize| leading.get(n).and_then(|c| get(FIGURES + c)).unwrap_or(0);
        let worst = (valid + lead(0)).saturating_sub(lead(1));
        let agrees = minutes.get(&t.area).map(|(release, row)| {
            let row = view.row(*release, *row);
            t.published.iter().zip(&row).all(|(p, m)| p.is_none() || known(*m).is_none() || *p == known(*m))
                && differ::comparable(&row, &row)
        });
        match agrees {
            Some(true) => (with, confirmed, confirmed_votes) = (with + 1, confirmed + 1, confirmed_votes + valid),
            Some(false) => (with, open) = (with + 1, open + worst),
            None => {
                open += worst;
                next.push((worst, valid, t.area));
            }
        }
    }
    let told: BTreeSet<u32> = totals.iter().map(|t| t.area).collect();
    let missing = minutes.keys().filter(|a| !told.contains(a)).count() as u64;
    next.sort_by_key(|(worst, _, area)| (std::cmp::Reverse(*worst), *area));
    let next = next.iter().take(NEXT).map(|(_, valid, a)| {
        let area = &world.areas[*a as usize];
        (shown(area), area.name.clone(), *valid)
    });
    let night = view.published.iter().filter(|r| world.releases[**r].time.is_some()).map(|r| {
        let release = &world.releases[*r];
        let lowest = release.areas.iter().map(|a| view.level(*a)).min();
        let mut sum: BTreeMap<String, u64> = BTreeMap::new();
        let mut areas = 0;
        for (row, area) in release.areas.iter().enumerate().filter(|(_, a)| Some(view.level(**a)) == lowest) {
            let _ = area;
            areas += 1;
            for c in FIGURES..view.width {
                *sum.entry(world.column(view.contest, c).to_string()).or_default() +=
                    known(release.cell(row as u32, c)).unwrap_or(0);
            }
        }
        (Upload { source: world.source(release), time: release.time }, areas, sum)
    });
    let mut by_level: BTreeMap<Level, usize> = BTreeMap::new();
    totals.iter().for_each(|t| *by_level.entry(view.level(t.area)).or_default() += 1);
    let few = totals.iter().filter(|t| by_level[&view.level(t.area)] <= FEW);
    let of_few = few.flat_map(|t| {
        let area = &world.areas[t.area as usize];
        (0..view.width).filter_map(move |c| {
            Some((area.level, shown(area), world.column(view.contest, c).to_string(), t.published[c].or(t.sums[c])?))
        })
    });
    Coverage {
        contest: world.contests[view.contest].name.clone(),
        stations: stations + missing,
        with_minutes: with + missing,
        confirmed,
        votes: all_votes,
        votes_confirmed: confirmed_votes,
        by,
        next: next.collect(),
        settled: stations > 0 && missing == 0 && margins.iter().all(|m| m.votes > open) && with > 0,
        margins,
        discrepancies,
        night: night.collect(),
        totals: of_few.collect(),
    }
}
