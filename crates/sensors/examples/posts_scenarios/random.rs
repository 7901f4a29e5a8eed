//! Lots of the house, and what these scenarios draw besides.

use std::ops::{Deref, DerefMut};

/// A stream of lots.
pub struct Random(model::Random);

impl Random {
    /// A stream for a seed and a name.
    pub fn new(seed: u64, name: &str) -> Random {
        // FNV-1a, so that scenarios of one seed differ.
        Random(model::Random::new(model::hash::fnv1a_from(model::hash::EMPTY ^ seed, name.bytes())))
    }

    /// Under `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.below(n as u64) as usize
    }

    /// Log-normal with this median (Box and Muller).
    pub fn around(&mut self, median: f64, sigma: f64) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        median * (sigma * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()).exp()
    }
}

impl Deref for Random {
    type Target = model::Random;
    fn deref(&self) -> &model::Random {
        &self.0
    }
}

impl DerefMut for Random {
    fn deref_mut(&mut self) -> &mut model::Random {
        &mut self.0
    }
}
