//! Peels by content: gzip, bzip2, xz, zstd, nested within the budget's depth; UTF-16 by its mark; and what wraps lines
//! (containers' logs, octet counts, journald's objects over several lines, utmp).
//!
//! You may rely on: work is counted on every layer ([`Meter`]), also while a file is only looked at to know what it is;
//! damage ends the stream and keeps what came before.

use crate::charset;
use crate::meter::{Counted, Meter};
use crate::source::Source;
use crate::streams::{Frame, Pushback, Streams};
use crate::wrapped::{self, Unwrapped};
use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;
use model::{Budget, Skip, Step, Time};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

/// How much of the last step a sensor sees before it must say whether the file is its own.
pub const HEAD: usize = 64 << 10;

/// One piece of evidence in its last step.
pub struct Input {
    reader: Box<dyn Read + Send>,
    head: Vec<u8>,
    steps: Vec<Step>,
    meter: Meter,
    produced: u64,
    damage: Option<Skip>,
    /// The file that is read, and its size, where nothing compresses it.
    file: Option<(Arc<File>, u64)>,
    /// When the archive that it lies in says that it was last changed.
    packed_at: Option<Time>,
    /// The mark of UTF-16, where that is the last step.
    mark: Option<[u8; 2]>,
}

impl Input {
    /// Opens so many bytes of a file, which stands at its beginning; readers of formats that are not read from
    /// beginning to end may have it by [`Input::file`].
    pub fn of_file(file: File, size: u64, budget: Budget) -> io::Result<Input> {
        let file = Arc::new(file);
        let mut input = Input::open(Box::new(file.clone().take(size)), budget)?;
        input.file = Some((file, size)).filter(|_| input.steps.is_empty());
        Ok(input)
    }

    /// Opens a stream and peels what compresses it. Only a failing disk is an error.
    pub fn open(stored: Box<dyn Read + Send>, budget: Budget) -> io::Result<Input> {
        let meter = Meter::new(budget);
        Input::peel(Box::new(Counted::stored(stored, &meter)), Vec::new(), meter)
    }

    /// Takes in what the archive that it lies in says of its last change.
    pub fn set_packed_at(&mut self, time: Option<Time>) {
        self.packed_at = time;
    }

    /// When the archive that it lies in says that it was last changed, by the packer's clock.
    pub fn packed_at(&self) -> Option<Time> {
        self.packed_at
    }

    /// Opens what lies behind these steps.
    pub(crate) fn within(reader: Box<dyn Read + Send>, steps: Vec<Step>, meter: &Meter) -> io::Result<Input> {
        Input::peel(reader, steps, meter.clone())
    }

    /// Opens bytes that were unpacked elsewhere and lie behind these steps.
    pub fn held(bytes: Vec<u8>, steps: Vec<Step>, meter: &Meter) -> io::Result<Input> {
        Input::within(Box::new(Counted::layer(Cursor::new(bytes), meter)), steps, meter)
    }

    /// Peels what compresses the bytes behind these steps.
    fn peel(mut reader: Box<dyn Read + Send>, mut steps: Vec<Step>, meter: Meter) -> io::Result<Input> {
        let (mut damage, mut mark) = (None, None);
        let head = loop {
            let mut head = Vec::with_capacity(HEAD);
            if let Err(e) = reader.by_ref().take(HEAD as u64).read_to_end(&mut head) {
                if steps.is_empty() {
                    return Err(e);
                }
                damage = Some(damaged(&e, head.len() as u64, &meter));
                reader = Box::new(io::empty());
            }
            let Some(step) = step(&head).or_else(|| wrapped::step(&head)) else { break head };
            if steps.len() >= meter.depth() {
                damage = Some(skip("compressed too many times over"));
                (reader, head) = (Box::new(io::empty()), Vec::new());
                break head;
            }
            mark = (step == Step::Utf16).then(|| [head[0], head[1]]);
            let whole = BufReader::with_capacity(HEAD, Cursor::new(head).chain(reader));
            let layer: Box<dyn Read + Send> = match step {
                Step::Gzip => Box::new(Streams::<_, GzDecoder<_>>::new(whole, &meter)),
                Step::Bzip2 => Box::new(Streams::<_, BzDecoder<_>>::new(whole, &meter)),
                Step::Xz => Box::new(Streams::<_, XzReader<_>>::new(whole, &meter)),
                Step::Utf16 => Box::new(Utf16::new(whole)?),
                Step::Docker | Step::Cri | Step::Octets | Step::Objects | Step::Utmp => {
                    Box::new(Unwrapped::new(whole, step.clone()))
                }
                _ => Box::new(Streams::<_, Frame<_>>::new(Pushback::new(whole), &meter)),
            };
            reader = Box::new(Counted::layer(layer, &meter));
            steps.push(step);
        };
        Ok(Input { reader, produced: 0, head, steps, meter, damage, file: None, packed_at: None, mark })
    }

