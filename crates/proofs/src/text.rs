//! The small words that notes, proofs and policies are written in: base64 in its one form, numbers in theirs.

use crate::Fault;
use crate::merkle::Hash;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Base64 (RFC 4648 4), with padding and nothing in the bits that are left over.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}

/// Bytes as base64.
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// A hash in base64.
pub fn hash(text: &str) -> Option<Hash> {
    base64(text)?.try_into().ok()
}

/// A decimal number without leading zeros, below 2^63.
pub fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|n| plain && *n < 1 << 63)
}

/// The text of a file that may have line ends and nothing else below U+0020, and must end in one.
pub fn lines(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::Form("it is not UTF-8".into()))?;
    match text {
        _ if text.bytes().any(|b| b < 0x20 && b != b'\n') => Err(Fault::Form("it has control characters".into())),
        _ if !text.ends_with('\n') => Err(Fault::Form("its last line does not end".into())),
        _ => Ok(text),
    }
}
