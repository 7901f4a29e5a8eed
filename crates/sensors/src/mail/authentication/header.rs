//! A message cut into header fields and body, by byte ranges of the message as it is stored: signatures cover bytes, so
//! nothing is decoded or repaired here. You may rely on: linear time, at most [`MAX_FIELDS`] fields. Left out: MIME, and
//! lines that are no field (they end up in no field, as no signature can cover them).

use std::ops::Range;

/// Fields kept. Ordinary mail has under two hundred; a message with more is said to be so and not verified, as every
/// signature costs time in proportion to them.
pub const MAX_FIELDS: usize = 10_000;

/// One header field.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name, as written, without white space before the colon.
    pub name: Range<usize>,
    /// After the colon, folded lines included, without the final line end.
    pub value: Range<usize>,
    /// A hash of the name without regard to case, so that most comparisons are of one number.
    hash: u32,
}

/// A message as stored.
#[derive(Debug)]
pub struct Message<'a> {
    /// All bytes.
    pub raw: &'a [u8],
    /// The fields, topmost first.
    pub fields: Vec<Field>,
    /// Where the body starts.
    pub body: usize,
    /// More fields than [`MAX_FIELDS`].
    pub too_many: bool,
}

/// A hash of a name without regard to ASCII case: half of it, so that a field stays small.
fn hash(name: &[u8]) -> u32 {
    model::hash::fnv1a(name.iter().map(u8::to_ascii_lowercase)) as u32
}

impl<'a> Message<'a> {
    /// Cuts a message. An mbox `From ` line at its start is no part of it.
    pub fn new(raw: &'a [u8]) -> Message<'a> {
        let mut message = Message { raw, fields: Vec::with_capacity(24), body: raw.len(), too_many: false };
        let mut at = 0;
        while at < raw.len() {
            let end = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |n| at + n + 1);
            let text = at + trim_line_end(&raw[at..end]).len();
            if text == at {
                message.body = end;
                break;
            }
            match raw[at] {
                b' ' | b'\t' => {
                    // A line of white space alone continues a field too (RFC 5322 4.2, obsolete folding).
                    if let Some(last) = message.fields.last_mut() {
                        last.value.end = text;
                    }
                }
                _ if at == 0 && raw.starts_with(b"From ") => {}
                _ => message.field(at, text),
            }
            at = end;
        }
        message
    }

    fn field(&mut self, start: usize, end: usize) {
        let line = &self.raw[start..end];
        let Some(colon) = memchr::memchr(b':', line) else { return };
        let name = line[..colon].trim_ascii_end();
        if name.is_empty() || !name.iter().all(|b| (0x21..=0x7e).contains(b)) {
            return;
        }
        if self.fields.len() == MAX_FIELDS {
            self.too_many = true;
            return;
        }
        self.fields.push(Field { name: start..start + name.len(), value: start + colon + 1..end, hash: hash(name) });
    }

    /// Whether a field has this name.
    pub fn is(&self, field: &Field, name: &Name) -> bool {
        field.hash == name.hash && self.raw[field.name.clone()].eq_ignore_ascii_case(name.text)
    }

    /// The fields of a name with their places, topmost first.
    pub fn named<'m>(&'m self, name: &'static str) -> impl DoubleEndedIterator<Item = (usize, &'m Field)> {
        let name = Name::new(name.as_bytes());
        self.fields.iter().enumerate().filter(move |(_, f)| self.is(f, &name))
    }

    /// A field's value.
    pub fn value(&self, field: &Field) -> &'a [u8] {
        &self.raw[field.value.clone()]
    }

    /// The body's bytes.
    pub fn body(&self) -> &'a [u8] {
        &self.raw[self.body..]
    }
}

/// A name to look for.
#[derive(Clone, Copy, Debug)]
pub struct Name<'n> {
    text: &'n [u8],
    hash: u32,
}

impl<'n> Name<'n> {
    /// Hashes it once.
    pub fn new(text: &'n [u8]) -> Name<'n> {
        Name { text, hash: hash(text) }
    }

    /// Whether two names are the same, case aside.
    pub fn same(&self, other: &Name) -> bool {
        self.hash == other.hash && self.text.eq_ignore_ascii_case(other.text)
    }
}

/// A line without its `\n` or `\r\n`.
pub fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
