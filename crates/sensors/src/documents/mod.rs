//! Documents: office files, PDF, rich text, pages, pictures, torrents, plain text; what each says of itself and what it says.
//! Held against originals that were sealed or are otherwise known, a leaked copy shows what was changed in it.
//!
//! You may rely on: a reader here never runs anything, fetches nothing and expands no entity; damage costs what is damaged.
//! Other kinds come first: a workbook that is a table of posts or a message is theirs. Left out: passwords, text in
//! pictures, checking signatures within documents.

mod authenticity;
pub mod compare;
mod drill;
mod edit_burst;
mod editor_zone;
mod exposure;
mod genealogy;
mod holes;
mod hunks;
mod known;
mod leaked;
mod letters;
mod near_duplicate;
mod numbering;
mod packing;
pub mod picture;
mod publication;
mod read;
mod settings;
mod signs;
mod table;
mod theft;

pub use known::Known;
pub use settings::Settings;

use crate::input::Input;
use crate::{Detector, Drilled, Isolation, Sensor};
use formats::{Meter, about};
use model::{Config, Context, Result, Settings as _, Sink, Table, Time, View, Withheld};
use rows::Shape;
use rows::documents::{Document, Wording};
use sha2::{Digest, Sha256};

/// Documents.
pub struct Documents;

impl Sensor for Documents {
    fn name(&self) -> &'static str {
        "documents"
    }

    fn formats(&self) -> &'static [&'static str] {
        &[
            "Office Open XML (.docx, .xlsx, .pptx), OpenDocument, Office 97–2003 (.doc, .xls, .ppt), RTF, PDF",
            "pictures (JPEG, PNG, TIFF, WebP, HEIC, GIF, BMP): EXIF, XMP, IPTC, thumbnails",
            "HTML, plain text in sentences, XMP, .torrent (publisher, time, list of files)",
            "with originals, seals or `leaked`: every file that no other kind knows (text of any kind by its words, others by their bytes)",
            "archives of these, and how they were packed; originals to hold them against with `--originals` or a log of seals",
        ]
    }

    fn isolation(&self) -> Isolation {
        Isolation::Worker
    }

    fn recognise(&self, head: &[u8], context: &Context) -> u8 {
        read::recognise(head, settings::every_file(context.config))
    }

    fn reads_workbooks(&self) -> bool {
        true
    }

    fn reads_binary(&self) -> bool {
        true
    }

    fn read(&self, input: &mut Input, _context: &Context, out: &mut dyn Sink) -> Result<()> {
        read::evidence(input, out)
    }

    fn drill(&self, name: &str, bytes: &[u8], at: Time) -> Vec<Drilled> {
        drill::drill(name, bytes, at)
    }

    fn mask(&self, text: &str) -> String {
        exposure::mask(text)
    }

    fn withholds(&self, case: &dyn View, config: &Config, withheld: &mut Withheld) -> Result<()> {
        table::withhold(case, config, withheld)
    }

    fn settings(&self) -> &'static Table {
        settings::Settings::TABLE
    }

    fn shapes(&self) -> &'static [Shape] {
        const SHAPES: &[Shape] = &[Shape::observed::<Document>(), Shape::observed::<Wording>()];
        SHAPES
    }

    fn detectors(&self) -> &'static [&'static dyn Detector] {
        &[
            &authenticity::AuthenticityDetector,
            &edit_burst::EditBurst,
            &editor_zone::EditorZoneDetector,
            &exposure::ExposureDetector,
            &publication::PublicationDetector,
            &theft::TheftDetector,
            &holes::HolesDetector,
            &genealogy::GenealogyDetector,
            &near_duplicate::NearDuplicateDetector,
            &numbering::NumberingDetector,
            &packing::PackingDetector,
        ]
    }
}

/// What a document says of itself and what it says.
pub fn document(bytes: &[u8], meter: &Meter) -> (Document, Wording) {
    read::document(bytes, meter)
}

/// Whether these first bytes are those of a document.
pub fn is_document(head: &[u8]) -> bool {
    !about::media(head).is_empty()
}

/// SHA-256, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
