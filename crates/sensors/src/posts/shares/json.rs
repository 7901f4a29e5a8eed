//! One JSON object a line. Keys are the usual names or mapped ones, dotted where they are nested (`author.id`).
//!
//! You may rely on: nesting is bounded by the parser. Left out: the platforms' own exports, which have readers.

use super::columns::{Mapping, Role};
use super::parse::{CELLS, Fault, Parsed, Wanted};
use serde_json::Value;
use std::borrow::Cow;

/// Reads all lines of a chunk.
pub fn parse(bytes: &[u8], wanted: &Wanted, mapping: &Mapping, out: &mut Parsed) {
    let keys: Vec<Vec<&str>> = wanted.roles().iter().map(|r| mapping.keys(*r)).collect();
    let (mut start, mut line) = (0, 0u32);
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
        let text = bytes[start..end].trim_ascii();
        if !text.is_empty() {
            match serde_json::from_slice::<Value>(text) {
                Ok(value @ Value::Object(_)) => {
                    let cells: Vec<String> = keys.iter().map(|keys| said(&value, keys)).collect();
                    let mut slices: [&[u8]; CELLS] = [&[]; CELLS];
                    for (slice, cell) in slices.iter_mut().zip(&cells) {
                        *slice = cell.as_bytes();
                    }
                    wanted.push(&slices, start as u32, (end - start) as u32, line, out);
                }
                _ => out.damage.push((Fault::Json, start as u32, line)),
            }
        }
        line += 1;
        start = end;
    }
    out.lines += u64::from(line);
}

/// The roles that an object has a value for.
pub fn roles(first: &Value, mapping: &Mapping) -> Vec<Role> {
    Role::ALL.into_iter().filter(|r| mapping.keys(*r).iter().any(|k| value(first, k).is_some())).collect()
}

/// What stands under a key, dotted perhaps; an object is no cell, its members are.
fn value<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    let found = object.get(key).or_else(|| key.split('.').try_fold(object, |v, part| v.get(part)));
    found.filter(|v| !v.is_null() && !v.is_object())
}

/// What an object says under the first of these keys that it has.
pub fn said(object: &Value, keys: &[&str]) -> String {
    keys.iter().find_map(|key| value(object, key)).map(written).unwrap_or_default()
}

/// What of an object in a list is meant: a link's target, a tag's or a user's name.
const MEMBERS: [&str; 8] = ["unwound_url", "expanded_url", "expanded", "url", "tag", "text", "username", "screen_name"];

/// A value as a cell: texts as they are, lists item by item.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(" "),
        Value::Object(members) => MEMBERS.iter().find_map(|m| members.get(*m)?.as_str()).unwrap_or_default().into(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A cell that holds a list as JSON (twarc's CSV), as a list of words; any other as it is.
pub fn list(cell: &str) -> Cow<'_, str> {
    match cell.starts_with("[{").then(|| serde_json::from_str::<Value>(cell)) {
        Some(Ok(list)) => Cow::Owned(written(&list)),
        _ => Cow::Borrowed(cell),
    }
}
