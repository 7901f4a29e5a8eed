//! Tables a spreadsheet may open. Cells that a spreadsheet would run as a formula (they begin with `=`, `+`, `-`, `@`,
//! a tab or a return; OWASP, *CSV Injection*) get an apostrophe in front, control and direction characters are written
//! out, quotes follow RFC 4180.

use crate::show;

/// Appends one row.
pub fn row<S: AsRef<str>>(out: &mut String, cells: &[S]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        push(out, cell.as_ref());
    }
    out.push_str("\r\n");
}

fn push(out: &mut String, cell: &str) {
    let safe = show::plain(cell, 2000);
    // Spreadsheets skip leading blanks and fold full-width signs before they look for a formula.
    let sign = cell.trim_start().chars().next().or_else(|| cell.chars().next());
    let formula = matches!(sign, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
        || cell.starts_with(['\t', '\r', '\n']);
    let quoted = formula || safe.contains([',', '"', ';', '\'']);
    if !quoted {
        out.push_str(&safe);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&safe.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        let mut out = String::new();
        row(&mut out, &["=1+1", "+1", "-", "@SUM(A1)", "\t=1", " =1", "a,b", "say \"x\"", "plain", "\u{1b}[2J"]);
        assert_eq!(
            out,
            "\"'=1+1\",\"'+1\",\"'-\",\"'@SUM(A1)\",\"'[U+0009]=1\",\"' =1\",\"a,b\",\"say \"\"x\"\"\",plain,[U+001B][2J\r\n"
        );
    }
}
