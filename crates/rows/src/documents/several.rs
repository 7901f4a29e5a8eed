//! What is found among several documents, or in a mailbox that came out.

use super::{Alteration, is_none};
use crate::Row;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Documents of one family: saved on from one another, as their revision-save ids tell. Kinship, and no forgery.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Genealogy {
    /// The revision-save id that they begin with.
    pub root: String,
    /// The template that they name.
    #[serde(default, skip_serializing_if = "is_none")]
    pub template: String,
    /// The members, a sample, those saved least first.
    pub members: Vec<Kin>,
    /// How many there are, originals among them.
    pub documents: u64,
    /// How many of these are known originals.
    pub originals: u64,
}

/// A member of a family.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Kin {
    /// Its name.
    pub document: String,
    /// Whether it is a known original.
    #[serde(skip_serializing_if = "is_none")]
    pub original: bool,
    /// How many revision-save ids it has.
    pub revisions: u64,
    /// The member that it was saved on from.
    #[serde(skip_serializing_if = "is_none")]
    pub from: String,
    /// Revision-save ids that no other member has.
    #[serde(skip_serializing_if = "is_none")]
    pub own: u64,
    /// When it was changed last, as it says.
    #[serde(skip_serializing_if = "is_none")]
    pub modified: String,
}

/// Two documents that say the same but for a figure or two.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NearDuplicate {
    /// The one that was changed first, as they say.
    pub document: String,
    /// The other.
    pub other: String,
    /// Words in the longer.
    pub words: u64,
    /// Where they differ.
    pub differences: Vec<Alteration>,
    /// Pairs that are as alike and were not compared: then the row tells of these and names no document.
    #[serde(default, skip_serializing_if = "is_none")]
    pub beyond: u64,
    /// Words of the longer that were not compared.
    #[serde(default, skip_serializing_if = "is_none")]
    pub cut: u64,
}

/// A document that does not fit the series of numbers it stands in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Misnumbered {
    /// Which document.
    pub document: String,
    /// The series: its folder and how its names begin.
    pub series: String,
    /// Its number.
    pub number: u64,
    /// Documents of the series.
    pub documents: u64,
    /// Why it does not fit.
    pub why: Misfit,
}

model::vocabulary! {
    /// Why a number does not fit (`fields.why`).
    pub enum Misfit {
        /// It was made long before or after those that are numbered beside it.
        Date = "date" ("made at another time than its neighbours", "créé à un autre moment que ses voisins"),
        /// No other number is anywhere near.
        Beyond = "beyond" ("far beyond the end of the series", "bien au-delà de la fin de la série"),
        /// The number stands twice, on different documents.
        Twice = "twice" ("the number stands twice", "le numéro figure deux fois"),
    }
}

/// What a leaked mailbox quotes and does not hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Holes {
    /// Whose mailbox.
    pub of: String,
    /// Letters in it.
    pub letters: u64,
    /// Letters that others in it answer or refer to.
    pub quoted: u64,
    /// Of these, those that are not in it.
    pub absent: u64,
    /// Of these, those that its owner's side wrote: what was sent is often kept in another folder.
    pub sent: u64,
    /// Of those that others wrote, by the domain of their id.
    pub domains: BTreeMap<String, u64>,
    /// Letters that are known from before the newest, and were left out.
    pub held_back: u64,
    /// Of these, by whom they are from, and of how many known ones.
    pub held_back_from: BTreeMap<String, (u64, u64)>,
    /// Their ids, a sample.
    pub sample: Vec<String>,
    /// Domains, and authors of what was left out, beyond those named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more: u64,
    /// Quoted ids beyond those that were looked for.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unsought: u64,
}

/// What the clock of whoever packed an archive says of its members, apart from what they say of themselves.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PackedAt {
    /// Which archive.
    pub of: String,
    /// Documents in it.
    pub documents: u64,
    /// Of these, those to which the archive gives a time that is one.
    pub timed: u64,
    /// Of these, those that say themselves, on whatever whole quarter of an hour, that they were saved then.
    pub kept: u64,
    /// Of these, those that say that they were saved before: a file was written anew then, without being saved by its program.
    pub later: u64,
    /// Of these, those that say that they were saved after it: a clock is wrong, or a time was set.
    pub earlier: u64,
    /// Times follow the order in the archive.
    pub in_order: bool,
    /// What was written within minutes, the largest first, by the packer's clock, which may be that of any zone.
    pub sessions: Vec<Session>,
    /// How many such stretches there are.
    pub sessions_count: u64,
}

/// Members written one shortly after another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// The first of them.
    pub from: String,
    /// The last.
    pub to: String,
    /// How many.
    pub documents: u64,
    /// The minute in which most were, and how many.
    pub busiest: (String, u64),
    /// How many of them say themselves that they were saved then.
    pub kept: u64,
    /// The name of the first.
    pub first: String,
}

impl Row for PackedAt {
    const NAME: &'static str = "documents/packing";
}

impl Row for Genealogy {
    const NAME: &'static str = "documents/genealogy";
}

impl Row for NearDuplicate {
    const NAME: &'static str = "documents/near_duplicate";
}

impl Row for Misnumbered {
    const NAME: &'static str = "documents/numbering";
}

impl Row for Holes {
    const NAME: &'static str = "documents/holes";
}
