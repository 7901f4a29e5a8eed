//! The sensors' integration tests: one binary, for linking is slow.

mod names;
mod posts;
mod specifications;
