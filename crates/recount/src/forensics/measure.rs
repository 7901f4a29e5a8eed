//! What is measured of the areas of one race, in the same way of what was counted and of what chance draws.

use rows::station_minutes::{Figure, Test};
use std::collections::BTreeMap;

/// Counts under which a digit says nothing.
const DIGIT: u32 = 50;
/// Voters or votes under which a share says nothing.
const SHARE: u32 = 100;
/// A percentage is whole within so much.
const WHOLE: f64 = 0.05;

/// The areas of a race: registered, voters, valid votes; votes by candidate; the region.
#[derive(Clone, Debug, Default)]
pub struct Units {
    pub(super) sizes: Vec<[u32; 3]>,
    pub(super) votes: Vec<Vec<u32>>,
    region: Vec<u32>,
}

impl Units {
    /// Takes an area.
    pub fn push(&mut self, sizes: [u32; 3], votes: Vec<u32>, region: u32) {
        self.sizes.push(sizes);
        self.votes.resize(votes.len().max(self.votes.len()), Vec::new());
        votes.into_iter().zip(&mut self.votes).for_each(|(v, all)| all.push(v));
        self.region.push(region);
    }

    /// With these candidates only, in this order.
    pub fn of(mut self, candidates: &[usize]) -> Units {
        self.votes = candidates.iter().map(|c| std::mem::take(&mut self.votes[*c])).collect();
        self
    }

    /// How many areas.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// Of the figures, so that the same tables are drawn alike.
    pub(super) fn seed(&self) -> u64 {
        let votes = self.votes.iter().flatten();
        self.sizes.iter().flatten().chain(votes).fold(7, |h, n| model::Random::mix(h ^ u64::from(*n)))
    }

    /// Regions with enough areas, each with its areas; none where there is but one.
    pub(super) fn regions(&self, least: usize) -> BTreeMap<u32, Vec<usize>> {
        let mut all: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        self.region.iter().enumerate().for_each(|(n, r)| all.entry(*r).or_default().push(n));
        all.retain(|_, areas| areas.len() >= least);
        if all.len() < 2 { BTreeMap::new() } else { all }
    }
}

/// What one test measures.
#[derive(Clone, Debug)]
pub struct Measured {
    pub test: Test,
    pub of: String,
    pub units: u64,
    pub value: f64,
    /// Of digits, how often each stands there.
    pub digits: [u32; 10],
    pub regions: Vec<u32>,
}

/// The chi-squared of digits against what is expected, for as many as are there.
pub fn chi(digits: &[u32; 10], expected: &[f64; 10]) -> f64 {
    let (all, sum): (f64, f64) = (digits.iter().map(|n| f64::from(*n)).sum(), expected.iter().sum());
    let cell = |(n, e): (&u32, &f64)| {
        let e = (e * all / sum.max(1e-9)).max(0.5);
        (f64::from(*n) - e).powi(2) / e
    };
    digits.iter().zip(expected).map(cell).sum()
}

