//! XMP (ISO 16684-1), wherever it stands.

use super::{About, date};
use crate::parts::xml::{Met, walk};

/// Bytes of one packet.
const PACKET: usize = 4 << 20;

/// Whether a file is a packet.
pub fn is_xmp(head: &[u8]) -> bool {
    let head = head.get(..2_048).unwrap_or(head);
    memchr::memmem::find(head, b"<x:xmpmeta").is_some() || memchr::memmem::find(head, b"<rdf:RDF").is_some()
}

/// The text of a packet in any of its encodings.
pub fn text(bytes: &[u8]) -> String {
    let bytes = bytes.get(..PACKET).unwrap_or(bytes);
    match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => encoding_rs::UTF_16LE.decode(bytes).0.into_owned(),
        [0xfe, 0xff, ..] | [0, b'<', ..] => encoding_rs::UTF_16BE.decode(bytes).0.into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Packets in bytes whose structure is not read.
pub fn find(bytes: &[u8]) -> Option<String> {
    let start = memchr::memmem::find(bytes, b"<x:xmpmeta")?;
    let end = start + memchr::memmem::find(&bytes[start..], b"</x:xmpmeta>")? + 12;
    Some(text(&bytes[start..end]))
}

/// Reads a packet; `over`: it says more than what was read before.
pub fn read(xml: &str, about: &mut About, over: bool) {
    let (mut stack, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let say = |about: &mut About, name: &str, value: &str| {
        let day = || date::iso(value).or_else(|| date::exif(value, None)).unwrap_or_default();
        let (name, value) = match name {
            "CreateDate" => ("created", day()),
            "ModifyDate" => ("modified", day()),
            "MetadataDate" => ("metadata_date", day()),
            "creator" | "Author" => ("author", value.to_string()),
            "CreatorTool" => ("creator_tool", value.to_string()),
            "Producer" => ("producer", value.to_string()),
            "DocumentID" => ("document_id", value.to_string()),
            "InstanceID" => ("instance_id", value.to_string()),
            "OriginalDocumentID" => ("original_document_id", value.to_string()),
            "title" => ("title", value.to_string()),
            "description" => ("description", value.to_string()),
            "softwareAgent" => return about.editor(value),
            "SerialNumber" => ("device_serial", value.to_string()),
            "Credit" => ("credit", value.to_string()),
            _ => return,
        };
        match over {
            true => about.say_last(name, &value),
            false => about.say(name, &value),
        }
    };
    walk(xml, |met| match met {
        Met::Start(name, tag) => {
            text.clear();
            if name == "Description" || name == "li" {
                for word in [
                    "CreateDate",
                    "ModifyDate",
                    "MetadataDate",
                    "CreatorTool",
                    "Producer",
                    "DocumentID",
                    "InstanceID",
                    "OriginalDocumentID",
                    "softwareAgent",
                    "Author",
                ] {
                    // `stRef:documentID` of a source begins with a small letter.
                    if let Some(value) = tag.get(word) {
                        say(about, word, &value);
                    }
                }
            }
            stack.push(name.to_string());
            if stack.len() > 64 {
                stack.remove(0);
            }
        }
        Met::Text(t) if text.len() < 4_000 => text.push_str(t),
        Met::End(_) => {
            let name = stack.pop().unwrap_or_default();
            // Values of lists stand in `rdf:li` in `rdf:Seq` or `rdf:Alt` in the property.
            let property = match name.as_str() {
                "li" => stack.len().checked_sub(2).and_then(|n| stack.get(n)).cloned().unwrap_or_default(),
                _ => name,
            };
            if !text.trim().is_empty() {
                say(about, &property, text.trim());
            }
            text.clear();
        }
        _ => {}
    });
}
