//! Bytes → records → events: EVTX, event XML as Windows and converters write it, JSON of several exporters.
//!
//! You may rely on: memory is one record (at most 4 MiB of XML or JSON, a block of 64 KiB of EVTX) beside what is gathered; a
//! record that is damaged costs itself. Left out: what events mean.

use super::Caps;
use super::event::Event;
use super::gather::Gather;
use crate::hearing::Hearing;
use crate::input::Input;
use crate::posts::damage::{Damage, NO_JSON, TOO_LONG};
use crate::posts::platforms::cut::{self, Piece};
use crate::posts::shares::object;
use formats::evtx::{self, Element, Found};
use memchr::memmem;
use model::{Ear, Error, Result, Sink, Span, Value as Shown};
use quick_xml::Reader as Xml;
use quick_xml::events::{BytesStart, Event as Token};
use std::rc::Rc;

/// Bytes of one event of XML.
const LONGEST: usize = 4 << 20;
/// Levels of elements, and elements and attributes of one event.
const DEEP: usize = 32;
const NODES: usize = 20_000;
/// A record that is none of Windows'.
const STRANGE: &str = "record that is no Windows event";
const NO_XML: &str = "event whose XML is damaged";
const CUT: &str = "event cut short";

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Windows' own.
    Evtx,
    /// Event XML, in one document or one behind another.
    Xml,
    /// JSON, one object or list, or an object a line.
    Json,
}

/// How a file that begins so is written, and how sure it is a log of Windows.
pub fn sniff(head: &[u8]) -> Option<(Form, u8)> {
    if evtx::is(head) {
        return Some((Form::Evtx, 99));
    }
    let head = head.strip_prefix(crate::input::MARK).unwrap_or(head);
    let has = |word: &str| memmem::find(head, word.as_bytes()).is_some();
    let any = |words: &[&str]| words.iter().any(|w| has(w));
    let begin = head.trim_ascii_start();
    match begin.first()? {
        b'<' | b'R' => (has("<Event ") || has("<Event>"))
            .then_some(has("schemas.microsoft.com/win/2004/08/events/event") || has("<EventRecordID>"))
            .filter(|sure| *sure)
            .map(|_| (Form::Xml, 97)),
        b'{' | b'[' => {
            let sure = match () {
                () if has("\"Event\"") && has("\"System\"") && has("EventID") && has("Channel") => 97,
                () if has("\"winlog\"") && any(&["\"event_id\"", "\"channel\""]) => 97,
                () if has("\"EventID\"")
                    && has("\"Channel\"")
                    && any(&[
                        "\"SourceName\"",
                        "Provider",
                        "\"EventRecordID\"",
                        "\"RecordNumber\"",
                        "\"Computer\"",
                        "\"Hostname\"",
                    ]) =>
                {
                    95
                }
                () if has("\"LogName\"") && has("\"ProviderName\"") && any(&["\"RecordId\"", "\"MachineName\""]) => 95,
                () => return None,
            };
            Some((Form::Json, sure))
        }
        _ => None,
    }
}

