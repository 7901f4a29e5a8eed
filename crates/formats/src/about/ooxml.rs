//! Office Open XML (ECMA-376): properties, settings, revisions, what is hidden and embedded.

use super::{About, Change, date, exif};
use crate::parts::{
    Archive,
    xml::{Met, Tag, walk},
};

/// Bytes of an embedded thing.
const EMBEDDED: usize = 64 << 20;

/// Reads a package.
pub fn read(archive: &Archive, about: &mut About) {
    let mut core = None;
    relations(archive, "_rels/.rels", &mut |kind, target, _| {
        if kind.ends_with("core-properties") {
            core = Some(target.trim_start_matches('/').to_string());
        }
    });
    properties(archive, core.as_deref().unwrap_or("docProps/core.xml"), about);
    properties(archive, "docProps/app.xml", about);
    settings(archive, about);
    revisions(archive, about);
    workbook(archive, about);
    slides(archive, about);
    inside(archive, about);
}

/// The text of each element, by its local name; the first that says something.
fn texts(xml: &str, mut each: impl FnMut(&str, &str)) {
    let (mut name, mut text) = (String::new(), String::new());
    walk(xml, |met| match met {
        Met::Start(local, _) => {
            name = local.to_string();
            text.clear();
        }
        Met::Text(t) if text.len() < 8_000 => text.push_str(t),
        Met::End(local) => {
            if local == name {
                each(local, &text);
            }
            name.clear();
        }
        _ => {}
    });
}

fn properties(archive: &Archive, name: &str, about: &mut About) {
    let Some(xml) = archive.xml(name) else { return };
    texts(&xml, |name, text| match name {
        "creator" => about.say("author", text),
        "lastModifiedBy" => about.say("last_modified_by", text),
        "created" => about.say("created", &date::iso(text).unwrap_or_default()),
        "modified" => about.say("modified", &date::iso(text).unwrap_or_default()),
        "lastPrinted" => about.say("printed", &date::iso(text).unwrap_or_default()),
        "revision" => about.say("revision", text),
        "title" => about.say("title", text),
        "subject" => about.say("subject", text),
        "keywords" => about.say("keywords", text),
        "description" => about.say("description", text),
        "category" => about.say("category", text),
        "language" => about.say("language", text),
        "Application" => about.say("application", text),
        "AppVersion" => about.say("application_version", text),
        "Company" => about.say("company", text),
        "Manager" => about.say("manager", text),
        "Template" => about.say("template", text),
        "TotalTime" => about.say("edit_minutes", text),
        "Pages" | "Slides" => about.say("pages", text),
        "Words" => about.say("words", text),
        _ => {}
    });
}

/// Relations of a part: kind, target, and whether it leads outside.
fn relations(archive: &Archive, name: &str, each: &mut dyn FnMut(&str, &str, bool)) {
    let Some(xml) = archive.xml(name) else { return };
    walk(&xml, |met| {
        if let Met::Start("Relationship", tag) = met {
            let outside = tag.get("TargetMode").is_some_and(|m| m == "External");
            each(&tag.get("Type").unwrap_or_default(), &tag.get("Target").unwrap_or_default(), outside);
        }
    });
}

/// A path of a machine, as links have it.
fn local_path(target: &str) -> Option<&str> {
    let bare = target.strip_prefix("file:///").or_else(|| target.strip_prefix("file://")).unwrap_or(target);
    let drive = bare.as_bytes().get(1) == Some(&b':') && bare.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (drive || bare.starts_with("\\\\") || target.starts_with("file:///")).then_some(bare)
}

fn settings(archive: &Archive, about: &mut About) {
    if let Some(xml) = archive.xml("word/settings.xml") {
        walk(&xml, |met| {
            let Met::Start(name, tag) = met else { return };
            let value = || tag.get("val").unwrap_or_default();
            match name {
                "rsidRoot" => {
                    about.say("rsid_root", &value().to_ascii_uppercase());
                    about.rsid(&value());
                }
                "rsid" => about.rsid(&value()),
                "docId" => about.say("document_id", value().trim_matches(['{', '}'])),
                "themeFontLang" => about.say("language", &value()),
                _ => {}
            }
        });
    }
    // The language that text has where nothing else is said tells more than the theme's.
    if let Some(xml) = archive.xml("word/styles.xml") {
        let mut defaults = false;
        walk(&xml, |met| match met {
            Met::Start("docDefaults", _) => defaults = true,
            Met::End("docDefaults") => defaults = false,
            Met::Start("lang", tag) if defaults => about.say_last("language", &tag.get("val").unwrap_or_default()),
            _ => {}
        });
    }
    relations(archive, "word/_rels/settings.xml.rels", &mut |kind, target, outside| {
        if kind.ends_with("attachedTemplate") {
            about.said.insert("template", target.chars().take(1_000).collect());
            if let Some(path) = local_path(target) {
                about.path(path);
            }
            if outside && target.starts_with("http") {
                about.holds.insert("external_template");
            }
        }
    });
}

