//! Words for people, in the two languages of the house. A detector writes both at once, so that no brief is half
//! translated; who prints chooses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The language of a brief or of a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// What stands between a word and what it is said of.
    pub fn colon(self) -> &'static str {
        self.of(": ", "\u{a0}: ")
    }

    /// The one of two words that is in this language.
    pub fn of<'a>(self, en: &'a str, fr: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }
}

/// French spacing of our own sentences: no-break before `:` and inside guillemets, narrow before `;`, `?`, `!`, `%`.
pub fn spaced(fr: &str) -> String {
    fr.replace(" :", "\u{a0}:")
        .replace("« ", "«\u{a0}")
        .replace(" »", "\u{a0}»")
        .replace(" ;", "\u{202f};")
        .replace(" ?", "\u{202f}?")
        .replace(" !", "\u{202f}!")
        .replace(" %", "\u{202f}%")
}

/// The same sentence in English and French.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Text {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Text {
    /// Both languages.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Text {
        Text { en: en.into(), fr: fr.into() }
    }

    /// A word that is the same in both (a name, a number).
    pub fn same(word: impl Into<String>) -> Text {
        let word = word.into();
        Text { en: word.clone(), fr: word }
    }

    /// How many of something: `1 request`, `12 requests`, in English and in French, where none is singular too.
    pub fn count(n: u64, one: (&str, &str), many: (&str, &str)) -> Text {
        let pick = |single: bool, one: &str, many: &str| format!("{n} {}", if single { one } else { many });
        Text::new(pick(n == 1, one.0, many.0), pick(n < 2, one.1, many.1))
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.of(&self.en, &self.fr)
    }
}
