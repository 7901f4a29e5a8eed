//! Any bytes through the walk: no panic, no error, no more files and levels than the budget has, and every undamaged file
//! that is met is found again by its steps, with the same bytes.
#![no_main]

use formats::Input;
use formats::walk::{Found, Opened, Walk, open};
use libfuzzer_sys::fuzz_target;
use model::Budget;
use std::io::Cursor;

/// Bytes of one file that are compared.
const MOST: usize = 1 << 16;

fn read(mut input: Input) -> (Vec<u8>, bool) {
    let (mut bytes, _) = input.whole(MOST as u64).expect("memory never fails");
    bytes.truncate(MOST);
    (bytes, input.damage().is_none())
}

fuzz_target!(|bytes: &[u8]| {
    let budget = Budget { bytes: 16 << 20, items: 200, ..Budget::default() };
    let whole = || Input::open(Box::new(Cursor::new(bytes.to_vec())), budget.clone()).expect("memory never fails");
    let mut walk = Walk::default();
    let mut next = Some(Found::File(Box::new(whole()), None));
    let mut files = Vec::new();
    while let Some(found) = next {
        if let Found::File(input, _) = found {
            let steps = input.steps().to_vec();
            assert!(steps.len() <= budget.depth as usize);
            if let Some(input) = walk.enter(*input).expect("memory never fails") {
                files.push((steps, read(input)));
            }
        }
        next = walk.next();
    }
    assert!(files.len() as u64 <= budget.items.max(1));
    for (steps, (bytes, undamaged)) in files.into_iter().take(8) {
        if undamaged {
            let Ok(Opened::There(input)) = open(whole(), &steps) else { panic!("{steps:?} lead nowhere") };
            assert!(read(*input).0 == bytes);
        }
    }
});
