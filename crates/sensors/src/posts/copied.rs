//! Which posts of a case are copies of one text; found once for all detectors of a run.
//!
//! You may rely on: reposts and articles are left out (a repost says so). The result is a function of the texts alone:
//! it is remembered under their SHA-256 from the detector that needs it first to the one that takes it last, because
//! comparing texts is the slowest step of a case of posts.

use super::table::Table;
use super::text::Copies;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;

/// The copies among a case's posts.
pub struct Copied {
    /// The copies among the different texts.
    pub copies: Copies,
    /// By number of a text in the table, its place among those compared.
    places: HashMap<u32, usize>,
}

/// The last result and what it was made of.
static LAST: Mutex<Option<([u8; 32], Copied)>> = Mutex::new(None);

/// The copies among a table's posts, handed to `work` and kept for the next who asks.
pub fn with<T>(table: &Table, work: impl FnOnce(&Copied) -> T) -> T {
    let mut texts: Vec<(&str, u32)> = (0..table.len() as u32)
        .filter(|post| compared(table, *post))
        .map(|post| (table.text(post), table.text_number(post)))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    let mut digest = Sha256::new();
    for (text, number) in &texts {
        digest.update(number.to_be_bytes());
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    let key: [u8; 32] = digest.finalize().into();
    let mut last = LAST.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let copied = match last.take() {
        Some((of, copied)) if of == key => copied,
        _ => {
            let all: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
            let places = texts.iter().enumerate().map(|(place, (_, number))| (*number, place)).collect();
            Copied { copies: Copies::find(&all), places }
        }
    };
    let result = work(&copied);
    *last = Some((key, copied));
    result
}

/// Forgets the last result.
pub fn forget() {
    *LAST.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = None;
}

/// Whether what a post says is its own.
pub fn compared(table: &Table, post: u32) -> bool {
    table.repost_of(post).is_empty() && !table.is_article(post) && !table.text(post).is_empty()
}

impl Copied {
    /// The place of a post's text among those compared.
    pub fn place(&self, table: &Table, post: u32) -> Option<usize> {
        self.places.get(&table.text_number(post)).copied().filter(|_| compared(table, post))
    }

    /// The number of the text that a post's is a copy of.
    pub fn cluster(&self, table: &Table, post: u32) -> Option<u32> {
        self.copies.cluster(self.place(table, post)?)
    }
}
