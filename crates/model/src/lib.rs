//! The words of the house: evidence, trace, observation, tally, entity, finding, and the traits by which the rooms
//! meet. No I/O, no clock. Everything here is plain data that serialises the same way every time; names follow
//! STIX 2.1 where it has one. What a word means is said once, on its type.

mod config;
mod entity;
mod error;
pub mod escape;
mod event;
mod evidence;
mod fields;
mod finding;
pub mod hash;
mod lines;
mod net;
mod observation;
mod random;
mod room;
mod settings;
mod shared;
pub mod skip;
mod tally;
mod text;
mod time;
mod trace;
mod value;
pub mod vocabulary;
pub mod withheld;

pub use config::{COMMON, Config, Election, Protect};
pub use entity::{Entity, EntityKind, Role};
pub use error::{Error, Result};
pub use event::{Ear, Event, Listener, LogSource, Value};
pub use evidence::{Evidence, EvidenceId};
pub use fields::Fields;
pub use finding::{Finding, Level, Outcome, Reason, Severity};
pub use lines::{Lines, SHAPES, Unknown};
pub use net::{Address, Network};
pub use observation::Observation;
pub use random::Random;
pub use room::declared;
pub use room::{Budget, Context, Glance, Note, Origins, Sink, View, Visit};
pub use settings::{Argument, Files, Loaded, Sealed, Setting, Settings, Table, nearest};
pub use shared::Shared;
pub use skip::Skip;
pub use tally::{BottomK, Tally, UNDATED};
pub use text::{Lang, Text, spaced};
pub use time::Time;
pub use trace::{Span, SpanSet, Step, Trace};

pub use value::{Day, Domain, Paths, Seconds, Unless};
pub use withheld::Withheld;

#[doc(hidden)]
pub use toml;
