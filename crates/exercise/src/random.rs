//! Drawing and sharing out by weight; the generator is the house's.

pub(crate) use model::Random;

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
}
