//! Word 97–2003 (MS-DOC): dates in the clock of the machine beside those in UTC, who saved it last and where, its text.

use super::property_set::utf16;
use super::{About, date};
use crate::charset;
use crate::wording::Place;

/// Characters of text.
const TEXT: usize = 16 << 20;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// The table stream that a document uses.
fn table<'t>(document: &[u8], tables: &'t [(String, Vec<u8>)]) -> Option<&'t [u8]> {
    let name = if short(document, 10)? & 0x200 != 0 { "1Table" } else { "0Table" };
    let named = tables.iter().find(|(n, _)| n == name).or_else(|| tables.first())?;
    Some(&named.1)
}

/// A part of the table stream, by its place in the header.
fn part<'t>(document: &[u8], table: &'t [u8], n: usize) -> Option<&'t [u8]> {
    let (from, length) = (word(document, 154 + 8 * n)? as usize, word(document, 158 + 8 * n)? as usize);
    table.get(from..from.checked_add(length)?)
}

/// Reads what stands in no property.
pub fn read(document: &[u8], tables: &[(String, Vec<u8>)], about: &mut About) {
    if short(document, 10).is_some_and(|flags| flags & 0x100 != 0) {
        about.holds.insert("encrypted");
        return;
    }
    let Some(table) = table(document, tables) else { return };
    if let Some(properties) = part(document, table, 31) {
        for (name, at) in [("created", 20), ("modified", 24), ("printed", 28)] {
            let local = word(properties, at).and_then(date::dttm);
            if let (Some(local), Some(utc)) = (local, about.said.get(name).cloned()) {
                about.zones.push((name, local, utc));
            }
        }
    }
    // Author and path of each of the last saves.
    if let Some(saves) = part(document, table, 71) {
        let mut at = 6;
        let count = usize::from(short(saves, 2).unwrap_or(0)).min(40);
        for n in 0..count {
            let Some(length) = short(saves, at).map(usize::from) else { break };
            let Some(text) = saves.get(at + 2..at + 2 + 2 * length) else { break };
            match n % 2 {
                0 => about.editor(&utf16(text)),
                _ => about.path(&utf16(text)),
            }
            at += 2 + 2 * length;
        }
    }
}

/// The text, story by story, paragraph by paragraph: the body, notes, heads and feet, comments, boxes (as notes). What fields show
/// is left out where `filled` says of their code that it is made anew.
pub fn text(document: &[u8], tables: &[(String, Vec<u8>)], filled: fn(&str) -> bool) -> Option<Vec<(Place, String)>> {
    let characters = all(document, tables)?;
    // How long each story is (FibRgLw97); the fourth is of macros and always empty.
    let lengths = (0..8).map(|n| word(document, 0x4c + 4 * n).unwrap_or(0) as usize);
    let places = [
        Place::Body,
        Place::Note,
        Place::Margin,
        Place::Margin,
        Place::Comment,
        Place::Note,
        Place::Note,
        Place::Margin,
    ];
    let mut stories = Vec::new();
    let mut rest = characters.as_str();
    for (place, length) in places.into_iter().zip(lengths) {
        // Counted in units of UTF-16.
        let mut left = length;
        let end = rest.char_indices().find(|(_, c)| {
            let over = left == 0;
            left = left.saturating_sub(c.len_utf16());
            over
        });
        let (story, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        stories.push((place, shown(story, filled)));
        rest = after;
    }
    // Where the lengths are damaged, nothing is lost.
    stories.push((Place::Body, shown(rest, filled)));
    Some(stories)
}

/// Fields within each other.
const FIELDS: usize = 100;

/// What a story shows: of fields (0x13 code 0x14 result 0x15) their result.
fn shown(story: &str, filled: fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(story.len());
    // Codes of fields that are open; whether their result is being read, and left out.
    let mut open: Vec<(String, bool, bool)> = Vec::new();
    for c in story.chars() {
        match c {
            '\u{13}' if open.len() < FIELDS => open.push((String::new(), false, false)),
            '\u{14}' => {
                if let Some((code, result, left_out)) = open.last_mut() {
                    (*result, *left_out) = (true, filled(code));
                }
            }
            '\u{15}' => drop(open.pop()),
            _ if open.iter().any(|(_, result, left_out)| !result || *left_out) => {
                if let Some((code, false, _)) = open.last_mut().filter(|(code, ..)| code.len() < 1_000) {
                    code.push(c);
                }
            }
            '\r' | '\u{7}' | '\u{b}' | '\u{c}' => out.push('\n'),
            c if (c as u32) < 0x20 && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// All characters, those that mark fields and paragraphs among them.
fn all(document: &[u8], tables: &[(String, Vec<u8>)]) -> Option<String> {
    let table = table(document, tables)?;
    let clx = part(document, table, 33)?;
    let mut at = 0;
    // Properties come before the pieces.
    while clx.get(at) == Some(&1) {
        at += 3 + usize::from(short(clx, at + 1)?);
    }
    let length = word(clx, at + 1)? as usize;
    let pieces = clx.get(at + 5..(at + 5).checked_add(length)?.min(clx.len()))?;
    let count = pieces.len().checked_sub(4)? / 12;
    let mut out = String::new();
    for n in 0..count {
        let (from, to) = (word(pieces, 4 * n)? as usize, word(pieces, 4 * n + 4)? as usize);
        let fc = word(pieces, 4 * (count + 1) + 8 * n + 2)?;
        let characters = to.checked_sub(from)?;
        if out.len() + characters > TEXT {
            break;
        }
        let place = (fc & 0x3fff_ffff) as usize;
        if fc & 0x4000_0000 != 0 {
            let start = place / 2;
            let bytes = document.get(start..start.checked_add(characters)?.min(document.len()))?;
            out.push_str(&charset::decode(b"windows-1252", bytes));
        } else {
            let bytes = document.get(place..place.checked_add(2 * characters)?.min(document.len()))?;
            out.push_str(&utf16(bytes));
        }
    }
    Some(out)
}
