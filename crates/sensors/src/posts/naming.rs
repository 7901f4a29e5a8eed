//! Whom a text names, its words, and whether it says that papers were leaked.
//!
//! You may rely on: pure functions of the text; at most [`READ`] bytes of it are looked at. Left out: on which side a text is. It was
//! told of words alone once; of real posts a third of the sides told were right, so none is told.

use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

static LEAKS: LazyLock<Leaks> = LazyLock::new(|| Leaks::new(&knowledge::leak::Leak::embedded()));

/// Bytes of a text that are looked at.
const READ: usize = 4096;

/// Somebody whose name is looked for.
#[derive(Clone, Debug)]
struct Name {
    /// All words, as in `First Last`.
    full: Vec<String>,
    /// The words that stand for them alone: the family name, or all where two share it.
    short: Vec<String>,
}

/// Those whose names are looked for.
#[derive(Clone, Debug)]
pub struct People {
    names: Vec<Name>,
}

impl People {
    /// Of names as people write them, `First Last`.
    pub fn new<S: AsRef<str>>(names: &[S]) -> People {
        let full: Vec<Vec<String>> =
            names.iter().map(|n| tokens(n.as_ref()).into_iter().map(|t| t.text).collect()).collect();
        let family = |words: &Vec<String>| words.get(usize::from(words.len() > 1)..).unwrap_or(&[]).to_vec();
        let shared = |short: &Vec<String>| full.iter().filter(|f| family(f) == *short).count() > 1;
        let name = |full: &Vec<String>| {
            let short = Some(family(full)).filter(|s| !shared(s)).unwrap_or_else(|| full.clone());
            Name { full: full.clone(), short }
        };
        People { names: full.iter().map(name).collect() }
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whom a text names, by their places among the names given, each once.
    pub fn named(&self, text: &str) -> Vec<usize> {
        let words = tokens(&text[..text.floor_char_boundary(READ)]);
        let mut found: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let here = self.names.iter().enumerate().filter_map(|(who, name)| {
                let len = [&name.full, &name.short].into_iter().find(|n| stands(n, &words[at..])).map(Vec::len);
                len.or_else(|| (words[at].tag && name.is_in_tag(&words[at].text)).then_some(1)).map(|len| (len, who))
            });
            let longest = here.max_by_key(|&(len, who)| (len, std::cmp::Reverse(who)));
            found.extend(longest.map(|(_, who)| who));
            at += longest.map_or(1, |(len, _)| len);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Name {
    fn is_in_tag(&self, tag: &str) -> bool {
        [self.full.concat(), self.short.concat()].iter().any(|n| n.chars().count() >= 4 && tag.contains(n.as_str()))
    }
}

/// Whether words stand at the beginning of others, declined perhaps.
fn stands(name: &[String], words: &[Token]) -> bool {
    let is = |(name, word): (&String, &Token)| !word.tag && declined(name, &word.text);
    !name.is_empty() && name.len() <= words.len() && name.iter().zip(words).all(is)
}

/// Whether a word is a name with a genitive's `s`, or with up to three letters of Cyrillic declension in place of a
/// last soft sign or vowel.
fn declined(name: &str, word: &str) -> bool {
    if name.chars().all(|c| ('\u{400}'..'\u{500}').contains(&c)) && name.chars().count() > 3 {
        let stem = name.trim_end_matches(['ь', 'и', 'а', 'я']);
        return word.strip_prefix(stem).is_some_and(|ending| ending.chars().count() <= 3);
    }
    matches!(word.strip_prefix(name), Some("" | "s"))
}

/// Whether a text says that papers were leaked, stolen or are internal; its hashtags apart.
pub fn says_leak(text: &str) -> bool {
    LEAKS.are_said(&tokens(&text[..text.floor_char_boundary(READ)]))
}

/// The words of a text, lower case and without accents.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    tokens(&text[..text.floor_char_boundary(READ)]).into_iter().filter(|t| !t.tag).map(|t| t.text)
}

/// A word of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Token {
    /// Lower case, without accents (`й` and `ё` keep theirs no more than `é` does).
    text: String,
    /// A hashtag, without its mark.
    tag: bool,
}

/// The words of a text. Links and mentions are left out.
fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut word = Token::default();
    let end = |word: &mut Token, all: &mut Vec<Token>| {
        let done = std::mem::take(word);
        if !done.text.is_empty() {
            all.push(done);
        }
    };
    for part in text.split_inclusive(char::is_whitespace) {
        if part.starts_with("http://") || part.starts_with("https://") || part.starts_with('@') {
            continue;
        }
        for c in part.nfd().filter(|&c| !is_combining_mark(c)) {
            if c.is_alphanumeric() || c == '_' && word.tag {
                word.text.extend(c.to_lowercase());
            } else {
                end(&mut word, &mut all);
                word.tag |= c == '#';
            }
        }
    }
    end(&mut word, &mut all);
    all
}

