//! PDF: the dictionary of information, XMP, real revisions, signatures and what they cover.

use super::{About, Revision, date, exif, xmp};
use crate::Meter;
use crate::pdf::locked;
use crate::pdf::objects::Objects;
use hayro_syntax::object::{Dict, FromBytes, Name};
use std::collections::BTreeSet;

/// Cross-reference sections of one document.
const SECTIONS: usize = 1_000;

/// Reads a document.
pub fn read(bytes: &[u8], meter: &Meter, about: &mut About) {
    let opened = locked::opened(bytes, meter);
    let objects = Objects::new(opened.as_deref().unwrap_or(bytes), meter);
    let closed = objects.encrypted && opened.is_none();
    if objects.encrypted {
        about.holds.insert(if closed { "encrypted" } else { "encrypted_without_password" });
    }
    if let Some(info) = objects.info().filter(|_| !closed) {
        let text = |key: &str| objects.text(&info, key).unwrap_or_default();
        for (key, name) in [
            ("Author", "author"),
            ("Title", "title"),
            ("Subject", "subject"),
            ("Keywords", "keywords"),
            ("Creator", "application"),
            ("Producer", "producer"),
            ("Company", "company"),
            ("SourceModified", "source_modified"),
        ] {
            about.say(name, &text(key));
        }
        for (key, name) in [("CreationDate", "created"), ("ModDate", "modified")] {
            about.say(name, &date::pdf(&text(key)).unwrap_or_default());
        }
    }
    if let Some(root) = objects.root().filter(|_| !closed) {
        if let Some((_, packet)) = root.get_ref("Metadata").and_then(|r| objects.stream(r.obj_number)) {
            let mut said = About::default();
            xmp::read(&xmp::text(&packet), &mut said, false);
            if let Some(created) = said.get("created") {
                about.said.insert("xmp_created", created.to_string());
            }
            if let Some(modified) = said.get("modified") {
                about.said.insert("xmp_modified", modified.to_string());
            }
            about.editors.extend(said.editors);
            for (name, value) in said.said {
                about.say(name, &value);
            }
        }
        if let Some(language) = objects.text(&root, "Lang") {
            about.say("language", &language);
        }
    }
    if let Some((document, instance)) = objects.id() {
        about.say("document_id", document);
        about.say("instance_id", instance);
    }
    about.cut |= objects.root().is_none();
    if exif::is_c2pa(bytes) {
        about.holds.insert("c2pa");
    }
    // Where revisions end is asked of the file as it is.
    match opened.is_some() {
        true => revisions(bytes, &Objects::new(bytes, meter), about),
        false => revisions(bytes, &objects, about),
    }
    signatures(bytes, about);
}

/// Where the cross-reference sections begin, the newest first.
fn sections(bytes: &[u8]) -> Vec<u64> {
    let mut all = Vec::new();
    let Some(at) = memchr::memmem::rfind(bytes, b"startxref") else { return all };
    let mut next = number(&bytes[at + 9..]);
    while let Some(place) = next.filter(|p| (*p as usize) < bytes.len() && !all.contains(p)) {
        if all.len() >= SECTIONS {
            break;
        }
        all.push(place);
        let section = bytes[place as usize..].trim_ascii_start();
        let from = match section.starts_with(b"xref") {
            true => memchr::memmem::find(section, b"trailer").map(|n| &section[n + 7..]),
            false => memchr::memmem::find(section.get(..64).unwrap_or(section), b"obj").map(|n| &section[n + 3..]),
        };
        let dictionary = from.and_then(|b| {
            let b = b.trim_ascii_start();
            Dict::from_bytes(b.get(..1 << 20).unwrap_or(b))
        });
        next = dictionary
            .and_then(|d| d.get::<f32>("Prev").map(|n| n as u64).filter(|n| *n < 16_000_000).or_else(|| whole(&d)));
    }
    all
}

/// A `/Prev` of more digits than a number of that kind holds.
fn whole(dictionary: &Dict) -> Option<u64> {
    let at = memchr::memmem::find(dictionary.data(), b"/Prev")?;
    number(&dictionary.data()[at + 5..])
}

fn number(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.trim_ascii_start();
    let digits = bytes.iter().take(15).take_while(|b| b.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()
}

/// The revisions: a section that stands behind the one before it was added later; that of a linearised file stands before.
fn revisions(bytes: &[u8], objects: &Objects, about: &mut About) {
    let head = bytes.get(..2_048).unwrap_or(bytes);
    if memchr::memmem::find(head, b"/Linearized").is_some() {
        about.holds.insert("linearized");
    }
    let sections = sections(bytes);
    let mut ends: Vec<u64> = Vec::new();
    for pair in sections.windows(2) {
        if pair[0] > pair[1] {
            // What was there before ends at the last mark before this section's objects.
            let before = &bytes[..pair[0] as usize];
            if let Some(end) = memchr::memmem::rfind(before, b"%%EOF") {
                ends.push(end as u64 + 5);
            }
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends.push(bytes.len() as u64);
    let mut start = 0;
    for end in ends {
        let mut revision = Revision { end, ..Revision::default() };
        for (at, number) in objects.written.iter().filter(|(at, _)| (start..end).contains(&(*at as u64))) {
            revision.objects += 1;
            if revision.kinds.len() < 40 && start > 0 {
                let body = bytes[at + 3..].trim_ascii_start();
                revision.kinds.extend(kind(body.get(..4_096).unwrap_or(body)));
                let _ = number;
            }
        }
        about.revisions.push(revision);
        start = end;
    }
}

fn kind(body: &[u8]) -> Option<String> {
    let has = |what: &[u8]| memchr::memmem::find(body, what).is_some();
    let dictionary = Dict::from_bytes(body);
    let named = dictionary.as_ref().and_then(|d| d.get::<Name>("Type").or_else(|| d.get::<Name>("Subtype")));
    let name = named.map(|n| String::from_utf8_lossy(&n).into_owned());
    match name {
        Some(name) if name.len() < 40 => Some(name),
        Some(_) => None,
        None if has(b"/ByteRange") => Some("Sig".into()),
        None if has(b"stream") => Some("Contents".into()),
        None => None,
    }
}

/// The bytes that each signature covers, from the beginning on (12.8.1).
fn signatures(bytes: &[u8], about: &mut About) {
    let mut covered = BTreeSet::new();
    for at in memchr::memmem::find_iter(bytes, b"/ByteRange").take(100) {
        let rest = bytes[at + 10..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"[") else { continue };
        let end = memchr::memchr(b']', rest.get(..200).unwrap_or(rest)).unwrap_or(0);
        let numbers: Vec<u64> = rest[..end].split(u8::is_ascii_whitespace).filter_map(number).collect();
        if let [0, first, second, length] = numbers[..]
            && first < second
        {
            covered.insert(second.saturating_add(length));
        }
    }
    about.signed.extend(covered);
}
