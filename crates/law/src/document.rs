//! A text as it is published: decoded, cut into fields and sentences.

use crate::fold::{Fold, Token, reversed};
use crate::markup::{Ch, Field, Where, fields};
use formats::charset;
use model::{Error, Result};
use std::ops::Range;

/// Most bytes of a text.
pub const MOST: usize = 8 << 20;

/// A text.
#[derive(Debug)]
pub struct Document {
    /// Its text, decoded.
    pub source: String,
    /// It was not written in UTF-8.
    pub recoded: bool,
    pub(crate) parts: Vec<Part>,
}

/// A field with its words and sentences.
#[derive(Debug)]
pub(crate) struct Part {
    pub field: Field,
    pub tokens: Vec<Token>,
    /// By words, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// Its words.
    pub tokens: Range<usize>,
    /// Its characters.
    pub chars: Range<usize>,
    /// Its paragraph, counted through the document.
    pub block: usize,
}

impl Document {
    /// Reads bytes. What is no text is refused.
    pub fn read(bytes: &[u8]) -> Result<Document> {
        if bytes.len() > MOST {
            return Err(Error::new(format!("the text has {} bytes, {MOST} are read", bytes.len()))
                .hint("give the passages in question as a file of their own"));
        }
        let utf16 = |label: &[u8]| charset::decode(label, bytes).into_owned();
        let source = match bytes {
            [0xff, 0xfe, ..] => utf16(b"utf-16le"),
            [0xfe, 0xff, ..] => utf16(b"utf-16be"),
            _ if zeros(bytes, 1) => utf16(b"utf-16le"),
            _ if zeros(bytes, 0) => utf16(b"utf-16be"),
            _ => charset::decode(&declared(bytes), bytes).into_owned(),
        };
        let recoded = source.as_bytes() != bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let source = source.trim_start_matches('\u{feff}').to_string();
        if source.trim().is_empty() {
            return Err(Error::new("there is no text in it"));
        }
        let odd = source
            .chars()
            .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}') || *c == '\u{fffd}')
            .count();
        if source.contains('\0')
            || odd * 20 > source.len()
            || ["%PDF-", "PK\u{3}\u{4}", "{\\rtf"].iter().any(|m| source.starts_with(m))
        {
            return Err(Error::new("this is no text")
                .hint("text, Markdown and HTML are read; save other documents as one of them"));
        }
        Ok(Document::of(source, recoded))
    }

    pub(crate) fn of(source: String, recoded: bool) -> Document {
        let mut fold = Fold::default();
        let mut parts = Vec::new();
        let mut block = 0;
        for field in fields(&source) {
            for back in reversed(&field.chars) {
                parts.push(Part::of(
                    Field { place: field.place, chars: back, bytes: field.bytes.clone() },
                    &mut fold,
                    &mut block,
                ));
            }
            parts.push(Part::of(field, &mut fold, &mut block));
        }
        Document { source, recoded, parts }
    }

    /// The line, from 1, on which a byte stands.
    pub(crate) fn lines(&self) -> Vec<usize> {
        self.source.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect()
    }
}

/// Text of two bytes a letter without a mark: every other byte of the beginning is nothing.
fn zeros(bytes: &[u8], at: usize) -> bool {
    let head = &bytes[..bytes.len().min(400) & !1];
    let zero = |at: usize| head.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
    head.len() >= 8 && zero(at) * 10 > head.len() * 4 && zero(1 - at) == 0
}

/// The charset a page declares.
fn declared(bytes: &[u8]) -> Vec<u8> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let label = ["charset=", "encoding="].iter().find_map(|key| head.split_once(key)).map_or("", |(_, rest)| rest);
    let label = label.trim_start_matches(['"', '\'']);
    label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>().into_bytes()
}

/// Words after which a dot ends no sentence.
const SHORT: [&str; 22] = [
    "m", "mm", "mme", "mmes", "mlle", "me", "dr", "pr", "st", "ste", "art", "al", "cf", "p", "pp", "n", "no", "vol",
    "mr", "mrs", "ms", "vs",
];
/// Most words of a sentence.
const WORDS: usize = 400;
/// A line this short ends what it says.
const LINE: usize = 60;

