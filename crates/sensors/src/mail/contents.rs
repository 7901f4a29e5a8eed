//! The messages of a file as things that may be sealed by themselves: the bytes of each as it was received, its text (who,
//! to whom, subject, then what is shown), what is attached.

use super::message::{Mailbox, Message, Role};
use super::recognise::{self, Form};
use super::split::Splitter;
use super::{outlook, parse};
use crate::Content;
use crate::input::Input;
use formats::html;
use formats::parts::Parts;
use model::{Error, Result};
use std::io::Cursor;

/// Tells each message.
pub fn contents(input: &mut Input, each: &mut dyn FnMut(Content)) -> Result<()> {
    let whole = |input: &mut Input| {
        input.whole(crate::LONGEST).map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))
    };
    match recognise::form(input.head()).map(|(form, _)| form) {
        Some(Form::Messages) => {
            let mut splitter = Splitter::new(input);
            let mut messages = (1..).map(|n| splitter.message().map(|raw| (n, raw)));
            while let Some((n, raw)) = messages.next().transpose()? {
                let Some(raw) = raw else { break };
                each(message(format!("message {n}"), raw.bytes, raw.dropped > 0));
            }
        }
        Some(Form::Outlook) => {
            let (bytes, cut) = whole(input)?;
            let written = outlook::message(&bytes, &mut Vec::new());
            let parts = written.map(|w| parts(&parse::parse(&w, false)));
            // The item itself is what was received; its text is that of the message it holds.
            each(Content { bytes, parts, cut, ..Content::default() });
        }
        Some(Form::Store) => {
            let (source, size): (Box<dyn outlook::store::Source>, u64) = match input.file() {
                Some((file, size)) => (Box::new(file), size),
                None => {
                    let (bytes, _) = whole(input)?;
                    let size = bytes.len() as u64;
                    (Box::new(Cursor::new(bytes)), size)
                }
            };
            let Ok(mut store) = outlook::store::Store::open(source, size) else { return Ok(()) };
            let mut n = 0;
            while let Some(stored) = store.message() {
                n += 1;
                each(message(format!("{}/message {n}", stored.folder), stored.bytes, false));
            }
        }
        _ => {}
    }
    Ok(())
}

fn message(place: String, bytes: Vec<u8>, cut: bool) -> Content {
    let parts = Some(parts(&parse::parse(&bytes, true)));
    Content { place, bytes, parts, cut }
}

fn parts(message: &Message) -> Parts {
    let mut parts = Parts { media: "message/rfc822", ..Parts::default() };
    let named = |m: &Mailbox| format!("{} <{}>", m.name, m.address).trim().to_string();
    let list = |all: &[Mailbox]| all.iter().map(named).collect::<Vec<_>>().join(", ");
    for (word, value) in [
        ("From", list(&message.from)),
        ("To", list(&message.to)),
        ("Cc", list(&message.cc)),
        ("Date", message.date.map(|d| d.to_string()).unwrap_or_default()),
        ("Subject", message.subject.clone()),
    ] {
        if !value.is_empty() {
            parts.plain(&format!("{word}: {}", value.replace(['\n', '\r'], " ")));
        }
    }
    let texts = message.parts.iter().any(|p| p.role == Role::Text && !p.attached && !p.text.trim().is_empty());
    for part in &message.parts {
        match part.role {
            Role::Text => parts.plain(&part.text),
            // Where there is text, HTML says the same again.
            Role::Html if !texts => parts.plain(&html::read(&part.text).text),
            Role::Attachment | Role::Message if !part.bytes.is_empty() => {
                parts.cut |= part.cut;
                parts.attachment(part.name.as_deref().unwrap_or("unnamed"), part.bytes.to_vec());
            }
            _ => {}
        }
    }
    parts.body = parts.paragraphs.len();
    parts
}
