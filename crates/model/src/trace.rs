//! Traces: where exactly. The evidence's hash, the steps inside it, and byte ranges in the last step. A run of many
//! lines is one compact set of ranges, a few bytes a line.

use crate::EvidenceId;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One step from evidence inwards.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Decompressed by gzip (RFC 1952), all members.
    Gzip,
    /// Decompressed by bzip2.
    Bzip2,
    /// Decompressed by xz.
    Xz,
    /// Decompressed by Zstandard (RFC 8878).
    Zstd,
    /// UTF-16 with a byte order mark, as UTF-8 without.
    Utf16,
    /// Lines taken out of Docker's `json-file` log.
    Docker,
    /// Lines taken out of a log of the Kubernetes container runtime interface.
    Cri,
    /// Lines of syslog taken out of frames with octet counts (RFC 6587).
    Octets,
    /// JSON objects, one on each line.
    Objects,
    /// Records of utmp, wtmp or btmp as lines.
    Utmp,
    /// A member of an archive, by its place in the archive (names can repeat).
    Member(u64, String),
    /// A message of a mailbox, by where it begins.
    Message(u64),
    /// A MIME part of a message, by its place in depth-first order.
    Part(u64),
    /// A sheet of a workbook as separated values, by its place in the workbook.
    Sheet(u64, String),
}

impl Step {
    /// Steps as a path goes on from the name of the evidence: members and sheets by their names, other steps left out.
    pub fn path(steps: &[Step]) -> String {
        let members = steps.iter().filter_map(|s| match s {
            Step::Member(_, name) | Step::Sheet(_, name) => Some(format!("/{name}")),
            Step::Part(n) => Some(format!("/part {n}")),
            _ => None,
        });
        members.collect()
    }

    /// As it stands in a finding's JSON.
    pub fn label(&self) -> String {
        match self {
            Step::Gzip => "gzip".into(),
            Step::Bzip2 => "bzip2".into(),
            Step::Xz => "xz".into(),
            Step::Zstd => "zstd".into(),
            Step::Utf16 => "utf-16".into(),
            Step::Docker => "docker json-file".into(),
            Step::Cri => "cri".into(),
            Step::Octets => "octet counts".into(),
            Step::Objects => "objects".into(),
            Step::Utmp => "utmp".into(),
            Step::Member(n, name) => format!("member {n} {name}"),
            Step::Message(at) => format!("message at {at}"),
            Step::Part(n) => format!("part {n}"),
            Step::Sheet(n, name) => format!("sheet {n} {name}"),
        }
    }
}

/// A byte range, with the line it stands on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// Bytes.
    pub len: u64,
    /// Line, counted from 1; 0 where lines do not exist.
    pub line: u64,
}

/// An ordered set of byte ranges, stored as differences in variable-length numbers. Neighbouring lines (one byte, the
/// newline, between them) become one range, so that a flood costs no more than a line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpanSet {
    bytes: Vec<u8>,
    ranges: u64,
    /// Where the differences stand: start and line of the last encoded range.
    encoded: (u64, u64),
    /// The last range, still able to grow.
    last: Option<Span>,
}

impl SpanSet {
    /// No ranges.
    pub fn new() -> SpanSet {
        SpanSet::default()
    }

    /// Of ranges in any order, each once.
    pub fn of(mut ranges: Vec<Span>) -> SpanSet {
        ranges.sort_unstable();
        ranges.dedup();
        let mut set = SpanSet::new();
        ranges.into_iter().for_each(|s| set.push(s));
        set
    }

    /// Adds a range. Ranges that come in order of `start` cost a few bytes each; any order is allowed.
    pub fn push(&mut self, span: Span) {
        if let Some(last) = &mut self.last {
            if last.line != 0 && span.line != 0 && last.start.checked_add(last.len + 1) == Some(span.start) {
                last.len += 1 + span.len;
                return;
            }
            let done = *last;
            encode(&mut self.bytes, &mut self.encoded, done);
        }
        self.last = Some(span);
        self.ranges += 1;
    }

