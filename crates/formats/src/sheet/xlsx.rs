//! Workbooks of Office Open XML. Sheets are found by the workbook's relations, or by their names where those are damaged.

use super::{Builder, CELLS, CUT, LOST};
use crate::Meter;
use crate::source::Source;
use crate::zip::Member;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// The members of a workbook's archive.
pub struct Parts {
    source: Source,
    members: Vec<Member>,
    meter: Meter,
}

impl Parts {
    pub fn new(source: &Source, members: &[Member], meter: &Meter) -> Parts {
        Parts { source: source.clone(), members: members.to_vec(), meter: meter.clone() }
    }

    fn member(&self, name: &str) -> Option<&Member> {
        let plain = |m: &Member| m.name.replace('\\', "/").trim_start_matches('/').eq_ignore_ascii_case(name);
        self.members.iter().find(|m| plain(m))
    }

    /// The text of a member.
    pub fn text(&self, name: &str) -> Option<String> {
        let unpacked = super::unpack(&self.source, self.member(name)?, &self.meter)?;
        Some(match String::from_utf8(unpacked) {
            Ok(text) => text,
            Err(e) => crate::charset::eight_bit(e.as_bytes()).into_owned(),
        })
    }
}

/// A workbook that is open: its parts, its strings, the members that are its sheets.
pub struct Book {
    parts: Parts,
    strings: Vec<String>,
    sheets: Vec<String>,
}

/// Opens a workbook: the names of its sheets, what is not read of it, itself; none where this is none.
pub fn open(parts: Parts) -> Option<(Vec<String>, Option<&'static str>, Book)> {
    let mut book = Book { parts, strings: Vec::new(), sheets: Vec::new() };
    if book.parts.member("xl/workbook.bin").is_some() {
        return Some((Vec::new(), Some("a binary workbook (.xlsb): save it as .xlsx"), book));
    }
    let main = book.parts.text("xl/workbook.xml")?;
    let relations = book.parts.text("xl/_rels/workbook.xml.rels").unwrap_or_default();
    let mut targets = Vec::new();
    each(&relations, |name, start| {
        if name == "relationship" {
            targets.push((attribute(start, "id").unwrap_or_default(), attribute(start, "target").unwrap_or_default()));
        }
    });
    let mut names = Vec::new();
    each(&main, |name, start| {
        if name == "sheet" && names.len() <= super::SHEETS {
            let id = attribute(start, "id").unwrap_or_default();
            let target = targets.iter().find(|(i, _)| *i == id).map(|(_, t)| t.as_str());
            names.push(attribute(start, "name").unwrap_or_default());
            book.sheets.push(match target {
                Some(t) if t.starts_with('/') => t.trim_start_matches('/').to_string(),
                Some(t) => format!("xl/{t}"),
                None => format!("xl/worksheets/sheet{}.xml", names.len()),
            });
        }
    });
    book.strings = book.parts.text("xl/sharedStrings.xml").map(|xml| strings(&xml)).unwrap_or_default();
    Some((names, None, book))
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Every element that begins.
fn each(xml: &str, mut visit: impl FnMut(&str, &BytesStart)) {
    let mut reader = lenient(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(start) | Event::Empty(start) => visit(&local(start.name().as_ref()).to_lowercase(), &start),
            _ => {}
        }
    }
}

fn lenient(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends, config.allow_dangling_amp) = (false, true, true);
    reader
}

/// An attribute by its local name.
fn attribute(start: &BytesStart, wanted: &str) -> Option<String> {
    let mut all = start.attributes();
    let found = all.with_checks(false).flatten().take(64).find(|a| local(a.key.as_ref()).eq_ignore_ascii_case(wanted));
    found.map(|a| crate::entities::decode(&a.value))
}

