//! Rows: what observations and findings carry besides what all have, one struct each, beside the words in them. The
//! side that writes a row and the side that reads it (detector, chapter, export, exercise) use the same struct; no field
//! name is a literal anywhere else, and the JSON Schema that `vigie explain --schema` prints is derived from it.
//!
//! You may rely on: a row written is read back equal; a field added later has a default, so that older rows are still
//! read; every observation says how it merges ([`Merge`]). Left out: judgement, and how rows are stored.

use model::{Error, Fields, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Borrow;

pub mod attempt;
pub mod auth_log;
mod counts;
pub mod documents;
pub mod key;
pub mod mail;
mod merge;
pub mod names;
pub mod outage;
pub mod posts;
pub mod reach;
pub mod sigma;
pub mod sign_in;
pub mod station_minutes;
pub mod story;
pub mod web_log;
pub mod windows_event;

pub use counts::Counts;
pub use merge::{merge, shift};

/// What a finding or an observation carries.
pub trait Row: Serialize + DeserializeOwned + JsonSchema {
    /// The detector's id, or the observation's kind: `auth_log/travel`.
    const NAME: &'static str;

    /// As a finding or an observation holds it; fields that are none are left out.
    fn fields(&self) -> Fields {
        Fields::of(self).expect("a row is a struct whose fields JSON can hold")
    }

    /// From what one holds. An error is a row that another program wrote, or a newer version of this one.
    fn of(fields: impl Borrow<Fields>) -> Result<Self> {
        fields.borrow().to().map_err(|e| misunderstood(Self::NAME, e))
    }
}

fn misunderstood(row: &str, e: serde_json::Error) -> Error {
    Error::new(format!("a row of `{row}` cannot be understood"))
        .because(e)
        .hint("`vigie run` makes the rows of a case anew where another version made them")
}

/// An observation's row.
pub trait Observed: Row {
    /// How rows of one key from two slices of the same evidence become the rows of the whole.
    const MERGE: Merge;

    /// Takes in what a later row of the same run says. Only rows that add or join are ever asked.
    fn join(&mut self, _later: &Self) {}

    /// Whether a later row of the same key may belong to the same run.
    fn continues(&self, _later: &Self) -> bool {
        true
    }

    /// Whether an event of this row ends a run of the same key, so that later rows do not join it.
    fn ends(&self, _run: &Self) -> bool {
        false
    }
}

/// How observations merge, so that slices of evidence can be read apart ([`merge`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Merge {
    /// All rows of a key are one: counts add, spans follow one another.
    Adds,
    /// Rows of a key within the same so many seconds (counted from 1970) are one, whose place is the stretch from its
    /// first to its last event.
    AddsWithin(i64),
    /// Rows of a key whose gap is within the window are one run.
    Joins,
    /// Rows stay as they are; the same row twice stands once.
    Kept,
}

/// How a row's fields look to whoever reads `--json`.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The row's name.
    pub name: &'static str,
    /// Its JSON Schema (draft 2020-12); what it refers to stands in the generator's definitions.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// How rows merge, where it is said ([`Shape::observed`]).
    pub merge: Option<Merge>,
}

impl Shape {
    /// Of a row.
    pub const fn of<R: Row>() -> Shape {
        Shape { name: R::NAME, schema: R::json_schema, merge: None }
    }

    /// Of an observation's row.
    pub const fn observed<R: Observed>() -> Shape {
        Shape { merge: Some(R::MERGE), ..Shape::of::<R>() }
    }
}
