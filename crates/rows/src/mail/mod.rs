//! Rows of mail: messages, what servers report of each other's, and what is found in them.

pub mod authentication;
pub mod dmarc;
pub mod message;
pub mod phishing;
pub mod report;
pub mod sign;
pub mod wave;
