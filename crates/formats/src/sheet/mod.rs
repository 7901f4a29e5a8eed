//! Spreadsheets: the sheets of a workbook as rows of text. Office Open XML (ECMA-376) and BIFF8 (MS-XLS).
//!
//! You may rely on: nothing is allocated for what a file declares (dimensions, counts of rows, of strings), only for cells that
//! stand there, and of those at most [`CELLS`]; formulas are never computed, the value saved with them is read; a merged
//! block of words is told in each of its rows. Left out: formats of numbers (a date is its number), OpenDocument, BIFF5 and
//! before, passwords.

mod xls;
mod xlsx;

/// Cells of one workbook that are read.
const CELLS: usize = 20_000_000;
/// Columns of a row that are read.
const WIDE: u32 = 16_384;
/// Rows of a merged block that are filled.
const MERGED: u32 = 20_000;
/// Sheets of a workbook.
const SHEETS: usize = 256;
/// Bytes of a part of a workbook, unpacked.
const PART: usize = 512 << 20;

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Rows that hold anything: their number, from 1, and their cells.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// A workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// Its sheets, in their order.
    pub sheets: Vec<Sheet>,
    /// What was not read, and why.
    pub damage: Vec<&'static str>,
}

/// Whether what begins so may be a workbook.
pub fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") && memchr::memmem::find(head, b"xl/").is_some() || is_compound(head)
}

fn is_compound(head: &[u8]) -> bool {
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Reads a workbook; none where it is none.
pub fn read(bytes: &[u8]) -> Option<Workbook> {
    if is_compound(bytes) { xls::read(bytes) } else { xlsx::read(bytes) }
}

/// A sheet on its way: cells by row, however they come.
#[derive(Default)]
struct Builder {
    rows: std::collections::BTreeMap<u32, Vec<String>>,
    merged: Vec<[u32; 4]>,
}

impl Builder {
    /// Takes a cell; says whether there was room for it.
    fn cell(&mut self, row: u32, column: u32, text: String, left: &mut usize) -> bool {
        if text.is_empty() || column >= WIDE {
            return true;
        }
        let cells = self.rows.entry(row).or_default();
        let grow = (column as usize + 1).saturating_sub(cells.len());
        if grow > *left {
            return false;
        }
        *left -= grow;
        if grow > 0 {
            cells.resize(column as usize + 1, String::new());
        }
        cells[column as usize] = text;
        true
    }

    fn merge(&mut self, block: [u32; 4]) {
        if self.merged.len() < 100_000 && block[0] < block[2] && block[2] - block[0] < MERGED {
            self.merged.push(block);
        }
    }

    fn finish(mut self, name: String, left: &mut usize) -> Sheet {
        for [top, column, bottom, _] in std::mem::take(&mut self.merged) {
            let words = self.rows.get(&top).and_then(|r| r.get(column as usize)).cloned().unwrap_or_default();
            // A number stands once, whatever it is merged over: it would be counted again.
            if words.is_empty() || words.parse::<f64>().is_ok() {
                continue;
            }
            for row in top + 1..=bottom {
                let there = self.rows.get(&row).is_some_and(|r| r.get(column as usize).is_some_and(|c| !c.is_empty()));
                if self.rows.contains_key(&row) && !there && !self.cell(row, column, words.clone(), left) {
                    break;
                }
            }
        }
        let rows = self.rows.into_iter().map(|(n, cells)| (n + 1, cells)).collect();
        Sheet { name, rows }
    }
}

/// A number as text: whole where it is.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{}", value as i64) } else { format!("{value}") }
}

/// Words that stand in the beginning of a workbook: what can be unpacked of it, at most a megabyte. To know what it is about.
pub fn glimpse(head: &[u8]) -> String {
    const MOST: usize = 1 << 20;
    if is_compound(head) {
        // Strings stand there as they are, a byte or two a letter.
        let letters = head.iter().filter(|b| **b != 0).take(MOST);
        return letters.map(|b| if b.is_ascii_graphic() || *b >= 0xc0 { *b as char } else { ' ' }).collect();
    }
    let mut text = String::new();
    for member in crate::zip::beginning(head, 64) {
        if member.name.ends_with(".xml") && text.len() < MOST {
            let part = crate::zip::read(head, &member, MOST - text.len()).unwrap_or_default();
            // Words between tags, and names of sheets in them.
            text.extend(String::from_utf8_lossy(&part).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }));
            text.push(' ');
        }
    }
    text
}
