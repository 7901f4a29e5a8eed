//! Copied text.
pub mod candidates;
pub mod cluster;
pub mod corpus;
pub mod normalise;
pub mod verify;
