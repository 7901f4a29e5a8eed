//! Canonical forms of header fields and bodies (RFC 6376 3.4): *simple* and *relaxed*, fed straight into a digest so
//! that a body of any size needs no copy. Lines that lost their carriage return in storage get it back, as mail travels
//! with CRLF (RFC 5321 2.3.8) and was signed so. You may rely on: linear time, one fixed buffer.

use super::header::{Field, Message};
use memchr::memchr;
use ring::digest::{Algorithm, Context, Digest};

/// Which form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Bytes as they are.
    Simple,
    /// Without what mail servers change in passing: case of names, folding, runs of white space.
    Relaxed,
}

impl Form {
    /// `c=`: header form and body form (RFC 6376 3.5); none where it is neither.
    pub fn pair(c: Option<&[u8]>) -> Option<(Form, Form)> {
        let one = |name: &[u8]| match name {
            b"simple" => Some(Form::Simple),
            b"relaxed" => Some(Form::Relaxed),
            _ => None,
        };
        let c = c.unwrap_or(b"simple");
        Some(match memchr(b'/', c) {
            None => (one(c)?, Form::Simple),
            Some(n) => (one(&c[..n])?, one(&c[n + 1..])?),
        })
    }
}

/// Appends a field in its form, without the final CRLF. `cut` is a range of the value to be left out (the signature's
/// own `b=`).
pub fn field(out: &mut Vec<u8>, form: Form, message: &Message, field: &Field, cut: Option<std::ops::Range<usize>>) {
    let value = message.value(field);
    let cut = cut.unwrap_or(value.len()..value.len());
    let pieces = [&value[..cut.start], &value[cut.end..]];
    match form {
        Form::Simple => {
            out.extend_from_slice(&message.raw[field.name.start..field.value.start]);
            for piece in pieces {
                with_crlf(out, piece);
            }
        }
        Form::Relaxed => {
            let name = out.len();
            out.extend_from_slice(&message.raw[field.name.clone()]);
            out[name..].make_ascii_lowercase();
            out.push(b':');
            let start = out.len();
            for piece in pieces {
                relaxed_words(out, piece, start);
            }
            if out.len() > start && out.last() == Some(&b' ') {
                out.pop();
            }
        }
    }
}

/// Appends text with each run of white space and line ends as one space, and none where nothing stands before it; a
/// lone carriage return is a character.
fn relaxed_words(out: &mut Vec<u8>, text: &[u8], start: usize) {
    let mut from = 0;
    for n in marks(text, b' ', |before, b| (b == b'\r') | (b == b'\n') | doubled(before, b)) {
        let run = blank(text.get(n..).unwrap_or_default());
        if n < from || run == 0 {
            continue;
        }
        out.extend_from_slice(&text[from..n]);
        let spaced = text[n..n + run].iter().any(|b| is_white(*b));
        if spaced && out.len() > start && out.last() != Some(&b' ') {
            out.push(b' ');
        }
        from = n + run;
    }
    out.extend_from_slice(&text[from..]);
}

/// Bytes of white space and line ends that a text begins with.
fn blank(text: &[u8]) -> usize {
    let mut rest = text;
    while let [b' ' | b'\t' | b'\n', tail @ ..] | [b'\r', b'\n', tail @ ..] = rest {
        rest = tail;
    }
    text.len() - rest.len()
}

/// Appends text with every line end as CRLF.
fn with_crlf(out: &mut Vec<u8>, text: &[u8]) {
    let mut from = 0;
    for n in memchr::memchr_iter(b'\n', text) {
        if n == 0 || text[n - 1] != b'\r' {
            out.extend_from_slice(&text[from..n]);
            out.extend_from_slice(b"\r\n");
            from = n + 1;
        }
    }
    out.extend_from_slice(&text[from..]);
}

/// A body's digest, and what its canonical form was.
#[derive(Clone, Copy, Debug)]
pub struct BodyHash {
    /// The digest.
    pub digest: Digest,
    /// Bytes of the canonical form, all of them, whatever `limit` said.
    pub length: u64,
}

/// Hashes a body in its form, the first `limit` bytes of it (`l=`).
pub fn body(algorithm: &'static Algorithm, form: Form, body: &[u8], limit: Option<u64>) -> BodyHash {
    let mut sink = Sink {
        context: Context::new(algorithm),
        left: limit.unwrap_or(u64::MAX),
        length: 0,
        buffer: [0; BUFFER],
        filled: 0,
    };
    let body = without_empty_end(form, body);
    match form {
        Form::Simple => sink.simple(body),
        Form::Relaxed => sink.relaxed(body),
    }
    // An empty body is one line end in the simple form and nothing in the relaxed one (RFC 6376 3.4.3, 3.4.4).
    if !body.is_empty() || form == Form::Simple {
        sink.write(b"\r\n");
    }
    sink.finish()
}

