//! The objects of a document by their numbers, wherever they stand: what is written last counts (7.5.6).
//!
//! You may rely on: the cross-reference table is not believed, for whoever wrote the document wrote it too; every number
//! is looked up in what was found by scanning. Left out: encrypted documents.

use super::locked::Lock;
use super::{Stream, filter, number_before};
use crate::Meter;
use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, String as Text};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Objects of one document.
const OBJECTS: usize = 1_000_000;
/// Bytes in which an object that is no stream is read.
const OBJECT: usize = 4 << 20;

#[derive(Clone, Copy, Debug)]
enum Place {
    /// In the file, behind `obj`.
    File(usize),
    /// In an unpacked stream of objects, from there on.
    Packed(usize, usize),
}

/// The objects of a document.
pub struct Objects<'b> {
    bytes: &'b [u8],
    places: BTreeMap<u32, Place>,
    packed: Vec<Vec<u8>>,
    meter: Meter,
    /// Where each object begins in the file, in order: the place, its number.
    pub written: Vec<(usize, u32)>,
    /// Whether it is encrypted ([`super::locked`]).
    pub encrypted: bool,
    /// What says how: the number of an object, or itself.
    lock: Option<(Option<u32>, Vec<u8>)>,
    /// The first half of the identifier as it stands.
    first_id: Vec<u8>,
    root: Option<u32>,
    info: Option<u32>,
    id: Option<(String, String)>,
}

impl<'b> Objects<'b> {
    /// Finds them.
    pub fn new(bytes: &'b [u8], meter: &Meter) -> Objects<'b> {
        let mut objects = Objects {
            bytes,
            places: BTreeMap::new(),
            packed: Vec::new(),
            meter: meter.clone(),
            written: Vec::new(),
            encrypted: false,
            lock: None,
            first_id: Vec::new(),
            root: None,
            info: None,
            id: None,
        };
        for at in memchr::memmem::find_iter(bytes, b"obj") {
            if objects.written.len() >= OBJECTS {
                break;
            }
            if bytes[..at].ends_with(b"end") {
                continue;
            }
            let Some(number) = number_before(&bytes[..at]) else { continue };
            objects.written.push((at, number));
            objects.places.insert(number, Place::File(at + 3));
            let head = bytes.get(at + 3..(at + 600).min(bytes.len())).unwrap_or_default();
            let has = |what: &[u8]| memchr::memmem::find(head, what).is_some();
            if has(b"ObjStm") {
                objects.unpack(number);
            } else if has(b"XRef")
                && has(b"Root")
                && let Some(dictionary) = dictionary(&bytes[at + 3..])
            {
                objects.trailer(&dictionary);
            }
        }
        for at in memchr::memmem::find_iter(bytes, b"trailer") {
            if let Some(dictionary) = dictionary(&bytes[at + 7..]) {
                objects.trailer(&dictionary);
            }
        }
        objects
    }

    fn trailer(&mut self, dictionary: &Dict) {
        let number = |key: &str| dictionary.get_ref(key).map(|r| r.obj_number);
        self.root = number("Root").or(self.root);
        self.info = number("Info").or(self.info);
        self.id = ids(dictionary).or(self.id.take());
        if let Some(first) = dictionary.get::<Array>("ID").and_then(|a| a.iter::<Text>().next()) {
            self.first_id = first.to_vec();
        }
        match dictionary.get_raw::<Dict>("Encrypt") {
            Some(MaybeRef::Ref(to)) => self.lock = Some((Some(to.obj_number), Vec::new())),
            Some(MaybeRef::NotRef(said)) => self.lock = Some((None, said.data().to_vec())),
            None => {}
        }
        self.encrypted |= dictionary.contains_key("Encrypt");
    }

    /// What opens it without a password, and the number of the object that says how it is encrypted.
    pub(super) fn lock(&self) -> Option<(Option<u32>, Lock)> {
        let (number, itself) = self.lock.as_ref()?;
        let said = match number {
            Some(number) => self.dictionary(*number)?,
            None => dictionary(itself)?,
        };
        Some((*number, Lock::of(&said, &self.first_id)?))
    }

    /// The objects in a stream of them (7.5.7).
    fn unpack(&mut self, number: u32) {
        let Some((dictionary, content)) = self.stream(number) else { return };
        if dictionary.get::<Name>("Type").is_none_or(|n| *n != *b"ObjStm") {
            return;
        }
        let first = dictionary.get::<u32>("First").unwrap_or(0) as usize;
        let content = content.into_owned();
        let head = content.get(..first).unwrap_or_default();
        let mut numbers = head.split(u8::is_ascii_whitespace).filter_map(|n| std::str::from_utf8(n).ok()?.parse().ok());
        let which = self.packed.len();
        let mut found = Vec::new();
        while let (Some(number), Some(offset)) = (numbers.next(), numbers.next()) {
            found.push((number, first.saturating_add(offset as usize)));
            if found.len() > 100_000 {
                break;
            }
        }
        self.packed.push(content);
        self.places.extend(found.into_iter().map(|(number, at)| (number, Place::Packed(which, at))));
    }

    /// The bytes from an object on.
    fn body(&self, number: u32) -> Option<&[u8]> {
        let (bytes, at) = match self.places.get(&number)? {
            Place::File(at) => (self.bytes, *at),
            Place::Packed(which, at) => (&self.packed.get(*which)?[..], *at),
        };
        bytes.get(at..)
    }

    /// A dictionary by its number.
    pub fn dictionary(&self, number: u32) -> Option<Dict<'_>> {
        dictionary(self.body(number)?)
    }