/// A word of the list.
struct Word {
    text: String,
    stem: bool,
}

impl Word {
    fn new(text: &str) -> Word {
        // As words of a text are spelt: `й` too loses its mark.
        let plain = text.trim_end_matches('*').nfd().filter(|&c| !is_combining_mark(c));
        Word { text: plain.collect(), stem: text.ends_with('*') }
    }

    fn is(&self, word: &str) -> bool {
        if self.stem { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// What says that papers were leaked, by the beginning of its first word.
struct Leaks {
    entries: HashMap<String, Vec<Vec<Word>>>,
    /// The shortest and longest beginning, in bytes.
    bytes: (usize, usize),
}

impl Leaks {
    fn new(data: &knowledge::leak::Leak) -> Leaks {
        let mut entries: HashMap<String, Vec<Vec<Word>>> = HashMap::new();
        for entry in &data.leak {
            let words: Vec<Word> = entry.split(' ').map(Word::new).collect();
            entries.entry(words[0].text.clone()).or_default().push(words);
        }
        let bytes = |b: fn(usize, usize) -> usize| entries.keys().map(String::len).reduce(b).unwrap_or_default();
        let bytes = (bytes(usize::min), bytes(usize::max));
        Leaks { entries, bytes }
    }

    fn are_said(&self, words: &[Token]) -> bool {
        let (least, most) = self.bytes;
        (0..words.len()).filter(|at| !words[*at].tag).any(|at| {
            let word = words[at].text.as_str();
            let beginnings = (least..=word.len().min(most)).filter_map(|end| word.get(..end));
            let mut here = beginnings.filter_map(|b| self.entries.get(b)).flatten();
            here.any(|entry| {
                at + entry.len() <= words.len() && entry.iter().zip(&words[at..]).all(|(e, w)| e.is(&w.text))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[usize]) {
        assert_eq!(People::new(&["Anna Brandt", "Paul Le Goff"]).named(text), expected, "{text}");
    }

    #[test]
    fn people_are_named_whole_by_family_and_in_tags() {
        check("Brandt is honest, says Anna Brandt", &[0]);
        check("Votez Le Goff !", &[1]);
        check("Brandt's plan and Paul Le Goff", &[0, 1]);
        check("#StopLeGoff", &[1]);
        check("the weather is great", &[]);
    }

    #[test]
    fn two_of_one_family_need_their_whole_names() {
        let people = People::new(&["Anna Brandt", "Ulf Brandt"]);
        assert!(people.named("Brandt is great").is_empty());
        assert_eq!(people.named("Ulf Brandt is great"), [1]);
    }

    #[test]
    fn hostile_texts_are_bounded() {
        check(&"#".repeat(100_000), &[]);
        check(&format!("Brandt {}", "not ".repeat(50_000)), &[0]);
        check("\u{202e}Brandt\u{0}\"«", &[0]);
    }
}
