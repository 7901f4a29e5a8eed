//! Sigma rules that users bring: YAML into rules, and which of them an event fires.
//!
//! A kernel, without I/O and clock. `yaml` reads the text within bounds; `pattern` matches one value; `expression` is what a
//! rule asks of an event; `rule` makes one of the other; `collection` holds all rules and finds, by what they cannot do
//! without, the few that an event may fire; `correlation` counts what fired; `why` says which field would have made a rule fire.
//!
//! You may rely on: time is linear in the length of an event for every rule (regular expressions without going back, patterns
//! without backtracking), times no more than what one of a bounded size may ask; a rule that cannot be run is named with the
//! reason and costs no other; what grows without end (aliases of YAML, encodings of encodings, conditions that name a search a
//! thousand times, correlations of correlations) is refused, and all rules together have bounds as well. Where the specification leaves something open, `DECISIONS.md` says what is
//! done, and the tests hold it. Left out: conversion into query languages.

mod collection;
mod correlation;
mod expression;
mod pattern;
mod rule;
mod why;
mod yaml;

pub use collection::{Bucket, Collection, Refused, View};
pub use correlation::{Correlated, Correlation, Fired, correlate};
pub use rule::{About, Level, LogSource, Rule};
pub use why::why;