/// Reads evidence.
pub fn read(input: &mut Input, caps: Caps, out: &mut dyn Sink) -> Result<()> {
    let Some((form, _)) = sniff(input.head()) else { return Ok(()) };
    let mut reader =
        Reader { hearing: Hearing::of(out), gather: Gather::new(caps), damage: Damage::default(), records: 0 };
    match form {
        Form::Evtx => {
            let failed = |e| Error::new("could not read on").because(e).hint("check the disk");
            evtx::read(&mut Progress { input }, &mut |found| match found {
                Found::Record(record) => {
                    let place = Span { start: record.start, len: record.len, line: record.id };
                    match Event::of_element(&record.root) {
                        Some(event) => reader.event(event, b"", place, out),
                        None => reader.damage.count(STRANGE, place),
                    }
                }
                Found::Damage(why, at) => reader.damage.count(why, Span { start: at, len: 0, line: 0 }),
                Found::Missing(what, n, at) => reader.damage.add(what, n, Span { start: at, len: 0, line: 0 }),
            })
            .map_err(failed)?;
        }
        Form::Xml => reader.xml(input, out)?,
        Form::Json => {
            let wrapped = matches!(input.head().trim_ascii_start().first(), Some(b'{')) && is_wrapper(input.head());
            let enter: &[&str] = if wrapped { &[""] } else { &[] };
            let mut damage = Damage::default();
            cut::cut(input, cut::Shape { enter, lines: false }, &mut damage, &mut |piece, _| {
                if let Piece::Record(_, bytes, place) = piece {
                    reader.json(bytes, place, out);
                }
            })?;
            reader.damage.join(damage);
        }
    }
    let Reader { hearing, mut gather, damage, .. } = reader;
    // A file of which nothing could be read is no log in which nothing happened.
    crate::unknown::nothing_but(&mut gather.lines, damage.each());
    damage.into_skips().chain(input.damage().cloned()).for_each(|skip| out.skip(skip));
    gather.finish(out);
    hearing.end(out);
    out.progress(input.consumed());
    Ok(())
}

/// Whether the object at the top holds lists of events (`{"Events": [ … ]}`), and is none itself.
fn is_wrapper(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    let first = &text[..text.len().min(200)];
    let words: [&[u8]; 4] = [b"\"hits\"", b"\"Events\"", b"\"events\"", b"\"records\""];
    words.iter().any(|w| memmem::find(first, w).is_some_and(|at| text[1..at].trim_ascii().is_empty()))
}

/// Bytes of an input.
struct Progress<'i> {
    input: &'i mut Input,
}

impl std::io::Read for Progress<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.input.read(buffer)
    }
}

struct Reader {
    hearing: Hearing,
    gather: Gather,
    damage: Damage,
    records: u64,
}

impl Reader {
    /// Cuts the text into events and reads each.
    fn xml(&mut self, input: &mut Input, out: &mut dyn Sink) -> Result<()> {
        let failed = |e| Error::new("could not read on").because(e).hint("check the disk");
        let (mut held, mut base, mut line) = (Vec::new(), 0u64, 1u64);
        let mut block = vec![0; 1 << 20];
        let end = memmem::Finder::new(b"</Event>");
        loop {
            let n = input.fill(&mut block).map_err(failed)?;
            held.extend_from_slice(&block[..n]);
            let mut at = 0;
            while let Some(found) = end.find(&held[at..]) {
                let until = at + found + "</Event>".len();
                let piece = &held[at..until];
                match begin(piece) {
                    Some(begin) => {
                        let newlines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count() as u64;
                        let start = base + (at + begin) as u64;
                        let own = line + newlines(&piece[..begin]);
                        let place = Span { start, len: (piece.len() - begin) as u64, line: own };
                        line += newlines(piece);
                        match element(&piece[begin..]).as_ref().and_then(Event::of_element) {
                            Some(event) => self.event(event, &piece[begin..], place, out),
                            None => self.damage.count(NO_XML, place),
                        }
                    }
                    None => self.damage.count(NO_XML, Span { start: base + at as u64, len: 0, line }),
                }
                at = until;
            }
            held.drain(..at);
            base += at as u64;
            if n == 0 {
                if begin(&held).is_some() {
                    self.damage.count(CUT, Span { start: base, len: 0, line });
                }
                return Ok(());
            }
            if held.len() > LONGEST {
                self.damage.count(TOO_LONG, Span { start: base, len: 0, line });
                // Where the next begins is found by its end, with what lies before it.
                let keep = held.len() - end.needle().len();
                base += keep as u64;
                held.drain(..keep);
            }
        }
    }

