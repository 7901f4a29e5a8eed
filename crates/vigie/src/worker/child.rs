//! The worker's side: enter the sandbox, then read what comes until nothing comes any more.

use super::{Answer, Complaint, Order, read_frame, sandbox, write_frame};
use model::{Context, Lines, Note, Observation, Sink, Skip, Step, Tally};
use platform::Received;
use sensors::input::Input;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// A worker's whole life.
pub fn main(threads: usize, seconds: u64, probe: bool) -> ExitCode {
    let orders = Received::of_stdin();
    let held = match platform::confine(threads, seconds) {
        Ok(held) => held,
        Err(e) => {
            eprintln!("vigie worker: {e}");
            return ExitCode::from(2);
        }
    };
    if probe {
        return sandbox::probe(held);
    }
    // Threads are made inside the sandbox: it would not hold those made before.
    if rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err() {
        return ExitCode::from(2);
    }
    match orders.and_then(|o| serve(o, held.landlock)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

fn serve(mut orders: Received, landlock: bool) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 << 10, io::stdout().lock());
    write_frame(&mut out, &Answer::Entered(landlock))?;
    let mut config = model::Config::default();
    while let Some((order, file)) = receive(&mut orders)? {
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
fn receive(orders: &mut Received) -> io::Result<Option<(Order, File)>> {
    let Some((length, file)) = orders.order()? else { return Ok(None) };
    Ok(Some((read_frame(orders, length)?, file)))
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
