//! One JSON object a line. Keys are the usual names or mapped ones, dotted where they are nested (`author.id`).
//!
//! You may rely on: nesting is bounded by the parser. Left out: the platforms' own exports, which have readers.

use super::columns::{Mapping, Role};
use super::parse::{CELLS, Damage, Parsed, Wanted};
use serde_json::Value;

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
                _ => out.damage.push((Damage::Json, start as u32, line)),
            }
        }
        line += 1;
        start = end;
    }
    out.lines += u64::from(line);
}

/// The roles that an object has a value for.
pub fn roles(first: &Value, mapping: &Mapping, all: &[Role]) -> Vec<Role> {
    all.iter().copied().filter(|r| mapping.keys(*r).iter().any(|k| value(first, k).is_some())).collect()
}

/// Whether a piece of an object names this key, as far as can be told without its end.
pub fn has_key(piece: &[u8], key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    memchr::memmem::find_iter(piece, &quoted)
        .any(|at| piece[at + quoted.len()..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':'))
}

fn value<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    object.get(key).or_else(|| key.split('.').try_fold(object, |v, part| v.get(part))).filter(|v| !v.is_null())
}

/// What an object says under the first of these keys that it has.
pub fn said(object: &Value, keys: &[&str]) -> String {
    keys.iter().find_map(|key| value(object, key)).map(written).unwrap_or_default()
}

/// A value as a cell: texts as they are, lists item by item.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Object(_) => String::new(),
        other => other.to_string(),
    }
}
