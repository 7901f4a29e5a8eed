//! Text as words: lower case, without accents, letters of other scripts by their looks (so that a name in borrowed letters is
//! the name) or, where a word cannot be read so, as they are; and what was done to hide words from a filter: characters
//! without width, look-alike letters within a word, styled letters.
//!
//! You may rely on: at most [`WORDS`] words; quoted lines of an answer can be left out. Left out: stemming, languages
//! written without spaces.

use crate::domain::skeleton;

/// Most words looked at.
pub const WORDS: usize = 2500;

/// A text's words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    text: String,
    ends: Vec<u32>,
    /// Words that hold letters of several scripts, or another script's letters for Latin ones.
    pub mixed: usize,
    /// Characters without width within words.
    pub invisible: usize,
    /// Letters of the mathematical and enclosed alphabets.
    pub styled: usize,
}

/// Latin-1 letters from U+00C0, and what they are without accents.
const LATIN: [&str; 64] = [
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o",
    "", "o", "u", "u", "u", "u", "y", "th", "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i",
    "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
];

impl Words {
    /// Of a text; lines that quote another message are left out where `own` is asked for.
    pub fn new(text: &str, own: bool) -> Words {
        let mut words = Words::default();
        for line in text.lines() {
            if words.ends.len() >= WORDS {
                break;
            }
            if !(own && line.trim_start().starts_with(['>', '|'])) {
                words.line(line);
            }
        }
        words
    }

    fn line(&mut self, line: &str) {
        let (mut latin, mut other, mut start) = (0, 0, self.text.len());
        // The word in its own script, where that is another than Latin.
        let mut own = String::new();
        // Characters without width since the last letter: they hide a word only where it goes on after them.
        let (mut was_letter, mut between) = (false, 0);
        for c in line.chars() {
            if was_letter && between > 0 && c.is_alphanumeric() {
                // Scripts that join letters need them.
                self.invisible += if matches!(c as u32, ..0x530) { between } else { 0 };
                between = 0;
            }
            match c {
                'a'..='z' | '0'..='9' => self.text.push(c),
                'A'..='Z' => self.text.push(c.to_ascii_lowercase()),
                c if is_ignorable(c) => {
                    between += usize::from(was_letter);
                    continue;
                }
                // Accents, vowel signs and stretched letters.
                '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' => continue,
                'À'..='ÿ' if c != '×' && c != '÷' => self.text.push_str(LATIN[(c as usize - 0xc0) & 63]),
                'œ' | 'Œ' => self.text.push_str("oe"),
                c if matches!(c, '\'' | '’') && was_letter || c.is_ascii() || !c.is_alphanumeric() => {
                    self.end(&mut start, &mut own, &mut latin, &mut other);
                    (was_letter, between) = (false, 0);
                    continue;
                }
                c => {
                    let styled =
                        matches!(c as u32, 0x1d400..=0x1d7ff | 0x24b6..=0x24e9 | 0x1f130..=0x1f189 | 0xff21..=0xff5a);
                    self.styled += usize::from(styled);
                    let mut seen = Vec::new();
                    skeleton(&[c], &mut seen);
                    match std::str::from_utf8(&seen) {
                        Ok(seen) if !seen.is_empty() && seen.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                            self.text.push_str(seen)
                        }
                        _ => self.text.push('?'),
                    }
                    let foreign = matches!(c as u32, 0x370..=0x3ff | 0x400..=0x52f | 0x530..=0x58f | 0x13a0..=0x13ff);
                    other += usize::from(foreign);
                    own.push(plainly(c));
                    was_letter = true;
                    continue;
                }
            }
            latin += usize::from(c.is_alphabetic());
            was_letter = true;
        }
        self.end(&mut start, &mut own, &mut latin, &mut other);
    }

    fn end(&mut self, start: &mut usize, own: &mut String, latin: &mut usize, other: &mut usize) {
        if *latin == 0 && !own.is_empty() && self.text[*start..].contains('?') {
            self.text.truncate(*start);
            self.text.push_str(bare(own));
        }
        own.clear();
        if self.text.len() > *start && self.ends.len() < WORDS {
            self.ends.push(self.text.len() as u32);
            self.mixed += usize::from(*latin > 0 && *other > 0);
        } else {
            self.text.truncate(*start);
        }
        (*start, *latin, *other) = (self.text.len(), 0, 0);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One of them.
    pub fn get(&self, n: usize) -> &str {
        let start = if n == 0 { 0 } else { self.ends.get(n - 1).copied().unwrap_or(0) as usize };
        let end = self.ends.get(n).copied().unwrap_or(start as u32) as usize;
        self.text.get(start..end).unwrap_or("")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|n| self.get(n))
    }
}

