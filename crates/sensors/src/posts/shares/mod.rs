//! Shares: who shared what, in which post, when. Files of posts become one table of numbers ([`Shares`]) that the
//! kernels beside this folder work on: `network`, `chance`, `groups`, `text`.
//!
//! You may rely on: each distinct id is kept once; a post that comes again counts once, at its earliest; 24 to 32 bytes
//! a post besides the ids; damage is counted with its reason and first place. Left out: judgement, and the exports of
//! platforms, whose readers call [`Shares::add`].

mod columns;
pub(crate) mod csv;
mod dates;
mod guess;
mod intern;
mod json;
mod objects;
mod parse;
mod read;
mod stamp;
mod table;
mod understand;

pub(in crate::posts) use columns::ROLES;
pub use columns::{BY, By, Columns, Mapping, Role};
pub(in crate::posts) use csv::{first as cells, records};
pub(in crate::posts) use dates::{Dates, Order, written};
pub use intern::{Interner, Key};
pub(crate) use json::object;
pub(in crate::posts) use json::{list, said};
pub use objects::{host, url};
pub(in crate::posts) use objects::{items, links, marked};
pub(in crate::posts) use parse::{Fault, ids};
pub(crate) use read::Chunks;
pub use read::{Format, Outcome, read};
pub(crate) use stamp::zone;
pub use stamp::{Stamp, stamp};
pub use table::{OBJECTS_MAX, Place, Record, Shares, UNKNOWN};
pub use understand::Understood;
pub(in crate::posts) use understand::{cells_of, columns_of, keys_of};

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What a post is said to share.
    pub by: By,
    /// Columns named by hand.
    pub mapping: Mapping,
    /// Keep what posts say, to be compared: also of those that do not say who wrote them (each stands for an account
    /// of its own) or when ([`UNKNOWN`]).
    pub texts: bool,
}
