//! What a document says of itself. Dates stand as they are written: with their own offset, and without one where none is.

use super::is_none;
use crate::{Merge, Observed, Row};
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

macro_rules! document {
    ($($(#[$about:meta])* $name:ident,)*) => {
        /// A document.
        #[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct Document {
            /// The media type that its bytes show.
            pub media: String,
            /// Bytes.
            pub size: u64,
            /// SHA-256 of its bytes.
            pub sha256: String,
            $($(#[$about])* #[serde(skip_serializing_if = "is_none")] pub $name: String,)*
            /// Revision-save ids.
            #[serde(skip_serializing_if = "is_none")]
            pub rsids: BTreeSet<String>,
            /// Folders and files of machines that it names.
            #[serde(skip_serializing_if = "is_none")]
            pub paths: BTreeSet<String>,
            /// Who else is named as having edited it.
            #[serde(skip_serializing_if = "is_none")]
            pub editors: BTreeSet<String>,
            /// Tracked changes and comments.
            #[serde(skip_serializing_if = "is_none")]
            pub changes: Vec<Change>,
            /// What is not shown, by kind.
            #[serde(skip_serializing_if = "is_none")]
            pub hidden: BTreeMap<String, u64>,
            /// What is embedded.
            #[serde(skip_serializing_if = "is_none")]
            pub embedded: Vec<Embedded>,
            /// A local time beside the same moment in UTC.
            #[serde(skip_serializing_if = "is_none")]
            pub zones: Vec<Zone>,
            /// Revisions of a PDF.
            #[serde(skip_serializing_if = "is_none")]
            pub revisions: Vec<Revision>,
            /// Bytes that signatures of a PDF cover, from the beginning on.
            #[serde(skip_serializing_if = "is_none")]
            pub signed: Vec<u64>,
            /// How its container was packed.
            #[serde(skip_serializing_if = "is_none")]
            pub packing: Option<Packing>,
            /// `macros`, `c2pa` (present, not verified), `encrypted`, `signature`, `thumbnail`, `external_template` …
            #[serde(skip_serializing_if = "is_none")]
            pub holds: BTreeSet<String>,
            /// Files that a torrent lists.
            #[serde(skip_serializing_if = "is_none")]
            pub files: Vec<(String, u64)>,
            /// Whether there was more than is kept, or damage.
            #[serde(skip_serializing_if = "is_none")]
            pub cut: bool,
            /// When the archive that it lies in says that it was last changed, by the packer's clock.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub packed_at: Option<Time>,
        }

        impl Document {
            /// Sets what a reader found under these names; what has no field is given back.
            pub fn set(&mut self, said: impl IntoIterator<Item = (&'static str, String)>) -> Vec<&'static str> {
                let mut left = Vec::new();
                for (name, value) in said {
                    match name {
                        $(stringify!($name) => self.$name = value,)*
                        other => left.push(other),
                    }
                }
                left
            }

            /// All single values by name.
            pub fn said(&self) -> Vec<(&'static str, &str)> {
                let all = [$((stringify!($name), self.$name.as_str()),)*];
                all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
            }
        }
    };
}

document! {
    /// Who wrote it.
    author,
    /// Who saved it last.
    last_modified_by,
    /// The company it was written for, or the program registered to.
    company,
    /// Whose superior is named.
    manager,
    /// The program.
    application,
    /// Its version.
    application_version,
    /// Which version of Excel saved it last.
    saved_by_version,
    /// What made a PDF of it.
    producer,
    /// The program, as XMP says.
    creator_tool,
    /// The template.
    template,
    /// The language of its text.
    language,
    /// Its title.
    title,
    /// Its subject.
    subject,
    /// Its category.
    category,
    /// Its key words.
    keywords,
    /// What is said of it.
    description,
    /// A comment within a picture.
    comment,
    /// When it was made.
    created,
    /// When it was changed last.
    modified,
    /// When it was printed last.
    printed,
    /// When a picture was taken.
    taken,
    /// When a page was saved.
    saved,
    /// When its source was changed last.
    source_modified,
    /// When its description was changed last (XMP).
    metadata_date,
    /// When it was made, as XMP says beside another place.
    xmp_created,
    /// When it was changed last, as XMP says beside another place.
    xmp_modified,
    /// How many times it was saved.
    revision,
    /// Minutes of editing.
    edit_minutes,
    /// Pages, slides, files.
    pages,
    /// Words.
    words,
    /// The first revision-save id: its family.
    rsid_root,
    /// The id of the document, of this copy, of what it was made from.
    document_id,
    /// The id of this copy.
    instance_id,
    /// The id of what it was made from.
    original_document_id,
    /// The printer.
    printer,
    /// The camera or scanner.
    device,
    /// Its number.
    device_serial,
    /// Whom it belongs to.
    owner,
    /// The number of a picture.
    picture_id,
    /// The computer.
    host,
    /// Latitude and longitude.
    gps,
    /// Width and height.
    dimensions,
    /// Width and height that the camera noted.
    recorded_dimensions,
    /// How a picture is turned.
    orientation,
    /// Who took a picture.
    by_line,
    /// Whom it is credited to.
    credit,
    /// Where a page was saved from.
    saved_from,
    /// The tracker of a torrent.
    tracker,
    /// Who published a torrent.
    publisher,
}

/// A tracked change or a comment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Change {
    /// `inserted`, `deleted`, `moved`, `formatted`, `comment`.
    pub kind: String,
    /// Who.
    pub author: String,
    /// When, as written.
    #[serde(skip_serializing_if = "is_none")]
    pub date: String,
    /// When in UTC.
    #[serde(skip_serializing_if = "is_none")]
    pub utc: String,
}

/// Something embedded.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Embedded {
    /// Its name.
    pub name: String,
    /// The media type that its bytes show.
    pub media: String,
    /// SHA-256.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Its author, if it says one.
    #[serde(skip_serializing_if = "is_none")]
    pub author: String,
    /// When it was changed last, if it says so.
    #[serde(skip_serializing_if = "is_none")]
    pub modified: String,
    /// What is embedded in it.
    #[serde(skip_serializing_if = "is_none")]
    pub embedded: Vec<Embedded>,
}

/// A local time beside the same moment in UTC.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Zone {
    /// What of: `created`, `modified`, `tracked_change`, `gps`.
    pub of: String,
    /// The clock on the wall.
    pub local: String,
    /// The same in UTC.
    pub utc: String,
}

/// A revision of a PDF.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Revision {
    /// Where it ends.
    pub end: u64,
    /// Objects that it writes.
    pub objects: u64,
    /// Kinds of these.
    pub kinds: BTreeSet<String>,
    /// What its pages say otherwise than those before.
    #[serde(skip_serializing_if = "is_none")]
    pub changed: Vec<(String, String)>,
}

/// How a container was packed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Packing {
    /// Members.
    pub members: u64,
    /// Of these, how many have another time than most.
    pub other_times: u64,
    /// The time that most have, as written.
    pub time: String,
    /// Hosts and versions that made them.
    pub made_by: BTreeSet<String>,
    /// Whether the first member is where the format's own programs put it.
    pub usual_order: bool,
    /// Names that stand twice.
    pub repeated: u64,
}

impl Row for Document {
    const NAME: &'static str = "documents/document";
}

impl Observed for Document {
    const MERGE: Merge = Merge::Kept;
}
