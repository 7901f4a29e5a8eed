//! What is measured of an account, and what of it stands out among the case's own accounts.
//!
//! You may rely on: no threshold is fixed beforehand. An account stands out where it is further from the median of its
//! peers than chance would put one account in a hundred such cases, if peers spread like a normal distribution with
//! their own robust scale (median absolute deviation of the side in question, times 1.4826). Left out: what an account
//! says, and whom it follows.

use crate::posts::copied::Copied;
use crate::posts::dataset::Dataset;
use crate::posts::table::Table;
use rows::posts::Sign;
use std::collections::{BTreeSet, HashMap};

/// An account with fewer posts has no rhythm to be measured.
pub const POSTS_MIN: usize = 20;
/// Fewer peers are no measure.
pub const PEERS_MIN: usize = 8;
/// One case in so many may name one account by chance.
const LEVEL: f64 = 0.01;

/// What is measured, in the order of an account's values.
const MEASURED: [Sign; 6] = [Sign::Pace, Sign::Intervals, Sign::Pauses, Sign::Seconds, Sign::Repetition, Sign::Reposts];

/// Whether small values stand out.
fn is_low(sign: Sign) -> bool {
    matches!(sign, Sign::Intervals | Sign::Pauses)
}

/// One account measured: a value for each sign, on a scale where distances add.
pub struct Measured {
    /// The account.
    pub account: u32,
    /// Its posts of known time, in order.
    pub posts: Vec<u32>,
    /// As a person reads it.
    pub value: [f64; MEASURED.len()],
    /// As it is compared.
    scaled: [f64; MEASURED.len()],
}

/// What stands out of an account.
pub struct Out {
    /// Which sign.
    pub sign: Sign,
    /// The account's value.
    pub value: f64,
    /// The median of its peers.
    pub usual: f64,
    /// How far out, in robust standard deviations.
    pub distance: f64,
}

/// Measures all accounts that have a rhythm.
pub fn measure(dataset: &Dataset) -> Vec<Measured> {
    let table = &dataset.table;
    let mut posts_of: Vec<Vec<u32>> = vec![Vec::new(); table.accounts.len()];
    for post in (0..table.len() as u32).filter(|p| table.time(*p).is_some() && !table.is_article(*p)) {
        posts_of[table.account(post) as usize].push(post);
    }
    let able = posts_of.into_iter().enumerate().filter(|(_, posts)| posts.len() >= POSTS_MIN);
    let able: Vec<(usize, Vec<u32>)> = able.collect();
    if able.len() < PEERS_MIN {
        return Vec::new();
    }
    let copied = dataset.copied();
    // Where nine posts in ten are of the second 0, nobody wrote the seconds down: they say nothing of an account.
    let all = || able.iter().flat_map(|(_, posts)| posts).filter_map(|p| table.time(*p));
    let seconds = all().filter(|t| t.seconds().rem_euclid(60) == 0).count() * 10 < all().count() * 9;
    able.iter().map(|(account, posts)| one(table, copied, *account as u32, posts.clone(), seconds)).collect()
}

