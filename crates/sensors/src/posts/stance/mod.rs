//! Which side a text takes about somebody it names: for, against or unclear, with the words that say so.
//!
//! Small lists of words (`knowledge::stance`), clause by clause: a word counts for the name it stands nearest to, turns
//! over behind a negation, and not at all in somebody else's quoted words. It counts half, which alone is unclear, wherever
//! it is often meant otherwise ([`doubtful`]): in a question, behind a hedge, beside a second name, in a text that laughs.
//! A side told the wrong way round does more harm than none told.
//! You may rely on: a pure function of text and names, explained by [`Judged::words`]; what it cannot tell it calls
//! unclear. Left out: irony, pronouns across posts, pictures. The error is measured: `examples/posts_stance.rs`.

mod lexicon;
mod tokens;

use lexicon::{Lexicon, Sense};
use serde::Serialize;
use std::ops::Range;
use std::sync::LazyLock;
use tokens::{Token, tokens};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&knowledge::stance::Stance::embedded()));

/// Bytes of a text that are looked at.
const READ: usize = 4096;
/// Words before a word in which a negation turns it over.
const NEGATION: usize = 3;
/// Words between a call (`vote for`) and the name it is about.
const NEAR: usize = 3;
/// Words behind which stands what a thing is compared with.
const THAN: [&str; 6] = ["que", "qu", "than", "als", "che", "чем"];
/// A point, in halves: a doubtful word counts half.
const POINT: i32 = 2;

/// Which side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// For them.
    For,
    /// Against them.
    Against,
    /// Neither, or it cannot be told.
    Unclear,
}

/// What a text says of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Who, by the place among the names given.
    pub who: usize,
    /// The side.
    pub side: Side,
    /// The words that speak for the side taken, and those against it.
    pub words: Vec<String>,
}

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

/// A name in a text.
struct Mention {
    who: usize,
    at: Range<usize>,
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

    /// How many.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What a text says of everybody it names, by who.
    pub fn judge(&self, text: &str) -> Vec<Judged> {
        let words = tokens(&text[..text.floor_char_boundary(READ)]);
        let mentions = self.mentions(&words);
        if mentions.is_empty() {
            return Vec::new();
        }
        let mut sums: Vec<([i32; 2], bool, Vec<String>)> = vec![([0; 2], false, Vec::new()); self.names.len()];
        let laughs = LEXICON.laughs(text, &words);
        for (who, points, said) in self.tags(&words).into_iter().chain(cues(&words, &mentions)) {
            // Praise in a text that laughs may be mockery; blame is blame.
            let points = if laughs && points > 0 { points.min(1) } else { points };
            sums[who].0[usize::from(points < 0)] += points;
            sums[who].1 |= points.abs() >= POINT;
            sums[who].2.push(said);
        }
        let mut named: Vec<usize> = mentions.iter().map(|m| m.who).collect();
        named.sort_unstable();
        named.dedup();
        let judged = named.into_iter().map(|who| {
            let ([good, bad], sure, words) = std::mem::take(&mut sums[who]);
            // Doubtful words alone tell nothing, however many; and who says both must say one of them twice as loud.
            let side = match good + bad {
                _ if !sure => Side::Unclear,
                POINT.. if good >= -2 * bad => Side::For,
                ..=-2 if -bad >= 2 * good => Side::Against,
                _ => Side::Unclear,
            };
            Judged { who, side, words }
        });
        judged.collect()
    }

    fn mentions(&self, words: &[Token]) -> Vec<Mention> {
        let mut found: Vec<Mention> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let here = self.names.iter().enumerate().filter_map(|(who, name)| {
                let len = [&name.full, &name.short].into_iter().find(|n| stands(n, &words[at..])).map(Vec::len);
                len.or_else(|| (words[at].tag && name.in_tag(&words[at].text).is_some()).then_some(1))
                    .map(|len| (len, who))
            });
            let longest = here.max_by_key(|&(len, who)| (len, std::cmp::Reverse(who)));
            if let Some((len, who)) = longest {
                found.push(Mention { who, at: at..at + len });
                at += len;
            } else {
                at += 1;
            }
        }
        found
    }

    /// Hashtags made of a name and a call.
    fn tags(&self, words: &[Token]) -> Vec<(usize, i32, String)> {
        let mut found = Vec::new();
        for word in words.iter().filter(|w| w.tag) {
            for (who, name) in self.names.iter().enumerate() {
                let side = name.in_tag(&word.text).and_then(|parts| LEXICON.tag(parts));
                found.extend(side.map(|points| (who, points * POINT, format!("#{}", word.text))));
            }
        }
        found
    }
}

