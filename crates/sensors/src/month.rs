//! English names of months in three letters, as logs and mail write them.

/// The month, 1–12; case does not matter.
#[inline]
pub fn named(name: &[u8]) -> Option<u8> {
    const NAMES: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    NAMES.chunks(3).position(|m| m.eq_ignore_ascii_case(name)).map(|n| n as u8 + 1)
}
