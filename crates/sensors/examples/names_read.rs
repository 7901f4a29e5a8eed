//! Which sensor claims each file, and what the names' reader makes of it:
//! `cargo run --release -p sensors --example names_read -- DOMAIN[,DOMAIN…] PATH…`.

use model::Context;
use sensors::input::Input;
use sensors::testing::{Memory, config};

fn main() {
    let mut args = std::env::args().skip(1);
    let domains = args.next().unwrap_or_default();
    let list: Vec<String> = domains.split(',').map(|d| format!("{d:?}")).collect();
    let config = config(&format!("[protect]\ndomains = [{}]\n", list.join(",")));
    let origins = sensors::origin::Origin::default();
    let context = Context { config: &config, origins: &origins, at: model::Time::default(), modified: None };
    for path in args {
        let open = || Input::open(Box::new(std::fs::File::open(&path).expect("a file")), Default::default());
        let mut input = open().expect("readable");
        let sensor = sensors::recognise(input.head(), &context);
        println!("{} {path}", sensor.map_or("-", |s| s.name()));
        if sensor.is_none_or(|s| s.name() != "names") {
            continue;
        }
        let mut case = Memory::new();
        let start = std::time::Instant::now();
        sensors::Sensor::read(&sensors::names::Names, &mut input, &context, &mut case).expect("read");
        let took = start.elapsed();
        for detector in sensors::Sensor::detectors(&sensors::names::Names) {
            case.detect(*detector, &config, context.at);
        }
        let mut kinds = std::collections::BTreeMap::new();
        case.observations.iter().for_each(|v| *kinds.entry(v.observation.kind.clone()).or_insert(0) += 1);
        let skips: Vec<String> = case.skips.iter().map(|(_, s)| format!("{} {}", s.count, s.reason)).collect();
        let names: u64 = case.tallies.values().filter_map(|c| c.first()).sum();
        println!("  {names} names in {took:.2?}, {kinds:?}, {} findings, skips {skips:?}", case.findings.len());
        for f in case.findings.iter().take(8) {
            println!("  {} {} {}", f.severity.as_str(), f.confidence, f.title.en);
        }
    }
}
