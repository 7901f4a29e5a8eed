//! Reading one piece of evidence and all that lies in it: what is an archive or a workbook is entered, what lies in it is
//! recognised like any file, and what nobody knows is skipped with its reason (of a workbook of which nobody knows any sheet,
//! once). [`open`] goes the same way again to the bytes of a trace.

use crate::input::Input;
use crate::{SENSORS, Sensor, recognise};
use formats::walk::{self, Found, Opened, Walk};
use model::{Context, Error, Result, Sink, Skip, Step, Time};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Who reads what begins so.
pub enum Reading {
    /// It may be an archive or a workbook: whoever knows what lies in it.
    Members,
    /// This sensor.
    Sensor(&'static dyn Sensor),
    /// Nobody.
    Nobody,
}

/// Who reads a file that begins with `head`.
pub fn reading(head: &[u8], context: &Context) -> Reading {
    // Asked first: what is entered need not be recognised.
    if walk::is_archive(head) {
        return Reading::Members;
    }
    match recognise(head, context) {
        Some(sensor) => Reading::Sensor(sensor),
        None if walk::may_hold_sheets(head) => Reading::Members,
        None => Reading::Nobody,
    }
}

/// Reads all that lies in an input; tells of each file in it who reads it ([`Sink::inside`]), the input itself first.
/// An error is a wrong configuration or a failing disk, never damage; a reader that fails on a member costs that member.
pub fn read(input: Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let mut walk = Walk::with_sheets();
    let itself = input.steps().to_vec();
    let mut sheets = Sheets::default();
    let mut next = Some(Found::File(Box::new(input), None));
    let mut first = true;
    while let Some(found) = next {
        match found {
            Found::Skip(steps, skip) => {
                sheets.meet(&steps, out);
                out.inside(&steps, None);
                out.skip(skip);
            }
            Found::File(input, modified) => {
                sheets.meet(input.steps(), out);
                let failed = |e: io::Error| Error::new("could not read on").because(e).hint("check the disk");
                let packed_at = modified;
                let modified = last_day(input.steps(), modified, context.modified);
                let context = Context { modified, ..*context };
                let steps = input.steps().to_vec();
                let (input, whole) = match whole(*input, &context).map_err(failed)? {
                    Ok(whole) => whole,
                    Err(skip) => {
                        out.inside(&steps, None);
                        out.skip(skip);
                        (first, next) = (false, walk.next());
                        continue;
                    }
                };
                match walk.enter(input).map_err(failed)? {
                    Some(mut input) => {
                        input.set_packed_at(packed_at);
                        file(&mut input, &context, &mut sheets, out)?;
                    }
                    None => match whole {
                        Some((sensor, mut whole)) => {
                            whole.set_packed_at(packed_at);
                            sheets.whole = Some(whole.steps().to_vec());
                            out.inside(whole.steps(), Some(sensor.name()));
                            guarded(sensor, &mut whole, &context, out)?;
                        }
                        None if first => out.inside(&itself, None),
                        None => {}
                    },
                }
            }
        }
        first = false;
        next = walk.next();
    }
    sheets.end(out);
    Ok(())
}

/// The sheets of the workbook that is being read of which nobody knows what they are.
#[derive(Default)]
struct Sheets {
    /// The steps to the workbook.
    of: Option<Vec<Step>>,
    unknown: Vec<Vec<Step>>,
    /// The workbook that was read as a whole last: none of its sheets need be known.
    whole: Option<Vec<Step>>,
    /// Whether any of its sheets is known.
    known: bool,
}

impl Sheets {
    /// What lies behind these steps is met: another workbook, or none, ends this one.
    fn meet(&mut self, steps: &[Step], out: &mut dyn Sink) {
        let at = steps.iter().rposition(|s| matches!(s, Step::Sheet(..)));
        let of = at.map(|at| &steps[..at]);
        if self.of.as_deref() != of {
            self.end(out);
            self.of = of.map(<[Step]>::to_vec);
        }
    }