/// A letter of another script in lower case, and as it is written where one may leave out its signs.
fn plainly(c: char) -> char {
    match c {
        'ё' | 'Ё' => 'е',
        'أ' | 'إ' | 'آ' => 'ا',
        'ى' => 'ي',
        'ة' => 'ه',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// An Arabic word without its article and what is written together with it.
fn bare(word: &str) -> &str {
    let rest = ["وال", "بال", "لل", "ال"].iter().find_map(|a| word.strip_prefix(a));
    rest.filter(|r| r.chars().count() >= 3).unwrap_or(word)
}

/// Whether a character shows nothing by itself (Unicode's Default_Ignorable_Code_Point): of no width, variation selectors,
/// tags, fillers, marks of direction.
pub fn is_ignorable(c: char) -> bool {
    matches!(c as u32,
        0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e
        | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8 | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// A word with a figure or capital in place of the letter it looks like: `PayPaI`, `Micr0soft`.
pub fn disguised(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric()).find(|w| w.len() >= 4 && w.len() <= 30 && *w != plain(w))
}

/// A text whose disguised words are plain again.
pub fn undisguised(text: &str) -> String {
    text.split_inclusive(|c: char| !c.is_alphanumeric())
        .map(|w| {
            let end = w.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            plain(&w[..end]) + &w[end..]
        })
        .collect()
}

fn plain(word: &str) -> String {
    let all: Vec<char> = word.chars().collect();
    let small = |n: Option<usize>| n.and_then(|n| all.get(n)).is_some_and(|c| c.is_lowercase());
    let figures = all.iter().filter(|c| c.is_ascii_digit()).count();
    all.iter()
        .enumerate()
        .map(|(n, c)| match c {
            '0' if figures == 1 && small(n.checked_sub(1)) && small(Some(n + 1)) => 'o',
            '1' if figures == 1 && small(n.checked_sub(1)) && small(Some(n + 1)) => 'l',
            'I' if small(n.checked_sub(1)) && n >= 2 && n + 1 == all.len() => 'l',
            c => *c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Words::new(text, true).iter().map(str::to_string).collect()
    }

    #[test]
    fn disguised_words_are_told() {
        for (text, plain) in
            [("PayPaI Service", "PayPal Service"), ("Micr0soft", "Microsoft"), ("Netf1ix!", "Netflix!")]
        {
            assert!(disguised(text).is_some(), "{text}");
            assert_eq!(undisguised(text), plain);
        }
        for text in ["LinkedIn", "Apollo11", "web2print", "Hi", "CSI", "10px", "base64"] {
            assert_eq!((disguised(text), undisguised(text)), (None, text.to_string()));
        }
    }

    #[test]
    fn words_lose_case_accents_and_disguise() {
        assert_eq!(words("Vérifiez l'Accès, s’il\n> quoted\nGröße"), ["verifiez", "l", "acces", "s", "il", "grosse"]);
        let w = Words::new("Pаypal ac\u{200b}count 𝐕𝐞𝐫𝐢𝐟𝐲", true);
        assert_eq!(w.iter().collect::<Vec<_>>(), ["paypal", "account", "verify"]);
        assert_eq!((w.mixed, w.invisible, w.styled), (1, 1, 6));
        // Variation selectors, tags and fillers hide letters as characters without width do; behind pictures and keys
        // they are ordinary.
        let w = Words::new("Micro\u{e0139}soft ac\u{fe00}count \u{e0041}pay\u{3164}pal", true);
        assert_eq!((w.iter().collect::<Vec<_>>(), w.invisible), (vec!["microsoft", "account", "paypal"], 3));
        // What no look-alike spells is a word of its own language.
        assert_eq!(words("Ваш счёт заблокирован: Пополните"), ["baw", "счет", "заблокирован", "пополните"]);
        assert_eq!(words("كلمة المرور وكلمة والحساب"), ["كلمه", "مرور", "وكلمه", "حساب"]);
        assert_eq!(words("hasło şifreniz pełną"), ["haslo", "sifreniz", "pelna"]);
        let w = Words::new("1\u{fe0f}\u{20e3} v\u{e9}lo\u{fe0f} \u{1f6b2}\u{fe0f}", true);
        assert_eq!(w.invisible, 0);
    }
}
