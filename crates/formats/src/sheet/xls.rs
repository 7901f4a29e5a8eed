//! Workbooks of Excel 97 to 2003 (MS-XLS, BIFF8): the records of cells, the table of strings with its continuations.

use super::{Builder, CELLS, CUT, number};
use crate::Meter;
use crate::meter::Counted;
use crate::source::Source;
use std::io::Read;

/// Bytes of the workbook's stream.
const STREAM: u64 = 512 << 20;

/// A workbook that is open: its stream, its strings, where its sheets begin.
pub struct Book {
    stream: Vec<u8>,
    strings: Vec<String>,
    places: Vec<usize>,
}

/// Opens a workbook: the names of its sheets, what is not read of it, itself; none where this is none.
pub fn open(source: &Source, meter: &Meter) -> Option<(Vec<String>, Option<&'static str>, Book)> {
    let mut file = cfb::CompoundFile::open(source.slice(0, u64::MAX)).ok()?;
    // A message of Outlook is one whatever else lies in it.
    if file.is_stream("/__properties_version1.0") {
        return None;
    }
    let mut book = Book { stream: Vec::new(), strings: Vec::new(), places: Vec::new() };
    let refused = |reason, book| Some((Vec::new(), Some(reason), book));
    if file.is_stream("/EncryptedPackage") {
        return refused(LOCKED, book);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|n| file.is_stream(n))?;
    let stream = file.open_stream(name).ok()?;
    // An error after some bytes leaves those.
    let _ = Counted::layer(stream, meter).take(STREAM).read_to_end(&mut book.stream);
    let stream = &book.stream;
    if stream.get(4..6).is_some_and(|v| v != [0, 6]) {
        return refused("a workbook of Excel 95 or before: save it as .xlsx", book);
    }
    let (mut sheets, mut strings) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some((kind, body, next)) = record(stream, at) {
        match kind {
            0x002f => return refused(LOCKED, book),
            0x0085 => sheets.extend(sheet(body)),
            0x00fc => {
                let mut pieces = vec![body];
                let mut end = next;
                while let Some((0x003c, more, after)) = record(stream, end) {
                    pieces.push(more);
                    end = after;
                }
                strings = shared(&pieces);
            }
            0x000a => break,
            _ => {}
        }
        at = next;
    }
    let (places, names) = sheets.into_iter().unzip();
    (book.strings, book.places) = (strings, places);
    Some((names, None, book))
}

const LOCKED: &str = "encrypted: no password was given";

/// A record: its kind, its body, where the next begins.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let kind = short(stream, at)?;
    let end = (at + 4).checked_add(usize::from(short(stream, at + 2)?))?;
    Some((kind, stream.get(at + 4..end)?, end))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(short(bytes, at)?) | u32::from(short(bytes, at + 2)?) << 16)
}

