//! The one walk over all that lies in a piece of evidence: archives within archives, compressed or not, depth first
//! and without recursion. Each member comes as an [`Input`] that knows the steps to it, to be recognised like any file;
//! [`open`] goes the same steps again.
//!
//! A workbook is entered too by whoever reads tables: its sheets are members, each a text of separated values.
//!
//! You may rely on: one [`Meter`] counts everything, whatever is nested in what; names that repeat are kept apart by
//! their place; what cannot be opened comes as a skip with its reason; nothing is written to disk, so that no name of a
//! member leads anywhere. Left out: CAB beyond what stands in it as it is; passwords.

use crate::input::{Input, skip};
use crate::meter::{Counted, Meter};
use crate::sheet::{self, Workbook};
use crate::source::Source;
use crate::{archive, disk, rar, seven, tar, zip};
use model::{Skip, Step, Time};
use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard};

/// Bytes of an archive that are held where it cannot be read in place, and bytes of its members where they must be
/// unpacked all at once.
pub const HELD: u64 = 256 << 20;
/// Members of one archive, at most.
const MEMBERS: usize = 1_000_000;

/// What an archive holds.
pub enum Found {
    /// A file, and when it was last modified, where the archive says so.
    File(Box<Input>, Option<Time>),
    /// Something that is not opened: the steps to it, and why.
    Skip(Vec<Step>, Skip),
}

/// A member that is held: its name, when it was modified, and its bytes or why there are none.
pub type Held = (String, Option<Time>, Result<Vec<u8>, &'static str>);

/// A walk.
#[derive(Default)]
pub struct Walk {
    levels: Vec<Level>,
    /// What was met on entering, or beside what was found last.
    met: VecDeque<Found>,
    /// Whether workbooks are entered.
    sheets: bool,
}

/// An archive that is being walked through.
struct Level {
    steps: Vec<Step>,
    meter: Meter,
    /// The place of the next member.
    n: u64,
    members: Members,
}

enum Members {
    Zip(Source, std::vec::IntoIter<zip::Member>),
    Tar(Arc<Mutex<Tape>>),
    Held(std::vec::IntoIter<Held>),
    /// A workbook, and whether any of its sheets holds anything.
    Sheets(Box<Workbook>, bool),
}

/// The kinds of archives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Zip,
    Tar,
    Seven,
    Rar,
    /// Archives of which only the headers are read.
    Headers,
    Disk,
    /// What may be a workbook, and no archive.
    Compound,
}

fn kind(head: &[u8]) -> Option<Kind> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Kind::Zip),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Kind::Seven),
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some(Kind::Rar),
        [b'M', b'S', b'C', b'F', ..] => Some(Kind::Headers),
        _ if sheet::is_compound(head) => Some(Kind::Compound),
        _ if tar::is_tar(head) => Some(Kind::Tar),
        _ if matches!(head.get(0x8001..0x8006), Some(b"CD001" | b"BEA01")) => Some(Kind::Disk),
        _ => None,
    }
}

/// Whether what begins so may be an archive; it may still be a document.
pub fn is_archive(head: &[u8]) -> bool {
    kind(head).is_some_and(|kind| kind != Kind::Compound)
}

/// Whether what begins so may be a workbook that begins as no archive does.
pub fn may_hold_sheets(head: &[u8]) -> bool {
    kind(head) == Some(Kind::Compound)
}

impl Walk {
    /// A walk that enters workbooks too.
    pub fn with_sheets() -> Walk {
        Walk { sheets: true, ..Walk::default() }
    }

