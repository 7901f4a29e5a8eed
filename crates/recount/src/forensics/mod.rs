//! What statistics say of the figures of many small areas: digits, whole percentages, tails, correlation, gathering by region.
//!
//! What chance alone gives is not taken from a law but drawn: voters and votes of every area anew, many times, by its own size
//! and shares. Second digits of real elections do not follow Benford's law (Deckert, Myagkov and Ordeshook, *Benford's Law and
//! the Detection of Election Fraud*, Political Analysis 2011), so that a test against the law calls honest elections unusual;
//! this one asks whether digits are less even than the noise of counting allows. Last digits: Beber and Scacco, *What the
//! Numbers Say*, Political Analysis 2012. Whole percentages: Kobak, Shpilkin and Pshenichnikov, *Integer percentages as
//! electoral falsification fingerprints*, Annals of Applied Statistics 2016. Tails and correlation (Klimek, Yegorov, Hanel and
//! Thurner, PNAS 2012; Myagkov, Ordeshook and Shakin 2009) have no such null: geography and habits make them too, so that their
//! bound is what honest elections reach.
//!
//! You may rely on: a test is asked only where enough areas take part; each calls an honest election unusual in at most
//! [`LEVEL`] of cases where areas vote by chance around shares of their own, and says of how many real elections held to be
//! honest it did. The same tables give the same answer. Left out: who; nothing here accuses anybody.

mod chance;
mod measure;

use crate::check::Report;
use crate::world::{FIGURES, World};
pub use measure::Units;
use measure::statistics;
use model::Random;
use rows::station_minutes::{Figure, Forensics, Level, Test, Tested};
use std::collections::BTreeMap;

/// How often, at most, a test calls an honest election unusual.
pub const LEVEL: f64 = 0.01;
/// Areas without which nothing is asked.
pub const UNITS: usize = 100;
/// Areas that one region needs to be one.
const REGION: usize = 20;

/// Elections anew: many where there are few areas.
fn draws(units: usize) -> usize {
    (3_000_000 / units.max(1)).clamp(199, 999)
}

/// How often each test calls unusual what it is asked of real elections held to be honest (both rounds of 2017 in France by
/// commune, the whole and each department with enough communes), and how often it was asked. `cargo run --release -p recount --example forensics`
/// makes these figures.
pub fn honest(test: Test) -> (u64, u64) {
    match test {
        Test::SecondDigits => (1, 534),
        Test::LastDigits => (7, 534),
        Test::WholePercents => (2, 365),
        Test::Tail => (0, 365),
        Test::Correlation => (0, 181),
        Test::Regions => (0, 4),
    }
}

/// What honest elections reach where chance has no law: skewness, and correlation with turnout.
fn bound(test: Test) -> f64 {
    match test {
        // The most in those elections: 1.42, and 0.28.
        Test::Tail => 1.5,
        _ => 0.4,
    }
}

/// Asks every race that has enough small areas.
pub fn forensics(world: &World, report: &Report) -> Vec<Forensics> {
    (0..world.contests.len()).filter_map(|contest| of(world, report, contest)).collect()
}

fn of(world: &World, report: &Report, contest: usize) -> Option<Forensics> {
    let totals = || report.totals.iter().filter(|t| t.contest == contest);
    let mut levels: BTreeMap<Level, usize> = BTreeMap::new();
    totals().for_each(|t| *levels.entry(world.areas[t.area as usize].level).or_default() += 1);
    let (level, _) = levels.into_iter().find(|(_, n)| *n >= UNITS)?;
    // The region of an area: the widest around it that is not the whole.
    let region = |area: u32| {
        let parents = world.areas[area as usize].parents.iter();
        parents.filter(|p| p.0 > level && p.0 <= Level::Department).max().map_or(0, |p| p.1)
    };
    let mut units = Units::default();
    let candidates = world.contests[contest].candidates.len();
    let mut sums = vec![0u64; candidates];
    for t in totals().filter(|t| world.areas[t.area as usize].level == level) {
        let get = |c: usize| t.published.get(c).copied().flatten().or(t.sums.get(c).copied().flatten());
        let votes: Vec<u32> = (0..candidates).map(|c| get(FIGURES + c).unwrap_or(0).min(1 << 24) as u32).collect();
        votes.iter().zip(&mut sums).for_each(|(v, s)| *s += u64::from(*v));
        let cast = votes.iter().map(|v| u64::from(*v)).sum::<u64>();
        let figure = |f: Figure| get(f as usize).filter(|n| *n < 1 << 24);
        let valid = figure(Figure::Valid).filter(|v| *v >= cast).unwrap_or(cast);
        let (registered, voters) = match (figure(Figure::Registered), figure(Figure::Voters)) {
            (Some(r), Some(v)) if v <= r => (r, v),
            _ => (0, 0),
        };
        units.push([registered, voters, valid].map(|n| n.min(1 << 24) as u32), votes, region(t.area));
    }
    let mut order: Vec<usize> = (0..candidates).collect();
    order.sort_by_key(|c| (std::cmp::Reverse(sums[*c]), *c));
    order.truncate(2);
    let names: Vec<String> = order.iter().map(|c| world.contests[contest].candidates[*c].clone()).collect();
    let units = units.of(&order);
    let shown = |region: u32| crate::check::shown(&world.areas[region as usize]);
    let tests = ask(&units, &names, &shown);
    let unusual = tests.iter().filter(|t| t.unusual).count() as u64;
    let contest = world.contests[contest].name.clone();
    Some(Forensics { contest, level, units: units.len() as u64, tests, unusual }).filter(|f| !f.tests.is_empty())
}

/// Asks all tests of some areas; `names` are those of the candidates that the units count.
pub fn ask(units: &Units, names: &[String], shown: &dyn Fn(u32) -> String) -> Vec<Tested> {
    let regions = units.regions(REGION);
    let observed = statistics(units, names, &regions);
    let mut asked: Vec<usize> = vec![0; observed.len()];
    let rounds = draws(units.len());
    // Second digits are held against those of the mean election.
    let mut digits = vec![[0f64; 10]; observed.len()];
    let seed = units.seed();
    let mut drawn = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let mut random = Random::stream(seed, "recount/forensics", round as u64);
        let again = statistics(&chance::again(units, &mut random), names, &regions);
        for (sum, one) in digits.iter_mut().zip(&again) {
            one.digits.iter().zip(sum).for_each(|(n, sum)| *sum += f64::from(*n) / rounds as f64);
        }
        drawn.push(again);
    }
    let value = |n: usize, one: &measure::Measured| match one.test {
        Test::SecondDigits => measure::chi(&one.digits, &digits[n]),
        _ => one.value,
    };
    for again in &drawn {
        for (n, one) in again.iter().enumerate() {
            asked[n] += usize::from(value(n, one) >= value(n, &observed[n]));
        }
    }
    let told = observed.iter().enumerate().filter(|(_, one)| one.units >= UNITS as u64);
    told.map(|(n, one)| {
        let by_chance = !matches!(one.test, Test::Tail | Test::Correlation);
        let chance = by_chance.then(|| (1 + asked[n]) as f64 / (1 + rounds) as f64);
        let unusual = chance.map_or(one.value > bound(one.test), |p| p <= LEVEL);
        let areas = if unusual { one.regions.iter().map(|r| shown(*r)).collect() } else { Vec::new() };
        Tested {
            test: one.test,
            of: one.of.clone(),
            units: one.units,
            statistic: (value(n, one) * 1000.0).round() / 1000.0,
            chance,
            unusual,
            honest: honest(one.test),
            areas,
        }
    })
    .collect()
}
