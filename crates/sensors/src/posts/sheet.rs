//! Spreadsheets (Office Open XML, ECMA-376 part 1 chapter 18): the first sheet with rows of an `.xlsx`, as separated values.
//!
//! You may rely on: memory is the file, one unpacked sheet and its strings, each at most [`MEMBER`]; formulas are never
//! computed, what they last gave is taken; a cell beyond [`COLUMNS`] is left out. Left out: styles (a date stands there as
//! its day number, which `shares/dates.rs` knows), further sheets, `.xls` and `.ods`.

use super::platforms::html;
use formats::zip;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Bytes of one unpacked part.
const MEMBER: usize = 256 << 20;
/// Parts of a book that are looked at.
const MEMBERS: usize = 10_000;
/// Columns that are read.
const COLUMNS: usize = 2_000;

/// Whether a file begins as a spreadsheet does.
pub fn sniff(head: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(head, part).is_some();
    head.starts_with(b"PK\x03\x04") && (has(b"xl/workbook.xml") || has(b"xl/worksheets/"))
}

/// The rows of the first sheet that has more than one, as separated values; none where this is no whole spreadsheet.
pub fn rows(bytes: &[u8]) -> Option<Vec<u8>> {
    let members = zip::directory(&bytes, bytes.len() as u64, MEMBERS)?.members;
    let part = |name: &str| {
        let member = members.iter().find(|m| m.name == name)?;
        zip::read(bytes, member, MEMBER)
    };
    let strings = part("xl/sharedStrings.xml").map(|xml| strings(&xml)).unwrap_or_default();
    let mut names: Vec<String> = members
        .iter()
        .map(|m| m.name.clone())
        .filter(|n| n.starts_with("xl/worksheets/") && n.ends_with(".xml"))
        .collect();
    names.sort_by_key(|n| (n.len(), n.clone()));
    names
        .iter()
        .filter_map(|name| Some(sheet(&part(name)?, &strings)))
        .find(|rows| rows.iter().filter(|b| **b == b'\n').count() > 1)
}

/// The texts that cells name by number.
fn strings(xml: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&text);
    let (mut all, mut one, mut inside) = (Vec::new(), String::new(), false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(e) if local(&e) == "si" => one.clear(),
            Event::Start(e) if local(&e) == "t" => inside = true,
            Event::Text(part) if inside => one.push_str(&part),
            Event::GeneralRef(name) if inside => html::unescape(&format!("&{};", &*name), &mut one),
            Event::End(e) => match e.name().as_ref().rsplit(':').next() {
                Some("t") => inside = false,
                Some("si") => all.push(std::mem::take(&mut one)),
                _ => {}
            },
            Event::Empty(e) if local(&e) == "si" => all.push(String::new()),
            _ => {}
        }
    }
    all
}

fn local(start: &BytesStart) -> String {
    start.name().as_ref().rsplit(':').next().unwrap_or_default().to_string()
}

fn attribute(start: &BytesStart, name: &str) -> String {
    let found = start.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name);
    found.map(|a| a.value.to_string()).unwrap_or_default()
}

/// One sheet as separated values.
fn sheet(xml: &[u8], strings: &[String]) -> Vec<u8> {
    let text = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&text);
    let (mut out, mut row) = (Vec::new(), Vec::<String>::new());
    let (mut kind, mut value, mut column, mut inside) = (String::new(), String::new(), 0, false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(e) => match local(&e).as_str() {
                "row" => (row, column) = (Vec::new(), 0),
                "c" => {
                    (kind, value) = (attribute(&e, "t"), String::new());
                    column = place(&attribute(&e, "r")).unwrap_or(row.len());
                }
                "v" | "t" => inside = true,
                _ => {}
            },
            Event::Text(part) if inside => value.push_str(&part),
            Event::GeneralRef(name) if inside => html::unescape(&format!("&{};", &*name), &mut value),
            Event::End(e) => match e.name().as_ref().rsplit(':').next() {
                Some("v" | "t") => inside = false,
                Some("c") if column < COLUMNS => {
                    if kind == "s" {
                        let text = value.trim().parse::<usize>().ok().and_then(|n| strings.get(n));
                        value = text.cloned().unwrap_or_default();
                    }
                    row.resize(row.len().max(column + 1), String::new());
                    row[column] = std::mem::take(&mut value);
                }
                Some("row") => {
                    let cells: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
                    out.extend_from_slice(cells.join(",").as_bytes());
                    out.push(b'\n');
                    row.clear();
                }
                _ => {}
            },
            _ => {}
        }
    }
    out
}

/// The column of a cell's name: `A1` is the first.
fn place(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).take(4);
    letters.fold(None, |n: Option<usize>, b| Some(n.map_or(0, |n| n + 1) * 26 + usize::from(b - b'A')))
}