    /// Enters an archive: its members come next. Gives back what is none, unread: also documents that are archives
    /// underneath (Office, OpenDocument, EPUB), but for workbooks where those are entered.
    pub fn enter(&mut self, input: Input) -> io::Result<Option<Input>> {
        let kind = kind(input.head()).filter(|kind| self.sheets || *kind != Kind::Compound);
        let Some(kind) = kind else { return Ok(Some(input)) };
        let (steps, meter) = (input.steps().to_vec(), input.meter().clone());
        let refuse = |reason: &str| Found::Skip(steps.clone(), skip(reason));
        if steps.len() >= meter.depth() {
            self.met.push_back(refuse("archives within each other deeper than is read"));
            return Ok(None);
        }
        let members = match kind {
            Kind::Tar => Members::Tar(Arc::new(Mutex::new(Tape { input, n: 0, left: 0, padding: 0 }))),
            Kind::Zip | Kind::Compound => {
                let (source, back) = match input.source(HELD)? {
                    Ok(whole) => whole,
                    Err(reason) => {
                        self.met.push_back(Found::Skip(steps, reason));
                        return Ok(None);
                    }
                };
                let found = match kind {
                    Kind::Zip => zip::directory(&source, source.size(), MEMBERS),
                    _ => Some(zip::Directory::default()),
                };
                match found {
                    Some(found) if kind == Kind::Compound || is_document(&found.members) => {
                        let workbook = match kind {
                            _ if !self.sheets => None,
                            Kind::Zip => Workbook::of_zip(&source, &found.members, &meter),
                            _ => Workbook::of_compound(&source, &meter),
                        };
                        let Some(workbook) = workbook else { return back.restored(&source).map(Some) };
                        let refused = workbook.damage.map(refuse);
                        let any = refused.is_some();
                        self.met.extend(refused);
                        Members::Sheets(Box::new(workbook), any)
                    }
                    None => {
                        self.met.push_back(refuse("archive that cannot be read"));
                        return Ok(None);
                    }
                    Some(found) => {
                        if found.damaged {
                            self.met.push_back(refuse("archive whose directory is damaged"));
                        }
                        Members::Zip(source, found.members.into_iter())
                    }
                }
            }
            _ => {
                let bytes = match input.source(HELD)? {
                    Ok((source, _)) => held(&source)?,
                    Err(reason) => Err(reason.reason),
                };
                let bytes = match bytes {
                    Ok(bytes) => bytes,
                    Err(reason) => {
                        self.met.push_back(refuse(&reason));
                        return Ok(None);
                    }
                };
                let (members, damage) = match kind {
                    Kind::Seven => seven::members(&bytes, &meter),
                    Kind::Rar => rar::members(&bytes, &meter),
                    Kind::Disk => on_disk(&bytes),
                    _ => in_headers(&bytes),
                };
                if let Some(reason) = damage {
                    self.met.push_back(refuse(reason));
                }
                Members::Held(members.into_iter())
            }
        };
        self.levels.push(Level { steps, meter, n: 0, members });
        Ok(None)
    }

    /// The next thing, or the one at a place: those before it are not opened.
    fn find(&mut self, only: Option<u64>) -> Option<Found> {
        loop {
            if let Some(met) = self.met.pop_front() {
                return Some(met);
            }
            let level = self.levels.last_mut()?;
            match level.next(only, &mut self.met) {
                Some(found) => return Some(found),
                None => drop(self.levels.pop()),
            }
        }
    }
}

/// The next thing in the innermost archive that was entered; none when all are through.
impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        self.find(None)
    }
}

