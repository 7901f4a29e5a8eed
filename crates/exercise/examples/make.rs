//! Makes an exercise: `cargo run -p exercise --release --example make -- DIR SEED [SCENARIO] [--size BYTES]`.
//! SCENARIO is a file, or a shipped one's name; `france-2017` where none is given.

use exercise::{Scenario, generate, shipped};
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
    let named = rest.first().map_or("france-2017", String::as_str);
    let text = match shipped(named) {
        Some(text) => text.to_string(),
        None => std::fs::read_to_string(named)?,
    };
    let mut scenario = Scenario::parse(&text).inspect_err(|e| eprintln!("hint: {}", e.get_hint().unwrap_or("none")))?;
    scenario.size = size.or(scenario.size);
    let truth = generate(&scenario, seed.parse()?, Path::new(dir))?;
    for (log, lines) in &truth.lines {
        println!("{log:<20}{lines:>12} lines");
    }
    println!("{} bytes", truth.bytes);
    for hidden in truth.parts.hidden() {
        println!("{:<20}{:>12}", hidden.key, hidden.count);
    }
    Ok(())
}
