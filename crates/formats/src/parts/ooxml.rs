//! Office Open XML (ECMA-376): WordprocessingML, SpreadsheetML, PresentationML.

use super::xml::{Met, walk};
use super::{Archive, Parts};
use std::collections::HashMap;

/// Rows and columns that a sheet is spread over, at most.
const COLUMNS: usize = 1024;

/// Reads a document of any of the three.
pub fn read(archive: &Archive, parts: &mut Parts) {
    if archive.has("word/document.xml") {
        parts.media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        text(archive, parts, "word/document.xml");
        parts.body = parts.paragraphs.len();
        for (begins, ends) in [
            ("word/footnotes", ".xml"),
            ("word/endnotes", ".xml"),
            ("word/comments.", "xml"),
            ("word/header", ".xml"),
            ("word/footer", ".xml"),
        ] {
            archive.names(begins, ends).iter().for_each(|name| text(archive, parts, name));
        }
        archive.attach(parts, &["word/media/", "word/embeddings/"]);
    } else if archive.has("xl/workbook.xml") {
        parts.media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        workbook(archive, parts);
        parts.body = parts.paragraphs.len();
        archive.attach(parts, &["xl/media/", "xl/embeddings/"]);
    } else if archive.has("ppt/presentation.xml") {
        parts.media = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
        slides(archive).iter().for_each(|name| text(archive, parts, name));
        parts.body = parts.paragraphs.len();
        archive.names("ppt/notesSlides/notesSlide", ".xml").iter().for_each(|name| text(archive, parts, name));
        archive.attach(parts, &["ppt/media/", "ppt/embeddings/"]);
    }
}

/// Paragraphs (`w:p`, `a:p`), those in boxes after the one they stand in. What an older program would show instead
/// (`mc:Fallback`) is the same again.
fn text(archive: &Archive, parts: &mut Parts, name: &str) {
    let Some(xml) = archive.xml(name) else {
        parts.cut = true;
        return;
    };
    let mut open: Vec<String> = Vec::new();
    let (mut shown, mut fallback) = (0usize, 0usize);
    let mut inner: Vec<String> = Vec::new();
    let whole = walk(&xml, |met| match met {
        Met::Start("Fallback", _) => fallback += 1,
        Met::End("Fallback") => fallback = fallback.saturating_sub(1),
        _ if fallback > 0 => {}
        Met::Start("p", _) => open.push(String::new()),
        Met::End("p") => {
            if let Some(text) = open.pop() {
                inner.push(text);
            }
            if open.is_empty() {
                inner.drain(..).rev().for_each(|text| parts.paragraph(&text));
            }
        }
        Met::Start("t", _) => shown += 1,
        Met::End("t") => shown = shown.saturating_sub(1),
        Met::Text(text) if shown > 0 => open.last_mut().into_iter().for_each(|p| p.push_str(text)),
        // `w:tab` is also a stop in a paragraph's properties; what stands before any text is trimmed.
        Met::Start("tab" | "br" | "cr", _) => open.last_mut().into_iter().for_each(|p| p.push(' ')),
        Met::Start("noBreakHyphen", _) => open.last_mut().into_iter().for_each(|p| p.push('\u{2011}')),
        _ => {}
    });
    open.into_iter().chain(inner).for_each(|text| parts.paragraph(&text));
    parts.cut |= !whole;
}

/// What the relations of a part lead to, by id.
pub fn relations(archive: &Archive, name: &str, folder: &str) -> HashMap<String, String> {
    let mut leads = HashMap::new();
    let Some(xml) = archive.xml(name) else { return leads };
    walk(&xml, |met| {
        if let Met::Start("Relationship", tag) = met
            && let (Some(id), Some(target)) = (tag.get("Id"), tag.get("Target"))
        {
            let target = match target.strip_prefix('/') {
                Some(whole) => whole.to_string(),
                None => format!("{folder}{target}"),
            };
            leads.insert(id, target);
        }
    });
    leads
}

/// Slides in the order they are shown.
pub fn slides(archive: &Archive) -> Vec<String> {
    let leads = relations(archive, "ppt/_rels/presentation.xml.rels", "ppt/");
    let mut names = Vec::new();
    walk(&archive.xml("ppt/presentation.xml").unwrap_or_default(), |met| {
        if let Met::Start("sldId", tag) = met {
            names.extend(tag.qualified("r:id").and_then(|id| leads.get(&id).cloned()));
        }
    });
    if names.is_empty() { archive.names("ppt/slides/slide", ".xml") } else { names }
}

