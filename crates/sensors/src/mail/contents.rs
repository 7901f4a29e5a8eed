//! The messages of a file as things that may be sealed by themselves: the bytes of each as it was received, its text (who,
//! to whom, subject, then what is shown), what is attached.

use super::message::{Mailbox, Message, Part, Role};
use super::recognise::{self, Form};
use super::split::Splitter;
use super::{observe, outlook, parse};
use crate::Content;
use crate::input::Input;
use formats::html;
use formats::parts::Parts;
use model::{Error, Result, Time};
use proofs::seal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Cursor;

/// Paragraphs whose hashes a message's row keeps, and the bytes kept of each hash.
pub const PRINTS: usize = 200;
const PRINT: usize = 6;

/// A message as other copies of it are held against it.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The key that its row has.
    pub key: String,
    /// Its `Message-ID`.
    pub id: String,
    /// When it came, or was sent.
    pub at: Option<Time>,
    /// To whom, in To and Cc.
    pub to: Vec<String>,
    /// What its header shows.
    pub head: Head,
    /// What it says, without its header.
    pub paragraphs: Vec<String>,
    /// What it shows as HTML besides.
    pub html: Vec<String>,
    /// What is attached: name and SHA-256.
    pub attached: Vec<(String, String)>,
}

/// What a header shows, as a message's row has it; and the messages attached, by SHA-256.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Head {
    /// The author's address.
    pub from: String,
    /// The name shown beside it.
    pub from_name: String,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// To whom.
    pub to: Vec<String>,
    /// To whom besides.
    pub cc: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// When its author says it was sent.
    pub date: String,
    /// Messages attached.
    pub messages: Vec<String>,
}

/// Reads a message.
pub fn letter(bytes: &[u8]) -> Letter {
    let message = parse::parse(bytes, true);
    let (paragraphs, html) = texts(&message);
    let author = message.author().cloned().unwrap_or_default();
    let to = message.to.iter().chain(&message.cc).map(|m| m.address.clone());
    let head = Head {
        from: observe::text(&author.address),
        from_name: observe::text(&author.name),
        reply_to: observe::addresses(&message.reply_to),
        to: observe::addresses(&message.to),
        cc: observe::addresses(&message.cc),
        subject: observe::text(&message.subject),
        date: message.date.map(|t| t.to_string()).unwrap_or_default(),
        messages: observe::messages(&message),
    };
    let attached = message.of(Role::Attachment).filter(|p| !p.bytes.is_empty());
    Letter {
        key: observe::key(bytes),
        id: message.message_id.clone().unwrap_or_default(),
        at: message.time(),
        to: to.collect(),
        head,
        paragraphs,
        html,
        attached: attached
            .map(|p| (p.name.clone().unwrap_or_default(), parse::hex(&Sha256::digest(&p.bytes))))
            .collect(),
    }
}

/// What a message's row keeps of its paragraphs.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Prints {
    /// The beginnings of the hashes of the first ones, one behind another ([`print`]).
    pub paragraphs: String,
    /// Of what it shows as HTML besides.
    pub html: String,
    /// One over all, where there are more.
    pub all: String,
}

impl Prints {
    /// Of paragraphs, and of those of what is shown as HTML besides.
    pub fn of(paragraphs: &[String], html: &[String]) -> Prints {
        let some = |all: &[String]| all.iter().take(PRINTS).map(|p| print(p)).collect();
        let more = paragraphs.len().max(html.len()) > PRINTS;
        let all = || {
            let mut hash = Sha256::new();
            paragraphs.iter().chain(html).for_each(|p| hash.update(seal::of_text(p)));
            parse::hex(&hash.finalize())
        };
        Prints { paragraphs: some(paragraphs), html: some(html), all: if more { all() } else { String::new() } }
    }
}

/// What a message's row keeps of its paragraphs.
pub fn prints(message: &Message) -> Prints {
    let (paragraphs, html) = texts(message);
    Prints::of(&paragraphs, &html)
}

/// What a message says, and what it shows as HTML where that stands beside a text: a forger may have changed either.
fn texts(message: &Message) -> (Vec<String>, Vec<String>) {
    let (mut text, mut shown) = (Parts::default(), Parts::default());
    body(message, &mut text);
    if message.parts.iter().any(is_text) {
        let pages = message.parts.iter().filter(|p| p.role == Role::Html && !p.attached);
        pages.for_each(|p| shown.plain(&html::read(&p.text).text));
    }
    (text.paragraphs, shown.paragraphs)
}

/// Whether a part is the text itself.
fn is_text(part: &Part) -> bool {
    part.role == Role::Text && !part.attached && !part.text.trim().is_empty()
}

/// The beginning of a paragraph's hash, as seals know it.
pub fn print(paragraph: &str) -> String {
    parse::hex(&seal::of_text(paragraph)[..PRINT])
}

/// Such beginnings, one by one.
pub fn each_print(prints: &str) -> impl Iterator<Item = &str> {
    (0..prints.len() / (2 * PRINT)).filter_map(move |n| prints.get(n * 2 * PRINT..(n + 1) * 2 * PRINT))
}

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
            let Some(mut store) = store(input)? else { return Ok(()) };
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

/// The store that an input is, where it can be opened.
fn store(input: &mut Input) -> Result<Option<outlook::store::Store>> {
    let (source, size): (Box<dyn outlook::store::Source>, u64) = match input.file() {
        Some((file, size)) => (Box::new(file), size),
        None => {
            let failed = |e| Error::new("could not read on").because(e).hint("check the disk");
            let (bytes, _) = input.whole(crate::LONGEST).map_err(failed)?;
            let size = bytes.len() as u64;
            (Box::new(Cursor::new(bytes)), size)
        }
    };
    Ok(outlook::store::Store::open(source, size).ok())
}

/// Tells the messages of a store that begin at these places, written anew: their bytes lie scattered and scrambled in it.
pub fn shown(input: &mut Input, places: &BTreeSet<u64>, each: &mut dyn FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
    if !matches!(recognise::form(input.head()), Some((Form::Store, _))) {
        return Ok(());
    }
    let Some(mut store) = store(input)? else { return Ok(()) };
    let mut left = places.clone();
    while let Some(stored) = store.at(&left) {
        left.remove(&stored.place.0);
        each(stored.place.0, &stored.bytes)?;
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
    body(message, &mut parts);
    for part in &message.parts {
        if matches!(part.role, Role::Attachment | Role::Message) && !part.bytes.is_empty() {
            parts.cut |= part.cut;
            parts.attachment(part.name.as_deref().unwrap_or("unnamed"), part.bytes.to_vec());
        }
    }
    parts.body = parts.paragraphs.len();
    parts
}

/// What it says, below its header.
fn body(message: &Message, parts: &mut Parts) {
    let texts = message.parts.iter().any(is_text);
    for part in &message.parts {
        match part.role {
            Role::Text => parts.plain(&part.text),
            // Where there is text, HTML says the same again.
            Role::Html if !texts => parts.plain(&html::read(&part.text).text),
            _ => {}
        }
    }
}
