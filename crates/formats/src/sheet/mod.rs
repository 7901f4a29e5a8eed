//! Spreadsheets: the sheets of a workbook as texts of separated values. Office Open XML (ECMA-376), OpenDocument (OASIS ODF),
//! BIFF8 (MS-XLS).
//!
//! You may rely on: a row is a line and its number that line's; cells stand between tabs, one that begins with a quote in quotes
//! (RFC 4180), line ends and tabs in cells are blanks. Nothing is allocated for what a file declares (dimensions, counts of
//! rows, of strings), only for cells that stand there, and of those at most [`CELLS`]; formulas are never computed, the value
//! saved with them is read; a merged block of words is told in each of its rows. Left out: formats of numbers (a date of
//! Excel is its number), BIFF5 and before, passwords.

mod ods;
mod xls;
mod xlsx;

use crate::Meter;
use crate::source::Source;
use crate::zip::{self, Member};
use std::collections::BTreeSet;
use std::io::Read;

/// Cells of one workbook that are read.
const CELLS: usize = 20_000_000;
/// Columns and rows of a sheet that are read: those that programs can make.
const WIDE: u32 = 16_384;
const LONG: u32 = 1 << 20;
/// Rows of a merged block that are filled, and of all of a sheet together.
const MERGED: u32 = 20_000;
const FILLED: u32 = 4 * LONG;
/// Sheets of a workbook.
const SHEETS: usize = 256;
/// Bytes of a part of a workbook, unpacked.
const PART: u64 = 512 << 20;

/// Why a sheet is not read to its end, or not at all.
const MORE_CELLS: &str = "more cells than are read";
const CUT: &str = "a sheet that is damaged or cut short";
const LOST: &str = "a sheet that is not there or cannot be unpacked";

/// A workbook, of which one sheet after another can be read.
pub(crate) struct Workbook {
    /// The sheets' names, in their order.
    pub names: Vec<String>,
    /// What was not read, and why.
    pub damage: Option<&'static str>,
    /// Cells of the sheet read last whose value a formula gives: row, column. Of workbooks before 2007 only.
    pub formulas: BTreeSet<(u32, u32)>,
    /// Cells that may still be read.
    left: usize,
    inner: Inner,
}

enum Inner {
    Xlsx(xlsx::Book),
    Ods(ods::Book),
    Xls(xls::Book),
}

impl Workbook {
    /// The workbook that a zip archive is; none where it is none.
    pub fn of_zip(source: &Source, members: &[Member], meter: &Meter) -> Option<Workbook> {
        let parts = xlsx::Parts::new(source, members, meter);
        if let Some((names, damage, book)) = ods::open(&parts) {
            return Some(Workbook::new(names, damage, Inner::Ods(book)));
        }
        let (names, damage, book) = xlsx::open(parts)?;
        Some(Workbook::new(names, damage, Inner::Xlsx(book)))
    }

    /// The workbook that a compound file is; none where it is none.
    pub fn of_compound(source: &Source, meter: &Meter) -> Option<Workbook> {
        let (names, damage, book) = xls::open(source, meter)?;
        Some(Workbook::new(names, damage, Inner::Xls(book)))
    }

    fn new(mut names: Vec<String>, damage: Option<&'static str>, inner: Inner) -> Workbook {
        let damage = damage.or((names.len() > SHEETS).then_some("more sheets than are read"));
        names.truncate(SHEETS);
        Workbook { names, damage, formulas: BTreeSet::new(), left: CELLS, inner }
    }

    /// A sheet as text, and why it ends before its end, if it does.
    pub fn sheet(&mut self, n: usize) -> (Vec<u8>, Option<&'static str>) {
        let mut builder = Builder { left: self.left, ..Builder::default() };
        let damage = match &self.inner {
            Inner::Xlsx(book) => xlsx::cells(book, n, &mut builder),
            Inner::Ods(book) => ods::cells(book, n, &mut builder),
            Inner::Xls(book) => xls::cells(book, n, &mut builder),
        };
        let text = builder.finish();
        self.left = builder.left;
        self.formulas = builder.formulas;
        (text, damage.or(builder.full.then_some(MORE_CELLS)))
    }
}

