//! JSON that is not written in lines, member by member: lists, STIX bundles, MISP events, certificates, several documents
//! one after the other, however large, on one line or many.
//!
//! You may rely on: memory is that of one member (at most [`MEMBER`] bytes as written) and of the indicators that wait for
//! what is said of them further on ([`super::indicators`] bounds them, and it is said when that bites); nesting is bounded
//! by the parser. Each name is known by the place of its member. Left out: what lies behind damage in a document.

use super::indicators::{Bundle, Event, name_of};
use super::json;
use crate::input::{BLOCK, Input};
use model::{Error, Result, Span};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::fmt;
use std::io::{self, Read};

/// Bytes of one member of a document, as written.
pub const MEMBER: u64 = 16 << 20;

/// What is told of what a document holds.
pub trait DocumentSink {
    /// A value that stands by itself.
    fn value(&mut self, value: &Value, place: Span);
    /// Indicators of a bundle or an event.
    fn indicator(&mut self, indicator: super::indicators::Indicator, place: Span);
    /// Something that was not read.
    fn skip(&mut self, reason: &'static str, count: u64, place: Span);
}

const NO_JSON: &str = "no JSON";
const TOO_LONG: &str = "a member of a document is larger than 16 MiB";
const EARLY: &str = "told before all that is said of them was read: too many indicators in one document";

/// Reads a document, or several.
pub fn read(input: &mut Input, told: &mut dyn DocumentSink) -> Result<()> {
    let source = RefCell::new(Source {
        input,
        block: Vec::new(),
        at: 0,
        start: 0,
        line: 1,
        member: 0,
        between: true,
        failed: None,
    });
    let mut parser = serde_json::Deserializer::from_reader(Bytes(&source));
    let mut document = Document { source: &source, told };
    loop {
        source.borrow_mut().begin();
        if parser.end().is_ok() {
            break;
        }
        let begun = source.borrow().here();
        // The byte that told of more is read already.
        let begun = Span { start: begun.start.saturating_sub(1), ..begun };
        let seed = Seed { document: &mut document, within: Within::Top };
        if seed.deserialize(&mut parser).is_err() {
            if source.borrow().failed.is_none() {
                let long = source.borrow().is_long();
                document.told.skip(if long { TOO_LONG } else { NO_JSON }, 1, begun);
            }
            break;
        }
    }
    drop(parser);
    match source.into_inner().failed {
        Some(e) => Err(Error::new("could not read on").because(e).hint("check the disk")),
        None => Ok(()),
    }
}

/// The input, byte by byte, and where we are in it.
struct Source<'i> {
    input: &'i mut Input,
    block: Vec<u8>,
    at: usize,
    /// Offset of the block's first byte.
    start: u64,
    line: u64,
    /// Where the member that is read began.
    member: u64,
    /// Whether it has yet to begin.
    between: bool,
    failed: Option<io::Error>,
}

impl Source<'_> {
    fn next(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.block.len() {
            self.start += self.block.len() as u64;
            self.block.resize(BLOCK, 0);
            let read = self.input.fill(&mut self.block).inspect_err(|e| self.failed = Some(io::Error::from(e.kind())));
            self.block.truncate(read?);
            self.at = 0;
        }
        if self.is_long() {
            return Err(io::Error::other(TOO_LONG));
        }
        let byte = self.block.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        self.line += u64::from(byte == Some(b'\n'));
        // What stands between members is of none.
        self.between &= matches!(byte, Some(b' ' | b'\n' | b'\r' | b'\t' | b','));
        self.member += u64::from(self.between);
        Ok(byte)
    }

    fn here(&self) -> Span {
        Span { start: self.start + self.at as u64, len: 0, line: self.line }
    }

    fn begin(&mut self) {
        self.member = self.start + self.at as u64;
        self.between = true;
    }

    fn is_long(&self) -> bool {
        self.start + self.at as u64 - self.member > MEMBER
    }

    /// The place of the member that ends here.
    fn place(&self) -> Span {
        let end = self.start + self.at as u64;
        Span { start: self.member, len: end - self.member, line: self.line }
    }
}

struct Bytes<'s, 'i>(&'s RefCell<Source<'i>>);

