//! Compressed streams that follow one another, as gzip members, bzip2 and xz streams and Zstandard frames do. Each one
//! begun is counted, for a million empty ones are a day's work in a few bytes.

use crate::meter::Meter;
use std::io::{self, BufRead, Read};

/// Bytes of memory that a decoder may take for its dictionary: `xz -9` needs 65 MiB, and the evidence asks for it.
const DICTIONARY: u32 = 256 << 20;

/// One stream.
pub trait Stream<R>: Read + Sized {
    /// Passes over what may stand between streams; whether another one follows.
    fn begin(reader: &mut R) -> io::Result<bool>;
    /// The decoder of the next one.
    fn decoder(reader: R) -> io::Result<Self>;
    /// What lies behind this one.
    fn behind(self) -> R;
}

/// Streams until the bytes end.
pub struct Streams<R, S> {
    state: State<R, S>,
    meter: Meter,
}

enum State<R, S> {
    Between(R),
    Within(Box<S>),
    Ended,
}

impl<R: Read, S: Stream<R>> Streams<R, S> {
    /// From the beginning of the first.
    pub fn new(reader: R, meter: &Meter) -> Streams<R, S> {
        Streams { state: State::Between(reader), meter: meter.clone() }
    }
}

impl<R: Read, S: Stream<R>> Read for Streams<R, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(0),
                State::Within(mut stream) => match stream.read(buffer)? {
                    0 => self.state = State::Between(stream.behind()),
                    n => {
                        self.state = State::Within(stream);
                        return Ok(n);
                    }
                },
                State::Between(mut reader) => {
                    if !S::begin(&mut reader)? {
                        return Ok(0);
                    }
                    self.meter.begin()?;
                    self.state = State::Within(Box::new(S::decoder(reader)?));
                }
            }
        }
    }
}

fn more<R: BufRead>(reader: &mut R) -> io::Result<bool> {
    Ok(!reader.fill_buf()?.is_empty())
}

impl<R: BufRead> Stream<R> for flate2::bufread::GzDecoder<R> {
    fn begin(reader: &mut R) -> io::Result<bool> {
        more(reader)
    }
    fn decoder(reader: R) -> io::Result<Self> {
        Ok(flate2::bufread::GzDecoder::new(reader))
    }
    fn behind(self) -> R {
        self.into_inner()
    }
}

impl<R: BufRead> Stream<R> for bzip2::bufread::BzDecoder<R> {
    fn begin(reader: &mut R) -> io::Result<bool> {
        more(reader)
    }
    fn decoder(reader: R) -> io::Result<Self> {
        Ok(bzip2::bufread::BzDecoder::new(reader))
    }
    fn behind(self) -> R {
        self.into_inner()
    }
}

impl<R: BufRead> Stream<R> for lzma_rust2::XzReader<R> {
    /// Zeros may stand between streams (xz 1.2, 2.2).
    fn begin(reader: &mut R) -> io::Result<bool> {
        loop {
            let held = reader.fill_buf()?;
            let zeros = held.iter().take_while(|b| **b == 0).count();
            let (all, none) = (zeros == held.len(), held.is_empty());
            reader.consume(zeros);
            if none || !all {
                return Ok(!none);
            }
        }
    }
    fn decoder(reader: R) -> io::Result<Self> {
        Ok(lzma_rust2::XzReader::new_mem_limit(reader, false, DICTIONARY >> 10))
    }
    fn behind(self) -> R {
        self.into_inner()
    }
}

/// Four bytes looked at, then the rest.
pub struct Pushback<R> {
    back: [u8; 4],
    /// How many of them are to be read still.
    left: usize,
    inner: R,
}

impl<R: Read> Pushback<R> {
    /// From here on.
    pub fn new(inner: R) -> Pushback<R> {
        Pushback { back: [0; 4], left: 0, inner }
    }

    /// The next bytes, up to four, which are read again.
    fn peek(&mut self) -> io::Result<&[u8]> {
        let mut next = Vec::with_capacity(4);
        self.by_ref().take(4).read_to_end(&mut next)?;
        self.left = next.len();
        self.back[4 - next.len()..].copy_from_slice(&next);
        Ok(&self.back[4 - self.left..])
    }
}

impl<R: Read> Read for Pushback<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return self.inner.read(buffer);
        }
        let n = (&self.back[4 - self.left..]).read(buffer)?;
        self.left -= n;
        Ok(n)
    }
}

/// A frame of Zstandard. The library refuses a window over its limit before it allocates.
pub struct Frame<R: Read>(ruzstd::decoding::StreamingDecoder<Pushback<R>, ruzstd::decoding::FrameDecoder>);

impl<R: Read> Read for Frame<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read> Stream<Pushback<R>> for Frame<R> {
    /// Skippable frames are passed over (RFC 8878 3.1.2).
    fn begin(reader: &mut Pushback<R>) -> io::Result<bool> {
        loop {
            match reader.peek()? {
                [] => return Ok(false),
                [0x50..=0x5f, 0x2a, 0x4d, 0x18] => {}
                [_, _, _, _] => return Ok(true),
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            let mut head = [0; 8];
            reader.read_exact(&mut head)?;
            let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
            io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        }
    }
    fn decoder(reader: Pushback<R>) -> io::Result<Self> {
        let decoder = ruzstd::decoding::StreamingDecoder::new(reader);
        Ok(Frame(decoder.map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.to_string()))?))
    }
    fn behind(self) -> Pushback<R> {
        self.0.into_inner()
    }
}
