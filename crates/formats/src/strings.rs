//! Runs of text in bytes whose layout is not read: what programs keep as it is typed, in one byte or two (UTF-16) a letter.
//!
//! You may rely on: linear in the bytes, no more text than asked for, nothing fails. Left out: the order in which a
//! program would show the runs; letters beyond Latin in one byte.

/// Shortest run that is told, in letters.
const SHORTEST: usize = 6;

/// The runs of text in some bytes, a line each, at most so many bytes of it.
pub fn runs(bytes: &[u8], most: usize) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    let mut at = 0;
    while at < bytes.len() && out.len() < most {
        let wide = wide(bytes, at, &mut run);
        let end = if wide > at { wide } else { narrow(bytes, at, &mut run) };
        if run.chars().count() >= SHORTEST && run.chars().any(char::is_alphabetic) {
            out.push_str(crate::clip(&run, most - out.len()));
            out.push('\n');
        }
        run.clear();
        at = end.max(at + 1);
    }
    out
}

/// Takes letters of two bytes as long as there are any; gives where they end, or `at` where they are too few.
fn wide(bytes: &[u8], at: usize, run: &mut String) -> usize {
    let mut end = at;
    while let Some(&[low, high]) = bytes.get(end..end + 2).and_then(|pair| pair.first_chunk()) {
        // Latin, Greek and Cyrillic: other pairs are as likely figures.
        let letter = char::from_u32(u32::from(u16::from_le_bytes([low, high]))).filter(|c| is_text(*c) && high < 6);
        let Some(letter) = letter else { break };
        run.push(letter);
        end += 2;
    }
    if end - at < 2 * SHORTEST {
        run.clear();
        return at;
    }
    // What stands beside a text is likely to be taken for one more letter.
    let strange = |c: Option<char>| c.is_some_and(|c| c > '\u{ff}');
    if strange(run.chars().next()) && !strange(run.chars().nth(1)) {
        run.remove(0);
    }
    if strange(run.chars().next_back()) && !strange(run.chars().nth_back(1)) {
        run.pop();
    }
    end
}

/// Takes letters of one byte (windows-1252) as long as there are any; what is hardly ASCII is no text.
fn narrow(bytes: &[u8], at: usize, run: &mut String) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let begins_wide = |n: usize| matches!(rest.get(n + 1..n + 4), Some([0, letter, 0]) if *letter != 0);
    let letter = |b: u8| is_text(char::from(b)) && !(0x80..0xa0).contains(&b);
    let length = rest.iter().enumerate().take_while(|(n, b)| letter(**b) && !begins_wide(*n)).count();
    let text = &rest[..length];
    if text.iter().filter(|b| b.is_ascii()).count() * 4 >= length * 3 {
        run.extend(text.iter().map(|b| char::from(*b)));
    }
    at + length
}

fn is_text(c: char) -> bool {
    matches!(c, '\t' | '\r' | '\n') || !c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_and_two_bytes_are_found() {
        let wide: Vec<u8> = "Évident: https://kiosque.example".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bytes = [&b"\x01\x02short\0\0A narrow text\x03\x04"[..], &wide, b"\0\x01\x02"].concat();
        assert_eq!(runs(&bytes, 1000), "A narrow text\nÉvident: https://kiosque.example\n");
        assert_eq!(runs(&bytes, 8), "A narrow\n");
        assert_eq!(runs(&[0xff; 10_000], 100).trim(), "");
        assert_eq!(runs(b"", 100), "");
    }
}
