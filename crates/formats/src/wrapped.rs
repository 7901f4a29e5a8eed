//! Lines wrapped in other lines: Docker's `json-file`, the container runtime interface's logs (CRI), syslog over TCP with
//! octet counts (RFC 6587 3.4.1), journald's objects over several lines; and the binary records of utmp as lines.
//!
//! You may rely on: what comes out are the lines that were wrapped, in their order, so that whoever reads lines knows
//! nothing of wrappers; a line without a time of its own gets the wrapper's before it, for it stands nowhere else; what
//! is not wrapped passes as it is; memory is bounded by a line. Left out: the stream (`stdout`, `stderr`) a line came by.

use model::Step;
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// The longest line that is unwrapped; of longer ones the pieces pass as they are.
const LINE: u64 = 1 << 20;
/// Bytes of a record of utmp (glibc, `struct utmp`).
const RECORD: usize = 384;
/// Where in a line a time of its own is looked for.
const STAMPED: usize = 256;

/// The wrapper that these first bytes announce.
pub fn step(head: &[u8]) -> Option<Step> {
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let text = head.trim_ascii_start();
    match head.first()? {
        b'{' if docker(line).is_some() => Some(Step::Docker),
        b'0'..=b'9' if cri(line).is_some() => Some(Step::Cri),
        b'0'..=b'9' if octets(line).is_some() => Some(Step::Octets),
        b'{' | b'[' | b'\x1e' | b'd' if is_spread(text) => Some(Step::Objects),
        _ if records(head) => Some(Step::Utmp),
        _ => None,
    }
}

/// Whether these are journald's objects, and not one on each line: over several lines, in an array, as JSON text
/// sequences (RFC 7464) or as server-sent events.
fn is_spread(text: &[u8]) -> bool {
    let open = text.strip_prefix(b"\x1e").or_else(|| text.strip_prefix(b"data: ")).or_else(|| text.strip_prefix(b"["));
    let inner = open.unwrap_or(text).trim_ascii_start();
    let line = inner.split(|&b| b == b'\n').next().unwrap_or_default().trim_ascii_end();
    let journald = |text: &[u8]| memchr::memmem::find(text, b"\"__REALTIME_TIMESTAMP\"").is_some();
    inner.first() == Some(&b'{') && (open.is_some() || line.last() != Some(&b'}')) && journald(text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Docker<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(rename = "stream")]
    _stream: Option<Cow<'a, str>>,
    #[serde(rename = "attrs")]
    _attrs: Option<serde::de::IgnoredAny>,
}

fn docker(line: &[u8]) -> Option<Docker<'_>> {
    serde_json::from_slice(line).ok()
}

/// `STAMP stdout|stderr F|P[:…] TEXT`: the stamp, whether the line goes on, and the text.
fn cri(line: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let mut words = line.splitn(4, |&b| b == b' ');
    let (stamp, stream, tag) = (words.next()?, words.next()?, words.next()?);
    let is_stamp = stamp.len() >= 20 && stamp[4] == b'-' && stamp[10] == b'T';
    let text = words.next().unwrap_or_default();
    let sound = is_stamp && matches!(stream, b"stdout" | b"stderr") && tag.len() < 16;
    match tag.first().filter(|_| sound) {
        Some(b'F') => Some((stamp, false, text)),
        Some(b'P') => Some((stamp, true, text)),
        _ => None,
    }
}

/// `LENGTH <PRI>…`: the length, and where the message begins.
fn octets(text: &[u8]) -> Option<(u64, usize)> {
    let digits = text.iter().take(7).take_while(|b| b.is_ascii_digit()).count();
    let length: u64 = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    let message = text.get(digits + 1..)?;
    let pri = message.iter().skip(1).take(3).take_while(|b| b.is_ascii_digit()).count();
    let begins = text[digits] == b' ' && message.first() == Some(&b'<') && pri > 0;
    (digits < 7 && begins && message.get(1 + pri) == Some(&b'>')).then_some((length, digits + 1))
}

