//! Names of months, as logs and mail write them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The month, 1–12, of an English name in three letters; case does not matter.
#[inline]
pub fn named(name: &[u8]) -> Option<u8> {
    const NAMES: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    NAMES.chunks(3).position(|m| m.eq_ignore_ascii_case(name)).map(|n| n as u8 + 1)
}

static ABROAD: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
    let months = knowledge::months::Months::embedded().months;
    months.into_iter().zip(1..).flat_map(|(names, n)| names.into_iter().map(move |name| (name, n))).collect()
});

/// The month of a name in one of many languages, short or long, in UTF-8 or Latin 1.
pub fn abroad(name: &[u8]) -> Option<u8> {
    if name.len() > 32 {
        return None;
    }
    let text = match std::str::from_utf8(name) {
        Ok(text) => text.to_lowercase(),
        Err(_) => name.iter().map(|b| char::from(*b)).collect::<String>().to_lowercase(),
    };
    let text = text.strip_suffix('.').unwrap_or(&text);
    named(text.as_bytes()).or_else(|| ABROAD.get(text).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_abroad() {
        for (name, month) in
            [("févr.", 2), ("AOÛT", 8), ("Mär", 3), ("сент.", 9), ("сен", 9), ("9月", 9), ("Dez", 12), ("Jan", 1)]
        {
            assert_eq!(abroad(name.as_bytes()), Some(month), "{name}");
        }
        assert_eq!(abroad(b"f\xe9vr."), Some(2));
        assert_eq!(abroad(b"host"), None);
        assert_eq!(abroad(b""), None);
    }
}
