//! Lines that a reader does not understand: what shape they are of, and whether they speak of a refusal.
//!
//! You may rely on: the shape of a line does not hold what changes from line to line (numbers, addresses, names in
//! quotes), so that lines of one kind are counted together; work and memory are bounded by the line. Left out:
//! understanding them. That a line speaks of a refusal says no more than that somebody should look.

use aho_corasick::AhoCorasick;
use model::{Address, Lines, Skip, Unknown};
use std::sync::LazyLock;

/// Bytes of an example that are kept.
const EXAMPLE: usize = 300;
/// Words, and bytes, of a shape.
const WORDS: usize = 8;
const SHAPE: usize = 80;

/// Words, or their stems, with which programs refuse, in the languages of the logs that people bring.
const REFUSALS: [&str; 25] = [
    "failed",
    "failure",
    "denied",
    "refused",
    "invalid",
    "incorrect",
    "rejected",
    "unauthori",
    "forbidden",
    "not allowed",
    "disallowed",
    "wrong password",
    "bad password",
    "illegal user",
    "échou",
    "échec",
    "refus",
    "incorrecte",
    "interdit",
    "fehlgeschlagen",
    "verweigert",
    "ungültig",
    "fallid",
    "denegad",
    "rifiutat",
];

static REFUSAL: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder().ascii_case_insensitive(true).build(REFUSALS).expect("a few words make an automaton")
});

/// Whether a line has a word of refusal and an address.
pub fn refuses(line: &[u8]) -> bool {
    REFUSAL.is_match(line) && has_address(line)
}

/// Whether an address stands in a line, perhaps with a port.
fn has_address(line: &[u8]) -> bool {
    line.split(|b| !(b.is_ascii_hexdigit() || matches!(b, b'.' | b':'))).any(|word| {
        let word = word.strip_suffix(b".").unwrap_or(word);
        let word = word.strip_suffix(b":").unwrap_or(word);
        let (dots, colons) =
            word.iter().fold((0, 0), |(d, c), b| (d + u32::from(*b == b'.'), c + u32::from(*b == b':')));
        match (dots, colons) {
            (3, 1) => word.split(|b| *b == b':').any(|part| Address::parse(part).is_some()),
            (3, 0) | (_, 2..) => word.len() > 2 && Address::parse(word).is_some(),
            _ => false,
        }
    })
}

/// Takes in a line that was not understood, which is `n` lines and `at` bytes from where `lines` begin; `program` wrote
/// it, where that is known.
pub fn miss(lines: &mut Lines, program: Option<&[u8]>, line: &[u8], at: usize, n: u64) {
    let shape = match program {
        Some(program) => text(program, SHAPE),
        None => shape(line),
    };
    let refusals = u64::from(refuses(line));
    lines.miss(Unknown { shape, count: 1, refusals, line: n + 1, first: at as u64, example: text(line, EXAMPLE) });
}

/// Takes in damage where no record was read: what is damaged from end to end was not understood.
pub fn nothing_but<'s>(lines: &mut Lines, damage: impl Iterator<Item = &'s Skip>) {
    if lines.read > 0 {
        return;
    }
    for skip in damage {
        let shape = text(skip.reason.as_bytes(), SHAPE);
        let (count, line, first) = (skip.count, skip.line, skip.first);
        lines.miss(Unknown { shape, count, refusals: 0, line, first, example: String::new() });
    }
}

/// The words that a line is made of, without what changes.
fn shape(line: &[u8]) -> String {
    let line = line.trim_ascii_start();
    if line.first() == Some(&b'{') {
        return keys(line);
    }
    let mut shape = String::new();
    for word in line.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).take(WORDS) {
        let varies =
            word.iter().any(|b| b.is_ascii_digit() || matches!(b, b'"' | b'\'' | b'@' | b'<')) || word.len() > 24;
        // Words that vary one behind the other are one.
        if varies && (shape == "#" || shape.ends_with(" #")) {
            continue;
        }
        if !shape.is_empty() {
            shape.push(' ');
        }
        match varies {
            true => shape.push('#'),
            false => shape.push_str(&String::from_utf8_lossy(word)),
        }
    }
    text(shape.as_bytes(), SHAPE)
}

/// The first keys of an object in JSON.
fn keys(line: &[u8]) -> String {
    let (mut depth, mut keys, mut at) = (0, Vec::new(), 0);
    while at < line.len() && keys.len() < WORDS {
        match line[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let begin = at + 1;
                at = begin;
                while at < line.len() && line[at] != b'"' {
                    at += 1 + usize::from(line[at] == b'\\');
                }
                let end = at.min(line.len());
                let after = line.get(end + 1..).unwrap_or_default().trim_ascii_start();
                if depth == 1 && after.first() == Some(&b':') {
                    keys.push(String::from_utf8_lossy(&line[begin..end]).into_owned());
                }
            }
            _ => {}
        }
        at += 1;
    }
    text(format!("{{{}}}", keys.join(", ")).as_bytes(), SHAPE)
}

/// As text, cut where it is long.
fn text(bytes: &[u8], most: usize) -> String {
    let cut = bytes.get(..most + 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(cut);
    match bytes.len() > most {
        true => format!("{}…", formats::clip(&text, most)),
        false => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_words_with_an_address() {
        for line in [
            "Authentication failed for user [x] from 192.0.2.7",
            "ACCESS DENIED (198.51.100.7:4022)",
            "échec de connexion depuis 2001:db8::7.",
            "Invalid login, ip=[::ffff:192.0.2.7]",
        ] {
            assert!(refuses(line.as_bytes()), "{line}");
        }
        for line in ["failed at 12:30:11", "192.0.2.7 was let in", "version 1.2.3.4.5 failed", "failed :: here", ""] {
            assert!(!refuses(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn shapes_do_not_hold_what_changes() {
        let check = |line: &str, expected: &str| assert_eq!(shape(line.as_bytes()), expected);
        check("2026-09-01 10:00:00 7 [Note] Access denied for 'a'@'b'", "# [Note] Access denied for #");
        check("  at lib.py line 12", "at lib.py line #");
        check(r#"{"a":{"b":1},"c\"d":"x:y","e":[1]}"#, r#"{a, c\"d, e}"#);
        check(r#"{"a\"#, "{}");
        check("", "");
        assert!(shape(&b"\xff".repeat(1 << 16)).len() < 100);
    }
}
