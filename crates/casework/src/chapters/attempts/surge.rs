//! Surges: days on which the rate of attempts changed. PELT (Killick, Fearnhead & Eckley, *Optimal detection of
//! changepoints with a linear computational cost*, JASA 107, 2012) with a Poisson cost, each day weighed by the site's
//! ordinary week. Penalty 3·φ·ln n on twice the negative log-likelihood (the 3·ln n of Zhang & Siegmund's modified
//! BIC, Biometrics 63, 2007), where φ is the overdispersion between neighbouring days: attempts come in clusters, and a
//! bare Poisson penalty would take every cluster for a change. Segments are exact: no other cut costs less.

use jiff::civil::Date;
use serde::Serialize;

/// Days a segment has at least: a whole week, so that no weekday can make a change.
pub const SHORTEST: usize = 7;
/// Multiplies φ·ln n.
pub const PENALTY: f64 = 3.0;
/// A rise by at least this factor is called a surge.
pub const SURGE: f64 = 1.5;

/// A stretch of days of one rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// First day.
    #[serde(serialize_with = "crate::words::iso")]
    pub first: Date,
    /// Last day.
    #[serde(serialize_with = "crate::words::iso")]
    pub last: Date,
    /// Attempts in it.
    pub attempts: u64,
    /// Attempts per average day.
    pub rate: f64,
    /// Its rate over the one before; none for the first segment and after a rate of none.
    pub factor: Option<f64>,
    /// Whether it rose enough to be called a surge.
    pub surge: bool,
}

/// The change points, with what they were found by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Surges {
    /// How the changes were found.
    pub method: &'static str,
    /// Days looked at.
    pub days: usize,
    /// Overdispersion φ between neighbouring days (1 is Poisson).
    pub dispersion: f64,
    /// The penalty each change must earn.
    pub penalty: f64,
    /// Days a segment has at least.
    pub shortest: usize,
    /// The segments in order.
    pub segments: Vec<Segment>,
}

/// Finds the changes in counts per day, each day with its weight. Under two shortest segments there is nothing to find.
pub fn surges(days: &[(Date, u64)], weights: &[f64]) -> Option<Surges> {
    if days.len() < 2 * SHORTEST {
        return None;
    }
    let counts: Vec<u64> = days.iter().map(|d| d.1).collect();
    let dispersion = dispersion(&counts, weights);
    let penalty = PENALTY * dispersion * (days.len() as f64).ln();
    let cuts = pelt(&counts, weights, penalty, SHORTEST);
    let mut segments: Vec<Segment> = Vec::new();
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let attempts = counts[from..to].iter().sum::<u64>();
        let rate = attempts as f64 / weights[from..to].iter().sum::<f64>();
        let before = segments.last().map(|s| s.rate);
        segments.push(Segment {
            first: days[from].0,
            last: days[to - 1].0,
            attempts,
            rate,
            factor: before.filter(|b| *b > 0.0).map(|b| rate / b),
            surge: before.is_some_and(|b| rate > 0.0 && rate >= SURGE * b),
        });
    }
    Some(Surges {
        method: "PELT, Poisson cost (Killick, Fearnhead & Eckley 2012)",
        days: days.len(),
        dispersion,
        penalty,
        shortest: SHORTEST,
        segments,
    })
}

/// How much more neighbouring days differ than chance explains. Given their sum, Poisson days split it binomially, so
/// that each squared difference over its variance is 1 on average; a change of level spoils one term only. Never under 1.
fn dispersion(counts: &[u64], weights: &[f64]) -> f64 {
    let (mut sum, mut terms) = (0.0, 0u32);
    for (x, w) in counts.windows(2).zip(weights.windows(2)) {
        let total = (x[0] + x[1]) as f64;
        let share = w[0] / (w[0] + w[1]);
        if total > 0.0 {
            sum += (x[0] as f64 - total * share).powi(2) / (total * share * (1.0 - share));
            terms += 1;
        }
    }
    if terms == 0 { 1.0 } else { (sum / f64::from(terms)).max(1.0) }
}

