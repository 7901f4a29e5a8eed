//! Phrases: which of the lists in `silence_words.toml` begin at which word.

use crate::fold::Token;
use std::collections::HashMap;

/// A list of phrases by its name in the data.
pub type List = &'static str;

/// The lists that are looked for.
const LISTS: [List; 26] = [
    "poll",
    "electoral",
    "side",
    "elsewhere",
    "exit_poll",
    "result",
    "outcome",
    "seat",
    "turnout",
    "earlier",
    "future",
    "appeal",
    "call",
    "call_weak",
    "behind",
    "campaigning",
    "own",
    "meeting",
    "calls",
    "polemic",
    "advertising",
    "institutes",
    "media",
    "published",
    "fieldwork",
    "people",
];

/// A phrase found.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// In which list.
    pub list: List,
    /// Its first word.
    pub first: usize,
    /// The word after its last.
    pub end: usize,
}

#[derive(Debug)]
struct Phrase {
    list: List,
    words: Vec<(String, bool)>,
}

/// The phrases, by the first three letters of their first word.
#[derive(Debug)]
pub struct Phrases {
    by_head: HashMap<String, Vec<Phrase>>,
    hashtag: Vec<String>,
}

fn head(word: &str) -> String {
    word.chars().take(3).collect()
}

impl Phrases {
    /// Of the data, and words for movements' followers.
    pub fn new(people: impl Iterator<Item = String>) -> Phrases {
        let mut words = knowledge::law::words();
        words.insert("people".into(), people.collect());
        let hashtag = words.remove("hashtag").unwrap_or_default();
        let mut by_head: HashMap<String, Vec<Phrase>> = HashMap::new();
        for list in LISTS {
            for phrase in words.get(list).into_iter().flatten() {
                let words: Vec<(String, bool)> =
                    phrase.split(' ').map(|w| (w.trim_end_matches('*').to_string(), w.ends_with('*'))).collect();
                by_head.entry(head(&words[0].0)).or_default().push(Phrase { list, words });
            }
        }
        Phrases { by_head, hashtag }
    }

    /// Words that take sides in a hashtag with a name.
    pub fn hashtag(&self) -> &[String] {
        &self.hashtag
    }

    /// The phrases that begin at a word.
    pub fn at(&self, tokens: &[Token], first: usize, found: &mut Vec<Found>) {
        let Some(phrases) = self.by_head.get(&head(&tokens[first].text)) else { return };
        for phrase in phrases {
            let fits = phrase.words.iter().enumerate().all(|(i, (word, open))| {
                tokens
                    .get(first + i)
                    .is_some_and(|t| if *open { t.text.starts_with(word.as_str()) } else { t.text == *word })
            });
            if fits {
                found.push(Found { list: phrase.list, first, end: first + phrase.words.len() });
            }
        }
    }
}
