//! Words for people stand in both languages: where a text is made of an English and a French sentence, the second is French. The
//! sources of all crates are read: what nobody translated shows nowhere else until a French reader meets it.

use std::fs;
use std::path::{Path, PathBuf};

/// What takes a sentence in English and one in French.
const MAKERS: [&str; 5] = ["Text::new(", ".of(", "say(", ".sentence(", "Advice::new("];
/// Words that only English has, and only French.
const ENGLISH: [&str; 14] =
    ["the", "of", "and", "is", "are", "with", "that", "was", "were", "which", "not", "this", "has", "have"];
const FRENCH: [&str; 16] =
    ["le", "la", "les", "des", "une", "est", "du", "qui", "dans", "pas", "pour", "avec", "sont", "aux", "de", "et"];

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_string();
        if path.is_dir() && !matches!(name.as_str(), "tests" | "target" | "examples" | "fuzz") {
            sources(&path, all);
        } else if name.ends_with(".rs") {
            all.push(path);
        }
    }
}

/// The literal that begins `text`, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let start = text.find('"')? + 1;
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((&text[start..start + at], &text[start + at + 1..])),
            _ => {}
        }
    }
    None
}

/// The sentences that stand in both languages, with their lines.
fn pairs(source: &str) -> Vec<(usize, &str, &str)> {
    let mut out = Vec::new();
    for maker in MAKERS {
        for (at, _) in source.match_indices(maker) {
            let after = &source[at + maker.len()..];
            let Some((one, rest)) = literal(after) else { continue };
            let Some((other, _)) = literal(rest) else { continue };
            let before = &after[..after.find('"').unwrap_or(0)];
            let between = &rest[..rest.find('"').unwrap_or(0)];
            // Another argument stands before, such as a word that is made elsewhere.
            let known = ["&style,", "style,", "IT,", "LEAD,", "VOICE,"];
            if known.iter().fold(before.to_string(), |text, word| text.replace(word, "")).contains(',') {
                continue;
            }
            // Nothing else was begun or ended in between.
            if [before, between].iter().any(|t| t.contains([';', '{', '}', '=']) || t.contains("Some(")) {
                continue;
            }
            out.push((source[..at].lines().count(), one, other));
        }
    }
    out
}

/// A sentence's words, without literals, places and escapes.
fn words(sentence: &str) -> Vec<String> {
    let mut text = String::new();
    for (n, part) in sentence.split('`').enumerate() {
        if n % 2 == 0 {
            text += part;
        }
        text.push(' ');
    }
    let mut bare = String::new();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

fn count(words: &[String], of: &[&str]) -> usize {
    words.iter().filter(|w| of.contains(&w.as_str())).count()
}

#[test]
fn a_word_for_people_stands_in_both_languages() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crates");
    let mut all = Vec::new();
    sources(crates, &mut all);
    let (mut seen, mut wrong) = (0, Vec::new());
    for path in all {
        let source = fs::read_to_string(&path).expect("a source");
        for (line, en, fr) in pairs(&source) {
            let (one, other) = (words(en), words(fr));
            let told = |what: &str| format!("{}:{line}: {what}: `{en}` / `{fr}`", path.display());
            seen += 1;
            if count(&other, &ENGLISH) > count(&other, &FRENCH) {
                wrong.push(told("the second is English"));
            }
            if count(&one, &FRENCH[..14]) > count(&one, &ENGLISH) + 1 {
                wrong.push(told("the first is French"));
            }
            if en == fr && count(&one, &ENGLISH) > 0 {
                wrong.push(told("one language only"));
            }
        }
    }
    assert!(seen > 1000, "only {seen} pairs were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