fn double(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// A sheet of cells: where its records begin, and its name. Charts and macros are none.
fn sheet(body: &[u8]) -> Option<(usize, String)> {
    let place = word(body, 0)? as usize;
    if *body.get(5)? != 0 {
        return None;
    }
    let length = usize::from(*body.get(6)?);
    let wide = body.get(7)? & 1 == 1;
    Some((place, characters(body.get(8..)?, length, wide)))
}

fn characters(bytes: &[u8], length: usize, wide: bool) -> String {
    if wide {
        let units: Vec<u16> = bytes.chunks_exact(2).take(length).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    bytes.iter().take(length).map(|b| *b as char).collect()
}

/// The table of strings. A string may go on in the next record, where its width is told again.
fn shared(pieces: &[&[u8]]) -> Vec<String> {
    let mut strings = Vec::new();
    let (mut piece, mut at) = (0, 8);
    // Goes on to the next piece where this one is used up.
    let settle = |piece: &mut usize, at: &mut usize| {
        while *piece < pieces.len() && *at >= pieces[*piece].len() {
            *at -= pieces[*piece].len();
            *piece += 1;
        }
    };
    loop {
        settle(&mut piece, &mut at);
        let Some(bytes) = pieces.get(piece) else { break };
        let (Some(length), Some(flags)) = (short(bytes, at), bytes.get(at + 2)) else { break };
        at += 3;
        let mut wide = flags & 1 == 1;
        let runs = if flags & 8 != 0 { short(bytes, at).map(usize::from) } else { Some(0) };
        at += if flags & 8 != 0 { 2 } else { 0 };
        let extra = if flags & 4 != 0 { word(bytes, at).map(|n| n as usize) } else { Some(0) };
        at += if flags & 4 != 0 { 4 } else { 0 };
        let (Some(runs), Some(extra)) = (runs, extra) else { break };
        let mut left = usize::from(length);
        let mut text = String::new();
        while left > 0 {
            let Some(bytes) = pieces.get(piece) else { break };
            let here = bytes.len().saturating_sub(at) / if wide { 2 } else { 1 };
            let take = here.min(left);
            text += &characters(bytes.get(at..).unwrap_or_default(), take, wide);
            at += take * if wide { 2 } else { 1 };
            left -= take;
            if left > 0 {
                piece += 1;
                let Some(flags) = pieces.get(piece).and_then(|p| p.first()) else { break };
                wide = flags & 1 == 1;
                at = 1;
            }
        }
        strings.push(text);
        at = at.saturating_add(runs * 4).saturating_add(extra);
        if strings.len() >= CELLS {
            break;
        }
    }
    strings
}

/// A number packed into four bytes.
fn packed(value: u32) -> f64 {
    let number = match value & 2 {
        0 => f64::from_bits(u64::from(value & !3) << 32),
        _ => f64::from((value as i32) >> 2),
    };
    if value & 1 == 1 { number / 100.0 } else { number }
}

/// The cells of a sheet; says why there are not all, if so.
pub fn cells(book: &Book, n: usize, builder: &mut Builder) -> Option<&'static str> {
    let Book { stream, strings, places } = book;
    let mut at = *places.get(n)?;
    let mut depth = 0;
    let mut formula: Option<(u32, u32)> = None;
    while let Some((kind, body, next)) = record(stream, at) {
        at = next;
        let cell = || Some((u32::from(short(body, 0)?), u32::from(short(body, 2)?)));
        let mut found: Vec<(u32, u32, String)> = Vec::new();
        match kind {
            0x0809 => depth += 1,
            0x000a => {
                depth -= 1;
                if depth <= 0 {
                    return None;
                }
            }
            // What is embedded in a sheet has cells of its own.
            _ if depth > 1 => {}
            0x00fd => {
                if let (Some((r, c)), Some(n)) = (cell(), word(body, 6)) {
                    found.push((r, c, strings.get(n as usize).cloned().unwrap_or_default()));
                }
            }
            0x0203 => {
                if let (Some((r, c)), Some(value)) = (cell(), double(body, 6)) {
                    found.push((r, c, number(value)));
                }
            }
            0x027e => {
                if let (Some((r, c)), Some(value)) = (cell(), word(body, 6)) {
                    found.push((r, c, number(packed(value))));
                }
            }
            0x00bd => {
                if let Some((r, c)) = cell() {
                    let many = body.len().saturating_sub(6) / 6;
                    let values =
                        (0..many).filter_map(|n| Some((r, c + n as u32, number(packed(word(body, 6 + 6 * n)?)))));
                    found.extend(values);
                }
            }
            0x0204 | 0x00d6 => {
                if let (Some((r, c)), Some(length), Some(flags)) = (cell(), short(body, 6), body.get(8)) {
                    found.push((
                        r,
                        c,
                        characters(body.get(9..).unwrap_or_default(), usize::from(length), flags & 1 == 1),
                    ));
                }
            }
            0x0006 => {
                if let (Some((r, c)), Some(result)) = (cell(), body.get(6..14)) {
                    if builder.formulas.len() < CELLS {
                        builder.formulas.insert((r, c));
                    }
                    match result {
                        [0, .., 0xff, 0xff] => formula = Some((r, c)),
                        [.., 0xff, 0xff] => {}
                        _ => found.extend(double(body, 6).map(|value| (r, c, number(value)))),
                    }
                }
            }
            0x0207 => {
                if let (Some((r, c)), Some(length), Some(flags)) = (formula.take(), short(body, 0), body.get(2)) {
                    found.push((
                        r,
                        c,
                        characters(body.get(3..).unwrap_or_default(), usize::from(length), flags & 1 == 1),
                    ));
                }
            }
            0x00e5 => {
                for block in body.get(2..).unwrap_or_default().chunks_exact(8) {
                    let edge = |n: usize| u32::from(u16::from_le_bytes([block[n], block[n + 1]]));
                    builder.merge([edge(0), edge(4), edge(2), edge(6)]);
                }
            }
            _ => {}
        }
        for (row, column, text) in found {
            if !builder.cell(row, column, text) {
                return None;
            }
        }
    }
    Some(CUT)
}
