//! Words as they sound and look: case, accents, invisible characters, look-alike letters, letters apart and letters of other
//! alphabets are taken away, and each word keeps where it stands.
//!
//! You may rely on: a word is lower-case ASCII where its letters resemble any; its span covers every character it was read
//! from. Two foldings: [`Token::text`] for words of a language, [`shape`] for names, in which `l`, `I`, `1` and `i` are one,
//! digits that stand for letters are letters, and `rn` is `m`.

use crate::markup::Ch;
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_security::confusable_detection::skeleton;

/// A word.
#[derive(Clone, Debug)]
pub struct Token {
    /// Folded.
    pub text: String,
    /// Its characters in the field.
    pub chars: Range<usize>,
    /// Begins with a capital.
    pub capital: bool,
    /// Capitals only.
    pub upper: bool,
}

/// What a character is to a word.
#[derive(Clone, Debug)]
enum Role {
    /// These letters or digits.
    Part(String),
    /// Nothing at all: it is not seen.
    Unseen,
    /// It stands between words.
    Between,
}

/// Folds characters; remembers what it saw.
#[derive(Debug, Default)]
pub struct Fold {
    seen: HashMap<char, Role>,
}

/// Characters that are not seen: joiners, marks of direction, soft hyphens, variation selectors, tags.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
        || canonical_combining_class(c) != 0
}

fn role(c: char) -> Role {
    if unseen(c) {
        return Role::Unseen;
    }
    let mut out = String::new();
    match c {
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'đ' | 'Đ' => out.push('d'),
        _ => decompose_compatible(c, |d| {
            if d.is_ascii_alphanumeric() {
                out.push(d.to_ascii_lowercase());
            } else if d.is_alphanumeric() {
                let like: String = skeleton(d.encode_utf8(&mut [0; 4])).filter(char::is_ascii_alphanumeric).collect();
                match like.is_empty() {
                    true => out.extend(d.to_lowercase()),
                    false => out.push_str(&like.to_ascii_lowercase()),
                }
            }
        }),
    }
    if out.is_empty() { Role::Between } else { Role::Part(out) }
}

/// Marks that Markdown puts inside a word.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '`' | '~' | '\\')
}

impl Fold {
    fn role(&mut self, c: char) -> &Role {
        self.seen.entry(c).or_insert_with(|| role(c))
    }

    /// The words of a field.
    pub fn tokens(&mut self, chars: &[Ch]) -> Vec<Token> {
        let mut all: Vec<Token> = Vec::new();
        let mut open: Option<(Token, usize)> = None;
        let mut i = 0;
        while i < chars.len() {
            let c = chars[i].c;
            let mut close = false;
            match self.role(c) {
                Role::Part(part) => {
                    let (capital, small) = (c.is_uppercase() || ('𝐀'..='𝟿').contains(&c), c.is_lowercase());
                    match &mut open {
                        Some((token, _)) => {
                            token.text.push_str(part);
                            token.chars.end = i + 1;
                            token.upper &= !small;
                        }
                        None => {
                            let token = Token { text: part.clone(), chars: i..i + 1, capital, upper: !small };
                            open = Some((token, i));
                        }
                    }
                }
                Role::Unseen => {}
                Role::Between => match &open {
                    // Marks of Markdown inside a word, and a word that the end of a line divides.
                    Some(_) if is_mark(c) && self.goes_on(chars, i) => {}
                    Some(_) if c == '-' || c == '\u{2010}' => match divided(chars, i) {
                        Some(next) => {
                            i = next;
                            continue;
                        }
                        None => close = true,
                    },
                    Some(_) => close = true,
                    None => {}
                },
            }
            if close && let Some((token, _)) = open.take() {
                all.push(token);
            }
            i += 1;
        }
        all.extend(open.map(|(t, _)| t));
        all
    }

    /// Whether a letter follows the marks that begin here.
    fn goes_on(&mut self, chars: &[Ch], at: usize) -> bool {
        let next = chars[at..].iter().take(8).map(|c| c.c).find(|c| !is_mark(*c) && !unseen(*c));
        next.is_some_and(|c| matches!(self.role(c), Role::Part(_)))
    }
}

/// A hyphen at the end of a line, and a small letter at the beginning of the next: where that stands.
fn divided(chars: &[Ch], at: usize) -> Option<usize> {
    let mut i = at + 1;
    while chars.get(i).is_some_and(|c| matches!(c.c, ' ' | '\r' | '\t')) {
        i += 1;
    }
    if chars.get(i)?.c != '\n' || chars[i].len == 0 {
        return None;
    }
    i += 1;
    while chars.get(i).is_some_and(|c| matches!(c.c, ' ' | '\t')) {
        i += 1;
    }
    chars.get(i)?.c.is_lowercase().then_some(i)
}

/// How a name looks.
pub fn shape(text: &str) -> String {
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(match c {
            'l' => 'i',
            '1' if letters => 'i',
            '0' if letters => 'o',
            '3' if letters => 'e',
            '4' if letters => 'a',
            '5' if letters => 's',
            '7' if letters => 't',
            c => c,
        });
    }
    out.replace("rn", "m")
}

/// Stretches that are shown from right to left by force: their characters in the order in which they are seen.
pub fn reversed(chars: &[Ch]) -> Vec<Vec<Ch>> {
    let mut all = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if chars[i].c == '\u{202e}' {
            let end = chars[i + 1..].iter().position(|c| matches!(c.c, '\u{202c}' | '\u{2069}' | '\n'));
            let end = end.map_or(chars.len(), |n| i + 1 + n);
            all.push(chars[i + 1..end].iter().rev().copied().collect());
            i = end;
        }
        i += 1;
    }
    all
}
