//! Evidence → messages: a whole file, or an mbox in its four variants (mboxo, mboxrd, mboxcl, mboxcl2), with any line
//! end.
//!
//! You may rely on: at most [`MESSAGE`] bytes of a message and one read are held; of a longer one the lines of base64
//! go first, so that what stands around a huge attachment is still read. A `From ` line begins a message only where it
//! looks like one and a header follows it or an empty line stands before it; where `Content-Length` leads to such a
//! line, it is believed.

use super::header;
use crate::input::Input;
use model::{Error, Result};
use std::borrow::Cow;

/// Bytes held of one message, at most.
pub const MESSAGE: usize = 24 << 20;
/// Bytes held above that until a line ends.
const SLACK: usize = 4 << 20;
/// Bytes read at once.
const READ: usize = 256 << 10;
/// Bytes behind the beginning of a message that must be there to know it for one.
const AROUND: usize = 1_000;

/// One message as it stands in evidence.
#[derive(Debug, Default)]
pub struct Raw {
    /// Its bytes, without the `From ` line and its quoting.
    pub bytes: Vec<u8>,
    /// Where it begins in the evidence's last step (an mbox: at its `From ` line).
    pub start: u64,
    /// How long it is there.
    pub len: u64,
    /// The line on which it begins.
    pub line: u64,
    /// Bytes left out of `bytes`.
    pub dropped: u64,
}

/// Cuts an input into messages.
pub struct Splitter<'i> {
    input: &'i mut Input,
    mbox: bool,
    /// It is a series of patches, as git writes them.
    patches: bool,
    /// Lines end in carriage returns alone.
    returns: bool,
    buffer: Vec<u8>,
    /// Where the next message begins in `buffer`.
    from: usize,
    /// Offset and line of that place in the evidence.
    at: (u64, u64),
    ended: bool,
}