/// Whether these are records of utmp: types that exist, texts that end, nothing where nothing is.
fn records(head: &[u8]) -> bool {
    let whole = head.chunks_exact(RECORD);
    let text = |t: &[u8]| {
        let end = t.iter().position(|&b| b == 0).unwrap_or(t.len());
        t[..end].iter().all(|b| (0x20..0x7f).contains(b) || *b >= 0x80)
    };
    let sound = |r: &[u8]| {
        matches!(r[0], 0..=9)
            && r[1..4] == [0; 3]
            && text(&r[8..40])
            && text(&r[44..76])
            && text(&r[76..332])
            && r[364..] == [0; 20]
    };
    head.len() >= RECORD
        && head[0] != 0
        && whole.clone().all(sound)
        && (head.len().is_multiple_of(RECORD) || head.len() >= 60 << 10)
}

/// Takes lines out of what wraps them.
pub(crate) struct Unwrapped<R> {
    inner: R,
    step: Step,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
    /// Docker and CRI: the line before goes on.
    goes_on: bool,
    objects: Objects,
}

/// Where in JSON one is.
#[derive(Default)]
struct Objects {
    depth: u32,
    quoted: bool,
    escaped: bool,
}

impl<R: BufRead> Unwrapped<R> {
    pub(crate) fn new(inner: R, step: Step) -> Unwrapped<R> {
        let (ready, objects) = (Vec::new(), Objects::default());
        Unwrapped { inner, step, ready, at: 0, ended: false, goes_on: false, objects }
    }

    /// Unwraps some more.
    fn next(&mut self) -> io::Result<()> {
        match self.step {
            Step::Objects => {
                let raw = self.inner.fill_buf()?;
                let taken = raw.len();
                self.ended = raw.is_empty();
                raw.iter().for_each(|&b| self.objects.take(b, &mut self.ready));
                self.inner.consume(taken);
                return Ok(());
            }
            Step::Utmp => {
                let mut record = Vec::with_capacity(RECORD);
                (&mut self.inner).take(RECORD as u64).read_to_end(&mut record)?;
                self.ended = record.len() < RECORD;
                if !self.ended {
                    self.ready.extend_from_slice(entry(&record).as_bytes());
                }
                return Ok(());
            }
            _ => {}
        }
        let mut line = Vec::new();
        if (&mut self.inner).take(LINE).read_until(b'\n', &mut line)? == 0 {
            self.ended = true;
            return Ok(());
        }
        let whole = line.strip_suffix(b"\n").unwrap_or(&line);
        match self.step {
            Step::Docker => match docker(whole) {
                Some(d) => {
                    let (text, end) = d.log.strip_suffix('\n').map_or((&*d.log, false), |text| (text, true));
                    unwrap(&mut self.ready, &mut self.goes_on, d.time.as_bytes(), text.as_bytes(), !end);
                }
                None => self.ready.extend_from_slice(&line),
            },
            Step::Cri => match cri(whole) {
                Some((stamp, goes_on, text)) => unwrap(&mut self.ready, &mut self.goes_on, stamp, text, goes_on),
                None => self.ready.extend_from_slice(&line),
            },
            _ => match octets(whole) {
                Some((length, begin)) => self.counted(length, &line[begin..])?,
                None => self.ready.extend_from_slice(&line),
            },
        }
        Ok(())
    }