/// Tracked changes, comments, hidden text.
fn revisions(archive: &Archive, about: &mut About) {
    let mut parts = vec!["word/document.xml".to_string(), "word/comments.xml".into()];
    for begins in [
        "word/header",
        "word/footer",
        "word/footnotes",
        "word/endnotes",
        "ppt/comments/",
        "xl/comments",
        "xl/threadedComments/",
        "xl/revisions/",
        "ppt/commentAuthors",
    ] {
        parts.extend(archive.names(begins, ".xml").into_iter().take(500));
    }
    let mut hidden = 0u64;
    for name in parts {
        let Some(xml) = archive.xml(&name) else { continue };
        let mut vanished = false;
        walk(&xml, |met| match met {
            Met::Start(name, tag) => {
                let kind = match name {
                    "ins" | "rcc" => "inserted",
                    "del" => "deleted",
                    "moveFrom" | "moveTo" => "moved",
                    "comment" | "threadedComment" | "cm" => "comment",
                    "rPrChange" | "pPrChange" | "sectPrChange" | "tblPrChange" | "numberingChange" => "formatted",
                    "vanish" | "webHidden" if tag.get("val").is_none_or(|v| v != "0" && v != "false") => {
                        vanished |= name == "vanish";
                        return;
                    }
                    "r" => {
                        vanished = false;
                        return;
                    }
                    "author" | "cmAuthor" => return about.editor(&tag.get("name").unwrap_or_default()),
                    "header" if tag.get("userName").is_some() => "logged",
                    _ => return,
                };
                let author = tag.get("author").or_else(|| tag.get("userName")).unwrap_or_default();
                let when =
                    tag.get("date").or_else(|| tag.get("dT")).or_else(|| tag.get("dateTime")).or_else(|| tag.get("dt"));
                if author.is_empty() && when.is_none() {
                    return;
                }
                let (when, utc) = (when.unwrap_or_default(), tag.get("dateUtc").unwrap_or_default());
                let change = Change {
                    kind: kind.into(),
                    author: author.chars().take(200).collect(),
                    date: date::iso(&when).unwrap_or_default(),
                    utc: date::iso(&utc).unwrap_or_default(),
                };
                if !change.utc.is_empty() && !change.date.is_empty() {
                    about.zones.push(("tracked_change", change.date.trim_end_matches('Z').into(), change.utc.clone()));
                }
                about.change(change);
            }
            Met::Text(text) if vanished && !text.trim().is_empty() => hidden += text.chars().count() as u64,
            _ => {}
        });
    }
    about.zones.truncate(64);
    if hidden > 0 {
        about.hidden.insert("characters", hidden);
    }
}

fn workbook(archive: &Archive, about: &mut About) {
    let Some(xml) = archive.xml("xl/workbook.xml") else { return };
    let mut hidden = 0;
    walk(&xml, |met| {
        let Met::Start(name, tag) = met else { return };
        match name {
            "sheet" if tag.get("state").is_some_and(|s| s != "visible") => hidden += 1,
            "absPath" => about.path(&tag.get("url").unwrap_or_default()),
            "fileVersion" => about.say("saved_by_version", &version(tag)),
            "fileSharing" => about.editor(&tag.get("userName").unwrap_or_default()),
            _ => {}
        }
    });
    if hidden > 0 {
        about.hidden.insert("sheets", hidden);
    }
}

fn version(tag: &Tag) -> String {
    let part = |name: &str| tag.get(name).unwrap_or_default();
    format!("{} {} {}", part("appName"), part("lastEdited"), part("rupBuild")).trim().to_string()
}

fn slides(archive: &Archive, about: &mut About) {
    let mut hidden = 0;
    for name in archive.names("ppt/slides/slide", ".xml").iter().take(2_000) {
        let xml = archive.xml(name).unwrap_or_default();
        let head = crate::clip(&xml, 4_096);
        hidden += u64::from(head.contains(" show=\"0\"") || head.contains(" show=\"false\""));
    }
    if hidden > 0 {
        about.hidden.insert("slides", hidden);
    }
}

fn inside(archive: &Archive, about: &mut About) {
    let names: Vec<String> = archive.members().map(|m| m.name.clone()).collect();
    for name in &names {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with("vbaproject.bin") {
            about.holds.insert("macros");
        } else if lower.ends_with(".c2pa") {
            about.holds.insert("c2pa");
        } else if lower.contains("printersettings") && lower.ends_with(".bin") {
            // DEVMODE begins with the device's name, 32 characters.
            if let Some(mode) = archive.member(name, 64) {
                let printer = super::property_set::utf16(&mode);
                let printer: String = printer.split('\0').next().unwrap_or_default().chars().collect();
                if printer.chars().count() > 2 && printer.chars().all(|c| !c.is_control()) {
                    about.say("printer", &printer);
                }
            }
        } else if lower.starts_with("docprops/thumbnail") {
            about.holds.insert("thumbnail");
        } else if lower.starts_with("_xmlsignatures/") {
            about.holds.insert("signature");
        } else if lower.contains("/embeddings/") || lower.contains("/media/") {
            match archive.member(name, EMBEDDED) {
                Some(bytes) => {
                    if exif::is_c2pa(&bytes) {
                        about.holds.insert("c2pa");
                    }
                    about.embed(name, bytes);
                }
                None => about.cut = true,
            }
        } else if lower.ends_with(".rels") {
            relations(archive, name, &mut |_, target, outside| {
                if let Some(path) = local_path(target).filter(|_| outside) {
                    about.path(path);
                }
            });
        }
    }
}
