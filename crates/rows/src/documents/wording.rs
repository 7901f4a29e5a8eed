//! What a document says, for comparing copies: passages, pictures, drawings.

use super::is_none;
use crate::{Merge, Observed, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The wording of a document.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Wording {
    /// Passages in reading order.
    pub passages: Vec<Passage>,
    /// Pictures, made small.
    #[serde(skip_serializing_if = "is_none")]
    pub pictures: Vec<Sketch>,
    /// Of each page, the hashes of what draws it and how many shapes are drawn.
    #[serde(skip_serializing_if = "is_none")]
    pub drawn: Vec<(Vec<u64>, u64)>,
    /// Whether there was more than is kept.
    #[serde(skip_serializing_if = "is_none")]
    pub cut: bool,
    /// Whether its text could be read at all.
    pub readable: bool,
    /// The hashes by which seals know it: of its bytes, of its text, the beginnings of those of its paragraphs.
    #[serde(skip_serializing_if = "is_none")]
    pub seal_bytes: String,
    /// That of its text.
    #[serde(skip_serializing_if = "is_none")]
    pub seal_text: String,
    /// Those of its paragraphs.
    #[serde(skip_serializing_if = "is_none")]
    pub seal_paragraphs: Vec<String>,
}

/// A passage.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Passage {
    /// `body`, `cell`, `note`, `comment`, `margin`.
    pub place: String,
    /// Where exactly.
    #[serde(skip_serializing_if = "is_none")]
    pub at: String,
    /// What it says.
    pub text: String,
    /// The formula of a cell.
    #[serde(skip_serializing_if = "is_none")]
    pub formula: String,
}

/// A picture made small: grey, at most [`Sketch::SIDE`] on its longer side.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Sketch {
    /// Its name in the document.
    #[serde(skip_serializing_if = "is_none")]
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its width in pixels; 0 where it could not be decoded.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The width of the sketch.
    pub columns: u32,
    /// Its pixels, Base64.
    #[serde(skip_serializing_if = "is_none")]
    pub grey: String,
}

impl Sketch {
    /// The longer side.
    pub const SIDE: u32 = 192;
}

impl Row for Wording {
    const NAME: &'static str = "documents/wording";
}

impl Observed for Wording {
    const MERGE: Merge = Merge::Kept;
}