impl Part {
    fn of(field: Field, fold: &mut Fold, block: &mut usize) -> Part {
        let tokens = fold.tokens(&field.chars);
        let sentences = sentences(&field, &tokens, block);
        *block += 2;
        Part { field, tokens, sentences }
    }

    /// Whether more than names is looked for: what is shown, and what in tags and code reads like a sentence.
    pub(crate) fn speaks(&self, sentence: &Sentence) -> bool {
        self.field.place == Where::Shown || sentence.tokens.len() >= 3
    }
}

fn sentences(field: &Field, tokens: &[Token], block: &mut usize) -> Vec<Sentence> {
    let mut all = Vec::new();
    let (mut first, mut from) = (0, tokens.first().map_or(0, |t| t.chars.start));
    for i in 0..tokens.len() {
        let end = tokens.get(i + 1).map_or(field.chars.len(), |t| t.chars.start);
        let between = &field.chars[tokens[i].chars.end..end];
        let kind = match i + 1 == tokens.len() {
            true => Break::Sentence,
            // What is looked for within a sentence is looked for in all its words: none may be without end.
            false if i + 1 - first >= WORDS => Break::Sentence,
            false => broken(field, &tokens[i], between, &tokens[i + 1]),
        };
        if kind == Break::None {
            continue;
        }
        // Stops, quotes and signs belong to the sentence they close or open, white space between them to none.
        let opens = |c: char| matches!(c, '#' | '@' | '«' | '“' | '(' | '[' | '-' | '•' | '*' | '–' | '—' | '>' | '"');
        let quiet = |c: &Ch| c.c.is_whitespace() || c.len == 0;
        let shown = field.place == Where::Shown;
        let kept = between.iter().rposition(|c| !quiet(c) && !opens(c.c)).map_or(0, |n| n + 1);
        let kept = if shown { kept } else { 0 };
        let until = tokens[i].chars.end + kept;
        all.push(Sentence { tokens: first..i + 1, chars: from..until, block: *block });
        let ahead = field.chars[until..end].iter().position(|c| !quiet(c)).map_or(end, |n| until + n);
        from = if shown { ahead } else { end };
        first = i + 1;
        *block += usize::from(kind == Break::Paragraph);
    }
    all
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Break {
    None,
    Sentence,
    Paragraph,
}

fn broken(field: &Field, before: &Token, between: &[Ch], after: &Token) -> Break {
    if field.place != Where::Shown {
        let quoted = between.iter().any(|c| matches!(c.c, '"' | '\n' | '{' | '}'));
        return if quoted { Break::Sentence } else { stopped(before, between, after) };
    }
    let lines = between.iter().filter(|c| c.c == '\n').count();
    let bullet = between.iter().any(|c| matches!(c.c, '•' | '*' | '#' | '|' | '–' | '—')) && lines > 0;
    if lines > 1 {
        return Break::Paragraph;
    }
    if lines == 1 {
        let line = field.chars[..before.chars.end].iter().rev().take_while(|c| c.c != '\n').count();
        if bullet || (line < LINE && after.capital) || between.iter().any(|c| c.c == '-') {
            return Break::Sentence;
        }
    }
    if between.iter().any(|c| c.c == '|') {
        return Break::None;
    }
    stopped(before, between, after)
}

fn stopped(before: &Token, between: &[Ch], after: &Token) -> Break {
    let stop = between.iter().position(|c| matches!(c.c, '.' | '!' | '?' | '…' | '。'));
    let Some(stop) = stop else { return Break::None };
    let spaced = between[stop + 1..].iter().any(|c| c.c.is_whitespace());
    // «14 h. 30», «M. Dupont», «L. 49», «J.-L.»; after ! and ? nothing of the kind.
    let abbreviated = between[stop].c == '.'
        && (SHORT.contains(&before.text.as_str())
            || before.text.len() == 1 && !before.text.bytes().all(|b| b.is_ascii_digit()));
    let begins = after.capital || after.text.starts_with(|c: char| c.is_ascii_digit());
    let quoted = between[stop + 1..].iter().any(|c| matches!(c.c, '«' | '“' | '#' | '@'));
    if spaced && !abbreviated && (begins || quoted) { Break::Sentence } else { Break::None }
}
