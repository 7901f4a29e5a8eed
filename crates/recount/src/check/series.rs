//! One area in several releases: minutes by several hands, minutes against every snapshot, snapshots against one another.

use super::{Raw, View, differ};
use crate::world::NONE;
use foldhash::HashMap;
use model::Time;
use rows::station_minutes::{Disagreement, Level};
use std::collections::{BTreeMap, BTreeSet};

pub fn check(view: &View, raw: &mut Vec<Raw>) {
    let minutes = minutes(view, raw);
    // The smallest level that is published at all: what is above it is a matter of sums.
    let mut levels: BTreeSet<Level> = BTreeSet::new();
    let mut areas: BTreeSet<u32> = BTreeSet::new();
    let mut of_release: Vec<BTreeSet<Level>> = Vec::new();
    for r in &view.published {
        let here: BTreeSet<Level> = view.world.releases[*r].areas.iter().map(|a| view.level(*a)).collect();
        areas.extend(&view.world.releases[*r].areas);
        levels.extend(&here);
        of_release.push(here);
    }
    // Levels of one snapshot may lie in several files.
    let mut of_time: BTreeMap<Time, BTreeSet<Level>> = BTreeMap::new();
    for (r, here) in view.published.iter().zip(&of_release) {
        if let Some(time) = view.world.releases[*r].time {
            of_time.entry(time).or_default().extend(here);
        }
    }
    let beside =
        |n: usize| view.world.releases[view.published[n]].time.and_then(|t| of_time.get(&t)).unwrap_or(&of_release[n]);
    for area in areas.iter().copied() {
        let level = view.level(area);
        // Releases that tell this level.
        let tells: Vec<usize> = (0..view.published.len()).filter(|n| of_release[*n].contains(&level)).collect();
        let rows: Vec<Option<Vec<u32>>> = tells
            .iter()
            .map(|n| view.world.releases[view.published[*n]].row(area).map(|row| view.row(view.published[*n], row)))
            .collect();
        let place = |n: usize| view.published[tells[n]];
        match minutes.get(&area) {
            Some((release, row)) => against_minutes(view, area, (*release, row), &rows, &place, raw),
            None => {
                // A total whose parts are told beside it, in every release, is checked against them.
                let parts = tells.iter().all(|n| beside(*n).iter().any(|l| *l < level));
                if !parts {
                    one_by_one(view, area, &rows, &place, raw);
                }
            }
        }
    }
    // Stations with minutes that nobody published, though others are.
    for (area, (release, row)) in &minutes {
        if !areas.contains(area) && levels.contains(&view.level(*area)) {
            let Some(last) = view
                .published
                .iter()
                .rev()
                .find(|r| view.world.releases[**r].areas.iter().any(|a| view.level(*a) == view.level(*area)))
            else {
                continue;
            };
            let mut one = view.raw(Disagreement::Missing, *area, *last, None);
            one.figures = missing(row);
            one.against = view.upload(*release).source;
            raw.push(one);
        }
    }
}

/// The figures of a row that is not there.
fn missing(row: &[u32]) -> Vec<(usize, Option<u64>, Option<u64>)> {
    (0..row.len()).filter(|c| row[*c] != NONE && row[*c] > 0).map(|c| (c, Some(u64::from(row[c])), None)).collect()
}

/// Minutes by area; where two hands disagree, that is told and the first holds unless more say otherwise.
fn minutes(view: &View, raw: &mut Vec<Raw>) -> HashMap<u32, (usize, Vec<u32>)> {
    let mut all: HashMap<u32, Vec<(usize, u32)>> = HashMap::default();
    for r in &view.minutes {
        for (row, area) in view.world.releases[*r].areas.iter().enumerate() {
            all.entry(*area).or_default().push((*r, row as u32));
        }
    }
    let mut areas: Vec<u32> = all.keys().copied().collect();
    areas.sort_unstable();
    let mut chosen = HashMap::default();
    for area in areas {
        let places = &all[&area];
        let rows: Vec<Vec<u32>> = places.iter().map(|(r, row)| view.row(*r, *row)).collect();
        let agree = |n: usize| rows.iter().filter(|other| differ::figures(&rows[n], other).is_empty()).count();
        let best = (0..rows.len()).max_by_key(|n| (agree(*n), std::cmp::Reverse(*n))).unwrap_or(0);
        for (n, (r, row)) in places.iter().enumerate() {
            let figures = differ::figures(&rows[best], &rows[n]);
            // Of one list a row that is there twice is told as such.
            if !figures.is_empty() && (*r != places[best].0) {
                let mut one = view.raw(Disagreement::DoubleEntry, area, *r, Some(*row));
                one.figures = figures;
                one.against = told_by(view, places[best].0);
                raw.push(one);
            }
        }
        chosen.insert(area, (places[best].0, rows[best].clone()));
    }
    chosen
}