impl Name {
    /// What stands before and after the name in a hashtag.
    fn in_tag<'t>(&self, tag: &'t str) -> Option<[&'t str; 2]> {
        [self.full.concat(), self.short.concat()].iter().filter(|n| n.chars().count() >= 4).find_map(|name| {
            let at = tag.find(name.as_str())?;
            Some([&tag[..at], &tag[at + name.len()..]])
        })
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

/// What the words of a text are worth: for whom, how much, and which.
fn cues(words: &[Token], mentions: &[Mention]) -> Vec<(usize, i32, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((sense, len)) = LEXICON.at(&words[at..]).filter(|_| !named(mentions, at) && !words[at].quoted) else {
            at += 1;
            continue;
        };
        let cue = at..at + len;
        let turned = !LEXICON.negates(&words[at].text) && negated(words, at);
        let worth = |points: i32, who: usize| {
            let worth = if doubtful(words, mentions, &cue, sense, who) { points.signum() } else { points * POINT };
            if turned { -worth } else { worth }
        };
        let said = words[cue.clone()].iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        let said = if turned { format!("¬ {said}") } else { said };
        let clause = words[at].clause;
        let next = mentions.iter().find(|m| m.at.start >= cue.end && words[m.at.start].clause == clause);
        let next = next.filter(|m| m.at.start - cue.end < NEAR);
        let before = mentions.iter().rev().find(|m| m.at.end <= cue.start);
        match sense {
            Sense::Good | Sense::Bad => {
                let who = nearest(words, mentions, &cue);
                found.extend(who.map(|who| (who, worth(if sense == Sense::Good { 1 } else { -1 }, who), said)));
            }
            Sense::For | Sense::Against => {
                // `never` calls for something only right before a name: elsewhere it negates.
                let near = if LEXICON.negates(&words[at].text) { 1 } else { NEAR };
                // `Rather vote for a goat than for her` calls for nobody named.
                let than = |m: &&Mention| words[cue.end..m.at.start].iter().any(|w| THAN.contains(&w.text.as_str()));
                let next = next.filter(|m| m.at.start - cue.end < near).filter(|m| !than(m));
                found.extend(next.map(|m| (m.who, worth(if sense == Sense::For { 2 } else { -2 }, m.who), said)));
            }
            Sense::Better => {
                found.extend(before.map(|m| (m.who, worth(2, m.who), said.clone())));
                found.extend(next.map(|m| (m.who, worth(-2, m.who), said)));
            }
        }
        at = cue.end;
    }
    found
}

/// Whether a word is often meant otherwise than it stands there: in a question; behind a hedge (`if`, `so-called`, `he
/// says`); thanks; praise or blame in a clause that names somebody else or not the one it is said of; blame turned over (`no
/// liar` is little praise); and where a negation stands in the clause, but not near before the word.
fn doubtful(words: &[Token], mentions: &[Mention], cue: &Range<usize>, sense: Sense, who: usize) -> bool {
    let clause = words[cue.start].clause;
    let first = words[..cue.start].iter().rposition(|w| w.clause != clause).map_or(0, |n| n + 1);
    let after = &words[cue.end..];
    let after = &after[..after.iter().position(|w| w.clause != clause).unwrap_or(after.len())];
    let opinion = matches!(sense, Sense::Good | Sense::Bad);
    let here = || mentions.iter().filter(|m| words[m.at.start].clause == clause);
    let negates = |w: &Token| LEXICON.negates(&w.text);
    let turned = negated(words, cue.start);
    words[cue.start].question
        || words[first..cue.start].iter().any(|w| LEXICON.hedges(&w.text))
        || sense == Sense::Good && LEXICON.thanks(&words[cue.start].text)
        || opinion && (here().any(|m| m.who != who) || !here().any(|m| m.who == who))
        || sense == Sense::Bad && turned
        || !turned && (words[first..cue.start].iter().any(negates) || opinion && after.iter().take(NEAR).any(negates))
}

fn named(mentions: &[Mention], at: usize) -> bool {
    mentions.iter().any(|m| m.at.contains(&at))
}

fn negated(words: &[Token], at: usize) -> bool {
    let from = at.saturating_sub(NEGATION);
    words[from..at].iter().any(|w| w.clause == words[at].clause && LEXICON.negates(&w.text))
}

/// Whom a word is about: the name nearest in its clause, else the one named before, else the only one that comes.
fn nearest(words: &[Token], mentions: &[Mention], cue: &Range<usize>) -> Option<usize> {
    let clause = words[cue.start].clause;
    let distance =
        |m: &&Mention| if m.at.end <= cue.start { cue.start - m.at.end } else { m.at.start.saturating_sub(cue.end) };
    let here = mentions.iter().filter(|m| words[m.at.start].clause == clause).min_by_key(distance);
    let earlier = || mentions.iter().rev().find(|m| m.at.end <= cue.start);
    let only = || mentions.first().filter(|first| mentions.iter().all(|m| m.who == first.who));
    here.or_else(earlier).or_else(only).map(|m| m.who)
}

/// Whether a text says that papers were leaked, stolen or are internal; its hashtags apart.
pub fn says_leak(text: &str) -> bool {
    LEXICON.leak(&tokens(&text[..text.floor_char_boundary(READ)]))
}

/// The words of a text, lower case and without accents.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    tokens(&text[..text.floor_char_boundary(READ)]).into_iter().filter(|t| !t.tag).map(|t| t.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, Side)]) {
        let people = People::new(&["Anna Brandt", "Paul Le Goff"]);
        let found: Vec<(usize, Side)> = people.judge(text).into_iter().map(|j| (j.who, j.side)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn sides_are_told() {
        check("Brandt is honest", &[(0, Side::For)]);
        check("Brandt is not honest", &[(0, Side::Against)]);
        check("« Brandt est une menteuse », dit-il", &[(0, Side::Unclear)]);
        check("Votez Le Goff !", &[(1, Side::For)]);
        check("Brandt is better than Paul Le Goff", &[(0, Side::For), (1, Side::Against)]);
        check("#StopLeGoff", &[(1, Side::Against)]);
        check("Brandt and Le Goff meet at noon", &[(0, Side::Unclear), (1, Side::Unclear)]);
        check("the weather is great", &[]);
    }

    #[test]
    fn two_of_one_family_need_their_whole_names() {
        let people = People::new(&["Anna Brandt", "Ulf Brandt"]);
        assert!(people.judge("Brandt is great").is_empty());
        assert_eq!(people.judge("Ulf Brandt is great").first().map(|j| j.who), Some(1));
    }

    #[test]
    fn hostile_texts_are_bounded() {
        check(&"#".repeat(100_000), &[]);
        check(&format!("Brandt {}", "not ".repeat(50_000)), &[(0, Side::Unclear)]);
        check("\u{202e}Brandt\u{0}\"«", &[(0, Side::Unclear)]);
    }
}
