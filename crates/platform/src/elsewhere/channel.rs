//! Between a worker and its owner where no open file can be handed over: its bytes go through the pipe into a file without a
//! name, and a thread waits for what the worker says.

use crate::system::read_at;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::process::{ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Bytes sent at once.
const PIECE: usize = 64 << 10;

/// The owner's end.
pub struct Orders(io::PipeWriter);

/// Two ends; the second is the worker's standard input.
pub fn orders() -> io::Result<(Orders, Stdio)> {
    let (theirs, ours) = io::pipe()?;
    Ok((Orders(ours), Stdio::from(theirs)))
}

impl Orders {
    /// Sends a file's bytes, then a frame of four bytes or more.
    pub fn send(&mut self, frame: &[u8], file: &File) -> io::Result<()> {
        let size = file.metadata()?.len();
        self.0.write_all(&size.to_le_bytes())?;
        let (mut at, mut piece) = (0, vec![0; PIECE]);
        while at < size {
            let most = usize::try_from(size - at).unwrap_or(PIECE).min(PIECE);
            let n = match read_at(file, &mut piece[..most], at)? {
                // It became shorter meanwhile; what was promised is sent.
                0 => {
                    piece[..most].fill(0);
                    most
                }
                n => n,
            };
            self.0.write_all(&piece[..n])?;
            at += n as u64;
        }
        self.0.write_all(frame)
    }
}

/// The worker's end.
pub struct Received(io::Stdin);

impl Received {
    /// Standard input.
    pub fn of_stdin() -> io::Result<Received> {
        Ok(Received(io::stdin()))
    }

    /// The first four bytes of the next frame, with its file; none when the other side is gone.
    pub fn order(&mut self) -> io::Result<Option<([u8; 4], File)>> {
        let mut size = [0; 8];
        match self.0.read(&mut size)? {
            0 => return Ok(None),
            n => self.0.read_exact(&mut size[n..])?,
        }
        let mut file = tempfile::tempfile()?;
        let size = u64::from_le_bytes(size);
        if io::copy(&mut (&mut self.0).take(size), &mut file)? < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.rewind()?;
        let mut begun = [0; 4];
        self.0.read_exact(&mut begun)?;
        Ok(Some((begun, file)))
    }
}

impl Read for Received {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// What a worker says.
pub struct Answers {
    pieces: Receiver<io::Result<Vec<u8>>>,
    held: Vec<u8>,
    at: usize,
}

impl Answers {
    /// Of its standard output.
    pub fn new(mut out: ChildStdout) -> Answers {
        // A few pieces ahead, no more: a worker that is faster than its owner must wait.
        let (sender, pieces) = sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = out.read(&mut piece).map(|n| {
                    piece.truncate(n);
                    piece
                });
                let last = !matches!(&read, Ok(piece) if !piece.is_empty());
                if sender.send(read).is_err() || last {
                    return;
                }
            }
        });
        Answers { pieces, held: Vec::new(), at: 0 }
    }

    /// Reads what is there, waiting for it so long; none where nothing came.
    pub fn read_within(&mut self, buffer: &mut [u8], most: Duration) -> io::Result<Option<usize>> {
        if self.at == self.held.len() {
            self.held = match self.pieces.recv_timeout(most) {
                Ok(piece) => piece?,
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(0)),
            };
            self.at = 0;
        }
        let n = buffer.len().min(self.held.len() - self.at);
        buffer[..n].copy_from_slice(&self.held[self.at..self.at + n]);
        self.at += n;
        Ok(Some(n))
    }
}
