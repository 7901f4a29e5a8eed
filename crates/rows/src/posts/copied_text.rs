//! `posts/copied_text`.

use crate::Row;
use model::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

model::vocabulary! {
    /// How a text came of another; of equally many the later is told.
    pub enum Copying {
        /// Most of the letters are still in their places.
        Edited = "edited" ("edited", "retouchées"),
        /// Told again in other words.
        Reworded = "reworded" ("reworded", "reformulées"),
        /// Told again in another language.
        Translated = "translated" ("translated", "traduites"),
        /// Of the same meaning by a model of language: a likeness of meaning, which shows no copying by itself.
        Meant = "same_meaning" ("of the same meaning", "de même sens"),
        /// The same words; case, accents, punctuation, emoji, mentions and links apart.
        Verbatim = "verbatim" ("verbatim", "mot pour mot"),
    }
}

/// A text that many accounts posted as their own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CopiedText {
    /// The earliest, its first 500 characters.
    pub text: String,
    /// What most copies are.
    pub kind: Copying,
    /// How many of each.
    pub kinds: BTreeMap<Copying, u64>,
    /// Posts that hold it.
    pub posts: u64,
    /// Accounts that posted it.
    pub accounts: u64,
    /// When it was first posted.
    pub first: Option<Time>,
    /// When half of the posts were there.
    pub half: Option<Time>,
    /// When it was last posted.
    pub last: Option<Time>,
    /// How alike the copies are to the earliest, 0 to 1: the median; those of the same meaning apart.
    pub similarity: f64,
    /// How close to the earliest those of the same meaning lie, 0 to 1: the median cosine. Only where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closeness: Option<f64>,
    /// Who posted it, most often first; 100 at most.
    pub members: Vec<Copier>,
    /// Seconds in which the closest half of its posts fell.
    pub half_within: Option<i64>,
    /// How many texts of the case were copied, told or not.
    pub of: u64,
}

/// An account that posted a copied text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Copier {
    /// Its id.
    pub account: String,
    /// How often.
    pub posts: u64,
}

impl Row for CopiedText {
    const NAME: &'static str = "posts/copied_text";
}
