//! Any message with any records, up to the first NUL: no panic, bounded time, and the same verdicts twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sensors::mail::authentication::{Archive, Envelope, Trust, judge};

fuzz_target!(|bytes: &[u8]| {
    let (records, message) = bytes.iter().position(|b| *b == 0).map_or((&b""[..], bytes), |n| (&bytes[..n], &bytes[n + 1..]));
    let (archive, _) = Archive::parse(records);
    let trust = Trust { servers: vec!["mx.example.org".into()], networks: Vec::new() };
    let envelope = Envelope {
        ip: model::Address::parse(b"192.0.2.1"),
        helo: Some("mx.example.net".into()),
        mail_from: Some("a@example.net".into()),
        received: None,
    };
    for envelope in [envelope, Envelope::default()] {
        let once = judge(message, &envelope, &archive, &trust);
        assert_eq!(once, judge(message, &envelope, &archive, &trust));
    }
});
