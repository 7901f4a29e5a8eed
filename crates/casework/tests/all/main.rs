//! The casework's integration tests: one binary, for linking is slow.

mod brief;
mod browser;
mod export;
mod made;
mod mail;
mod posts;
mod story;
mod unknown;
