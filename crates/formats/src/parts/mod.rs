//! What a document consists of: its text paragraph by paragraph, its sheets, what is attached to it. For whoever must say
//! whether two copies hold the same, whatever container they came in: OOXML, OpenDocument, RTF, HTML, plain text.
//!
//! You may rely on: what another program does to a document when it saves it again (order of members, styles, runs,
//! numbers written otherwise) changes nothing here; at most [`PARAGRAPHS`] paragraphs and [`TEXT`] bytes of text come out,
//! and it is said when more were there; nothing recurses. Left out: the text of PDF and of Word before 2007, deleted text
//! of tracked changes, fields' codes.

mod odf;
pub(crate) mod ooxml;
pub(crate) mod xml;

use crate::{Meter, charset, html, rtf, sniff, zip};

/// Paragraphs of one document, at most.
pub const PARAGRAPHS: usize = 16_384;
/// Bytes of text of one document, at most.
pub const TEXT: usize = 16 << 20;
/// Bytes of one XML part of a document, at most.
const XML: usize = 32 << 20;
/// Attachments of one document, at most, and their bytes.
const ATTACHMENTS: usize = 1_000;
const ATTACHED: usize = 128 << 20;
/// Members of a document's archive, at most.
const MEMBERS: usize = 20_000;

/// What a document consists of.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The media type its bytes show.
    pub media: &'static str,
    /// Its paragraphs in reading order (of sheets: rows, with a tab between cells), empty ones left out; notes,
    /// comments, heads and feet come last.
    pub paragraphs: Vec<String>,
    /// How many of these are the body.
    pub body: usize,
    /// Its sheets: the name, and the places of their rows among the paragraphs.
    pub sheets: Vec<(String, std::ops::Range<usize>)>,
    /// What is attached or embedded: the name, and the bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// Whether there was more than is kept, or damage.
    pub cut: bool,
    /// Bytes of text so far.
    pub held: usize,
}

impl Parts {
    /// The body as one text.
    pub fn text(&self) -> String {
        self.paragraphs.get(..self.body).unwrap_or_default().join("\n")
    }

    /// The text of a sheet.
    pub fn sheet(&self, rows: &std::ops::Range<usize>) -> String {
        self.paragraphs.get(rows.clone()).unwrap_or_default().join("\n")
    }

    /// One paragraph more.
    fn paragraph(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.paragraphs.len() >= PARAGRAPHS || self.held + text.len() > TEXT {
            self.cut = true;
            return;
        }
        self.held += text.len();
        self.paragraphs.push(text.to_string());
    }

    /// One attachment more.
    pub fn attachment(&mut self, name: &str, bytes: Vec<u8>) {
        let held: usize = self.attachments.iter().map(|(_, b)| b.len()).sum();
        match self.attachments.len() < ATTACHMENTS && held + bytes.len() <= ATTACHED {
            true => self.attachments.push((name.to_string(), bytes)),
            false => self.cut = true,
        }
    }

    /// Text that is wrapped: a paragraph ends at an empty line, or, where there is none, at each line.
    pub fn plain(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let blank = |line: &str| line.trim().is_empty();
        if !text.trim().lines().any(blank) {
            text.lines().for_each(|line| self.paragraph(line));
            return;
        }
        let mut held = String::new();
        for line in text.lines() {
            if blank(line) {
                self.paragraph(&std::mem::take(&mut held));
            } else {
                held += line;
                held.push('\n');
            }
        }
        self.paragraph(&held);
    }
}