/// A body without the empty lines at its end, which do not count, and without the end of its last line. What ends in a
/// carriage return alone has a character there, not half a line end.
fn without_empty_end(form: Form, body: &[u8]) -> &[u8] {
    let trim = |line| if form == Form::Relaxed { trim_white(line) } else { line };
    let mut text = trim(body);
    while text.ends_with(b"\n") {
        text = trim(super::header::trim_line_end(text));
    }
    text
}

/// Bytes of a canonical form that wait for the digest; it takes them in large pieces.
const BUFFER: usize = 2 << 10;
/// Bytes at the end of the buffer that a line end may still take away: one space.
const KEPT: usize = 1;

struct Sink {
    context: Context,
    left: u64,
    length: u64,
    buffer: [u8; BUFFER],
    filled: usize,
}

impl Sink {
    fn write(&mut self, mut bytes: &[u8]) {
        if bytes.len() > BUFFER - KEPT {
            let (large, end) = bytes.split_at(bytes.len() - KEPT);
            self.give(self.filled);
            self.filled = 0;
            let take = self.count(large.len());
            self.context.update(&large[..take]);
            bytes = end;
        }
        if self.filled + bytes.len() > BUFFER {
            let given = self.filled.saturating_sub(KEPT);
            self.give(given);
            self.buffer.copy_within(given..self.filled, 0);
            self.filled -= given;
        }
        self.buffer[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    /// Gives the digest the first bytes of the buffer.
    fn give(&mut self, bytes: usize) {
        let take = self.count(bytes);
        self.context.update(&self.buffer[..take]);
    }

    /// Counts bytes of the form; how many of them are hashed.
    fn count(&mut self, bytes: usize) -> usize {
        let take = usize::try_from(self.left).map_or(bytes, |left| left.min(bytes));
        (self.left, self.length) = (self.left - take as u64, self.length + bytes as u64);
        take
    }

    /// Lines as they are, each with its carriage return.
    fn simple(&mut self, text: &[u8]) {
        let mut from = 0;
        for n in memchr::memchr_iter(b'\n', text) {
            if n == 0 || text[n - 1] != b'\r' {
                self.write(&text[from..n]);
                self.write(b"\r\n");
                from = n + 1;
            }
        }
        self.write(&text[from..]);
    }

    /// Lines with each run of white space as one space, and none before a line end. What stays as it is goes on in one
    /// piece; `mend` is called where something does not.
    fn relaxed(&mut self, text: &[u8]) {
        let mut from = 0;
        let ends = |before, b| (is_white(before) & (b == b'\r')) | ((b == b'\n') & (before != b'\r'));
        for n in marks(text, b'\n', |before, b| ends(before, b) | doubled(before, b)) {
            from = self.mend(text, from, n);
        }
        self.write(&text[from..]);
    }

    /// Writes what stands before a marked byte and what the byte becomes; where to go on.
    fn mend(&mut self, text: &[u8], from: usize, n: usize) -> usize {
        let before = n.checked_sub(1).map_or(b'\n', |n| text[n]);
        match text[n] {
            // A lone carriage return is a character.
            b'\r' if text.get(n + 1) != Some(&b'\n') => return from,
            _ => self.write(&text[from..n]),
        }
        match text[n] {
            b'\r' | b'\n' => self.filled -= usize::from(is_white(before)),
            b'\t' if !is_white(before) => self.write(b" "),
            _ => {}
        }
        match text[n] {
            b'\r' => return n,
            b'\n' => self.write(b"\r\n"),
            _ => {}
        }
        n + 1
    }

    fn finish(mut self) -> BodyHash {
        self.give(self.filled);
        BodyHash { digest: self.context.finish(), length: self.length }
    }
}

fn is_white(b: u8) -> bool {
    (b == b' ') | (b == b'\t')
}

/// White space that the relaxed form does not keep as it is: a tab, a space after white space.
fn doubled(before: u8, b: u8) -> bool {
    (b == b'\t') | (is_white(before) & (b == b' '))
}

/// Bytes looked at together.
const BLOCK: usize = 32;

/// The places in a text where a rule holds for the byte before and the byte there; `first` is before the first. A rule
/// that does not branch is asked for many bytes at once.
fn marks(text: &[u8], first: u8, rule: impl Fn(u8, u8) -> bool) -> impl Iterator<Item = usize> {
    let block = move |at: usize| {
        // What is past the end is no byte that a rule asks for.
        let (mut now, mut before, mut marked) = ([b'x'; BLOCK], [first; BLOCK], [0u8; BLOCK]);
        match (text.get(at..at + BLOCK), text.get(at.wrapping_sub(1)..(at + BLOCK).wrapping_sub(1))) {
            (Some(n), Some(b)) => (now, before) = (n.try_into().unwrap_or(now), b.try_into().unwrap_or(before)),
            _ => {
                let rest = &text[at..text.len().min(at + BLOCK)];
                now[..rest.len()].copy_from_slice(rest);
                let start = at.saturating_sub(1);
                let old = &text[start..text.len().min(at + BLOCK - 1)];
                before[usize::from(at == 0)..][..old.len()].copy_from_slice(old);
            }
        }
        for ((mark, before), now) in marked.iter_mut().zip(before).zip(now) {
            *mark = u8::from(rule(before, now));
        }
        marked.as_chunks::<8>().0.iter().enumerate().fold(0u32, |all, (n, eight)| {
            // The lowest bits of eight bytes, moved beside each other.
            let together = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            all | (together as u32) << (8 * n)
        })
    };
    (0..text.len()).step_by(BLOCK).flat_map(move |at| {
        let mut bits = block(at);
        std::iter::from_fn(move || {
            let n = bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
            (n < 32).then_some(at + n as usize)
        })
    })
}

fn trim_white(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|b| !is_white(*b)).map_or(0, |n| n + 1);
    &line[..end]
}

/// Whether some line lacks its carriage return.
pub fn has_bare_line_feeds(raw: &[u8]) -> bool {
    // Messages are stored one way or the other: the first lines tell, and only mixed ones are walked to the end.
    memchr::memchr_iter(b'\n', raw).any(|n| n == 0 || raw[n - 1] != b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::digest::{SHA256, digest};

    #[test]
    fn bodies_have_their_forms() {
        let check = |raw: &str, simple: &str, relaxed: &str| {
            for (form, expected) in [(Form::Simple, simple), (Form::Relaxed, relaxed)] {
                let hash = body(&SHA256, form, raw.as_bytes(), None);
                assert_eq!(hash.length, expected.len() as u64, "{raw:?} {form:?}");
                assert_eq!(hash.digest.as_ref(), digest(&SHA256, expected.as_bytes()).as_ref(), "{raw:?} {form:?}");
            }
        };
        check("", "\r\n", "");
        check("\r\n\r\n", "\r\n", "");
        check("a", "a\r\n", "a\r\n");
        check(" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n");
        check("a\n\nb\n \n", "a\r\n\r\nb\r\n \r\n", "a\r\n\r\nb\r\n");
        check("a\rb\r\r\n", "a\rb\r\r\n", "a\rb\r\r\n");
        check("\t\ta  b\tc ", "\t\ta  b\tc \r\n", " a b c\r\n");
        check("a\r", "a\r\r\n", "a\r\r\n");
    }

    /// The relaxed form as RFC 6376 3.4.4 says it, line by line.
    fn relaxed_plainly(body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rest = body;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            let (line, more) = rest.split_at(end);
            let line = if line.ends_with(b"\n") { super::super::header::trim_line_end(line) } else { line };
            let line = trim_white(line);
            let runs = line.chunk_by(|a, b| is_white(*a) && is_white(*b));
            runs.for_each(|run| out.extend_from_slice(if is_white(run[0]) { b" " } else { run }));
            out.extend_from_slice(b"\r\n");
            rest = more;
        }
        while out.ends_with(b"\r\n\r\n") || out == b"\r\n" {
            out.truncate(out.len() - 2);
        }
        out
    }

    #[test]
    fn long_bodies_are_the_same_in_blocks() {
        // Every mixture of what matters, at every place of a block and across the buffer's end.
        let pieces: [&[u8]; 9] = [b" ", b"\t", b"\r\n", b"\n", b"\r", b"word", b"  ", b" \r\n", &[b'x'; 70]];
        let mut seed = 1u32;
        for length in [0usize, 1, 3, 20, 300, 3000] {
            for _ in 0..40 {
                let mut raw = Vec::new();
                for _ in 0..length {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    raw.extend_from_slice(pieces[(seed >> 24) as usize % pieces.len()]);
                }
                let (hash, plain) = (body(&SHA256, Form::Relaxed, &raw, None), relaxed_plainly(&raw));
                assert_eq!(hash.length, plain.len() as u64);
                assert_eq!(hash.digest.as_ref(), digest(&SHA256, &plain).as_ref());
            }
        }
    }

    #[test]
    fn a_limit_cuts_the_hash_and_not_the_length() {
        let hash = body(&SHA256, Form::Simple, b"abc\r\ndef\r\n", Some(4));
        assert_eq!(hash.digest.as_ref(), digest(&SHA256, b"abc\r").as_ref());
        assert_eq!(hash.length, 10);
    }

    #[test]
    fn fields_have_their_forms() {
        let check = |raw: &str, simple: &str, relaxed: &str| {
            let message = Message::new(raw.as_bytes());
            for (form, expected) in [(Form::Simple, simple), (Form::Relaxed, relaxed)] {
                let mut out = Vec::new();
                field(&mut out, form, &message, &message.fields[0], None);
                assert_eq!(String::from_utf8_lossy(&out), expected, "{raw:?} {form:?}");
            }
        };
        check("A: X\r\n", "A: X", "a:X");
        check("B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  ", "b:Y Z");
        check("B:\n \n y\n", "B:\r\n \r\n y", "b:y");
        check("S:a\r b \r\n", "S:a\r b ", "s:a\r b");
    }
}