fn one(table: &Table, copied: &Copied, account: u32, posts: Vec<u32>, has_seconds: bool) -> Measured {
    let times: Vec<f64> = posts.iter().filter_map(|p| table.time(*p)).map(|t| t.0 as f64 / 1e6).collect();
    let n = times.len() as f64;
    let intervals: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let span = (times[times.len() - 1] - times[0]).max(1.0);
    let mean = span / (n - 1.0);
    let variance = intervals.iter().map(|i| (i - mean) * (i - mean)).sum::<f64>() / (n - 1.0);
    let even = (variance.sqrt() / mean).max(0.01);
    // Of events that fall at random the longest pause is about the mean interval times the logarithm of their number.
    let pause = intervals.iter().copied().fold(1.0, f64::max) / (mean * n.ln());
    let mut seconds = [0f64; 60];
    times.iter().for_each(|t| seconds[t.rem_euclid(60.0) as usize % 60] += 1.0);
    let expected = n / 60.0;
    let chi = seconds.iter().map(|s| (s - expected) * (s - expected) / expected).sum::<f64>() / 59.0;
    let chi = if has_seconds { chi } else { 1.0 };
    let own: Vec<u32> = posts.iter().copied().filter(|p| table.repost_of(*p).is_empty()).collect();
    let mut said: HashMap<u32, u32> = HashMap::new();
    // "Bravo !" again is no repetition: only what says enough to be a copy counts, as for copied texts.
    let says = |post: &&u32| copied.cluster(table, **post).is_some();
    own.iter().filter(says).for_each(|p| *said.entry(table.text_number(*p)).or_default() += 1);
    let texts: u32 = said.values().sum();
    let repeated = f64::from(texts - said.len() as u32) / f64::from(texts.max(1));
    let reposts = (posts.len() - own.len()) as f64 / n;
    // Parts of a whole are compared by the angle whose spread does not depend on the part.
    let angle = |part: f64| part.clamp(0.0, 1.0).sqrt().asin();
    Measured {
        account,
        posts,
        value: [n, even, pause, chi, repeated, reposts],
        scaled: [n.ln(), even.ln(), pause.max(1e-3).ln(), chi.max(0.1).ln(), angle(repeated), angle(reposts)],
    }
}

/// What stands out of each account; the same order.
pub fn outliers(all: &[Measured]) -> Vec<Vec<Out>> {
    let mut found: Vec<Vec<Out>> = all.iter().map(|_| Vec::new()).collect();
    if all.len() < PEERS_MIN {
        return found;
    }
    let limit = quantile(LEVEL / (all.len() * MEASURED.len()) as f64);
    for (at, sign) in MEASURED.into_iter().enumerate() {
        let scaled: Vec<f64> = all.iter().map(|m| m.scaled[at]).collect();
        let middle = median(scaled.clone());
        let usual = median(all.iter().map(|m| m.value[at]).collect());
        let side = |v: f64| if is_low(sign) { middle - v } else { v - middle };
        let beyond: Vec<f64> = scaled.iter().map(|v| side(*v)).filter(|d| *d >= 0.0).collect();
        // Where most are equal there is still the width of what one post more would change.
        let scale = (median(beyond) * 1.4826).max(0.1);
        for (m, out) in all.iter().zip(&mut found) {
            let distance = side(m.scaled[at]) / scale;
            if distance > limit {
                out.push(Out { sign, value: m.value[at], usual, distance });
            }
        }
    }
    found
}

/// Accounts created on one day, for days that stand out against the case's own days; by day since 1970.
pub fn bursts(table: &Table) -> BTreeSet<i64> {
    let mut days: HashMap<i64, f64> = HashMap::new();
    for created in table.accounts.iter().filter_map(|a| a.created) {
        *days.entry(created.seconds().div_euclid(86_400)).or_default() += 1.0;
    }
    // The angle of counts is their root (Anscombe 1948): its spread is one half, whatever the count.
    let root = |n: f64| 2.0 * (n + 0.375).sqrt();
    let middle = median(days.values().map(|n| root(*n)).collect());
    let limit = quantile(LEVEL / days.len().max(1) as f64).max(3.0);
    days.into_iter().filter(|(_, n)| *n >= 3.0 && root(*n) - middle > limit).map(|(day, _)| day).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// How many standard deviations a normal variable exceeds with this small probability (Abramowitz and Stegun 26.2.23).
fn quantile(p: f64) -> f64 {
    let t = (-2.0 * p.clamp(1e-300, 0.5).ln()).sqrt();
    t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)))
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (p, z) in [(0.5, 0.0), (0.025, 1.96), (0.001_35, 3.0), (2.866_5e-7, 5.0)] {
            assert!((quantile(p) - z).abs() < 1e-3, "{p}");
        }
    }
}
