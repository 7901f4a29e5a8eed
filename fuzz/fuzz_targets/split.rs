//! Any log cut in two at any line end gives the same attempts as the whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Time;
use sensors::SENSORS;
use sensors::testing::{Memory, config};

fuzz_target!(|bytes: &[u8]| {
    let config = config("");
    let at = Time::from_seconds(1_490_000_000);
    let Some((&cut, bytes)) = bytes.split_first() else { return };
    let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1).collect();
    let Some(&end) = ends.get(cut as usize % ends.len().max(1)) else { return };
    // Compressed evidence has no line ends of its own, and W3C columns are named at its beginning only.
    if bytes.starts_with(b"#") || bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"BZh") || bytes.starts_with(&[0xfd]) || bytes.starts_with(&[0x28]) {
        return;
    }
    let sensor = &sensors::web_log::WebLog;
    let found = |parts: &[&[u8]]| {
        let mut case = Memory::new();
        parts.iter().for_each(|p| {
            case.read(sensor, "fuzz", p, &config, at);
        });
        let mut all: Vec<String> = Vec::new();
        for detector in SENSORS[0].detectors() {
            all.extend(case.detect(*detector, &config, at).into_iter().map(|f| format!("{} {:?}", f.key, f.title)));
        }
        all
    };
    assert_eq!(found(&[bytes]), found(&[&bytes[..end], &bytes[end..]]));
});