impl Read for Bytes<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        match self.0.borrow_mut().next()? {
            Some(byte) => {
                *first = byte;
                Ok(1)
            }
            None => Ok(0),
        }
    }
}

struct Document<'d, 'i> {
    source: &'d RefCell<Source<'i>>,
    told: &'d mut dyn DocumentSink,
}

impl Document<'_, '_> {
    /// Tells of the indicators that wait; `early` where more may be said of them.
    fn tell(&mut self, waiting: Vec<(super::indicators::Indicator, Span)>, early: bool) {
        if let (true, Some((_, first))) = (early, waiting.first()) {
            self.told.skip(EARLY, waiting.len() as u64, *first);
        }
        waiting.into_iter().for_each(|(indicator, place)| self.told.indicator(indicator, place));
    }
}

/// Where in a document a value stands.
enum Within<'w> {
    /// By itself, or in a list of documents.
    Top,
    /// A list of objects of a bundle.
    Objects(&'w mut Bundle),
    /// A MISP event.
    Event,
    /// A list of attributes of one, or of objects that have some.
    Attributes(&'w mut Event),
}

struct Seed<'s, 'd, 'i, 'w> {
    document: &'s mut Document<'d, 'i>,
    within: Within<'w>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> std::result::Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> std::result::Result<(), A::Error> {
        let Seed { document, mut within } = self;
        loop {
            document.source.borrow_mut().begin();
            let Some(value) = all.next_element::<Value>()? else { return Ok(()) };
            let place = document.source.borrow().place();
            match &mut within {
                Within::Top | Within::Event => document.told.value(&value, place),
                Within::Objects(bundle) => {
                    // What it names may also be made to look like something.
                    if let Some(name) = name_of(&value) {
                        document.told.value(&Value::String(name), place);
                    }
                    bundle.take(&value, place);
                    if bundle.is_full() {
                        let waiting = bundle.drain().collect();
                        document.tell(waiting, true);
                    }
                }
                Within::Attributes(event) => {
                    event.take(&value, place);
                    // An object has attributes of its own.
                    let own = value.get("Attribute").and_then(Value::as_array);
                    own.into_iter().flatten().take(json::MOST).for_each(|a| event.take(a, place));
                    if event.is_full() {
                        let waiting = event.drain().collect();
                        document.tell(waiting, true);
                    }
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> std::result::Result<(), A::Error> {
        let Seed { document, within } = self;
        let in_event = matches!(within, Within::Event);
        let (mut rest, mut bundle, mut event) = (Map::new(), Bundle::default(), Event::default());
        let (mut list, mut whole) = (false, document.source.borrow().here());
        whole.start = whole.start.saturating_sub(1);
        while let Some(key) = all.next_key::<String>()? {
            document.source.borrow_mut().begin();
            match (key.as_str(), in_event) {
                ("objects", false) => {
                    all.next_value_seed(Seed { document, within: Within::Objects(&mut bundle) })?;
                    list = true;
                }
                ("Event", false) => {
                    all.next_value_seed(Seed { document, within: Within::Event })?;
                    list = true;
                }
                // Each member is a document with an event; as values they are read whole.
                ("response", false) => {
                    all.next_value_seed(Seed { document, within: Within::Top })?;
                    list = true;
                }
                ("Attribute" | "Object", true) => {
                    all.next_value_seed(Seed { document, within: Within::Attributes(&mut event) })?
                }
                (key, true) if !matches!(key, "Orgc" | "info" | "date") => drop(all.next_value::<IgnoredAny>()?),
                (key, true) => {
                    let value: Value = all.next_value()?;
                    event.set(key, &value);
                }
                _ => drop(rest.insert(key, all.next_value()?)),
            }
        }
        let waiting = bundle.drain().chain(event.drain()).collect();
        document.tell(waiting, false);
        if !in_event && !list {
            let end = document.source.borrow().here().start;
            let place = Span { len: end.saturating_sub(whole.start), ..whole };
            document.told.value(&Value::Object(rest), place);
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<(), E> {
        let place = self.document.source.borrow().place();
        self.document.told.value(&Value::String(text.into()), place);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
}
