//! What a document says of itself: who wrote it, with what, when, on which machine. Office Open XML, OpenDocument, compound
//! files, PDF, RTF, HTML, pictures, torrents.
//!
//! You may rely on: dates are kept as they are written, with the offset that is written and none where none is; each value
//! is bounded, and so is their number; what is damaged gives what can still be read. Left out: judgement; passwords;
//! checking signatures of any kind.

pub mod date;
mod exif;
mod html;
mod odf;
mod ole;
mod ooxml;
mod pdf;
mod property_set;
mod rtf;
mod torrent;
mod word;
mod xmp;

pub use date::{dos, filetime, instant, local, unix};
pub use exif::orientation;
pub use word::text as word_text;

use crate::parts::Archive;
use crate::{Meter, sniff, zip};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of one value.
const VALUE: usize = 2_000;
/// Values of one list.
const LIST: usize = 4_000;

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The media type that its bytes show.
    pub media: &'static str,
    /// Single values by name: `author`, `created` …
    pub said: BTreeMap<&'static str, String>,
    /// Revision-save ids (`w:rsid`, `officeooo:rsid`), and the first of them.
    pub rsids: BTreeSet<String>,
    /// Folders and files of machines that it names.
    pub paths: BTreeSet<String>,
    /// Who else is named as having edited it.
    pub editors: BTreeSet<String>,
    /// Tracked changes and comments.
    pub changes: Vec<Change>,
    /// What is not shown: hidden text, sheets, slides.
    pub hidden: BTreeMap<&'static str, u64>,
    /// What is embedded: the name and the bytes.
    pub embedded: Vec<(String, Vec<u8>)>,
    /// Pairs of a local time and the same moment in UTC, each with what it is.
    pub zones: Vec<(&'static str, String, String)>,
    /// Revisions of a PDF: where each ends, objects it writes, what of them matters.
    pub revisions: Vec<Revision>,
    /// Signatures of a PDF: bytes they cover, from the beginning on.
    pub signed: Vec<u64>,
    /// Files that it lists, and their sizes.
    pub files: Vec<(String, u64)>,
    /// Members of its container, where it is one.
    pub packed: Option<Packed>,
    /// What it holds besides: `macros`, `c2pa`, `encrypted`, `linearized`, `thumbnail`, `external_template`.
    pub holds: BTreeSet<&'static str>,
    /// Whether there was more than is kept, or damage.
    pub cut: bool,
}

/// A tracked change or a comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// `inserted`, `deleted`, `comment` …
    pub kind: String,
    /// Who.
    pub author: String,
    /// When, as written (of Word: local time with a `Z` that is none).
    pub date: String,
    /// When in UTC, where that is written too.
    pub utc: String,
}

/// A revision of a PDF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Where it ends.
    pub end: u64,
    /// Objects that it writes.
    pub objects: u64,
    /// Kinds of what it writes: `Page`, `Annot`, `Sig`, `Metadata`, `Contents` …
    pub kinds: BTreeSet<String>,
}

/// How a container was packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Members.
    pub members: u64,
    /// Of these, how many have another time than most.
    pub other_times: u64,
    /// The time that most have, as written (local, two seconds).
    pub time: String,
    /// The hosts that the directory names (APPNOTE 4.4.2.2), and the versions.
    pub made_by: BTreeSet<String>,
    /// Whether the first member is where the format's own programs put it.
    pub usual_order: bool,
    /// Names that stand twice.
    pub repeated: u64,
}

impl About {
    /// Keeps a value, if it says something and nothing was said before.
    fn say(&mut self, what: &'static str, value: &str) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if !value.is_empty() && !self.said.contains_key(what) {
            self.said.insert(what, value.chars().take(VALUE).collect());
        }
    }

    /// Keeps a value in any case.
    fn say_last(&mut self, what: &'static str, value: &str) {
        if !value.trim().is_empty() {
            self.said.remove(what);
            self.say(what, value);
        }
    }

    /// What was said.
    pub fn get(&self, what: &str) -> Option<&str> {
        self.said.get(what).map(String::as_str)
    }

    fn path(&mut self, path: &str) {
        let path = path.trim();
        if !path.is_empty() && path.len() < 1_000 && self.paths.len() < 100 {
            self.paths.insert(path.to_string());
        }
    }

    fn editor(&mut self, name: &str) {
        if !name.trim().is_empty() && self.editors.len() < 200 {
            self.editors.insert(name.trim().chars().take(200).collect());
        }
    }

    fn change(&mut self, change: Change) {
        self.editor(&change.author.clone());
        match self.changes.len() < LIST {
            true => self.changes.push(change),
            false => self.cut = true,
        }
    }

    fn rsid(&mut self, id: &str) {
        if self.rsids.len() < LIST && !id.is_empty() && id.len() <= 16 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
            self.rsids.insert(id.to_ascii_uppercase());
        }
    }

    fn embed(&mut self, name: &str, bytes: Vec<u8>) {
        let held: usize = self.embedded.iter().map(|(_, b)| b.len()).sum();
        match self.embedded.len() < 1_000 && held + bytes.len() < 128 << 20 {
            true => self.embedded.push((name.to_string(), bytes)),
            false => self.cut = true,
        }
    }
}