    /// A message of so many bytes, of which `line` holds the first and perhaps more: a frame may hold line breaks, and
    /// the next one may follow without any.
    fn counted(&mut self, length: u64, line: &[u8]) -> io::Result<()> {
        let mut message = line.to_vec();
        let missing = length.saturating_sub(message.len() as u64);
        // Frames are cut where lines are: what looks like a line longer than it was counted is one line all the same.
        if missing > 0 && missing < LINE && line.ends_with(b"\n") {
            let next = self.inner.fill_buf()?;
            if octets(next).is_none() {
                (&mut self.inner).take(missing).read_to_end(&mut message)?;
            }
        }
        let mut rest: &[u8] = &message;
        let mut length = length;
        loop {
            let end = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
            // Counted wrongly, the line end is right.
            let next = octets(&rest[end..]);
            let end = if next.is_some() { end } else { rest.len() };
            let text = rest[..end].trim_ascii_end();
            self.ready.extend(text.iter().map(|&b| if b == b'\n' { b' ' } else { b }));
            self.ready.push(b'\n');
            match next {
                Some((more, begin)) => (length, rest) = (more, &rest[end + begin..]),
                None => return Ok(()),
            }
        }
    }
}

/// Gives out a line, or a piece of one, with the wrapper's time before it where it has none.
fn unwrap(ready: &mut Vec<u8>, goes_on: &mut bool, stamp: &[u8], text: &[u8], more: bool) {
    if !*goes_on && !text.is_empty() && !is_stamped(text) {
        ready.extend_from_slice(stamp);
        ready.push(b' ');
    }
    ready.extend_from_slice(text);
    *goes_on = more;
    if !more {
        ready.push(b'\n');
    }
}

/// Whether a line has a time of its own: a clock, seconds since 1970, or fields of its own (JSON).
fn is_stamped(text: &[u8]) -> bool {
    let head = text.get(..STAMPED).unwrap_or(text);
    let digit = |n: usize| head.get(n).is_some_and(u8::is_ascii_digit);
    let clock =
        |n: usize| digit(n + 1) && digit(n + 2) && head.get(n + 3) == Some(&b':') && digit(n + 4) && digit(n + 5);
    let seconds = |n: usize| (1..=10).all(|k| digit(n - k)) && digit(n + 1);
    head.first() == Some(&b'{')
        || memchr::memchr_iter(b':', head).any(|n| n > 0 && digit(n - 1) && clock(n))
        || memchr::memchr_iter(b'.', head).any(|n| n >= 10 && seconds(n))
}

