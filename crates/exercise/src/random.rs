//! Chance from a seed: SplitMix64 (Steele, Lea and Flood 2014), small, fast, good enough for made-up traffic, never for
//! secrets. Every part of an exercise draws from a stream of its own ([`Random::stream`]), so that changing one part
//! leaves the bytes of the others alone.

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finaliser: every bit of the input moves every bit of the output.
pub(crate) fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(mix(seed ^ GAMMA))
    }

    /// The stream of a named part.
    pub(crate) fn stream(seed: u64, part: &str, number: u64) -> Random {
        let name = part.bytes().fold(seed, |h, b| mix(h ^ u64::from(b)).wrapping_add(GAMMA));
        Random::new(mix(name) ^ number.wrapping_mul(GAMMA))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }

    /// A number under `n`; 0 where `n` is 0. The bias of the multiplication is under 2⁻³² for every `n` used here.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.below((high.max(low) - low).saturating_add(1))
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of several. The slice must not be empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len() as u64) as usize]
    }

    /// An exponentially distributed waiting time.
    pub(crate) fn wait(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// How many of many rare things happen: Poisson, by multiplication where few, by the normal curve where many.
    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 60.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }

    /// Standard normal, near enough: the sum of twelve uniform numbers.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Puts in any order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// Draws indices by weight.
#[derive(Clone, Debug)]
pub(crate) struct Weighted {
    sums: Vec<f64>,
}

impl Weighted {
    /// Weights that are not positive numbers count as nothing.
    pub(crate) fn new(weights: impl IntoIterator<Item = f64>) -> Weighted {
        let mut sum = 0.0;
        let sums = weights.into_iter().map(|w| {
            sum += if w.is_finite() { w.max(0.0) } else { 0.0 };
            sum
        });
        Weighted { sums: sums.collect() }
    }

    pub(crate) fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        self.at(random.unit())
    }

    /// The index under which the share `u` of the whole weight lies.
    pub(crate) fn at(&self, u: f64) -> usize {
        let target = u * self.total();
        self.sums.partition_point(|&s| s <= target).min(self.sums.len().saturating_sub(1))
    }
}

/// Shares `count` out by weight, whole numbers that add up exactly (largest remainder).
pub(crate) fn shares(count: u64, weights: &[f64]) -> Vec<u64> {
    let total: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|w| count as f64 * w / total).collect();
    let mut out: Vec<u64> = exact.iter().map(|e| e.floor() as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    let missing = count.saturating_sub(out.iter().sum());
    order.into_iter().cycle().take(missing as usize).for_each(|i| out[i] += 1);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(shares(1015, &[0.3, 0.25, 0.45]).iter().sum::<u64>(), 1015);
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |part, n| Random::stream(7, part, n).bits();
        assert_eq!(draw("web", 1), draw("web", 1));
        assert_ne!(draw("web", 1), draw("web", 2));
        assert_ne!(draw("web", 1), draw("bew", 1));
    }
}