/// Sheets in the workbook's order.
fn workbook(archive: &Archive, parts: &mut Parts) {
    let leads = relations(archive, "xl/_rels/workbook.xml.rels", "xl/");
    let mut sheets = Vec::new();
    walk(&archive.xml("xl/workbook.xml").unwrap_or_default(), |met| {
        if let Met::Start("sheet", tag) = met {
            let target = tag.qualified("r:id").and_then(|id| leads.get(&id).cloned());
            sheets.push((tag.get("name").unwrap_or_default(), target));
        }
    });
    if sheets.is_empty() {
        sheets = archive.names("xl/worksheets/sheet", ".xml").into_iter().map(|n| (n.clone(), Some(n))).collect();
    }
    let strings = strings(archive);
    for (name, target) in sheets.into_iter().take(1000) {
        let start = parts.paragraphs.len();
        match target.and_then(|t| archive.xml(&t)) {
            Some(xml) => rows(&xml, &strings, parts),
            None => parts.cut = true,
        }
        parts.sheets.push((name, start..parts.paragraphs.len()));
    }
}

/// Elements of a string in which its text stands (CT_Rst, 18.4.8).
const OF_STRINGS: [&str; 3] = ["t", "r", "rPh"];

/// The strings that cells share.
pub fn strings(archive: &Archive) -> Vec<String> {
    let (mut all, mut shown, mut phonetic, mut held) = (Vec::new(), false, false, 0);
    // What a string holds besides, such as elements of a vocabulary of its own (`mc:Ignorable`), other programs leave out.
    let (mut inside, mut foreign) = (false, 0usize);
    walk(&archive.xml("xl/sharedStrings.xml").unwrap_or_default(), |met| match met {
        Met::End("si") => (inside, foreign) = (false, 0),
        Met::Start(name, _) if inside && (foreign > 0 || !OF_STRINGS.contains(&name)) => foreign += 1,
        Met::End(_) if foreign > 0 => foreign -= 1,
        _ if foreign > 0 => {}
        Met::Start("si", _) => {
            inside = true;
            all.push(String::new());
        }
        Met::Start("rPh", _) => phonetic = true,
        Met::End("rPh") => phonetic = false,
        Met::Start("t", _) => shown = true,
        Met::End("t") => shown = false,
        Met::Text(text) if shown && !phonetic && held < super::TEXT => {
            held += text.len();
            all.last_mut().into_iter().for_each(|s: &mut String| s.push_str(text));
        }
        _ => {}
    });
    all
}

/// A number as all programs would write it.
pub fn number(text: &str) -> String {
    match text.trim().parse::<f64>() {
        Ok(n) if n.is_finite() => format!("{:.15e}", n).parse::<f64>().map_or_else(|_| text.into(), |n| n.to_string()),
        _ => text.trim().to_string(),
    }
}

fn rows(xml: &str, strings: &[String], parts: &mut Parts) {
    let (mut row, mut kind, mut value, mut shown) = (Vec::<String>::new(), String::new(), String::new(), false);
    let mut column = 0;
    let whole = walk(xml, |met| match met {
        Met::Start("row", _) => {
            row.clear();
            column = 0;
        }
        Met::End("row") => {
            let end = row.iter().rposition(|c| !c.is_empty()).map_or(0, |n| n + 1);
            parts.paragraph(&row[..end].join("\t"));
        }
        Met::Start("c", tag) => {
            kind = tag.get("t").unwrap_or_default();
            value.clear();
            column = tag.get("r").and_then(|r| place(&r)).unwrap_or(column);
        }
        Met::Start("v" | "t", _) => shown = true,
        Met::End("v" | "t") => shown = false,
        Met::Text(text) if shown => value.push_str(text),
        Met::End("c") => {
            let cell = match kind.as_str() {
                "s" => value.trim().parse::<usize>().ok().and_then(|n| strings.get(n)).cloned().unwrap_or_default(),
                "b" => {
                    if value.trim() == "1" {
                        "TRUE".into()
                    } else {
                        "FALSE".into()
                    }
                }
                "" | "n" if !value.is_empty() => number(&value),
                _ => value.clone(),
            };
            if column < COLUMNS {
                row.resize(row.len().max(column + 1), String::new());
                row[column] = cell.replace(['\t', '\n', '\r'], " ");
            }
            column += 1;
        }
        _ => {}
    });
    parts.cut |= !whole;
}

/// The column of a place such as `AB12`, from 0.
fn place(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let n = letters.take(4).fold(0usize, |n, b| n * 26 + usize::from(b.to_ascii_uppercase() - b'A' + 1));
    n.checked_sub(1)
}
