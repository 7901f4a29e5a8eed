//! Any request, through the web classifier: no panic, and the same verdict twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sensors::web_log::classify::{Classifier, Request, Scratch};
use std::sync::LazyLock;

static CLASSIFIER: LazyLock<Classifier> =
    LazyLock::new(|| Classifier::new(&knowledge::web_attacks::WebAttacks::embedded()));

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(4, |&b| b == b'\n');
    let mut next = || parts.next().unwrap_or(b"");
    let request = Request { method: next(), target: next(), user_agent: next(), referer: next(), ..Request::default() };
    let mut scratch = Scratch::default();
    let once = CLASSIFIER.classify(&request, &mut scratch);
    assert_eq!(once, CLASSIFIER.classify(&request, &mut scratch));
});
