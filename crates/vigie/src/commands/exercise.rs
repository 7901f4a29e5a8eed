//! `exercise` and `demo`: evidence with known truth.

use super::Outcome;
use crate::cli::{Demo, Exercise, Global};
use model::{Error, Result};

/// `vigie exercise`.
pub fn exercise(_args: &Exercise, _global: &Global) -> Result<Outcome> {
    Err(Error::new("exercises are not part of this build yet"))
}

/// `vigie demo`.
pub fn demo(_args: &Demo, _global: &Global) -> Result<Outcome> {
    Err(Error::new("the demonstration is not part of this build yet"))
}
