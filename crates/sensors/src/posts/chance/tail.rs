//! The tail of a sum of unequal coin tosses (the Poisson binomial distribution).

/// Above this many steps the exact sum gives way to Chernoff's bound, which is never too small.
const STEPS: usize = 1 << 20;

/// The probability that at least `least` of these independent events happen.
pub fn at_least(least: usize, chances: &[f64]) -> f64 {
    if least == 0 {
        return 1.0;
    }
    if least > chances.len() {
        return 0.0;
    }
    // As many as `least` happen where at most so many fail: whichever is fewer is counted.
    let fail = chances.len() - least;
    if chances.len().saturating_mul(least.min(fail + 1)) > STEPS {
        return chernoff(least, chances);
    }
    if fail + 1 < least {
        let mut failed = vec![0.0; fail + 1];
        failed[0] = 1.0;
        for &p in chances {
            let p = p.clamp(0.0, 1.0);
            for k in (1..=fail).rev() {
                failed[k] = failed[k] * p + failed[k - 1] * (1.0 - p);
            }
            failed[0] *= p;
        }
        return failed.iter().sum::<f64>().min(1.0);
    }
    // `below[k]`: exactly `k` so far; what reaches `least` is added up apart, so that small tails lose no digits.
    let mut below = vec![0.0; least];
    below[0] = 1.0;
    let mut reached = 0.0;
    for &p in chances {
        let p = p.clamp(0.0, 1.0);
        reached += below[least - 1] * p;
        for k in (1..least).rev() {
            below[k] = below[k] * (1.0 - p) + below[k - 1] * p;
        }
        below[0] *= 1.0 - p;
    }
    reached.min(1.0)
}

/// exp(min over t of Σ ln(1 − p + p eᵗ) − t·least), by bisection on the derivative.
fn chernoff(least: usize, chances: &[f64]) -> f64 {
    let least = least as f64;
    if chances.iter().sum::<f64>() >= least {
        return 1.0;
    }
    let tilted = |t: f64| chances.iter().map(|p| p * t.exp() / (1.0 - p + p * t.exp())).sum::<f64>();
    let (mut low, mut high) = (0.0, 50.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if tilted(middle) < least { low = middle } else { high = middle }
    }
    let exponent: f64 = chances.iter().map(|p| (1.0 - p + p * low.exp()).ln()).sum::<f64>() - low * least;
    exponent.exp().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_known_sums() {
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
        near(at_least(1, &[0.5, 0.5]), 0.75);
        near(at_least(2, &[0.1, 0.2, 0.3]), 0.1 * 0.2 * 0.7 + 0.1 * 0.8 * 0.3 + 0.9 * 0.2 * 0.3 + 0.1 * 0.2 * 0.3);
        near(at_least(20, &[0.1; 20]), 1e-20);
        assert_eq!(at_least(3, &[1.0; 2]), 0.0);
        // Chernoff's bound is above the exact tail, and not by much.
        let exact = at_least(30, &[0.1; 100]);
        let bound = chernoff(30, &[0.1; 100]);
        assert!(bound > exact && bound < 30.0 * exact, "{exact} {bound}");
    }
}
