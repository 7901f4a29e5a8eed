//! Records out of a JSON document of any size: an array of statuses, a page of an interface, an export with a header,
//! objects on lines, the script that an archive keeps its posts in.
//!
//! You may rely on: memory is one record (at most [`RECORD_MAX`]) and one read, whatever the file; what is damaged or
//! too long is counted and the next record is looked for. A line end inside a string, which JSON forbids, closes the
//! string: a lost quote loses one record and not the file. Left out: whether a record is good JSON; its reader says.

use crate::input::Input;
use crate::posts::damage::{CUT, Damage, TOO_DEEP, TOO_LONG};
use memchr::{memchr_iter, memchr3};
use model::{Error, Result, Span};

/// Bytes of one record.
pub const RECORD_MAX: usize = 4 << 20;
/// Bytes read at once.
const READ: usize = 1 << 20;
/// Levels above records.
const DEPTH_MAX: usize = 32;
/// Bytes of a key or of a value outside of records.
const SCALAR_MAX: usize = 64 << 10;

/// Something of a document. Paths are keys joined by `/`; arrays leave no mark in them.
pub enum Piece<'b> {
    /// A whole object.
    Record(&'b str, &'b [u8], Span),
    /// A text, a number or a word between records, as written.
    Scalar(&'b str, &'b [u8]),
    /// An object that was entered ends.
    End(&'b str),
}

/// How a document is cut.
#[derive(Clone, Copy)]
pub struct Shape<'p> {
    /// The paths of objects that are entered; all others are records.
    pub enter: &'p [&'p str],
    /// Each line is a document of its own: a line end ends whatever was open.
    pub lines: bool,
}

/// Cuts a document into its pieces.
pub fn cut<'i>(
    input: &'i mut Input,
    shape: Shape<'i>,
    damage: &mut Damage,
    each: &mut dyn FnMut(Piece, &mut Damage),
) -> Result<()> {
    Cutter { input, shape, bytes: Vec::new(), base: 0, at: 0, counted: 0, line: 1, ended: false }.run(damage, each)
}

struct Cutter<'i> {
    input: &'i mut Input,
    shape: Shape<'i>,
    bytes: Vec<u8>,
    /// Offset in the file of the first of `bytes`.
    base: u64,
    /// Where in `bytes` we stand.
    at: usize,
    /// Line ends are counted up to here.
    counted: usize,
    line: u64,
    ended: bool,
}

/// An object or array that is open; of an object, how long the path was before it, and under which key it stands.
struct Frame {
    object: bool,
    path: usize,
    key: Option<String>,
}

