//! What is left of a text when everything an editor's hand changes first is taken away: case, accents, punctuation,
//! emoji, mentions, links, invisible characters, look-alike letters, alphabets. Words in Latin letters, one space apart.
//!
//! You may rely on: any bytes give a result of at most [`MAX_BYTES`]; equal results mean the same words.
//! Left out: word forms (see `tokens`), languages (none is guessed).

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_security::confusable_detection::skeleton;

/// What is kept of a text's words, in bytes: a copied text is known by its first thousand words.
pub const MAX_BYTES: usize = 6_000;
/// What is looked at of a text, in bytes; a text of 1 MB costs no more than this.
pub const MAX_READ: usize = 32_768;
const MAX_WORD: usize = 40;

/// The words of a text, into `out` (cleared first).
pub fn normalise(text: &str, out: &mut String, scratch: &mut Scratch) {
    out.clear();
    scratch.names.clear();
    let text = head(text, MAX_READ);
    words(text, out, scratch);
    if out.is_empty() {
        symbols(text, out);
    }
}

/// Space for [`normalise`] to work in.
#[derive(Default)]
pub struct Scratch {
    word: String,
    scripts: Scripts,
    /// Whether the word at hand, and each word that was put out, is written like a proper name.
    case: Case,
    names: Vec<bool>,
}

impl Scratch {
    /// Of the words of the text normalised last, those written like proper names: a capital inside a sentence, small
    /// letters after it. All false where capitals say nothing, for most words have one.
    pub fn names(&mut self) -> &[bool] {
        let capitals = self.names.iter().filter(|n| **n).count();
        if 2 * capitals > self.names.len() {
            self.names.fill(false);
        }
        &self.names
    }
}

/// How a word is written.
#[derive(Default, Clone, Copy)]
struct Case {
    /// It began with a capital where no sentence begins.
    capital: bool,
    /// It has small letters, and no capital after the first.
    small: bool,
    shouted: bool,
}

#[derive(Default, Clone, Copy)]
struct Scripts {
    latin: bool,
    other: bool,
}

fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn words(text: &str, out: &mut String, scratch: &mut Scratch) {
    let mut rest = text;
    let mut before = ' ';
    let mut hashtag = false;
    // What stands before a word, spaces apart: a name stands after a word or a comma, anything else begins a sentence.
    let mut inside = false;
    while let Some(c) = rest.chars().next() {
        if out.len() >= MAX_BYTES {
            break;
        }
        if !before.is_alphanumeric()
            && let Some(skipped) = skipped(rest)
        {
            flush(out, scratch);
            rest = &rest[skipped..];
            (before, inside) = (' ', false);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        // `#JeSuisLa` is three words; elsewhere a capital inside a word is an edit.
        if c.is_alphanumeric() {
            if hashtag && before.is_lowercase() && c.is_uppercase() {
                flush(out, scratch);
            }
            if scratch.word.is_empty() {
                scratch.case = Case { capital: c.is_uppercase() && inside && !hashtag, ..Case::default() };
            } else {
                scratch.case.small |= c.is_lowercase();
                scratch.case.shouted |= c.is_uppercase();
            }
            push(c, out, scratch);
            inside = true;
        } else if invisible(c) || separates_digits(c) && before.is_ascii_digit() && starts_digit(rest) {
            continue;
        } else {
            flush(out, scratch);
            hashtag = c == '#';
            inside = inside && matches!(c, ' ' | '\u{a0}' | ',' | '\'' | '’' | '-');
        }
        before = c;
    }
    flush(out, scratch);
    let end = out.trim_end().len();
    out.truncate(end);
    if out.starts_with("rt ") {
        out.drain(..3);
        scratch.names.remove(0);
    }
}

/// How many bytes of a link, a mention or an HTML entity stand here.
fn skipped(rest: &str) -> Option<usize> {
    let word = || rest.find(char::is_whitespace).unwrap_or(rest.len());
    let starts = |prefix: &str| rest.get(..prefix.len()).is_some_and(|r| r.eq_ignore_ascii_case(prefix));
    match rest.as_bytes().first()? {
        b'h' | b'H' if starts("http://") || starts("https://") => Some(word()),
        b'w' | b'W' if starts("www.") => Some(word()),
        b'@' => {
            let name = rest[1..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - 1);
            (name > 0).then_some(1 + name)
        }
        b'&' => {
            let end = rest.bytes().take(10).position(|b| b == b';')?;
            rest[1..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#').then_some(end + 1)
        }
        _ => None,
    }
}

/// Characters that show nothing and split no word: format characters, variation selectors, marks.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
        || (c >= '\u{300}' && canonical_combining_class(c) != 0)
}

fn separates_digits(c: char) -> bool {
    matches!(c, '.' | ',' | '\u{a0}' | '\u{202f}')
}

fn starts_digit(rest: &str) -> bool {
    rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

fn push(c: char, out: &mut String, scratch: &mut Scratch) {
    if c.is_ascii() {
        scratch.scripts.latin |= c.is_ascii_alphabetic();
        return letter(c.to_ascii_lowercase(), &mut scratch.word);
    }
    // Russian letters without marks, which need no tables.
    if matches!(c, 'А'..='я' if !matches!(c, 'Й' | 'й')) {
        scratch.scripts.other = true;
        let small = if c < 'а' { char::from_u32(c as u32 + 32).unwrap_or(c) } else { c };
        return letter(small, &mut scratch.word);
    }
    decompose_compatible(c, |c| {
        for c in c.to_lowercase() {
            match c {
                _ if c.is_ascii_alphanumeric() => {
                    scratch.scripts.latin |= c.is_ascii_alphabetic();
                    letter(c, &mut scratch.word);
                }
                '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' => {
                    scratch.scripts.other = true;
                    letter(c, &mut scratch.word);
                }
                _ if invisible(c) || !c.is_alphanumeric() => {}
                // Scripts that put no space between words: every character is one.
                '\u{e00}'..='\u{eff}'
                | '\u{1000}'..='\u{109f}'
                | '\u{1780}'..='\u{17ff}'
                | '\u{3040}'..='\u{30ff}'
                | '\u{3400}'..='\u{9fff}'
                | '\u{20000}'..='\u{3ffff}' => {
                    flush(out, scratch);
                    letter(c, &mut scratch.word);
                    flush(out, scratch);
                }
                _ => letter(c, &mut scratch.word),
            }
        }
    });
}

/// A letter, unless the word is long enough or it stands there twice already (`Bravooooo`).
fn letter(c: char, word: &mut String) {
    let mut back = word.chars().rev();
    if word.len() < MAX_WORD && !(!c.is_ascii_digit() && back.next() == Some(c) && back.next() == Some(c)) {
        word.push(c);
    }
}

fn flush(out: &mut String, scratch: &mut Scratch) {
    if scratch.word.is_empty() {
        return;
    }
    let before = out.len();
    // A word of Latin and other letters is disguised: take each letter for what it looks like. Else for its sound.
    if scratch.scripts.latin && scratch.scripts.other {
        scratch.word.chars().for_each(|c| look(c, out));
    } else if scratch.word.is_ascii() {
        out.push_str(&scratch.word);
    } else {
        scratch.word.chars().for_each(|c| sound(c, out));
    }
    if out.len() > before {
        out.push(' ');
        let Case { capital, small, shouted } = scratch.case;
        scratch.names.push(capital && small && !shouted);
    }
    scratch.word.clear();
    scratch.scripts = Scripts::default();
}

/// A letter as the Latin one it looks like; its sound where it looks like none.
fn look(c: char, out: &mut String) {
    if c.is_ascii() {
        return out.push(c);
    }
    let mut bytes = [0; 4];
    let before = out.len();
    let seen = skeleton(c.encode_utf8(&mut bytes)).filter(char::is_ascii_alphanumeric);
    seen.for_each(|c| out.push(c.to_ascii_lowercase()));
    if out.len() == before {
        sound(c, out);
    }
}

/// A letter in Latin letters, so that a name is the same in two alphabets; short forms, for stems are cut by length.
fn sound(c: char, out: &mut String) {
    const CYRILLIC: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "j", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
        "c", "ch", "sh", "sh", "", "i", "", "e", "iu", "ia",
    ];
    const GREEK: [&str; 25] = [
        "a", "b", "g", "d", "e", "z", "i", "t", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "u", "f",
        "h", "ps", "o",
    ];
    match c {
        '\u{430}'..='\u{44f}' => out.push_str(CYRILLIC[c as usize - 0x430]),
        '\u{3b1}'..='\u{3c9}' => out.push_str(GREEK[c as usize - 0x3b1]),
        'ё' | 'є' => out.push('e'),
        'і' | 'ї' | 'ı' => out.push('i'),
        'ґ' => out.push('g'),
        'ў' => out.push('u'),
        'ј' => out.push('j'),
        'љ' => out.push_str("li"),
        'њ' => out.push_str("ni"),
        'ћ' | 'ђ' => out.push('c'),
        'џ' => out.push_str("dj"),
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        _ => out.push(c),
    }
}

/// A text without words is its symbols.
fn symbols(text: &str, out: &mut String) {
    let mut last = ' ';
    for c in text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !c.is_ascii_punctuation()) {
        if out.len() >= MAX_BYTES {
            break;
        }
        if !invisible(c) && c != last {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push(c);
            last = c;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        normalise(text, &mut out, &mut Scratch::default());
        assert_eq!(out, expected, "{text:?}");
    }

    #[test]
    fn what_an_editors_hand_changes_first_is_gone() {
        check("RT @bob: L’Élection, c’est DEMAIN !!! 🎉 https://t.co/x", "l election c est demain");
        check("#JeSuisLà &amp; moi", "je suis la moi");
        check("1,000 or 1.000 or 1\u{a0}000", "1000 or 1000 or 1000");
        check("Bra\u{200b}vo\u{202e} braaaaavo", "bravo braavo");
        check("z\u{300}\u{301}\u{302}\u{303}a", "za");
        check("Владимир Путин", "vladimir putin");
        check("ЙОД ёлка Ёж ЯЩИК йод", "iod elka ej iashik iod");
        check("p\u{430}ypal", "paypal");
        check("选举", "选 举");
        check("👍 👍 🔥", "👍 🔥");
        check("𝐁𝐨𝐥𝐝 ﬁne", "bold fine");
    }

    #[test]
    fn names_are_told_by_their_capitals() {
        let told = |text: &str| -> Vec<String> {
            let (mut out, mut scratch) = (String::new(), Scratch::default());
            normalise(text, &mut out, &mut scratch);
            let names = scratch.names();
            assert!(out.is_empty() || names.len() == out.split(' ').count(), "{text:?}");
            out.split(' ').zip(names).filter(|(_, name)| **name).map(|(word, _)| word.to_string()).collect()
        };
        assert_eq!(told("RT @a: The mayor of Torvik, Anna Brandt, said NO. Shops close"), ["torvik", "anna", "brandt"]);
        assert_eq!(told("Мэр города Зареченск уволен"), ["zarechensk"]);
        assert!(told("Leaked Minutes Show Mayor Sold Harbour").is_empty());
        assert!(told("THE MAYOR OF TORVIK #Velmora 选举 ъ @x y").is_empty());
    }

    #[test]
    fn hostile_texts_are_bounded() {
        for text in [
            "é".repeat(1 << 20),
            "a\u{301}".repeat(1 << 19),
            "🔥".repeat(1 << 18),
            "ab ".repeat(1 << 18),
            "\u{fdfa}".repeat(1 << 16),
        ] {
            let mut out = String::new();
            normalise(&text, &mut out, &mut Scratch::default());
            assert!(out.len() <= MAX_BYTES + 4 * MAX_WORD, "{}", out.len());
        }
    }
}
