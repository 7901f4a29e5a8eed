//! XML of documents as a flat run of events: local names, attributes, text. No entity is expanded but the five of XML and
//! characters by number; nothing is fetched; damage ends the run.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements within each other, at most.
const DEPTH: usize = 512;
/// Elements of one part, at most.
const ELEMENTS: usize = 8_000_000;

/// What is met.
pub enum Met<'x> {
    /// An element begins: its local name and itself, and whether it is empty.
    Start(&'x str, &'x Tag<'x>),
    /// An element ends.
    End(&'x str),
    /// Text.
    Text(&'x str),
}

/// The beginning of an element.
pub struct Tag<'x>(&'x BytesStart<'x>);

impl Tag<'_> {
    /// An attribute by its local name.
    pub fn get(&self, name: &str) -> Option<String> {
        self.find(|local, _| local == name)
    }

    /// An attribute by its whole name.
    pub fn qualified(&self, name: &str) -> Option<String> {
        self.find(|_, whole| whole == name)
    }

    fn find(&self, is: impl Fn(&str, &str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        let mut attributes = attributes.take(200).flatten();
        let attribute = attributes.find(|a| {
            let whole: &str = a.key.as_ref();
            is(whole.rsplit(':').next().unwrap_or(whole), whole)
        })?;
        Some(crate::entities::decode(&attribute.value))
    }
}

/// Walks through it; whether it came to its end.
pub fn walk(xml: &str, mut each: impl FnMut(Met)) -> bool {
    places(xml.trim_start_matches('\u{feff}'), ELEMENTS, |_, met| each(met))
}

/// Walks through it with the place at which each begins, as far as so many; whether it came to its end.
pub fn places(xml: &str, most: usize, mut each: impl FnMut(usize, Met)) -> bool {
    fn local(name: &str) -> &str {
        name.rsplit(':').next().unwrap_or(name)
    }
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let (mut depth, mut elements) = (0usize, 0usize);
    loop {
        elements += 1;
        if depth > DEPTH || elements > most {
            return false;
        }
        let at = usize::try_from(reader.buffer_position()).unwrap_or(xml.len());
        match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(Event::Start(start)) => {
                depth += 1;
                each(at, Met::Start(local(start.name().into_inner()), &Tag(&start)));
            }
            Ok(Event::Empty(start)) => {
                let name = local(start.name().into_inner());
                each(at, Met::Start(name, &Tag(&start)));
                each(at, Met::End(name));
            }
            Ok(Event::End(end)) => {
                depth = depth.saturating_sub(1);
                each(at, Met::End(local(end.name().into_inner())));
            }
            Ok(Event::Text(text)) => each(at, Met::Text(&text)),
            Ok(Event::CData(text)) => each(at, Met::Text(&text)),
            Ok(Event::GeneralRef(name)) => each(at, Met::Text(&crate::entities::decode(&format!("&{};", &*name)))),
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
