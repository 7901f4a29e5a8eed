//! The text without what is held: every character of a passage goes, tags between them stay.
//!
//! You may rely on: the copy is read again as any text is, and what is still found goes with its whole comment, script or
//! tag; a copy that would still be held is not given. Left out: pictures, data in base64, and the file's name.

use crate::calendar::{Law, Place};
use crate::document::Document;
use crate::markup::Where;
use crate::verdict::{Audience, judge};
use model::{Error, Result, Time};

/// What stands for what was taken out.
pub const MARK: &str = "[…]";
/// Readings until a copy is clean.
const ROUNDS: usize = 6;

/// A copy that may be published at this moment.
pub fn redacted(
    law: &Law,
    document: &Document,
    at: Time,
    place: &Place,
    who: Audience,
    people: &[String],
) -> Result<String> {
    let mut text = document.source.clone();
    for round in 0..ROUNDS {
        let read = Document::of(text, false);
        let judged = judge(law, &read, at, place, who, people)?;
        if judged.held.is_empty() {
            // What no longer is what its page declares says so by a mark that comes before all declarations.
            return Ok(if document.recoded { format!("\u{feff}{}", read.source) } else { read.source });
        }
        let (mut gone, mut marks) = (vec![false; read.source.len()], vec![false; read.source.len()]);
        let mut held: Vec<_> = judged.held.iter().map(|h| &h.passage.bytes).collect();
        held.sort_by_key(|bytes| std::cmp::Reverse(bytes.len()));
        for bytes in held {
            // A name inside a sentence that goes has no mark of its own.
            let start = bytes.iter().map(|b| b.0).min().unwrap_or_default();
            marks[start] |= !gone[start];
            bytes.iter().for_each(|(from, to)| gone[*from..*to].fill(true));
        }
        if round >= 2 {
            // Where taking out the words did not do, what hides them goes.
            let hiding = read.parts.iter().filter(|p| p.field.place != Where::Shown).map(|p| p.field.bytes.clone());
            let hiding: Vec<_> = hiding.filter(|bytes| gone[bytes.clone()].iter().any(|g| *g)).collect();
            hiding.into_iter().for_each(|bytes| gone[bytes].fill(true));
        }
        let mut out = String::with_capacity(read.source.len());
        for (i, c) in read.source.char_indices() {
            match (gone[i], marks[i]) {
                (true, true) if round < 2 && !out.ends_with(MARK) => out.push_str(MARK),
                (true, _) => {}
                (false, _) => out.push(c),
            }
        }
        text = out;
    }
    Err(Error::new("no redacted copy could be made: what is held was still found in it")
        .hint("take the passages out by hand"))
}
