//! OpenDocument (OASIS ODF 1.3): text, sheets, presentations.

use super::ooxml::number;
use super::xml::{Met, walk};
use super::{Archive, Parts};

/// Times that a cell, a row or a space is repeated, at most.
const REPEATED: usize = 1024;

/// Reads a document.
pub fn read(archive: &Archive, parts: &mut Parts) {
    parts.media = "application/vnd.oasis.opendocument";
    let Some(xml) = archive.xml("content.xml") else {
        parts.cut = true;
        return;
    };
    let spread = archive.member("mimetype", 200).is_some_and(|m| m.ends_with(b"spreadsheet"));
    content(&xml, spread, parts);
    archive.attach(parts, &["Pictures/", "media/"]);
}

/// Reads a document of one file.
pub fn flat(xml: &str, parts: &mut Parts) {
    parts.media = "application/vnd.oasis.opendocument";
    content(xml, xml.contains("<office:spreadsheet"), parts);
}

fn content(xml: &str, spread: bool, parts: &mut Parts) {
    let mut open: Vec<String> = Vec::new();
    let mut inner: Vec<String> = Vec::new();
    let (mut hidden, mut notes) = (0usize, Vec::<String>::new());
    // Of a sheet: its name and where it began; its row; its cell and how often that is there.
    let (mut sheet, mut row): (Option<(String, usize)>, Option<Vec<String>>) = (None, None);
    let (mut cell, mut times, mut value): (Vec<String>, usize, Option<String>) = (Vec::new(), 1, None);
    let repeated = |n: Option<String>| n.and_then(|n| n.parse().ok()).unwrap_or(1usize).clamp(1, REPEATED);
    let whole = walk(xml, |met| match met {
        // Of one file, heads and feet stand before the body.
        Met::Start("tracked-changes" | "annotation" | "note-citation" | "forms" | "master-styles", _) => hidden += 1,
        Met::End("tracked-changes" | "annotation" | "note-citation" | "forms" | "master-styles") => {
            hidden = hidden.saturating_sub(1);
        }
        _ if hidden > 0 => {}
        Met::Start("table", tag) if spread && sheet.is_none() => {
            sheet = Some((tag.get("name").unwrap_or_default(), parts.paragraphs.len()));
        }
        Met::End("table") if spread => {
            if let Some((name, start)) = sheet.take() {
                parts.sheets.push((name, start..parts.paragraphs.len()));
            }
        }
        Met::Start("table-row", _) if spread => row = Some(Vec::new()),
        Met::End("table-row") if spread => {
            let cells = row.take().unwrap_or_default();
            let end = cells.iter().rposition(|c| !c.is_empty()).map_or(0, |n| n + 1);
            parts.paragraph(&cells[..end].join("\t"));
        }
        Met::Start("table-cell" | "covered-table-cell", tag) if row.is_some() => {
            cell.clear();
            times = repeated(tag.get("number-columns-repeated"));
            let of = tag.qualified("office:value-type").unwrap_or_default();
            value = match of.as_str() {
                "float" | "percentage" | "currency" => tag.qualified("office:value").map(|v| number(&v)),
                "boolean" => tag.qualified("office:boolean-value").map(|v| v.to_uppercase()),
                _ => None,
            };
        }
        Met::End("table-cell" | "covered-table-cell") if row.is_some() => {
            let text = value.take().unwrap_or_else(|| cell.join(" ")).replace(['\t', '\n', '\r'], " ");
            if let Some(row) = &mut row {
                let room = REPEATED.saturating_sub(row.len()).min(times);
                row.extend(std::iter::repeat_n(text, room));
            }
            cell.clear();
        }
        Met::Start("p" | "h", _) => open.push(String::new()),
        Met::End("p" | "h") => {
            let text = open.pop().unwrap_or_default();
            if row.is_some() {
                cell.push(text);
                return;
            }
            inner.push(text);
            if open.is_empty() {
                inner.drain(..).rev().for_each(|text| parts.paragraph(&text));
            }
        }
        Met::Text(text) => open.last_mut().into_iter().for_each(|p| p.push_str(text)),
        Met::Start("s" | "tab" | "line-break", _) => open.last_mut().into_iter().for_each(|p| p.push(' ')),
        _ => {}
    });
    open.into_iter().chain(inner).for_each(|text| notes.push(text));
    notes.iter().for_each(|text| parts.paragraph(text));
    parts.body = parts.paragraphs.len();
    parts.cut |= !whole;
}
