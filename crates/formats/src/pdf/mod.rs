//! PDF (ISO 32000-2): what a document links to, does by itself and shows, wherever that stands.
//!
//! Names, strings, numbers, references and dictionaries are read by hayro-syntax. Objects and streams are not: whoever wrote
//! the document also wrote its cross-reference table, so that objects are looked for where they stand; and that library
//! unpacks a stream without a bound, so that streams are unpacked here.
//!
//! You may rely on: all that is unpacked is counted by the [`Meter`]; what is not understood gives nothing. Left out:
//! encrypted documents (but [`locked`]), LZW, text in fonts whose letters no table tells.

pub mod drawing;
mod filter;
pub mod locked;
pub mod objects;
pub mod pages;
pub mod picture;
mod text;

use crate::Meter;
use filter::Unpacked;
use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, String as Text};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Most links of one document, references to such and what they refer to.
const STRINGS: usize = 8_000;
/// Bytes that a link may take.
const LINK: usize = 64 << 10;
/// Bytes before a stream in which its dictionary is looked for.
const DICTIONARY: usize = 8 << 10;

/// What stands in a document.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Document {
    /// What its links lead to.
    pub links: BTreeSet<String>,
    /// Whether it names an action that starts a program (12.6.4.6).
    pub launches: bool,
    /// Whether it has script (12.6.4.17) beside an action that needs nobody's click.
    pub scripts: bool,
    /// Whether it has more links than are read.
    pub cut: bool,
    /// What its pages say.
    pub text: String,
    /// Objects that links refer to.
    referred: BTreeSet<u32>,
    /// Strings that were read.
    strings: usize,
}

/// What a document shows.
pub enum Shown<'s> {
    /// A picture that is not unpacked yet: [`picture::read`].
    Picture(&'s Stream<'s>),
    /// What may be a page's drawing: [`drawing::grid`].
    Drawing(&'s [u8]),
}

/// Reads a document; what it shows goes to `shown` as it comes.
pub fn read(bytes: &[u8], meter: &Meter, shown: &mut dyn FnMut(Shown)) -> Document {
    let mut document = Document::default();
    document.names(bytes);
    let (mut at, mut packed, mut pages) = (0, Vec::new(), text::Pages::default());
    while let Some(stream) = Stream::next(bytes, &mut at) {
        if meter.item().is_err() {
            break;
        }
        if stream.is(b"Subtype", b"Image") {
            shown(Shown::Picture(&stream));
            continue;
        }
        let Unpacked { bytes: content, left: None } = stream.unpacked(meter) else { continue };
        shown(Shown::Drawing(&content));
        pages.take(&content);
        if let Cow::Owned(content) = content {
            document.names(&content);
            if let Some(first) = stream.dictionary.get::<u32>(b"First") {
                packed.push((first as usize, content));
            }
        }
    }
    if !document.referred.is_empty() {
        document.resolve(bytes, &packed);
    }
    document.text = pages.text();
    document
}

impl Document {
    /// Looks for the names that matter, whatever object they stand in: a damaged one is read by other programs as well.
    fn names(&mut self, bytes: &[u8]) {
        let (mut script, mut by_itself) = (false, false);
        for at in memchr::memchr_iter(b'/', bytes) {
            let rest = &bytes[at + 1..];
            if !matches!(rest.first(), Some(b'U' | b'L' | b'J' | b'O' | b'A' | b'#')) {
                continue;
            }
            // The longest of them with all its letters escaped.
            let end = rest.iter().take(3 * 10).take_while(|b| is_regular(**b)).count();
            let Some(name) = Name::new(&rest[..end]) else { continue };
            match &*name {
                b"URI" => self.link(&rest[end..]),
                b"Launch" => self.launches = true,
                b"JavaScript" | b"JS" => script = true,
                b"OpenAction" | b"AA" => by_itself = true,
                _ => {}
            }
        }
        self.scripts |= script && by_itself;
    }

    fn link(&mut self, after: &[u8]) {
        match self.string(after) {
            Some(MaybeRef::Ref(to)) => drop(self.referred.insert(to.obj_number)),
            Some(MaybeRef::NotRef(text)) => self.add(&text),
            // The type of an action has the same name.
            None => {}
        }
    }

