//! Fields of a finding read by name. Only chapters know the names.

use model::Finding;
use serde_json::Value;

/// A textual field, `-` where there is none.
pub fn word<'f>(finding: &'f Finding, name: &str) -> &'f str {
    Some(text(finding, name)).filter(|w| !w.is_empty()).unwrap_or("-")
}

/// A textual field, empty where there is none.
pub fn text<'f>(finding: &'f Finding, name: &str) -> &'f str {
    finding.fields.get(name).and_then(Value::as_str).unwrap_or("")
}

/// A field that counts.
pub fn number(finding: &Finding, name: &str) -> u64 {
    finding.fields.get(name).and_then(Value::as_u64).unwrap_or(0)
}
