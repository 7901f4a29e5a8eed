//! Whom and what a text names: candidates and movements, however they are written.
//!
//! You may rely on: a name is found in other letters that look alike, in inflected words (*macroniste*), as initials, in
//! hashtags, handles and addresses, letter by letter, and in lines shown backwards. Left out: misspelt names, nicknames that
//! no list has.

use crate::fold::{Token, shape};
use crate::markup::Ch;
use knowledge::law::Names;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// What is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// A candidate, or a figure where no list of candidates is known.
    Candidate,
    /// A movement.
    Movement,
}

/// A name found.
#[derive(Clone, Debug)]
pub struct Named {
    /// What.
    pub what: What,
    /// Whom, as the list has it.
    pub who: String,
    /// Its words.
    pub tokens: Range<usize>,
    /// Its characters.
    pub chars: Range<usize>,
    /// It stands in a hashtag, a handle or an address, which goes as a whole; what that reads.
    pub run: Option<String>,
}

/// How the words of a pattern must be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Written {
    Anyhow,
    /// With a capital first.
    Capital,
    /// In capitals.
    Upper,
    /// Behind M. or Mme.
    Titled,
    /// Beside a word such as *party*.
    Beside,
}

#[derive(Debug)]
struct Pattern {
    words: Vec<String>,
    written: Written,
    who: usize,
}

/// The names looked for.
#[derive(Debug, Default)]
pub struct Lexicon {
    who: Vec<(String, What)>,
    patterns: HashMap<String, Vec<Pattern>>,
    /// Surnames without spaces, that endings are hung on.
    stems: Vec<(String, usize)>,
    /// What a hashtag or an address holds.
    held: Vec<(String, usize)>,
    /// First names: they name somebody in a hashtag with a year, or behind a call to vote.
    first: BTreeMap<String, usize>,
    /// Initials of three letters and more.
    initials: BTreeMap<String, usize>,
}

/// Endings that make a word of a surname.
const ENDINGS: [&str; 26] = [
    "iste", "istes", "isme", "ismes", "ien", "iens", "ienne", "iennes", "ie", "ies", "iser", "isation", "ise", "isee",
    "ises", "esque", "esques", "phile", "phobe", "phobie", "mania", "manie", "leaks", "ism", "ist", "ists",
];
const BEGINNINGS: [&str; 9] = ["anti", "pro", "ex", "neo", "post", "ultra", "crypto", "super", "contre"];
/// Shortest surname that is looked for inside longer words.
const HELD: usize = 5;
/// What stands before a first name in a hashtag that calls to vote for somebody.
const CALLED: [&str; 6] = ["jevote", "jevotepour", "votez", "votezpour", "avec", "tousavec"];
/// Words beside which a movement with a name of every day is meant.
const BESIDE: [&str; 14] = [
    "parti",
    "liste",
    "mouvement",
    "candidat",
    "candidate",
    "candidats",
    "deputes",
    "elus",
    "militants",
    "vote",
    "votez",
    "party",
    "list",
    "groupe",
];

fn words(name: &str) -> Vec<String> {
    let mut chars = Vec::new();
    for (at, c) in name.char_indices() {
        chars.push(Ch { c, at: at as u32, len: c.len_utf8() as u16 });
    }
    crate::fold::Fold::default().tokens(&chars).into_iter().map(|t| t.text).collect()
}

fn shaped(name: &str) -> Vec<String> {
    words(name).iter().map(|w| shape(w)).collect()
}

impl Lexicon {
    /// The names of the data for these keys (an election, a round of it, `figures`), and people a user names: each line a
    /// name, then aliases behind commas.
    pub fn new(data: &Names, keys: &[String], brought: &[String]) -> Lexicon {
        let mut all = Lexicon::default();
        for p in data.people.iter().filter(|p| p.stands.iter().any(|s| keys.contains(s))) {
            all.person(&p.name, &p.also, p.alone, true);
        }
        for line in brought {
            let mut parts = line.split([',', ';', '\t']).map(str::trim).filter(|p| !p.is_empty());
            if let Some(name) = parts.next() {
                let also: Vec<String> = parts.map(str::to_string).collect();
                all.person(name, &also, true, false);
            }
        }
        for m in &data.movements {
            let who = all.add(&m.name, What::Movement);
            for name in std::iter::once(&m.name).chain(&m.also) {
                all.pattern(shaped(name), if m.bare { Written::Capital } else { Written::Beside }, who);
                let held: String = shaped(name).concat();
                if held.len() > HELD && m.bare {
                    all.held.push((held, who));
                }
            }
            for initials in &m.initials {
                all.pattern(shaped(initials), Written::Upper, who);
            }
        }
        all.held.sort();
        all
    }

