//! Mail: whose it says it is, and whether that can be checked.

pub mod authentication;
