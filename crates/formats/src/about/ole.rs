//! Compound files of Office before 2007, also such whose tables are damaged.

use super::{About, property_set, word};
use crate::ole::Ole;

/// Reads one.
pub fn read(bytes: &[u8], about: &mut About) {
    let mut document = None;
    let mut tables: Vec<(String, Vec<u8>)> = Vec::new();
    if let Some(ole) = Ole::new(bytes) {
        for (name, place) in ole.known() {
            match name {
                "SummaryInformation" | "DocumentSummaryInformation" => {
                    let stream = ole.bytes(place, 4 << 20);
                    if property_set::is_one(&stream) {
                        property_set::read(&stream, about);
                    }
                }
                "WordDocument" => document = Some(ole.bytes(place, 64 << 20)),
                "0Table" | "1Table" => tables.push((name.to_string(), ole.bytes(place, 64 << 20))),
                "Workbook" | "Book" => drop(about.holds.insert("workbook")),
                "PowerPoint Document" => drop(about.holds.insert("presentation")),
                "EncryptedPackage" | "EncryptedSummary" => drop(about.holds.insert("encrypted")),
                "_VBA_PROJECT" | "VBA" | "Macros" => drop(about.holds.insert("macros")),
                "\u{1}Ole10Native" => {
                    let native = ole.bytes(place, 64 << 20);
                    package(&native, about);
                    about.embed(name.trim_start_matches('\u{1}'), native);
                }
                _ => {}
            }
        }
    }
    if !about.said.contains_key("modified") && !about.said.contains_key("author") {
        property_set::scavenge(bytes, about);
        about.cut = true;
    }
    if let Some(document) = document {
        about.holds.insert("text");
        word::read(&document, &tables, about);
    }
}

/// An embedded package names where its file lay on the machine of who embedded it.
fn package(native: &[u8], about: &mut About) {
    let rest = native.get(6..).unwrap_or_default();
    for part in rest.split(|b| *b == 0).take(8) {
        let text = String::from_utf8_lossy(part);
        if text.len() > 4 && text.get(1..3) == Some(":\\") {
            about.path(&text);
        }
    }
}
