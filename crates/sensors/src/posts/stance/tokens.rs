//! A text as words, each with its clause, and whether it is a hashtag, part of a quotation or of a question.

use super::LEXICON;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Token {
    /// Lower case, without accents (`й` and `ё` keep theirs no more than `é` does).
    pub text: String,
    pub clause: u32,
    /// A hashtag, without its mark.
    pub tag: bool,
    /// Between quotation marks.
    pub quoted: bool,
    /// In a clause that ends with a question mark.
    pub question: bool,
}

/// The words of a text. Links and mentions are left out.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let (mut clause, mut begun, mut quoted, mut word) = (0, 0, false, Token::default());
    // A lone quotation mark quotes nothing.
    let paired = text.matches('"').count().is_multiple_of(2);
    let end = |word: &mut Token, all: &mut Vec<Token>, clause: &mut u32, quoted: bool| {
        let done = std::mem::take(word);
        if done.text.is_empty() {
            return;
        }
        if !done.tag && LEXICON.breaks(&done.text) {
            *clause += 1;
        }
        all.push(Token { clause: *clause, quoted, ..done });
    };
    for part in text.split_inclusive(char::is_whitespace) {
        if part.starts_with("http://") || part.starts_with("https://") || part.starts_with('@') {
            continue;
        }
        for c in part.nfd().filter(|&c| !is_combining_mark(c)) {
            match c {
                c if c.is_alphanumeric() || c == '_' && word.tag => word.text.extend(c.to_lowercase()),
                _ => {
                    end(&mut word, &mut all, &mut clause, quoted);
                    match c {
                        '#' => word.tag = true,
                        '«' | '“' | '„' => quoted = true,
                        '»' | '”' => quoted = false,
                        '"' if paired => quoted = !quoted,
                        '.' | '!' | '?' | ';' | ':' | ',' | '…' | '—' | '–' | '\n' | '(' | ')' | '¿' | '¡' => {
                            if c == '?' {
                                all[begun..].iter_mut().for_each(|t| t.question = true);
                            }
                            if c != ',' {
                                begun = all.len();
                            }
                            clause += 1;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    end(&mut word, &mut all, &mut clause, quoted);
    all
}