fn told_by(view: &View, release: usize) -> String {
    let r = &view.world.releases[release];
    let source = view.world.source(r);
    if r.by.is_empty() { source } else { format!("{source} ({})", r.by) }
}

/// Each snapshot against the minutes: the earliest wrong one, and since when it is right again.
fn against_minutes(
    view: &View,
    area: u32,
    minutes: (usize, &Vec<u32>),
    rows: &[Option<Vec<u32>>],
    place: &dyn Fn(usize) -> usize,
    raw: &mut Vec<Raw>,
) {
    let (release, expected) = minutes;
    let mut n = 0;
    let mut been = false;
    while n < rows.len() {
        let timed = |n: usize| Some(view.upload(place(n))).filter(|u| u.time.is_some() || rows.len() > 1);
        let Some(found) = &rows[n] else {
            // Not yet there is ordinary; gone, or not there at the end, is not.
            let later = rows[n..].iter().position(Option::is_some).map(|k| n + k);
            if been || later.is_none() {
                let mut one = view.raw(Disagreement::Missing, area, place(n), None);
                one.figures = missing(expected);
                one.against = view.upload(release).source;
                one.since = timed(n);
                one.until = later.and_then(timed);
                raw.push(one);
            }
            n = later.unwrap_or(rows.len());
            continue;
        };
        been = true;
        let figures = differ::figures(expected, found);
        // Stations that are not counted yet stand there with nothing.
        let empty = found.iter().enumerate().all(|(c, v)| c == 0 || *v == NONE || *v == 0)
            && rows[n + 1..].iter().flatten().any(|later| later != found);
        if figures.is_empty() || empty {
            n += 1;
            continue;
        }
        let end = (n..rows.len()).find(|k| rows[*k].as_ref() != Some(found)).unwrap_or(rows.len());
        let row = view.world.releases[place(n)].row(area);
        let mut one = view.raw(differ::kind(expected, found), area, place(n), row);
        one.figures = figures;
        one.against = told_by(view, release);
        one.since = timed(n);
        one.until = (end < rows.len()).then(|| timed(end)).flatten();
        raw.push(one);
        n = end;
    }
}

/// Snapshots one after another; tables without a time, one against the other.
fn one_by_one(view: &View, area: u32, rows: &[Option<Vec<u32>>], place: &dyn Fn(usize) -> usize, raw: &mut Vec<Raw>) {
    // Runs of the same figures.
    let mut runs: Vec<(usize, &Vec<u32>)> = Vec::new();
    let mut gone: Option<(usize, usize)> = None;
    for (n, row) in rows.iter().enumerate() {
        match row {
            Some(row) if runs.last().is_none_or(|(_, last)| !differ::figures(last, row).is_empty()) => {
                runs.push((n, row))
            }
            Some(_) => {}
            None if !runs.is_empty() && view.upload(place(n)).time.is_some() && gone.is_none() => {
                let back = (n..rows.len()).find(|k| rows[*k].is_some()).unwrap_or(rows.len());
                gone = Some((n, back));
            }
            None => {}
        }
    }
    if let (Some((n, back)), Some((from, row))) =
        (gone, runs.iter().rev().find(|(from, _)| gone.is_some_and(|g| *from < g.0)))
    {
        let mut one = view.raw(Disagreement::Missing, area, place(n), None);
        one.figures = missing(row);
        one.against = view.upload(place(*from)).source;
        one.since = Some(view.upload(place(n)));
        one.until = (back < rows.len()).then(|| view.upload(place(back)));
        raw.push(one);
    }
    let mut n = 0;
    while n + 1 < runs.len() {
        let ((from, before), (since, after)) = (runs[n], runs[n + 1]);
        // Not counted yet, then counted.
        if before.iter().enumerate().all(|(c, v)| c == 0 || *v == NONE || *v == 0) || !differ::comparable(before, after)
        {
            n += 1;
            continue;
        }
        let back = runs.get(n + 2).filter(|(_, third)| differ::figures(before, third).is_empty());
        let timed = view.upload(place(since)).time.is_some() && view.upload(place(from)).time.is_some();
        let kind = match differ::kind(before, after) {
            Disagreement::Differs if timed => Disagreement::Changed,
            kind => kind,
        };
        let mut one = view.raw(kind, area, place(since), view.world.releases[place(since)].row(area));
        one.figures = differ::figures(before, after);
        one.against = view.upload(place(from)).source;
        one.since = timed.then(|| view.upload(place(since)));
        one.until = back.map(|(until, _)| view.upload(place(*until))).filter(|_| timed);
        raw.push(one);
        n += if back.is_some() { 2 } else { 1 };
    }
}
