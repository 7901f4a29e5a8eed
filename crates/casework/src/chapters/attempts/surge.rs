//! Surges: days on which the rate of attempts changed. First *bursts*: fewer than seven days that tower over the weeks
//! around them, each told by its own days. In what is left, levels: PELT (Killick, Fearnhead & Eckley, *Optimal detection
//! of changepoints with a linear computational cost*, JASA 107, 2012) with a Poisson cost, each day weighed by the site's
//! ordinary week. Penalty 3·φ·ln n on twice the negative log-likelihood (the 3·ln n of Zhang & Siegmund's modified
//! BIC, Biometrics 63, 2007), where φ is the overdispersion between neighbouring days: attempts come in clusters, and a
//! bare Poisson penalty would take every cluster for a change. Levels are exact: no other cut costs less.

use jiff::civil::Date;
use serde::Serialize;

/// Days a segment has at least: a whole week, so that no weekday can make a change.
pub const SHORTEST: usize = 7;
/// Multiplies φ·ln n.
pub const PENALTY: f64 = 3.0;
/// A rise by at least this factor is called a surge.
pub const SURGE: f64 = 1.5;

/// Attempts that make a burst, at least, and by what they exceed four days in five around it.
pub const BURST: (f64, f64) = (10.0, 3.0);
/// Days around a burst, either way.
const AROUND: usize = 21;
/// Attempts of a level from which on a ratio to it says something, and the greatest that does.
const RATIO: (u64, f64) = (5, 50.0);

/// How a stretch stands to what came before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is the first.
    Start,
    /// A rise by [`SURGE`] or more.
    Surge,
    /// A smaller rise.
    Rise,
    /// A fall.
    Fall,
    /// A few days that tower over those around them.
    Burst,
    /// The level before a burst goes on after it.
    Continues,
}

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
    /// Its rate over that of the level before; none for the first, and where one of them is near nothing.
    pub factor: Option<f64>,
    /// How it stands to what came before.
    pub change: Change,
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
    let burst = bursts(days, weights);
    // The days that are left, as if those of the bursts had not been.
    let kept: Vec<usize> = (0..days.len()).filter(|&d| !burst[d]).collect();
    let counts: Vec<u64> = kept.iter().map(|&d| days[d].1).collect();
    let weighed: Vec<f64> = kept.iter().map(|&d| weights[d]).collect();
    let dispersion = dispersion(&counts, &weighed);
    let penalty = PENALTY * dispersion * (counts.len() as f64).ln();
    let cuts = pelt(&counts, &weighed, penalty, SHORTEST);
    let sums = |range: &[usize]| {
        let attempts = range.iter().map(|&d| days[d].1).sum::<u64>();
        (attempts, attempts as f64 / range.iter().map(|&d| weights[d]).sum::<f64>())
    };
    let mut level = vec![usize::MAX; days.len()];
    let mut levels = Vec::new();
    for pair in cuts.windows(2) {
        let range = &kept[pair[0]..pair[1]];
        range.iter().for_each(|&d| level[d] = levels.len());
        levels.push(sums(range));
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut before: Option<usize> = None;
    for range in (0..days.len()).collect::<Vec<_>>().chunk_by(|&a, &b| level[a] == level[b]) {
        let here = Some(level[range[0]]).filter(|&l| l != usize::MAX);
        let (attempts, _) = sums(range);
        // A level split by a burst has one rate, which is that of all its days.
        let of = here.map_or_else(|| sums(range), |l| levels[l]);
        let base = before.map(|l| levels[l]);
        let factor = base.filter(|_| here.is_none() || here != before).and_then(|base| ratio(base, of));
        let change = match (here, base) {
            (None, _) => Change::Burst,
            (Some(_), None) => Change::Start,
            (Some(_), Some(_)) if here == before => Change::Continues,
            (Some(_), Some((_, rate))) if of.1 < rate => Change::Fall,
            (Some(_), Some((_, rate))) if of.1 >= SURGE * rate => Change::Surge,
            _ => Change::Rise,
        };
        before = here.or(before);
        let (first, last) = (days[range[0]].0, days[range[range.len() - 1]].0);
        segments.push(Segment { first, last, attempts, rate: of.1, factor, change });
    }
    Some(Surges {
        method: "PELT, Poisson cost (Killick, Fearnhead & Eckley 2012), bursts apart",
        days: days.len(),
        dispersion,
        penalty,
        shortest: SHORTEST,
        segments,
    })
}

