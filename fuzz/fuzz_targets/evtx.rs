//! Windows event logs: whatever the bytes, the reader ends, and what it gives lies within them.
#![no_main]
use formats::evtx::{Found, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // A block of its own, where the fuzzer finds no way through headers.
    let block = [b"ElfChnk\0".as_slice(), &[0; 32], &128u32.to_le_bytes(), &[0; 468], data].concat();
    for bytes in [data, &block] {
        read(&mut &bytes[..], &mut |found| {
            if let Found::Record(record) = found {
                assert!(record.start + record.len <= bytes.len() as u64);
            }
        })
        .expect("memory never fails to read");
    }
});