    fn end(&mut self, out: &mut dyn Sink) {
        let Sheets { of, unknown, known, whole } = std::mem::take(self);
        if of.is_some() && of == whole {
            return;
        }
        self.whole = whole;
        if !known && let (Some(of), [_, ..]) = (of, &unknown[..]) {
            out.inside(&of, None);
            return out.skip(once("workbook: no known kind of evidence in any of its sheets"));
        }
        for steps in unknown {
            out.inside(&steps, None);
            out.skip(once(UNKNOWN));
        }
    }
}

const UNKNOWN: &str = "no known kind of evidence";

fn once(reason: &str) -> Skip {
    Skip { reason: reason.into(), count: 1, first: 0, line: 0 }
}

/// The day on which a file in evidence ends, as far as it is known: that of its name, else of the archive, and never past
/// that of the evidence, which dated evidence may have told. Archives without dates write those of 1970 and 1980.
fn last_day(steps: &[Step], modified: Option<Time>, evidence: Option<Time>) -> Option<Time> {
    let name = steps.iter().rev().find_map(|step| if let Step::Member(_, name) = step { Some(name) } else { None });
    let own = name.and_then(|name| named_day(name)).or(modified);
    own.filter(|own| own.seconds() > 631_152_000).into_iter().chain(evidence).min()
}

/// The date in a file's name, as rotation writes it behind or before the ending (`auth.log-20170214`,
/// `mail.2017-02-14.log.gz`): noon of that day.
pub fn named_day(path: &str) -> Option<Time> {
    let name = path.rsplit('/').next()?;
    let digits = |part: &&str| part.len() == 8 && part.bytes().all(|b| b.is_ascii_digit());
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|w| !w.is_empty()).collect();
    let day = |year: &str, month: &str, day: &str| -> Option<Time> {
        let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        let noon = date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        (1990..2100).contains(&date.year()).then(|| noon.timestamp().into())
    };
    let whole = words.iter().find(|w| digits(w)).and_then(|w| day(&w[..4], &w[4..6], &w[6..]));
    whole.or_else(|| {
        let apart = words.windows(3).find(|w| w[0].len() == 4 && w[1].len() == 2 && w[2].len() == 2)?;
        day(apart[0], apart[1], apart[2])
    })
}

/// Reads what is no archive.
fn file(input: &mut Input, context: &Context, sheets: &mut Sheets, out: &mut dyn Sink) -> Result<()> {
    // Who reads a workbook as a whole reads none of its sheets again.
    let sensor = recognise(input.head(), context).filter(|s| sheets.of.is_none() || !s.reads_workbooks());
    sheets.known |= sensor.is_some();
    if sensor.is_none() && input.damage().is_none() && sheets.of.is_some() {
        sheets.unknown.push(input.steps().to_vec());
        return Ok(());
    }
    out.inside(input.steps(), sensor.map(|s| s.name()));
    let Some(sensor) = sensor else {
        out.skip(match input.damage() {
            Some(damage) => damage.clone(),
            None if input.head().is_empty() => once("empty"),
            None => once(UNKNOWN),
        });
        return Ok(());
    };
    if !input.steps().iter().any(|s| matches!(s, Step::Member(..) | Step::Sheet(..))) {
        return crate::sigma::heard(sensor, input, context, out);
    }
    guarded(sensor, input, context, out)
}

/// What may be a workbook, and a copy of it for who reads workbooks as a whole.
type Whole = (Input, Option<(&'static dyn Sensor, Input)>);

fn whole(input: Input, context: &Context) -> io::Result<std::result::Result<Whole, Skip>> {
    let head = input.head();
    let sensor = match walk::is_archive(head) {
        // Whoever reads lines or tables need not look at it; of archives within each other there may be thousands.
        true => SENSORS.iter().copied().find(|s| s.reads_workbooks() && s.recognise(head, context) >= 50),
        false if walk::may_hold_sheets(head) => recognise(head, context).filter(|s| s.reads_workbooks()),
        false => None,
    };
    let Some(sensor) = sensor else { return Ok(Ok((input, None))) };
    let (bytes, input) = match walk::document(input)? {
        Ok((Some(bytes), input)) => (bytes, input),
        Ok((None, input)) => return Ok(Ok((input, None))),
        Err(skip) => return Ok(Err(skip)),
    };
    let copy = Input::held(bytes, input.steps().to_vec(), input.meter())?;
    Ok(Ok((input, Some((sensor, copy)))))
}

/// Reads what another wrote: a reader that fails costs that one thing.
fn guarded(sensor: &dyn Sensor, input: &mut Input, context: &Context, out: &mut dyn Sink) -> Result<()> {
    let read = catch_unwind(AssertUnwindSafe(|| crate::sigma::heard(sensor, input, context, out)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_days() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(named_day(name), expected.map(|d| format!("{d}T12:00:00Z").parse().expect("a time")), "{name}");
        };
        check("logs/auth.log-20170214", Some("2017-02-14"));
        check("auth.log-20170214.gz", Some("2017-02-14"));
        check("mail.2017-02-14.log", Some("2017-02-14"));
        check("2016-12-31/auth.log", None);
        check("auth.log.1", None);
        check("case-20171399", None);
    }
}
