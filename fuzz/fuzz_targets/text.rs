//! Any lines, as texts: no panic, and the same copies whatever order the texts come in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sensors::posts::text::Copies;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut texts: Vec<&str> = text.split('\n').collect();
    let once = Copies::find(&texts);
    let last = texts.len() - 1;
    texts.reverse();
    let again = Copies::find(&texts);
    for n in 0..texts.len() {
        assert_eq!(once.cluster(n), again.cluster(last - n));
        let _ = once.relation(0, n);
    }
});
