//! The wording of Office Open XML.

use super::{Place, Wording, is_filled};
use crate::parts::ooxml::{number, relations, slides, strings};
use crate::parts::{
    Archive,
    xml::{Met, walk},
};

/// Reads a package.
pub fn read(archive: &Archive, wording: &mut Wording) {
    if archive.has("word/document.xml") {
        text(archive, wording, "word/document.xml", Place::Body, "");
        for (begins, place) in [
            ("word/footnotes", Place::Note),
            ("word/endnotes", Place::Note),
            ("word/comments.", Place::Comment),
            ("word/header", Place::Margin),
            ("word/footer", Place::Margin),
        ] {
            let end = if begins.ends_with('.') { "xml" } else { ".xml" };
            archive.names(begins, end).iter().for_each(|name| text(archive, wording, name, place, ""));
        }
    } else if archive.has("xl/workbook.xml") {
        workbook(archive, wording);
        for name in archive.names("xl/drawings/drawing", ".xml") {
            text(archive, wording, &name, Place::Note, "");
        }
        for name in archive.names("xl/comments", ".xml") {
            text(archive, wording, &name, Place::Comment, "");
        }
    } else if archive.has("ppt/presentation.xml") {
        for (n, name) in slides(archive).iter().enumerate() {
            text(archive, wording, name, Place::Body, &format!("slide {}", n + 1));
        }
        for name in archive.names("ppt/notesSlides/notesSlide", ".xml") {
            text(archive, wording, &name, Place::Note, "");
        }
    } else {
        wording.readable = false;
    }
}

/// Paragraphs of a part.
fn text(archive: &Archive, wording: &mut Wording, name: &str, place: Place, at: &str) {
    let Some(xml) = archive.xml(name) else {
        wording.cut = true;
        return;
    };
    let mut open: Vec<String> = Vec::new();
    let (mut shown, mut fallback) = (0usize, 0usize);
    let mut inner: Vec<String> = Vec::new();
    let mut said: Vec<String> = Vec::new();
    // Fields that are open: their code so far, whether their result is being read, whether it is left out.
    let mut fields: Vec<(String, bool, bool)> = Vec::new();
    let (mut code, mut simple) = (0usize, 0usize);
    let whole = walk(&xml, |met| match met {
        Met::Start("Fallback", _) => fallback += 1,
        Met::End("Fallback") => fallback = fallback.saturating_sub(1),
        _ if fallback > 0 => {}
        // Comments of workbooks stand in `text`.
        Met::Start("p" | "text", _) => open.push(String::new()),
        Met::End("p" | "text") => {
            if let Some(text) = open.pop() {
                inner.push(text);
            }
            if open.is_empty() {
                said.extend(inner.drain(..).rev());
            }
        }
        Met::Start("fldChar", tag) => match tag.get("fldCharType").as_deref() {
            Some("begin") if fields.len() < 100 => fields.push((String::new(), false, false)),
            Some("separate") => {
                if let Some(last) = fields.last_mut() {
                    (last.1, last.2) = (true, is_filled(&last.0));
                }
            }
            Some("end") => drop(fields.pop()),
            _ => {}
        },
        Met::Start("instrText", _) => code += 1,
        Met::End("instrText") => code = code.saturating_sub(1),
        Met::Start("fldSimple", tag) => {
            simple += usize::from(is_filled(&tag.get("instr").unwrap_or_default()) || simple > 0);
        }
        Met::End("fldSimple") => simple = simple.saturating_sub(1),
        // A field of a slide: its number, the date.
        Met::Start("fld", tag) => {
            let kind = tag.get("type").unwrap_or_default();
            simple += usize::from(kind.starts_with("slidenum") || kind.starts_with("datetime") || simple > 0);
        }
        Met::End("fld") => simple = simple.saturating_sub(1),
        Met::Text(text) if code > 0 => {
            if let Some(last) = fields.last_mut().filter(|l| l.0.len() < 1_000) {
                last.0.push_str(text);
            }
        }
        Met::Start("t", _) => shown += 1,
        Met::End("t") => shown = shown.saturating_sub(1),
        Met::Text(text) if shown > 0 && simple == 0 && !fields.iter().any(|f| f.2) => {
            open.last_mut().into_iter().for_each(|p| p.push_str(text));
        }
        Met::Start("tab" | "br" | "cr", _) => open.last_mut().into_iter().for_each(|p| p.push(' ')),
        Met::Start("noBreakHyphen", _) => open.last_mut().into_iter().for_each(|p| p.push('\u{2011}')),
        _ => {}
    });
    said.extend(open.into_iter().chain(inner));
    said.iter().for_each(|text| wording.say(place, at, text));
    wording.cut |= !whole;
}

/// Cells of sheets in the workbook's order.
fn workbook(archive: &Archive, wording: &mut Wording) {
    let leads = relations(archive, "xl/_rels/workbook.xml.rels", "xl/");
    let mut sheets = Vec::new();
    walk(&archive.xml("xl/workbook.xml").unwrap_or_default(), |met| {
        if let Met::Start("sheet", tag) = met {
            let target = tag.qualified("r:id").and_then(|id| leads.get(&id).cloned());
            let usual = format!("xl/worksheets/sheet{}.xml", sheets.len() + 1);
            sheets.push((tag.get("name").unwrap_or_default(), target.unwrap_or(usual)));
        }
    });
    let shared = strings(archive);
    for (name, target) in sheets.into_iter().take(1000) {
        match archive.xml(&target) {
            Some(xml) => cells(&xml, &name, &shared, wording),
            None => wording.cut = true,
        }
    }
}

fn cells(xml: &str, sheet: &str, strings: &[String], wording: &mut Wording) {
    let (mut at, mut kind, mut value, mut formula) = (String::new(), String::new(), String::new(), String::new());
    let (mut in_value, mut in_formula) = (false, false);
    let (mut row, mut column) = (0u64, 0usize);
    let whole = walk(xml, |met| match met {
        Met::Start("row", tag) => {
            row = tag.get("r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
            column = 0;
        }
        Met::Start("c", tag) => {
            at = tag.get("r").unwrap_or_else(|| format!("{}{row}", super::column_name(column)));
            column += 1;
            kind = tag.get("t").unwrap_or_default();
            value.clear();
            formula.clear();
        }
        Met::Start("v" | "t", _) => in_value = true,
        Met::End("v" | "t") => in_value = false,
        Met::Start("f", tag) => {
            in_formula = true;
            // One of many that share a formula need not say it.
            if tag.get("t").is_some_and(|t| t == "shared") {
                formula.push('=');
            }
        }
        Met::End("f") => in_formula = false,
        Met::Text(text) if in_value => value.push_str(text),
        Met::Text(text) if in_formula => formula.push_str(text),
        Met::End("c") => {
            let shown = match kind.as_str() {
                "s" => value.trim().parse::<usize>().ok().and_then(|n| strings.get(n)).cloned().unwrap_or_default(),
                "" | "n" => number(&value),
                "b" => {
                    if value.trim() == "1" {
                        "TRUE".into()
                    } else {
                        "FALSE".into()
                    }
                }
                _ => value.clone(),
            };
            wording.cell(Place::Cell, &format!("{sheet}!{at}"), &shown, &formula);
        }
        _ => {}
    });
    wording.cut |= !whole;
}
