//! The keys that a struct is read from, and the known one nearest to a wrong one.

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// The keys that a struct is read from, as its derived reader names them.
pub(crate) fn keys<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut found: &[&str] = &[];
    // Asking is enough: the answer comes before anything is read.
    let _ = T::deserialize(Ask(&mut found));
    found
}

struct Ask<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Ask<'_> {
    type Error = de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(de::Error::custom("asked for its keys only"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("no struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The known word nearest to a wrong one, if it is near enough to have been meant.
pub(crate) fn nearest<'k>(wrong: &str, known: &[&'k str]) -> Option<&'k str> {
    let wrong: Vec<char> = wrong.chars().take(64).collect();
    let near = known.iter().map(|word| (distance(&wrong, word), *word)).min()?;
    (near.0 <= 1 + wrong.len() / 3).then_some(near.1)
}

/// Insertions, deletions and replacements between two words (Levenshtein).
fn distance(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, y) in b.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, x) in a.iter().enumerate() {
            let changed = before + usize::from(*x != y);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant() {
        let known = ["sites", "size", "attempts", "outages"];
        assert_eq!(nearest("site", &known), Some("sites"));
        assert_eq!(nearest("attempt", &known), Some("attempts"));
        assert_eq!(nearest("weather", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