impl Level {
    fn next(&mut self, only: Option<u64>, met: &mut VecDeque<Found>) -> Option<Found> {
        loop {
            let n = self.n;
            self.n += 1;
            let wanted = only.is_none_or(|w| w == n);
            let step = |name: &str| [&self.steps[..], &[Step::Member(n, name.to_string())]].concat();
            let (steps, modified, body) = match &mut self.members {
                Members::Zip(source, members) => {
                    let member = members.next()?;
                    if member.is_folder() || !wanted {
                        continue;
                    }
                    (step(&member.name), member.modified, unpacked(source, &member, &self.meter))
                }
                Members::Held(members) => {
                    let (name, modified, bytes) = members.next()?;
                    if !wanted {
                        continue;
                    }
                    (step(&name), modified, bytes.map(|b| Box::new(io::Cursor::new(b)) as Box<dyn Read + Send>))
                }
                Members::Sheets(workbook, any) => {
                    let Some(name) = workbook.names.get(n as usize).cloned() else {
                        let steps = self.steps.clone();
                        let empty = Found::Skip(steps, skip("workbook without a cell that holds anything"));
                        return (!std::mem::replace(any, true) && only.is_none()).then_some(empty);
                    };
                    if !wanted {
                        continue;
                    }
                    let (text, damage) = workbook.sheet(n as usize);
                    *any |= !text.is_empty() || damage.is_some();
                    let steps = [&self.steps[..], &[Step::Sheet(n, name)]].concat();
                    let reason = self.meter.exceeded().or(damage.map(skip));
                    match (text.is_empty(), reason) {
                        (true, None) => continue,
                        (true, Some(reason)) => return Some(Found::Skip(steps, reason)),
                        (false, reason) => met.extend(reason.map(|reason| Found::Skip(steps.clone(), reason))),
                    }
                    let body = Counted::layer(io::Cursor::new(text), &self.meter);
                    (steps, None, Ok(Box::new(body) as Box<dyn Read + Send>))
                }
                Members::Tar(tape) => {
                    let passed = lock(tape).next(n);
                    let member = match passed {
                        Ok(Some(member)) => member,
                        Ok(None) => return None,
                        Err(reason) => {
                            // Nothing comes after it.
                            let steps = self.steps.clone();
                            self.members = Members::Held(Vec::new().into_iter());
                            return Some(Found::Skip(steps, reason));
                        }
                    };
                    let body: Box<dyn Read + Send> = Box::new(Passing { tape: tape.clone(), n });
                    match member.kind {
                        _ if !wanted => continue,
                        tar::Kind::Folder => continue,
                        tar::Kind::File => (step(&member.name), member.modified, Ok(body)),
                        tar::Kind::Link => (step(&member.name), None, Err("link in an archive, not followed")),
                        tar::Kind::Other => (step(&member.name), None, Err("no file: a device, or of a kind not read")),
                    }
                }
            };
            if self.meter.member().is_err() {
                let steps = self.steps.clone();
                self.members = Members::Held(Vec::new().into_iter());
                return self.meter.exceeded().map(|skip| Found::Skip(steps, skip));
            }
            return Some(match body.map(|body| Input::within(body, steps.clone(), &self.meter)) {
                Ok(Ok(input)) => Found::File(Box::new(input), modified),
                Ok(Err(e)) => Found::Skip(steps, skip(&e.to_string())),
                Err(reason) => Found::Skip(steps, skip(reason)),
            });
        }
    }
}

fn unpacked(source: &Source, member: &zip::Member, meter: &Meter) -> Result<Box<dyn Read + Send>, &'static str> {
    if member.encrypted {
        return Err("encrypted: no password was given");
    }
    let (start, length) = zip::body(source, member).ok_or("member that is not where the directory says")?;
    let packed = source.slice(start, length);
    let body = zip::unpacked(member, packed, meter).ok_or("packed by a method that is not read")?;
    Ok(Box::new(Counted::layer(body, meter)))
}

/// An input and all its bytes, where it is a document; or why it cannot be known.
pub type Document = Result<(Option<Vec<u8>>, Input), Skip>;

/// What a document that may be an archive underneath gives who reads it whole: all its bytes, and itself as it was. Of an archive of
/// other things no bytes: it may be as long as it likes, and begin with a document that lies in it as it is.
pub fn document(input: Input) -> io::Result<Document> {
    let zipped = kind(input.head()) == Some(Kind::Zip);
    let (source, back) = match input.source(HELD)? {
        Ok(whole) => whole,
        Err(skip) => return Ok(Err(skip)),
    };
    let directory = zipped.then(|| zip::directory(&source, source.size(), MEMBERS)).flatten();
    if directory.is_some_and(|d| !is_document(&d.members)) {
        return Ok(Ok((None, back.restored(&source)?)));
    }
    let mut bytes = Vec::with_capacity(source.size().min(HELD) as usize);
    source.slice(0, HELD).read_to_end(&mut bytes)?;
    Ok(Ok((Some(bytes), back.restored(&source)?)))
}

/// Documents are archives underneath; their parts are no evidence of their own.
fn is_document(members: &[zip::Member]) -> bool {
    members.first().is_some_and(|m| m.name == "mimetype") || members.iter().any(|m| m.name == "[Content_Types].xml")
}

fn held(source: &Source) -> io::Result<Result<Arc<Vec<u8>>, String>> {
    Ok(match source {
        Source::Held(bytes) => Ok(bytes.clone()),
        Source::File(_, size) if *size > HELD => Err("archive longer than is held".into()),
        Source::File(_, size) => {
            let mut bytes = Vec::new();
            source.slice(0, *size).read_to_end(&mut bytes)?;
            Ok(Arc::new(bytes))
        }
    })
}