    /// The first bytes of the last step, at most [`HEAD`].
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The steps that lead to the bytes read here.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The file under it, to be read anywhere up to a size, where it was opened as one and nothing compresses it.
    /// Whoever moves in it reads no more of the stream.
    pub fn file(&self) -> Option<(Arc<File>, u64)> {
        self.file.clone()
    }

    /// What counts the work on it.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Its bytes to be read anywhere, and itself as it was where they are in a file; else they are held, at most so
    /// many.
    pub(crate) fn source(mut self, most: u64) -> io::Result<Result<(Source, Input), Skip>> {
        if let Some((file, size)) = self.file() {
            // Whoever reads anywhere may read all of it.
            self.meter.take(size.saturating_sub(self.meter.taken()));
            return Ok(Ok((Source::File(file, size), self)));
        }
        let (bytes, cut) = self.whole(most)?;
        if cut {
            return Ok(Err(skip("archive longer than is held: unpack it first")));
        }
        Ok(Ok((Source::Held(Arc::new(bytes)), self)))
    }

    /// The input as it was before its bytes became a source.
    pub(crate) fn restored(mut self, source: &Source) -> io::Result<Input> {
        if let Source::Held(_) = source {
            self.head.clear();
            source.slice(0, HEAD as u64).read_to_end(&mut self.head)?;
            self.reader = Box::new(source.slice(HEAD as u64, u64::MAX));
            self.produced = 0;
        }
        Ok(self)
    }

    /// All of it, at most so many bytes and a few more, and whether there are more than those.
    pub fn whole(&mut self, most: u64) -> io::Result<(Vec<u8>, bool)> {
        // One byte more than there are shows that there are no more.
        let known = self.file.as_ref().map_or(0, |(_, size)| size.saturating_add(1).min(most) as usize);
        let mut bytes = vec![0; known.max(HEAD)];
        let mut filled = 0;
        loop {
            filled += self.fill(&mut bytes[filled..])?;
            if filled < bytes.len() || filled as u64 > most {
                bytes.truncate(filled);
                return Ok((bytes, filled as u64 > most));
            }
            bytes.resize(2 * filled, 0);
        }
    }

    /// All of it as [`Input::whole`] gives it, a text in UTF-16 as it was written: for whoever hashes documents.
    pub fn written(&mut self, most: u64) -> io::Result<(Vec<u8>, bool)> {
        let (bytes, cut) = self.whole(most)?;
        Ok(match self.mark {
            Some(mark) => (charset::to_utf16(&String::from_utf8_lossy(&bytes), mark), cut),
            None => (bytes, cut),
        })
    }

    /// Bytes of the last step given out so far.
    pub fn produced(&self) -> u64 {
        self.produced
    }

    /// Bytes of evidence, as stored, taken so far.
    pub fn consumed(&self) -> u64 {
        self.meter.taken()
    }

    /// Why the stream ended before its end, if it did.
    pub fn damage(&self) -> Option<&Skip> {
        self.damage.as_ref()
    }

    /// Fills `buffer` as far as the stream goes. Damage ends the stream and is kept for [`Input::damage`]; only a
    /// failing disk under uncompressed evidence is an error.
    pub fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = self.head.len().min(buffer.len());
        buffer[..filled].copy_from_slice(&self.head[..filled]);
        self.head.drain(..filled);
        while filled < buffer.len() && self.damage.is_none() {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if self.steps.is_empty() => return Err(e),
                Err(e) => self.damage = Some(damaged(&e, self.produced + filled as u64, &self.meter)),
            }
        }
        self.produced += filled as u64;
        Ok(filled)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill(buffer)
    }
}

/// Something that happened once.
pub(crate) fn skip(reason: &str) -> Skip {
    Skip { reason: reason.into(), count: 1, first: 0, line: 0 }
}

fn damaged(error: &io::Error, at: u64, meter: &Meter) -> Skip {
    // Decoders wrap the errors of what they read from: the meter knows better than they.
    if let Some(over) = meter.exceeded() {
        return Skip { first: at, ..over };
    }
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "compressed stream is cut short",
        _ => "compressed stream is damaged",
    };
    Skip { reason: reason.into(), count: 1, first: at, line: 0 }
}

