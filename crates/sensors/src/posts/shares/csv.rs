//! Tables of comma-separated values (RFC 4180, and what programs make of it): quoted cells with line ends in them,
//! doubled quotes, CRLF, a byte order mark, other separators.
//!
//! You may rely on: [`whole`] and [`parse`] see the same records wherever a chunk is cut. A quote opens a cell only at
//! its beginning; after a closing quote, what follows up to the separator is passed over. Left out: comments, other
//! quotes, blanks around cells (they belong to them).

use super::parse::{CELLS, Fault, NONE, Parsed, Wanted};
use memchr::{memchr, memchr2, memrchr};
use std::borrow::Cow;

/// Cells of one record that are looked at.
const CELLS_MAX: usize = 10_000;

/// Separators that are tried.
pub const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The end of the last whole record in `bytes`, or how far the first record certainly reaches if none is whole.
pub fn whole(bytes: &[u8], separator: u8) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    while let Some(quote) = memchr(b'"', &bytes[at..]).map(|q| at + q) {
        if let Some(newline) = memrchr(b'\n', &bytes[at..quote]) {
            end = Some(at + newline + 1);
        }
        at = quote + 1;
        let opens =
            quote.checked_sub(1).is_none_or(|before| matches!(bytes[before], b'\n') || bytes[before] == separator);
        if opens {
            match closing(bytes, quote) {
                Some(close) => at = close + 1,
                None => return end,
            }
        }
    }
    memrchr(b'\n', &bytes[at..]).map(|newline| at + newline + 1).or(end)
}

/// The quote that closes the cell which opens at `open`.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = at + memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The cells of the first record, unquoted; for headers.
pub fn first(bytes: &[u8], separator: u8) -> Vec<String> {
    let mut cells = Vec::new();
    let mut at = 0;
    let mut spare = Vec::new();
    while cells.len() < CELLS_MAX {
        let cell = cell(bytes, at, separator);
        let text = unquote(&bytes[cell.start..cell.end], cell.doubled, &mut spare);
        cells.push(String::from_utf8_lossy(text).into_owned());
        at = cell.next;
        if cell.last {
            break;
        }
    }
    cells
}

/// A cell's bytes (without its quotes), where the next begins, and whether it was the record's last.
struct Found {
    start: usize,
    end: usize,
    next: usize,
    last: bool,
    doubled: bool,
}

#[inline(always)]
fn cell(bytes: &[u8], at: usize, separator: u8) -> Found {
    let (mut start, mut end, mut doubled, mut from) = (at, None, false, at);
    if bytes.get(at) == Some(&b'"') {
        let close = closing(bytes, at).unwrap_or(bytes.len());
        (start, end, from) = (at + 1, Some(close), (close + 1).min(bytes.len()));
        doubled = true;
    }
    let stop = memchr2(separator, b'\n', &bytes[from..]).map_or(bytes.len(), |n| from + n);
    let last = bytes.get(stop) != Some(&separator);
    let mut end = end.unwrap_or(stop);
    if last && !doubled && end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    Found { start, end: end.max(start), next: (stop + 1).min(bytes.len()), last, doubled }
}

fn unquote<'b>(cell: &'b [u8], quoted: bool, spare: &'b mut Vec<u8>) -> &'b [u8] {
    if !quoted || memchr(b'"', cell).is_none() {
        return cell;
    }
    spare.clear();
    let mut rest = cell;
    while let Some(quote) = memchr(b'"', rest) {
        spare.extend_from_slice(&rest[..=quote]);
        rest = rest.get(quote + 2..).unwrap_or_default();
    }
    spare.extend_from_slice(rest);
    spare
}

/// Reads all records of a chunk that holds whole ones.
pub fn parse(bytes: &[u8], separator: u8, wanted: &Wanted, out: &mut Parsed) {
    let mut spares: [Vec<u8>; CELLS] = Default::default();
    let (mut at, mut line) = (0, 0u32);
    while at < bytes.len() {
        let start = at;
        let mut found: [(usize, usize, bool); CELLS] = [(0, 0, false); CELLS];
        let (mut column, mut ragged, mut quoted) = (0, false, false);
        loop {
            let cell = cell(bytes, at, separator);
            at = cell.next;
            quoted |= cell.doubled;
            match wanted.slot(column) {
                NONE => ragged |= column >= wanted.width() && cell.end > cell.start,
                slot => found[slot as usize] = (cell.start, cell.end, cell.doubled),
            }
            column += 1;
            if cell.last {
                break;
            }
        }
        let here = line;
        // Line ends inside quotes are counted as well.
        line += if quoted { memchr::memchr_iter(b'\n', &bytes[start..at]).count() as u32 } else { 1 };
        if column == 1 && bytes[start..at].trim_ascii().is_empty() {
            continue;
        }
        if ragged {
            out.damage.push((Fault::Ragged, start as u32, here));
            continue;
        }
        let mut cells: [&[u8]; CELLS] = [&[]; CELLS];
        for ((cell, spare), (from, to, doubled)) in cells.iter_mut().zip(&mut spares).zip(found) {
            *cell = unquote(&bytes[from..to], doubled, spare);
        }
        wanted.push(&cells, start as u32, (at - start) as u32, here, out);
    }
    out.lines += u64::from(line);
}

/// Visits the records of a chunk that holds whole ones: first byte, bytes, line (from 0), cells. Returns the lines.
pub fn records<'b>(bytes: &'b [u8], separator: u8, mut each: impl FnMut(usize, usize, u64, &[Cow<'b, [u8]>])) -> u64 {
    let mut cells: Vec<Cow<'b, [u8]>> = Vec::new();
    let (mut at, mut line) = (0, 0);
    while at < bytes.len() {
        let start = at;
        let mut quoted = false;
        cells.clear();
        loop {
            let found = cell(bytes, at, separator);
            let text = &bytes[found.start..found.end];
            let mut spare = Vec::new();
            at = found.next;
            quoted |= found.doubled;
            if cells.len() < CELLS_MAX {
                cells.push(match found.doubled && memchr(b'"', text).is_some() {
                    true => Cow::Owned(unquote(text, true, &mut spare).to_vec()),
                    false => Cow::Borrowed(text),
                });
            }
            if found.last {
                break;
            }
        }
        let here = line;
        line += if quoted { memchr::memchr_iter(b'\n', &bytes[start..at]).count() as u64 } else { 1 };
        if cells.len() > 1 || !bytes[start..at].trim_ascii().is_empty() {
            each(start, at - start, here, &cells);
        }
    }
    line
}