    fn add(&mut self, name: &str, what: What) -> usize {
        self.who.push((name.to_string(), what));
        self.who.len() - 1
    }

    fn pattern(&mut self, words: Vec<String>, written: Written, who: usize) {
        if let Some(first) = words.first().cloned() {
            self.patterns.entry(first).or_default().push(Pattern { words, written, who });
        }
    }

    /// `known`: of our own list, where a surname in small letters is no word of every day.
    fn person(&mut self, name: &str, also: &[String], alone: bool, known: bool) {
        let who = self.add(name, What::Candidate);
        let (first, last) = name.trim().split_once(char::is_whitespace).unwrap_or(("", name.trim()));
        let (first, last) = (shaped(first), shaped(last));
        let both: Vec<String> = first.iter().chain(&last).cloned().collect();
        let joined = last.concat();
        self.pattern(both.clone(), Written::Anyhow, who);
        if !first.is_empty() {
            self.pattern(last.iter().chain(&first).cloned().collect(), Written::Anyhow, who);
            self.pattern(vec![both.concat()], Written::Anyhow, who);
            self.first.entry(first.concat()).or_insert(who);
        }
        let written = match (alone, known) {
            (true, true) => Written::Anyhow,
            (true, false) => Written::Capital,
            (false, _) => Written::Titled,
        };
        self.pattern(last.clone(), written, who);
        if alone && joined.len() >= 4 {
            if last.len() > 1 {
                self.pattern(vec![joined.clone()], Written::Anyhow, who);
            }
            self.stems.push((joined.clone(), who));
        }
        if joined.len() >= HELD && alone {
            self.held.push((joined, who));
        } else if first.concat().len() + joined.len() > 6 {
            self.held.push((both.concat(), who));
        }
        let initials: String = both.iter().filter_map(|w| w.chars().next()).collect();
        if initials.len() >= 3 {
            self.initials.insert(initials, who);
        }
        for alias in also {
            let words = shaped(alias);
            // An alias of capitals only is found in capitals only.
            let upper = alias.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && words.len() == 1;
            match alias.trim_start_matches(['#', '@']) {
                tag if tag.len() < alias.len() => self.held.push((shaped(tag).concat(), who)),
                _ => self.pattern(words, if upper { Written::Upper } else { Written::Anyhow }, who),
            }
        }
    }

    /// Whose first name this is, among those looked for.
    pub fn first_name(&self, token: &Token) -> bool {
        token.capital && self.first.contains_key(&shape(&token.text))
    }

    /// All names in a field.
    pub fn find(&self, chars: &[Ch], tokens: &[Token]) -> Vec<Named> {
        let shapes: Vec<String> = tokens.iter().map(|t| shape(&t.text)).collect();
        let mut found: Vec<Named> = Vec::new();
        // Where a text has no capitals at all, none are asked for.
        let plain = !tokens.iter().any(|t| t.capital);
        for i in 0..tokens.len() {
            self.patterns_at(i, chars, tokens, &shapes, plain, &mut found);
            self.inflected(i, tokens, &shapes, &mut found);
            self.spelt(i, chars, tokens, &shapes, &mut found);
        }
        self.runs(chars, tokens, &mut found);
        found.sort_by_key(|n| (n.chars.start, std::cmp::Reverse(n.chars.end)));
        // What stands inside a longer name is said by that.
        let mut end = 0;
        found.retain(|n| {
            let inside = n.chars.end <= end;
            end = end.max(n.chars.end);
            !inside
        });
        found
    }