impl Cutter<'_> {
    fn run(mut self, damage: &mut Damage, each: &mut dyn FnMut(Piece, &mut Damage)) -> Result<()> {
        let (mut frames, mut path, mut key) = (Vec::<Frame>::new(), String::new(), None::<String>);
        let mut wants_key = false;
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' if self.shape.lines && !frames.is_empty() => {
                    damage.count(CUT, self.place(self.at, 0));
                    (frames, path, key) = (Vec::new(), String::new(), None);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b':' => (self.at, wants_key) = (self.at + 1, false),
                b',' => (self.at, wants_key) = (self.at + 1, frames.last().is_some_and(|f| f.object)),
                b'}' | b']' => {
                    self.at += 1;
                    if let Some(frame) = frames.pop().filter(|f| f.object) {
                        each(Piece::End(&path), damage);
                        path.truncate(frame.path);
                        key = frame.key;
                    }
                    wants_key = false;
                }
                b'"' => {
                    let len = self.value(SCALAR_MAX, damage)?.map_or(0, |place| place.len as usize);
                    let text = &self.bytes[self.at - len..self.at];
                    if std::mem::take(&mut wants_key) {
                        let bare = text.get(1..len.saturating_sub(1)).unwrap_or_default();
                        key = Some(String::from_utf8_lossy(bare).into_owned());
                    } else {
                        each(Piece::Scalar(&joined(&path, &key), text), damage);
                    }
                }
                b'[' if frames.len() < DEPTH_MAX => {
                    frames.push(Frame { object: false, path: path.len(), key: None });
                    self.at += 1;
                }
                b'[' => {
                    damage.count(TOO_DEEP, self.place(self.at, 0));
                    self.value(0, damage)?;
                }
                b'{' => {
                    let inner = joined(&path, &key);
                    if self.shape.enter.contains(&inner.as_str()) && frames.len() < DEPTH_MAX {
                        frames.push(Frame { object: true, path: path.len(), key: key.take() });
                        (path, wants_key) = (inner, true);
                        self.at += 1;
                    } else if let Some(place) = self.value(RECORD_MAX, damage)? {
                        let start = self.at - place.len as usize;
                        each(Piece::Record(&inner, &self.bytes[start..self.at], place), damage);
                    }
                }
                _ => {
                    let len = self.word()?;
                    each(Piece::Scalar(&joined(&path, &key), &self.bytes[self.at - len..self.at]), damage);
                }
            }
        }
        if !frames.is_empty() {
            damage.count(CUT, self.place(self.at, 0));
        }
        Ok(())
    }

    /// Where a piece of `bytes` stands in the file.
    fn place(&mut self, start: usize, len: usize) -> Span {
        if start > self.counted {
            self.line += memchr_iter(b'\n', &self.bytes[self.counted..start]).count() as u64;
            self.counted = start;
        }
        Span { start: self.base + start as u64, len: len as u64, line: self.line }
    }

    fn peek(&mut self) -> Result<Option<u8>> {
        if self.at == self.bytes.len() && !self.more(self.at)? {
            return Ok(None);
        }
        if self.base == 0 && self.at == 0 && self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
            return self.peek();
        }
        Ok(self.bytes.get(self.at).copied())
    }

    /// Reads on, keeping `bytes` from `keep`. Says whether there was more.
    fn more(&mut self, keep: usize) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.place(keep, 0);
        self.bytes.drain(..keep);
        (self.base, self.at, self.counted) = (self.base + keep as u64, self.at - keep, self.counted - keep);
        let filled = self.bytes.len();
        self.bytes.resize(filled + READ, 0);
        let read = self.input.fill(&mut self.bytes[filled..]);
        let read = read.map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
        self.bytes.truncate(filled + read);
        self.ended = read < READ;
        Ok(read > 0)
    }

    /// Passes over the string, object or array that begins here. Its place, if all of it is in `bytes`; else that was
    /// counted.
    fn value(&mut self, most: usize, damage: &mut Damage) -> Result<Option<Span>> {
        let mut start = self.at;
        let begin = self.place(start, 0);
        let (mut depth, mut text, mut kept) = (0u64, false, true);
        loop {
            while let Some(&byte) = self.bytes.get(self.at) {
                if text {
                    match memchr3(b'"', b'\\', b'\n', &self.bytes[self.at..]) {
                        None => self.at = self.bytes.len(),
                        Some(n) if self.bytes[self.at + n] == b'\\' => {
                            // The escaped byte may not have been read yet.
                            if self.at + n + 1 >= self.bytes.len() && !self.ended {
                                self.at += n;
                                break;
                            }
                            self.at = (self.at + n + 2).min(self.bytes.len());
                        }
                        Some(n) => {
                            // A line end closes a text that lost its quote, and is looked at again below.
                            text = false;
                            self.at += n + usize::from(self.bytes[self.at + n] == b'"');
                        }
                    }
                } else {
                    match byte {
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth = depth.saturating_sub(1),
                        b'"' => text = true,
                        b'\n' if self.shape.lines => {
                            damage.count(CUT, begin);
                            return Ok(None);
                        }
                        _ => {}
                    }
                    self.at += 1;
                }
                if depth == 0 && !text {
                    let len = self.at - start.min(self.at);
                    if kept && len > most && most == RECORD_MAX {
                        damage.count(TOO_LONG, begin);
                    }
                    return Ok((kept && len <= most).then_some(Span { len: len as u64, ..begin }));
                }
            }
            if kept && self.at - start > most {
                kept = false;
                if most == RECORD_MAX {
                    damage.count(TOO_LONG, begin);
                }
            }
            let keep = if kept { start } else { self.at };
            if !self.more(keep)? {
                self.at = self.bytes.len();
                damage.count(CUT, begin);
                return Ok(None);
            }
            start = if kept { 0 } else { self.at };
        }
    }

    /// Passes over a word: a number, `true`, what a script writes around its data. Its length, if it has one.
    fn word(&mut self) -> Result<usize> {
        let mut start = self.at;
        loop {
            let rest = &self.bytes[self.at..];
            let end = rest.iter().position(|b| b" \t\r\n,:{}[]\"".contains(b));
            self.at += end.unwrap_or(rest.len());
            if end.is_some() {
                return Ok(self.at - start);
            }
            // Garbage without end is passed over piece by piece.
            if self.at - start > SCALAR_MAX {
                start = self.at;
            }
            if !self.more(start)? {
                return Ok(self.at - start);
            }
            start = 0;
        }
    }
}

fn joined(path: &str, key: &Option<String>) -> String {
    match key {
        None => path.to_string(),
        Some(key) if path.is_empty() => key.clone(),
        Some(key) => format!("{path}/{key}"),
    }
}