/// The cuts of least cost, from 0 to the number of counts.
fn pelt(counts: &[u64], weights: &[f64], penalty: f64, shortest: usize) -> Vec<usize> {
    let n = counts.len();
    let (mut events, mut exposure) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    for i in 0..n {
        events[i + 1] = events[i] + counts[i] as f64;
        exposure[i + 1] = exposure[i] + weights[i];
    }
    let cost = |from: usize, to: usize| {
        let (k, e) = (events[to] - events[from], exposure[to] - exposure[from]);
        if k > 0.0 { -2.0 * k * (k / e).ln() } else { 0.0 }
    };
    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = -penalty;
    let mut previous = vec![0; n + 1];
    // Starts of a last segment, with the end from which on they cannot win: a start beaten at `to` may still be needed
    // until a segment that begins at `to` is long enough.
    let mut starts: Vec<(usize, usize)> = vec![(0, usize::MAX)];
    for to in shortest..=n {
        if to >= 2 * shortest {
            starts.push((to - shortest, usize::MAX));
        }
        starts.retain(|&(_, until)| to < until);
        for &(from, _) in &starts {
            let total = best[from] + cost(from, to) + penalty;
            if total < best[to] {
                best[to] = total;
                previous[to] = from;
            }
        }
        for (from, until) in &mut starts {
            if *until == usize::MAX && best[*from] + cost(*from, to) > best[to] {
                *until = to + shortest;
            }
        }
    }
    let mut cuts = vec![n];
    while let Some(&last) = cuts.last().filter(|&&c| c > 0) {
        cuts.push(previous[last]);
    }
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};
    use model::Random;

    fn series(rates: &[(usize, f64)], weights: impl Fn(usize) -> f64, seed: u64) -> (Vec<(Date, u64)>, Vec<f64>) {
        let mut random = Random::new(seed);
        let rates: Vec<f64> = rates.iter().flat_map(|&(days, rate)| std::iter::repeat_n(rate, days)).collect();
        let weights: Vec<f64> = (0..rates.len()).map(weights).collect();
        let day = |i: usize| date(2016, 11, 1) + (i as i64).days();
        let days = rates.iter().zip(&weights).enumerate().map(|(i, (r, w))| (day(i), random.poisson(r * w))).collect();
        (days, weights)
    }

    fn starts(rates: &[(usize, f64)], weights: impl Fn(usize) -> f64, seed: u64) -> Vec<i64> {
        let (days, weights) = series(rates, weights, seed);
        let found = surges(&days, &weights).expect("long enough");
        let zero = days[0].0;
        found.segments[1..].iter().map(|s| i64::from((s.first - zero).get_days())).collect()
    }

    #[test]
    fn known_changes_are_found_on_their_day() {
        for seed in 0..20 {
            let found = starts(&[(60, 3.0), (40, 20.0)], |_| 1.0, seed);
            assert!(found.len() == 1 && (found[0] - 60).abs() <= 1, "{seed}: {found:?}");
            let found = starts(&[(40, 10.0), (30, 60.0), (50, 5.0)], |_| 1.0, seed);
            assert!(found.len() == 2 && (found[0] - 40).abs() <= 1 && (found[1] - 70).abs() <= 1, "{seed}: {found:?}");
        }
    }

    #[test]
    fn steady_series_and_weekly_habits_show_no_change() {
        let week = |i: usize| if i % 7 < 5 { 1.3 } else { 0.25 };
        let false_alarms = (0..100)
            .filter(|&seed| {
                !starts(&[(120, 8.0)], |_| 1.0, seed).is_empty() || !starts(&[(120, 8.0)], week, seed).is_empty()
            })
            .count();
        assert!(false_alarms <= 2, "{false_alarms} of 100");
    }

    #[test]
    fn attempts_that_come_in_clusters_are_no_change() {
        let false_alarms = (0..100)
            .filter(|&seed| {
                let (days, weights) = series(&[(120, 3.0)], |_| 1.0, seed);
                let clusters: Vec<(Date, u64)> = days.iter().map(|(day, n)| (*day, 4 * n)).collect();
                surges(&clusters, &weights).is_some_and(|s| s.segments.len() > 1)
            })
            .count();
        assert!(false_alarms <= 3, "{false_alarms} of 100");
    }

    #[test]
    fn pruning_loses_nothing() {
        for seed in 0..30 {
            let (days, weights) = series(&[(13, 2.0), (20, 9.0), (9, 1.0), (25, 4.0)], |_| 1.0, seed);
            let counts: Vec<u64> = days.iter().map(|d| d.1).collect();
            for penalty in [2.0, 8.0, 20.0] {
                assert_eq!(pelt(&counts, &weights, penalty, 5), exhaustive(&counts, penalty, 5), "seed {seed}");
            }
        }
    }

    /// Optimal partitioning without pruning.
    fn exhaustive(counts: &[u64], penalty: f64, shortest: usize) -> Vec<usize> {
        let n = counts.len();
        let cost = |a: usize, b: usize| {
            let k = counts[a..b].iter().sum::<u64>() as f64;
            if k > 0.0 { -2.0 * k * (k / (b - a) as f64).ln() } else { 0.0 }
        };
        let mut best: Vec<Option<(f64, Vec<usize>)>> = vec![None; n + 1];
        best[0] = Some((-penalty, vec![0]));
        for to in shortest..=n {
            for from in 0..=to - shortest {
                let Some((before, cuts)) = best[from].clone() else { continue };
                let total = before + cost(from, to) + penalty;
                if best[to].as_ref().is_none_or(|b| total < b.0) {
                    best[to] = Some((total, [cuts, vec![to]].concat()));
                }
            }
        }
        best[n].clone().expect("long enough").1
    }
}
