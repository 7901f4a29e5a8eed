//! The same election by chance alone: every area anew, by its own size and shares.

use super::measure::Units;
use model::Random;

/// Draws it.
pub fn again(units: &Units, random: &mut Random) -> Units {
    let mut drawn = units.clone();
    for n in 0..units.len() {
        let [registered, voters, valid] = units.sizes[n];
        drawn.sizes[n] = [registered, binomial(registered, voters, random), valid];
        // The second of the votes that the first leaves.
        let (mut left, mut votes) = (valid, valid);
        for (c, of) in units.votes.iter().enumerate() {
            let won = binomial(left, scaled(of[n], left, votes), random);
            drawn.votes[c][n] = won;
            left -= won;
            votes -= of[n].min(votes);
        }
    }
    drawn
}

/// Of `part` in `of` votes, how many that are in `left`.
fn scaled(part: u32, left: u32, of: u32) -> u32 {
    if of == 0 { 0 } else { (u64::from(part) * u64::from(left) / u64::from(of)).min(u64::from(left)) as u32 }
}

/// How many of `n`, of whom on the mean so many.
fn binomial(n: u32, mean: u32, random: &mut Random) -> u32 {
    if mean == 0 || mean >= n {
        return mean.min(n);
    }
    let p = f64::from(mean) / f64::from(n);
    let spread = f64::from(n) * p * (1.0 - p);
    if spread > 12.0 {
        let drawn = f64::from(mean) + spread.sqrt() * random.normal();
        return drawn.round().clamp(0.0, f64::from(n)) as u32;
    }
    // By inversion, from the rarer side.
    let (p, turned) = if p > 0.5 { (1.0 - p, true) } else { (p, false) };
    let (ratio, mut chance) = (p / (1.0 - p), (f64::from(n) * (1.0 - p).ln()).exp());
    let (mut left, mut k) = (random.unit(), 0u32);
    while left > chance && k < n {
        left -= chance;
        chance *= ratio * f64::from(n - k) / f64::from(k + 1);
        k += 1;
    }
    if turned { n - k } else { k }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_spread_of_their_law() {
        for (n, mean) in [(40u32, 2u32), (40, 38), (500, 200), (10, 5), (7, 0), (7, 7)] {
            let mut random = Random::new(3);
            let all: Vec<f64> = (0..20_000).map(|_| f64::from(binomial(n, mean, &mut random))).collect();
            let m = all.iter().sum::<f64>() / all.len() as f64;
            let v = all.iter().map(|x| (x - m).powi(2)).sum::<f64>() / all.len() as f64;
            let p = f64::from(mean) / f64::from(n);
            let expected = f64::from(n) * p * (1.0 - p);
            assert!(
                (m - f64::from(mean)).abs() < 0.15 && (v - expected).abs() <= 0.06 * expected + 0.1,
                "{n} {mean} {m} {v}"
            );
        }
    }
}
