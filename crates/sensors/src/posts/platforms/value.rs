//! Small readers of JSON values: what is text or number under a path, as text, whatever type the platform gave it.
//!
//! You may rely on: a missing key, `null` and a wrong type are all empty. Left out: which keys there are.

use serde_json::Value;

/// The value under a dotted path.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |v, key| v.get(key)).filter(|v| !v.is_null())
}

/// Text or number under a path.
pub fn text(value: &Value, path: &str) -> String {
    at(value, path).map(plain).unwrap_or_default()
}

/// The first of several paths that holds anything.
pub fn first(value: &Value, paths: &[&str]) -> String {
    paths.iter().map(|path| text(value, path)).find(|t| !t.is_empty()).unwrap_or_default()
}

/// Text or number as text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The members of a list under a path; of a single object, itself.
pub fn list<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    let found = at(value, path);
    let many = found.and_then(Value::as_array);
    many.into_iter().flatten().chain(found.filter(|v| v.is_object())).take(super::MEMBERS)
}

/// What members of a list say under a key, the empty left out.
pub fn texts(value: &Value, path: &str, key: &str) -> Vec<String> {
    list(value, path).map(|v| if key.is_empty() { plain(v) } else { text(v, key) }).filter(|t| !t.is_empty()).collect()
}
