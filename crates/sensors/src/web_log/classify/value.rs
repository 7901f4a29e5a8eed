//! One decoded value of a request, and the set of things found in it.

use super::Engine;
use super::decode::Disguise;

/// A decoded, lower-cased piece of a request: its path, a parameter's name or value, its agent or referer.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The text.
    pub text: &'a [u8],
    /// As it was sent.
    pub raw: &'a [u8],
    /// What had to be undone.
    pub disguise: Disguise,
    /// Whether it is the path, where slashes and dots are at home.
    pub path: bool,
    present: [u64; 2],
}

impl<'a> Value<'a> {
    /// Wraps a text and notes which ASCII characters it holds.
    pub fn new(text: &'a [u8], raw: &'a [u8], disguise: Disguise, path: bool) -> Self {
        let mut present = [0_u64; 2];
        for &byte in text {
            if byte < 0x80 {
                present[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        }
        Self { text, raw, disguise, path, present }
    }

    /// Whether any of these ASCII characters occurs.
    #[inline(always)]
    pub fn any(&self, characters: &[u8]) -> bool {
        let mut wanted = [0_u64; 2];
        for &byte in characters {
            wanted[usize::from(byte >> 6) & 1] |= 1 << (byte & 63);
        }
        self.present[0] & wanted[0] | self.present[1] & wanted[1] != 0
    }

    /// Whether the text holds this.
    #[inline]
    pub fn has(&self, needle: &[u8]) -> bool {
        has(self.text, needle)
    }
}

/// Whether `text` holds `needle`.
#[inline]
pub fn has(text: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(text, needle).is_some()
}

/// The text without surrounding white space and plus signs (a plus that was sent encoded).
pub fn trim(mut text: &[u8]) -> &[u8] {
    while let [b'+' | 0..=b' ', rest @ ..] | [rest @ .., b'+' | 0..=b' '] = text {
        text = rest;
    }
    text
}

/// Rules of the tokenizers that were met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found(u128);

impl Found {
    /// Notes one.
    #[inline]
    pub fn add(&mut self, engine: Engine) {
        self.0 |= 1 << engine as u8;
    }

    /// Whether nothing was noted.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one was noted.
    #[inline]
    pub fn has(self, engine: Engine) -> bool {
        self.0 >> (engine as u8) & 1 != 0
    }

    /// All numbers noted.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let next = left.trailing_zeros() as usize;
                left &= left - 1;
                next
            })
        })
    }
}
