//! Control flow of cmd.exe, as injected commands use it: `for /f %i in ('…') do …`, `if not exist c:\x …`, `if "%a%"=="b" …`.
//!
//! You may rely on: what people write with these words stays silent ("if exist", "for x in y", `if a == b`): a loop needs its
//! percent variable, a condition a path, a number, a percent variable or a command behind it. Left out: batch files' labels.
//! Source of the grammar: Microsoft's reference of Windows commands, `for` and `if`.

use super::value::has;
use super::wordset::WordTable;

/// Words looked behind in one value: as many as the shell's separators, so that few are not hidden behind many.
const LOOKS: usize = 512;
/// Bytes behind a word that are looked at.
const SPAN: usize = 320;

/// Whether a value holds one.
pub fn flows(text: &[u8], programs: &WordTable) -> bool {
    let at = |word: &'static [u8]| memchr::memmem::find_iter(text, word).filter(move |at| alone(text, *at)).take(LOOKS);
    let rest = |at: usize, word: &[u8]| &text[at + word.len()..text.len().min(at + word.len() + SPAN)];
    at(b"for").any(|at| is_loop(rest(at, b"for"))) || at(b"if").any(|at| is_condition(rest(at, b"if"), programs))
}

/// No letter or digit stands before.
fn alone(text: &[u8], at: usize) -> bool {
    at == 0 || !text[at - 1].is_ascii_alphanumeric() && !matches!(text[at - 1], b'_' | b'-' | b'.')
}

/// Without blanks; none where there are none.
fn blanks(rest: &[u8]) -> Option<&[u8]> {
    let skip = rest.iter().take_while(|byte| **byte <= b' ' || **byte == b'+').count();
    (skip > 0).then_some(&rest[skip..])
}

/// Behind a word that ends here.
fn word<'t>(rest: &'t [u8], word: &[u8]) -> Option<&'t [u8]> {
    rest.strip_prefix(word)
        .filter(|rest| !rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'))
}

/// ` [/x options] %i in (…) do`
fn is_loop(rest: &[u8]) -> bool {
    let Some(rest) = blanks(rest) else { return false };
    let rest = match rest {
        // What is looped over may have a root or options in front.
        [b'/', b'd' | b'f' | b'l' | b'r', after @ ..] => {
            let Some(percent) = memchr::memchr(b'%', after) else { return false };
            &after[percent..]
        }
        _ => rest,
    };
    let Some(rest) = rest.strip_prefix(b"%") else { return false };
    let rest = rest.strip_prefix(b"%").unwrap_or(rest);
    let name = rest.iter().take(16).take_while(|byte| **byte > b' ' && **byte != b'+').count();
    let Some(rest) = blanks(&rest[name..]).filter(|_| name > 0) else { return false };
    let Some(rest) = word(rest, b"in") else { return false };
    let rest = blanks(rest).unwrap_or(rest);
    rest.starts_with(b"(")
        && memchr::memmem::find_iter(rest, b"do").any(|at| {
            let after = rest.get(at + 2);
            matches!(rest[at - 1], b')' | b' ' | b'+') && after.is_some_and(|byte| !byte.is_ascii_alphanumeric())
        })
}

/// ` [/i] [not] exist|defined|errorlevel|cmdextversion …`, or a comparison.
fn is_condition(rest: &[u8], programs: &WordTable) -> bool {
    let Some(mut rest) = blanks(rest) else { return false };
    let mut flagged = false;
    for flag in [&b"/i"[..], b"not"] {
        if let Some(after) = word(rest, flag).and_then(blanks) {
            rest = after;
            flagged |= flag == b"/i";
        }
    }
    let number = |rest: &[u8]| blanks(rest).is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit));
    if let Some(rest) = word(rest, b"errorlevel").or_else(|| word(rest, b"cmdextversion")) {
        return number(rest);
    }
    if let Some(rest) = word(rest, b"exist").and_then(blanks) {
        return match rest {
            [b'%' | b'*', ..] | [b'a'..=b'z', b':', b'\\' | b'/', ..] => true,
            _ => operand(rest).is_some_and(|(_, rest)| commands(rest, programs)),
        };
    }
    if let Some(rest) = word(rest, b"defined").and_then(blanks) {
        return operand(rest).is_some_and(|(_, rest)| commands(rest, programs));
    }
    let Some((left, rest)) = operand(rest) else { return false };
    let rest = blanks(rest).unwrap_or(rest);
    let compares = rest.strip_prefix(b"==").map(|rest| rest.strip_prefix(b"=").unwrap_or(rest));
    let spelt = || [&b"equ"[..], b"neq", b"lss", b"leq", b"gtr", b"geq"].iter().find_map(|name| word(rest, name));
    let Some(rest) = compares.or_else(spelt) else { return false };
    let Some((right, rest)) = operand(blanks(rest).unwrap_or(rest)) else { return false };
    // `%a%`, `%%a`, `%1`, `!a!`: what no other language writes so.
    let variable = |side: &[u8]| {
        let inside = side.strip_prefix(b"\"").unwrap_or(side);
        let inside = inside.strip_prefix(b"[").or_else(|| inside.strip_prefix(b"{")).unwrap_or(inside);
        inside.starts_with(b"%") && inside.len() > 1 || inside.starts_with(b"!") && inside[1..].contains(&b'!')
    };
    flagged || variable(left) || variable(right) || commands(rest, programs)
}

/// One side of a comparison, quoted or a word, and what follows it.
fn operand(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = match rest.strip_prefix(b"\"") {
        Some(inside) => memchr::memchr(b'"', inside)? + 2,
        None => rest.iter().position(|byte| *byte <= b' ' || matches!(byte, b'=' | b'+')).unwrap_or(rest.len()),
    };
    (end > 0).then(|| rest.split_at(end))
}

/// Whether a command begins behind blanks: a program whose name is no ordinary word, a group, what is not echoed.
fn commands(rest: &[u8], programs: &WordTable) -> bool {
    let Some(rest) = blanks(rest) else { return false };
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    matches!(rest.first(), Some(b'(' | b'@')) && !has(rest, b") {")
        || programs.get(&rest[..end]) == Some(0)
        || [&b"cmd"[..], b"echo", b"del", b"goto"].contains(&&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let programs = WordTable::new([("cat", 0), ("time", 1)]);
        assert_eq!(flows(text.as_bytes(), &programs), expected, "{text}");
    }

    #[test]
    fn loops_and_conditions_of_the_shell() {
        for text in [
            "for %i in (a b) do echo %i",
            "x&for /f \"delims=\" %%g in ('dir /b') do @echo %%g",
            "for /l %n in (1,1,9)do x",
            "if not defined x echo y z",
            "if exist x cmd",
            "if defined x cat y",
            "if not {%1} == {} x",
            "if exist c:\\windows\\x (cmd)",
            "if not exist notes.txt del x",
            "if errorlevel 1 x",
            "if /i not a==b x",
            "if \"%a%\"==\"\" x",
            "if !a! == 1 x",
            "if %n% geq 2 x",
            "if defined a (echo b)",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn what_people_write_with_these_words() {
        for text in [
            "if exist",
            "what if they do not exist in france",
            "what if defined in time",
            "if exist in time",
            "for x in (a, b) do",
            "for 5 % in (cash) do you pay",
            "if a == b then c",
            "if (a == b) { c }",
            "errorlevel 1",
            "if defined as above",
            "gif %a%==b",
            "if",
            "for",
            "for /f %",
            "if \"",
        ] {
            check(text, false);
        }
    }
}
