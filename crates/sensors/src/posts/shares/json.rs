//! One JSON object a line. Keys are the usual names or mapped ones, dotted where they are nested (`author.id`).
//!
//! You may rely on: nesting is bounded by the parser; what a program that cuts texts by bytes or by halves of pairs
//! leaves broken costs a letter, not the post. Left out: the platforms' own exports, which have readers.

use super::columns::Mapping;
use super::parse::{CELLS, Fault, Parsed, Wanted};
use serde_json::Value;
use std::borrow::Cow;

/// From here on a number with a fraction part tells whole numbers apart no more (2⁵³).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads all lines of a chunk.
pub fn parse(bytes: &[u8], wanted: &Wanted, mapping: &Mapping, out: &mut Parsed) {
    let keys: Vec<Vec<&str>> = wanted.roles().iter().map(|r| mapping.keys(*r)).collect();
    let (mut start, mut line) = (0, 0u32);
    while start < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
        let text = bytes[start..end].trim_ascii();
        if !text.is_empty() {
            match object(text) {
                Some(value) => {
                    let cells: Vec<String> = keys.iter().map(|keys| said(&value, keys)).collect();
                    let mut slices: [&[u8]; CELLS] = [&[]; CELLS];
                    for (slice, cell) in slices.iter_mut().zip(&cells) {
                        *slice = cell.as_bytes();
                    }
                    wanted.push(&slices, start as u32, (end - start) as u32, line, out);
                }
                None => out.damage.push((Fault::Json, start as u32, line)),
            }
        }
        line += 1;
        start = end;
    }
    out.lines += u64::from(line);
}

/// A line's object.
pub fn object(line: &[u8]) -> Option<Value> {
    let read = |line: &[u8]| serde_json::from_slice(line).ok().filter(Value::is_object);
    read(line).or_else(|| read(&mended(line)))
}

/// A line whose bytes that are no UTF-8 and whose lone halves of surrogate pairs are U+FFFD.
fn mended(line: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let next = rest.get(6..).and_then(half);
        let (kept, taken) = match (half(rest), next) {
            (Some('d'), Some('u')) => (rest.get(..12), 12),
            (Some(_), _) => (Some("\\ufffd"), 6),
            // An escape of one letter, which may be a backslash itself.
            (None, _) => (rest.get(..2), 2),
        };
        out.push_str(kept.unwrap_or(rest));
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out.into_bytes()
}

/// Whether an escape at the beginning is the first half of a pair (`d`, D800–DBFF) or the second (`u`, DC00–DFFF).
fn half(text: &str) -> Option<char> {
    let code = text.strip_prefix("\\u").and_then(|t| t.get(..4)).and_then(|hex| u16::from_str_radix(hex, 16).ok())?;
    match code {
        0xd800..=0xdbff => Some('d'),
        0xdc00..=0xdfff => Some('u'),
        _ => None,
    }
}

/// Levels of objects whose members are looked at as columns.
const LEVELS: usize = 4;

/// Visits the keys of an object, dotted where they are nested, that hold a value.
pub fn paths(value: &Value, each: &mut dyn FnMut(&str)) {
    fn inner(value: &Value, before: &str, level: usize, each: &mut dyn FnMut(&str)) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let path = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
            match value {
                Value::Null => {}
                Value::Object(_) if level + 1 < LEVELS => inner(value, &path, level + 1, each),
                Value::Object(_) => {}
                _ => each(&path),
            }
        }
    }
    inner(value, "", 0, each);
}

/// What stands under a key, dotted perhaps; an object is no cell, its members are.
fn value<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    let found = object.get(key).or_else(|| key.split('.').try_fold(object, |v, part| v.get(part)));
    found.filter(|v| !v.is_null() && !v.is_object())
}

/// The keys of an object's beginning, of all levels, each with an empty value.
pub fn keys(beginning: &[u8]) -> Value {
    let text = String::from_utf8_lossy(beginning);
    let quoted = text.match_indices('"').map(|(at, _)| at);
    let mut open = None;
    let mut keys = serde_json::Map::new();
    for at in quoted.filter(|at| !text[..*at].ends_with('\\')) {
        match open.take() {
            None => open = Some(at + 1),
            Some(from) if text[at + 1..].trim_start().starts_with(':') && at - from < 100 => {
                keys.insert(text[from..at].to_string(), Value::from(""));
            }
            Some(_) => {}
        }
    }
    keys.into()
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
        // Beyond 64 bits the parser rounds: two ids would become one.
        Value::Number(number) if number.is_f64() && number.as_f64().is_some_and(|n| n.abs() >= EXACT) => String::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_letter_costs_itself_only() {
        let text = |line: &[u8]| object(line).map(|o| said(&o, &["text"]));
        assert_eq!(text(br#"{"text":"a\ud83d"}"#).as_deref(), Some("a\u{fffd}"));
        assert_eq!(
            text(br#"{"text":"\udc00\ud83d\ude00\\ud800\ud800"}"#).as_deref(),
            Some("\u{fffd}😀\\ud800\u{fffd}")
        );
        assert_eq!(text(b"{\"text\":\"\xe9t\xe9\"}").as_deref(), Some("\u{fffd}t\u{fffd}"));
        for bad in [&b"{\"text\":\"\\"[..], b"{\"text\":\"\\u", b"[1]", b"\\ud800", b"{\"text\":\"\\ud800\\"] {
            assert_eq!(text(bad), None);
        }
    }

    #[test]
    fn keys_of_a_record_that_is_cut() {
        let Value::Object(found) = keys(br#"{"id": "a\"b", "user":{"name" :1},"text":"no: "yes""#) else { panic!() };
        assert_eq!(found.keys().collect::<Vec<_>>(), ["id", "user", "name", "text"]);
    }

    #[test]
    fn numbers_that_are_rounded_are_no_ids() {
        let id = |line: &str| object(line.as_bytes()).map(|o| said(&o, &["id"])).unwrap_or_default();
        assert_eq!(id(r#"{"id":18446744073709551615}"#), "18446744073709551615");
        assert_eq!(id(r#"{"id":123456789012345678901}"#), "");
        assert_eq!(id(r#"{"id":1500000000.5}"#), "1500000000.5");
    }
}