impl Objects {
    /// Takes one byte; what stands outside objects, and layout, is left out.
    fn take(&mut self, b: u8, out: &mut Vec<u8>) {
        if self.quoted {
            out.push(b);
            match b {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return;
        }
        let brace = matches!(b, b'{' | b'}' | b'[' | b']');
        if self.depth == 0 && b != b'{' || !brace && b.is_ascii_whitespace() {
            return;
        }
        out.push(b);
        match b {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 {
            out.push(b'\n');
        }
    }
}

/// A record of utmp as a line: `STAMP - utmp: TYPE user="…" line="…" host="…" addr=…`, quoted as JSON.
fn entry(record: &[u8]) -> String {
    let text = |from: usize, to: usize| {
        let field = &record[from..to];
        let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
        serde_json::Value::from(String::from_utf8_lossy(&field[..end])).to_string()
    };
    let number = |at: usize| i32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
    // Seconds are unsigned where clocks go on after 2038 (glibc 2.38).
    let stamp =
        model::Time(i64::from(number(340).cast_unsigned()) * 1_000_000 + i64::from(number(344).clamp(0, 999_999)));
    let words: [u8; 16] = std::array::from_fn(|n| record[348 + n]);
    let address = match words {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] => "-".to_string(),
        [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] => std::net::Ipv4Addr::new(a, b, c, d).to_string(),
        all => std::net::Ipv6Addr::from(all).to_string(),
    };
    let (line, user, host) = (text(8, 40), text(44, 76), text(76, 332));
    format!("{stamp} - utmp: {} user={user} line={line} host={host} addr={address}\n", record[0])
}

impl<R: BufRead> Read for Unwrapped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.ready.clear();
            self.at = 0;
            self.next()?;
        }
        let n = buffer.len().min(self.ready.len() - self.at);
        buffer[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn unwrapped(text: &[u8]) -> (Option<Step>, String) {
        let found = step(text);
        let Some(wrapper) = found.clone() else { return (None, String::new()) };
        let mut out = Vec::new();
        Unwrapped::new(Cursor::new(text.to_vec()), wrapper).read_to_end(&mut out).expect("memory never fails");
        (found, String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn lines_are_taken_out_of_what_wraps_them() {
        let check = |text: &str, step: Step, expected: &str| {
            assert_eq!(unwrapped(text.as_bytes()), (Some(step), expected.into()), "{text}");
        };
        check(
            concat!(
                "{\"log\":\"a [1/Jan/2026:10:00:00 +0000] b\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T10:00:00Z\"}\n",
                "{\"log\":\"half \",\"stream\":\"stderr\",\"time\":\"2026-01-01T10:00:01Z\"}\n",
                "{\"log\":\"whole\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-01T10:00:02Z\"}\nwhat is this\n",
            ),
            Step::Docker,
            "a [1/Jan/2026:10:00:00 +0000] b\n2026-01-01T10:00:01Z half whole\nwhat is this\n",
        );
        check(
            "2026-01-01T10:00:00.123456789Z stderr F Failed\n2026-01-01T10:00:00.1Z stdout P {\"a\":\n2026-01-01T10:00:00.2Z stdout F 1}\n",
            Step::Cri,
            "2026-01-01T10:00:00.123456789Z Failed\n{\"a\":1}\n",
        );
        // With line ends and without, and counted wrongly.
        check("8 <34>1 a\n8 <34>1 b\n", Step::Octets, "<34>1 a\n<34>1 b\n");
        check("7 <34>1 a8 <34>1 bc7 <34>1 d", Step::Octets, "<34>1 a\n<34>1 bc\n<34>1 d\n");
        check("9 <34>1 a\nb", Step::Octets, "<34>1 a b\n");
        check("99 <34>1 a\n99 <34>1 b\n", Step::Octets, "<34>1 a\n<34>1 b\n");
        let objects = "{\"__REALTIME_TIMESTAMP\":\"1\",\"M\":\"a \\\" {b\"}\n";
        let spread = "{\n\t\"__REALTIME_TIMESTAMP\" : \"1\",\n\t\"M\" : \"a \\\" {b\"\n}\n";
        check(&spread.repeat(2), Step::Objects, &objects.repeat(2));
        check(&format!("[{spread},{spread}]"), Step::Objects, &objects.repeat(2));
        check(&format!("data: {objects}\ndata: {objects}"), Step::Objects, &objects.repeat(2));
        check(&format!("\x1e{objects}\x1e{objects}"), Step::Objects, &objects.repeat(2));
        for text in [objects, "{\"log\":1}", "{\"a\":\n1}", "2026-01-01T10:00:00Z host sshd: F", "12 <x> a", ""] {
            assert_eq!(unwrapped(text.as_bytes()).0, None, "{text}");
        }
    }

    #[test]
    fn records_of_utmp_are_lines() {
        let mut record = vec![0; RECORD];
        record[0] = 6;
        record[8..17].copy_from_slice(b"ssh:notty");
        record[44..48].copy_from_slice(b"ro\"t");
        record[76..83].copy_from_slice(b"8.8.4.4");
        record[340..344].copy_from_slice(&1_788_256_810u32.to_le_bytes());
        record[348..352].copy_from_slice(&[8, 8, 4, 4]);
        let line = "2026-09-01T10:00:10Z - utmp: 6 user=\"ro\\\"t\" line=\"ssh:notty\" host=\"8.8.4.4\" addr=8.8.4.4\n";
        assert_eq!(unwrapped(&record.repeat(2)), (Some(Step::Utmp), line.repeat(2)));
        record[80] = 1;
        assert_eq!(unwrapped(&record).0, None);
        assert_eq!(unwrapped(&[0; RECORD]).0, None);
    }
}
