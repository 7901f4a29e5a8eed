//! Workbooks of Office Open XML. Sheets are found by the workbook's relations, or by their names where those are damaged.

use super::{Builder, CELLS, PART, SHEETS, Workbook};
use crate::zip::{self, Member};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub fn read(bytes: &[u8]) -> Option<Workbook> {
    let directory = zip::directory(&bytes, bytes.len() as u64, 10_000)?;
    let member =
        |name: &str| directory.members.iter().find(|m| m.name.trim_start_matches('/').eq_ignore_ascii_case(name));
    let mut workbook = Workbook::default();
    if member("xl/workbook.bin").is_some() {
        workbook.damage.push("a binary workbook (.xlsb): save it as .xlsx");
        return Some(workbook);
    }
    let book = text(bytes, member("xl/workbook.xml")?)?;
    let relations = member("xl/_rels/workbook.xml.rels").and_then(|m| text(bytes, m)).unwrap_or_default();
    let strings =
        member("xl/sharedStrings.xml").and_then(|m| text(bytes, m)).map(|xml| strings(&xml)).unwrap_or_default();
    let mut targets = Vec::new();
    each(&relations, |name, start| {
        if name == "relationship" {
            targets.push((attribute(start, "id").unwrap_or_default(), attribute(start, "target").unwrap_or_default()));
        }
    });
    let mut sheets = Vec::new();
    each(&book, |name, start| {
        if name == "sheet" && sheets.len() < SHEETS {
            sheets.push((attribute(start, "name").unwrap_or_default(), attribute(start, "id").unwrap_or_default()));
        }
    });
    let mut left = CELLS;
    for (n, (name, id)) in sheets.into_iter().enumerate() {
        let target = targets.iter().find(|(i, _)| *i == id).map(|(_, t)| t.as_str());
        let path = match target {
            Some(t) if t.starts_with('/') => t.trim_start_matches('/').to_string(),
            Some(t) => format!("xl/{t}"),
            None => format!("xl/worksheets/sheet{}.xml", n + 1),
        };
        let Some(xml) = member(&path).and_then(|m| text(bytes, m)) else {
            workbook.damage.push("a sheet that is not there or cannot be unpacked");
            continue;
        };
        let mut builder = Builder::default();
        if !cells(&xml, &strings, &mut builder, &mut left) {
            workbook.damage.push("more cells than are read");
        }
        workbook.sheets.push(builder.finish(name, &mut left));
    }
    Some(workbook)
}

fn text(bytes: &[u8], member: &Member) -> Option<String> {
    let unpacked = zip::read(bytes, member, PART)?;
    Some(match String::from_utf8(unpacked) {
        Ok(text) => text,
        Err(e) => crate::charset::eight_bit(e.as_bytes()).into_owned(),
    })
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

/// The cells of a sheet; says whether there was room for all.
fn cells(xml: &str, strings: &[String], builder: &mut Builder, left: &mut usize) -> bool {
    let mut reader = lenient(xml);
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
                    if !builder.cell(row, column, text, left) {
                        return false;
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    true
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
