//! Peels compression by content: gzip, bzip2, xz, zstd, nested within the budget's depth; and UTF-16 by its mark.

use model::{Budget, Skip, Step};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How much of the last step a sensor sees before it must say whether the file is its own.
pub const HEAD: usize = 64 << 10;

/// Below this much output no ratio is held against a stream: small files may well be all one byte.
const RATIO_FREE: u64 = 256 << 20;

/// One piece of evidence in its last step.
pub struct Input {
    reader: Box<dyn Read + Send>,
    head: Vec<u8>,
    steps: Vec<Step>,
    consumed: Arc<AtomicU64>,
    produced: u64,
    budget: Budget,
    damage: Option<Skip>,
    /// The file that is read, and its size, where nothing compresses it.
    file: Option<(Arc<File>, u64)>,
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
        let consumed = Arc::new(AtomicU64::new(0));
        let mut reader: Box<dyn Read + Send> = Box::new(Counted { inner: stored, count: consumed.clone() });
        let mut steps = Vec::new();
        let mut damage = None;
        let head = loop {
            let mut head = Vec::with_capacity(HEAD);
            if let Err(e) = reader.by_ref().take(HEAD as u64).read_to_end(&mut head) {
                if steps.is_empty() {
                    return Err(e);
                }
                damage = Some(damaged(&e, head.len() as u64));
                reader = Box::new(io::empty());
            }
            let Some(step) = step(&head) else { break head };
            if steps.len() as u32 >= budget.depth {
                damage = Some(Skip { reason: "compressed too many times over".into(), count: 1, first: 0, line: 0 });
                (reader, head) = (Box::new(io::empty()), Vec::new());
                break head;
            }
            let whole = BufReader::with_capacity(HEAD, Cursor::new(head).chain(reader));
            reader = match step {
                Step::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(whole)),
                Step::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(whole)),
                Step::Xz => Box::new(lzma_rust2::XzReader::new(whole, true)),
                Step::Utf16 => Box::new(Utf16::new(whole)?),
                _ => Box::new(Zstd(State::Between(whole))),
            };
            steps.push(step);
        };
        Ok(Input { reader, produced: 0, head, steps, consumed, budget, damage, file: None })
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

    /// Bytes of evidence, as stored, taken so far.
    pub fn consumed(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
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
                Err(e) => self.damage = Some(damaged(&e, self.produced + filled as u64)),
            }
        }
        self.produced += filled as u64;
        if !self.steps.is_empty() && self.damage.is_none() {
            let (out, taken) = (self.produced, self.consumed().max(1));
            let reason = if out > self.budget.bytes {
                "decompresses to more bytes than allowed"
            } else if out > RATIO_FREE && out / taken > self.budget.ratio {
                "decompresses to too many times its size"
            } else {
                return Ok(filled);
            };
            self.damage = Some(Skip { reason: reason.into(), count: 1, first: out, line: 0 });
        }
        Ok(filled)
    }
}

fn damaged(error: &io::Error, at: u64) -> Skip {
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

/// Counts what is taken from the evidence.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
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

/// Zstandard, frame after frame, skippable frames passed over (RFC 8878 3.1). The library refuses a window over its
/// limit before it allocates: the frame's header says how much memory we should take, and the adversary wrote it.
struct Zstd<R: Read>(State<R>);

type Frame<R> = ruzstd::decoding::StreamingDecoder<Pushback<R>, ruzstd::decoding::FrameDecoder>;

enum State<R: Read> {
    Between(R),
    Within(Box<Frame<R>>),
    Ended,
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.0, State::Ended) {
                State::Ended => return Ok(0),
                State::Within(mut frame) => match frame.read(buffer)? {
                    0 if !buffer.is_empty() => self.0 = State::Between(frame.into_inner().inner),
                    n => {
                        self.0 = State::Within(frame);
                        return Ok(n);
                    }
                },
                State::Between(mut source) => {
                    let mut magic = Vec::with_capacity(4);
                    source.by_ref().take(4).read_to_end(&mut magic)?;
                    let Ok(magic) = <[u8; 4]>::try_from(magic.as_slice()) else {
                        return match magic.is_empty() {
                            true => Ok(0),
                            false => Err(io::ErrorKind::UnexpectedEof.into()),
                        };
                    };
                    if magic[0] & 0xf0 == 0x50 && magic[1..] == [0x2a, 0x4d, 0x18] {
                        let mut length = [0; 4];
                        source.read_exact(&mut length)?;
                        let length = u64::from(u32::from_le_bytes(length));
                        io::copy(&mut source.by_ref().take(length), &mut io::sink())?;
                        self.0 = State::Between(source);
                        continue;
                    }
                    let frame =
                        ruzstd::decoding::StreamingDecoder::new(Pushback { back: magic, read: 0, inner: source })
                            .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.to_string()))?;
                    self.0 = State::Within(Box::new(frame));
                }
            }
        }
    }
}

/// Four bytes looked at, then the rest.
struct Pushback<R> {
    back: [u8; 4],
    read: usize,
    inner: R,
}

impl<R: Read> Read for Pushback<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.back.len() {
            return self.inner.read(buffer);
        }
        let n = (&self.back[self.read..]).read(buffer)?;
        self.read += n;
        Ok(n)
    }
}
