//! Messages in the archives and Outlook items that a message brings, and the way back to messages and their parts.
//!
//! You may rely on: nothing but messages is taken from there. Whoever writes a mail chooses what is attached to it: a log
//! in it is no log of ours, and no report of a server that is believed. What else such an archive holds, `content` tells.

use super::recognise::{self, Form};
use super::split::{MESSAGE, Raw, Splitter};
use super::{outlook, parse};
use formats::walk::{Found, Walk, is_archive};
use formats::{Input, Meter};
use model::{Result, Step};
use std::io;

/// Visits the messages in an attachment that is an archive or is compressed: the steps to what holds each, and it as it
/// stands there; `header` is that of the message. Whether the visitor wants more is what it returns.
pub fn messages(
    attached: &[u8],
    header: &[u8],
    steps: Vec<Step>,
    meter: &Meter,
    each: &mut dyn FnMut(&[Step], Raw) -> bool,
) -> Result<()> {
    if let Some(raw) = item(attached, header) {
        each(&steps, raw);
        return Ok(());
    }
    let packed =
        matches!(attached, [0x1f, 0x8b, ..] | [b'B', b'Z', b'h', ..] | [0xfd, b'7', ..] | [0x28, 0xb5, 0x2f, ..]);
    if !packed && !is_archive(attached) || steps.len() >= meter.depth() {
        return Ok(());
    }
    let depth = steps.len();
    let mut walk = Walk::default();
    let mut next = Input::held(attached.to_vec(), steps, meter).ok().map(|input| Found::File(Box::new(input), None));
    while let Some(found) = next {
        // What is not opened was told as what the attachment holds.
        if let Found::File(input, _) = found
            && let Ok(Some(mut input)) = walk.enter(*input)
            && input.steps().len() > depth
        {
            let steps = input.steps().to_vec();
            match recognise::form(input.head()).filter(|(_, sure)| *sure >= 50).map(|(form, _)| form) {
                Some(Form::Messages) => {
                    let mut splitter = Splitter::new(&mut input);
                    while let Some(raw) = splitter.message()? {
                        if !each(&steps, raw) {
                            return Ok(());
                        }
                    }
                }
                Some(Form::Outlook) => {
                    let (bytes, _) = input.whole(2 * MESSAGE as u64).unwrap_or_default();
                    if let Some(raw) = item(&bytes, b"")
                        && !each(&steps, raw)
                    {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        next = walk.next();
    }
    Ok(())
}

/// The message that an Outlook item is, written anew; none where it is a document.
fn item(bytes: &[u8], header: &[u8]) -> Option<Raw> {
    let message = outlook::wrapped(bytes, header, &mut Vec::new())?;
    Some(Raw { bytes: message, len: bytes.len() as u64, ..Raw::default() })
}

/// What lies behind a step to a message, or to a part of one.
pub fn open(input: &mut Input, step: &Step) -> io::Result<Option<Vec<u8>>> {
    let outlook = input.head().starts_with(&outlook::MAGIC) || input.head().starts_with(&outlook::tnef::MAGIC);
    match step {
        Step::Message(_) if outlook => {
            let (bytes, _) = input.whole(2 * MESSAGE as u64)?;
            Ok(outlook::wrapped(&bytes, b"", &mut Vec::new()).or_else(|| outlook::message(&bytes, &mut Vec::new())))
        }
        Step::Message(at) => {
            let mut splitter = Splitter::new(input);
            while let Ok(Some(raw)) = splitter.message() {
                if raw.start == *at {
                    return Ok(Some(raw.bytes));
                }
            }
            Ok(None)
        }
        Step::Part(n) => {
            let (bytes, _) = input.whole(2 * MESSAGE as u64)?;
            let message = parse::parse(&bytes, false);
            Ok(message.parts.into_iter().find(|p| p.number == *n).map(|p| p.bytes.into_owned()))
        }
        _ => Ok(None),
    }
}
