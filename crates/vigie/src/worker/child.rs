//! The worker's side: enter the sandbox, then read what comes until nothing comes any more.

use super::{Answer, Complaint, Order, read_frame, sandbox, write_frame};
use model::{Context, Lines, Note, Observation, Sink, Skip, Step, Tally};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use sensors::input::Input;
use std::fs::File;
use std::io::{self, BufWriter, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

/// A worker's whole life.
pub fn main(threads: usize, seconds: u64, probe: bool) -> ExitCode {
    // Duplicated before the sandbox, which has no use for duplicating.
    let orders = io::stdin().as_fd().try_clone_to_owned();
    let entered = match sandbox::enter(threads, seconds) {
        Ok(entered) => entered,
        Err(e) => {
            eprintln!("vigie worker: {e}");
            return ExitCode::from(2);
        }
    };
    if probe {
        return sandbox::probe(&entered);
    }
    // Threads are made inside the sandbox: it would not hold those made before.
    if rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err() {
        return ExitCode::from(2);
    }
    match orders.and_then(|o| serve(UnixStream::from(o), entered.landlock)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

fn serve(mut socket: UnixStream, landlock: bool) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 << 10, io::stdout().lock());
    write_frame(&mut out, &Answer::Entered(landlock))?;
    let mut config = model::Config::default();
    while let Some((order, file)) = receive(&mut socket)? {
        if let Some(told) = &order.config {
            config = toml::from_str(told).map_err(io::Error::other)?;
        }
        let mut sink = Sending { out: &mut out, failed: None };
        let last = read(&order, &config, file, &mut sink);
        if let Some(e) = sink.failed {
            return Err(e);
        }
        write_frame(&mut out, &last)?;
        out.flush()?;
    }
    Ok(())
}

/// The next order with its open file; none when the other side is gone.
fn receive(socket: &mut UnixStream) -> io::Result<Option<(Order, File)>> {
    let mut length = [0; 4];
    let mut space = [const { MaybeUninit::uninit() }; rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let got = recvmsg(&*socket, &mut [IoSliceMut::new(&mut length)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    if got.bytes == 0 {
        return Ok(None);
    }
    let mut files = ancillary.drain().filter_map(|m| match m {
        RecvAncillaryMessage::ScmRights(files) => Some(files),
        _ => None,
    });
    let file = files.next().and_then(|mut f| f.next()).ok_or_else(|| io::Error::other("no file came"))?;
    socket.read_exact(&mut length[got.bytes..])?;
    Ok(Some((read_frame(socket, length)?, File::from(file))))
}

fn read(order: &Order, config: &model::Config, file: File, sink: &mut Sending) -> Answer {
    let input = match Input::of_file(file, order.size, order.budget.clone()) {
        Ok(input) => input,
        Err(e) => return Answer::Lost(e.into()),
    };
    let origins = sensors::origin::Origin::default();
    let context = Context { config, origins: &origins, at: order.at, modified: order.modified };
    match sensors::read(input, &context, sink) {
        Ok(()) => Answer::Done(model::EvidenceId([0; 32]), 0),
        Err(e) => Answer::Wrong(Complaint { what: e.to_string(), hint: e.get_hint().map(str::to_string) }),
    }
}

/// Sends what a sensor says.
struct Sending<'o, W: Write = BufWriter<io::StdoutLock<'static>>> {
    out: &'o mut W,
    failed: Option<io::Error>,
}

impl<W: Write> Sending<'_, W> {
    fn send(&mut self, answer: &Answer) {
        if self.failed.is_none() {
            self.failed = write_frame(self.out, answer).err();
        }
    }
}

impl<W: Write> Sink for Sending<'_, W> {
    fn observation(&mut self, observation: Observation) {
        self.send(&Answer::Observation(observation));
    }
    fn tally(&mut self, tally: Tally) {
        self.send(&Answer::Tally(tally));
    }
    fn skip(&mut self, skip: Skip) {
        self.send(&Answer::Skip(skip));
    }
    fn note(&mut self, note: Note) {
        self.send(&Answer::Note(note));
    }
    fn lines(&mut self, lines: Lines) {
        self.send(&Answer::Lines(lines));
    }
    fn inside(&mut self, steps: &[Step], sensor: Option<&str>) {
        self.send(&Answer::Inside(sensor.map(str::to_string), steps.to_vec()));
    }
    fn progress(&mut self, consumed: u64) {
        self.send(&Answer::Progress(consumed));
    }
}
