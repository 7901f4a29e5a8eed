//! The wording of a document, for whoever asks whether another copy says the same: each passage with where it stands, each
//! cell of a sheet with its formula, each picture.
//!
//! You may rely on: what programs fill in anew whenever a document is opened (page numbers, dates, names of files) is left
//! out; text that is hidden is there; the order is that of reading; at most [`TEXT`] bytes of text. Left out: judgement;
//! text in pictures.

mod ooxml;
mod ppt;

use crate::about::About;
use crate::ole::Ole;
use crate::parts::{self, Archive};
use crate::pdf::pages::{self, Pictured};
use crate::sheet::Workbook;
use crate::source::Source;
use crate::{Meter, about, charset};
use std::sync::Arc;

/// Bytes of text of one document, and its passages.
pub const TEXT: usize = 16 << 20;
const PASSAGES: usize = 400_000;

/// Where a passage stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// In the text itself.
    Body,
    /// In a cell of a sheet.
    Cell,
    /// In a foot- or endnote, or a speaker's notes.
    Note,
    /// In a comment.
    Comment,
    /// In a head or a foot.
    Margin,
}

/// A passage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage {
    /// Where it stands.
    pub place: Place,
    /// Where exactly: a page, a slide, a cell (`Sheet1!B4`); may be empty.
    pub at: String,
    /// What it says.
    pub text: String,
    /// The formula of a cell.
    pub formula: String,
}

/// A picture.
#[derive(Debug)]
pub enum Picture {
    /// A file of a picture.
    File(String, Vec<u8>),
    /// Grey pixels: name, width, height.
    Grey(String, usize, usize, Vec<u8>),
}

/// The wording of a document.
#[derive(Debug, Default)]
pub struct Wording {
    /// Passages in reading order.
    pub passages: Vec<Passage>,
    /// Pictures in it, or itself.
    pub pictures: Vec<Picture>,
    /// Of each page, the hashes of what draws it, and how many shapes are drawn.
    pub drawn: Vec<(Vec<u64>, u64)>,
    /// Whether there was more than is kept.
    pub cut: bool,
    /// Whether text of such a document can be read at all.
    pub readable: bool,
    held: usize,
}

impl Wording {
    fn say(&mut self, place: Place, at: &str, text: &str) {
        self.cell(place, at, text, "");
    }

    fn cell(&mut self, place: Place, at: &str, text: &str, formula: &str) {
        let text = text.trim();
        if text.is_empty() && formula.is_empty() {
            return;
        }
        if self.held + text.len() > TEXT || self.passages.len() >= PASSAGES {
            self.cut = true;
            return;
        }
        self.held += text.len();
        self.passages.push(Passage { place, at: at.into(), text: text.into(), formula: formula.into() });
    }
}

/// Fields that are filled in anew.
const FILLED: [&str; 16] = [
    "PAGE",
    "NUMPAGES",
    "SECTIONPAGES",
    "SECTION",
    "DATE",
    "TIME",
    "SAVEDATE",
    "PRINTDATE",
    "CREATEDATE",
    "EDITTIME",
    "FILENAME",
    "FILESIZE",
    "NUMWORDS",
    "NUMCHARS",
    "REVNUM",
    "LASTSAVEDBY",
];

/// Whether what a field of this code shows is filled in anew whenever a document is opened.
fn is_filled(code: &str) -> bool {
    let word = code.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    FILLED.contains(&word.as_str())
}

/// Reads the wording of a document; `about` is what it says of itself.
pub fn read(bytes: &[u8], about: &About, meter: &Meter) -> Wording {
    let mut wording = Wording { readable: !about.holds.contains("encrypted"), ..Wording::default() };
    if !wording.readable {
        return wording;
    }
    match about.media {
        "application/pdf" => pdf(bytes, meter, &mut wording),
        "application/x-ole-storage" => compound(bytes, meter, &mut wording),
        m if m.starts_with("image/") => {
            wording.pictures.push(Picture::File(String::new(), bytes.to_vec()));
        }
        m if m.starts_with("application/vnd.openxmlformats") => match Archive::open(bytes, meter) {
            Some(archive) => {
                wording.cut |= archive.damaged();
                ooxml::read(&archive, &mut wording);
            }
            None => wording.readable = false,
        },
        "application/x-bittorrent" => {
            for (name, size) in &about.files {
                wording.say(Place::Body, "", &format!("{name} {size}"));
            }
        }
        "application/rdf+xml" => {}
        // Seals hash such texts as they always did; here they are held against the same text written otherwise.
        "text/html" => plain(charset::page(bytes).as_bytes(), meter, &mut wording),
        "text/plain" => plain(charset::guessed(bytes).as_bytes(), meter, &mut wording),
        _ => plain(bytes, meter, &mut wording),
    }
    let media = about
        .embedded
        .iter()
        .filter(|(name, _)| name.contains("/media/") || name.starts_with("Pictures/") || name.starts_with("media/"));
    wording.pictures.extend(media.map(|(name, bytes)| Picture::File(name.clone(), bytes.clone())));
    wording
}