    /// A string, or a reference to one. Those without an end are counted as well: each is sought as far as a link goes.
    fn string<'b>(&mut self, bytes: &'b [u8]) -> Option<MaybeRef<Text<'b>>> {
        let bytes = bytes[..bytes.len().min(LINK)].trim_ascii_start();
        if !matches!(bytes.first(), Some(b'(' | b'<' | b'0'..=b'9')) {
            return None;
        }
        if self.strings >= STRINGS {
            self.cut = true;
            return None;
        }
        self.strings += 1;
        MaybeRef::from_bytes(bytes)
    }

    fn add(&mut self, text: &[u8]) {
        let link = String::from_utf8_lossy(text);
        if link.len() > 6 {
            self.links.insert(link.into_owned());
        }
    }

    /// Looks up the objects that links refer to: in the file, and in streams of objects (7.5.7).
    fn resolve(&mut self, bytes: &[u8], packed: &[(usize, Vec<u8>)]) {
        let referred = std::mem::take(&mut self.referred);
        for at in memchr::memmem::find_iter(bytes, b"obj") {
            if number_before(&bytes[..at]).is_some_and(|n| referred.contains(&n))
                && let Some(MaybeRef::NotRef(text)) = self.string(&bytes[at + 3..])
            {
                self.add(&text);
            }
        }
        for (first, content) in packed {
            let head = content.get(..*first).unwrap_or_default();
            let mut numbers =
                head.split(u8::is_ascii_whitespace).filter_map(|n| std::str::from_utf8(n).ok()?.parse().ok());
            while let (Some(number), Some(offset)) = (numbers.next(), numbers.next()) {
                let place = first.saturating_add(offset as usize);
                if referred.contains(&number)
                    && let Some(MaybeRef::NotRef(text)) = content.get(place..).and_then(|b| self.string(b))
                {
                    self.add(&text);
                }
            }
        }
    }
}

/// The number of an object whose `obj` comes next.
fn number_before(bytes: &[u8]) -> Option<u32> {
    let mut words = bytes[bytes.len().saturating_sub(40)..].trim_ascii_end().rsplit(|b| !b.is_ascii_digit());
    let _generation = words.next().filter(|w| !w.is_empty())?;
    let number = words.find(|w| !w.is_empty())?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// Neither white space nor a delimiter (7.2.3).
fn is_regular(b: u8) -> bool {
    !matches!(
        b,
        0 | b'\t' | b'\n' | 12 | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// A stream: its dictionary, and its bytes as they stand.
pub struct Stream<'a> {
    dictionary: Dict<'a>,
    body: &'a [u8],
}

impl<'a> Stream<'a> {
    /// The next one from a place on, which is moved behind it.
    fn next(bytes: &'a [u8], at: &mut usize) -> Option<Stream<'a>> {
        let keyword = loop {
            let found = *at + memchr::memmem::find(bytes.get(*at..)?, b"stream")?;
            *at = found + 6;
            if !bytes[..found].ends_with(b"end") {
                break found;
            }
        };
        let dictionary = dictionary(&bytes[keyword.saturating_sub(DICTIONARY)..keyword]).unwrap_or_else(Dict::empty);
        let body = &bytes[keyword + 6..];
        let body = body.strip_prefix(b"\r").unwrap_or(body);
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        let end = memchr::memmem::find(body, b"endstream").unwrap_or(body.len());
        // More may lie in what is said to be longer: the search goes on at the first end in any case.
        *at = bytes.len() - body.len() + end;
        let said = dictionary.get::<u32>(b"Length").and_then(|n| body.split_at_checked(n as usize));
        let body = match said {
            Some((body, rest)) if rest.trim_ascii_start().starts_with(b"endstream") => body,
            _ => &body[..end],
        };
        Some(Stream { dictionary, body })
    }

    fn is(&self, key: &[u8], name: &[u8]) -> bool {
        self.dictionary.get::<Name>(key).is_some_and(|n| *n == *name)
    }

    /// Unpacks it, as far as its filters are known.
    fn unpacked(&self, meter: &Meter) -> Unpacked<'a> {
        let mut names: Vec<Vec<u8>> = match self.dictionary.get::<Name>(b"Filter") {
            Some(one) => vec![one.to_vec()],
            None => {
                let all = self.dictionary.get::<Array>(b"Filter");
                all.iter().flat_map(|a| a.iter::<Name>()).take(filter::MOST).map(|n| n.to_vec()).collect()
            }
        };
        // A dictionary that is damaged, or whose filter stands elsewhere.
        if names.is_empty() && filter::is_zlib(self.body) {
            names.push(b"FlateDecode".to_vec());
        }
        filter::unpack(self.body, &names, meter)
    }
}

/// The dictionary that ends here.
fn dictionary(bytes: &[u8]) -> Option<Dict<'_>> {
    memchr::memmem::rfind_iter(bytes, b"obj").take(4).find_map(|at| {
        let bytes = bytes[at + 3..].trim_ascii();
        Dict::from_bytes(bytes).filter(|d| d.data().len() == bytes.len())
    })
}

#[cfg(test)]
mod tests;
