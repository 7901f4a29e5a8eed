//! Reading one piece of evidence and all that lies in it: what is an archive is entered, what lies in it is recognised
//! like any file, and what nobody knows is skipped with its reason. [`open`] goes the same way again to the bytes of a
//! trace.

use crate::input::Input;
use crate::{Sensor, recognise};
use formats::walk::{self, Found, Opened, Walk};
use model::{Context, Error, Result, Sink, Skip, Step};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Who reads what begins so.
pub enum Reading {
    /// It may be an archive: whoever knows what lies in it.
    Members,
    /// This sensor.
    Sensor(&'static dyn Sensor),
    /// Nobody.
    Nobody,
}

/// Who reads a file that begins with `head`.
pub fn reading(head: &[u8], context: &Context) -> Reading {
    match recognise(head, context) {
        _ if walk::is_archive(head) => Reading::Members,
        Some(sensor) => Reading::Sensor(sensor),
        None => Reading::Nobody,
    }
}

/// Reads all that lies in an input; tells of each file in it who reads it ([`Sink::inside`]), the input itself first.
/// An error is a wrong configuration or a failing disk, never damage; a reader that fails on a member costs that member.
pub fn read(input: Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let mut walk = Walk::default();
    if walk::is_archive(input.head()) {
        out.inside(input.steps(), None);
    }
    let mut next = Some(Found::File(Box::new(input), None));
    while let Some(found) = next {
        match found {
            Found::Skip(steps, skip) => {
                out.inside(&steps, None);
                out.skip(skip);
            }
            Found::File(input, modified) => {
                let failed = |e: io::Error| Error::new("could not read on").because(e).hint("check the disk");
                let context = Context { modified: modified.or(context.modified), ..*context };
                if let Some(mut input) = walk.enter(*input).map_err(failed)? {
                    file(&mut input, &context, out)?;
                }
            }
        }
        next = walk.next();
    }
    Ok(())
}

/// Reads what is no archive.
fn file(input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let sensor = recognise(input.head(), context);
    out.inside(input.steps(), sensor.map(|s| s.name()));
    let once = |reason: &str| Skip { reason: reason.into(), count: 1, first: 0, line: 0 };
    let Some(sensor) = sensor else {
        out.skip(match input.damage() {
            Some(damage) => damage.clone(),
            None if input.head().is_empty() => once("empty"),
            None => once("no known kind of evidence"),
        });
        return Ok(());
    };
    if !input.steps().iter().any(|s| matches!(s, Step::Member(..))) {
        return sensor.read(input, context, out);
    }
    let read = catch_unwind(AssertUnwindSafe(|| sensor.read(input, context, out)));
    read.unwrap_or_else(|_| {
        out.skip(once("the reader failed; please report this"));
        Ok(())
    })
}

/// The bytes behind the steps of a trace; none where the evidence is not what it was.
pub fn open(input: Input, steps: &[Step]) -> io::Result<Option<Input>> {
    let mut input = input;
    loop {
        match walk::open(input, steps)? {
            Opened::There(input) => return Ok(Some(*input)),
            Opened::Nowhere => return Ok(None),
            // A message, or a part of one.
            Opened::Before(mut before) => {
                let step = &steps[before.steps().len()];
                let Some(bytes) = crate::mail::inside::open(&mut before, step)? else { return Ok(None) };
                let behind = [before.steps(), std::slice::from_ref(step)].concat();
                input = Input::held(bytes, behind, before.meter())?;
            }
        }
    }
}
