//! The target that `FUZZED` names, of those of the crate `fuzzed`: one program for all, built once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static TRIAL: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("FUZZED").unwrap_or_default();
    fuzzed::target(&name).unwrap_or_else(|| panic!("FUZZED={name} is no target: crates/fuzzed/src/lib.rs lists them"))
});

fuzz_target!(|bytes: &[u8]| TRIAL(bytes));
