//! The count itself: tables of results and of stations' minutes, held against one another at every level.
//!
//! A kernel: plain functions from tables to what is found. You may rely on: no I/O, no clock, no network; the same tables
//! give the same findings in the same order, whatever the order in which files were named. Left out: opening files, words
//! for people, judgement of how grave a finding is.
//!
//! It sees what happens from the count on. What happens before (who may vote, the secrecy of the booth, ballots put into the
//! box) it cannot see; nor can it say anything of votes cast online or by machine, which need proofs of their own.

pub mod audit;
pub mod batches;
pub mod build;
pub mod check;
pub mod forensics;
pub mod heads;
pub mod hint;
pub mod learn;
pub mod number;
pub mod polling;
pub mod upright;
pub mod when;
pub mod world;

pub use build::{About, Builder};
pub use check::{Report, check};
pub use forensics::forensics;
pub use learn::{Shape, learn};
pub use world::World;