    fn named(&self, who: usize, tokens: &[Token], range: Range<usize>) -> Named {
        let (name, what) = &self.who[who];
        let chars = tokens[range.start].chars.start..tokens[range.end - 1].chars.end;
        Named { what: *what, who: name.clone(), tokens: range, chars, run: None }
    }

    fn patterns_at(
        &self,
        i: usize,
        chars: &[Ch],
        tokens: &[Token],
        shapes: &[String],
        plain: bool,
        found: &mut Vec<Named>,
    ) {
        for p in self.patterns.get(&shapes[i]).into_iter().flatten() {
            let n = p.words.len();
            if shapes.len() < i + n || shapes[i..i + n] != p.words[..] {
                continue;
            }
            let near = |from: usize, to: usize, list: &[&str]| {
                tokens[from.min(tokens.len())..to.min(tokens.len())].iter().any(|t| list.contains(&t.text.as_str()))
            };
            let fits = match p.written {
                Written::Anyhow => true,
                Written::Capital => tokens[i].capital || plain && n > 1,
                // Roads are numbered (RN 7), and a postscript begins with a colon.
                Written::Upper => {
                    let colon = chars[tokens[i + n - 1].chars.end..]
                        .iter()
                        .find(|c| c.c != ' ' && c.c != '\u{a0}')
                        .is_some_and(|c| c.c == ':');
                    tokens[i].upper
                        && !(colon && tokens[i].text == "ps")
                        && !tokens.get(i + n).is_some_and(|t| t.text.bytes().all(|b| b.is_ascii_digit()))
                }
                Written::Titled => i > 0 && near(i - 1, i, &["m", "mme", "monsieur", "madame", "mr", "mrs", "ms"]),
                Written::Beside => tokens[i].capital && near(i.saturating_sub(3), i + n + 2, &BESIDE),
            };
            if fits {
                let initial =
                    i > 0 && tokens[i - 1].text.len() == 1 && tokens[i - 1].capital && p.written == Written::Anyhow;
                found.push(self.named(
                    p.who,
                    tokens,
                    i - usize::from(initial && self.who[p.who].1 == What::Candidate)..i + n,
                ));
            }
        }
    }

    /// *macroniste*, *fillonnistes*, *antimacron*, *lepénisme*.
    fn inflected(&self, i: usize, tokens: &[Token], shapes: &[String], found: &mut Vec<Named>) {
        let word = &shapes[i];
        if word.len() < 6 {
            return;
        }
        let bare = BEGINNINGS.iter().find_map(|b| word.strip_prefix(shape(b).as_str())).unwrap_or("");
        for (stem, who) in &self.stems {
            let rest = |w: &str| w.strip_prefix(stem.as_str()).map(str::to_string);
            let ends = |rest: &str| {
                let doubled = stem.chars().last().and_then(|c| rest.strip_prefix(c));
                ENDINGS.iter().any(|e| rest == shape(e) || doubled.is_some_and(|d| d == shape(e)))
            };
            let hit = rest(word).is_some_and(|r| ends(&r) || r == "s")
                || rest(bare).is_some_and(|r| r.is_empty() || ends(&r));
            if hit {
                found.push(self.named(*who, tokens, i..i + 1));
            }
        }
    }

    /// Letters apart (`M a c r o n`), and initials with dots (`M.L.P.`) or without.
    fn spelt(&self, i: usize, chars: &[Ch], tokens: &[Token], shapes: &[String], found: &mut Vec<Named>) {
        let single = |t: &Token| t.text.len() == 1;
        if tokens[i].upper
            && tokens[i].text.len() >= 3
            && let Some(who) = self.initials.get(&shapes[i])
        {
            found.push(self.named(*who, tokens, i..i + 1));
        }
        if !single(&tokens[i]) || i > 0 && single(&tokens[i - 1]) {
            return;
        }
        let end = i + tokens[i..].iter().take_while(|t| single(t)).take(40).count();
        let joined = shape(&tokens[i..end].iter().map(|t| t.text.as_str()).collect::<String>());
        if end - i >= 4 {
            for (held, who) in self.held.iter().chain(&self.stems) {
                if let Some(n) = joined.find(held.as_str()) {
                    // `rn` counts as one letter where names are compared.
                    let last = (i + n + held.len() + joined.matches('m').count()).min(end);
                    found.push(self.named(*who, tokens, i + n..last));
                }
            }
        }
        let dotted = (i..end).all(|t| tokens[t].capital && chars.get(tokens[t].chars.end).is_some_and(|c| c.c == '.'));
        if dotted
            && end - i >= 3
            && let Some(who) = self.initials.get(&joined)
        {
            found.push(self.named(*who, tokens, i..end));
        }
    }

