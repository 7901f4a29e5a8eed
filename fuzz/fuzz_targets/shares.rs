//! Any bytes as a file of posts, by everything they can be joined by, into network and groups: no panic, no error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Budget;
use sensors::input::Input;
use sensors::posts::groups::groups;
use sensors::posts::network::{Clock, Index, Network, Options};
use sensors::posts::shares::{self, BY, Shares};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let by = BY[usize::from(first) % BY.len()].0;
    let header: &[u8] = match first & 0x80 {
        0 => b"object_id,account_id,content_id,timestamp,text,urls,repost_id,reply_id,image_hash\n",
        _ => b"",
    };
    let evidence = [header, rest].concat();
    let options = shares::Options { by, texts: true, ..shares::Options::default() };
    let mut shares = Shares::new(true);
    let input = Input::open(Box::new(Cursor::new(evidence)), Budget::default());
    shares::read(&mut input.expect("memory never fails"), "fuzz", &options, &mut shares).expect("damage is no error");
    let options = Options { window: 60_000_000, min_weight: 1, loops: false };
    let index = Index::new(&shares, Clock::of(options.window), None);
    Network::new(&index, options).edges();
    groups(&shares, &options);
});