fn in_headers(bytes: &[u8]) -> (Vec<Held>, Option<&'static str>) {
    let Some(archive) = archive::read(bytes) else { return (Vec::new(), Some("archive that cannot be read")) };
    let why = match archive.locked {
        true => "encrypted: no password was given",
        false => "packed by a method that is not read",
    };
    let members = archive.members.iter().map(|(name, body)| (name.clone(), None, body.map(<[u8]>::to_vec).ok_or(why)));
    let damage = match () {
        () if archive.damaged => Some("archive whose headers are damaged"),
        () if archive.locked && archive.members.is_empty() => Some("encrypted: no password was given"),
        () => None,
    };
    (members.collect(), damage)
}

fn on_disk(bytes: &[u8]) -> (Vec<Held>, Option<&'static str>) {
    let disk = disk::Disk::new(bytes);
    let found = disk.files();
    let mut left = HELD as usize;
    let members = found.files.iter().map(|file| {
        let body = disk.contents(file, left).into_owned();
        left -= body.len();
        (file.path.clone(), None, if left == 0 { Err("a disk holds more than is read") } else { Ok(body) })
    });
    let members = members.collect();
    let damage = match found.known {
        false => Some("disk image whose file system is not read"),
        true => found.cut.then_some("more on a disk image than is read"),
    };
    (members, damage)
}

/// A tape archive that is being read, one member at a time.
struct Tape {
    input: Input,
    /// The member that is read.
    n: u64,
    /// Its bytes that are left, and those to the next header.
    left: u64,
    padding: u64,
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(|e| e.into_inner())
}

impl Tape {
    /// Goes to the next member.
    fn next(&mut self, n: u64) -> Result<Option<tar::Member>, Skip> {
        let rest = self.left.saturating_add(self.padding);
        let cut = || skip("archive that is cut short or damaged");
        let passed = io::copy(&mut self.input.by_ref().take(rest), &mut io::sink()).map_err(|_| cut())?;
        (self.left, self.padding) = (0, 0);
        let member =
            if passed < rest { Err(io::ErrorKind::UnexpectedEof.into()) } else { tar::member(&mut self.input) };
        if let Some(damage) = self.input.damage() {
            return Err(damage.clone());
        }
        let member = member.map_err(|_| cut())?;
        if let Some(member) = &member {
            let file = member.kind == tar::Kind::File || member.kind == tar::Kind::Other;
            let padded = member.size.checked_next_multiple_of(tar::BLOCK).ok_or_else(cut)?;
            (self.n, self.left) = (n, if file { member.size } else { 0 });
            self.padding = if file { padded - member.size } else { 0 };
        }
        Ok(member)
    }
}

/// The member of a tape that is passing. When the next one is, it has ended.
struct Passing {
    tape: Arc<Mutex<Tape>>,
    n: u64,
}

impl Read for Passing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut tape = lock(&self.tape);
        if tape.n != self.n {
            return Ok(0);
        }
        let most = usize::try_from(tape.left).unwrap_or(usize::MAX).min(buffer.len());
        let n = tape.input.fill(&mut buffer[..most])?;
        tape.left -= n as u64;
        match n < most {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => Ok(n),
        }
    }
}

/// Where steps lead.
pub enum Opened {
    /// To these bytes.
    There(Box<Input>),
    /// To these, from which the next step is none into an archive.
    Before(Box<Input>),
    /// Nowhere: the bytes are others than they were.
    Nowhere,
}

/// Goes steps again, from the beginning of the evidence or from where the input stands.
pub fn open(input: Input, steps: &[Step]) -> io::Result<Opened> {
    let mut input = Box::new(input);
    loop {
        let have = input.steps().len();
        if !steps.starts_with(input.steps()) {
            return Ok(Opened::Nowhere);
        }
        match steps.get(have) {
            None => return Ok(Opened::There(input)),
            Some(Step::Member(n, _) | Step::Sheet(n, _)) => {
                let mut walk = Walk { sheets: matches!(steps[have], Step::Sheet(..)), ..Walk::default() };
                if walk.enter(*input)?.is_some() {
                    return Ok(Opened::Nowhere);
                }
                input = loop {
                    match walk.find(Some(*n)) {
                        Some(Found::File(file, _)) if file.steps().get(have) == steps.get(have) => break file,
                        Some(Found::Skip(..)) => {}
                        _ => return Ok(Opened::Nowhere),
                    }
                };
            }
            Some(_) => return Ok(Opened::Before(input)),
        }
    }
}

#[cfg(test)]
mod tests;
