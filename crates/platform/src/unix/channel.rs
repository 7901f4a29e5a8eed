//! Between a worker and its owner: a socket that hands over open files, and the worker's output, waited for with patience.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{ChildStdout, Stdio};
use std::time::Duration;

/// The owner's end.
pub struct Orders(UnixStream);

/// Two ends; the second is the worker's standard input.
pub fn orders() -> io::Result<(Orders, Stdio)> {
    let (ours, theirs) = UnixStream::pair()?;
    Ok((Orders(ours), Stdio::from(OwnedFd::from(theirs))))
}

impl Orders {
    /// Sends a frame of four bytes or more, the open file with its first bytes.
    pub fn send(&mut self, frame: &[u8], file: &File) -> io::Result<()> {
        let files = [file.as_fd()];
        let mut space = [const { MaybeUninit::uninit() }; rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        ancillary.push(SendAncillaryMessage::ScmRights(&files));
        // Whoever is gone is told by an error, not by a signal.
        #[cfg(target_os = "linux")]
        let flags = SendFlags::NOSIGNAL;
        #[cfg(not(target_os = "linux"))]
        let flags = SendFlags::empty();
        let sent = sendmsg(&self.0, &[IoSlice::new(&frame[..4])], &mut ancillary, flags)?;
        self.0.write_all(&frame[sent..])
    }
}

/// The worker's end.
pub struct Received(UnixStream);

impl Received {
    /// Standard input; to be taken before the sandbox, which has no use for duplicating.
    pub fn of_stdin() -> io::Result<Received> {
        Ok(Received(UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?)))
    }

    /// The first four bytes of the next frame, with its open file; none when the other side is gone.
    pub fn order(&mut self) -> io::Result<Option<([u8; 4], File)>> {
        let mut begun = [0; 4];
        let mut space = [const { MaybeUninit::uninit() }; rustix::cmsg_space!(ScmRights(1))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        #[cfg(target_os = "linux")]
        let flags = RecvFlags::CMSG_CLOEXEC;
        #[cfg(not(target_os = "linux"))]
        let flags = RecvFlags::empty();
        let got = recvmsg(&self.0, &mut [IoSliceMut::new(&mut begun)], &mut ancillary, flags)?;
        if got.bytes == 0 {
            return Ok(None);
        }
        let mut files = ancillary.drain().filter_map(|m| match m {
            RecvAncillaryMessage::ScmRights(files) => Some(files),
            _ => None,
        });
        let file = files.next().and_then(|mut f| f.next()).ok_or_else(|| io::Error::other("no file came"))?;
        self.0.read_exact(&mut begun[got.bytes..])?;
        Ok(Some((begun, File::from(file))))
    }
}

impl Read for Received {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// What a worker says.
pub struct Answers(ChildStdout);

impl Answers {
    /// Of its standard output.
    pub fn new(out: ChildStdout) -> Answers {
        Answers(out)
    }

    /// Reads what is there, waiting for it so long; none where nothing came.
    pub fn read_within(&mut self, buffer: &mut [u8], most: Duration) -> io::Result<Option<usize>> {
        let wait = Timespec { tv_sec: most.as_secs() as i64, tv_nsec: most.subsec_nanos().into() };
        match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(None),
            Ok(_) => self.0.read(buffer).map(Some),
            Err(e) => Err(e.into()),
        }
    }
}