/// What these bytes consist of as a document; none where they are none that is read.
pub fn read(bytes: &[u8], meter: &Meter) -> Option<Parts> {
    let decoded = charset::utf16(bytes);
    let bytes = decoded.as_ref().map_or(bytes, String::as_bytes);
    let media = sniff::media(bytes);
    let mut parts = Parts { media, ..Parts::default() };
    match media {
        "application/rtf" => {
            let body = rtf::body(bytes);
            match body.html {
                true => parts.plain(&html::read(&body.text).text),
                false => body.text.lines().for_each(|line| parts.paragraph(line)),
            }
            parts.body = parts.paragraphs.len();
            body.margins.lines().for_each(|line| parts.paragraph(line));
        }
        "text/html" => html::read(&charset::eight_bit(bytes)).text.lines().for_each(|line| parts.paragraph(line)),
        "application/xml" if memchr::memmem::find(bytes, b"<office:document").is_some() => {
            odf::flat(&charset::eight_bit(bytes), &mut parts);
        }
        "" | "application/xml" | "text/calendar" | "text/vcard" | "image/svg+xml" if is_text(bytes) => {
            parts.media = "text/plain";
            parts.plain(&charset::eight_bit(bytes));
        }
        _ if bytes.starts_with(b"PK\x03\x04") => {
            let archive = Archive::open(bytes, meter)?;
            if archive.has("word/document.xml")
                || archive.has("xl/workbook.xml")
                || archive.has("ppt/presentation.xml")
                || archive.has("[Content_Types].xml")
            {
                ooxml::read(&archive, &mut parts);
            } else if archive.has("content.xml") && archive.has("mimetype") {
                odf::read(&archive, &mut parts);
            } else {
                return None;
            }
            parts.cut |= archive.damaged;
        }
        _ => return None,
    }
    if parts.body == 0 && parts.sheets.is_empty() {
        parts.body = parts.paragraphs.len();
    }
    Some(parts)
}

/// Whether bytes that show no media type of their own are text.
pub fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..8192).unwrap_or(bytes);
    !head.is_empty() && !head.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

/// A document's archive in memory.
pub(crate) struct Archive<'b> {
    bytes: &'b [u8],
    members: Vec<zip::Member>,
    damaged: bool,
    meter: &'b Meter,
}

impl<'b> Archive<'b> {
    pub(crate) fn open(bytes: &'b [u8], meter: &'b Meter) -> Option<Archive<'b>> {
        let directory = zip::directory(&bytes, bytes.len() as u64, MEMBERS)?;
        Some(Archive { bytes, members: directory.members, damaged: directory.damaged, meter })
    }

    pub(crate) fn damaged(&self) -> bool {
        self.damaged
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &zip::Member> {
        self.members.iter()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|m| m.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a member, at most so many.
    pub(crate) fn member(&self, name: &str, most: usize) -> Option<Vec<u8>> {
        let member = self.members.iter().find(|m| m.name.eq_ignore_ascii_case(name))?;
        self.meter.item().ok()?;
        let bytes = zip::read(self.bytes, member, most)?;
        self.meter.work(bytes.len() as u64).ok()?;
        Some(bytes)
    }

    /// The text of an XML member.
    pub(crate) fn xml(&self, name: &str) -> Option<String> {
        let bytes = self.member(name, XML)?;
        Some(match &bytes[..] {
            [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(&bytes).0.into_owned(),
            [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(&bytes).0.into_owned(),
            _ => String::from_utf8_lossy(&bytes).into_owned(),
        })
    }

    /// The names of members that begin and end so, by the number in them, then by name.
    pub(crate) fn names(&self, begins: &str, ends: &str) -> Vec<String> {
        let number = |name: &str| {
            let digits: String = name[begins.len()..].chars().filter(char::is_ascii_digit).take(9).collect();
            digits.parse::<u64>().unwrap_or(0)
        };
        let like = |name: &&str| name.starts_with(begins) && name.ends_with(ends);
        let mut names: Vec<String> =
            self.members.iter().map(|m| m.name.as_str()).filter(like).map(str::to_string).collect();
        names.sort_by_key(|name| (number(name), name.clone()));
        names.dedup();
        names
    }

    /// Members in these folders, as attachments.
    fn attach(&self, parts: &mut Parts, folders: &[&str]) {
        for member in &self.members {
            if member.is_folder() || !folders.iter().any(|f| member.name.starts_with(f)) {
                continue;
            }
            match self.member(&member.name, ATTACHED) {
                Some(bytes) => parts.attachment(&member.name, bytes),
                None => parts.cut = true,
            }
        }
    }
}

#[cfg(test)]
mod tests;
