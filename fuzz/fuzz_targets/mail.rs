//! Any bytes as a message, an mbox, an Outlook item or store, or a report, through the whole of the mail reader: no panic, no
//! error, and no message that costs more than its bounds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Time;
use sensors::mail::{Mail, header, parse, report};
use sensors::testing::{Memory, config};

fuzz_target!(|bytes: &[u8]| {
    let config = config("[protect]\ndomains = [\"kiosque.example\"]\n");
    let mut case = Memory::new();
    case.read(&Mail, "fuzz", bytes, &config, Time::from_seconds(1_490_000_000));
    // What the head of the bytes would keep from being reached.
    let message = parse::parse(bytes, true);
    assert!(message.parts.len() <= parse::PARTS);
    message.parts.iter().for_each(|p| assert!(p.place.end <= bytes.len()));
    header::decode(bytes);
    header::parameters(bytes);
    formats::rtf::body(bytes);
    formats::rtf::decompress(bytes);
    report::read(bytes);
});
