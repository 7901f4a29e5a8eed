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

/// The strings of a list field, all of them.
pub fn texts<'f>(finding: &'f Finding, name: &str) -> impl Iterator<Item = &'f str> + use<'f> {
    objects(finding, name).filter_map(Value::as_str)
}

/// The items of a list field.
pub fn objects<'f>(finding: &'f Finding, name: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
    finding.fields.get(name).and_then(Value::as_array).into_iter().flatten()
}
