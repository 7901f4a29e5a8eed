//! What a file consists of that may be sealed, proved or compared by itself: it, the files in it if it is an archive, the
//! messages in it if it is a mailbox, what is attached to these; of each its bytes and its parts.
//!
//! You may rely on: one budget for all of it, levels counted; a reader that fails costs that one thing; nothing is kept.
//! Left out: things longer than [`LONGEST`], which are told without bytes.

use crate::input::Input;
use crate::{Sensor, recognise};
use formats::Meter;
use formats::parts::{self, Parts};
use formats::walk::{Found, Walk};
use model::{Context, Error, Result, Step};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Bytes of one thing that are held.
pub const LONGEST: u64 = 64 << 20;
/// Levels of what is attached to what is attached.
const LEVELS: usize = 8;

/// One thing.
#[derive(Debug, Default)]
pub struct Content {
    /// What in the file it is; empty for the file itself.
    pub place: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it consists of, if it is a document or a message.
    pub parts: Option<Parts>,
    /// Whether there is more of it than is told.
    pub cut: bool,
}

/// Tells what lies in a file, the file itself first (if it is not too long).
pub fn contents(input: Input, context: &Context, each: &mut dyn FnMut(Content)) -> Result<()> {
    let failed = |e: std::io::Error| Error::new("could not read on").because(e).hint("check the disk");
    let mut walk = Walk::default();
    let mut next = Some(Found::File(Box::new(input), None));
    while let Some(found) = next {
        match found {
            Found::Skip(steps, skip) => {
                each(Content { place: format!("{}: {}", place(&steps), skip.reason), cut: true, ..Content::default() });
            }
            Found::File(input, _) => {
                let Some(mut input) = walk.enter(*input).map_err(failed)? else {
                    next = walk.next();
                    continue;
                };
                let place = place(input.steps());
                let meter = input.meter().clone();
                let sensor = holder(input.head(), context);
                let mut any = false;
                let read = AssertUnwindSafe(|| {
                    let mut tell = |mut content: Content| {
                        any = true;
                        content.place = [&place[..], &content.place].join(if place.is_empty() { "" } else { "/" });
                        tell(content, &meter, LEVELS, each);
                    };
                    sensor.map_or(Ok(()), |sensor| sensor.contents(&mut input, &mut tell))
                });
                match catch_unwind(read) {
                    Ok(read) => read?,
                    Err(_) => {
                        each(Content { place: format!("{place}: a reader failed"), cut: true, ..Content::default() })
                    }
                }
                // What nobody can take apart is not held either: who asks hashes it as it lies there.
                let long = input.file().is_some_and(|(_, size)| size > LONGEST);
                if !any && long && formats::about::media(input.head()).is_empty() && !parts::is_text(input.head()) {
                    each(Content { place, ..Content::default() });
                } else if !any {
                    let (bytes, cut) = input.written(LONGEST).map_err(failed)?;
                    let cut = cut || input.damage().is_some();
                    tell(Content { place, bytes, parts: None, cut }, &meter, LEVELS, each);
                }
            }
        }
        next = walk.next();
    }
    Ok(())
}

/// The sensor that is surest of a head, if it tells contents. The others are asked only where one that does is sure enough: asking
/// all of them takes longer than to hash a megabyte.
fn holder(head: &[u8], context: &Context) -> Option<&'static dyn Sensor> {
    let mut tellers = crate::SENSORS.iter().filter(|s| s.tells_contents());
    tellers.any(|s| s.recognise(head, context) >= 50).then(|| recognise(head, context))?
}

/// Steps as words.
fn place(steps: &[Step]) -> String {
    let names = steps.iter().filter_map(|step| match step {
        Step::Member(_, name) => Some(name.clone()),
        Step::Gzip | Step::Bzip2 | Step::Xz | Step::Zstd => Some("unpacked".to_string()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

/// Tells one thing, and what is attached to it.
fn tell(mut content: Content, meter: &Meter, levels: usize, each: &mut dyn FnMut(Content)) {
    if content.parts.is_none() && !content.cut {
        let read = catch_unwind(AssertUnwindSafe(|| parts::read(&content.bytes, meter)));
        content.cut |= read.is_err();
        content.parts = read.unwrap_or_default();
    }
    let attached: Vec<Content> = match &content.parts {
        // Pictures of a document are parts of it; what is a document itself is told too.
        Some(parts) if levels > 0 => parts
            .attachments
            .iter()
            .map(|(name, bytes)| Content {
                place: [&content.place[..], name].join(if content.place.is_empty() { "" } else { "/" }),
                bytes: bytes.clone(),
                ..Content::default()
            })
            .filter(|a| content.parts.as_ref().is_some_and(|p| p.media == "message/rfc822") || is_document(&a.bytes))
            .collect(),
        _ => Vec::new(),
    };
    each(content);
    for content in attached {
        if meter.item().is_ok() {
            tell(content, meter, levels - 1, each);
        }
    }
}

fn is_document(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"%PDF-") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}
