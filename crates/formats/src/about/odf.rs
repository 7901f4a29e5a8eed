//! OpenDocument (ISO/IEC 26300), packed or flat.

use super::{About, Change, date};
use crate::parts::{
    Archive,
    xml::{Met, walk},
};

/// Reads a package.
pub fn read(archive: &Archive, about: &mut About) {
    for name in ["meta.xml", "content.xml", "settings.xml", "styles.xml"] {
        if let Some(xml) = archive.xml(name) {
            part(&xml, about);
        }
    }
    if let Some(manifest) = archive.xml("META-INF/manifest.xml")
        && manifest.contains("encryption-data")
    {
        about.holds.insert("encrypted");
    }
    if archive.members().any(|m| m.name == "META-INF/documentsignatures.xml") {
        about.holds.insert("signature");
    }
    let inside: Vec<String> = archive
        .members()
        .map(|m| m.name.clone())
        .filter(|n| n.starts_with("Pictures/") || n.starts_with("Object ") || n.starts_with("media/"))
        .filter(|n| !n.ends_with('/'))
        .collect();
    for name in inside {
        if name.contains("/content.xml") || !name.contains("Object ") {
            match archive.member(&name, 64 << 20) {
                Some(bytes) => about.embed(&name, bytes),
                None => about.cut = true,
            }
        }
    }
}

/// Reads a document of one file.
pub fn flat(bytes: &[u8], about: &mut About) {
    part(&String::from_utf8_lossy(bytes), about);
}

fn part(xml: &str, about: &mut About) {
    let (mut text, mut item) = (String::new(), String::new());
    let mut change: Option<Change> = None;
    let mut creator = String::new();
    let (mut hidden, mut sheets) = (0u64, 0u64);
    about.cut |= !walk(xml, |met| match met {
        Met::Start(name, tag) => {
            text.clear();
            match name {
                "template" => about.say("template", &tag.get("href").unwrap_or_default()),
                "document-statistic" => {
                    about.say("pages", &tag.get("page-count").unwrap_or_default());
                    about.say("words", &tag.get("word-count").unwrap_or_default());
                }
                "config-item" => item = tag.get("name").unwrap_or_default(),
                "insertion" | "deletion" | "format-change" | "annotation" => {
                    let kind = match name {
                        "insertion" => "inserted",
                        "deletion" => "deleted",
                        "annotation" => "comment",
                        _ => "formatted",
                    };
                    change = Some(Change { kind: kind.into(), ..Change::default() });
                }
                "hidden-text" | "hidden-paragraph" => hidden += 1,
                "table-properties" if tag.get("display").is_some_and(|d| d == "false") => sheets += 1,
                _ => {
                    for word in ["rsid", "paragraph-rsid"] {
                        if let Some(id) = tag.get(word) {
                            about.rsid(&id);
                        }
                    }
                }
            }
        }
        Met::Text(t) if text.len() < 4_000 => text.push_str(t),
        Met::End(name) => {
            let said = text.trim();
            match name {
                "initial-creator" => about.say("author", said),
                "creator" => match &mut change {
                    Some(change) => change.author = said.chars().take(200).collect(),
                    None => creator = said.to_string(),
                },
                "creation-date" => about.say("created", &date::iso(said).unwrap_or_default()),
                "date" => match &mut change {
                    Some(change) => change.date = date::iso(said).unwrap_or_default(),
                    None => about.say("modified", &date::iso(said).unwrap_or_default()),
                },
                "print-date" => about.say("printed", &date::iso(said).unwrap_or_default()),
                "printed-by" => about.editor(said),
                "generator" => about.say("application", said),
                "editing-cycles" => about.say("revision", said),
                "editing-duration" => about.say("edit_minutes", &minutes(said)),
                "language" => about.say("language", said),
                "title" => about.say("title", said),
                "subject" => about.say("subject", said),
                "keyword" => about.say("keywords", said),
                "description" => about.say("description", said),
                "config-item" => match item.as_str() {
                    "PrinterName" => about.say("printer", said),
                    "RsidRoot" => about.say("rsid_root", &said.to_ascii_uppercase()),
                    _ => {}
                },
                "insertion" | "deletion" | "format-change" | "annotation" => {
                    if let Some(change) = change.take().filter(|c| !c.author.is_empty() || !c.date.is_empty()) {
                        about.change(change);
                    }
                }
                _ => {}
            }
            text.clear();
        }
        _ => {}
    });
    about.say("last_modified_by", &creator);
    about.say("author", &creator);
    for (what, n) in [("paragraphs", hidden), ("sheets", sheets)] {
        if n > 0 {
            about.hidden.insert(what, n);
        }
    }
}

/// A duration of ISO 8601 in minutes.
fn minutes(text: &str) -> String {
    let (mut total, mut number, mut time) = (0u64, 0u64, false);
    for c in text.chars().take(60) {
        match c {
            '0'..='9' => number = number.saturating_mul(10).saturating_add(u64::from(c as u8 - b'0')),
            'T' => time = true,
            'D' => total = total.saturating_add(std::mem::take(&mut number).saturating_mul(1_440)),
            'H' if time => total = total.saturating_add(std::mem::take(&mut number).saturating_mul(60)),
            'M' if time => total = total.saturating_add(std::mem::take(&mut number)),
            _ => number = 0,
        }
    }
    total.to_string()
}