impl<'i> Splitter<'i> {
    /// Messages of an input.
    pub fn new(input: &'i mut Input) -> Splitter<'i> {
        let head = lines(input.head());
        let begin = lead(&head);
        let mbox = separator(&head, begin);
        let patches = is_patch(&head[begin..]);
        let returns = matches!(head, Cow::Owned(_));
        drop(head);
        Splitter { input, mbox, patches, returns, buffer: Vec::new(), from: 0, at: (0, 1), ended: false }
    }

    /// Bytes of evidence, as stored, taken so far.
    pub fn consumed(&self) -> u64 {
        self.input.consumed()
    }

    /// Why the input ended early, if it did.
    pub fn damage(&self) -> Option<&model::Skip> {
        self.input.damage()
    }

    /// Reads on; what was taken before is forgotten.
    fn more(&mut self) -> Result<()> {
        self.buffer.drain(..self.from);
        self.from = 0;
        let held = self.buffer.len();
        self.buffer.resize(held + READ, 0);
        let read = self.input.fill(&mut self.buffer[held..]);
        let read = read.map_err(|e| Error::new("could not read on").because(e).hint("check the disk"))?;
        self.buffer.truncate(held + read);
        if self.returns {
            self.buffer[held..].iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
        }
        self.ended = read < READ;
        Ok(())
    }

    /// The next message.
    pub fn message(&mut self) -> Result<Option<Raw>> {
        let (mut scanned, mut dropped, mut promised) = (0, 0, None);
        let end = loop {
            let held = self.buffer.len() - self.from;
            if self.mbox && promised.is_none() {
                promised = self.promised(dropped);
            }
            if let Some(Promise::Ends(end)) = promised {
                break end;
            }
            if self.mbox && !matches!(promised, Some(Promise::Waits)) {
                match self.boundary(scanned) {
                    Some(end) => break end,
                    // What may begin too near to the end of what is held is looked at again, with the line end before it.
                    None => scanned = held.saturating_sub(AROUND + 1).max(scanned),
                }
            }
            if self.ended {
                break held;
            }
            if held > MESSAGE {
                dropped += self.shrink();
                scanned = scanned.min(self.buffer.len() - self.from);
            }
            self.more()?;
            if matches!(promised, Some(Promise::Waits)) {
                promised = None;
            }
        };
        if end == 0 {
            return Ok(None);
        }
        let text = &self.buffer[self.from..self.from + end];
        if self.mbox && lead(text) == end && self.from + end < self.buffer.len() {
            // Blank lines before the first message of a mailbox are none.
            self.at = (self.at.0 + end as u64, self.at.1 + memchr::memchr_iter(b'\n', text).count() as u64);
            self.from += end;
            return self.message();
        }
        let (start, line) = self.at;
        let len = end as u64 + dropped;
        self.at = (start + len, line + memchr::memchr_iter(b'\n', text).count() as u64);
        let bytes = match self.mbox {
            true => unquoted(text, matches!(promised, Some(Promise::Ends(_)))),
            // All there is: nothing is left to copy from.
            false => {
                self.buffer.drain(..self.from);
                self.from = 0;
                std::mem::take(&mut self.buffer)
            }
        };
        self.from = if self.mbox { self.from + end } else { 0 };
        Ok(Some(Raw { bytes, start, len, line, dropped }))
    }

    /// Where the next message begins, counted from this one's first byte.
    fn boundary(&self, scanned: usize) -> Option<usize> {
        let text = &self.buffer[self.from..];
        let hits = memchr::memmem::find_iter(text.get(scanned..)?, b"\nFrom ").map(|n| scanned + n + 1);
        // At the end of what is read so far the lines around it are not all there.
        hits.into_iter().find(|&n| {
            (self.ended || n + AROUND < text.len()) && separator(text, n) && (self.patches || !is_patch(&text[n..]))
        })
    }

    /// Whether `Content-Length` says where this message ends, and a separator or the end of it all stands there.
    fn promised(&self, dropped: u64) -> Option<Promise> {
        let text = &self.buffer[self.from..];
        if dropped > 0 {
            return Some(Promise::Broken);
        }
        let skip = memchr::memchr(b'\n', text)? + 1;
        let block = header::block(text.get(skip..)?);
        if skip + block.body >= text.len() && !self.ended {
            return (text.len() > header::BLOCK).then_some(Promise::Broken);
        }
        let length = block.fields.iter().find(|h| h.is("content-length")).map(|h| h.plain());
        let Some(length) = length.and_then(|l| l.trim().parse::<usize>().ok()).filter(|l| *l < MESSAGE) else {
            return Some(Promise::Broken);
        };
        let end = skip + block.body + length;
        match text.get(end..) {
            None if self.ended => Some(Promise::Broken),
            Some(rest) if rest.len() < 2_000 && !self.ended => Some(Promise::Waits),
            None => Some(Promise::Waits),
            Some(rest) => {
                let blank = rest.iter().take(4).take_while(|b| matches!(b, b'\r' | b'\n')).count();
                let ends = end + blank == text.len() || separator(text, end + blank);
                Some(if ends { Promise::Ends(end + blank) } else { Promise::Broken })
            }
        }
    }

    /// Drops lines of base64 from what is held above half of the bound, then, if that is not enough, all of it but
    /// its last line. Returns how many bytes went.
    fn shrink(&mut self) -> u64 {
        let keep = self.from + MESSAGE - SLACK;
        let before = self.buffer.len();
        let end = memchr::memrchr(b'\n', &self.buffer[keep..]).map_or(keep, |n| keep + n + 1);
        let tail = self.buffer.split_off(end);
        let lines = self.buffer.split_off(keep);
        for line in lines.split_inclusive(|&b| b == b'\n') {
            let text = line.trim_ascii_end();
            let base64 =
                text.len() >= 40 && text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
            if !base64 && self.buffer.len() < keep + SLACK / 2 {
                self.buffer.extend_from_slice(line);
            }
        }
        if tail.len() < SLACK / 2 {
            self.buffer.extend_from_slice(&tail);
        }
        (before - self.buffer.len()) as u64
    }
}

/// The first bytes of a file with line feeds, where its lines end in carriage returns alone (as Macintoshes wrote them).
pub fn lines(head: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\n', head).is_some() || memchr::memchr(b'\r', head).is_none() {
        return Cow::Borrowed(head);
    }
    Cow::Owned(head.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
}

/// What programs leave before the first line: a byte order mark, blank lines, zeros.
fn lead(head: &[u8]) -> usize {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    mark + head[mark..].iter().take_while(|b| matches!(b, b'\n' | b'\r' | b' ' | b'\t' | 0)).count()
}

/// What a `Content-Length` is worth.
enum Promise {
    /// Not believed, or none.
    Broken,
    /// More must be read to know.
    Waits,
    /// The message ends here.
    Ends(usize),
}

/// Whether a `From ` line that begins a message stands at `at`: a time of day and a year, and an empty line before it or
/// a header after it. (`From Monday at 08:30 on …` is a sentence.)
pub fn separator(text: &[u8], at: usize) -> bool {
    let Some(line) = text.get(at..).filter(|l| l.starts_with(b"From ")) else { return false };
    let end = memchr::memchr(b'\n', line.get(..500).unwrap_or(line)).unwrap_or(line.len());
    let (line, after) = (&line[..end.min(line.len())], line.get(end + 1..).unwrap_or_default());
    let timed = line
        .windows(5)
        .any(|w| matches!(w, [a, b, b':', c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit() || **x == b' ')));
    let year = |word: &[u8]| word.len() == 4 && (word.starts_with(b"19") || word.starts_with(b"20"));
    let timed = timed && line.split(|b| !b.is_ascii_digit()).any(year);
    let blank = at == 0 || text[..at].ends_with(b"\n\n") || text[..at].ends_with(b"\n\r\n");
    let header = || {
        header::block(after.get(..1_000).unwrap_or(after))
            .fields
            .first()
            .is_some_and(|h| after.starts_with(h.name.as_bytes()))
    };
    // Some programs write neither who nor when: then fields of mail must follow.
    let bare = || matches!(line.trim_ascii_end(), b"From" | b"From -") && header::block(after).fields.len() > 2;
    timed && (blank || header()) || (at == 0 && header()) || blank && header() && bare()
}

/// Whether it is the line that git sets above a patch: a commit for an address, and always the same date. Inside a message
/// it stands in a text; only a series of patches begins with one.
fn is_patch(text: &[u8]) -> bool {
    let line = text.get(..200).unwrap_or(text).split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end();
    let words = line.strip_prefix(b"From ").and_then(|l| l.strip_suffix(b" Mon Sep 17 00:00:00 2001"));
    words.is_some_and(|commit| matches!(commit.len(), 40 | 64) && commit.iter().all(u8::is_ascii_hexdigit))
}

/// Whether a file begins with a `From ` line that could be nothing else: an address, and a whole date.
pub fn dated(head: &[u8]) -> bool {
    let end = memchr::memchr(b'\n', head).unwrap_or(head.len());
    let line = head[..end].strip_prefix(b"From ").and_then(|l| std::str::from_utf8(l).ok());
    let date = line.and_then(|l| l.trim().split_once(' ')).map(|(_, date)| date);
    date.is_some_and(|d| super::date::parse(d).is_some()) && separator(head, 0)
}

/// A message of an mbox without its `From ` line, the empty line after it, and (mboxo, mboxrd, mboxcl) the `>` before
/// quoted `From ` lines. Where a length was given and lines begin with a bare `From `, nothing was quoted (mboxcl2).
fn unquoted(text: &[u8], counted: bool) -> Vec<u8> {
    // Only before the first message of all stands anything.
    let text = text.get(lead(text)..).filter(|t| t.starts_with(b"From ")).unwrap_or(text);
    let begin = if text.starts_with(b"From ") { memchr::memchr(b'\n', text).map_or(text.len(), |n| n + 1) } else { 0 };
    let mut text = &text[begin..];
    for end in [&b"\r\n\r\n"[..], b"\n\n"] {
        if text.ends_with(end) {
            text = &text[..text.len() - end.len() / 2];
        }
    }
    if counted && memchr::memmem::find(text, b"\nFrom ").is_some() {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut done = 0;
    for n in memchr::memmem::find_iter(text, b"From ") {
        let quotes = text[..n].iter().rev().take(64).take_while(|&&b| b == b'>').count();
        let start = n - quotes;
        if quotes > 0 && (start == 0 || text[start - 1] == b'\n') {
            out.extend_from_slice(&text[done..start]);
            done = start + 1;
        }
    }
    out.extend_from_slice(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Budget;
    use std::io::Cursor;

    fn split(text: &[u8]) -> Vec<Raw> {
        let mut input = Input::open(Box::new(Cursor::new(text.to_vec())), Budget::default()).unwrap();
        let mut splitter = Splitter::new(&mut input);
        std::iter::from_fn(|| splitter.message().unwrap()).collect()
    }

    fn check(text: &str, expected: &[&str]) {
        for text in [text.to_string(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            let all = split(text.as_bytes());
            let got: Vec<_> = all.iter().map(|r| String::from_utf8_lossy(&r.bytes).replace('\r', "")).collect();
            assert_eq!(got, expected, "{text:?}");
            let mut at = 0;
            for raw in all {
                assert_eq!(raw.start, at);
                at += raw.len;
            }
            assert_eq!(at, text.len() as u64);
        }
    }

    #[test]
    fn a_message_begins_wherever_what_was_read_so_far_ends() {
        let line = "From a@b.fr Thu Aug 22 12:36:23 2002\n";
        let second = format!("{line}B: 2\n\n{}\n", "end\n".repeat(500));
        for at in READ - AROUND - 3..READ - AROUND + 3 {
            let first = format!("{line}A: 1\n\n");
            let first = format!("{first}{}\n\n", "x".repeat(at - first.len() - 2));
            let all = split(format!("{first}{second}").as_bytes());
            assert_eq!(all.iter().map(|m| m.start).collect::<Vec<_>>(), [0, at as u64]);
        }
    }

    #[test]
    fn mboxes_of_four_kinds() {
        let line = "From a@b.fr Thu Aug 22 12:36:23 2002\n";
        let two = |one: &str| format!("{line}A: 1\n\n{one}\n\n{line}B: 2\n\nend\n");
        check(&two("text"), &["A: 1\n\ntext\n", "B: 2\n\nend\n"]);
        check(&two(">From me\n>>From him"), &["A: 1\n\nFrom me\n>From him\n", "B: 2\n\nend\n"]);
        check(&two("\nFrom me to you"), &["A: 1\n\n\nFrom me to you\n", "B: 2\n\nend\n"]);
        let quoted = format!("{line}A: 1\nContent-Length: 9\n\n>From me\n\n{line}B: 2\n\nend\n");
        assert_eq!(split(quoted.as_bytes())[0].bytes, b"A: 1\nContent-Length: 9\n\nFrom me\n");
        let body = format!("x\n\n{line}C: 3\n");
        let counted = format!("{line}A: 1\nContent-Length: {}\n\n{body}\n{line}B: 2\n\nend\n", body.len());
        let got = split(counted.as_bytes());
        assert_eq!((got.len(), got[0].bytes.ends_with(body.as_bytes())), (2, true), "{got:?}");
        let lies = format!("{line}A: 1\nContent-Length: 7777\n\nx\n\n{line}B: 2\n\nend\n");
        assert_eq!(split(lies.as_bytes()).len(), 2);
    }

    #[test]
    fn a_sentence_ends_no_message_and_blanks_before_a_mailbox_hide_none() {
        let line = "From a@b.fr Thu Aug 22 12:36:23 2002\n";
        let one = "A: 1\n\nHello\n\nFrom Monday at 08:30 on\nNote: we meet\n";
        check(&format!("{line}{one}\n{line}B: 2\n\nend\n"), &[one, "B: 2\n\nend\n"]);
        for before in ["\n\n", "\u{feff}", "\u{feff}\n", "\0\0\0"] {
            let all = split(format!("{before}{line}A: 1\n\nx\n\n{line}B: 2\n\nend\n").as_bytes());
            let got: Vec<&[u8]> = all.iter().map(|r| &r.bytes[..]).collect();
            assert_eq!(got, [&b"A: 1\n\nx\n"[..], b"B: 2\n\nend\n"], "{before:?}");
        }
    }

    #[test]
    fn a_patch_within_a_message_begins_none_and_bare_lines_do() {
        let line = "From a@b.fr Thu Aug 22 12:36:23 2002\n";
        let git = format!("From {} Mon Sep 17 00:00:00 2001\nFrom: dev@b.fr\nDate: x\n\npatch\n", "0a".repeat(20));
        let quoting = format!("A: 1\n\nsee\n\n{git}");
        check(&format!("{line}{quoting}\n{line}B: 2\n\nend\n"), &[&quoting, "B: 2\n\nend\n"]);
        assert_eq!(split(format!("{git}\n{git}").as_bytes()).len(), 2);
        let one = "From: a@b.fr\nTo: b@b.fr\nDate: x\n\ntext\n";
        check(&format!("From \n{one}\nFrom \n{one}"), &[one, one]);
    }

    #[test]
    fn a_file_is_one_message_unless_it_begins_as_mbox() {
        check(
            "A: 1\n\nFrom a@b.fr Thu Aug 22 12:36:23 2002\nB: 2\n",
            &["A: 1\n\nFrom a@b.fr Thu Aug 22 12:36:23 2002\nB: 2\n"],
        );
        assert!(split(b"").is_empty());
    }

    #[test]
    fn what_stands_around_a_huge_attachment_is_kept() {
        let mut text = b"From a@b.fr Thu Aug 22 12:36:23 2002\nA: 1\n\nbefore\n".to_vec();
        let line = [b'A'; 76];
        for _ in 0..(MESSAGE + (8 << 20)) / 77 {
            text.extend_from_slice(&line);
            text.push(b'\n');
        }
        text.extend_from_slice(b"after\n\nFrom a@b.fr Thu Aug 22 12:36:23 2002\nB: 2\n\n");
        let got = split(&text);
        assert_eq!(got.len(), 2);
        assert!(got[0].dropped > 0 && got[0].bytes.len() <= MESSAGE + SLACK && got[0].bytes.ends_with(b"after\n"));
        assert_eq!(got[0].len + got[1].len, text.len() as u64);
    }
}