/// Whether what begins so may be a compound file (MS-CFB), which a workbook of Excel 97 to 2003 is.
pub(crate) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// The bytes of a member, at most [`PART`]; none where it cannot be unpacked.
fn unpack(source: &Source, member: &Member, meter: &Meter) -> Option<Vec<u8>> {
    let (start, length) = zip::body(source, member).filter(|_| !member.encrypted)?;
    let body = zip::unpacked(member, source.slice(start, length), meter)?;
    let mut bytes = Vec::new();
    // An error after some bytes leaves those.
    let _ = crate::meter::Counted::layer(body, meter).take(PART).read_to_end(&mut bytes);
    Some(bytes)
}

/// A sheet on its way: cells by row, however they come.
#[derive(Default)]
struct Builder {
    rows: std::collections::BTreeMap<u32, Vec<String>>,
    merged: Vec<[u32; 4]>,
    formulas: BTreeSet<(u32, u32)>,
    /// Rows that merged blocks cover.
    covered: u32,
    /// Cells for which there is room.
    left: usize,
    /// Whether there was none for some.
    full: bool,
}

impl Builder {
    /// Takes a cell; says whether there was room for it.
    fn cell(&mut self, row: u32, column: u32, text: String) -> bool {
        if text.is_empty() {
            return true;
        }
        if row >= LONG || column >= WIDE {
            self.full = true;
            return true;
        }
        let have = self.rows.get(&row).map_or(0, Vec::len);
        let grow = (column as usize + 1).saturating_sub(have);
        if grow > self.left {
            self.full = true;
            return false;
        }
        self.left -= grow;
        let cells = self.rows.entry(row).or_default();
        if grow > 0 {
            cells.resize(column as usize + 1, String::new());
        }
        cells[column as usize] = text;
        true
    }

    fn merge(&mut self, block: [u32; 4]) {
        let rows = block[2].saturating_sub(block[0]);
        if rows == 0 || rows >= MERGED {
            return;
        }
        match self.covered.saturating_add(rows) {
            covered if covered <= FILLED => {
                self.covered = covered;
                self.merged.push(block);
            }
            _ => self.full = true,
        }
    }

    fn finish(&mut self) -> Vec<u8> {
        for [top, column, bottom, _] in std::mem::take(&mut self.merged) {
            let words = self.rows.get(&top).and_then(|r| r.get(column as usize)).cloned().unwrap_or_default();
            // A number stands once, whatever it is merged over: it would be counted again.
            if words.is_empty() || words.parse::<f64>().is_ok() {
                continue;
            }
            for row in top + 1..=bottom {
                let there = self.rows.get(&row).is_some_and(|r| r.get(column as usize).is_some_and(|c| !c.is_empty()));
                if self.rows.contains_key(&row) && !there && !self.cell(row, column, words.clone()) {
                    break;
                }
            }
        }
        let (mut text, mut line) = (Vec::new(), 0);
        for (row, cells) in std::mem::take(&mut self.rows) {
            text.resize(text.len() + (row - line) as usize, b'\n');
            line = row + 1;
            for (n, cell) in cells.iter().enumerate() {
                if n > 0 {
                    text.push(b'\t');
                }
                let quoted = cell.starts_with('"');
                let quote = |text: &mut Vec<u8>| text.extend(quoted.then_some(b'"'));
                quote(&mut text);
                for byte in cell.bytes() {
                    text.push(if matches!(byte, b'\t' | b'\n' | b'\r') { b' ' } else { byte });
                    text.extend((quoted && byte == b'"').then_some(b'"'));
                }
                quote(&mut text);
            }
            text.push(b'\n');
        }
        text
    }
}

/// A number as text: whole where it is.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{}", value as i64) } else { format!("{value}") }
}

#[cfg(test)]
mod tests;