/// The shared strings, as many as stand there.
fn strings(xml: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut one, mut in_text, mut phonetic) = (String::new(), false, 0u32);
    let mut reader = lenient(xml);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(start) => match local(start.name().as_ref()) {
                "si" => one.clear(),
                "t" => in_text = phonetic == 0,
                "rPh" => phonetic += 1,
                _ => {}
            },
            Event::Empty(start) if local(start.name().as_ref()) == "si" => all.push(String::new()),
            Event::End(end) => match local(end.name().as_ref()) {
                "si" => all.push(std::mem::take(&mut one)),
                "t" => in_text = false,
                "rPh" => phonetic = phonetic.saturating_sub(1),
                _ => {}
            },
            Event::Text(part) if in_text => one.push_str(&part),
            Event::CData(part) if in_text => one.push_str(&part),
            Event::GeneralRef(name) if in_text => one.push_str(&crate::entities::decode(&format!("&{};", &*name))),
            _ => {}
        }
        if all.len() >= CELLS {
            break;
        }
    }
    all
}

/// The cells of a sheet; says why there are not all, if so.
pub fn cells(book: &Book, n: usize, builder: &mut Builder) -> Option<&'static str> {
    let strings = &book.strings;
    let Some(xml) = book.sheets.get(n).and_then(|name| book.parts.text(name)) else { return Some(LOST) };
    let mut reader = lenient(&xml);
    let mut whole = false;
    let (mut row, mut column) = (0u32, 0u32);
    let (mut next_row, mut next_column) = (0u32, 0u32);
    let (mut kind, mut value, mut inside) = (String::new(), String::new(), false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(start) => match local(start.name().as_ref()) {
                "row" => {
                    row = attribute(&start, "r")
                        .and_then(|r| r.parse::<u32>().ok())
                        .filter(|r| *r > 0)
                        .map_or(next_row, |r| r - 1);
                    (next_row, next_column) = (row.saturating_add(1), 0);
                }
                "c" => {
                    let place = attribute(&start, "r").and_then(|r| place(&r));
                    (column, row) = place.map_or((next_column, row), |(c, r)| (c, r.unwrap_or(row)));
                    next_column = column.saturating_add(1);
                    kind = attribute(&start, "t").unwrap_or_default();
                    value.clear();
                }
                "v" | "t" => inside = true,
                _ => {}
            },
            Event::Empty(start) => match local(start.name().as_ref()) {
                "c" => {
                    let place = attribute(&start, "r").and_then(|r| place(&r));
                    next_column = place.map_or(next_column, |(c, _)| c).saturating_add(1);
                }
                "sheetData" => whole = true,
                "row" => next_row = next_row.saturating_add(1),
                "mergeCell" => {
                    let block = attribute(&start, "ref").unwrap_or_default();
                    let ends: Vec<(u32, Option<u32>)> = block.split(':').filter_map(place).collect();
                    if let [(left, Some(top)), (right, Some(bottom))] = ends[..] {
                        builder.merge([top, left, bottom, right]);
                    }
                }
                _ => {}
            },
            Event::Text(part) if inside => value.push_str(&part),
            Event::CData(part) if inside => value.push_str(&part),
            Event::GeneralRef(name) if inside => value.push_str(&crate::entities::decode(&format!("&{};", &*name))),
            Event::End(end) => match local(end.name().as_ref()) {
                "v" | "t" => inside = false,
                "c" => {
                    let text = match kind.as_str() {
                        "s" => {
                            value.trim().parse::<usize>().ok().and_then(|n| strings.get(n)).cloned().unwrap_or_default()
                        }
                        "e" => String::new(),
                        "" | "n" => value.trim().parse::<f64>().map_or_else(|_| value.clone(), super::number),
                        _ => value.clone(),
                    };
                    if !builder.cell(row, column, text) {
                        return None;
                    }
                }
                // Charts have no cells.
                "sheetData" | "chartsheet" | "dialogsheet" => whole = true,
                _ => {}
            },
            _ => {}
        }
    }
    (!whole).then_some(CUT)
}

/// A place as `BC23`: column and row, from 0.
fn place(text: &str) -> Option<(u32, Option<u32>)> {
    let text = text.trim_start_matches('$');
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column =
        text.bytes().take(letters).fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1) - 1;
    let row = text[letters..].trim_start_matches('$').parse::<u32>().ok().and_then(|r| r.checked_sub(1));
    Some((column, row))
}
