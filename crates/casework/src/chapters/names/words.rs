//! Words for how a decoy imitates, and what names of one hand share.

use crate::words::Words;
use rows::names::{Shared, Technique};

impl Words {
    /// How a decoy address imitates, in a few words.
    pub fn technique(self, technique: &str) -> String {
        self.word::<Technique>(technique)
    }

    /// What names of one hand share.
    pub fn shared(self, thing: &str) -> String {
        self.word::<Shared>(thing)
    }
}
