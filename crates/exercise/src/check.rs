//! What anything a scenario writes must be: names that are safe in file names and log lines, numbers within bounds.

use model::{Error, Result};

/// A name that is safe in a file name, a log line and a terminal.
pub(crate) fn name(what: &str, text: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if text.is_empty() || text.len() > 100 || text.starts_with('.') || !text.bytes().all(plain) {
        return Err(Error::new(format!("{what} is not usable: `{}`", shown(text)))
            .hint("up to 100 of the characters A–Z a–z 0–9 - _ . and no dot at the beginning"));
    }
    Ok(())
}

/// A name that may be left away.
pub(crate) fn label(text: &str) -> Result<()> {
    if text.is_empty() { Ok(()) } else { name("`label`", text) }
}

/// A number between two others.
pub(crate) fn number(what: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::new(format!("{what} is {value}")).hint(format!("between {low} and {high}")))
}

/// Text of the file, safe to print.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(60).flat_map(char::escape_debug).collect()
}