/// OpenDocument, RTF, HTML, plain text.
fn plain(bytes: &[u8], meter: &Meter, wording: &mut Wording) {
    let Some(parts) = parts::read(bytes, meter) else {
        wording.readable = false;
        return;
    };
    wording.cut |= parts.cut;
    let sheet_of =
        |n: usize| parts.sheets.iter().find(|(_, rows)| rows.contains(&n)).map(|(name, rows)| (name, n - rows.start));
    for (n, text) in parts.paragraphs.iter().enumerate() {
        match sheet_of(n) {
            Some((name, row)) => {
                for (column, cell) in text.split('\t').enumerate() {
                    wording.say(Place::Cell, &format!("{name}!{}{}", column_name(column), row + 1), cell);
                }
            }
            None if n < parts.body => wording.say(Place::Body, "", text),
            None => wording.say(Place::Margin, "", text),
        }
    }
}

/// The letters of a column, from 0.
fn column_name(n: usize) -> String {
    let (mut n, mut out) = (n + 1, Vec::new());
    while n > 0 {
        out.push(b'A' + ((n - 1) % 26) as u8);
        n = (n - 1) / 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

fn pdf(bytes: &[u8], meter: &Meter, wording: &mut Wording) {
    let shown = pages::read(bytes, meter);
    wording.cut |= shown.cut;
    wording.readable = !shown.pages.is_empty();
    for (n, page) in shown.pages.iter().enumerate() {
        let at = format!("p. {}", n + 1);
        page.text.lines().for_each(|line| wording.say(Place::Body, &at, line));
        page.notes.lines().for_each(|line| wording.say(Place::Comment, &at, line));
        wording.drawn.push((page.drawings.clone(), page.painted));
    }
    for (n, picture) in shown.pictures.into_iter().enumerate() {
        let name = format!("picture {}", n + 1);
        wording.pictures.push(match picture {
            Pictured::Jpeg(bytes) | Pictured::Other(bytes) => Picture::File(name, bytes),
            Pictured::Grey(width, height, pixels) => Picture::Grey(name, width, height, pixels),
        });
    }
}

/// Word, Excel and PowerPoint before 2007.
fn compound(bytes: &[u8], meter: &Meter, wording: &mut Wording) {
    let Some(ole) = Ole::new(bytes) else {
        wording.readable = false;
        return;
    };
    let mut document = None;
    let mut tables = Vec::new();
    for (name, place) in ole.known() {
        match name {
            "WordDocument" => document = Some(ole.bytes(place, 64 << 20)),
            "0Table" | "1Table" => tables.push((name.to_string(), ole.bytes(place, 64 << 20))),
            "PowerPoint Document" => ppt::read(&ole.bytes(place, 256 << 20), wording),
            _ => {}
        }
    }
    if let Some(document) = document {
        match about::word_text(&document, &tables, is_filled) {
            Some(stories) => {
                for (story, text) in stories {
                    text.lines().for_each(|line| wording.say(story, "", line));
                }
            }
            None => wording.readable = false,
        }
        return;
    }
    let Some(mut workbook) = Workbook::of_compound(&Source::Held(Arc::new(bytes.to_vec())), meter) else { return };
    for (n, name) in workbook.names.clone().iter().enumerate() {
        let (text, damage) = workbook.sheet(n);
        wording.cut |= damage.is_some();
        for (row, line) in String::from_utf8_lossy(&text).lines().enumerate() {
            for (column, cell) in line.split('\t').enumerate() {
                let at = format!("{name}!{}{}", column_name(column), row + 1);
                // Of a formula it is known that there is one.
                let formula = if workbook.formulas.contains(&(row as u32, column as u32)) { "=" } else { "" };
                wording.cell(Place::Cell, &at, cell, formula);
            }
        }
    }
}