/// Measures everything; in the same order whatever the figures are.
pub fn statistics(units: &Units, names: &[String], regions: &BTreeMap<u32, Vec<usize>>) -> Vec<Measured> {
    let mut all = Vec::new();
    let turnout = Figure::Voters.as_str();
    let mut digits = |of: &str, counts: &mut dyn Iterator<Item = u32>| {
        let (mut second, mut last) = ([0u32; 10], [0u32; 10]);
        for n in counts.filter(|n| *n >= DIGIT) {
            let mut high = n;
            while high >= 100 {
                high /= 10;
            }
            second[(high % 10) as usize] += 1;
            last[(n % 10) as usize] += 1;
        }
        let units = second.iter().map(|n| u64::from(*n)).sum();
        let measured =
            |test, value, digits| Measured { test, of: of.into(), units, value, digits, regions: Vec::new() };
        all.push(measured(Test::SecondDigits, 0.0, second));
        all.push(measured(Test::LastDigits, chi(&last, &[1.0; 10]), last));
    };
    for (votes, name) in units.votes.iter().zip(names) {
        digits(name, &mut votes.iter().copied());
    }
    digits(turnout, &mut units.sizes.iter().map(|s| s[1]));
    let share = |n: usize| {
        let (valid, won) = (units.sizes[n][2], units.votes.first().map_or(0, |v| v[n]));
        (valid >= SHARE && won > 0 && won < valid).then(|| f64::from(won) / f64::from(valid))
    };
    let voted = |n: usize| {
        let [registered, voters, _] = units.sizes[n];
        (registered >= SHARE && voters > 0 && voters < registered).then(|| f64::from(voters) / f64::from(registered))
    };
    let leader = names.first().map_or("", String::as_str);
    type Part<'p> = &'p dyn Fn(usize) -> Option<f64>;
    let of: [(&str, Part); 2] = [(leader, &share), (turnout, &voted)];
    for (name, part) in of {
        let whole = |n: usize| part(n).map(|p| ((100.0 * p).round() - 100.0 * p).abs() < WHOLE);
        let measured =
            |test, units, value, regions| Measured { test, of: name.into(), units, value, digits: [0; 10], regions };
        let count = |areas: &mut dyn Iterator<Item = usize>| {
            areas.filter_map(whole).fold((0u64, 0u64), |(all, whole), is| (all + 1, whole + u64::from(is)))
        };
        let (there, wholes) = count(&mut (0..units.len()));
        all.push(measured(Test::WholePercents, there, wholes as f64, Vec::new()));
        // The region where most are beyond what all have.
        let usual = wholes as f64 / there.max(1) as f64;
        let beyond = regions.iter().map(|(region, areas)| {
            let (there, wholes) = count(&mut areas.iter().copied());
            let spread = (there as f64 * usual * (1.0 - usual)).sqrt().max(1.0);
            ((wholes as f64 - there as f64 * usual) / spread, *region)
        });
        let mut beyond: Vec<(f64, u32)> = beyond.collect();
        beyond.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let far = beyond.iter().take_while(|b| b.0 > 3.0).map(|b| b.1).take(12).collect();
        let asked = if regions.is_empty() { 0 } else { there };
        all.push(measured(Test::Regions, asked, beyond.first().map_or(0.0, |b| b.0), far));
        let logits = within(units, &|n| part(n).map(|p| (p / (1.0 - p)).ln()));
        all.push(measured(Test::Tail, logits.len() as u64, skewness(&logits), Vec::new()));
    }
    let both = |n: usize| Some((share(n)?, voted(n)?));
    let shares = within(units, &|n| both(n).map(|b| b.0));
    let turnouts = within(units, &|n| both(n).map(|b| b.1));
    let value = correlation(&shares, &turnouts);
    let units = shares.len() as u64;
    all.push(Measured {
        test: Test::Correlation,
        of: leader.into(),
        units,
        value,
        digits: [0; 10],
        regions: Vec::new(),
    });
    all
}

/// What areas have, less the mean of their region.
fn within(units: &Units, of: &dyn Fn(usize) -> Option<f64>) -> Vec<f64> {
    let mut means: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let all: Vec<(u32, f64)> = (0..units.len()).filter_map(|n| Some((units.region[n], of(n)?))).collect();
    for (region, x) in &all {
        let mean = means.entry(*region).or_default();
        *mean = (mean.0 + x, mean.1 + 1.0);
    }
    all.iter().map(|(region, x)| x - means[region].0 / means[region].1).collect()
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len().max(1) as f64
}

fn skewness(all: &[f64]) -> f64 {
    let m = mean(all);
    let moment = |k: i32| all.iter().map(|x| (x - m).powi(k)).sum::<f64>() / all.len().max(1) as f64;
    let spread = moment(2).sqrt();
    if spread > 1e-9 { moment(3) / spread.powi(3) } else { 0.0 }
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>();
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if spread > 1e-9 { sum(&|x, y| x * y) / spread } else { 0.0 }
}