    /// A stream by its number: dictionary and unpacked bytes.
    pub fn stream(&self, number: u32) -> Option<(Dict<'_>, Cow<'_, [u8]>)> {
        let stream = self.raw(number)?;
        let dictionary = stream.dictionary.clone();
        let filter::Unpacked { bytes, left: None } = stream.unpacked(&self.meter) else { return None };
        Some((dictionary, bytes))
    }

    /// A stream by its number, as it stands.
    pub fn raw(&self, number: u32) -> Option<Stream<'_>> {
        self.stream_of(self.body(number)?)
    }

    /// The stream that begins here.
    pub(super) fn stream_of<'s>(&self, body: &'s [u8]) -> Option<Stream<'s>> {
        let body = body.trim_ascii_start();
        let dictionary = Dict::from_bytes(body.get(..OBJECT).unwrap_or(body))?;
        let rest = body.get(dictionary.data().len()..)?.trim_ascii_start().strip_prefix(b"stream")?;
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        let length = match dictionary.get_raw::<u32>("Length") {
            Some(MaybeRef::NotRef(n)) => Some(n),
            Some(MaybeRef::Ref(to)) => self.number(to.obj_number),
            None => None,
        };
        let said = length.and_then(|n| rest.split_at_checked(n as usize));
        let body = match said {
            Some((body, rest)) if rest.trim_ascii_start().starts_with(b"endstream") => body,
            _ => &rest[..memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len())],
        };
        Some(Stream { dictionary, body })
    }

    fn number(&self, number: u32) -> Option<u32> {
        let body = self.body(number)?.trim_ascii_start();
        let digits = body.iter().take(12).take_while(|b| b.is_ascii_digit()).count();
        std::str::from_utf8(&body[..digits]).ok()?.parse().ok()
    }

    /// A value of a dictionary that is a dictionary, itself or referred to.
    pub fn inner<'s>(&'s self, of: &Dict<'s>, key: &str) -> Option<Dict<'s>> {
        match of.get_raw::<Dict>(key)? {
            MaybeRef::NotRef(inner) => Some(inner),
            MaybeRef::Ref(to) => self.dictionary(to.obj_number),
        }
    }

    /// A value that is an array, itself or referred to.
    pub fn array<'s>(&'s self, of: &Dict<'s>, key: &str) -> Option<Array<'s>> {
        match of.get_raw::<Array>(key)? {
            MaybeRef::NotRef(inner) => Some(inner),
            MaybeRef::Ref(to) => self.list(to.obj_number),
        }
    }

    /// An array by its number.
    pub fn list(&self, number: u32) -> Option<Array<'_>> {
        let body = self.body(number)?.trim_ascii_start();
        Array::from_bytes(body.get(..OBJECT).unwrap_or(body))
    }

    /// A string by its number, as it stands.
    pub fn string(&self, number: u32) -> Option<Vec<u8>> {
        let body = self.body(number)?.trim_ascii_start();
        Text::from_bytes(body.get(..OBJECT).unwrap_or(body)).map(|t| t.to_vec())
    }

    /// A value that is a string, itself or referred to, as text (7.9.2.2).
    pub fn text(&self, of: &Dict, key: &str) -> Option<String> {
        let decoded = |bytes: &[u8]| match bytes {
            [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
            [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
            [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            _ => crate::charset::decode(b"windows-1252", bytes).into_owned(),
        };
        match of.get_raw::<Text>(key)? {
            MaybeRef::NotRef(text) => Some(decoded(&text)),
            MaybeRef::Ref(to) => {
                let body = self.body(to.obj_number)?.trim_ascii_start();
                Text::from_bytes(body.get(..OBJECT).unwrap_or(body)).map(|t| decoded(&t))
            }
        }
    }

    /// The catalogue, and the dictionary of information.
    pub fn root(&self) -> Option<Dict<'_>> {
        let said = self.root.and_then(|n| self.dictionary(n)).filter(|d| d.contains_key("Pages"));
        said.or_else(|| {
            let mut all = self.places.keys().rev().filter_map(|n| self.dictionary(*n));
            all.find(|d| d.get::<Name>("Type").is_some_and(|n| *n == *b"Catalog"))
        })
    }

    /// The identifiers of the file (14.4): of the document as it was made first, and of this copy.
    pub fn id(&self) -> Option<&(String, String)> {
        self.id.as_ref()
    }

    /// The dictionary of information.
    pub fn info(&self) -> Option<Dict<'_>> {
        self.info.and_then(|n| self.dictionary(n))
    }
}

/// What qpdf writes where it is asked for the same bytes each time, whatever the document.
const STATIC: &str = "31415926535897932384626433832795";

fn ids(trailer: &Dict) -> Option<(String, String)> {
    let hex = |text: Text| text.iter().take(64).map(|b| format!("{b:02x}")).collect::<String>();
    let array = trailer.get::<Array>("ID")?;
    let mut both = array.iter::<Text>().map(hex).map(|id| if id == STATIC { String::new() } else { id });
    Some((both.next()?, both.next().unwrap_or_default()))
}

/// The dictionary that begins here.
fn dictionary(bytes: &[u8]) -> Option<Dict<'_>> {
    let bytes = bytes.trim_ascii_start();
    bytes.starts_with(b"<<").then(|| Dict::from_bytes(bytes.get(..OBJECT).unwrap_or(bytes)))?
}
