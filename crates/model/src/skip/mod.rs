//! What could not be read, and why. Damage is data: it is counted with its reason and its first places, and never
//! stops a run.

use serde::{Deserialize, Serialize};

/// Something in evidence that was not read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Skip {
    /// Why, in a few words; the same damage always has the same reason, so that it can be counted.
    pub reason: String,
    /// How many times.
    pub count: u64,
    /// Where it was met first: byte offset in the last step.
    pub first: u64,
    /// And at which line (from 1), where lines exist; else 0.
    pub line: u64,
}
