//! Reads mail file by file and says what each cost and came to: time, peak memory above what was held before, messages,
//! parts, damage. The last lines are the summary.
//!
//!     cargo run --release -p sensors --example mail_read -- PATH... [--quiet]
//!
//! Peak memory is the kernel's (`VmHWM`), reset before each file; it is 0 where there is no `/proc`.

use model::{Budget, Config, Context, Note, Observation, Sink, Skip, Tally, Time};
use sensors::input::Input;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Default)]
struct Seen {
    messages: u64,
    parts: u64,
    empty: u64,
    rows: u64,
    tallies: u64,
    skips: Vec<Skip>,
}

impl Sink for Seen {
    fn observation(&mut self, o: Observation) {
        self.rows += 1;
        if o.kind == sensors::mail::MESSAGE {
            self.messages += 1;
            self.parts += o.fields.get("parts").and_then(|p| p.as_array()).map_or(0, |p| p.len() as u64);
            let useful = ["from", "subject", "to", "date", "received", "attachments"];
            self.empty += u64::from(!useful.iter().any(|f| o.fields.contains_key(*f)));
        }
    }
    fn tally(&mut self, _: Tally) {
        self.tallies += 1;
    }
    fn skip(&mut self, skip: Skip) {
        self.skips.push(skip);
    }
    fn note(&mut self, _: Note) {}
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn files(path: &Path, all: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => {
            let mut entries: Vec<_> = entries.flatten().map(|e| e.path()).collect();
            entries.sort();
            entries.iter().for_each(|p| files(p, all));
        }
        Err(_) => all.push(path.to_path_buf()),
    }
}

fn main() {
    let mut paths = Vec::new();
    let mut quiet = false;
    for arg in std::env::args_os().skip(1) {
        match arg.to_str() {
            Some("--quiet") => quiet = true,
            _ => files(Path::new(&arg), &mut paths),
        }
    }
    let config = Config::default();
    let origins = sensors::origin::Origin::default();
    let context = Context { config: &config, origins: &origins, at: Time(0), modified: None };
    let (mut total, mut slowest, mut largest) = (Seen::default(), (0.0, String::new()), (0, String::new()));
    let (mut seconds, mut bytes, mut others) = (0.0, 0, 0u64);
    for path in &paths {
        let Ok(file) = std::fs::File::open(path) else { continue };
        let size = file.metadata().map_or(0, |m| m.len());
        let name = path.display().to_string();
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = peak();
        let begun = Instant::now();
        let mut seen = Seen::default();
        let mut input = Input::open(Box::new(file), Budget::default()).expect("the file can be read");
        let sensor = sensors::recognise(input.head(), &context);
        let Some(sensor) = sensor.filter(|s| s.name() == "mail") else {
            others += 1;
            println!("not mail but {}: {name}", sensor.map_or("nothing", |s| s.name()));
            continue;
        };
        sensor.read(&mut input, &context, &mut seen).expect("evidence never makes a reader fail");
        let (took, more) = (begun.elapsed().as_secs_f64(), peak().saturating_sub(before));
        if !quiet || seen.empty > 0 {
            let damage: Vec<_> = seen.skips.iter().map(|s| format!("{} × {}", s.count, s.reason)).collect();
            println!(
                "{:8.2} ms {more:7} KiB {:3} messages {:4} parts {} without content  {name}  {}",
                took * 1e3,
                seen.messages,
                seen.parts,
                seen.empty,
                damage.join("; ")
            );
        }
        if took > slowest.0 {
            slowest = (took, name.clone());
        }
        if more > largest.0 {
            largest = (more, name);
        }
        (seconds, bytes) = (seconds + took, bytes + size);
        total.messages += seen.messages;
        total.parts += seen.parts;
        total.empty += seen.empty;
        total.rows += seen.rows;
        total.skips.extend(seen.skips);
    }
    println!(
        "{} files, {others} not mail, {} messages ({} without content), {} parts, {} rows, {:.1} MB in {seconds:.3} s: {:.0} messages/s",
        paths.len(),
        total.messages,
        total.empty,
        total.parts,
        total.rows,
        bytes as f64 / 1e6,
        total.messages as f64 / seconds
    );
    println!("slowest {:.1} ms {}; largest {} KiB {}", slowest.0 * 1e3, slowest.1, largest.0, largest.1);
    total.skips.sort();
    for group in total.skips.chunk_by(|a, b| a.reason == b.reason) {
        println!("{:6} in {:5} files: {}", group.iter().map(|s| s.count).sum::<u64>(), group.len(), group[0].reason);
    }
}
