//! Cells of a table that a spreadsheet may open: quoted by RFC 4180, formulas kept from running by an apostrophe
//! (OWASP, *CSV Injection*), control and direction characters written out.
//!
//! You may rely on: an id of letters, digits and `_`, with an `@` in front or as a number with its sign, stands as it
//! is; tables of other tools can be joined with ours by it. Every line ends in `\n`.

use model::escape;

/// Appends a cell.
pub fn push(out: &mut Vec<u8>, cell: &[u8]) {
    let word = |c: &[u8]| c.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b':' | b'/' | b'-'));
    match cell.first() {
        Some(b) if b.is_ascii_alphanumeric() && word(cell) => out.extend_from_slice(cell),
        None => {}
        _ => guarded(out, cell),
    }
}

fn guarded(out: &mut Vec<u8>, cell: &[u8]) {
    let safe = escape::visible_bytes(cell);
    let quote = safe.contains([',', '"', ';', '\'', '\n']);
    // Spreadsheets skip leading blanks and fold full-width signs before they look for a formula.
    let text = safe.trim_start();
    let rest = text.get(1..).unwrap_or_default();
    let formula = match text.chars().next() {
        Some('-' | '+') => !rest.bytes().all(|b| b.is_ascii_digit()) || rest.is_empty(),
        Some('@') => !rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') || rest.is_empty(),
        Some(c) => matches!(c, '=' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'),
        None => false,
    } || matches!(cell.first(), Some(b'\t' | b'\r' | b'\n'));
    if !quote && !formula {
        out.extend_from_slice(safe.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    out.extend_from_slice(safe.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Appends a whole number.
pub fn number(out: &mut Vec<u8>, mut n: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_and_formulas_do_not_run() {
        let check = |given: &str, expected: &str| {
            let mut out = Vec::new();
            push(&mut out, given.as_bytes());
            assert_eq!(String::from_utf8_lossy(&out), expected);
        };
        for plain in ["a17", "9fa51e", "@alice_1", "-1001234", "+33612345678", "did:plc:x", "Zoé", "a b", ""] {
            check(plain, plain);
        }
        check("=1+1", "\"'=1+1\"");
        check("-2+cmd|' /C calc'!A0", "\"'-2+cmd|' /C calc'!A0\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check(" =1", "\"' =1\"");
        check("\t=1", "\"'\\t=1\"");
        check("a,b\"c", "\"a,b\"\"c\"");
        check("\u{1b}[2J", "\\u{1b}[2J");
    }
}
