//! Posts.
pub mod text;