    fn json(&mut self, bytes: &[u8], place: Span, out: &mut dyn Sink) {
        let Some(record) = object(bytes) else {
            self.damage.count(NO_JSON, place);
            return;
        };
        match Event::of_json(&record) {
            Some(event) => self.event(event, bytes, place, out),
            None => crate::unknown::miss(
                &mut self.gather.lines,
                Some(STRANGE.as_bytes()),
                bytes,
                place.start as usize,
                place.line.saturating_sub(1),
            ),
        }
    }

    fn event(&mut self, event: Event, raw: &[u8], place: Span, out: &mut dyn Sink) {
        self.records += 1;
        if let Some(ear) = self.hearing.next(out) {
            tell(&event, raw, place, ear);
        }
        self.gather.add(&event, place, out);
    }
}

/// Shows an event with its own fields, as of Sigma's log sources.
fn tell(event: &Event, raw: &[u8], place: Span, ear: &mut dyn Ear) {
    let mut fields: Vec<(&str, Option<Shown>)> =
        event.fields.iter().map(|(name, value)| (&**name, Some(Shown::Text(value.as_bytes())))).collect();
    for (own, other) in event.aliases() {
        let value = event.field(own);
        fields.push((other, Some(Shown::Text(value.as_bytes())).filter(|_| !value.is_empty())));
    }
    ear.event(&model::Event { source: event.source(), time: event.time, count: 1, place, raw, fields: &fields });
}

/// Where the last event of a piece begins: what stands before it was never ended.
fn begin(piece: &[u8]) -> Option<usize> {
    [&b"<Event "[..], b"<Event>"].iter().filter_map(|tag| memmem::rfind(piece, tag)).max()
}

/// One element with all in it; none where the XML is damaged. Entities are the five of XML and numbers; none are declared.
fn element(bytes: &[u8]) -> Option<Element> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Xml::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Element> = Vec::new();
    let mut nodes = NODES;
    loop {
        nodes = nodes.checked_sub(1)?;
        match reader.read_event().ok()? {
            Token::Start(tag) => {
                if open.len() == DEEP {
                    return None;
                }
                open.push(start(&tag, &mut nodes)?);
            }
            Token::Empty(tag) => open.last_mut()?.children.push(start(&tag, &mut nodes)?),
            Token::End(_) => {
                let mut done = open.pop()?;
                if !done.children.is_empty() {
                    done.text = done.text.trim().into();
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Some(done),
                }
            }
            Token::Text(text) => push(open.last_mut()?, &text),
            Token::CData(text) => push(open.last_mut()?, &text),
            Token::GeneralRef(name) => {
                let resolved = match name.strip_prefix('#') {
                    Some(number) => {
                        let code = match number.strip_prefix(['x', 'X']) {
                            Some(hex) => u32::from_str_radix(hex, 16).ok(),
                            None => number.parse().ok(),
                        };
                        code.and_then(char::from_u32).map(String::from)
                    }
                    None => quick_xml::escape::resolve_xml_entity(&name).map(String::from),
                };
                push(open.last_mut()?, resolved.as_deref().unwrap_or("\u{fffd}"));
            }
            Token::Eof => return None,
            _ => {}
        }
    }
}

fn push(element: &mut Element, text: &str) {
    element.text.push_str(text);
    element.has_value = true;
}

fn start(tag: &BytesStart, nodes: &mut usize) -> Option<Element> {
    let local = |name: &str| -> Rc<str> { name.rsplit(':').next().unwrap_or(name).into() };
    let mut element = Element { name: local(tag.name().as_ref()), ..Element::default() };
    for attribute in tag.attributes().with_checks(false) {
        *nodes = nodes.checked_sub(1)?;
        let attribute = attribute.ok()?;
        if attribute.key.as_ref().starts_with("xmlns") {
            continue;
        }
        let value = quick_xml::escape::unescape(&attribute.value).map(|v| v.into_owned());
        let value = value.unwrap_or_else(|_| attribute.value.to_string());
        element.attributes.push((local(attribute.key.as_ref()), value));
    }
    Some(element)
}
