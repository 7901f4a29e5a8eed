//! An audit by batch comparison: which stations to count again, drawn by a public seed so that all races are bounded at once, and
//! what is left of the risk once some are counted (Kaplan–Markov).
//!
//! You may rely on: draws count in their order, up to the first that is not counted again: whoever chose which to count could
//! choose the result. Left out: who counted, and whether the paper was kept safe.

use crate::audit;
use crate::check::{Report, shown};
use crate::polling::{matching, standing};
use crate::world::{FIGURES, NONE, World};
use rows::station_minutes::{Figure, Level};
use std::collections::BTreeMap;

/// A station that may be drawn.
#[derive(Clone, Debug, Default)]
pub struct Station {
    /// Its area.
    pub area: u32,
    /// The largest part of any race's margin that it could hide.
    pub most: f64,
    /// The largest overstatement of any margin, as a part of it; none where it was not counted again.
    pub found: Option<f64>,
}

/// A plan, and what came of it so far.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// All stations, in the order in which they are drawn from.
    pub stations: Vec<Station>,
    /// How many margins they could hide together.
    pub bound: f64,
    /// The draws, by the places of stations.
    pub drawn: Vec<usize>,
    /// How many of them are counted again, from the first on.
    pub counted: usize,
    /// The risk that is left; where nothing is counted, the one that would be left if none of the drawn errs.
    pub risk: f64,
}

/// Draws at most.
const DRAWS: u64 = 100_000;

/// Plans, or goes on with what the paper says.
pub fn plan(world: &World, report: &Report, seed: &str, draws: u64, paper: Option<&World>) -> Plan {
    let draws = draws.min(DRAWS);
    let mut all: BTreeMap<u32, Station> = BTreeMap::new();
    for contest in 0..world.contests.len() {
        let standing = standing(world, report, contest);
        let [(winner, first), _, ..] = standing[..] else { continue };
        let is_station = |area: u32| world.areas[area as usize].level == Level::Station;
        for t in report.totals.iter().filter(|t| t.contest == contest && is_station(t.area)) {
            let get = |c: usize| t.published[c].or(t.sums[c]).unwrap_or(0);
            let valid = match get(Figure::Valid as usize) {
                0 => (FIGURES..t.sums.len()).map(get).sum(),
                n => n,
            };
            let on_paper = paper.and_then(|paper| again(world, contest, t.area, paper));
            let station = all.entry(t.area).or_insert(Station { area: t.area, ..Station::default() });
            for (loser, votes) in &standing[1..] {
                let margin = (first - votes).max(1) as f64;
                let (won, lost) = (get(FIGURES + winner), get(FIGURES + loser));
                station.most = station.most.max((valid + won).saturating_sub(lost) as f64 / margin);
                if let Some(paper) = &on_paper {
                    let of = |c: usize| paper.get(&c).copied().unwrap_or(0) as f64;
                    let over = (won as f64 - lost as f64 - of(winner) + of(*loser)) / margin;
                    station.found = Some(station.found.map_or(over, |f| f.max(over)));
                }
            }
        }
    }
    let mut stations: Vec<(String, Station)> =
        all.into_values().map(|s| (shown(&world.areas[s.area as usize]), s)).collect();
    stations.sort_by(|a, b| (&a.0, a.1.area).cmp(&(&b.0, b.1.area)));
    let stations: Vec<Station> = stations.into_iter().map(|s| s.1).collect();
    let weights: Vec<f64> = stations.iter().map(|s| s.most).collect();
    let bound: f64 = weights.iter().sum();
    let drawn = audit::batches(&weights, draws, seed);
    let taint = |n: &usize| Some(stations[*n].found? / stations[*n].most.max(1e-12));
    let taints: Vec<f64> = drawn.iter().map_while(taint).collect();
    let risk = match paper {
        Some(_) => audit::kaplan_markov(bound.max(1.0), &taints),
        None => audit::clean(bound, draws as u32),
    };
    Plan { stations, bound, drawn, counted: taints.len(), risk }
}

/// The votes that the paper has of a station, by candidate of the race; none where it was not counted again.
fn again(world: &World, contest: usize, area: u32, paper: &World) -> Option<BTreeMap<usize, u64>> {
    let key = world.key_of(area);
    let same = |n: &usize| paper.areas[*n].level == Level::Station && paper.key_of(*n as u32) == key;
    let there = (0..paper.areas.len()).find(same)? as u32;
    let mut votes = BTreeMap::new();
    for release in &paper.releases {
        let Some(row) = release.row(there) else { continue };
        for (c, name) in paper.contests[release.contest].candidates.iter().enumerate() {
            let count = release.cell(row, FIGURES + c);
            if let (Some(candidate), true) = (matching(world, contest, name), count != NONE) {
                votes.insert(candidate, u64::from(count));
            }
        }
    }
    Some(votes).filter(|v| !v.is_empty())
}
