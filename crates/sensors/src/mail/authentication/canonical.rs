//! Canonical forms of header fields and bodies (RFC 6376 3.4): *simple* and *relaxed*, fed straight into a digest so
//! that a body of any size needs no copy. Lines that lost their carriage return in storage get it back, as mail travels
//! with CRLF (RFC 5321 2.3.8) and was signed so. You may rely on: linear time, one fixed buffer.

use super::header::{Field, Message};
use memchr::{memchr, memchr2_iter};
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
            out.extend_from_slice(&message.raw[field.whole.start..field.value.start]);
            for piece in pieces {
                with_crlf(out, piece);
            }
        }
        Form::Relaxed => {
            out.extend(message.raw[field.name.clone()].iter().map(u8::to_ascii_lowercase));
            out.push(b':');
            let start = out.len();
            // A space is owed when white space was met, and paid when a word follows.
            let mut owed = false;
            for piece in pieces {
                relaxed_words(out, piece, start, &mut owed);
            }
        }
    }
}

/// Appends words with one space between them; line ends are folding and vanish, a lone carriage return is a character.
fn relaxed_words(out: &mut Vec<u8>, mut text: &[u8], start: usize, owed: &mut bool) {
    while let Some(&first) = text.first() {
        let skip = match text {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            [b' ' | b'\t', ..] => {
                *owed = true;
                1
            }
            _ => 0,
        };
        if skip > 0 {
            text = &text[skip..];
            continue;
        }
        if *owed && out.len() > start {
            out.push(b' ');
        }
        *owed = false;
        // The word goes on to the next white space; `first` is taken whatever it is (it may be a lone `\r`).
        let end =
            text.iter().skip(1).position(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).map_or(text.len(), |n| n + 1);
        debug_assert!(end >= 1 && text[0] == first);
        out.extend_from_slice(&text[..end]);
        text = &text[end..];
    }
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
        buffer: Vec::with_capacity(BUFFER),
    };
    // Empty lines are held back until something follows: those at the end do not count.
    let mut empty = 0u64;
    let mut at = 0;
    while at < body.len() {
        let end = memchr(b'\n', &body[at..]).map_or(body.len(), |n| at + n + 1);
        let line = super::header::trim_line_end(&body[at..end]);
        // A carriage return that ends the message without a line feed is a character, not half a line end.
        let line = if end == body.len() && body.last() == Some(&b'\r') { &body[at..end] } else { line };
        let line = if form == Form::Relaxed { trim_white(line) } else { line };
        at = end;
        if line.is_empty() {
            empty += 1;
            continue;
        }
        while empty > 0 {
            sink.write(b"\r\n");
            empty -= 1;
        }
        match form {
            Form::Simple => sink.write(line),
            Form::Relaxed => sink.relaxed(line),
        }
        sink.write(b"\r\n");
    }
    // An empty body is one line end in the simple form and nothing in the relaxed one (RFC 6376 3.4.3, 3.4.4).
    if sink.length == 0 && form == Form::Simple {
        sink.write(b"\r\n");
    }
    sink.finish()
}

const BUFFER: usize = 16 << 10;

struct Sink {
    context: Context,
    left: u64,
    length: u64,
    buffer: Vec<u8>,
}

impl Sink {
    fn write(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let take = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
        self.left -= take as u64;
        let bytes = &bytes[..take];
        if self.buffer.len() + bytes.len() > BUFFER {
            self.context.update(&self.buffer);
            self.buffer.clear();
            if bytes.len() > BUFFER {
                return self.context.update(bytes);
            }
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// A line whose end is trimmed, its runs of white space as one space each.
    fn relaxed(&mut self, line: &[u8]) {
        let mut from = 0;
        for n in memchr2_iter(b' ', b'\t', line) {
            if n < from {
                continue;
            }
            // The trimmed line ends in a character, so a run always has one after it.
            let run = line[n..].iter().position(|b| !matches!(b, b' ' | b'\t')).unwrap_or(line.len() - n);
            if run > 1 || line[n] == b'\t' {
                self.write(&line[from..n]);
                self.write(b" ");
                from = n + run;
            }
        }
        self.write(&line[from..]);
    }

    fn finish(mut self) -> BodyHash {
        self.context.update(&self.buffer);
        BodyHash { digest: self.context.finish(), length: self.length }
    }
}

fn trim_white(mut line: &[u8]) -> &[u8] {
    while let [head @ .., b' ' | b'\t'] = line {
        line = head;
    }
    line
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
