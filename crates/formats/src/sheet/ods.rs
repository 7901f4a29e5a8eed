//! Sheets of OpenDocument: `content.xml` holds them all, so it is walked once for each that is asked for.

use super::xlsx::Parts;
use super::{Builder, CUT, number};
use crate::parts::xml::{Met, Tag, walk};

/// Rows or cells for which one stands, at most: programs end a sheet with a million empty ones.
const REPEATED: u32 = 1 << 20;

/// The names of the sheets, and the text that holds them; none where this is no such workbook.
pub fn open(parts: &Parts) -> Option<(Vec<String>, String)> {
    let media = parts.text("mimetype")?;
    if !media.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet") {
        return None;
    }
    let xml = parts.text("content.xml").unwrap_or_default();
    let (mut names, mut depth) = (Vec::new(), 0u32);
    walk(&xml, |met| match met {
        Met::Start("table", tag) => {
            if depth == 0 && names.len() <= super::SHEETS {
                names.push(tag.get("name").unwrap_or_default());
            }
            depth += 1;
        }
        Met::End("table") => depth = depth.saturating_sub(1),
        _ => {}
    });
    Some((names, xml))
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
pub fn cells(xml: &str, wanted: usize, builder: &mut Builder) -> Option<&'static str> {
    let (mut sheet, mut depth, mut hidden, mut open) = (0, 0u32, 0u32, 0u32);
    let (mut row, mut rows, mut column) = (0u32, 1u32, 0u32);
    let (mut cell, mut line): (Option<Cell>, Vec<Cell>) = (None, Vec::new());
    let whole = walk(xml, |met| match met {
        // What lies on a sheet, or beside a cell, is none of its cells.
        Met::Start("annotation" | "shapes" | "frame" | "forms" | "tracked-changes" | "dde-links", _) => hidden += 1,
        Met::End("annotation" | "shapes" | "frame" | "forms" | "tracked-changes" | "dde-links") => {
            hidden = hidden.saturating_sub(1);
        }
        _ if hidden > 0 => {}
        Met::Start("table", _) => depth += 1,
        Met::End("table") => {
            depth = depth.saturating_sub(1);
            sheet += usize::from(depth == 0);
        }
        _ if depth != 1 || sheet != wanted => {}
        Met::Start("table-row", tag) => (rows, column) = (many(tag, "number-rows-repeated"), 0),
        Met::End("table-row") => {
            let filled = std::mem::take(&mut line);
            let rows_filled = if filled.is_empty() { 0 } else { rows };
            for at in (row..row.saturating_add(rows_filled)).take_while(|at| *at < super::LONG) {
                for cell in &filled {
                    for n in 0..cell.times {
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
                if !cell.text.is_empty() && line.len() < super::WIDE as usize {
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
    (!whole).then_some(CUT)
}

/// How often something is there.
fn many(tag: &Tag, name: &str) -> u32 {
    tag.get(name).and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, REPEATED)
}