/// Whether these are a document of a kind that says something of itself, by the first bytes.
pub fn media(head: &[u8]) -> &'static str {
    let media = match sniff::media(head) {
        "" if torrent::is_torrent(head) => "application/x-bittorrent",
        "" if head.get(4..8) == Some(b"ftyp") && heif(head) => "image/heic",
        "application/xml" if xmp::is_xmp(head) => "application/rdf+xml",
        "" if xmp::is_xmp(head) => "application/rdf+xml",
        "application/xml" if memchr::memmem::find(head, b"<office:document").is_some() => {
            "application/vnd.oasis.opendocument"
        }
        media => media,
    };
    match media {
        m if m.starts_with("image/") && m != "image/svg+xml" => m,
        "application/zip" if is_office(head) => "application/vnd.openxmlformats-package",
        "application/pdf"
        | "application/rtf"
        | "text/html"
        | "application/x-ole-storage"
        | "application/x-bittorrent"
        | "application/rdf+xml"
        | "application/vnd.oasis.opendocument" => media,
        m if m.starts_with("application/vnd.openxmlformats") => m,
        _ => "",
    }
}

fn heif(head: &[u8]) -> bool {
    matches!(head.get(8..12), Some(b"heic" | b"heix" | b"mif1" | b"avif" | b"heim" | b"msf1"))
}

/// A package of Office whose first members do not say which.
fn is_office(head: &[u8]) -> bool {
    let first = zip::beginning(head, 40);
    first.iter().any(|m| m.name == "[Content_Types].xml" || m.name == "mimetype" || m.name == "_rels/.rels")
}

/// Reads what a document says of itself; none where it is none that is known.
pub fn read(bytes: &[u8], meter: &Meter) -> Option<About> {
    let media = media(bytes.get(..crate::HEAD).unwrap_or(bytes));
    let mut about = About { media, ..About::default() };
    match media {
        "" => return None,
        "application/pdf" => pdf::read(bytes, meter, &mut about),
        "application/rtf" => rtf::read(bytes, &mut about),
        "text/html" => html::read(bytes, &mut about),
        "application/x-ole-storage" => ole::read(bytes, &mut about),
        "application/x-bittorrent" => torrent::read(bytes, &mut about),
        "application/rdf+xml" => xmp::read(&xmp::text(bytes), &mut about, false),
        "application/vnd.oasis.opendocument" if !bytes.starts_with(b"PK") => odf::flat(bytes, &mut about),
        m if m.starts_with("image/") => exif::read(bytes, &mut about),
        _ => container(bytes, meter, &mut about),
    }
    let marked = |mark: &[u8]| memchr::memmem::find(bytes, mark).is_some();
    if !bytes.starts_with(b"PK") && (marked(b"%BeginExifToolUpdate") || marked(b"Image::ExifTool")) {
        about.holds.insert("exiftool");
    }
    Some(about)
}

fn container(bytes: &[u8], meter: &Meter, about: &mut About) {
    let Some(archive) = Archive::open(bytes, meter) else {
        about.cut = true;
        return;
    };
    about.cut |= archive.damaged();
    about.packed = Some(packed(bytes));
    if archive.members().any(|m| m.encrypted) {
        about.holds.insert("encrypted");
    }
    match archive.has("mimetype") && !archive.has("[Content_Types].xml") {
        true => odf::read(&archive, about),
        false => ooxml::read(&archive, about),
    }
}

/// How a container was packed.
fn packed(bytes: &[u8]) -> Packed {
    let mut packed = Packed::default();
    let (mut times, mut names): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
    let listed = zip::listing(bytes, 20_000);
    packed.usual_order =
        listed.first().is_some_and(|m| matches!(m.name.as_str(), "[Content_Types].xml" | "mimetype" | "_rels/.rels"));
    for member in listed {
        packed.members += 1;
        *times.entry(member.dos).or_default() += 1;
        *names.entry(member.name).or_default() += 1;
        packed.made_by.insert(member.made_by);
    }
    let most = times.iter().max_by_key(|(time, n)| (**n, std::cmp::Reverse((*time).clone())));
    if let Some((time, n)) = most {
        (packed.time, packed.other_times) = (time.clone(), packed.members - n);
    }
    packed.repeated = names.values().filter(|n| **n > 1).count() as u64;
    packed
}
