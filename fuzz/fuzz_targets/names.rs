//! Any bytes as names, one a line, and as evidence of names: no panic, and the same judgement in new room as in used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{Protect, Time};
use sensors::names::Names;
use sensors::names::kernel::{Judge, Scratch};
use sensors::testing::{Memory, config};
use std::sync::LazyLock;

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let protect = Protect {
        domains: ["en-marche.fr", "quintelebre.de", "bmi.bund.de", "n-tv.de"].map(String::from).into(),
        people: vec!["Emmanuel Macron".into(), "Jean-Luc Mélenchon".into()],
        vocabulary: vec!["Ensemble la France".into()],
        ..Protect::default()
    };
    Judge::new(&protect, &knowledge::names::Names::embedded())
});

fuzz_target!(|bytes: &[u8]| {
    let mut used = Scratch::default();
    for name in bytes.split(|&b| b == b'\n') {
        let once = JUDGE.judge(name, &mut used);
        assert_eq!(once, JUDGE.judge(name, &mut Scratch::default()));
        assert!(once.is_none_or(|j| j.score <= 100 && !j.reasons.is_empty()));
    }
    let config = config("[protect]\ndomains = [\"en-marche.fr\"]\n");
    let mut case = Memory::new();
    case.read(&Names, "fuzz", bytes, &config, Time::from_seconds(1_490_000_000));
});
