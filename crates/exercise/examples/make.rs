//! Makes an exercise: `cargo run -p exercise --release --example make -- DIR SEED [SCENARIO] [--size BYTES]`.
//! SCENARIO is a file, or `france-2017` (the default), `throughput` or `flood90`.

use exercise::{FLOOD90, FRANCE_2017, Scenario, THROUGHPUT, generate};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut size = None;
    if let Some(at) = words.iter().position(|w| w == "--size") {
        words.remove(at);
        size = Some(words.remove(at).parse()?);
    }
    let [dir, seed, rest @ ..] = &words[..] else {
        return Err("usage: make DIR SEED [SCENARIO] [--size BYTES]".into());
    };
    let text = match rest.first().map(String::as_str) {
        None | Some("france-2017") => FRANCE_2017.to_string(),
        Some("throughput") => THROUGHPUT.to_string(),
        Some("flood90") => FLOOD90.to_string(),
        Some(file) => std::fs::read_to_string(file)?,
    };
    let mut scenario = Scenario::parse(&text).inspect_err(|e| eprintln!("hint: {}", e.get_hint().unwrap_or("none")))?;
    scenario.size = size.or(scenario.size);
    let truth = generate(&scenario, seed.parse()?, Path::new(dir))?;
    for (log, lines) in &truth.lines {
        println!("{log:<20}{lines:>12} lines");
    }
    println!("{} bytes, {} attempts, {} outages", truth.bytes, truth.attempts.len(), truth.outages.len());
    Ok(())
}