/// The step that these first bytes announce (magic numbers of RFC 1952, bzip2, xz 1.2, RFC 8878; the mark of UTF-16,
/// which with two zeros behind it is that of UTF-32).
fn step(head: &[u8]) -> Option<Step> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Step::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => Some(Step::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Step::Xz),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Step::Zstd),
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, _, _, ..] | [0xfe, 0xff, _, _, ..] => Some(Step::Utf16),
        _ => None,
    }
}

/// UTF-16 as UTF-8, its mark taken off. Half a pair becomes U+FFFD, so that any bytes can be read.
struct Utf16<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Utf16<R> {
    fn new(mut inner: R) -> io::Result<Utf16<R>> {
        let mut mark = [0; 2];
        inner.read_exact(&mut mark)?;
        let encoding = if mark == [0xff, 0xfe] { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        let decoder = encoding.new_decoder_without_bom_handling();
        Ok(Utf16 { inner, decoder, ready: Vec::new(), at: 0, ended: false })
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            let raw = self.inner.fill_buf()?;
            let (taken, last) = (raw.len(), raw.is_empty());
            let room = self.decoder.max_utf8_buffer_length(taken).unwrap_or(4 * taken + 16);
            self.ready.resize(room, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(raw, &mut self.ready, last);
            self.ready.truncate(written);
            (self.at, self.ended) = (0, last);
            self.inner.consume(taken);
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
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).and_then(|()| out.finish()).expect("memory never fails")
    }

    fn zeros(n: usize) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        (0..n >> 20).for_each(|_| out.write_all(&vec![0; 1 << 20]).expect("memory never fails"));
        out.finish().expect("memory never fails")
    }

    fn read(bytes: Vec<u8>) -> (Vec<Step>, usize, Option<String>) {
        let mut input = Input::open(Box::new(Cursor::new(bytes)), Budget::default()).expect("memory never fails");
        let (mut read, mut buffer) = (0, vec![0; 1 << 20]);
        loop {
            match input.fill(&mut buffer).expect("memory never fails") {
                0 => return (input.steps().to_vec(), read, input.damage().map(|d| d.reason.clone())),
                n => read += n,
            }
        }
    }

    #[test]
    fn streams_one_after_another_are_one() {
        let line = b"one line\n";
        let bzip2 = |bytes: &[u8]| {
            let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            out.write_all(bytes).and_then(|()| out.finish()).expect("memory never fails")
        };
        let zstd = |bytes: &[u8]| ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest);
        let skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
        assert_eq!(read([gzip(line), gzip(b""), gzip(line)].concat()), (vec![Step::Gzip], 18, None));
        assert_eq!(read([bzip2(line), bzip2(line)].concat()), (vec![Step::Bzip2], 18, None));
        assert_eq!(read([&zstd(line)[..], skippable, &zstd(line)].concat()), (vec![Step::Zstd], 18, None));
        let whole = gzip(&gzip(line));
        assert_eq!(read(whole.clone()), (vec![Step::Gzip, Step::Gzip], 9, None));
        let cut = read(whole[..whole.len() - 12].to_vec());
        assert_eq!((cut.1, cut.2.as_deref()), (9, Some("compressed stream is cut short")));
    }

    #[test]
    fn work_that_yields_nothing_is_counted() {
        let bomb = Some("decompresses to too many times its size");
        // A layer that takes hundreds of millions of empty members and yields nothing.
        let empty = gzip(b"").repeat(1 << 16);
        let (steps, yielded, reason) = read(gzip(&gzip(&empty.repeat(4))));
        assert_eq!((steps.len(), yielded, reason.as_deref()), (3, 0, bomb));
        // A layer that passes over gigabytes behind the only stream: the padding of xz.
        let mut padded = gzip(b"\xfd7zXZ\0\0\x01i\x22\xde6\0\0\0\0\x1c\xdfD!\x90B\x99\x0d\x01\0\0\0\0\x01YZ");
        let zeros = zeros(300 << 20);
        padded.extend(&zeros);
        let (steps, yielded, reason) = read(padded);
        assert_eq!((steps, yielded, reason.as_deref()), (vec![Step::Gzip, Step::Xz], 0, bomb));
        // And one layer whose bytes are all the same, as before.
        let (_, yielded, reason) = read(zeros);
        assert!((255 << 20..=256 << 20).contains(&yielded));
        assert_eq!(reason.as_deref(), bomb);
    }
}
