//! `posts/block` and `posts/short`: what the reader keeps, thousands of posts or links in one row.

use crate::{Merge, Observed, Row, misunderstood};
use model::{Fields, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A few thousand posts, column by column, so that millions of posts do not need millions of rows. A text is a number in
/// its column: its place among the strings, from 1; nothing is 0. A column that says nothing is empty, and left out.
///
/// `S` is `String`, or `&str` where a row is read without copies.
///
/// Blocks are kept as they are: where a reader cut them does not matter, for what is made of all blocks of a case orders
/// the posts and keeps each once, at its earliest (by platform and id).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Block<S = String> {
    /// The block's different strings.
    pub strings: Vec<S>,
    /// The platform of each post: `twitter`, `telegram`, `web` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platform: Vec<u64>,
    /// Its id there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<u64>,
    /// Its account's id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub account: Vec<u64>,
    /// The account's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<u64>,
    /// What the account says of itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<u64>,
    /// What the post says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<u64>,
    /// Its language, as the platform names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub language: Vec<u64>,
    /// The id of the post that it reposts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repost_of: Vec<u64>,
    /// The id of the post that it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply_to: Vec<u64>,
    /// What a table says that it shares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub object: Vec<u64>,
    /// Something where it is an article of an outlet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub article: Vec<u64>,
    /// Its links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<Vec<u64>>,
    /// Its hashtags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashtags: Vec<Vec<u64>>,
    /// The accounts that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Vec<u64>>,
    /// Its pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Vec<u64>>,
    /// When it was written, in microseconds since 1970 (UTC); as long as the block has posts.
    pub times: Vec<Option<i64>>,
    /// When its account was created, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub created: Vec<Option<i64>>,
    /// Minutes east of UTC where it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offset: Vec<Option<i16>>,
    /// Where its record begins in the evidence's last step.
    pub start: Vec<u64>,
    /// The record's bytes.
    pub len: Vec<u64>,
    /// The record's line, from 1; 0 where there are none.
    pub line: Vec<u64>,
}

/// Where short links lead, a few thousand of them. Kept as they are: of two answers to one link the first in the case's
/// order holds.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ShortLinks {
    /// The short and the long link, normalised.
    pub pairs: Vec<[String; 2]>,
}

impl<'b> Block<&'b str> {
    /// From the map, its strings where they lie.
    pub fn read(fields: &'b Fields) -> Result<Self> {
        fields.borrowed().map_err(|e| misunderstood(Block::NAME, e))
    }
}

impl Row for Block {
    const NAME: &'static str = "posts/block";
}

impl Observed for Block {
    const MERGE: Merge = Merge::Kept;
}

impl Row for ShortLinks {
    const NAME: &'static str = "posts/short";
}

impl Observed for ShortLinks {
    const MERGE: Merge = Merge::Kept;
}
