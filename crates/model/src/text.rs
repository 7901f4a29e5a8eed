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

    /// A whole number in groups of three: `1,922`, `1 922`.
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (i, d) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(match self {
                    Lang::En => ',',
                    Lang::Fr => '\u{202f}',
                });
            }
            out.push(d);
        }
        out
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
        let number = Text::number(n);
        let pick = |single: bool, n: &str, one: &str, many: &str| format!("{n} {}", if single { one } else { many });
        Text::new(pick(n == 1, &number.en, one.0, many.0), pick(n < 2, &number.fr, one.1, many.1))
    }

    /// A whole number as each language writes it.
    pub fn number(n: u64) -> Text {
        Text::new(Lang::En.number(n), Lang::Fr.number(n))
    }

    /// The same as the beginning of a sentence: what begins with a word begins with a capital.
    pub fn capital(self) -> Text {
        let raise = |text: String| match text.chars().next() {
            Some(first) if first.is_lowercase() => first.to_uppercase().chain(text.chars().skip(1)).collect(),
            _ => text,
        };
        Text::new(raise(self.en), raise(self.fr))
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.of(&self.en, &self.fr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sentences_are_written_as_each_language_does() {
        assert_eq!(Text::number(132_902), Text::new("132,902", "132\u{202f}902"));
        assert_eq!(
            Text::count(1200, ("line", "ligne"), ("lines", "lignes")),
            Text::new("1,200 lines", "1\u{202f}200 lignes")
        );
        assert_eq!(Text::new("écart of one", "écart").capital(), Text::new("Écart of one", "Écart"));
        assert_eq!(Text::same("`x.example` looks").capital(), Text::same("`x.example` looks"));
    }
}