    /// Hashtags, handles, addresses: stretches without white space that hold `#`, `@`, `/`, `_` or a dot.
    fn runs(&self, chars: &[Ch], tokens: &[Token], found: &mut Vec<Named>) {
        let mut i = 0;
        while i < tokens.len() {
            let mut start = tokens[i].chars.start;
            let stop = |c: char| {
                c.is_whitespace()
                    || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '«' | '»' | ',' | ';' | '’' | '[' | ']')
            };
            while start > 0 && !stop(chars[start - 1].c) {
                start -= 1;
            }
            let mut end = tokens[i].chars.end;
            while end < chars.len() && !stop(chars[end].c) {
                end += 1;
            }
            let last = i + tokens[i..].iter().take_while(|t| t.chars.end <= end).count().max(1);
            let run = &chars[start..end];
            let inside = |c: &Ch| matches!(c.c, '#' | '＃' | '@' | '＠' | '/' | '_');
            let dots = run.windows(2).any(|w| w[0].c == '.' && w[1].c.is_alphanumeric());
            if (run.iter().any(inside) || dots) && end - start < 2_000 {
                let plain: String = tokens[i..last].iter().map(|t| t.text.as_str()).collect();
                let at =
                    if run.iter().skip(1).any(|c| c.c == '@') && !dots { plain_with_at(run) } else { String::new() };
                let joined = shape(&plain);
                let tag = run.first().is_some_and(|c| matches!(c.c, '#' | '＃' | '@' | '＠'));
                let who = self
                    .held
                    .iter()
                    .find(|(h, _)| joined.contains(h.as_str()) || shape(&at).contains(h.as_str()))
                    .map(|(_, w)| *w);
                let who = who.or_else(|| {
                    self.initials
                        .iter()
                        .find(|(n, _)| tag && joined.starts_with(n.as_str()) && starts_upper(run, n.len()))
                        .map(|(_, w)| *w)
                });
                let who = who.or_else(|| {
                    let called = CALLED.iter().find_map(|c| joined.strip_prefix(shape(c).as_str()));
                    self.first.iter().find(|(f, _)| tag && called == Some(f.as_str())).map(|(_, w)| *w)
                });
                let who = who.or_else(|| {
                    let year = joined.contains("president")
                        || plain.bytes().rev().take(4).filter(u8::is_ascii_digit).count() == 4;
                    self.first
                        .iter()
                        .find(|(f, _)| tag && f.len() >= HELD && year && joined.contains(f.as_str()))
                        .map(|(_, w)| *w)
                });
                if let Some(who) = who {
                    let mut named = self.named(who, tokens, i..last);
                    // The stop of a sentence is none of the run's.
                    let trimmed = run.iter().rev().take_while(|c| matches!(c.c, '.' | '!' | '?' | ':' | '…')).count();
                    named.chars = start..end - trimmed;
                    named.run = Some(plain);
                    found.push(named);
                }
            }
            i = last.max(i + 1);
        }
    }
}

/// `m@cron`: the sign stands for a letter.
fn plain_with_at(run: &[Ch]) -> String {
    run.iter()
        .map(|c| if c.c == '@' { 'a' } else { c.c.to_ascii_lowercase() })
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

fn starts_upper(run: &[Ch], letters: usize) -> bool {
    let initials = run.iter().filter(|c| c.c.is_alphabetic()).take(letters);
    let next = run.iter().skip_while(|c| !c.c.is_alphanumeric()).nth(letters);
    initials.clone().count() == letters
        && initials.clone().all(|c| c.c.is_uppercase())
        && next.is_none_or(|c| !c.c.is_lowercase())
}
