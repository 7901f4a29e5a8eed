//! The sensors' integration tests: one binary, for linking is slow.

mod events;
mod mail;
mod names;
mod platforms;
mod posts;
mod slices;
mod specifications;
