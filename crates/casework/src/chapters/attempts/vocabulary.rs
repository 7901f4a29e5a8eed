//! Words for classes, purposes and shapes of attempts.

use crate::words::Words;
use rows::attempt::{Class, Purpose, Shape};

impl Words {
    /// The name of an attempt's class.
    pub fn class(self, class: &str) -> String {
        self.word::<Class>(class)
    }

    /// The name of an attempt's purpose.
    pub fn purpose(self, purpose: &str) -> String {
        self.word::<Purpose>(purpose)
    }

    /// How an attempt's events lie.
    pub fn shape(self, shape: &str) -> String {
        self.word::<Shape>(shape)
    }
}
