//! Events as readers of logs see them, one by one, before they fold them into runs: for whoever must look at every one
//! (rules that users bring).
//!
//! You may rely on: whoever asks is shown every event that a reader reads, with its place, in the order of the
//! evidence within a stretch and from stretch to stretch; nothing is allocated for an event, and nothing done where
//! nobody asks. Fields that the line does not have are left out; a field that it has and that is empty cannot be told
//! from them in most formats, and is left out too. What a reader skips as unreadable is no event.

use crate::{Address, Sink, Span, Time};
use std::fmt;

/// What wrote an event, in the words of Sigma's log sources (taxonomy appendix 2.1); empty where none fits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct LogSource {
    /// `webserver` …
    pub category: &'static str,
    /// `linux`, `windows` …
    pub product: &'static str,
    /// `sshd`, `auth`, `security` …
    pub service: &'static str,
}

/// The value of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'e> {
    /// As it is written: the writer's bytes, perhaps no UTF-8.
    Text(&'e [u8]),
    /// A number.
    Number(u64),
    /// An address, whatever way it was written.
    Address(Address),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Text(text) => String::from_utf8_lossy(text).fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Address(address) => address.fmt(f),
        }
    }
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e> {
    /// What wrote it.
    pub source: LogSource,
    /// When it happened, where the line says. A stamp without a year may turn out to be of another.
    pub time: Option<Time>,
    /// How many alike it stands for (`message repeated 5 times`).
    pub count: u32,
    /// Its bytes in the last step of the evidence. Lines count from 0 within the stretch ([`Ear::end`]).
    pub place: Span,
    /// The record itself, as it is written: for words without a field.
    pub raw: &'e [u8],
    /// Its fields by name, in the order in which its reader documents them.
    pub fields: &'e [(&'e str, Option<Value<'e>>)],
}

impl<'e> Event<'e> {
    /// The fields that it has.
    pub fn fields(&self) -> impl Iterator<Item = (&'e str, Value<'e>)> + Clone {
        self.fields.iter().filter_map(|(name, value)| Some((*name, (*value)?)))
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<Value<'e>> {
        self.fields().find(|(n, _)| *n == name).map(|(_, value)| value)
    }
}

/// Who wants to be shown events. A [`Sink`] that has one hands it to the reader ([`Sink::listener`]).
pub trait Listener: Send + Sync {
    /// One that listens to a stretch of evidence. Stretches are read in parallel, each with an ear of its own.
    fn ear(&self) -> Box<dyn Ear>;
}

/// Listens to one stretch of evidence, event by event.
pub trait Ear: Send {
    /// Takes one event.
    fn event(&mut self, event: &Event);
    /// The stretch is over, and its first line has this number: add it to the lines of places. Stretches end in the
    /// order of the evidence, one at a time; here is the place to write what came of them.
    fn end(self: Box<Self>, line: u64, out: &mut dyn Sink);
}
