//! What a reader could not read, counted by reason with its first place.

use model::{Skip, Span};
use std::collections::BTreeMap;

/// Damage by reason.
#[derive(Default)]
pub struct Damage(BTreeMap<&'static str, Skip>);

impl Damage {
    /// Counts one.
    pub fn count(&mut self, reason: &'static str, place: Span) {
        self.add(reason, 1, place);
    }

    /// Counts so many.
    pub fn add(&mut self, reason: &'static str, count: u64, place: Span) {
        let first = || Skip { reason: reason.into(), count: 0, first: place.start, line: place.line };
        self.0.entry(reason).or_insert_with(first).count += count;
    }

    /// All that was counted, by reason.
    pub fn each(&self) -> impl Iterator<Item = &Skip> {
        self.0.values()
    }

    /// Takes in what another counted.
    pub fn join(&mut self, other: Damage) {
        for (reason, skip) in other.0 {
            match self.0.get_mut(reason) {
                Some(known) => known.count += skip.count,
                None => drop(self.0.insert(reason, skip)),
            }
        }
    }

    /// The skips in order of their reasons.
    pub fn into_skips(self) -> impl Iterator<Item = Skip> {
        self.0.into_values()
    }
}

/// No JSON where some should be.
pub const NO_JSON: &str = "no JSON object";
/// The file ends within a record.
pub const CUT: &str = "record is cut short";
/// A record that fills more than is kept of one.
pub const TOO_LONG: &str = "record longer than 4 MiB";
/// More brackets than anybody honest needs.
pub const TOO_DEEP: &str = "nested too deep";
/// Not there.
pub const NO_ACCOUNT: &str = "no account";
/// Not there.
pub const NO_ID: &str = "no post id";
/// Not there; the post is kept.
pub const NO_TIME: &str = "no time: kept without";
/// Something else where the time should be; the post is kept.
pub const BAD_TIME: &str = "no time that can be read: kept without";
/// A civil time.
pub const ZONELESS: &str = "time without zone: taken for UTC";
/// A part longer than is kept.
pub const BOUND: &str = "longer text or lists than are kept: cut";
/// More cells than the header has.
pub const RAGGED: &str = "more cells than the header";
/// No link where one should be.
pub const NO_LINK: &str = "no link";
/// A record of another kind: no post.
pub const OTHER: &str = "record is no post";
/// A quoted cell that does not end within a record's room.
pub const QUOTE: &str = "quoted cell without end";
/// A table in one object, that is not read.
pub const TOO_LARGE: &str = "object larger than 64 MiB: save it as CSV or JSON lines";