    /// How many ranges (not lines: neighbouring lines are one).
    pub fn len(&self) -> u64 {
        self.ranges
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges == 0
    }

    /// The ranges as they were added.
    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        let (mut rest, mut start, mut line) = (self.bytes.as_slice(), 0u64, 0u64);
        std::iter::from_fn(move || {
            start = start.wrapping_add(unzigzag(get(&mut rest)?));
            let len = get(&mut rest)?;
            line = line.wrapping_add(unzigzag(get(&mut rest)?));
            Some(Span { start, len, line })
        })
        .chain(self.last)
    }

    /// Adds all ranges of another set of the same evidence and steps.
    pub fn extend(&mut self, other: &SpanSet) {
        other.iter().for_each(|s| self.push(s));
    }

    /// The stored form; [`SpanSet::from_bytes`] reads it back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        if let Some(last) = self.last {
            encode(&mut bytes, &mut self.encoded.clone(), last);
        }
        bytes
    }

    /// From the stored form. Damaged bytes end the set early, never wrongly long.
    pub fn from_bytes(bytes: &[u8]) -> SpanSet {
        let stored = SpanSet { bytes: bytes.to_vec(), ..SpanSet::default() };
        let mut set = SpanSet::new();
        stored.iter().for_each(|s| set.push(s));
        set
    }
}

fn encode(bytes: &mut Vec<u8>, at: &mut (u64, u64), span: Span) {
    put(bytes, zigzag(span.start.wrapping_sub(at.0)));
    put(bytes, span.len);
    put(bytes, zigzag(span.line.wrapping_sub(at.1)));
    *at = (span.start, span.line);
}

impl Serialize for SpanSet {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter().map(|s| [s.start, s.len, s.line]))
    }
}

impl<'de> Deserialize<'de> for SpanSet {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<SpanSet, D::Error> {
        let mut set = SpanSet::new();
        Vec::<[u64; 3]>::deserialize(d)?.into_iter().for_each(|[start, len, line]| set.push(Span { start, len, line }));
        Ok(set)
    }
}

impl JsonSchema for SpanSet {
    fn schema_name() -> Cow<'static, str> {
        "Spans".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Vec::<[u64; 3]>::json_schema(generator);
        schema.insert("description".into(), "Ranges: first byte, bytes, line".into());
        schema
    }
}

fn zigzag(difference: u64) -> u64 {
    let d = difference as i64;
    ((d << 1) ^ (d >> 63)) as u64
}

fn unzigzag(z: u64) -> u64 {
    (z >> 1) ^ (z & 1).wrapping_neg()
}

fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn get(rest: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for (i, &b) in rest.iter().enumerate().take(10) {
        n |= u64::from(b & 0x7f) << (7 * i);
        if b < 0x80 {
            *rest = &rest[i + 1..];
            return Some(n);
        }
    }
    None
}

/// Byte ranges in one piece of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// Which evidence.
    pub evidence: EvidenceId,
    /// The steps inside it, outermost first.
    pub steps: Vec<Step>,
    /// Where in the last step.
    pub spans: SpanSet,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_survive_any_order_and_any_size() {
        let given = [
            Span { start: 5, len: 10, line: 1 },
            Span { start: 900, len: 1 << 40, line: 7 },
            Span { start: 3, len: 0, line: 0 },
            Span { start: u64::MAX, len: 1, line: u64::MAX },
        ];
        let mut set = SpanSet::new();
        given.iter().for_each(|&s| set.push(s));
        assert_eq!(set.iter().collect::<Vec<_>>(), given);
        assert_eq!(SpanSet::from_bytes(&set.to_bytes()), set);
    }

    #[test]
    fn damaged_spans_end_early() {
        let mut set = SpanSet::new();
        set.push(Span { start: 1000, len: 1000, line: 1000 });
        for cut in 0..set.to_bytes().len() {
            assert!(SpanSet::from_bytes(&set.to_bytes()[..cut]).is_empty());
        }
    }
}
