//! Cells → counts, whatever stands between the thousands.

/// What a cell of a column of counts says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Count {
    /// A count.
    Is(u32),
    /// Nothing: empty, or a dash.
    Nothing,
    /// Something that is no count.
    Wrong(&'static str),
}

/// Reads a cell. Blanks of every width, apostrophes, commas and points may part thousands; a note's mark may follow; a
/// spreadsheet's `12.0` is 12.
pub fn count(cell: &str) -> Count {
    let plain = cell.as_bytes();
    if !plain.is_empty() && plain.len() <= 9 && plain.iter().all(u8::is_ascii_digit) {
        return Count::Is(plain.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')));
    }
    slow(cell)
}

fn slow(cell: &str) -> Count {
    let text = cell.trim().trim_start_matches(['\'', '\u{2019}']).trim();
    // `1 234*`, `1 234 (1)`, `1 234¹`: the mark of a footnote.
    let text = text.trim_end_matches(['*', '†', '‡', '¹', '²', '³']);
    let text = match text.rfind(['(', '[']) {
        Some(at) if at > 0 && text.ends_with([')', ']']) && text.len() - at <= 4 => text[..at].trim_end(),
        _ => text,
    };
    if text.is_empty() || text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '·' | '…')) {
        return Count::Nothing;
    }
    if matches!(text.to_ascii_lowercase().as_str(), "na" | "n/a" | "n.a." | "nc" | "n.c." | "nd" | "null" | "x") {
        return Count::Nothing;
    }
    let negative = text.starts_with(['-', '\u{2212}']);
    let body = text.trim_start_matches(['-', '+', '\u{2212}']);
    let mut groups: Vec<(Option<char>, String)> = vec![(None, String::new())];
    for c in body.chars() {
        match digit(c) {
            Some(d) => groups.last_mut().expect("one is there").1.push(d),
            None if parts(c) => groups.push((Some(c), String::new())),
            None => return Count::Wrong("no number"),
        }
    }
    // The whole part of what a spreadsheet writes with a point: `12.0`, `1234.00`.
    if groups.len() > 1 {
        let (mark, last) = groups.last().expect("two are there");
        if matches!(mark, Some('.' | ',')) && !last.is_empty() && last.bytes().all(|b| b == b'0') && last.len() != 3 {
            groups.pop();
        }
    }
    let marks: Vec<char> = groups.iter().filter_map(|g| g.0).collect();
    let grouped = groups.len() == 1
        || groups[1..].iter().all(|g| g.1.len() == 3) && (1..=3).contains(&groups[0].1.len()) && marks.iter().all(|m| same(*m, marks[0]))
        // Lakhs: 12,34,567.
        || groups.len() > 2 && groups[1..groups.len() - 1].iter().all(|g| g.1.len() == 2) && groups[groups.len() - 1].1.len() == 3;
    if !grouped {
        return Count::Wrong(if marks.iter().any(|m| matches!(m, '.' | ',')) {
            "no whole number"
        } else {
            "no number"
        });
    }
    let digits: String = groups.into_iter().map(|g| g.1).collect();
    if negative && digits.bytes().any(|b| b != b'0') {
        return Count::Wrong("negative");
    }
    if digits.is_empty() {
        return Count::Wrong("no number");
    }
    digits.parse().map_or(Count::Wrong("larger than any election"), Count::Is)
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => c as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => c as u32 - 0x6f0,
        '\u{966}'..='\u{96f}' => c as u32 - 0x966,
        '\u{ff10}'..='\u{ff19}' => c as u32 - 0xff10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// What may part thousands.
fn parts(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\'' | '\u{2019}' | ',' | '.' | '_' | '\u{66c}' | '\u{202f}' | '\u{2009}' | '\u{a0}' | '\u{b4}')
}

fn same(a: char, b: char) -> bool {
    a == b || a.is_whitespace() && b.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_of_every_country() {
        for text in [
            "1234567",
            "1 234 567",
            "1\u{202f}234\u{202f}567",
            "1\u{a0}234\u{a0}567",
            "1,234,567",
            "1.234.567",
            "1'234'567",
            "12,34,567",
            "1234567.0",
            "1_234_567",
            " 1 234 567* ",
            "1 234 567 (1)",
            "'1234567",
            "١٢٣٤٥٦٧",
        ] {
            assert_eq!(count(text), Count::Is(1_234_567), "{text}");
        }
        for text in ["", " ", "-", "–", "n.c.", "NA"] {
            assert_eq!(count(text), Count::Nothing, "{text}");
        }
        for text in ["abc", "12,5", "1.5", "-3", "1 23", "99999999999", "1e5", "=1+1", "12;3", "1,2345"] {
            assert!(matches!(count(text), Count::Wrong(_)), "{text}");
        }
        assert_eq!([count("12.0"), count("0"), count("1.000"), count("0,00")], [12, 0, 1000, 0].map(Count::Is));
    }
}
