//! Time stamps of heads, as files: RFC 3161 and OpenTimestamps.

use super::Outcome;
use crate::cli::Prove;
use crate::output::Style;
use model::{Error, Result, Text, Time};
use serde_json::Value;
use std::path::Path;

/// What a stamp shows.
pub struct Judged {
    /// Whether it holds.
    pub outcome: Outcome,
    /// When the head existed, if it does.
    pub at: Option<Time>,
    /// In words.
    pub text: Text,
    /// As JSON.
    pub json: Value,
}

/// Writes a request.
pub fn request(_home: &Path, _out: &Path, _style: &Style) -> Result<Outcome> {
    Err(Error::new("not there yet"))
}

/// Takes a stamp in.
pub fn keep(_home: &Path, _path: &Path, _style: &Style) -> Result<()> {
    Err(Error::new("not there yet"))
}

/// Judges a stamp.
pub fn judge(_path: &Path, _args: &Prove, _text: &str) -> Result<Judged> {
    Err(Error::new("not there yet"))
}
