//! Sheets of OpenDocument: `content.xml` holds them all. It is walked once to find where each begins, and from there when a
//! sheet is asked for, so that a workbook costs two walks however many sheets it has.

use super::xlsx::Parts;
use super::{Builder, CUT, LOST, WIDE, number};
use crate::parts::xml::{Met, Tag, places};

/// Rows or cells for which one stands, at most: programs end a sheet with a million empty ones.
const REPEATED: u32 = 1 << 20;
/// Elements, ends and texts of one workbook: what its bytes are bounded to can hold, and no less.
const MET: usize = super::PART as usize;

/// What has tables or texts of its own, none of which are cells of a sheet: comments, drawings, changes that are kept.
const BESIDE: &[&str] = &["annotation", "shapes", "frame", "forms", "tracked-changes", "dde-links"];

/// A workbook that is open: its text, and where in it each sheet begins and ends.
pub struct Book {
    xml: String,
    /// None where it ends with the text, before its end.
    sheets: Vec<(usize, Option<usize>)>,
}

/// Opens a workbook: the names of its sheets, what is not read of it, itself; none where it is no such workbook.
pub fn open(parts: &Parts) -> Option<(Vec<String>, Option<&'static str>, Book)> {
    let media = parts.text("mimetype")?;
    if !media.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet") {
        return None;
    }
    let Some(mut xml) = parts.text("content.xml").filter(|xml| !xml.is_empty()) else {
        return Some((Vec::new(), Some(LOST), Book { xml: String::new(), sheets: Vec::new() }));
    };
    if xml.starts_with('\u{feff}') {
        xml.drain(..'\u{feff}'.len_utf8());
    }
    let (mut names, mut sheets) = (Vec::new(), Vec::<(usize, Option<usize>)>::new());
    let (mut depth, mut hidden) = (0u32, 0u32);
    let whole = places(&xml, MET, |at, met| match met {
        Met::Start(name, _) if BESIDE.contains(&name) => hidden += 1,
        Met::End(name) if BESIDE.contains(&name) => hidden = hidden.saturating_sub(1),
        _ if hidden > 0 => {}
        Met::Start("table", tag) => {
            if depth == 0 && names.len() <= super::SHEETS {
                names.push(tag.get("name").unwrap_or_default());
                sheets.push((at, None));
            }
            depth += 1;
        }
        Met::End("table") => {
            depth = depth.saturating_sub(1);
            if depth == 0
                && let Some(last) = sheets.last_mut()
            {
                last.1 = last.1.or(Some(at));
            }
        }
        _ => {}
    });
    // Damage within a sheet is told with it.
    let lost = (!whole && names.is_empty()).then_some(CUT);
    Some((names, lost, Book { xml, sheets }))
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    column: u32,
    times: u32,
    /// Rows over which it is merged.
    over: u32,
    value: Option<String>,
    text: String,
    paragraphs: u32,
}

/// The cells of a sheet; says why there are not all, if so.
pub fn cells(book: &Book, n: usize, builder: &mut Builder) -> Option<&'static str> {
    let Some((from, to)) = book.sheets.get(n).copied() else { return Some(LOST) };
    let Some(xml) = book.xml.get(from..to.unwrap_or(book.xml.len())) else { return Some(LOST) };
    let (mut depth, mut hidden, mut open) = (0u32, 0u32, 0u32);
    let (mut row, mut rows, mut column) = (0u32, 1u32, 0u32);
    let (mut cell, mut line): (Option<Cell>, Vec<Cell>) = (None, Vec::new());
    let whole = places(xml, MET, |_, met| match met {
        Met::Start(name, _) if BESIDE.contains(&name) => hidden += 1,
        Met::End(name) if BESIDE.contains(&name) => hidden = hidden.saturating_sub(1),
        _ if hidden > 0 => {}
        Met::Start("table", _) => depth += 1,
        Met::End("table") => depth = depth.saturating_sub(1),
        _ if depth != 1 => {}
        Met::Start("table-row", tag) => (rows, column) = (many(tag, "number-rows-repeated"), 0),
        Met::End("table-row") => {
            let filled = std::mem::take(&mut line);
            let rows_filled = if filled.is_empty() { 0 } else { rows };
            for at in (row..row.saturating_add(rows_filled)).take_while(|at| *at < super::LONG) {
                for cell in &filled {
                    // Cells beyond the last column are met once, which says that they are not read.
                    for n in 0..cell.times.min(WIDE.saturating_sub(cell.column).max(1)) {
                        if !builder.cell(at, cell.column.saturating_add(n), cell.text.clone()) {
                            return;
                        }
                    }
                }
            }
            for cell in filled.iter().filter(|c| c.over > 1) {
                builder.merge([row, cell.column, row.saturating_add(cell.over - 1), cell.column]);
            }
            row = row.saturating_add(rows);
        }
        Met::Start("table-cell" | "covered-table-cell", tag) => {
            let times = many(tag, "number-columns-repeated");
            let value = match tag.qualified("office:value-type").unwrap_or_default().as_str() {
                "float" | "percentage" | "currency" => {
                    let value = tag.qualified("office:value");
                    value.map(|v| v.trim().parse::<f64>().map_or_else(|_| v.clone(), number))
                }
                "date" => tag.qualified("office:date-value"),
                _ => None,
            };
            let over = many(tag, "number-rows-spanned");
            cell = Some(Cell { column, times, over, value, ..Cell::default() });
            column = column.saturating_add(times);
        }
        Met::End("table-cell" | "covered-table-cell") => {
            if let Some(mut cell) = cell.take() {
                cell.text = cell.value.take().unwrap_or(cell.text);
                if !cell.text.is_empty() && line.len() < WIDE as usize {
                    line.push(cell);
                }
            }
        }
        Met::Start("p" | "h", _) => {
            open += 1;
            if let Some(cell) = &mut cell {
                cell.paragraphs += 1;
                if cell.paragraphs > 1 {
                    cell.text.push(' ');
                }
            }
        }
        Met::End("p" | "h") => open = open.saturating_sub(1),
        Met::Text(text) if open > 0 => cell.iter_mut().for_each(|c| c.text.push_str(text)),
        Met::Start("s" | "tab" | "line-break", _) => cell.iter_mut().for_each(|c| c.text.push(' ')),
        _ => {}
    });
    (!whole || to.is_none()).then_some(CUT)
}

/// How often something is there.
fn many(tag: &Tag, name: &str) -> u32 {
    tag.get(name).and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, REPEATED)
}
