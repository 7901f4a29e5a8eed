//! The sandbox as this program speaks of it; what it is, per system, is `platform`'s.

use platform::{Held, Short};
use std::process::ExitCode;

/// Why a worker that said nothing more may have died; a worker's own bound is the evidence's matter.
pub fn why_it_died() -> super::Loss {
    let refused = |what: &str| super::Loss::refused(format!("the worker that read it died: {what}"));
    match platform::short_of() {
        Some(Short::Memory) => refused("`ulimit -v` leaves it too little memory"),
        Some(Short::Files) => refused("`ulimit -n` leaves it too few open files"),
        Some(Short::Processes) => refused("`ulimit -u` leaves it too few processes"),
        None => super::Loss::by_evidence("the worker that read it died"),
    }
}

/// Tries to get out and prints what could be done; success is that nothing could.
pub fn probe(held: Held) -> ExitCode {
    let could = platform::tries();
    println!("could: {}", could.join(", "));
    let threads = std::thread::Builder::new().spawn(|| ()).is_ok_and(|t| t.join().is_ok());
    println!("threads: {threads}");
    println!("unprivileged: {}", held.unprivileged);
    println!("landlock: {}", held.landlock);
    ExitCode::from(u8::from(!could.is_empty() || !threads))
}
