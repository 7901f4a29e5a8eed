//! Vocabularies: closed lists of words, each declared once with its word in JSON and its words for people.
//!
//! ```
//! model::vocabulary! {
//!     /// What came of it.
//!     pub enum Answer {
//!         /// The door stayed shut.
//!         No = "no" ("refused", "refusé"),
//!         /// It did not.
//!         Yes = "yes" ("let in", "accepté"),
//!     }
//! }
//! assert_eq!("yes".parse(), Ok(Answer::Yes));
//! assert_eq!(Answer::ALL.map(Answer::as_str), ["no", "yes"]);
//! assert_eq!(Answer::No.text().fr, "refusé");
//! ```
//!
//! You may rely on: the words are the same in JSON, SQL, CSV and on the command line, and the order of declaration is
//! the order of `ALL` and of `Ord`. Left out: words with a value, and lists that evidence can lengthen.

use serde::de::{Error, Visitor};
use std::{fmt, marker::PhantomData, str::FromStr};

/// Declares a vocabulary: an `enum` with `ALL`, `as_str`, `Display`, `FromStr`, its word in serde and JSON Schema, and, where the words
/// for people in English and French stand behind the word, `text`.
#[macro_export]
macro_rules! vocabulary {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident {
            $($(#[$meta:meta])* $variant:ident = $word:literal ($en:literal, $fr:literal)),+ $(,)?
        }
    ) => {
        $crate::vocabulary! { $(#[$about])* $vis enum $name { $($(#[$meta])* $variant = $word),+ } }

        #[allow(dead_code)] // A vocabulary offers all that a word can do.
        impl $name {
            /// The words for people.
            $vis fn text(self) -> $crate::Text {
                match self {
                    $(Self::$variant => $crate::Text::new($en, $fr)),+
                }
            }
        }

        impl From<$name> for $crate::Text {
            fn from(word: $name) -> Self {
                word.text()
            }
        }
    };
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident {
            $($(#[$meta:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $vis enum $name {
            $($(#[$meta])* $variant),+
        }

        #[allow(dead_code)]
        impl $name {
            /// All, in order.
            $vis const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// The word in JSON, SQL, CSV and on the command line.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::string::String;
            fn from_str(word: &str) -> ::std::result::Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(::std::format!("one of {}", [$($word),+].join(", "))),
                }
            }
        }

        impl $crate::vocabulary::Serialize for $name {
            fn serialize<S: $crate::vocabulary::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl $crate::vocabulary::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut $crate::vocabulary::SchemaGenerator) -> $crate::vocabulary::Schema {
                $crate::vocabulary::json_schema!({ "type": "string", "enum": &[$($word),+][..] })
            }
        }

        impl<'de> $crate::vocabulary::Deserialize<'de> for $name {
            fn deserialize<D: $crate::vocabulary::Deserializer<'de>>(d: D) -> ::std::result::Result<Self, D::Error> {
                $crate::vocabulary::word(d)
            }
        }
    };
}

#[doc(hidden)]
pub use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
#[doc(hidden)]
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Reads one of a vocabulary's words.
#[doc(hidden)]
pub fn word<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(d: D) -> Result<T, D::Error> {
    struct Word<T>(PhantomData<T>);
    impl<T: FromStr<Err = String>> Visitor<'_> for Word<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word")
        }
        fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
            word.parse().map_err(|words| E::custom(format!("`{word}` is not {words}")))
        }
    }
    d.deserialize_str(Word(PhantomData))
}

#[cfg(test)]
mod tests {
    crate::vocabulary! {
        /// Two words.
        enum Side {
            /// Port.
            Left = "left" ("left", "gauche"),
            /// Starboard.
            Right = "right" ("right", "droite"),
        }
    }

    #[test]
    fn a_word_is_the_same_wherever_it_stands() {
        for side in Side::ALL {
            assert_eq!(side.as_str().parse(), Ok(side));
            let json = serde_json::to_string(&side).unwrap();
            assert_eq!(json, format!("\"{side}\""));
            assert_eq!(serde_json::from_str::<Side>(&json).unwrap(), side);
        }
        assert_eq!(format!("{:>6}|{}", Side::Left, Side::Right.text().fr), "  left|droite");
    }

    #[test]
    fn an_unknown_word_is_told_the_known_ones() {
        assert_eq!("top".parse::<Side>(), Err("one of left, right".into()));
        let error = serde_json::from_str::<Side>("\"top\"").unwrap_err().to_string();
        assert!(error.starts_with("`top` is not one of left, right"), "{error}");
    }
}
