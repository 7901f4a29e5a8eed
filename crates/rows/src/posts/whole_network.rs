//! `posts/network`.

use super::CoAction;
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A network of co-actions as a whole: what it has more than chance gives, and what that says of its parts.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WholeNetwork {
    /// What accounts share in it.
    pub by: CoAction,
    /// Seconds within which a thing is shared together.
    pub window: i64,
    /// How often two accounts must be together to make a row.
    pub min_weight: u64,
    /// Accounts that are in a row.
    pub accounts: u64,
    /// Rows: directed pairs, as other programs count them.
    pub rows: u64,
    /// Rows by chance: the mean of all runs.
    pub expected: f64,
    /// How far runs stray from it.
    pub sd: f64,
    /// The part of runs that have as many rows.
    pub p: f64,
    /// How often chance was tried.
    pub runs: u64,
    /// The share of rows that are chance's, as far as can be told: the false discovery rate.
    pub false_share: f64,
    /// The same by least weight.
    pub by_weight: Vec<ByWeight>,
    /// The least weight at which at most one row in a hundred is chance's, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure_weight: Option<u64>,
}

/// What is left of a network at a least weight.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ByWeight {
    /// The least weight.
    pub min_weight: u64,
    /// Its rows.
    pub rows: u64,
    /// Rows by chance.
    pub expected: f64,
    /// The share of rows that are chance's.
    pub false_share: f64,
}

impl Row for WholeNetwork {
    const NAME: &'static str = "posts/network";
}
