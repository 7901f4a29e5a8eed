//! Counts by word, in the order in which they are given.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// How many of each: a JSON object of numbers whose order says something, as a `BTreeMap`'s does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counts<K>(pub Vec<(K, u64)>);

impl<K: fmt::Display> Counts<K> {
    /// The most frequent first, then by the word.
    pub fn most_first(counts: impl IntoIterator<Item = (K, u64)>) -> Counts<K> {
        let mut all: Vec<(K, u64)> = counts.into_iter().collect();
        all.sort_by_cached_key(|(word, n)| (std::cmp::Reverse(*n), word.to_string()));
        Counts(all)
    }
}

impl<K: Serialize> Serialize for Counts<K> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|(word, n)| (word, n)))
    }
}

impl<'de, K: Deserialize<'de>> Deserialize<'de> for Counts<K> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Each<K>(PhantomData<K>);
        impl<'de, K: Deserialize<'de>> Visitor<'de> for Each<K> {
            type Value = Counts<K>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("counts by word")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Counts<K>, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = map.next_entry()? {
                    all.push(one);
                }
                Ok(Counts(all))
            }
        }
        d.deserialize_map(Each(PhantomData))
    }
}

impl<K: JsonSchema> JsonSchema for Counts<K> {
    fn schema_name() -> Cow<'static, str> {
        format!("CountsBy{}", K::schema_name()).into()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        let words = g.subschema_for::<K>();
        json_schema!({
            "type": "object",
            "propertyNames": words,
            "additionalProperties": { "type": "integer", "minimum": 0 },
        })
    }
}