/// One rate over another where both say something.
fn ratio(before: (u64, f64), now: (u64, f64)) -> Option<f64> {
    let factor = now.1 / before.1;
    let told = before.0 >= RATIO.0 && now.0 > 0 && (1.0 / RATIO.1..=RATIO.1).contains(&factor);
    told.then_some(factor)
}

/// Which days are of a burst. A week or more is a level; so is what more than a day in five around it comes up to.
fn bursts(days: &[(Date, u64)], weights: &[f64]) -> Vec<bool> {
    let rate = |d: usize| days[d].1 as f64 / weights[d].max(0.01);
    let mut burst: Vec<bool> = (0..days.len())
        .map(|d| {
            let around = d.saturating_sub(AROUND)..(d + AROUND + 1).min(days.len());
            let mut rates: Vec<f64> = around.clone().map(rate).collect();
            rates.sort_by(f64::total_cmp);
            let usual = rates[rates.len() * 4 / 5] * weights[d];
            days[d].1 as f64 >= BURST.0 + BURST.1 * usual
        })
        .collect();
    let runs: Vec<usize> = burst.chunk_by(|a, b| a == b).map(<[bool]>::len).collect();
    let mut at = 0;
    for run in runs {
        if run >= SHORTEST {
            burst[at..at + run].fill(false);
        }
        at += run;
    }
    // Too little would be left to tell a level by.
    if burst.iter().filter(|b| !**b).count() < 2 * SHORTEST { vec![false; days.len()] } else { burst }
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
    fn a_day_that_towers_over_all_others_is_a_burst_on_its_day() {
        let zero = date(2017, 4, 1);
        let day = |i: i64| zero + i.days();
        let counts = |bursts: &[(i64, u64)], rate: u64| -> Vec<(Date, u64)> {
            let of = |i: i64| bursts.iter().find(|b| b.0 == i).map_or(rate, |b| b.1);
            (0..30).map(|i| (day(i), of(i))).collect()
        };
        let told = |days: &[(Date, u64)]| -> Vec<(Date, Date, u64, Option<f64>, Change)> {
            let found = surges(days, &vec![1.0; days.len()]).expect("long enough");
            found.segments.iter().map(|s| (s.first, s.last, s.attempts, s.factor, s.change)).collect()
        };
        // Nothing but one day: no level without an attempt is drawn to it, and no ratio to nothing is told.
        assert_eq!(
            told(&counts(&[(23, 160)], 0)),
            [
                (day(0), day(22), 0, None, Change::Start),
                (day(23), day(23), 160, None, Change::Burst),
                (day(24), day(29), 0, None, Change::Continues),
            ]
        );
        let over_a_level = told(&counts(&[(10, 40), (11, 40)], 2));
        assert_eq!(over_a_level[1], (day(10), day(11), 80, Some(20.0), Change::Burst));
        assert_eq!((over_a_level[0].2, over_a_level[2].4), (20, Change::Continues));
    }

    #[test]
    fn bursts_are_not_found_in_what_is_only_random() {
        let false_alarms = (0..200)
            .filter(|&seed| {
                let (days, weights) = series(&[(60, 4.0), (40, 12.0)], |_| 1.0, seed);
                surges(&days, &weights).is_some_and(|s| s.segments.iter().any(|s| s.change == Change::Burst))
            })
            .count();
        assert!(false_alarms <= 2, "{false_alarms} of 200");
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
