//! Named values that a kind of evidence or a detector adds to what all have.
//!
//! Most are written once, stored, and read once as the row they were: so they are held as the JSON that they are written
//! as, and become a map only for whoever asks for one field by name or changes one. You may rely on: what is held as
//! JSON is an object, no deeper than [`DEEPEST`]. Left out: what the fields of which row are (crate `rows`).

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// Brackets within brackets; serde_json itself gives up at 128, and a map must be had of all that was taken.
const DEEPEST: usize = 100;

/// Named values with the field's standard names; keys in the order they were set.
#[derive(Clone, Default)]
pub struct Fields {
    /// As written; none where the map was changed.
    json: Option<Box<RawValue>>,
    map: OnceLock<Map<String, Value>>,
}

impl Fields {
    /// No fields.
    pub fn new() -> Fields {
        Fields::default()
    }

    /// Of a row: a struct whose fields JSON can hold. None of anything else.
    pub fn of(row: &impl Serialize) -> Option<Fields> {
        let json = serde_json::value::to_raw_value(row).ok()?;
        json.get().starts_with('{').then(|| Fields { json: Some(json), map: OnceLock::new() })
    }

    /// The row they were, or a part of it: what is not asked for is passed over unread.
    pub fn to<R: DeserializeOwned>(&self) -> serde_json::Result<R> {
        match &self.json {
            Some(json) => serde_json::from_str(json.get()),
            None => R::deserialize(self.map()),
        }
    }

    /// The same, its texts where they lie here.
    pub fn borrowed<'f, R: Deserialize<'f>>(&'f self) -> serde_json::Result<R> {
        match &self.json {
            // Without an escape every text lies in the JSON as it is, and no map need be made.
            Some(json) if !json.get().contains('\\') => serde_json::from_str(json.get()),
            _ => R::deserialize(self.map()),
        }
    }

    fn map(&self) -> &Map<String, Value> {
        // A number too large for any type is the one thing that JSON may say and a map not hold: nobody of us writes it.
        let read = || self.json.as_ref().and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default();
        self.map.get_or_init(read)
    }
}

impl Deref for Fields {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Map<String, Value> {
        self.map()
    }
}

impl DerefMut for Fields {
    fn deref_mut(&mut self) -> &mut Map<String, Value> {
        self.map();
        self.json = None;
        // Just made, if it was not there.
        if self.map.get().is_none() {
            let _ = self.map.set(Map::new());
        }
        self.map.get_mut().expect("set above")
    }
}

impl From<Map<String, Value>> for Fields {
    fn from(map: Map<String, Value>) -> Fields {
        Fields { json: None, map: OnceLock::from(map) }
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        fields.map();
        Value::Object(fields.map.into_inner().unwrap_or_default())
    }
}

impl FromIterator<(String, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(all: I) -> Fields {
        Map::from_iter(all).into()
    }
}

impl IntoIterator for Fields {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.map();
        self.map.into_inner().unwrap_or_default().into_iter()
    }
}

impl<'f> IntoIterator for &'f Fields {
    type Item = (&'f String, &'f Value);
    type IntoIter = serde_json::map::Iter<'f>;

    fn into_iter(self) -> Self::IntoIter {
        self.map().iter()
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        match (&self.json, &other.json) {
            (Some(a), Some(b)) if a.get() == b.get() => true,
            _ => self.map() == other.map(),
        }
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.map().fmt(f)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.json {
            Some(json) => json.serialize(to),
            None => self.map().serialize(to),
        }
    }
}

/// From JSON alone.
impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Fields, D::Error> {
        let json = Box::<RawValue>::deserialize(from)?;
        match json.get().starts_with('{') && is_shallow(json.get()) {
            true => Ok(Fields { json: Some(json), map: OnceLock::new() }),
            false => Err(D::Error::custom("fields are no object, or one too deep")),
        }
    }
}

/// Whether JSON is no deeper than is taken: few brackets cannot be, wherever they stand.
fn is_shallow(json: &str) -> bool {
    json.bytes().filter(|b| matches!(b, b'{' | b'[')).count() <= DEEPEST || depth(json) <= DEEPEST
}

/// How deep the brackets of JSON go.
fn depth(json: &str) -> usize {
    let (mut deep, mut deepest, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => {
                deep += 1;
                deepest = deepest.max(deep);
            }
            b'}' | b']' if !text => deep = deep.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_the_same_as_json_and_as_a_map() {
        let json = r#"{"class":"sql_injection","paths":["a","{[\"["],"n":1.5}"#;
        let mut fields: Fields = serde_json::from_str(json).expect("fields");
        assert_eq!(serde_json::to_string(&fields).expect("json"), json);
        assert_eq!(fields["class"], "sql_injection");
        let map: Map<String, Value> = serde_json::from_str(json).expect("a map");
        assert_eq!(fields, Fields::from(map.clone()));
        assert_eq!(fields.to::<Map<String, Value>>().expect("a row"), map);
        fields.insert("n".into(), 2.into());
        assert_eq!(serde_json::to_string(&fields).expect("json"), json.replace("1.5", "2"));
        assert_ne!(fields, Fields::from(map));
        assert_eq!(Fields::of(&"text").is_none(), Fields::of(&[1]).is_none());
    }

    #[test]
    fn what_a_map_could_not_hold_is_refused() {
        let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(serde_json::from_str::<Fields>(&nested(99)).is_ok_and(|f| f.contains_key("a")));
        for wrong in ["[]", "1", "\"{\"", &nested(100), &nested(100_000)] {
            assert!(serde_json::from_str::<Fields>(wrong).is_err(), "{}", &wrong[..wrong.len().min(40)]);
        }
        assert!(serde_json::from_str::<Fields>(r#"{"a":1e999}"#).is_ok_and(|f| f.is_empty()));
    }
}
